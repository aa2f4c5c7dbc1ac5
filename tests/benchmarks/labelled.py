"""Collections whose stories are labelled with subjects: built as sites, and their suggestions
judged by the labels."""

import json
import math
import resource
import shutil
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from statistics import mean
from typing import NamedTuple, TypeVar

import msgspec
from archives import Invented
from lxml import html
from msgspec.structs import replace

from generator.config import Related, Settings
from generator.content.words import plain
from generator.model import Prose, Site
from generator.related import Relations, relate
from generator.terms import Terms
from generator.workspace import Workspace, open_site

T = TypeVar("T")

PLACES = 5
"""The places for suggestions that are judged."""
_MEMBERS = 6
"""Stories of smaller subjects are not judged: there is too little to suggest."""
_SITE = 'title = "A Collection"\nurl = "https://collection.example/"\n'

Labels = Mapping[str, Sequence[str]]
"""Subjects by slug."""
Suggested = Mapping[str, Sequence[str]]
"""Slugs of suggestions, best first, by slug."""
Half = Callable[[str], bool]
"""Whether a slug is in the half that is scored."""


class Built(NamedTuple):
    """A site, and the seconds of processor time that a cold build of it took."""

    root: Path
    seconds: float


@cache
def built(source: Path | None, folder: Path) -> Built:
    """A collection as a site of default settings; without one an invented archive of 10,000."""
    root = folder / f"site-{zlib.crc32(str(source).encode())}"
    articles = root / "content" / "articles"
    if source:
        shutil.copytree(source / "content", articles)
    else:
        Invented(10_000).write(articles)
    (root / "site.toml").write_text(_SITE, encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "generator", "build", "--clean", "--root", str(root)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        sys.exit(result.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Built(root, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


class Opened(NamedTuple):
    """A built site that is open for work."""

    workspace: Workspace
    site: Site

    @property
    def settings(self) -> Settings:
        return self.workspace.settings

    def fetch(self, keys: Sequence[str]) -> Iterator[Terms]:
        return map(
            msgspec.msgpack.Decoder(Terms).decode, self.workspace.blobs.values("terms", keys)
        )

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Of each story what `terms_of` takes."""
        for article in self.site.articles:
            prose = msgspec.msgpack.decode(self.workspace.blobs.prose(article.body.key), type=Prose)
            yield article.matter.title, plain(prose.opening + prose.rest), self.settings.language


@contextmanager
def opened(root: Path) -> Iterator[Opened]:
    with open_site(root) as workspace:
        read = workspace.read(workspace.scan())
        assembled = workspace.assemble(read, workspace.moment(None))
        yield Opened(workspace, assembled.site)


def labels_of(source: Path) -> Labels:
    """The subjects of a collection's stories."""
    found: Labels = json.loads((source / "labels.json").read_text(encoding="utf-8"))
    return found


# --------------------------------------------------------------------- read back from the HTML


class Page(NamedTuple):
    """A story's page as a reader has it: its text, and the slugs of its suggestions."""

    text: str
    suggested: list[str]


def pages(public: Path, labels: Labels) -> dict[str, Page]:
    """The pages of the labelled stories, by slug."""
    files = (file for file in public.rglob("index.html") if file.parent.name in labels)
    return {file.parent.name: _page(file) for file in files}


def _page(file: Path) -> Page:
    tree = html.document_fromstring(file.read_bytes().decode())
    text = " ".join(part.text_content() for part in tree.cssselect(".prose"))
    links = [str(link.get("href")) for link in tree.cssselect("aside.related li a")]
    return Page(text, [link.strip("/").rpartition("/")[2] for link in links])


def copies(found: Mapping[str, Page], slugs: Sequence[str]) -> float:
    """Of the suggestions of these stories, how many say what the story says: the share."""
    alike = [
        jaccard(_shingles(found[slug].text), _shingles(found[other].text)) > 0.9
        for slug in slugs
        for other in found[slug].suggested[:PLACES]
    ]
    return mean(alike) if alike else 0.0


def _shingles(text: str) -> set[tuple[str, ...]]:
    """All runs of five words; of a shorter text, the text."""
    words = text.lower().split()
    return {tuple(words[n : n + 5]) for n in range(max(1, len(words) - 4))}


# ------------------------------------------------------------------------------ the judgment


class Score(NamedTuple):
    """The means of the judged stories, and how far the most suggested story is above the mean."""

    precision: float
    ndcg: float
    hub: float


def judged(labels: Labels, half: Half) -> list[str]:
    """The stories that can be judged: one of their subjects has members enough."""
    members = Counter(subject for own in labels.values() for subject in set(own))
    large = {subject for subject, many in members.items() if many >= _MEMBERS}
    return [slug for slug, own in labels.items() if half(slug) and not large.isdisjoint(own)]


def score(labels: Labels, suggested: Suggested, half: Half) -> Score:
    """The score of a half. A place left empty, or given to a story without labels, is a miss."""
    discounts = [1 / math.log2(place + 2) for place in range(PLACES)]
    hits, gained = [], []
    for slug in judged(labels, half):
        known = [other for other in suggested.get(slug, ())[:PLACES] if other in labels]
        gains = [jaccard(set(labels[slug]), set(labels[other])) for other in known]
        hits.append(sum(gain > 0 for gain in gains) / PLACES)
        worth = sum(gain * rate for gain, rate in zip(gains, discounts, strict=False))
        gained.append(worth / sum(discounts))
    named = Counter(o for slug in labels if half(slug) for o in suggested.get(slug, ())[:PLACES])
    usual = named.total() / len(labels)
    return Score(mean(hits), mean(gained), max(named.values(), default=0) / (usual or 1))


def jaccard(one: set[T], other: set[T]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


# ----------------------------------------------------------------------- settings at other values


_VARIED = "headline", "names", "tags", "recency", "company", "half_life", "least"


def varied(
    there: Opened, factors: Iterable[float], labels: Labels, half: Half
) -> Iterator[tuple[str, Score]]:
    """The scores of the defaults, and of each setting in turn at multiples of its default."""
    keys = [article.body.terms for article in there.site.articles]
    terms = dict(zip(keys, there.fetch(keys), strict=True))
    related = there.settings.related
    cases = [("defaults", related)]
    cases += [_changed(related, name, factor) for name in _VARIED for factor in factors]
    index = None
    for name, settings in cases:
        changed = replace(there.settings, related=settings)
        relations = relate(there.site, changed, lambda keys: (terms[key] for key in keys), index)
        index = index or relations.index
        yield name, score(labels, _suggested(relations, half), half)


def _changed(related: Related, name: str, factor: float) -> tuple[str, Related]:
    """One setting multiplied; whole numbers, which are days, are never less than 1."""
    weights = related.weights
    default = getattr(weights if hasattr(weights, name) else related, name)
    value = max(1, round(factor * default)) if isinstance(default, int) else factor * default
    if hasattr(weights, name):
        return f"{name} {value:g}", replace(related, weights=replace(weights, **{name: value}))
    return f"{name} {value:g}", replace(related, **{name: value})


def _suggested(relations: Relations, half: Half) -> dict[str, list[str]]:
    slugs = [article.slug for article in relations.site.articles]
    return {
        slug: [slugs[suggestion.position] for suggestion in relations.of(place)]
        for place, slug in enumerate(slugs)
        if half(slug)
    }
