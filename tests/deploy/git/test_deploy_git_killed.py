"""Deploys to git that are killed, and private repositories that are damaged."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count, cycle
from pathlib import Path
from select import select

import pytest

from generator.deploy.targets.git.repository import Repository
from generator.deploy.targets.git.target import MANIFEST
from support.breakpoints import PATHS, Breakpoint, as_it_waits, killed_at
from support.git_deploys import SITE, left_over, refusal, sent
from support.host_git import GitHost, carry, upload
from support.sites import LONG

pytestmark = pytest.mark.long


CARRIER = """
import sys
from pathlib import Path
from support.deploys import free_port
from support.host_git import carry, upload
from generator.deploy.targets.git.target import GitTarget
url, scratch, folder, text = sys.argv[1:]
files = {f"{n % 20}/{n}.html": (text * 50 + str(n)).encode() for n in range(600)}
made = upload(Path(folder), files)
carry(GitTarget(url, "gh-pages", Path(scratch)), made, message=text, manifest=text.encode())
"""


def arguments(host: GitHost, text: str) -> list[str]:
    """Those of a program that deploys 600 files made of a text."""
    url = host.to.removeprefix("git+").partition("#")[0]
    return [url, str(host.tmp / "cache/s.git"), str(host.tmp / text), text]


@contextmanager
def carrying(host: GitHost, text: str) -> Iterator["subprocess.Popen[bytes]"]:
    """That program, in a session of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", CARRIER, *arguments(host, text)],
        env=os.environ | {"PYTHONPATH": PATHS},
        start_new_session=True,
    ) as process:
        yield process


def text_of(host: GitHost) -> str:
    """Which deploy is published: all files must be of one, and CNAME as it was."""
    files = host.files()
    assert files.pop("CNAME") == b"paper.example\n"
    assert len(files) in (0, 600)
    texts = {data.decode().rstrip("0123456789") for data in files.values()}
    assert len(texts) <= 1
    if files:
        assert host.tree()[MANIFEST].decode() * 50 in texts
    return texts.pop()[:1] if texts else ""


LONG_RUN = bool(os.environ.get("BROADSHEET_LONG"))
ADDED, LISTED, STAGED = (f"git/staging.py Staging.{name}" for name in ("add", "blobs", "finish"))
STARTED = "subprocess.py Popen.__init__"


def points() -> Iterator[Breakpoint]:
    """When a deploy is killed: on its way, and as soon as it has started each of its programs, or
    every fourth, unless the run is a long one.
    """
    yield Breakpoint(ADDED)
    yield Breakpoint(ADDED, number=300)
    yield Breakpoint(LISTED, left=True)
    yield Breakpoint(STAGED)
    yield Breakpoint(STAGED, left=True)
    yield Breakpoint("git/repository.py Repository.push", left=True)
    for number in count(1, 1 if LONG_RUN else 4):
        yield Breakpoint(STARTED, number, left=True)


def test_a_deploy_that_is_killed_leaves_the_old_site_or_the_new_one_whole(host: GitHost) -> None:
    host.put("CNAME", b"paper.example\n")
    with carrying(host, "a") as process:
        assert process.wait(LONG) == 0
    before, outcomes = "a", set()
    for text, point in zip(cycle("bcdefgh"), points()):
        if not killed_at(point, CARRIER, *arguments(host, text), alone=False):
            assert point.function == STARTED and point.number > 9, f"it never came to {point}"
            break
        now = text_of(host)
        assert now in (before, text)
        outcomes.add(now == text)
        before = now
    assert outcomes == {True, False}
    with carrying(host, "z") as process:
        assert process.wait(LONG) == 0
    assert text_of(host) == "z"
    assert left_over(host) == []
    host.git("fsck", "--strict")


@pytest.mark.parametrize("hook", ["pre-receive", "update", "post-receive"])
def test_a_deploy_that_is_killed_in_the_middle_of_its_push(host: GitHost, hook: str) -> None:
    """With all the programs that are at work for it, the host's as well."""
    host.put("CNAME", b"paper.example\n")
    begun, _ = held(host, hook)
    with carrying(host, "a") as process:
        await_word(begun)
        os.killpg(process.pid, signal.SIGKILL)
    assert text_of(host) == ("a" if hook == "post-receive" else "")
    (host.repository / "hooks" / hook).unlink()
    with carrying(host, "z") as process:
        assert process.wait(LONG) == 0
    assert text_of(host) == "z"
    assert left_over(host) == []
    host.git("fsck", "--strict")


def test_a_push_that_outlives_its_killed_deploy_is_waited_for(host: GitHost) -> None:
    host.put("CNAME", b"paper.example\n")
    begun, go_on = held(host, "pre-receive")
    with carrying(host, "a") as process:
        await_word(begun)
        process.kill()
        process.wait()
        assert text_of(host) == ""
        (host.repository / "hooks/pre-receive").unlink()
        target = host.make("s.git")
        with target.opened():
            assert len(target.listing()) == 1
            with (
                as_it_waits(Repository.await_push, lambda: go_on.write_text("on\n")),
                target.locked(),
            ):
                assert len(target.listing()) == 602
                target.send(upload(host.tmp / "b", {"more": b""}), lambda *_: None)
                target.commit("Second")
    assert host.log() == ["Second", "a", "By hand"]


