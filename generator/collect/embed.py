"""What a page elsewhere says of itself: its title, who wrote it and when, its words, its picture.

In come an address and what fetches; out goes an `Embedded`. Of films and posts their services tell,
of others oEmbed (https://oembed.com), Open Graph (https://ogp.me), JSON-LD and the page itself.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import urlencode

import msgspec

from generator.codes import Code
from generator.collect.addresses import joined, parts_of
from generator.collect.fetch import Fetched
from generator.content.html import Html, attribute, look_at
from generator.content.words import cut
from generator.errors import ElsewhereError, shortened, visible

Fetch = Callable[[str, int, str], Fetched]
"""Returns what is at an address, if it is no more than so many bytes; it says what is accepted."""

MOST_HTML = 2_000_000
"""Bytes of a page, or of what a service says."""
_HTML, _JSON = "text/html, application/xhtml+xml", "application/json"


class Embedded(msgspec.Struct, frozen=True):
    """What is at an address: `date` is a day such as "2026-03-31", `poster` where its picture is.

    What is not known is "". Paragraphs of the `words` have an empty line between them.
    """

    url: str
    title: str = ""
    by: str = ""
    date: str = ""
    words: str = ""
    poster: str = ""


def embedded(url: str, fetch: Fetch) -> Embedded:
    """Return what is said at an address of itself.

    Raises `ElsewhereError` if that cannot be had, or is no page.
    """
    for ask in (_of_post, _of_film):
        with suppress(ElsewhereError):  # the page itself may tell more
            if found := ask(url, fetch):
                return found
    return _of_page(url, fetch)


# ------------------------------------------------------------------------------- posts


def _of_post(url: str, fetch: Fetch) -> Embedded | None:
    """Return a post of Mastodon or Bluesky, if there is one at an address."""
    parts = parts_of(url)
    if parts.hostname == "bsky.app" and (post := _BLUESKY.fullmatch(parts.path)):
        asked = urlencode({"uri": f"at://{post[1]}/app.bsky.feed.post/{post[2]}", "depth": 0})
        told = _json(fetch(f"{_BLUESKY_API}?{asked}", MOST_HTML, _JSON))
        return bluesky_post(url, told)
    if post := _MASTODON.fullmatch(parts.path):
        api = joined(url, f"/api/v1/statuses/{post[1]}")
        return mastodon_post(url, _json(fetch(api, MOST_HTML, _JSON)))
    return None


_BLUESKY = re.compile(r"/profile/([\w.:-]+)/post/(\w+)/?", re.ASCII)
_BLUESKY_API = "https://public.api.bsky.app/xrpc/app.bsky.feed.getPostThread"
_MASTODON = re.compile(r"/(?:@[\w.@-]+|users/[\w.-]+/statuses)/(\d{5,30})/?", re.ASCII)


def mastodon_post(url: str, told: Any) -> Embedded | None:
    """Return the post that the API of Mastodon tells of (Status in its documentation)."""
    content, author = _at(told, "content"), _at(told, "account", "display_name")
    if not isinstance(content, str) or not isinstance(_at(told, "account"), dict):
        return None
    pictures = [_at(told, "media_attachments", 0, name) for name in ("url", "preview_url")]
    shown = pictures if _at(told, "media_attachments", 0, "type") == "image" else pictures[1:]
    warned = _line(_at(told, "spoiler_text"))
    return Embedded(
        url,
        by=_first(author, _at(told, "account", "username")),
        date=_day(_at(told, "created_at")),
        words="\n\n".join(filter(None, (warned, plain_text(content)))),
        poster=_first_address(*shown),
    )


def bluesky_post(url: str, told: Any) -> Embedded | None:
    """Return the post that the API of Bluesky tells of (`app.bsky.feed.defs#threadViewPost`)."""
    post = _at(told, "thread", "post")
    text = _at(post, "record", "text")
    if not isinstance(text, str):
        return None
    return Embedded(
        url,
        by=_first(_at(post, "author", "displayName"), _at(post, "author", "handle")),
        date=_day(_at(post, "record", "createdAt")),
        words=_paragraphs(text),
        poster=_first_address(
            _at(post, "embed", "images", 0, "fullsize"),
            _at(post, "embed", "media", "images", 0, "fullsize"),
            _at(post, "embed", "thumbnail"),
        ),
    )


# ------------------------------------------------------------------------------- films


def _of_film(url: str, fetch: Fetch) -> Embedded | None:
    """Return what YouTube or Vimeo says of a film, by oEmbed."""
    host = (parts_of(url).hostname or "").removeprefix("www.")
    endpoint = _ENDPOINTS.get(host)
    if endpoint is None:
        return None
    asked = f"{endpoint}?{urlencode({'format': 'json', 'url': url})}"
    return oembedded(url, _json(fetch(asked, MOST_HTML, _JSON)))


_YOUTUBE, _VIMEO = "https://www.youtube.com/oembed", "https://vimeo.com/api/oembed.json"
_ENDPOINTS = {
    "youtube.com": _YOUTUBE,
    "m.youtube.com": _YOUTUBE,
    "music.youtube.com": _YOUTUBE,
    "youtu.be": _YOUTUBE,
    "vimeo.com": _VIMEO,
    "player.vimeo.com": _VIMEO,
}


def oembedded(url: str, told: Any) -> Embedded | None:
    """Return what an answer of oEmbed says (https://oembed.com, 2.3.4)."""
    if not isinstance(told, dict) or not (told.get("title") or told.get("author_name")):
        return None
    is_photo = told.get("type") == "photo"
    return Embedded(
        url,
        title=_line(told.get("title")),
        by=_line(told.get("author_name")),
        date=_day(told.get("upload_date")),
        words=_paragraphs(told.get("description")),
        poster=_first_address(told.get("url") if is_photo else "", told.get("thumbnail_url")),
    )


# ------------------------------------------------------------------------------- pages


def _of_page(url: str, fetch: Fetch) -> Embedded:
    """Return what a page says of itself, and where it names an answer of oEmbed, what that does."""
    fetched = fetch(url, MOST_HTML, _HTML)
    if fetched.media_type not in ("text/html", "application/xhtml+xml", ""):
        what = f"it is no page, but {fetched.media_type}"
        raise ElsewhereError.at(_shown(url), what, "link to it in the text", Code.NOT_FETCHED)
    markup = _decoded(fetched)
    own, found = said_in(url, fetched.url, markup), None
    if endpoint := _endpoint(look_at(markup)):
        with suppress(ElsewhereError):
            place = joined(fetched.url, endpoint)
            found = oembedded(url, _json(fetch(place, MOST_HTML, _JSON)))
    if found:
        own = _merged(found, own, fetched.url)
    if not any((own.title, own.words)):
        what = "the page says neither its title nor what it is about"
        remedy = "write the block by hand: ::: embed " + _shown(url)
        raise ElsewhereError.at(_shown(url), what, remedy, Code.NOT_FETCHED)
    return own


def _merged(first: Embedded, other: Embedded, base: str) -> Embedded:
    """Return what one says, and where it says nothing what another does."""
    said = {
        name: getattr(first, name) or getattr(other, name) for name in Embedded.__struct_fields__
    }
    return Embedded(**said | {"poster": joined(base, said["poster"]) if said["poster"] else ""})


def said_in(url: str, base: str, markup: str) -> Embedded:
    """Return what a page says of itself in its head. `base` is the address that it came from."""
    page = look_at(markup)
    meta, data = _meta(page), _described(page)
    poster = _first_address(
        *(meta.get(name) for name in ("og:image:secure_url", "og:image", "og:image:url")),
        *(meta.get(name) for name in ("twitter:image", "twitter:image:src")),
        _of_image(data.get("image")),
        _of_image(data.get("thumbnailUrl")),
    )
    return Embedded(
        url,
        title=_first(meta.get("og:title"), meta.get("twitter:title"), data.get("headline"))
        or _first(data.get("name"), _title(page)),
        by=_first(*_authors(data.get("author")), meta.get("author"), _name(meta)),
        date=next(filter(None, map(_day, _moments(meta, data))), ""),
        words=_first_words(
            *(meta.get(name) for name in ("og:description", "twitter:description", "description")),
            data.get("description"),
        ),
        poster=joined(base, poster) if poster else "",
    )


def _meta(page: Html) -> dict[str, str]:
    """Return what the elements `meta` say, by their names; of two of a name the first."""
    found: dict[str, str] = {}
    for _, tag in page.starts("meta"):
        content = attribute(tag, "content")
        named = attribute(tag, "property") or attribute(tag, "name") or attribute(tag, "itemprop")
        if content and named and content.value.strip():
            found.setdefault(named.value.strip().lower(), content.value)
    return found


def _title(page: Html) -> str:
    return next(
        (
            unescape(page.source[tag.end : end.start])
            for index, tag in page.starts("title")
            if (end := page.end_tag(index)) and "svg" not in {a.name for a in page.ancestors(tag)}
        ),
        "",
    )


def _name(meta: Mapping[str, str]) -> str:
    """Return who wrote a page, where Open Graph names them and not the address of their profile."""
    named = meta.get("article:author", "")
    return "" if "://" in named else named or meta.get("twitter:creator", "")


def _moments(meta: Mapping[str, str], data: Mapping[str, Any]) -> Iterator[Any]:
    for name in ("article:published_time", "og:published_time", "datepublished", "uploaddate"):
        yield meta.get(name)
    for name in ("datePublished", "uploadDate", "dateCreated"):
        yield data.get(name)
    for name in ("date", "dc.date", "dcterms.created", "parsely-pub-date"):
        yield meta.get(name)


def _described(page: Html) -> dict[str, Any]:
    """Return the first work that JSON-LD in a page describes."""
    for index, tag in page.starts("script"):
        kind, end = attribute(tag, "type"), page.end_tag(index)
        if kind and end and kind.value.strip().lower() == "application/ld+json":
            told = _parsed(page.source[tag.end : end.start])
            for one in _works(told):
                return one
    return {}


def _works(told: Any) -> Iterator[dict[str, Any]]:
    graph = _at(told, "@graph")
    listed = graph if isinstance(graph, list) else told if isinstance(told, list) else [told]
    for one in listed:
        kinds = _at(one, "@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(str(kind).endswith(_WORKS) for kind in kinds):
            yield one


_WORKS = "Article", "Object", "Posting", "Recording", "Report", "Review", "WebPage"
"""How the types of schema.org end that are works: `NewsArticle`, `VideoObject`, `BlogPosting`."""


def _authors(said: Any) -> Iterator[str]:
    for one in said if isinstance(said, list) else [said]:
        name = _at(one, "name") if isinstance(one, dict) else one
        if isinstance(name, str) and "://" not in name:
            yield name


def _of_image(said: Any) -> str:
    one = said[0] if isinstance(said, list) and said else said
    found = _at(one, "url") if isinstance(one, dict) else one
    return found if isinstance(found, str) else ""


def _endpoint(page: Html) -> str:
    """Return where a page says that oEmbed tells of it; "" if it does not."""
    for _, tag in page.starts("link"):
        kind, href = attribute(tag, "type"), attribute(tag, "href")
        if kind and href and kind.value.strip().lower() == "application/json+oembed":
            return href.value.strip()
    return ""


_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


def _decoded(fetched: Fetched) -> str:
    """Return a page's text, in the encoding that its host names, or it itself at its beginning."""
    found = None if fetched.charset else _CHARSET.search(fetched.body, 0, 1024)
    return fetched._replace(charset=found[1].decode()).text() if found else fetched.text()


# ------------------------------------------------------------------------------- words


def plain_text(markup: str) -> str:
    """Return the words of some HTML, its paragraphs and lines apart."""
    page, parts, place, is_shown = look_at(markup), list[str](), 0, True
    for token in page.tokens:
        if is_shown:
            parts.append(" ".join(re.split(r"\s+", unescape(markup[place : token.start]))))
        parts.append("\n" if token.name == "br" else "\n\n" if token.name in _PARTING else "")
        place, is_shown = token.end, not token.is_hidden
    parts.append(unescape(markup[place:]) if is_shown else "")
    return _paragraphs("".join(parts))


_PARTING = frozenset(("blockquote", "div", "h1", "h2", "h3", "li", "ol", "p", "pre", "ul"))
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]+")
_LONGEST_LINE, _LONGEST = 300, 5_000
"""Characters of a title or name, and of all words."""


def _paragraphs(text: Any) -> str:
    """Return a text with one empty line between its paragraphs, and no line of blanks."""
    if not isinstance(text, str):
        return ""
    plain = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (" ".join(line.split()) for line in plain.split("\n"))
    return cut(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), _LONGEST)


