"""A site in its own language, and in layouts of its own."""

from urllib.parse import quote

import pytest

from support.sites import SETTINGS, SmallSite, links, words

STORY = "/2026/06/story/"


def test_an_arabic_site_is_written_from_right_to_left(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + 'language = "ar"\n'})
    site.article("story")
    site.build()
    for path in ("/", STORY, "/tags/", "/404.html"):
        assert (site.page(path).get("lang"), site.page(path).get("dir")) == ("ar", "rtl")
    assert words(site.page(STORY), "time") == "1 يونيو 2026"
    assert "الأرشيف" in words(site.page("/archive/"), "h1")
    assert site.page(STORY).xpath("//meta[@property='og:locale']/@content") == ["ar_EG"]


def test_a_german_site_speaks_german(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + 'language = "de-AT"\n'})
    site.article("story", 'Er sagte "ja".', author="Ann")
    site.build()
    page = site.page(STORY)
    assert (page.get("lang"), page.get("dir")) == ("de-AT", "ltr")
    assert words(page, "time") == "1. Juni 2026"
    assert words(page, ".byline") == "Von Ann"
    assert words(page, ".prose") == "Er sagte „ja“."
    assert words(site.page("/archive/"), "h1") == "Archiv"
    assert page.xpath("//meta[@property='og:locale']/@content") == ["de_AT"]


def test_a_language_without_labels_has_its_dates_and_english_words(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + 'language = "cy"\n'})
    site.article("story")
    assert site.warnings() == []
    assert words(site.page(STORY), "time") == "1 Mehefin 2026"
    assert words(site.page("/archive/"), "h1") == "Archive"


def test_a_language_may_be_written_in_capitals(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + 'language = "DE"\n'})
    site.build()
    assert words(site.page("/archive/"), "h1") == "Archiv"


@pytest.mark.parametrize(
    ("language", "month"), [("zh", "2026年6月"), ("es", "junio de 2026"), ("hu", "2026. június")]
)
def test_a_month_stands_in_the_languages_order(site: SmallSite, language: str, month: str) -> None:
    site.write({"site.toml": SETTINGS + f'language = "{language}"\n'})
    site.article("story")
    site.build()
    assert words(site.page("/archive/2026/06/"), "h1") == month


def test_the_locale_for_sharing_has_language_and_territory(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + 'language = "zh-Hant-TW"\n'})
    site.build()
    assert site.page("/").xpath("//meta[@property='og:locale']/@content") == ["zh_TW"]


def test_the_site_has_the_last_word_on_labels(site: SmallSite) -> None:
    own = '[labels]\narchive = "Cellar & attic"\nby = "{authors} wrote"\n'
    site.write({"site.toml": SETTINGS + 'language = "de"\n' + own})
    site.write({"layouts/labels/de.toml": 'archive = "Nie"\ntopics = "Stoffe"\n'})
    site.article("story", author="Ann")
    site.build()
    assert words(site.page("/archive/"), "h1") == "Cellar & attic"
    assert words(site.page("/tags/"), "h1") == "Stoffe"
    assert words(site.page(STORY), ".byline") == "Ann wrote"


@pytest.mark.parametrize("text", ["Page {nr}", "{", "{}", "{number.x}"])
def test_a_label_with_an_unknown_name_in_braces_is_shown_as_it_is(
    site: SmallSite, text: str
) -> None:
    mail = '[comments]\nprovider = "mailto"\naddress = "a@b.example"\n'
    own = f'[front]\ntop = 0\nper_page = 1\n{mail}[labels]\npage_of = "{text}"\n'
    site.write({"site.toml": f'{SETTINGS}{own}comments_subject = "{text}"\n'})
    for number in range(3):
        site.article(f"s{number}")
    assert site.warnings() == []
    assert text in words(site.page("/"), "nav.pager")
    assert links(site.page("/2026/06/s0/"), ".comments a") == [
        f"mailto:a@b.example?subject={quote(text, safe='')}"
    ]


