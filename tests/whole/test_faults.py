"""One bad file harms nothing but itself: whatever is wrong with it is told beside all else."""

import errno
import json
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator.content.sources import walk
from generator.errors import Problem, attempt, fault
from support.sites import LONG, REPOSITORY, SETTINGS, SmallSite, command, line, refused

OTHER = "content/articles/other.md:1: date is missing; add `date`"
ENGINES = ["markdown", "commonmark"]


@pytest.fixture
def flawed(built: SmallSite) -> SmallSite:
    """A site with a mistake in one story, which is to be told whatever else goes wrong."""
    built.write({"content/articles/other.md": "---\ntitle: Other\n---\nText.\n"})
    return built


def told_beside(site: SmallSite) -> list[str]:
    """What is told beside the mistake of the other story."""
    messages = refused(site)
    assert OTHER in messages
    return [message for message in messages if message != OTHER]


# ------------------------------------------------------------------------- the one place


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (RecursionError("maximum recursion depth exceeded"), "this is nested too deep"),
        (MemoryError(), "there is not enough memory to work on this"),
        (PermissionError(errno.EACCES, "Permission denied"), "cannot be read: Permission denied"),
        (OSError(errno.EIO, "Input/output error"), "cannot be read: Input/output error"),
        (
            PermissionError(errno.EACCES, "Permission denied", "/srv/content/a.md"),
            "cannot be read: Permission denied",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "/srv/content/b.md"),
            "Broadsheet could not work on this (PermissionError: [Errno 13] Permission denied:"
            " '/srv/content/b.md')",
        ),
        (
            BrokenPipeError(errno.EPIPE, "Broken pipe"),
            "Broadsheet could not work on this (BrokenPipeError: [Errno 32] Broken pipe)",
        ),
        (KeyError("x"), "Broadsheet could not work on this (KeyError: 'x')"),
        (AttributeError("no\nsuch"), "Broadsheet could not work on this (AttributeError: no such)"),
        (ValueError(), "Broadsheet could not work on this (ValueError)"),
        (ValueError("x" * 9_999), f"Broadsheet could not work on this (ValueError: {'x' * 188}…)"),
        (OverflowError("<x at 0x7f00>"), "Broadsheet could not work on this (OverflowError: <x>)"),
    ],
)
def test_any_error_is_told_in_words(error: Exception, what: str) -> None:
    problem = fault("content/a.md", error)
    assert (problem.file, problem.what) == ("content/a.md", what)
    assert problem.remedy


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_who_ends_the_command_ends_it(error: type[BaseException]) -> None:
    def end() -> None:
        raise error

    with pytest.raises(error):
        attempt(end, lambda found: fault("a.md", found))


def test_a_message_is_bounded() -> None:
    assert len(str(Problem("a.md", 1, "x" * 100_000, "y" * 100_000))) < 5_000


# ------------------------------------------------------------------------------ bodies


DEEP = {
    "lists": "".join(f"{'    ' * level}- x\n" for level in range(300)),
    "numbered lists": "".join(f"{'    ' * level}1. x\n" for level in range(300)),
    "quotations": f"{'>' * 300} x",
    "lists in one line": f"{'- ' * 300}x",
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", DEEP)
def test_what_nests_300_deep_is_shown_or_told(flawed: SmallSite, engine: str, kind: str) -> None:
    flawed.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{engine}"\n'})
    flawed.article("deep", f"Text.\n\n{DEEP[kind]}")
    for message in told_beside(flawed):
        assert message.startswith("content/articles/deep.md:")
        assert "nest" in message


# ----------------------------------------------------------------------------- numbers


HUGE = f"0x{'f' * 5_000}"
DIGITS = "9" * 5_000


@pytest.mark.parametrize(
    "matter",
    [
        f"---\ntitle: A\ndate: 2026-06-01\nfeatured: {HUGE}\n---\n",
        f"---\ntitle: A\ndate: 2026-06-01\nfeatured: {DIGITS}\n---\n",
        f"---\ntitle: A\ndate: 2026-06-01\nfeatured: 0b{'1' * 100}\n---\n",
        f"+++\ntitle = 'A'\ndate = 2026-06-01\nfeatured = {HUGE}\n+++\n",
        f'{{"title": "A",\n"date": "2026-06-01",\n\n"featured": {DIGITS}}}\n',
        f"---\ntitle: A\n\ndate: {HUGE}\n---\n",
    ],
)
def test_a_huge_number_in_front_matter(flawed: SmallSite, matter: str) -> None:
    flawed.write({"content/articles/huge.md": matter})
    (message,) = told_beside(flawed)
    assert message.startswith("content/articles/huge.md:4: ")


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (f"[feeds]\nsize = {HUGE}", ":4: feeds.size: the number is too large; shorten it"),
        (f"[feeds]\nsize = {DIGITS}", ":4: a number in it is too long; shorten it"),
        (
            f"[labels]\nx = {'[' * 2000}{']' * 2000}",
            ":4: its tables or lists stand too deep in each other; make them flatter",
        ),
        (
            f"[labels]\n{'a.' * 200}b = 1",
            ":3: labels: it nests deeper than 100 levels; make it flatter",
        ),
    ],
)
def test_numbers_and_depth_out_of_bounds_in_the_settings(
    flawed: SmallSite, row: str, what: str
) -> None:
    flawed.write({"site.toml": f"{SETTINGS}{row}\n"})
    assert told_beside(flawed) == [f"site.toml{what}"]


