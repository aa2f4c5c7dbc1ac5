"""An incremental build equals a clean build, byte for byte, after any sequence of edits.

Hypothesis edits a site at random, builds after each edit and compares with a clean build of
the same sources: every file, every folder, every message. A build that fails must leave all
as it was. With `BROADSHEET_LONG=1` in the environment it takes some thousand steps, not
some dozens, and lets time pass between them.
"""

import os
import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW, SETTINGS, SmallSite
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from moments import Moment
from newsdesk import (
    PUTTING_OUT,
    Shelf,
    assert_digests_are_noted,
    clean_copy,
    differing,
    killed,
    png,
    tree,
)

from generator.commands.build import Report
from generator.errors import SiteError

pytestmark = pytest.mark.long

LONG_RUN = bool(os.environ.get("BROADSHEET_LONG"))
EXAMPLES, STEPS = (120, 40) if LONG_RUN else (6, 12)

START = ("one", "two", "three", "four", "five", "six", "trip/seven", "trip/eight/index")
SPARE = ("nine", "trip/ten", "eleven/index", "2026-05-05-twelve")
names = st.sampled_from(START + SPARE)
places = st.integers(0, 40)
"""Which of the stories, pages and so on that are there: taken modulo their number."""

NAMES = (
    "_{stem}{ending}",
    "_drafts/{stem}{ending}",
    "{stem}.markdown",
    "{stem}.MD",
    "{stem}{ending}.bak",
    "{stem} (conflicted copy 2026-06-01){ending}",
    "{stem}.pem",
)
"""What a file is renamed to: it is then a text, or not for readers."""

