"""Every address of the design exists and shows what it must."""

import pytest

from support.sites import SETTINGS, SmallSite, links, words


def month_of_stories(site: SmallSite, number: int, **fields: str) -> list[str]:
    """Stories of the first days of May, and their addresses, newest first."""
    for day in range(1, number + 1):
        site.article(f"s{day:02}", date=f"2026-05-{day:02}", **fields)
    return [f"/2026/05/s{day:02}/" for day in range(number, 0, -1)]


def test_every_address_of_the_design_is_there(site: SmallSite) -> None:
    site.write({"content/pages/about.md": "---\ntitle: About\n---\nWho we are.\n"})
    site.article("story", date="2026-06-14", author="Ann", tags="[AI]", aliases="[/old/]")
    site.build()
    made = {p for p in site.outputs() if not p.startswith(("assets/", "."))}
    assert made == {
        "index.html",
        "404.html",
        "2026/06/story/index.html",
        "about/index.html",
        "archive/index.html",
        "archive/2026/index.html",
        "archive/2026/06/index.html",
        "authors/index.html",
        "authors/ann/index.html",
        "old/index.html",
        "tags/index.html",
        "tags/ai/index.html",
        "tags/ai/feed.xml",
        "feed.xml",
        "rss.xml",
        "feed.json",
        "sitemap.xml",
        "news-sitemap.xml",
        "robots.txt",
    }


def test_a_site_without_stories_says_so(site: SmallSite) -> None:
    assert site.warnings() == []
    assert "There are no stories yet." in words(site.page("/"))


# -------------------------------------------------------------------------- front page


def test_the_front_page_leads_with_what_is_featured(site: SmallSite) -> None:
    urls = month_of_stories(site, 6)
    site.article("second", date="2026-01-01", featured=2)
    site.article("first", date="2025-01-01", featured=1)
    site.write({"site.toml": SETTINGS + "[front]\ntop = 3\n"})
    site.build()
    shown = links(site.page("/"), "main h2 a, main h3 a")
    assert shown == ["/2025/01/first/", "/2026/01/second/", *urls]


def test_stories_of_one_rank_stand_newest_first(site: SmallSite) -> None:
    site.article("older", date="2026-05-01", featured=1)
    site.article("newer", date="2026-05-02", featured=1)
    site.build()
    assert links(site.page("/"), "main h2 a") == ["/2026/05/newer/", "/2026/05/older/"]


@pytest.mark.parametrize(("number", "top", "per_page"), [(1, 4, 5), (11, 0, 5), (16, 2, 4)])
def test_the_front_pages_show_each_story_once(
    site: SmallSite, number: int, top: int, per_page: int
) -> None:
    urls = month_of_stories(site, number, featured="1")
    site.write({"site.toml": SETTINGS + f"[front]\ntop = {top}\nper_page = {per_page}\n"})
    site.build()
    seen, path = [], "/"
    while path:
        page = site.page(path)
        seen += links(page, "main h2 a, main h3 a")
        older = links(page, "nav.pager a[rel=next]")
        path = older[0] if older else ""
    assert seen == urls


@pytest.mark.parametrize("path", ["/tags/ai/", "/authors/ann/"])
def test_listings_are_paginated_without_overlap_or_loss(site: SmallSite, path: str) -> None:
    urls = month_of_stories(site, 7, tags="[AI]", author="Ann")
    site.write({"site.toml": SETTINGS + "[lists]\nper_page = 3\n"})
    site.build()
    pages = [site.page(p) for p in (path, f"{path}page/2/", f"{path}page/3/")]
    shown = [links(page, "main h3 a") for page in pages]
    assert shown == [urls[:3], urls[3:6], urls[6:]]
    assert [links(page, "a[rel=prev]") for page in pages] == [[], [path], [f"{path}page/2/"]]
    assert not (site.public / path.strip("/") / "page/1").exists()
    assert not (site.public / path.strip("/") / "page/4").exists()
    assert len({words(page, "head title") for page in pages}) == 3


