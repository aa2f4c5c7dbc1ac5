"""The extensions of Python-Markdown that a site names, and what is wrong with them.

What comes in are the settings; what goes out are values by which any process makes the same
converter, and a problem for each that is not there or has no such option.
"""

import json
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from generator.codes import Code
from generator.config import EXTENSIONS, EXTENSIONS_ON, SITE_TOML, Markdown
from generator.errors import Problem, said, visible
from generator.fields import Path as Field
from generator.mismatch import nearest
from generator.state.code_version import fingerprint
from generator.state.installed import find_package, installed_digest, installed_like

if TYPE_CHECKING:
    from markdown.extensions import Extension


class MarkdownExtension(msgspec.Struct, frozen=True):
    """An extension by its name, with its options as JSON. `digest` is that of what is installed."""

    name: str
    options: str
    digest: str


def extensions_of(settings: Markdown) -> tuple[MarkdownExtension, ...]:
    """Return the extensions of a site, each once, and with them its options of those that are on.

    Of a bundle there is what is not on already.
    """
    options = {_short(name): given for name, given in settings.options.items()}
    names = [_short(name) for name in settings.extensions]
    every = [part for name in names for part in _BUNDLES.get(name, (name,))]
    colours_code = "codehilite" in names
    wanted = dict.fromkeys([*(["fenced_code"] if colours_code else []), *every, *options])
    return tuple(
        MarkdownExtension(name, json.dumps(options.get(name, {}), default=str), _digest(name))
        for name in wanted
        if name not in EXTENSIONS_ON or name in options or (name == "fenced_code" and colours_code)
    )


_BUNDLES = {"extra": ("abbr", "md_in_html")}
"""What a bundle has beside the extensions that are on."""


def _short(name: str) -> str:
    return name.removeprefix(EXTENSIONS)


def _digest(name: str) -> str:
    """Return a digest of what is installed for an extension, and of what colours code for it."""
    module = _module(name)
    return fingerprint(installed_digest(module), installed_digest("pygments")) if module else ""


@cache
def _module(name: str) -> str:
    """Return the module of an extension. Those of the library are known by its folder."""
    if "." in name or ":" in name:
        return name.partition(":")[0]
    library = find_package("markdown")
    if library and Path(library, "extensions", f"{name}.py").is_file():
        return f"{EXTENSIONS}{name}"
    found = (point.module for point in _entry_points() if point.name == name)
    return next(found, name)


def _entry_points() -> Any:
    from importlib.metadata import entry_points  # looks into all that is installed

    return entry_points(group="markdown.extensions")


# ------------------------------------------------------------------------ what is wrong


def unusable(settings: Markdown) -> list[Problem]:
    """Return what is wrong with the extensions of a site, which are imported for that."""
    named = {_short(name): n for n, name in enumerate(settings.extensions)}
    given = {_short(name): name for name in settings.options}
    problems: list[Problem] = []
    for one in extensions_of(settings):
        options: Field = ("markdown", "options", given.get(one.name, one.name))
        is_named = one.name in named
        field = ("markdown", "extensions", named[one.name]) if is_named else options
        problems += _wrong(one, field, options)
    return problems


def unlike(extensions: Iterable[MarkdownExtension]) -> list[Problem]:
    """Return which of these are not installed here as they are where the site is built."""
    others = [one.name for one in extensions if _digest(one.name) != one.digest]
    what, remedy = "is installed otherwise at this worker", "install there what is installed here"
    field: Field = ("markdown", "extensions")
    return [_problem(field, f'markdown.extensions: "{name}" {what}', remedy) for name in others]


def made(extension: MarkdownExtension, options: dict[str, Any] | None = None) -> "Extension":
    """Return an extension with its options. Raises whatever its maker makes of them."""
    from markdown import Markdown as Converter  # a build with nothing new converts nothing

    given = json.loads(extension.options) if options is None else options
    found = Converter().build_extension(extension.name, given)
    Converter(extensions=[found])  # that may fail as well
    return Converter().build_extension(extension.name, given)


def _wrong(extension: MarkdownExtension, field: Field, options: Field) -> Iterator[Problem]:
    """Yield what is wrong with an extension that is named in a field, and has options in one."""
    name = extension.name
    try:
        made(extension)
        return
    except ImportError as error:
        what, remedy = _missing(name, error)
    except (Exception, SystemExit) as error:
        if unknown := [*_unknown_options(extension, options)]:
            yield from unknown
            return
        what, remedy = f'"{name}" cannot be used: {said(error)}', "mend its options, or take it out"
        if _NONE in what:
            what, remedy = f'"{name}" is no extension of Python-Markdown', "take it out"
    yield _problem(field, f"markdown.{field[1]}: {what}", remedy)


_NONE = "Failed to initiate extension"
"""What Python-Markdown says of a module that is none."""


def _missing(name: str, error: ImportError) -> tuple[str, str]:
    """Return what is to be said of an extension that cannot be imported."""
    missing, name = error.name or "", name.partition(":")[0]
    if missing and not f"{name}.".startswith(f"{missing}."):
        return f'"{name}" needs "{missing}", which is not installed', f"pip install {missing}"
    if close := _like(name):
        return f'there is no extension "{name}"', f'did you mean "{close}"?'
    top = name.partition(".")[0]
    brought = _BROUGHT_BY.get(top, top)
    return f'there is no extension "{name}"', f"take it out, or pip install {brought}"


_BROUGHT_BY = {"pymdownx": "pymdown-extensions"}
"""Distributions that are not called as the package that they bring."""


def _like(name: str) -> str:
    """Return the name of an extension that is there and much like one that is not, or ""."""
    top, _, rest = name.partition(".")
    if not rest:
        return nearest(name, (point.name for point in _entry_points()))
    if folder := find_package(top):
        known = (f"{top}.{module.name}" for module in pkgutil.iter_modules([folder]))
        return nearest(name, known)
    close = installed_like(top)
    return f"{close}.{rest}" if close else ""


def _unknown_options(extension: MarkdownExtension, field: Field) -> Iterator[Problem]:
    """Yield options that an extension does not have; they are given in that field."""
    try:
        known = made(extension, {}).getConfigs()
    except (Exception, SystemExit):
        return
    for name in json.loads(extension.options):
        if name not in known:
            close = nearest(name, known)
            what = f'markdown.options."{field[-1]}": there is no option `{visible(name)}`'
            remedy = f"did you mean `{close}`?" if close else f"it has: {', '.join(known)}"
            yield _problem((*field, name), what, remedy)


def _problem(field: Field, what: str, remedy: str) -> Problem:
    return Problem(SITE_TOML, 0, what, remedy, field=field, code=Code.EXTENSION)
