"""A body's blocks as HTML or as plain text, each by the layout of its form.

What comes in are blocks with what their arguments lead to, and the HTML that stands in them; what
goes out is what stands in their place. Where a form has no layout of its own another serves: for
feeds that for pages, of which nothing that works only there is left; for mail and plain text one
for all blocks.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec
from markupsafe import Markup, escape

from generator.content.block_arguments import BlockKind, Form
from generator.content.blocks import PLACES
from generator.content.phrases import with_whole_addresses
from generator.content.plain_text import plain_text
from generator.templates.block_kinds import form_of
from generator.templates.questions import ArgumentError, QueryError
from generator.templates.views import Block, Card, Link, MediaFile, Picture

Render = Callable[[str, Mapping[str, Any]], str]
"""Renders the layout of a name with values."""
Absolute = Callable[[str], str]


class BlockForms(NamedTuple):
    """How blocks are shown: in one `form`, with the arguments that each of the `kinds` declares.

    With `absolute` every address that they are given is a whole one.
    """

    form: Form
    kinds: Mapping[str, BlockKind]
    render: Render
    absolute: Absolute | None = None

    def shown(self, block: Block, identity: str, body: Markup, card: Card | None) -> Markup:
        """Return what stands in the place of a block, whose text is `body`.

        Its `identity` is its own among the blocks of all texts.
        """
        kind = self.kinds.get(block.block)
        if kind is None:
            return Markup() if block.block in PLACES else _as_typed(block, body)
        values = self._values(kind, block)
        layout = self._layout(kind)
        if layout.endswith(".txt"):
            body = Markup(escape(plain_text(body)))
            values = {name: _plainly(value) for name, value in values.items()}
        given = {
            "block": _Shown(
                block.block, f"{block.block}-{identity}", values, card.url if card else ""
            ),
            "body": body,
            "card": self._elsewhere(card),
            "form": self.form,
        }
        try:
            shown = self.render(layout, {**values, **given})
        except QueryError as error:
            error.file, error.line = block.file, block.line
            if isinstance(error, ArgumentError):
                error.name(_name_typed(values, error))
            raise
        is_text = layout.endswith(".txt")
        return _in_paragraphs(shown) if is_text else Markup(shown)

    def _layout(self, kind: BlockKind) -> str:
        """Return the layout that shows blocks of a kind in this form."""
        if self.form in kind.forms:
            return form_of(kind.name, self.form)
        if "feed.html" in kind.forms:
            return form_of(kind.name, "feed.html")
        if self.form == "feed.html":
            return form_of(kind.name, "html")
        return f"partials/block.{self.form}"

    def _values(self, kind: BlockKind, block: Block) -> dict[str, Any]:
        """Return the value of each argument, None for what is not said or not public now."""
        found: dict[str, Any] = dict.fromkeys((argument.name for argument in kind.arguments), None)
        found |= block.plain | block.moments | block.tables | block.columns | block.embeds
        found |= {name: self._line(markup) for name, markup in block.lines.items()}
        for some in (block.addresses, block.pictures, block.files, block.stories):
            found |= {name: self._elsewhere(value) for name, value in some.items()}
        return found

    def _line(self, markup: str) -> Markup:
        return Markup(with_whole_addresses(markup, self.absolute) if self.absolute else markup)

    def _elsewhere(self, value: Any) -> Any:
        """Return a value with whole addresses, if they are to be such; of a picture its file alone,
        for what reads feeds and mails knows no others.
        """
        if self.absolute is None or value is None:
            return value
        if isinstance(value, str):
            return self.absolute(value)
        if isinstance(value, Picture):
            url = self.absolute(value.url)
            return msgspec.structs.replace(value, url=url, color="", ladder=None, crops={})
        if isinstance(value, MediaFile | Link):
            return msgspec.structs.replace(value, url=self.absolute(value.url))
        if isinstance(value, Card):
            return msgspec.structs.replace(
                value,
                url=self.absolute(value.url),
                authors=tuple(map(self._elsewhere, value.authors)),
                picture=self._elsewhere(value.picture),
                section=self._elsewhere(value.section),
            )
        return value


class _Shown(NamedTuple):
    """A block as its layout sees it: `id` is one of its own in its text, `values` all arguments.

    `here` is the site's path of the story that it stands in, "" in other texts.
    """

    name: str
    id: str
    values: dict[str, Any]
    here: str

    def asked(self, *names: str) -> dict[str, Any]:
        """Return those of these arguments that have a value, by name."""
        return {name: self.values[name] for name in names if self.values.get(name)}

    @property
    def picture(self) -> Picture | None:
        """Return the first picture among its arguments."""
        return next((one for one in self.values.values() if isinstance(one, Picture)), None)

    @property
    def card(self) -> Card | None:
        """Return the first story among its arguments."""
        return next((one for one in self.values.values() if isinstance(one, Card)), None)

    @property
    def words(self) -> str:
        """Return the first of what usually says what a block is."""
        said = (self.values.get(name) for name in ("title", "caption", "alt", "by"))
        return next((str(_plainly(one)) for one in said if one), "")

    @property
    def url(self) -> str:
        """Return the first address among its arguments."""
        links = (getattr(one, "url", "") for one in self.values.values())
        own = self.values.get("url")
        return str(own) if own else next(filter(None, links), "")


def _plainly(value: Any) -> Any:
    """Return a value; of a line of HTML the words."""
    return value.striptags() if isinstance(value, Markup) else value


def _in_paragraphs(text: str) -> Markup:
    """Return lines of escaped text as HTML that is the same as plain text again."""
    parts = filter(None, (part.strip() for part in re.split(r"\n\s*\n", text)))
    return Markup("\n").join(Markup(f"<p>{part.replace(_END, '<br>')}</p>") for part in parts)


_END = "\n"


def _name_typed(values: Mapping[str, object], error: ArgumentError) -> str:
    """Return the name by which a block was given the value that is wrong: layouts may hand it on
    under another one.
    """
    wrong = error.value
    named = {n for n, value in values.items() if type(value) is type(wrong) and value == wrong}
    return error.argument if error.argument in named else min(named, default=error.argument)


def _as_typed(block: Block, body: Markup) -> Markup:
    """Return a block that there is none of as it was typed."""
    colons = ":" * block.colons
    opening = Markup(f"<p>{colons} {escape(block.written)}</p>")
    return (
        opening + Markup("\n") + body + Markup(f"\n<p>{colons}</p>") if block.is_closed else opening
    )
