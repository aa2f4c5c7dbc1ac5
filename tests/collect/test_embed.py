"""What pages, posts and films elsewhere say of themselves."""

import json
from collections.abc import Mapping

import pytest

from generator.codes import Code
from generator.collect.embed import Embedded, embedded, plain_text
from generator.collect.fetch import Fetched
from generator.errors import ElsewhereError

URL = "https://news.example/story"


class Web:
    """A web that holds these addresses and no others; `asked` are those that were asked for."""

    def __init__(self, pages: Mapping[str, object]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def fetch(self, url: str, most: int, accept: str) -> Fetched:
        self.asked.append(url)
        if url not in self.pages:
            raise ElsewhereError.at(url, "the host answers 404", "", Code.NOT_FETCHED)
        held = self.pages[url]
        if isinstance(held, str):
            return Fetched(url, "text/html", "utf-8", held.encode())
        if isinstance(held, Fetched):
            return held
        return Fetched(url, "application/json", "", json.dumps(held).encode())


def found(head: str, url: str = URL, others: Mapping[str, object] = {}) -> Embedded:
    return embedded(url, Web({url: f"<!doctype html><head>{head}</head>", **others}).fetch)


def test_open_graph_tells_of_a_page() -> None:
    head = """
    <title>Story - News</title>
    <meta property="og:title" content="A &quot;story&quot; &amp; more">
    <meta name='description' content='For engines'>
    <meta property=og:description content="What it is about.&#10;&#10;In two paragraphs.">
    <meta property="og:image" content="/picture.jpg">
    <meta name="author" content="Ada Lovelace">
    <meta property="article:published_time" content="2026-03-31T23:30:00-05:00">
    """
    assert found(head) == Embedded(
        URL,
        title='A "story" & more',
        by="Ada Lovelace",
        date="2026-03-31",
        words="What it is about.\n\nIn two paragraphs.",
        poster="https://news.example/picture.jpg",
    )


def test_json_ld_tells_of_a_page() -> None:
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "name": "News"},
            {
                "@type": ["NewsArticle"],
                "headline": "Headline",
                "author": [{"name": "Ada"}, {"name": "Ben"}],
                "datePublished": "2026-03-31T08:00:00Z",
                "image": [{"url": "https://cdn.example/p.jpg"}],
                "description": "About.",
            },
        ],
    }
    head = f'<title></title><script type="application/ld+json">{json.dumps(data)}</script>'
    assert found(head) == Embedded(
        URL, "Headline", "Ada", "2026-03-31", "About.", "https://cdn.example/p.jpg"
    )


def test_a_page_with_a_title_alone_has_that() -> None:
    assert found("<title>\n Only &amp; this\n</title>") == Embedded(URL, "Only & this")


def test_what_stands_in_a_drawing_or_comment_is_no_title() -> None:
    head = "<!-- <title>No</title> --><svg><title>Icon</title></svg><title>Yes</title>"
    assert found(head).title == "Yes"


def test_a_page_that_names_oembed_is_asked_through_it() -> None:
    head = """<meta property="og:description" content="About the film.">
    <link rel="alternate" type="application/json+oembed" href="/oembed?url=x&amp;format=json">"""
    told = {"type": "video", "title": "Film", "author_name": "Ada", "thumbnail_url": "/t.jpg"}
    film = found(head, others={"https://news.example/oembed?url=x&format=json": told})
    assert film == Embedded(
        URL, "Film", "Ada", words="About the film.", poster="https://news.example/t.jpg"
    )


@pytest.mark.parametrize("told", ["<html>no JSON", [], {"type": "video"}, None, {"title": 3}])
def test_an_answer_of_oembed_that_says_nothing_does_no_harm(told: object) -> None:
    head = '<title>T</title><link type="application/json+oembed" href="https://news.example/o">'
    assert found(head, others={"https://news.example/o": told}).title == "T"


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube.com/oembed"),
        ("https://youtu.be/dQw4w9WgXcQ", "https://www.youtube.com/oembed"),
        ("https://vimeo.com/76979871", "https://vimeo.com/api/oembed.json"),
    ],
)
def test_films_are_asked_for_where_their_services_tell_of_them(url: str, endpoint: str) -> None:
    told = {
        "title": "Film",
        "author_name": "Ada",
        "upload_date": "2026-03-31 10:00:00",
        "thumbnail_url": "https://i.example/t.jpg",
    }

    def fetch(asked: str, most: int, accept: str) -> Fetched:
        assert asked.startswith(f"{endpoint}?format=json&url=https%3A%2F%2F")
        return Fetched(asked, "application/json", "", json.dumps(told).encode())

    film = embedded(url, fetch)
    assert film == Embedded(url, "Film", "Ada", "2026-03-31", poster="https://i.example/t.jpg")


