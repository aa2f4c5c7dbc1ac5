"""A site of several languages: each is a site of its own, and all know of one another."""

from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest

from generator.commands.related import orphans, ranking
from generator.commands.status import news_clock
from generator.errors import UsageError
from generator.model import Article
from generator.output.inventory import read_inventory
from generator.pages import PageContext, story
from generator.preview.session.page_info import page_info, why
from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from generator.preview.session.texts import MANY
from generator.templates.views import Head
from support.answers import built, shown
from support.builds import build_again, clean_copy, clean_tree, differing, tree
from support.images import png
from support.sites import NOW, SETTINGS, SmallSite, links, refused, words

GERMAN = """[languages.de]
title = "Testblatt"
tagline = "Was bleibt"
menu = [{ title = "Über uns", url = "/de/about/" }]
labels = { related = "Dazu" }
"""
PLAIN = "[languages.de]\n"
HREFLANG = "//link[@rel='alternate'][@hreflang]"


def declared(site: SmallSite, tables: str = GERMAN, more: str = "") -> None:
    site.write({"site.toml": f"{SETTINGS}{more}{tables}"})


def text(site: SmallSite, path: str, body: str = "Text.", **fields: Any) -> None:
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    site.write({f"content/{path}.md": f"---\n{lines}---\n\n{body}\n"})


def alternates(site: SmallSite, path: str) -> dict[str, str]:
    """The languages that a page is said to be there in, and where."""
    origin = "https://paper.example"
    found = site.page(path).xpath(HREFLANG)
    return {link.get("hreflang"): link.get("href").removeprefix(origin) for link in found}


@pytest.fixture
def paper(site: SmallSite) -> SmallSite:
    """Two stories in two languages, one in each alone, and a page in both."""
    declared(site)
    for name, day in (("summit", 1), ("river", 2), ("only", 3)):
        site.article(name, f'A "{name}" text.', date=f"2026-06-0{day}", tags="[Water]")
    for name, day in (("summit", 1), ("river", 2), ("allein", 4)):
        title, date = f"{name.title()} auf Deutsch", f"2026-06-0{day}"
        site.article(f"{name}.de", f'Ein "{name}"-Text.', title=title, date=date, tags="[Wasser]")
    text(site, "pages/about", title="About")
    text(site, "pages/about.de", title="Über uns")
    return site


# ------------------------------------------------------------- a site for each language


def test_each_language_has_its_own_front_page_lists_feeds_and_sitemap(paper: SmallSite) -> None:
    assert paper.warnings() == []
    both = {"": ["only", "river", "summit"], "de/": ["allein", "river", "summit"]}
    for prefix, names in both.items():
        stories = [f"/{prefix}2026/06/{name}/" for name in names]
        front = paper.page(f"{prefix}index.html")
        assert links(front, "main h2 a, main h3 a") == stories
        feed = feedparser.parse(paper.outputs()[f"{prefix}feed.xml"])
        assert [e.link for e in feed.entries] == [f"https://paper.example{s}" for s in stories]
        term = "wasser" if prefix else "water"
        assert links(paper.page(f"{prefix}tags/{term}/index.html"), "main h3 a") == stories
        assert links(paper.page(f"{prefix}archive/2026/06/index.html"), "main .day a") == stories
        sitemap = paper.text(f"{prefix}sitemap.xml")
        assert all(f"<loc>https://paper.example{story}</loc>" in sitemap for story in stories)
    assert "/de/" not in paper.text("sitemap.xml")
    assert not (paper.public / "de/2026/06/only").exists()
    assert paper.text("robots.txt").splitlines()[-2:] == [
        "Sitemap: https://paper.example/sitemap.xml",
        "Sitemap: https://paper.example/de/sitemap.xml",
    ]


def test_a_page_speaks_its_language(paper: SmallSite) -> None:
    paper.build()
    page = paper.page("de/2026/06/river/index.html")
    assert page.get("lang") == "de"
    assert page.xpath("//meta[@property='og:locale']/@content") == ["de_DE"]
    assert page.xpath("//title/text()") == ["River auf Deutsch | Testblatt"]
    assert '"inLanguage":"de"' in paper.text("de/2026/06/river/")
    assert "Ein „river“-Text." in paper.text("de/2026/06/river/")
    assert "A “river” text." in paper.text("2026/06/river/")
    assert words(page, ".story-meta time") == "2. Juni 2026"
    assert words(page, ".related h2") == "Dazu"
    assert words(paper.page("2026/06/river/index.html"), ".related h2") != "Dazu"
    assert words(page, ".menu") == "Über uns English"
    assert words(paper.page("de/index.html"), ".tagline") == "Was bleibt"
    assert words(paper.page("index.html"), ".tagline") == ""
    feed = feedparser.parse(paper.outputs()["de/rss.xml"])
    assert (feed.feed.title, feed.feed.language) == ("Testblatt", "de")


def test_related_stories_and_neighbours_stay_in_one_language(paper: SmallSite) -> None:
    paper.build()
    page = paper.page("de/2026/06/river/index.html")
    assert links(page, ".neighbours a") == ["/de/2026/06/summit/", "/de/2026/06/allein/"]
    assert set(links(page, ".related h3 a")) <= {"/de/2026/06/summit/", "/de/2026/06/allein/"}
    assert links(page, ".related h3 a")
    assert all(
        "/de/" not in link for link in links(paper.page("2026/06/river/index.html"), "main a")
    )


