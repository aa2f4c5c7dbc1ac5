"""What the pages of a site hang on: which facts of it each looked up, in columns.

What comes in are pages that were planned and made; what goes out, at the next build, are those that
have looked up what is another now.
"""

from collections.abc import Collection, Container, Mapping, Sequence

import msgspec
import numpy as np

from generator.pages import Answered
from generator.pages.output import Output, Recipe, Rendered


class Pages(msgspec.Struct, frozen=True, array_like=True):
    """The outputs of a site, a row for each that is written.

    `facts` are the numbers of the facts that its view looked up, of 32 bits each, end to end. By
    its recipe one is made again; that of an output that is not watched is empty. `plan_facts` are
    those that were looked up to plan them. `bare` and `unwritten` are the paths of such outputs.
    """

    paths: list[str]
    layouts: list[str]
    facts: list[bytes]
    recipes: list[bytes]
    plan_facts: bytes
    bare: list[str]
    unwritten: list[str]

    def struck(self, changed: Collection[int]) -> list[int]:
        """Return the rows of the pages that looked up one of these facts."""
        facts = np.frombuffer(b"".join(self.facts), np.uint32)
        ends = np.cumsum([len(some) // _NUMBER for some in self.facts])
        wanted = np.fromiter(changed, np.uint32, len(changed))
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
        if not facts:
            return self
        now = (facts.get(path, known) for path, known in zip(self.paths, self.facts, strict=True))
        return msgspec.structs.replace(self, facts=list(now))


def pages_of_plan(
    outputs: Sequence[Output],
    plan_facts: bytes,
    looked_up: Mapping[str, bytes],
    last: Pages | None,
) -> Pages:
    """Return the rows of these outputs: the facts that were `looked_up`, or are known."""
    found = dict(zip(last.paths, last.facts, strict=True)) if last else {}
    found |= looked_up
    written = [output for output in outputs if output.is_written]
    encode = msgspec.msgpack.Encoder().encode
    recipes = map(Recipe.of, written)
    return Pages(
        [page.path for page in written],
        [page.layout for page in written],
        [found[page.path] for page in written],
        [encode(recipe) if recipe else b"" for recipe in recipes],
        plan_facts,
        [output.path for output in outputs if output.bare],
        [output.path for output in outputs if not output.is_written],
    )


_NUMBER = 4
_PART = 0xFFFF
_RECIPE = msgspec.msgpack.Decoder(Recipe)
