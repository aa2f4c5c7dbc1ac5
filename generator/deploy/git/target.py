"""A branch of a git repository, such as those that GitHub and GitLab publish: one deploy is one
commit, and readers see all of it or nothing.

The manifest is a file on the branch, though hosts then publish it. In a second ref, or in a note,
it would be out of sight, but also out of step: a branch that somebody takes back, or copies to
another host, would have a manifest of other files. So one push moves both, they go back together,
and every host can do it. It tells nothing but paths and digests of what is public anyway.
"""

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import unquote, urlsplit

import msgspec
from filelock import FileLock, Timeout

from generator.deploy.git.answers import has_moved, is_of_the_host, is_passing, problem
from generator.deploy.git.repository import OLDEST, GitError, GitMissingError, Repository, Staging
from generator.deploy.target import OWN, Arrived, Freight
from generator.errors import Problem, SiteError, raise_errors
from generator.urls import folders_of

BRANCH = "gh-pages"
MANIFEST = f"{OWN}/manifest.json"
NO_JEKYLL = ".nojekyll"
"""Without this file GitHub Pages leaves out what begins with an underscore or a dot."""

_PAUSES = (0.5, 1.5, 4.0)
"""Seconds before another try, give or take a half."""
_AT_ONCE = 256
"""Files between two looks at what git has made of them."""

T = TypeVar("T")


class Place(msgspec.Struct, frozen=True):
    """A branch of a repository at the address `url`, as git takes it."""

    url: str
    branch: str


def place(to: str) -> Place | tuple[str, str]:
    """What `git+ssh://…#branch` says; or what is wrong with it, and what to do.

    A secret in it is not shown.
    """
    address, _, branch = to.removeprefix("git+").partition("#")
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return "it is no address of a repository", _REMEDY
    if parts.password is not None or _is_token(parts.scheme, parts.username):
        remedy = "take it out, renew it, and keep it in a credential helper of git"
        return "it holds a password", remedy
    mistake = _mistake(to, parts.scheme, parts.hostname, parts.path, parts.query)
    return mistake or Place(address, unquote(branch) or BRANCH)


def _mistake(
    to: str, scheme: str, host: str | None, path: str, query: str
) -> tuple[str, str] | None:
    """What is wrong with an address, and what to write instead."""
    if not to.startswith("git+") or scheme not in ("ssh", "https", "http", "file"):
        what = "it is no address of a git repository"
        return what, "write git+ssh://…, git+https://… or git+file:///…"
    if query:
        return "there is a ? in it", "write %3F if it belongs to the path"
    if scheme == "http" and host not in ("localhost", "127.0.0.1", "::1"):
        return "http would send your token for all to read", "write git+https://…"
    if scheme == "file" and host:
        return "a file address names no host", "write git+file:///FOLDER, with three slashes"
    if (scheme != "file" and not host) or not path.strip("/"):
        return "it names no repository", _REMEDY
    return None


def _is_token(scheme: str, user: str | None) -> bool:
    """Whether a user name is rather a secret: some hosts take one there."""
    return scheme != "ssh" and bool(user) and bool(re.search(_TOKEN, user or ""))


_REMEDY = "write git+ssh://git@HOST/OWNER/REPOSITORY.git#BRANCH"
_TOKEN = r"^(gh[a-z]_|github_pat_|gl(pat|dt|rt|ptt|ft|cbt)-)|.{40}|%3[Aa]"  # noqa: S105 (how they look)


