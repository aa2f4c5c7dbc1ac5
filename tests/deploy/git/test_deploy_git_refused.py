"""Deploys to git that a host, a hook, a network or git itself does not let through."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.deploy.targets.git.messages import problem
from support.deploys import free_port
from support.git_deploys import SITE, refusal, sent
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

pytestmark = pytest.mark.long


@pytest.fixture
def web(tmp_path: Path) -> Iterator[GitHttpHost]:
    with git_http_host(tmp_path) as host:
        yield host


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
