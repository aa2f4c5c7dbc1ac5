"""Any sequence of edits of a site, a build after each, and a clean build beside it."""

import os
import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from generator.commands.build import Report
from generator.errors import SiteError
from support.breakpoints import Breakpoint
from support.builds import (
    PUT_OUT_WITH_A_PLAN,
    PUTTING_OUT,
    SettledSites,
    assert_digests_are_noted,
    clean_copy,
    differing,
    killed,
    tree,
)
from support.images import png
from support.random_sources import (
    CARDS,
    FAULTS,
    LOSSES,
    NAMES,
    START,
    bodies,
    cards,
    fields,
    first_draft,
    names,
    others,
    places,
    tables,
)
from support.sites import NOW, SETTINGS, SmallSite

LONG_RUN = bool(os.environ.get("BROADSHEET_LONG"))
EXAMPLES, STEPS = (120, 40) if LONG_RUN else (6, 12)


Told = tuple[bool, list[str]]
"""Whether a build succeeded, and its messages."""


class Edits(RuleBasedStateMachine):
    """A site, the clock, and what was written last."""

    settled: SettledSites

    @initialize(cards=cards)
    def set_up(self, cards: str) -> None:
        self.site, self.cards = self.settled.take(), cards
        if cards:
            self.site.write({"site.toml": SETTINGS + cards, **CARDS})
        self.stories: dict[str, tuple[dict[str, Any], str]] = {n: first_draft(n) for n in START}
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
        self._write(name, first_draft(name)[0] | dict([field]), body)
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
        self.site.write({"site.toml": SETTINGS + more + self.cards})
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
        file = self.site.root / ".broadsheet/related.index"
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
    @rule(point=st.sampled_from(PUTTING_OUT))
    def kill(self, point: Breakpoint) -> None:
        """A build in which every page changes is killed; each file is an old or a new one.

        It may pass by what is only done with a new plan; and no build that fails comes so far.
        """
        old = tree(self.site.public)
        footer = f"<footer>Build {self.kills}</footer>"
        self.site.write({"layouts/partials/footer.html": footer})
        (succeeds, _), new = self._clean()
        if not succeeds:
            self.publish()
            return
        drafts = ["--drafts"] if self.drafts else []
        is_met = killed(self.site, point, "--at", self.at.isoformat(), *drafts, "--jobs", "1")
        assert is_met or point.function in PUT_OUT_WITH_A_PLAN
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
        time.sleep(SettledSites.settling)
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
        assert told_by(outcome) == told
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
                self.known[key] = told_by(outcome), tree(copy.public)
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
            self._write("one", *first_draft("one"))
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


def told_by(outcome: Report | SiteError) -> Told:
    """What a build says, but for what depends on the one before: addresses new and gone."""
    problems = outcome.warnings if isinstance(outcome, Report) else outcome.problems
    told = (p for p in problems if not p.announces and " not any more: " not in p.what)
    return isinstance(outcome, Report), list(map(str, told))


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
