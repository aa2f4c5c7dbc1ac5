"""An hour of an editor's work, at many times its pace: the preview does not grow.

It runs with `BROADSHEET_LONG=1` in the environment, for `BROADSHEET_SOAK` minutes, else sixty.
"""

import os
import re
import sys
import time
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, NamedTuple

import pytest

from generator.commands.build import build
from support.browser_tabs import FAILING, MISSING, Tab, tab
from support.builds import tree
from support.complete_site import RING, TOPICS, CompleteSite, page
from support.edits_of_files import WAYS, caught_up, restore, sources
from support.images import png
from support.preview_process import Preview, assert_shows, previewed
from support.sites import NOW, REPOSITORY

MINUTES = float(os.environ.get("BROADSHEET_SOAK", "60"))
MEASURES = 40
GROWTH, MEGABYTES, HANDLES = 1.10, 20, 5
"""Level is: the median of the last quarter of the measures is at most that of the second quarter
times GROWTH and MEGABYTES more, and at most HANDLES more. The first quarter is the warm-up.
"""
MORE = 300
"""Stories beside those of the paper, written all at once now and then."""
LAYOUTS = REPOSITORY / "layouts"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not os.environ.get("BROADSHEET_LONG"), reason="takes an hour: BROADSHEET_LONG=1 runs it"
    ),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measures by /proc"),
]


class Measure(NamedTuple):
    """What the process of the preview holds: megabytes, and open files and sockets."""

    share: float
    resident: float
    handles: int
    threads: int


def measure(pid: int) -> Measure:
    """By smaps_rollup and fd of proc(5): PSS, where shared memory is divided by its users; RSS."""
    process = Path(f"/proc/{pid}")
    found = dict(re.findall(r"(\w+): +(\d+) kB", (process / "smaps_rollup").read_text()))
    memory = [int(found[name]) / 1024 for name in ("Pss", "Rss")]
    counts = [len(list((process / name).iterdir())) for name in ("fd", "task")]
    return Measure(round(memory[0], 1), round(memory[1], 1), counts[0], counts[1])


class Work:
    """Edits of all kinds, one after the other. What is broken is mended in the next but one."""

    def __init__(self, site: CompleteSite, chance: Random) -> None:
        self.site = site
        self.count = 0
        self._chance = chance
        self._broken: list[tuple[Path, bytes | None]] = []

    def edit(self) -> None:
        """One edit, or a mistake mended."""
        self.count += 1
        if self._broken and self._chance.random() < 0.5:
            file, data = self._broken.pop()
            file.unlink() if data is None else file.write_bytes(data)
            return
        kinds = [self.words] * 8 + [self.story, self.mistake, self.layout, self.style]
        self._chance.choice(
            [*kinds, self.title, self.tags, self.spare, self.folder, self.picture]
        )()
        if self._chance.random() < 0.01:
            self.burst()

    def _name(self) -> str:
        return f"{self._chance.choice(TOPICS)}-{self._chance.randrange(RING)}"

    def words(self) -> None:
        file = self.site.root / f"content/articles/{self._name()}.md"
        text = re.sub(r"So it .*", f"So it was edited {self.count}.", file.read_text())
        self._chance.choice(WAYS)(file, text)

    def story(self) -> None:
        self.site.rewrite(self._name(), "So it was", f"So it was with {self.count}")

    def title(self) -> None:
        self.site.rewrite(self._name(), title=f"Headline {self.count}")

    def tags(self) -> None:
        self.site.rewrite(self._name(), tags=f"[Tag {self._chance.randrange(5)}, Rail]")

    def spare(self) -> None:
        """Write a story of its own, or delete it."""
        file = self.site.root / f"content/articles/spare-{self._chance.randrange(10)}.md"
        if file.exists():
            file.unlink()
        else:
            self.site.article(file.stem, f"Spare {self.count}.", tags="[Wheat, Spare]")

    def folder(self) -> None:
        """Rename a folder with stories in it, or make it."""
        articles = self.site.root / "content/articles"
        old, new = self._chance.sample([articles / "week", articles / "month"], 2)
        if old.exists() and not new.exists():
            old.rename(new)
        elif not new.exists():
            for n in range(3):
                self.site.article(f"{new.name}/inside-{n}", f"Inside {self.count}.")

    def picture(self) -> None:
        shade = self._chance.randrange(256)
        self.site.write({"content/pictures/train.png": png(8 + shade % 5, 6, shade)})

    def style(self) -> None:
        text = (LAYOUTS / "assets/site.css").read_text() + f"\nmain {{ order: {self.count} }}\n"
        self.site.write({"layouts/assets/site.css": text})

    def layout(self) -> None:
        text = (LAYOUTS / "article.html").read_text()
        text = text.replace("<h1", f'<h1 data-edit="{self.count}"')
        self.site.write({"layouts/article.html": text})

    def mistake(self) -> None:
        article = self.site.root / f"content/articles/{self._name()}.md"
        bad = {
            article: "---\ntitle: [\n---\n",
            article.with_name("notice.md"): "---\ntitle: A\ndate: soon\n---\n[x](no.md)\n",
            self.site.root / "layouts/article.html": "{% if %}",
            self.site.root / "layouts/tag.html": "{{ 1 // 0 }}",
            self.site.root / "site.toml": "title = ",
        }
        file = self._chance.choice(list(bad))
        if all(file != other for other, _ in self._broken):
            self._broken.append((file, file.read_bytes() if file.exists() else None))
            self.site.write({str(file.relative_to(self.site.root)): bad[file]})

    def burst(self) -> None:
        for n in range(MORE):
            self.site.article(f"more-{n}", f"More {n}, edited {self.count}.", tags=f"[T {n % 9}]")

    def mended(self, at_first: dict[str, bytes]) -> None:
        self._broken.clear()
        restore(self.site.root, at_first)


