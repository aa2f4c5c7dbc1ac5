"""What the pages of a build ask while they are rendered, and what each is made from in the end.

In come pages, with what each asked in the last build; out go answers that it is likely to need. In
another process one is rendered twice that asks what neither it nor others of its layout have asked.
"""

from array import array
from collections.abc import Iterable, Mapping
from functools import partial
from typing import NamedTuple

from generator.pages.context import PageContext
from generator.pages.dependencies import MadeFrom
from generator.pages.output import Output, RenderSetup, Work
from generator.pages.queries import packed, unpacked, with_answers
from generator.state.code_version import fingerprint
from generator.templates.exchange import Answers

MOST_ROUNDS = 4
"""So often a page asks for more from elsewhere; of each answer another question may follow."""
_LIKELY = 32
"""Questions that others of a layout asked last, of which the answers are sent with a page."""


class Asker(NamedTuple):
    """A page that is being made, as it is known before its layout asks anything.

    `mark` is the fingerprint of what it is made from but for answers, `facts` the numbers of what
    its view looked up; `asked_last` are the questions of the last time. `edition` is its language,
    "" for the main one. Pages come in the order of their `number`.
    """

    number: int
    layout: str
    mark: str
    facts: set[int]
    asked_last: tuple[bytes, ...] = ()
    edition: str = ""


class Asking:
    """The questions of a build's pages. `last` are those of the build before, packed, by path."""

    def __init__(self, context: PageContext, setup: RenderSetup, last: Mapping[str, bytes]) -> None:
        self._context, self._setup, self._last = context, setup, last
        self._likely: dict[tuple[str, str], dict[bytes, bytes]] = {}

    def begin(self, page: Output, number: int = 0) -> tuple[Work, Asker]:
        """Return the work for a page, and the page as it may ask."""
        work = partial(page.work, self._context, self._setup)
        (done, mark), facts = self._context.of(page.edition).watch.noted(work)
        asked = unpacked(self._last[page.path]) if page.path in self._last else ()
        return done, Asker(number, page.layout, mark, facts, asked, page.edition)

    def made(self, asker: Asker, asked: tuple[bytes, ...]) -> tuple[str, MadeFrom]:
        """Return the fingerprint of a page that asks these questions, and what it is made from."""
        if not asked:
            return asker.mark, MadeFrom(array("I", asker.facts).tobytes())
        watch = self._context.of(asker.edition).watch
        answers, facts = watch.noted(partial(self.answers, asked, asker.edition))
        made = MadeFrom(array("I", asker.facts | facts).tobytes(), packed(asked))
        blocks = self._setup.of(asker.edition).digests_of_blocks(answers.values())
        mark = fingerprint(asker.mark, *blocks) if blocks else asker.mark
        return with_answers(mark, answers), made

    def likely(self, asker: Asker) -> Answers:
        """Return the answers that a page is likely to need; in this process, all of them."""
        known = self._likely.get((asker.edition, asker.layout), {})
        found = {**known, **self.answers(asker.asked_last, asker.edition)}
        return _Found(found, self._context.of(asker.edition))

    def answers(self, questions: Iterable[bytes], edition: str = "") -> dict[bytes, bytes]:
        """Return the answers to these questions of a page in a language; "" is the main one."""
        context = self._context.of(edition)
        return {question: context.queries.answer(question) for question in questions}

    def note(self, asker: Asker, answers: Answers) -> None:
        """Remember what a page was answered: others of its layout will ask for the same."""
        likely = self._likely.setdefault((asker.edition, asker.layout), {})
        for question, answer in answers.items():
            likely.pop(question, None)
            likely[question] = answer
        while len(likely) > _LIKELY:
            del likely[next(iter(likely))]


class _Found(dict[bytes, bytes]):
    """Answers. What is not among them is found when it is asked for, but in no other process."""

    def __init__(self, known: Mapping[bytes, bytes], context: PageContext) -> None:
        super().__init__(known)
        self._context = context

    def __missing__(self, question: bytes) -> bytes:
        answer = self[question] = self._context.queries.answer(question)
        return answer

    def __reduce__(self) -> tuple[type[dict[bytes, bytes]], tuple[dict[bytes, bytes]]]:
        return dict, (dict(self),)
