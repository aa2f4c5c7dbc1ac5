"""What each kind of edit wakes: exactly these outputs are rendered or copied, and no others.

The site is that of `complete_site`, whose first lines say which story stands where. After each
edit the output also equals a clean build's, byte for byte: `build_again` sees to that.
"""

import os

import pytest

from support.builds import SettledSites, build_again, opened
from support.complete_site import (
    COPIED,
    FEEDS,
    FRONT,
    LINKS,
    REDIRECT,
    CompleteSite,
    archive,
    listing,
    page,
    pages,
)
from support.sites import NOW

# ---------------------------------------------------------------------------- nothing


@pytest.mark.long
def test_no_edit_wakes_nothing(paper: CompleteSite) -> None:
    rendered, deleted, report = build_again(paper)
    assert (rendered, deleted) == (set(), set())
    assert (report.written, report.converted, report.unchanged) == (0, 0, report.pages)


def test_a_file_saved_anew_with_the_same_bytes_wakes_nothing(paper: CompleteSite) -> None:
    for name in ("articles/wheat-0.md", "authors/ann-lee.md", "pages/about.md", *COPIED):
        file = paper.root / "content" / name
        file.write_bytes(file.read_bytes())
    os.utime(paper.root / "content/articles/banks-0.md", (0, 0))
    rendered, _, report = build_again(paper)
    assert rendered == set()
    assert (report.written, report.converted) == (0, 0)


def sources_read(paper: CompleteSite) -> set[str]:
    """The content files that a build opens."""
    at = "--at", NOW.isoformat()
    return opened(paper.root / "content", "build", "--root", str(paper.root), *at, "--jobs", "1")


@pytest.mark.long
def test_a_build_reads_only_what_changed(settled: SettledSites) -> None:
    paper = settled.take()
    assert isinstance(paper, CompleteSite)
    content = paper.root / "content"
    every = {f.relative_to(content).as_posix() for f in content.rglob("*") if f.is_file()}
    assert sources_read(paper) == every
    assert sources_read(paper) == set()
    paper.rewrite("rail-4", "So it was.", "So it had.")
    assert sources_read(paper) == {"articles/rail-4.md"}


# ------------------------------------------------------------------------- one story


def test_a_word_of_a_body_wakes_its_story(paper: CompleteSite) -> None:
    paper.rewrite("rail-4", "So it was.", "So it is now.")
    rendered, _, report = build_again(paper)
    assert rendered == pages("rail-4")
    assert (report.converted, report.written) == (1, 1)


@pytest.mark.long
def test_a_word_of_the_same_length_wakes_its_story(paper: CompleteSite) -> None:
    file = paper.root / "content/articles/rail-4.md"
    before = file.stat()
    paper.rewrite("rail-4", "So it was.", "So it had.")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert build_again(paper).rendered == pages("rail-4")


@pytest.mark.long
def test_a_heading_that_nobody_leads_to_wakes_its_story(paper: CompleteSite) -> None:
    paper.rewrite("wheat-4", "So it was.", "## Why?\n\nSo it was.")
    assert build_again(paper).rendered == pages("wheat-4")


@pytest.mark.long
def test_a_heading_wakes_the_story_that_leads_to_it_where_its_id_is_another(
    paper: CompleteSite,
) -> None:
    paper.rewrite("banks-5", "(wheat-4.md)", "(wheat-4.md#Why)")
    assert build_again(paper).rendered == pages("banks-5")
    paper.rewrite("wheat-4", "So it was.", "## Why?\n\nSo it was.")
    assert build_again(paper).rendered == pages("wheat-4", "banks-5")
    paper.rewrite("wheat-4", "So it was.", "## When?\n\n## Why?\n\nSo it was.")
    assert build_again(paper).rendered == pages("wheat-4")
    paper.rewrite("wheat-4", "So it was.", "## Why? {#why_}\n\nSo it was.")
    assert build_again(paper).rendered == pages("wheat-4", "banks-5")


