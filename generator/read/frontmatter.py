"""A text file in its two parts: front matter (YAML, TOML or JSON) and body.

python-frontmatter splits and parses; here is what an editor needs beside it: the line
of each field, and errors that name it.
"""

import json
import re
import tomllib
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar

import msgspec
import yaml
from frontmatter.default_handlers import BaseHandler, JSONHandler, YAMLHandler

from generator.config import broken_toml
from generator.errors import Problem
from generator.schema import Path, toml_line

_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
"""Those that stand before a body. The indentation of its first line is part of it."""

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Document(msgspec.Struct, frozen=True):
    """A text file split. `line` finds a field's line in the file; `body_line` starts the body."""

    fields: dict[str, Any]
    body: str
    body_line: int
    line: Callable[[Path], int]


def parse(text: str, file: str) -> Document | Problem:
    """The document in `text`, or what is wrong with its front matter."""
    handler = next((h for h in _HANDLERS if h.detect(text.lstrip())), None)
    if handler is None:
        remedy = "start the file with a line `---`, fields such as `title: …`, and a line `---`"
        return Problem(file, 1, "there is no front matter", remedy)
    try:
        matter, body = handler.split(text.strip())
    except ValueError:
        mark = "}" if isinstance(handler, _Json) else handler.START_DELIMITER
        return Problem(file, 1, "the front matter never ends", f"close it with a line `{mark}`")
    above = text.count("\n", 0, text.index(matter))
    try:
        fields, body = handler.load(matter), _BLANK_LINES.sub("", body).rstrip()
    except (ValueError, TypeError, RecursionError, yaml.YAMLError) as error:
        return _broken(error, file, above)
    if not isinstance(fields, dict):
        fields = {}
    if not fields and matter.strip(" \t\r\n{}"):
        return Problem(file, 1, "the front matter is no table of fields", "write `title: …`")
    return Document(
        fields=fields,
        body=body,
        body_line=text.count("\n", 0, len(text.rstrip()) - len(body)) + 1,
        line=lambda path: handler.line_of(matter, path) + above,
    )


class _Loader(_SafeLoader):  # type: ignore[misc]
    """YAML without surprises: dates stay text (the door reads them), no field is there twice."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        letter: [(tag, regexp) for tag, regexp in pairs if tag != "tag:yaml.org,2002:timestamp"]
        for letter, pairs in _SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen = set()
        for key, _ in node.value:
            if key.value in seen and key.tag != "tag:yaml.org,2002:merge":
                what = f"the field `{key.value}` is there twice"
                raise yaml.constructor.ConstructorError(None, None, what, key.start_mark)
            seen.add(key.value if isinstance(key.value, str) else id(key))
        return super().construct_mapping(node, deep)


class _Yaml(YAMLHandler):
    def load(self, fm: str, **_: object) -> Any:
        fields = simple(fm)
        if fields is not None:
            return fields
        return yaml.load(fm, Loader=_Loader)  # noqa: S506 (it is a safe loader)

    def line_of(self, matter: str, path: Path) -> int:
        node, line = yaml.compose(matter, Loader=_SafeLoader), 1
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return line


class _Toml(BaseHandler):
    FM_BOUNDARY = re.compile(r"^\+{3,}\s*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "+++"

    def load(self, fm: str, **_: object) -> dict[str, Any]:
        return tomllib.loads(fm)

    def line_of(self, matter: str, path: Path) -> int:
        return toml_line(matter, path)


class _Json(JSONHandler):
    def load(self, fm: str, **_: object) -> Any:
        return json.loads(fm, object_pairs_hook=_each_once)

    def line_of(self, matter: str, path: Path) -> int:
        line, position = 1, 0
        for step in path:
            key = re.compile(rf"{re.escape(json.dumps(step))}\s*:").search(matter, position)
            if isinstance(step, str) and key:
                position = key.end()
                line = matter.count("\n", 0, key.start()) + 1
        return line


# ------------------------------------------------------------------------ simple YAML

_QUOTED = r'"[^"\\]*+(?:\\"[^"\\]*+)*+"'
_BARE = r"\w[^:#]*+(?::\w[^:#]*+)*+(?<! )"
_ITEM = re.compile(rf"{_QUOTED}|\w+(?:[ ./-]\w+)*+")
_ITEMS = rf"(?:{_ITEM.pattern})(?:, (?:{_ITEM.pattern}))*"
# A longer name could be too long for YAML.
_ROW = re.compile(rf"(\w{{1,99}}): (?:({_QUOTED}|{_BARE})|\[({_ITEMS}|)\])")


def simple(matter: str) -> dict[str, Any] | None:
    """What YAML makes of rows such as `title: "A"`, `date: 2026-03-31` and `tags: ["B", C]`.

    None if there is anything but texts and lists of texts, each in one row: that is for YAML.
    """
    fields: dict[str, Any] = {}
    for row in matter.strip("\n").split("\n"):
        found = _ROW.fullmatch(row)
        if found is None or found[1] in fields or not row.isprintable():
            return None
        name, text, items = found.groups()
        texts = [text] if text else _ITEM.findall(items)
        if not all(map(_is_text, [name, *texts])):
            return None
        fields[name] = _unquoted(text) if text else [_unquoted(item) for item in texts]
    return fields


@lru_cache(maxsize=1024)
def _is_text(scalar: str) -> bool:
    """Whether YAML takes a scalar for text: not for a number, for true or for nothing."""
    resolvers = _Loader.yaml_implicit_resolvers.get(scalar[0], ())
    return not any(regexp.match(scalar) for _, regexp in resolvers)


def _unquoted(scalar: str) -> str:
    return scalar[1:-1].replace('\\"', '"') if scalar[0] == '"' else scalar


# Each can also tell on which line of the front matter a field stands: `line_of`.
_HANDLERS: tuple[_Yaml | _Toml | _Json, ...] = (_Yaml(), _Toml(), _Json())


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose keys are each there once."""
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"the field `{name}` is there twice")
    return dict(pairs)


def _child(node: Any, step: str | int) -> tuple[int, Any] | None:
    """A field's or item's line (from 1) and node, below a YAML node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    return None


def _broken(error: Exception, file: str, above: int) -> Problem:
    """A syntax error as a problem; `above` lines of the file stand before the front matter."""
    if isinstance(error, tomllib.TOMLDecodeError):
        return broken_toml(file, str(error), above)
    if isinstance(error, json.JSONDecodeError):
        what = f"broken JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        return Problem(file, error.lineno + above, what, "mend the line or the one above it")
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return _broken_yaml(error, error.problem_mark, file, above)
    if isinstance(error, RecursionError):
        return Problem(file, 1 + above, "a field holds itself", "take out the anchor")
    what = f"broken front matter: {' '.join(str(error).split())}"
    return Problem(file, 1 + above, what, "mend it")


def _broken_yaml(error: yaml.MarkedYAMLError, mark: yaml.Mark, file: str, above: int) -> Problem:
    """YAML's own words, at the line where the mistake begins, with what to do about it."""
    what, remedy = error.problem or "", "mend the line or the one above it"
    context = error.context or ""
    if error.context_mark is not None and ("quoted scalar" in context or "flow" in context):
        mark = error.context_mark
        remedy = "close what is opened there"
    elif "mapping values are not allowed" in what:
        remedy = "put a text that holds a colon in quotes"
    elif "could not find expected ':'" in what:
        remedy = "write a colon and a space behind the field's name"
    elif "cannot start any token" in what or "constructor for the tag" in what:
        remedy = "put the text in quotes; begin lines with spaces, not tabs"
    return Problem(file, mark.line + 1 + above, f"broken YAML: {what}", remedy)
