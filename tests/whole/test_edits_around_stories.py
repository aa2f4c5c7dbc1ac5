"""What edits of tags, authors, pictures, layouts and settings wake, and what the clock does."""

import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from support.builds import build_again
from support.complete_site import (
    COPIED,
    FEEDS,
    FRONT,
    REDIRECT,
    SETTINGS,
    TOPICS,
    CompleteSite,
    all_stories,
    archive,
    listing,
    of_topic,
    page,
    pages,
)
from support.images import png
from support.sites import SmallSite


def outputs(paper: CompleteSite) -> set[str]:
    return paper.outputs().keys() - {".broadsheet"}


def documents(paper: CompleteSite) -> set[str]:
    """The pages that extend `base.html`: all HTML but the redirects."""
    return {path for path in outputs(paper) if path.endswith(".html")} - REDIRECT


# -------------------------------------------------------------------------------- tags


@pytest.mark.long
def test_a_tag_that_is_added(paper: CompleteSite) -> None:
    paper.rewrite("opera-4", tags="[Opera, Law]")
    assert build_again(paper).rendered == {
        page("opera-4"),
        "tags/law/index.html",
        "tags/law/feed.xml",
        "tags/index.html",
        *FRONT,  # its rail shows the topics
        "sitemap.xml",
    }


@pytest.mark.long
def test_a_tag_that_is_removed(paper: CompleteSite) -> None:
    paper.rewrite("opera-4", tags=None)
    assert build_again(paper).rendered == {
        page("opera-4"),
        *listing("tags/opera", 1, 2),
        "tags/index.html",
        *FRONT,  # its rail shows the topics and how many stories they have
    }


@pytest.mark.long
def test_a_tag_that_is_renamed_in_its_file(paper: CompleteSite) -> None:
    paper.write({"content/tags/wheat.md": "---\nname: Grain\n---\nAll on wheat.\n"})
    assert build_again(paper).rendered == {
        *of_topic("wheat"),
        *listing("tags/wheat", 1, 2),
        "tags/wheat/feed.xml",
        "tags/index.html",
        *FRONT,
        *FEEDS,  # wheat-0 is in them
    }


@pytest.mark.long
def test_an_alias_of_a_tag_or_author_makes_its_own_page_alone(paper: CompleteSite) -> None:
    paper.write({"content/tags/wheat.md": "---\nname: Wheat\n---\n"})
    paper.write({"content/authors/ann-lee.md": "---\nname: Ann Lee\n---\n"})
    build_again(paper)
    paper.write({"content/tags/wheat.md": "---\nname: Wheat\naliases: [/tags/grain/]\n---\n"})
    assert build_again(paper).rendered == {"tags/grain/index.html"}
    ann = "---\nname: Ann Lee\naliases: [/authors/ann/]\n---\n"
    paper.write({"content/authors/ann-lee.md": ann})
    assert build_again(paper).rendered == {"authors/ann/index.html"}
    paper.write({"content/tags/wheat.md": "---\nname: Wheat\n---\n"})
    assert build_again(paper).deleted == {"tags/grain/index.html"}


@pytest.mark.long
def test_a_tag_that_is_renamed_in_every_story(paper: CompleteSite) -> None:
    for number in range(6):
        paper.rewrite(f"tides-{number}", tags="[Coast]")
    rendered, deleted, _ = build_again(paper)
    assert deleted == {*listing("tags/tides", 1, 2), "tags/tides/feed.xml"}
    assert rendered == {
        *of_topic("tides"),
        *listing("tags/coast", 1, 2),
        "tags/coast/feed.xml",
        "tags/index.html",
        *FRONT,
        "sitemap.xml",
    }


# ---------------------------------------------------- authors, promos, pages, pictures


def test_a_bio_wakes_its_author_and_their_stories(paper: CompleteSite) -> None:
    paper.write({"content/authors/ann-lee.md": "---\nname: Ann Lee\n---\nAnn farms now.\n"})
    assert build_again(paper).rendered == {
        *of_topic("wheat"),
        *of_topic("banks"),
        *listing("authors/ann-lee", 1, 2, 3),
        "authors/index.html",  # its layout may show bios
    }


