"""Readings become a Site: addresses, order, authors, tags.

What comes in is the library of all texts, the settings and a moment; what goes out is the site as
it stands then, and what is wrong with it. Nothing is read or written here.
"""

import posixpath
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from generator.config import Images, Settings
from generator.config.taxonomies import taxonomies_of
from generator.errors import Problem
from generator.model import (
    Anchors,
    Article,
    ArticleMatter,
    Author,
    AuthorMatter,
    BodyInfo,
    File,
    Item,
    KeptBack,
    Library,
    PageMatter,
    Promo,
    PromoMatter,
    Site,
    StaticPage,
    Term,
    term_key,
)
from generator.site.anchors import anchors_of, led_into, place_of
from generator.site.bounds import within_bounds
from generator.site.chosen import story_finder
from generator.site.collation import collated
from generator.site.consistency import mistakes
from generator.site.items import in_order, items_in
from generator.site.links import in_decomposed
from generator.site.names import Names, names_in, readings_of, unique
from generator.site.permalinks import address_of
from generator.site.schedule import is_shown, newest_first, state_of
from generator.site.summaries import common_openings, shared_openings, summed_up
from generator.site.taxonomies import Register, Registers
from generator.slugs import decoded
from generator.urls import (
    composed,
    file_path,
    is_bare,
    is_index,
    old_address,
    stem_of_file,
)

N = TypeVar("N", Author, Term)


class Assembled(NamedTuple):
    """A site, and what is wrong with it: that is looked for when it is asked for, which is once.

    The clock changes nothing within its `valid_between`. `converted` counts the Markdown bodies
    that were not known. `kept_back` counts what is not shown. `reworded` are the content paths of
    the stories whose words are new, if nothing else is. `editions` are those in other languages.
    """

    site: Site
    problems: Iterator[Problem]
    valid_between: tuple[datetime | None, datetime | None]
    converted: int
    kept_back: KeptBack
    reworded: frozenset[str] | None = None
    editions: "tuple[Edition, ...]" = ()

    @property
    def stories(self) -> int:
        """Return how many stories are shown, in all languages."""
        return sum(len(one.articles) for one in (self.site, *(e.site for e in self.editions)))


class Edition(NamedTuple):
    """The site in another language: its texts by the names that they would have without it.

    `names` lead from those content paths to the files.
    """

    settings: Settings
    site: Site
    names: Mapping[str, str]


class Draft(NamedTuple):
    """A site assembled but for where files stand, and where the links in its texts lead.

    `stories`, `pages` and `items` are all that there are, shown or not. `beyond` is what is
    out of bounds.
    """

    site: Site
    library: Library
    settings: Settings
    stories: list[Article]
    pages: tuple[StaticPage, ...]
    items: Sequence[Item]
    registers: Registers
    beyond: Iterable[Problem]

    def finished(
        self, addresses: Mapping[str, str], anchors: Mapping[str, Anchors]
    ) -> tuple[Site, Iterator[Problem]]:
        """Return the site with the addresses of texts and files, and what is wrong with it."""
        site = replace(self.site, addresses=addresses, anchors=anchors)
        site = replace(site, led_into=led_into(site, texts(site)))
        texts_of = self.stories, self.pages, self.items
        wrong = mistakes(site, self.library, *texts_of, self.settings, self.registers)
        return site, chain(self.beyond, wrong)


def assemble(
    library: Library, settings: Settings, at: datetime, drafts: bool = False
) -> tuple[Site, Iterator[Problem]]:
    """Return the site as it stands at the moment `at`, and what is wrong with it, if asked for.

    `drafts` shows drafts and scheduled stories too. With errors among the problems the
    site is assembled as far as it goes, so that every other mistake is found as well.
    """
    draft = drafted(library, settings, at, drafts)
    addresses = with_files(draft.site.addresses, draft.library, settings)
    return draft.finished(addresses, anchors_in(draft))


def drafted(library: Library, settings: Settings, at: datetime, drafts: bool) -> Draft:
    """Return a site assembled as far as it goes without those of other languages."""
    library, beyond = within_bounds(library, taxonomies_of(settings).values())
    names = names_in(library, settings)
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
    items = items_in(library, stories, settings, decomposed, at)
    shown_items = [item for item in items if is_shown(item.state, drafts)]
    filed = names.files["authors"].items()
    always = (slug for slug, (reading, _) in filed if reading.path not in library.lent)
    by_author = _positions((story.authors for story in shown), always)
    by_term = _positions((names.keys_of(story) for story in shown), ())
    authors = _authors(names, shown, by_author, settings)
    terms = _terms(names, shown, by_term, settings)
    site = Site(
        at=at,
        articles=tuple(replace(s, body=summed_up(s.body, shared)) for s in shown),
        authors=authors,
        by_author=by_author,
        terms=terms,
        by_term=by_term,
        by_month=_months(shown),
        pages=tuple(page for page in pages if drafts or not page.matter.draft),
        promos=_promos(library),
        files=library.files,
        addresses=_addresses(library, names, stories, pages, items, by_author, by_term, drafts),
        decomposed=decomposed,
        retired=_retired(stories, items, names, by_author, by_term),
        withheld=library.withheld,
        shared=shared,
        openings=openings,
        items={item.path: item for item in shown_items},
        by_collection=in_order(shown_items, settings),
        called=_called(names, terms, authors),
    )
    return Draft(site, library, settings, stories, pages, items, names.registers, beyond)


