"""What each edit of a collection wakes: exactly these outputs, and no others.

The site is that of `complete_site`, with events of which one names a story; its page for what is
not found shows all events. There are three to a page of their list, sorted by their beginning.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from support.builds import SettledSites, build_again
from support.complete_site import SETTINGS, CompleteSite, page
from support.sites import NOW, SmallSite

SHOWN = (
    "{% for event in collections.events %}{{ event.title }} {{ event.start | iso }}"
    "{% if event.report %} {{ event.report.title }}{% endif %}{% endfor %}"
)
EVENTS = """
[collections.events]
sort = "start"
feed = true
fields.start = "moment"
fields.report = "story"

[collections.team]
fields.role = "text"
"""
NOT_FOUND = {"404.html"}
LIST, SECOND = {"events/index.html"}, {"events/page/2/index.html"}
FEED = {"events/feed.xml"}
SITEMAP = {"sitemap.xml"}


class SiteWithEvents(CompleteSite):
    """The site that this file describes."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        settings = SETTINGS.replace("per_page = 4", "per_page = 3") + EVENTS
        self.write({"site.toml": settings, "layouts/404.html": SHOWN})
        for number in range(4):
            self.event(number)
        self.event(1, more="report: rail-3\n")
        self.write({"content/team/ann.md": "---\ntitle: Ann\nrole: Editor\n---\nAnn.\n"})

    def event(
        self, number: int, title: str = "Event", body: str = "Come.", day: int = 0, more: str = ""
    ) -> None:
        day = day or 10 + number
        matter = f"title: {title} {number}\ndate: 2026-06-0{1 + number}\nstart: 2026-07-{day}\n"
        self.write({f"content/events/e{number}.md": f"---\n{matter}{more}---\n{body}\n"})


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> SettledSites:
    return SettledSites(tmp_path_factory.mktemp("collections"), SiteWithEvents, 20)


@pytest.fixture
def paper(settled: SettledSites) -> SiteWithEvents:
    """The site, built once."""
    taken: SmallSite = settled.take()
    assert isinstance(taken, SiteWithEvents)
    taken.build()
    return taken


def event(number: int) -> set[str]:
    return {f"events/e{number}/index.html"}


def test_no_edit_wakes_nothing(paper: SiteWithEvents) -> None:
    assert build_again(paper).rendered == set()


def test_the_words_of_an_item_below_its_summary_wake_its_page_and_feed(
    paper: SiteWithEvents,
) -> None:
    paper.event(3, body="Come.\n\nAnd bring a friend.")
    rendered, _, report = build_again(paper)
    assert rendered == event(3) | FEED
    assert report.converted == 1


def test_how_an_item_begins_wakes_its_list_and_who_shows_the_collection(
    paper: SiteWithEvents,
) -> None:
    paper.event(3, body="Come soon.")
    assert build_again(paper).rendered == event(3) | SECOND | FEED | NOT_FOUND


def test_a_field_of_an_item_wakes_its_list_and_who_shows_the_collection(
    paper: SiteWithEvents,
) -> None:
    paper.event(0, day=9)
    assert build_again(paper).rendered == event(0) | LIST | NOT_FOUND


def test_an_item_that_moves_in_the_order_wakes_both_lists(paper: SiteWithEvents) -> None:
    paper.event(0, day=20)
    assert build_again(paper).rendered == event(0) | LIST | SECOND | NOT_FOUND


def test_a_new_item_wakes_the_lists_that_shift(paper: SiteWithEvents) -> None:
    paper.event(4)
    rendered = build_again(paper).rendered
    assert rendered == event(4) | SECOND | FEED | NOT_FOUND | SITEMAP


def test_an_item_that_is_deleted_wakes_the_lists_that_shift(paper: SiteWithEvents) -> None:
    paper.remove("content/events/e3.md")
    rendered, deleted, _ = build_again(paper)
    assert rendered == LIST | FEED | NOT_FOUND | SITEMAP
    assert deleted == event(3) | SECOND


def test_an_item_of_a_collection_wakes_none_of_another(paper: SiteWithEvents) -> None:
    paper.write({"content/team/ann.md": "---\ntitle: Ann\nrole: Publisher\n---\nAnn.\n"})
    assert build_again(paper).rendered == {"team/ann/index.html", "team/index.html"}


def test_a_headline_wakes_the_items_that_name_its_story(paper: SiteWithEvents) -> None:
    before = build_again(paper).rendered
    paper.rewrite("rail-3", title="Other rails")
    rendered = build_again(paper).rendered
    assert before == set()
    assert event(1) | FEED <= rendered
    assert {page("rail-3")} | NOT_FOUND <= rendered
    assert not rendered & (event(0) | event(2) | event(3))


def test_a_story_that_is_hidden_wakes_the_items_that_name_it(paper: SiteWithEvents) -> None:
    paper.rewrite("rail-3", draft="true")
    rendered = build_again(paper).rendered
    assert event(1) | NOT_FOUND | FEED <= rendered
    assert not rendered & (event(0) | event(2) | event(3))


def test_a_body_of_a_story_wakes_no_item(paper: SiteWithEvents) -> None:
    paper.rewrite("rail-3", "So it was.", "So it is now.")
    assert build_again(paper).rendered == {page("rail-3")}


def test_a_layout_of_items_wakes_them(paper: SiteWithEvents) -> None:
    layout = '{% extends "default/item.html" %}{% block fields %}{% endblock %}'
    paper.write({"layouts/item.html": layout})
    wanted = {path for number in range(4) for path in event(number)} | {"team/ann/index.html"}
    assert build_again(paper).rendered == wanted


def test_a_layout_that_comes_to_show_a_collection_wakes_its_pages(paper: SiteWithEvents) -> None:
    layout = '{% extends "default/page.html" %}{% block text %}{{ collections.team | length }}'
    paper.write({"layouts/page.html": f"{layout}{{% endblock %}}"})
    assert build_again(paper).rendered == {"about/index.html"}
    paper.write({"content/team/bo.md": "---\ntitle: Bo\n---\n"})
    rendered = build_again(paper).rendered
    assert {"about/index.html", "team/bo/index.html", "team/index.html"} <= rendered
    assert not rendered & NOT_FOUND


def test_a_new_field_of_a_collection_reads_and_wakes_no_story(paper: SiteWithEvents) -> None:
    settings = (paper.root / "site.toml").read_text(encoding="utf-8")
    field = 'fields.room = { type = "text", default = "Attic" }\n\n[collections.team]'
    paper.write({"site.toml": settings.replace("\n[collections.team]", field)})
    rendered, _, report = build_again(paper)
    every = {path for number in range(4) for path in event(number)}
    assert rendered == every | LIST | SECOND | NOT_FOUND | FEED
    assert report.converted == 5


def test_the_first_collection_of_a_site_wakes_no_story(paper: SiteWithEvents) -> None:
    settings = (paper.root / "site.toml").read_text(encoding="utf-8")
    paper.write({"site.toml": f"{settings}\n[collections.jobs]\n"})
    assert build_again(paper).rendered == {"jobs/index.html"} | SITEMAP


def test_the_clock_wakes_an_item_that_it_publishes(paper: SiteWithEvents) -> None:
    text = "---\ntitle: Later\ndate: 2026-06-17\nstart: 2026-07-11\n---\nCome.\n"
    paper.write({"content/events/later.md": text})
    assert build_again(paper).rendered == set()
    rendered = build_again(paper, at=NOW + timedelta(days=2)).rendered
    assert {"events/later/index.html"} | LIST | SECOND | NOT_FOUND | FEED <= rendered
