"""Values by key: what is found is right, whoever writes, reads, drops or is killed meanwhile."""

import multiprocessing
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from generator.errors import SiteError, StateError
from generator.state.blobs import Blobs, Kind
from generator.state.compression import compressed
from generator.state.segment import Segment
from support.breakpoints import Breakpoint, killed_at
from support.damage import DAMAGES, KEY, RECORD
from support.sites import LONG
from support.stored_values import KINDS, add, forget_others, key_of, segments, there, value_of

pytestmark = pytest.mark.long

ALL = range(24)
ONE_EACH = sorted(f"{kind}-{{}}.{what}" for kind in KINDS for what in ("records", "values"))
often = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


# ---------------------------------------------------------------------------- one process


class Values(RuleBasedStateMachine):
    """A folder of values beside sets of what must be there, and of what may be."""

    numbers = st.lists(st.sampled_from(ALL), max_size=9)

    def __init__(self) -> None:
        super().__init__()
        self._top = TemporaryDirectory()
        self.folder = Path(self._top.name) / "blobs"
        self.writer = Blobs.to_write(self.folder)
        self.reader = Blobs(self.folder)
        self.kept: dict[Kind, set[int]] = defaultdict(set)
        self.added: dict[Kind, set[int]] = defaultdict(set)

    def teardown(self) -> None:
        self.writer.__exit__()
        self.reader.__exit__()
        self._top.cleanup()

    @rule(kind=st.sampled_from(KINDS), numbers=numbers)
    def add(self, kind: Kind, numbers: list[int]) -> None:
        for number in numbers:
            self.writer.add(kind, key_of(kind, number), value_of(kind, number))
        self.added[kind].update(numbers)

    @rule()
    def commit(self) -> None:
        self.writer.commit()
        for kind in KINDS:
            self.kept[kind] |= self.added[kind]
        self.added.clear()

    @rule(numbers=numbers)
    def forget_others(self, numbers: list[int]) -> None:
        forget_others(self.writer, numbers)
        for kind in KINDS:
            self.kept[kind] &= {*numbers}

    @rule()
    def write_as_another_process(self) -> None:
        self.writer.__exit__()
        self.writer = Blobs.to_write(self.folder)
        self.added.clear()

    @rule()
    def read_as_another_process(self) -> None:
        self.reader.__exit__()
        self.reader = Blobs(self.folder)

    @rule(data=st.data())
    def be_killed_in_the_middle_of_a_write(self, data: st.DataObject) -> None:
        """A part of a value, or all values and a part of a record, are written."""
        self.write_as_another_process()
        for path in sorted(self.folder.glob("*-*")):
            part = data.draw(st.integers(0, RECORD - 1))
            path.write_bytes(path.read_bytes() + b"?" * part)

    @invariant()
    def what_was_kept_is_there(self) -> None:
        for kind in KINDS:
            for blobs in (self.writer, self.reader):
                assert there(blobs, kind, ALL) >= self.kept[kind]


Values.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestValues = Values.TestCase


def test_one_value_added_twice_is_written_once(folder: Path) -> None:
    with Blobs.to_write(folder) as blobs:
        add(blobs, [5, 5])
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        add(blobs, [5])
    with Blobs.to_write(folder) as blobs:
        add(blobs, [5])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_nothing_is_made_of_no_values(folder: Path) -> None:
    with Blobs.to_write(folder) as blobs:
        blobs.commit()
        forget_others(blobs, [])
        assert list(blobs.found("prose", [])) == []
        assert list(blobs.values("prose", [])) == []
    assert segments(folder) == []


def test_what_nobody_wants_goes_when_it_is_more_than_half(folder: Path) -> None:
    with Blobs.to_write(folder) as blobs:
        add(blobs, [4, 10, 16])
        forget_others(blobs, [4, 10])
        assert all(there(blobs, kind, [16]) for kind in KINDS)
        assert segments(folder) == [name.format(1) for name in ONE_EACH]
        forget_others(blobs, [4])
        assert not any(there(blobs, kind, [10, 16]) for kind in KINDS)
        assert segments(folder) == [name.format(2) for name in ONE_EACH]
        assert (folder / "readings-2.values").read_bytes() == value_of("readings", 4)
        forget_others(blobs, [])
        add(blobs, [4])
    assert all(there(Blobs(folder), kind, ALL) == {4} for kind in KINDS)


def test_bodies_are_kept_in_less_room(folder: Path) -> None:
    body = " ".join(map(str, range(1000))).encode()
    with Blobs.to_write(folder) as blobs:
        blobs.add("prose", key_of("prose", 1), body)
        blobs.commit()
        assert blobs.prose(key_of("prose", 1)) == body
    assert (folder / "prose-1.values").stat().st_size < len(body) / 2


def test_what_is_not_there_though_another_has_it_to_be_is_damage(folder: Path) -> None:
    with Blobs.to_write(folder) as blobs:
        add(blobs, [1])
        with pytest.raises(StateError) as caught:
            list(blobs.values("prose", [key_of("prose", 1), key_of("prose", 2)]))
    assert caught.value.path == folder


