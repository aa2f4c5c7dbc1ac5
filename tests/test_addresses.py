"""Where things stand: permalinks, redirects, titles of their own, the menu."""

import pytest
from conftest import SETTINGS, SmallSite, links, words
from hypothesis import given
from hypothesis import strategies as st
from slugify import slugify as transliterate

from generator.slugs import slugify


def title(site: SmallSite, path: str) -> str:
    return words(site.page(path), "head title")


@pytest.mark.parametrize("base", ["/", "/news/"])
def test_an_alias_redirects_to_the_story(site: SmallSite, base: str) -> None:
    site.write({"site.toml": f'title = "P"\nurl = "https://p.example{base}"\n'})
    site.article("story", aliases="[/2019/old-name/, other, /x/old.html]")
    site.build()
    target = f"{base}2026/06/story/"
    for path in ("/2019/old-name/", "/other/", "/x/old.html"):
        page = site.page(path)
        assert page.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url={target}"]
        assert page.xpath("//link[@rel='canonical']/@href") == [f"https://p.example{target}"]
        assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert links(page) == [target]
    assert (site.public / target.removeprefix(base) / "index.html").exists()


def test_a_page_can_have_aliases_too(site: SmallSite) -> None:
    site.write({"content/pages/about.md": "---\ntitle: About\naliases: [/who/]\n---\nWe.\n"})
    site.build()
    assert links(site.page("/who/")) == ["/about/"]


@pytest.mark.parametrize(("alias", "path"), [("/caf%C3%A9/", "/café/"), ("/a%20b/", "/a b/")])
def test_an_alias_copied_from_an_address_bar_answers_there(
    site: SmallSite, alias: str, path: str
) -> None:
    site.article("story", aliases=f"[{alias!r}]")
    site.build()
    assert links(site.page(path)) == ["/2026/06/story/"]


@pytest.mark.parametrize("url", ["/", "/#news", "/tags/?sort=name", "tel:+49301234"])
def test_a_promo_can_lead_anywhere(site: SmallSite, url: str) -> None:
    site.write({"content/promos/p.md": f"---\ntitle: T\nurl: '{url}'\nlabel: L\n---\nHi\n"})
    site.article("story", "One.\n\nTwo.", promo="p")
    assert site.warnings() == []
    assert links(site.page("/2026/06/story/"), ".promo a") == [url]


# ------------------------------------------------------------------------ titles, addresses


def test_stories_that_share_a_headline_have_titles_of_their_own(site: SmallSite) -> None:
    for path, date in (
        ("a/same", "2026-05-01"),
        ("b/same", "2026-06-01T08:00"),
        ("c/same-again", "2026-06-01T09:00"),
        ("d/same-too", "2026-06-01T09:00"),
    ):
        site.article(path, title="Same", date=date)
    site.build()
    stories = [p for p in site.outputs() if "/same" in p]
    assert len({title(site, f"/{p}") for p in stories}) == 4
    assert {words(site.page(f"/{p}"), "h1") for p in stories} == {"Same"}


def test_every_title_is_there_once(site: SmallSite) -> None:
    for day in range(1, 6):
        site.article(f"s{day}", date=f"2026-05-0{day}", tags="[Ann]", author="Ann")
    site.write({"site.toml": SETTINGS + "[lists]\nper_page = 2\n"})
    site.build()
    titles = [title(site, f"/{p}") for p in site.outputs() if p.endswith(".html")]
    assert len(titles) == len(set(titles))


def test_pages_and_people_of_one_name_have_titles_of_their_own(site: SmallSite) -> None:
    site.write({"content/pages/about.md": "---\ntitle: About\n---\nUs.\n"})
    site.article("about")
    site.article("topics")
    site.write({"content/authors/jo-1.md": "---\nname: Jo\n---\n"})
    site.write({"content/authors/jo-2.md": "---\nname: Jo\n---\n"})
    site.article("both", authors="[jo-1, jo-2]")
    site.build()
    titles = [title(site, f"/{p}") for p in site.outputs() if p.endswith(".html")]
    assert sorted(t for t in set(titles) if titles.count(t) > 1) == []


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        ("/{slug}/", "/story/"),
        ("/n/{year}/{month}/{day}/{slug}.html", "/n/2026/06/01/story.html"),
    ],
)
def test_the_permalink_is_a_setting(site: SmallSite, pattern: str, url: str) -> None:
    site.write({"site.toml": SETTINGS + f'permalink = "{pattern}"\n'})
    site.article("2026-06-01-story")
    site.article("other", "[to](2026-06-01-story.md)", title="Other")
    site.build()
    assert words(site.page(url), "h1") == "2026 06 01 Story"
    assert links(site.page("/"), "main h2 a") == [url, url.replace("story", "other")]
    assert links(site.page(url.replace("story", "other")), "article .prose a") == [url]


def test_the_menu_is_the_biggest_tags_unless_the_site_has_its_own(site: SmallSite) -> None:
    site.article("one", tags="[small, big]")
    site.article("two", tags="[big]")
    site.build()
    assert links(site.page("/"), "nav.menu a") == ["/tags/big/", "/tags/small/"]
    own = 'menu = [{title = "Home & co", url = "/"}, {title = "X", url = "https://x.example/"}]\n'
    site.write({"site.toml": SETTINGS.replace(".example/", ".example/news/") + own})
    site.build()
    page = site.page("/")
    assert links(page, "nav.menu a") == ["/news/", "https://x.example/"]
    assert words(page, "nav.menu [aria-current]") == "Home & co"


@given(st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5}){0,4}", fullmatch=True))
def test_what_is_a_slug_already_stays_as_it_is(text: str) -> None:
    assert slugify(text) == text == transliterate(text)
