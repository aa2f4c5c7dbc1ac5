"""Front matter in YAML, without its surprises."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, ClassVar

import yaml
from frontmatter.default_handlers import YAMLHandler

from generator.content.front_matter.handler import (
    MEND,
    MOST_VALUES,
    BrokenError,
    Fenced,
    Loss,
    UnfitError,
    check_size,
    is_kept,
    too_deep,
)
from generator.content.front_matter.losses import find_losses, swallowing_list
from generator.content.front_matter.rows import RESOLVERS, TAG, simple
from generator.fields import Path
from generator.spelling import Format, Scalar

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Yaml(Fenced, YAMLHandler):
    """YAML between lines `---`."""

    form: Format = "yaml"
    fence = "---"
    most = MOST_VALUES

    def load(self, fm: str, **_: object) -> Any:
        self._matter = fm
        self._root: Any = None
        self._lines: dict[Path, int] | None = None
        fields = simple(fm)
        if fields is not None:
            return fields
        self._matter = fm = _LINE_ENDS.sub(" ", fm)
        try:
            return super().load(fm, Loader=self._loader)
        except yaml.YAMLError as error:
            raise broken(error, fm) from error
        except UnfitError as error:
            raise error.at(self.line_of((error.name,))) from error
        except RecursionError as error:
            raise too_deep(fm) from error

    def line_of(self, path: Path) -> int:
        if self._root is None:
            self._root = yaml.compose(self._matter, Loader=_SafeLoader)
        if self._lines is None:
            self._lines = _lines_of(self._root, self._matter)
        steps = (path[:length] for length in range(len(path), 0, -1))
        return next((self._lines[step] for step in steps if step in self._lines), 1)

    def losses(self) -> tuple[Loss, ...]:
        return find_losses(self._matter, self._root) if self._root else ()

    def _loader(self, matter: str) -> Any:
        loader = _Loader(matter)
        loader.composed = self._composed
        return loader

    def _composed(self, root: Any) -> None:
        """Keep what the front matter was understood as, before values are made of it."""
        self._root = root
        is_table = isinstance(root, yaml.MappingNode)
        fields = ((k.value, v) for k, v in root.value) if is_table else [("", root)]
        check_size(fields, _parts, self.most)


class _Loader(_SafeLoader):  # type: ignore[misc]
    """YAML without surprises: dates stay text (the door reads them), no field is there twice.

    What is no text comes as a `Scalar`. The names of fields are what was typed.
    """

    composed: Callable[[Any], None]
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = RESOLVERS

    def get_single_node(self) -> Any:
        root = super().get_single_node()
        self.composed(root)
        return root

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                what = "the name of a field is a list or a table"
                raise yaml.constructor.ConstructorError(None, None, what, key.start_mark)
            if key.value in seen and key.tag != f"{TAG}merge":
                what = f"the field `{key.value}` is there twice"
                raise yaml.constructor.ConstructorError(None, None, what, key.start_mark)
            seen.add(key.value)
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep=deep) for key, value in node.value}


_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
"""Signs that end lines for YAML, but for no editor: they come with text that is pasted."""


def _construct_typed(construct: Callable[[Any, Any], Any], loader: Any, node: Any) -> Any:
    """Return the value of a scalar that is no text; what was typed, where that is no such value."""
    typed = loader.construct_scalar(node)
    try:
        value = construct(loader, node)
    except (ValueError, KeyError, IndexError, OverflowError):
        return typed
    is_meant = is_kept(value) and (value is not None or _is_nothing(typed))
    return Scalar(value, typed) if is_meant else typed


def _is_nothing(typed: str) -> bool:
    return typed in ("", "~", "null", "Null", "NULL")


for _name in ("null", "bool", "int", "float"):
    _Loader.add_constructor(
        TAG + _name,
        partial(_construct_typed, _SafeLoader.yaml_constructors[TAG + _name]),
    )
for _name in ("timestamp", "value", "merge"):
    _Loader.add_constructor(TAG + _name, _SafeLoader.construct_yaml_str)
for _name in ("binary", "set", "omap", "pairs"):
    _Loader.add_constructor(TAG + _name, _SafeLoader.construct_undefined)


def _parts(node: Any) -> Iterable[Any] | None:
    if isinstance(node, yaml.MappingNode):
        return (value for _, value in node.value)
    return node.value if isinstance(node, yaml.SequenceNode) else None


def _lines_of(root: Any, matter: str) -> dict[Path, int]:
    """Return the line of each field and item, as editors count.

    What is named twice is there once.
    """
    starts = [0, *(found.end() for found in re.finditer("\n", matter))]
    lines: dict[Path, int] = {}
    ahead: list[tuple[Path, Any]] = [((), root)]
    seen = set[int]()
    while ahead:
        path, node = ahead.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        for step, mark, value in _children(node):
            lines.setdefault((*path, step), bisect_right(starts, mark.index))
            ahead.append(((*path, step), value))
    return lines


def _children(node: Any) -> Iterator[tuple[str | int, yaml.Mark, Any]]:
    """Yield the fields or items below a YAML node: name or number, mark, node."""
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, key.start_mark, value) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from ((place, item.start_mark, item) for place, item in enumerate(node.value))


def _line(matter: str, mark: yaml.Mark) -> int:
    """Return the line as editors count."""
    return matter.count("\n", 0, mark.index) + 1


# ------------------------------------------------------------------ what is broken, in words


def broken(error: yaml.YAMLError, matter: str) -> BrokenError:
    """Return YAML's own words, at the line where the mistake begins, with what to do about it."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return _unreadable(error, matter)
    what, context, mark = error.problem or "", error.context or "", error.problem_mark
    if "exceeded maximum nesting depth" in what:
        return too_deep(matter)
    for found in (swallowing_list(matter, _line(matter, mark)), _missing_space(matter, mark)):
        if found:
            return BrokenError(*found)
    if error.context_mark is not None and ("quoted scalar" in context or "flow" in context):
        mark, remedy = error.context_mark, "close what is opened there"
    else:
        remedy = next((remedy for words, remedy in _REMEDIES if words in what), MEND)
    what = re.sub(r"could not determine a constructor for the tag '(.*)'", _no_tag, what)
    return BrokenError(_line(matter, mark), f"broken YAML: {what}", remedy)