def test_pages_in_several_languages_lead_to_each_other(paper: SmallSite) -> None:
    text(paper, "tags/shared", name="Shared")
    text(paper, "tags/shared.de", name="Geteilt")
    paper.article("summit", tags="[Shared, Water]", author="Ann Lee", date="2026-06-01")
    more = {"title": "Gipfel", "tags": "[Geteilt, Wasser]", "author": "Ann Lee"}
    paper.article("summit.de", date="2026-06-01", **more)
    paper.build()
    for place in (
        "",
        "2026/06/summit/",
        "about/",
        "tags/shared/",
        "authors/ann-lee/",
        "archive/",
        "tags/",
        "authors/",
    ):
        wanted = {"en": f"/{place}", "x-default": f"/{place}", "de": f"/de/{place}"}
        assert alternates(paper, f"{place}index.html") == wanted
        assert alternates(paper, f"de/{place}index.html") == wanted
        here, there = (paper.page(f"{p}{place}index.html") for p in ("", "de/"))
        assert links(here, ".menu a[hreflang]") == [f"/de/{place}"]
        assert links(there, ".menu a[hreflang]") == [f"/{place}"]
    assert words(paper.page("index.html"), ".menu a[lang=de]") == "Deutsch"


def test_what_is_there_in_one_language_is_offered_in_no_other(paper: SmallSite) -> None:
    paper.build()
    for path in ("2026/06/only/", "de/2026/06/allein/", "tags/water/", "de/tags/wasser/"):
        assert alternates(paper, f"{path}index.html") == {}
        assert links(paper.page(f"{path}index.html"), ".menu a[hreflang]") == []
    assert alternates(paper, "404.html") == {}
    assert "hreflang" not in paper.text("sitemap.xml")


def test_a_text_leads_to_what_is_there_in_its_language_else_to_another(paper: SmallSite) -> None:
    body = "[a](river.md) [b](only.md) [c](summit.de.md) [d](/articles/river.md) [e](river.md#top)"
    paper.article("summit.de", body, title="Gipfel")
    paper.article("summit", "[a](river.md) [b](allein.md) [c](river.de.md)")
    assert paper.warnings() == []
    german = links(paper.page("de/2026/06/summit/index.html"), ".prose a")
    river = "/de/2026/06/river/"
    assert german == [river, "/2026/06/only/", "/de/2026/06/summit/", river, f"{river}#top"]
    english = links(paper.page("2026/06/summit/index.html"), ".prose a")
    assert english == ["/2026/06/river/", "/de/2026/06/allein/", "/de/2026/06/river/"]


def test_a_link_leads_to_another_language_while_its_own_is_a_draft(paper: SmallSite) -> None:
    paper.article("summit.de", "[a](river.md)", title="Gipfel")
    paper.article("river.de", "Text.", title="Fluss", draft="true")
    assert paper.warnings() == []
    page = paper.page("de/2026/06/summit/index.html")
    assert links(page, ".prose a") == ["/2026/06/river/"]
    assert alternates(paper, "2026/06/river/index.html") == {}


def test_pictures_beside_a_text_are_shared(site: SmallSite) -> None:
    declared(site, PLAIN)
    site.write({"content/articles/trip/map.png": png(8, 6, 1)})
    site.article("trip/index", "![Map](map.png)")
    site.article("trip/index.de", "![Karte](map.png)", title="Reise")
    assert site.warnings() == []
    for path in ("2026/06/trip/index.html", "de/2026/06/trip/index.html"):
        assert site.page(path).xpath("//main//img/@src") == ["/2026/06/trip/map.png"]
    assert [path for path in site.outputs() if path.endswith("map.png")] == ["2026/06/trip/map.png"]


def test_an_author_is_lent_to_another_language_without_the_words(site: SmallSite) -> None:
    declared(site, PLAIN)
    text(site, "authors/ann", "A bio.", name="Ann Lee", role="Editor", aliases="[/ann/]")
    text(site, "authors/bo", "Bo's bio.", name="Bo Ek")
    text(site, "authors/bo.de", "Über Bo.", name="Bo Ek", role="Redakteur")
    site.article("story.de", "Text.", title="Geschichte", author="[ann, bo]")
    site.article("story", author="[ann, bo]")
    assert site.warnings() == []
    page = site.page("de/authors/ann/index.html")
    assert words(page, "h1") == "Ann Lee"
    assert "A bio." not in site.text("de/authors/ann/")
    assert "Editor" not in site.text("de/authors/ann/")
    assert "Über Bo." in site.text("de/authors/bo/")
    site.article("story.de", "Text.", title="Geschichte", author="bo")
    site.build()
    assert not (site.public / "de/authors/ann").exists()


def test_a_promo_is_shown_in_its_own_language_alone(site: SmallSite) -> None:
    declared(site, PLAIN, 'promos = { default = "letter" }\n')
    text(site, "promos/letter", title="Letter", url="https://x.example/", label="Go")
    site.article("story")
    site.article("story.de", title="Geschichte", promo="letter")
    assert site.warnings() == []
    assert "x.example" not in site.text("de/2026/06/story/")
    promo = {"title": "Brief", "url": "https://x.example/", "label": "Los"}
    text(site, "promos/letter.de", **promo)
    site.build()
    assert words(site.page("de/2026/06/story/index.html"), ".promo a") == "Los"


