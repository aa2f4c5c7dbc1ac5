"""Which stories the feeds hold, and the ids by which readers' programs know them again."""

from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import urlsplit
from uuid import UUID

from generator.codes import Code
from generator.config import CONTENT, Settings
from generator.config.taxonomies import taxonomies_of
from generator.errors import Problem, shortened
from generator.model import Article, Site
from generator.urls import is_iri


def id_of(article: Article, settings: Settings) -> str:
    """Return the id of a story in the feeds: its field, else an address that it has there."""
    return article.matter.id if is_iri(article.matter.id) else _made_id(article, settings)


def stories_in_feeds(site: Site, settings: Settings) -> Iterator[Article]:
    """Yield each story that a feed holds: that of the site, that of a term, or the podcast."""
    size, taxonomies = settings.feeds.size, taxonomies_of(settings)
    positions = {*range(min(size, len(site.articles)))}
    for key, term in site.terms.items():
        if taxonomies[term.taxonomy].feed:
            positions.update(islice(site.by_term[key], size))
    if settings.podcast:
        positions.update(n for n, story in enumerate(site.articles) if story.matter.audio)
    return (site.articles[position] for position in sorted(positions))


def mistakes_of_ids(stories: Sequence[Article], settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong with the fields `id`: each has to be an IRI, and that of one story."""
    typed = [story for story in stories if story.matter.id]
    if not typed:
        return
    yield from (_no_id(story, settings) for story in typed if not is_iri(story.matter.id))
    owners: dict[str, str] = {}
    for story in sorted(stories, key=lambda story: (not is_iri(story.matter.id), story.path)):
        identity = id_of(story, settings)
        owner = owners.setdefault(identity, story.path)
        if owner != story.path:
            yield _shared(story, owner, identity)


def _made_id(article: Article, settings: Settings) -> str:
    home = settings.id_home
    return home.absolute(home.href(article.url))


def _no_id(story: Article, settings: Settings) -> Problem:
    """Return the problem of a field that is no IRI. A mere number is that of another generator."""
    typed = story.matter.id
    if typed.isdecimal():
        what = f"id: {shortened(typed)} is no id of a feed, and is passed over"
        remedy = "take it out, or put it below `extra`"
        return Problem(_file(story.path), 0, what, remedy, "warning", ("id",))
    what = f'id: "{shortened(typed)}" is no id of a feed'
    remedy = f'write a whole address, or one such as "{_suggested(story, settings)}"'
    return Problem(_file(story.path), 0, what, remedy, field=("id",))


def _suggested(story: Article, settings: Settings) -> str:
    """Return an id that would do: as a tag of RFC 4151, unless a UUID was typed."""
    try:
        return UUID(story.matter.id).urn
    except ValueError:
        host = urlsplit(settings.id_home.origin).hostname
        return f"tag:{host},{story.matter.date.year}:{story.slug}"


def _shared(story: Article, owner: str, identity: str) -> Problem:
    """Return the problem of two stories that readers' programs would take for one."""
    if story.matter.id == identity:
        what = f'id: "{shortened(identity)}" is also that of {_file(owner)}'
        remedy = "give each its own"
        return Problem(_file(story.path), 0, what, remedy, field=("id",), code=Code.ID_TAKEN)
    what = f'id: "{shortened(identity)}" is also that of {_file(story.path)}, by its address'
    remedy = "give one of the two another"
    return Problem(_file(owner), 0, what, remedy, field=("id",), code=Code.ID_TAKEN)


def _file(path: str) -> str:
    return f"{CONTENT}/{path}"
