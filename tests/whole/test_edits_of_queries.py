"""What each kind of edit wakes where layouts ask: the pages whose answers are others, and no more.

The site is that of `complete_site`; a layout asks for stories or texts beside what it shows anyway.
"""

from datetime import UTC, datetime, timedelta

import pytest

from support.builds import SettledSites, build_again
from support.complete_site import CompleteSite, of_topic, pages
from support.sites import NOW

pytestmark = pytest.mark.long
ABOUT = {"about/index.html"}
BLOCKS = {"page.html": "main", "article.html": "neighbours"}


@pytest.fixture
def desk(settled: SettledSites) -> CompleteSite:
    """The site, not built yet."""
    taken = settled.take()
    assert isinstance(taken, CompleteSite)
    return taken


def asking(
    desk: CompleteSite, asked: str, shown: str = "{{ card.title }}", layout: str = "page.html"
) -> None:
    """Have a layout show something of what it asks for, and build."""
    text = f"{{% for card in {asked} %}}<p>{shown}</p>{{% endfor %}}"
    block = f"{{% block {BLOCKS[layout]} %}}{text}{{% endblock %}}"
    desk.write({f"layouts/{layout}": f'{{% extends "default/{layout}" %}}{block}'})
    desk.build()


def woken(desk: CompleteSite, at: datetime = NOW) -> bool:
    """Whether a build wakes the page about the site; it gives what a clean build does."""
    return build_again(desk, at=at).rendered >= ABOUT


def test_no_edit_wakes_nothing(desk: CompleteSite) -> None:
    asking(desk, "stories(tag=story.tags, since='4w', without=story)", layout="article.html")
    report = build_again(desk).report
    assert (report.rendered, report.written) == (0, 0)
    desk.rewrite("tides-3", title="Otherwise")
    build_again(desk)
    assert build_again(desk).rendered == set()


def test_a_new_story_wakes_what_asks_for_its_topic(desk: CompleteSite) -> None:
    asking(desk, 'stories(tag="Opera", most=2)')
    desk.article("bridge", "Of none.", date="2026-06-14T08:30", tags="[Rail]")
    assert not woken(desk)
    desk.article("aria", "Of no other.", date="2026-06-14T08:00", tags="[Opera]")
    assert woken(desk)
    desk.remove("content/articles/aria.md")
    assert woken(desk)


def test_a_story_that_is_too_old_to_be_listed_wakes_nothing(desk: CompleteSite) -> None:
    asking(desk, 'stories(tag="Opera", most=2)')
    desk.article("aria", "Of no other.", date="2026-01-14", tags="[Opera]")
    assert not woken(desk)


@pytest.mark.parametrize(
    "shown", ["{{ card.title }}", "{{ prose(card).html }}", "{{ card.opening }}"]
)
def test_a_body_wakes_what_shows_texts(desk: CompleteSite, shown: str) -> None:
    asking(desk, 'stories(tag="Opera", most=3)', shown)
    shows_texts = "title" not in shown
    desk.rewrite("opera-1", "So it was.", "So it is.")
    assert build_again(desk).rendered == {
        *pages("opera-1"),
        "tags/opera/feed.xml",
        *(ABOUT if shows_texts else ()),
    }
    desk.rewrite("opera-3", "So it was.", "So it is.")
    assert build_again(desk).rendered == pages("opera-3")


def test_texts_wake_where_their_links_lead_elsewhere(desk: CompleteSite) -> None:
    asking(desk, 'stories(tag="Banks")', "{{ prose(card).html }}")
    desk.rewrite("wheat-4", slug="corn")  # a text on banks leads there
    assert woken(desk)
    assert "/2026/04/corn/" in desk.text("/about/")


def test_a_headline_wakes_what_shows_it(desk: CompleteSite) -> None:
    asking(desk, 'stories(tag="Opera", most=3)')
    desk.rewrite("opera-3", title="Otherwise")
    assert not woken(desk)
    desk.rewrite("opera-2", title="Otherwise")
    assert woken(desk)


def test_a_renamed_author_wakes_what_asks_for_the_name(desk: CompleteSite) -> None:
    asking(desk, 'stories(author="ann-lee", most=1)', "{{ card.authors[0].title }}")
    desk.write({"content/authors/ann-lee.md": "---\nname: Ann Leigh\n---\n"})
    for name in ("wheat", "banks"):
        for number in range(6):
            desk.rewrite(f"{name}-{number}", author="Ann Leigh")
    assert woken(desk)
    assert "Ann Leigh" in desk.text("/about/")


def test_the_clock_wakes_what_it_changes(desk: CompleteSite) -> None:
    asking(desk, 'stories(tag="Opera", since="7d")')
    last = datetime(2026, 6, 17, 9, tzinfo=UTC)  # the newest is of 10 June
    for at, is_there in (
        (NOW + timedelta(days=1), True),
        (last - timedelta(seconds=1), True),
        (last, True),
        (last + timedelta(microseconds=1), False),
        (last, True),
        (last + timedelta(days=9), False),
        (NOW, True),
    ):
        build_again(desk, at=at)
        assert ("Opera 0" in desk.text("/about/")) is is_there, at
    assert not woken(desk, NOW + timedelta(days=1))
    assert woken(desk, last + timedelta(days=1))
    assert not woken(desk, last + timedelta(days=2))


def test_words_that_are_saved_after_the_clock_has_moved(desk: CompleteSite) -> None:
    asking(desk, 'stories(tag="Opera", since="7d")')
    desk.rewrite("rail-4", "So it was.", "So it is.")
    assert woken(desk, NOW + timedelta(days=3))
    desk.rewrite("rail-4")
    assert not woken(desk, NOW + timedelta(days=3))


def test_each_story_asks_for_its_own(desk: CompleteSite) -> None:
    asked = "(stories(tag=story.tags[0].title, without=story, most=2) if story.tags else [])"
    asking(desk, asked, layout="article.html")
    desk.rewrite("opera-4", title="Otherwise")  # the two newest others are 0 and 1, or 2
    assert build_again(desk).rendered & of_topic("opera") == pages("opera-3", "opera-4", "opera-5")
    desk.rewrite("opera-1", title="Otherwise")
    assert of_topic("opera") <= build_again(desk).rendered


def test_other_questions_take_the_place_of_the_last_ones(desk: CompleteSite) -> None:
    asking(desk, 'stories(tag="Opera")')
    asking(desk, 'stories(tag="Rail")')
    desk.rewrite("opera-0", title="Otherwise")
    assert not woken(desk)
    desk.rewrite("rail-0", title="Otherwise")
    assert woken(desk)
    asking(desk, "[]")
    desk.rewrite("rail-0", title="Again otherwise")
    assert not woken(desk)


def test_words_may_settle_what_is_asked(desk: CompleteSite) -> None:
    """What a page asks is new where only words are: the next build goes by that."""
    asking(desk, "stories(tag=story.kicker or 'Rail', most=1)", layout="article.html")
    desk.rewrite("tides-4", kicker="Opera")
    assert build_again(desk).rendered >= pages("tides-4")
    desk.rewrite("opera-0", title="Otherwise")
    rendered = build_again(desk).rendered
    assert "tides-4" in str(rendered) and "tides-3" not in str(rendered)
