"""A commit in the making: what a deploy has prepared and nobody sees yet."""

from collections.abc import Iterator, Mapping, Sequence

from generator.codes import Code
from generator.deploy.targets.git.repository import Repository
from generator.deploy.targets.git.staging import Staging
from generator.deploy.targets.target import Upload
from generator.errors import DeployRefusedError, Problem
from generator.urls import folders_of


class Draft:
    """What the next commit changes: `files` are blobs by path, and `deleted` paths that go.

    `name` is that of the target in messages; `manifest` is the one to be kept, if any.
    """

    def __init__(self, repository: Repository, name: str) -> None:
        self.files: dict[str, str] = {}
        self.deleted: set[str] = set()
        self.manifest: bytes | None = None
        self._repository = repository
        self._name = name
        self._begun: Staging | None = None

    def add(self, upload: Sequence[Upload]) -> None:
        """Take in these files."""
        for one in upload:
            self._read(one)
        for one, blob in zip(upload, self._staging().blobs(len(upload)), strict=True):
            self.deleted.discard(one.path)
            self.files[one.path] = blob

    def add_bytes(self, path: str, data: bytes) -> None:
        """Take in a file of the deploy's own."""
        self._staging().add_bytes(data)
        (self.files[path],) = self._staging().blobs(1)

    def obstacles(self, there: Mapping[str, str]) -> Iterator[Problem]:
        """Yield where a file of the site and a folder of others meet on the branch, or the reverse.

        The branch holds what is `there`.
        """
        new = self.files.keys() - there.keys()
        if not new:
            return
        left = there.keys() - self.deleted
        for place in {folder for path in left for folder in folders_of(path)} & new:
            yield self._obstacle(place, "folder")
        for place in {folder for path in new for folder in folders_of(path)} & left:
            yield self._obstacle(place, "file")

    def tree(self, parent: str) -> str:
        """Return the tree of `parent`, "" for none, as it is to be: nothing can be added then."""
        self._staging().finish(parent, self.deleted, self.files)
        return self._repository.staged_tree()

    def drop(self) -> None:
        if self._begun is not None:
            self._begun.close()

    def _staging(self) -> Staging:
        if self._begun is None:
            self._begun = self._repository.staging()
        return self._begun

    def _read(self, upload: Upload) -> None:
        if any(part.lower() == ".git" for part in upload.path.split("/")):
            what = f'"{upload.path}": git can hold nothing of this name'
            raise DeployRefusedError.at(self._name, what, "rename it")
        try:
            with upload.file.open("rb") as file:
                is_whole = self._staging().add(file, upload.size)
        except OSError as error:
            what = f"cannot be read: {error.strerror or error}"
            raise DeployRefusedError.at(str(upload.file), what, "build again") from error
        if not is_whole:
            what = "was written while it was carried"
            raise DeployRefusedError.at(str(upload.file), what, "deploy again")

    def _obstacle(self, place: str, kind: str) -> Problem:
        what = f'"{place}": a {kind} that no deploy put there is in the way'
        remedy = f"move the {kind} away, or rename what belongs there"
        return Problem(self._name, 0, what, remedy, code=Code.FOREIGN_FILE)
