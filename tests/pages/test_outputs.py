"""Kinds of output, and what is derived: the icon for telephones, drawn from the drawing."""

import pickle
import re
import shutil
import struct
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from generator.deploy import manifest
from generator.deploy.manifest import Entry, Manifest
from generator.deploy.manifest import decoded as manifest_of
from generator.deploy.plan import GRACE, plan
from generator.kinds import PageKind
from generator.output import inventory
from generator.output.inventory import Inventory, read_inventory
from generator.pages import Copied, Derived, Rendered, SourceFile, collisions
from generator.pages.assets import asset_outputs, drawn
from generator.pages.output import Input, Work
from generator.preview.session.page_info import page_info
from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from generator.templates.assets import load_assets
from support.sites import NOW, SmallSite

ICON = "layouts/assets/icon.svg"


def svg(inside: str, box: str = "0 0 10 10") -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{inside}</svg>'


RED = svg('<rect width="10" height="10" fill="red"/>')
BLUE = svg('<rect width="10" height="10" fill="blue"/>')


@pytest.fixture
def site(site: SmallSite) -> SmallSite:
    site.article("story", tags="[Space]", author="Ann")
    site.write({"content/pages/about.md": "---\ntitle: About\naliases: [/who/]\n---\n\nUs.\n"})
    site.write({"content/chart.csv": "1,2", "content/CNAME": "paper.example"})
    return site


def icon(site: SmallSite) -> str:
    """The output path of the icon for telephones; there is one."""
    (path,) = (path for path in site.outputs() if path.endswith(".png"))
    return path


# ---------------------------------------------------------------------------- kinds


KINDS = {
    "index.html": "front",
    "2026/06/story/index.html": "story",
    "tags/index.html": "listing",
    "tags/space/index.html": "tag",
    "tags/space/feed.xml": "tag feed",
    "authors/index.html": "listing",
    "authors/ann/index.html": "author",
    "archive/index.html": "listing",
    "archive/2026/index.html": "archive",
    "archive/2026/06/index.html": "archive",
    "about/index.html": "page",
    "who/index.html": "redirect",
    "404.html": "not found",
    "feed.xml": "atom feed",
    "rss.xml": "rss feed",
    "feed.json": "json feed",
    "sitemap.xml": "sitemap",
    "robots.txt": "robots",
    "chart.csv": "file",
    "CNAME": "host file",
}


def test_the_inventory_says_what_each_output_is(site: SmallSite) -> None:
    site.build()
    found = read_inventory(site.public)
    assert found
    kinds = {path: str(item.kind) for path, item in found.files.items()}
    assert {path: kinds[path] for path in KINDS} == KINDS
    assert kinds[icon(site)] == "image"
    rest = {kind for path, kind in kinds.items() if path not in KINDS}
    assert rest <= {"asset", "image", "sitemap"}


@pytest.mark.parametrize(
    "kind",
    [*dict.fromkeys(KINDS.values()), "asset", "image", "feed", "rules"],
)
def test_kinds_are_known_by_their_names_in_what_was_written_before(kind: str) -> None:
    found = manifest_of(b'{"files":{"a/index.html":["d","%s","m"]}}' % kind.encode())
    assert found
    assert found.files["a/index.html"].kind == kind


def test_a_kind_of_a_later_version_is_no_fault(site: SmallSite) -> None:
    site.build()
    file = site.public / ".broadsheet"
    file.write_text(file.read_text().replace('["redirect"', '["hologram"'))
    before = read_inventory(site.public)
    assert before
    assert before.files["who/index.html"].kind is PageKind.FILE
    shutil.rmtree(site.root / ".broadsheet")
    assert site.build().deleted == 0
    found = read_inventory(site.public)
    assert found
    assert found.files["who/index.html"].kind is PageKind.REDIRECT