def test_sections_and_what_a_site_declares_stand_below_the_prefix(site: SmallSite) -> None:
    tables = """[taxonomies.places]
title = "Places"
permalink = "/in/{slug}/"
[languages.de]
prefix = "/deutsch/"
titles = { places = "Orte", section = "Ressorts" }
sections = ["Welt"]
footer = [{ title = "Impressum", url = "/deutsch/" }]
"""
    more = 'permalink = "/{section}/{slug}/"\naddresses = { tags = "/topics/" }\n'
    declared(site, tables, more)
    text(site, "section/world", name="World")
    text(site, "section/world.de", name="Welt")
    site.article("story", section="World", places="[Kyiv]", tags="[A]")
    site.article("story.de", title="Geschichte", section="Welt", places="[Kyiv]", tags="[A]")
    assert site.warnings() == []
    assert {path for path in site.outputs() if path.startswith("deutsch/")} >= {
        "deutsch/index.html",
        "deutsch/world/index.html",
        "deutsch/world/feed.xml",
        "deutsch/world/story/index.html",
        "deutsch/in/kyiv/index.html",
        "deutsch/topics/a/index.html",
        "deutsch/sitemap.xml",
    }
    assert words(site.page("deutsch/in/index.html"), "h1") == "Orte"
    assert words(site.page("in/index.html"), "h1") == "Places"
    assert links(site.page("deutsch/index.html"), "main h2.label a") == ["/deutsch/world/"]
    assert words(site.page("deutsch/index.html"), ".footer").count("Impressum") == 1
    wanted = {"en": "/world/", "x-default": "/world/", "de": "/deutsch/world/"}
    assert alternates(site, "world/index.html") == wanted
    assert differing(tree(site.public), clean_tree(site)) == []


def test_collections_queries_and_data_are_of_one_language(paper: SmallSite) -> None:
    tables = """[collections.events]
title = "Events"
feed = true
fields.place = "text"
[languages.de]
titles = { events = "Termine" }
"""
    declared(paper, tables)
    text(paper, "events/fair", title="Fair", place="Kyiv", date="2026-06-01")
    text(paper, "events/fair.de", title="Messe", place="Kiew", date="2026-06-01")
    text(paper, "events/only", title="Only", date="2026-06-01")
    query = "{% for card in stories(most=2) %}<i>{{ card.title }}</i>{% endfor %}"
    shown_there = "{% for one in collections.events %}<b>{{ one.title }}</b>{% endfor %}"
    block = "{% block main %}" + query + shown_there + "{{ data.words.a }}{% endblock %}"
    layout = {"layouts/page.html": '{% extends "default/page.html" %}' + block}
    paper.write({**layout, "content/_data/words.toml": 'a = "one"\n'})
    assert paper.warnings() == []
    wanted = {"en": "/events/fair/", "x-default": "/events/fair/", "de": "/de/events/fair/"}
    assert alternates(paper, "de/events/fair/index.html") == wanted
    assert alternates(paper, "events/index.html")["de"] == "/de/events/"
    assert words(paper.page("de/events/index.html"), "h1") == "Termine"
    assert links(paper.page("de/events/index.html"), "main h2 a, main h3 a") == ["/de/events/fair/"]
    assert (paper.public / "de/events/feed.xml").exists()
    about = "Allein auf Deutsch", "River auf Deutsch", "Messe"
    page = paper.page("de/about/index.html")
    assert tuple(part.text for part in page.cssselect("main i, main b")) == about
    assert words(paper.page("about/index.html"), "main").endswith(" OnlyRiverFairOnlyone")
    paper.article("neu.de", title="Neu", date="2026-06-05", tags="[Wasser]")
    rendered, _, _ = build_again(paper)
    assert "de/about/index.html" in rendered
    assert "about/index.html" not in rendered
    paper.write({"content/_data/words.toml": 'a = "two"\n'})
    rendered, _, _ = build_again(paper)
    assert rendered == {"about/index.html", "de/about/index.html"}
    text(paper, "events/only.de", title="Nur", date="2026-06-01")
    rendered, _, _ = build_again(paper)
    assert {"events/only/index.html", "de/about/index.html"} <= rendered
    live = Session(paper.root, NOW, drafts=False)
    live.update()
    live.settle()
    pages, wrong = shown(live)
    assert wrong == []
    assert differing(pages, built(tree(paper.public))) == []


def test_languages_with_territories_are_told_apart_whatever_the_case(site: SmallSite) -> None:
    declared(site, "[languages.pt-BR]\n[languages.pt]\n")
    site.article("story")
    site.article("story.pt-br", title="Brasil")
    site.article("story.PT", title="Portugal")
    assert site.warnings() == []
    assert alternates(site, "pt-br/2026/06/story/index.html") == {
        "en": "/2026/06/story/",
        "x-default": "/2026/06/story/",
        "pt-BR": "/pt-br/2026/06/story/",
        "pt": "/pt/2026/06/story/",
    }
    page = site.page("index.html")
    assert page.xpath("//nav[@class='menu']//a[@hreflang]/@href") == ["/pt-br/", "/pt/"]
    assert words(page, ".menu") == "Português (Brasil) Português"


