"""What the preview's bar says of a page: where it stands, what is amiss, why what is related."""

from datetime import datetime, tzinfo
from urllib.parse import unquote

import msgspec

from generator.config import CONTENT
from generator.errors import counted, is_error
from generator.model import ArticleMatter, Digest, Prose
from generator.preview.session.advice import advice
from generator.preview.session.planned_site import PlannedSite
from generator.preview.session.responses import page_at
from generator.preview.session.site import LiveSite
from generator.preview.values import Note, Row
from generator.related.explain import Reader
from generator.site.permalinks import address_of
from generator.site.schedule import state_of
from generator.slugs import decoded


def note(live: LiveSite, path: str) -> Note | None:
    """What is to be said of the page at the path of a URL, decoded; None if it has no one file."""
    planned = live.planned
    if planned is None:
        return None
    page = page_at(planned, path)
    if page is None:
        return _of_hidden(live, planned, path)
    if page.kind.traits.told == "nothing" or not page.owner:
        return None
    source = f"{CONTENT}/{page.owner}"
    article = next((a for a in planned.site.articles if a.path == page.owner), None)
    warnings = [p.what for p in live.problems() if p.file == source and not is_error(p)]
    if article is None:
        return Note(source=source, warnings=tuple(warnings))
    prose = msgspec.msgpack.decode(live.files.texts.prose(article.body.key), type=Prose)
    return Note(
        standing=_state_told(article.matter, planned.site.at, planned.settings.zone),
        figures=_figures(article.body),
        warnings=(*advice(article, prose), *warnings),
        source=source,
    )


def why(live: LiveSite, path: str) -> list[Row]:
    """Each story that the page at this path suggests, with the reasons."""
    planned = live.planned
    page = planned and page_at(planned, path)
    if not planned or not page or page.kind.traits.told != "story":
        return []
    articles = planned.site.articles
    position = next(p for p, article in enumerate(articles) if article.path == page.owner)
    suggestions = live.related.of(position)
    if not suggestions:
        return []
    reader = Reader(live.related.relations(), live.files.texts.prose, planned.settings.language)
    rows = []
    for suggestion in suggestions:
        article = articles[suggestion.position]
        _, reasons = reader.why(position, suggestion.position)
        lines = (["your own choice"] if suggestion.pinned else []) + reasons.lines()
        url = planned.context.compose.href(article.url)
        rows.append(Row(article.matter.title, url, tuple(lines)))
    return rows


def _state_told(matter: ArticleMatter, at: datetime, zone: tzinfo) -> str:
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


def _of_hidden(live: LiveSite, planned: PlannedSite, path: str) -> Note | None:
    """Of a story that would stand there, were it shown."""
    for reading in live.files.texts.library({}).readings:
        matter = reading.matter
        if isinstance(matter, ArticleMatter) and not planned.site.addresses.get(reading.path):
            slug = decoded(matter.slug) or planned.settings.slugging.of_file(reading.path)
            url = address_of(reading.path, matter, slug, planned.settings)
            if unquote(planned.context.compose.href(url)) == path:
                text = _state_told(matter, planned.site.at, planned.settings.zone)
                return Note(text or "Not shown", source=f"{CONTENT}/{reading.path}")
    return None