SENTENCES = (
    "Farmers sowed less winter wheat in Kansas.",
    "The harvest of wheat in Kansas may fall.",
    "The bank lowered its rate for deposits.",
    "Lenders at the bank pay less for deposits.",
    'A tenor sang "twice" -- and the hall rose.',
    "## A heading",
    "See [below](#A-Heading).",
    "![Dot](/pictures/dot.png)",
    "A <b class='x'>word</b>, <blink>another</blink>.",
)
fragments = st.sampled_from(["", "", "#A-Heading", "#a-heading-2", "#none", "#top"])
linked = st.tuples(st.sampled_from(START), fragments).map(
    lambda to: f"See [it](/articles/{to[0]}.md{to[1]})."
)
bodies = st.lists(
    st.one_of(st.sampled_from(SENTENCES), st.sampled_from(SENTENCES), linked), max_size=5
).map("\n\n".join)
dates = st.integers(-60, 4).map(lambda days: (NOW + timedelta(days)).date().isoformat())
choices = st.sampled_from(START).map(lambda name: f"/articles/{name}.md")
fields = st.one_of(
    st.tuples(st.just("title"), st.sampled_from(["A headline", "Wheat", "Banks", "About"])),
    st.tuples(st.just("summary"), st.sampled_from(["A dek.", "Another.", None])),
    st.tuples(
        st.just("tags"),
        st.sampled_from(
            ["[AI]", '["A.I.", Space]', "[ai, Moon]", "[Moon]", "[Año, Ano]", "[ano]", None]
        ),
    ),
    st.tuples(st.just("date"), dates),
    st.tuples(st.just("updated"), st.sampled_from(["2026-06-14", None])),
    st.tuples(
        st.just("author"), st.sampled_from(["Ann Lee", "ann-lee", "Ann Lée", "[Bob, Ann]", None])
    ),
    st.tuples(st.just("kicker"), st.sampled_from(["Exclusive", None])),
    st.tuples(st.just("featured"), st.sampled_from([1, 2, None])),
    st.tuples(st.just("draft"), st.sampled_from(["true", None])),
    st.tuples(st.just("expires"), st.sampled_from(["2026-06-14", "2026-06-16", None])),
    st.tuples(st.just("promo"), st.sampled_from(["letter", "false", None])),
    st.tuples(st.just("slug"), st.sampled_from(["fixed", "other", None])),
    st.tuples(st.just("aliases"), st.sampled_from(["[/old/1/]", "[/old/2/, /x.y]", None])),
    st.tuples(
        st.just("id"),
        st.sampled_from(["tag:paper.example,2026:1", "https://paper.example/2026/06/one/", None]),
    ),
    st.tuples(st.just("corrections"), st.sampled_from(["[{date: 2026-06-10, text: X}]", None])),
    st.tuples(st.just("permalink"), st.sampled_from(["/own/1.html", "/own/2/", None])),
    st.tuples(st.just("image"), st.sampled_from(["{src: /pictures/dot.png, alt: Dot}", None])),
    st.tuples(st.just("related"), choices.map(lambda name: f"{{pin: [{name}]}}")),
    st.tuples(st.just("related"), choices.map(lambda name: f"{{exclude: [{name}]}}")),
    st.tuples(st.just("related"), st.none()),
)
OTHER_FILES: dict[str, tuple[str | bytes | None, ...]] = {
    "content/authors/ann-lee.md": (
        "---\nname: Ann Lee\n---\n",
        "---\nname: Ann Lee\n---\nA bio.",
        "---\nname: Ann\nphoto: /pictures/dot.png\n---\nA bio.",
        None,
    ),
    "content/authors/new.md": (
        "---\nname: New\n---\nNobody yet.",
        "---\nname: New\naliases: [/authors/old/, /imprint/]\n---\nNobody yet.",
        None,
    ),
    "content/tags/ai.md": (
        "---\nname: AI\n---\nText.",
        "---\nname: Machines\n---\n",
        "---\nname: AI\naliases: [/tags/robots/, /ai]\n---\nText.",
        "---\nname: Robots\naliases: [/tags/robots/]\n---\nText.",
        None,
    ),
    "content/tags/ano.md": (None, "---\nname: Año\n---\nA year.", "---\nname: ano\n---\n"),
    "content/promos/letter.md": (
        "---\ntitle: Letter\nurl: https://x.example/\nlabel: Go\n---\nDaily.",
        "---\ntitle: Letter\nurl: /about/\nlabel: Go\n---\nWeekly.",
    ),
    "content/pages/about.md": (
        "---\ntitle: About\n---\nUs.",
        "---\ntitle: About\naliases: [/imprint/]\n---\nWho? Us.",
        "---\ntitle: About\npermalink: /who/we/are.html\n---\nUs.",
        "---\ntitle: Us\ndraft: true\n---\n[One](/articles/one.md)",
        None,
    ),
    "content/pictures/dot.png": (png(8, 6, 1), png(8, 6, 2), png(6, 8, 1)),
    "content/notes.txt": ("Plain.", "---\ntitle: Notes\n---\nPlain.", None),
    "content/README.md": ("Plain.", "---\nname: Notes\n---\nPlain.", None),
    "content/_static/a.css": ("a{}", "b{}", None),
    "content/_static/key.pem": ("a", None),
    "content/articles/one.md.bak": ("a", "b", None),
    "content/_redirects": ("/mine /about/\n/m/* /about/ 302\n", "/mine /\n", None),
    "content/articles/trip/eight/map.svg": ("<svg/>", "<svg />", None),
    "layouts/article.html": (
        '{% extends "default/article.html" %}{% block neighbours %}{% endblock %}',
        '{% extends "default/article.html" %}{% block neighbours %}{{ site.tags }}{% endblock %}',
        None,
    ),
    "layouts/tag.html": ("{{ tag.name }} {{ site.latest | length }}", "{{ tag.count }}", None),
    "layouts/partials/footer.html": ("<footer>1</footer>", "<footer>2</footer>", None),
    "layouts/partials/new.html": ("{{ site.year }}", None),
    "layouts/assets/site.css": ("a{}", "b{}", "c{}\n", None),
    "layouts/assets/new.js": ("1", "2", None),
    "layouts/labels/en.toml": ('related = "More"\n', 'by = "{authors}"\n', None),
}
others = st.sampled_from(sorted(OTHER_FILES)).flatmap(
    lambda path: st.tuples(st.just(path), st.sampled_from(OTHER_FILES[path]))
)
SNIPPETS = (  # of site.toml, what stands in tables last
    'tagline = "All of it"\n',
    'language = "de"\n',
    'timezone = "Asia/Tokyo"\n',
    'permalink = "/{year}/{slug}/"\n',
    'slugs = "language"\n',
    'slugs = "unicode"\n',
    'permalink = "/{folder}/{year}/{slug}.html"\n',
    'permalink = "/{year}/{slug}"\n',
    'host = "gitlab"\n',
    'host = "cloudflare"\n',
    'labels = {related = "See too"}\n',
    '[[menu]]\ntitle = "Home"\nurl = "/"\n',
    '[content]\npublish = ["_static/**"]\n',
    '[content]\npublish = ["articles/*.bak", "notes.txt", "_drafts/*", "**/_*"]\n',
    "[lists]\nper_page = 2\n",
    "[front]\ntop = 1\nper_page = 3\n",
    "[feeds]\nsize = 2\n",
    '[feeds]\naliases = ["/atom.xml", "/feed/"]\n',
    '[feeds]\nid_url = "https://old.example/"\npromos = true\n',
    '[permalinks]\n"articles/**/o*" = "/o/{folder}/{slug}/"\n"articles/trip/**" = "/t/{slug}/"\n',
    "[markdown]\nexcerpt = 30\n",
    "[markdown]\nsmart_quotes = false\n",
    "[markdown]\nraw_html = false\n",
    '[markdown]\nraw_html = "safe"\n',
    '[markdown]\nengine = "commonmark"\nraw_html = "safe"\n',
    "[related]\ncount = 2\n",
    "[related]\npictures = true\nleast = 0.0\n",
    "[related.weights]\ntags = 0\n",
    '[promos]\ndefault = "letter"\n',
)
tables = st.sets(st.integers(0, len(SNIPPETS) - 1), max_size=3).map(
    lambda numbers: "".join(SNIPPETS[n] for n in _without_twice(sorted(numbers)))
)


