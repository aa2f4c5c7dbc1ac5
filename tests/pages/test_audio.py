"""Stories that can be listened to: the player, and what feeds and machines are told."""

import json
from typing import Any

import pytest

from support.feeds import XML_FEEDS, read
from support.recordings import mp3, wav
from support.sites import SETTINGS, SmallSite, links, words

STORY = "/2026/06/talk/"


def talk(site: SmallSite, audio: str, file: bytes = b"", **fields: Any) -> None:
    """A story with a recording beside it, of an hour and some seconds if none is given."""
    site.write({"content/articles/talk.mp3": file or mp3(3_723)})
    site.article("talk", audio=audio, **fields)


def test_a_player_stands_under_the_headline(site: SmallSite) -> None:
    talk(site, "{src: talk.mp3, title: \"The 'talk'\"}", summary="A dek.")
    assert site.warnings() == []
    page = site.page(STORY)
    (player,) = page.cssselect("header.story-head .listen audio")
    assert dict(player.attrib) == {
        "controls": "",
        "preload": "none",
        "src": "/articles/talk.mp3",
        "aria-labelledby": "story_listen",
    }
    assert words(page, ".listen") == "The ‘talk’ 1 hr, 2 min Download"
    assert links(page, ".listen a") == ["/articles/talk.mp3"]
    assert page.xpath("//time[@datetime='PT1H2M3S']")
    assert (site.public / "articles/talk.mp3").read_bytes() == mp3(3_723)


def test_a_page_without_a_recording_loads_nothing_for_one(site: SmallSite) -> None:
    talk(site, "{src: talk.mp3}")
    site.article("plain")
    site.build()
    assert "listen" in site.text(STORY)
    assert "listen" not in site.text("/2026/06/plain/")


@pytest.mark.parametrize("base", ["", "news/"])
def test_feeds_have_the_recording_as_an_enclosure(site: SmallSite, base: str) -> None:
    site.write({"site.toml": f'title = "P"\nurl = "https://p.example/{base}"\n'})
    talk(site, "{src: talk.mp3, title: A & B}", tags="[AI]")
    site.build()
    size = len(mp3(3_723))
    for path in (*XML_FEEDS, "/tags/ai/feed.xml"):
        (enclosure,) = read(site, path).entries[0].enclosures
        assert enclosure.href == f"https://p.example/{base}articles/talk.mp3"
        assert (enclosure.type, enclosure.length) == ("audio/mpeg", str(size))
        assert path == "/rss.xml" or enclosure.title == "A & B"
    assert json.loads(site.text("/feed.json"))["items"][0]["attachments"] == [
        {
            "url": f"https://p.example/{base}articles/talk.mp3",
            "mime_type": "audio/mpeg",
            "title": "A & B",
            "size_in_bytes": size,
            "duration_in_seconds": 3_723,
        }
    ]


def test_machines_are_told_of_the_recording(site: SmallSite) -> None:
    talk(site, "{src: talk.mp3}")
    site.build()
    (found,) = (
        json.loads(script.text_content())
        for script in site.page(STORY).xpath("//script[@type='application/ld+json']")
        if "NewsArticle" in script.text_content()
    )
    assert found["audio"] == {
        "@type": "AudioObject",
        "name": "Talk",
        "contentUrl": "https://paper.example/articles/talk.mp3",
        "encodingFormat": "audio/mpeg",
        "contentSize": str(len(mp3(3_723))),
        "duration": "PT1H2M3S",
    }


@pytest.mark.parametrize(
    ("name", "file", "kind", "seconds"),
    [
        ("a.mp3", mp3(75), "audio/mpeg", 75),
        ("a.MP3", b"ID3\x04\0\0\0\0\0\0" + mp3(20), "audio/mpeg", 20),
        ("a.wav", wav(75), "audio/wav", 75),
        ("a.wav", wav(0.2), "audio/wav", 1),
        ("é ü.wav", wav(9), "audio/wav", 9),
    ],
)
def test_the_length_is_read_from_the_file(
    site: SmallSite, name: str, file: bytes, kind: str, seconds: int
) -> None:
    site.write({f"content/articles/{name}": file})
    site.article("talk", audio=f'{{src: "{name}"}}')
    assert site.warnings() == []
    (attachment,) = json.loads(site.text("/feed.json"))["items"][0]["attachments"]
    assert (attachment["mime_type"], attachment["duration_in_seconds"]) == (kind, seconds)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1:02:03", 3_723),
        ("62:03", 3_723),
        ('"62:03"', 3_723),
        ("3723", 3_723),
        ("0:05", 5),
        ("12.7", 12),
    ],
)
def test_a_length_that_is_written_goes_before_that_of_the_file(
    site: SmallSite, written: str, seconds: int
) -> None:
    talk(site, f"{{src: talk.mp3, duration: {written}}}", mp3(10))
    assert site.warnings() == []
    (attachment,) = json.loads(site.text("/feed.json"))["items"][0]["attachments"]
    assert attachment["duration_in_seconds"] == seconds


