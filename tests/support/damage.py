"""Accidents that happen to the state of a site: what a disk, a crash, a backup or a person does."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

State = dict[str, bytes]
"""The files of a state, by path, as they were at a time."""
PAGE = 4096
"""Bytes that a disk writes at once."""
KEY, RECORD = 16, 32
"""Bytes of a key, and of a record that begins with one."""
HEAD = 12
"""Bytes before a frame, the last eight of which are its length."""
_LARGE = (
    *(".records", ".values", ".texts", ".copies"),
    *(".outputs", ".site", ".index", ".known"),
)


def frames_of(data: bytes) -> list[bytes]:
    """The frames of a journal with their heads, whole or not."""
    frames = []
    while data:
        end = HEAD + int.from_bytes(data[HEAD - 8 : HEAD], "big")
        frames.append(data[:end])
        data = data[end:]
    return frames


def state_of(folder: Path) -> State:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != "lock")
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


class Accidents:
    """Accidents at random in a folder. `last` are its files at earlier times."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.last: list[State] = []
        self._folder = folder
        self._random = random
        self._kinds: list[Callable[[Path], None]] = [
            self.flip_a_bit,
            self.flip_bytes,
            self.cut,
            self.zero_a_part,
            self.zero,
            self.empty,
            self.lengthen,
            self.swap_parts,
            self.swap_files,
            self.delete,
            self.make_a_folder_of_it,
            self.put_back_a_file,
            self.put_back_everything,
            self.mix_with_an_older_one,
            self.make_a_pipe_of_it,
            self.lengthen_by_zeros,
            self.lose_records,
            self.exchange_records,
            self.copy_a_part_of_another_segment,
            self.begin_another_segment,
            self.change_frames,
            self.put_back_a_frame,
            self.change_the_name,
            self.leave_what_is_unfinished,
        ]

    def happen(self) -> str:
        """Have one happen; what it was."""
        files = [file for file in sorted(self._folder.rglob("*")) if file.is_file()]
        large = [file for file in files if file.suffix in _LARGE]
        if not files:
            return "there is nothing left"
        chosen = large if large and self._random.random() < 0.8 else files
        file = self._random.choice(chosen)
        kind = self._random.choice(self._kinds)
        kind(file)
        return f"{kind.__name__} {file.relative_to(self._folder)}"

    def flip_a_bit(self, file: Path) -> None:
        self._flip(file, 1, lambda: 1 << self._random.randrange(8))

    def flip_bytes(self, file: Path) -> None:
        self._flip(file, self._random.randint(1, 400), lambda: self._random.randint(1, 255))

    def cut(self, file: Path) -> None:
        data = file.read_bytes()
        file.write_bytes(data[: self._place(data)])

    def zero_a_part(self, file: Path) -> None:
        data = bytearray(file.read_bytes())
        start, size = self._place(data), self._random.choice([1, 16, 512, PAGE])
        data[start : start + size] = bytes(len(data[start : start + size]))
        file.write_bytes(data)

    def zero(self, file: Path) -> None:
        file.write_bytes(bytes(file.stat().st_size))

    def empty(self, file: Path) -> None:
        file.write_bytes(b"")

    def lengthen(self, file: Path) -> None:
        file.write_bytes(file.read_bytes() + self._random.randbytes(self._random.randint(1, 9999)))

    def lengthen_by_zeros(self, file: Path) -> None:
        """A crash may leave a file as long as it was to be, and nothing in it."""
        file.write_bytes(file.read_bytes() + bytes(self._random.choice([1, 12, 32, PAGE, 99_999])))

    def swap_parts(self, file: Path) -> None:
        """Two parts of a file change places: blocks or records, most often."""
        data = bytearray(file.read_bytes())
        size = self._random.choice([8, 32, PAGE, PAGE])
        one, other = (self._place(data) // size * size for _ in range(2))
        first, second = data[one : one + size], data[other : other + size]
        if len(first) == len(second):
            data[one : one + size], data[other : other + size] = second, first
        file.write_bytes(data)

    def swap_files(self, file: Path) -> None:
        others = [f for f in sorted(self._folder.rglob("*")) if f.is_file() and f.name != "lock"]
        other = self._random.choice(others) if others else file
        mine, theirs = file.read_bytes(), other.read_bytes()
        file.write_bytes(theirs)
        other.write_bytes(mine)

    def delete(self, file: Path) -> None:
        file.unlink()

    def make_a_folder_of_it(self, file: Path) -> None:
        if file.name != "lock":
            file.unlink()
            file.mkdir()
            (file / "inside").write_text("x")

    def make_a_pipe_of_it(self, file: Path) -> None:
        if file.name != "lock":
            made_a_pipe(file)

    def put_back_a_file(self, file: Path) -> None:
        name = file.relative_to(self._folder).as_posix()
        older = [state[name] for state in self.last if name in state]
        if older:
            file.write_bytes(self._random.choice(older))

    def put_back_everything(self, file: Path) -> None:
        """All is as it was, but perhaps this one."""
        if not self.last:
            return
        spared = file.read_bytes() if self._random.random() < 0.5 else None
        for place in self._folder.iterdir():
            if place.name != "lock":
                shutil.rmtree(place) if place.is_dir() else place.unlink()
        for name, data in self._random.choice(self.last).items():
            place = self._folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        if spared is not None and file.parent.is_dir():
            file.write_bytes(spared)

    def mix_with_an_older_one(self, file: Path) -> None:
        """Some blocks of it are as they were: it was being written when the power failed."""
        name = file.relative_to(self._folder).as_posix()
        older = [state[name] for state in self.last if name in state]
        if not older:
            return
        new, old = file.read_bytes(), self._random.choice(older)
        pages = range(0, len(new), PAGE)
        parts = (
            old[p : p + PAGE] if self._random.random() < 0.4 and p < len(old) else new[p : p + PAGE]
            for p in pages
        )
        file.write_bytes(b"".join(parts))

    def lose_records(self, file: Path) -> None:
        """Some records are gone, as if they never were."""
        records = self._records_of(file)
        kept = [record for record in records if self._random.random() < 0.7]
        file.write_bytes(b"".join(kept) if records else b"")

    def exchange_records(self, file: Path) -> None:
        """Two keys have each other's places: all is as whole as ever to look at."""
        records = self._records_of(file)
        if len(records) < 2:
            return self.flip_bytes(file)
        one, other = self._random.sample(range(len(records)), 2)
        first, second = records[one], records[other]
        records[one], records[other] = first[:KEY] + second[KEY:], second[:KEY] + first[KEY:]
        file.write_bytes(b"".join(records))
        return None

    def copy_a_part_of_another_segment(self, file: Path) -> None:
        """The records of one segment stand beside the values of another."""
        alike = [f for f in self._folder.rglob(f"*{file.suffix}") if f.is_file()]
        file.write_bytes(self._random.choice(sorted(alike)).read_bytes())

    def begin_another_segment(self, file: Path) -> None:
        """Files of a segment are there that nobody has made, or that was to be removed."""
        if file.suffix not in (".records", ".values"):
            return self.flip_a_bit(file)
        kind, _, number = file.stem.partition("-")
        later = int(number) + self._random.choice([-1, 1, 1])
        for what in self._random.sample(["records", "values"], self._random.choice([1, 2])):
            source = file.with_suffix(f".{what}")
            data = source.read_bytes() if source.is_file() else b""
            path = file.with_name(f"{kind}-{later}.{what}")
            if not path.is_dir():
                path.write_bytes(data[: self._random.choice([0, 64, len(data)])])
        return None

    def change_frames(self, file: Path) -> None:
        """A frame is gone, is there twice, or stands elsewhere."""
        frames = frames_of(file.read_bytes())
        if frames:
            taken = frames.pop(self._random.randrange(len(frames)))
            for _ in range(self._random.choice([0, 1, 2])):
                frames.insert(self._random.randint(0, len(frames)), taken)
        file.write_bytes(b"".join(frames))

    def put_back_a_frame(self, file: Path) -> None:
        """A frame of an earlier time stands among newer ones."""
        name = file.relative_to(self._folder).as_posix()
        older = [f for state in self.last for f in frames_of(state.get(name, b""))]
        frames = frames_of(file.read_bytes())
        if older:
            place = self._random.randint(0, len(frames))
            frames[place : place + self._random.choice([0, 1])] = [self._random.choice(older)]
        file.write_bytes(b"".join(frames))

    def change_the_name(self, _: Path) -> None:
        """The values have another's name, or none."""
        name = self._folder / "blobs" / "name"
        if name.is_file():
            other = [b"", b"another", b"\xff\0", name.read_bytes() * 2]
            name.write_bytes(self._random.choice(other))

    def leave_what_is_unfinished(self, file: Path) -> None:
        """What a killed process leaves beside a file."""
        for ending in (".4321.new", ".new"):
            beside = Path(f"{file}{ending}")
            if not beside.is_dir():
                beside.write_bytes(file.read_bytes()[: self._random.randrange(99)])

    def _records_of(self, file: Path) -> list[bytes]:
        if file.suffix != ".records":
            return []
        data = file.read_bytes()
        return [data[place : place + RECORD] for place in range(0, len(data), RECORD)]

    def _flip(self, file: Path, times: int, mask: Callable[[], int]) -> None:
        data = bytearray(file.read_bytes())
        for _ in range(times if data else 0):
            data[self._random.randrange(len(data))] ^= mask()
        file.write_bytes(data)

    def _place(self, data: bytes | bytearray) -> int:
        return self._random.randrange(len(data)) if data else 0


Damage = Callable[[Path], object]


def cut_in_half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def made_a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def filled(data: bytes) -> Damage:
    return lambda file: file.write_bytes(data)


DAMAGES: dict[str, Damage] = {
    "cut in half": cut_in_half,
    "gone": Path.unlink,
    "empty": filled(b""),
    "zeros": filled(bytes(1000)),
    "no UTF-8": filled(b'{"files":{"index\xff.html":["page"]}}'),
    "nested": filled(b'{"files":{},"x":' + b"[" * 100_000),
    "no date": filled(b'{"files":{"index.html":["front"]},"newest":"tomorrow"}'),
    "no moment": filled(b'{"files":{"index.html":["front"]},"newest":"2026-01-01"}'),
    "words": filled(b"nothing\nthat anybody knows\n"),
    "of nothing": filled(b'{"files":{}}'),
    "of names that are none": filled(b'{"files":{"a\\u0000b":["page"],"../x":["page"]}}'),
    "a pipe": made_a_pipe,
}
