"""A journal gives frames that are whole, from the first one on, and nothing else."""

import multiprocessing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import SiteError
from generator.state.journal import Journal
from support.damage import DAMAGES, frames_of
from support.sites import LONG

frames_like = st.lists(st.binary(max_size=40), min_size=1, max_size=5)
often = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read(path: Path) -> list[bytes]:
    return [bytes(frame) for frame in Journal(path).frames()]


def write(path: Path, frames: list[bytes]) -> bytes:
    """Write frames, one after the other; the bytes of the file."""
    journal = Journal(path)
    journal.replace([frames[0]])
    for frame in frames[1:]:
        journal.append([frame])
    return path.read_bytes()


def is_beginning(some: list[bytes], whole: list[bytes]) -> bool:
    return some == whole[: len(some)]


def test_what_is_written_is_found(tmp_path: Path) -> None:
    path = tmp_path / "value"
    Journal(path).replace([b"one", b"", memoryview(b"two")])
    assert read(path) == [b"onetwo"]
    Journal(path).replace([b"a"], [], iter([b"b", b"c"]))
    assert read(path) == [b"a", b"", b"bc"]
    Journal(path).replace()
    assert read(path) == []
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_read_is_appended_to(tmp_path: Path) -> None:
    path = tmp_path / "value"
    write(path, [b"one", b"two"])
    journal = Journal(path)
    assert len(journal.frames()) == 2
    journal.append([b"three"], [b"fo", b"ur"])
    journal.append([b"five"])
    assert read(path) == [b"one", b"two", b"three", b"four", b"five"]


@often
@given(frames=frames_like, place=st.integers(0, 10**6))
def test_of_a_file_cut_off_anywhere_the_whole_frames_are_left(
    tmp_path: Path, frames: list[bytes], place: int
) -> None:
    path = tmp_path / "value"
    data = write(path, frames)
    left = data[: place % (len(data) + 1)]
    path.write_bytes(left)
    found = read(path)
    assert is_beginning(found, frames)
    assert len(b"".join(frames_of(data)[: len(found)])) <= len(left)
    assert len(b"".join(frames_of(data)[: len(found) + 1])) > len(left) or found == frames


@often
@given(frames=frames_like, place=st.integers(0, 10**6), mask=st.integers(1, 255))
def test_a_flipped_byte_ends_the_file_at_its_frame(
    tmp_path: Path, frames: list[bytes], place: int, mask: int
) -> None:
    path = tmp_path / "value"
    data = bytearray(write(path, frames))
    place %= len(data)
    data[place] ^= mask
    path.write_bytes(data)
    found = read(path)
    assert is_beginning(found, frames)
    before = len(b"".join(frames_of(bytes(data))[: len(found)]))
    assert before <= place
    assert place < before + 12 + len(frames[len(found)])


@often
@given(frames=frames_like, garbage=st.binary(min_size=1, max_size=60))
def test_what_follows_without_a_seal_is_not_there(
    tmp_path: Path, frames: list[bytes], garbage: bytes
) -> None:
    path = tmp_path / "value"
    data = write(path, frames)
    for more in (garbage, bytes(len(garbage)), bytes(4096), frames_of(data)[0]):
        path.write_bytes(data + more)
        assert read(path) == frames


@often
@given(frames=frames_like, others=frames_like, place=st.integers(0, 9))
def test_an_older_frame_among_newer_ones_is_not_there(
    tmp_path: Path, frames: list[bytes], others: list[bytes], place: int
) -> None:
    path = tmp_path / "value"
    older = frames_of(write(path, [b"of another time", *others]))
    newer = frames_of(write(path, frames))
    place %= len(newer) + 1
    path.write_bytes(b"".join([*newer[:place], older[-1], *newer[place:]]))
    assert read(path) == frames[:place]