def texts(site: Site) -> Iterator[tuple[str, BodyInfo]]:
    """Yield every converted text that the site shows, with its content path."""
    bodies: list[Article | StaticPage | Promo | Item]
    bodies = [*site.articles, *site.pages, *site.promos.values(), *site.items.values()]
    for text in bodies:
        yield text.path, text.body
    for author in site.authors.values():
        if author.bio:
            yield author.path, author.bio
    for term in site.terms.values():
        if term.description:
            yield term.path, term.description


# -------------------------------------------------------------------------- stories


def _articles(
    library: Library, names: Names, settings: Settings, at: datetime
) -> Iterator[Article]:
    slugs = settings.slugging
    used = ["authors", *(name for name, known in names.registers.items() if known.slugs)]
    for reading, matter in readings_of(library, ArticleMatter):
        slug, path = decoded(matter.slug) or slugs.of_file(reading.path), reading.path
        slugs_of = {name: names.slugs_of(matter, name) for name in used}
        section = names.slugs_down_to("section", slugs_of.get("section", ()))
        terms = {name: some for name, some in slugs_of.items() if some and name != "authors"}
        yield Article(
            path=path,
            slug=slug,
            url=address_of(path, matter, slug, settings, section),
            state=state_of(matter, at),
            matter=matter,
            body=reading.body,
            authors=slugs_of["authors"],
            terms=terms,
        )


def _with_choices(stories: list[Article], decomposed: dict[str, str]) -> list[Article]:
    """Return the stories with the editor's pins and exclusions resolved to content paths."""
    find = story_finder(stories, decomposed)

    def chosen(story: Article, names: Iterable[str]) -> Iterator[str]:
        return (find(story.path, name) for name in names)

    return [
        replace(
            story,
            pinned=unique(chosen(story, story.matter.related.pin)),
            excluded=unique(chosen(story, story.matter.related.exclude)),
        )
        for story in stories
    ]


# ------------------------------------------------------ authors, terms, pages, promos


def _authors(
    names: Names,
    shown: Iterable[Article],
    by_author: dict[str, tuple[int, ...]],
    settings: Settings,
) -> dict[str, Author]:
    """Return the authors by slug."""
    spelled, files = _spellings(shown, names.registers["authors"]), names.files["authors"]
    authors = []
    for slug in sorted(by_author):
        url = names.url("authors", slug)
        if slug in files:
            reading, matter = files[slug]
            authors.append(Author(slug, url, matter, reading.path, reading.body))
        else:
            authors.append(Author(slug, url, AuthorMatter(name=spelled[slug])))
    ordered = _ordered(authors, lambda author: author.matter.name, settings.language)
    return {author.slug: author for author in ordered}


def _terms(
    names: Names, shown: Iterable[Article], by_term: dict[str, tuple[int, ...]], settings: Settings
) -> dict[str, Term]:
    """Return the terms by key: each named by its file, else by the spelling used most."""
    shown = [*shown]
    spelled = {name: _spellings(shown, known) for name, known in names.registers.items()}
    terms = []
    for key in sorted(by_term):
        taxonomy, slug = key.split("/", 1)
        url, parent = names.url(taxonomy, slug), names.parents.get(key, "")
        if slug in names.files[taxonomy]:
            reading, matter = names.files[taxonomy][slug]
            term = Term(taxonomy, slug, url, matter.name, reading.path, reading.body, matter.image)
            more = {"parent": parent, "aliases": matter.aliases, "layout": matter.layout}
            terms.append(replace(term, **more))
        else:
            name = spelled[taxonomy].get(slug, slug)  # of a parent that is nowhere: told elsewhere
            terms.append(Term(taxonomy, slug, url, name, parent=parent))
    ordered = _ordered(terms, lambda term: term.name, settings.language)
    return {term.key: term for term in ordered}


def _ordered(things: list[N], name_of: Callable[[N], str], language: str) -> Iterator[N]:
    """Yield the things, each with the place of its name in lists."""
    keys = collated(map(name_of, things), language)
    return (replace(thing, order=keys[name_of(thing)]) for thing in things)


def _spellings(shown: Iterable[Article], known: Register) -> dict[str, str]:
    """Return the spelling used most for each slug; of equals, the first in the alphabet."""
    names = (name for story in shown for name in story.matter.named(known.taxonomy))
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
    for reading, matter in readings_of(library, PageMatter):
        slug = decoded(matter.slug) or slugs.of_page(reading.path.removeprefix("pages/"))
        url = address_of(reading.path, matter, slug, settings)
        yield StaticPage(reading.path, url, matter, reading.body)


