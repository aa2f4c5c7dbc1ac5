"""The content model: every field of front matter, seen in what readers get."""

import pytest

from support.images import PNG
from support.sites import SETTINGS, SmallSite, links, words

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="6"/>'
HOME = "/2026/06/a/"

YAML = '---\ntitle: "A: one"\ndate: 2026-06-01\ntags:\n  - AI\n  - Law\n---\n\nText.\n'
TOML = '+++\ntitle = "A: one"\ndate = 2026-06-01\ntags = ["AI", "Law"]\n+++\n\nText.\n'
JSON = '{\n"title": "A: one",\n"date": "2026-06-01",\n"tags": ["AI", "Law"]\n}\n\nText.\n'


@pytest.mark.parametrize(
    "text", [YAML, TOML, JSON, YAML.replace("\n", "\r\n"), f"\ufeff{YAML}", f"\n\n{YAML}"]
)
def test_front_matter_may_be_yaml_toml_or_json_as_any_system_saves_it(
    site: SmallSite, text: str
) -> None:
    site.write({"content/articles/a.md": text})
    assert site.warnings() == []
    assert words(site.page(HOME), "h1") == "A: one"
    assert links(site.page(HOME), "a[rel=tag]") == ["/tags/ai/", "/tags/law/"]
    assert words(site.page(HOME), ".prose") == "Text."


@pytest.mark.parametrize("title", ["1984", "2026-06-01"])
def test_a_title_may_look_like_a_number_or_a_date(site: SmallSite, title: str) -> None:
    site.article("a", title=title)
    site.build()
    assert words(site.page(HOME), "h1") == title


def test_a_title_over_two_lines_is_one(site: SmallSite) -> None:
    site.article("a", title=">\n  A headline\n  on two lines")
    site.build()
    shown = site.page(HOME).xpath("//meta[@property='og:title']/@content")
    assert shown == ["A headline on two lines"]


def test_a_date_without_a_zone_is_in_the_sites(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + 'timezone = "Asia/Tokyo"\n'})
    dates = {
        "2026-06-01": "2026-06-01T00:00:00+09:00",
        "2026-06-01T08:30": "2026-06-01T08:30:00+09:00",
        "2026-06-01 08:30:15": "2026-06-01T08:30:15+09:00",
        "2026-06-01T08:30:00Z": "2026-06-01T08:30:00+00:00",
        "2026-06-01T08:30:00-05:00": "2026-06-01T08:30:00-05:00",
    }
    for number, date in enumerate(dates):
        site.article(f"s{number}", date=date)
    site.build()
    pages = [site.page(f"/2026/06/s{number}/") for number in range(len(dates))]
    assert [p.xpath("string(//article//time/@datetime)") for p in pages] == list(dates.values())


def test_toml_has_dates_of_its_own(site: SmallSite) -> None:
    front = '+++\ntitle = "A"\ndate = 2026-06-01T08:30:00-05:00\n[extra]\nday = 2026-06-02\n+++\n'
    site.write({"content/articles/a.md": front, "layouts/article.html": "{{ story.extra.day }}"})
    site.build()
    assert site.text(HOME) == "2026-06-02"


# ------------------------------------------------------------------- authors and tags


AUTHOR = """
    -- content/authors/al.md --
    ---
    name: Ann Lee
    role: Editor
    follow: {url: "https://ann.example/", label: Follow Ann}
    ---
    She *digs*.
    """


def test_an_author_is_known_by_slug_or_name(site: SmallSite) -> None:
    site.write(AUTHOR)
    site.article("s0", author="Ann Lee")
    site.article("s1", author="al")
    site.article("s2", authors="[ann-lee]")
    site.article("s3", author="[ANN LEE]")
    site.article("s4", author="al", authors="[Ann Lee]")
    site.build()
    for page in (site.page(f"/2026/06/s{number}/") for number in range(5)):
        assert links(page, "a[rel=author]") == ["/authors/al/"]
        assert words(page, ".byline") == "By Ann Lee"
        assert "She digs." in words(page, "section.author")
        assert links(page, ".follow a") == ["https://ann.example/"]


def test_authors_without_a_file_are_fine(site: SmallSite) -> None:
    site.article("a", author="Zoe Unal", authors="[zoe unal, Bo]")
    assert site.warnings() == []
    assert links(site.page(HOME), "a[rel=author]") == ["/authors/zoe-unal/", "/authors/bo/"]
    assert site.page(HOME).cssselect("section.author") == []
    assert words(site.page("/authors/bo/"), "h1") == "Bo"


def test_spellings_of_a_tag_are_one_tag_named_by_the_commonest(site: SmallSite) -> None:
    for number, tags in enumerate(["[AI]", "[ai, AI]", "[A.I.]", "[A.I.]", "[A.I., ai]"]):
        site.article(f"s{number}", tags=tags)
    site.build()
    assert links(site.page("/tags/"), "main ul a") == ["/tags/ai/"]
    assert words(site.page("/tags/ai/"), "h1") == "A.I."
    assert links(site.page("/2026/06/s1/"), "a[rel=tag]") == ["/tags/ai/"]


