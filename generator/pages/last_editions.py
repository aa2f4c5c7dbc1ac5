"""The sites of the last build in all languages, of a site of several.

What comes in are the sites as they are now; what goes out are the pages that would come out as they
did. Of each language a last site is kept, as of a site of one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from generator.content.names import in_language
from generator.content.text_keys import TextKeys
from generator.model import Site
from generator.pages.context import PageContext
from generator.pages.editions import translations
from generator.pages.last_site import LastSite
from generator.pages.output import RenderSetup
from generator.related import Relations
from generator.related.subjects import Columns, Hashes
from generator.site.assemble import Edition


class InEdition(NamedTuple):
    """What the build of a site in a language found out; "" is the main one."""

    language: str
    site: Site
    suggestion_digests: Hashes
    subjects: Columns


def in_editions(
    site: Site, editions: Iterable[Edition], related: Iterable[Relations]
) -> list[InEdition]:
    """Return what a build found out, in each language."""
    sites = [("", site), *((one.settings.language, one.site) for one in editions)]
    return [
        InEdition(language, one, found.suggestion_digests.copy(), found.stories.columns)
        for (language, one), found in zip(sites, related, strict=True)
    ]


def keys_in(keys: TextKeys, languages: Iterable[str]) -> dict[str, TextKeys]:
    """Return the keys of the texts in each language, by the names that they go by there."""
    languages = [*languages]
    found: dict[str, dict[str, bytes]] = {language: {} for language in ("", *languages)}
    for path, key in keys.items():
        plain, language = in_language(path, languages)
        found[language].setdefault(plain, bytes.fromhex(key))
    return {name: TextKeys.of([*some], [*some.values()]) for name, some in found.items()}


def unaffected(
    last: Mapping[str, LastSite],
    context: PageContext,
    found: Sequence[InEdition],
    setup: RenderSetup,
) -> set[str]:
    """Return the paths of the pages, in all languages, that would come out as they did."""
    before = translations((one.settings, last[one.edition].site) for one in context.every)
    paths: set[str] = set()
    for one, here in zip(context.every, found, strict=True):
        site = last[one.edition]
        changed = site.changed(one, None, here.suggestion_digests, before)
        paths |= site.unaffected(changed, setup.of(one.edition).layout_digests)
    return paths
