"""What is kept between builds is good for one version of all that shapes the output."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from generator.state.code_version import NOT_SHAPING, SHAPING
from support.sites import REPOSITORY

TELL = "from generator.state.code_version import code_version; print(code_version())"
SHAPING_ROOMS = (
    "config",
    "content",
    "hosts",
    "output",
    "pages",
    "pictures",
    "related",
    "site",
    "templates",
)
SHAPING_MODULES = (
    "fields",
    "globs",
    "markup",
    "mismatch",
    "model",
    "moments",
    "schema",
    "slugs",
    "spelling",
    "terms",
    "toml_places",
    "urls",
)
UNSHAPING_EXTRAS = {"dev": "tests and checks: nothing of the package imports it"}


def normalized(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()


def required(repository: Path) -> Iterator[str]:
    """The names of what `pyproject.toml` requires, with its extras."""
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert UNSHAPING_EXTRAS.keys() <= extras.keys()
    shipped = [extras[name] for name in extras if name not in UNSHAPING_EXTRAS]
    for line in (*project["dependencies"], *(line for lines in shipped for line in lines)):
        yield normalized(Requirement(line).name)


def required_by(distribution: str) -> Iterator[str]:
    """The names of what a distribution requires itself on this system."""
    for requirement in map(Requirement, requires(distribution) or ()):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield normalized(requirement.name)


def test_each_dependency_is_decided_upon(repository: Path) -> None:
    """A new one is put into one of the two tables of `generator/state/code_version.py`.

    So is what a shaping one requires itself.
    """
    named = set(required(repository))
    brought = {name for library in SHAPING if library != "tzdata" for name in required_by(library)}
    assert {*SHAPING, *NOT_SHAPING} == named | brought
    assert not set(SHAPING) & set(NOT_SHAPING)
    assert all(NOT_SHAPING.values())


def test_what_the_shaping_rooms_import_is_shaping(repository: Path) -> None:
    brought = packages_distributions()
    for file in shaping_files(repository / "generator"):
        for module in imported(file):
            distributions = {normalized(name) for name in brought.get(module, ())}
            wrong = distributions & NOT_SHAPING.keys()
            undecided = distributions - {*SHAPING, *NOT_SHAPING, "broadsheet"}
            assert not wrong, f"{file} imports {module}"
            assert not undecided, f"{file} imports {module}"


def shaping_files(package: Path) -> Iterator[Path]:
    for room in SHAPING_ROOMS:
        place = package / room
        yield from place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]
    for module in SHAPING_MODULES:
        yield package / f"{module}.py"


def imported(file: Path) -> Iterator[str]:
    """The top names of the packages that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("library", [name for name in SHAPING if name != "tzdata"])
def test_the_name_of_a_folder_tells_the_version_that_the_metadata_tells(library: str) -> None:
    code = f"from generator.state import code_version as c; print(c._installed()[{library!r}])"
    assert told_by(code) == version(library)


@pytest.mark.parametrize("folder", ["text_unidecode", "imagesize", "tzdata", "Python.Slugify"])
def test_another_version_of_a_shaping_library_is_another_code_version(
    folder: str, tmp_path: Path
) -> None:
    before = told_by(TELL)
    (tmp_path / f"{folder}-99.1.dist-info").mkdir()
    other = told_by(TELL, tmp_path)
    (tmp_path / f"{folder}-99.1.dist-info").rename(tmp_path / f"{folder}-99.2.dist-info")
    assert len({before, other, told_by(TELL, tmp_path)}) == 3


def test_another_version_of_any_other_library_is_not(tmp_path: Path) -> None:
    before = told_by(TELL)
    for name in (*NOT_SHAPING, "flask", "odd"):
        (tmp_path / f"{name}-99.1.dist-info").mkdir()
    (tmp_path / "odd.dist-info").write_text("")
    assert told_by(TELL, tmp_path) == before


def test_a_library_whose_metadata_is_an_egg_is_found(tmp_path: Path) -> None:
    """Some systems install their own packages so; no folder's name is as it is elsewhere."""
    egg = tmp_path / "imagesize.egg-info"
    egg.mkdir()
    (egg / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: imagesize\nVersion: 99.1\n")
    code = "from generator.state import code_version as c; print(c._installed())"
    assert told_by(code, tmp_path, "-S") == "{'imagesize': '99.1'}"


def told_by(code: str, first: Path | None = None, *options: str) -> str:
    """What Python prints that looks for packages in a folder first; with -S in no others."""
    repository = REPOSITORY
    path = os.pathsep.join(str(folder) for folder in (first, repository) if folder)
    run = subprocess.run(
        [sys.executable, *options, "-c", code],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()
