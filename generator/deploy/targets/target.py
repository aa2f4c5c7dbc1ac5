"""What a deploy asks of a target, whatever kind of host it is on."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import msgspec

from generator.hosts.headers import Headers
from generator.kinds import PageKind

OWN = ".broadsheet-deploy"
"""At a target: the folder of what deploys keep there for themselves. It is no part of the site."""


class Upload(msgspec.Struct, frozen=True):
    """A file on its way: to `path` at the target, from `file`, of `size` bytes there."""

    path: str
    file: Path
    size: int
    kind: PageKind
    digest: str
    headers: Headers = Headers()


Arrived = Callable[[str, str], None]
"""Called with the path of each file that has arrived, and with the target's mark of it."""


def umask_of(mode: int) -> int:
    """Return what new files in a folder of this mode must not have.

    Whoever may look into it may read them, whoever may write to it may write, and nobody else.
    """
    return _denied(mode >> 3) << 3 | _denied(mode)


def _denied(bits: int) -> int:
    return (0 if bits & 0o5 else 0o5) | (0 if bits & 0o2 else 0o2)


class Target(Protocol):
    """A place for one site on a host. Each method raises `DeployError` with a clear problem.

    Paths are relative to it and as they are on disk, not percent-encoded: any name that a file
    can have may occur. Nothing of `OWN` is listed. Whatever holds a secret is no part of `name`
    or of any message.

    A target is *at once* if nothing that was sent or deleted is seen before `commit`.
    """

    @property
    def name(self) -> str:
        """Return the target in messages, such as s3://bucket/news."""
        ...

    @property
    def has_headers(self) -> bool:
        """Return whether the host keeps headers with each file; if not, none are asked for."""
        ...

    @property
    def noted_in(self) -> str:
        """Return the file of the manifest, in messages; asked while the target is open."""
        ...

    def opened(self) -> AbstractContextManager[None]:
        """Open the connection, for all the rest. Nothing at the target is changed by it."""
        ...

    def locked(self) -> AbstractContextManager[None]:
        """Hold the target for one deploy. Refused while another one is at work there.

        The lock of a deploy that was killed is taken over, if that can be told.
        """
        ...

    def listing(self, expected: Sequence[str] = (), /) -> dict[str, str]:
        """Return every file there, foreign ones too, with the target's own mark of its content.

        Paths that are `expected` to be there, in order, may help to look in several places at
        once.
        """
        ...

    def manifest(self) -> bytes | None:
        """Return the manifest that was kept last, if there is one."""
        ...

    def keep(self, manifest: bytes) -> None:
        """Keep the manifest in place of the one before; one or the other is always whole."""
        ...

    def send(self, upload: Sequence[Upload], arrived: Arrived) -> None:
        """Put these files there, each whole or not at all, in any order among themselves.

        `arrived` may be called from several threads, but never by two at a time.
        """
        ...

    def delete(self, paths: Iterable[str]) -> None:
        """Delete these files, if they are there, and folders that are empty without them."""
        ...

    def commit(self, message: str) -> None:
        """Let what is kept back for this moment take effect at once: all has been sent."""
        ...
