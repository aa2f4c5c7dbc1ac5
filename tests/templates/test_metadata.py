"""What machines read of a page: head, Open Graph, JSON-LD."""

import json
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree, html
from lxml.html import HtmlElement

from support.images import png
from support.sites import SETTINGS, SmallSite

STORY = "/2026/06/story/"
HOME = "https://paper.example"
PNG = png(3, 2, shade=90)


def meta(page: HtmlElement, name: str) -> list[str]:
    return [
        str(element.get("content"))
        for element in page.cssselect("meta")
        if name in (element.get("name"), element.get("property"))
    ]


def structured(page: HtmlElement, kind: str) -> Any:
    """The page's one piece of JSON-LD of a type."""
    found = [json.loads(e.text or "") for e in page.cssselect("script[type='application/ld+json']")]
    (data,) = [d for d in found if d["@type"] == kind]
    assert data["@context"] == "https://schema.org"
    return data


def test_a_story_tells_what_it_is(site: SmallSite) -> None:
    site.write({"content/articles/dot.png": PNG})
    picture = "{src: dot.png, alt: A dot}"
    site.article("story", summary="The dek", tags="[AI, Law]", author="Ann", image=picture)
    site.build()
    page = site.page(STORY)
    assert page.xpath("//link[@rel='canonical']/@href") == [HOME + STORY]
    expected = {
        "description": ["The dek"],
        "robots": ["max-image-preview:large"],
        "twitter:card": ["summary_large_image"],
        "og:type": ["article"],
        "og:url": [HOME + STORY],
        "og:title": ["Story"],
        "og:description": ["The dek"],
        "og:site_name": ["Test Paper"],
        "og:locale": ["en_US"],
        "og:image": [f"{HOME}/articles/dot.png"],
        "og:image:alt": ["A dot"],
        "og:image:width": ["3"],
        "og:image:height": ["2"],
        "article:published_time": ["2026-06-01T00:00:00+00:00"],
        "article:author": [f"{HOME}/authors/ann/"],
        "article:tag": ["AI", "Law"],
    }
    assert {name: meta(page, name) for name in expected} == expected


def test_a_story_without_a_picture_is_shared_with_the_sites(site: SmallSite) -> None:
    site.write({"content/share.png": PNG, "content/articles/map.svg": "<svg/>"})
    site.article("story", image="{src: map.svg, alt: A map}")
    site.build()
    assert meta(site.page(STORY), "og:image") == []
    assert meta(site.page(STORY), "twitter:card") == ["summary"]
    site.write({"site.toml": 'image = "/share.png"\n' + SETTINGS})
    site.build()
    for path in ("/", STORY, "/tags/"):
        assert meta(site.page(path), "og:image") == [f"{HOME}/share.png"]


def test_a_picture_without_a_scheme_keeps_its_host(site: SmallSite) -> None:
    site.article("story", image="{src: //cdn.example/x.png, alt: x}")
    site.build()
    assert meta(site.page(STORY), "og:image") == ["https://cdn.example/x.png"]


