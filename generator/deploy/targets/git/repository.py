"""A private bare repository that git works in: a cache, of which nothing is lost when it goes.

It has no work tree, and no other repository is ever touched.
"""

import os
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from generator.deploy.targets.git.messages import is_of_the_host
from generator.deploy.targets.git.program import Git, GitError, as_bytes, as_text
from generator.deploy.targets.git.staging import STAGED, Staging
from generator.system import let_be_removed, try_lock

_TIP = "refs/broadsheet/tip"
_PUSHING = "pushing"
"""A file that is there during a push."""
_PATIENCE = 30.0
"""Seconds."""
_NOBODY = {"NAME": "Broadsheet", "EMAIL": "broadsheet@localhost"}
_SPARING = (("--depth=1", "--filter=blob:none"), ("--depth=1",), ())
"""Ways to fetch, the one that fetches least first."""
_FETCH = ("fetch", "--quiet", "--no-tags", "--no-auto-gc", "--no-recurse-submodules")
_PUSH = ("push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-recurse-submodules")
_PLAIN = ("100644", "100755", "100664")
_LEFTOVERS = (
    "*.lock",
    "refs/**/*.lock",
    "gc.pid",
    "shallow_*",
    "fast_import_crash_*",
    "objects/tmp_*",
    "objects/??/tmp_*",
    "objects/pack/tmp_*",
    "objects/pack/*.keep",
)


class Repository:
    """A private repository for one branch of one remote repository.

    Any method but `tip` may fail for what is wrong with the repository itself: then `make`
    it anew. `gives_files_later` tells of the host: if it leaves files out of what it sends when
    it is asked to, it sends them when they are needed. Some hosts do not.
    """

    def __init__(self, folder: Path, url: str, branch: str) -> None:
        self.folder = folder
        self.git = Git(folder)
        self.url = url
        self.ref = f"refs/heads/{branch}"
        self.gives_files_later = True

    def is_branch_name(self) -> bool:
        return self.git.succeeds("check-ref-format", self.ref)

    def is_sound(self) -> bool:
        """Return whether this is what `make` made; not whether all in it is whole."""
        try:
            is_bare = self.git.run("rev-parse", "--is-bare-repository").strip() == b"true"
            return is_bare and self.git.run("config", "remote.origin.url") == _line(self.url)
        except GitError:
            return False

    def make(self) -> None:
        """Make an empty repository, in place of what is there."""
        if self.folder.is_dir() and not self.folder.is_symlink():
            let_be_removed(self.folder)
            shutil.rmtree(self.folder)
        self.folder.unlink(missing_ok=True)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.git.run("init", "--quiet", "--bare", "--template=", os.fspath(self.folder))
        self.git.run("config", "remote.origin.url", self.url)

    def sweep(self) -> None:
        """Delete what killed processes left. Nobody else may be at work here."""
        for pattern in _LEFTOVERS:
            for path in self.folder.glob(pattern):
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
        self.git.run("update-ref", "-d", STAGED)

    # ------------------------------------------------------------------ from the host

    def tip(self) -> str:
        """Return the commit that the branch is at, at the host; "" if there is no such branch."""
        for line in self.git.run("ls-remote", "--quiet", "origin", self.ref).decode().splitlines():
            commit, _, ref = line.partition("\t")
            if ref == self.ref:
                return commit
        return ""

    def fetched(self, tip: str) -> str:
        """Have the branch's last commit here, with its trees: `tip`, or what has followed it.

        Most hosts send no more than that. One that cannot do so sends more.
        """
        with suppress(GitError):
            if self.git.run("rev-parse", "--verify", "--quiet", _TIP).decode().strip() == tip:
                return tip
        said = ""
        for sparing in _SPARING if self.gives_files_later else _SPARING[1:]:
            try:
                self.git.run(*_FETCH, *sparing, "origin", f"+{self.ref}:{_TIP}")
                return self.git.run("rev-parse", "--verify", _TIP).decode().strip()
            except GitError as error:
                if is_of_the_host(error.said):
                    raise
                said = error.said
        raise GitError(said)

    def files(self, commit: str) -> dict[str, str]:
        """Return every file of a commit: its blob, behind the mode of one that is no plain file."""
        found = {}
        for entry in self.git.run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
            about, _, path = entry.partition(b"\t")
            if path:
                mode, _, digest = about.decode().split(" ")
                found[as_text(path)] = digest if mode in _PLAIN else f"{mode}:{digest}"
        return found

    def content(self, blob: str) -> bytes:
        """Return a file's bytes; they are fetched if they are not here."""
        return self.git.run("cat-file", "blob", blob)

    def push(self, commit: str, before: str) -> None:
        """Move the branch at the host to `commit`, all of it at once, if it is at `before`."""
        lease = f"--force-with-lease={self.ref}:{before}"
        with (self.folder / _PUSHING).open("wb") as held:
            try_lock(held)
            try:
                self.git.run(*_PUSH, lease, "origin", f"{commit}:{self.ref}", held=held)
            finally:
                (self.folder / _PUSHING).unlink(missing_ok=True)

    def await_push(self) -> None:
        """Wait for a push that has outlived its killed deploy: it may still move the branch.

        Not for ever: one that comes later all the same finds the branch moved, or is found out.
        """
        with suppress(FileNotFoundError), (self.folder / _PUSHING).open("rb") as held:
            deadline = time.monotonic() + _PATIENCE
            while not try_lock(held) and time.monotonic() < deadline:
                time.sleep(0.05)
            (self.folder / _PUSHING).unlink(missing_ok=True)

    # ------------------------------------------------------------------ a new commit

    def staging(self) -> Staging:
        return Staging(self.git)

    def staged_tree(self) -> str:
        """Return the tree that was staged last."""
        return self.tree(STAGED)

    def tree(self, commit: str) -> str:
        return self.git.run("rev-parse", "--verify", f"{commit}^{{tree}}").decode().strip()

    def commit(self, tree: str, parent: str, message: str) -> str:
        """Make a commit by whom git is configured for; "" for no parent."""
        return (
            self.git.run(
                *("-c", "i18n.commitEncoding=UTF-8", "commit-tree", tree),
                *(("-p", parent) if parent else ()),
                data=message.encode(errors="replace") + b"\n",
                variables=self._author(),
            )
            .decode()
            .strip()
        )

    def settle(self, commit: str) -> None:
        """Remember where the branch is; now and then pack what has gathered, as git does."""
        self.git.run("update-ref", _TIP, commit)
        self.git.run("update-ref", "-d", STAGED)
        self.git.run("-c", "gc.autoDetach=false", "gc", "--auto", "--quiet", "--prune=now")

    def _author(self) -> Mapping[str, str]:
        """Name Broadsheet, for whichever of author and committer git has no name."""
        return {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            if not self.git.succeeds("-c", "user.useConfigOnly=true", "var", f"GIT_{role}_IDENT")
            for key, value in _NOBODY.items()
        }


def _line(text: str) -> bytes:
    return as_bytes(text) + b"\n"