@pytest.mark.long
def test_an_id_wakes_the_feeds_that_hold_its_story(paper: CompleteSite) -> None:
    holding = FEEDS | {"tags/wheat/feed.xml"}
    paper.rewrite("wheat-0", id="tag:desk.example,2026:w0")
    assert build_again(paper).rendered == holding | pages("wheat-0")  # its body is a line lower
    paper.rewrite("wheat-0", id="tag:desk.example,2026:w1")
    assert build_again(paper).rendered == holding
    paper.rewrite("rail-4", id="tag:desk.example,2026:r4")
    assert build_again(paper).rendered == pages("rail-4")


def test_what_ids_are_made_from_wakes_the_feeds(paper: CompleteSite) -> None:
    settings = SETTINGS.replace("size = 3", 'size = 3\nid_url = "https://old.example/"')
    paper.write({"site.toml": settings})
    rendered, _, report = build_again(paper)
    assert rendered == FEEDS | {f"tags/{topic}/feed.xml" for topic in TOPICS}
    assert report.converted == 0


@pytest.mark.long
def test_promos_in_feeds_wake_the_feeds_that_hold_them(paper: CompleteSite) -> None:
    paper.write({"site.toml": SETTINGS.replace("size = 3", "size = 3\npromos = true")})
    assert build_again(paper).rendered == {"tags/rail/feed.xml"}
    file = paper.root / "content/promos/letter.md"
    file.write_text(file.read_text("utf-8").replace("Every morning", "Every evening"), "utf-8")
    assert build_again(paper).rendered == {"tags/rail/feed.xml", *pages("rail-1")}


def test_a_correction_of_an_old_story_wakes_no_feed(paper: CompleteSite) -> None:
    paper.rewrite("rail-4", corrections="[{date: 2026-06-10, text: It was wrong.}]")
    assert build_again(paper).rendered & (FEEDS | {"tags/rail/feed.xml"}) == set()
    paper.rewrite("rail-0", corrections="[{date: 2026-06-13, text: It was wrong.}]")
    assert build_again(paper).rendered >= FEEDS | {"tags/rail/feed.xml"}


def test_a_promo_wakes_the_stories_that_carry_it(paper: CompleteSite) -> None:
    file = paper.root / "content/promos/letter.md"
    file.write_text(file.read_text().replace("Every morning.", "Every evening."))
    assert build_again(paper).rendered == pages("rail-1")


@pytest.mark.long
@pytest.mark.parametrize("edit", [("Who we are.", "What we do."), ("title: About", "title: Us")])
def test_a_page_wakes_itself(paper: CompleteSite, edit: tuple[str, str]) -> None:
    file = paper.root / "content/pages/about.md"
    file.write_text(file.read_text().replace(*edit))
    assert build_again(paper).rendered == {"about/index.html"}


def test_a_picture_of_the_same_size_wakes_nothing_else(paper: CompleteSite) -> None:
    file = paper.root / "content/pictures/train.png"
    before = file.stat().st_size
    file.write_bytes(png(8, 6, 2))
    assert file.stat().st_size == before
    assert build_again(paper).rendered == COPIED


@pytest.mark.long
def test_a_picture_whose_time_is_set_back_is_seen(paper: CompleteSite) -> None:
    file = paper.root / "content/pictures/train.png"
    before = file.stat()
    file.write_bytes(png(8, 6, 2))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert build_again(paper).rendered == COPIED


def test_a_picture_of_another_size_wakes_what_shows_it(paper: CompleteSite) -> None:
    paper.write({"content/pictures/train.png": png(9, 6, 1)})
    assert build_again(paper).rendered == {
        *COPIED,
        page("rail-4"),
        "page/2/index.html",
        "tags/rail/page/2/index.html",
        "authors/bo-ek/page/3/index.html",
    }


# --------------------------------------------------------------------------- the clock


