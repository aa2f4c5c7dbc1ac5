"""What layouts may ask of a site beyond their views: lists of stories, and whole texts.

In come the arguments of a call, out goes what was answered, or nothing until that is. A question is
a value: whoever asks for the same asks the same, however it is written. `pages.queries` answers.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import jinja2
import msgspec

from generator.codes import Code
from generator.errors import InternalError
from generator.mismatch import kind_of
from generator.moments import duration, no_duration
from generator.templates.exchange import exchange
from generator.templates.views import Body, Card, Value

MOST = 10
"""Stories of a list for which no number is asked."""
_MANY = 100_000
"""Stories of a list at most, whatever is asked."""


class StoriesAsked(Value, frozen=True, tag=True):
    """A question for the newest stories, at most so many, of which all that is said is true.

    `terms` are names of terms by the argument that gives them, of which a story has one each. Not
    older than `since`, a duration; `without` those at these addresses.
    """

    terms: dict[str, tuple[str, ...]]
    since: str = ""
    featured: bool = False
    without: tuple[str, ...] = ()
    most: int = MOST


class TextAsked(Value, frozen=True, tag=True):
    """A question for the whole text of the story at an address."""

    url: str


Question = StoriesAsked | TextAsked


class StoriesFound(Value, frozen=True, tag=True):
    """The answer with stories, newest first."""

    stories: tuple[Card, ...] = ()


class TextFound(Value, frozen=True, tag=True):
    """The answer with a text."""

    body: Body


class Refused(Value, frozen=True, tag=True):
    """The answer that a question cannot be meant as it is asked: what is wrong, and what to do."""

    what: str
    remedy: str


Answer = StoriesFound | TextFound | Refused


class QueryError(InternalError):
    """A layout asks for what cannot be: what is wrong, and what to do."""

    file, line = "", 0
    """Where a text asks for it, by a block."""

    def __init__(self, what: str, remedy: str, code: Code = Code.LAYOUT) -> None:
        super().__init__(what)
        self.what, self.remedy, self.code = what, remedy, code


class ArgumentError(QueryError):
    """An argument of `stories` cannot have its value. `{argument}` stands for its name in what is
    said, for who typed the value may know it by another one.
    """

    def __init__(self, argument: str, value: object, what: str, remedy: str) -> None:
        self.argument, self.value, self._said = argument, value, (what, remedy)
        super().__init__(*self._named(argument))

    def name(self, argument: str) -> None:
        """Call the argument by another name."""
        self.what, self.remedy = self._named(argument)

    def _named(self, argument: str) -> tuple[str, str]:
        what, remedy = (said.replace("{argument}", argument) for said in self._said)
        return what, remedy


class Listed(tuple[Card, ...]):
    """The `stories` of a page that is a list itself. Called, they are the function of that name."""

    def __call__(self, *values: object, **asked: Any) -> tuple[Card, ...]:
        return stories(*values, **asked)


def stories(
    *values: object,
    featured: object = False,
    most: object = MOST,
    since: object = "",
    without: object = (),
    **terms: object,
) -> tuple[Card, ...]:
    """Return the newest stories of which all that is asked for is true.

    Nothing until the answer is known. Raises `QueryError` if the question makes no sense.
    """
    if values:
        what = f"`stories` is given {kind_of(values[0])} without a name"
        raise QueryError(what, 'write what it is: `stories(section="World")`')
    if not isinstance(featured, bool):
        raise QueryError("`featured` is neither true nor false", "write `featured=true`")
    if not isinstance(most, int) or isinstance(most, bool) or not 1 <= most <= _MANY:
        remedy = f"write one such as `{{argument}}={MOST}`"
        raise ArgumentError("most", most, "`{argument}` is no number of stories", remedy)
    named = {name: _names(name, value) for name, value in sorted(terms.items())}
    asked = StoriesAsked(named, _since(since), featured, _addresses(without), most)
    answer = _answer(asked)
    return answer.stories if isinstance(answer, StoriesFound) else ()


def text_of(url: str) -> Body | None:
    """Return the whole text of the story at an address; None until the answer is known."""
    answer = _answer(TextAsked(url))
    return answer.body if isinstance(answer, TextFound) else None


def _answer(asked: Question) -> Answer | None:
    encoded = exchange().answer(msgspec.json.encode(asked))
    answer = None if encoded is None else _decoded(encoded)
    if isinstance(answer, Refused):
        raise QueryError(answer.what, answer.remedy, Code.UNKNOWN_NAME)
    return answer


@lru_cache(maxsize=256)
def _decoded(answer: bytes) -> Answer:
    return _ANSWER.decode(answer)


_ANSWER: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)


def _names(argument: str, value: object) -> tuple[str, ...]:
    """Return the names that an argument gives, in one order: a name, or several.

    A value that has a name or a title, such as a Link, stands for that.
    """
    if value is None or isinstance(value, jinja2.ChainableUndefined):
        what = f"`stories` is given nothing as `{argument}`"
        raise QueryError(what, "put an `if` around it, or leave it out")
    if isinstance(value, str | int):
        return (str(value),)
    if isinstance(value, Iterable):
        return tuple(sorted({name for one in value for name in _names(argument, one)}))
    name = getattr(value, "name", None) or getattr(value, "title", None)
    if not isinstance(name, str):
        what = f"`stories` is given something without a name as `{argument}`"
        raise QueryError(what, f'write `{argument}="…"`')
    return (name,)


def _since(value: object) -> str:
    """Return the duration that an argument gives, "" for none."""
    if value == "":
        return ""
    try:
        duration(value) if isinstance(value, str) else duration("")
    except ValueError:
        what, remedy = no_duration(str(value))
        raise ArgumentError("since", value, f"{{argument}}: {what}", remedy) from None
    return str(value)


def _addresses(value: Any) -> tuple[str, ...]:
    """Return the addresses of what an argument gives: one that has an address, or several."""
    if not value:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Iterable):
        return tuple(sorted({url for one in value for url in _addresses(one)}))
    if not hasattr(value, "url"):
        raise QueryError(f"`without` is given {kind_of(value)}", "write `without=story`, or a list")
    return (value.url,)
