"""A page that is kept open shows what its layout asks for, save after save."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from generator.preview.session.texts import MANY
from support.answers import built, shown
from support.builds import clean_tree, differing, tree
from support.complete_site import CompleteSite
from support.sites import NOW, SmallSite

LAYOUT = (
    '{% extends "default/page.html" %}{% block main %}'
    "{% for card in ASKED %}<p>{{ card.title }}{{ card.opening }}</p>{% endfor %}{% endblock %}"
)


def kept_open(site: SmallSite, asked: str) -> Session:
    site.write({"layouts/page.html": LAYOUT.replace("ASKED", asked)})
    site.write({"content/pages/about.md": "---\ntitle: About\n---\nWho we are."})
    live = Session(site.root, NOW, drafts=True)
    live.update()
    return live


def about(live: Session) -> str:
    given = respond(live, "/about/")
    assert isinstance(given.body, bytes) and not given.problems
    return given.body.decode()


def test_each_save_is_shown_where_a_layout_asks_for_it(tmp_path: Path) -> None:
    paper = CompleteSite(tmp_path / "desk")
    live = kept_open(paper, 'stories(tag="Opera", most=3)')
    for name, edit, shows in (
        ("opera-1", {"title": "Otherwise"}, "Otherwise"),
        ("opera-1", {"old": "This is opera 1", "new": "A new beginning"}, "A new beginning"),
        ("wheat-1", {"tags": "[Opera]", "title": "Of another topic"}, "Of another topic"),
        ("opera-5", {"date": "2026-06-14T10:00"}, "Opera 5"),
    ):
        before = about(live)
        assert shows not in before
        paper.rewrite(name, **edit)
        live.update([f"content/articles/{name}.md"])
        assert shows in about(live)
        live.settle()
        assert differing(shown(live)[0], built(clean_tree(paper, drafts=True))) == []


def test_a_name_that_is_gone_is_told_over_the_page(tmp_path: Path) -> None:
    paper = CompleteSite(tmp_path / "desk")
    live = kept_open(paper, "stories(author='Cy Dow', most=1)")
    before = about(live)
    for number in range(6):
        paper.rewrite(f"opera-{number}", author="Ann Lee")
    live.update()
    given = respond(live, "/about/")
    assert [problem.what.partition(",")[0] for problem in given.problems] == [
        '`stories`: no story has the author "Cy Dow"'
    ]
    assert given.body == before.encode()
    paper.rewrite("opera-0")
    live.update(["content/articles/opera-0.md"])
    assert about(live) == before


@pytest.mark.long
def test_stories_that_nobody_has_read_yet_are_read_for_it(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site")
    for number in range(MANY + 10):
        site.article(f"story-{number}", f"Number {number}.", tags=f"[Topic {number % 3}]")
    live = kept_open(site, "stories(tag='Topic 1', most=40)")
    assert live.files.texts.ahead
    asked = about(live)
    assert "\ue000" not in asked
    assert live.files.texts.ahead
    site.build(drafts=True)
    assert asked.encode() == tree(site.public)["about/index.html"]


def test_the_clock_is_looked_at_for_it(site: SmallSite) -> None:
    published = datetime.now(UTC).replace(microsecond=0) - timedelta(days=6)
    site.article("one", date=published.isoformat())
    site.article("two", date=(published - timedelta(days=9)).isoformat())
    live = kept_open(site, "stories(since='1w')")
    live.at = None
    live.update()
    assert live.planned and live.planned.until is None
    site.article("three", date=(published - timedelta(days=3)).isoformat())
    live.update()
    assert "One" in about(live)
    assert live.planned and live.planned.until == published + timedelta(days=7)
    site.article("two", date=(published - timedelta(days=10)).isoformat())
    live.update()
    about(live)
    assert live.planned and live.planned.until == published + timedelta(days=7)
    assert not live.is_late()
    live.planned.until = published
    assert live.is_late()
