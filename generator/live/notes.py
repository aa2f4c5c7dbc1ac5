"""What the preview's bar says of a page: where it stands, what is amiss, why what is related."""

from datetime import datetime, tzinfo
from urllib.parse import unquote

import msgspec

from generator.arrange.calendar import state_of
from generator.arrange.permalinks import address_of
from generator.config import CONTENT
from generator.errors import counted, is_error
from generator.live.advice import advice
from generator.live.answers import page_at
from generator.live.site import LiveSite
from generator.live.standing import Standing
from generator.model import ArticleMatter, Digest, Prose
from generator.preview.values import Note, Row
from generator.reasons import Reader
from generator.render.plan import Page
from generator.slugs import decoded


def note(live: LiveSite, path: str) -> Note | None:
    """What is to be said of the page at the path of a URL, decoded; None if it has no one file."""
    standing = live.standing
    if standing is None:
        return None
    page = page_at(standing, path)
    if page is None:
        return _of_hidden(live, standing, path)
    if not isinstance(page, Page) or not page.owner:
        return None
    source = f"{CONTENT}/{page.owner}"
    article = next((a for a in standing.site.articles if a.path == page.owner), None)
    warnings = [p.what for p in live.problems() if p.file == source and not is_error(p)]
    if article is None:
        return Note(source=source, warnings=tuple(warnings))
    prose = msgspec.msgpack.decode(live.files.texts.prose(article.body.key), type=Prose)
    return Note(
        standing=_standing(article.matter, standing.site.at, standing.settings.zone),
        figures=_figures(article.body),
        warnings=(*advice(article, prose), *warnings),
        source=source,
    )


def why(live: LiveSite, path: str) -> list[Row]:
    """Each story that the page at this path suggests, with the reasons."""
    standing = live.standing
    page = standing and page_at(standing, path)
    if not standing or not isinstance(page, Page) or page.layout != "article.html":
        return []
    articles = standing.site.articles
    position = next(p for p, article in enumerate(articles) if article.path == page.owner)
    suggestions = live.kin.of(position)
    if not suggestions:
        return []
    reader = Reader(live.kin.relations(), live.files.texts.prose, standing.settings.language)
    rows = []
    for suggestion in suggestions:
        article = articles[suggestion.position]
        _, reasons = reader.why(position, suggestion.position)
        lines = (["your own choice"] if suggestion.pinned else []) + reasons.lines()
        url = standing.desk.compose.href(article.url)
        rows.append(Row(article.matter.title, url, tuple(lines)))
    return rows


def _standing(matter: ArticleMatter, at: datetime, zone: tzinfo) -> str:
    """Where a story stands, if it is not simply live, by the clocks of a zone."""
    state = state_of(matter, at)
    if state == "scheduled":
        return f"Scheduled until {_moment(matter.date, zone)}"
    if state == "expired" and matter.expires:
        return f"Expired on {_moment(matter.expires, zone)}"
    if state == "live" and matter.expires:
        return f"Expires on {_moment(matter.expires, zone)}"
    return "Draft" if state == "draft" else ""


def _figures(body: Digest) -> str:
    return f"{body.minutes} min · {counted(body.words, 'word')}"


def _moment(moment: datetime, zone: tzinfo) -> str:
    there = moment.astimezone(zone)
    return f"{there.day} {there:%b %Y, %H:%M}"


def _of_hidden(live: LiveSite, standing: Standing, path: str) -> Note | None:
    """Of a story that would stand there, were it shown."""
    for reading in live.files.texts.library({}).readings:
        matter = reading.matter
        if isinstance(matter, ArticleMatter) and not standing.site.addresses.get(reading.path):
            slug = decoded(matter.slug) or standing.settings.slugging.of_file(reading.path)
            url = address_of(reading.path, matter, slug, standing.settings)
            if unquote(standing.desk.compose.href(url)) == path:
                text = _standing(matter, standing.site.at, standing.settings.zone)
                return Note(text or "Not shown", source=f"{CONTENT}/{reading.path}")
    return None
