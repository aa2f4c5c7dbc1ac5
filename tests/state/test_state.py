"""Whatever happens to the state of a site, the next build is right, or says what is wrong.

Accidents at random, each perhaps with an edit beside it, then a build that must equal a clean one.
With `BROADSHEET_LONG=1` in the environment there are many more, other ones in each run.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from generator.errors import SiteError
from generator.pages import writer
from generator.preview.session.site import Session
from generator.state.builds import failure
from generator.state.journal import Journal
from generator.templates import environment
from support.answers import built, shown
from support.breakpoints import Breakpoint
from support.builds import clean_copy, differing, killed, tree
from support.damage import DAMAGES, KEY, RECORD, Accidents, frames_of, state_of
from support.images import png
from support.random_edits import told_by
from support.sites import NOW, SETTINGS, SmallSite

pytestmark = pytest.mark.long

LONG_RUN = bool(os.environ.get("BROADSHEET_LONG"))
ACCIDENTS = 400 if LONG_RUN else 25
SEED = Random().randrange(10**9) if LONG_RUN else 1
SOME_DAMAGES = [*DAMAGES] if LONG_RUN else ["cut in half", "gone", "zeros", "a pipe"]

WORDS = ("wheat", "bank", "tenor", "harvest", "deposit", "opera", "field", "lender", "aria")
VARIANTS: dict[str, tuple[str | None, ...]] = {
    "content/articles/s1.md": (
        "---\ntitle: One\ndate: 2026-06-01\ntags: [AI]\n---\nWheat and *fields*.",
        "---\ntitle: One\ndate: 2026-06-01\ntags: [AI]\n---\nWheat and *banks*.",
        "---\ntitle: Uno\ndate: 2026-06-02\ntags: [Moon]\n---\nWheat.",
    ),
    "content/articles/s2.md": (
        "---\ntitle: Two\ndate: 2026-06-03\nauthor: Ann\n---\nA lender. See [one](s1.md).",
        "---\ntitle: Two\ndate: 2026-06-03\nauthor: Ann\n---\nA tenor. See [one](s1.md).",
    ),
    "content/articles/extra.md": (None, "---\ntitle: Extra\ndate: 2026-06-04\n---\nMore wheat."),
    "content/authors/ann.md": ("---\nname: Ann\n---\nA bio.", "---\nname: Ann L.\n---\nA bio."),
    "content/notes.txt": ("Plain", "Other"),
    "layouts/partials/footer.html": ("<footer>1</footer>", "<footer>2</footer>", None),
    "layouts/tag.html": ("{{ tag.name }} {{ site.latest | length }}", None),
    "layouts/labels/en.toml": ('related = "More"\n', None),
    "layouts/assets/site.css": ("a{}", "b{}"),
}
"""What files hold by turns; the first is what they begin with."""


class Paper(SmallSite):
    """A site with something of everything, and what a clean build of it gives."""

    def __init__(self, root: Path, engine: str) -> None:
        super().__init__(root)
        self.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{engine}"\n'})
        self.write({"content/pictures/dot.png": png(8, 6, 1)})
        for number in range(3, 9):
            words = " ".join(WORDS[(number + place) % len(WORDS)] for place in range(5))
            self.article(f"s{number}", f"{words.title()}.\n\nAnd more.", tags="[AI]")
        for path, contents in VARIANTS.items():
            self.put(path, contents[0])
        self._known: dict[frozenset[tuple[str, bytes]], tuple[dict[str, bytes], list[str]]] = {}

    def put(self, path: str, content: str | None) -> None:
        if content is None:
            (self.root / path).unlink(missing_ok=True)
        else:
            self.write({path: content})

    def edit(self, random: Random) -> str:
        path = random.choice(sorted(VARIANTS))
        self.put(path, random.choice(VARIANTS[path]))
        return path

    def wanted(self) -> tuple[dict[str, bytes], list[str]]:
        """What a clean build gives, and its messages."""
        files = (file for file in (self.root).rglob("*") if file.is_file())
        inside = ((file.relative_to(self.root), file) for file in files)
        sources = frozenset(
            (name.as_posix(), file.read_bytes())
            for name, file in inside
            if name.parts[0] in ("content", "layouts", "site.toml")
        )
        if sources not in self._known:
            with clean_copy(self) as copy:
                _, messages = told_by(copy.build())
                self._known[sources] = tree(copy.public), messages
        return self._known[sources]

    @property
    def state(self) -> Path:
        return self.root / ".broadsheet"


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    site = Paper(tmp_path / "site", "markdown")
    build_after(site)
    return site


ANEW = (
    ".broadsheet/blobs: it was damaged, or older than what was made with it, and has been made anew"
)


@pytest.mark.parametrize("damage", ["no-such", *SOME_DAMAGES])
@pytest.mark.parametrize("kind", ["readings", "prose", "terms"])
@pytest.mark.parametrize("what", ["records", "values"])
def test_damaged_values_are_made_anew(paper: Paper, kind: str, what: str, damage: str) -> None:
    """Lost readings are as if they never were; what they have to be there is missed."""
    (file,) = (paper.state / "blobs").glob(f"{kind}-*.{what}")
    if damage == "no-such":
        make_a_folder(file)
    else:
        DAMAGES[damage](file)
    everything_anew(paper)
    are_lost = what == "records" and kind == "readings"
    assert build_after(paper) == ([] if are_lost else [ANEW])
    assert build_after(paper) == []


def make_a_folder(file: Path) -> None:
    file.unlink()
    (file / "inside").mkdir(parents=True)


def everything_anew(paper: Paper) -> None:
    """Have the next build read all values: two texts are new, and every page."""
    for path in ("content/articles/s1.md", "content/articles/s2.md"):
        paper.put(path, VARIANTS[path][1])
    paper.put("layouts/partials/footer.html", "<footer>3</footer>")
    for memory in (paper.state / "related.index", *paper.state.glob("*.site")):
        memory.unlink()


@pytest.mark.parametrize("kind", ["readings", "prose", "terms"])
def test_values_under_each_others_keys_are_noticed(paper: Paper, kind: str) -> None:
    """All records are as whole as ever, and each has the next one's place."""
    (file,) = (paper.state / "blobs").glob(f"{kind}-*.records")
    data = file.read_bytes()
    records = [data[place : place + RECORD] for place in range(0, len(data), RECORD)]
    moved = [one[:KEY] + records[place - 1][KEY:] for place, one in enumerate(records)]
    file.write_bytes(b"".join(moved))
    everything_anew(paper)
    assert build_after(paper) == [ANEW]


