"""Accidents that happen to the state of a site: what a disk, a crash, a backup or a person does."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

State = dict[str, bytes]
"""The files of a state, by path, as they were at a time."""
PAGE = 4096
"""Bytes that a disk writes at once."""


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
            self.leave_sidecars,
            self.change_rows,
        ]

    def happen(self) -> str:
        """Have one happen; what it was."""
        files = [file for file in sorted(self._folder.rglob("*")) if file.is_file()]
        large = [file for file in files if file.suffix in (".db", ".site", ".index", ".known")]
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

    def swap_parts(self, file: Path) -> None:
        """Two parts of a file change places: pages of a database, most often."""
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
        """Some pages of it are as they were: it was being written when the power failed."""
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

    def leave_sidecars(self, file: Path) -> None:
        """What a database leaves beside it while it is open, of another time or of none."""
        if file.suffix != ".db":
            return self.flip_a_bit(file)
        for ending in self._random.sample(["-wal", "-shm", "-journal"], 2):
            others = [data for state in self.last for data in state.values()]
            content = [b"", b"?" * 5000, *self._random.sample(others, min(1, len(others)))]
            sidecar = Path(f"{file}{ending}")
            if not sidecar.is_dir():
                sidecar.write_bytes(self._random.choice(content))
        return None

    def change_rows(self, file: Path) -> None:
        """Values of rows are swapped, or rows are lost: as whole as ever by SQLite's own lights."""
        if not file.name.endswith(".db"):
            return self.flip_bytes(file)
        with suppress(sqlite3.Error), closing(sqlite3.connect(file)) as database:
            tables = [
                name
                for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'")
            ]
            table = self._random.choice(sorted(tables))
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            key, column = columns[0], self._random.choice(columns)
            rows = database.execute(f"SELECT {key}, {column} FROM {table}").fetchall()
            if len(rows) > 1 and column != key and self._random.random() < 0.7:
                (one, first), (other, second) = self._random.sample(rows, 2)
                change = f"UPDATE {table} SET {column} = ? WHERE {key} = ?"
                database.execute(change, (second, one))
                database.execute(change, (first, other))
            elif rows and self._random.random() < 0.5:
                gone = self._random.choice(rows)[0]
                database.execute(
                    f"UPDATE {table} SET {key} = {key} || 'x' WHERE {key} = ?", (gone,)
                )
            elif rows:
                gone = self._random.choice(rows)[0]
                database.execute(f"DELETE FROM {table} WHERE {key} = ?", (gone,))
            database.commit()
        return None

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
