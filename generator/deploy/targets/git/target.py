"""A branch of a git repository, such as those that GitHub and GitLab publish: one deploy is one
commit, and readers see all of it or nothing.

The manifest is a file on the branch, though hosts then publish it. In a second ref, or in a note,
it would be out of sight, but also out of step: a branch that somebody takes back, or copies to
another host, would have a manifest of other files. So one push moves both, they go back together,
and every host can do it. It tells nothing but paths and digests of what is public anyway.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Literal, TypeVar

from filelock import FileLock, Timeout

from generator.deploy.targets.git.address import BRANCH, without_user
from generator.deploy.targets.git.draft import Draft
from generator.deploy.targets.git.messages import has_moved, is_of_the_host, is_passing, problem
from generator.deploy.targets.git.program import OLDEST, GitError, GitMissingError
from generator.deploy.targets.git.repository import Repository
from generator.deploy.targets.target import OWN, Arrived, Upload
from generator.errors import DeployRefusedError, LockedError, deploy_error, raise_errors

MANIFEST = f"{OWN}/manifest.json"
NO_JEKYLL = ".nojekyll"
"""Without this file GitHub Pages leaves out what begins with an underscore or a dot."""

_PAUSES = (0.5, 1.5, 4.0)
"""Seconds before another try, give or take a half."""
_AT_ONCE = 256
"""Files between two looks at what git has made of them."""

T = TypeVar("T")


class GitTarget:
    """A branch of the repository at `url`, carried by the system's `git`.

    `scratch` is a folder for a private repository, which may be deleted at any time; two locks
    lie beside it. `history` says whether each deploy adds a commit, or leaves but one.
    """

    has_headers = False

    def __init__(
        self, url: str, branch: str, scratch: Path, history: Literal["keep", "squash"] = "keep"
    ) -> None:
        self.name = f"git+{without_user(url)}#{branch}"
        self.branch = branch
        self.history = history
        self._repository = Repository(scratch, url, branch)
        self._deploying = FileLock(scratch.with_name(f"{scratch.name}.lock"))
        self._fetching = FileLock(scratch.with_name(f"{scratch.name}.fetch.lock"))
        self._tip = ""
        self._files: dict[str, str] = {}
        self._manifest: bytes | None = None
        self._draft = self._new_draft()

    @property
    def noted_in(self) -> str:
        return f"{self.name}/{MANIFEST}"

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Read the branch as it is now; one that is not there yet is empty."""
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
        """Hold the branch, unless another deploy from this folder does. One from elsewhere is found
        out by the push, which moves the branch only from where it was read.
        """
        with self._understood(), self._alone():
            if not self._take():
                raise self._busy()
            try:
                self._repository.await_push()
                self._read(True)
            except BaseException:
                self._deploying.release()
                raise
        try:
            yield
        finally:
            self._draft.drop()
            self._draft = self._new_draft()
            with suppress(OSError, GitError):
                self._repository.sweep()
            self._deploying.release()

    def listing(self, _: Sequence[str] = (), /) -> dict[str, str]:
        return {p: mark for p, mark in self._files.items() if not p.startswith(f"{OWN}/")}

    def manifest(self) -> bytes | None:
        return self._manifest

    def keep(self, manifest: bytes) -> None:
        self._draft.manifest = manifest

    def send(self, upload: Sequence[Upload], arrived: Arrived) -> None:
        with self._understood():
            waiting = iter(upload)
            while some := list(islice(waiting, _AT_ONCE)):
                self._draft.add(some)
                for one in some:
                    arrived(one.path, self._draft.files[one.path])

    def delete(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._draft.files.pop(path, None)
            if path in self._files:
                self._draft.deleted.add(path)

    def commit(self, message: str) -> None:
        """Push what was sent as one commit; none if that is what the branch holds already."""
        with self._understood():
            if self._draft.manifest is not None:
                self._draft.add_bytes(MANIFEST, self._draft.manifest)
            raise_errors(self._draft.obstacles(self._files), DeployRefusedError)
            if NO_JEKYLL not in self._files and NO_JEKYLL not in self._draft.files:
                self._draft.add_bytes(NO_JEKYLL, b"")
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
            raise self._busy()
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
        """Make a commit of what is staged; the one before if nothing is different."""
        tree = self._draft.tree(self._tip)
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
        """Know that the branch is at `commit`, and what it holds."""
        draft, self._draft = self._draft, self._new_draft()
        self._files = {p: m for p, m in self._files.items() if p not in draft.deleted}
        self._files |= draft.files
        self._tip, self._manifest = commit, draft.manifest or self._manifest
        with suppress(GitError), self._alone():
            self._repository.settle(commit)

    def _new_draft(self) -> Draft:
        return Draft(self._repository, self.name)

    # ------------------------------------------------------------------ what goes wrong

    def _check(self) -> None:
        self._repository.git.check()
        if not self._repository.is_branch_name():
            what = f'git takes no branch of the name "{self.branch}"'
            raise DeployRefusedError.at(self.name, what, f"name another, such as {BRANCH}")

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """Say what git says in words of this house."""
        try:
            yield
        except GitError as error:
            raise deploy_error(problem(self.name, self.branch, error.said)) from error
        except GitMissingError as error:
            remedy = "install git {}.{} or newer".format(*OLDEST)
            raise DeployRefusedError.at(self.name, str(error), remedy) from error
        except OSError as error:
            what = f"{error.filename or 'the cache'} cannot be written: {error.strerror or error}"
            remedy = "make room, or mend permissions"
            raise DeployRefusedError.at(self.name, what, remedy) from error

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

    def _busy(self) -> LockedError:
        what = "another deploy is at work here"
        return LockedError.at(self.name, what, "wait until it is done")
