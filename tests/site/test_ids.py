"""Ids on a page: one each, whatever a text, a bio and a promo bring along."""

import pytest

from support.sites import SETTINGS, SmallSite

STORY = "/2026/06/a/"


def twice(site: SmallSite) -> list[str]:
    """The ids that are on the story's page more than once."""
    ids = [str(i) for i in site.page(STORY).xpath("//@id")]
    return sorted({i for i in ids if ids.count(i) > 1})


@pytest.mark.parametrize("heading", ["Main", "Related", "Comments", "Corrections"])
def test_a_heading_never_takes_an_id_of_the_page(site: SmallSite, heading: str) -> None:
    mail = '[comments]\nprovider = "mailto"\naddress = "d@e.example"\n'
    site.write({"site.toml": SETTINGS + mail})
    site.article("b", tags="[X]")
    corrections = '[{date: 2026-06-02, text: "X"}]'
    site.article("a", f"## {heading}\n\nText.", tags="[X]", corrections=corrections)
    site.build()
    assert twice(site) == []


def test_headings_that_name_one_id_have_two(site: SmallSite) -> None:
    site.article("a", "## A {#x}\n\n## B {#x}\n")
    site.build()
    assert twice(site) == []
    assert site.page(STORY).xpath("//h2/@id")[0] == "x"


def test_notes_and_headings_of_story_promo_and_bio_keep_apart(site: SmallSite) -> None:
    promo = "---\ntitle: T\nurl: /tags/\nlabel: L\n---\nHi[^1]\n\n[^1]: Note\n"
    bio = "---\nname: Ann\n---\nShe[^1]\n\n## Life\n\n[^1]: Digs\n"
    site.write({"content/promos/p.md": promo, "content/authors/ann.md": bio})
    site.article("a", "One[^1]\n\n## Life\n\nTwo\n\nThree\n\n[^1]: N\n", promo="p", author="Ann")
    site.build()
    assert twice(site) == []
    page = site.page(STORY)
    notes = page.xpath("//sup/a/@href")
    assert len(set(notes)) == 3
    assert all(page.xpath("//*[@id=$id]", id=str(note)[1:]) for note in notes)