def test_the_clock_passes_the_date_of_a_scheduled_story(paper: CompleteSite) -> None:
    moment = datetime(2026, 6, 20, 8, tzinfo=UTC)
    paper.build(at=moment - timedelta(minutes=1))
    assert build_again(paper, at=moment).rendered == {
        "2026/06/later/index.html",
        *pages("wheat-0"),
        *FRONT,
        *FEEDS,
        "404.html",
        *archive("06", "05"),
        "sitemap.xml",
        "news-sitemap.xml",
        "robots.txt",  # which did not name it while it was empty
    }


def test_the_clock_passes_an_expiry(paper: CompleteSite) -> None:
    moment = datetime(2026, 6, 18, tzinfo=UTC)
    paper.build(at=moment - timedelta(minutes=1))
    rendered, deleted, _ = build_again(paper, at=moment)
    assert deleted == pages("opera-5")
    assert rendered == {
        *pages("opera-4", "opera-0"),  # their sidebars
        *pages("tides-5"),
        "2026/03/notice/index.html",
        *FRONT,
        *listing("tags/opera", 1, 2),
        "tags/index.html",
        *listing("authors/cy-dow", 1, 2),
        "authors/index.html",
        *archive("05", "04", "03"),
        "sitemap.xml",
    }


@pytest.mark.long
def test_the_clock_passes_the_48_hours_of_the_news_sitemap(paper: CompleteSite) -> None:
    moment = datetime(2026, 6, 16, 9, tzinfo=UTC)  # wheat-0 is of the 14th, 9 o'clock
    paper.rewrite("rail-0", date="2026-06-14T10:00")
    paper.build()
    assert build_again(paper, at=moment).rendered == set()
    assert build_again(paper, at=moment + timedelta(minutes=1)).rendered == {"news-sitemap.xml"}
    rendered, deleted, _ = build_again(paper, at=moment + timedelta(hours=2))
    assert (rendered, deleted) == ({"robots.txt"}, {"news-sitemap.xml"})


def test_the_year_of_a_site_without_stories_is_today_s(site: SmallSite) -> None:
    site.build(at=datetime(2026, 12, 31, 23, tzinfo=UTC))
    assert "2027" not in site.text("index.html")
    assert "index.html" in build_again(site, at=datetime(2027, 1, 1, 1, tzinfo=UTC)).rendered


# ------------------------------------------------------------ layouts, assets, settings


def test_the_layout_of_one_kind_of_page(paper: CompleteSite) -> None:
    text = '{% extends "default/tag.html" %}{% block heading %}New{% endblock %}'
    tag_pages = {path for topic in TOPICS for path in listing(f"tags/{topic.lower()}", 1, 2)}
    paper.write({"layouts/tag.html": text})
    assert build_again(paper).rendered == tag_pages
    paper.remove("layouts/tag.html")
    rendered, _, report = build_again(paper)
    assert rendered == tag_pages
    assert report.converted == 0


@pytest.mark.parametrize("use", ['{{ "wheat" | shout }}', '{% include "partials/loud.html" %}'])
def test_a_filter_wakes_the_pages_that_use_it(paper: CompleteSite, use: str) -> None:
    code = (
        "from generator.extend import filter\n\n@filter\ndef shout(text):\n    return text + '!'\n"
    )
    layout = f'{{% extends "default/tag.html" %}}{{% block heading %}}{use}{{% endblock %}}'
    paper.write({"layouts/extensions.py": code, "layouts/tag.html": layout})
    paper.write({"layouts/partials/loud.html": "{{ tag.name | shout }}"})
    build_again(paper)
    paper.write({"layouts/extensions.py": code.replace("!", "?")})
    rendered, _, report = build_again(paper)
    assert rendered == {path for topic in TOPICS for path in listing(f"tags/{topic}", 1, 2)}
    assert report.converted == 0


