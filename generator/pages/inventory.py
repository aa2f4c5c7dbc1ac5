"""The inventory of a planned site: what each output is, for those who carry the site away."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from urllib.parse import unquote

from generator.codes import Code
from generator.config import CONTENT, SITE_TOML, Settings, publish_line
from generator.content.names import SECRETS, underlined_folder
from generator.errors import Problem, counted
from generator.kinds import PageKind
from generator.model import Site
from generator.output.inventory import FeedEntry, Inventory, Item
from generator.pages.output import Output
from generator.site.assemble import Edition, address_of_file
from generator.site.feed_entries import id_of, stories_in_feeds
from generator.urls import Home, named_file, old_address, output_path


def inventory_of(
    pages: Sequence[Output],
    site: Site,
    settings: Settings,
    drafts: bool,
    words: Mapping[str, str],
    words_salt: str,
    editions: Sequence[Edition] = (),
) -> Inventory:
    """Return the inventory of these pages. `words` are the digests of texts, by content path."""
    sites = [site, *(edition.site for edition in editions)]
    entries = dict(_entries(site, settings, words, {}))
    for edition in editions:
        entries |= _entries(edition.site, edition.settings, words, edition.names)
    redirected_by_host = [page.path for page in pages if page.redirected_by_host]
    home = settings.home
    here = [page for page in pages if page.is_written]
    return Inventory(
        files={page.path: _item(page, site, words, home) for page in here},
        url=settings.url,
        drafts=drafts,
        newest=max((one.articles[0].matter.date for one in sites if one.articles), default=None),
        words_salt=words_salt,
        retired=tuple(path for one in sites for path in one.retired),
        redirected_by_host=tuple(sorted(redirected_by_host)),
        entries=entries,
    )


def withdrawn(before: Inventory | None, site: Site, settings: Settings) -> Iterator[Problem]:
    """Yield a warning if files that were published `before` are not any more.

    Keys are no part of it: nobody is to be told how to publish them again.
    """
    there = before.files if before else {}
    withheld = (path for path, why in site.withheld.items() if why not in SECRETS)
    paths = sorted(path for path in withheld if _was_there(path, site, settings, there))
    if not paths:
        return
    shown = ", ".join(f"{CONTENT}/{path}" for path in paths[:_SHOWN])
    more = " …" if len(paths) > _SHOWN else ""
    one, many = "file that was published is", "files that were published are"
    number = counted(len(paths), one, many)
    what = f"{number} not any more: {shown}{more}"
    patterns = dict.fromkeys([*settings.content.publish, *map(_pattern, paths)])
    remedy = f"if readers need them, write {publish_line(patterns)}"
    yield Problem(SITE_TOML, 0, what, remedy, "warning", code=Code.WITHHELD)


def _was_there(path: str, site: Site, settings: Settings, files: Mapping[str, Item]) -> bool:
    address = unquote(address_of_file(path, site.addresses, settings)).removeprefix("/")
    return address in files and files[address].kind in _COPIED


_COPIED = (PageKind.FILE, PageKind.HOST_FILE)


def _pattern(path: str) -> str:
    folder = underlined_folder(path)
    return f"{folder}/**" if folder else path


_SHOWN = 3


def _entries(
    site: Site, settings: Settings, words: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[tuple[str, FeedEntry]]:
    """Yield the stories that feeds hold, by their ids there. `names` lead from paths to files."""
    for story in stories_in_feeds(site, settings):
        path = names.get(story.path, story.path)
        place = blake2b(path.encode(errors="surrogatepass"), digest_size=8).hexdigest()
        former = tuple(output_path(old_address(alias)) for alias in story.matter.aliases)
        known = FeedEntry(output_path(story.url), words[path], place, former)
        yield id_of(story, settings), known


def _item(page: Output, site: Site, words: Mapping[str, str], home: Home) -> Item:
    is_variant = page.kind is PageKind.IMAGE and page.owner
    return Item(
        page.kind,
        words=words[page.owner] if page.kind.traits.is_story else "",
        leads=home.absolute(home.href(page.leads)) if page.leads else "",
        bare=page.bare,
        passing=page.passing,
        of=named_file(site.addresses[page.owner]) if is_variant else "",
    )
