"""Feeds, read as readers of feeds read them."""

import json
from typing import Any

import feedparser

from support.sites import SmallSite

XML_FEEDS = ("/feed.xml", "/rss.xml")


def read(site: SmallSite, path: str) -> Any:
    """A feed as feedparser reads it, which must not find anything wrong with it."""
    feed = feedparser.parse((site.public / path.lstrip("/")).read_bytes(), sanitize_html=False)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def contents(site: SmallSite) -> dict[str, str]:
    """The HTML of the newest story in each of the three feeds."""
    found = {path: read(site, path).entries[0].content[0].value for path in XML_FEEDS}
    return found | {"/feed.json": json.loads(site.text("/feed.json"))["items"][0]["content_html"]}