@pytest.mark.parametrize("key", ["", "no digest", "ab", "\ue0005\ue001", "ab" * 40])
def test_a_key_that_is_no_digest_is_not_there(folder: Path, key: str) -> None:
    with Blobs.to_write(folder) as blobs:
        add(blobs, [1])
        assert list(blobs.found("prose", [key])) == [None]


@pytest.mark.parametrize("stands", ["nothing", "a file", "a folder of others", "a dead link"])
def test_values_begin_wherever_nothing_of_theirs_is(folder: Path, stands: str) -> None:
    if stands == "a file":
        folder.write_text("x")
    if stands == "a folder of others":
        (folder / "prose-1.records/x").mkdir(parents=True)
    if stands == "a dead link":
        folder.symlink_to("nowhere")
    assert Blobs(folder).token == ""
    assert not there(Blobs(folder), "prose", ALL)
    with Blobs.to_write(folder) as blobs:
        add(blobs, [1])
    assert there(Blobs(folder), "prose", ALL) == {1}
    assert Blobs(folder).token == blobs.token != ""


def test_a_name_stays_until_the_values_are_gone(folder: Path) -> None:
    tokens = []
    for _ in range(2):
        with Blobs.to_write(folder) as blobs:
            tokens.append(blobs.token)
    (folder / "name").unlink()
    with Blobs.to_write(folder) as blobs:
        tokens.append(blobs.token)
    assert tokens[0] == tokens[1] != tokens[2]


def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    with Blobs.to_write(folder) as blobs:
        folder.joinpath("name").unlink()
        folder.rmdir()
        folder.write_text("x")
        with pytest.raises(SiteError, match="blobs: cannot be used: "):
            add(blobs, [1])


def test_a_reader_goes_on_when_all_is_made_anew(folder: Path) -> None:
    with Blobs.to_write(folder) as blobs, Blobs(folder) as reader:
        add(blobs, [1, 2])
        assert there(reader, "prose", [1, 2]) == {1, 2}
        (folder / "name").unlink()
        with Blobs.to_write(folder) as other:
            add(other, [3, 4, 5, 7])
        assert there(reader, "prose", [3, 4, 5, 7]) == {3, 4, 5, 7}


# -------------------------------------------------------------------------------- damage


def filled(folder: Path) -> list[Path]:
    with Blobs.to_write(folder) as blobs:
        add(blobs, [0, 1, 2, 3, 7])
        add(blobs, [8, 9])
    return sorted(folder.glob("*-*"))


def assert_nothing_wrong_is_found(folder: Path) -> None:
    """What is found is right; the rest is damaged or not there, and can be written anew."""
    with Blobs(folder) as reader:
        for kind in KINDS:
            for number in ALL:
                with suppress(StateError):
                    there(reader, kind, [number])
    with Blobs.to_write(folder) as blobs:
        add(blobs, [20, 21])
        for kind in KINDS:
            assert there(blobs, kind, [20, 21]) == {20, 21}


@often
@given(
    which=st.integers(0, 5), place=st.integers(0, 10**6), mask=st.integers(0, 255), size=st.data()
)
def test_no_wrong_value_is_found_in_a_damaged_file(
    tmp_path: Path, which: int, place: int, mask: int, size: st.DataObject
) -> None:
    with TemporaryDirectory(dir=tmp_path) as top:
        folder = Path(top) / "blobs"
        path = filled(folder)[which]
        data = bytearray(path.read_bytes())
        place %= len(data)
        end = place + size.draw(st.integers(1, 64))
        data[place:end] = bytes(byte ^ mask for byte in data[place:end]) if mask else b""
        path.write_bytes(data)
        assert_nothing_wrong_is_found(folder)


@pytest.mark.parametrize("damage", [*DAMAGES, "a folder"])
@pytest.mark.parametrize("which", range(6))
def test_no_wrong_value_is_found_where_a_file_is_another(
    folder: Path, which: int, damage: str
) -> None:
    path = filled(folder)[which]
    if damage == "a folder":
        path.unlink()
        path.mkdir()
    else:
        DAMAGES[damage](path)
    assert_nothing_wrong_is_found(folder)


@pytest.mark.parametrize("what", ["records", "values"])
@pytest.mark.parametrize("place", ["prose-2", "terms-2"])
def test_parts_of_two_segments_are_told_apart(folder: Path, what: str, place: str) -> None:
    """One of another kind, or of another time, beside what belongs elsewhere."""
    filled(folder)
    older = (folder / f"terms-1.{what}").read_bytes()
    with Blobs.to_write(folder) as blobs:
        forget_others(blobs, [7])
    (folder / f"{place}.{what}").write_bytes(older)
    assert_nothing_wrong_is_found(folder)


