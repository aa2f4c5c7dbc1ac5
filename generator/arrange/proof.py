"""What does not fit together in a site: every mistake that one file alone cannot show."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal

from generator.arrange.links import dead_links, missing_file
from generator.config import CONTENT, FILE, Settings
from generator.errors import Problem
from generator.fields import named
from generator.model import (
    Article,
    ArticleMatter,
    AuthorMatter,
    Digest,
    Library,
    PromoMatter,
    Site,
    StaticPage,
)
from generator.urls import (
    bad_path,
    beside,
    is_elsewhere,
    is_slug,
    is_web_address,
    output_path,
    slug_of_file,
    slugify,
)

Field = tuple[str | int, ...]
Placed = Article | StaticPage


def mistakes(
    site: Site,
    library: Library,
    stories: Iterable[Article],
    pages: Iterable[StaticPage],
    settings: Settings,
) -> Iterator[Problem]:
    """Every mistake, in no particular order.

    Scheduled and expired stories are read too, so that no mistake waits for its hour;
    a draft's links and pictures count only where drafts are shown.
    """
    stories, pages = tuple(stories), tuple(pages)
    yield from _settings(settings, site, library)
    yield from _shared_addresses(stories, pages)
    shown = {story.path for story in site.articles}
    names = {name for story in stories for name in (story.path, story.slug)}
    names |= {*library.unread} | {slug_of_file(path) for path in library.unread}
    for story in stories:
        yield from _names(story.path, story.matter.slug, story.slug, story.matter.aliases)
        if story.state != "draft" or story.path in shown:
            yield from _story(story, site, library.unread, names)
    for page in pages:
        made = slug_of_file(page.path.removeprefix("pages/"))
        yield from _names(page.path, page.matter.slug, made, page.matter.aliases)
        yield from _future(page.path, ("updated",), page.matter.updated, site.at)
    yield from _shared_names(library)
    for reading in library.readings:
        if isinstance(reading.matter, AuthorMatter):
            yield from _author(reading.path, reading.matter, site)
        if isinstance(reading.matter, PromoMatter):
            yield from _address(reading.path, reading.matter.url, ("url",), own=True)
    others = ((r.path, r.body) for r in library.readings if r.kind != "articles")
    yield from dead_links(site, others, library.unread)
    yield from dead_links(site, library.unread.items(), library.unread)


def _story(
    story: Article, site: Site, unread: Mapping[str, Digest], known: set[str]
) -> Iterator[Problem]:
    matter, path = story.matter, story.path
    body: Iterable[tuple[str, Digest]] = [(path, story.body)]
    yield from dead_links(site, body, unread)
    if matter.image:
        yield from missing_file(site, path, matter.image.src, ("image", "src"))
    if matter.source:
        yield from _address(path, matter.source.url, ("source", "url"), own=False)
    for choice, names in (("pin", matter.related.pin), ("exclude", matter.related.exclude)):
        for number, name in enumerate(names):
            if beside(path, name) not in known and name.strip("/") not in known:
                what = f'related.{choice}: there is no story "{name}"'
                remedy = "name its file, seen from here, or its slug"
                yield _problem(path, ("related", choice, number), what, remedy)
    if isinstance(matter.promo, str) and not _promo_known(matter.promo, site, unread):
        what = f'promo: there is no "{matter.promo}"'
        remedy = f"add {CONTENT}/promos/{matter.promo}.md, or write false"
        yield _problem(path, ("promo",), what, remedy)
    named = [("tags", tag) for tag in matter.tags]
    named += [("author" if matter.author else "authors", name) for name in matter.names]
    for field, name in named:
        if not slugify(name):
            what = f'{field}: "{name}" has no letter or digit to make an address of'
            yield _problem(path, (field,), what, "write it in letters")
    yield from _changes(path, matter, site.at)


def _changes(path: str, matter: ArticleMatter, at: datetime) -> Iterator[Problem]:
    """Changes of a story that cannot have been made when they are dated."""
    if matter.updated and matter.updated < matter.date:
        what = "updated: it is before the date"
        yield _problem(path, ("updated",), what, "mend one of the two", "warning")
    since = max(at, matter.date)
    yield from _future(path, ("updated",), matter.updated, since)
    for number, correction in enumerate(matter.corrections):
        yield from _future(path, ("corrections", number, "date"), correction.date, since)


def _future(path: str, field: Field, moment: datetime | None, since: datetime) -> Iterator[Problem]:
    """A change that readers are told of before it can have been made."""
    if moment and moment > since:
        what = f"{named(field)}: it is in the future"
        yield _problem(path, field, what, "write when the change was made", "warning")


def _names(path: str, slug: str, made: str, aliases: Iterable[str]) -> Iterator[Problem]:
    """A slug or alias that cannot be an address of this site."""
    if slug and not is_slug(slug):
        good = slugify(slug)
        what = f'slug: "{_shown(slug)}" cannot stand in an address'
        remedy = f'write "{good}"' if good else "write letters, digits and hyphens"
        yield _problem(path, ("slug",), what, remedy)
    if not slug and not made:
        what = "the file's name gives no slug"
        yield Problem(f"{CONTENT}/{path}", 1, what, "add `slug`, or rename the file")
    for number, alias in enumerate(aliases):
        if reason := bad_path(alias):
            what = f'aliases: "{_shown(alias)}" is no address of this site: {reason}'
            yield _problem(
                path, ("aliases", number), what, 'write a path such as "/2024/old-name/"'
            )


def _shared_names(library: Library) -> Iterator[Problem]:
    """Authors, tags and promos are known by their files' slugs: each needs one of its own."""
    owners: dict[tuple[str, str], str] = {}
    for reading in library.readings:
        if reading.kind in ("articles", "pages"):
            continue
        slug = slug_of_file(reading.path)
        owner = owners.setdefault((reading.kind, slug), reading.path)
        if not slug:
            what = "the file's name gives no slug"
            yield Problem(f"{CONTENT}/{reading.path}", 1, what, "rename it in letters")
        elif owner != reading.path:
            what = f'its slug "{slug}" is also that of {CONTENT}/{owner}'
            yield Problem(f"{CONTENT}/{reading.path}", 1, what, "rename one of the two")


