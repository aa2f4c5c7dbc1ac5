"""Small sites as text blocks: write one, build it, look at what came out."""

import atexit
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

from lxml import html as lxml_html

from generator.codes import Code
from generator.commands.build import Report, build
from generator.config import LAYOUTS, SITE_TOML
from generator.errors import SiteError, is_error
from generator.state.code_version import code_version
from generator.system import IS_WINDOWS
from generator.workspace import CACHE, COMPILED

REPOSITORY = Path(__file__).parents[2]
NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
SETTINGS = 'title = "Test Paper"\nurl = "https://paper.example/"\n'
ENDLESS = f"{{{{ site.year{'.real' * 60} }}}}"
"""An expression that Jinja compiles to code as Python reads it, and the compact way does not."""


_compiled = Path(tempfile.mkdtemp(prefix="broadsheet-")) / COMPILED
"""What the default layouts compile to: to compile them takes most of the time of a small build."""
_compiled.parent.chmod(0o755)  # some tests are somebody else for a while
atexit.register(shutil.rmtree, _compiled.parent, ignore_errors=True)


def lend_compiled(root: Path) -> None:
    """Give a site that was never built what others compiled the default layouts to."""
    is_site = os.path.isfile(root / SITE_TOML)  # noqa: PTH113 (the folder may be locked)
    if is_site and _compiled.is_dir() and not os.path.lexists(root / CACHE):
        shutil.copytree(_compiled, root / CACHE / COMPILED)


def keep_compiled(root: Path) -> None:
    """Take what this code has compiled of a site without layouts of its own, for those to come."""
    compiled, ours = root / CACHE / COMPILED / code_version(), _compiled / code_version()
    if not os.path.lexists(root / LAYOUTS) and _names(compiled) - _names(ours):
        with suppress(OSError):  # they are for the next one to keep
            shutil.copytree(compiled, ours, dirs_exist_ok=True)


def _names(folder: Path) -> set[str]:
    return {file.name for file in folder.glob("*")}


class SmallSite:
    """A site in a temporary folder, built for the moment `NOW` by one process.

    A build that tells of a fault of Broadsheet's fails the test, unless that `expects_faults`.
    """

    expects_faults = False

    def __init__(self, root: Path) -> None:
        self.root = root
        self.public = root / "public"
        (root / "content").mkdir(parents=True)
        self.write({"site.toml": SETTINGS})

    def write(self, files: str | dict[str, str | bytes]) -> None:
        """Write files given as a table, or as text with lines `-- path --` between them."""
        if isinstance(files, str):
            parts = re.split(r"^-- (\S+) --\n", dedent(files).lstrip("\n"), flags=re.MULTILINE)[1:]
            files = dict(zip(parts[::2], parts[1::2], strict=True))
        for path, content in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def article(self, name: str, body: str = "Text.", **fields: Any) -> None:
        """An article `content/articles/{name}.md`; title and date are filled in."""
        matter = {"title": name.replace("-", " ").title(), "date": "2026-06-01"} | fields
        lines = "".join(f"{key}: {value}\n" for key, value in matter.items() if value is not None)
        self.write({f"content/articles/{name}.md": f"---\n{lines}---\n\n{body}\n"})

    def build(self, **options: Any) -> Report:
        chosen: dict[str, Any] = {"at": NOW, "jobs": 1} | options
        lend_compiled(self.root)
        report = build(self.root, **chosen)
        keep_compiled(self.root)
        assert self.expects_faults or not faults(report)
        return report

    def errors(self, **options: Any) -> list[str]:
        """The messages of a build that fails; empty if it does not."""
        try:
            self.build(**options)
        except SiteError as error:
            return [str(problem) for problem in error.problems if is_error(problem)]
        return []

    def warnings(self, **options: Any) -> list[str]:
        return list(map(str, self.build(**options).warnings))

    def text(self, path: str) -> str:
        """An output file; a path that ends with "/" means its index.html."""
        file = self.public / path.lstrip("/")
        return (file / "index.html" if path.endswith("/") else file).read_text(encoding="utf-8")

    def page(self, path: str) -> lxml_html.HtmlElement:
        return lxml_html.document_fromstring(self.text(path))

    def outputs(self) -> dict[str, bytes]:
        """Every output file and its bytes."""
        return {
            file.relative_to(self.public).as_posix(): file.read_bytes()
            for file in sorted(self.public.rglob("*"))
            if file.is_file()
        }


def faults(report: Report) -> list[str]:
    """The warnings that tell of a fault of Broadsheet's."""
    return [str(problem) for problem in report.warnings if problem.code is Code.FAULT]


def links(root: lxml_html.HtmlElement, selector: str = "a") -> list[str]:
    """Where the elements of a CSS selector lead, in order."""
    return [str(link.get("href")) for link in root.cssselect(selector)]


def words(root: lxml_html.HtmlElement, selector: str = "main") -> str:
    """The text of the elements of a CSS selector, its white space folded."""
    return " ".join(" ".join(e.text_content() for e in root.cssselect(selector)).split())


def refused(site: SmallSite, **options: Any) -> list[str]:
    """The messages of a build that fails and leaves the old output as it was, byte for byte."""
    before = site.outputs()
    errors = site.errors(**options)
    assert errors, "the build did not fail"
    assert site.outputs() == before
    return errors


LONG = 300
"""Seconds: longer than any build of a test takes, on any machine."""


@contextmanager
def started(
    root: Path, *arguments: str, through: Sequence[str] = (), **variables: str
) -> Iterator["subprocess.Popen[str]"]:
    """The real `broadsheet build`, of which nothing outlives the block.

    It is run by the command that it goes `through`.
    """
    build = "build", "--at", NOW.isoformat(), *arguments
    with running(root, *build, errors=subprocess.PIPE, through=through, **variables) as process:
        yield process


@contextmanager
def running(
    root: Path, *arguments: str, errors: int, through: Sequence[str] = (), **variables: str
) -> Iterator["subprocess.Popen[str]"]:
    """The real `broadsheet`, in a session of its own, of which nothing outlives the block.

    `errors` is where its standard error goes.
    """
    lend_compiled(root)
    with subprocess.Popen(
        [*through, sys.executable, "-m", "generator", *arguments],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)} | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            end_session(process)


def end_session(process: "subprocess.Popen[str]") -> None:
    """End a process, and with it those of its session; Windows knows none."""
    if IS_WINDOWS:
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def line(problem: dict[str, Any]) -> str:
    """Return a problem of a `--json` report as the command says it."""
    place = problem["file"] + (f":{problem['line']}" if problem["line"] else "")
    remedy = f"; {problem['remedy']}" if problem["remedy"] else ""
    return "\n  ".join([f"{place}: {problem['what']}{remedy}", *problem.get("lines", ())])


def command(root: Path, *arguments: str, **variables: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the real `broadsheet build`."""
    with started(root, *arguments, **variables) as process:
        printed, shown = process.communicate(timeout=LONG)
    return process.returncode, printed, shown