def test_a_tags_file_names_it(site: SmallSite) -> None:
    site.write({"content/tags/ai.md": "---\nname: Machines\n---\nThat *think*.\n"})
    site.article("a", tags="[A.I.]")
    site.build()
    assert words(site.page(HOME), "a[rel=tag]") == "Machines"
    assert "That think." in words(site.page("/tags/ai/"))


def test_a_tag_has_a_readable_address(site: SmallSite) -> None:
    tags = ["C++", "C#", "U.S.", "Don’t", "Zürich", "Россия", "page", "feed.xml", '"2026"']
    slugs = ["c-plus-plus", "c-sharp", "us", "dont", "zurich", "rossiia", "page", "feed-xml"]
    site.article("a", tags=f"[{', '.join(tags)}]")
    site.build()
    assert links(site.page(HOME), "a[rel=tag]") == [f"/tags/{slug}/" for slug in [*slugs, "2026"]]
    assert all(HOME in links(site.page(f"/tags/{slug}/"), "main a") for slug in slugs)


# --------------------------------------------------------------- words and a picture


def test_the_summary_is_the_dek_else_the_first_paragraph_cut(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + "[markdown]\nexcerpt = 30\n"})
    site.article("a", "## Head\n\nSome *first* words[^1] and, by the way, many more.\n\n[^1]: N")
    site.article("b", "Body.", summary="The dek")
    site.article("c", "")
    site.build()
    front = site.page("/")
    assert "Some first words and, by the…" in words(front, ".summary")
    assert "The dek" in words(front, ".summary")
    assert words(site.page("/2026/06/b/"), ".dek") == "The dek"
    assert site.page("/2026/06/c/").xpath("//meta[@name='description']/@content") == ["C"]


@pytest.mark.parametrize(
    ("name", "data", "size"),
    [("p.png", PNG, ("32", "16")), ("p.svg", SVG.encode(), ("9", "6")), ("p.bin", b"no", (None,))],
)
def test_a_picture_comes_with_its_size_title_credit_and_caption(
    site: SmallSite, name: str, data: bytes, size: tuple[str | None, ...]
) -> None:
    site.write({f"content/articles/{name}": data})
    site.article("a", image=f"{{src: {name}, alt: A & B, title: T, credit: C, caption: D}}")
    assert site.warnings() == []
    (picture,) = site.page(HOME).cssselect(".story-figure img")
    assert (picture.get("src"), picture.get("alt")) == (f"/articles/{name}", "A & B")
    assert (picture.get("width"), picture.get("height")) == (size * 2)[:2]
    assert words(site.page(HOME), ".story-figure figcaption") == "T D C"
    assert site.outputs()[f"articles/{name}"] == data


def test_kicker_source_updated_corrections_and_featured(site: SmallSite) -> None:
    site.article("first", date="2026-06-02")
    site.article(
        "a",
        kicker="Exclusive",
        source='{name: Wire, url: "https://w.example/1", author: Bo, published: 2026-05-31}',
        updated="2026-06-03",
        corrections='[{date: 2026-06-04, text: "The name was wrong."}]',
        featured="1",
    )
    site.build()
    article = site.page(HOME).cssselect("article")[0]
    assert words(article, "header .kicker") == "Exclusive"
    assert words(article, ".source") == "Based on reporting by Bo at Wire"
    assert links(article, ".source a") == ["https://w.example/1"]
    assert "June 4, 2026 The name was wrong." in words(article, ".corrections li")
    assert words(site.page("/"), "main h2").startswith("A ")


def test_slug_aliases_comments_and_extra(site: SmallSite) -> None:
    mail = '[comments]\nprovider = "mailto"\naddress = "d@e.example"\n'
    site.write({"site.toml": SETTINGS + mail})
    block = "{% block dek %}<b>{{ story.extra.mood }} {{ story.extra.list[1] }}</b>{% endblock %}"
    site.write({"layouts/article.html": f'{{% extends "default/article.html" %}}\n{block}'})
    extra = "{mood: calm, list: [1, 2]}"
    site.article("a", slug="own.Slug_1", aliases='[/old/, "/older.html"]', extra=extra)
    site.article("b", comments="false", extra=extra)
    assert site.warnings() == []
    page = site.page("/2026/06/own.Slug_1/")
    assert words(page, "b") == "calm 2"
    assert len(page.cssselect(".comments")) == 1
    assert site.page("/2026/06/b/").cssselect(".comments") == []
    for old in ("/old/", "/older.html"):
        assert links(site.page(old), "a") == ["/2026/06/own.Slug_1/"]


def test_an_unknown_field_is_a_warning_with_the_nearest_name(site: SmallSite) -> None:
    site.article("a", sumary="x", autor="y", Tags="[z]")
    names = {"sumary": "summary", "autor": "author", "Tags": "tags"}
    assert site.warnings() == [
        f"content/articles/a.md:{line}: unknown field `{field}`; did you mean `{near}`?"
        for line, (field, near) in enumerate(names.items(), 4)
    ]
