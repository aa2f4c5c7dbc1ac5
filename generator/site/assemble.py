"""Readings become a Site: addresses, order, authors, tags.

What comes in is the library of all texts, the settings and a moment; what goes out is the site as
it stands then, and what is wrong with it. Nothing is read or written here.
"""

import posixpath
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Set
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from msgspec.structs import replace

from generator.config import Settings
from generator.errors import Problem
from generator.model import (
    Anchors,
    Article,
    ArticleMatter,
    Author,
    AuthorMatter,
    BodyInfo,
    KeptBack,
    Library,
    PageMatter,
    Promo,
    PromoMatter,
    Reading,
    Site,
    StaticPage,
    Tag,
    TagMatter,
)
from generator.site.anchors import anchors_of, led_into, place_of
from generator.site.bounds import within_bounds
from generator.site.collation import collated
from generator.site.consistency import mistakes
from generator.site.links import file_named, in_decomposed
from generator.site.permalinks import address_of
from generator.site.schedule import is_shown, newest_first, state_of
from generator.site.summaries import common_openings, shared_openings, summed_up
from generator.site.taxonomies import (
    Filed,
    NamesOf,
    Register,
    Registers,
    Use,
    folded,
    folded_tag,
    register,
)
from generator.slugs import Slugs, decoded
from generator.urls import (
    Paths,
    composed,
    file_path,
    is_bare,
    is_index,
    old_address,
    stem_of_file,
)

N = TypeVar("N", Author, Tag)


class Assembled(NamedTuple):
    """A site, and what is wrong with it: that is looked for when it is asked for, which is once.

    The clock changes nothing within its `valid_between`. `converted` counts the Markdown bodies
    that were not known. `kept_back` counts what is not shown. `reworded` are the content paths of
    the stories whose words are new, if nothing else is.
    """

    site: Site
    problems: Iterator[Problem]
    valid_between: tuple[datetime | None, datetime | None]
    converted: int
    kept_back: KeptBack
    reworded: frozenset[str] | None = None


def assemble(
    library: Library, settings: Settings, at: datetime, drafts: bool = False
) -> tuple[Site, Iterator[Problem]]:
    """Return the site as it stands at the moment `at`, and what is wrong with it, if asked for.

    `drafts` shows drafts and scheduled stories too. With errors among the problems the
    site is assembled as far as it goes, so that every other mistake is found as well.
    """
    library, beyond = within_bounds(library)
    names = _names(library, settings.slugging)
    places = [*(reading.path for reading in library.readings), *library.files, *library.unread]
    decomposed = in_decomposed(places)
    unchosen = sorted(
        _articles(library, names, settings, at),
        key=lambda story: newest_first(story.matter, story.path),
    )
    stories = _with_choices(unchosen, decomposed)
    shown = [story for story in stories if is_shown(story.state, drafts)]
    openings = common_openings(story.body for story in shown)
    shared = shared_openings(openings)
    pages = tuple(_pages(library, settings))
    by_author = _positions((story.authors for story in shown), names.author_files)
    by_tag = _positions((story.tags for story in shown), ())
    site = Site(
        at=at,
        articles=tuple(replace(s, body=summed_up(s.body, shared)) for s in shown),
        authors=_authors(names, shown, by_author, settings),
        by_author=by_author,
        tags=_tags(names, shown, by_tag, settings),
        by_tag=by_tag,
        by_month=_months(shown),
        pages=tuple(page for page in pages if drafts or not page.matter.draft),
        promos=_promos(library),
        files=library.files,
        addresses=_addresses(library, names, stories, pages, by_tag, drafts, settings),
        decomposed=decomposed,
        retired=_retired(stories, names, by_author, by_tag, settings.paths),
        withheld=library.withheld,
        shared=shared,
        openings=openings,
    )
    site = replace(site, anchors=_anchors(site, library.unread))
    site = replace(site, led_into=led_into(site, texts(site)))
    wrong = mistakes(site, library, stories, pages, settings, names.registers)
    return site, chain(beyond, wrong)


def texts(site: Site) -> Iterator[tuple[str, BodyInfo]]:
    """Yield every converted text that the site shows, with its content path."""
    bodies: list[Article | StaticPage | Promo]
    bodies = [*site.articles, *site.pages, *site.promos.values()]
    for text in bodies:
        yield text.path, text.body
    for author in site.authors.values():
        if author.bio:
            yield author.path, author.bio
    for tag in site.tags.values():
        if tag.description:
            yield tag.path, tag.description


# -------------------------------------------------------------------------- stories


