"""What layouts ask of a site, answered: lists of stories, and whole texts.

In come questions as bytes, out go answers as bytes. What an answer is made from is looked up in the
watched site, so that it is among the facts of the page that asks. Words of a story settle no list.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from itertools import islice, takewhile
from urllib.parse import unquote

import msgspec

from generator.config.taxonomies import ASKED_BESIDE_TERMS, Taxonomy
from generator.errors import visible
from generator.mismatch import nearest
from generator.model import Article, Site, term_key
from generator.moments import duration
from generator.pages.compose import Composer
from generator.site.schedule import first_older
from generator.site.stories import columns_of
from generator.site.taxonomies import fold_of
from generator.site.watch import Family, Later, Watch, by_paths
from generator.state.code_version import fingerprint
from generator.templates.questions import (
    Answer,
    Question,
    Refused,
    StoriesAsked,
    StoriesFound,
    TextAsked,
    TextFound,
)


class Queries:
    """Answers the questions of one site: `site` is watched, and `plain` the same one.

    What it hangs on itself is watched as families. Those are there from the first question on; a
    later build has to compare them before its own, see `expect`.
    """

    def __init__(
        self,
        site: Site,
        plain: Site,
        taxonomies: Mapping[str, Taxonomy],
        compose: Composer,
        watch: Watch,
    ) -> None:
        self._site, self._plain, self._taxonomies = site, plain, taxonomies
        self._compose, self._watch = compose, watch
        self._windows = _Windows(plain)
        featured = Later(lambda: {"": sorted(columns_of(plain.articles).featured)})
        self._terms: Family[str] = watch.family("named", Later(partial(_named, plain)))
        self._older: Family[datetime | None] = watch.family("older than", self._windows)
        self._featured: Family[Sequence[int]] = watch.family(
            "featured", featured, partial(by_paths, plain, featured)
        )

    def answer(self, question: bytes) -> bytes:
        """Return the answer to a question."""
        return self._watch.once(("answer", question), partial(self._answer, question))

    def expect(self, spans: Iterable[str]) -> None:
        """Have the facts of these durations compared, which an earlier build has looked up."""
        for span in spans:
            self._windows[span]

    @property
    def spans(self) -> tuple[str, ...]:
        """Return the durations that were asked for, or expected."""
        return tuple(self._windows)

    def _answer(self, question: bytes) -> bytes:
        asked = _QUESTION.decode(question)
        answer = self._text(asked) if isinstance(asked, TextAsked) else self._stories(asked)
        return msgspec.json.encode(answer)

    # ---------------------------------------------------------------------------- texts

    def _text(self, asked: TextAsked) -> Answer:
        path = asked.url.removeprefix(self._compose.home.base)
        position = self._places.get(f"/{unquote(path)}")
        if position is None:
            return Refused(f'there is no story at "{visible(asked.url)}"', "give it a Card")
        article = self._site.articles[position]
        return TextFound(self._compose.text_of(article))

    @cached_property
    def _places(self) -> dict[str, int]:
        """Return the positions of all stories by address, decoded. That is a fact of a story."""
        urls = columns_of(self._plain.articles).urls
        return {unquote(url): place for place, url in enumerate(urls)}

    # -------------------------------------------------------------------------- stories

    def _stories(self, asked: StoriesAsked) -> Answer:
        groups: list[Sequence[int]] = []
        for argument, names in asked.terms.items():
            found = self._having(argument, names)
            if isinstance(found, Refused):
                return found
            groups.append(found)
        if asked.featured:
            groups.append(self._featured[""])
        places = _in_all(groups) if groups else range(len(self._site.articles))
        shown = self._narrowed(places, asked)
        return StoriesFound(self._compose.cards(islice(shown, asked.most)))

    def _having(self, argument: str, names: Iterable[str]) -> Sequence[int] | Refused:
        """Return the positions of the stories that have one of these terms."""
        taxonomy = _TAXONOMIES.get(argument, argument)
        if taxonomy not in self._taxonomies:
            return self._unknown_argument(argument)
        found: list[Sequence[int]] = []
        for name in names:
            key = self._terms.get(_called(taxonomy, name))
            if key is None:
                return self._unknown_term(argument, taxonomy, name)
            found.append(self._of_term(taxonomy, key) if key else ())
        return found[0] if len(found) == 1 else sorted({place for some in found for place in some})

    def _of_term(self, taxonomy: str, key: str) -> Sequence[int]:
        if taxonomy == "authors":
            return self._site.by_author[key.partition("/")[2]]
        return self._site.by_term[key]

    def _narrowed(self, places: Iterable[int], asked: StoriesAsked) -> Iterator[int]:
        """Yield the positions of those that are not too old, nor left out."""
        stories: Iterable[tuple[int, Article]]
        stories = ((place, self._site.articles[place]) for place in places)
        if asked.since and (older := self._older[asked.since]):
            stories = takewhile(partial(_is_newer, older), stories)
        if asked.without:
            stories = (s for s in stories if self._compose.href(s[1].url) not in asked.without)
        return (place for place, _ in stories)

    def _unknown_argument(self, argument: str) -> Refused:
        known = [name for name in self._taxonomies if name not in _TAXONOMIES.values()]
        known = [*_TAXONOMIES, *known, *ASKED_BESIDE_TERMS]
        close = nearest(argument, known)
        remedy = f"did you mean `{close}`?" if close else f"known here: {', '.join(sorted(known))}"
        return Refused(f"`stories` cannot be asked for `{argument}`", remedy)

    def _unknown_term(self, argument: str, taxonomy: str, name: str) -> Refused:
        if taxonomy == "authors":
            names = [author.matter.name for author in self._site.authors.values()]
        else:
            names = [t.name for t in self._site.terms.values() if t.taxonomy == taxonomy]
        close = nearest(name, names, form=str.casefold)
        remedy = f'did you mean "{visible(close)}"?' if close else "name it in a story, or mend it"
        return Refused(f'`stories`: no story has the {argument} "{visible(name)}"', remedy)


def asked_for(questions: Iterable[bytes]) -> set[str]:
    """Return the durations that these questions name."""
    asked = map(_QUESTION.decode, questions)
    return {one.since for one in asked if isinstance(one, StoriesAsked) and one.since}


def packed(questions: Sequence[bytes]) -> bytes:
    """Return these questions as one value, which is empty if there are none."""
    return msgspec.msgpack.encode(questions) if questions else b""


def unpacked(questions: bytes) -> tuple[bytes, ...]:
    """Return the questions that were packed."""
    return _PACKED.decode(questions) if questions else ()


def with_answers(mark: str, answers: Mapping[bytes, bytes]) -> str:
    """Return the fingerprint of a page of which that of the rest, and its `answers`, are known."""
    if not answers:
        return mark
    pieces = (piece for question in sorted(answers) for piece in (question, answers[question]))
    return fingerprint(mark, *pieces)


_PACKED = msgspec.msgpack.Decoder(tuple[bytes, ...])
_QUESTION: msgspec.json.Decoder[Question] = msgspec.json.Decoder(Question)
_TAXONOMIES = {"author": "authors", "tag": "tags"}
"""What layouts call one of several that a story may have."""


class _Windows(Mapping[str, datetime | None]):
    """By duration, the date of the newest story of a site that is older than that, if one is.

    Between two builds this changes just when a story has come of that age.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._found: dict[str, datetime | None] = {}

    def __getitem__(self, span: str) -> datetime | None:
        if span not in self._found:
            stories = self._site.articles
            place = first_older(stories, self._site.at, duration(span))
            self._found[span] = _date(stories[place]) if place < len(stories) else None
        return self._found[span]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def _named(site: Site) -> dict[str, str]:
    """Return the keys of the terms by what they are called; "" if no story has it that is shown.

    What stands in front matter goes before the slug, and the name of a term before both.
    """
    known = [(term.taxonomy, term.slug, term.name) for term in site.terms.values()]
    known += [("authors", slug, author.matter.name) for slug, author in site.authors.items()]
    shown = {(taxonomy, slug): term_key(taxonomy, slug) for taxonomy, slug, _ in known}
    found = {_called(taxonomy, slug): key for (taxonomy, slug), key in shown.items()}
    for taxonomy, names in site.called.items():
        found |= {_called(taxonomy, n): shown.get((taxonomy, s), "") for n, s in names.items()}
    return found | {
        _called(taxonomy, name): shown[taxonomy, slug] for taxonomy, slug, name in known
    }


def _called(taxonomy: str, name: str) -> str:
    """Return what is the same for all that one term of a taxonomy may be called."""
    return f"{taxonomy}/{fold_of(taxonomy)(name)}"


def _in_all(groups: Sequence[Sequence[int]]) -> Sequence[int]:
    """Return the positions that are in each group, ascending."""
    if len(groups) == 1:
        return groups[0]
    return sorted(set(groups[0]).intersection(*groups[1:]))


def _is_newer(than: datetime, story: tuple[int, Article]) -> bool:
    return _date(story[1]) > than


def _date(article: Article) -> datetime:
    """Return when a story was published, in UTC: within one zone Python goes by its clocks."""
    return article.matter.date.astimezone(UTC)
