"""What took long to make is kept, whole or not at all."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from generator.errors import SiteError
from generator.pictures.kept import Store
from generator.pictures.publishing import published_file
from generator.state.digests import digest_of_content, digest_of_source
from generator.state.freed import Room
from support.disks import disk, fill
from support.images import png

KEY, OTHER = "ab" * 16, "cd" * 16


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / ".broadsheet/images")


def kept(store: Store, key: str = KEY) -> bytes | None:
    file = store.get(key)
    return file.read_bytes() if file else None


def test_what_is_put_is_got_by_its_key(store: Store) -> None:
    assert store.get(KEY) is None
    assert store.put(KEY, b"one") == store.get(KEY)
    store.put(OTHER, b"")
    assert (kept(store), kept(store, OTHER)) == (b"one", b"")
    assert (kept(Store(store.folder)), kept(store, "ab" * 15)) == (b"one", None)


def test_to_put_the_same_again_changes_nothing(store: Store) -> None:
    assert store.put(KEY, b"one") == store.put(KEY, b"one")
    assert len([*store.folder.rglob("*-*")]) == 1


@pytest.mark.parametrize("damaged", [b"", b"on", b"onf", b"one and more"])
def test_what_is_damaged_is_not_given_and_made_anew(store: Store, damaged: bytes) -> None:
    file = store.put(KEY, b"one")
    file.write_bytes(damaged)
    assert store.get(KEY) is None
    assert not file.exists()
    store.put(KEY, b"one")
    assert kept(store) == b"one"


def test_a_folder_in_the_place_of_a_file_gives_way(store: Store) -> None:
    file = store.put(KEY, b"one")
    file.unlink()
    (file / "x").mkdir(parents=True)
    store.put(KEY, b"one")
    assert kept(store) == b"one"


def test_a_dead_link_in_the_place_of_a_file_gives_way(store: Store) -> None:
    file = store.put(KEY, b"one")
    file.unlink()
    file.symlink_to("nowhere")
    assert store.get(KEY) is None
    store.put(KEY, b"one")
    assert kept(store) == b"one"


@contextmanager
def swept_once_found(store: Store) -> Iterator[None]:
    """Empty a store, once, as soon as something is found in it."""
    is_met = False

    def look(frame: FrameType, event: str, found: object) -> None:
        nonlocal is_met
        if event == "return" and frame.f_code is Store.get.__code__ and found and not is_met:
            is_met = True
            store.sweep(set())

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(None)
    assert is_met


def test_what_is_swept_while_it_is_asked_for_is_made_again(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    source.write_bytes(png(8, 6, 1))
    with source.open("rb") as file:
        asked = source, digest_of_source(file), 0, store.folder, "a.png"
    data = published_file(*asked)
    with swept_once_found(store):
        assert published_file(*asked) == data
    assert published_file(*asked) == data


def test_the_store_may_be_deleted_at_any_time(store: Store) -> None:
    file = store.put(KEY, b"one")
    file.unlink()
    file.parent.rmdir()
    assert store.get(KEY) is None
    assert kept(store) is None
    store.put(KEY, b"two")
    assert kept(store) == b"two"


def test_a_sweep_takes_away_what_is_not_wanted(store: Store) -> None:
    for key in (KEY, OTHER, "ef" * 16):
        store.put(key, b"one")
    assert store.sweep({KEY}) == Room(2, 6)
    assert (kept(store), store.get(OTHER)) == (b"one", None)
    assert store.sweep({KEY}) == Room()


def test_a_sweep_leaves_one_file_of_what_is_shown(store: Store) -> None:
    old, new = store.put(OTHER, b"shown"), store.put("ef" * 16, b"shown")
    os.utime(old, (1, 1))
    shown = {digest_of_content(b"shown").hex()}
    assert store.sweep({KEY}, shown) == Room(1, 5)
    assert store.get("ef" * 16) == new
    store.put(KEY, b"shown")
    assert store.sweep({KEY}, shown) == Room(1, 5)
    assert (kept(store), store.get("ef" * 16)) == (b"shown", None)


def test_a_sweep_leaves_alone_what_is_not_its_own(store: Store) -> None:
    folder = store.put(KEY, b"one").parent
    (folder / "notes.txt").write_text("mine")
    (store.folder / "README").write_text("mine")
    store.sweep(set())
    assert (folder / "notes.txt").exists()
    assert (store.folder / "README").exists()


def test_what_a_killed_process_left_is_never_got_and_swept_a_day_later(store: Store) -> None:
    folder = store.put(KEY, b"one").parent
    young, old = folder / "a.new", folder / "b.new"
    for file in (young, old):
        file.write_bytes(b"half")
    os.utime(old, (1, 1))
    assert store.sweep({KEY}) == Room(1, 4)
    assert (young.exists(), old.exists(), kept(store)) == (True, False, b"one")


@pytest.mark.parametrize("key", ["", "AB" * 16, "../" + KEY, "ab", KEY + "\n", "ab" * 65])
def test_a_key_is_a_digest(store: Store, key: str) -> None:
    with pytest.raises(ValueError, match="is no digest"):
        store.put(key, b"")
    with pytest.raises(ValueError, match="is no digest"):
        store.get(key)


def test_a_full_disk_is_told_and_leaves_nothing_half(tmp_path: Path) -> None:
    with disk(tmp_path / "disk"):
        store = Store(tmp_path / "disk/images")
        store.put(KEY, b"one")
        fill(tmp_path / "disk", left=8_192)
        with pytest.raises(SiteError, match=r"disk/images: cannot be written: No space left"):
            store.put(OTHER, bytes(500_000))
        assert store.get(OTHER) is None
        assert kept(store) == b"one"
        assert not [*store.folder.rglob("*.new")]


PUT = """
import sys
from pathlib import Path
from generator.pictures.kept import Store
store = Store(Path(sys.argv[1]))
for turn in range(60):
    for key in range(5):
        name = f"{key:032x}"
        store.put(name, bytes([key]) * 100_000)
        file = store.get(name)
        assert file.read_bytes() == bytes([key]) * 100_000
    store.put(f"{turn:032x}f", b"not wanted")
    store.sweep({f"{key:032x}" for key in range(5)})
"""


@pytest.mark.long
def test_several_processes_share_one(store: Store) -> None:
    args = [sys.executable, "-c", PUT, str(store.folder)]
    running = [subprocess.Popen(args, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate()[1] for process in running] == [""] * 4


KILLED = """
import resource, signal, sys
from pathlib import Path
from generator.pictures.kept import Store
store = Store(Path(sys.argv[1]))
store.put("ab" * 16, b"one")
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
store.put("cd" * 16, bytes(100_000))
"""


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows ends no process in the midst of a file"
)
def test_a_process_that_is_killed_leaves_no_half_file(store: Store) -> None:
    """The system kills it when half of the file is written."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(store.folder)])
    assert done.returncode == -signal.SIGXFSZ
    (left,) = store.folder.rglob("*.new")
    assert left.stat().st_size == 50_000
    assert store.get(OTHER) is None
    assert kept(store) == b"one"
