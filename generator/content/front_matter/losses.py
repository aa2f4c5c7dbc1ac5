"""Words of a field that YAML takes for something else: a comment, an anchor, a tag."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from generator.content.front_matter.handler import Loss
from generator.errors import visible
from generator.fields import Path, named


class _Place(NamedTuple):
    """A scalar, or the name of a field, and where it stands.

    `path` is that of the value that it is, or names; `indent` the column of what it hangs on.
    """

    node: Any
    path: Path
    indent: int
    is_name: bool = False


def find_losses(matter: str, root: Any) -> tuple[Loss, ...]:
    """Return all words that were typed for a field and that YAML does not count among its value."""
    if not any(sign in matter for sign in "#&!"):
        return ()
    seen: dict[int, int] = {}
    places = sorted(_places(root, (), -1, seen), key=lambda place: place.node.start_mark.index)
    scalars = [place for place in places if isinstance(place.node, yaml.ScalarNode)]
    ends = [place.node.start_mark.index for place in scalars[1:]] + [len(matter)] * bool(scalars)
    alone = [place for place in places if seen[id(place.node)] == 1]
    found = [loss for place in alone for loss in _properties(matter, place)]
    for place, end in zip(scalars, ends, strict=True):
        found += _comments(matter, place, end)
    return tuple({loss.path: loss for loss in reversed(found)}.values())[::-1]


def swallowing_list(matter: str, until: int) -> tuple[int, str, str] | None:
    """Return the line of a list of one line whose end a comment swallows, what, and remedy."""
    for number, row in enumerate(matter.split("\n")[:until], 1):
        if _OPEN_LIST.match(row):
            sign, rest = re.findall(r"[:-][ \t]+([\[{])(.*)", row)[0]
            items = [item.strip() for item in _ITEMS.findall(rest)]
            shown = [_in_quotes(item) for item in items if _HASHED.search(item)] or ['"#…"']
            kind, end = ("list", "]") if sign == "[" else ("table", "}")
            what = f"broken YAML: the part from # is a comment, and so the {kind} never ends"
            return number, what, f"put what holds a # in quotes: {sign}{', '.join(shown)}{end}"
    return None


_OPEN_LIST = re.compile(
    r"""[^\#\[{"']*[:-][ \t]+[\[{](?:"[^"]*"|'[^']*'|[^"'\]}\#]|(?<=\w)\#)*(?<=[\s,\[{])\#""",
    re.VERBOSE,
)


_ITEMS = re.compile(r"""(?:"[^"]*"|'[^']*'|[^,\[\]{}"'])+""")
_HASHED = re.compile(r"(?:^|[\s:])#")


def _in_quotes(item: str) -> str:
    """Return an item of a list, or a field of a table, whose text is put in quotes."""
    found = re.match(r"([\w-]+:[ \t]+)?(.*)", item)
    return f"{found[1] or ''}{_quoted(found[2])}" if found else item


def _places(node: Any, path: Path, indent: int, seen: dict[int, int]) -> Iterator[_Place]:
    """Yield every node of the document, each once; `seen` counts how often it is named."""
    seen[id(node)] = seen.get(id(node), 0) + 1
    if seen[id(node)] > 1:
        return
    yield _Place(node, path, indent)
    column = indent if getattr(node, "flow_style", True) else node.start_mark.column
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            here = (*path, str(name.value))
            seen[id(name)] = 0
            yield _Place(name, here, column, is_name=True)
            yield from _places(value, here, column, seen)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _places(item, (*path, number), column, seen)


# ------------------------------------------------------------------------ comments


def _comments(matter: str, place: _Place, end: int) -> Iterator[Loss]:
    """Yield the comments between a scalar and the next one that may have been meant for text."""
    start = place.node.end_mark.index
    if place.node.style in ("|", ">"):
        row = matter[place.node.start_mark.index :].partition("\n")[0]
        if "#" in row:
            yield _comment(matter, place, place.node.start_mark.index + row.index("#"))
    for found in _COMMENT.finditer(matter, start, end):
        if not _is_meant(matter, place, start, found.start()):
            yield _comment(matter, place, found.start())


_COMMENT = re.compile(r"#[^\n]*")
_CLEAR = re.compile(r"#+(?:[ \t]|$)", re.MULTILINE)
_PUT_ASIDE = re.compile(r"#+[ \t]*(?:- |[\w-]+:(?:[ \t]|$))", re.MULTILINE)
"""A field or an item that is left out for now."""


def _is_meant(matter: str, place: _Place, since: int, start: int) -> bool:
    """Return whether a comment is clearly meant as one."""
    above = matter.rfind("\n", 0, start) + 1
    if not matter[above:start].strip():  # a line of its own
        is_below = start - above > place.indent
        return not is_below or bool(_CLEAR.match(matter, start) or _PUT_ASIDE.match(matter, start))
    between = matter[since:start]
    is_apart = place.node.style in ('"', "'") or place.is_name or bool(between.strip())
    return bool(_CLEAR.match(matter, start)) and (is_apart or between.endswith(("  ", "\t")))


def _comment(matter: str, place: _Place, start: int) -> Loss:
    words = matter[start:].partition("\n")[0].strip()
    what = f"{named(place.path)}: the part from # is a comment: {_quoted(words)}"
    return Loss(place.path, matter.count("\n", 0, start) + 1, what)


# -------------------------------------------------------------------- anchors and tags


def _properties(matter: str, place: _Place) -> Iterator[Loss]:
    """Yield a tag, or an anchor that nothing names, that may have been meant for the first word."""
    start = place.node.start_mark.index
    found = _PROPERTY.match(matter, start)
    if found and not found[0].startswith(("!!", "!<")):
        kind = "the name of an anchor" if found[0][0] == "&" else "a tag"
        what = f"{named(place.path)}: {_quoted(found[0])} is read as {kind}, not as text"
        yield Loss(place.path, matter.count("\n", 0, start) + 1, what)


_PROPERTY = re.compile(r"[&!][^\s,\]}]*")


def _quoted(words: str) -> str:
    shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
    return f'"{visible(shown)}"'


_SHOWN = 40