@pytest.mark.parametrize(
    "written", ["1:60", "1:2:03", "soon", "0", "-5", "100:00:00", "1:02:03:04"]
)
def test_what_is_no_length_is_an_error(site: SmallSite, written: str) -> None:
    talk(site, f"{{src: talk.mp3, duration: '{written}'}}")
    (error,) = site.errors()
    assert error == (
        f'content/articles/talk.md:4: audio.duration: "{written}" is no length of a recording;'
        " write hours, minutes and seconds as 1:02:03 or 62:03, or seconds alone"
    )


def test_a_recording_elsewhere_has_its_size_and_length_written(site: SmallSite) -> None:
    src = "https://cdn.example/x.m4a?a=1&b=2"
    site.article("talk", audio=f'{{src: "{src}", bytes: 12345, duration: 90}}')
    assert site.warnings() == []
    (enclosure,) = read(site, "/rss.xml").entries[0].enclosures
    assert (enclosure.href, enclosure.length, enclosure.type) == (src, "12345", "audio/mp4")
    assert links(site.page(STORY), ".listen a") == [src]


@pytest.mark.parametrize(
    ("audio", "said"),
    [
        ("{src: tolk.mp3}", 'audio.src: there is no file "tolk.mp3"; did you mean talk.mp3?'),
        ("{src: words.txt}", 'audio.src: "words.txt" is no recording, by its name; name one'),
        ("{src: 'https://c.example/a.mp3'}", "audio.src: nobody knows how large a recording else"),
        ("{src: 'https://c.example/a', bytes: 1}", 'audio.src: "https://c.example/a" is no record'),
        ("{src: //c.example/a.mp3, bytes: 1}", 'audio.src: "//c.example/a.mp3" is no address that'),
        ("{src: 'data:audio/wav;base64,AA', bytes: 1}", "audio.src: "),
        ("{src: 'javascript:alert()', bytes: 1}", "audio.src: "),
        ("{title: T}", "audio.src is missing; add `src`"),
        ("talk.mp3", "audio: expected a table of fields, got text; write audio: {src: talk.mp3}"),
        ("{src: talk.mp3, transcript: x.vtt}", 'audio.transcript: there is no file "x.vtt"; put'),
        ("{src: talk.mp3, transcript: /gone/}", 'audio.transcript: there is no file "/gone/"; put'),
        ("{src: talk.mp3, chapters: x.json}", 'audio.chapters: there is no file "x.json"; put it'),
        ("{src: talk.mp3, chapters: words.txt}", 'audio.chapters: "words.txt" is no file of chap'),
        ("{src: talk.mp3, chapters: [Start]}", 'audio.chapters[1]: "Start" is no chapter; write'),
        ("{src: talk.mp3, chapters: ['0:00']}", 'audio.chapters[1]: "0:00" is no chapter; write'),
        ("{src: talk.mp3, episode: 0}", "audio.episode: 0 is too small; count from 1, or leave"),
        ("{src: talk.mp3, season: -1}", "audio.season: -1 is too small; count from 1, or leave"),
        ("{src: talk.mp3, bytes: -1}", "audio.bytes: -1 is too small; write the size"),
    ],
)
def test_what_is_wrong_with_a_recording_is_told(site: SmallSite, audio: str, said: str) -> None:
    site.write({"content/articles/words.txt": "Words."})
    talk(site, audio)
    (error,) = site.errors()
    assert error.startswith(f"content/articles/talk.md:4: {said}")


@pytest.mark.parametrize("file", [b"no sound at all", b"\0" * 100_000, wav(1)[:20], b"ID3\x04"])
def test_a_recording_that_cannot_be_measured_is_a_warning(site: SmallSite, file: bytes) -> None:
    talk(site, "{src: talk.mp3}", file)
    assert site.warnings() == [
        'content/articles/talk.md:4: audio.src: how long "talk.mp3" is cannot be read:'
        " it may be broken; listen to it, and write its `duration`"
    ]
    assert words(site.page(STORY), ".listen") == "Listen Download"
    talk(site, "{src: talk.mp3, duration: 12}", file)
    assert site.warnings() == []


def test_a_recording_beside_a_story_that_is_not_public_is_none(site: SmallSite) -> None:
    site.write({"content/articles/hidden/talk.mp3": mp3(9)})
    site.article("hidden/index", draft="true")
    site.article("talk", audio="{src: hidden/talk.mp3}")
    assert site.warnings() == [
        'content/articles/talk.md:4: audio.src: "hidden/talk.mp3" is not public now:'
        " readers see no recording; publish it, or name another"
    ]
    assert site.page(STORY).cssselect("audio") == []
    assert read(site, "/rss.xml").entries[0].enclosures == []


def test_the_policy_lets_no_recording_in_from_elsewhere(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + "[security]\ncsp = true\n"})
    site.article("talk", audio="{src: 'https://cdn.example/x.mp3', bytes: 1}")
    (warning,) = site.warnings()
    assert 'audio.src: "https://cdn.example/x.mp3" is not shown' in warning
    assert 'add "https://cdn.example" to `embeds`' in warning


