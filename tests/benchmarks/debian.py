"""What benchmarks take from Debian's packages: unpacked below a folder unless it is there.

In come names of packages; out go folders. `apt-get` has to be there, with lists that are fresh.
Nothing is installed.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def package(folder: Path, name: str) -> Path:
    """The files of a package, as they would lie in the system."""
    target = folder / name
    if not target.exists():
        loads = _made(folder / f"{name}.load")
        _run(["apt-get", "download", name], loads)
        (archive,) = loads.glob("*.deb")
        _run(["dpkg", "-x", str(archive), str(target)], folder)
    return target


def source(folder: Path, name: str) -> Path:
    """What the source of a package was made from, with all its tests."""
    target = folder / f"{name}.source"
    if not target.exists():
        loads = _made(folder / f"{name}.load")
        options = _of_sources(folder)
        _run(["apt-get", *options, "source", "--download-only", "--tar-only", name], loads)
        (archive,) = loads.glob("*.orig.tar.*")
        unpacked = _made(folder / f"{name}.unpacked")
        _run(["tar", "--extract", "--file", str(archive)], unpacked)
        unpacked.rename(target)
    return target


def _of_sources(folder: Path) -> list[str]:
    """Options by which apt sees the sources that belong to the system's packages.

    They have lists of their own: the system's stay as they are.
    """
    parts, lists = _made(folder / "sources"), _made(folder / "lists")
    own = "Dir::Etc::sourcelist=-", f"Dir::Etc::sourceparts={parts}", f"Dir::State::lists={lists}"
    options = [part for option in own for part in ("-o", option)]
    if not any(parts.iterdir()):
        for file in filter(Path.exists, _OF_DEBIAN):
            text = _BINARY.sub(r"\1deb-src", file.read_text(encoding="utf-8"))
            (parts / file.name).write_text(text, encoding="utf-8")
        _run(["apt-get", *options, "update"], folder)
    return options


_OF_DEBIAN = Path("/etc/apt/sources.list"), Path("/etc/apt/sources.list.d/debian.sources")
_BINARY = re.compile(r"^((?:Types: )?)deb(?= |$)", re.MULTILINE)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _run(command: Sequence[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)