def test_a_page_of_a_kind_that_is_not_known_goes_with_the_next_build(site: SmallSite) -> None:
    site.build()
    file, weekly = site.public / ".broadsheet", site.public / "weekly/index.html"
    file.write_text(file.read_text().replace('"who/', '"weekly/index.html":["weekly"],"who/'))
    site.write({"public/weekly/index.html": "A week."})
    shutil.rmtree(site.root / ".broadsheet")
    assert site.build().deleted == 1
    assert not weekly.exists()


@pytest.mark.parametrize(
    "entry", ['["d","hologram"]', '["d",""]', '["d","hologram","m","w",null,true,"o",9]']
)
def test_a_kind_that_is_not_known_is_a_file(entry: str) -> None:
    found = manifest_of(b'{"files":{"a":%s}}' % entry.encode())
    assert found
    assert found.files["a"].kind is PageKind.FILE


@pytest.mark.parametrize("kind", ["7", "null", "[]", "{}"])
def test_a_kind_that_is_no_text_is_damage(kind: str) -> None:
    assert manifest_of(b'{"files":{"a":["d",%s]}}' % kind.encode()) is None


@pytest.mark.parametrize(
    ("path", "kind", "passing", "vanishes"),
    [
        ("index.html", PageKind.FRONT, False, True),
        ("page/2/index.html", PageKind.FRONT, True, False),
        ("tags/index.html", PageKind.LISTING, False, True),
        ("archive/2026/index.html", PageKind.ARCHIVE, False, False),
        ("chart.csv", PageKind.FILE, False, True),
        ("assets/site.css", PageKind.ASSET, False, False),
    ],
)
def test_an_address_vanishes_unasked_only_where_it_comes_and_goes(
    path: str, kind: PageKind, passing: bool, vanishes: bool
) -> None:
    before = Manifest({path: Entry("", kind, passing=passing, unused=NOW - 2 * GRACE)})
    todo = plan([], Inventory({}), before, {path: ""}, NOW)
    assert (list(todo.delete), list(todo.vanishing)) == ([path], [path] if vanishes else [])


@pytest.mark.parametrize("bare", [False, True])
def test_pages_of_no_text_that_collide_are_told_by_their_layouts(
    site: SmallSite, bare: bool
) -> None:
    live = Session(site.root, NOW)
    live.update()
    assert live.planned
    context, kind, view = live.planned.context, PageKind.LISTING, live.planned.pages["404.html"]
    assert isinstance(view, Rendered)
    ending = ".html" if bare else "/index.html"
    one, two = (
        Rendered(f"weekly{ending}", kind, view.view, name, bare=bare)
        for name in ("week.html", "weeks.html")
    )
    (told,) = {str(problem) for problem in collisions(context, [one, two])}
    assert told == (
        f"site.toml: /weekly{ending} would be two pages that Broadsheet makes,"
        " by layouts/week.html and layouts/weeks.html;"
        " move one of them in [addresses] or [taxonomies]"
    )


# --------------------------------------------------------------------------- derived


def test_the_icon_for_telephones_is_drawn_from_the_drawing(site: SmallSite) -> None:
    site.write({ICON: RED})
    site.build()
    path, outputs = icon(site), site.outputs()
    assert re.fullmatch(r"assets/apple-touch-icon\.[0-9a-f]{8}\.png", path)
    assert outputs[path][:4] == b"\x89PNG"
    assert struct.unpack(">II", outputs[path][16:24]) == (180, 180)
    link = site.page("index.html").xpath("//head/link[@rel='apple-touch-icon']/@href")
    assert link == [f"/{path}"]
    assert b"apple-touch-icon" not in outputs["who/index.html"]


