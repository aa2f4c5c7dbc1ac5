"""Warnings of files that are not published, or not as they may be meant to be."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby

from generator.codes import Code
from generator.config import CONTENT, SITE_TOML, publish_line
from generator.content.names import (
    BARE_KEY,
    COPY,
    HIDDEN,
    KEY,
    MATTER,
    SECRETS,
    UNDERLINED,
    UNFINISHED,
    is_clutter,
    is_reserved,
    underlined_folder,
    whereabouts,
)
from generator.content.sources import is_meant
from generator.errors import Problem
from generator.globs import Glob
from generator.urls import is_text

_FEW = 3
"""So many files of a folder are told of one by one."""
_REMEDIES = {
    UNDERLINED: "rename it",
    COPY: "delete it",
    UNFINISHED: "fetch it again",
    KEY: f"take it out of {CONTENT}/; if it was ever public, have a new one made",
    BARE_KEY: f"take it out of {CONTENT}/; if it was ever public, have a new one made",
}


def not_published(withheld: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a warning for each file that is not published; `withheld` are the reasons, by path.

    Those in a folder whose name begins with "_" are told of together, where they are many.
    """
    told = (path for path, why in withheld.items() if why != HIDDEN and not is_reserved(path))
    for folder, group in groupby(sorted(told), underlined_folder):
        paths = list(group)
        if folder and len(paths) > _FEW:
            yield _of_folder(folder, paths)
        else:
            yield from (_of_file(path, withheld[path]) for path in paths)


def not_pages(files: Iterable[str], meant: Collection[Glob]) -> Iterator[Problem]:
    """Yield a warning for each file that looks like a text by its name, and is copied as it is."""
    for path in files:
        if is_text(path) and not is_meant(path, meant):
            what = "this file is published as it is, not as a page"
            remedy = f"if it is a text, {whereabouts(path)}; if not, write {publish_line([path])}"
            yield _warning(path, what, remedy)


def published_keys(keys: Mapping[str, str], meant: Collection[Glob]) -> Iterator[Problem]:
    """Yield a warning for each key that no pattern lets through which names it.

    `keys` are those that are published, with what tells that they are keys.
    """
    telling = [glob for glob in meant if glob.is_for_one_name]
    for path, why in keys.items():
        if not is_meant(path, telling):
            what = f"this file is published, and {why}"
            remedy = f"take it out of {CONTENT}/; if readers need it, write {publish_line([path])}"
            yield _warning(path, what, remedy)


def vain_patterns(meant: Iterable[Glob], paths: Collection[str]) -> Iterator[Problem]:
    """Yield a warning for each pattern that matches none of the content's files, if it has any."""
    for number, glob in enumerate(meant if paths else ()):
        if not any(map(glob.matches, paths)):
            what = f'content.publish: "{glob.pattern}" matches no file'
            remedy = f'write a path below {CONTENT}/; all in a folder: "press/**"'
            if any(map(is_clutter, glob.pattern.split("/"))):
                what = f'content.publish: "{glob.pattern}" is for clutter, which is never published'
                remedy = "take it out"
            field = ("content", "publish", number)
            yield Problem(SITE_TOML, 0, what, remedy, "warning", field)


def _of_folder(folder: str, paths: list[str]) -> Problem:
    shown = ", ".join(path.removeprefix(f"{folder}/") for path in paths[:_FEW])
    what = f'{len(paths):,} files in it are not published ({shown} …): its name begins with "_"'
    return _warning(folder, what, f"rename it, or write {publish_line([f'{folder}/**'])}")


def _of_file(path: str, why: str) -> Problem:
    remedy = whereabouts(path) if why == MATTER else _REMEDIES[why]
    if why not in SECRETS:
        remedy += f", or write {publish_line([path])}"
    return _warning(path, f"this file is not published: {why}", remedy)


def _warning(path: str, what: str, remedy: str) -> Problem:
    return Problem(f"{CONTENT}/{path}", 0, what, remedy, "warning", code=Code.WITHHELD)
