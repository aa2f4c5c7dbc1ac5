"""What does not fit together in a site: every mistake that one file alone cannot show."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal, NamedTuple
from urllib.parse import unquote

from msgspec.structs import replace

from generator.codes import Code
from generator.config import CONTENT, SITE_TOML, Settings
from generator.config.collections import collections_of
from generator.config.policy import lets_in, policy_with_own, refusal
from generator.config.taxonomies import taxonomies_of
from generator.errors import Problem, shortened, visible
from generator.fields import named
from generator.mismatch import near
from generator.model import (
    Article,
    ArticleMatter,
    AuthorMatter,
    BodyInfo,
    Item,
    ItemMatter,
    Library,
    Matter,
    PromoMatter,
    Reading,
    Site,
    StaticPage,
    TermMatter,
)
from generator.site.chosen import no_address, unknown_story
from generator.site.feed_entries import mistakes_of_ids
from generator.site.file_names import FileNames
from generator.site.item_checks import mistakes_of_item, pictures_of
from generator.site.links import dead_links, missing_file
from generator.site.permalinks import PlacedMatter, idle_patterns, mistakes_of, origin_of
from generator.site.picture_checks import mistakes_of_pictures, wrong_focus
from generator.site.recordings import mistakes_of_artwork, mistakes_of_audio
from generator.site.taxonomies import Register, Registers, folded_term, terms_of
from generator.site.terms import mistakes_of_terms
from generator.slugs import Slugs, decoded, slugify
from generator.urls import (
    bad_address,
    bad_own_path,
    composed,
    files_for,
    is_elsewhere,
    is_slug,
    is_too_long,
    obeyed,
    old_address,
    output_path,
    own_address,
    stem_of_file,
)

Field = tuple[str | int, ...]
Placed = Article | StaticPage | Item


class _Claim(NamedTuple):
    """An address that a file wants, and the field that it comes from.

    `own` is what was written in the file, if the address is its own and no alias.
    """

    path: str
    url: str
    field: Field
    own: PlacedMatter | None = None


def mistakes(
    site: Site,
    library: Library,
    stories: Iterable[Article],
    pages: Iterable[StaticPage],
    items: Iterable[Item],
    settings: Settings,
    registers: Registers,
) -> Iterator[Problem]:
    """Yield every mistake, in no particular order.

    Scheduled and expired stories are read too, so that no mistake waits for its hour;
    a draft's links and pictures count only where drafts are shown.
    """
    stories, pages = tuple(stories), tuple(pages)
    there = FileNames([*site.addresses, *library.unread])
    yield from _settings(settings, site, library, there)
    yield from _front_sections(settings, site, library)
    if settings.security.csp:
        yield from _kept_out(library, settings)
    named = [r for r in library.readings if isinstance(r.matter, AuthorMatter | TermMatter)]
    claims = [*_claims([*stories, *pages, *items], named)]
    yield from _long_addresses(claims)
    yield from _shared_addresses(claims, settings)
    yield from _obeyed_addresses(claims)
    shown = {story.path for story in site.articles}
    names = {name for story in stories for name in (story.path, story.slug)}
    slugs = settings.slugging
    doubtful = any(map(_is_doubtful, registers.values()))
    names |= {*library.unread} | {slugs.of_file(path) for path in library.unread}
    for story in stories:
        yield from _names(story.path, story.matter, story.slug, settings)
        yield from mistakes_of(story.path, story.matter, settings)
        if story.state != "draft" or story.path in shown:
            yield from _story(story, site, library.unread, names, there)
            yield from _credits(story, registers) if doubtful else ()
    yield from mistakes_of_ids(stories, settings)
    for page in pages:
        made = slugs.of_page(page.path.removeprefix("pages/"))
        yield from _names(page.path, page.matter, made, settings)
        yield from mistakes_of(page.path, page.matter, settings)
        yield from _future(page.path, ("updated",), page.matter.updated, site.at)
    yield from _items(items, site, library.unread, settings, names, there)
    yield from _shared_names(library, slugs)
    yield from _new_addresses(stories, registers, settings)
    yield from mistakes_of_terms(library, stories, site, registers, slugs, there)
    for reading in named:
        assert isinstance(reading.matter, AuthorMatter | TermMatter)
        yield from _bad_aliases(reading.path, reading.matter.aliases, settings)
    yield from mistakes_of_pictures(site, settings.images)
    for reading in library.readings:
        yield from wrong_focus(reading.path, reading.matter)
        if isinstance(reading.matter, AuthorMatter):
            yield from _author(reading.path, reading.matter, site, there)
        if isinstance(reading.matter, PromoMatter):
            yield from no_address(reading.path, reading.matter.url, ("url",), own=True)
    others = ((r.path, r.body) for r in library.readings if r.kind not in ("articles", "items"))
    yield from dead_links(site, others, library.unread, there)
    yield from dead_links(site, library.unread.items(), library.unread, there)


def _story(
    story: Article, site: Site, unread: Mapping[str, BodyInfo], known: set[str], there: FileNames
) -> Iterator[Problem]:
    matter, path = story.matter, story.path
    body: Iterable[tuple[str, BodyInfo]] = [(path, story.body)]
    yield from dead_links(site, body, unread, there)
    if matter.image:
        yield from missing_file(site, path, matter.image.src, ("image", "src"), there)
    if matter.audio:
        yield from mistakes_of_audio(path, matter.audio, site, unread, there)
    if matter.source:
        yield from no_address(path, matter.source.url, ("source", "url"), own=False)
    for choice, names in (("pin", matter.related.pin), ("exclude", matter.related.exclude)):
        for number, name in enumerate(names):
            field = ("related", choice, number)
            yield from unknown_story(path, field, name, known, site.decomposed, there)
    if isinstance(matter.promo, str) and not _promo_known(matter.promo, site, unread):
        what, remedy = _no_promo(matter.promo, site, "write false")
        what = f"promo: {what}"
        yield _problem(path, ("promo",), what, remedy, code=Code.UNKNOWN_NAME)
    yield from _changes(path, matter, site.at)


def _items(
    items: Iterable[Item],
    site: Site,
    unread: Mapping[str, BodyInfo],
    settings: Settings,
    known: set[str],
    there: FileNames,
) -> Iterator[Problem]:
    slugs, collections = settings.slugging, collections_of(settings)
    for item in items:
        yield from _names(item.path, item.matter, slugs.of_file(item.path), settings)
        yield from mistakes_of(item.path, item.matter, settings)
        if item.state != "draft" or item.path in site.items:
            yield from dead_links(site, [(item.path, item.body)], unread, there)
            yield from _future(item.path, ("updated",), item.matter.updated, site.at)
            yield from _vain(item.path, item.matter)
            yield from mistakes_of_item(item, site, collections[item.collection], known, there)


def _changes(path: str, matter: ArticleMatter, at: datetime) -> Iterator[Problem]:
    """Yield changes of a story that cannot have been made when they are dated."""
    since = max(at, matter.date)
    changes: list[tuple[Field, datetime | None]] = [(("updated",), matter.updated)]
    for number, correction in enumerate(matter.corrections):
        changes.append((("corrections", number, "date"), correction.date))
    for field, moment in changes:
        if moment and _is_before(moment, matter.date):
            what = f"{named(field)}: it is before the date"
            yield _problem(path, field, what, "mend one of the two", "warning")
        yield from _future(path, field, moment, since)
    yield from _vain(path, matter)
    if matter.source:
        remedy = "write when it was published"
        field = ("source", "published")
        yield from _future(path, field, matter.source.published, since, remedy)


def _vain(path: str, matter: ArticleMatter | ItemMatter) -> Iterator[Problem]:
    """Yield that a text is over before it begins."""
    if matter.expires and matter.date and matter.expires <= matter.date:
        what = "expires: it is not after the date, so that no reader ever sees this"
        yield _problem(path, ("expires",), what, "mend one of the two", "warning")


def _is_before(moment: datetime, date: datetime) -> bool:
    """Return whether a change was made before a story;
    one of which only the day is given was not.
    """
    is_day = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return moment < date and not (is_day and moment.date() == date.date())


def _future(
    path: str,
    field: Field,
    moment: datetime | None,
    since: datetime,
    remedy: str = "write when the change was made",
) -> Iterator[Problem]:
    """Yield a moment that readers are told of before it can have been."""
    if moment and moment > since:
        what = f"{named(field)}: it is in the future"
        yield _problem(path, field, what, remedy, "warning")


def _credits(story: Article, registers: Registers) -> Iterator[Problem]:
    """Yield names of authors and tags that give no address, or that are those of several files."""
    for field, name, known in _named(story, registers):
        if not known.slugs[name]:
            what = f'{field[0]}: "{visible(name)}" has no letter or digit to make an address of'
            yield _problem(story.path, field, what, "write it in letters")
        if _is_long_name(known, name):
            what = f'{field[0]}: "{shortened(name)}" makes an address that is too long'
            yield _problem(story.path, field, what, "shorten it")
        if files := known.ambiguous.get(name):
            places = " and ".join(f"{CONTENT}/{file}" for file in files)
            what = f'{field[0]}: "{name}" is the name in {places}'
            remedy = " or ".join(f'"{stem_of_file(file)}"' for file in files)
            yield _problem(story.path, field, what, f"write the name of the file: {remedy}")


def _is_doubtful(known: Register) -> bool:
    """Return whether there may be something wrong with the names themselves."""
    return bool(known.ambiguous) or any(
        not slug or _is_long_name(known, name) for name, slug in known.slugs.items()
    )


def _is_long_name(known: Register, name: str) -> bool:
    return is_too_long(f"/{known.taxonomy}/{known.slugs[name]}/")


def _new_addresses(
    stories: Iterable[Article], registers: Registers, settings: Settings
) -> Iterator[Problem]:
    """Yield where a name stands whose address is another's: told when its page is first made."""
    taxonomies = taxonomies_of(settings)
    apart = {(known.taxonomy, one.slug): one for known in registers.values() for one in known.apart}
    for story in reversed([*stories]):  # the oldest first
        if not apart:
            return
        for field, name, known in _named(story, registers):
            one = apart.pop((known.taxonomy, known.slugs[name]), None)
            if one is None:
                continue
            path = taxonomies[known.taxonomy].path
            url = path(one.slug)
            what = f'{field[0]}: "{visible(name)}" is not "{visible(one.owner)}"'
            what += f" of {path(one.wanted)}"
            what += f": its address is {url}"
            remedy = "to choose another, add a file to "
            remedy += f"{CONTENT}/{known.taxonomy}/ that has this name"
            told = _problem(story.path, field, what, remedy, "warning")
            yield replace(told, announces=output_path(url))


