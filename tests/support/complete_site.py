"""A small but complete site as values.

Thirty stories of five topics and one of none. In the order of their dates, newest first:

    place     0        1        2       3        4        5        …  29       30
    story     wheat-0  banks-0  rail-0  tides-0  opera-0  wheat-1  …  opera-5  notice

    front page        the lead and two top stories are 0–2; river of 15: 3–17, page 2: 18–30
    months            0 and 1 of a topic stand in June, 2 and 3 in May, 4 and 5 in April;
                      the notice in March
    topic             its six stories, pages of four: 0–3, page 2: 4 and 5
    author            wheat and banks are Ann Lee's, rail and tides are Bo Ek's (both have
                      files), opera is Cy Dow's (has none); pages of four
    feeds             three entries: 0–2 of the site, 0–2 of a topic
    sidebar           two stories, see `_text`: those before and after it in the ring of its
                      topic (wheat-0 has wheat-1 and wheat-5); the notice has none
"""

from pathlib import Path
from typing import Any

from support.images import png
from support.sites import SmallSite

TOPICS = ("wheat", "banks", "rail", "tides", "opera")
RING = 6
AUTHORS = {"wheat": "Ann Lee", "banks": "Ann Lee", "rail": "Bo Ek", "tides": "Bo Ek"}
MONTHS = ("2026/06", "2026/05", "2026/04")
SETTINGS = """
title = "The Desk"
url = "https://desk.example/"
tagline = "All of it"

[[menu]]
title = "About"
url = "/about/"

[publisher]
name = "Desk Press"

[front]
top = 2
per_page = 15

[lists]
per_page = 4

[feeds]
size = 3

[related]
count = 2

[related.weights]
company = 0  # it carries what one story says to stories that share nothing with it
"""
SPECIAL: dict[str, dict[str, str]] = {
    "wheat-3": {"aliases": "[/old/wheat/]"},
    "wheat-4": {"summary": "What the editor says of it."},
    "rail-1": {"promo": "letter"},
    "rail-4": {"image": "{src: /pictures/train.png, alt: A train}"},
    "opera-5": {"expires": "2026-06-18"},
}
"""Front matter that only one story has."""
LINKS = {"banks-5": "wheat-4"}
"""Stories whose text leads to another."""


class CompleteSite(SmallSite):
    """The site that this file describes."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.write({"site.toml": SETTINGS, "content/pictures/train.png": png(8, 6, 1)})
        self.write(
            """
            -- content/authors/ann-lee.md --
            ---
            name: Ann Lee
            ---
            Ann reports on farms.
            -- content/authors/bo-ek.md --
            ---
            name: Bo Ek
            ---
            Bo travels.
            -- content/tags/wheat.md --
            ---
            name: Wheat
            ---
            All on wheat.
            -- content/promos/letter.md --
            ---
            title: The letter
            url: https://letter.example/
            label: Subscribe
            ---
            Every morning.
            -- content/pages/about.md --
            ---
            title: About
            ---
            Who we are.
            -- content/articles/draft.md --
            ---
            title: Not ready
            date: 2026-06-10
            draft: true
            ---
            Wait.
            -- content/articles/later.md --
            ---
            title: Not yet
            date: 2026-06-20T08:00
            ---
            Wait for the day.
            """
        )
        for topic in TOPICS:
            for number in range(RING):
                self.rewrite(f"{topic}-{number}")
        self.article("notice", "A notice.\n\nTo all.", date="2026-03-02")

    def rewrite(self, name: str, old: str = "", new: str = "", **changes: Any) -> None:
        """Write a story of a topic as it is at first, but with `new` text for `old`, and changes.

        A field that is None is left out.
        """
        topic, _, number = name.partition("-")
        body = _text(topic, int(number))
        if name in LINKS:
            body += f"\n\n[More]({LINKS[name]}.md)"
        assert old in body
        fields = {"date": _date(topic, int(number)), "tags": f"[{topic.title()}]"}
        fields["author"] = AUTHORS.get(topic, "Cy Dow")
        matter = fields | SPECIAL.get(name, {}) | changes
        self.article(name, body.replace(old, new), **matter)

    def rename(self, old: str, new: str) -> None:
        articles = self.root / "content/articles"
        (articles / f"{old}.md").rename(articles / f"{new}.md")

    def remove(self, path: str) -> None:
        (self.root / path).unlink()


def page(name: str) -> str:
    """The output path of a story of a topic."""
    return f"{MONTHS[int(name[-1]) // 2]}/{name}/index.html"


def pages(*names: str) -> set[str]:
    return {page(name) for name in names}


def of_topic(topic: str) -> set[str]:
    """The output paths of all stories of a topic."""
    return {page(f"{topic}-{number}") for number in range(RING)}


def all_stories() -> set[str]:
    return {p for topic in TOPICS for p in of_topic(topic)} | {"2026/03/notice/index.html"}


def _date(topic: str, number: int) -> str:
    """One story a day; ten days of each of three months."""
    month, place = divmod(number * len(TOPICS) + TOPICS.index(topic), 10)
    return f"2026-{6 - month:02}-{14 - place:02}T09:00"


def _text(topic: str, number: int) -> str:
    """Words that a story shares with two others, which settle what is related to it.

    The six of a topic stand in a ring: 0 shares many words with 1, 1 a few with 2, 2 many
    with 3, and so on, 5 a few with 0. No other story has any of them. So each has two near
    stories, one clearly nearer, and no edit of a word or a tag changes their order.
    """
    shared = [_words(topic, place % RING) for place in (number - 1, number)]
    return f"This is {topic} {number}.\n\n{'. '.join(shared)}.\n\nSo it was."


def _words(topic: str, place: int) -> str:
    count = 7 if place % 2 else 14
    return " ".join(f"{topic}{chr(97 + place)}{n}" for n in range(count))


FRONT = {"index.html", "page/2/index.html"}
FEEDS = {"feed.xml", "rss.xml", "feed.json"}
COPIED = {"pictures/train.png"}
REDIRECT = {"old/wheat/index.html"}


def listing(path: str, *numbers: int) -> set[str]:
    """Pages of a listing by their numbers."""
    return {f"{path}/index.html" if n == 1 else f"{path}/page/{n}/index.html" for n in numbers}


def archive(*months: str) -> set[str]:
    """The page of all years, that of 2026, and those of months."""
    return {"archive/index.html", "archive/2026/index.html"} | {
        f"archive/2026/{month}/index.html" for month in months
    }
