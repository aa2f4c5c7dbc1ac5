"""The code of a site's own: which there is, and what tells it from other code.

What comes in are the folder of a site and its settings; what goes out are `Extensions`, a value by
which any process finds the same code (`functions` runs it). Nothing is run here.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from generator.codes import Code
from generator.config import LAYOUTS, SITE_TOML, Settings
from generator.errors import Problem, attempt, fault
from generator.regular import read_whole
from generator.state.code_version import fingerprint
from generator.templates.folders import CODE, has_code

OWN = f"{LAYOUTS}/{CODE}"
"""The file of a site's own code, as messages name it."""


class Package(msgspec.Struct, frozen=True):
    """An installed package of extensions. `digest` is "" if there is none of that name."""

    name: str
    digest: str


class Extensions(msgspec.Struct, frozen=True):
    """A site's own code: the text of its file, if there is one, and the packages that it names.

    `digest` is that of the text and of the packages that it imports. The text goes along, so that
    what is run is what was digested, in whatever process.
    """

    file: str = ""
    text: str = ""
    digest: str = ""
    packages: tuple[Package, ...] = ()

    @property
    def digests(self) -> dict[str, str]:
        """Return the digest of each part, by the name of the file or package."""
        own = {OWN: self.digest} if self.file else {}
        return own | {package.name: package.digest for package in self.packages}


def find_extensions(root: Path, settings: Settings) -> tuple[Extensions, list[Problem]]:
    """Return a site's own code, and why its file cannot be read, if it cannot."""
    packages = tuple(Package(name, _installed(name)) for name in settings.extensions)
    file = root / OWN
    if not has_code(root):
        return Extensions(packages=packages), []
    read = attempt(lambda: read_whole(file).decode("utf-8-sig"), lambda e: fault(OWN, e))
    if isinstance(read, Problem):
        return Extensions(packages=packages), [read]
    libraries = (f"{name} {_installed(name)}" for name in sorted(_imported(read)))
    return Extensions(str(file), read, fingerprint(read, *libraries), packages), []


def refused_file(root: Path) -> Iterator[Problem]:
    """Yield why who runs no code of a site refuses its layouts, if they bring some."""
    if has_code(root):
        yield Problem(OWN, 0, "this is code, which --safe does not run", _READ, code=Code.EXTENSION)


def refused_settings(settings: Settings) -> Iterator[Problem]:
    """Yield why who runs no code for a site refuses its settings, if they have some run."""
    doors = (
        (("extensions",), settings.extensions),
        (("markdown", "extensions"), settings.markdown.extensions),
    )
    for field, names in doors:
        if names:
            what = f"{'.'.join(field)}: these packages are code, which --safe does not run"
            yield Problem(SITE_TOML, 0, what, _READ, field=field, code=Code.EXTENSION)


_READ = "look it over, then go without --safe"


def _installed(name: str) -> str:
    from generator.state.installed import installed_digest  # few sites have anything to ask it

    return installed_digest(name)


def _imported(text: str) -> set[str]:
    """Return the packages that a text of Python imports, but for Python's own and Broadsheet."""
    try:
        nodes = [*ast.walk(ast.parse(text, OWN))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # told when it is to be run
        return set()
    names = [one.name for node in nodes if isinstance(node, ast.Import) for one in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    tops = {name.partition(".")[0] for name in names}
    return tops - sys.stdlib_module_names - {"", "generator"}