def held(host: GitHost, name: str) -> tuple[Path, Path]:
    """Pipes of a hook of the host: to read from until it has begun, to write to that it goes on."""
    begun, go_on = host.tmp / "begun", host.tmp / "go on"
    os.mkfifo(begun)
    os.mkfifo(go_on)
    host.hook(name, f"echo begun > '{begun}'; cat '{go_on}'")
    return begun, go_on


def await_word(pipe: Path) -> None:
    """Wait until something was written into a pipe."""
    end = os.open(pipe, os.O_RDWR)  # which does not wait for a writer
    assert select([end], [], [], LONG)[0], "nothing was written"
    os.close(end)


def no_repository(scratch: Path) -> None:
    shutil.rmtree(scratch)
    scratch.write_text("a file")


def no_head(scratch: Path) -> None:
    (scratch / "HEAD").unlink()


def broken_settings(scratch: Path) -> None:
    (scratch / "config").write_text("[[[")


def broken_tip(scratch: Path) -> None:
    (scratch / "packed-refs").unlink(missing_ok=True)
    tip = scratch / "refs/broadsheet/tip"
    tip.parent.mkdir(parents=True, exist_ok=True)
    tip.write_text("nonsense")


def no_objects(scratch: Path) -> None:
    shutil.rmtree(scratch / "objects")
    (scratch / "objects").mkdir()


def cut_objects(scratch: Path) -> None:
    for file in (scratch / "objects").rglob("*"):
        if file.is_file():
            file.chmod(0o644)
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def left_locks(scratch: Path) -> None:
    for name in ("HEAD.lock", "config.lock", "shallow.lock", "refs/broadsheet/tip.lock"):
        (scratch / name).touch()


def another_repository(scratch: Path) -> None:
    config = scratch / "config"
    config.write_text(config.read_text().replace("paper.git", "other.git"))


@pytest.mark.parametrize(
    "damage",
    [
        shutil.rmtree,
        no_repository,
        no_head,
        broken_settings,
        broken_tip,
        no_objects,
        cut_objects,
        left_locks,
        another_repository,
    ],
)
def test_a_private_repository_that_is_damaged_is_made_anew(
    host: GitHost, damage: Callable[[Path], None]
) -> None:
    many = {f"{n % 10}/{n}": b"%d" % n for n in range(150)}
    sent(host, SITE | many)
    damage(host.tmp / "cache/scratch.git")
    target = host.make()
    with target.opened():
        assert len(target.listing()) == len(SITE) + len(many) + 1
        assert target.manifest() == b"{}"
    damage(host.tmp / "cache/scratch.git")
    sent(host, {"index.html": b"2"})
    assert host.files() == SITE | many | {"index.html": b"2"}
    assert left_over(host) == []


def test_a_private_repository_that_is_damaged_under_way_is_well_the_next_time(
    host: GitHost,
) -> None:
    sent(host, SITE)
    target = host.make()
    with target.opened(), target.locked():
        no_objects(host.tmp / "cache/scratch.git")
        target.send(upload(host.tmp / "b", {"index.html": b"2"}), lambda *_: None)
        refusal(lambda: target.commit("Lost"))
    assert host.files() == SITE
    sent(host, {"index.html": b"2"})
    assert host.files() == SITE | {"index.html": b"2"}


def test_a_repository_of_the_user_is_never_touched(host: GitHost) -> None:
    mine = host.tmp / "mine"
    subprocess.run(["git", "init", "-q", mine], check=True)
    before = {p: p.read_bytes() for p in mine.rglob("*") if p.is_file()}
    ours = {"GIT_DIR": f"{mine}/.git", "GIT_WORK_TREE": str(mine), "GIT_INDEX_FILE": f"{mine}/i"}
    os.environ.update(ours)
    try:
        sent(host, SITE)
    finally:
        for name in ours:
            del os.environ[name]
    assert {p: p.read_bytes() for p in mine.rglob("*") if p.is_file()} == before
    assert host.files() == SITE


def test_only_the_last_commit_is_fetched_and_no_page(host: GitHost) -> None:
    for number in range(5):
        sent(host, {"index.html": os.urandom(1000), "n": b"%d" % number})
    target = host.make("new.git")
    with target.opened():
        pass
    show = "cat-file", "--batch-check=%(objecttype)", "--batch-all-objects"
    new = ["git", "--git-dir", str(host.tmp / "cache/new.git"), *show]
    kinds = subprocess.run(new, capture_output=True, check=True, text=True).stdout.split()
    assert sorted(kinds) == ["blob", "commit", "tree", "tree"]  # the blob is the manifest


def test_a_host_that_sends_no_part_of_a_commit_sends_all(host: GitHost) -> None:
    sent(host, SITE)
    host.git("config", "uploadpack.allowFilter", "false")
    carry(host.make("new.git"), upload(host.tmp / "b", {"index.html": b"2"}), ["feed.xml"])
    expected = SITE | {"index.html": b"2"}
    del expected["feed.xml"]
    assert host.files() == expected
