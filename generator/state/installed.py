"""Packages of others that shape the output because a site names them: found, and told apart.

What comes in is a name as Python imports it; what goes out is a digest that changes with what is
installed by that name, and names like it.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

from generator.mismatch import nearest
from generator.state.code_version import fingerprint


@cache
def installed_digest(module: str) -> str:
    """Return a digest of what is installed for a module; "" if nothing is.

    That are the versions of its distribution and of all that this requires. Where there is none, as
    with a package that is being worked on, its files are digested. A process asks once: what it has
    imported stays as it is.
    """
    top = module.partition(".")[0]
    spec = _spec(top)
    if spec is None:
        return ""
    from importlib import metadata  # slow to import, and few sites ask

    names = [*_distributions(spec)]
    versions = sorted(f"{one} {metadata.version(one)}" for one in _with_requirements(names))
    return fingerprint(*versions, *(() if names else _files(spec)))


def find_package(name: str) -> str:
    """Return the folder of an installed package, which is not imported for that; "" if none is."""
    spec = _spec(name)
    return next(iter(spec.submodule_search_locations or ()), "") if spec else ""


def installed_like(module: str) -> str:
    """Return the installed package whose name is most like one that is not there; "" if none is."""
    from importlib import metadata

    return nearest(module, sorted(metadata.packages_distributions()), likeness=0.75)


def _spec(top: str) -> ModuleSpec | None:
    try:
        return find_spec(top) if top else None
    except (ImportError, ValueError):  # such as a module that was put there by hand
        return None


def _distributions(spec: ModuleSpec) -> Iterator[str]:
    """Yield the names of the distributions that bring a package, of those that lie beside it.

    Their lists of files tell (https://packaging.python.org/specifications/recording-installed-packages).
    The one of a package that is being worked on lies elsewhere.
    """
    place = next(iter(spec.submodule_search_locations or ()), spec.origin or "")
    brought = re.compile(rf"^{re.escape(spec.name)}[/.]".encode(), re.MULTILINE)
    for record in sorted(Path(place).parent.glob("*.dist-info/RECORD")):
        if brought.search(record.read_bytes()):
            yield record.parent.name.partition("-")[0]


def _with_requirements(names: Iterable[str]) -> set[str]:
    """Return distributions, and all that they require, as far as it is installed."""
    from importlib import metadata

    found: set[str] = set()
    ahead = {_normalized(name) for name in names}
    while ahead:
        name = ahead.pop()
        try:
            required = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        found.add(name)
        wanted = (_REQUIRED.match(one) for one in required)
        ahead |= {_normalized(one[0]) for one in wanted if one} - found
    return found


def _normalized(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()


def _files(spec: ModuleSpec) -> Iterator[bytes]:
    """Yield the names and bytes of the files of a package, or of a module that is one file."""
    folders = [Path(folder) for folder in spec.submodule_search_locations or ()]
    files = {file.relative_to(folder): file for folder in folders for file in folder.rglob("*.py")}
    if not folders and spec.origin:
        files = {Path(spec.name): Path(spec.origin)}
    for name, file in sorted(files.items()):
        if file.is_file():
            yield name.as_posix().encode()
            yield file.read_bytes()


_REQUIRED = re.compile(r"[\w.-]+")
