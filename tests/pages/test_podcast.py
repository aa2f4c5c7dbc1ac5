"""The podcast: what directories are told of it, and of each story with a recording."""

import json
from functools import cache
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import pytest
from lxml import etree

from support.builds import build_again, clean_tree, differing, tree
from support.feeds import read
from support.images import png
from support.recordings import mp3
from support.sites import SETTINGS, SmallSite, links

PODCAST = '[podcast]\ncategory = "News > Politics"\nimage = "/cover.png"\n'
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}


@cache
def cover(side: int = 1400) -> bytes:
    return png(side, side, 9)


def podcast(site: SmallSite, more: str = "", settings: str = SETTINGS) -> None:
    site.write({"site.toml": settings + PODCAST + more, "content/cover.png": cover()})


def talk(site: SmallSite, name: str, audio: str = "", **fields: Any) -> None:
    site.write({f"content/articles/{name}.mp3": mp3(75)})
    site.article(name, audio=f"{{src: {name}.mp3{audio}}}", **fields)


def said(site: SmallSite, path: str) -> list[str]:
    """What stands at an XPath in the podcast: of elements their text, of attributes their value."""
    root = etree.fromstring((site.public / "podcast.xml").read_bytes())
    found = root.xpath(path, namespaces=NAMES)
    return [one if isinstance(one, str) else str(one.text) for one in found]


def test_there_is_no_podcast_without_the_setting(site: SmallSite) -> None:
    talk(site, "talk", ", chapters: ['0:00 A']")
    site.build()
    assert "podcast.xml" not in site.outputs()
    assert not [path for path in site.outputs() if "chapters" in path]
    assert "podcast" not in site.text("/2026/06/talk/").lower()


def test_directories_are_told_what_they_ask_for(site: SmallSite) -> None:
    owner = 'owner = { name = "Desk & Co", email = "desk@paper.example" }\n'
    podcast(site, f'title = "The Talk"\nauthor = "Ann"\ndescription = "A & B"\n{owner}')
    talk(site, "talk", author="[Ann, Bo]", date="2026-06-01T08:00:00+02:00")
    assert site.warnings() == []
    feed = read(site, "/podcast.xml")
    assert (feed.feed.title, feed.feed.subtitle, feed.feed.language) == ("The Talk", "A & B", "en")
    assert feed.feed.link == "https://paper.example/"
    assert feed.feed.image.href == "https://paper.example/cover.png"
    assert feed.feed.publisher_detail.email == "desk@paper.example"
    assert said(site, "channel/itunes:author") == ["Ann"]
    assert [tag.term for tag in feed.feed.tags] == ["News", "Politics"]
    (entry,) = feed.entries
    assert (entry.id, entry.link) == ("https://paper.example/2026/06/talk/",) * 2
    (enclosure,) = entry.enclosures
    assert enclosure.href == "https://paper.example/articles/talk.mp3"
    assert (enclosure.type, enclosure.length) == ("audio/mpeg", str(len(mp3(75))))
    assert (entry.itunes_duration, entry.published) == ("75", "Mon, 01 Jun 2026 08:00:00 +0200")
    assert said(site, "//itunes:category/itunes:category/@text") == ["Politics"]
    assert said(site, "channel/itunes:type") == ["episodic"]
    assert said(site, "//itunes:explicit") == ["false", "false"]
    assert said(site, "//itunes:owner/*") == ["Desk & Co", "desk@paper.example"]
    assert said(site, "//podcast:locked") == ["yes"]
    assert said(site, "//podcast:locked/@owner") == ["desk@paper.example"]
    assert said(site, "//item/itunes:author") == ["Ann, Bo"]
    assert said(site, "//atom:link[@rel='self']/@href") == ["https://paper.example/podcast.xml"]


