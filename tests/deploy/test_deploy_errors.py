"""Why a deploy stops, told to programs: the class of its error, and the code of its problem."""

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.codes import Code
from generator.commands.deploy import deploy
from generator.deploy.targets.folder.target import FolderTarget
from generator.deploy.targets.git import messages as git
from generator.deploy.targets.ssh import messages as ssh
from generator.deploy.targets.store import messages as store
from generator.errors import (
    CredentialsError,
    DeployError,
    DeployRefusedError,
    LockedError,
    Problem,
    SiteError,
    UnreachableError,
    deploy_error,
)
from support.sites import NOW, SETTINGS, SmallSite

Kind = type[DeployError]
NAME = "the target"


def of_git(said: str) -> Problem:
    return git.problem(NAME, "gh-pages", said)


def of_ssh(said: str) -> Problem:
    return (
        ssh.problem_of(NAME, said) or ssh.not_reached(NAME, said) or ssh.unknown(NAME, "x", 1, said)
    )


def of_store(said: str) -> Problem:
    return store.problem_of(NAME, Exception(said), "set the keys")


@pytest.mark.parametrize(
    ("problem_of", "said", "kind", "code"),
    [
        (of_git, "fatal: Authentication failed for 'x'", CredentialsError, "credentials"),
        (of_git, "git@h: Permission denied (publickey).", CredentialsError, "credentials"),
        (of_git, "fatal: could not read Username for 'x'", CredentialsError, "credentials"),
        (of_git, "remote: GH006: Protected branch update failed", CredentialsError, "credentials"),
        (of_git, "! [rejected] a -> b (stale info)", LockedError, "locked"),
        (of_git, "ssh: connect: Connection refused", UnreachableError, "unreachable"),
        (of_git, "fatal: Could not resolve host: h", UnreachableError, "unreachable"),
        (of_git, "remote: error: GH001: Large files detected", DeployRefusedError, "no-room"),
        (of_git, "! [remote rejected] (hook declined)", DeployRefusedError, "deploy-refused"),
        (of_git, "fatal: 犬", DeployRefusedError, "deploy-refused"),
        (of_git, "ERROR: Repository not found.", DeployRefusedError, "deploy-refused"),
        (of_git, "", DeployRefusedError, "deploy-refused"),
        (of_ssh, "u@h: Permission denied (publickey).", CredentialsError, "credentials"),
        (of_ssh, "Host key verification failed.", CredentialsError, "credentials"),
        (of_ssh, "mkdir: /var/www: Permission denied", CredentialsError, "credentials"),
        (of_ssh, "Could not resolve hostname h", UnreachableError, "unreachable"),
        (of_ssh, "connect to host h: Connection refused", UnreachableError, "unreachable"),
        (of_ssh, "connect to host h: Connection timed out", UnreachableError, "unreachable"),
        (of_ssh, "rsync: write failed: No space left on device", DeployRefusedError, "no-room"),
        (of_ssh, "sh: rsync: not found", DeployRefusedError, "deploy-refused"),
        (of_ssh, "", DeployRefusedError, "deploy-refused"),
        (of_store, "<Code>InvalidAccessKeyId</Code>", CredentialsError, "credentials"),
        (of_store, "<Code>AccessDenied</Code>", CredentialsError, "credentials"),
        (of_store, "connect to 169.254.169.254", CredentialsError, "credentials"),
        (of_store, "An error occurred (ExpiredToken)", CredentialsError, "credentials"),
        (of_store, "<Code>NoSuchBucket</Code>", DeployRefusedError, "deploy-refused"),
        (of_store, "<Code>QuotaExceeded</Code>", DeployRefusedError, "no-room"),
        (of_store, "<Code>EntityTooLarge</Code>", DeployRefusedError, "no-room"),
        (of_store, "non-2xx status code: 413 Payload Too Large", DeployRefusedError, "no-room"),
        (of_store, "non-2xx status code: 507 Insufficient", DeployRefusedError, "no-room"),
        (of_store, "HTTP error: error sending request", UnreachableError, "unreachable"),
        (of_store, "Invalid path segment", DeployRefusedError, "deploy-refused"),
        (of_store, "non-2xx status code: 400 Bad Request", DeployRefusedError, "deploy-refused"),
        (of_store, "non-2xx status code: 503 Slow Down", UnreachableError, "unreachable"),
        (of_store, "non-2xx status code: 429 Too Many", UnreachableError, "unreachable"),
        (of_store, "Connection refused", UnreachableError, "unreachable"),
        (of_store, "", UnreachableError, "unreachable"),
    ],
)
def test_what_programs_say_tells_the_kind_of_error(
    problem_of: Callable[[str], Problem], said: str, kind: Kind, code: str
) -> None:
    problem = problem_of(said)
    error = deploy_error(problem)
    assert (type(error), problem.code, problem.file) == (kind, code, NAME)
    assert error.problems == [problem]