@pytest.mark.parametrize("name", [None, b"", b"another", b"\xff"])
def test_values_whose_name_is_lost_are_those_of_nobody(paper: Paper, name: bytes | None) -> None:
    file = paper.state / "blobs/name"
    file.unlink() if name is None else file.write_bytes(name)
    paper.put("content/articles/s1.md", VARIANTS["content/articles/s1.md"][1])
    assert build_after(paper) == []


def test_older_values_beside_newer_pages(paper: Paper) -> None:
    older = state_of(paper.state / "blobs")
    paper.put("content/articles/s1.md", VARIANTS["content/articles/s1.md"][1])
    build_after(paper)
    for name, data in older.items():
        (paper.state / "blobs" / name).write_bytes(data)
    paper.put("layouts/tag.html", None)
    paper.put("layouts/partials/footer.html", "<footer>3</footer>")
    assert build_after(paper) == [ANEW]


def test_a_text_that_is_again_as_it_was_is_no_damage(paper: Paper) -> None:
    """What nobody wants is dropped; of no reading that is still known the body alone."""
    path, versions = "content/articles/s1.md", VARIANTS["content/articles/s1.md"]
    long = f"{versions[0]}\n\n" + " ".join(f"word{number}" for number in range(9000))
    for text in (long, versions[0], versions[1], long, versions[0], long):
        paper.put(path, text)
        assert build_after(paper) == []


def test_an_older_list_of_outputs_beside_newer_ones(paper: Paper) -> None:
    """What is built is what the list tells of, but for what is in the way of it."""
    (listed,) = paper.state.glob("output-*.outputs")
    older = listed.read_bytes()
    paper.put("content/articles/s1.md", VARIANTS["content/articles/s1.md"][2])
    build_after(paper)
    paper.put("content/articles/s1.md", VARIANTS["content/articles/s1.md"][0])
    listed.write_bytes(older)
    assert build_after(paper) == []


