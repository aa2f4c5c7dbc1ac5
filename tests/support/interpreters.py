"""Interpreters of their own, with just these libraries installed."""

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Container
from pathlib import Path

from generator.system import IS_WINDOWS
from support.sites import LONG, REPOSITORY


class Interpreter:
    """A virtual environment in a folder.

    All libraries are linked from the one that the tests run in, but for those `without`. Broadsheet
    is as it is in the repository, unless it is still to be `installed`.
    """

    def __init__(
        self, folder: Path, without: Container[str] = (), *, installed: bool = True
    ) -> None:
        venv.create(folder, symlinks=not IS_WINDOWS)
        variables = {"base": str(folder), "platbase": str(folder)}
        self.libraries = Path(sysconfig.get_path("purelib", "venv", vars=variables))
        bin_folder = Path(sysconfig.get_path("scripts", "venv", vars=variables))
        self.python = bin_folder / Path(sys.executable).name
        for item in Path(sysconfig.get_path("purelib")).iterdir():
            is_ours = "broadsheet" in item.name or item.name == "generator"  # its layouts lie there
            if item.name.split("-")[0] not in without and not is_ours:
                (self.libraries / item.name).symlink_to(item)
        if installed:
            pth = self.libraries / "repository.pth"
            pth.write_text(f"{REPOSITORY}\n", encoding="utf-8")

    def is_told(self, direct_url: str | None) -> None:
        """Have Broadsheet count as installed in version 1.2.3, with this `direct_url.json`."""
        folder = self.libraries / "broadsheet-1.2.3.dist-info"
        folder.mkdir(exist_ok=True)
        metadata = "Metadata-Version: 2.1\nName: broadsheet\nVersion: 1.2.3\n"
        (folder / "METADATA").write_text(metadata, encoding="utf-8")
        note = folder / "direct_url.json"
        note.unlink(missing_ok=True)
        if direct_url is not None:
            note.write_text(direct_url, encoding="utf-8")

    def install(self, *arguments: str | Path) -> None:
        """Install Broadsheet by the real pip, with the libraries that are there."""
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "install", "-q"]
        alone = "--no-deps", "--force-reinstall", *map(str, arguments)
        done = subprocess.run([*pip, *alone], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

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
