"""Packages of others that shape the output because a site names them: found, and told apart.

What comes in is a name as Python imports it; what goes out is a digest that changes with what is
installed by that name, and names like it.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

from generator.mismatch import nearest
from generator.state.code_version import fingerprint


@cache
def installed_digest(module: str) -> str:
    """Return a digest of what is installed for a module; "" if nothing is.

    That are the versions of its distribution and of all that this requires. Where no version tells
    what is there, as with one that is being worked on, the files of the package are digested. A
    process asks once: what it has imported stays as it is.
    """
    top = module.partition(".")[0]
    spec = _spec(top)
    if spec is None:
        return ""
    names = _distributions(top)
    versions = sorted({f"{one} {metadata.version(one)}" for one in _with_requirements(names)})
    is_told = bool(names) and not any(map(_is_editable, names))
    return fingerprint(*versions, *(() if is_told else _files(spec)))


def is_installed(module: str) -> bool:
    """Return whether there is a package or module of that name, which is not imported for that."""
    return _spec(module.partition(".")[0]) is not None


def installed_like(module: str) -> str:
    """Return the installed package whose name is most like one that is not there; "" if none is."""
    return nearest(module, sorted(metadata.packages_distributions()), likeness=0.75)


def _spec(top: str) -> ModuleSpec | None:
    try:
        return find_spec(top) if top else None
    except (ImportError, ValueError):  # such as a module that was put there by hand
        return None


def _distributions(top: str) -> list[str]:
    """Return the names of the distributions that bring a package.

    Most are called as their package is: to look through all takes as long as many a build.
    """
    try:
        files = metadata.files(top) or ()
    except (metadata.PackageNotFoundError, ValueError):
        files = ()
    if any(file.parts[0] in (top, f"{top}.py") for file in files):
        return [top]
    return metadata.packages_distributions().get(top, [])


def _with_requirements(names: Iterable[str]) -> set[str]:
    """Return distributions, and all that they require, as far as it is installed."""
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


def _is_editable(name: str) -> bool:
    """Return whether a distribution is a folder that somebody works on.

    Direct URL Data Structure, https://packaging.python.org/en/latest/specifications/direct-url/
    """
    written = metadata.distribution(name).read_text("direct_url.json")
    return bool(written and json.loads(written).get("dir_info", {}).get("editable"))


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
