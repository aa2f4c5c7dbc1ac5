"""Bounds of what one text may ask of an engine, and of a processor. No newsroom's text meets them.

An engine's work may grow with the square of what is written without an empty line, or with the
cube. What is known to is counted before it is done; for all else there are seconds.
"""

import re
from collections.abc import Sequence

from generator.codes import Code
from generator.errors import InternalError, Problem

MOST_BYTES = 8_000_000
"""Of one text: a novel has an eighth of that."""
MOST_LOOKED_AT = 20_000_000
"""Characters of blocks that are looked at over and over, beside twenty looks at each of them."""
_AFRESH = 20
_DEEP = 50
"""Levels of lists and quotations: more of them are why blocks are looked at so often."""
_MOST_REPLACED = 400_000_000
"""Characters of a paragraph, once for each mark in it."""
_MOST_SEARCHED = 20_000_000
"""Characters that follow tags which do not end, once for each."""
MOST_PARTS = 150_000
"""Tags of the HTML of a text: two megabytes of short paragraphs have fewer."""
MOST_ADDRESSES = 10_000
"""Relative addresses of a text: each is looked up, and may be told."""
_SHORT = 8_000
"""Characters of a text in which nothing takes long."""
_SECONDS, _CHARACTERS_A_SECOND = 2.0, 250_000


class UnwieldyError(InternalError):
    """A text that an engine would work on for minutes, from the words `at` on."""

    def __init__(self, at: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.at, self.what, self.remedy = at, what, remedy

    def problem(self, body: str, body_line: int) -> Problem:
        """Return the problem of a body, which begins in a line of a file that is not named."""
        place = body.find(self.at.strip().partition("\n")[0][:60])
        line = body_line + body.count("\n", 0, max(0, place))
        return Problem("", line, self.what, self.remedy, code=Code.TOO_LARGE)


def patience(size: int) -> float:
    """Return the seconds of the processor that reading a text of so many bytes may take.

    That is ten times and more of what any takes that is written by people.
    """
    return _SECONDS + size / _CHARACTERS_A_SECOND


def oversize(file: str, size: int) -> Problem:
    """Return the problem of a text of too many bytes."""
    what = f"this text is too long: {size:,} bytes, of {MOST_BYTES:,} at most"
    return Problem(file, 1, what, "part it", code=Code.TOO_LARGE)


def overtime(file: str, body: str = "", body_line: int = 0) -> Problem:
    """Return the problem of a text that takes too long, at the longest line of its body."""
    what = "this text takes too long to read: something in it repeats, nests or never ends"
    rows = body.split("\n")
    longest = max(range(len(rows)), key=lambda row: len(rows[row]))
    remedy = "part it, and close what is opened in it"
    return Problem(file, body_line + longest, what, remedy, code=Code.TOO_LARGE)


def refuse_unended_tags(source: str) -> None:
    """Raise `UnwieldyError` for tags that have no end near: each is searched for its own."""
    if len(source) < _SHORT:
        return
    searched, end = 0, 0
    for tag in _TAG.finditer(source):
        start = tag.start()
        if end <= start:
            end = source.find(">", start) + 1 or len(source)
        searched += end - start
        if searched > _MOST_SEARCHED:
            what = "there are too many tags without an end here"
            raise UnwieldyError(source[start:end], what, "end them with `>`, or write `&lt;`")


_TAG = re.compile("<[a-zA-Z/!?]")


def refuse_crowded(text: str, marks: re.Pattern[str]) -> None:
    """Raise `UnwieldyError` for a paragraph that is long and full of marks."""
    if len(text) > _SHORT and len(text) * len(marks.findall(text)) > _MOST_REPLACED:
        what = f"this paragraph is too long: {len(text):,} characters, full of marks"
        raise UnwieldyError(text, what, "part it by empty lines")


def refuse_many_blocks(body: str) -> None:
    """Raise `UnwieldyError` for a body of more blocks or cells than its HTML may have."""
    _refuse_parts(body.count("|"))
    if body.count("\n\n") > MOST_PARTS // 2:
        _refuse_parts(len(_BLOCK_ENDS.findall(body)) * 2)


def refuse_many_parts(markup: str) -> None:
    """Raise `UnwieldyError` for the HTML of a text that has too many tags."""
    _refuse_parts(markup.count("<"))


def _refuse_parts(number: int) -> None:
    if number > MOST_PARTS:
        what = "this text has too many parts: paragraphs, items, cells, links or marks"
        raise UnwieldyError("", what, "make several texts of it")


def refuse_many_addresses(targets: Sequence[str]) -> None:
    """Raise `UnwieldyError` for more relative addresses than a text may have."""
    if len(targets) > MOST_ADDRESSES:
        what = f"this text has too many links and pictures: {len(targets):,} of this site"
        remedy = f"make several texts of it, with {MOST_ADDRESSES:,} at most in each"
        raise UnwieldyError(targets[MOST_ADDRESSES], what, remedy)


_BLOCK_ENDS = re.compile(r"\S\n\n")


class Looks:
    """Counts the characters of the blocks of a text as they are looked at."""

    def __init__(self) -> None:
        self._left = MOST_LOOKED_AT

    def start(self, text: str) -> None:
        """Begin with a text."""
        self._left = MOST_LOOKED_AT + _AFRESH * len(text)

    def take(self, block: str, depth: int) -> None:
        """Look at a block so deep in others; raise `UnwieldyError` if that was done too often."""
        self._left -= len(block)
        if self._left < 0 and depth > _DEEP:
            remedy = "take out levels of quotations, lists or marks"
            raise UnwieldyError(block, "this is nested too deep", remedy)
        if self._left < 0:
            what = f"this block is too long: {len(block):,} characters are left of it"
            raise UnwieldyError(block, what, "part it by empty lines")