def _without_twice(numbers: list[int]) -> list[int]:
    """The snippets' numbers, the first of each table, or of each setting outside of any."""
    heads = {n: SNIPPETS[n].partition("\n")[0].partition(" = ")[0] for n in numbers}
    return list({heads[n]: n for n in reversed(numbers)}.values())[::-1]


FAULTS: dict[str, str | bytes] = {
    "content/articles/one.md": "---\ntitle: [\n---\n",
    "content/articles/broken.md": "---\ntitle: Broken\ndate: soon\n---\n",
    "content/articles/broken-link.md": "---\ntitle: A\ndate: 2026-06-01\n---\n[x](nowhere.md)",
    "content/articles/latin.md": b"---\ntitle: \xe9\n---\n",
    "content/authors/two-names.md": "no front matter",
    "layouts/tag.html": "{% if %}",
    "layouts/404.html": "{{ nothing }}",  # fails only while it is rendered
    "layouts/labels/en.toml": "=",
    "site.toml": SETTINGS + "[front]\nper_page = 0\n",
}
LOSSES = (
    ".broadsheet",
    ".broadsheet/cache.db*",
    ".broadsheet/output-*.db*",
    ".broadsheet/related.web",
    "public",
)


Told = tuple[bool, list[str]]
"""Whether a build succeeded, and its messages."""