# ----------------------------------------------------------------- transcripts and chapters


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("talk.vtt", "/articles/talk.vtt"),
        ("../pages/words.md", "/words/"),
        ("https://x.example/t", "https://x.example/t"),
    ],
)
def test_a_transcript_is_a_file_a_page_or_elsewhere(
    site: SmallSite, written: str, url: str
) -> None:
    site.write({"content/articles/talk.vtt": "WEBVTT\n"})
    site.write({"content/pages/words.md": "---\ntitle: Words\n---\nWords."})
    talk(site, f"{{src: talk.mp3, transcript: '{written}'}}")
    assert site.warnings() == []
    assert links(site.page(STORY), ".listen a") == ["/articles/talk.mp3", url]


def test_a_transcript_with_mistakes_of_its_own_is_there(site: SmallSite) -> None:
    site.write({"content/pages/words.md": "---\nsummary: Words\n---\nWords."})
    talk(site, "{src: talk.mp3, transcript: ../pages/words.md}")
    (error,) = site.errors()
    assert error.startswith("content/pages/words.md")


CHAPTERS = "['0:00 Start', '1:30 – The <b> \"vote\"', '1:00:00 - End']"


def test_chapters_lead_to_their_time(site: SmallSite) -> None:
    talk(site, f"{{src: talk.mp3, chapters: {CHAPTERS}}}")
    assert site.warnings() == []
    page = site.page(STORY)
    assert links(page, ".listen li a") == [f"/articles/talk.mp3#t={n}" for n in (0, 90, 3600)]
    shown = [" ".join(one.text_content().split()) for one in page.cssselect(".listen li")]
    assert shown == ["0:00 Start", "1:30 The <b> “vote”", "1:00:00 End"]
    assert page.xpath("//script[contains(@src, 'listen')]")


def test_a_chapter_of_a_recording_elsewhere_keeps_its_query(site: SmallSite) -> None:
    src = "https://cdn.example/x.mp3?key=1&b=2"
    site.article("talk", audio=f'{{src: "{src}#t=3", bytes: 1, chapters: [1:30 The vote]}}')
    site.build()
    assert links(site.page(STORY), ".listen li a") == [f"{src}#t=90"]


FILE = {
    "version": "1.2.0",
    "chapters": [
        {"startTime": 90.5, "title": "Second\nline", "img": "https://x.example/a.png"},
        {"startTime": 0, "title": "First"},
        {"startTime": 5, "title": "Unseen", "toc": False},
    ],
}


def test_chapters_may_stand_in_a_file(site: SmallSite) -> None:
    site.write({"content/articles/c.json": json.dumps(FILE)})
    talk(site, "{src: talk.mp3, chapters: c.json}")
    assert site.warnings() == []
    shown = words(site.page(STORY), ".listen ol")
    assert shown == "0:00 First 1:30 Second line"


@pytest.mark.parametrize(
    "written",
    [
        b"{",
        b'{"chapters": 1}',
        b'{"chapters": [{"title": "No time"}]}',
        b'{"chapters": [{"startTime": 1e999}]}',
        b'{"chapters": []}',
        b"\xff\xfe" + b'"chapters"',
        b'{"chapters": ' + b"[" * 100_000,
    ],
)
def test_a_file_that_tells_of_no_chapters_is_an_error(site: SmallSite, written: bytes) -> None:
    site.write({"content/articles/c.json": written})
    talk(site, "{src: talk.mp3, chapters: c.json}")
    (error,) = site.errors()
    assert error == (
        'content/articles/talk.md:4: audio.chapters: "c.json" is no file of chapters; write it as'
        " Podcasting 2.0 has it, in JSON, or write a list of times and titles"
    )


@pytest.mark.parametrize(
    ("chapters", "said"),
    [
        ("['0:10 A', '0:10 B']", "audio.chapters[2]: it begins at 0:10, and so not after the one"),
        ("['0:10 A', '0:05 B']", "audio.chapters[2]: it begins at 0:05, and so not after the one"),
        ("['0:00 A', '2:00:00 B']", "audio.chapters[2]: it begins at 2:00:00, and the recording"),
    ],
)
def test_chapters_out_of_time_are_warnings(site: SmallSite, chapters: str, said: str) -> None:
    talk(site, f"{{src: talk.mp3, chapters: {chapters}}}")
    (warning,) = site.warnings()
    assert f": {said}" in warning


# --------------------------------------------------------------------------- its language


@pytest.mark.parametrize(
    ("language", "seconds", "shown"),
    [
        ("en", 42, "42 sec"),
        ("en", 59.6, "1 min"),
        ("en", 3_599, "1 hr"),
        ("de", 3_723, "1 Std., 2 Min."),
        ("fr", 3_723, "1 h et 2 min"),
        ("ja", 3_723, "1 時間 2 分"),
    ],
)
def test_the_length_is_told_in_the_language_of_the_site(
    site: SmallSite, language: str, seconds: float, shown: str
) -> None:
    site.write({"site.toml": f'{SETTINGS}language = "{language}"\n'})
    site.write({"content/articles/talk.wav": wav(seconds)})
    site.article("talk", audio="{src: talk.wav}")
    site.build()
    assert words(site.page(STORY), ".listen time") == shown