def test_a_target_at_which_another_deploy_is_at_work_is_locked(tmp_path: Path) -> None:
    one, other = (FolderTarget(tmp_path / "digest") for _ in range(2))
    with one.opened(), one.locked(), other.opened(), pytest.raises(LockedError) as caught:
        other.locked().__enter__()
    assert [problem.code for problem in caught.value.problems] == [Code.LOCKED]
    with other.opened(), other.locked():
        pass


def test_a_folder_with_too_long_a_name_is_refused(tmp_path: Path) -> None:
    target = FolderTarget(tmp_path / "digest" / ("x" * 300))
    (tmp_path / "digest").mkdir()
    with pytest.raises(DeployRefusedError, match="shorten the name") as caught, target.opened():
        pass
    assert [problem.code for problem in caught.value.problems] == [Code.DEPLOY_REFUSED]


# ------------------------------------------------------------------ a whole deploy


@pytest.fixture
def paper(site: SmallSite, tmp_path: Path) -> SmallSite:
    target = f'[deploy.production]\nto = "file://{tmp_path}/www"\n'
    site.write({"site.toml": SETTINGS + target})
    site.article("story")
    return site


def stopped(paper: SmallSite) -> tuple[type[SiteError], list[tuple[str, Code | None]]]:
    """Return the class of the error in which a deploy ends, and its problems."""
    with pytest.raises(SiteError) as caught:
        deploy(paper.root, at=NOW)
    return type(caught.value), [(one.file, one.code) for one in caught.value.problems]


def test_a_site_that_was_not_built_is_refused(paper: SmallSite) -> None:
    assert stopped(paper) == (DeployRefusedError, [("public", Code.NOT_BUILT)])
    paper.build()
    (paper.public / "index.html").unlink()
    assert stopped(paper) == (DeployRefusedError, [("public/index.html", Code.NOT_BUILT)])
    (paper.public / ".broadsheet").write_text("{")
    assert stopped(paper) == (DeployRefusedError, [("public/.broadsheet", Code.NOT_BUILT)])


def test_what_nobody_has_allowed_is_refused(paper: SmallSite, tmp_path: Path) -> None:
    target = f"file://{tmp_path}/www"
    paper.build()
    (tmp_path / "www").mkdir()
    (tmp_path / "www/index.html").write_text("theirs")
    assert stopped(paper) == (DeployRefusedError, [(target, Code.FOREIGN_FILE)])
    deploy(paper.root, at=NOW, confirm=True)
    (paper.root / "content/articles/story.md").unlink()
    paper.article("other")
    paper.build()
    assert stopped(paper) == (DeployRefusedError, [(target, Code.WOULD_VANISH)])


def test_settings_are_the_sites_own_fault(paper: SmallSite) -> None:
    for text, code in (
        (SETTINGS, Code.SETTINGS),
        (f'{SETTINGS}[deploy.production]\nto = "ftp://x"\n', Code.WRONG_VALUE),
        (f'{SETTINGS}[deploy.production]\nto = "s3:///x"\n', Code.WRONG_VALUE),
        (f'{SETTINGS}[deploy.production]\nto = "file:///a/../b"\n', Code.WRONG_VALUE),
        (f"{SETTINGS}[deploy.production]\n", Code.MISSING_FIELD),
        (f"{SETTINGS}[deploy.production\n", Code.BROKEN_SYNTAX),
    ):
        paper.write({"site.toml": text})
        assert stopped(paper) == (SiteError, [("site.toml", code)]), text
