"""Recordings and films of one's own in a text."""

import pytest
from lxml import html as lxml_html

from support.feeds import contents
from support.images import PNG
from support.recordings import wav
from support.sites import SmallSite, words

ADVICE = "reads that"


def write_media(site: SmallSite) -> None:
    site.article("words", "What was said.")
    files = {"a.mp3": b"ID3", "v.mp4": b"ftyp", "v.vtt": b"WEBVTT\n", "p.png": PNG, "n.txt": b"n"}
    site.write({f"content/articles/{name}": data for name, data in files.items()})


def shown(site: SmallSite, block: str) -> lxml_html.HtmlElement:
    write_media(site)
    site.article("story", f"Before.\n\n{block}\n\nAfter.", date="2026-06-02")
    site.build()
    return site.page("/2026/06/story/")


def test_a_recording_has_a_player_and_can_be_fetched(site: SmallSite) -> None:
    page = shown(site, '::: audio a.mp3 title="The talk" transcript=words.md :::')
    (player,) = page.cssselect(".prose figure audio")
    assert player.get("preload") == "none"
    assert (player.get("src"), player.get("aria-label")) == ("/articles/a.mp3", "The talk")
    assert "controls" in player.attrib
    links = [(a.get("href"), a.text) for a in page.cssselect(".player a")]
    assert links == [("/2026/06/words/", "Transcript"), ("/articles/a.mp3", "Download")]


def test_a_film_has_captions_and_a_poster(site: SmallSite) -> None:
    block = (
        '::: video v.mp4 poster=p.png captions=v.vtt transcript=words.md title="T"\n*Seen.*\n:::'
    )
    page = shown(site, block)
    (player,) = page.cssselect(".prose figure video")
    names = ("preload", "poster", "width", "height")
    assert [player.get(name) for name in names] == ["none", "/articles/p.png", "32", "16"]
    assert "playsinline" in player.attrib
    (track,) = player.cssselect("track")
    assert dict(track.attrib) == {
        "kind": "captions",
        "src": "/articles/v.vtt",
        "srclang": "en",
        "label": "Captions",
        "default": "",
    }
    assert page.cssselect(".player figcaption em")


@pytest.mark.parametrize(
    ("kind", "name", "more"), [("audio", "a.mp3", ""), ("video", "v.mp4", " poster=p.png")]
)
def test_readers_of_feeds_have_a_link_where_they_have_no_player(
    site: SmallSite, kind: str, name: str, more: str
) -> None:
    shown(site, f'::: {kind} {name} title="T" transcript=words.md{more} :::')
    for content in contents(site).values():
        html = lxml_html.fromstring(f"<div>{content}</div>")
        (player,) = html.cssselect(kind)
        assert player.get("src") == f"https://paper.example/articles/{name}"
        links = [a.get("href") for a in html.cssselect("a")]
        assert f"https://paper.example/articles/{name}" in links
        assert "https://paper.example/2026/06/words/" in links
        assert len(html.cssselect("img[src^='https://paper.example/']")) == bool(more)


@pytest.mark.parametrize("block", ["::: audio a.mp3 :::", "::: video v.mp4 :::"])
def test_without_a_transcript_there_is_a_warning(site: SmallSite, block: str) -> None:
    write_media(site)
    site.article("story", f"Before.\n\n{block}")
    (warning,) = site.warnings()
    assert warning.startswith("warning: content/articles/story.md:8: `::: ") or ":8: `" in warning
    assert 'has no `transcript`; add `transcript="https://example.org/"`: who' in warning


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (
            "::: video n.txt transcript=words.md :::",
            '::: video: src: "n.txt" is no video; name one such as film.mp4 or film.webm',
        ),
        (
            "::: audio v.mp4 transcript=words.md :::",
            '::: audio: src: "v.mp4" is no audio; name one such as talk.mp3 or talk.m4a',
        ),
        (
            "::: video v.mp4 captions=n.txt transcript=words.md :::",
            '::: video: captions: "n.txt" is no text/vtt; name one such as captions.vtt',
        ),
        (
            "::: video v.mp4 poster=n.txt transcript=words.md :::",
            '::: video: poster: "n.txt" is no image; name one such as picture.jpg or picture.png',
        ),
        (
            "::: audio gone.mp3 transcript=words.md :::",
            '::: audio: src: there is no file "gone.mp3"; put it at content/articles/gone.mp3,'
            " or mend the path",
        ),
        (
            "::: audio https://e.example/a.mp3 transcript=words.md :::",
            '::: audio: src: "https://e.example/a.mp3" is elsewhere;'
            " name a file of your own, or write a link",
        ),
        (
            "::: audio a.mp3 transcript=gone.md :::",
            '::: audio: transcript: there is no file "gone.md"; put it at'
            " content/articles/gone.md, or mend the path",
        ),
        (
            "::: audio a.mp3 transcript=javascript:alert(1) :::",
            '::: audio: transcript: "javascript:alert(1)" is code, and no address;'
            " write where it leads",
        ),
    ],
)
def test_a_wrong_file_is_told_with_its_line(site: SmallSite, block: str, told: str) -> None:
    write_media(site)
    site.article("story", f"Before.\n\n{block}")
    assert site.errors() == [f"content/articles/story.md:8: {told}"]


def test_the_length_of_a_recording_is_told(site: SmallSite) -> None:
    site.article("words")
    site.write({"content/articles/a.wav": wav(125)})
    site.article("story", "::: audio a.wav transcript=words.md :::", date="2026-06-02")
    site.build()
    assert "2 min" in words(site.page("/2026/06/story/"), ".player figcaption")
    assert all("2 min" in content for content in contents(site).values())


@pytest.mark.parametrize("where", ["https://e.example/t", "/2026/06/words/", "words.md#x", "n.txt"])
def test_a_transcript_may_be_anywhere(site: SmallSite, where: str) -> None:
    page = shown(site, f"::: audio a.mp3 transcript={where} :::")
    assert page.cssselect(".player a")[0].text == "Transcript"
