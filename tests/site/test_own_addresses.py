"""Pages and feeds that Broadsheet makes by itself, at addresses of a site's own choice."""

import feedparser
import pytest

from generator.output.inventory import read_inventory
from support.builds import build_again, clean_tree, differing, tree
from support.permalinks import page
from support.sites import SETTINGS, SmallSite, links, refused

GERMAN = """[addresses]
tags = "/themen/"
authors = "/über-uns/autoren/"
archive = "/archiv/"
feed = "/index.xml"
rss = "/rss/alle.xml"
json = "/alle.json"
sitemap = "/karte.xml"
news_sitemap = "/karte-neu.xml"
"""
MOVED = {
    "themen/index.html": "listing",
    "themen/ai/index.html": "tag",
    "themen/ai/index.xml": "tag feed",
    "über-uns/autoren/index.html": "listing",
    "über-uns/autoren/jo/index.html": "author",
    "archiv/index.html": "listing",
    "archiv/2026/index.html": "archive",
    "archiv/2026/06/index.html": "archive",
    "index.xml": "atom feed",
    "rss/alle.xml": "rss feed",
    "alle.json": "json feed",
    "karte.xml": "sitemap",
    "karte-neu.xml": "sitemap",
}
USUAL = ("tags", "authors", "archive", "feed.xml", "rss.xml", "feed.json", "sitemap.xml")


def moved(site: SmallSite, addresses: str = GERMAN, more: str = "") -> None:
    site.write({"site.toml": f"{SETTINGS}{more}{addresses}"})


def test_all_that_broadsheet_makes_stands_where_the_settings_say(site: SmallSite) -> None:
    moved(site)
    site.article("story", tags="[AI]", author="Jo", date="2026-06-15T08:00:00Z")
    assert site.warnings() == []
    inventory = read_inventory(site.public)
    assert inventory
    assert {path: inventory.files[path].kind for path in MOVED} == MOVED
    assert not [path for path in inventory.files if path.startswith(USUAL)]
    for path, text in site.outputs().items():
        if path.endswith((".html", ".xml", ".json", ".txt")):
            for usual in USUAL:
                assert f'"/{usual}'.encode() not in text, path
                assert f"paper.example/{usual}".encode() not in _without_ids(text), path
    assert "Sitemap: https://paper.example/karte.xml" in site.text("robots.txt")
    assert "<loc>https://paper.example/%C3%BCber-uns/autoren/jo/</loc>" in site.text("karte.xml")
    assert links(site.page("/2026/06/story/index.html"), ".tags a") == ["/themen/ai/"]


def _without_ids(text: bytes) -> bytes:
    return b"\n".join(line for line in text.split(b"\n") if b"<id>" not in line)


def test_a_feed_keeps_its_id_wherever_it_stands(site: SmallSite) -> None:
    site.article("story", tags="[AI]")
    site.build()
    before = site.outputs()
    moved(site)
    site.build()
    after = site.outputs()
    for old, new in (("feed.xml", "index.xml"), ("tags/ai/feed.xml", "themen/ai/index.xml")):
        was, now = feedparser.parse(before[old]), feedparser.parse(after[new])
        assert was.feed.id == now.feed.id == f"https://paper.example/{old}"
        assert [entry.id for entry in was.entries] == [entry.id for entry in now.entries]
        own = [link.href for link in now.feed.links if link.rel == "self"]
        assert own == [f"https://paper.example/{new}"]


def test_addresses_moved_in_an_incremental_build_are_those_of_a_clean_one(site: SmallSite) -> None:
    site.article("story", tags="[AI]", author="Jo")
    site.build()
    for addresses in (GERMAN, '[addresses]\ntags = "/themen/"\n', ""):
        moved(site, addresses)
        build_again(site)
        assert differing(tree(site.public), clean_tree(site)) == []


def test_several_sitemaps_take_the_name_of_theirs(site: SmallSite) -> None:
    from generator.urls import Paths

    paths = Paths("", "", "", "", "", "", "", "/maps/all.xml", "")
    assert paths.part_of_sitemap(2) == "/maps/all-2.xml"


