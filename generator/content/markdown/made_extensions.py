"""Extensions of Python-Markdown made, and what is wrong with those that cannot be.

What comes in are the settings, or what was made of them; what goes out are extensions, and a
problem for each that is not there, or has no such option.
"""

import json
import pkgutil
from collections.abc import Iterable, Iterator
from typing import Any

from markdown import Markdown as Converter
from markdown.extensions import Extension

from generator.codes import Code
from generator.config import SITE_TOML, Markdown
from generator.content.markdown.extensions import (
    MarkdownExtension,
    digest_of,
    entry_points,
    extensions_of,
    short_name,
)
from generator.errors import Problem, said, visible
from generator.fields import Path as Field
from generator.mismatch import nearest
from generator.state.installed import find_package, installed_like


def unusable(settings: Markdown) -> list[Problem]:
    """Return what is wrong with the extensions of a site, which are imported for that."""
    named = {short_name(name): n for n, name in enumerate(settings.extensions)}
    given = {short_name(name): name for name in settings.options}
    problems: list[Problem] = []
    for one in extensions_of(settings):
        options: Field = ("markdown", "options", given.get(one.name, one.name))
        is_named = one.name in named
        field = ("markdown", "extensions", named[one.name]) if is_named else options
        problems += _wrong(one, field, options)
    return problems


def unlike(extensions: Iterable[MarkdownExtension]) -> list[Problem]:
    """Return which of these are not installed here as they are where the site is built."""
    others = [one.name for one in extensions if digest_of(one.name) != one.digest]
    what, remedy = "is installed otherwise at this worker", "install there what is installed here"
    field: Field = ("markdown", "extensions")
    return [_problem(field, f'markdown.extensions: "{name}" {what}', remedy) for name in others]


def made(extension: MarkdownExtension, options: dict[str, Any] | None = None) -> Extension:
    """Return an extension with its options. Raises whatever its maker makes of them."""
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
    if not isinstance(error, ModuleNotFoundError):
        return f'"{name}" cannot be imported: {said(error)}', "mend it, or take it out"
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
        return nearest(name, (point.name for point in entry_points()))
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
