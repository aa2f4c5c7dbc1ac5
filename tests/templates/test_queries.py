"""Queries: a layout lists stories of any kind, or shows them in full, and is made again for those."""

from typing import Any

import pytest

from support.sites import SmallSite, refused, words

FRONT = """{% extends "default/front.html" %}
{% block main %}
<ol id="asked">
{% for card in ASKED %}
<li>{{ card.title }}</li>
{% endfor %}
</ol>
{% endblock %}
"""


def ask(site: SmallSite, asked: str) -> None:
    site.write({"layouts/front.html": FRONT.replace("ASKED", asked)})


def answer(site: SmallSite) -> list[str]:
    return [one.text_content() for one in site.page("/").cssselect("#asked li")]


@pytest.fixture
def paper(site: SmallSite) -> SmallSite:
    site.article("flood", date="2026-06-14", section="World", tags="[Water, Law]", author="Ann Lee")
    site.article("dam", date="2026-06-12", section="World", tags="[Water]", author="Bo Ek")
    site.article("play", date="2026-06-10", section="Culture", tags="[Law]", author="Ann Lee")
    site.article("lake", date="2026-05-01", section="Culture", tags="[Water]")
    site.article("draft", date="2026-06-01", tags="[Secret]", draft="true")
    return site


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("stories()", ["Flood", "Dam", "Play", "Lake"]),
        ('stories(section="World")', ["Flood", "Dam"]),
        ('stories(section="world", tag="Law")', ["Flood"]),
        ('stories(tag=["Law", "water"], most=3)', ["Flood", "Dam", "Play"]),
        ('stories(author="ann lee")', ["Flood", "Play"]),
        ('stories(since="7d")', ["Flood", "Dam", "Play"]),
        ('stories(since="36h")', ["Flood"]),
        ('stories(tag="Secret")', []),
    ],
)
def test_a_layout_lists_the_newest_stories_that_it_asks_for(
    paper: SmallSite, asked: str, titles: list[str]
) -> None:
    ask(paper, asked)
    paper.build()
    assert answer(paper) == titles
