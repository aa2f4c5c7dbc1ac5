"""Deploys to a branch of a git repository: one commit, or nothing."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Thread

import pytest

from generator.deploy.targets.git.address import GitAddress, parse_git
from generator.deploy.targets.git.target import MANIFEST, GitTarget
from generator.errors import SiteError
from support.git_deploys import SITE, left_over, refusal, sent
from support.host_git import BRANCH, GitHost, carry, git_host, git_http_host, git_ssh_host, upload

pytestmark = pytest.mark.long
Kind = Callable[[Path], AbstractContextManager[GitHost]]


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
