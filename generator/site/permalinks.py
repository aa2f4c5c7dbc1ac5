"""Where stories and pages are published: by a field of their own, else by a pattern."""

from collections.abc import Iterator, Sequence

from generator.codes import Code
from generator.config import CONTENT, SITE_TOML, UNSURE, Settings
from generator.config.collections import pattern_of
from generator.config.settings import PAGES
from generator.errors import Problem, visible
from generator.globs import glob
from generator.model import ArticleMatter, ItemMatter, PageMatter
from generator.urls import bad_own_path, folders_above, is_bare, own_address, own_path, permalink

_STORIES = Settings(title="", url="").permalink
_USUAL = (_STORIES, PAGES)
"""The patterns of stories and pages, where the settings have none."""
PlacedMatter = ArticleMatter | PageMatter | ItemMatter
"""The front matter of a text that has an address of its own."""


def address_of(
    path: str, matter: PlacedMatter, slug: str, settings: Settings, section: str = ""
) -> str:
    """Return the site's path of the story, page or item that lies at a content path.

    `section` are the slugs of a story's section and of those around it, with slashes between.
    A field that is no path of this site counts as missing; `mistakes_of` tells of it.
    """
    if matter.permalink and not bad_own_path(matter.permalink):
        return own_path(matter.permalink)
    date = matter.date if isinstance(matter, ArticleMatter) else None
    pattern = _pattern_of(path, settings)
    return permalink(pattern, path, slug, settings.slugging, date, section)


def origin_of(path: str, matter: PlacedMatter, settings: Settings) -> str:
    """Return what made an address, for a message; "" if that is a field, or as usual."""
    said = settings.collections.get(path.partition("/")[0])
    is_usual = matter.permalink or (said and not said.permalink)
    pattern = "" if is_usual else _pattern_of(path, settings)
    return "" if not pattern or pattern in _USUAL else f' (by "{pattern}" in {SITE_TOML})'


def mistakes_of(path: str, matter: PlacedMatter, settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong with the field `permalink`, or with what a pattern makes of folders."""
    own = matter.permalink
    if own and (reason := bad_own_path(own)):
        what = f'permalink: "{visible(own)}" is no address of this site: {reason}'
        remedy = 'write a path such as "/2019/05/old-name.html" or "/about-us/"'
        if path_here := own_address(own, settings.url):
            remedy = f'write "{path_here}"'
        yield Problem(f"{CONTENT}/{path}", 0, what, remedy, field=("permalink",))
    elif own and is_bare(own_path(own)) and not settings.host:
        what = f'permalink: "{own}" has no ending, and {UNSURE}'
        remedy = f'write "{own}/" or "{own}.html"'
        yield Problem(f"{CONTENT}/{path}", 0, what, remedy, field=("permalink",))
    elif not own and "{section}" in _pattern_of(path, settings) and not _section(matter):
        made = origin_of(path, matter, settings)
        what = f"it has no `section`, and its address is to hold one{made}"
        remedy = "add `section`, or give it a `permalink` of its own"
        yield Problem(f"{CONTENT}/{path}", 1, what, remedy, code=Code.MISSING_FIELD)
    elif not own and "{folder}" in _pattern_of(path, settings):
        for folder in folders_above(path):
            if not settings.slugging.of(folder):
                what = f'the folder "{folder}" has no letter or digit to make an address of'
                yield Problem(f"{CONTENT}/{path}", 1, what, "rename it in letters")


def _section(matter: PlacedMatter) -> str:
    return matter.section if isinstance(matter, ArticleMatter) else ""


def idle_patterns(paths: Sequence[str], settings: Settings) -> Iterator[Problem]:
    """Yield a warning for each pattern of `[permalinks]` that none of these paths goes by."""
    used = {_files_of(path, settings) for path in paths}
    for files in settings.permalinks:
        if files in used:
            continue
        there = (path for path in paths if glob(files).matches(path))
        above = next((_files_of(path, settings) for path in there), "")
        what, remedy = f'"{files}" is for no file in {CONTENT}/', "mend it, or take it out"
        if above:
            what = f'every file that "{files}" is for goes by "{above}", which stands above it'
            remedy = "let the narrower one stand first"
        yield Problem(SITE_TOML, 0, f"permalinks: {what}", remedy, "warning", ("permalinks", files))


def _pattern_of(path: str, settings: Settings) -> str:
    files = _files_of(path, settings)
    if files:
        return settings.permalinks[files]
    folder = path.partition("/")[0]
    if folder in settings.collections:
        return pattern_of(folder, settings.collections[folder])
    return PAGES if path.startswith("pages/") else settings.permalink


def _files_of(path: str, settings: Settings) -> str:
    """Return the first pattern of files that a content path matches; "" if there is none."""
    return next((files for files in settings.permalinks if glob(files).matches(path)), "")