def _named(story: Article, registers: Registers) -> Iterator[tuple[Field, str, Register]]:
    """Yield each name in a story's front matter: where it stands, the name,
    and what is known of it.
    """
    matter = story.matter
    by = (matter.author,) if isinstance(matter.author, str) else matter.author
    fields = {"author": by, "authors": matter.authors}
    others = (name for name in registers if name != "authors")
    for field, names in (fields | {name: matter.named(name) for name in others}).items():
        known = registers["authors" if field == "author" else field]
        yield from (((field, number), name, known) for number, name in enumerate(names))


def _names(path: str, matter: PlacedMatter, made: str, settings: Settings) -> Iterator[Problem]:
    """Yield a slug or alias that cannot be an address of this site. `made`: what the name gives."""
    slug = matter.slug
    if slug and not is_slug(decoded(slug)):
        good = slugify(slug)
        what = f'slug: "{shortened(slug)}" cannot stand in an address'
        remedy = f'write "{good}"' if good else "write letters, digits and hyphens"
        if good and not is_slug(good):
            what, remedy = f'slug: "{shortened(slug)}" is too long for an address', "shorten it"
        yield _problem(path, ("slug",), what, remedy)
    if not slug and not made and not matter.permalink:
        what = "the file's name gives no slug"
        yield Problem(f"{CONTENT}/{path}", 1, what, "add `slug`, or rename the file")
    yield from _bad_aliases(path, matter.aliases, settings)