def test_languages_are_called_what_they_call_themselves(site: SmallSite) -> None:
    tables = "".join(f"[languages.{tag}]\n" for tag in ("de-AT", "ar", "zh-Hant", "nb", "gsw"))
    declared(site, tables, 'language = "en-GB"\n')
    site.article("story")
    site.build()
    names = [link.text for link in site.page("index.html").cssselect(".menu a[hreflang]")]
    assert names == ["Deutsch", "العربية", "中文", "Norsk bokmål", "Schwiizertüütsch"]
    assert words(site.page("ar/index.html"), ".menu").startswith("English Deutsch")
    assert site.page("ar/index.html").get("dir") == "rtl"


def test_a_text_without_a_translation_is_in_its_language_alone(site: SmallSite) -> None:
    declared(site, PLAIN)
    site.article("story.de", title="Geschichte")
    site.article("other")
    assert site.warnings() == []
    assert (site.public / "de/2026/06/story/index.html").exists()
    assert not (site.public / "2026/06/story").exists()


def test_a_site_below_a_path_has_its_languages_there(site: SmallSite) -> None:
    declared(site, PLAIN)
    settings = (site.root / "site.toml").read_text().replace("example/", "example/news/")
    site.write({"site.toml": settings})
    site.article("story")
    site.article("story.de", "[a](other.md)", title="Geschichte")
    site.article("other")
    assert site.warnings() == []
    page = site.page("de/2026/06/story/index.html")
    assert links(page, ".prose a") == ["/news/2026/06/other/"]
    assert links(page, ".masthead-title a") == ["/news/de/", "/news/de/"]
    assert alternates(site, "2026/06/story/index.html")["de"] == "/news/de/2026/06/story/"


def test_a_prefix_may_hold_any_letters(site: SmallSite) -> None:
    declared(site, '[languages.zh]\nprefix = "/中文/新闻/"\n', 'slugs = "unicode"\n')
    text(site, "pages/about", title="About")
    text(site, "pages/about.zh", "[a](/articles/story.md) [b](/中文/新闻/tags/)", title="关于")
    site.article("story", tags="[水]")
    site.article("story.zh", title="故事", tags="[水]", section="世界")
    assert site.warnings() == []
    prefix = "/%E4%B8%AD%E6%96%87/%E6%96%B0%E9%97%BB/"
    page = site.page("中文/新闻/about/index.html")
    assert links(page, ".prose a") == [f"{prefix}2026/06/story/", f"{prefix}tags/"]
    assert alternates(site, "about/index.html")["zh"] == f"{prefix}about/"
    assert (site.public / "中文/新闻/世界/index.html").exists()
    assert differing(tree(site.public), clean_tree(site)) == []


def test_a_book_belongs_to_the_language_that_says_so(site: SmallSite) -> None:
    chapters = "chapters = [{ title = '%s', url = '%s' }, { title = '%s', url = '%s' }]\n"
    english = "[extra.book]\ntitle = 'Book'\n" + chapters % ("One", "/a/", "Two", "/b/")
    german = "title = 'Buch'\n" + chapters % ("Eins", "/de/a/", "Zwei", "/de/b/")
    for name in ("a", "b"):
        text(site, f"pages/{name}", title=name)
        text(site, f"pages/{name}.de", title=f"{name} deutsch")
    declared(site, f"{english}{PLAIN}")
    site.build()
    assert links(site.page("a/index.html"), "aside a") == ["/a/", "/b/"]
    assert links(site.page("de/a/index.html"), "aside a") == []
    declared(site, f"{english}{PLAIN}[languages.de.extra.book]\n{german}")
    build_again(site)
    assert links(site.page("de/a/index.html"), "aside a") == ["/de/a/", "/de/b/"]
    assert words(site.page("de/b/index.html"), "aside h2") == "Buch"
    assert links(site.page("a/index.html"), "aside a") == ["/a/", "/b/"]


def test_old_addresses_and_own_permalinks_stand_as_they_are_written(site: SmallSite) -> None:
    declared(site, PLAIN, 'host = "cloudflare"\n')
    site.article("story", aliases="[/old/]")
    fields = {"title": "Geschichte", "aliases": "[/alt/]", "permalink": "/de/eigen/"}
    site.article("story.de", **fields)
    assert site.warnings() == []
    assert alternates(site, "2026/06/story/index.html")["de"] == "/de/eigen/"
    rules = site.text("_redirects").split("\n")
    assert "/old/ /2026/06/story/ 301" in rules
    assert "/alt/ /de/eigen/ 301" in rules
    assert "/de/feed.json\n  Content-Type: application/feed+json" in site.text("_headers")


def test_the_inventory_tells_of_all_languages(paper: SmallSite) -> None:
    paper.article("allein.de", title="Weg", expires="2026-06-10")
    paper.build()
    inventory = read_inventory(paper.public)
    assert inventory
    assert inventory.files["de/index.html"].kind == "front"
    assert inventory.files["de/2026/06/river/index.html"].words
    assert "/de/2026/06/allein/" in inventory.retired
    assert "https://paper.example/de/2026/06/river/" in inventory.entries


# -------------------------------------------------------------------------- without them


def test_a_name_says_nothing_where_no_language_is_declared(site: SmallSite) -> None:
    site.article("summit")
    site.article("summit.de", title="Gipfel")
    site.article("v1.is", title="A version")
    (told,) = site.warnings()
    assert told.endswith(
        'content/articles/summit.de.md:1: its name says "de", which is no language of this site; '
        "add [languages.de] to site.toml, or rename the file"
    )
    assert (site.public / "2026/06/summit-de/index.html").exists()
    assert "hreflang" not in "".join(site.text(p) for p in site.outputs() if p.endswith(".html"))


