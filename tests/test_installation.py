"""What `init --ci` pins: the Broadsheet that writes the file, from where others can have it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator import __version__
from generator.installation import pinned
from support.interpreters import Interpreter
from support.sites import REPOSITORY, SETTINGS, SmallSite

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PUBLIC = "https://code.example/paper/broadsheet.git"
LEFT_OPEN = "broadsheet @ git+https://HOST/OWNER/REPOSITORY@COMMIT"
WORKFLOW = ".github/workflows/broadsheet.yml"


def git(url: str, commit: str = COMMIT, **others: Any) -> str:
    """What pip notes of a repository."""
    return json.dumps({"url": url, "vcs_info": {"vcs": "git", "commit_id": commit}} | others)


# ------------------------------------------------------------------------- the decision


@pytest.mark.parametrize(
    ("url", "written"),
    [
        (PUBLIC, PUBLIC),
        ("https://code.example:8443/a/b", "https://code.example:8443/a/b"),
        ("http://code.example/~paper/b", "http://code.example/~paper/b"),
        ("ssh://git@code.example/a/b.git", "ssh://git@code.example/a/b.git"),
        ("ssh://code.example:22/a/b.git", "ssh://code.example:22/a/b.git"),
        ("https://user:secret@code.example/a/b", "https://code.example/a/b"),
        ("https://secret@code.example/a/b", "https://code.example/a/b"),
        ("https://${USER}:${SECRET}@code.example/a/b", "https://code.example/a/b"),
        ("https://:secret@code.example/a/b", "https://code.example/a/b"),
        ("ssh://git:secret@code.example/a/b", "ssh://git@code.example/a/b"),
        ("ssh://${SECRET}@code.example/a/b", "ssh://code.example/a/b"),
    ],
)
def test_a_repository_is_named_by_its_commit_and_without_credentials(
    url: str, written: str
) -> None:
    assert pinned("1.2.3", git(url)) == f"broadsheet @ git+{written}@{COMMIT}"
    assert pinned("1.2.3", git(url), ["cloud"]) == f"broadsheet[cloud] @ git+{written}@{COMMIT}"


@pytest.mark.parametrize(
    "direct_url",
    [
        git("file:///srv/broadsheet.git"),
        git("file://localhost/srv/broadsheet.git"),
        git("/srv/broadsheet.git"),
        git("C:\\broadsheet.git"),
        git("https://us@er:sec@ret@code.example/a/b"),
        git("https://user:sec/ret@code.example/a/b"),
        git("https://code.example/a/b?private_token=secret"),
        git("https://code.example/a/b#secret"),
        git("https://code.example/"),
        git("https://code.example/a b"),
        git('https://code.example/a"\n'),
        git("https://code.example/${{ secrets.KEY }}"),
        git("https://code.example/$(id)"),
        git(PUBLIC, "main"),
        git(PUBLIC, COMMIT[:-1]),
        git(PUBLIC, f"{COMMIT}\n"),
        git(PUBLIC, ""),
        git(PUBLIC, subdirectory="a b"),
        json.dumps({"url": PUBLIC, "vcs_info": {"vcs": "hg", "commit_id": COMMIT}}),
        json.dumps({"url": "file:///srv/broadsheet", "dir_info": {}}),
        json.dumps({"url": "file:///srv/broadsheet", "dir_info": {"editable": True}}),
        json.dumps({"url": "file:///srv/b-1.0.whl", "archive_info": {"hash": "sha256=ab"}}),
        json.dumps({"url": "https://x.example/b-1.0.whl", "archive_info": {}}),
        "{}",
        "[]",
        "null",
        "",
        "{",
        '{"url": 1}',
        '{"url": "https://x.example/y", "vcs_info": "git"}',
        "[" * 100_000,
    ],
)
def test_what_no_other_machine_is_sure_to_get_is_left_open(direct_url: str) -> None:
    assert pinned("1.2.3", direct_url) is None


def test_a_folder_of_a_repository_and_a_long_digest_are_kept() -> None:
    long = COMMIT + COMMIT[:24]
    assert pinned("1", git(PUBLIC, long, subdirectory="tools/paper", more=[1])) == (
        f"broadsheet @ git+{PUBLIC}@{long}#subdirectory=tools/paper"
    )


def test_a_release_is_named_by_its_version() -> None:
    assert pinned("1.2.3", None) == "broadsheet==1.2.3"
    assert pinned("2.0rc1", None, ["cloud", "other"]) == "broadsheet[cloud,other]==2.0rc1"


# -------------------------------------------------------------------- the real command


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    """An interpreter that is told anew for each test where Broadsheet is from."""
    return Interpreter(tmp_path_factory.mktemp("told") / "venv")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    """An interpreter that Broadsheet is installed into by pip."""
    return Interpreter(tmp_path_factory.mktemp("fresh") / "venv", installed=False)


def written(python: Interpreter, site: SmallSite, to: str = "") -> tuple[str, str]:
    """What `init --ci` has the host install for a site with a target, and what it says."""
    site.write({"site.toml": SETTINGS + (f'[deploy.production]\nto = "{to}"\n' if to else "")})
    done = python.broadsheet("init", "--ci", "github", cwd=site.root)
    assert done.returncode == 0, done.stderr
    text = (site.root / WORKFLOW).read_text(encoding="utf-8")
    assert str(site.root) not in text and "file:/" not in text and "secret" not in text
    (job,) = yaml.safe_load(text)["jobs"].values()
    (source,) = (s["env"]["BROADSHEET"] for s in job["steps"] if "BROADSHEET" in s.get("env", {}))
    return source, done.stderr


def test_the_command_writes_the_commit_and_asks_for_nothing(
    told: Interpreter, site: SmallSite
) -> None:
    told.is_told(git("https://user:secret@code.example/paper/broadsheet.git"))
    source, said = written(told, site)
    assert source == f"broadsheet @ git+{PUBLIC}@{COMMIT}"
    assert "BROADSHEET" not in said and "secret" not in said


@pytest.mark.parametrize(
    ("to", "extras"),
    [("s3://bucket", "[cloud]"), ("gs://bucket/x", "[cloud]"), ("user@host:/srv", ""), ("", "")],
)
def test_the_extras_that_the_targets_need_are_installed(
    told: Interpreter, site: SmallSite, to: str, extras: str
) -> None:
    told.is_told(None)
    assert written(told, site, to)[0] == f"broadsheet{extras}==1.2.3"


def test_what_is_left_open_is_told_with_its_extras(told: Interpreter, site: SmallSite) -> None:
    told.is_told('{"url": "file:///srv/broadsheet", "dir_info": {}}')
    source, said = written(told, site, "s3://bucket")
    assert source == "broadsheet[cloud] @ git+https://HOST/OWNER/REPOSITORY@COMMIT"
    assert f"Fill in the line BROADSHEET of {WORKFLOW}" in said
    assert source in said and "broadsheet[cloud]==VERSION" in said and "/srv" not in said


# ----------------------------------------------------------------------- the real pip


def sources(folder: Path) -> Path:
    """What Broadsheet is built from, in a repository of its own."""
    for name in ("generator", "layouts"):
        shutil.copytree(REPOSITORY / name, folder / name)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, folder)
    who = ["-c", "user.name=A", "-c", "user.email=a@paper.example"]
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "All of it"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


@pytest.mark.long
def test_the_real_pip_notes_it_as_it_is_understood(
    fresh: Interpreter, site: SmallSite, tmp_path: Path
) -> None:
    repository = sources(tmp_path / "broadsheet")
    fresh.install(f"git+{repository.as_uri()}")
    (note,) = fresh.libraries.glob("broadsheet-*.dist-info/direct_url.json")
    noted = json.loads(note.read_text(encoding="utf-8"))
    assert noted["vcs_info"]["vcs"] == "git" and noted["url"] == repository.as_uri()
    source, said = written(fresh, site)
    assert source == LEFT_OPEN and "Fill in the line" in said and "file:/" not in said
    # As the same repository is noted by pip when it stands at a host.
    note.write_text(json.dumps(noted | {"url": PUBLIC}), encoding="utf-8")
    (site.root / WORKFLOW).unlink()
    commit = noted["vcs_info"]["commit_id"]
    assert written(fresh, site)[0] == f"broadsheet @ git+{PUBLIC}@{commit}"
    assert re.fullmatch("[0-9a-f]{40}", commit)


@pytest.mark.long
def test_a_wheel_on_disk_is_local_and_one_from_an_index_a_release(
    fresh: Interpreter, site: SmallSite, tmp_path: Path
) -> None:
    made = ["wheel", "-q", "--no-deps", "-w", str(tmp_path), str(REPOSITORY)]
    subprocess.run([sys.executable, "-m", "pip", *made], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    fresh.install(wheel)
    assert written(fresh, site)[0] == LEFT_OPEN
    fresh.install("--no-index", "--find-links", tmp_path, "broadsheet")
    (site.root / WORKFLOW).unlink()
    assert written(fresh, site)[0] == f"broadsheet=={__version__}"
