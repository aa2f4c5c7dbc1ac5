"""A process of its own that deploys over ssh, for tests that kill it, or start many of them."""

import sys
from pathlib import Path

from generator.deploy.manifest import Entry, Manifest, encoded
from generator.deploy.targets.ssh.address import SshAddress, parse_ssh
from generator.deploy.targets.ssh.target import SshTarget
from generator.deploy.targets.target import Upload
from generator.errors import SiteError
from generator.kinds import PageKind


def carry(target: SshTarget, public: Path) -> None:
    """All files of a folder."""
    files = [file for file in public.rglob("*") if file.is_file()]
    paths = [file.relative_to(public).as_posix() for file in files]
    upload = [
        Upload(path, file, file.stat().st_size, PageKind.FILE, "")
        for path, file in zip(paths, files, strict=True)
    ]
    manifest = encoded(Manifest({path: Entry("", PageKind.FILE) for path in paths}))
    with target.opened(), target.locked():
        target.manifest()
        target.keep(manifest)
        target.send(upload[::2], lambda path, mark: None)
        target.send(upload[1::2], lambda path, mark: None)
        target.keep(manifest)


def hold(target: SshTarget, log: Path) -> None:
    """Hold the lock until told to let it go, by the end of standard input; and tell when."""
    with target.opened(), target.locked():
        tell(log, "in")
        sys.stdin.read()
        tell(log, "out")


def tell(log: Path, word: str) -> None:
    with log.open("a") as file:
        file.write(f"{word}\n")


def main(act: str, to: str, public: str, log: str = "") -> int:
    address = parse_ssh(to)
    assert isinstance(address, SshAddress)
    target = SshTarget(address)
    try:
        if act == "carry":
            carry(target, Path(public))
        else:
            hold(target, Path(log))
    except SiteError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
