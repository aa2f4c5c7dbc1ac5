"""Deploys to a branch of a git repository: one commit, or nothing."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count, cycle
from pathlib import Path
from select import select
from threading import Thread

import pytest

from generator.deploy.targets.git.address import GitAddress, parse_git
from generator.deploy.targets.git.messages import problem
from generator.deploy.targets.git.repository import Repository
from generator.deploy.targets.git.target import MANIFEST, GitTarget
from generator.errors import SiteError
from support.deploys import free_port
from support.git_deploys import SITE, left_over, refusal, sent
from support.host_git import (
    BRANCH,
    GitHost,
    GitHttpHost,
    carry,
    git_host,
    git_http_host,
    git_ssh_host,
    ssh_with,
    upload,
)
from support.moments import PATHS, Moment, as_it_waits, killed_at
from support.sites import LONG

pytestmark = pytest.mark.long
Kind = Callable[[Path], AbstractContextManager[GitHost]]


@pytest.fixture
def host(tmp_path: Path) -> Iterator[GitHost]:
    with git_host(tmp_path) as host:
        yield host


@pytest.fixture
def web(tmp_path: Path) -> Iterator[GitHttpHost]:
    with git_http_host(tmp_path) as host:
        yield host


# ------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    ("to", "url", "branch"),
    [
        ("git+ssh://git@h.example/a/b.git#site", "ssh://git@h.example/a/b.git", "site"),
        ("git+ssh://h.example:2222/b", "ssh://h.example:2222/b", "gh-pages"),
        ("git+https://h.example/a/b.git#pages/live", "https://h.example/a/b.git", "pages/live"),
        ("git+https://ann@h.example/a/b.git", "https://ann@h.example/a/b.git", "gh-pages"),
        ("git+file:///srv/a%20b.git#x%23y", "file:///srv/a%20b.git", "x#y"),
        ("git+http://127.0.0.1:80/b.git", "http://127.0.0.1:80/b.git", "gh-pages"),
    ],
)
def test_an_address_names_a_repository_and_a_branch(to: str, url: str, branch: str) -> None:
    assert parse_git(to) == GitAddress(url, branch)


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("git+https://ann:hunter2secret@h.example/b.git", "password"),
        ("git+https://:hunter2secret@h.example/b.git", "password"),
        ("git+https://ann%3Ahunter2secret@h.example/b.git", "password"),
        ("git+https://ghp_hunter2secret@h.example/b.git", "password"),
        ("git+https://github_pat_hunter2secret@h.example/b.git", "password"),
        ("git+ssh://git:hunter2secret@h.example/b.git", "password"),
        ("git+https://h.example/b.git?key=hunter2secret", "?"),
        ("git+ssh://git@h.example:a/b.git", "no address"),
        ("git@h.example:a/b.git", "no address"),
        ("git+ftp://h.example/b.git", "no address"),
        ("git+http://h.example/b.git", "for all to read"),
        ("git+https://h.example/", "names no repository"),
        ("git+file://srv/b.git", "names no host"),
        ("git+ssh:///b.git", "names no repository"),
        ("git+https://[::1/b.git", "no address"),
    ],
)
def test_a_wrong_address_is_refused_and_no_secret_shown(to: str, reason: str) -> None:
    found = parse_git(to)
    assert isinstance(found, tuple)
    assert reason in found[0]
    assert "hunter2secret" not in " ".join(found)


def test_a_user_is_no_part_of_the_name_of_a_web_address(tmp_path: Path) -> None:
    target = GitTarget("https://ann@h.example/b.git", "x", tmp_path / "s.git")
    assert target.name == "git+https://h.example/b.git#x"


# ------------------------------------------------------------------ what a deploy leaves


@pytest.mark.parametrize("kind", [git_host, git_ssh_host, git_http_host])
def test_a_site_is_deployed_and_changed_over_every_kind_of_connection(
    tmp_path: Path, kind: Kind
) -> None:
    with kind(tmp_path) as host:
        marks = carry(host.make(), upload(tmp_path / "a", SITE), manifest=b'{"first":1}')
        assert host.files() == SITE
        target = host.make(scratch="elsewhere.git")
        with target.opened():
            assert target.listing() == marks | {".nojekyll": marks["empty.txt"]}
            assert target.manifest() == b'{"first":1}'
        big = os.urandom(300_000)
        changed = {"index.html": b"<h1>Changed</h1>", "new/picture.png": big}
        carry(target, upload(tmp_path / "b", changed), ["2026/06/second/index.html"])
        expected = SITE | changed
        del expected["2026/06/second/index.html"]
        assert host.files() == expected
        assert host.log() == ["A deploy", "A deploy"]
        carry(host.make(), upload(tmp_path / "c", {"index.html": b"Again"}))
        assert host.files() == expected | {"index.html": b"Again"}


def test_a_mark_differs_after_somebody_changed_the_file_and_only_then(host: GitHost) -> None:
    marks = carry(host.make(), upload(host.tmp / "a", SITE))
    host.put("index.html", b"defaced")
    host.put("feed.xml", SITE["feed.xml"], mode="120000")
    target = host.make()
    with target.opened():
        listing = target.listing()
    assert {path for path in marks if listing[path] != marks[path]} == {"index.html", "feed.xml"}


def test_what_others_keep_on_the_branch_stays(host: GitHost) -> None:
    host.put("CNAME", b"paper.example\n")
    host.put("a link", b"CNAME", mode="120000")
    host.put("run.sh", b"#!/bin/sh\n", mode="100755")
    commit = host.git("rev-parse", BRANCH).strip().decode()
    host._commit(f"160000 {commit}\tmodule\0".encode())
    sent(host, SITE)
    sent(host, {}, "index.html")
    kept = host.git("ls-tree", BRANCH, "CNAME", "a link", "run.sh", "module").decode().splitlines()
    assert [line.split()[0] for line in kept] == ["100644", "120000", "160000", "100755"]
    assert host.files()["CNAME"] == b"paper.example\n"
    target = host.make()
    with target.opened():
        assert {"CNAME", "a link", "run.sh", "module"} < target.listing().keys()


def test_jekyll_is_kept_off_and_the_manifest_is_beside_the_site(host: GitHost) -> None:
    sent(host, SITE)
    assert host.tree().keys() - SITE.keys() == {".nojekyll", MANIFEST}
    host.put(".nojekyll", b"mine")
    sent(host, {"index.html": b"more"})
    assert host.tree()[".nojekyll"] == b"mine"


def test_odd_names_arrive_as_they_are(host: GitHost) -> None:
    names = [
        "two words.html",
        "caf\u00e9/index.html",
        "cafe\u0301/index.html",
        "a#b%41?c.html",
        "-rf",
        "\"quoted\" 'so'.html",
        "back\\slash\\n.html",
        "line\nbreak\ttab.html",
        '"',
        "x" * 255,
        os.fsdecode(b"no \xff utf-8"),
        ":100644 (top)*.[html]",
        "\u65b0\u805e/\U0001f4f0.html",
    ]
    files = {name: name.encode("utf-8", "surrogateescape") for name in names}
    marks = carry(host.make(), upload(host.tmp / "a", files))
    assert host.files() == files
    target = host.make()
    with target.opened():
        assert {name: target.listing()[name] for name in names} == marks
    carry(host.make(), [], names[:-1])
    assert host.files().keys() == {names[-1]}


def test_a_name_that_git_cannot_hold_is_refused(host: GitHost) -> None:
    assert "rename" in refusal(lambda: sent(host, {"a/.Git/config": b"x"}))
    assert host.files() == {}


def test_a_deploy_without_a_change_makes_no_commit(host: GitHost) -> None:
    sent(host, SITE)
    before = host.everything()
    sent(host, SITE)
    sent(host, {})
    assert host.everything() == before


def test_history_is_kept_or_squashed(host: GitHost) -> None:
    for number in range(3):
        sent(host, SITE | {"index.html": b"%d" % number})
    assert len(host.log()) == 3
    sent(host, {"index.html": b"squashed"}, history="squash")
    assert len(host.log()) == 1
    sent(host, {"index.html": b"again"}, history="squash")
    assert len(host.log()) == 1
    assert host.files() == SITE | {"index.html": b"again"}
    sent(host, {"index.html": b"kept"}, history="keep")
    assert len(host.log()) == 2
    host.git("fsck", "--strict")


def test_a_commit_names_its_author_from_gits_settings_or_broadsheet(host: GitHost) -> None:
    def author() -> str:
        return host.git("log", "-1", "--format=%an <%ae> %cn <%ce>", BRANCH).decode().strip()

    sent(host, SITE)
    assert author() == "Broadsheet <broadsheet@localhost> Broadsheet <broadsheet@localhost>"
    with (host.tmp / ".gitconfig").open("a") as config:
        config.write("[user]\n\tname = Zoë\n\temail = zoe@paper.example\n")
    sent(host, {"index.html": b"2"})
    assert author() == "Zoë <zoe@paper.example> Zoë <zoe@paper.example>"


def test_a_dry_run_leaves_the_repository_as_it_was_byte_for_byte(host: GitHost) -> None:
    for _ in range(2):
        before = host.everything()
        target = host.make()
        with target.opened():
            target.listing(), target.manifest()
        assert host.everything() == before
        sent(host, SITE)


def test_what_is_staged_and_not_committed_is_dropped(host: GitHost) -> None:
    sent(host, SITE)
    before = host.everything()
    target = host.make()
    with target.opened(), target.locked():
        target.send(upload(host.tmp / "b", {"index.html": b"2", "new": b""}), lambda *_: None)
        target.delete(["feed.xml"])
        target.keep(b"lost")
    assert host.everything() == before
    sent(host, {"other": b"1"})
    assert host.files() == SITE | {"other": b"1"}
    assert left_over(host) == []


def test_a_file_where_a_folder_was_and_the_other_way_round(host: GitHost) -> None:
    sent(host, {"a/b": b"1", "c": b"2"})
    sent(host, {"a": b"3", "c/d": b"4"}, "a/b", "c")
    assert host.files() == {"a": b"3", "c/d": b"4"}


def test_what_others_have_is_not_pushed_aside(host: GitHost) -> None:
    host.put("blog/notes.txt", b"mine")
    host.put("plain", b"mine")
    assert '"blog": a folder' in refusal(lambda: sent(host, {"blog": b""}))
    assert '"plain": a file' in refusal(lambda: sent(host, {"plain/index.html": b""}))
    assert host.files() == {"blog/notes.txt": b"mine", "plain": b"mine"}


def test_a_file_that_changes_while_it_is_carried_is_no_part_of_a_deploy(host: GitHost) -> None:
    sent(host, SITE)
    for data in (b"grown and grown", b"", None):
        (one,) = upload(host.tmp / "b", {"index.html": b"planned"})
        one.file.unlink() if data is None else one.file.write_bytes(data)
        assert str(one.file) in refusal(lambda: carry(host.make(), [one]))  # noqa: B023
    assert host.files() == SITE


# ------------------------------------------------------------------ two at once


def test_a_deploy_is_refused_if_the_branch_moved_meanwhile(host: GitHost) -> None:
    sent(host, SITE)
    first, second = host.make("first.git"), host.make("second.git")
    with first.opened(), first.locked(), second.opened(), second.locked():
        for target, text in ((first, b"first"), (second, b"second")):
            files = upload(host.tmp / text.decode(), {"index.html": text})
            target.send(files, lambda *_: None)
        first.commit("First")
        assert "moved meanwhile" in refusal(lambda: second.commit("Second"))
    assert host.files() == SITE | {"index.html": b"first"}
    carry(second, upload(host.tmp / "second", {"index.html": b"second"}), message="Second")
    assert host.log() == ["Second", "First", "A deploy"]


@pytest.mark.parametrize("history", ["keep", "squash"])
def test_a_branch_that_was_taken_back_meanwhile_is_not_overwritten(
    host: GitHost, history: str
) -> None:
    sent(host, SITE)
    old = host.git("rev-parse", BRANCH).strip().decode()
    sent(host, {"index.html": b"2"})
    target = host.make(history=history)
    with target.opened(), target.locked():
        target.send(upload(host.tmp / "b", {"index.html": b"3"}), lambda *_: None)
        host.git("update-ref", f"refs/heads/{BRANCH}", old)
        assert "moved meanwhile" in refusal(lambda: target.commit("Third"))
    assert host.files() == SITE


def test_a_second_deploy_from_the_same_folder_is_refused_but_a_look_is_not(host: GitHost) -> None:
    first, second = host.make(), host.make()
    with first.opened(), first.locked():
        first.send(upload(host.tmp / "a", SITE), lambda *_: None)
        with second.opened():
            assert second.listing() == {}
            assert "another deploy is at work" in refusal(lambda: carry(second, []))
        first.commit("First")
    carry(second, upload(host.tmp / "b", {"more": b""}))
    assert host.files() == SITE | {"more": b""}


def test_of_many_deploys_at_once_each_gets_in_whole(host: GitHost) -> None:
    def deploys(number: int) -> None:
        files = upload(host.tmp / str(number), {f"{number}/{n}": b"" for n in range(20)})
        for _ in range(50):
            try:
                carry(host.make(f"{number}.git"), files, message=str(number))
                break
            except SiteError as error:
                assert "moved meanwhile" in str(error), error

    threads = [Thread(target=deploys, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(host.log()) == ["0", "1", "2", "3"]
    assert len(host.files()) == 80


# ------------------------------------------------------------------ killed, damaged


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


ADDED, LISTED, STAGED = (f"git/staging.py Staging.{name}" for name in ("add", "blobs", "finish"))
STARTED = "subprocess.py Popen.__init__"


def moments() -> Iterator[Moment]:
    """When a deploy is killed: on its way, and as soon as it has started each of its programs."""
    yield Moment(ADDED)
    yield Moment(ADDED, number=300)
    yield Moment(LISTED, left=True)
    yield Moment(STAGED)
    yield Moment(STAGED, left=True)
    yield Moment("git/repository.py Repository.push", left=True)
    for number in count(1):
        yield Moment(STARTED, number, left=True)


def test_a_deploy_that_is_killed_leaves_the_old_site_or_the_new_one_whole(host: GitHost) -> None:
    host.put("CNAME", b"paper.example\n")
    with carrying(host, "a") as process:
        assert process.wait(LONG) == 0
    before, outcomes = "a", set()
    for text, moment in zip(cycle("bcdefgh"), moments()):
        if not killed_at(moment, CARRIER, *arguments(host, text), alone=False):
            assert moment.function == STARTED and moment.number > 9, f"it never came to {moment}"
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


# ------------------------------------------------------------------ what goes wrong


def test_a_branch_that_git_does_not_take_is_refused(tmp_path: Path) -> None:
    with git_host(tmp_path) as host:
        for branch in ("a..b", "a b", "x?", "-x.lock", "@{1}"):
            host.to = f"git+file://{host.repository}#{branch}"
            assert "no branch of the name" in refusal(lambda: carry(host.make(), []))


def test_a_repository_that_is_not_there_is_named(host: GitHost) -> None:
    host.to = f"git+file://{host.tmp}/none.git"
    assert "there is no such repository" in refusal(lambda: sent(host, SITE))


def test_a_hook_that_declines_is_heard(host: GitHost) -> None:
    sent(host, SITE)
    host.hook("pre-receive", "echo 'No news on \033[31mSundays'\nexit 1")
    message = refusal(lambda: sent(host, {"index.html": b"2"}))
    assert 'the host says: "No news on Sundays"' in message
    assert "a hook of the repository declined" in message
    assert host.files() == SITE


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("error: GH006: Protected branch update failed for refs/heads/x.", "is protected"),
        ("GitLab: You are not allowed to push code to protected branches", "is protected"),
        ("error: GH013: Repository rule violations found for refs/heads/x.", "is protected"),
        (
            "error: File a.mp4 is 120.00 MB; this exceeds GitHub's file size limit of 100.00 MB",
            "of this size",
        ),
        ("fatal: write error: No space left on device", "the host's disk is full"),
    ],
)
def test_what_a_host_says_as_it_declines_is_understood(
    host: GitHost, words: str, meaning: str
) -> None:
    host.hook("pre-receive", f'echo "{words}"\nexit 1')
    message = refusal(lambda: sent(host, SITE))
    assert meaning in message
    assert words in message


def test_a_push_that_is_too_large_is_refused(host: GitHost) -> None:
    host.git("config", "receive.maxInputSize", "1000")
    picture = {"picture": os.urandom(3000)}
    assert "of this size" in refusal(lambda: sent(host, picture))


def test_a_repository_that_keeps_its_history_takes_no_squashed_one(host: GitHost) -> None:
    host.git("config", "receive.denyNonFastForwards", "true")
    sent(host, SITE, history="squash")
    message = refusal(lambda: sent(host, {"index.html": b"2"}, history="squash"))
    assert 'write history = "keep"' in message
    sent(host, {"index.html": b"2"}, history="keep")


def test_a_branch_that_somebody_works_on_is_not_moved(host: GitHost) -> None:
    host.git("config", "core.bare", "false")
    host.git("symbolic-ref", "HEAD", f"refs/heads/{BRANCH}")
    assert "checked out" in refusal(lambda: sent(host, SITE))


def test_a_key_that_is_not_known_is_not_let_in(tmp_path: Path) -> None:
    with git_ssh_host(tmp_path) as host:
        os.environ["GIT_SSH_COMMAND"] = ssh_with(tmp_path, "wrong", "known")
        assert "accepts none of your ssh keys" in refusal(lambda: sent(host, SITE))


def test_a_host_whose_key_is_not_the_known_one_is_not_talked_to(tmp_path: Path) -> None:
    with git_ssh_host(tmp_path) as host:
        os.environ["GIT_SSH_COMMAND"] = ssh_with(tmp_path, "user", "none")
        assert "the host's key is not known" in refusal(lambda: sent(host, SITE))
        port = host.to.partition("127.0.0.1:")[2].partition("/")[0]
        other = (tmp_path / "wrong.pub").read_text()
        (tmp_path / "other").write_text(f"[127.0.0.1]:{port} {other}")
        os.environ["GIT_SSH_COMMAND"] = ssh_with(tmp_path, "user", "other")
        assert "the host's key is another" in refusal(lambda: sent(host, SITE))


def test_a_repository_that_is_not_there_is_named_by_ssh_too(tmp_path: Path) -> None:
    with git_ssh_host(tmp_path) as host:
        host.to = host.to.replace("paper.git", "none.git")
        assert "there is no such repository" in refusal(lambda: sent(host, SITE))


def test_a_wrong_password_is_refused_and_never_shown(web: GitHttpHost) -> None:
    (web.tmp / "word").write_text("password=hunter2secret\n")
    message = refusal(lambda: sent(web, SITE))
    assert "does not accept the user name, password or token" in message
    assert "hunter2secret" not in message


def test_without_a_password_nothing_waits_for_one(web: GitHttpHost) -> None:
    (web.tmp / ".gitconfig").write_text("")
    assert "asks who you are" in refusal(lambda: sent(web, SITE))


def test_one_who_may_read_may_not_yet_write(web: GitHttpHost) -> None:
    web.git("config", "http.receivepack", "false")
    assert "you may not write" in refusal(lambda: sent(web, SITE))


def test_a_secret_in_a_rewritten_address_is_never_shown(web: GitHttpHost) -> None:
    there = f"http://127.0.0.1:{web.server.server_port}/"
    with (web.tmp / ".gitconfig").open("a") as config:
        secret = there.replace("//", "//editor:hunter2secret@")
        config.write(f'[url "{secret}"]\n\tinsteadOf = {there}\n')
    assert "hunter2secret" not in refusal(lambda: sent(web, SITE))


@pytest.mark.parametrize("trouble", ["500", "503", "cut", "unheard"])
@pytest.mark.parametrize("step", ["info/refs", "git-upload-pack", "git-receive-pack"])
def test_a_deploy_gets_over_a_connection_that_fails_once(
    web: GitHttpHost, step: str, trouble: str
) -> None:
    sent(web, SITE)
    web.server.troubles.append((step, trouble))
    made = upload(web.tmp / "b", {"index.html": b"2"})
    carry(web.make("new.git"), made, ["feed.xml"])
    assert web.server.troubles == []
    assert web.files() == {p: b for p, b in SITE.items() if p != "feed.xml"} | {"index.html": b"2"}
    assert len(web.log()) == 2


def test_a_host_that_fails_for_good_is_given_up(web: GitHttpHost) -> None:
    web.server.troubles += [("info/refs", "500")] * 4
    message = refusal(lambda: sent(web, SITE))
    assert "the connection to the host was cut" in message
    assert web.server.troubles == []


def test_nobody_listens(tmp_path: Path) -> None:
    with git_host(tmp_path) as host:
        host.to = f"git+http://127.0.0.1:{free_port()}/paper.git"
        assert "there was none" in refusal(lambda: sent(host, SITE))
        host.to = "git+https://no-such-host.invalid/paper.git"
        assert "there is no such host" in refusal(lambda: sent(host, SITE))


def test_git_that_is_missing_or_too_old_is_named(host: GitHost) -> None:
    programs = host.tmp / "bin"
    programs.mkdir()
    path = os.environ["PATH"]
    try:
        os.environ["PATH"] = str(programs)
        assert "git is missing" in refusal(lambda: sent(host, SITE))
        (programs / "git").write_text("#!/bin/sh\necho git version 2.24.4\n")
        (programs / "git").chmod(0o755)
        message = refusal(lambda: sent(host, SITE))
    finally:
        os.environ["PATH"] = path
    assert "git 2.24.4 is too old; install git 2.25 or newer" in message


def test_a_cache_that_cannot_be_written_is_named(host: GitHost) -> None:
    (host.tmp / "cache").write_text("a file")
    assert "cannot be written" in refusal(lambda: sent(host, SITE))


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("ERROR: Repository not found.\nfatal: Could not read from remote", "no such repository"),
        ("remote: Permission to a/b.git denied to ann.\nfatal: …: 403", "may not write"),
        ("ERROR: The key you are authenticating with has been marked as read only.", "not write"),
        ("fatal: write error: No space left on device", "the disk is full"),
        ("fatal: Unexpected checksum for a (disk corruption?)", "the disk is full or broken"),
        ("ssh: connect to host h.example port 22: Connection timed out", "connection"),
        ("fatal: detected dubious ownership in repository at '/srv/x'", "another user"),
        ("fatal: something unheard of", "git failed: fatal: something unheard of"),
        ("", "git failed"),
    ],
)
def test_what_git_says_is_understood(said: str, meaning: str) -> None:
    assert meaning in str(problem("git+x", "gh-pages", said))