def test_a_film_that_its_service_does_not_tell_of_is_a_page() -> None:
    url = "https://youtu.be/dQw4w9WgXcQ"
    web = Web({url: '<meta property="og:title" content="From the page">'})
    assert embedded(url, web.fetch).title == "From the page"


def test_a_post_of_mastodon_has_its_words() -> None:
    url = "https://social.example/@ada/112233445566778899"
    status = {
        "created_at": "2026-03-31T10:00:00.000Z",
        "spoiler_text": "Numbers",
        "content": '<p>Hello <a href="https://social.example/tags/x">#<span>x</span></a><br />world'
        ' &amp; all</p><p><span class="invisible">https://</span><span>example.org/a</span></p>',
        "account": {"display_name": "Ada", "username": "ada"},
        "media_attachments": [
            {
                "type": "image",
                "url": "https://m.example/o.jpg",
                "preview_url": "https://m.example/p",
            }
        ],
    }
    web = Web({"https://social.example/api/v1/statuses/112233445566778899": status})
    assert embedded(url, web.fetch) == Embedded(
        url,
        by="Ada",
        date="2026-03-31",
        words="Numbers\n\nHello #x\nworld & all\n\nhttps://example.org/a",
        poster="https://m.example/o.jpg",
    )


def test_a_post_of_bluesky_has_its_words() -> None:
    url = "https://bsky.app/profile/ada.example/post/3kabcdefgh2c"
    api = (
        "https://public.api.bsky.app/xrpc/app.bsky.feed.getPostThread"
        "?uri=at%3A%2F%2Fada.example%2Fapp.bsky.feed.post%2F3kabcdefgh2c&depth=0"
    )
    post = {
        "author": {"handle": "ada.example", "displayName": ""},
        "record": {"text": "Line\n\n\nNext", "createdAt": "2026-03-31T10:00:00Z"},
    }
    web = Web({api: {"thread": {"post": post}}})
    words = Embedded(url, by="ada.example", date="2026-03-31", words="Line\n\nNext")
    assert embedded(url, web.fetch) == words


def test_what_only_looks_like_a_post_is_a_page() -> None:
    url = "https://blog.example/@ada/12345"
    assert found("<title>No post</title>", url).title == "No post"


@pytest.mark.parametrize(
    "head",
    [
        "",
        "<title> </title>",
        '<meta property="og:title">',
        '<script type="application/ld+json">{"@type": "NewsArticle"',
        f'<script type="application/ld+json">{"[" * 100_000}',
        '<script type="application/ld+json">[[{"@type": 3}], 7, null]</script>',
        "<meta " * 10_000,
    ],
)
def test_a_page_that_says_nothing_is_an_error(head: str) -> None:
    with pytest.raises(ElsewhereError, match="says neither its title"):
        found(head)


@pytest.mark.parametrize("url", ["", "x", "http://[::1", "https://example.org:x/@a/12345"])
def test_what_is_no_address_is_left_to_who_asks(url: str) -> None:
    with pytest.raises(ElsewhereError, match="404"):
        embedded(url, Web({}).fetch)


def test_what_is_no_page_is_told() -> None:
    pdf = Fetched(URL, "application/pdf", "", b"%PDF")
    with pytest.raises(ElsewhereError, match="it is no page, but application/pdf"):
        embedded(URL, Web({URL: pdf}).fetch)


@pytest.mark.parametrize(
    ("charset", "head"),
    [("iso-8859-1", b""), ("", b'<meta charset="iso-8859-1">'), ("utf-8", b""), ("nonsense", b"")],
)
def test_letters_are_read_in_the_encoding_of_the_page(charset: str, head: bytes) -> None:
    encoding = "iso-8859-1" if "iso" in charset or head else "utf-8"
    body = head + "<title>Über</title>".encode(encoding)
    page = Fetched(URL, "text/html", charset, body)
    assert embedded(URL, Web({URL: page}).fetch).title == "Über"


def test_control_characters_and_long_texts_are_no_words() -> None:
    head = f'<title>{"word " * 500}</title><meta name="description" content="a\x1b[31m\tb\x00c">'
    page = found(head)
    assert len(page.title) <= 300
    assert page.title.endswith("word…")
    assert page.words == "a [31m b c"


def test_the_words_of_html_are_those_that_are_seen() -> None:
    markup = "<p>One<script>alert(1)</script> &lt;b&gt;</p><ul><li>two<li>three</ul>"
    assert plain_text(markup) == "One <b>\n\ntwo\n\nthree"