def _articles(
    library: Library, names: "_Names", settings: Settings, at: datetime
) -> Iterator[Article]:
    slugs, (authors, tags) = settings.slugging, names.registers
    for reading, matter in _of(library, ArticleMatter):
        slug = decoded(matter.slug) or slugs.of_file(reading.path)
        yield Article(
            path=reading.path,
            slug=slug,
            url=address_of(reading.path, matter, slug, settings),
            state=state_of(matter, at),
            matter=matter,
            body=reading.body,
            authors=_unique(map(authors.slugs.__getitem__, matter.names)),
            tags=_unique(map(tags.slugs.__getitem__, matter.tags)),
        )


def _with_choices(stories: list[Article], decomposed: dict[str, str]) -> list[Article]:
    """Return the stories with the editor's pins and exclusions resolved to content paths."""
    by_path = {story.path for story in stories}
    by_slug = {story.slug: story.path for story in reversed(stories)}

    def chosen(story: Article, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            if found := file_named(story.path, name, by_path, decomposed):
                yield found[0]
            else:
                yield by_slug.get(name.strip("/"), "")

    return [
        replace(
            story,
            pinned=_unique(chosen(story, story.matter.related.pin)),
            excluded=_unique(chosen(story, story.matter.related.exclude)),
        )
        for story in stories
    ]


# ------------------------------------------------------- authors, tags, pages, promos


class _Names(NamedTuple):
    """The names of authors and tags, and their files (with front matter) by the slugs of those."""

    registers: Registers
    author_files: Mapping[str, tuple[Reading, AuthorMatter]]
    tag_files: Mapping[str, tuple[Reading, TagMatter]]


def _names(library: Library, slugs: Slugs) -> _Names:
    """Return what the names in all stories mean, even in those that are not shown now.

    So no address moves when a story comes or goes with the clock.
    """
    stories = [*_of(library, ArticleMatter)]

    def known(
        kind: NamesOf, files: list[tuple[Reading, Any]], fold: Callable[[str], str]
    ) -> tuple[Register, dict[str, tuple[Reading, Any]]]:
        def oldest(names: Set[str]) -> Use:
            having = (
                (matter.date, reading.path)
                for reading, matter in stories
                if not names.isdisjoint(_named(matter, kind))
            )
            return min(having)

        by_slug = {slugs.of_file(file[0].path): file for file in reversed(files)}
        filed = [
            Filed(
                matter.name, stem_of_file(reading.path), reading.path, slugs.of_file(reading.path)
            )
            for reading, matter in files
        ]
        used = {name for _, matter in stories for name in _named(matter, kind)}
        return register(kind, used, filed, slugs, fold, oldest), by_slug

    authors, author_files = known("authors", [*_of(library, AuthorMatter)], folded)
    tags, tag_files = known("tags", [*_of(library, TagMatter)], folded_tag)
    return _Names(Registers(authors, tags), author_files, tag_files)


def _named(matter: ArticleMatter, kind: NamesOf) -> tuple[str, ...]:
    return matter.names if kind == "authors" else matter.tags


def _authors(
    names: _Names,
    shown: Iterable[Article],
    by_author: dict[str, tuple[int, ...]],
    settings: Settings,
) -> dict[str, Author]:
    """Return the authors by slug."""
    spelled, paths = _spellings(shown, names.registers.authors), settings.paths
    authors = []
    for slug in sorted(by_author):
        if slug in names.author_files:
            reading, matter = names.author_files[slug]
            authors.append(Author(slug, paths.author(slug), matter, reading.path, reading.body))
        else:
            authors.append(Author(slug, paths.author(slug), AuthorMatter(name=spelled[slug])))
    return _ordered(authors, lambda author: author.matter.name, settings.language)


def _tags(
    names: _Names, shown: Iterable[Article], by_tag: dict[str, tuple[int, ...]], settings: Settings
) -> dict[str, Tag]:
    """Return the tags by slug: each named by its file, else by the spelling used most."""
    spelled, paths = _spellings(shown, names.registers.tags), settings.paths
    tags = []
    for slug in sorted(by_tag):
        if slug in names.tag_files:
            reading, matter = names.tag_files[slug]
            tag = Tag(slug, paths.tag(slug), matter.name, reading.path, reading.body)
            tags.append(replace(tag, aliases=matter.aliases))
        else:
            tags.append(Tag(slug, paths.tag(slug), spelled[slug]))
    return _ordered(tags, lambda tag: tag.name, settings.language)


def _ordered(things: list[N], name_of: Callable[[N], str], language: str) -> dict[str, N]:
    """Return the things by slug, each with the place of its name in lists."""
    keys = collated(map(name_of, things), language)
    return {thing.slug: replace(thing, order=keys[name_of(thing)]) for thing in things}


def _spellings(shown: Iterable[Article], known: Register) -> dict[str, str]:
    """Return the spelling used most for each slug; of equals, the first in the alphabet."""
    names = (name for story in shown for name in _named(story.matter, known.kind))
    count: dict[str, Counter[str]] = {}
    for name, times in Counter(names).items():
        count.setdefault(known.slugs[name], Counter())[name] += times
    return {slug: min(c, key=lambda name: (-c[name], name)) for slug, c in count.items()}


def _months(shown: Iterable[Article]) -> dict[str, tuple[int, ...]]:
    """Return the positions of each month's stories, newest month first.

    A story's month is that of its date in the date's own zone, as readers see it.
    """
    dates = (story.matter.date for story in shown)
    months = _positions(((f"{date.year:04}/{date.month:02}",) for date in dates), ())
    return {month: months[month] for month in sorted(months, reverse=True)}


def _pages(library: Library, settings: Settings) -> Iterator[StaticPage]:
    slugs = settings.slugging
    for reading, matter in _of(library, PageMatter):
        slug = decoded(matter.slug) or slugs.of_page(reading.path.removeprefix("pages/"))
        url = address_of(reading.path, matter, slug, settings)
        yield StaticPage(reading.path, url, matter, reading.body)


def _promos(library: Library) -> dict[str, Promo]:
    return {
        composed(stem_of_file(reading.path)): Promo(reading.path, matter, reading.body)
        for reading, matter in _of(library, PromoMatter)
    }


# ------------------------------------------------------------------------- addresses


def _addresses(
    library: Library,
    names: _Names,
    stories: list[Article],
    pages: tuple[StaticPage, ...],
    by_tag: dict[str, tuple[int, ...]],
    drafts: bool,
    settings: Settings,
) -> dict[str, str]:
    """Return the path each content file is published at, "" for one that is not public now."""
    addresses, paths = {reading.path: "" for reading in library.readings}, settings.paths
    for story in stories:
        addresses[story.path] = story.url if is_shown(story.state, drafts) else ""
    for page in pages:
        addresses[page.path] = page.url if drafts or not page.matter.draft else ""
    for slug, (author, _) in names.author_files.items():
        addresses[author.path] = paths.author(slug)
    for slug, (tag, _) in names.tag_files.items():
        if slug in by_tag:
            addresses[tag.path] = paths.tag(slug)
    addresses |= {
        posixpath.dirname(path): address for path, address in addresses.items() if is_index(path)
    }
    return addresses | {path: address_of_file(path, addresses, settings) for path in library.files}


def address_of_file(path: str, addresses: Mapping[str, str], settings: Settings) -> str:
    """Return where a copied file is published: beside the `index.md` above it, else as it lies."""
    folder = posixpath.dirname(path)
    while folder:
        home = addresses.get(folder)
        if home is not None and _has_folder(home, settings):
            return home and f"{home.rstrip('/')}/{file_path(path[len(folder) + 1 :])}"
        folder = posixpath.dirname(folder)
    return f"/{file_path(path)}"


def _has_folder(address: str, settings: Settings) -> bool:
    """Return whether files beside an `index.md` stand below its address, or nowhere without one."""
    if is_bare(address):
        return not settings.is_folder_first
    return not address or address.endswith("/")


def _anchors(site: Site, unread: Container[str]) -> dict[str, Anchors]:
    """Return the anchors of each text that has an address of its own and could be read."""
    found = (
        (site.addresses[path], anchors_of(body)) for path, body in texts(site) if path not in unread
    )
    return {place_of(address): anchors for address, anchors in found if address and anchors}


def _retired(
    stories: Iterable[Article],
    names: _Names,
    by_author: Container[str],
    by_tag: Container[str],
    paths: Paths,
) -> tuple[str, ...]:
    """Return the paths that are gone because a story has expired."""
    gone: set[str] = set()
    for story in stories:
        if story.state == "expired":
            gone |= {story.url, *map(old_address, story.matter.aliases)}
            tags = [slug for slug in story.tags if slug not in by_tag]
            gone |= {*map(paths.tag, tags)}
            filed = (names.tag_files[slug][1] for slug in tags if slug in names.tag_files)
            gone |= {old_address(alias) for matter in filed for alias in matter.aliases}
            gone |= {paths.author(slug) for slug in story.authors if slug not in by_author}
    return tuple(sorted(gone))


# ---------------------------------------------------------------------------- common


def _of(library: Library, kind: type[Any]) -> Iterator[tuple[Reading, Any]]:
    return ((r, r.matter) for r in library.readings if isinstance(r.matter, kind))


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))


def _positions(
    keys: Iterable[tuple[str, ...]], always: Iterable[str]
) -> dict[str, tuple[int, ...]]:
    """Return for each key the positions at which it stands; `always` are there even without any."""
    found: dict[str, list[int]] = {key: [] for key in always}
    for position, names in enumerate(keys):
        for name in names:
            found.setdefault(name, []).append(position)
    return {key: tuple(positions) for key, positions in found.items()}