# ---------------------------------------------------------------------------- pictures


def svg(width: str, height: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"/>'


KEEP = f'{SETTINGS}[images]\nkeep = ["**"]\n'
"""Pictures are published as they are: others are not, if they are broken."""
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.svg", svg("1" + "0" * 20, "1" + "0" * 20).encode()),
        ("a.svg", svg("9" * 400, "5").encode()),
        ("a.png", PNG + b"\xff" * 8 + b"\x08\x02\0\0\0"),
        ("a.ppm", b"P6\n99999999999999999999999 5\n255\n"),
    ],
)
def test_a_picture_of_an_absurd_size_is_warned_of(site: SmallSite, name: str, data: bytes) -> None:
    site.write({"site.toml": KEEP, f"content/{name}": data})
    site.article("a", f"![A](../{name})")
    for _ in range(2):  # what is remembered is told again
        (warning,) = site.warnings()
        assert warning.startswith(f'content/articles/a.md:6: the picture "../{name}" is broken: ')
    (picture,) = site.page("/2026/06/a/").cssselect(".prose img")
    assert picture.get("width") is None


@pytest.mark.parametrize(
    "data",
    [
        *(b"\x89PNG\r\n\x1a\n", PNG, PNG + bytes(8), b"GIF89a", b"\xff\xd8\xff\xe0", b"II*\0\xff"),
        *(b"RIFF\xff\xff\xff\xffWEBPVP8X", b"BM" + b"\xff" * 40, b"DDS " + b"\xff" * 40),
        *(b"\0\0\0\x18ftypavif\0\0\0\0avif\0\0\0\0", b"\0\0\0\x0cjP  \r\n\x87\n", b"8BPS"),
        *(
            b"#?RADIANCE\n-Y 9 +X 9999999999\n",
            b"P6\n-1 -1\n255\n",
            b"<svg><svg>",
            b"<svg " * 9_999,
        ),
        *(svg("-5", "5").encode(), svg("0", "0").encode(), svg("5xx", "").encode()),
        *(svg("NaN", "inf").encode(), svg("1e400", "5").encode()),
    ],
)
def test_a_broken_picture_ends_nothing(site: SmallSite, data: bytes) -> None:
    site.write({"content/a.png": data})
    site.article("a", "![A](../a.png)")
    assert any("a.png: this picture is not published" in error for error in site.errors())
    site.write({"site.toml": KEEP})
    for warning in site.warnings():
        assert 'content/articles/a.md:6: the picture "../a.png" is broken: ' in warning
    assert site.outputs()["a.png"] == data


# --------------------------------------------------------------------- what is no file


def pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


