"""Interpreters of their own, with just these libraries installed."""

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Container
from pathlib import Path

from conftest import LONG

REPOSITORY = Path(__file__).parents[1]


class Interpreter:
    """A virtual environment in a folder, with Broadsheet as it is in the repository.

    All libraries are linked from the one that the tests run in, but for those `without`.
    """

    def __init__(self, folder: Path, without: Container[str] = ()) -> None:
        venv.create(folder, symlinks=True)
        variables = {"base": str(folder), "platbase": str(folder)}
        self.libraries = Path(sysconfig.get_path("purelib", "venv", vars=variables))
        bin_folder = Path(sysconfig.get_path("scripts", "venv", vars=variables))
        self.python = bin_folder / Path(sys.executable).name
        for item in Path(sysconfig.get_path("purelib")).iterdir():
            if item.name.split("-")[0] not in without and "broadsheet" not in item.name:
                (self.libraries / item.name).symlink_to(item)
        (self.libraries / "repository.pth").write_text(str(REPOSITORY), encoding="utf-8")

    def install(self, **files: str) -> None:
        """Have Broadsheet count as a distribution that is installed, with these files in it."""
        metadata = "Metadata-Version: 2.1\nName: broadsheet\nVersion: 1.2.3\n"
        folder = self.libraries / "broadsheet-1.2.3.dist-info"
        folder.mkdir(exist_ok=True)
        for name, text in {"METADATA": metadata, **files}.items():
            (folder / name.replace("_json", ".json")).write_text(text, encoding="utf-8")

    def run(self, *arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
        kept = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            [self.python, *arguments],
            cwd=cwd,
            env=kept,
            capture_output=True,
            text=True,
            timeout=LONG,
        )

    def broadsheet(self, *arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
        """The real command."""
        return self.run("-P", "-m", "generator", *arguments, cwd=cwd)
