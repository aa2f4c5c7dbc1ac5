"""The wheel is whole: what `pip install broadsheet` gives works away from the repository."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from lxml import html

from generator import __version__

pytestmark = pytest.mark.long


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        env=os.environ | environment,
        cwd=environment.get("PWD"),
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    made = run("-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, repository)
    assert made.returncode == 0, made.stderr
    (file,) = folder.glob("broadsheet-*.whl")
    return file


class Installed:
    """Broadsheet from the wheel, in a folder of its own, run far from the repository."""

    def __init__(self, wheel: Path, home: Path) -> None:
        self.home = home
        self.target = home / "installed"
        run("-m", "pip", "install", "-q", "--no-deps", "--target", self.target, wheel)
        assert (self.target / "generator").is_dir()

    def __call__(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        # Safe path: the current folder must not lend its modules.
        return run(
            "-P", "-m", "generator", *arguments, PYTHONPATH=str(self.target), PWD=str(self.home)
        )

    def build(self, site: str, *options: str) -> str:
        """Build a site; what was said on standard error. It must work and warn of nothing."""
        done = self("build", "--root", site, *options)
        assert done.returncode == 0 and "warning" not in done.stderr, done.stderr
        return done.stderr


@pytest.fixture(scope="module")
def broadsheet(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(wheel, tmp_path_factory.mktemp("away"))


@pytest.fixture
def started(broadsheet: Installed, request: pytest.FixtureRequest) -> str:
    """The name of a site just made by `init`."""
    name = f"{request.node.name}"
    assert broadsheet("init", name).returncode == 0
    return name


def test_the_wheel_holds_all_that_it_needs(wheel: Path, repository: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    for folder, inside in (("layouts", "generator/layouts"), ("generator", "generator")):
        for file in (repository / folder).rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                assert f"{inside}/{file.relative_to(repository / folder).as_posix()}" in held
    tops = {name.split("/")[0] for name in held}
    assert tops == {"generator", f"broadsheet-{__version__}.dist-info"}
    assert any(name.endswith("licenses/LICENSE") for name in held)


def test_the_installed_one_is_the_one_that_runs(broadsheet: Installed) -> None:
    code = "import generator; print(generator.__file__)"
    where = run("-P", "-c", code, PYTHONPATH=str(broadsheet.target), PWD=str(broadsheet.home))
    assert Path(where.stdout.strip()).is_relative_to(broadsheet.target)


def test_version_and_help(broadsheet: Installed) -> None:
    assert broadsheet("--version").stdout == f"broadsheet, version {__version__}\n"
    shown = broadsheet("--help").stdout
    assert all(command in shown for command in ("build", "init", "new"))
    assert broadsheet("-h").returncode == 0
    assert broadsheet("nonsense").returncode == 2


def test_init_makes_a_site_that_builds(broadsheet: Installed, started: str) -> None:
    broadsheet.build(started)
    public = broadsheet.home / started / "public"
    front = html.document_fromstring((public / "index.html").read_text(encoding="utf-8"))
    assert front.cssselect("main h2 a")
    assert (public / str(front.cssselect("link[rel=stylesheet]")[0].get("href"))[1:]).is_file()
    assert "public/" in (broadsheet.home / started / ".gitignore").read_text(encoding="utf-8")
    assert not (broadsheet.home / started / "gitignore").exists()


def test_init_fills_an_empty_folder(broadsheet: Installed) -> None:
    (broadsheet.home / "empty").mkdir()
    assert broadsheet("init", "empty").returncode == 0
    broadsheet.build("empty")


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_init_refuses_what_is_there(broadsheet: Installed, kind: str) -> None:
    place = broadsheet.home / f"taken-{kind}"
    kept = place / "mine.txt" if kind == "folder" else place
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("mine")
    refused = broadsheet("init", place.name)
    assert refused.returncode == 2
    assert place.name in refused.stderr and "Traceback" not in refused.stderr
    assert kept.read_text() == "mine"
    assert place.is_file() or list(place.iterdir()) == [kept]


def test_new_starts_a_draft(broadsheet: Installed, started: str) -> None:
    headline = 'Ms. "Q" & Söhne: 100% #1 \\ 日本 😀'
    options = ("--author", "Ann: Ant", "--author", "Bo", "--tag", "A, B", "--tag", "C#")
    made = broadsheet("new", headline, "--root", started, *options)
    assert made.returncode == 0, made.stderr
    path = broadsheet.home / made.stdout.strip()
    assert path.is_relative_to(broadsheet.home / started / "content" / "articles")
    written = path.read_text(encoding="utf-8")  # no font comes along that has all of its letters
    path.write_text(written.replace("draft: true", "draft: true\ncard: false"), encoding="utf-8")
    broadsheet.build(started)
    public = broadsheet.home / started / "public"
    assert not list(public.rglob(f"{path.stem}/index.html"))
    broadsheet.build(started, "--drafts")
    (output,) = public.rglob(f"{path.stem}/index.html")
    story = html.document_fromstring(output.read_text(encoding="utf-8")).cssselect("article")[0]
    assert story.cssselect("h1")[0].text_content() == headline.replace('"Q"', "“Q”")
    assert [a.text for a in story.cssselect("a[rel=author]")] == ["Ann: Ant", "Bo"]
    assert [a.text for a in story.cssselect("a[rel=tag]")] == ["A, B", "C#"]


def test_new_overwrites_nothing(broadsheet: Installed, started: str) -> None:
    first, second = (broadsheet("new", "One headline", "--root", started) for _ in range(2))
    paths = [broadsheet.home / made.stdout.strip() for made in (first, second)]
    assert paths[0] != paths[1] and all(path.is_file() for path in paths)
    broadsheet.build(started, "--drafts")


def test_new_needs_a_headline_and_a_site(broadsheet: Installed, started: str) -> None:
    for arguments in (("!?", "--root", started), ("", "--root", started)):
        refused = broadsheet("new", *arguments)
        assert refused.returncode == 2 and "Traceback" not in refused.stderr
    nowhere = broadsheet("new", "Headline")
    assert nowhere.returncode == 1
    assert nowhere.stderr.startswith("site.toml: there is no such file")


def test_the_default_layouts_are_found_and_copied(broadsheet: Installed, started: str) -> None:
    listed = json.loads(broadsheet("layouts", "--root", started, "--json").stdout)
    assert Path(listed["folder"]) == (broadsheet.target / "generator/layouts").resolve()
    assert all((Path(listed["folder"]) / file["name"]).is_file() for file in listed["files"])
    broadsheet.build(started)
    made = broadsheet("layouts", "--root", started, "--copy", "partials/footer.html")
    copied = broadsheet.home / started / "layouts/partials/footer.html"
    assert (
        made.returncode == 0 and f"{Path(started) / 'layouts/partials/footer.html'}." in made.stderr
    )
    copied.write_text(f"{copied.read_text('utf-8')}<p>Mine</p>", encoding="utf-8")
    broadsheet.build(started)
    front = broadsheet.home / started / "public/index.html"
    assert "</footer>\n<p>Mine</p>" in front.read_text(encoding="utf-8")
