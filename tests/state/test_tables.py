"""What is known of files, and of outputs, is what was kept last, beside a plain dict as model."""

from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import SiteError
from generator.state.files import FileTable, HeldFiles, Kind
from generator.state.outputs import NO_RECORDS, OutputTable, Record
from generator.state.stamp import Stamp, packed, stamp, unpacked
from generator.state.table import Seen
from support.damage import DAMAGES, frames_of

pytestmark = pytest.mark.long

often = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
numbers = st.integers(0, 2**63 - 1)
stamps = st.builds(Stamp, numbers, st.integers(-(2**62), 2**62), numbers, numbers)
paths = st.sampled_from(["a", "b/c.html", "é/\U0001f600", *map(str, range(8))])
seen = st.builds(Seen, stamps, st.binary(max_size=40))
kinds = st.sampled_from(["texts", "copies"])
digests = st.binary(min_size=16, max_size=16).map(bytes.hex)
records = st.builds(Record, digests, stamps, digests)


@given(some=st.lists(stamps, max_size=5))
def test_stamps_are_unpacked_as_they_were_packed(some: list[Stamp]) -> None:
    data = packed(some)
    assert len(data) == 32 * len(some)
    assert list(unpacked(data)) == some


# ------------------------------------------------------------------------------------ files


@often
@given(
    steps=st.lists(
        st.tuples(
            kinds, st.sampled_from(["this", "that"]), st.dictionaries(paths, seen), st.booleans()
        ),
        max_size=8,
    )
)
def test_what_is_known_of_files_is_what_was_kept_last(
    steps: list[tuple[Kind, str, dict[str, Seen], bool]],
) -> None:
    """`under` another name than that nothing is known; whoever asks first, or again."""
    model: dict[str, tuple[str, dict[str, Seen]]] = {}
    with TemporaryDirectory() as top:
        table = FileTable(Path(top))
        for kind, under, files, begins_anew in steps:
            if begins_anew:
                table = FileTable(Path(top))
                table.known(kind, under)
            table.keep(kind, under, files)
            model[kind] = under, files
            for each, (kept_under, kept) in model.items():
                for name in ("this", "that"):
                    wanted = kept if name == kept_under else {}
                    assert FileTable(Path(top)).known(each, name) == wanted  # type: ignore[arg-type]


def files_like(number: int, changed: int = 0) -> dict[str, Seen]:
    return {
        f"articles/story-{n}.md": Seen(Stamp(n, n + (n < changed), n, n), bytes([n % 256]) * 16)
        for n in range(number)
    }


def test_of_many_files_those_alone_are_written_that_changed(tmp_path: Path) -> None:
    file = tmp_path / "files.texts"
    FileTable(tmp_path).keep("texts", "this", files_like(100))
    size = file.stat().st_size
    for changed in range(1, 60):
        table = FileTable(tmp_path)
        table.known("texts", "this")
        before = file.stat().st_size
        table.keep("texts", "this", files_like(100, changed))
        assert file.stat().st_size - before < 300
        assert file.stat().st_size < 3 * size
        assert FileTable(tmp_path).known("texts", "this") == files_like(100, changed)


def test_files_that_are_gone_are_known_no_more(tmp_path: Path) -> None:
    FileTable(tmp_path).keep("texts", "this", files_like(10))
    table = FileTable(tmp_path)
    table.known("texts", "this")
    table.keep("texts", "this", files_like(9))
    assert FileTable(tmp_path).known("texts", "this") == files_like(9)
    table.keep("texts", "this", {})
    assert FileTable(tmp_path).known("texts", "this") == {}


def test_a_table_that_is_only_looked_at_writes_nothing(tmp_path: Path) -> None:
    FileTable(tmp_path).keep("texts", "this", files_like(3))
    before = (tmp_path / "files.texts").read_bytes()
    held = HeldFiles(tmp_path)
    assert held.known("texts", "this") == files_like(3)
    held.keep("texts", "that", files_like(2))
    held.keep("copies", "that", files_like(1))
    assert held.known("texts", "this") == {}
    assert held.known("texts", "that") == files_like(2)
    assert held.known("copies", "that") == files_like(1)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]


# ---------------------------------------------------------------------------------- outputs


@often
@given(
    steps=st.lists(
        st.tuples(st.dictionaries(paths, records), st.sets(paths), st.binary(max_size=9)),
        max_size=8,
    )
)
def test_the_records_are_those_of_the_builds_so_far(
    steps: list[tuple[dict[str, Record], set[str], bytes]],
) -> None:
    model: dict[str, Record] = {}
    with TemporaryDirectory() as top:
        path = Path(top) / "public.outputs"
        for changed, wanted, last in steps:
            wanted |= changed.keys()
            OutputTable(path).write(changed, wanted, last)
            model = {path: r for path, r in (model | changed).items() if path in wanted}
            assert read(path) == (model, last)
            known = OutputTable(path).records
            assert len(known) == len(model)
            assert all(path in known for path in model)