def test_a_text_that_is_named_after_the_main_language_is_told(site: SmallSite) -> None:
    site.article("summit.EN", title="Summit")
    assert site.warnings() == []
    declared(site, PLAIN)
    site.article("summit.de", title="Gipfel")
    assert site.warnings() == [
        'content/articles/summit.EN.md:1: its name says "en", which the texts of this site are in '
        "without that; rename it to summit.md"
    ]


def test_with_broken_settings_nobody_says_that_a_translation_takes_an_address(
    built: SmallSite,
) -> None:
    declared(built, f"{PLAIN}[front]\nper_page = 0\n")
    built.article("good", "[x](good.de.md) [y](none.md)", slug="same")
    built.article("good.de", title="Gut", slug="same")
    assert [message.partition(":")[0] for message in refused(built)] == [
        "content/articles/good.md",
        "site.toml",
    ]


# ------------------------------------------------------------------------------- edits


def test_a_translation_that_is_added_wakes_the_other_page_and_the_lists_of_its_language(
    paper: SmallSite,
) -> None:
    paper.build()
    more = {"title": "Nur dies", "date": "2026-05-01"}
    paper.article("only.de", "Ganz anderes.", **more)
    rendered, deleted, report = build_again(paper)
    assert rendered == {
        "2026/06/only/index.html",
        "de/2026/05/only/index.html",
        "de/2026/06/summit/index.html",  # its older neighbour
        "de/archive/2026/05/index.html",
        "de/archive/2026/06/index.html",
        "de/archive/2026/index.html",
        "de/archive/index.html",
        "de/feed.json",
        "de/feed.xml",
        "de/index.html",
        "de/rss.xml",
        "de/sitemap.xml",
    }
    assert (deleted, report.converted) == (set(), 1)
    (paper.root / "content/articles/only.de.md").unlink()
    rendered, deleted, _ = build_again(paper)
    assert deleted == {"de/2026/05/only/index.html", "de/archive/2026/05/index.html"}
    assert "2026/06/only/index.html" in rendered
    assert not any(path.startswith("2026/06/river") for path in rendered)


def test_a_word_wakes_a_page_of_its_language(paper: SmallSite) -> None:
    paper.build()
    file = paper.root / "content/articles/river.de.md"
    file.write_text(file.read_text().replace("title: River auf Deutsch", "title: Fluss"))
    rendered, _, _ = build_again(paper)
    assert "de/2026/06/river/index.html" in rendered
    assert all(path.startswith("de/") for path in rendered)


def test_an_edit_makes_no_view_of_another_language_again(
    paper: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper.build()
    made: list[str] = []

    def noted(context: PageContext, article: Article) -> Head:
        made.append(article.url)
        return head(context, article)

    head = story._head
    paper.article("allein.de", "Anderes.", title="Allein auf Deutsch", date="2026-06-04")
    with monkeypatch.context() as patch:
        patch.setattr(story, "_head", noted)
        paper.build()
    assert "/de/2026/06/allein/" in made
    assert all(url.startswith("/de/") for url in made)
    assert differing(tree(paper.public), clean_tree(paper)) == []
    (kept,) = paper.root.glob(".broadsheet/output-*.de.site")
    kept.write_bytes(kept.read_bytes()[:-9])
    paper.article("river", "Other.", date="2026-06-02")
    build_again(paper)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (GERMAN, ""),
        ("", GERMAN),
        (GERMAN, GERMAN.replace("Testblatt", "Blatt")),
        (GERMAN, GERMAN.replace("Dazu", "Mehr")),
        (GERMAN, GERMAN + 'prefix = "/deutsch/"\n'),
        (GERMAN, GERMAN + "[languages.fr]\n"),
    ],
)
def test_languages_come_and_go(paper: SmallSite, before: str, after: str) -> None:
    declared(paper, before)
    paper.build()
    declared(
        paper, after.replace("/de/about/", "/deutsch/about/" if "prefix" in after else "/de/about/")
    )
    build_again(paper)


def test_a_site_of_several_languages_stays_as_it_is_while_nothing_is_new(paper: SmallSite) -> None:
    paper.build()
    rendered, _, report = build_again(paper)
    assert rendered == set()
    assert (report.written, report.converted) == (0, 0)


def test_with_several_processes_and_another_engine_it_is_the_same(paper: SmallSite) -> None:
    paper.build()
    before = paper.outputs()
    paper.build(jobs=2, clean=True)
    assert paper.outputs() == before
    declared(paper, GERMAN, 'markdown = { engine = "commonmark" }\n')
    build_again(paper)
    assert "Ein „river“-Text." in paper.text("de/2026/06/river/")


