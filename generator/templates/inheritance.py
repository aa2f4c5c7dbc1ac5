"""Which blocks of layouts replace which, and what in a site's layouts is there in vain.

What comes in is what each layout says of its blocks and of the one that it extends; what goes out
are problems. Of a layout that works out what it extends while rendering nothing is said.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from posixpath import basename, dirname, splitext

import msgspec
from jinja2 import nodes

from generator.config import LAYOUTS
from generator.errors import Problem
from generator.mismatch import near, nearest


class Blocks(msgspec.Struct, frozen=True):
    """The blocks of a layout, and the one layout that it `extends`, with the line of that.

    `outer` are those that stand in no other, each with its line: in a layout that extends another
    they are shown only where that one has them. `called` are shown by `self.NAME()`. `is_sure` is
    false if what it extends, or calls, hangs on the page.
    """

    extends: str
    line: int
    outer: tuple[tuple[str, int], ...]
    names: frozenset[str]
    called: frozenset[str]
    is_sure: bool


def blocks_of(tree: nodes.Template) -> Blocks:
    """Return what a layout says of its blocks."""
    blocks = [*tree.find_all(nodes.Block)]
    inner = {one.name for block in blocks for one in block.find_all(nodes.Block)}
    extends = [*tree.find_all(nodes.Extends)]
    named = [node for node in extends if node in tree.body and _name(node)]
    calls = [call.attr for call in tree.find_all(nodes.Getattr) if _is_self(call.node)]
    return Blocks(
        extends=_name(named[0]) if named else "",
        line=named[0].lineno if named else 0,
        outer=tuple((block.name, block.lineno) for block in blocks if block.name not in inner),
        names=frozenset(block.name for block in blocks),
        called=frozenset(calls),
        is_sure=len(named) == len(extends) < 2
        and len(calls) == sum(map(_is_self, tree.find_all(nodes.Name))),
    )


def _name(node: nodes.Extends) -> str:
    template = node.template
    return str(template.value) if isinstance(template, nodes.Const) else ""


def _is_self(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "self"


def circles(known: Mapping[str, Blocks], own: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the site's layouts, by name with their files, that extend themselves in the end."""
    for name, file in own.items():
        if name not in known:
            continue
        line = _ancestors(name, known)
        if name in line:
            between = " and ".join(f'"{one}"' for one in line[: line.index(name)])
            what = f"it extends {between}, and so itself" if between else "it extends itself"
            default = f"default/{known[name].extends}"
            is_way_out = default in known and name not in _ancestors(default, known)
            remedy = f'write "{default}"' if is_way_out else "take out one of the `extends`"
            yield Problem(file, known[name].line, what, remedy)


def blocks_in_vain(known: Mapping[str, Blocks], own: Mapping[str, str]) -> Iterator[Problem]:
    """Yield blocks of the site's layouts, by name with their files, that are shown nowhere."""
    for name, file in own.items():
        blocks = known.get(name)
        if blocks is None or not blocks.extends:
            continue
        line = [known[one] for one in _ancestors(name, known) if one in known]
        if not line or line[-1].extends or not all(one.is_sure for one in [blocks, *line]):
            continue
        there = frozenset().union(*(one.names for one in line))
        shown = there.union(blocks.called, *(one.called for one in line))
        for block, number in blocks.outer:
            if block not in shown:
                what = f'"{blocks.extends}" has no block `{block}`: this one is shown nowhere'
                close = nearest(block, sorted(there))
                has = ", ".join(sorted(there))
                remedy = f"did you mean `{close}`?" if close else f"it has: {has}"
                yield Problem(file, number, what, remedy, "warning")


def _ancestors(name: str, known: Mapping[str, Blocks]) -> list[str]:
    """Return the names of the layouts above one, the nearest first; it ends where they repeat."""
    line: list[str] = []
    while name in known and (name := known[name].extends) and name not in line:
        line.append(name)
    return line


def idle_files(
    own: Iterable[str], used: Collection[str], default: Collection[str]
) -> dict[str, Problem]:
    """Return the site's files that no layout uses, and that take no default one's place.

    With each comes what is to be said of it if no page uses it either; of those in one misnamed
    folder that is said once. Of a file that can be no layout, such as notes, nothing is said unless
    its name is nearly that of one.
    """
    folders = {name.partition("/")[0] for name in default if "/" in name}
    idle, told = dict[str, Problem](), set[str]()
    for name in own:
        if name in used or name in default:
            continue
        top = name.partition("/")[0] if "/" in name else ""
        if top and top not in folders and (close := near(top, folders)):
            if top not in told:
                idle[name] = _idle(top, "nothing looks into this folder", close)
            told.add(top)
        elif (close := _near_file(name, default)) or name.endswith(_ENDINGS) or is_card(name):
            idle[name] = _idle(name, "nothing uses this layout", close)
    return idle


def is_card(name: str) -> bool:
    """Return whether a layout of this name draws share cards."""
    return name.startswith(f"{CARDS}/") and name.endswith(".svg")


def _idle(name: str, what: str, close: str) -> Problem:
    """Return a warning of a file or folder of the site's layouts, whose name is `close` to one."""
    remedy = f"did you mean {LAYOUTS}/{close}?" if close else _OTHERWISE
    return Problem(f"{LAYOUTS}/{name}", 0, what, remedy, "warning")


_ENDINGS = (".html", ".xml", ".json")
_OTHERWISE = "include it in one that is used, or take it out; `broadsheet layouts` lists the names"


def _near_file(name: str, default: Collection[str]) -> str:
    """Return the file of the same folder and ending whose name is nearly the same, or ""."""
    folder, (stem, ending) = dirname(name), splitext(basename(name))
    if folder not in ("", PARTIALS, CARDS):
        return ""
    beside = sorted(one for one in default if dirname(one) == folder and one.endswith(ending))
    stems = {splitext(basename(one))[0]: one for one in beside}
    return stems.get(nearest(stem, stems, likeness=0.75, form=str.casefold), "")


PARTIALS = "partials"
"""The folder of layouts that others include."""
CARDS = "cards"
"""The folder of layouts of share cards; texts name them."""