@pytest.mark.parametrize("place", ["first", "last", "in place of the last"])
def test_an_older_build_among_newer_records_is_as_good_as_not_there(
    paper: Paper, place: str
) -> None:
    (listed,) = paper.state.glob("output-*.outputs")
    (older,) = frames_of(listed.read_bytes())
    for number in (1, 0):
        paper.put("content/notes.txt", VARIANTS["content/notes.txt"][number])
        build_after(paper)
    frames = frames_of(listed.read_bytes())
    assert len(frames) > 1
    if place == "first":
        frames.insert(0, older)
    else:
        frames[len(frames) - (place != "last") :] = [older]
    listed.write_bytes(b"".join(frames))
    paper.put("content/notes.txt", VARIANTS["content/notes.txt"][1])
    assert build_after(paper) == []


@pytest.mark.parametrize("damage", ["a folder", *SOME_DAMAGES])
@pytest.mark.parametrize(
    "pattern", ["files.texts", "files.copies", "output-*.outputs", "output-*.site"]
)
def test_a_damaged_journal_is_as_good_as_not_there(paper: Paper, pattern: str, damage: str) -> None:
    (file,) = paper.state.glob(pattern)
    make_a_folder(file) if damage == "a folder" else DAMAGES[damage](file)
    paper.put("content/articles/s1.md", VARIANTS["content/articles/s1.md"][1])
    assert build_after(paper) == []
    paper.put("content/notes.txt", VARIANTS["content/notes.txt"][1])
    assert build_after(paper) == []
    assert paper.build().rendered == 0


@pytest.mark.parametrize("left", [b"", b"{}", b"\xc1", b"of another version"])
def test_what_another_version_left_of_its_site_is_of_no_use(paper: Paper, left: bytes) -> None:
    (file,) = paper.state.glob("*.site")
    Journal(file).replace([left])
    paper.put("content/articles/s1.md", VARIANTS["content/articles/s1.md"][1])
    assert build_after(paper) == []
    assert build_after(paper) == []


def test_an_output_that_was_changed_with_size_and_time_kept(paper: Paper) -> None:
    page = paper.public / "2026/06/s3/index.html"
    before, text = page.stat(), page.read_text()
    page.write_text(text.replace("more", "less"))
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    report = paper.build()
    assert (report.rendered, report.written) == (1, 1)
    assert page.read_text() == text


@pytest.mark.parametrize("move", [shutil.copytree, shutil.move])
def test_a_site_that_is_somewhere_else_is_not_rendered_again(
    paper: Paper, move: Callable[[Path, Path], object]
) -> None:
    before = tree(paper.public)
    other = SmallSite.__new__(SmallSite)
    other.root = paper.root.with_name("other")
    other.public = other.root / "public"
    move(paper.root, other.root)
    first, second = other.build(), other.build()
    assert [r.written for r in (first, second)] == [r.rendered for r in (first, second)] == [0, 0]
    assert tree(other.public) == before


WRITES = (
    *(Breakpoint("state/segment.py _made_regular", number) for number in range(1, 16)),
    *(Breakpoint("state/blobs.py Blobs.commit", number) for number in (1, 2)),
    Breakpoint("state/segment.py Segment.remove_others"),
    Breakpoint("state/segment.py Segment.remove_others", number=3, left=True),
    *(Breakpoint("state/journal.py Journal.replace", n) for n in range(1, 5)),
    *(Breakpoint("state/journal.py Journal.replace", n, left=True) for n in range(1, 5)),
    *(Breakpoint("state/journal.py _sealed", n, left=True) for n in range(1, 5)),
    Breakpoint("state/outputs.py OutputTable.write"),
    Breakpoint("state/builds.py BuildState.write"),
    Breakpoint("state/builds.py BuildState.write", left=True),
)
"""Where something is written of the state, or is about to be, in a build after many edits."""


@pytest.mark.parametrize("point", WRITES if LONG_RUN else WRITES[::6])
def test_a_build_that_was_killed_has_damaged_nothing(paper: Paper, point: Breakpoint) -> None:
    """What it had read is kept, and nothing is said of it by the next one."""
    rewrite(paper, "At first")
    build_after(paper)
    rewrite(paper, "Now")
    killed_there(paper, point)


@pytest.mark.parametrize("left", [False, True])
def test_a_build_that_was_killed_after_a_small_edit_has_damaged_nothing(
    paper: Paper, left: bool
) -> None:
    paper.put("content/notes.txt", VARIANTS["content/notes.txt"][1])
    killed_there(paper, Breakpoint("state/journal.py Journal.append", left=left))


