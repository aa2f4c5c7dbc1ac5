"""Sitemap, news sitemap and robots.txt."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree, html

from generator.config import load_settings
from generator.content.articles import read_content
from generator.content.scan import scan
from generator.output.inventory import Inventory, Item, read_inventory
from generator.output.writer import OutputFolder
from generator.pages import PageContext, plan
from generator.pages.render_setup import set_up
from generator.pages.writer import render_pages
from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from generator.site.assemble import assemble
from generator.state.blobs import Blobs
from generator.state.files import FileTable
from generator.state.outputs import NO_RECORDS
from generator.templates.loader import load_layouts
from support.builds import build_again
from support.sites import NOW, SmallSite

NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


def rows(data: bytes, path: str = "//s:loc") -> list[str]:
    return [str(e.text) for e in etree.fromstring(data).iterfind(f".{path}", NS)]


def sitemap(site: SmallSite, name: str = "sitemap.xml", path: str = "//s:loc") -> list[str]:
    return rows((site.public / name).read_bytes(), path)


def test_the_sitemap_has_every_page_and_when_it_changed(site: SmallSite) -> None:
    site.write({"content/pages/about.md": "---\ntitle: About\nupdated: 2026-01-02\n---\nWe.\n"})
    site.article("story", date="2026-05-01T08:00:00+02:00", tags="[AI]", author="Ann")
    site.article("mended", date="2026-04-01", corrections="[{date: 2026-06-05, text: x}]")
    site.build()
    changed = dict(zip(sitemap(site), sitemap(site, path="//s:lastmod"), strict=True))
    home = "https://paper.example"
    assert changed == {
        f"{home}/": "2026-06-05T00:00:00+00:00",
        f"{home}/tags/": "2026-06-05T00:00:00+00:00",
        f"{home}/authors/": "2026-06-05T00:00:00+00:00",
        f"{home}/archive/": "2026-06-05T00:00:00+00:00",
        f"{home}/archive/2026/": "2026-06-05T00:00:00+00:00",
        f"{home}/archive/2026/05/": "2026-05-01T08:00:00+02:00",
        f"{home}/archive/2026/04/": "2026-06-05T00:00:00+00:00",
        f"{home}/2026/05/story/": "2026-05-01T08:00:00+02:00",
        f"{home}/2026/04/mended/": "2026-06-05T00:00:00+00:00",
        f"{home}/tags/ai/": "2026-05-01T08:00:00+02:00",
        f"{home}/authors/ann/": "2026-05-01T08:00:00+02:00",
        f"{home}/about/": "2026-01-02T00:00:00+00:00",
    }


def test_the_demo_lists_what_may_be_indexed_and_nothing_else(demo: Path) -> None:
    listed = rows((demo / "sitemap.xml").read_bytes())
    assert len(listed) == len(set(listed))
    for file in sorted(demo.rglob("*.html")):
        page = html.document_fromstring(file.read_text(encoding="utf-8"))
        address = f"https://broadsheet.example/{file.relative_to(demo).as_posix()}"
        address = address.removesuffix("index.html")
        robots = str(page.xpath("//meta[@name='robots']/@content")[0])
        later = "/page/" in address  # the later pages of a listing are found through the first
        assert (address in listed) == ("noindex" not in robots and not later), file
        listed = [url for url in listed if url != address]
    assert listed == []


def parts(site: SmallSite, limit: int) -> list[str]:
    """Print the site with sitemaps of at most `limit` rows; the names of those there are."""
    site.public = site.root / "small"
    settings, _ = load_settings(site.root)
    assert settings is not None
    with ThreadPoolExecutor(1) as threads, Blobs.to_write(site.root / "blobs") as blobs:
        found = scan(site.root, settings, FileTable(site.root / "blobs"))
        library, _, _ = read_content(site.root, found, settings, blobs, threads)
        arranged, _ = assemble(library, settings, NOW)
        layouts, _ = load_layouts(site.root, settings)
        context = PageContext(arranged, settings, layouts.labels)
        pages = plan(context, layouts.assets, site.root, limit)
        setup = set_up(context.compose.site_view(), layouts, settings, site.root / "compiled")
        with OutputFolder(site.public) as out:
            done = render_pages(pages, setup, context, (), out, NO_RECORDS, blobs, threads)
            out.commit(done.staged, Inventory({page.path: Item(page.kind) for page in pages}))
    return sorted(file.name for file in site.public.glob("sitemap*.xml"))


@pytest.mark.long
def test_a_sitemap_over_the_limit_is_split_and_has_an_index(site: SmallSite) -> None:
    for day in range(1, 6):
        site.article(f"s{day}", date=f"2026-05-0{day}")
    site.build()
    whole = sitemap(site)
    assert parts(site, len(whole)) == ["sitemap.xml"]
    assert parts(site, 4) == ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml", "sitemap.xml"]
    index = sitemap(site, path="//s:sitemap/s:loc")
    assert index == [f"https://paper.example/sitemap-{n}.xml" for n in (1, 2, 3)]
    split = [sitemap(site, f"sitemap-{n}.xml") for n in (1, 2, 3)]
    assert max(map(len, split)) <= 4
    assert [url for part in split for url in part] == whole


def test_the_news_sitemap_holds_the_last_48_hours(site: SmallSite) -> None:
    site.article("edge", date=(NOW - timedelta(hours=48)).isoformat())
    site.article("old", date=(NOW - timedelta(hours=48, seconds=1)).isoformat())
    site.article("now", date=NOW.isoformat(), title="'Q & A: <new>'")
    site.article("future", date=(NOW + timedelta(seconds=1)).isoformat())
    site.article("draft", date="2026-06-15", draft="true")
    for drafts in (False, True):
        site.build(drafts=drafts)
        addresses = sitemap(site, "news-sitemap.xml")
        assert addresses == [f"https://paper.example/2026/06/{n}/" for n in ("now", "edge")]
    news = {n: sitemap(site, "news-sitemap.xml", f"//n:{n}") for n in ("name", "language", "title")}
    assert news["name"] == ["Test Paper"] * 2
    assert news["language"] == ["en"] * 2
    assert news["title"] == ["Q & A: <new>", "Edge"]
    dates = sitemap(site, "news-sitemap.xml", "//n:publication_date")
    assert dates == ["2026-06-15T12:00:00+00:00", "2026-06-13T12:00:00+00:00"]


def test_48_hours_stay_48_when_clocks_are_put_back(site: SmallSite) -> None:
    zone = 'timezone = "Europe/Berlin"\n'
    site.write({"site.toml": f'title = "Paper"\nurl = "https://paper.example/"\n{zone}'})
    site.article("old", date="2026-10-24T11:59")
    site.article("news", date="2026-10-24T13:00")
    site.build(at=datetime(2026, 10, 26, 11, 30))
    assert sitemap(site, "news-sitemap.xml") == ["https://paper.example/2026/10/news/"]


@pytest.mark.long
def test_the_news_sitemap_stops_at_a_thousand(site: SmallSite) -> None:
    for second in range(1003):
        date = (NOW - timedelta(seconds=second)).isoformat()
        site.article(f"s{second}", date=f"'{date}'")
    site.build()
    shown = sitemap(site, "news-sitemap.xml")
    assert len(shown) == 1000
    assert shown[0].endswith("/s0/") and shown[-1].endswith("/s999/")


NO_NEWS = {
    "no story": {},
    "an old one": {"date": "2026-06-13T11:59:59+00:00"},
    "a draft": {"date": "2026-06-15", "draft": "true"},
    "one to come": {"date": "2026-06-15T12:00:01+00:00"},
    "an expired one": {"date": "2026-06-15", "expires": "2026-06-15T11:00:00+00:00"},
}


@pytest.mark.parametrize("drafts", [False, True])
@pytest.mark.parametrize("what", NO_NEWS)
def test_without_news_there_is_no_news_sitemap(site: SmallSite, what: str, drafts: bool) -> None:
    if NO_NEWS[what]:
        site.article("story", **NO_NEWS[what])
    site.build(drafts=drafts)
    assert "news-sitemap.xml" not in site.outputs()
    assert site.text("robots.txt").count("Sitemap:") == 1
    inventory = read_inventory(site.public)
    assert inventory and "news-sitemap.xml" not in {*inventory.files, *inventory.redirected_by_host}


@pytest.mark.long
def test_the_news_sitemap_goes_and_comes_with_the_clock(site: SmallSite) -> None:
    site.article("last", date=NOW.isoformat())
    site.article("next", date="2026-06-20T08:00")
    site.build()
    last = NOW + timedelta(hours=48)
    assert build_again(site, at=last).rendered == set()
    gone = build_again(site, at=last + timedelta(seconds=1))
    assert (gone.rendered, gone.deleted) == ({"robots.txt"}, {"news-sitemap.xml"})
    come = build_again(site, at=datetime(2026, 6, 20, 8, tzinfo=UTC))
    assert {"robots.txt", "news-sitemap.xml"} <= come.rendered
    assert sitemap(site, "news-sitemap.xml") == ["https://paper.example/2026/06/next/"]


def test_the_preview_has_no_news_sitemap_without_news(site: SmallSite) -> None:
    site.article("last", date=NOW.isoformat())
    for at, status in ((NOW, 200), (NOW + timedelta(days=3), 404)):
        live = Session(site.root, at)
        live.update()
        assert respond(live, "/news-sitemap.xml").status == status
        robots = respond(live, "/robots.txt").body
        assert isinstance(robots, bytes)
        assert (b"news-sitemap" in robots) == (status == 200)


@pytest.mark.parametrize("days", [0, 3])
def test_the_address_of_the_news_sitemap_is_taken_without_news_too(
    site: SmallSite, days: int
) -> None:
    """So no mistake, and no dead link, comes and goes with the clock."""
    site.article("last", "See [the news](/news-sitemap.xml).", date=NOW.isoformat())
    at = NOW + timedelta(days)
    assert site.warnings(at=at) == []
    site.write({"content/news-sitemap.xml": "<x/>"})
    assert site.errors(at=at) == [
        "content/news-sitemap.xml: its address /news-sitemap.xml is also that of"
        " a page that Broadsheet makes; rename one of the two"
    ]


@pytest.mark.parametrize("base", ["", "news/"])
def test_robots_txt_lets_all_in_and_names_the_sitemaps(site: SmallSite, base: str) -> None:
    site.write({"site.toml": f'title = "P"\nurl = "https://p.example/{base}"\n'})
    site.article("news", date=NOW.isoformat())
    site.build()
    lines = site.text("/robots.txt").splitlines()
    assert lines[:2] == ["User-agent: *", "Allow: /"]
    assert [line for line in lines if line.startswith("Sitemap:")] == [
        f"Sitemap: https://p.example/{base}sitemap.xml",
        f"Sitemap: https://p.example/{base}news-sitemap.xml",
    ]