# --------------------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        (
            "[languages.klingon]\n",
            'site.toml:3: languages.klingon: "klingon" is no language; write a tag such as "de"',
        ),
        ("[languages.en]\n", "site.toml:3: languages.en: it is the language of the site already;"),
        (
            "[languages.de]\n[languages.DE]\n",
            "site.toml:4: languages.DE: it is the same as languages.de; take one of the two out",
        ),
        (
            '[languages.de]\nprefix = "/x/"\n[languages.fr]\nprefix = "/X/"\n',
            'site.toml:6: languages.fr.prefix: "/X/": it is the address of languages.de already',
        ),
        (
            '[languages.de]\nprefix = "/tags/"\n',
            'site.toml:4: languages.de.prefix: "/tags/": it is the address of addresses.tags',
        ),
        (
            "[taxonomies.de]\n[languages.de]\n",
            'site.toml:4: languages.de.prefix: "/de/": it is the address of taxonomies.de already',
        ),
        ('[languages.de]\nprefix = "de"\n', "site.toml:4: languages.de.prefix:"),
        ('[languages.de]\nprefix = "/"\n', 'site.toml:4: languages.de.prefix: "/": it is empty'),
        ('[languages.de]\nprefix = "/../"\n', "site.toml:4: languages.de.prefix:"),
        ('[languages.de]\nprefix = "/%zz/"\n', 'languages.de.prefix: "/%zz/": a "%" in it stands'),
        ('[languages.de]\nprefix = "/{slug}/"\n', "site.toml:4: languages.de.prefix:"),
        ("[languages.de]\nprefix = 2026-06-01\n", "site.toml:4: languages.de.prefix:"),
        ('[languages.de]\nprefix = "/de"\n', 'site.toml:4: languages.de.prefix: "/de": it is no'),
        ("[languages.de]\ntitel = 1\n", "site.toml:4: unknown field `languages.de.titel`"),
        ("[languages]\nde = 1\n", "site.toml:4: languages.de"),
        ("[languages.de]\nprefix = 1\n", "site.toml:4: languages.de.prefix"),
        (
            '[languages.de]\ntitles = { place = "Orte" }\n[taxonomies.places]\n',
            'languages.de.titles: there is no taxonomy "place"; did you mean `places`?',
        ),
        (
            '[languages.de]\ntitles = { tags = "Themen" }\n',
            "what tags are called is said in [languages.de.labels]",
        ),
        (
            '[languages.de]\nmenu = [{ title = "A", url = "javascript:1" }]\n',
            "site.toml:4: languages.de.menu",
        ),
    ],
)
def test_what_cannot_be_a_language_is_told(built: SmallSite, tables: str, told: str) -> None:
    declared(built, tables)
    built.article("good.de", title="Gut")
    (message,) = refused(built)
    assert told in message


def test_what_is_odd_about_a_language_is_a_warning(site: SmallSite) -> None:
    site.article("story")
    declared(site, '[languages.de]\nlabels = { relatd = "Dazu" }\nsections = ["Welt"]\n')
    assert [told.partition("site.toml")[2] for told in site.warnings()] == [
        ":3: languages.de: no text is in this language; translate one: content/articles/NAME.de.md",
        ":4: languages.de.labels: no layout has `relatd`; did you mean `related`?",
        ':5: languages.de.sections[1]: there is no section "Welt"; '
        "name it in a story, or take it out",
    ]
    assert (site.public / "de/index.html").exists()


@pytest.mark.parametrize("name", ["a b", "größe", "gro\u0308\u00dfe", "a(1)", "a&b", "x.y", "漢字"])
def test_a_text_of_any_name_can_be_translated(site: SmallSite, name: str) -> None:
    declared(site, PLAIN)
    site.article(name, "## Head\n\n[a](other.md#none)")
    site.article(f"{name}.de", "## Kopf\n\n[a](other.md#none)", title="Übersetzt")
    site.article("other", f"[a](<{name}.md#head>)")
    site.article("other.de", f"[a](<{name}.md#kopf>)", title="Anderes")
    told = [f"content/articles/{name}{suffix}.md" for suffix in ("", ".de")]
    assert sorted(warning.partition(":")[0] for warning in site.warnings()) == sorted(told)
    for prefix, fragment in (("", "head"), ("de/", "kopf")):
        (link,) = links(site.page(f"{prefix}2026/06/other/index.html"), ".prose a")
        assert link.startswith(f"/{prefix}2026/06/")
        assert link.endswith(f"#{fragment}")


def test_a_fragment_of_what_a_translation_hides_is_looked_for(site: SmallSite) -> None:
    declared(site, PLAIN)
    site.article("story", "## Head")
    site.article("story.de", "## Kopf", title="Geschichte")
    site.article("other.de", "[a](/2026/06/story/#kopf) [b](/2026/06/story/#head)", title="A")
    (told,) = site.warnings()
    assert 'there is no heading or id "kopf" in /2026/06/story/' in told


def test_a_section_at_the_address_of_a_language_is_refused(built: SmallSite) -> None:
    declared(built, PLAIN)
    built.article("good", section="DE")
    built.article("good.de", title="Gut")
    messages = refused(built)
    assert 'content/articles/good.md:4: section "DE" would stand at /de/' in "".join(messages)
    assert all(told.endswith("give [languages.de] another prefix") for told in messages)


def test_a_page_at_the_address_of_a_language_is_refused(built: SmallSite) -> None:
    declared(built)
    text(built, "pages/de", title="Deutsch")
    built.article("good.de", title="Gut")
    assert "content/pages/de.md" in "".join(refused(built))


def test_a_translation_at_the_address_of_its_original_is_refused(built: SmallSite) -> None:
    declared(built)
    built.article("good", permalink="/good/")
    built.article("good.de", title="Gut", permalink="/good/")
    (message,) = refused(built)
    assert "content/articles/good.de.md" in message
    assert "content/articles/good.md" in message


