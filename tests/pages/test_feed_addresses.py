"""Old addresses of feeds: at each of them lies the feed."""

from urllib.parse import unquote

import feedparser
import pytest

from generator.deploy.after.verify import checks, verified
from generator.deploy.uploads import load
from generator.hosts.headers import headers_of
from generator.output.inventory import read_inventory
from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from support.builds import build_again
from support.sites import NOW, SETTINGS, SmallSite, refused
from support.web_servers import folder, serving

OLD = {
    "/atom.xml": ("atom.xml", "feed.xml"),
    "/index.xml": ("index.xml", "feed.xml"),
    "/blog/feed.atom": ("blog/feed.atom", "feed.xml"),
    "/feed/": ("feed/index.html", "feed.xml"),
    "/feeds": ("feeds/index.html", "feed.xml"),
    "/feed.php": ("feed.php/index.html", "feed.xml"),
    "/caf%C3%A9/feed": ("café/feed/index.html", "feed.xml"),
    "/feed.rss": ("feed.rss", "rss.xml"),
    "/RSS/": ("RSS/index.html", "rss.xml"),
    "/rss/index.xml": ("rss/index.xml", "rss.xml"),
    "/index.rdf": ("index.rdf", "rss.xml"),
    "/rss/atom.xml": ("rss/atom.xml", "feed.xml"),
    "/blog/feed.xml": ("blog/feed.xml", "feed.xml"),
    "/index.json": ("index.json", "feed.json"),
    "/feed/json/": ("feed/json/index.html", "feed.json"),
    "/feed.html": ("feed.html", "feed.xml"),
}
TYPES = {"feed.xml": "atom+xml", "rss.xml": "rss+xml", "feed.json": "feed+json"}
KINDS = {"feed.xml": "atom feed", "rss.xml": "rss feed", "feed.json": "json feed"}


def renamed(site: SmallSite, *aliases: str, more: str = "") -> None:
    listed = ", ".join(f'"{alias}"' for alias in aliases)
    site.write({"site.toml": f"{SETTINGS}{more}[feeds]\naliases = [{listed}]\n"})


@pytest.mark.parametrize("alias", OLD)
def test_at_an_old_address_of_the_feed_lies_the_feed(site: SmallSite, alias: str) -> None:
    file, feed = OLD[alias]
    renamed(site, alias)
    site.article("größe", "Ärger über x.", tags="[RSS]")
    assert site.warnings() == []
    built = site.outputs()
    assert built[file] == built[feed]
    assert unquote(file) not in site.text("sitemap.xml")
    inventory = read_inventory(site.public)
    assert inventory
    item = inventory.files[file]
    assert (item.kind, item.leads) == (KINDS[feed], f"https://paper.example/{feed}")
    media_type = f"application/{TYPES[feed]}; charset=utf-8"
    assert headers_of(file, item, {}, "", False).content_type == media_type
    of_tag = headers_of("tags/rss/feed.xml", inventory.files["tags/rss/feed.xml"], {}, "", False)
    assert of_tag.content_type == "application/atom+xml; charset=utf-8"
    live = Session(site.root, NOW)
    live.update()
    path = unquote(alias)
    given = respond(live, path)
    given = respond(live, f"{path}/") if given.status == 302 else given
    assert (given.status, given.type, given.body) == (200, media_type, built[feed])


def test_a_reader_of_feeds_takes_a_feed_that_a_plain_server_calls_html(site: SmallSite) -> None:
    renamed(site, "/feed/", "/rss.php")
    site.article("story", "Größe.", title="Ärger")
    site.build()
    with serving(folder(site.public)) as server:
        for path in ("feed/", "rss.php/"):
            feed = feedparser.parse(f"{server.url}{path}")
            assert feed.headers["content-type"] == "text/html"
            assert [entry.title for entry in feed.entries] == ["Ärger"]
            assert "Größe" in feed.entries[0].content[0].value
        inventory = read_inventory(site.public)
        assert inventory
        upload = load(site.public, inventory, None, {})
        assert verified(checks(upload, [], inventory, server.url), ()).problems == ()


@pytest.mark.parametrize(
    ("aliases", "what"),
    [
        (["/atom.xml", "../x"], '[2]: "../x" is no address of this site: it leaves its folder;'
         ' write a path such as "/atom.xml"'),
        (["https://x.org/feed"], '[1]: "https://x.org/feed" is no address of this site: it is the'
         ' address of another site; write a path such as "/atom.xml"'),
        (["/feed.xml"], '[1]: another page has the address "/feed.xml" already; take it out'),
        (["/a.xml", "/tags"], '[2]: another page has the address "/tags" already; take it out'),
        (["/feed", "/feed/"], '[2]: another page has the address "/feed/" already; take it out'),
        (["/rss.xml/x"], '[1]: another page has the address "/rss.xml/x" already; take it out'),
    ],
)  # fmt: skip
def test_an_old_address_that_cannot_be(built: SmallSite, aliases: list[str], what: str) -> None:
    renamed(built, *aliases)
    assert refused(built) == [f"site.toml:4: feeds.aliases{what}"]


def test_an_old_address_of_the_feed_that_a_story_or_file_has(built: SmallSite) -> None:
    renamed(built, "/atom.xml", "/old.xml")
    built.article("story", aliases="[/atom.xml]")
    built.write({"content/old.xml": "<x/>"})
    place = "is also that of a feed, by `feeds.aliases` in site.toml; rename one of the two"
    assert refused(built) == [
        f"content/articles/story.md:4: its alias /atom.xml/ {place}",
        f"content/old.xml: its address /old.xml {place}",
    ]


def test_an_edit_that_wakes_the_feed_wakes_its_copies(site: SmallSite) -> None:
    renamed(site, "/atom.xml", "/feed/")
    site.article("story", "One.")
    site.build()
    site.article("story", "One.\n\nTwo.")
    rendered = build_again(site).rendered
    assert {"feed.xml", "atom.xml", "feed/index.html"} <= rendered
    renamed(site, "/atom.xml")
    assert build_again(site).deleted == {"feed/index.html"}