def socket(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mknod(path, stat.S_IFSOCK | 0o600)


@pytest.mark.parametrize("make", [pipe, socket])
@pytest.mark.parametrize(
    "file",
    [
        *("content/articles/a.md", "content/a.png", "content/pages/a.md", "content/tags/a.md"),
        *("layouts/page.html", "layouts/partials/a.html", "layouts/labels/en.toml"),
        *("layouts/assets/a.css", "layouts/assets/a.png", "site.toml", "content/_data/a.csv"),
    ],
)
def test_what_is_no_regular_file_is_refused(flawed: SmallSite, file: str, make: object) -> None:
    assert callable(make)
    make(flawed.root / file)
    assert told_beside(flawed) == [f"{file}: cannot be read: it is no regular file; take it out"]


@pytest.mark.parametrize("name", ["content", "layouts"])
def test_a_file_in_place_of_a_folder(built: SmallSite, name: str) -> None:
    if (built.root / name).exists():
        (built.root / name).rename(built.root / "elsewhere")
    built.write({name: "x"})
    remedy = "put a folder in its place"
    assert refused(built) == [f"{name}: cannot be read: Not a directory; {remedy}"]


@pytest.mark.parametrize("name", ["content", "layouts", "site.toml"])
def test_a_link_to_nowhere_is_no_absence(built: SmallSite, name: str) -> None:
    if (built.root / name).exists():
        (built.root / name).rename(built.root / "elsewhere")
    (built.root / name).symlink_to("gone")
    what = "cannot be read: No such file or directory; point the link at a file that is there"
    assert f"{name}: {what}" in refused(built)


def test_a_file_too_large_to_be_a_text(flawed: SmallSite) -> None:
    with (flawed.root / "content/articles/large.md").open("wb") as file:
        file.truncate(10**12)
    what = "cannot be read: it is larger than 16 MB; part it, or make it smaller"
    assert told_beside(flawed) == [f"content/articles/large.md: {what}"]


@pytest.mark.parametrize("name", ["a\udcff.html", "assets/a\nb.css", "labels/\udcff.toml"])
def test_layouts_whose_names_are_no_utf8(flawed: SmallSite, name: str) -> None:
    flawed.write({f"layouts/{name}": "x"})
    shown = name.encode("unicode_escape").decode()
    what = "cannot be read: its name holds a control character, or is no UTF-8; rename it"
    assert told_beside(flawed) == [f"layouts/{shown}: {what}"]


# ------------------------------------------------------------------------------- links


def test_a_link_whose_name_is_no_utf8(flawed: SmallSite) -> None:
    (flawed.root / "layouts").mkdir()
    (flawed.root / "layouts/a\udcff.html").symlink_to("../../elsewhere")
    assert told_beside(flawed)


def linked_folders(content: Path) -> None:
    """Folders of which each leads to each."""
    folders = [content / f"f{number}" for number in range(12)]
    for folder in folders:
        folder.mkdir()
        for other in folders:
            (folder / f"to-{other.name}").symlink_to(other)


def test_folders_that_link_to_each_other_are_gone_through_to_a_bound(flawed: SmallSite) -> None:
    linked_folders(flawed.root / "content")
    *_, last = walk(str(flawed.root / "content"), lambda _: False, most_linked=100)
    assert last.error is not None
    assert last.error.errno == errno.ELOOP


@pytest.mark.skipif(
    not os.environ.get("BROADSHEET_LONG"), reason="takes half a minute: BROADSHEET_LONG=1 runs it"
)
def test_folders_that_link_to_each_other_end(flawed: SmallSite) -> None:
    linked_folders(flawed.root / "content")
    (message,) = told_beside(flawed)
    assert "cannot be read: links lead to more than 100,000 files" in message


@pytest.mark.parametrize("place", ["content/all", "layouts/all", "layouts/assets"])
def test_what_leads_to_everything_is_refused(flawed: SmallSite, place: str) -> None:
    (flawed.root / place).parent.mkdir(exist_ok=True)
    (flawed.root / place).symlink_to("/")
    what = "this link leads out of the site's folder, to /; take the link out"
    assert [message.partition(", or allow")[0] for message in told_beside(flawed)] == [
        f"{place}: {what}"
    ]


def test_a_folder_that_links_to_one_above_is_gone_through_once(site: SmallSite) -> None:
    site.write({"content/a/b/c.txt": "x"})
    (site.root / "content/a/b/up").symlink_to("../..")
    site.article("a")
    assert site.warnings() == []
    assert [path for path in site.outputs() if path.endswith("c.txt")] == ["a/b/c.txt"]


def test_folders_may_be_deep(site: SmallSite) -> None:
    site.write({f"content/{'d/' * 400}x.txt": "x"})
    site.article("a")
    site.build()


# ------------------------------------------------------------------------- permissions


NOBODY = 65534


@pytest.fixture
def guarded(flawed: SmallSite) -> SmallSite:
    """The site of somebody who is no administrator: to one everything can be read."""
    if os.geteuid() != 0:
        pytest.skip("needs an administrator, to build as somebody else")
    for above in flawed.root.parents:
        if above.is_relative_to(tempfile.gettempdir()):
            above.chmod(above.stat().st_mode | 0o5)
    return flawed


@contextmanager
def nobody_at(root: Path) -> Iterator[None]:
    """Be somebody who owns the site, and may do nothing elsewhere."""
    for path in [root, *root.rglob("*")]:
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.mark.parametrize(
    "path",
    [
        *("content/articles/sub", "content/pictures", "content/articles/sub/a.md", "content/a.png"),
        *("layouts", "layouts/partials", "layouts/labels", "layouts/assets", "layouts/assets/sub"),
        *("layouts/partials/a.html", "layouts/labels/en.toml", "layouts/assets/a.css"),
        "site.toml",
    ],
)
def test_what_may_not_be_read_is_told_and_all_else_too(guarded: SmallSite, path: str) -> None:
    target = guarded.root / path
    if target.suffix:
        guarded.write({path: "x"})
    else:
        target.mkdir(parents=True)
    target.chmod(0)
    with nobody_at(guarded.root):
        told = guarded.errors()
    assert OTHER in told
    assert f"{path}: cannot be read: Permission denied; mend its permissions" in told


def test_content_that_may_not_be_looked_into(guarded: SmallSite) -> None:
    (guarded.root / "content").chmod(0)
    with nobody_at(guarded.root):
        told = guarded.errors()
    assert told == ["content: cannot be read: Permission denied; mend its permissions"]


def test_a_root_that_may_not_be_looked_into(guarded: SmallSite) -> None:
    with nobody_at(guarded.root):
        guarded.root.chmod(0)
        told = guarded.errors()
    assert told
    assert all(message.startswith(("site.toml: ", ".broadsheet", "content: ")) for message in told)


# ------------------------------------------------------------------------- the command


def test_a_full_disk_in_place_of_standard_output(built: SmallSite) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "generator", "build", "--json"],
            cwd=built.root,
            env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=LONG,
        )
    assert done.returncode == 1
    lost = "Error: The output could not be written: No space left on device."
    assert done.stderr.splitlines() == [lost]