@often
@given(frames=st.lists(st.binary(max_size=9), min_size=2, max_size=6, unique=True), data=st.data())
def test_frames_in_another_order_end_where_that_begins(
    tmp_path: Path, frames: list[bytes], data: st.DataObject
) -> None:
    path = tmp_path / "value"
    order = data.draw(st.permutations(range(len(frames))))
    sealed = frames_of(write(path, frames))
    path.write_bytes(b"".join(sealed[number] for number in order))
    in_order = next((n for n, number in enumerate(order) if n != number), len(order))
    assert read(path) == frames[:in_order]


@often
@given(
    frames=frames_like,
    place=st.integers(0, 10**6),
    mask=st.integers(0, 255),
    more=frames_like,
)
def test_what_is_appended_after_damage_stands_behind_what_was_left(
    tmp_path: Path, frames: list[bytes], place: int, mask: int, more: list[bytes]
) -> None:
    path = tmp_path / "value"
    data = bytearray(write(path, frames))
    place %= len(data)
    data[place] ^= mask
    path.write_bytes(data[:place] if mask == 0 else data)
    journal = Journal(path)
    left = [bytes(frame) for frame in journal.frames()]
    for frame in more:
        journal.append([frame])
    assert is_beginning(left, frames)
    assert read(path) == [*left, *more]


def test_a_file_under_another_name_holds_nothing(tmp_path: Path) -> None:
    write(tmp_path / "one", [b"one", b"more"])
    (tmp_path / "one").rename(tmp_path / "two")
    assert read(tmp_path / "two") == []


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_was_damaged_is_written_anew(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "value"
    write(path, [b"one" * 999, b"two"])
    DAMAGES[damage](path)
    assert read(path) == []
    Journal(path).replace([b"three"])
    assert read(path) == [b"three"]


def test_a_folder_in_its_place_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "value"
    (path / "inside").mkdir(parents=True)
    assert read(path) == []
    Journal(path).replace([b"three"])
    assert read(path) == [b"three"]


@pytest.mark.parametrize("stands", ["nothing", "a folder"])
def test_to_append_where_no_file_is_is_told(tmp_path: Path, stands: str) -> None:
    path = tmp_path / "value"
    write(path, [b"one"])
    journal = Journal(path)
    journal.frames()
    path.unlink()
    if stands == "a folder":
        path.mkdir()
    with pytest.raises(SiteError, match="value: cannot be used: "):
        journal.append([b"two"])


def test_what_could_not_be_appended_harms_nothing_that_follows(tmp_path: Path) -> None:
    path, aside = tmp_path / "value", tmp_path / "aside"
    write(path, [b"one"])
    journal = Journal(path)
    journal.frames()
    path.rename(aside)
    with pytest.raises(SiteError):
        journal.append([b"lost"])
    aside.rename(path)
    journal.append([b"two"])
    assert read(path) == [b"one", b"two"]


@pytest.mark.parametrize(("behind", "has_grown"), [(0, False), (1, False), (3, True)])
def test_a_file_has_grown_when_more_stands_behind_the_first_frame(
    tmp_path: Path, behind: int, has_grown: bool
) -> None:
    path = tmp_path / "value"
    write(path, [b"x" * 100, *[b"y" * 60] * behind])
    journal = Journal(path)
    journal.frames()
    assert journal.has_grown == has_grown


# ------------------------------------------------------------------- several processes


def replace_often(path: Path, name: str) -> None:
    """Replace the frames of a file again and again, by frames of this process."""
    for number in range(60):
        Journal(path).replace([f"{name} {number} ".encode() * 5000], [b"end"])


def test_of_two_processes_that_replace_at_once_one_wins_each_time(tmp_path: Path) -> None:
    path = tmp_path / "value"
    Journal(path).replace([b"first 0 " * 5000], [b"end"])
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=replace_often, args=(path, name)) for name in ("first", "other")
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert_whole(read(path))
    for writer in writers:
        writer.join(LONG)
        assert writer.exitcode == 0
    assert_whole(read(path))
    assert list(tmp_path.iterdir()) == [path]


def assert_whole(frames: list[bytes]) -> None:
    """All of one process, at one time."""
    value, end = frames
    assert end == b"end"
    name, number, _ = value.split(b" ", 2)
    assert value == b"%s %s " % (name, number) * 5000
