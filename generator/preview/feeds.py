"""Make a page of a feed that a person can read: browsers show it as raw XML, or save it."""

from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree

from generator.markup import start_tag
from generator.markup import text as html_of
from generator.preview.shell import page

_ATOM = "{http://www.w3.org/2005/Atom}"


class _Entry(NamedTuple):
    title: str
    url: str
    date: str
    text: str


def readable(feed: bytes) -> bytes | None:
    """Return a page that shows the feed's entries: title, date, summary.

    None if it is neither Atom (RFC 4287) nor RSS 2.0.
    """
    try:
        root = ElementTree.fromstring(feed)  # noqa: S314 (the site's own layouts made it)
    except ElementTree.ParseError:
        return None
    is_atom = root.tag == f"{_ATOM}feed"
    channel = root if is_atom else root.find("channel")
    if channel is None:
        return None
    entries = list(_atom(channel) if is_atom else _rss(channel))
    title = channel.findtext(f"{_ATOM}title" if is_atom else "title", "")
    language = root.get("{http://www.w3.org/XML/1998/namespace}lang") or channel.findtext(
        "language"
    )
    count = f"{len(entries)} entr{'y' if len(entries) == 1 else 'ies'}"
    about = f"This is a feed of {count}: give its address to a feed reader. Readers get it as XML."
    main = "".join([f"<p>{about}</p>\n", *map(_shown, entries)])
    return page(title, main, language or "en")


def _atom(channel: ElementTree.Element) -> Iterator[_Entry]:
    for entry in channel.iter(f"{_ATOM}entry"):
        link = entry.find(f"{_ATOM}link")
        yield _Entry(
            title=entry.findtext(f"{_ATOM}title", ""),
            url=link.get("href", "") if link is not None else "",
            date=entry.findtext(f"{_ATOM}published", ""),
            text=entry.findtext(f"{_ATOM}summary", ""),
        )


def _rss(channel: ElementTree.Element) -> Iterator[_Entry]:
    for item in channel.iter("item"):
        yield _Entry(
            title=item.findtext("title", ""),
            url=item.findtext("link", ""),
            date=item.findtext("pubDate", ""),
            text=unescape(item.findtext("description", "")),  # it is HTML there
        )


def _plain(date: str) -> str:
    """Return a date of RFC 3339 or RFC 822 as people write it."""
    try:
        moment = datetime.fromisoformat(date) if "T" in date[:11] else parsedate_to_datetime(date)
    except ValueError:
        return date
    return f"{moment.day} {moment:%B %Y, %H:%M}"


def _shown(entry: _Entry) -> str:
    """Return an entry; its address is whole in the feed, and that of this server here."""
    path = urlsplit(entry.url).path
    return (
        f"<article>\n<h2>{start_tag('a', {'href': path})}{html_of(entry.title)}</a></h2>\n"
        f"<p><time>{html_of(_plain(entry.date))}</time></p>\n"
        f"<p>{html_of(entry.text)}</p>\n</article>\n"
    )