def test_what_is_not_said_is_as_the_site_has_it(site: SmallSite) -> None:
    podcast(site, settings=f'{SETTINGS}tagline = "News"\n')
    talk(site, "talk")
    site.build()
    feed = read(site, "/podcast.xml").feed
    assert (feed.title, feed.subtitle, feed.author) == ("Test Paper", "News", "Test Paper")
    assert said(site, "//itunes:owner") == [] and said(site, "//podcast:locked/@owner") == []


def test_the_podcast_has_all_stories_with_a_recording_and_no_others(site: SmallSite) -> None:
    podcast(site, "[feeds]\nsize = 1\n")
    for number in range(4):
        talk(site, f"talk-{number}", date=f"2026-05-0{number + 1}")
    site.article("plain", date="2026-06-01")
    talk(site, "draft", draft="true")
    talk(site, "later", date="2027-01-01")
    talk(site, "gone", date="2026-01-01", expires="2026-02-01")
    site.build()
    titles = [entry.title for entry in read(site, "/podcast.xml").entries]
    assert titles == ["Talk 3", "Talk 2", "Talk 1", "Talk 0"]


def test_an_episode_has_its_number_season_and_words(site: SmallSite) -> None:
    podcast(site, 'type = "serial"\nlocked = false\n')
    site.write({"content/articles/t.vtt": "WEBVTT\n", "content/articles/t.srt": "1\n"})
    site.write({"content/pages/words.md": "---\ntitle: Words\n---\nWords."})
    for number, name in enumerate(["t.vtt", "t.srt", "../pages/words.md"], 1):
        more = f", transcript: {name}, episode: {number}, season: 2, explicit: true"
        talk(site, f"talk-{number}", more, date=f"2026-05-0{number}")
    assert site.warnings() == []
    assert said(site, "channel/itunes:type") == ["serial"] and said(site, "//podcast:locked") == [
        "no"
    ]
    assert said(site, "//item/itunes:episode") == ["3", "2", "1"]
    assert said(site, "//item/itunes:season") == ["2", "2", "2"]
    assert said(site, "//item/itunes:explicit") == ["true"] * 3
    assert said(site, "channel/itunes:explicit") == ["false"]
    types = ["text/html", "application/x-subrip", "text/vtt"]
    assert said(site, "//podcast:transcript/@type") == types


def test_an_explicit_podcast_has_explicit_episodes(site: SmallSite) -> None:
    podcast(site, "explicit = true\n")
    talk(site, "talk")
    site.build()
    assert said(site, "//itunes:explicit") == ["true", "true"]


@pytest.mark.parametrize(
    ("permalink", "path"),
    [
        ("/{year}/{slug}/", "2026/talk/chapters.json"),
        ("/{year}/{slug}.html", "2026/talk.chapters.json"),
    ],
)
def test_chapters_of_a_story_are_a_file_for_programs(
    site: SmallSite, permalink: str, path: str
) -> None:
    podcast(site, settings=f'{SETTINGS}permalink = "{permalink}"\n')
    talk(site, "talk", ", chapters: ['0:00 Start', '1:10 \"End\"']")
    assert site.warnings() == []
    assert said(site, "//podcast:chapters/@url") == [f"https://paper.example/{path}"]
    assert json.loads(site.text(path)) == {
        "version": "1.2.0",
        "chapters": [{"startTime": 0, "title": "Start"}, {"startTime": 70, "title": "“End”"}],
    }


def test_a_file_of_chapters_is_named_as_it_is(site: SmallSite) -> None:
    podcast(site)
    site.write({"content/articles/c.json": '{"chapters": [{"startTime": 0, "title": "A"}]}'})
    talk(site, "talk", ", chapters: c.json")
    site.build()
    assert said(site, "//podcast:chapters/@url") == ["https://paper.example/articles/c.json"]
    assert "2026/06/talk/chapters.json" not in site.outputs()