def _bad_aliases(path: str, aliases: Iterable[str], settings: Settings) -> Iterator[Problem]:
    for number, alias in enumerate(aliases):
        if reason := bad_address(alias):
            what = f'aliases: "{visible(alias)}" is no address of this site: {reason}'
            own = own_address(alias, settings.url)
            remedy = f'write "{own}"' if own else 'write a path such as "/2024/old-name/"'
            yield _problem(path, ("aliases", number), what, remedy)


def _shared_names(library: Library, slugs: Slugs) -> Iterator[Problem]:
    """Yield where two authors, terms or promos share the slug that each needs for itself."""
    owners: dict[tuple[str, str], str] = {}
    for reading in library.readings:
        if reading.kind in ("articles", "pages", "items"):
            continue
        slug, folder = slugs.of_file(reading.path), reading.path.partition("/")[0]
        owner = owners.setdefault((folder, slug), reading.path)
        if not slug:
            what = "the file's name gives no slug"
            yield Problem(f"{CONTENT}/{reading.path}", 1, what, "rename it in letters")
        elif reading.kind != "promos" and is_too_long(f"/{folder}/{slug}/"):
            what = f'its slug "{shortened(slug)}" is too long for an address'
            yield Problem(f"{CONTENT}/{reading.path}", 1, what, "shorten the file's name")
        elif owner != reading.path:
            what = f'its slug "{slug}" is also that of {CONTENT}/{owner}'
            file, remedy = f"{CONTENT}/{reading.path}", "rename one of the two"
            yield Problem(file, 1, what, remedy, code=Code.ADDRESS_TAKEN)