@pytest.mark.long
def test_a_body_that_feeds_carry_wakes_them_too(paper: CompleteSite) -> None:
    paper.rewrite("wheat-0", "So it was.", "So it is now.")
    assert build_again(paper).rendered == pages("wheat-0") | FEEDS | {"tags/wheat/feed.xml"}


@pytest.mark.long
def test_a_first_paragraph_is_the_summary_that_cards_show(paper: CompleteSite) -> None:
    paper.rewrite("banks-4", "This is", "That was")
    assert build_again(paper).rendered == {
        page("banks-4"),
        *pages("banks-3", "banks-5"),  # their sidebars
        "page/2/index.html",
        "tags/banks/page/2/index.html",
        "authors/ann-lee/page/3/index.html",
    }


@pytest.mark.long
def test_a_first_paragraph_that_is_not_the_summary_wakes_only_its_story(
    paper: CompleteSite,
) -> None:
    paper.rewrite("wheat-4", "This is", "That was")
    assert build_again(paper).rendered == pages("wheat-4")


@pytest.mark.long
def test_a_summary_wakes_what_shows_cards(paper: CompleteSite) -> None:
    paper.rewrite("wheat-4", summary="What the editor says now.")
    assert build_again(paper).rendered == {
        page("wheat-4"),
        *pages("wheat-3", "wheat-5"),  # their sidebars
        "page/2/index.html",
        "tags/wheat/page/2/index.html",
        "authors/ann-lee/page/3/index.html",
    }


def test_a_title_wakes_cards_headlines_and_neighbours(paper: CompleteSite) -> None:
    paper.rewrite("rail-4", title="A new headline")
    assert build_again(paper).rendered == {
        page("rail-4"),
        *pages("rail-3", "rail-5"),  # their sidebars
        *pages("banks-4", "tides-4"),  # the stories before and after it
        "page/2/index.html",
        "tags/rail/page/2/index.html",
        "authors/bo-ek/page/3/index.html",
        "archive/2026/04/index.html",
    }


@pytest.mark.long
def test_a_title_wakes_the_redirects_to_its_story(paper: CompleteSite) -> None:
    paper.rewrite("wheat-3", title="A new headline")
    assert build_again(paper).rendered == {
        page("wheat-3"),
        *REDIRECT,
        *pages("wheat-2", "wheat-4"),  # their sidebars
        *pages("opera-2", "banks-3"),  # the stories before and after it
        "index.html",
        "tags/wheat/index.html",
        "authors/ann-lee/page/2/index.html",
        "archive/2026/05/index.html",
    }


@pytest.mark.long
def test_a_date_moves_a_story_across_the_pages_of_listings(paper: CompleteSite) -> None:
    paper.rewrite("wheat-4", date="2026-05-25")  # from April to the top of May
    rendered, deleted, _ = build_again(paper)
    assert deleted == pages("wheat-4")
    assert rendered == {
        "2026/05/wheat-4/index.html",
        *pages("wheat-3", "wheat-5"),  # their sidebars
        *pages("opera-3", "banks-4"),  # the neighbours that it left
        *pages("opera-1", "wheat-2"),  # the neighbours that it has now
        *pages("banks-5"),  # its text leads there
        *FRONT,
        *listing("tags/wheat", 1, 2),
        "tags/wheat/feed.xml",  # the third of three now
        *listing("authors/ann-lee", 2, 3),
        *archive("06", "05", "04", "03"),  # a month shows how many its neighbours have
        "sitemap.xml",
    }
    assert LINKS["banks-5"] == "wheat-4"