def test_two_texts_that_are_one_in_a_language_are_refused(built: SmallSite) -> None:
    declared(built)
    built.article("good.de", title="Gut")
    built.article("good.DE", title="Besser")
    (message,) = refused(built)
    assert message == (
        'content/articles/good.de.md:1: it is in the language "de" what '
        "content/articles/good.DE.md is already; take one of the two out"
    )


@pytest.mark.parametrize(
    ("body", "fields", "told"),
    [
        ("[x](nowhere.md)", {}, 'content/articles/good.de.md:6: there is no file "nowhere.md"'),
        ("![x](no.png)", {}, 'content/articles/good.de.md:6: there is no file "no.png"'),
        ("Text.", {"slug": "a/b"}, "content/articles/good.de.md:4: slug"),
        ("Text.", {"layout": "no.html"}, "content/articles/good.de.md:4: layout"),
        ("Text.", {"date": "soon"}, "content/articles/good.de.md:3: date"),
        ("Text.", {"related": "{pin: [none.md]}"}, "content/articles/good.de.md:4: related.pin"),
    ],
)
def test_a_mistake_in_a_translation_names_its_file(
    built: SmallSite, body: str, fields: dict[str, str], told: str
) -> None:
    declared(built)
    built.article("good.de", body, **{"title": "Gut", **fields})
    assert any(told in message for message in refused(built))


def test_two_translations_with_one_address_name_their_files(built: SmallSite) -> None:
    declared(built)
    built.article("a.de", title="A", slug="same")
    built.article("b.de", title="B", slug="same")
    (message,) = refused(built)
    assert "content/articles/b.de.md" in message
    assert "also that of content/articles/a.de.md" in message


def test_a_broken_translation_is_told_once_and_no_link_to_it_is_held_against_anybody(
    built: SmallSite,
) -> None:
    declared(built)
    built.article("other.de", "[x](good.md)", title="Anderes")
    built.article("good.de", title="[")
    (message,) = refused(built)
    assert message.startswith("content/articles/good.de.md:2")


def test_a_pin_of_a_story_in_another_language_is_passed_over(paper: SmallSite) -> None:
    paper.article("river.de", title="Fluss", related="{pin: [only.md, summit.md]}")
    assert paper.warnings() == []
    page = paper.page("de/2026/06/river/index.html")
    assert links(page, ".related h3 a")[0] == "/de/2026/06/summit/"


# ---------------------------------------------------------------------------- commands


def test_what_is_related_is_told_in_each_language(paper: SmallSite) -> None:
    name = "content/articles/river.de.md"
    for called in (name, "articles/river.de.md", "/de/2026/06/river/"):
        found = ranking(paper.root, called, NOW)
        assert found.path == name
        assert {story.url for story in found.suggestions} <= {
            "/de/2026/06/summit/",
            "/de/2026/06/allein/",
        }
        assert all(story.path.endswith(".de.md") for story in found.suggestions)
    with pytest.raises(UsageError, match=r"river\.md, content/articles/river\.de\.md"):
        ranking(paper.root, "river", NOW)
    assert orphans(paper.root, NOW).stories == 6


def test_the_news_clock_knows_all_languages(paper: SmallSite) -> None:
    paper.article("later.de", title="Später", date="2026-06-20")
    status = news_clock(paper.root, NOW)
    assert [story.path for story in status.scheduled] == ["content/articles/later.de.md"]
    paper.build()
    assert news_clock(paper.root, NOW).built.standing == "current"


# ----------------------------------------------------------------------------- the preview


def test_the_preview_shows_all_languages_as_they_are_edited(paper: SmallSite) -> None:
    paper.build()
    live = Session(paper.root, NOW, drafts=False)
    live.update()
    live.settle()
    assert live.problems() == []

    def text_of(path: str) -> str:
        body = respond(live, path).body
        assert isinstance(body, bytes)
        return body.decode()

    for path in ("/", "/de/", "/de/2026/06/river/", "/2026/06/river/", "/de/about/"):
        assert text_of(path) == paper.text(path)
    info = page_info(live, "/de/2026/06/river/")
    assert info
    assert info.source == "content/articles/river.de.md"
    assert {row.url for row in why(live, "/de/2026/06/river/")} <= {
        "/de/2026/06/summit/",
        "/de/2026/06/allein/",
    }
    name = "content/articles/river.de.md"
    paper.article("river.de", "Neue Worte.", title="Fluss", date="2026-06-02", tags="[Wasser]")
    live.update([name])
    live.settle()
    paper.build()
    for path in ("/", "/de/", "/de/2026/06/river/", "/2026/06/river/", "/de/2026/06/summit/"):
        assert text_of(path) == paper.text(path)
    assert "Neue Worte." in text_of("/de/2026/06/river/")
    paper.article("only.de", "Übersetzt.", title="Nur", date="2026-06-03")
    live.update(None)
    assert 'hreflang="de"' in text_of("/2026/06/only/")
    paper.write({name: "---\ntitle: [\n---\n"})
    live.update([name])
    assert [str(p).partition(":")[0] for p in live.problems()] == [name]
    assert "Neue Worte." in text_of("/de/2026/06/river/")