class GitTarget:
    """A branch of the repository at `url`, carried by the system's `git`.

    `scratch` is a folder for a private repository, which may be deleted at any time; two locks
    lie beside it. `history` says whether each deploy adds a commit, or leaves but one.
    """

    has_headers = False

    def __init__(
        self, url: str, branch: str, scratch: Path, history: Literal["keep", "squash"] = "keep"
    ) -> None:
        self.name = f"git+{_without_user(url)}#{branch}"
        self.branch = branch
        self.history = history
        self._repository = Repository(scratch, url, branch)
        self._deploying = FileLock(scratch.with_name(f"{scratch.name}.lock"))
        self._fetching = FileLock(scratch.with_name(f"{scratch.name}.fetch.lock"))
        self._tip = ""
        self._files: dict[str, str] = {}
        self._manifest: bytes | None = None
        self._staged = _Staged()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """The branch as it is now; one that is not there yet is empty."""
        with self._understood():
            self._check()
            with self._alone():
                is_mine = self._take()
                try:
                    self._read(is_mine)
                finally:
                    if is_mine:
                        self._deploying.release()
        yield

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Refused while another deploy from this folder is at work. One from elsewhere is found
        out by the push, which moves the branch only from where it was read.
        """
        with self._understood(), self._alone():
            if not self._take():
                raise SiteError([self._busy()])
            try:
                self._repository.await_push()
                self._read(True)
            except BaseException:
                self._deploying.release()
                raise
        try:
            yield
        finally:
            self._staged.drop()
            self._staged = _Staged()
            with suppress(OSError, GitError):
                self._repository.sweep()
            self._deploying.release()

    def listing(self) -> dict[str, str]:
        return {p: mark for p, mark in self._files.items() if not p.startswith(f"{OWN}/")}

    def manifest(self) -> bytes | None:
        return self._manifest

    def keep(self, manifest: bytes) -> None:
        self._staged.manifest = manifest

    def send(self, freight: Sequence[Freight], arrived: Arrived) -> None:
        with self._understood():
            waiting = iter(freight)
            while some := list(islice(waiting, _AT_ONCE)):
                for one in some:
                    self._add(one)
                for one, blob in zip(some, self._staging().blobs(len(some)), strict=True):
                    self._staged.deleted.discard(one.path)
                    self._staged.files[one.path] = blob
                    arrived(one.path, blob)

    def delete(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._staged.files.pop(path, None)
            if path in self._files:
                self._staged.deleted.add(path)

    def commit(self, message: str) -> None:
        """Push what was sent as one commit; none if that is what the branch holds already."""
        with self._understood():
            if self._staged.manifest is not None:
                self._staged.files[MANIFEST] = self._blob(self._staged.manifest)
            self._refuse_obstacles()
            if NO_JEKYLL not in self._files and NO_JEKYLL not in self._staged.files:
                self._staged.files[NO_JEKYLL] = self._blob(b"")
            try:
                commit = self._commit(message)
                if commit != self._tip:
                    self._patiently(lambda: self._push(commit))
                    self._settle(commit)
            except GitError as error:
                if not is_of_the_host(error.said) and not has_moved(error.said):
                    self._repository.make()  # if that is what is damaged, the next deploy is well
                raise

    # ------------------------------------------------------------------ the branch

    def _read(self, is_mine: bool) -> None:
        """Look where the branch is, and have its last commit here.

        A private repository that is damaged, or that the host would not fill, is made anew, if
        nobody else can be at work in it.
        """
        repository = self._repository
        if not repository.is_sound():
            self._make(is_mine)
        elif is_mine:
            repository.sweep()
        tip = self._patiently(repository.tip)
        try:
            self._look(tip)
        except GitError as error:
            if is_of_the_host(error.said):
                raise
            repository.gives_files_later = "promisor" not in error.said
            self._make(is_mine)
            self._look(tip)

    def _make(self, is_mine: bool) -> None:
        if not is_mine:
            raise SiteError([self._busy()])
        self._repository.make()

    def _look(self, tip: str) -> None:
        commit = self._patiently(lambda: self._repository.fetched(tip)) if tip else ""
        if commit and commit == self._tip:
            return
        self._files = self._repository.files(commit) if commit else {}
        self._manifest = None
        if blob := self._files.get(MANIFEST):
            self._manifest = self._patiently(lambda: self._repository.content(blob))
        self._tip = commit

    def _commit(self, message: str) -> str:
        """A commit of what is staged; the one before if nothing is different."""
        self._staging().finish(self._tip, self._staged.deleted, self._staged.files)
        tree = self._repository.staged_tree()
        if self._tip and tree == self._repository.tree(self._tip):
            return self._tip
        parent = self._tip if self.history == "keep" else ""
        return self._repository.commit(tree, parent, message)

    def _push(self, commit: str) -> None:
        """Move the branch. A push whose answer was lost may have done so nevertheless."""
        try:
            self._repository.push(commit, self._tip)
        except GitError as error:
            is_open = is_passing(error.said) or has_moved(error.said)
            if not is_open or self._repository.tip() != commit:
                raise

    def _settle(self, commit: str) -> None:
        """The branch is at `commit`: know so, and what it holds."""
        staged, self._staged = self._staged, _Staged()
        self._files = {p: m for p, m in self._files.items() if p not in staged.deleted}
        self._files |= staged.files
        self._tip, self._manifest = commit, staged.manifest or self._manifest
        with suppress(GitError), self._alone():
            self._repository.settle(commit)

    # ------------------------------------------------------------------ what is staged

    def _staging(self) -> Staging:
        if self._staged.staging is None:
            self._staged.staging = self._repository.staging()
        return self._staged.staging

    def _add(self, freight: Freight) -> None:
        if any(part.lower() == ".git" for part in freight.path.split("/")):
            what = f'"{freight.path}": git can hold nothing of this name'
            raise SiteError([Problem(self.name, 0, what, "rename it")])
        try:
            with freight.file.open("rb") as file:
                is_whole = self._staging().add(file, freight.size)
        except OSError as error:
            what = f"cannot be read: {error.strerror or error}"
            raise SiteError([Problem(str(freight.file), 0, what, "build again")]) from error
        if not is_whole:
            what = "was written while it was carried"
            raise SiteError([Problem(str(freight.file), 0, what, "deploy again")])

    def _blob(self, data: bytes) -> str:
        self._staging().add_bytes(data)
        return self._staging().blobs(1)[0]

    def _refuse_obstacles(self) -> None:
        """Refuse to put a file where a folder of others is, or the other way round."""
        new = self._staged.files.keys() - self._files.keys()
        if not new:
            return
        left = self._files.keys() - self._staged.deleted
        folders = {folder for path in left for folder in folders_of(path)} & new
        files = {folder for path in new for folder in folders_of(path)} & left
        raise_errors(self._obstacle(place, "folder") for place in folders)
        raise_errors(self._obstacle(place, "file") for place in files)

    def _obstacle(self, place: str, kind: str) -> Problem:
        what = f'"{place}": a {kind} that no deploy put there is in the way'
        return Problem(self.name, 0, what, f"move the {kind} away, or rename what belongs there")

    # ------------------------------------------------------------------ what goes wrong

    def _check(self) -> None:
        self._repository.check_git()
        if not self._repository.is_branch_name():
            what = f'git takes no branch of the name "{self.branch}"'
            raise SiteError([Problem(self.name, 0, what, f"name another, such as {BRANCH}")])

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """Say what git says in words of this house."""
        try:
            yield
        except GitError as error:
            raise SiteError([problem(self.name, self.branch, error.said)]) from error
        except GitMissingError as error:
            remedy = "install git {}.{} or newer".format(*OLDEST)
            raise SiteError([Problem(self.name, 0, str(error), remedy)]) from error
        except OSError as error:
            what = f"{error.filename or 'the cache'} cannot be written: {error.strerror or error}"
            raise SiteError(
                [Problem(self.name, 0, what, "make room, or mend permissions")]
            ) from error

    def _patiently(self, act: Callable[[], T]) -> T:
        """Try a few times what fails for reasons that pass."""
        for pause in _PAUSES:
            try:
                return act()
            except GitError as error:
                if not is_passing(error.said):
                    raise
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 (no secret)
        return act()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the private repository for a moment: while it is made, filled or packed."""
        self._repository.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._fetching:
            yield

    def _take(self) -> bool:
        """Try for the lock that a deploy holds from its first file to its push."""
        try:
            self._deploying.acquire(timeout=0)
        except Timeout:
            return False
        return True

    def _busy(self) -> Problem:
        return Problem(self.name, 0, "another deploy is at work here", "wait until it is done")


class _Staged:
    """What a deploy has prepared and nobody sees: blobs by path, and what goes."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.deleted: set[str] = set()
        self.manifest: bytes | None = None
        self.staging: Staging | None = None

    def drop(self) -> None:
        if self.staging is not None:
            self.staging.close()


def _without_user(url: str) -> str:
    """An address as it may be shown: a web address without a user, who may be a secret."""
    return re.sub(r"^(https?://)[^/@]*@", r"\1", url)
