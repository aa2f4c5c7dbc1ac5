"""The media type of an output is that of its kind, whatever its path is."""

import pytest

from generator.hosts.media_types import by_name, is_mistyped, media_type
from generator.kinds import PageKind


@pytest.mark.parametrize(
    ("path", "kind", "expected"),
    [
        ("podcast.xml", PageKind.RSS_FEED, "application/rss+xml"),
        ("feed.json", PageKind.ATOM_FEED, "application/atom+xml"),
        ("feed.xml", PageKind.JSON_FEED, "application/feed+json"),
        ("tags/rss/feed.xml", PageKind.TAG_FEED, "application/atom+xml"),
        ("rss/feed.xml", PageKind.PAGE, "text/html"),
        ("rss.xml", PageKind.FILE, "application/xml"),
        ("atom.bin", PageKind.SITEMAP, "application/xml"),
    ],
)
def test_the_kind_says_the_type_and_not_the_path(path: str, kind: PageKind, expected: str) -> None:
    assert media_type(path, kind) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("feed.xml", "application/xml"),
        ("feed.json", "application/json"),
        ("old.atom", "application/atom+xml"),
        ("feed/index.html", "text/html"),
    ],
)
def test_a_feed_of_an_earlier_version_has_the_type_that_its_name_tells(
    path: str, expected: str
) -> None:
    assert media_type(path, PageKind.FEED) == expected


@pytest.mark.parametrize(
    "kind", [PageKind.ATOM_FEED, PageKind.RSS_FEED, PageKind.JSON_FEED, PageKind.FEED]
)
def test_a_feed_with_the_name_of_a_page_is_called_html_by_hosts(kind: PageKind) -> None:
    assert is_mistyped("feed/index.html", kind)
    assert not is_mistyped("feed.xml", kind)
    assert not is_mistyped("feed/index.html", PageKind.PAGE)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("talk.mp3", "audio/mpeg"),
        ("talk.M4A", "audio/mp4"),
        ("talk.opus", "audio/ogg"),
        ("talk.wav", "audio/wav"),
        ("film.mp4", "video/mp4"),
        ("words.vtt", "text/vtt"),
        ("words.srt", "application/x-subrip"),
    ],
)
def test_recordings_and_their_words_have_the_types_that_players_know(
    name: str, expected: str
) -> None:
    assert by_name(name) == expected