def test_a_news_article_has_all_that_search_engines_ask_for(site: SmallSite) -> None:
    site.write(
        {
            "site.toml": SETTINGS + '[publisher]\nname = "The House"\nlogo = "/dot.png"\n',
            "content/dot.png": PNG,
            "content/authors/ann.md": "---\nname: Ann Ant\nrole: Reporter\n---\n",
            "content/authors/desk.md": "---\nname: The Desk\nkind: organization\n---\n",
        }
    )
    site.article(
        "story",
        date="2026-06-01T08:00:00+02:00",
        authors="[Ann Ant, desk, Bo]",
        image="{src: /dot.png, alt: A dot, caption: Now, credit: Bo}",
        updated="2026-06-02",
        corrections="[{date: 2026-06-03T09:00:00+02:00, text: Not ten.}]",
        source='{name: T, url: "https://t.example/", author: Di, published: 2026-05-31}',
    )
    site.build()
    data = structured(site.page(STORY), "NewsArticle")
    assert data["headline"] == "Story"
    assert data["url"] == data["mainEntityOfPage"] == HOME + STORY
    assert data["datePublished"] == "2026-06-01T08:00:00+02:00"
    assert data["dateModified"] == "2026-06-03T09:00:00+02:00"
    assert [(a["@type"], a["name"], a["url"]) for a in data["author"]] == [
        ("Person", "Ann Ant", f"{HOME}/authors/ann/"),
        ("Organization", "The Desk", f"{HOME}/authors/desk/"),
        ("Person", "Bo", f"{HOME}/authors/bo/"),
    ]
    assert data["publisher"]["name"] == "The House"
    assert data["publisher"]["logo"]["url"] == f"{HOME}/dot.png"
    assert data["image"][0] == {
        "@type": "ImageObject",
        "url": f"{HOME}/dot.png",
        "width": 3,
        "height": 2,
        "caption": "Now",
        "creditText": "Bo",
    }
    assert data["isBasedOn"] == {
        "@type": "CreativeWork",
        "name": "T",
        "url": "https://t.example/",
        "author": {"@type": "Person", "name": "Di"},
        "datePublished": "2026-05-31T00:00:00+00:00",
    }
    assert data["correction"] == [
        {
            "@type": "CorrectionComment",
            "datePublished": "2026-06-03T09:00:00+02:00",
            "text": "Not ten.",
        }
    ]


def test_a_story_that_nobody_signed_is_the_publishers(site: SmallSite) -> None:
    site.article("story")
    site.build()
    data = structured(site.page(STORY), "NewsArticle")
    assert [a["name"] for a in data["author"]] == ["Test Paper"]
    assert data["datePublished"] == data["dateModified"] == "2026-06-01T00:00:00+00:00"
    assert not {"image", "isBasedOn", "correction"} & set(data)


@pytest.mark.parametrize("base", ["", "news/"])
def test_breadcrumbs_lead_from_the_front_page_to_here(site: SmallSite, base: str) -> None:
    site.write({"site.toml": f'title = "P"\nurl = "https://p.example/{base}"\n'})
    site.article("story", tags="[AI]", author="Ann")
    site.build()
    ways = {
        STORY: ["", "tags/ai/", "2026/06/story/"],
        "/tags/ai/": ["", "tags/", "tags/ai/"],
        "/authors/ann/": ["", "authors/", "authors/ann/"],
        "/archive/2026/06/": ["", "archive/", "archive/2026/", "archive/2026/06/"],
    }
    for path, way in ways.items():
        steps = structured(site.page(path), "BreadcrumbList")["itemListElement"]
        assert [step["item"] for step in steps] == [f"https://p.example/{base}{w}" for w in way]
        assert [step["position"] for step in steps] == list(range(1, len(way) + 1))


def test_the_front_page_presents_the_site(site: SmallSite) -> None:
    site.write({"site.toml": 'description = "All & more"\n' + SETTINGS})
    site.build()
    data = structured(site.page("/"), "WebSite")
    assert (data["name"], data["url"]) == ("Test Paper", f"{HOME}/")
    assert data["description"] == "All & more"


def test_every_page_of_the_demo_has_a_whole_head(demo: Path) -> None:
    titles: set[str] = set()
    for file in sorted(demo.rglob("*.html")):
        page = html.document_fromstring(file.read_text(encoding="utf-8"))
        if page.xpath("//meta[@http-equiv='refresh']"):
            continue
        url = "/" + file.relative_to(demo).as_posix().removesuffix("index.html")
        canonical = [f"https://broadsheet.example{url}"]
        assert page.xpath("//link[@rel='canonical']/@href") == canonical
        assert meta(page, "og:url") == canonical
        assert len(meta(page, "description")) == 1 and meta(page, "description")[0].strip()
        assert meta(page, "og:title") and meta(page, "og:image") and meta(page, "twitter:card")
        assert meta(page, "robots") == ["noindex" if "404" in url else "max-image-preview:large"]
        types = page.xpath("//link[@rel='alternate']/@type")
        wanted = {"application/atom+xml", "application/rss+xml", "application/feed+json"}
        assert wanted <= set(map(str, types))
        title = str(page.findtext(".//title"))
        assert title not in titles, url
        titles.add(title)


