"""Hostile sites at random: what comes out is a site, or mistakes of files that are there.

No traceback, and the mistake of another story is told whatever else is wrong. With
`BROADSHEET_LONG=1` in the environment ten times as many sites are tried.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.commands.build import build
from generator.errors import Problem, SiteError
from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from support.sites import NOW, SETTINGS, SmallSite

pytestmark = pytest.mark.long

TRIES = 400 if os.environ.get("BROADSHEET_LONG") else 40
some = settings(max_examples=TRIES, deadline=None, suppress_health_check=list(HealthCheck))
OTHER = "content/articles/other.md"

HUGE = "9" * 5_000
VALUES = st.sampled_from(
    [
        *("A", "''", "[]", "{}", "null", "true", "-1", "0xfff", f"0x{'f' * 5_000}", HUGE, "1e999"),
        *(".nan", "[a, b]", "{a: b}", "&a [*a]", "*a", "!!binary x", "2026-02-30", "9999-12-31"),
        *("'\\ud800'", '"\\0"', "x" * 70_000, "[" * 200 + "]" * 200, "../..", "//x", "\\", "#"),
        *("http://[", "https://\ud800", "a\u2028b", "😀" * 300, "%ff", "{src: a.svg, alt: A}"),
    ]
)
NAMES = st.sampled_from(
    [
        *("title", "date", "author", "authors", "tags", "image", "source", "corrections", "slug"),
        *("related", "draft", "expires", "extra", "promo", "featured", "aliases", "kicker", "nope"),
    ]
)
FENCES = st.sampled_from(["---\n{}\n---\n{}", "+++\n{}\n+++\n{}", "{{{}}}\n{}", "---\n{}{}"])
ROWS = st.lists(st.builds("{}: {}".format, NAMES, VALUES), max_size=6).map("\n".join)
PIECES = st.sampled_from(
    [
        *("> " * 200, "- " * 200, "<div>" * 300, "</p>", "<!--", "<![CDATA[", "<script>", "```\n"),
        *("[a](", "![a](a.svg)", "[a](/nowhere)", "[a](bad.md)", "[^1]", "[^1]: x\n", "{#a .b}"),
        *(
            "| a |\n|-|\n| b |\n",
            "# A\n",
            "\ud800",
            "\0",
            "\x021\x03",
            "&#x110000;",
            "\\",
            "*_" * 300,
        ),
        *("{{ x }}", "    x\n", "\n\n", "text ", "<img src=a.svg srcset='x'>", "<a id='a'><svg>"),
    ]
)
BODIES = st.lists(PIECES, max_size=8).map("".join)
TEXTS = st.builds(
    lambda fence, rows, body: fence.format(f"title: A\ndate: 2026-06-01\n{rows}", body),
    FENCES,
    ROWS,
    BODIES,
).map(lambda text: text.encode("utf-8", "surrogatepass"))
BYTES = st.sampled_from(
    [b"", b"\xff\xfe", b"\0" * 99, b"<svg width='1e999' height='1'>", b"\x89PNG\r\n\x1a\n\0\0"]
) | st.binary(max_size=40)
LAYOUTS = st.sampled_from(
    [
        *("{{ story.nope }}", "{{ 1 / 0 }}", "{% include 'gone.html' %}", "{% include 5 %}", "{%"),
        *("{% extends 'article.html' %}", "{{ " + "(" * 300 + ")" * 300 + " }}", "{{ site }}"),
        *("{% for a in site.menu %}{{ a.b }}{% endfor %}", "\ufeff"),
        *(
            "{{ data }}",
            "{{ data.a[0].title }}",
            "{{ data[story.title] }}",
            "{{ data.a | tojson }}",
        ),
    ]
).map(str.encode)
TABLES = st.sampled_from(
    [
        *(
            "[markdown]\nengine = 'commonmark'",
            "[feeds]\nsize = 0xffffffffffffffff",
            "[labels]\nx = 1",
        ),
        *(
            "[labels]\nx = " + "[" * 999,
            "menu = 5",
            "[[menu]]\ntitle = 'A'\nurl = '//'",
            "host = 'x'",
        ),
        *("[permalinks]\n'**' = '{'", "permalink = '/{slug}'", "[content]\npublish = ['**', '[']"),
        *(
            "[related]\ncount = -1",
            "[front]\nper_page = 1",
            f"x = {HUGE}",
            "language = 'x-y'",
            "\0",
        ),
    ]
)
PLACES = st.sampled_from(
    [
        *(
            "content/articles/a.md",
            "content/pages/p.md",
            "content/authors/a.md",
            "content/tags/a.md",
        ),
        *(
            "content/promos/p.md",
            "content/articles/a.svg",
            "content/_redirects",
            "content/.well-known",
        ),
        *("content/articles/sub/b.md", "layouts/article.html", "layouts/partials/entry.html"),
        *(
            "layouts/labels/en.toml",
            "layouts/assets/a.css",
            "layouts",
            "content/articles/\udcff.md",
        ),
        *(
            "content/a\nb.txt",
            "layouts/a\udcff.html",
            "layouts/assets/a\nb.png",
            f"content/{'n' * 250}",
        ),
        *(
            "content/_data",
            "content/_data/a.csv",
            "content/_data/a.yaml",
            "content/_data/a\nb.json",
        ),
    ]
)


def written(data: bytes) -> Callable[[Path], None]:
    return lambda path: void(path.write_bytes(data))


def void(_: object) -> None:
    """Nothing comes of it."""


OBJECTS = st.one_of(
    TEXTS.map(written),
    BYTES.map(written),
    LAYOUTS.map(written),
    st.sampled_from(["nowhere", ".", "..", "../..", "a.md", "/dev/zero"]).map(
        lambda target: lambda path: path.symlink_to(target)
    ),
    st.just(getattr(os, "mkfifo", Path.mkdir)),  # Windows has none
    st.just(Path.mkdir),
)
SITES = st.tuples(
    st.lists(st.tuples(PLACES, OBJECTS), max_size=5), st.lists(TABLES, max_size=2).map("\n".join)
)
Hostile = tuple[list[tuple[str, Callable[[Path], None]]], str]


def put(path: Path, make: Callable[[Path], None]) -> None:
    """Make what is to stand at a path, if nothing does and the file system takes its name."""
    if not os.path.lexists(path):
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            make(path)


@contextmanager
def site_of(hostile: Hostile) -> Iterator[SmallSite]:
    """The site, with a story in it that lacks a date."""
    files, tables = hostile
    root = Path(tempfile.mkdtemp())
    try:
        site = SmallSite(root / "a/b/site")  # links lead up to nothing else
        site.write({"site.toml": f"{SETTINGS}{tables}\n"})
        site.write({OTHER: "---\ntitle: Other\n---\n", "content/articles/good.md": "x"})
        site.article("good", "[x](a.md)")
        for place, make in files:
            put(site.root / place, make)
        yield site
    finally:
        shutil.rmtree(root)


def are_of_the_site(site: SmallSite, problems: list[Problem]) -> None:
    for problem in problems:
        name = problem.file.removesuffix(" (default)")
        is_there = os.path.lexists(site.root / name) or name == str(site.public) or "\\" in name
        assert is_there or name != problem.file, str(problem)
        assert re.fullmatch(r"[^\n]+", str(problem))
        assert str(problem).isprintable()
        assert not problem.trace, problem.trace  # a fault that nobody foresaw is to be foreseen


@some
@given(SITES)
def test_a_hostile_site_is_built_or_its_mistakes_are_told(hostile: Hostile) -> None:
    with site_of(hostile) as site:
        try:
            build(site.root, at=NOW, jobs=1)
        except SiteError as error:
            are_of_the_site(site, error.problems)
            files = {problem.file for problem in error.problems}
            assert OTHER in files or str(site.public) in files  # layouts/ is a folder above it
        else:
            raise AssertionError("the mistake of the other story is not told")


@some
@given(SITES)
def test_a_hostile_site_without_other_mistakes(hostile: Hostile) -> None:
    with site_of(hostile) as site:
        (site.root / OTHER).unlink()
        try:
            report = build(site.root, at=NOW, jobs=1)
        except SiteError as error:
            are_of_the_site(site, error.problems)
        else:
            are_of_the_site(site, report.warnings)
            assert site.outputs()


@some
@given(SITES)
def test_a_preview_of_a_hostile_site_goes_on(hostile: Hostile) -> None:
    with site_of(([], hostile[1])) as site:
        live = Session(site.root, NOW)
        live.update()
        for place, make in hostile[0]:
            put(site.root / place, make)
            live.update()
            live.settle()
            are_of_the_site(site, list(live.problems()))
        if live.planned:
            respond(live, "/")
            respond(live, "/2026/06/good/")