@pytest.mark.long
def test_a_date_told_in_another_zone_wakes_what_shows_it(paper: CompleteSite) -> None:
    """The same moment, but other words: 20:00 there is the day before."""
    paper.rewrite("wheat-4", date="2026-04-10T02:00+00:00")
    build_again(paper)
    paper.rewrite("wheat-4", date="2026-04-09T20:00-06:00")
    rendered = build_again(paper).rendered
    assert {*pages("wheat-4"), "tags/wheat/page/2/index.html"} <= rendered


@pytest.mark.long
def test_a_body_that_comes_near_to_others_enters_their_sidebars(paper: CompleteSite) -> None:
    # What opera-0 and opera-1 share: nearer to each than its second neighbour in the ring.
    words = " ".join(f"operaa{n}" for n in range(14))
    paper.article("notice", f"A notice.\n\nTo all. {words}.", date="2026-03-02")
    assert build_again(paper).rendered == {
        "2026/03/notice/index.html",
        *pages("opera-0", "opera-1"),
    }


# ----------------------------------------------------------- stories that come and go


def test_a_new_story(paper: CompleteSite) -> None:
    paper.article("newcomer", "Hello.", date="2026-04-01")  # the last of April
    assert build_again(paper).rendered == {
        "2026/04/newcomer/index.html",
        *pages("opera-5"),
        "2026/03/notice/index.html",
        "page/2/index.html",
        *archive("05", "04", "03"),
        "sitemap.xml",
    }


def test_a_tag_that_wants_the_address_of_another(paper: CompleteSite) -> None:
    paper.rewrite("opera-4", tags="[Opera, Tïdes]")
    rendered, deleted, _ = build_again(paper)
    (own,) = {path.split("/")[1] for path in rendered if path.startswith("tags/tides-")}
    assert deleted == set()
    assert rendered == {
        page("opera-4"),
        f"tags/{own}/index.html",
        f"tags/{own}/feed.xml",
        "tags/index.html",
        *FRONT,
        "sitemap.xml",
    }


def test_a_deleted_story(paper: CompleteSite) -> None:
    paper.remove("content/articles/notice.md")
    rendered, deleted, _ = build_again(paper)
    assert deleted == {"2026/03/notice/index.html", "archive/2026/03/index.html"}
    assert rendered == {
        *pages("opera-5"),
        "page/2/index.html",
        *archive("04"),
        "sitemap.xml",
    }


def test_a_deleted_story_that_others_suggest(paper: CompleteSite) -> None:
    paper.remove("content/articles/tides-5.md")
    rendered, deleted, _ = build_again(paper)
    assert deleted == pages("tides-5")
    assert rendered == {
        *pages("tides-4", "tides-0"),  # their sidebars
        *pages("rail-5", "opera-5"),  # the stories before and after it
        *FRONT,
        *listing("tags/tides", 1, 2),
        "tags/index.html",
        *listing("authors/bo-ek", 1, 2, 3),
        "authors/index.html",
        *archive("05", "04", "03"),
        "sitemap.xml",
    }


def test_a_renamed_file_whose_slug_is_fixed_wakes_nothing(paper: CompleteSite) -> None:
    paper.rewrite("tides-4", slug="tides-4")
    paper.build()
    paper.rename("tides-4", "high-water")
    rendered, deleted, report = build_again(paper)
    assert (rendered, deleted) == (set(), set())
    assert (report.converted, report.written) == (0, 0)


def test_a_renamed_file_moves_its_story(paper: CompleteSite) -> None:
    paper.rewrite("tides-4", title="Tides 4")
    paper.rename("tides-4", "high-water")
    rendered, deleted, report = build_again(paper)
    assert deleted == pages("tides-4")
    assert rendered == {
        "2026/04/high-water/index.html",
        *pages("tides-3", "tides-5"),  # their sidebars
        *pages("rail-4", "opera-4"),  # the stories before and after it
        "page/2/index.html",
        "tags/tides/page/2/index.html",
        "authors/bo-ek/page/3/index.html",
        "archive/2026/04/index.html",
        "sitemap.xml",
    }
    assert report.converted == 0