def test_pages_name_the_podcast_in_their_head_and_at_their_foot(site: SmallSite) -> None:
    podcast(site, '[addresses]\npodcast = "/radio/talk.rss"\n')
    talk(site, "talk")
    site.build()
    assert "radio/talk.rss" in site.outputs() and "podcast.xml" not in site.outputs()
    for path in ("/", "/2026/06/talk/"):
        page = site.page(path)
        assert "/radio/talk.rss" in links(page, "link[rel=alternate]")
        assert "/radio/talk.rss" in links(page, "footer a")


def test_hosts_are_told_what_the_podcast_is(site: SmallSite) -> None:
    podcast(site, settings=f'{SETTINGS}host = "netlify"\n')
    site.build()
    told = "/podcast.xml\n  Content-Type: application/rss+xml; charset=utf-8\n"
    assert told in site.text("_headers")


def test_the_podcast_is_known_wherever_it_stands(site: SmallSite) -> None:
    space = "ead4c236-bf58-58c6-a2c6-a6b28d128cb6"
    known = str(uuid5(type(uuid5(NAMESPACE_DNS, ""))(space), "paper.example/podcast.xml"))
    talk(site, "talk")
    for settings, path in ((SETTINGS, "podcast.xml"), (MOVED, "radio.xml")):
        podcast(site, settings=settings)
        site.build()
        assert f"<podcast:guid>{known}</podcast:guid>" in site.text(path)


MOVED = (
    'title = "T"\nurl = "https://new.example/x/"\nfeeds.id_url = "https://paper.example/"\n'
    'addresses.podcast = "/radio.xml"\n'
)


def test_an_old_address_of_the_podcast_has_a_copy(site: SmallSite) -> None:
    podcast(site, '[feeds]\naliases = ["/old/podcast.rss", "/old.rss"]\n')
    talk(site, "talk")
    site.build()
    assert site.text("old/podcast.rss") == site.text("podcast.xml")
    assert site.text("old.rss") == site.text("rss.xml")


def test_each_language_has_a_podcast_of_its_own(site: SmallSite) -> None:
    podcast(site, 'title = "T"\ndescription = "D"\n[languages.de]\ndescription = "Auf Deutsch"\n')
    talk(site, "talk")
    site.write({"content/articles/rede.mp3": mp3(3)})
    site.write({"content/articles/rede.de.md": GERMAN})
    site.build()
    assert [entry.title for entry in read(site, "/podcast.xml").entries] == ["Talk"]
    german = read(site, "/de/podcast.xml")
    assert [entry.title for entry in german.entries] == ["Rede"]
    assert (german.feed.language, german.feed.subtitle) == ("de", "Auf Deutsch")
    assert "de/2026/06/rede/chapters.json" in site.outputs()


GERMAN = (
    "---\ntitle: Rede\ndate: 2026-06-01\naudio: {src: rede.mp3, chapters: ['0:00 A']}\n---\nText.\n"
)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('image = "/cover.png"', "podcast.category is missing; add `category`"),
        ('category = "News"', "podcast.image is missing; add `image`"),
        (
            'category = "Newz"\nimage = "/cover.png"',
            'podcast.category: "Newz" is none of the categories of podcasts; did you mean "News"?',
        ),
        (
            'category = "news > politics"\nimage = "/cover.png"',
            'podcast.category: "news > politics" is none of the categories of podcasts;'
            ' did you mean "News > Politics"?',
        ),
        (
            'category = "Astronomy"\nimage = "/cover.png"',
            'podcast.category: "Astronomy" is none of the categories of podcasts;'
            ' did you mean "Science > Astronomy"?',
        ),
        (
            'category = "News > Politics > More"\nimage = "/cover.png"',
            'podcast.category: "News > Politics > More" is none of the categories of podcasts;',
        ),
        (
            'category = "News"\nimage = "/cover.svg"',
            'podcast.image: "/cover.svg" is no .jpg or .png file; write the path of a .jpg or .png',
        ),
        (
            'category = "News"\nimage = "/gone.png"',
            'podcast.image: there is no file "/gone.png"; put it at content/gone.png, or mend the',
        ),
        (
            'category = "News"\nimage = "/cover.png"\nowner.email = "desk"',
            'podcast.owner.email: "desk" is no mail address; write one such as desk@example.org',
        ),
    ],
)
def test_what_is_wrong_with_the_setting_is_told(site: SmallSite, table: str, told: str) -> None:
    site.write({"content/cover.png": cover()})
    site.write({"site.toml": f"{SETTINGS}[podcast]\n{table}\n"})
    (error,) = site.errors()
    assert error.partition(": ")[2].startswith(told)


