"""A small but complete site as values, and what a build of it did, page by page.

Thirty stories of five topics and one of none. In the order of their dates, newest first:

    place     0        1        2       3        4        5        …  29       30
    story     wheat-0  banks-0  rail-0  tides-0  opera-0  wheat-1  …  opera-5  notice

    front page        the lead and two top stories are 0–2; river of 15: 3–17, page 2: 18–30
    months            0 and 1 of a topic stand in June, 2 and 3 in May, 4 and 5 in April;
                      the notice in March
    topic             its six stories, pages of four: 0–3, page 2: 4 and 5
    author            wheat and banks are Ann Lee's, rail and tides are Bo Ek's (both have
                      files), opera is Cy Dow's (has none); pages of four
    feeds             three entries: 0–2 of the site, 0–2 of a topic
    sidebar           two stories, see `_text`: those before and after it in the ring of its
                      topic (wheat-0 has wheat-1 and wheat-5); the notice has none
"""

import json
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from conftest import SmallSite
from moments import BROADSHEET, Moment, killed_at

from generator.commands.build import Report
from generator.state.builds import digests
from generator.state.files import stamp

TOPICS = ("wheat", "banks", "rail", "tides", "opera")
RING = 6
AUTHORS = {"wheat": "Ann Lee", "banks": "Ann Lee", "rail": "Bo Ek", "tides": "Bo Ek"}
MONTHS = ("2026/06", "2026/05", "2026/04")
SETTINGS = """
title = "The Desk"
url = "https://desk.example/"
tagline = "All of it"

[[menu]]
title = "About"
url = "/about/"

[publisher]
name = "Desk Press"

[front]
top = 2
per_page = 15

[lists]
per_page = 4

[feeds]
size = 3

[related]
count = 2

[related.weights]
company = 0  # it carries what one story says to stories that share nothing with it
"""
SPECIAL: dict[str, dict[str, str]] = {
    "wheat-3": {"aliases": "[/old/wheat/]"},
    "wheat-4": {"summary": "What the editor says of it."},
    "rail-1": {"promo": "letter"},
    "rail-4": {"image": "{src: /pictures/train.png, alt: A train}"},
    "opera-5": {"expires": "2026-06-18"},
}
"""Front matter that only one story has."""
LINKS = {"banks-5": "wheat-4"}
"""Stories whose text leads to another."""


def png(width: int, height: int, shade: int) -> bytes:
    """A grey picture; pictures of one size have files of one size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + bytes([shade]) * width) * height
    pixels = chunk(b"IDAT", zlib.compress(rows, level=0))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


class Newsdesk(SmallSite):
    """The site that this file describes."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.write({"site.toml": SETTINGS, "content/pictures/train.png": png(8, 6, 1)})
        self.write(
            """
            -- content/authors/ann-lee.md --
            ---
            name: Ann Lee
            ---
            Ann reports on farms.
            -- content/authors/bo-ek.md --
            ---
            name: Bo Ek
            ---
            Bo travels.
            -- content/tags/wheat.md --
            ---
            name: Wheat
            ---
            All on wheat.
            -- content/promos/letter.md --
            ---
            title: The letter
            url: https://letter.example/
            label: Subscribe
            ---
            Every morning.
            -- content/pages/about.md --
            ---
            title: About
            ---
            Who we are.
            -- content/articles/draft.md --
            ---
            title: Not ready
            date: 2026-06-10
            draft: true
            ---
            Wait.
            -- content/articles/later.md --
            ---
            title: Not yet
            date: 2026-06-20T08:00
            ---
            Wait for the day.
            """
        )
        for topic in TOPICS:
            for number in range(RING):
                self.rewrite(f"{topic}-{number}")
        self.article("notice", "A notice.\n\nTo all.", date="2026-03-02")

    def rewrite(self, name: str, old: str = "", new: str = "", **changes: Any) -> None:
        """Write a story of a topic as it is at first, but with `new` text for `old`, and changes.

        A field that is None is left out.
        """
        topic, _, number = name.partition("-")
        body = _text(topic, int(number))
        if name in LINKS:
            body += f"\n\n[More]({LINKS[name]}.md)"
        assert old in body
        fields = {"date": _date(topic, int(number)), "tags": f"[{topic.title()}]"}
        fields["author"] = AUTHORS.get(topic, "Cy Dow")
        matter = fields | SPECIAL.get(name, {}) | changes
        self.article(name, body.replace(old, new), **matter)

    def rename(self, old: str, new: str) -> None:
        articles = self.root / "content/articles"
        (articles / f"{old}.md").rename(articles / f"{new}.md")

    def remove(self, path: str) -> None:
        (self.root / path).unlink()