def _shared_addresses(claims: Iterable[_Claim], settings: Settings) -> Iterator[Problem]:
    """Yield where stories, pages and aliases want one and the same address."""
    owners: dict[str, str] = {}
    for path, url, field, own in claims:
        names = [name.casefold() for name in files_for(url)]
        owner = next((owners[name] for name in names if name in owners), "")
        if not owner:
            owners |= dict.fromkeys(names, path)
        elif owner == path:
            what = f'aliases: "{url}" is the address of this very file already'
            yield _problem(path, field, what, "take it out", code=Code.ADDRESS_TAKEN)
        else:
            origin = origin_of(path, own, settings) if own else ""
            what = f"its address {url}{origin} is also that of {CONTENT}/{owner}"
            remedy = f"change `{field[0]}` in one of the two"
            yield _problem(path, field, what, remedy, code=Code.ADDRESS_TAKEN)


def _long_addresses(claims: Iterable[_Claim]) -> Iterator[Problem]:
    """Yield addresses that no disk could hold a page of."""
    for path, url, field, own in claims:
        slug = decoded(own.slug) if own else ""
        if not is_too_long(url) or (field == ("slug",) and slug and not is_slug(slug)):
            continue  # a slug that is none is told of already
        if field == ("slug",):
            what = f"its address {shortened(unquote(url))} is too long"
            remedy = "shorten its `slug`, or the names of its folders"
            if not slug:
                remedy = (
                    "give it a shorter `slug`, or shorten the names of the file and its folders"
                )
        else:
            what, remedy = f'{field[0]}: "{shortened(unquote(url))}" is too long', "shorten it"
        yield _problem(path, field, what, remedy)


def _obeyed_addresses(claims: Iterable[_Claim]) -> Iterator[Problem]:
    """Yield addresses of stories and pages that hosts take for something that they have to obey."""
    for path, url, field, own in claims:
        if own is None or not (reason := obeyed(url)):
            continue
        if own.permalink and bad_own_path(own.permalink):
            continue  # it is told of already
        if own.slug and not is_slug(decoded(own.slug)):
            continue  # so is this
        what = f"its address {shortened(unquote(url))} cannot be used: {reason}"
        yield _problem(path, field, what, f"give it another `{field[0]}`")


def _claims(placed: Iterable[Placed], named: Iterable[Reading]) -> Iterator[_Claim]:
    """Yield what each file wants: first the addresses of stories, pages and items, then all
    aliases.
    """
    placed = sorted(placed, key=lambda item: item.path)
    for item in placed:
        field = ("permalink",) if item.matter.permalink else ("slug",)
        yield _Claim(item.path, item.url, field, item.matter)
    for owner in [*placed, *named]:
        assert not isinstance(owner.matter, PromoMatter)
        for number, alias in enumerate(owner.matter.aliases):
            if not bad_address(alias):
                yield _Claim(owner.path, old_address(alias), ("aliases", number))


def _author(path: str, matter: AuthorMatter, site: Site, there: FileNames) -> Iterator[Problem]:
    if matter.photo:
        yield from missing_file(site, path, matter.photo, ("photo",), there)
    if matter.follow:
        yield from no_address(path, matter.follow.url, ("follow", "url"), own=True)


