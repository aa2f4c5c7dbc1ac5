"""Atom, RSS and JSON Feed as real readers see them."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree, html

from support.feeds import XML_FEEDS, contents, read
from support.images import PNG, png
from support.sites import SETTINGS, SmallSite

RICH = """
[Other](other.md), [local](#part), [out](https://x.example/), [file](list.csv),
[root](/tags/), note[^1] & more.

![Dot](dot.png "Caption")

## Part

Last words.

[^1]: See [there](other.md).
"""


def rich(site: SmallSite, base: str = "") -> None:
    site.write({"site.toml": f'title = "P & Q"\nurl = "https://p.example/{base}"\n'})
    site.write({"content/articles/dot.png": PNG, "content/articles/list.csv": "a"})
    site.article("other", date="2026-05-01")
    site.article("story", RICH, date="2026-06-01T08:00:00+02:00")
    assert site.warnings() == []


def test_atom_and_rss_tell_the_same_stories(site: SmallSite) -> None:
    source = '{name: T & T, url: "https://t.example/a?b=1&c=2", author: Di}'
    site.article("story", date="2026-06-01T08:00:00+02:00", author="Ann", tags="[A & B, Law]")
    site.article("curated", date="2026-05-01", source=source, updated="2026-05-03", author="Ann")
    site.build()
    for path in XML_FEEDS:
        feed = read(site, path)
        assert feed.feed.title == "Test Paper"
        assert [e.title for e in feed.entries] == ["Story", "Curated"]
        assert [e.link for e in feed.entries] == [
            "https://paper.example/2026/06/story/",
            "https://paper.example/2026/05/curated/",
        ]
        assert [e.id for e in feed.entries] == [e.link for e in feed.entries]
        assert feed.entries[0].author == "Ann"
        assert [tag.term for tag in feed.entries[0].tags] == ["A & B", "Law"]
        assert feed.entries[0].summary == "Text."
    atom = read(site, "/feed.xml")
    assert atom.entries[0].published == "2026-06-01T08:00:00+02:00"
    assert atom.entries[1].updated == "2026-05-03T00:00:00+00:00"
    assert atom.feed.updated == "2026-06-01T08:00:00+02:00"
    via = [link.href for link in atom.entries[1].links if link.rel == "via"]
    assert via == ["https://t.example/a?b=1&c=2"]
    assert read(site, "/rss.xml").entries[0].published == "Mon, 01 Jun 2026 08:00:00 +0200"


@pytest.mark.parametrize("base", ["", "news/"])
def test_feeds_name_themselves_and_their_page(site: SmallSite, base: str) -> None:
    site.write({"site.toml": f'title = "P"\nurl = "https://p.example/{base}"\n'})
    site.article("story", tags="[AI]")
    site.build()
    homes = {"/feed.xml": "", "/rss.xml": "", "/tags/ai/feed.xml": "tags/ai/"}
    for path, home in homes.items():
        feed = read(site, path).feed
        own = [link.href for link in feed.links if link.rel == "self"]
        assert own == [f"https://p.example/{base}{path[1:]}"]
        assert feed.link == f"https://p.example/{base}{home}"


def test_json_feed_keeps_the_rules_of_1_1(site: SmallSite) -> None:
    site.write({"content/articles/dot.png": PNG})
    source = '{name: T, url: "https://t.example/a?b=1&c=2"}'
    picture = "{src: dot.png, alt: A dot}"
    site.article("curated", source=source, tags="[AI]", author="Ann", image=picture)
    site.article("plain", date="2026-05-01T08:00:00+02:00", updated="2026-05-02T00:00:00+02:00")
    site.build()
    feed = json.loads(site.text("/feed.json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["home_page_url"] == "https://paper.example/"
    assert feed["feed_url"] == "https://paper.example/feed.json"
    assert (feed["title"], feed["language"]) == ("Test Paper", "en")
    curated, plain = feed["items"]
    assert curated["external_url"] == "https://t.example/a?b=1&c=2"
    assert curated["image"] == "https://paper.example/articles/dot.png"
    assert curated["tags"] == ["AI"]
    assert curated["authors"] == [{"name": "Ann", "url": "https://paper.example/authors/ann/"}]
    assert "external_url" not in plain
    assert plain["date_published"] == "2026-05-01T08:00:00+02:00"
    assert plain["date_modified"] == "2026-05-02T00:00:00+02:00"
    for item in feed["items"]:
        assert item["id"] == item["url"]
        assert item["content_html"].strip() and "author" not in item


@pytest.mark.parametrize("base", ["", "news/"])
def test_every_address_in_a_feed_is_whole(site: SmallSite, base: str) -> None:
    rich(site, base)
    home, story = f"https://p.example/{base}", f"https://p.example/{base}2026/06/story/"
    for markup in contents(site).values():
        tree = html.fromstring(f"<div>{markup}</div>")
        found = {str(url) for url in tree.xpath("//@href | //@src")}
        assert all(urlsplit(url).scheme for url in found)
        assert found == {
            f"{home}2026/05/other/",
            f"{story}#part",
            f"{story}#fn:1",
            f"{story}#fnref:1",
            "https://x.example/",
            f"{home}articles/list.csv",
            f"{home}articles/dot.png",
            f"{home}tags/",
        }


def test_every_address_of_a_picture_set_is_whole(site: SmallSite) -> None:
    site.write({"content/articles/dot.png": PNG})
    site.article("story", '<img src="dot.png" srcset="dot.png 2x" alt="">')
    site.build()
    assert site.page("/2026/06/story/").xpath("//article//img/@srcset") == ["/articles/dot.png 2x"]
    for markup in contents(site).values():
        whole = ["https://paper.example/articles/dot.png 2x"]
        assert html.fromstring(f"<div>{markup}</div>").xpath("//img/@srcset") == whole


@pytest.mark.parametrize("char", ["\x00", "\x08", "\x0c", "\x1b", "\ufffe"])
def test_a_control_character_in_a_body_breaks_no_feed(site: SmallSite, char: str) -> None:
    site.article("story", f"Te{char}xt.", date="2026-06-15")
    assert site.warnings() == []
    for path in XML_FEEDS:
        assert read(site, path).entries[0].title == "Story"
        etree.fromstring((site.public / path.lstrip("/")).read_bytes())


def test_feeds_carry_the_full_text(site: SmallSite) -> None:
    rich(site)
    for markup in contents(site).values():
        text = " ".join(html.fromstring(f"<div>{markup}</div>").text_content().split())
        assert text.startswith("Other, local, out, file, root, note1 & more.")
        assert "Last words." in text and "Caption" in text


def test_a_curated_story_names_its_source_in_the_feed(site: SmallSite) -> None:
    site.article("story", source='{name: T, url: "https://t.example/"}')
    site.build()
    for markup in contents(site).values():
        assert "Based on reporting at" in markup and "https://t.example/" in markup


def test_a_promo_is_no_part_of_a_feed(site: SmallSite) -> None:
    site.write({"content/promos/p.md": "---\ntitle: Buy\nurl: /tags/\nlabel: Now\n---\nPitch\n"})
    site.article("story", "One.\n\nTwo.", promo="p")
    site.build()
    assert not any("Pitch" in markup for markup in contents(site).values())


def test_a_feed_holds_the_newest_and_a_tag_feed_those_of_its_tag(site: SmallSite) -> None:
    for day in range(1, 6):
        tag = "Odd" if day % 2 else "Even"
        site.article(f"s{day}", date=f"2026-05-0{day}", tags=f"[{tag}]")
    site.write({"site.toml": SETTINGS + "[feeds]\nsize = 2\n"})
    site.build()
    assert [e.title for e in read(site, "/feed.xml").entries] == ["S5", "S4"]
    assert [e.title for e in read(site, "/rss.xml").entries] == ["S5", "S4"]
    assert len(json.loads(site.text("/feed.json"))["items"]) == 2
    odd = read(site, "/tags/odd/feed.xml")
    assert [e.title for e in odd.entries] == ["S5", "S3"]
    assert odd.feed.title == "Odd | Test Paper"


def test_drafts_scheduled_and_expired_stories_are_in_no_feed(site: SmallSite) -> None:
    site.article("draft", draft="true")
    site.article("future", date="2026-06-15T12:00:01+00:00")
    site.article("over", expires="2026-06-10")
    site.build()
    for path in XML_FEEDS:
        assert read(site, path).entries == []
    assert json.loads(site.text("/feed.json"))["items"] == []


def test_ids_are_unique_and_dates_carry_an_offset(demo: Any) -> None:
    for path in ("feed.xml", "rss.xml"):
        feed = feedparser.parse((demo / path).read_bytes())
        assert not feed.bozo and len({e.id for e in feed.entries}) == len(feed.entries) > 9
    items = json.loads((demo / "feed.json").read_text(encoding="utf-8"))["items"]
    for item in items:
        for name in ("date_published", "date_modified"):
            assert datetime.fromisoformat(item[name]).tzinfo is not None
    for path in sorted((demo / "tags").glob("*/feed.xml")):
        assert not feedparser.parse(path.read_bytes()).bozo, path


PICTURE = "{src: dot.png, alt: 'A <dot>', title: T & T, caption: Seen from here, credit: Ann}"
PROMO = "---\ntitle: Buy & go\nurl: /tags/\nlabel: Now\n---\nPitch [it](/about/).\n"


def whole(site: SmallSite, engine: str, more: str = "") -> None:
    """A story with all that may stand around its words."""
    settings = f'{SETTINGS}[markdown]\nengine = "{engine}"\n{more}'
    site.write({"site.toml": settings.replace("paper.example/", "paper.example/n/")})
    site.write({"content/articles/dot.png": png(8, 6, 1), "content/promos/p.md": PROMO})
    site.write({"content/pages/about.md": "---\ntitle: About\n---\nWe.\n"})
    fixed = "[{date: 2026-06-03, text: It was <3.}, {date: 2026-06-04, text: Twice.}]"
    source = '{name: T, url: "https://t.example/"}'
    text = "One.\n\nTwo.\n\nThree.\n\nFour.[^1]\n\n[^1]: A note.\n"
    site.article("story", text, image=PICTURE, corrections=fixed, source=source, promo="p")
    assert site.warnings() == []


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_a_picture_stands_first_and_corrections_after_the_text(
    site: SmallSite, engine: str
) -> None:
    whole(site, engine)
    for markup in contents(site).values():
        tree = html.fromstring(f"<div>{markup}</div>")
        first = tree[0]
        assert first.tag == "figure"
        (picture,) = tree.xpath("//img")
        assert dict(picture.attrib) == {
            "src": "https://paper.example/n/articles/dot.png",
            "alt": "A <dot>",
            "width": "8",
            "height": "6",
        }
        assert " ".join(first.text_content().split()) == "T & T Seen from here Ann"
        text = " ".join(tree.text_content().split())
        wanted = "Four.1 | A note. | Corrections | June 3, 2026 It was <3. | June 4, 2026 Twice."
        places = [text.index(part) for part in wanted.split(" | ")]
        assert places == sorted(places) and places[-1] < text.index("Based on reporting at T")
        assert "Pitch" not in text


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_a_promo_stands_in_the_text_where_a_setting_asks_for_it(
    site: SmallSite, engine: str
) -> None:
    whole(site, engine, "[feeds]\npromos = true\n")
    for markup in contents(site).values():
        tree = html.fromstring(f"<div>{markup}</div>")
        text = " ".join(tree.text_content().split())
        assert "Three. Buy & go Pitch it. Now Four." in text
        assert [str(url) for url in tree.xpath("//aside//@href")] == [
            "https://paper.example/n/about/",
            "https://paper.example/n/tags/",
        ]
        assert tree.xpath("//aside//@id") == []
    site.article("story", "One.\n\nTwo.", promo="false")
    site.build()
    assert not any("Pitch" in markup for markup in contents(site).values())


def test_the_picture_is_no_summary(site: SmallSite) -> None:
    whole(site, "markdown")
    for path in XML_FEEDS:
        (entry,) = read(site, path).entries
        assert entry.summary == "One." and len(entry.content) == 1
        assert entry.media_content[0]["url"] == "https://paper.example/n/articles/dot.png"


def test_a_picture_elsewhere_and_one_without_words(site: SmallSite) -> None:
    site.article("story", image="{src: 'https://i.example/a.jpg?w=1&h=2', alt: A}")
    site.build()
    for markup in contents(site).values():
        tree = html.fromstring(f"<div>{markup}</div>")
        assert tree.xpath("//img/@src") == ["https://i.example/a.jpg?w=1&h=2"]
        assert tree.xpath("//figcaption | //img/@width") == []


UNSEEN = {
    "template": "<template><p>gone</p></template>",
    "script": "<script>let gone = '<p>'</script>",
    "style": "<style>.gone{}</style>",
    "form": '<form action="/gone"><p>gone</p><input name="a"></form>',
    "hidden": "<div hidden><p>gone</p></div>",
    "hidden until it is found": '<div hidden="until-found">gone</div>',
    "hidden picture": '<p><img src="/gone.png" alt="gone" hidden></p>',
    "hidden by style": '<p style="color: red; display: none">gone</p>',
    "hidden in hidden": "<div hidden><form><p hidden>gone</p></form><p>gone</p></div>",
    "hidden in what is shown": "<div><p>kept</p><section hidden><p>gone</p></section></div>",
    "hidden without script": "<noscript><div><p hidden>gone</p><p>kept</p></div></noscript>",
}


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
@pytest.mark.parametrize("what", UNSEEN)
def test_what_a_page_hides_is_no_part_of_a_feed(site: SmallSite, what: str, engine: str) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{engine}"\n'})
    site.write({"content/gone.png": png(8, 6, 1)})
    site.article("story", f"One.\n\n{UNSEEN[what]}\n\nLast.")
    site.build()
    assert "gone" in site.text("/2026/06/story/")
    for markup in contents(site).values():
        assert "gone" not in markup and "noscript" not in markup
        assert ("kept" in markup) == ("kept" in UNSEEN[what])
        text = " ".join(html.fromstring(f"<div>{markup}</div>").text_content().split())
        assert text.startswith("One.") and text.endswith("Last.")


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
@pytest.mark.parametrize(
    "shown",
    [
        "`<script>` and `<p hidden>` in code",
        "The word hidden style=none form",
        '<details><summary>More</summary><p style="color: red">Shown</p></details>',
        '<video src="https://v.example/a.mp4" controls></video>',
    ],
)
def test_what_a_page_shows_is_part_of_a_feed(site: SmallSite, shown: str, engine: str) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{engine}"\n'})
    site.article("story", f"{shown}\n")
    site.build()
    (body,) = site.page("/2026/06/story/").cssselect(".prose")
    for markup in contents(site).values():
        tree = html.fromstring(f"<div>{markup}</div>")
        assert tree.text_content().split() == body.text_content().split()
        tags = [e.tag for e in tree.iter()][1:]
        assert tags == [e.tag for e in body.iter()][1:]