def test_nobody_who_reads_what_is_printed(built: SmallSite) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "generator", "build", "--json"],
        cwd=built.root,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        timeout=LONG,
    )
    os.close(writing)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_a_working_folder_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    program = (
        "import os, sys; from generator.cli import main; os.rmdir(os.getcwd());"
        "sys.argv[1:] = ['build']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=gone,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=LONG,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "The folder you are in cannot be used any more" in done.stderr


def test_json_tells_of_a_file_that_cannot_be_read(flawed: SmallSite) -> None:
    pipe(flawed.root / "content/articles/pipe.md")
    code, printed, _ = command(flawed.root, "--json")
    what = "content/articles/pipe.md: cannot be read: it is no regular file; take it out"
    assert code == 1
    assert [*map(line, json.loads(printed)["errors"])] == [OTHER, what]


# ------------------------------------------------------------------------------ bounds


def items(number: int) -> str:
    return "".join(f"- item {n}\n" for n in range(number))


@pytest.mark.parametrize("field", ["tags", "authors", "aliases"])
def test_lists_are_bounded(flawed: SmallSite, field: str) -> None:
    flawed.article("a", **{field: "\n" + items(10_000)})
    what = f"{field}: 10,000 are too many; leave 1,000 at most"
    assert told_beside(flawed) == [f"content/articles/a.md:4: {what}"]


@pytest.mark.parametrize(
    "frame", ["---\ntitle: A\n{}---\n", "+++\ntitle = 'A'\n{}+++\n", '{{"title": "A"{}}}\n']
)
def test_fields_are_bounded(flawed: SmallSite, frame: str) -> None:
    form = {"-": "field{}: 1\n", "+": "field{} = 1\n", "{": ',\n"field{}": 1'}[frame[0]]
    rows = "".join(form.format(n) for n in range(20_000))
    flawed.write({"content/articles/a.md": frame.format(rows)})
    (message,) = told_beside(flawed)
    assert message.startswith("content/articles/a.md:")
    assert message.endswith(": this has 20,001 fields; leave 500 at most")


def test_each_of_many_bad_aliases_has_its_line(flawed: SmallSite) -> None:
    rows = "".join(f"- ../{n}\n" for n in range(1_000))
    flawed.write(
        {"content/articles/a.md": f"---\ntitle: A\ndate: 2026-06-01\naliases:\n{rows}---\n"}
    )
    messages = told_beside(flawed)
    assert len(messages) == 1_000
    assert {int(message.split(":")[1]) for message in messages} == set(range(5, 1_005))


def test_all_tags_are_bounded(flawed: SmallSite) -> None:
    for story in range(60):
        flawed.article(f"a{story:02}", tags=f"\n{items(1_000)}".replace("item", f"item {story} of"))
    what = "with this text there are more than 50,000 tags"
    (message,) = told_beside(flawed)
    assert message.startswith(f"content/articles/a50.md:4: {what}; ")
