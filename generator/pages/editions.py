"""What the pages of a site of several languages share: their contexts, and who translates whom.

What comes in are the site in each language and its layouts; what goes out are the contexts that its
pages are planned from. Each planner knows one of them alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from generator.config import CONTENT, Settings
from generator.config.collections import collections_of
from generator.config.policy import policy_with_own
from generator.content.scan import shape_of
from generator.model import Site
from generator.pages.blocks import KnownBlocks
from generator.pages.context import PageContext, Relate
from generator.pages.output import Output
from generator.site.assemble import Edition
from generator.site.stories import columns_of
from generator.templates.loader import Layouts
from generator.templates.views import Translation

T = TypeVar("T", bound=Output)


def context_of(
    site: Site,
    settings: Settings,
    layouts: Layouts,
    relate: Relate,
    root: Path,
    editions: Iterable[tuple[Edition, Relate]] = (),
) -> PageContext:
    """Return the context of the site in `root`, with those of its editions in other languages."""
    editions, blocks = [*editions], known_blocks(settings, layouts, root)
    if not editions:
        return PageContext(site, settings, layouts.labels, relate, blocks=blocks)
    known = translations([(settings, site), *((one.settings, one.site) for one, _ in editions)])
    others = (
        PageContext(
            edition.site,
            edition.settings,
            layouts.in_language(edition.settings.language).labels,
            related,
            edition=edition.settings.language,
            names=edition.names,
            translations=known,
            blocks=blocks,
        )
        for edition, related in editions
    )
    given = site, settings, layouts.labels, relate
    return PageContext(*given, translations=known, editions=tuple(others), blocks=blocks)


def known_blocks(settings: Settings, layouts: Layouts, root: Path) -> KnownBlocks:
    """Return the blocks that texts of the site in `root` may have."""
    content, policy = root / CONTENT, policy_with_own(settings)
    return KnownBlocks(layouts.blocks, content, policy, shape_of(settings))


def in_edition(context: PageContext, output: T) -> T:
    """Return an output as one of the edition that a context is of."""
    if not context.edition:
        return output
    return replace(output, edition=context.edition, owner=context.file_of(output.owner))


def translations(
    sites: Iterable[tuple[Settings, Site]],
) -> dict[str, tuple[Translation, ...]]:
    """Return what is there in several languages, by each of its paths."""
    sites, there = [*sites], dict[str, list[Translation]]()
    names = _names_of([own.language for own, _ in sites])
    for own, one in sites:
        name, is_main = names[own.language], own.is_main
        for key, url in _pages_of(one, own):
            there.setdefault(key, []).append(Translation(own.language, name, url, is_main))
    several = (tuple(found) for found in there.values() if len(found) > 1)
    return {one.url: found for found in several for one in found}


def _pages_of(site: Site, settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the paths of pages that may be there in several languages, by what they are."""
    paths = settings.paths
    yield from (("front", paths.front), ("archive", paths.archive))
    yield from (("tags", paths.tags), ("authors", paths.authors))
    columns = columns_of(site.articles)
    yield from zip(columns.paths, columns.urls, strict=True)
    yield from ((page.path, page.url) for page in site.pages)
    yield from ((item.path, item.url) for item in site.items.values())
    yield from ((f"list {c.name}", c.list) for c in collections_of(settings).values())
    for key, term in site.terms.items():
        yield f"term {key}", term.url
    for slug, author in site.authors.items():
        yield f"author {slug}", author.url


def _names_of(languages: Iterable[str]) -> dict[str, str]:
    """Return what languages call themselves; those that are called alike with their territory."""
    from babel import Locale

    locales = {language: Locale.parse(language, sep="-") for language in languages}
    short = {language: locale.get_language_name() for language, locale in locales.items()}
    count = Counter(short.values())
    names = {
        language: short[language] if count[short[language]] == 1 else locale.get_display_name()
        for language, locale in locales.items()
    }
    return {tag: name[:1].upper() + name[1:] if name else tag for tag, name in names.items()}