def page(name: str) -> str:
    """The output path of a story of a topic."""
    return f"{MONTHS[int(name[-1]) // 2]}/{name}/index.html"


def pages(*names: str) -> set[str]:
    return {page(name) for name in names}


def of_topic(topic: str) -> set[str]:
    """The output paths of all stories of a topic."""
    return {page(f"{topic}-{number}") for number in range(RING)}


def all_stories() -> set[str]:
    return {p for topic in TOPICS for p in of_topic(topic)} | {"2026/03/notice/index.html"}


def _date(topic: str, number: int) -> str:
    """One story a day; ten days of each of three months."""
    month, place = divmod(number * len(TOPICS) + TOPICS.index(topic), 10)
    return f"2026-{6 - month:02}-{14 - place:02}T09:00"


def _text(topic: str, number: int) -> str:
    """Words that a story shares with two others, which settle what is related to it.

    The six of a topic stand in a ring: 0 shares many words with 1, 1 a few with 2, 2 many
    with 3, and so on, 5 a few with 0. No other story has any of them. So each has two near
    stories, one clearly nearer, and no edit of a word or a tag changes their order.
    """
    shared = [_words(topic, place % RING) for place in (number - 1, number)]
    return f"This is {topic} {number}.\n\n{'. '.join(shared)}.\n\nSo it was."


def _words(topic: str, place: int) -> str:
    count = 7 if place % 2 else 14
    return " ".join(f"{topic}{chr(97 + place)}{n}" for n in range(count))


# ------------------------------------------------------------------ what a build did


class Round(NamedTuple):
    """What a build rendered or copied, and what it deleted, by output path; its report."""

    rendered: set[str]
    deleted: set[str]
    report: Report


def build_again(site: SmallSite, **options: Any) -> Round:
    """Build a site again. What came out must be what a clean build gives."""
    before = fingerprints(site)
    report = site.build(**options)
    after = fingerprints(site)
    rendered = {path for path, mark in after.items() if before.get(path) != mark}
    deleted = before.keys() - after.keys()
    assert (report.rendered, report.deleted) == (len(rendered), len(deleted))
    assert report.pages == report.written + report.unchanged == len(after)
    assert differing(tree(site.public), clean_tree(site, **options)) == []
    assert_digests_are_noted(site.root, site.public)
    return Round(rendered, deleted, report)


def fingerprints(site: SmallSite) -> dict[str, str]:
    """What each output was made from, as the manifest of `public/` has it."""
    (manifest,) = site.root.glob(".broadsheet/output-*.db")
    with sqlite3.connect(manifest) as database:
        found = dict(database.execute("SELECT path, fingerprint FROM written"))
    database.close()
    return found


def assert_digests_are_noted(root: Path, public: Path) -> None:
    """Of each output, as it is now, what was noted by the builds of the site in `root`."""
    outputs = {path: data for path, data in tree(public).items() if not path.endswith("/")}
    del outputs[".broadsheet"]
    assert digests(root / ".broadsheet", public) == {
        path: (stamp(public / path), blake2b(data, digest_size=16).hexdigest())
        for path, data in outputs.items()
    }