def test_hosts_are_told_what_feeds_are(site: SmallSite) -> None:
    moved(site, more='host = "netlify"\n')
    site.article("story", tags="[AI]")
    site.build()
    rules = site.text("_headers")
    for path in ("/index.xml", "/themen/:tag/index.xml"):
        assert f"{path}\n  Content-Type: application/atom+xml; charset=utf-8" in rules
    assert "/rss/alle.xml\n  Content-Type: application/rss+xml; charset=utf-8" in rules


WRONG = {
    'tags = "/themen"': 'addresses.tags: "/themen": it is no folder; write "/themen/"',
    'tags = "/"': 'addresses.tags: "/": it is empty; write a path such as "/tags/"',
    'tags = "themen/"': 'addresses.tags: "themen/": it does not start with "/";'
    ' write a path such as "/tags/"',
    'tags = "/{slug}/"': 'addresses.tags: "/{slug}/": only patterns have placeholders;'
    ' write a path such as "/tags/"',
    'tags = "/../x/"': 'addresses.tags: "/../x/": it leaves its folder;'
    ' write a path such as "/tags/"',
    'feed = "/feed/"': 'addresses.feed: "/feed/": hosts would call it something else;'
    " let it end with .xml or .atom",
    'json = "/feed.js"': 'addresses.json: "/feed.js": hosts would call it something else;'
    " let it end with .json",
    'sitemap = "/.well-known.xml"': 'addresses.sitemap: "/.well-known.xml": names that begin with'
    ' a dot are for hosts and for hidden files; write a path such as "/sitemap.xml"',
    'rss = "/feed.xml"': 'addresses.rss: "/feed.xml": it is the address of `feed` already;'
    " choose another",
    'archive = "/authors/"': 'addresses.archive: "/authors/": it is the address of `authors`'
    " already; choose another",
    'tag = "/themen/"': "unknown field `addresses.tag`; did you mean `tags`?",
    "tags = []": "addresses.tags: expected text, got a list; write text in quotes",
}


@pytest.mark.parametrize("line", WRONG)
def test_what_is_no_address_for_it_is_told_with_its_line(built: SmallSite, line: str) -> None:
    moved(built, f"[addresses]\n{line}\n")
    assert refused(built) == [f"site.toml:4: {WRONG[line]}"]


def test_two_lists_at_one_address_though_one_moved_to_where_the_other_was(site: SmallSite) -> None:
    moved(site, '[addresses]\ntags = "/authors/"\nauthors = "/tags/"\n')
    site.article("story", tags="[AI]", author="Jo")
    assert site.warnings() == []
    assert {"authors/ai/index.html", "tags/jo/index.html"} <= site.outputs().keys()


@pytest.mark.parametrize(
    ("addresses", "problem"),
    [
        ('tags = "/archive/2026/"', "site.toml:3: /archive/2026/index.html would be two pages"),
        ('tags = "/2026/06/"', "content/articles/story.md:1: its address /2026/06/story/ is also"),
    ],
)
def test_a_list_that_comes_to_stand_where_other_pages_are(
    built: SmallSite, addresses: str, problem: str
) -> None:
    built.article("story", tags="[story]")
    moved(built, f"[addresses]\n{addresses}\n")
    (told,) = refused(built)
    assert told.startswith(problem)


def test_a_link_of_front_matter_to_a_page_that_is_not_there(site: SmallSite) -> None:
    moved(site)
    site.article("story", author="Jo")
    site.write(
        {
            "content/authors/jo.md": "---\nname: Jo\nfollow:\n  url: /feed.xml\n  label: F\n---\n",
            "content/promos/join.md": "---\ntitle: Join\nlabel: Now\nurl: /join-us/\n---\n",
            "content/pages/about.md": page("About"),
        }
    )
    assert site.warnings() == [
        'content/authors/jo.md:4: follow: no page of this site answers for "/feed.xml";'
        " mend the address",
        'content/promos/join.md:4: url: no page of this site answers for "/join-us/";'
        " mend the address",
    ]