@pytest.mark.parametrize("use", ["{{ data.crops[0].name }}", '{% include "partials/crops.html" %}'])
def test_a_row_of_data_wakes_the_pages_that_look_at_that_file(
    paper: CompleteSite, use: str
) -> None:
    layout = f'{{% extends "default/tag.html" %}}{{% block heading %}}{use}{{% endblock %}}'
    paper.write({"layouts/tag.html": layout, "layouts/404.html": "{{ data.others | length }}"})
    paper.write({"layouts/partials/crops.html": "{% for crop in data.crops %}{% endfor %}"})
    paper.write({"content/_data/crops.csv": "name\nWheat\n", "content/_data/others.json": "[]"})
    build_again(paper)
    tag_pages = {path for topic in TOPICS for path in listing(f"tags/{topic}", 1, 2)}
    paper.write({"content/_data/crops.csv": "name\nRye\n"})
    rendered, _, report = build_again(paper)
    assert (rendered, report.converted) == (tag_pages, 0)
    paper.write({"content/_data/others.json": "[1]", "content/_data/third.json": "[]"})
    assert build_again(paper).rendered == {"404.html"}


@pytest.mark.long
def test_an_option_of_an_extension_wakes_the_texts(paper: CompleteSite) -> None:
    """What it changes in them nobody knows, so that all are converted again."""
    options = '[markdown]\nextensions = ["toc"]\n[markdown.options.toc]\npermalink = %s\n'
    paper.rewrite("rail-4", "So it was.", "So it was.\n\n## A heading")
    paper.write({"site.toml": SETTINGS + options % "false"})
    build_again(paper)
    before = paper.outputs()
    paper.write({"site.toml": SETTINGS + options % "true"})
    rendered, _, report = build_again(paper)
    assert report.converted > len(all_stories())
    assert rendered == {
        *all_stories(),
        *FEEDS,
        *(f"tags/{topic}/feed.xml" for topic in TOPICS),
        "about/index.html",
        *listing("tags/wheat", 1, 2),  # it has a description
        *(path for who in ("ann-lee", "bo-ek") for path in listing(f"authors/{who}", 1, 2, 3)),
        "authors/index.html",
    }
    changed = {path for path, data in paper.outputs().items() if before[path] != data}
    assert changed - {".broadsheet"} == pages("rail-4")


def test_a_partial_of_every_page(paper: CompleteSite) -> None:
    paper.write({"layouts/partials/footer.html": "<footer>The end</footer>\n"})
    rendered, _, report = build_again(paper)
    assert rendered == documents(paper)
    assert report.converted == 0


def test_the_stylesheet_gets_a_new_address(paper: CompleteSite) -> None:
    before = outputs(paper)
    paper.write({"layouts/assets/site.css": "body { color: black }\n"})
    rendered, deleted, _ = build_again(paper)
    (new,) = outputs(paper) - before
    assert deleted == before - outputs(paper)
    assert new.startswith("assets/site.") and len(deleted) == 1
    assert rendered == documents(paper) | {new}


def test_the_title_of_the_site(paper: CompleteSite) -> None:
    paper.write({"site.toml": SETTINGS.replace("The Desk", "The New Desk")})
    rendered, _, report = build_again(paper)
    topics = {f"tags/{topic}/feed.xml" for topic in TOPICS}
    assert rendered == documents(paper) | FEEDS | topics
    assert report.converted == 0


def test_a_word_of_the_interface_wakes_all_that_layouts_make(paper: CompleteSite) -> None:
    # Views hold labels too (a listing's title says which page it is), so that labels are part
    # of each page's fingerprint.
    paper.write({"site.toml": SETTINGS + '[labels]\nrelated = "See too"\n'})
    assets = {path for path in outputs(paper) if path.startswith("assets/")}
    assert build_again(paper).rendered == outputs(paper) - assets - COPIED


def test_fewer_related_stories_wake_those_that_had_more(paper: CompleteSite) -> None:
    paper.write({"site.toml": SETTINGS.replace("count = 2", "count = 1")})
    rendered, _, report = build_again(paper)
    assert rendered == all_stories() - {"2026/03/notice/index.html"}
    assert report.converted == 0


def test_a_cache_that_is_lost_beside_what_was_made_with_it(paper: CompleteSite) -> None:
    paper.rewrite("wheat-0", "So it was", "So it is")
    build_again(paper)
    shutil.rmtree(paper.root / ".broadsheet/blobs")
    paper.rewrite("banks-0", "So it was", "So it is")
    assert build_again(paper).rendered >= pages("banks-0")