def test_the_icon_is_drawn_again_only_when_the_drawing_changes(site: SmallSite) -> None:
    site.write({ICON: RED})
    site.build()
    path, data = icon(site), site.outputs()[icon(site)]
    seen = (site.public / path).stat().st_mtime_ns
    site.article("story", "Other words.", tags="[Space]", author="Ann")
    report = site.build()
    assert 0 < report.rendered < report.pages
    assert (site.public / path).stat().st_mtime_ns == seen
    site.write({ICON: BLUE})
    site.build()
    assert icon(site) != path
    assert site.outputs()[icon(site)] != data
    site.write({ICON: RED})
    site.build()
    assert (icon(site), site.outputs()[icon(site)]) == (path, data)


def test_an_icon_that_somebody_touched_is_restored(site: SmallSite) -> None:
    site.build()
    path, data = icon(site), site.outputs()[icon(site)]
    (site.public / path).write_bytes(b"x")
    assert site.build().rendered == 1
    assert site.outputs()[path] == data


def test_other_processes_draw_the_same_icon(site: SmallSite) -> None:
    site.build()
    alone = site.outputs()[icon(site)]
    site.build(clean=True, jobs=2)
    assert site.outputs()[icon(site)] == alone


def test_a_site_may_bring_its_own_icon_for_telephones(site: SmallSite) -> None:
    site.write({ICON: "no drawing", "layouts/assets/apple-touch-icon.png": b"pixels"})
    site.build()
    assert site.outputs()[icon(site)] == b"pixels"


@pytest.mark.parametrize(
    ("drawing", "where", "what"),
    [
        ("", ":1: ", "broken"),
        ("<svg", ":1: ", "broken"),
        ("no drawing", ":1: ", "broken"),
        (svg("\n<g>\n"), ":3: ", "broken"),
        (svg("&nope;"), ":1: ", "broken"),
        ("<svg/>", ": ", "nothing"),
        ("<html/>", ": ", "nothing"),
        (svg('<text y="9">A</text>'), ": ", "nothing"),
        (svg('<rect width="10" height="10" fill="white"/>'), ": ", "nothing"),
        (svg("<g>" * 20_000 + "</g>" * 20_000), ":1: ", "more than 100 elements"),
    ],
)
def test_a_drawing_that_is_none_is_told_by_its_file(
    site: SmallSite, drawing: str, where: str, what: str
) -> None:
    site.build()
    before = site.outputs()
    site.write({ICON: drawing})
    (message,) = site.errors()
    assert message.startswith(f"{ICON}{where}")
    assert what in message
    assert "layouts/assets/apple-touch-icon.png" in message
    assert site.outputs() == before


@pytest.mark.parametrize("leads", ["{file}", "file://{file}", "&file;", "icon.png"])
def test_a_drawing_shows_no_other_file(site: SmallSite, leads: str) -> None:
    file = site.root / "icon.png"
    picture = drawn(RED.encode(), 180, ICON)
    assert isinstance(picture, bytes)
    file.write_bytes(picture)
    other = svg('<rect width="5" height="5"/><image width="9" height="9" href="{}"/>')
    with_file = f'<!DOCTYPE svg [<!ENTITY file "{file}">]>' + other.format(leads.format(file=file))
    assert drawn(with_file.encode(), 180, ICON) == drawn(other.format("").encode(), 180, ICON)


def test_a_drawing_that_is_no_square_stands_whole_in_the_middle() -> None:
    wide = drawn(svg('<rect width="20" height="10"/>', "0 0 20 10").encode(), 180, ICON)
    same = svg('<rect y="5" width="20" height="10"/>', "0 0 20 20")
    assert wide == drawn(same.encode(), 180, ICON)


def test_an_asset_that_cannot_be_made_is_told_by_its_file_in_the_layouts(site: SmallSite) -> None:
    site.write({ICON: RED, "layouts/assets/fonts/news.woff2": b"letters"})
    assets, problems = load_assets((site.root / "layouts", site.root / "layouts"))
    assert not problems
    made = [(type(output), output.file) for output in asset_outputs(assets)]
    font = "layouts/assets/fonts/news.woff2"
    assert sorted(made, key=str) == [(Copied, font), (Copied, ICON), (Derived, ICON)]


