"""Whatever happens to the state of a site, the next build is right, or says what is wrong.

Accidents at random, each perhaps with an edit beside it, then a build that must equal a clean one.
With `BROADSHEET_LONG=1` in the environment there are ten times as many, other ones in each run.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from generator.errors import SiteError
from generator.pages import writer
from generator.preview.session.site import Session
from generator.state import blobs
from generator.state.builds import failure
from generator.templates import environment
from support.answers import built, shown
from support.builds import clean_copy, differing, tree
from support.damage import Accidents, state_of
from support.images import png
from support.random_edits import told_by
from support.sites import NOW, SETTINGS, SmallSite

pytestmark = pytest.mark.long

LONG_RUN = bool(os.environ.get("BROADSHEET_LONG"))
ACCIDENTS = 400 if LONG_RUN else 40
SEED = Random().randrange(10**9) if LONG_RUN else 1

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


ANEW = "it was damaged, or older than what was made with it, and has been made anew"


@pytest.mark.parametrize("garbage", [b"?" * 9999, bytes(9999), None])
@pytest.mark.parametrize("pattern", ["cache.db", "output-*.db"])
def test_a_damaged_database_is_made_anew_and_named(
    paper: Paper, pattern: str, garbage: bytes | None
) -> None:
    (database,) = paper.state.glob(pattern)
    database.unlink()
    if garbage is None:
        (database / "inside").mkdir(parents=True)
    else:
        database.write_bytes(garbage)
    paper.put("content/articles/s1.md", VARIANTS["content/articles/s1.md"][1])
    assert build_after(paper) == [f".broadsheet/{database.name}: {ANEW}"]
    assert build_after(paper) == []


@pytest.mark.parametrize("table", ["readings", "prose", "terms"])
def test_values_under_each_others_keys_are_noticed(paper: Paper, table: str) -> None:
    """All rows of a table are as whole as ever, and each has the next one's value."""
    value = {"readings": "reading"}.get(table, table)
    with closing(sqlite3.connect(paper.state / "cache.db")) as database:
        rows = database.execute(f"SELECT key, {value} FROM {table}").fetchall()
        moved = [(rows[place - 1][1], key) for place, (key, _) in enumerate(rows)]
        database.executemany(f"UPDATE {table} SET {value} = ? WHERE key = ?", moved)
        database.commit()
    for path in ("content/articles/s1.md", "content/articles/s2.md"):
        paper.put(path, VARIANTS[path][1])
    paper.put("layouts/partials/footer.html", "<footer>3</footer>")
    for memory in (paper.state / "related.index", *paper.state.glob("*.site")):
        memory.unlink()
    assert build_after(paper) == [f".broadsheet/cache.db: {ANEW}"]


def test_an_older_cache_beside_newer_pages(paper: Paper) -> None:
    older = (paper.state / "cache.db").read_bytes()
    paper.put("content/articles/s1.md", VARIANTS["content/articles/s1.md"][1])
    build_after(paper)
    (paper.state / "cache.db").write_bytes(older)
    paper.put("layouts/tag.html", None)
    paper.put("layouts/partials/footer.html", "<footer>3</footer>")
    assert build_after(paper) == [f".broadsheet/cache.db: {ANEW}"]


def test_an_older_list_of_outputs_beside_newer_ones(paper: Paper) -> None:
    """What is built is what the list tells of, but for what is in the way of it."""
    (listed,) = paper.state.glob("output-*.db")
    older = listed.read_bytes()
    paper.put("content/articles/s1.md", VARIANTS["content/articles/s1.md"][2])
    build_after(paper)
    paper.put("content/articles/s1.md", VARIANTS["content/articles/s1.md"][0])
    listed.write_bytes(older)
    assert build_after(paper) == []


def test_an_older_build_among_newer_records_is_noticed(paper: Paper) -> None:
    (listed,) = paper.state.glob("output-*.db")
    with closing(sqlite3.connect(listed)) as database:
        (last,) = database.execute("SELECT last FROM build").fetchone()
    paper.put("content/articles/s1.md", VARIANTS["content/articles/s1.md"][1])
    build_after(paper)
    with closing(sqlite3.connect(listed)) as database:
        database.execute("UPDATE build SET last = ?", (last,))
        database.commit()
    paper.put("content/articles/s1.md", VARIANTS["content/articles/s1.md"][0])
    assert build_after(paper) == [f".broadsheet/{listed.name}: {ANEW}"]


@pytest.mark.parametrize("is_of_another", [False, True])
def test_a_last_site_that_cannot_be_read_is_damage_unless_another_version_wrote_it(
    paper: Paper, is_of_another: bool
) -> None:
    (file,) = paper.state.glob("*.site")
    last_site = json.loads(blobs.get(file) or b"") | {"site": "unreadable"}
    if is_of_another:
        last_site["frame"] = "of another version"
    blobs.put(file, [json.dumps(last_site).encode()])
    paper.put("content/articles/s1.md", VARIANTS["content/articles/s1.md"][1])
    told = [] if is_of_another else [f".broadsheet/{file.name}: {ANEW}"]
    assert build_after(paper) == told
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
