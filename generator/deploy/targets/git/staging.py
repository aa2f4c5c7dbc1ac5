"""Files on their way into a repository, through one `git fast-import`."""

import io
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import IO

from generator.deploy.targets.git.program import PIECE, Git, GitError, as_bytes, as_text

STAGED = "refs/broadsheet/staged"
"""What was staged last."""


class Staging:
    """One `git fast-import`: files as they come, their tree in the end. Nothing is published."""

    def __init__(self, git: Git) -> None:
        self._git = git.started("fast-import", "--quiet", "--done", "--force")
        assert self._git.stdin and self._git.stdout and self._git.stderr
        self._input, self._output = self._git.stdin, self._git.stdout
        self._errors = self._git.stderr
        self._count = 0

    def add(self, file: IO[bytes], size: int) -> bool:
        """Take in a file of `size` bytes; False if it is not so long, and all is spoilt."""
        self._count += 1
        self._write(b"blob\nmark :%d\ndata %d\n" % (self._count, size))
        left = size
        while left and (piece := file.read(min(left, PIECE))):
            self._write(piece)
            left -= len(piece)
        self._write(b"\nget-mark :%d\n" % self._count)
        return not left and not file.read(1)

    def add_bytes(self, data: bytes) -> None:
        self.add(io.BytesIO(data), len(data))

    def blobs(self, count: int) -> list[str]:
        """Return the names of the last `count` files that were added, each to be asked for once."""
        self._flush()
        found = [self._output.readline().decode().strip() for _ in range(count)]
        if not all(found):
            self._fail()
        return found

    def finish(self, parent: str, deleted: Iterable[str], files: Mapping[str, str]) -> None:
        """Stage the files of `parent`, "" for none, without those deleted and with these blobs."""
        self._write(b"commit %s\ncommitter x <x> 0 +0000\ndata 0\n" % STAGED.encode())
        if parent:
            self._write(b"from %s\n" % parent.encode())
        for path in deleted:
            self._write(b"D %s\n" % _quoted(path))
        for path, blob in files.items():
            self._write(b"M 100644 %s %s\n" % (blob.encode(), _quoted(path)))
        self._write(b"done\n")
        self._flush()
        if self._git.wait():
            self._fail()
        self.close()

    def close(self) -> None:
        self._git.kill()
        self._git.wait()
        for stream in (self._input, self._output, self._errors):
            with suppress(BrokenPipeError):
                stream.close()

    def _write(self, data: bytes) -> None:
        try:
            self._input.write(data)
        except BrokenPipeError:
            self._fail()

    def _flush(self) -> None:
        try:
            self._input.flush()
        except BrokenPipeError:
            self._fail()

    def _fail(self) -> None:
        said = as_text(self._errors.read())
        self.close()
        raise GitError(said)


def _quoted(path: str) -> bytes:
    """Return a path as `git fast-import` reads it, whatever is in it."""
    data = as_bytes(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + data + b'"'
