"""Atom, RSS and JSON Feed as real readers see them."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import feedparser
import pytest
from lxml import etree, html

from generator.deploy.after.verify import checks, verified
from generator.deploy.uploads import load
from generator.hosts.headers import headers_of
from generator.output.inventory import read_inventory
from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from support.builds import build_again
from support.feeds import XML_FEEDS, contents, read
from support.images import png
from support.sites import NOW, SETTINGS, SmallSite, refused
from support.web_servers import folder, serving

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
    site.write({"content/articles/dot.png": b"\x89PNG\r\n\x1a\n", "content/articles/list.csv": "a"})
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
    site.write({"content/articles/dot.png": b"\x89PNG\r\n\x1a\n"})
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
    site.write({"content/articles/dot.png": b"\x89PNG\r\n\x1a\n"})
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


# ----------------------------------------------------------------------------------- ids


FEEDS = (*XML_FEEDS, "/tags/ai/feed.xml")
URL_OF_IDS = '[feeds]\nid_url = "https://paper.example/"\n'


def ids(site: SmallSite) -> dict[str, list[str]]:
    """The ids of the stories in each of the feeds, newest first."""
    found = {path: [e.id for e in read(site, path).entries] for path in FEEDS}
    items = json.loads(site.text("/feed.json"))["items"]
    return found | {"/feed.json": [item["id"] for item in items]}


def links_of(site: SmallSite) -> dict[str, list[str]]:
    """Where the stories of each of the feeds lead, newest first."""
    found = {path: [e.link for e in read(site, path).entries] for path in FEEDS}
    items = json.loads(site.text("/feed.json"))["items"]
    return found | {"/feed.json": [item["url"] for item in items]}


def everywhere(*values: str) -> dict[str, list[str]]:
    return {path: [*values] for path in (*FEEDS, "/feed.json")}


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_ids_stay_through_a_new_slug_and_a_new_url(site: SmallSite, engine: str) -> None:
    settings = f'[markdown]\nengine = "{engine}"\n{URL_OF_IDS}'
    site.write({"site.toml": SETTINGS + settings})
    site.article("moving", date="2026-06-02", tags="[AI]")
    site.article("staying", tags="[AI]")
    site.build()
    first = ids(site)
    own = "https://paper.example/2026/06/moving/"
    assert first == everywhere(own, "https://paper.example/2026/06/staying/")
    feeds = [read(site, path).feed.get("id") for path in FEEDS]
    moved = SETTINGS.replace("paper.example/", "new.example/paper/")
    site.write({"site.toml": moved + 'permalink = "/{slug}.html"\n' + settings})
    site.article("moving", date="2026-06-02", tags="[AI]", slug="moved", id=own)
    site.article(
        "staying", tags="[AI]", permalink="/s/", id="https://paper.example/2026/06/staying/"
    )
    assert site.warnings() == []
    assert ids(site) == first
    assert links_of(site) == everywhere(
        "https://new.example/paper/moved.html", "https://new.example/paper/s/"
    )
    assert [read(site, path).feed.get("id") for path in FEEDS] == feeds
    assert feeds[0] == "https://paper.example/feed.xml"
    own_addresses = [link.href for link in read(site, "/feed.xml").feed.links if link.rel == "self"]
    assert own_addresses == ["https://new.example/paper/feed.xml"]


def test_without_settings_and_fields_for_them_ids_are_the_addresses(site: SmallSite) -> None:
    site.article("story", tags="[AI]", aliases="[/old/]", slug="größe")
    site.build()
    address = "https://paper.example/2026/06/gr%C3%B6%C3%9Fe/"
    assert ids(site) == links_of(site) == everywhere(address)
    assert f'<guid isPermaLink="true">{address}</guid>' in site.text("rss.xml")
    assert "<id>https://paper.example/tags/ai/feed.xml</id>" in site.text("tags/ai/feed.xml")


IDS = (
    "tag:blogger.com,1999:blog-123.post-456",
    "tag:paper.example,2020-05-06:/2020/06/größe",
    "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "https://old.example/?p=123&x=1",
    "http://old.example/2020/a%20b/",
    "doi:10.1000/182",
    "mid:20200601.A@paper.example",
)


@pytest.mark.parametrize("written", IDS)
def test_a_story_has_the_id_of_its_field_in_every_feed(site: SmallSite, written: str) -> None:
    site.article("story", tags="[AI]", id=f"'{written}'")
    assert site.warnings() == []
    assert ids(site) == everywhere(written)
    assert links_of(site) == everywhere("https://paper.example/2026/06/story/")
    assert '<guid isPermaLink="false">' in site.text("rss.xml")
    page = site.text("/2026/06/story/")
    assert "https://paper.example/2026/06/story/" in page and written not in page


def test_an_id_that_is_the_address_is_one_to_follow(site: SmallSite) -> None:
    site.article("story", id="https://paper.example/2026/06/story/")
    site.build()
    assert '<guid isPermaLink="true">' in site.text("rss.xml")


TAG = 'write a whole address, or one such as "tag:paper.example,2026:story"'


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("my-story", TAG),
        ("/2026/06/story/", TAG),
        ("tag:paper.example:story", TAG),
        ("tag:,2026:story", TAG),
        ("urn:x", TAG),
        ("https:///story", TAG),
        ("https://paper.example/a b", TAG),
        ("x:<b>", TAG),
        ("x:50%", TAG),
        ("x:", TAG),
        ("x:a\u200bb", TAG),
        ("6BA7B810-9dad-11d1-80b4-00c04fd430c8",
         'write a whole address, or one such as "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8"'),
    ],
)  # fmt: skip
def test_an_id_that_is_none_is_refused(built: SmallSite, written: str, remedy: str) -> None:
    built.article("story", id=json.dumps(written))
    shown = written.replace("\u200b", "\\u200b")
    (error,) = refused(built)
    assert error == f'content/articles/story.md:4: id: "{shown}" is no id of a feed; {remedy}'


def test_the_number_of_another_generator_is_passed_over(site: SmallSite) -> None:
    site.article("story", tags="[AI]", id="123")
    assert site.warnings() == [
        "content/articles/story.md:5: id: 123 is no id of a feed, and is passed over;"
        " take it out, or put it below `extra`"
    ]
    assert ids(site) == everywhere("https://paper.example/2026/06/story/")


def test_the_guid_of_another_generator_is_an_id_here(site: SmallSite) -> None:
    site.article("story", guid="https://old.example/?p=1")
    assert site.warnings() == ["content/articles/story.md:4: `guid` is `id` here; write `id`"]


@pytest.mark.parametrize("state", ["date: 2026-06-02", "draft: true", "expires: 2026-06-02"])
def test_two_stories_with_one_id_are_refused(built: SmallSite, state: str) -> None:
    field, _, value = state.partition(": ")
    built.article("one", id="tag:a,2026:x")
    built.article("two", **{field: value, "id": "tag:a,2026:x"})
    (error,) = refused(built)
    place = "content/articles/two.md:4" if field == "date" else "content/articles/two.md:5"
    wanted = "is also that of content/articles/one.md; give each its own"
    assert error == f'{place}: id: "tag:a,2026:x" {wanted}'


def test_the_id_that_another_story_has_by_its_address_is_refused(built: SmallSite) -> None:
    built.article("moved", id="https://paper.example/2026/06/good/")
    assert refused(built) == [
        'content/articles/moved.md:4: id: "https://paper.example/2026/06/good/" is also that of'
        " content/articles/good.md, by its address; give one of the two another"
    ]
    built.article("good", id="tag:paper.example,2026:good")
    assert built.errors() == []


@pytest.mark.parametrize("url", ["paper.example", "ftp://x.example/", "https://x.example/?a"])
def test_what_ids_are_made_from_is_an_address_of_a_site(built: SmallSite, url: str) -> None:
    built.write({"site.toml": f'{SETTINGS}[feeds]\nid_url = "{url}"\n'})
    (error,) = refused(built)
    assert error.startswith(f'site.toml:4: feeds.id_url: "{url}" is no address of a site; write it')


# --------------------------------------------------------------- picture, corrections, promo


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


# ------------------------------------------------------------------------- old addresses


OLD = {
    "/atom.xml": ("atom.xml", "feed.xml"),
    "/index.xml": ("index.xml", "feed.xml"),
    "/blog/feed.atom": ("blog/feed.atom", "feed.xml"),
    "/feed/": ("feed/index.html", "feed.xml"),
    "/feeds": ("feeds/index.html", "feed.xml"),
    "/feed.php": ("feed.php/index.html", "feed.xml"),
    "/caf%C3%A9/feed": ("café/feed/index.html", "feed.xml"),
    "/feed.rss": ("feed.rss", "rss.xml"),
    "/RSS/": ("RSS/index.html", "rss.xml"),
    "/rss/index.xml": ("rss/index.xml", "rss.xml"),
    "/index.rdf": ("index.rdf", "rss.xml"),
    "/rss/atom.xml": ("rss/atom.xml", "feed.xml"),
    "/blog/feed.xml": ("blog/feed.xml", "feed.xml"),
    "/index.json": ("index.json", "feed.json"),
    "/feed/json/": ("feed/json/index.html", "feed.json"),
    "/feed.html": ("feed.html", "feed.xml"),
}
TYPES = {"feed.xml": "atom+xml", "rss.xml": "rss+xml", "feed.json": "feed+json"}


def renamed(site: SmallSite, *aliases: str, more: str = "") -> None:
    listed = ", ".join(f'"{alias}"' for alias in aliases)
    site.write({"site.toml": f"{SETTINGS}{more}[feeds]\naliases = [{listed}]\n"})


@pytest.mark.parametrize("alias", OLD)
def test_at_an_old_address_of_the_feed_lies_the_feed(site: SmallSite, alias: str) -> None:
    file, feed = OLD[alias]
    renamed(site, alias)
    site.article("größe", "Ärger über x.", tags="[RSS]")
    assert site.warnings() == []
    built = site.outputs()
    assert built[file] == built[feed]
    assert unquote(file) not in site.text("sitemap.xml")
    inventory = read_inventory(site.public)
    assert inventory
    item = inventory.files[file]
    assert (item.kind, item.leads) == ("feed", f"https://paper.example/{feed}")
    media_type = f"application/{TYPES[feed]}; charset=utf-8"
    assert headers_of(file, item, {}, "", False).content_type == media_type
    of_tag = headers_of("tags/rss/feed.xml", inventory.files["tags/rss/feed.xml"], {}, "", False)
    assert of_tag.content_type == "application/atom+xml; charset=utf-8"
    live = Session(site.root, NOW)
    live.update()
    path = unquote(alias)
    given = respond(live, path)
    given = respond(live, f"{path}/") if given.status == 302 else given
    assert (given.status, given.type, given.body) == (200, media_type, built[feed])


def test_a_reader_of_feeds_takes_a_feed_that_a_plain_server_calls_html(site: SmallSite) -> None:
    renamed(site, "/feed/", "/rss.php")
    site.article("story", "Größe.", title="Ärger")
    site.build()
    with serving(folder(site.public)) as server:
        for path in ("feed/", "rss.php/"):
            feed = feedparser.parse(f"{server.url}{path}")
            assert feed.headers["content-type"] == "text/html"
            assert [entry.title for entry in feed.entries] == ["Ärger"]
            assert "Größe" in feed.entries[0].content[0].value
        inventory = read_inventory(site.public)
        assert inventory
        upload = load(site.public, inventory, None, {})
        assert verified(checks(upload, [], inventory, server.url), ()).problems == ()


@pytest.mark.parametrize(
    ("aliases", "what"),
    [
        (["/atom.xml", "../x"], '[2]: "../x" is no address of this site: it leaves its folder;'
         ' write a path such as "/atom.xml"'),
        (["https://x.org/feed"], '[1]: "https://x.org/feed" is no address of this site: it is the'
         ' address of another site; write a path such as "/atom.xml"'),
        (["/feed.xml"], '[1]: another page has the address "/feed.xml" already; take it out'),
        (["/a.xml", "/tags"], '[2]: another page has the address "/tags" already; take it out'),
        (["/feed", "/feed/"], '[2]: another page has the address "/feed/" already; take it out'),
        (["/rss.xml/x"], '[1]: another page has the address "/rss.xml/x" already; take it out'),
    ],
)  # fmt: skip
def test_an_old_address_that_cannot_be(built: SmallSite, aliases: list[str], what: str) -> None:
    renamed(built, *aliases)
    assert refused(built) == [f"site.toml:4: feeds.aliases{what}"]


def test_an_old_address_of_the_feed_that_a_story_or_file_has(built: SmallSite) -> None:
    renamed(built, "/atom.xml", "/old.xml")
    built.article("story", aliases="[/atom.xml]")
    built.write({"content/old.xml": "<x/>"})
    place = "is also that of a feed, by `feeds.aliases` in site.toml; rename one of the two"
    assert refused(built) == [
        f"content/articles/story.md:4: its alias /atom.xml/ {place}",
        f"content/old.xml: its address /old.xml {place}",
    ]


def test_an_edit_that_wakes_the_feed_wakes_its_copies(site: SmallSite) -> None:
    renamed(site, "/atom.xml", "/feed/")
    site.article("story", "One.")
    site.build()
    site.article("story", "One.\n\nTwo.")
    rendered = build_again(site).rendered
    assert {"feed.xml", "atom.xml", "feed/index.html"} <= rendered
    renamed(site, "/atom.xml")
    assert build_again(site).deleted == {"feed/index.html"}
