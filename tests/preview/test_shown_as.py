"""What the preview shows of an output is told by its kind: a page, a feed's entries, or a file."""

import pytest

from generator.preview.documents import document
from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from support.sites import NOW, SETTINGS, SmallSite


@pytest.fixture
def live(site: SmallSite) -> Session:
    site.article("story", tags="[Space]", aliases="[/old/]")
    aliases = 'aliases = ["/feed/", "/old/page.xml"]'
    site.write(
        {
            "site.toml": f"{SETTINGS}[feeds]\n{aliases}\n",
            "content/chart.html": "<p>A chart.</p>",
            "content/feed/atom.rss": "No feed.",
        }
    )
    session = Session(site.root, NOW)
    session.update()
    assert session.planned
    return session


@pytest.mark.parametrize(
    ("path", "shown_as"),
    [
        ("/", "page"),
        ("/2026/06/story/", "page"),
        ("/tags/space/", "page"),
        ("/nothing/here/", "page"),
        ("/chart.html", "page"),
        ("/feed.xml", "feed"),
        ("/rss.xml", "feed"),
        ("/feed.json", "feed"),
        ("/tags/space/feed.xml", "feed"),
        ("/feed/", "feed"),
        ("/old/page.xml", "feed"),
        ("/feed/atom.rss", "file"),
        ("/sitemap.xml", "file"),
        ("/robots.txt", "file"),
    ],
)
def test_an_output_is_shown_as_what_it_is(live: Session, path: str, shown_as: str) -> None:
    assert respond(live, path).shown_as == shown_as


@pytest.mark.parametrize("path", ["/feed.xml", "/rss.xml", "/tags/space/feed.xml", "/feed/"])
def test_a_feed_is_shown_as_a_page_of_its_entries(live: Session, path: str) -> None:
    shown = document(respond(live, path))
    assert (shown.shown_as, shown.type) == ("page", "text/html; charset=utf-8")
    assert isinstance(shown.body, bytes)
    assert b"This is a feed of 1 entry" in shown.body


@pytest.mark.parametrize("path", ["/feed.json", "/sitemap.xml", "/feed/atom.rss"])
def test_what_no_page_can_be_made_of_is_shown_as_it_is(live: Session, path: str) -> None:
    given = respond(live, path)
    assert document(given) == given


def test_near_an_address_that_is_not_there_stand_pages_alone(live: Session) -> None:
    assert "/2026/06/story/" in respond(live, "/2026/06/stori/", near=True).near
    assert "/feed/" not in respond(live, "/feeds/", near=True).near