def _line(text: Any) -> str:
    """Return a text as one line."""
    return cut(" ".join(_paragraphs(text).split()), _LONGEST_LINE)


def _first(*texts: Any) -> str:
    """Return the first of some texts that says anything, as one line."""
    return next(filter(None, map(_line, texts)), "")


def _first_words(*texts: Any) -> str:
    """Return the first of some texts that says anything, paragraph for paragraph."""
    return next(filter(None, map(_paragraphs, texts)), "")


def _first_address(*addresses: Any) -> str:
    """Return the first address that there is, without blanks around it."""
    found = (one.strip() for one in addresses if isinstance(one, str))
    return next(filter(None, found), "")


def _day(moment: Any) -> str:
    """Return the day of a moment as the web writes it (ISO 8601), in its own zone."""
    try:
        return datetime.fromisoformat(str(moment or "").strip()).date().isoformat()
    except ValueError:
        return ""


# -------------------------------------------------------------------------------- JSON


def _json(fetched: Fetched) -> Any:
    """Return the JSON that was fetched; None if it is none."""
    return _parsed(fetched.text())


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _at(value: Any, *names: str | int) -> Any:
    """Return what stands in a value under names and numbers, one in the other; None if nothing."""
    for name in names:
        try:
            value = value[name]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _shown(url: str) -> str:
    return shortened(visible(url))