def read(path: Path) -> tuple[dict[str, Record], bytes]:
    table = OutputTable(path)
    return as_dict(table.records), table.last


def as_dict(some: Mapping[str, Record]) -> dict[str, Record]:
    return {path: some[path] for path in some}


def record(number: int, other: bool = False) -> Record:
    look = Stamp(number, number, number, number)
    return Record(f"{number + 1000 * other:032x}", look, f"{number:032x}")


def test_of_many_records_those_alone_are_written_that_changed(tmp_path: Path) -> None:
    path = tmp_path / "public.outputs"
    whole = {f"2026/06/story-{n}/index.html": record(n) for n in range(100)}
    OutputTable(path).write(whole, whole, b"first")
    size = path.stat().st_size
    for number, name in enumerate(whole):
        before = path.stat().st_size
        OutputTable(path).write({name: record(number, other=True)}, whole, b"next")
        assert path.stat().st_size - before < 300
        assert path.stat().st_size < 3 * size
    assert OutputTable(path).records == {name: record(n, True) for n, name in enumerate(whole)}


@pytest.mark.parametrize("cut", [1, 30])
def test_records_that_are_damaged_are_those_of_an_earlier_build(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "public.outputs"
    whole = {str(n): record(n) for n in range(9)}
    OutputTable(path).write(whole, whole, b"first")
    OutputTable(path).write({"3": record(3, True)}, whole.keys() - {"4"}, b"next")
    assert len(frames_of(path.read_bytes())) == 2
    path.write_bytes(path.read_bytes()[:-cut])
    assert read(path) == (whole, b"first")


@pytest.mark.parametrize("of", ["files", "outputs"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_table_is_an_empty_one(tmp_path: Path, of: str, damage: str) -> None:
    path = tmp_path / ("files.texts" if of == "files" else "public.outputs")
    FileTable(tmp_path).keep("texts", "this", files_like(9))
    OutputTable(tmp_path / "public.outputs").write({"3": record(3)}, {"3"}, b"last")
    DAMAGES[damage](path)
    if of == "files":
        assert FileTable(tmp_path).known("texts", "this") == {}
        FileTable(tmp_path).keep("texts", "this", files_like(2))
        assert FileTable(tmp_path).known("texts", "this") == files_like(2)
    else:
        assert read(path) == ({}, b"")
        OutputTable(path).write({"4": record(4)}, {"4"}, b"next")
        assert read(path) == ({"4": record(4)}, b"next")


@pytest.mark.parametrize(
    "write",
    [
        lambda folder: FileTable(folder).keep("texts", "this", {}),
        lambda folder: OutputTable(folder / "public.outputs").write({}, (), b""),
    ],
)
def test_a_table_that_cannot_be_written_is_told(
    tmp_path: Path, write: Callable[[Path], None]
) -> None:
    (tmp_path / "here").write_text("no folder")
    with pytest.raises(SiteError, match=r"here/.*: cannot be used: Not a directory"):
        write(tmp_path / "here")


def outputs(folder: Path, *names: str) -> dict[str, Record]:
    """Files in a folder, as a build leaves them."""
    made = {}
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
        look = stamp(folder / name)
        assert look
        made[name] = Record("f" * 32, look, digest_of_text(name))
    return made


def digest_of_text(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


def test_files_that_nobody_touched_are_as_left(tmp_path: Path) -> None:
    made = outputs(tmp_path / "public", "a", "b/c", "d")
    OutputTable(tmp_path / "public.outputs").write(made, made, b"")
    known = OutputTable(tmp_path / "public.outputs").records
    left = known.as_left(tmp_path / "public")
    assert left is known
    assert left.moved_since(known) == {}
    assert NO_RECORDS.as_left(tmp_path) is NO_RECORDS


def test_of_files_that_were_touched_those_with_the_same_bytes_are_as_left(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    made = outputs(folder, "a", "b/c", "d", "e", "f")
    OutputTable(tmp_path / "public.outputs").write(made, made, b"")
    known = OutputTable(tmp_path / "public.outputs").records
    (folder / "a").unlink()
    (folder / "a").mkdir()
    (folder / "b/c").write_text("other")
    (folder / "d").rename(folder / "aside")
    (folder / "d").write_text("d")  # another file with the same bytes
    (folder / "e").unlink()
    left = known.as_left(folder)
    look = stamp(folder / "d")
    assert look and look != made["d"].stamp
    assert as_dict(left) == {"d": made["d"]._replace(stamp=look), "f": made["f"]}
    assert left.moved_since(known) == {"d": left["d"]}
    assert as_dict(known) == made
