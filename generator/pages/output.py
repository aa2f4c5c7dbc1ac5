"""What a site is made of: outputs, rendered from a layout, copied from a file, or derived.

All three answer the same questions, so that nobody asks which of them an output is. In comes what a
planner says of one; out goes the work that has to be done for it, by whatever process, and the
fingerprint of all that it is made from.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace

from generator.config import CONTENT, LAYOUTS
from generator.content.data.files import DataFile
from generator.errors import Problem
from generator.kinds import PageKind
from generator.pages.context import PageContext
from generator.pictures.publishing import StandIn, plain_card, published_card
from generator.site.watch import Unwatched, Watched, check_function
from generator.state.code_version import fingerprint
from generator.templates.card_fonts import NO_FONTS, CardFonts
from generator.templates.environment import (
    Made,
    Order,
    ProseStore,
    RenderConfig,
    Unanswered,
    file_of_layout,
    render_order,
)
from generator.templates.exchange import NO_ANSWERS, Answers
from generator.templates.views import View

MakeView = Watched[PageContext, View] | Unwatched[PageContext, View]
"""How a view is made from the context of its page."""


class RenderSetup(msgspec.Struct, frozen=True):
    """All that pages are rendered with beside their views.

    `sites` are the values of `site` that each layout reads, encoded, `data` the files of data that
    some look at, and `collections` those that some show; `layout_digests` are those of all that can
    change a page of a layout but its view. `own_digests` are the same where no text has blocks, and
    `block_digests` those of each block. `editions` are those of the site's other languages. `fonts`
    are those of share cards, and `drawn` is the folder that keeps these.
    """

    config: RenderConfig
    sites: dict[str, bytes]
    layout_digests: dict[str, str]
    data: dict[str, tuple[DataFile, ...]]
    collections: dict[str, bytes] = {}
    own_digests: dict[str, str] = {}
    block_digests: dict[str, str] = {}
    editions: "dict[str, RenderSetup]" = {}
    fonts: CardFonts = NO_FONTS
    drawn: Path = Path()

    def digests_of_blocks(self, shown: Iterable[bytes]) -> list[str]:
        """Return the digests of the blocks in what a page shows, encoded."""
        names = {name.decode() for one in shown for name in _BLOCK.findall(one)}
        return [self.block_digests[name] for name in sorted(names) if name in self.block_digests]

    def of(self, edition: str) -> "RenderSetup":
        """Return what pages in a language are rendered with; "" is the main one."""
        return self.editions[edition] if edition else self


_BLOCK = re.compile(rb'"block":"([^"\\]+)"')
"""The name of a block in an encoded view: no text in it has quotation marks that stand so."""


class Work(Protocol):
    """What has to be done for an output. It can be sent to another process."""

    def done(
        self, config: bytes, store: ProseStore, answers: Answers = NO_ANSWERS
    ) -> Made | Unanswered | Problem:
        """Return the output that was made, or what it asks beyond the `answers`; or what is wrong.

        `config` is the encoded `RenderConfig`; bodies are found in the `store`.
        """


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """An output of a site: where it is, what it is, and how it is made.

    `url` is the site's path that a text has; "" where that of the file tells it. `owner` is the
    content file that it stands for, "" for none; `source_file` is the file that messages name where
    it has neither an owner nor a layout. One that is `bare` is linked without the ending of its
    file. `leads` is the site's path that one at an old address leads to, or is a copy of.
    One that is `redirected_by_host` is not written: the host has a rule for its address that does
    the same; nor is one that is `empty` now, which keeps its address all the same. One that is
    `passing` may go unasked, though others of its kind may not.

    `edition` is its language, "" for the main one.

    The sitemap tells of it if its kind is there and it is not `unlisted`; `changed` is when it
    last changed, or the positions of the stories of which the last change is its own.
    """

    path: str
    kind: PageKind
    url: str = ""
    owner: str = ""
    source_file: str = ""
    bare: bool = False
    leads: str = ""
    redirected_by_host: bool = False
    empty: bool = False
    passing: bool = False
    unlisted: bool = False
    changed: Sequence[int] | datetime | None = None
    edition: str = ""

    @property
    def is_written(self) -> bool:
        """Return whether there is a file of it now."""
        return not (self.redirected_by_host or self.empty)

    @property
    def is_watched(self) -> bool:
        """Return whether it is as it was while no fact of the site is new that it looked up."""
        return False

    @property
    def layout(self) -> str:
        """Return the name of the layout that makes it, "" if none does."""
        return ""

    @property
    def file(self) -> str:
        """Return the file that messages name if it cannot be made."""
        if self.owner:
            return f"{CONTENT}/{self.owner}"
        return self.source_file or f"{LAYOUTS}/{self.layout}"

    def shown(self, context: PageContext) -> bytes:  # noqa: ARG002 (most show nothing of it)
        """Return what it shows of the site, encoded."""
        return b""

    def work(self, context: PageContext, setup: RenderSetup) -> tuple[Work, str]:
        """Return what has to be done for it, and the fingerprint of all that it is made from, but
        for answers to what its layout asks.
        """
        raise NotImplementedError


class Rendered(Output, frozen=True):
    """An output that a layout makes from a view."""

    path: str
    kind: PageKind
    view: MakeView
    own_layout: str = ""
    """Of a kind that has none for all."""

    @property
    def is_watched(self) -> bool:
        return isinstance(self.view, Watched)

    @property
    def layout(self) -> str:
        return self.own_layout or self.kind.traits.layout

    def shown(self, context: PageContext) -> bytes:
        return msgspec.json.encode(self.view(context.of(self.edition)))

    def work(self, context: PageContext, setup: RenderSetup) -> tuple[Work, str]:
        edition, layout, setup = self.edition, self.layout, setup.of(self.edition)
        view = self.view(context.of(edition))
        shown = msgspec.json.encode(view)
        site, data = setup.sites[layout], setup.data.get(layout, ())
        collections = setup.collections.get(layout, b"")
        given = shown, site, self.file, data, collections, edition
        order = Order(self.path, layout, type(view), *given)
        digests = setup.own_digests[layout], *setup.digests_of_blocks([shown])
        is_drawn = self.kind.traits.is_drawn
        work = Drawing(order, setup.fonts, setup.drawn) if is_drawn else Rendering(order)
        return work, fingerprint(shown, *digests)


class Recipe(msgspec.Struct, frozen=True, array_like=True):
    """What an output is made again from that a layout makes from a watched view, but its path."""

    kind: PageKind
    own_layout: str
    owner: str
    source_file: str
    view: tuple[str, str, list[Any]]

    @classmethod
    def of(cls, output: Output) -> "Recipe | None":
        """Return the recipe of an output; None if there is none."""
        if not isinstance(output, Rendered) or not isinstance(output.view, Watched):
            return None
        module, function, keys = output.view.name
        view = module, function, list(keys)
        return cls(output.kind, output.own_layout, output.owner, output.source_file, view)

    def output(self, path: str) -> Rendered:
        """Return the output at this path, all of it that its page is made from."""
        return Rendered(
            path,
            self.kind,
            Watched.named(*self.view),
            self.own_layout,
            owner=self.owner,
            source_file=self.source_file,
        )


class Copied(Output, frozen=True):
    """An output that is bytes as they are, or a file's; `digest` tells it from others."""

    path: str
    kind: PageKind
    source: Path | bytes
    digest: str

    def work(self, context: PageContext, setup: RenderSetup) -> tuple[Work, str]:  # noqa: ARG002
        return Copying(self.source), fingerprint("copy", self.digest)


