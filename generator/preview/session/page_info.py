"""Say in the preview's bar whether a page is public, what is amiss, and why what is related.

In come a session and the path of a URL, out come the preview's values.
"""

from datetime import datetime, tzinfo
from urllib.parse import unquote

import msgspec

from generator.config import CONTENT, Settings
from generator.config.editions import editions_of
from generator.content.names import in_language
from generator.errors import counted, is_error
from generator.model import ArticleMatter, BodyInfo, ItemMatter, Prose
from generator.preview.session.advice import advice
from generator.preview.session.planned_site import PlannedSite, shows_related
from generator.preview.session.responses import page_at
from generator.preview.session.site import Session
from generator.preview.values import PageInfo, Row
from generator.related.explain import Reader
from generator.site.permalinks import address_of
from generator.site.schedule import state_of
from generator.slugs import decoded


def page_info(session: Session, path: str) -> PageInfo | None:
    """Return what is to be said of the page at a path; None if it has no one file.

    The path is that of a URL, decoded.
    """
    planned = session.planned
    if planned is None:
        return None
    page = page_at(planned, path)
    if page is None:
        return _of_hidden(session, planned, path)
    if not (page.kind.traits.is_of_text and page.owner):
        return None
    source = f"{CONTENT}/{page.owner}"
    context, articles = planned.context.of(page.edition), planned.site_of(page).articles
    article = next((a for a in articles if context.file_of(a.path) == page.owner), None)
    warnings = [p.what for p in session.problems() if p.file == source and not is_error(p)]
    if article is None:
        items = planned.site_of(page).items.values()
        item = next((one for one in items if context.file_of(one.path) == page.owner), None)
        at, zone = planned.site.at, planned.settings.zone
        publication = _publication(item.matter, at, zone) if item else ""
        return PageInfo(publication=publication, source=source, warnings=tuple(warnings))
    prose = msgspec.msgpack.decode(session.files.texts.prose(article.body.key), type=Prose)
    return PageInfo(
        publication=_publication(article.matter, planned.site.at, planned.settings.zone),
        figures=_figures(article.body),
        warnings=(*advice(article, prose), *warnings),
        source=source,
    )


def why(session: Session, path: str) -> list[Row]:
    """Return each story that the page at this path suggests, with the reasons."""
    planned = session.planned
    page = planned and page_at(planned, path)
    if not planned or not page or not shows_related(page):
        return []
    context, articles = planned.context.of(page.edition), planned.site_of(page).articles
    position = next(p for p, a in enumerate(articles) if context.file_of(a.path) == page.owner)
    relations = session.related.in_edition(page.edition).find()
    if relations is None:
        return []
    reader = Reader(relations, session.files.texts.prose, context.settings.language)
    rows = []
    for suggestion in relations.of(position):
        article = articles[suggestion.position]
        _, reasons = reader.why(position, suggestion.position)
        lines = (["your own choice"] if suggestion.pinned else []) + reasons.lines()
        url = planned.context.compose.href(article.url)
        rows.append(Row(article.matter.title, url, tuple(lines)))
    return rows


def _publication(matter: ArticleMatter | ItemMatter, at: datetime, zone: tzinfo) -> str:
    """Return whether a story or item is public, if it is not simply live, by a zone's clocks."""
    state = state_of(matter, at)
    if state == "scheduled" and matter.date:
        return f"Scheduled until {_moment(matter.date, zone)}"
    if state == "expired" and matter.expires:
        return f"Expired on {_moment(matter.expires, zone)}"
    if state == "live" and matter.expires:
        return f"Expires on {_moment(matter.expires, zone)}"
    return "Draft" if state == "draft" else ""


def _figures(body: BodyInfo) -> str:
    return f"{body.minutes} min · {counted(body.words, 'word')}"


def _moment(moment: datetime, zone: tzinfo) -> str:
    there = moment.astimezone(zone)
    return f"{there.day} {there:%b %Y, %H:%M}"


def _of_hidden(session: Session, planned: PlannedSite, path: str) -> PageInfo | None:
    """Return what is to be said of a story or item that would stand there, were it shown."""
    for reading in session.files.texts.library({}).readings:
        matter, folder = reading.matter, reading.path.partition("/")[0]
        if isinstance(matter, ItemMatter) and folder not in planned.settings.collections:
            continue  # the settings that declare it have a mistake
        is_shown = bool(planned.site.addresses.get(reading.path))
        if isinstance(matter, ArticleMatter | ItemMatter) and not is_shown:
            path_there, settings = _in_edition(reading.path, planned.settings)
            slug = decoded(matter.slug) or settings.slugging.of_file(path_there)
            url = address_of(path_there, matter, slug, settings)
            if unquote(planned.context.compose.href(url)) == path:
                text = _publication(matter, planned.site.at, planned.settings.zone)
                return PageInfo(text or "Not shown", source=f"{CONTENT}/{reading.path}")
    return None


def _in_edition(path: str, settings: Settings) -> tuple[str, Settings]:
    """Return the path that a text goes by in its language, and the settings of that."""
    plain, language = in_language(path, settings.languages)
    return plain, editions_of(settings)[language] if language else settings
