"""The short way from a site to the next one: only words of its stories are new.

What comes in is a site as it was assembled, and the readings of the texts that were written anew.
What goes out are the stories with their new words, or nothing where more than words is new: then
the site has to be assembled again. Nothing is read or written here.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from generator.config import CONTENT
from generator.errors import Problem
from generator.model import Anchors, Article, ArticleMatter, Reading, Site
from generator.site.anchors import anchors_of, led_into, place_of
from generator.site.file_names import FileNames
from generator.site.links import dead_links
from generator.site.overlay import overlaid
from generator.site.partial import WORDS
from generator.site.stories import positions_of, replaced
from generator.site.summaries import is_shared_anew, reworded_openings, summed_up


class Words(NamedTuple):
    """The stories of a site, by position, as their new words have them.

    `dead_links` are what is wrong with the links in those to files of the content.
    """

    stories: dict[int, Article]
    dead_links: list[Problem]


def only_words(
    site: Site, paths: Collection[str], readings: Collection[Reading], warnings: Iterable[Problem]
) -> Words | None:
    """Return the new words of a site, or None if more than words is new.

    `paths` are those of the texts that were written anew, `readings` what these say, but for
    those with errors. `warnings` are what was said of the site: that of a text which is written
    anew may go with its words. So may an id that other texts lead to, and what many stories begin
    with.
    """
    if _are_warned(warnings, paths):
        return None
    stories = new_words(site, readings)
    if stories is None or _are_led_into(site, stories):
        return None
    if is_shared_anew(site, reworded_openings(site, stories)):
        return None
    bodies = ((reading.path, reading.body) for reading in readings)
    return Words(stories, [*dead_links(site, bodies, (), FileNames(site.addresses))])


def new_words(site: Site, readings: Iterable[Reading]) -> dict[int, Article] | None:
    """Return stories of a site, by position, with the words that these readings have for them.

    None if more is new than bodies, titles, kickers and summaries of stories that are shown.
    """
    new = {reading.path: reading for reading in readings}
    words = {}
    for position in positions_of(site.articles, new):
        article = site.articles[position]
        reading = new.pop(article.path)
        matter = reading.matter
        if not isinstance(matter, ArticleMatter) or _place(matter) != _place(article.matter):
            return None
        body = summed_up(reading.body, site.shared)
        words[position] = replace(article, matter=matter, body=body)
    return None if new else words


def with_words(site: Site, words: Mapping[int, Article]) -> Site:
    """Return the site with other stories at these positions, which differ in words alone."""
    return replace(
        site,
        articles=replaced(site.articles, words),
        anchors=with_anchors(site.anchors, words.values()),
        openings=reworded_openings(site, words),
        led_into=_led_into(site, words),
    )


def with_anchors(
    anchors: Mapping[str, Anchors], stories: Iterable[Article]
) -> Mapping[str, Anchors]:
    """Return the anchors with those of stories whose words are new."""
    return overlaid(anchors, _anchors(stories))


def _place(matter: ArticleMatter) -> bytes:
    """Return all of a story's front matter but its words: what settles where it stands.

    Encoded, for moments of two zones may be equal and yet not the same.
    """
    return msgspec.json.encode(replace(matter, **dict.fromkeys(WORDS, ""), phrases={}))


def _are_warned(warnings: Iterable[Problem], paths: Collection[str]) -> bool:
    """Return whether one of these texts was warned of."""
    files = {f"{CONTENT}/{path}" for path in paths}
    return any(problem.file in files for problem in warnings)


def _are_led_into(site: Site, words: Mapping[int, Article]) -> bool:
    """Return whether another text leads to an id of one of these stories, and its ids are new."""
    now = _anchors(words.values())
    own = {story.path for story in words.values()}
    led_into = [place for place in now if not own.issuperset(site.led_into.get(place, ()))]
    return any(site.anchors.get(place) != now[place] for place in led_into)


def _led_into(site: Site, words: Mapping[int, Article]) -> dict[str, tuple[str, ...]]:
    """Return what leads to the places of a site with a fragment once these words are in it."""
    own = {story.path for story in words.values()}
    others = {
        place: tuple(path for path in paths if path not in own)
        for place, paths in site.led_into.items()
    }
    new = led_into(site, ((story.path, story.body) for story in words.values()))
    return {
        place: others.get(place, ()) + new.get(place, ())
        for place in {**others, **new}
        if others.get(place) or new.get(place)
    }


def _anchors(stories: Iterable[Article]) -> dict[str, Anchors]:
    found = ((story.url, anchors_of(story.body)) for story in stories)
    return {place_of(url): anchors for url, anchors in found if anchors}
