"""The extensions of Python-Markdown that a site names.

What comes in are the settings; what goes out are values by which any process makes the same
converter. Nothing is imported of them.
"""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from generator.config import EXTENSIONS, EXTENSIONS_ON, Markdown
from generator.state.code_version import fingerprint


class MarkdownExtension(msgspec.Struct, frozen=True):
    """An extension by its name, with its options as JSON. `digest` is that of what is installed."""

    name: str
    options: str
    digest: str


def extensions_of(settings: Markdown) -> tuple[MarkdownExtension, ...]:
    """Return the extensions of a site, each once, and with them its options of those that are on.

    Of a bundle there is what is not on already.
    """
    if not (settings.extensions or settings.options):
        return ()
    options = {short_name(name): given for name, given in settings.options.items()}
    names = [short_name(name) for name in settings.extensions]
    every = [part for name in names for part in _BUNDLES.get(name, (name,))]
    colours_code = "codehilite" in names
    wanted = dict.fromkeys([*(["fenced_code"] if colours_code else []), *every, *options])
    return tuple(
        MarkdownExtension(name, json.dumps(options.get(name, {}), default=str), digest_of(name))
        for name in wanted
        if name not in EXTENSIONS_ON or name in options or (name == "fenced_code" and colours_code)
    )


_BUNDLES = {"extra": ("abbr", "md_in_html")}
"""What a bundle has beside the extensions that are on."""


def read_code(extensions: Iterable[MarkdownExtension]) -> bool:
    """Return whether one of some extensions reads fenced code, and colours it in its own way."""
    return any(_READING_CODE.search(one.name) for one in extensions)


_READING_CODE = re.compile("codehilite|fence|highlight")


def short_name(name: str) -> str:
    """Return the name of an extension without what all of the library's own begin with."""
    return name.removeprefix(EXTENSIONS)


def digest_of(name: str) -> str:
    """Return a digest of what is installed for an extension, and of what colours code for it."""
    from generator.state.installed import installed_digest  # few sites name any

    return fingerprint(installed_digest(_module(name)), installed_digest("pygments"))


@cache
def _module(name: str) -> str:
    """Return the module of an extension. Those of the library are known by its folder."""
    if "." in name or ":" in name:
        return name.partition(":")[0]
    from generator.state.installed import find_package

    library = find_package("markdown")
    if library and Path(library, "extensions", f"{name}.py").is_file():
        return f"{EXTENSIONS}{name}"
    found = (point.module for point in entry_points() if point.name == name)
    return next(found, name)


def entry_points() -> Any:
    """Return the extensions that distributions have given short names."""
    from importlib import metadata  # slow to import

    return metadata.entry_points(group="markdown.extensions")
