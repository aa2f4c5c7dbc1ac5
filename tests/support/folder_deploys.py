"""Plain deploys to a folder, and what is found there afterwards."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator.deploy.targets.folder.target import FolderTarget
from generator.deploy.targets.target import Upload
from generator.errors import SiteError
from generator.kinds import PageKind
from support.breakpoints import PATHS
from support.host_folder import carry, contents
from support.sites import LONG


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def anew(site: Path, files: dict[str, str]) -> None:
    """A site with these files and no others, written anew as a build does."""
    shutil.rmtree(site, ignore_errors=True)
    write(site, files)


def deploy(site: Path, top: Path) -> dict[str, bytes]:
    """Deploy; what readers get then."""
    carry(site, FolderTarget(top))
    return contents(top)


def refusal(site: Path, top: Path) -> str:
    """What is said to a deploy that must leave everything as it was."""
    before = contents(top)
    with pytest.raises(SiteError) as refused:
        deploy(site, top)
    assert contents(top) == before
    assert is_tidy(top)
    (problem,) = refused.value.problems
    assert problem.remedy
    return str(problem)


def is_tidy(top: Path) -> bool:
    """Whether nothing stands beside the folder but releases, with what is known of them."""
    stem = f".{top.name}.broadsheet"
    beside = {file.name for file in top.parent.iterdir() if file.name.startswith(stem)}
    numbers = {name.removeprefix(f"{stem}.") for name in beside - {stem}}
    own = {file.name for file in (top.parent / stem).glob("*")}
    known = {f"{number}.{kind}" for number in numbers for kind in ("json", "copies")}
    return all(map(str.isdecimal, numbers)) and len(numbers) <= 3 and own <= known | {"lock"}


def text(files: dict[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in files.items()}


def upload(site: Path, name: str, path: str) -> Upload:
    file = site / name
    return Upload(path, file, file.stat().st_size, PageKind.PAGE, "")


def marks(top: Path) -> dict[str, str]:
    target = FolderTarget(top)
    with target.opened():
        return target.listing()


def python(code: str, *arguments: object) -> str:
    """What a program prints that ends well."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=LONG)
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment() -> dict[str, str]:
    paths = [PATHS, os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


THEIRS = {"theirs/x.txt": "theirs", "7/theirs.txt": "theirs"}


def edition(site: Path, number: int, size: int) -> dict[str, bytes]:
    """A site of which each edition differs from the one before in every second page."""
    files = {f"{n}/index.html": f"{n} {number * (n % 2)}" * 50 for n in range(number % 5, size)}
    anew(site, files)
    return text(files)