def tree(folder: Path) -> dict[str, bytes]:
    """All that is below a folder: files with their bytes, and folders, which end in "/"."""
    found: dict[str, bytes] = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        found |= {f"{name}/": b""} if file.is_dir() else {name: file.read_bytes()}
    return found


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """The paths that only one of two trees has, or that have different bytes in them."""
    return sorted(p for p in one.keys() | other.keys() if one.get(p) != other.get(p))


def clean_tree(site: SmallSite, **options: Any) -> dict[str, bytes]:
    """What a build of the same sources gives in a folder that has never seen one."""
    with clean_copy(site) as copy:
        copy.build(**options)
        return tree(copy.public)


@contextmanager
def clean_copy(site: SmallSite) -> Iterator[SmallSite]:
    """The same sources in another folder, which is gone afterwards."""
    copy = SmallSite(Path(f"{site.root}-clean"))
    shutil.rmtree(copy.root)
    left = shutil.ignore_patterns(".broadsheet", "public")
    shutil.copytree(site.root, copy.root, ignore=left)
    try:
        yield copy
    finally:
        shutil.rmtree(copy.root)


class Shelf:
    """Sites made some seconds before they are taken.

    A build may trust the stamp of a file that was written long before it; one written just
    now can change again within the same tick of the clock. Only what stood for a while
    shows whether a build knows the two apart.
    """

    settling = 2.5
    """Seconds."""

    def __init__(self, folder: Path, make: Callable[[Path], SmallSite], batch: int) -> None:
        self._folder = folder
        self._make = make
        self._batch = batch
        self._number = 0
        self._ready: deque[SmallSite] = deque()

    def take(self) -> SmallSite:
        if not self._ready:
            for _ in range(self._batch):
                self._number += 1
                self._ready.append(self._make(self._folder / f"site-{self._number}"))
            time.sleep(self.settling)
        return self._ready.popleft()


_WATCHED = """
import json, os, sys
opened = set()

def note(event, arguments):
    if event == "open" and not isinstance(arguments[0], int):
        opened.add(os.path.abspath(os.fsdecode(arguments[0])))

sys.addaudithook(note)
from generator.cli import main
main(sys.argv[1:], standalone_mode=False)
print(json.dumps(sorted(opened)))
"""


def opened(folder: Path, *arguments: str) -> set[str]:
    """The files below a folder that a command, in a process of its own, opens anywhere in it."""
    result = subprocess.run(
        [sys.executable, "-c", _WATCHED, *arguments],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    folder = folder.resolve()
    files = [Path(name).resolve() for name in json.loads(result.stdout.splitlines()[-1])]
    return {f.relative_to(folder).as_posix() for f in files if f.is_relative_to(folder)}


_OUTPUT = "output/writer.py Output."
PUTTING_OUT = (
    Moment(f"{_OUTPUT}__enter__", left=True),
    Moment("output/writer.py stage"),
    Moment("output/writer.py write_whole"),
    Moment("pages/writer.py _jobs", number=9),
    Moment("pages/writer.py print_pages", left=True),
    Moment(f"{_OUTPUT}commit"),
    Moment(f"{_OUTPUT}_write_inventory", left=True),
    Moment(f"{_OUTPUT}_place"),
    Moment(f"{_OUTPUT}_place", left=True),
    Moment(f"{_OUTPUT}_place", number=5),
    Moment(f"{_OUTPUT}_delete", number=2),
    Moment(f"{_OUTPUT}_delete", number=2, left=True),
    Moment(f"{_OUTPUT}_write_inventory", number=2),
    Moment(f"{_OUTPUT}commit", left=True),
    Moment("state/builds.py BuildState.write"),
    Moment("state/outputs.py RecordedOutputs.update", left=True),
    Moment("state/builds.py BuildState.__exit__", left=True),
)
"""What comes one after the other in a build in which every page changes."""


def killed(site: SmallSite, moment: Moment, *arguments: str) -> bool:
    """Whether a build was killed at a moment, with all its workers, or ended well without it."""
    build = "build", "--root", str(site.root), *arguments
    return killed_at(moment, BROADSHEET, *build, alone=False)