def joined(*inputs: bytes | str | int | Path) -> bytes:
    """Derive the bytes of all inputs, those of files as they are on disk."""
    return b"".join(i.read_bytes() if isinstance(i, Path) else str(i).encode() for i in inputs)


def nothing_of(*_: bytes | str | int | Path) -> bytes:
    """Derive nothing."""
    return b""


def derived(*inputs: Input, function: Callable[..., bytes] = joined) -> tuple[Work, str]:
    output = Derived("a.png", PageKind.IMAGE, function, inputs)
    nothing: Any = None
    return output.work(nothing, nothing)


def test_what_is_derived_is_known_by_all_its_inputs() -> None:
    one, other = SourceFile(Path("a.jpg"), "d1"), SourceFile(Path("a.jpg"), "d2")
    inputs: list[tuple[Input, ...]] = [
        (),
        (b"12",),
        ("12",),
        (12,),
        ("1", "2"),
        ("d1",),
        (one,),
        (other,),
        (one, 180),
        (180, one),
    ]
    marks = [derived(*some)[1] for some in inputs]
    assert len({*marks, derived(function=nothing_of)[1]}) == len(inputs) + 1
    assert [derived(*some)[1] for some in inputs] == marks
    moved = SourceFile(Path("elsewhere/a.jpg"), "d1")
    assert derived(moved)[1] == derived(one)[1]


def test_functions_of_one_name_in_two_modules_derive_two_things() -> None:
    functions: list[Any] = [manifest.encoded, inventory.encoded]
    marks = {derived("x", function=function)[1] for function in functions}
    assert len(marks) == 2


def test_what_is_derived_from_a_file_carries_its_path_and_not_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(b"pixels" * 100_000)
    work, _ = derived("of ", SourceFile(file, "d1"))
    sent = pickle.dumps(work)
    assert len(sent) < 1000
    store: Any = None
    assert pickle.loads(sent).done(b"", store).data == b"of " + b"pixels" * 100_000


@pytest.mark.parametrize("function", [lambda: b"", partial(joined, b"1"), len])
def test_what_is_derived_by_no_function_of_a_module_is_refused(
    function: Callable[..., bytes],
) -> None:
    with pytest.raises(TypeError, match="no function of a module"):
        derived(function=function)


# --------------------------------------------------------------------------- preview


def test_the_preview_draws_the_icon(site: SmallSite) -> None:
    site.write({ICON: RED})
    site.build()
    live = Session(site.root, NOW)
    live.update()
    shown = respond(live, f"/{icon(site)}")
    assert (shown.status, shown.type) == (200, "image/png")
    assert shown.body == site.outputs()[icon(site)]


def test_the_preview_tells_of_a_broken_drawing_where_the_icon_would_be(site: SmallSite) -> None:
    site.write({ICON: "<svg"})
    live = Session(site.root, NOW)
    live.update()
    page = respond(live, "/")
    assert (page.status, page.problems) == (200, ())
    assert isinstance(page.body, bytes)
    (path,) = re.findall(rb'apple-touch-icon" href="([^"]+)', page.body)
    shown = respond(live, path.decode())
    assert shown.status == 500
    assert [trouble.what for trouble in shown.problems] == [
        "this drawing is broken: unclosed token"
    ]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("/2026/06/story/", "content/articles/story.md"),
        ("/about/", "content/pages/about.md"),
        ("/who/", "content/pages/about.md"),
        ("/", None),
        ("/tags/space/", None),
        ("/chart.csv", None),
        ("/404.html", None),
    ],
)
def test_the_preview_tells_of_the_text_that_a_page_is_made_from(
    site: SmallSite, path: str, source: str | None
) -> None:
    live = Session(site.root, NOW)
    live.update()
    told = page_info(live, path)
    assert (told.source if told else None) == source