def _promos(library: Library) -> dict[str, Promo]:
    return {
        composed(stem_of_file(reading.path)): Promo(reading.path, matter, reading.body)
        for reading, matter in readings_of(library, PromoMatter)
    }


# ------------------------------------------------------------------------- addresses


def _addresses(
    library: Library,
    names: Names,
    stories: list[Article],
    pages: tuple[StaticPage, ...],
    items: Iterable[Item],
    by_author: Container[str],
    by_term: Container[str],
    drafts: bool,
) -> dict[str, str]:
    """Return the path each text is published at, "" for one that is not public now."""
    addresses = {reading.path: "" for reading in library.readings}
    for story in stories:
        addresses[story.path] = story.url if is_shown(story.state, drafts) else ""
    for page in pages:
        addresses[page.path] = page.url if drafts or not page.matter.draft else ""
    for item in items:
        addresses[item.path] = item.url if is_shown(item.state, drafts) else ""
    for taxonomy, files in names.files.items():
        for slug, (reading, _) in files.items():
            is_author = taxonomy == "authors" and slug in by_author
            if is_author or term_key(taxonomy, slug) in by_term:
                addresses[reading.path] = names.url(taxonomy, slug)
    return addresses | {
        posixpath.dirname(path): address for path, address in addresses.items() if is_index(path)
    }


def with_files(
    addresses: Mapping[str, str], library: Library, settings: Settings
) -> dict[str, str]:
    """Return the addresses of texts, and those of the files that are copied."""
    files = {
        path: address_of_file(published_name(file, settings.images), addresses, settings)
        for path, file in library.files.items()
    }
    return {**addresses, **files}


def published_name(file: File, images: Images) -> str:
    """Return the name of a file as it is published: a picture that few browsers show is another."""
    raster = file.raster
    if raster is None or raster.format not in _CONVERTED or images.keeps(file.path):
        return file.path
    ending = "png" if raster.has_alpha or raster.format == "bmp" else "jpg"
    return f"{posixpath.splitext(file.path)[0]}.{ending}"


_CONVERTED = ("bmp", "heic", "tiff")


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


def anchors_in(draft: Draft) -> dict[str, Anchors]:
    """Return the anchors of each text that has an address of its own and could be read."""
    site, unread = draft.site, draft.library.unread
    found = (
        (site.addresses[path], anchors_of(body)) for path, body in texts(site) if path not in unread
    )
    return {place_of(address): anchors for address, anchors in found if address and anchors}


def _retired(
    stories: Iterable[Article],
    items: Iterable[Item],
    names: Names,
    by_author: Container[str],
    by_term: Container[str],
) -> tuple[str, ...]:
    """Return the paths that are gone because a story or an item has expired."""
    gone: set[str] = set()
    for item in items:
        if item.state == "expired":
            gone |= {item.url, *map(old_address, item.matter.aliases)}
    for story in stories:
        if story.state == "expired":
            gone |= {story.url, *map(old_address, story.matter.aliases)}
            authors = (slug for slug in story.authors if slug not in by_author)
            gone |= {names.url("authors", slug) for slug in authors}
            for key in names.keys_of(story):
                if key not in by_term:
                    gone |= {*_places(names, *key.split("/", 1))}
    return tuple(sorted(gone))


def _places(names: Names, taxonomy: str, slug: str) -> Iterator[str]:
    """Yield the addresses of a term: its own, and old ones."""
    yield names.url(taxonomy, slug)
    if slug in names.files[taxonomy]:
        _, matter = names.files[taxonomy][slug]
        yield from map(old_address, matter.aliases)


def _called(
    names: Names, terms: Mapping[str, Term], authors: Mapping[str, Author]
) -> dict[str, dict[str, str]]:
    """Return what else terms may be called, by taxonomy, as `Site` has it."""
    found = {}
    for taxonomy, register in names.registers.items():
        if taxonomy == "authors":
            shown = {slug: author.matter.name for slug, author in authors.items()}
        else:
            shown = {term.slug: term.name for term in terms.values() if term.taxonomy == taxonomy}
        files = {matter.name: slug for slug, (_, matter) in names.files[taxonomy].items()}
        known = {**files, **register.slugs}
        every = {**{slug: slug for slug in known.values()}, **known}
        found[taxonomy] = {
            name: slug
            for name, slug in every.items()
            if slug not in shown or name not in (slug, shown[slug])
        }
    return {taxonomy: some for taxonomy, some in found.items() if some}


# ---------------------------------------------------------------------------- common


def _positions(
    keys: Iterable[tuple[str, ...]], always: Iterable[str]
) -> dict[str, tuple[int, ...]]:
    """Return for each key the positions at which it stands; `always` are there even without any."""
    found: dict[str, list[int]] = {key: [] for key in always}
    for position, names in enumerate(keys):
        for name in names:
            found.setdefault(name, []).append(position)
    return {key: tuple(positions) for key, positions in found.items()}