def test_days_stand_in_their_own_zone_and_times_in_the_sites(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + 'timezone = "Asia/Tokyo"\n'})
    site.article("story", date="2026-06-01")
    site.article("abroad", date="2026-05-31T22:00:00-05:00")
    site.build()
    assert site.page(STORY).xpath("//time/@datetime") == ["2026-06-01T00:00:00+09:00"]
    assert words(site.page(STORY), "time") == "June 1, 2026"
    abroad = site.page("/2026/05/abroad/")
    assert abroad.xpath("//time/@datetime") == ["2026-05-31T22:00:00-05:00"]
    assert words(abroad, "time") == "June 1, 2026, 12:00 PM"


# -------------------------------------------------------------------------- own layouts


def test_a_layout_overrides_one_block_of_the_default_one(site: SmallSite) -> None:
    site.write(
        """
        -- layouts/article.html --
        {% extends "default/article.html" %}
        {% block dek %}
        <p class="mine">{{ story.extra.place }}, {{ site.extra.mood }}</p>
        {% endblock %}
        {% block rest %}{{ text.rest }}<hr>{% endblock %}
        -- content/promos/p.md --
        ---
        title: P
        url: /tags/
        label: L
        ---
        P
        """
    )
    site.write({"site.toml": SETTINGS + '[promos]\ndefault = "p"\n[extra]\nmood = "calm"\n'})
    site.article("story", "One.\n\nTwo.", summary="Dek", extra="{place: Kyiv}")
    assert site.warnings() == []
    page = site.page(STORY)
    assert words(page, ".mine") == "Kyiv, calm"
    assert page.cssselect(".dek") == []
    assert words(page, "h1") == "Story"
    (line,) = page.cssselect(".prose hr")
    assert (before := line.getprevious()) is not None and before.text_content() == "Two."


def test_a_partial_of_the_site_hides_the_default_one_everywhere(site: SmallSite) -> None:
    site.write({"layouts/partials/footer.html": "<footer>{{ site.title }}, our own</footer>"})
    site.article("story")
    site.build()
    for path in ("/", STORY, "/tags/", "/404.html"):
        assert words(site.page(path), "footer") == "Test Paper, our own"


def test_a_frame_of_the_site_is_that_of_every_page(site: SmallSite) -> None:
    head = '{% block extra_head %}<meta name="mine" content="{{ head.title }}">{% endblock %}'
    site.write({"layouts/base.html": '{% extends "default/base.html" %}' + head})
    site.article("story")
    site.build()
    for path in ("/", STORY, "/tags/"):
        assert len(site.page(path).xpath("//meta[@name='mine']")) == 1


def test_an_asset_of_the_site_gets_a_name_with_its_digest(site: SmallSite) -> None:
    site.write({"layouts/assets/site.css": "body { background: url(img/dot.png) }\n"})
    site.write({"layouts/assets/img/dot.png": b"\x89PNG\r\n\x1a\n"})
    site.build()
    (sheet,) = links(site.page("/"), "link[rel=stylesheet]")
    (dot,) = [path for path in site.outputs() if "dot" in path]
    name = dot.removeprefix("assets/")
    assert site.text(sheet) == f'body {{ background: url("{name}") }}\n'
    site.write({"layouts/assets/site.css": "body { background: red }\n"})
    site.build()
    assert links(site.page("/"), "link[rel=stylesheet]") != [sheet]
    assert not (site.public / sheet.lstrip("/")).exists()


@pytest.mark.parametrize("base", ["", "news/"])
def test_assets_and_links_know_where_the_site_lives(site: SmallSite, base: str) -> None:
    site.write({"site.toml": f'title = "P"\nurl = "https://p.example/{base}"\n'})
    site.article("story", "[out](/tags/) and [up](#story)", tags="[AI]", author="Ann")
    site.build()
    page = site.page(STORY)
    inside = [u for u in links(page, "[href]") if not u.startswith(("http", "#"))]
    assert inside and all(url.startswith(f"/{base}") for url in inside)
    assert f"/{base}tags/" in links(page, ".prose a")
