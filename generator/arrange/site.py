"""Readings become a Site: addresses, order, authors, tags."""

import posixpath
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from generator.arrange.calendar import is_shown, state_of
from generator.arrange.proof import mistakes
from generator.arrange.summaries import shared_openings, summed_up
from generator.config import Settings
from generator.errors import Problem
from generator.model import (
    Article,
    ArticleMatter,
    Author,
    AuthorMatter,
    Digest,
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
from generator.urls import (
    author_path,
    beside,
    file_path,
    page_path,
    permalink,
    slug_of_file,
    slugify,
    tag_path,
)


def arrange(
    library: Library, settings: Settings, at: datetime, drafts: bool = False
) -> tuple[Site, Iterator[Problem]]:
    """The site as it stands at the moment `at`, and what is wrong with it, once that is asked for.

    `drafts` shows drafts and scheduled stories too. With errors among the problems the
    site is arranged as far as it goes, so that every other mistake is found as well.
    """
    people = _author_files(library)
    stories = _with_choices(sorted(_articles(library, people, settings, at), key=_newest_first))
    shown = [story for story in stories if is_shown(story.state, drafts)]
    shared = shared_openings(story.body for story in shown)
    pages = tuple(_pages(library))
    by_author = _positions((story.authors for story in shown), (p.slug for p in people.values()))
    by_tag = _positions((story.tags for story in shown), ())
    site = Site(
        at=at,
        articles=tuple(replace(s, body=summed_up(s.body, shared)) for s in shown),
        authors=_authors(people, shown, by_author),
        by_author=by_author,
        tags=_tags(library, shown, by_tag),
        by_tag=by_tag,
        by_month=_months(shown),
        pages=tuple(page for page in pages if drafts or not page.matter.draft),
        promos=_promos(library),
        files=library.files,
        addresses=_addresses(library, stories, pages, by_tag, drafts),
        retired=_retired(stories, by_author, by_tag),
        shared=shared,
    )
    return site, mistakes(site, library, stories, pages, settings)


def texts(site: Site) -> Iterator[tuple[str, Digest]]:
    """Every converted text that the site shows, with its content path."""
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


def _newest_first(article: Article) -> tuple[float, str]:
    return -article.matter.date.timestamp(), article.path


# -------------------------------------------------------------------------- stories


def _articles(
    library: Library, people: dict[str, Author], settings: Settings, at: datetime
) -> Iterator[Article]:
    for reading, matter in _of(library, ArticleMatter):
        slug = matter.slug or slug_of_file(reading.path)
        yield Article(
            path=reading.path,
            slug=slug,
            url=permalink(settings.permalink, matter.date, slug),
            state=state_of(matter, at),
            matter=matter,
            body=reading.body,
            authors=_unique(_author_slug(name, people) for name in matter.names),
            tags=_unique(map(slugify, matter.tags)),
        )


def _with_choices(stories: list[Article]) -> list[Article]:
    """The stories with the editor's pins and exclusions resolved to content paths."""
    by_path = {story.path: story.path for story in stories}
    by_slug = {story.slug: story.path for story in reversed(stories)}

    def chosen(story: Article, names: Iterable[str]) -> tuple[str, ...]:
        found = (
            by_path.get(beside(story.path, name)) or by_slug.get(name.strip("/")) for name in names
        )
        return _unique(path or "" for path in found)

    return [
        replace(
            story,
            pinned=chosen(story, story.matter.related.pin),
            excluded=chosen(story, story.matter.related.exclude),
        )
        for story in stories
    ]


# ------------------------------------------------------- authors, tags, pages, promos


def _author_files(library: Library) -> dict[str, Author]:
    """Authors that have a file, under the file's slug and under the name's."""
    people: dict[str, Author] = {}
    for reading, matter in _of(library, AuthorMatter):
        slug = slug_of_file(reading.path)
        author = Author(slug, author_path(slug), matter, reading.path, reading.body)
        people[slug] = author
        people.setdefault(slugify(matter.name), author)
    return people


def _author_slug(name: str, people: dict[str, Author]) -> str:
    slug = slugify(name)
    return people[slug].slug if slug in people else slug


def _authors(
    people: dict[str, Author], shown: Iterable[Article], by_author: dict[str, tuple[int, ...]]
) -> dict[str, Author]:
    names = (name for story in shown for name in story.matter.names)
    spelled = _spellings(names, lambda name: _author_slug(name, people))
    files = {author.slug: author for author in people.values()}
    return {
        slug: files[slug]
        if slug in files
        else Author(slug, author_path(slug), AuthorMatter(name=spelled[slug]))
        for slug in sorted(by_author)
    }


def _tags(
    library: Library, shown: Iterable[Article], by_tag: dict[str, tuple[int, ...]]
) -> dict[str, Tag]:
    """The tags by slug: each named by its file, else by the spelling used most."""
    spelled = _spellings((name for story in shown for name in story.matter.tags), slugify)
    files = {slug_of_file(r.path): (r, matter) for r, matter in _of(library, TagMatter)}
    tags = {}
    for slug in sorted(by_tag):
        if slug in files:
            reading, matter = files[slug]
            tags[slug] = Tag(slug, tag_path(slug), matter.name, reading.path, reading.body)
        else:
            tags[slug] = Tag(slug, tag_path(slug), spelled[slug])
    return tags


def _spellings(names: Iterable[str], slug_of: Callable[[str], str]) -> dict[str, str]:
    """The spelling used most for each slug; of equals, the first in the alphabet."""
    count: dict[str, Counter[str]] = {}
    for name, times in Counter(names).items():
        count.setdefault(slug_of(name), Counter())[" ".join(name.split())] += times
    return {slug: min(c, key=lambda name: (-c[name], name)) for slug, c in count.items()}


def _months(shown: Iterable[Article]) -> dict[str, tuple[int, ...]]:
    """The positions of each month's stories, newest month first.

    A story's month is that of its date in the date's own zone, as readers see it.
    """
    dates = (story.matter.date for story in shown)
    months = _positions(((f"{date.year:04}/{date.month:02}",) for date in dates), ())
    return {month: months[month] for month in sorted(months, reverse=True)}


def _pages(library: Library) -> Iterator[StaticPage]:
    for reading, matter in _of(library, PageMatter):
        slug = matter.slug or slug_of_file(reading.path.removeprefix("pages/"))
        yield StaticPage(reading.path, page_path(reading.path, slug), matter, reading.body)


def _promos(library: Library) -> dict[str, Promo]:
    return {
        posixpath.basename(reading.path).removesuffix(".md"): Promo(
            reading.path, matter, reading.body
        )
        for reading, matter in _of(library, PromoMatter)
    }


# ------------------------------------------------------------------------- addresses


def _addresses(
    library: Library,
    stories: list[Article],
    pages: tuple[StaticPage, ...],
    by_tag: dict[str, tuple[int, ...]],
    drafts: bool,
) -> dict[str, str]:
    """The path each content file is published at, "" for one that is not public now."""
    addresses = {reading.path: "" for reading in library.readings}
    for story in stories:
        addresses[story.path] = story.url if is_shown(story.state, drafts) else ""
    for page in pages:
        addresses[page.path] = page.url if drafts or not page.matter.draft else ""
    for reading in library.readings:
        if reading.kind == "authors":
            addresses[reading.path] = author_path(slug_of_file(reading.path))
        if reading.kind == "tags" and (slug := slug_of_file(reading.path)) in by_tag:
            addresses[reading.path] = tag_path(slug)
    folders = {
        posixpath.dirname(path): address
        for path, address in addresses.items()
        if posixpath.basename(path) == "index.md" and not address.endswith(".html")
    }
    return addresses | {path: _file_address(path, folders) for path in library.files}


def _file_address(path: str, folders: dict[str, str]) -> str:
    """Where a copied file is published: with the `index.md` of its folder, else as it lies."""
    folder = posixpath.dirname(path)
    while folder:
        if folder in folders:
            return folders[folder] and folders[folder] + file_path(path[len(folder) + 1 :])
        folder = posixpath.dirname(folder)
    return f"/{file_path(path)}"


def _retired(
    stories: Iterable[Article], by_author: Container[str], by_tag: Container[str]
) -> tuple[str, ...]:
    """The paths that are gone because a story has expired."""
    gone: set[str] = set()
    for story in stories:
        if story.state == "expired":
            gone |= {story.url, *story.matter.aliases}
            gone |= {tag_path(slug) for slug in story.tags if slug not in by_tag}
            gone |= {author_path(slug) for slug in story.authors if slug not in by_author}
    return tuple(sorted(gone))


# ---------------------------------------------------------------------------- common


def _of(library: Library, kind: type[Any]) -> Iterator[tuple[Reading, Any]]:
    return ((r, r.matter) for r in library.readings if isinstance(r.matter, kind))


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))


def _positions(
    keys: Iterable[tuple[str, ...]], always: Iterable[str]
) -> dict[str, tuple[int, ...]]:
    """For each key the positions at which it stands; `always` are there even without any."""
    found: dict[str, list[int]] = {key: [] for key in always}
    for position, names in enumerate(keys):
        for name in names:
            found.setdefault(name, []).append(position)
    return {key: tuple(positions) for key, positions in found.items()}
