"""What a page asks while it is rendered, and the answers that came with it.

A page is rendered in a process that has its view and no more of the site. What else its layout asks
for it notes here as questions; those without an answer are handed back, and the page is rendered
once more when they have one. Both are bytes: `questions` says what is in them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from markupsafe import Markup

Answers = Mapping[bytes, bytes]
"""Answers by their questions, both encoded."""
NO_ANSWERS: Answers = {}


class Exchange:
    """The questions of one page so far, and the answers that are known.

    `opening` returns the first paragraph of the story at an address.
    """

    def __init__(self, answers: Answers, opening: Callable[[str], Markup]) -> None:
        self.opening = opening
        self._answers = answers
        self._asked: dict[bytes, None] = {}
        self._linked: set[str] = set()

    def answer(self, question: bytes) -> bytes | None:
        """Return the answer to a question; None if that is not known yet."""
        self._asked[question] = None
        try:
            return self._answers[question]
        except KeyError:
            return None

    def to_link(self, sheets: Iterable[str]) -> list[str]:
        """Return those of some stylesheets that the page does not link to yet: now it does."""
        new = [sheet for sheet in sheets if sheet not in self._linked]
        self._linked.update(new)
        return new

    def begin_again(self) -> None:
        """Forget what the page links to: it is rendered from its beginning."""
        self._linked.clear()

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


@contextmanager
def exchanging(answers: Answers, opening: Callable[[str], Markup]) -> Iterator[Exchange]:
    """Let a page ask in the block."""
    token = _current.set(Exchange(answers, opening))
    try:
        yield _current.get()
    finally:
        _current.reset(token)


_current: ContextVar[Exchange] = ContextVar("exchange")