WORDS = (
    ("river", "Other words.", "River", True),
    ("river.de", "Neue Worte.", "River auf Deutsch", True),
    ("river.de", "Neue Worte.", "Ein Fluss", True),
    ("summit.de", "## Kopf\n\n[a](river.md) [b](only.md)", "Summit auf Deutsch", True),
    ("only", "[a](summit.de.md#kopf)", "Only", True),
    ("summit.de", "## Kopf\n\nEin Wort mehr.", "Summit auf Deutsch", False),
    ("summit.de", "## Fuß\n\nEin Wort mehr.", "Summit auf Deutsch", False),
    ("only", "Nothing.", "Only", False),
    ("allein.de", "[a](only.md) [b](nowhere.md)", "Allein auf Deutsch", True),
    ("allein.de", "[a](only.md)", "Allein auf Deutsch", True),
)
"""Words that are written, and whether they are taken over where they stand."""


@pytest.mark.long
def test_the_preview_takes_over_words_where_they_stand(paper: SmallSite) -> None:
    dates = {"summit": 1, "river": 2, "only": 3, "allein": 4}
    live = Session(paper.root, NOW, drafts=True)
    live.update()
    live.settle()
    for name, body, title, is_in_place in WORDS:
        before, plain = live.planned, name.removesuffix(".de")
        tags = "[Wasser]" if name != plain else "[Water]"
        paper.article(name, body, title=title, date=f"2026-06-0{dates[plain]}", tags=tags)
        live.update([f"content/articles/{name}.md"])
        live.settle()
        assert (live.planned is before) is is_in_place, (name, body)
        pages, _ = shown(live)
        if "nowhere" in body:
            (problem,) = live.problems()
            assert problem.file == f"content/articles/{name}.md"
            continue
        with clean_copy(paper) as clean:
            assert clean.warnings(drafts=True) == list(map(str, live.problems()))
            assert differing(pages, built(tree(clean.public))) == []


@pytest.mark.long
def test_stories_that_nobody_has_read_are_shown_in_all_languages(site: SmallSite) -> None:
    declared(site, PLAIN)
    for number in range(MANY // 2 + 5):
        site.article(f"story-{number}", f'A "text", {number}.', tags="[A]")
        site.article(f"story-{number}.de", f'Ein "Text", {number}.', title=f"{number}", tags="[B]")
    live = Session(site.root, NOW, drafts=True)
    live.update()
    assert live.files.texts.ahead
    shown(live)
    assert not live.files.texts.ahead
    live.update()
    live.settle()
    pages, wrong = shown(live)
    assert wrong == []
    assert differing(pages, built(clean_tree(site, drafts=True))) == []


def test_the_preview_takes_up_a_language_that_is_declared(paper: SmallSite) -> None:
    declared(paper, "")
    live = Session(paper.root, NOW, drafts=False)
    live.update()
    assert respond(live, "/de/").status == 404
    declared(paper)
    live.update(["site.toml"])
    live.settle()
    assert respond(live, "/de/2026/06/river/").status == 200
    declared(paper, "")
    live.update(["site.toml"])
    assert respond(live, "/de/2026/06/river/").status != 200


def test_a_hidden_translation_is_told_of_where_it_would_stand(paper: SmallSite) -> None:
    paper.article("river.de", title="Fluss", draft="true")
    live = Session(paper.root, datetime(2026, 6, 15, tzinfo=UTC), drafts=False)
    live.update()
    info = page_info(live, "/de/2026/06/river/")
    assert info
    assert (info.publication, info.source) == ("Draft", "content/articles/river.de.md")


# ------------------------------------------------------------- layouts, which all share


def test_a_layout_may_ask_for_what_only_one_language_has(paper: SmallSite) -> None:
    asked = '{% for card in stories(tag="Water") %}<li>{{ card.title }}</li>{% endfor %}'
    layout = f'{{% extends "default/front.html" %}}{{% block main %}}{asked}{{% endblock %}}'
    paper.write({"layouts/front.html": layout})
    assert not paper.errors()
    assert len(paper.page("index.html").cssselect("main li")) == 3
    assert paper.page("de/index.html").cssselect("main li") == []


def test_broken_labels_of_a_language_are_told(paper: SmallSite) -> None:
    paper.write({"layouts/labels/de.toml": 'topics = = "x"\n'})
    (told,) = refused(paper)
    assert told.startswith("layouts/labels/de.toml:1: ")


def test_a_section_of_a_language_where_its_list_of_tags_stands_is_told(paper: SmallSite) -> None:
    paper.article("allein.de", section="Tags", title="Allein", date="2026-06-04", tags="[Wasser]")
    (told, *_) = refused(paper)
    assert told.startswith("content/articles/allein.de.md:")
    assert 'section "Tags" would stand at /de/tags/' in told
    assert told.endswith("or move one of the two in [addresses] or [taxonomies]")


def test_an_id_that_a_translation_has_too_is_told(paper: SmallSite) -> None:
    paper.article("summit", date="2026-06-01", id="tag:paper.example,2026:1")
    paper.article("summit.de", date="2026-06-01", id="tag:paper.example,2026:1")
    assert refused(paper) == [
        "content/articles/summit.de.md:4: id: it is that of content/articles/summit.md already, in"
        " another language; take it out: a translation is a story of its own in feeds"
    ]


@pytest.mark.parametrize("tag", ["fr@euro", "de.utf8", "de_AT"])
def test_what_no_page_may_say_is_no_language(paper: SmallSite, tag: str) -> None:
    declared(paper, f'[languages."{tag}"]\n')
    assert f'languages.{tag}: "{tag}" is no language' in refused(paper)[0]
