"""The handlers of all formats: what python-frontmatter asks of one, and what an editor needs."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import msgspec
from frontmatter.default_handlers import BaseHandler

from generator.errors import InternalError, visible
from generator.fields import Path
from generator.spelling import DEEPEST, Format, deepest_line

MOST_VALUES = 100_000
_MOST_BITS = 10_000
_PIECE = 1_000
"""Characters that count as one value more: a long text, too, can be named a thousand times."""


Parts = Callable[[Any], Iterable[Any] | None]
MEND = "mend the line or the one above it"


class Fenced(BaseHandler):
    """A handler of front matter that stands between two lines of the same kind."""

    def split(self, text: str) -> tuple[str, str]:
        try:
            matter, body = super().split(text)
        except ValueError as error:
            raise EndlessError from error
        return matter, body

    def starts(self, text: str) -> int:
        found = self.FM_BOUNDARY.match(text) if self.FM_BOUNDARY else None
        return found.end() if found else 0


class Loss(msgspec.Struct, frozen=True):
    """Words that were typed for a field, at `line` of the front matter, and are no part of it."""

    path: Path
    line: int
    what: str


class Handler(Protocol):
    """A handler of python-frontmatter for one document, which knows its lines as well.

    `split` raises `EndlessError`, both it and `load` raise `BrokenError`. The other methods tell
    of the front matter that was loaded last.
    """

    form: Format
    fence: str

    def detect(self, text: str) -> bool: ...

    def split(self, text: str) -> tuple[str, str]: ...

    def load(self, fm: str, **kwargs: object) -> Any: ...

    def starts(self, text: str) -> int:
        """Return where in the text its front matter starts."""
        ...

    def line_of(self, path: Path) -> int:
        """Return the line of a field, counted from 1 where the front matter starts."""
        ...

    def losses(self) -> tuple[Loss, ...]:
        """Return what was typed for a field that the format takes for something else."""
        ...


class EndlessError(InternalError):
    """Front matter of which nobody knows where it ends."""


class BrokenError(InternalError):
    """Front matter that is not as its format has it, from `line` of it on."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.line, self.what, self.remedy = line, visible(what), remedy


def is_kept(value: Any) -> bool:
    """Return whether a value is no number too large for JSON, or for being written in digits."""
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or value.bit_length() <= _MOST_BITS


def too_deep(matter: str) -> BrokenError:
    """Return the error of front matter that its parser would not follow: it nests too deep."""
    what = f"the fields nest deeper than {DEEPEST} levels"
    return BrokenError(deepest_line(matter), what, "make them flatter")


class UnfitError(InternalError):
    """A field that holds more than a text's front matter may."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.name, self.what, self.remedy = "", what, remedy

    def at(self, line: int) -> BrokenError:
        """Return the error of the field, which stands in a line."""
        return BrokenError(
            line, f"{self.name}: {self.what}" if self.name else self.what, self.remedy
        )


def fields_in(value: Any) -> Iterable[tuple[str, Any]]:
    """Return the fields of a table; anything else is one without a name."""
    return value.items() if isinstance(value, Mapping) else [("", value)]


def check_size(fields: Iterable[tuple[str, Any]], parts: Parts, most: int = MOST_VALUES) -> None:
    """Raise `UnfitError` if the fields unfold to too much, which is found without unfolding them.

    That is more than `most` values. `parts` are the values in a table or list; of anything else it
    is None.
    """
    known: dict[int, tuple[int, int]] = {}
    total = 0
    for name, value in fields:
        try:
            total += _measured(value, parts, most, known, ())[0]
            _refuse_large(total, most)
        except UnfitError as error:
            error.name = name
            raise


def _measured(
    value: Any,
    parts: Parts,
    most: int,
    known: dict[int, tuple[int, int]],
    around: tuple[int, ...],
) -> tuple[int, int]:
    """Return how many values a value unfolds to, and how deep it nests."""
    if id(value) in known:
        return known[id(value)]
    if id(value) in around:
        raise UnfitError("it holds itself", "take it out")
    inner = parts(value)
    if inner is None:
        return 1 + _length(value) // _PIECE, 0
    size, height = 1, 1
    _refuse_deep(len(around) + height)
    for part in inner:
        held, levels = _measured(part, parts, most, known, (*around, id(value)))
        size, height = size + held, max(height, levels + 1)
        _refuse_large(size, most)
        _refuse_deep(len(around) + height)
    known[id(value)] = size, height
    return size, height


def _length(value: Any) -> int:
    text = getattr(value, "value", value)
    return len(text) if isinstance(text, str) else 0


def _refuse_large(size: int, most: int) -> None:
    if size > most:
        raise UnfitError(f"it unfolds to more than {most:,} values", "make it smaller")


def _refuse_deep(depth: int) -> None:
    if depth > DEEPEST:
        raise UnfitError(f"it nests deeper than {DEEPEST} levels", "make it flatter")
