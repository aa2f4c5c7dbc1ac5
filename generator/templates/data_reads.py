"""Which data a layout looks at, read off its source.

What comes in is a layout as Jinja parses it, then the names of all data; what goes out are those
that it reads, and what it names that is not there. A layout that passes `data` on whole, or works
out a name while it is rendered, reads all.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from jinja2 import nodes

from generator.codes import Code
from generator.config import CONTENT
from generator.content.data.folder import ENDINGS, FOLDER
from generator.errors import Problem
from generator.mismatch import nearest
from generator.templates.data_values import spelled

_DATA = "data"


class DataRead(NamedTuple):
    """Names that lead from `data` to what is read, () for all of it. `may_miss`: the layout asks
    whether it is there.
    """

    path: tuple[str, ...]
    line: int
    may_miss: bool = False


class DataUse(NamedTuple):
    """What a layout reads of `data`: all, maybe, if it gives that name to what `is_its_own`."""

    reads: tuple[DataRead, ...] = ()
    is_its_own: bool = False


def data_use(tree: nodes.Template) -> DataUse:
    """Return what a layout reads of `data`."""
    if binds(tree, _DATA):
        return DataUse((DataRead((), 0),), is_its_own=True)
    asked = [path for node in _asked(tree) if (path := _path(node))]
    reads = (
        DataRead(path, line, any(path[: len(one)] == one for one in asked))
        for path, line in _paths(tree)
    )
    return DataUse(tuple(reads))


def files_read(uses: Iterable[DataUse], files: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the files that are read."""
    paths = {read.path for use in uses for read in use.reads}
    return tuple(sorted(name for name in files if any(_meets(path, name) for path in paths)))


def unknown_data(uses: Mapping[str, DataUse], files: Collection[str]) -> Iterator[Problem]:
    """Yield what layouts, by the files that they are in, read that is not there.

    Nobody can say where one has a `data` of its own: what it includes sees that too.
    """
    if any(use.is_its_own for use in uses.values()):
        return
    for layout, use in uses.items():
        for path, line, may_miss in use.reads:
            if not (may_miss or any(_meets(path, name) for name in files)) and path:
                what, remedy = _words(path, files)
                yield Problem(layout, line, what, remedy, code=Code.UNKNOWN_NAME)


def _words(path: Sequence[str], files: Collection[str]) -> tuple[str, str]:
    """Return what is missed, and what may be meant."""
    folder, name, names = _missed(path, files)
    where = ".".join((_DATA, *folder))
    what = f"`{where}` has no `{name}`" if folder else f"there is no data `{name}`"
    if close := nearest(name, names):
        return what, f"did you mean {spelled(close, where)}?"
    if names:
        return what, f"known here: {', '.join(spelled(one, where) for one in names)}"
    place = "/".join((CONTENT, FOLDER, *folder, name))
    return what, f"put it at {place}{ENDINGS[0]}, or as {', '.join(ENDINGS[1:])}"


def _meets(path: Sequence[str], name: str) -> bool:
    """Return whether what is read is a file of this name, or in it, or a folder that it is in."""
    parts = name.split("/")
    length = min(len(parts), len(path))
    return parts[:length] == [*path[:length]]


def _missed(path: Sequence[str], files: Collection[str]) -> tuple[Sequence[str], str, list[str]]:
    """Return the folder in which something is missed, its name, and the names that are there."""
    depth = 0
    while any(_meets(path[: depth + 1], name) for name in files):
        depth += 1
    beside = (name.split("/") for name in files if _meets(path[:depth], name))
    return path[:depth], path[depth], sorted({parts[depth] for parts in beside})


def binds(tree: nodes.Template, name: str) -> bool:
    """Return whether a layout gives a name to something of its own."""
    names = (node.ctx != "load" for node in tree.find_all(nodes.Name) if node.name == name)
    targets = (node.target for node in tree.find_all(nodes.Import))
    brought = (one for node in tree.find_all(nodes.FromImport) for one in node.names)
    as_what = (one[1] if isinstance(one, tuple) else one for one in brought)
    return any(names) or name in targets or name in as_what


def _paths(node: nodes.Node) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield the names that lead from `data` to something, each as far as they are written out."""
    for child in node.iter_child_nodes():
        path = _path(child)
        if path is None:
            yield from _paths(child)
        else:
            yield path, child.lineno


def _path(node: nodes.Node) -> tuple[str, ...] | None:
    """Return the names that lead from `data` to a node; None if it is nothing of that."""
    steps: list[str] = []
    while not isinstance(node, nodes.Name):
        match node:
            case nodes.Getattr():
                steps.append(node.attr)
            case nodes.Getitem(arg=nodes.Const(value=str() | int() as step)):
                steps.append(str(step))
            case _:
                return None
        node = node.node
    return tuple(reversed(steps)) if node.name == _DATA else None


def _asked(tree: nodes.Template) -> Iterator[nodes.Node]:
    """Yield what a layout takes care of where it is not there."""
    for node in tree.find_all((nodes.Test, nodes.Filter)):
        is_one = node.name in (_TESTS if isinstance(node, nodes.Test) else _FILTERS)
        if is_one and isinstance(given := getattr(node, "node", None), nodes.Node):
            yield given


_TESTS, _FILTERS = ("defined", "undefined"), ("default", "d")
