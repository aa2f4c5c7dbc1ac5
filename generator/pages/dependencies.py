"""What the pages of a site hang on: which facts of it each looked up, in columns.

What comes in are pages that were planned and made; what goes out, at the next build, are those that
have looked up what is another now.
"""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from itertools import repeat

import msgspec
import numpy as np
from numpy.typing import NDArray

from generator.pages import Answered
from generator.pages.output import Output, Recipe, Rendered
from generator.pages.queries import asked_for, unpacked
from generator.state.columns import Column


class MadeFrom(msgspec.Struct, frozen=True, array_like=True):
    """What a page was made from: the numbers of facts, of 32 bits, end to end; packed questions."""

    facts: bytes
    questions: bytes = b""


class Pages(msgspec.Struct, frozen=True, array_like=True):
    """The outputs of a site, a row for each that is written.

    `facts` are the numbers of the facts that its view looked up, of 32 bits each, end to end, and
    `questions` what its layout asked, packed, without a row if none asks; in their place stand
    `new_facts` and `new_questions` of some rows. By its recipe one is made again; that of an output
    that is not watched is empty. `plan_facts` are those that were looked up to plan them. `bare`
    and `unwritten` are the paths of such outputs. `spans` are the durations that questions name.
    """

    paths: list[str]
    layouts: list[str]
    facts: Column
    questions: Column
    recipes: Column
    plan_facts: bytes
    bare: list[str]
    unwritten: list[str]
    spans: tuple[str, ...]
    new_facts: dict[int, bytes] = {}
    new_questions: dict[int, bytes] = {}

    def struck(self, changed: Collection[int]) -> list[int]:
        """Return the rows of the pages that looked up one of these facts."""
        wanted = np.fromiter(changed, np.uint32, len(changed))
        rows = {row for row in self._struck(wanted) if row not in self.new_facts}
        for row, new in self.new_facts.items():
            if np.isin(np.frombuffer(new, np.uint32), wanted).any():
                rows.add(row)
        return sorted(rows)

    def _struck(self, wanted: NDArray[np.uint32]) -> list[int]:
        facts = np.frombuffer(self.facts.data, np.uint32)
        ends = np.frombuffer(self.facts.ends, np.uint64) // _NUMBER
        may_be = np.zeros(_PART + 1, np.bool_)  # most facts are none of them by half of their bits
        may_be[wanted & _PART] = True
        places = np.flatnonzero(may_be[facts & _PART])
        places = places[np.isin(facts[places], wanted)]
        return np.unique(np.searchsorted(ends, places, side="right")).tolist()  # type: ignore[no-any-return]

    def of_layouts(self, layouts: Container[str]) -> list[int]:
        """Return the rows of the pages of these layouts."""
        return [row for row, layout in enumerate(self.layouts) if layout in layouts]

    def is_planned_from(self, changed: Container[int]) -> bool:
        """Return whether one of these facts was looked up to plan the pages."""
        return any(fact in changed for fact in memoryview(self.plan_facts).cast("I"))

    @property
    def answered(self) -> Answered:
        """Return the paths that these pages answer for."""
        every = dict.fromkeys([*self.paths, *self.unwritten], False)
        return Answered(every | dict.fromkeys(self.bare, True))

    def output(self, row: int) -> Rendered | None:
        """Return the output of a row, if it has a recipe."""
        recipe = self.recipes[row]
        return _RECIPE.decode(recipe).output(self.paths[row]) if recipe else None

    def with_new(self, made: Mapping[str, MadeFrom]) -> "Pages":
        """Return the same pages, of which some, by path, were made from other things."""
        rows = {row: made[path] for row, path in enumerate(self.paths) if path in made}
        return msgspec.structs.replace(
            self,
            spans=self.spans_with(made),
            new_facts=self.new_facts | {row: one.facts for row, one in rows.items()},
            new_questions=self.new_questions | {row: one.questions for row, one in rows.items()},
        )

    def spans_with(self, made: Mapping[str, MadeFrom]) -> tuple[str, ...]:
        """Return the durations that are named when some pages were made from other things."""
        return _spans((one.questions for one in made.values()), self.spans)

    @property
    def ask(self) -> bool:
        """Return whether any of them asks."""
        return bool(len(self.questions) or any(self.new_questions.values()))

    def questions_by_path(self) -> dict[str, bytes]:
        """Return what the layout of each page asked, of those that did."""
        by_path = zip(self.paths, self._all_questions(), strict=False)
        return {path: asked for path, asked in by_path if asked} if self.ask else {}

    def made_from(self) -> dict[str, MadeFrom]:
        """Return what each page was made from, by path."""
        rows = zip(self.paths, self.facts, self._all_questions(), strict=False)
        return {
            path: MadeFrom(self.new_facts.get(row, facts), asked)
            for row, (path, facts, asked) in enumerate(rows)
        }

    def _all_questions(self) -> Iterator[bytes]:
        """Yield the questions of each row, and go on without end if there are none."""
        if not self.ask:
            yield from repeat(b"")
        kept = self.questions if len(self.questions) else repeat(b"")
        for row, asked in enumerate(kept):
            yield self.new_questions.get(row, asked)


def pages_of_plan(
    outputs: Sequence[Output],
    plan_facts: bytes,
    made: Mapping[str, MadeFrom],
    last: Pages | None,
) -> Pages:
    """Return the rows of these outputs: what they were `made` from, or are known to be."""
    found = {**(last.made_from() if last else {}), **made}
    written = [output for output in outputs if output.is_written]
    encode = msgspec.msgpack.Encoder().encode
    recipes = map(Recipe.of, written)
    of_written = [found[page.path] for page in written]
    return Pages(
        [page.path for page in written],
        [page.layout for page in written],
        Column.of([one.facts for one in of_written]),
        _if_any([one.questions for one in of_written]),
        Column.of([encode(recipe) if recipe else b"" for recipe in recipes]),
        plan_facts,
        [output.path for output in outputs if output.bare],
        [output.path for output in outputs if not output.is_written],
        _spans((one.questions for one in of_written), ()),
    )


def _if_any(questions: list[bytes]) -> Column:
    """Return these questions in a column, which has no rows at all if there are none."""
    return Column.of(questions if any(questions) else [])


def _spans(questions: Iterable[bytes], known: Iterable[str]) -> tuple[str, ...]:
    """Return the durations that are known, and those that these questions name."""
    asked = (unpacked(some) for some in {*questions} if some)
    return tuple(sorted({*known, *(span for some in asked for span in asked_for(some))}))


_NUMBER = 4
_PART = 0xFFFF
_RECIPE = msgspec.msgpack.Decoder(Recipe)