def _missing_space(matter: str, mark: yaml.Mark) -> tuple[int, str, str] | None:
    return unspaced(matter, _line(matter, mark), _LOOKED_BACK)


def unspaced(matter: str, until: int, among: int) -> tuple[int, str, str] | None:
    """Return the first row like `title:One` of the last ones until a line: line, what, remedy."""
    rows = matter.split("\n")[:until]
    for number, row in enumerate(rows[-among:], max(len(rows) - among, 0) + 1):
        if found := _UNSPACED.match(row):
            what = f"there is no space behind the colon of `{found[1]}`"
            return number, what, f"write a space behind the colon: `{found[1]}: …`"
    return None


_UNSPACED = re.compile(r"[ \t-]*([^\W\d][\w-]*):(?![\s/:]|$)(?!.*: )")
_LOOKED_BACK = 3
"""YAML stumbles one or two lines below such a row."""
_QUOTE = "put the text in quotes"
_REMEDIES = (
    ("mapping values are not allowed", "put a text that holds a colon in quotes"),
    ("could not find expected ':'", "write a colon and a space behind the field's name"),
    ("cannot start any token", f"{_QUOTE}; begin lines with spaces, not tabs"),
    ("constructor for the tag", f"{_QUOTE}, or take the tag out"),
    ("undefined alias", "put a text that begins with * in quotes"),
    ("did not find expected alphabetic", _QUOTE),
    ("did not find expected whitespace", _QUOTE),
    ("did not find expected key", "put the whole text in quotes"),
    ("did not find expected node content", _QUOTE),
    ("did not find expected comment or line break", _QUOTE),
    ("are not allowed in this context", _QUOTE),
    ("violates indentation", "begin lines with spaces, not tabs"),
    ("found another document", "take the line out: the fields are one table"),
    ("<document start>", "take the line out: the fields are one table"),
    ("is a list or a table", "write a name and a colon, or put the text in quotes"),
)


def _no_tag(found: re.Match[str]) -> str:
    return f"the tag `{found[1].replace(TAG, '!!')}` means nothing here"


_UNSEEN = re.compile(r"[\x80-\x84\x86-\x9f]")


def _unreadable(error: yaml.YAMLError, matter: str) -> BrokenError:
    """Return a character that YAML does not allow."""
    found = _UNSEEN.search(matter)
    if found is None:
        return BrokenError(1, f"broken YAML: {' '.join(str(error).split())}", MEND)
    what = f"broken YAML: it holds the control character {found[0]!r}"
    return BrokenError(matter.count("\n", 0, found.start()) + 1, what, "take it out")