# ----------------------------------------------------------- tags, authors, archive, pages


def test_a_tag_page_shows_its_stories_and_its_description(site: SmallSite) -> None:
    site.write({"content/tags/ai.md": "---\nname: Machines\n---\nWhat *they* do.\n"})
    site.article("with", tags="[A.I.]")
    site.article("without")
    site.build()
    page = site.page("/tags/ai/")
    assert words(page, "h1") == "Machines"
    assert "What they do." in words(page)
    assert links(page, "main h3 a") == ["/2026/06/with/"]


def test_the_list_of_tags_counts_their_stories(site: SmallSite) -> None:
    site.article("one", tags="[Zebra, ant]")
    site.article("two", tags="[ant]")
    site.build()
    page = site.page("/tags/")
    assert links(page, "main li a") == ["/tags/ant/", "/tags/zebra/"]
    assert words(page, "main li") == "ant 2 Zebra 1"


def test_an_author_page_has_bio_role_follow_link_and_stories(site: SmallSite) -> None:
    site.write(
        """
        -- content/authors/ann.md --
        ---
        name: Ann Ant
        role: Reporter
        follow: {url: "https://social.example/@ann", label: Follow Ann}
        ---
        Ann writes about **wood**.
        """
    )
    site.article("hers", author="Ann Ant")
    site.article("by-slug", date="2026-05-01", authors="[ann]")
    site.build()
    page = site.page("/authors/ann/")
    assert words(page, "h1") == "Ann Ant"
    assert "Reporter" in words(page) and "Ann writes about wood." in words(page)
    assert "https://social.example/@ann" in links(page, "main a")
    assert links(page, "main h3 a") == ["/2026/06/hers/", "/2026/05/by-slug/"]
    assert links(site.page("/authors/"), "main a") == ["/authors/ann/"]


def test_an_author_without_a_file_has_a_page_too(site: SmallSite) -> None:
    site.article("story", author="Bo Bear")
    assert site.warnings() == []
    assert words(site.page("/authors/bo-bear/"), "h1") == "Bo Bear"
    assert links(site.page("/2026/06/story/"), "a[rel=author]") == ["/authors/bo-bear/"]


def test_the_archive_leads_from_years_to_months_to_stories(site: SmallSite) -> None:
    site.article("june")
    site.article("may", date="2026-05-02")
    site.article("old", date="2024-12-31T23:30:00-05:00")
    site.build()
    months = ["/archive/2026/06/", "/archive/2026/05/"]
    assert links(site.page("/archive/"), "main li a") == [*months, "/archive/2024/12/"]
    assert links(site.page("/archive/"), "main h2 a") == ["/archive/2026/", "/archive/2024/"]
    assert links(site.page("/archive/2026/"), "main li a")[-2:] == months
    assert links(site.page("/archive/2024/12/"), "main section a") == ["/2024/12/old/"]
    assert links(site.page("/archive/2026/05/"), "nav.pager a[rel]") == [
        "/archive/2026/06/",
        "/archive/2024/12/",
    ]


def test_a_page_stands_where_its_file_lies(site: SmallSite) -> None:
    site.write({"content/pages/desk/rules.md": "---\ntitle: Rules\n---\nBe *true*.\n"})
    site.write({"content/pages/desk/index.md": "---\ntitle: The desk\nslug: us\n---\nUs.\n"})
    site.build()
    assert words(site.page("/desk/rules/"), "h1") == "Rules"
    assert "Be true." in words(site.page("/desk/rules/"))
    assert words(site.page("/us/"), "h1") == "The desk"


def test_the_404_page_leads_home_and_to_the_newest_stories(site: SmallSite) -> None:
    site.article("story")
    site.build()
    page = site.page("/404.html")
    assert {"/", "/2026/06/story/"} <= set(links(page, "main a"))
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