class SourceFile(msgspec.Struct, frozen=True):
    """A file that an output is derived from: its function is given the path.

    `digest` is that of its bytes, which are read only when the output is made.
    """

    path: Path
    digest: str


class Scratch(msgspec.Struct, frozen=True):
    """A folder in which a function may keep what it made: it shapes no output."""

    path: Path


Input = bytes | str | int | SourceFile | Scratch


class Derived(Output, frozen=True):
    """An output that a function makes from inputs. It returns bytes, or what is wrong with them.

    One that `takes_long` is made after all others. Where there is no time for it, `instead` makes
    what does for a while, a function and its inputs too: it may find that the time suffices.
    The function is one of a module, so that other processes find it, and so that nothing shapes
    the output but its code and the inputs. Raises `TypeError` for any other.
    """

    path: str
    kind: PageKind
    function: Callable[..., bytes | Problem]
    inputs: tuple[Input, ...]
    takes_long: bool = False
    instead: tuple[Callable[..., bytes | StandIn | Problem], tuple[Input, ...]] | None = None

    def __post_init__(self) -> None:
        check_function(self.function)

    def made(self) -> bytes | Problem:
        """Return its bytes, made here and now, or what is wrong."""
        return self.function(*_made_of(self.inputs))

    def work(self, context: PageContext, setup: RenderSetup) -> tuple[Work, str]:  # noqa: ARG002
        function, inputs = self.function, self.inputs
        name = f"{function.__module__}.{function.__qualname__}"
        digests = msgspec.msgpack.encode([*map(_told_apart, inputs)])
        work = Deriving(function, _made_of(inputs), self.takes_long)
        if self.instead:
            other, its_inputs = self.instead
            work = replace(work, instead=Deriving(other, _made_of(its_inputs)))
        return work, fingerprint("derived", name, digests)


