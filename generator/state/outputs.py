"""What each output was made from, how its file looked when it was written, the digest of its bytes.

What comes in are the records of a build; what goes out, at the next, are those of the files that
are as it left them. A deploy need not read what nobody touched since.
"""

from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from generator.state.digests import digest_of_file
from generator.state.journal import Journal
from generator.state.stamp import Stamp, packed, stamp, unpacked


class Record(NamedTuple):
    """An output as it was left: what it was made from, how it looked, the digest of its bytes."""

    fingerprint: str
    stamp: Stamp
    digest: str


class Records(Mapping[str, Record]):
    """Records by path, in columns: of a large site nearly all are compared and no more."""

    def __init__(
        self, rows: dict[str, int], stamps: list[Stamp], fingerprints: bytes, digests: bytes
    ) -> None:
        self._rows, self._stamps = rows, stamps
        self._fingerprints, self._digests = fingerprints, digests

    def __getitem__(self, path: str) -> Record:
        row = self._rows[path]
        here = slice(_DIGEST * row, _DIGEST * (row + 1))
        fingerprint, digest = self._fingerprints[here], self._digests[here]
        return Record(fingerprint.hex(), self._stamps[row], digest.hex())

    def __contains__(self, path: object) -> bool:
        return path in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def as_left(self, folder: Path) -> "Records":
        """Return the records of the files in a folder that hold what they did, as they look now.

        If all do, and look as they did, it is this very value. One that looks otherwise may be the
        same all the same: in a folder that was moved or copied, every file does.
        """
        stamps, top, gone = self._stamps, str(folder), set()
        for path, row in self._rows.items():
            file = f"{top}/{path}"
            now = stamp(file)
            if now == self._stamps[row]:
                continue
            if now is None or digest_of_file(file) != self[path].digest:
                gone.add(path)
                continue
            if stamps is self._stamps:
                stamps = stamps.copy()
            stamps[row] = now
        if stamps is self._stamps and not gone:
            return self
        rows = {path: row for path, row in self._rows.items() if path not in gone}
        return Records(rows, stamps, self._fingerprints, self._digests)

    def moved_since(self, before: "Records") -> dict[str, Record]:
        """Return those of these records, which were `as_left` from others, that look otherwise."""
        if self is before:
            return {}
        pairs = self._rows.items()
        return {path: self[path] for path, r in pairs if self._stamps[r] != before._stamps[r]}


_DIGEST = 16
"""Bytes of a digest."""
NO_RECORDS = Records({}, [], b"", b"")


class OutputTable:
    """The records of the builds into a folder, and what the last one left beside them."""

    def __init__(self, path: Path) -> None:
        self._journal = Journal(path)
        self.records, self.last = _read(self._journal)

    def write(self, changed: dict[str, Record], wanted: Container[str], last: bytes) -> None:
        """Keep these records in place of those of their paths; of the others, the `wanted` ones.

        `last` takes the place of what the last build left.
        """
        known = self.records
        gone = [path for path in known if path not in wanted]
        if not known or self._journal.has_grown or 2 * len(changed) > len(known):
            kept = {path: known[path] for path in known if path in wanted}
            self._journal.replace([_encoded(kept | changed, [], last)])
        else:
            self._journal.append([_encoded(changed, gone, last)])


class _Rows(msgspec.Struct, array_like=True, frozen=True):
    """What a build did: new records in columns, paths that are gone, what it left beside them."""

    paths: list[str]
    stamps: bytes
    fingerprints: bytes
    digests: bytes
    gone: list[str]
    last: bytes


def _encoded(records: Mapping[str, Record], gone: list[str], last: bytes) -> bytes:
    rows = records.values()
    return msgspec.msgpack.encode(
        _Rows(
            list(records),
            packed(record.stamp for record in rows),
            bytes.fromhex("".join(record.fingerprint for record in rows)),
            bytes.fromhex("".join(record.digest for record in rows)),
            gone,
            last,
        )
    )


def _read(journal: Journal) -> tuple[Records, bytes]:
    """Return the records of all builds, and what the last one left; nothing of another version."""
    rows: dict[str, int] = {}
    stamps: list[Stamp] = []
    fingerprints, digests, last = bytearray(), bytearray(), b""
    try:
        for build in map(_ROWS.decode, journal.frames()):
            rows |= zip(
                build.paths, range(len(stamps), len(stamps) + len(build.paths)), strict=True
            )
            stamps += unpacked(build.stamps)
            fingerprints += build.fingerprints
            digests += build.digests
            for path in build.gone:
                rows.pop(path, None)
            last = build.last
    except (msgspec.MsgspecError, ValueError):
        return NO_RECORDS, b""
    return Records(rows, stamps, bytes(fingerprints), bytes(digests)), last


_ROWS = msgspec.msgpack.Decoder(_Rows)
