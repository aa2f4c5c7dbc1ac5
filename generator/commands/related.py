"""What is related to a story and why, and which stories stand alone: for the editor to read."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from posixpath import splitext
from typing import NamedTuple

import msgspec

from generator.config import CONTENT
from generator.content.texts import locate
from generator.errors import UsageError, raise_errors, shortened
from generator.model import Article
from generator.related import Relations, Suggestion
from generator.related.explain import Reader, Reasons
from generator.state.damaged import begins_again
from generator.urls import is_text
from generator.workspace import Workspace, open_site

RUNNERS_UP = 5


class RelatedStory(msgspec.Struct, frozen=True):
    """A story as it is related to another. `score` from 0 to 1.

    `passed_over` says why it is not suggested, "" if it is.
    """

    title: str
    path: str
    url: str
    score: float
    pinned: bool
    passed_over: str
    why: Reasons


class Ranking(msgspec.Struct, frozen=True):
    """A story with its suggestions, the best first, and those that came next."""

    title: str
    path: str
    suggestions: list[RelatedStory]
    runners_up: list[RelatedStory]


class Orphan(msgspec.Struct, frozen=True):
    """A story that stands alone."""

    title: str
    path: str


class Orphans(msgspec.Struct, frozen=True):
    """`unsuggested`: no story suggests them. `alone`: they have no suggestion themselves."""

    stories: int
    unsuggested: list[Orphan]
    alone: list[Orphan]


@begins_again
def ranking(
    root: Path,
    name: str,
    at: datetime | None = None,
    drafts: bool = False,
    waiting: Callable[[], None] = lambda: None,
    safe: bool = False,
) -> Ranking:
    """Return what is related to the story called `name`: its file, its slug or its address.

    `waiting` is called when a build of the site is under way. With `safe` a site that has code run
    is refused.
    """
    with _relations(root, at, drafts, waiting, safe) as (workspace, languages):
        here, position = _position(languages, name, root)
        related = here.relations
        article = related.site.articles[position]
        reader = Reader(related, workspace.blobs.prose, here.language)
        chosen = related.of(position)
        others = related.runners_up(position)[:RUNNERS_UP]
        return Ranking(
            title=article.matter.title,
            path=here.file_of(article),
            suggestions=[_related_story(reader, here, position, s) for s in chosen],
            runners_up=[
                _related_story(
                    reader, here, position, s, _passed_over(related, position, s, chosen)
                )
                for s in others
            ],
        )


@begins_again
def orphans(
    root: Path,
    at: datetime | None = None,
    drafts: bool = False,
    waiting: Callable[[], None] = lambda: None,
    safe: bool = False,
) -> Orphans:
    """Return the stories that stand alone, newest first."""
    unsuggested, alone, stories = list[Orphan](), list[Orphan](), 0
    with _relations(root, at, drafts, waiting, safe) as (_, languages):
        for here in languages:
            articles, related = here.relations.site.articles, here.relations
            suggestions = [related.of(position) for position in range(len(articles))]
            suggested = Counter(s.position for some in suggestions for s in some)
            every = [Orphan(a.matter.title, here.file_of(a)) for a in articles]
            unsuggested += [story for place, story in enumerate(every) if not suggested[place]]
            alone += [story for place, story in enumerate(every) if not suggestions[place]]
            stories += len(articles)
    return Orphans(stories, unsuggested, alone)


class _Language(NamedTuple):
    """What is related in a language, and the files of its texts, by the paths that they go by."""

    relations: Relations
    language: str
    names: Mapping[str, str]

    def file_of(self, article: Article) -> str:
        """Return the file of a story."""
        return f"{CONTENT}/{self.names.get(article.path, article.path)}"


@contextmanager
def _relations(
    root: Path, at: datetime | None, drafts: bool, waiting: Callable[[], None], safe: bool
) -> Iterator[tuple[Workspace, list[_Language]]]:
    with open_site(root, safe=safe, waiting=waiting) as workspace:
        read = workspace.read(workspace.scan())
        assembled = workspace.assemble(read, workspace.moment(at), drafts)
        raise_errors(locate(root, assembled.problems))
        relate = workspace.relate
        languages = [_Language(relate(assembled.site), workspace.settings.language, {})]
        for one in assembled.editions:
            language = one.settings.language
            languages.append(_Language(relate(one.site, edition=language), language, one.names))
        yield workspace, languages


def _position(languages: Sequence[_Language], name: str, root: Path) -> tuple[_Language, int]:
    """Return the position of the story that a person calls `name`, and its language."""
    file = Path(name)
    if file.is_absolute() and file.is_relative_to(root.resolve()):
        name = file.relative_to(root.resolve()).as_posix()
    path = name.removeprefix("./").removeprefix(f"{CONTENT}/")
    slug = splitext(name)[0] if is_text(name) else name
    every = [
        (here, place, article)
        for here in languages
        for place, article in enumerate(here.relations.site.articles)
    ]
    for is_it in (
        lambda _, file: f"{CONTENT}/{path}" in (file, splitext(file)[0]),
        lambda article, _: article.url.strip("/") == name.strip("/"),
        lambda article, _: article.slug == slug,
    ):
        found = [(here, place) for here, place, a in every if is_it(a, here.file_of(a))]
        if len(found) > 1:
            files = ", ".join(h.file_of(h.relations.site.articles[place]) for h, place in found)
            raise UsageError(f'several stories are called "{name}": {files}')
        if found:
            return found[0]
    if languages[0].relations.site.addresses.get(path) == "":
        raise UsageError(f"{CONTENT}/{path} is not public now; add --drafts, or --at a later date")
    near = _called_alike(slug.strip("/").rpartition("/")[2], [article for *_, article in every])
    hint = f"did you mean {' or '.join(near)}?" if near else "name its file, slug or address"
    raise UsageError(f'there is no story "{shortened(name)}"; {hint}')


def _called_alike(name: str, articles: Sequence[Article]) -> list[str]:
    """Return the slugs of the stories that a name may be meant for: a slug much like it, else those
    in whose slug or headline it stands.
    """
    near = get_close_matches(name, [article.slug for article in articles], 3)
    if near or not name:
        return near
    word = name.casefold()
    within = (a.slug for a in articles if word in a.slug or word in a.matter.title.casefold())
    return [*islice(within, 3)]


def _passed_over(
    related: Relations, position: int, story: Suggestion, chosen: tuple[Suggestion, ...]
) -> str:
    """Say why a story that was ranked is not among those chosen."""
    articles, wishes = related.site.articles, related.wishes(position)
    place = story.position
    if place in wishes.exclude:
        return "excluded"
    if place in wishes.linked:
        return "the text links to it"
    for other in (position, *(s.position for s in chosen)):
        if place in related.near_duplicates(other):
            return f'nearly the same text as "{articles[other].matter.title}"'
    if story.score < related.limits.least:
        return "its score is too low"
    if len(chosen) < related.limits.wanted:
        return "enough of its source"
    return "others score more"


def _related_story(
    reader: Reader, here: _Language, position: int, story: Suggestion, passed_over: str = ""
) -> RelatedStory:
    article = here.relations.site.articles[story.position]
    score, why = reader.why(position, story.position)
    return RelatedStory(
        title=article.matter.title,
        path=here.file_of(article),
        url=article.url,
        score=round(story.score or score, 4),
        pinned=story.pinned,
        passed_over=passed_over,
        why=why,
    )