def rewrite(paper: Paper, beginning: str) -> None:
    """Give all stories and pages other texts."""
    for number in range(1, 9):
        paper.article(f"s{number}", f"{beginning} {number}. {' '.join(WORDS)}.", tags="[AI]")
    paper.put("content/notes.txt", beginning)
    paper.put("layouts/partials/footer.html", f"<footer>{beginning}</footer>")


def killed_there(paper: Paper, point: Breakpoint) -> None:
    assert killed(paper, point, "--at", NOW.isoformat(), "--jobs", "1"), point
    assert build_after(paper) == []
    assert build_after(paper) == []
    assert list(paper.state.glob("*.new")) == []


def test_a_note_of_a_failed_build_that_is_a_folder_goes_with_the_next(paper: Paper) -> None:
    paper.write({"content/articles/s1.md": "---\ntitle: [\n---\n"})
    assert paper.errors()
    (note,) = paper.state.glob("*.failed")
    make_a_folder(note)
    assert failure(paper.state, paper.public) == 1
    paper.put("content/articles/s1.md", VARIANTS["content/articles/s1.md"][1])
    assert build_after(paper) == []
    assert failure(paper.state, paper.public) == 0


def test_a_failed_build_is_remembered_though_the_note_of_it_is_damaged(paper: Paper) -> None:
    paper.write({"content/articles/s1.md": "---\ntitle: [\n---\n"})
    assert paper.errors()
    (note,) = paper.state.glob("*.failed")
    assert failure(paper.state, paper.public) > 0
    note.write_bytes(b"")
    assert failure(paper.state, paper.public) > 0


def touch_an_output(site: Paper, random: Random) -> str:
    """Somebody writes into an output: other bytes, and size and time as they were."""
    path = random.choice(sorted(site.outputs().keys() - {".broadsheet"}))
    file = site.public / path
    before, data = file.stat(), file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]) if data else b"")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    return path


def forget_what_this_process_knows() -> None:
    """Have the next build begin as one in a process of its own does."""
    environment.environments_of.cache_clear()
    writer._store.cache_clear()


def build_after(site: Paper) -> list[str]:
    """Build; what is said of the state. All else must be as a clean build gives it."""
    forget_what_this_process_knows()
    before = tree(site.public)
    wanted, messages = site.wanted()
    try:
        _, said = told_by(site.build())
    except SiteError as error:
        assert all(p.file.startswith(".broadsheet/") for p in error.problems), error
        assert differing(tree(site.public), before) == []
        shutil.rmtree(site.state)
        return [str(error), *build_after(site)]
    assert differing(tree(site.public), wanted) == []
    assert [message for message in said if not is_of_state(message)] == messages
    return list(filter(is_of_state, said))


def is_of_state(message: str) -> bool:
    return message.startswith(".broadsheet/")


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_a_build_after_any_accident_equals_a_clean_one(tmp_path: Path, engine: str) -> None:
    site, random = Paper(tmp_path / "site", engine), Random(f"{SEED} {engine}")
    accidents = Accidents(site.state, random)
    build_after(site)
    done: list[str] = []
    try:
        for _ in range(ACCIDENTS):
            if random.random() < 0.3:
                accidents.last = [*accidents.last[-4:], state_of(site.state)]
            done = done[-3:]
            done += [site.edit(random) for _ in range(random.choice([0, 0, 1, 2]))]
            done += [accidents.happen() for _ in range(random.choice([1, 1, 2]))]
            if random.random() < 0.15:
                done.append(touch_an_output(site, random))
            build_after(site)
    except Exception as error:
        error.add_note(f"seed {SEED}, after {done}")
        raise


def test_a_preview_over_a_state_that_any_accident_happens_to(tmp_path: Path) -> None:
    site, random = Paper(tmp_path / "site", "markdown"), Random(f"{SEED} preview")
    accidents = Accidents(site.state, random)
    build_after(site)
    live = Session(site.root, NOW, drafts=False)
    live.update()
    for _ in range(ACCIDENTS):
        if random.random() < 0.3:
            accidents.last = [*accidents.last[-4:], state_of(site.state)]
        if random.random() < 0.2:
            forget_what_this_process_knows()
            live = Session(site.root, NOW, drafts=False)
        done = [accidents.happen(), site.edit(random)]
        live.update()
        live.settle()
        found, wrong = shown(live)
        assert wrong == [], (SEED, done)
        assert differing(found, built(site.wanted()[0])) == [], (SEED, done)
        if random.random() < 0.2:
            build_after(site)
