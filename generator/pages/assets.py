"""The assets of the layouts: files copied as they are, and the icon that is drawn from one."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate

from msgspec.structs import replace

from generator.config import CONTENT, LAYOUTS
from generator.errors import Problem
from generator.kinds import PageKind
from generator.pages.context import PageContext
from generator.pages.output import Copied, Derived, Output, SourceFile
from generator.templates.assets import FOLDER, TOUCH_ICON, Asset, touch_icon_path

_SIZE = 180
"""Pixels each way of an icon that telephones put on their screens."""


def asset_outputs(assets: Mapping[str, Asset]) -> Iterator[Output]:
    """Yield the output of each asset."""
    for asset in assets.values():
        file = asset.file
        if asset.drawing:
            inputs = (asset.data, _SIZE, file)
            yield Derived(asset.path, PageKind.IMAGE, drawn, inputs, source_file=file)
        else:
            yield Copied(asset.path, PageKind.ASSET, asset.data, asset.path, source_file=file)


def icon_outputs(context: PageContext, root: Path) -> Iterator[Output]:
    """Yield the picture for telephones of the icon that the settings name, if that is a drawing."""
    if icon := context.compose.drawn_icon():
        file, path = f"{CONTENT}/{icon.path}", touch_icon_path(icon.digest)
        inputs = (SourceFile(root / file, icon.digest), _SIZE, file)
        yield Derived(path, PageKind.IMAGE, drawn_file, inputs, source_file=file)


def drawn_file(svg: Path, size: int, file: str) -> bytes | Problem:
    """Return the drawing in a file of the content as `drawn` does."""
    made = drawn(svg.read_bytes(), size, file)
    remedy = "mend it, or name a .png in its place"
    return replace(made, remedy=remedy) if isinstance(made, Problem) else made


def drawn(svg: bytes, size: int, file: str) -> bytes | Problem:
    """Return a drawing as a square PNG of `size` pixels each way, on white.

    `file` is the one that a mistake in it is told of. No font of the machine, no other file and
    no network has a part in it.
    """
    remedy = f"mend it, or put a picture of {size} × {size} pixels at {_OWN}"
    if broken := _broken(svg):
        line, what = broken
        return Problem(file, line, f"this drawing is broken: {what}", remedy)
    picture = _rendered(svg, size)
    if picture == _rendered(b"", size):
        return Problem(file, 0, "nothing of this drawing can be seen on white", remedy)
    return picture


def _broken(svg: bytes) -> tuple[int, str] | None:
    """Return the line of the first mistake in a drawing as XML, and what it is; None for none."""
    parser, depth = ParserCreate(), 0

    def begin(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise RecursionError

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    try:
        parser.Parse(svg, True)
    except ExpatError as error:
        return error.lineno, str(error).partition(":")[0]
    except RecursionError:
        return parser.CurrentLineNumber, f"more than {_DEEPEST} elements stand in one another"
    return None


def _rendered(svg: bytes, size: int) -> bytes:
    """Return a picture with a drawing in it, whole and in the middle.

    What a drawing that stands in another leads to is never looked up.
    """
    from resvg_py import svg_to_bytes

    address = f"data:image/svg+xml;base64,{b64encode(svg).decode()}"
    frame = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}">'
        f'<image width="{size}" height="{size}" href="{address}"/></svg>'
    )
    return svg_to_bytes(svg_string=frame, background="#fff", skip_system_fonts=True)


_DEEPEST = 100
"""Elements in one another: with many thousands the renderer would end the whole process."""
_OWN = f"{LAYOUTS}/{FOLDER}/{TOUCH_ICON}"
"""Where a site puts its own, which then needs no drawing."""