def _settings(
    settings: Settings, site: Site, library: Library, there: FileNames
) -> Iterator[Problem]:
    if not settings.is_main:
        return  # what is wrong with them is told there
    look = settings.look
    pictures = (
        (("image",), settings.image),
        (("publisher", "logo"), settings.publisher.logo),
        (("look", "logo"), look.logo),
        (("look", "logo_dark"), look.logo_dark),
        (("look", "icon"), look.icon),
    )
    for field, path in pictures:
        if path:
            yield from missing_file(site, "", path, field, there)
    if settings.podcast:
        yield from mistakes_of_artwork(settings.podcast.image, site, there)
    if settings.permalinks:
        paths = [r.path for r in library.readings if r.kind in ("articles", "pages")]
        yield from idle_patterns([*paths, *library.unread], settings)
    promo = settings.promos.default
    if promo and not _promo_known(promo, site, library.unread):
        what, remedy = _no_promo(promo, site, "mend the name")
        what, field = f"promos.default: {what}", ("promos", "default")
        yield Problem(SITE_TOML, 0, what, remedy, field=field, code=Code.UNKNOWN_NAME)


def _front_sections(settings: Settings, site: Site, library: Library) -> Iterator[Problem]:
    """Yield the names of sections for the front page that are those of none."""
    if not settings.front.sections or not library.has_all_names:
        return
    there = {term.name: term.slug for term in terms_of(site, "section")}
    there |= {
        r.matter.name: stem_of_file(r.path)
        for r in library.readings
        if isinstance(r.matter, TermMatter) and r.path.startswith("section/")
    }
    known = {folded_term(name) for name in (*there, *there.values())}
    place = ("front",) if settings.is_main else ("languages", settings.language)
    for number, name in enumerate(settings.front.sections):
        if folded_term(name) not in known:
            what = (
                f'{".".join(place)}.sections[{number + 1}]: there is no section "{visible(name)}"'
            )
            close = near(name, there)
            remedy = f'did you mean "{close}"?' if close else "name it in a story, or take it out"
            field = (*place, "sections", number)
            yield Problem(SITE_TOML, 0, what, remedy, "warning", field, code=Code.UNKNOWN_NAME)


def _promo_known(name: str, site: Site, unread: Mapping[str, BodyInfo]) -> bool:
    return composed(name) in site.promos or any(
        path.startswith("promos/") and composed(stem_of_file(path)) == composed(name)
        for path in unread
    )


def _kept_out(library: Library, settings: Settings) -> Iterator[Problem]:
    """Yield what front matter shows that the content security policy does not let in."""
    policy = policy_with_own(settings)
    for reading in library.readings:
        shown = [("img-src", *picture) for picture in _pictures_of(reading.matter)]
        if isinstance(reading.matter, ArticleMatter) and reading.matter.audio:
            shown.append(("media-src", ("audio", "src"), reading.matter.audio.src))
        for directive, field, src in shown:
            if is_elsewhere(src) and not lets_in(policy, directive, src):
                what, remedy = refusal(directive, src)
                what = f"{named(field)}: {what}"
                yield _problem(reading.path, field, what, remedy, "warning", Code.BLOCKED)


def _pictures_of(matter: Matter) -> Iterator[tuple[Field, str]]:
    """Yield the pictures that a text brings along, and the fields that name them."""
    if isinstance(matter, ArticleMatter) and matter.image:
        yield ("image", "src"), matter.image.src
    elif isinstance(matter, AuthorMatter):
        yield ("photo",), matter.photo
    elif isinstance(matter, ItemMatter):
        yield from ((field, picture.src) for field, picture in pictures_of(matter))


def _no_promo(name: str, site: Site, otherwise: str) -> tuple[str, str]:
    """Return what is wrong with the name of a promo that there is none of, and what to do."""
    close = near(name, site.promos)
    add = f"add {CONTENT}/promos/{shortened(name)}.md"
    remedy = f'did you mean "{close}"?' if close else f"{add}, or {otherwise}"
    return f'there is no "{visible(name)}"', remedy


def _problem(
    path: str,
    field: Field,
    what: str,
    remedy: str,
    severity: Literal["error", "warning"] = "error",
    code: Code | None = None,
) -> Problem:
    return Problem(f"{CONTENT}/{path}", 0, what, remedy, severity, field, code=code)