@pytest.mark.parametrize(("width", "height"), [(1399, 1399), (3001, 3001), (1400, 1500)])
def test_a_picture_that_directories_refuse_is_a_warning(
    site: SmallSite, width: int, height: int
) -> None:
    podcast(site)
    site.write({"content/cover.png": png(width, height, 9)})
    assert site.warnings() == [
        f'site.toml:5: podcast.image: "/cover.png" is {width} × {height} pixels;'
        " directories take a square of 1400 to 3000"
    ]


# ------------------------------------------------------------------------- what edits wake


def test_a_new_recording_wakes_its_story_and_feeds(site: SmallSite) -> None:
    podcast(site)
    talk(site, "talk", tags="[AI]")
    site.article("plain", date="2026-05-01")
    site.build()
    feeds = {"feed.xml", "rss.xml", "feed.json", "podcast.xml", "tags/ai/feed.xml"}
    site.write({"content/articles/talk.mp3": mp3(90)})
    rendered, _, _ = build_again(site)
    assert rendered == {"2026/06/talk/index.html", "articles/talk.mp3"} | feeds
    assert said(site, "//itunes:duration") == ["90"]
    assert differing(tree(site.public), clean_tree(site)) == []


def test_a_new_chapter_wakes_its_story_and_the_file_of_them(site: SmallSite) -> None:
    podcast(site, "[feeds]\nsize = 1\n")
    talk(site, "talk", ", chapters: ['0:00 A']", date="2026-05-01")
    site.article("plain", date="2026-06-01")
    site.build()
    talk(site, "talk", ", chapters: ['0:00 A', '0:10 B']", date="2026-05-01")
    rendered, _, _ = build_again(site)
    story = "2026/05/talk/"
    assert rendered == {f"{story}index.html", f"{story}chapters.json", "podcast.xml"}


def test_a_first_recording_of_a_story_puts_it_into_the_podcast(site: SmallSite) -> None:
    podcast(site)
    site.article("talk", date="2026-05-01")
    site.build()
    assert read(site, "/podcast.xml").entries == []
    talk(site, "talk", ", chapters: ['0:00 A']", date="2026-05-01")
    assert "podcast.xml" in build_again(site).rendered
    assert [entry.title for entry in read(site, "/podcast.xml").entries] == ["Talk"]
    site.article("talk", date="2026-05-01")
    _, deleted, _ = build_again(site)
    assert "2026/05/talk/chapters.json" in deleted
    assert read(site, "/podcast.xml").entries == []
    assert differing(tree(site.public), clean_tree(site)) == []


def test_a_word_of_a_story_wakes_the_podcast_that_it_is_in(site: SmallSite) -> None:
    podcast(site, "[feeds]\nsize = 1\n")
    talk(site, "talk", date="2026-05-01")
    for number in range(7):
        site.article(f"plain-{number}", date=f"2026-06-0{number + 1}", summary="A dek.")
    site.build()
    site.article("plain-0", "Other.", date="2026-06-01", summary="A dek.")
    assert build_again(site).rendered == {"2026/06/plain-0/index.html"}
    talk(site, "talk", date="2026-05-01", title="A new headline")
    assert "podcast.xml" in build_again(site).rendered
    assert [entry.title for entry in read(site, "/podcast.xml").entries] == ["A new headline"]