class Edits(RuleBasedStateMachine):
    """A site, the clock, and what was written last."""

    shelf: Shelf

    @initialize()
    def set_up(self) -> None:
        self.site = self.shelf.take()
        self.stories: dict[str, tuple[dict[str, Any], str]] = {n: _first(n) for n in START}
        self.at, self.drafts = NOW, False
        self.held, self.failing = 0, False
        self.known: dict[int, tuple[Told, dict[str, bytes]]] = {}
        self.good = self._remember()
        self.publish()

    # ----------------------------------------------------------------------- stories

    @rule(place=places, body=bodies)
    def rewrite_body(self, place: int, body: str) -> None:
        name = self._story(place)
        self._write(name, self.stories[name][0], body)
        self.publish()

    @rule(place=places, field=fields)
    def change_field(self, place: int, field: tuple[str, Any]) -> None:
        name = self._story(place)
        matter, body = self.stories[name]
        self._write(name, matter | dict([field]), body)
        self.publish()

    @rule(place=places, letter=st.sampled_from("xyz"), stealthy=st.booleans())
    def change_a_letter(self, place: int, letter: str, stealthy: bool) -> None:
        """The file's size stays; where `stealthy`, its time of writing does too."""
        name = self._story(place)
        file = self._file(name)
        before = file.stat()
        matter, body = self.stories[name]
        self._write(name, matter, body[:-1] + letter)
        if stealthy:
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        self.publish()

    @rule(place=places, seconds=st.integers(0, 2_000_000_000))
    def touch(self, place: int, seconds: int) -> None:
        os.utime(self._file(self._story(place)), (seconds, seconds))
        self.publish()

    @rule(name=names, field=fields, body=bodies)
    def add(self, name: str, field: tuple[str, Any], body: str) -> None:
        self._write(name, _first(name)[0] | dict([field]), body)
        self.publish()

    @rule(place=places)
    def delete(self, place: int) -> None:
        name = self._story(place)
        self._file(name).unlink()
        del self.stories[name]
        self.publish()

    @rule(place=places, name=names)
    def rename(self, place: int, name: str) -> None:
        """Under the new name the file is the very same one, unless another was there."""
        old = self._story(place)
        self._file(name).parent.mkdir(parents=True, exist_ok=True)
        self._file(old).replace(self._file(name))
        self.stories[name] = self.stories.pop(old)
        self.publish()

    @rule(one=places, other=places)
    def swap(self, one: int, other: int) -> None:
        """Two files change places: their names, sizes and times are all known already."""
        first, second = self._story(one), self._story(other)
        aside = self.site.root / "aside"
        self._file(first).rename(aside)
        if first != second:
            self._file(second).rename(self._file(first))
        aside.rename(self._file(second))
        self.stories[first], self.stories[second] = self.stories[second], self.stories[first]
        self.publish()

    @rule(place=places, name=st.sampled_from(NAMES))
    def rename_and_back(self, place: int, name: str) -> None:
        """A story goes under a name that is no story's, or ends otherwise, and comes back."""
        file = self._file(self._story(place))
        self._rename_and_back(file, name)

    @rule(name=st.sampled_from(NAMES))
    def rename_the_picture_and_back(self, name: str) -> None:
        self._rename_and_back(self.site.root / "content/pictures/dot.png", name)

    @rule()
    def rename_folder(self) -> None:
        old, new = ("trip", "tour") if self._folder("trip").is_dir() else ("tour", "trip")
        if self._folder(old).is_dir() and not self._folder(new).exists():
            self._folder(old).rename(self._folder(new))
            for name in [name for name in self.stories if name.startswith(f"{old}/")]:
                self.stories[new + name.removeprefix(old)] = self.stories.pop(name)
        self.publish()

    # ------------------------------------------------------------------ everything else

    @rule(change=others)
    def change_another_file(self, change: tuple[str, str | bytes | None]) -> None:
        path, content = change
        if content is None:
            (self.site.root / path).unlink(missing_ok=True)
        else:
            self.site.write({path: content})
        self.publish()

    @rule(change=others)
    def change_yet_another_file(self, change: tuple[str, str | bytes | None]) -> None:
        self.change_another_file(change)

    @rule(shade=st.integers(3, 250), stealthy=st.booleans())
    def change_the_picture(self, shade: int, stealthy: bool) -> None:
        """Its size stays; where `stealthy`, its time of writing does too."""
        file = self.site.root / "content/pictures/dot.png"
        before = file.stat()
        file.write_bytes(png(8, 6, shade))
        if stealthy:
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        self.publish()

    @rule(more=tables)
    def change_settings(self, more: str) -> None:
        self.site.write({"site.toml": SETTINGS + more})
        self.publish()

    @rule(hours=st.integers(-24 * 20, 24 * 20))
    def move_the_clock(self, hours: int) -> None:
        self.at = NOW + timedelta(hours=hours)
        self.publish()

    @rule()
    def show_or_hide_drafts(self) -> None:
        self.drafts = not self.drafts
        self.publish()

    @precondition(lambda self: not self.failing)
    @rule()
    def build_twice(self) -> None:
        """The second build has nothing to do."""
        self.held = 0
        self.publish()
        if not self.failing:
            report = self.site.build(at=self.at, drafts=self.drafts)
            figures = (report.rendered, report.written, report.deleted, report.converted)
            assert figures == (0, 0, 0, 0)

    @rule(edits=st.integers(1, 3))
    def hold_back(self, edits: int) -> None:
        """The next edits are built together."""
        self.held = edits

    # ------------------------------------------------------------------------ accidents

    @precondition(lambda self: not self.failing)
    @rule(path=st.sampled_from(sorted(FAULTS)))
    def make_a_mistake(self, path: str) -> None:
        self.held = 0
        self.publish()
        if not self.failing:
            self.site.write({path: FAULTS[path]})
            self.publish()
            assert self.failing

    @precondition(lambda self: self.failing)
    @rule()
    def mend(self) -> None:
        self._restore(self.good)
        self.publish()
        assert not self.failing

    @rule(what=st.sampled_from(LOSSES))
    def lose(self, what: str) -> None:
        for path in self.site.root.glob(what):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.publish()

    @rule(place=places, is_cut=st.booleans())
    def damage_what_is_known_of_related_stories(self, place: int, is_cut: bool) -> None:
        file = self.site.root / ".broadsheet/related.web"
        if file.exists() and (data := bytearray(file.read_bytes())):
            place = place * len(data) // 41
            data[place] ^= 1
            file.write_bytes(data[:place] if is_cut else data)
        self.publish()

    @precondition(lambda self: not self.failing and not self.held)
    @rule(place=places, how=st.sampled_from(["deleted", "emptied", "of the same size"]))
    def damage_an_output(self, place: int, how: str) -> None:
        files = [path for path in sorted(self.site.outputs()) if path != ".broadsheet"]
        file = self.site.public / files[place * len(files) // 41]
        if how == "deleted":
            file.unlink()
        else:
            file.write_bytes(b"" if how == "emptied" else b"x" * file.stat().st_size)
        self.publish()

    @precondition(lambda self: not self.failing and not self.held and self.kills < 1 + LONG_RUN)
    @rule(moment=st.sampled_from(PUTTING_OUT))
    def kill(self, moment: Moment) -> None:
        """A build in which every page changes is killed; each file is an old or a new one."""
        old = tree(self.site.public)
        footer = f"<footer>Build {self.kills}</footer>"
        self.site.write({"layouts/partials/footer.html": footer})
        _, new = self._clean()
        drafts = ["--drafts"] if self.drafts else []
        assert killed(self.site, moment, "--at", self.at.isoformat(), *drafts, "--jobs", "1")
        self.kills += 1
        for path, data in tree(self.site.public).items():
            if not path.startswith(".broadsheet"):
                assert data in (old.get(path), new.get(path)), path
        self.publish()

    kills = 0

    @precondition(lambda _: LONG_RUN)
    @rule()
    def let_time_pass(self) -> None:
        """After a while a build may trust the times of files."""
        time.sleep(Shelf.settling)
        self.publish()

    # ------------------------------------------------------------------- what must hold

    def publish(self) -> None:
        """Build, and compare with a clean build: both succeed alike, or fail alike."""
        if self.held:
            self.held -= 1
            return
        before = tree(self.site.public)
        outcome = self._outcome(self.site)
        told, wanted = self._clean()
        assert _told(outcome) == told
        self.failing = not isinstance(outcome, Report)
        assert differing(tree(self.site.public), before if self.failing else wanted) == []
        if isinstance(outcome, Report):
            assert outcome.pages == outcome.written + outcome.unchanged
            assert outcome.rendered >= outcome.written
            assert_digests_are_noted(self.site.root, self.site.public)
            self.good = self._remember()

    def teardown(self) -> None:
        shutil.rmtree(self.site.root)

    # -------------------------------------------------------------------------- inside

    def _clean(self) -> tuple[Told, dict[str, bytes]]:
        """What a clean build says and gives; done once for the same sources and moment."""
        sources, _, moment = self._remember()
        key = hash((frozenset(sources.items()), moment))
        if key not in self.known:
            with clean_copy(self.site) as copy:
                outcome = self._outcome(copy)
                self.known[key] = _told(outcome), tree(copy.public)
        return self.known[key]

    def _outcome(self, site: SmallSite) -> Report | SiteError:
        try:
            return site.build(at=self.at, drafts=self.drafts)
        except SiteError as error:
            return error

    def _rename_and_back(self, file: Path, name: str) -> None:
        other = file.parent / name.format(stem=file.stem, ending=file.suffix)
        other.parent.mkdir(exist_ok=True)
        file.rename(other)
        self.publish()
        other.rename(file)
        self.publish()

    def _story(self, place: int) -> str:
        if not self.stories:
            self._write("one", *_first("one"))
        return sorted(self.stories)[place % len(self.stories)]

    def _file(self, name: str) -> Path:
        return self._folder(f"{name}.md")

    def _folder(self, name: str) -> Path:
        return self.site.root / "content/articles" / name

    def _write(self, name: str, matter: dict[str, Any], body: str) -> None:
        self.site.article(name, body, **matter)
        self.stories[name] = (matter, body)

    def _remember(self) -> tuple[dict[str, bytes], dict[str, Any], Any]:
        """The sources, what is known of them, and the clock."""
        root = self.site.root
        sources = {f"content/{path}": data for path, data in tree(root / "content").items()}
        sources |= {f"layouts/{path}": data for path, data in tree(root / "layouts").items()}
        sources["site.toml"] = (root / "site.toml").read_bytes()
        return sources, dict(self.stories), (self.at, self.drafts)

    def _restore(self, good: tuple[dict[str, bytes], dict[str, Any], Any]) -> None:
        sources, self.stories, (self.at, self.drafts) = good[0], dict(good[1]), good[2]
        root, self.held = self.site.root, 0
        for folder in ("content", "layouts"):
            for file in (root / folder).rglob("*"):
                if file.is_file() and file.relative_to(root).as_posix() not in sources:
                    file.unlink()
        for path, data in sources.items():
            file = root / path
            if not path.endswith("/") and (not file.is_file() or file.read_bytes() != data):
                self.site.write({path: data})


def _first(name: str) -> tuple[dict[str, Any], str]:
    """A story as it is at first: its front matter and its body."""
    number = len(name) + sum(map(ord, name))
    matter = {
        "title": name.rpartition("/")[2].title(),
        "date": (NOW - timedelta(days=number % 50)).date().isoformat(),
        "tags": ("[AI]", "[AI, Moon]", "[Space]")[number % 3],
        "author": ("Ann Lee", "Bob")[number % 2],
    }
    return matter, "\n\n".join((SENTENCES + SENTENCES)[number % 7 : number % 7 + 3])


def _told(outcome: Report | SiteError) -> Told:
    """What a build says, but for what depends on the one before: addresses new and gone."""
    problems = outcome.warnings if isinstance(outcome, Report) else outcome.problems
    told = (p for p in problems if not p.announces and " not any more: " not in p.what)
    return isinstance(outcome, Report), list(map(str, told))


def make_site(root: Path) -> SmallSite:
    site = SmallSite(root)
    for name in START:
        matter, body = _first(name)
        site.article(name, body, **matter)
    site.write({path: contents[0] for path, contents in OTHER_FILES.items() if contents[0]})
    for path in [path for path in OTHER_FILES if path.startswith("layouts/")]:
        (root / path).unlink()
    return site


def test_an_incremental_build_equals_a_clean_one(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    class Machine(Edits):
        shelf = Shelf(tmp_path_factory.mktemp("invariant"), make_site, EXAMPLES + 1)

    run(Machine)


def run(machine: type[Edits]) -> None:
    """Let a machine run, as long as asked for."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not LONG_RUN,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
