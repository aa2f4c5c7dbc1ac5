"""A text file in its two parts: front matter (YAML, TOML or JSON) and body.

In comes the text of a file, out goes a `Document`, or the `Problem` why there is none.
python-frontmatter splits and parses; here is what an editor needs beside it: the line
of each field, how its value was typed, and errors that name it.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from generator.codes import Code
from generator.content.front_matter.handler import BrokenError, EndlessError, Handler, Loss
from generator.content.front_matter.json import Json
from generator.content.front_matter.toml import Toml
from generator.content.front_matter.yaml import Yaml, unspaced
from generator.errors import Problem
from generator.fields import Path
from generator.spelling import Format


class Document(msgspec.Struct, frozen=True):
    """A text file split. `line` finds a field's line in the file; `body_line` starts the body.

    Values that are no text are `Scalar`s. `losses` is what was typed and is no part of any value.
    """

    fields: dict[str, Any]
    body: str
    body_line: int
    line: Callable[[Path], int]
    form: Format = "yaml"
    losses: tuple[Loss, ...] = ()


def parse(text: str, file: str) -> Document | Problem:
    """Return the document in `text`, or what is wrong with its front matter."""
    text = text.lstrip("\ufeff")
    start = len(text) - len(text.lstrip())
    handler = _handler(text[start:])
    if handler is None:
        remedy = "start the file with a line `---`, fields such as `title: …`, and a line `---`"
        return Problem(file, 1, "there is no front matter", remedy, code=Code.BROKEN_SYNTAX)
    above = text.count("\n", 0, start + handler.starts(text[start:]))
    try:
        matter, body = handler.split(text.strip())
        fields = handler.load(matter)
    except BrokenError as error:
        line = error.line + above
        return Problem(file, line, error.what, error.remedy, code=Code.BROKEN_SYNTAX)
    except EndlessError:
        remedy = f"close it with a line `{handler.fence}`"
        return Problem(file, 1, "the front matter never ends", remedy, code=Code.BROKEN_SYNTAX)
    if not isinstance(fields, dict):
        fields = {}
    if not fields and matter.strip(" \t\r\n{}"):
        if found := unspaced(matter, len(matter), len(matter)):
            return Problem(file, found[0] + above, *found[1:], code=Code.BROKEN_SYNTAX)
        what = "the front matter is no table of fields"
        return Problem(file, 1, what, "write `title: …`", code=Code.BROKEN_SYNTAX)
    body = _BLANK_LINES.sub("", body).rstrip()
    return Document(
        fields=fields,
        body=body,
        body_line=text.count("\n", 0, len(text.rstrip()) - len(body)) + 1,
        line=lambda path: handler.line_of(path) + above,
        form=handler.form,
        losses=tuple(
            msgspec.structs.replace(loss, line=loss.line + above) for loss in handler.losses()
        ),
    )


def _handler(text: str) -> Handler | None:
    """Return a handler of the format that the text begins with."""
    kinds: tuple[type[Yaml | Toml | Json], ...] = (Yaml, Toml, Json)
    handlers: Iterator[Handler] = (kind() for kind in kinds)
    return next((handler for handler in handlers if handler.detect(text)), None)


_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
