"""What is published and where: the clock's part, slugs, files that travel with a story."""

from datetime import datetime

from support.images import PNG
from support.sites import SmallSite, links, words


def shown(site: SmallSite, **options: object) -> list[str]:
    site.build(**options)
    return sorted({p.split("/")[2] for p in site.outputs() if p.startswith("2026/")})


def test_drafts_scheduled_and_expired_stories_wait_for_their_moment(site: SmallSite) -> None:
    site.article("live")
    site.article("draft", draft="true")
    site.article("later", date="2026-06-15T12:01")
    site.article("gone", expires="2026-06-15T12:00")
    assert shown(site) == ["live"]
    assert shown(site, drafts=True) == ["draft", "later", "live"]
    assert "not published" in words(site.page("/2026/06/draft/"), ".state")


def test_a_story_lives_from_its_date_until_it_expires(site: SmallSite) -> None:
    site.article("a", date="2026-06-01T08:00", expires="2026-06-02T08:00")
    moments = ["2026-06-01T07:59", "2026-06-01T08:00", "2026-06-02T07:59", "2026-06-02T08:00"]
    states = [shown(site, at=datetime.fromisoformat(moment)) for moment in moments]
    assert states == [[], ["a"], ["a"], []]


# ----------------------------------------------------------------- names and their files


def test_the_slug_comes_from_the_files_name(site: SmallSite) -> None:
    names = {
        "Gipfel in Zürich & Genf": "gipfel-in-zurich-genf",
        "2026-05-03-big-news": "big-news",
        "2026-05-05 Spaced": "spaced",
        "2026/05/deep": "deep",
        "folder/index": "folder",
        "2026-05-07-dated/index": "dated",
        "2026-05-04": "2026-05-04",
        "CON": "con",
        "page": "page",
        "首脑会谈": "shou-nao-hui-tan",
    }
    for name in names:
        site.article(name, title="A")
    assert shown(site) == sorted(names.values())


def test_a_folder_articles_files_travel_with_it(site: SmallSite) -> None:
    site.write({"content/articles/f/p.png": PNG, "content/articles/f/sub/a b.pdf": "x"})
    site.article("f/index", "![P](p.png)\n\n[Read](<sub/a b.pdf>)", title="F")
    site.build()
    page = site.page("/2026/06/f/")
    assert page.xpath("//figure/img/@src") == ["/2026/06/f/p.png"]
    assert links(page, ".prose a") == ["/2026/06/f/sub/a%20b.pdf"]
    assert {"2026/06/f/p.png", "2026/06/f/sub/a b.pdf"} <= site.outputs().keys()


def test_the_files_of_a_story_that_is_not_public_are_not_either(site: SmallSite) -> None:
    site.write({"content/articles/f/p.png": PNG})
    site.article("f/index", "![P](p.png)", title="F", draft="true")
    site.article("g", "Text ![P](f/p.png) here.")
    place = '"f/p.png" is not public now: its readers see no link'
    assert site.warnings() == [
        f"content/articles/g.md:6: {place}; publish it, or take the link out"
    ]
    assert not any(path.endswith("p.png") for path in site.outputs())
    site.build(drafts=True)
    assert "2026/06/f/p.png" in site.outputs()
