"""Libraries that only some targets of a deploy need: who has none of them misses nothing else."""

import json
import subprocess
from pathlib import Path

import pytest

from generator.config import Deploy
from generator.deploy.targets.choose import extras_of
from support.interpreters import Interpreter
from support.preview_process import Preview
from support.sites import SETTINGS, SmallSite, line

pytestmark = pytest.mark.long

CLOUD = ("botocore", "obstore")
STORES = ("s3://bucket/news", "gs://bucket", "az://container/news")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    """An interpreter with everything but what object stores need."""
    return Interpreter(tmp_path_factory.mktemp("bare") / "venv", without=CLOUD)


@pytest.fixture(scope="module")
def published(bare: Interpreter, tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """A site that was built without those libraries; only its targets differ from test to test."""
    site = SmallSite(tmp_path_factory.mktemp("published") / "site")
    site.article("story")
    built = bare.broadsheet("build", "--jobs", "2", cwd=site.root)
    assert built.returncode == 0, built.stderr
    return site


def targets(site: SmallSite, **places: str) -> None:
    tables = "".join(f'[deploy.{name}]\nto = "{to}"\n' for name, to in places.items())
    site.write({"site.toml": SETTINGS + tables})


def test_the_libraries_are_not_there(bare: Interpreter, tmp_path: Path) -> None:
    for library in CLOUD:
        assert "ModuleNotFoundError" in bare.run("-c", f"import {library}", cwd=tmp_path).stderr
    assert bare.run("-c", "import urllib3, brotli, generator.cli", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--json",), ("--verify",)])
@pytest.mark.parametrize("to", STORES)
def test_who_deploys_to_an_object_store_is_told_what_to_install(
    published: SmallSite, bare: Interpreter, to: str, options: tuple[str, ...]
) -> None:
    targets(published, elsewhere="user@host.example:/srv", production=to)
    done = bare.broadsheet("deploy", "production", *options, cwd=published.root)
    assert done.returncode == 1
    message = (
        "site.toml:6: deploy.production.to: to deploy to an object store takes libraries that are"
        " not installed; run pip install 'broadsheet[cloud]'"
    )
    assert done.stderr.splitlines()[0] == message
    if "--json" in options:
        assert [message] == list(map(line, json.loads(done.stdout)["errors"]))
    else:
        assert done.stdout == "" and "Traceback" not in done.stderr


def test_one_of_the_two_libraries_does_not_do(published: SmallSite, tmp_path: Path) -> None:
    half = Interpreter(tmp_path / "half", without=("botocore",))
    targets(published, production="s3://bucket")
    done = half.broadsheet("deploy", cwd=published.root)
    assert done.returncode == 1 and "broadsheet[cloud]" in done.stderr


def test_a_mistake_in_the_address_is_told_first(published: SmallSite, bare: Interpreter) -> None:
    targets(published, production="s3:///news")
    assert "names no bucket" in bare.broadsheet("deploy", cwd=published.root).stderr


def test_other_targets_need_none_of_them(
    published: SmallSite, bare: Interpreter, tmp_path: Path
) -> None:
    targets(published, store="s3://bucket", folder=f"file://{tmp_path}/served")
    done = bare.broadsheet("deploy", "folder", cwd=published.root)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "served/index.html").read_bytes() == published.outputs()["index.html"]


def test_nothing_else_needs_them(published: SmallSite, bare: Interpreter) -> None:
    targets(published, store="s3://bucket")
    for arguments in (
        ("build",),
        ("status", "--json"),
        ("related", "story"),
        ("new", "A headline"),
        ("init", "--ci", "github"),
        ("--version",),
    ):
        done = bare.broadsheet(*arguments, cwd=published.root)
        assert done.returncode == 0, done.stderr


def test_the_preview_needs_none_of_them(published: SmallSite, bare: Interpreter) -> None:
    serve = [str(bare.python), "-P", "-m", "generator", "serve", "--port", "0"]
    with subprocess.Popen(
        serve, cwd=published.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert b"Text." in Preview(process).get("/2026/06/story/").body
        finally:
            process.terminate()


def test_who_builds_with_a_cluster_is_told_what_to_install(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site")
    site.article("story")
    plain = Interpreter(tmp_path / "plain", without=("distributed", "dask"))
    done = plain.broadsheet("build", "--cluster", "tcp://127.0.0.1:1", cwd=site.root)
    assert done.returncode == 2
    assert 'not installed; run pip install "broadsheet[cluster]"' in done.stderr
    assert plain.broadsheet("build", "--jobs", "2", cwd=site.root).returncode == 0


@pytest.mark.parametrize(
    ("places", "extras"),
    [
        ([], []),
        (["file:///srv/www", "git+https://x.example/y.git", "user@host:/s3://"], []),
        (["file:///srv/www", "s3://bucket"], ["cloud"]),
        (["gs://bucket", "az://container", "s3://bucket"], ["cloud"]),
    ],
)
def test_the_extras_that_targets_need(places: list[str], extras: list[str]) -> None:
    assert extras_of(Deploy(to=to) for to in places) == extras
