"""What `broadsheet init` and its stories tell a newcomer to type: it is typed here."""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import pytest
from lxml import html

from generator.commands.build import build
from generator.commands.start import PLACEHOLDER, STARTER, first_steps
from support.preview_process import eventually
from support.sites import LONG, NOW, REPOSITORY, words

pytestmark = pytest.mark.long

STORIES = sorted((STARTER / "content/articles").glob("*.md"))


class Newcomer:
    """Somebody at a shell, in a folder of their own, with a browser that notes addresses."""

    def __init__(self, folder: Path) -> None:
        self.here = folder / "home"
        self.here.mkdir()
        self.opened = folder / "opened"
        note = f'printf %s "$1" >{self.opened}.new && mv {self.opened}.new {self.opened}'
        self._program(folder / "programs/browser", note)
        run = f'exec {shlex.quote(sys.executable)} -m generator "$@"'
        self._program(folder / "programs/broadsheet", run)
        self.variables = os.environ | {
            "PATH": f"{folder / 'programs'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(REPOSITORY),
            "BROWSER": f"{folder / 'programs/browser'} %s",
        }

    def types(self, line: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error of a line. A `cd` lasts."""
        with self.begins(f"{line}\ncode=$?; pwd >&2; exit $code") as shell:
            printed, said = shell.communicate(timeout=LONG)
        lines = said.splitlines()
        self.here = Path(lines.pop())
        return shell.returncode, printed, "\n".join(lines)

    @contextmanager
    def begins(self, line: str) -> Iterator["subprocess.Popen[str]"]:
        """A line that goes on until the block ends."""
        with subprocess.Popen(
            ["bash", "-c", line],
            cwd=self.here,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as shell:
            try:
                yield shell
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(shell.pid, signal.SIGKILL)

    def looks(self, line: str) -> str:
        """What a preview that is begun with a line opens in the browser; Ctrl-C ends it."""
        with self.begins(f"exec {line}") as preview:
            eventually(self.opened.exists)
            with urlopen(self.opened.read_text()) as answer:
                page: str = answer.read().decode()
            os.killpg(preview.pid, signal.SIGINT)
            preview.communicate(timeout=LONG)
            assert preview.returncode == 0
        return page

    def edits(self, path: str | Path, *changes: tuple[str, str]) -> None:
        """Put one text in place of another, wherever it stands in a file."""
        file = self.here / path
        text = file.read_text(encoding="utf-8")
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        file.write_text(text, encoding="utf-8")

    def says_where(self, www: Path) -> None:
        """Write the address into site.toml, and the place into its last lines."""
        *above, table, place = (self.here / "site.toml").read_text("utf-8").splitlines()
        assert (table, place.split(" = ")[0]) == ("# [deploy.production]", "# to")
        lines = [*above, table[2:], f'to = "file://{www}"', ""]
        (self.here / "site.toml").write_text("\n".join(lines), encoding="utf-8")
        self.edits("site.toml", (f'"{PLACEHOLDER}"', '"https://paper.example/"'))

    @staticmethod
    def _program(path: Path, script: str) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)


@pytest.fixture
def newcomer(tmp_path: Path) -> Newcomer:
    return Newcomer(tmp_path)


def headlines(page: str) -> str:
    return words(html.document_fromstring(page), "main :is(h2, h3)")


def test_what_init_says_last_can_be_typed(newcomer: Newcomer, tmp_path: Path) -> None:
    code, _, said = newcomer.types("broadsheet init 'my paper'")
    assert code == 0 and len(said.splitlines()) <= 8
    go, serve, new, make, carry = [line for line in said.splitlines() if line.startswith("  ")]
    assert newcomer.types(go)[0] == 0 and newcomer.here.name == "my paper"
    assert "The first story of a new digest" in headlines(newcomer.looks(serve.strip()))
    code, path, _ = newcomer.types(new)
    assert code == 0
    assert newcomer.types(make)[0] == 0
    front = newcomer.here / "public/index.html"
    assert "A headline" not in headlines(front.read_text("utf-8"))
    newcomer.edits(path.strip(), ("draft: true\n", ""))
    assert newcomer.types(make)[0] == 0
    assert "A headline" in headlines(front.read_text("utf-8"))
    assert newcomer.types(carry)[0] == 1
    newcomer.says_where(tmp_path / "www")
    assert newcomer.types(make)[0] == 0
    assert newcomer.types(carry)[0] == 0
    assert "A headline" in headlines((tmp_path / "www/index.html").read_text("utf-8"))


@pytest.mark.parametrize(
    ("folder", "lines"),
    [
        ("paper", ["  cd paper"]),
        ("../my paper", ["  cd '../my paper'"]),
        ("it's $HOME", ["""  cd 'it'"'"'s $HOME'"""]),
        ("-paper", ["  cd ./-paper"]),
        ("-my paper", ["  cd './-my paper'"]),
        (".", []),
    ],
)
def test_the_way_into_the_site_s_folder(folder: str, lines: list[str]) -> None:
    said = first_steps(Path(folder), "https://paper.example/")
    assert [line for line in said if line.startswith("  cd")] == lines
    assert "Before you deploy" not in said[-1] and said[0].startswith(f"Made a site in {folder}.")


# ------------------------------------------------------------------------------ stories


def told(story: Path) -> list[str]:
    """The commands that a story shows."""
    return re.findall(r"^    (broadsheet .*)$", story.read_text("utf-8"), re.MULTILINE)


def test_the_stories_lead_from_the_first_look_to_a_deploy() -> None:
    commands = [line.split()[1] for story in STORIES for line in told(story)]
    assert sorted(set(commands)) == ["build", "deploy", "new", "serve"]
    assert all(len(story.read_text("utf-8").split("\n---\n")[1].split()) < 130 for story in STORIES)


def test_what_the_stories_show_can_be_typed(newcomer: Newcomer, tmp_path: Path) -> None:
    assert newcomer.types("broadsheet init .")[0] == 0
    newcomer.says_where(tmp_path / "www")
    for line in sorted((line for story in STORIES for line in told(story)), key=_in_turn):
        if "serve" in line:
            assert "The first story of a new digest" in headlines(newcomer.looks(line))
        else:
            assert newcomer.types(line)[0] == 0, line
    assert (tmp_path / "www/index.html").is_file()


def _in_turn(line: str) -> int:
    return ["serve", "new", "build", "deploy"].index(line.split()[1])


def test_every_story_of_a_new_site_leads_to_the_others(newcomer: Newcomer) -> None:
    newcomer.types("broadsheet init .")
    report = build(newcomer.here, at=NOW, jobs=1)
    assert report.articles == len(STORIES) and report.warnings == []
    welcome = html.parse(newcomer.here / "public/2026/01/welcome/index.html")
    ways = {Path(str(way)).name for way in welcome.xpath("//article//a/@href")}
    assert {story.stem for story in STORIES} - {"welcome"} <= ways