@pytest.mark.parametrize("value", [b"", b"no frame", compressed(b"words")[:-1]])
def test_a_body_that_nobody_compressed_is_damage(folder: Path, value: bytes) -> None:
    """As a file may hold whose checksums are right all the same."""
    filled(folder)
    key = key_of("prose", 99)
    segment = Segment(folder, "prose")
    segment.add(key, value)
    segment.write()
    segment.close()
    with Blobs(folder) as blobs, pytest.raises(StateError) as caught:
        blobs.prose(key)
    assert caught.value.path == folder


@pytest.mark.parametrize("start", [0, 1, 2**32, 2**63, 2**64 - 1])
@pytest.mark.parametrize("size", [0, 1, 10**9, 2**32 - 1])
def test_a_record_of_more_than_there_is_takes_no_memory(
    folder: Path, start: int, size: int
) -> None:
    filled(folder)
    path = folder / "prose-1.records"
    record = path.read_bytes()[:KEY] + start.to_bytes(8, "big") + size.to_bytes(4, "big")
    path.write_bytes(record.ljust(RECORD, b"\xff"))
    with Blobs(folder) as blobs, pytest.raises(StateError):
        blobs.prose(record[:KEY].hex())
    assert_nothing_wrong_is_found(folder)
    with Blobs.to_write(folder) as blobs, suppress(StateError):
        forget_others(blobs, ALL)


@pytest.mark.parametrize("name", ["prose-2.records", "prose-2.values", "prose-0.records"])
@pytest.mark.parametrize("content", [b"", b"?" * 99])
def test_a_segment_that_nobody_made_harms_nothing(folder: Path, name: str, content: bytes) -> None:
    filled(folder)
    (folder / name).write_bytes(content)
    assert_nothing_wrong_is_found(folder)
    with Blobs.to_write(folder) as blobs:
        forget_others(blobs, ALL)
    assert len(segments(folder)) == 6


# ------------------------------------------------------------------- several processes


MANY, BATCH = 60, 3


def read_on(folder: Path, written: "Synchronized[int]") -> None:
    """Read what is said to be written, again and again, until that is all."""
    random = Random(0)
    with Blobs(folder) as whole, Blobs(folder) as single:
        number = 0
        while number < MANY:
            number = written.value
            for kind in KINDS:
                chosen = random.sample(range(number), min(number, 20))
                assert there(single, kind, chosen) == {*chosen}
                with Blobs(folder) as new:
                    assert there(new, kind, chosen) == {*chosen}
            if random.random() < 0.1:
                assert there(whole, "prose", range(number)) == {*range(number)}


def test_readers_find_all_that_is_written_while_that_goes_on(folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    written = context.Value("i", 0)
    readers = [context.Process(target=read_on, args=(folder, written)) for _ in range(2)]
    for reader in readers:
        reader.start()
    with Blobs.to_write(folder) as blobs:
        for start in range(0, MANY, BATCH):
            done = start + BATCH
            add(blobs, range(start, done))
            written.value = done
            rubbish = 10**6 + start
            add(blobs, range(rubbish, rubbish + 3 * done))
            forget_others(blobs, range(done))
    for reader in readers:
        reader.join(LONG)
        assert reader.exitcode == 0
    number = max(int(path.stem.partition("-")[2]) for path in folder.glob("*.records"))
    assert number > 9
    assert segments(folder) == [name.format(number) for name in ONE_EACH]


WRITES = """
import sys
from pathlib import Path
from generator.state.blobs import Blobs
from support.stored_values import add, forget_others

with Blobs.to_write(Path(sys.argv[1])) as blobs:
    add(blobs, [1, 2])
    forget_others(blobs, [1, 7])
"""
POINTS = (
    ("state/segment.py _made_regular", False),
    ("state/segment.py Segment.write", True),
    ("state/damaged.py remove", False),
    ("regular.py replacing", False),
    ("regular.py replacing", True),
)
"""Before each file is written, and before and after one is removed or counts."""


@pytest.mark.parametrize(("function", "left"), POINTS)
def test_a_writer_that_is_killed_leaves_whole_what_it_had(
    tmp_path: Path, function: str, left: bool
) -> None:
    for folder, point in folders_and_points(tmp_path, function, left):
        with Blobs.to_write(folder) as blobs:
            add(blobs, [7, 8, 9, 10])
        was_killed = killed_at(point, WRITES, str(folder))
        with Blobs.to_write(folder) as blobs:
            found = {kind: there(blobs, kind, ALL) for kind in KINDS}
            assert {7} <= found["readings"] <= {1, 2, 7, 8, 9, 10}
            assert found["readings"] <= found["prose"] & found["terms"], point
            add(blobs, [1, 2])
            forget_others(blobs, [1, 7])
        assert {"1", "7"} <= {str(n) for n in there(Blobs(folder), "readings", ALL)}
        assert len(segments(folder)) == 6, point
        if not was_killed:
            break


def folders_and_points(top: Path, function: str, left: bool) -> Iterator[tuple[Path, Breakpoint]]:
    """A folder for each time that a function is called, or left."""
    for number in count(1):
        yield top / str(number) / "blobs", Breakpoint(function, number, left)