def _shared_addresses(
    stories: tuple[Article, ...], pages: tuple[StaticPage, ...]
) -> Iterator[Problem]:
    """Stories, pages and aliases that want one and the same address."""
    owners: dict[str, str] = {}
    for path, url, field in _claims(stories, pages):
        name = output_path(url).casefold()
        if name not in owners:
            owners[name] = path
        elif owners[name] == path:
            what = f'aliases: "{url}" is the address of this very file already'
            yield _problem(path, field, what, "take it out")
        else:
            what = f"its address {url} is also that of {CONTENT}/{owners[name]}"
            yield _problem(path, field, what, f"change `{field[0]}` in one of the two")


def _claims(
    stories: tuple[Article, ...], pages: tuple[StaticPage, ...]
) -> Iterator[tuple[str, str, Field]]:
    """(content path, address, front matter field): first the files' own, then the aliases."""
    placed: list[Placed] = sorted([*stories, *pages], key=lambda item: item.path)
    for item in placed:
        yield item.path, item.url, ("slug",)
    for item in placed:
        for number, alias in enumerate(item.matter.aliases):
            if not bad_path(alias):
                yield item.path, f"/{alias.lstrip('/')}", ("aliases", number)


def _author(path: str, matter: AuthorMatter, site: Site) -> Iterator[Problem]:
    if matter.photo:
        yield from missing_file(site, path, matter.photo, ("photo",))
    if matter.follow:
        yield from _address(path, matter.follow.url, ("follow", "url"), own=True)


def _settings(settings: Settings, site: Site, library: Library) -> Iterator[Problem]:
    pictures = ((("image",), settings.image), (("publisher", "logo"), settings.publisher.logo))
    for field, path in pictures:
        if path and not is_elsewhere(path) and path.lstrip("/") not in site.files:
            what = f'{".".join(field)}: there is no file "{path}"'
            remedy = f"put it at {CONTENT}/{path.lstrip('/')}, or mend the path"
            yield Problem(FILE, 0, what, remedy, field=field)
    promo = settings.promos.default
    if promo and not _promo_known(promo, site, library.unread):
        what = f'promos.default: there is no "{promo}"'
        remedy = f"add {CONTENT}/promos/{promo}.md, or mend the name"
        yield Problem(FILE, 0, what, remedy, field=("promos", "default"))


def _promo_known(name: str, site: Site, unread: Mapping[str, Digest]) -> bool:
    return name in site.promos or f"promos/{name}.md" in unread


def _address(path: str, url: str, field: Field, own: bool) -> Iterator[Problem]:
    """An address in front matter that no reader could follow. `own`: a path of the site will do."""
    place = re.split(r"[?#]", url)[0]
    in_site = place == "/" or (place.startswith("/") and not bad_path(place))
    if is_web_address(url) or (own and (in_site or url.startswith(("mailto:", "tel:")))):
        return
    what = f'{".".join(map(str, field))}: "{_shown(url)}" is no address'
    remedy = "write it whole: https://…" + (", or as a path of this site: /about/" if own else "")
    yield _problem(path, field, what, remedy)


def _problem(
    path: str,
    field: Field,
    what: str,
    remedy: str,
    severity: Literal["error", "warning"] = "error",
) -> Problem:
    return Problem(f"{CONTENT}/{path}", 0, what, remedy, severity, field)


def _shown(text: str) -> str:
    """Text with what would not be seen made visible."""
    return text.encode("unicode_escape").decode() if not text.isprintable() else text