def test_a_tag_page_offers_its_own_feed_first(site: SmallSite) -> None:
    site.article("story", tags="[AI]")
    site.build()
    feeds = site.page("/tags/ai/").xpath("//link[@rel='alternate']/@href")
    assert feeds == ["/tags/ai/feed.xml", "/feed.xml", "/rss.xml", "/feed.json"]


# --------------------------------------------------------------------- difficult text


NASTY = "\"Q\" & 'A': </script><!-- &amp; ]]> \\u003c <b>{{ x }}</b> 😀"
SET = "“Q” & ‘A’: </script><!– &amp; ]]> \\u003c <b>{{ x }}</b> 😀"
"""Text with the marks of the language. Names stay as they were typed."""
READ = SET.replace("&amp;", "&")
"""Where there may be Markdown in a line, a reference to a character is that character."""
QUOTED = json.dumps(NASTY, ensure_ascii=False)  # YAML and TOML read it alike


def test_difficult_text_survives_everywhere(site: SmallSite) -> None:
    text = QUOTED
    site.write({"content/articles/dot.png": PNG})
    site.article(
        "story",
        date="2026-06-15",
        title=text,
        summary=text,
        kicker=text,
        author=text,
        tags=f"[{text}]",
        image=f"{{src: dot.png, alt: {text}, title: {text}, credit: {text}, caption: {text}}}",
        source=f'{{name: {text}, url: "https://t.example/"}}',
        corrections=f"[{{date: 2026-06-15, text: {text}}}]",
    )
    site.build()
    page = site.page(STORY)
    for shown, selectors in {
        SET: ("h1", ".kicker"),
        READ: (".dek",),
        NASTY: (".source a", "a[rel=author]", "a[rel=tag]"),
    }.items():
        for selector in selectors:
            (element,) = page.cssselect(f"article {selector}")
            assert " ".join(element.text_content().split()) == " ".join(shown.split()), selector
    assert page.cssselect("article img")[0].get("alt") == SET
    assert (meta(page, "description"), meta(page, "og:title")) == ([READ], [SET])
    data = structured(page, "NewsArticle")
    assert data["author"][0]["name"] == NASTY
    assert (data["headline"], data["description"]) == (SET, READ)
    assert data["image"][0]["caption"] == data["correction"][0]["text"] == READ
    assert structured(page, "BreadcrumbList")["itemListElement"][-1]["name"] == SET
    item = json.loads(site.text("/feed.json"))["items"][0]
    assert item["authors"][0]["name"] == NASTY
    assert (item["title"], item["summary"]) == (SET, READ)
    news = etree.fromstring((site.public / "news-sitemap.xml").read_bytes())
    assert [e.text for e in news.iter("{*}title")] == [SET]
    for path in ("feed.xml", "rss.xml"):
        tree = etree.fromstring((site.public / path).read_bytes())
        entry = next(iter([*tree.iter("{*}entry"), *tree.iter("item")]))
        assert entry.findtext("{*}title") == SET
        assert not feedparser.parse((site.public / path).read_bytes()).bozo


def test_difficult_settings_survive_everywhere(site: SmallSite) -> None:
    site.write({"site.toml": f'title = {QUOTED}\ntagline = {QUOTED}\nurl = "{HOME}/"\n'})
    site.article("story", date="2026-06-15")
    site.build()
    assert structured(site.page("/"), "WebSite")["name"] == NASTY
    assert meta(site.page(STORY), "og:site_name") == [NASTY]
    assert json.loads(site.text("/feed.json"))["title"] == NASTY
    for path in ("feed.xml", "rss.xml", "news-sitemap.xml", "sitemap.xml"):
        etree.fromstring((site.public / path).read_bytes())