def look_about(preview: Preview, tabs: list[Tab], chance: Random) -> None:
    """What else an editor does: open other pages, some of which are not there."""
    path = chance.choice(
        ["/", "/tags/", "/archive/", "/tags/rail/", "/feed.xml", "/no/", "/about/"]
    )
    if chance.random() < 0.5:
        path = f"/{page(f'{chance.choice(TOPICS)}-{chance.randrange(RING)}')[:-10]}"
    if chance.random() < 0.2:
        tabs[chance.randrange(len(tabs))].open(path)
    else:
        preview.get(path, Accept="text/html")


def are_right(site: CompleteSite, preview: Preview, tabs: list[Tab], number: int) -> None:
    """Each tab shows what was edited last; the preview is alive, and found no fault of its own."""
    for shown, path, name in zip(
        tabs, ("/", "/2026/06/rail-0/"), ("wheat-0", "rail-0"), strict=True
    ):
        shown.open(path)
        title = f"Measure {number} of {name}"
        site.rewrite(name, title=title)
        shown.shows(title)
    assert preview.process.poll() is None, preview.lines[-20:]
    assert not any("Traceback" in line for line in preview.lines), preview.lines[-60:]


def assert_level(measures: list[Measure]) -> None:
    quarter = len(measures) // 4
    early, late = measures[quarter : 2 * quarter], measures[-quarter:]
    shown = "\n".join(map(str, measures))
    for name in ("share", "resident"):
        before, after = (median(getattr(one, name) for one in some) for some in (early, late))
        assert after <= before * GROWTH + MEGABYTES, f"{name}: {before} to {after} MB\n{shown}"
    before, after = (median(one.handles for one in some) for some in (early, late))
    assert after <= before + HANDLES, f"handles: {before} to {after}\n{shown}"


def test_memory_and_handles_stay_level(browser: Any, tmp_path: Path) -> None:
    chance = Random(os.environ.get("BROADSHEET_SEED", "1"))
    site = CompleteSite(tmp_path / "desk")
    work = Work(site, chance)
    work.burst()
    at_first = sources(site.root)
    expected = (MISSING, FAILING)
    measures: list[Measure] = []
    with (
        previewed(site.root) as preview,
        tab(browser, preview, "/", expected=expected) as one,
        tab(browser, preview, "/2026/06/rail-0/", expected=expected) as two,
    ):
        started = time.monotonic()
        for number in range(1, MEASURES + 1):
            while time.monotonic() < started + number * MINUTES * 60 / MEASURES:
                work.edit()
                look_about(preview, [one, two], chance)
                one.page.wait_for_timeout(chance.choice([5, 20, 100, 300]))
            work.mended(at_first)
            caught_up(site, preview)
            are_right(site, preview, [one, two], number)
            measures.append(measure(preview.process.pid))
            print(f"{number}: {work.count} edits, {measures[-1]}", flush=True)
        work.mended(at_first)
        build(site.root, site.public, at=NOW, drafts=True, jobs=2)
        assert_shows(preview, tree(site.public))
    assert_level(measures)
