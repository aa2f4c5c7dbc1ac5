"""What the pages of a site hang on: which facts of it each looked up, in columns.

What comes in are pages that were planned and made; what goes out, at the next build, are those that
have looked up what is another now.
"""

from collections.abc import Collection, Container, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from generator.pages import Answered
from generator.pages.output import Output, Recipe, Rendered
from generator.state.columns import Column


class Pages(msgspec.Struct, frozen=True, array_like=True):
    """The outputs of a site, a row for each that is written.

    `facts` are the numbers of the facts that its view looked up, of 32 bits each, end to end, and
    in their place `new_facts` of some rows. By its recipe one is made again; that of an output that
    is not watched is empty. `plan_facts` are those that were looked up to plan them. `bare` and
    `unwritten` are the paths of such outputs.
    """

    paths: list[str]
    layouts: list[str]
    facts: Column
    recipes: Column
    plan_facts: bytes
    bare: list[str]
    unwritten: list[str]
    new_facts: dict[int, bytes] = {}

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

    def with_facts(self, facts: Mapping[str, bytes]) -> "Pages":
        """Return the same pages, of which some have looked up these facts, by path."""
        new = {row: facts[path] for row, path in enumerate(self.paths) if path in facts}
        return msgspec.structs.replace(self, new_facts=self.new_facts | new)

    def facts_by_path(self) -> dict[str, bytes]:
        """Return the facts that each page looked up."""
        rows = enumerate(zip(self.paths, self.facts, strict=True))
        return {path: self.new_facts.get(row, facts) for row, (path, facts) in rows}


def pages_of_plan(
    outputs: Sequence[Output],
    plan_facts: bytes,
    looked_up: Mapping[str, bytes],
    last: Pages | None,
) -> Pages:
    """Return the rows of these outputs: the facts that were `looked_up`, or are known."""
    found = {**(last.facts_by_path() if last else {}), **looked_up}
    written = [output for output in outputs if output.is_written]
    encode = msgspec.msgpack.Encoder().encode
    recipes = map(Recipe.of, written)
    return Pages(
        [page.path for page in written],
        [page.layout for page in written],
        Column.of([found[page.path] for page in written]),
        Column.of([encode(recipe) if recipe else b"" for recipe in recipes]),
        plan_facts,
        [output.path for output in outputs if output.bare],
        [output.path for output in outputs if not output.is_written],
    )


_NUMBER = 4
_PART = 0xFFFF
_RECIPE = msgspec.msgpack.Decoder(Recipe)
