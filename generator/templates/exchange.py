"""What a page asks while it is rendered, and the answers that came with it.

A page is rendered in a process that has its view and no more of the site. What else its layout asks
for it notes here as questions; those without an answer are handed back, and the page is rendered
once more when they have one. Both are bytes: `questions` says what is in them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from markupsafe import Markup

Answers = Mapping[bytes, bytes]
"""Answers by their questions, both encoded."""
NO_ANSWERS: Answers = {}


class Exchange:
    """The questions of one page so far, and the answers that are known.

    `opening` returns the first paragraph of the story at an address. `given` is what the layout of
    the page has beside its view, which those of blocks have too; `in_block` says that one of these
    is being rendered.
    """

    def __init__(
        self, answers: Answers, opening: Callable[[str], Markup], given: Mapping[str, Any]
    ) -> None:
        self.opening = opening
        self.in_block = False
        self._given = given
        self._answers = answers
        self._asked: dict[bytes, None] = {}
        self._linked: dict[str, None] = {}

    def answer(self, question: bytes) -> bytes | None:
        """Return the answer to a question; None if that is not known yet."""
        self._asked[question] = None
        try:
            return self._answers[question]
        except KeyError:
            return None

    @contextmanager
    def showing_block(self) -> Iterator[Mapping[str, Any]]:
        """Let the layout of a block be rendered, with what is given."""
        self.in_block = True
        try:
            yield self._given
        finally:
            self.in_block = False

    def link(self, links: Iterable[str]) -> str:
        """Return the links to stylesheets that stand before a text: it may be read, or printed."""
        self._linked |= dict.fromkeys(links)
        return "".join(links)

    def with_links_once(self, page: bytes) -> bytes:
        """Return the page with no more than the first of all links to one stylesheet."""
        for link in map(str.encode, self._linked):
            before, found, behind = page.partition(link)
            page = before + found + behind.replace(link, b"")
        return page

    @property
    def asked(self) -> tuple[bytes, ...]:
        """Return the questions, in one order whatever the layout's is."""
        return tuple(sorted(self._asked)) if self._asked else ()

    @property
    def unanswered(self) -> tuple[bytes, ...]:
        """Return the questions without an answer."""
        return tuple(question for question in self._asked if question not in self._answers)


def exchange() -> Exchange:
    """Return the exchange of the page that is being rendered."""
    return _current.get()


def is_in_block() -> bool:
    """Return whether the layout of a block is being rendered."""
    page = _current.get(None)
    return page is not None and page.in_block


@contextmanager
def exchanging(
    answers: Answers, opening: Callable[[str], Markup], given: Mapping[str, Any]
) -> Iterator[Exchange]:
    """Let a page ask in the block, whose layout is `given` these values beside its view."""
    token = _current.set(Exchange(answers, opening, given))
    try:
        yield _current.get()
    finally:
        _current.reset(token)


_current: ContextVar[Exchange] = ContextVar("exchange")