def _made_of(inputs: Iterable[Input]) -> tuple[bytes | str | int | Path, ...]:
    return tuple(i.path if isinstance(i, SourceFile | Scratch) else i for i in inputs)


def _told_apart(value: Input) -> bytes | str | int | tuple[str]:
    """Return what tells an input from others: of a file the digest, wherever it lies."""
    if isinstance(value, Scratch):
        return b""
    return (value.digest,) if isinstance(value, SourceFile) else value


class Rendering(msgspec.Struct, frozen=True):
    """The work for a page."""

    order: Order

    def done(
        self, config: bytes, store: ProseStore, answers: Answers = NO_ANSWERS
    ) -> Made | Unanswered | Problem:
        return render_order(self.order, config, store, answers)


class Drawing(msgspec.Struct, frozen=True):
    """The work for a share card: a drawing is rendered, and then drawn as a picture.

    `drawn` is the folder that keeps pictures.
    """

    order: Order
    fonts: CardFonts
    drawn: Path

    @property
    def instead(self) -> "Deriving":
        """Return the work for what does for a while."""
        return Deriving(plain_card, ())

    def done(
        self, config: bytes, store: ProseStore, answers: Answers = NO_ANSWERS
    ) -> Made | Unanswered | Problem:
        from generator.pictures.cards import lettering  # builds without a new card need none

        files, digest = self.fonts.files, self.fonts.digest
        letters = lettering(*files)
        if isinstance(letters, Problem):
            return letters
        made = render_order(self.order, config, store, answers, {"card": letters})
        if not isinstance(made, Made):
            return made
        assert isinstance(made.data, bytes)
        card = published_card(made.data.decode(), files, digest, self.drawn, self.order.file)
        if isinstance(card, Problem):
            told = replace(card, file=file_of_layout(self.order, config, store))
            return self.order.told(told)
        return made._replace(data=card.data, warning=made.warning or card.warning)


class Copying(msgspec.Struct, frozen=True):
    """The work for a copy."""

    source: Path | bytes

    def done(
        self,
        config: bytes,  # noqa: ARG002
        store: ProseStore,  # noqa: ARG002
        answers: Answers = NO_ANSWERS,  # noqa: ARG002
    ) -> Made | Problem:
        return Made(self.source)


class Deriving(msgspec.Struct, frozen=True):
    """The work for what is derived; `instead` is what does for a while."""

    function: Callable[..., bytes | StandIn | Problem]
    inputs: tuple[bytes | str | int | Path, ...]
    takes_long: bool = False
    instead: "Deriving | None" = None

    def done(
        self,
        config: bytes,  # noqa: ARG002
        store: ProseStore,  # noqa: ARG002
        answers: Answers = NO_ANSWERS,  # noqa: ARG002
    ) -> Made | Problem:
        made = self.function(*self.inputs)
        match made:
            case Problem():
                return made
            case StandIn(data):
                return Made(data, stands_in=True)
        return Made(made)
