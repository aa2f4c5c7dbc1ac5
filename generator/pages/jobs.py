"""The jobs of a build, in the order in which they are done.

In come outputs to be made, each with who asks for it; out they come done, by whatever process.
Pages are first, then what takes long, as far as there is time.
"""

import math
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from generator.errors import Problem, attempt, fault
from generator.output.writer import Staged
from generator.pages.asking import MOST_ROUNDS, Asker, Asking
from generator.pages.output import Deriving, Drawing, Work
from generator.templates.environment import ProseStore, Unanswered
from generator.templates.exchange import NO_ANSWERS, Answers


class Job(msgspec.Struct, frozen=True):
    """One output to be made, by this work. `owned`: may be replaced.

    `file` is the one it is made from, as messages name it. The `answers` are to what its layout is
    likely to ask.
    """

    path: str
    owned: bool
    work: Work
    file: str
    answers: Answers = NO_ANSWERS


class Failed(msgspec.Struct, frozen=True):
    """The work for an output that cannot be made: to tell why."""

    problem: Problem

    def done(
        self,
        config: bytes,  # noqa: ARG002
        store: ProseStore,  # noqa: ARG002
        answers: Answers = NO_ANSWERS,  # noqa: ARG002
    ) -> Problem:
        return self.problem


class Done(msgspec.Struct, frozen=True):
    """A job done: what was staged, or what went wrong. A `warning` is in the way of nothing.

    `asked` are the questions whose answers are in what was made. A job that cannot be done without
    more answers is handed back. What `stands_in` does for a while.
    """

    path: str
    result: Staged | Unanswered | Problem
    warning: Problem | None = None
    asked: tuple[bytes, ...] = ()
    stands_in: bool = False


Do = Callable[[Iterable[Job], int], Iterator[list[Done]]]
"""Does jobs, so many at a time."""


class Queue:
    """Jobs, and which of them are under way: those that need more answers are done again with them,
    before new ones. What goes on asking is done `here`, where each question is answered at once.
    """

    def __init__(
        self, jobs: Iterator[tuple[Job, Asker]], asking: Asking, here: Callable[[Job], Done]
    ) -> None:
        self._jobs, self._asking, self._here = jobs, asking, here
        self._under_way: dict[str, tuple[Job, Asker]] = {}
        self._again: deque[tuple[Job, Asker]] = deque()
        self._rounds = Counter[str]()

    def all_done(self, do: Do, size: int) -> Iterator[tuple[Asker, Done]]:
        """Yield each job that is done, so many at a time in each process, and who asked for it."""
        while True:
            for done in chain.from_iterable(do(self._begun(), size)):
                job, asker = self._under_way.pop(done.path)
                if not isinstance(done.result, Unanswered):
                    yield asker, done
                elif self._rounds[job.path] == MOST_ROUNDS:
                    yield asker, self._here(replace(job, answers=self._asking.likely(asker)))
                else:
                    self._answer(job, asker, done.result.questions)
            if not self._again:
                return

    def _begun(self) -> Iterator[Job]:
        """Yield the jobs there are; of what is under way more may come."""
        for job, asker in self._jobs:
            while self._again:
                yield self._begin(*self._again.popleft())
            yield self._begin(replace(job, answers=self._asking.likely(asker)), asker)
        while self._again:
            yield self._begin(*self._again.popleft())

    def _begin(self, job: Job, asker: Asker) -> Job:
        self._under_way[job.path] = job, asker
        return job

    def _answer(self, job: Job, asker: Asker, questions: tuple[bytes, ...]) -> None:
        """Have a job done again with the answers to these questions too."""
        self._rounds[job.path] += 1
        work = partial(self._asking.answers, questions, asker.edition)
        found = attempt(work, partial(fault, job.file))
        if isinstance(found, Problem):
            self._again.append((replace(job, work=Failed(found)), asker))
            return
        self._asking.note(asker, found)
        self._again.append((replace(job, answers={**job.answers, **found}), asker))


class Later(NamedTuple):
    """The jobs that take long, each with who asks for it."""

    cards: list[tuple[Job, Asker]]
    pictures: list[tuple[Job, Asker]]


class TimeLeft:
    """Whether there is time left of so many seconds, which begin when that is asked first."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = math.inf if seconds is None else seconds
        self._end: float | None = None

    def __bool__(self) -> bool:
        now = time.monotonic()
        self._end = self._end or now + self._seconds
        return now < self._end


def quick_ones(jobs: Iterable[tuple[Job, Asker]], later: Later) -> Iterator[tuple[Job, Asker]]:
    """Yield the jobs but those that take long, which are put aside."""
    for job, asker in jobs:
        if isinstance(job.work, Drawing):
            later.cards.append((job, asker))
        elif isinstance(job.work, Deriving) and job.work.takes_long:
            later.pictures.append((job, asker))
        else:
            yield job, asker


def as_time_allows(
    jobs: Iterable[tuple[Job, Asker]], time_left: TimeLeft
) -> Iterator[tuple[Job, Asker]]:
    """Yield jobs, and those for which there is no time as what does for a while instead."""
    for job, asker in jobs:
        work = job.work
        assert isinstance(work, Deriving | Drawing)
        has_time = work.instead is None or time_left
        yield job if has_time else replace(job, work=work.instead), asker
