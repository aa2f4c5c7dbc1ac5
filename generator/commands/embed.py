"""A block that shows what is elsewhere, looked up once and written for a text.

In come a site's folder and an address; out go the block, and its picture in the content.
"""

import re
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from generator.codes import Code
from generator.collect.block_text import written_block
from generator.collect.embed import Embedded, Fetch, embedded
from generator.collect.fetch import Fetcher
from generator.config import CONTENT, SITE_TOML
from generator.errors import ElsewhereError, Problem, SiteError, UsageError, unreadable
from generator.regular import read_whole, real, replacing
from generator.slugs import slugify
from generator.urls import is_text

FOLDER = "embeds"
"""The folder of the content that pictures go into."""
MOST_PICTURE = 10_000_000
"""Bytes of a picture."""


class EmbedReport(msgspec.Struct, frozen=True):
    """What was found at `url`, and the `block` that shows it. What is not known is "".

    `poster` is the file of its picture and `into` that to which the block was added, both seen
    from the site's folder.
    """

    url: str
    title: str
    by: str
    date: str
    words: str
    poster: str
    into: str
    block: str


def embed(
    root: Path, url: str, into: Path | None = None, *, allow_private: bool = False
) -> tuple[EmbedReport, list[Problem]]:
    """Look up what is at an address, keep its picture and write its block; return also warnings.

    With `into` the block is added to the end of that text. Raises `ElsewhereError` if nothing can
    be had, and UsageError for what is no site or no text of it.
    """
    if not (root / SITE_TOML).is_file():
        raise UsageError(f"there is no site in {root}: name its folder with --root")
    text = _text(root, into) if into else None
    fetch = Fetcher(allow_private).fetch
    found = embedded(url.strip(), fetch)
    picture, problems = _picture(root, found, fetch)
    said = {"title": found.title, "by": found.by, "date": found.date, "poster": picture}
    block = written_block("embed", found.url, said, found.words)
    if text:
        _append(text, block)
    shown = text.relative_to(real(root)).as_posix() if text else ""
    poster = f"{CONTENT}{picture}" if picture else ""
    report = EmbedReport(
        found.url, found.title, found.by, found.date, found.words, poster, shown, block
    )
    return report, problems


# ------------------------------------------------------------------------- the picture


def _picture(root: Path, found: Embedded, fetch: Fetch) -> tuple[str, list[Problem]]:
    """Return the address in the content of a page's picture, "" without one, and what is wrong."""
    if not found.poster:
        return "", []
    try:
        data = fetch(found.poster, MOST_PICTURE, "image/*").body
        ending = _ending(data)
        if not ending:
            what, remedy = "it is no picture", "choose another one, and name it as `poster`"
            raise ElsewhereError.at(found.poster, what, remedy, Code.NOT_FETCHED)
    except ElsewhereError as error:
        return "", [msgspec.structs.replace(one, severity="warning") for one in error.problems]
    return _kept(root, _name(found), ending, data), []


def _ending(data: bytes) -> str:
    """Return the ending of a picture's name, by its bytes and its size; "" if it is none."""
    import imagesize

    known = (ending for pattern, ending in _BEGINNINGS if pattern.match(data))
    ending = next(known, "")
    try:
        width, height = imagesize.get(BytesIO(data))
    except Exception:  # whatever it stumbles over in a file that is broken
        return ""
    return ending if min(width, height) > 0 else ""


_BEGINNINGS = (
    (re.compile(rb"\xff\xd8\xff"), ".jpg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), ".png"),
    (re.compile(rb"GIF8[79]a"), ".gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), ".webp"),
    (re.compile(rb".{4}ftypavi[fs]", re.DOTALL), ".avif"),
)


def _name(found: Embedded) -> str:
    """Return what a page's picture is called: its host, and its title or its last name."""
    parts = urlsplit(found.url)
    last = [name for name in re.split(r"[/=]", f"{parts.path}?{parts.query}") if name]
    host = slugify((parts.hostname or "").removeprefix("www.").replace(".", "-"))
    slug = slugify(found.title) or slugify(f"{found.by} {last[-1] if last else ''}")
    return f"{host}-{slug[:60].strip('-')}".strip("-")


def _kept(root: Path, name: str, ending: str, data: bytes) -> str:
    """Keep a picture in the content beside all that is there, and return its address there."""
    folder = root / CONTENT / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number, file = 1, folder / f"{name}{ending}"
        while file.exists() and file.read_bytes() != data:
            number += 1
            file = folder / f"{name}-{number}{ending}"
        with replacing(file, folder / f".{file.name}.new") as unfinished:
            unfinished.write_bytes(data)
    except OSError as error:
        place = f"{CONTENT}/{FOLDER}"
        what = f"a picture cannot be kept here: {error.strerror or error}"
        raise SiteError(
            [Problem(place, 0, what, "make room for it, or mend that folder")]
        ) from error
    return f"/{FOLDER}/{file.name}"


# ---------------------------------------------------------------------------- the text


def _text(root: Path, into: Path) -> Path:
    """Return the file of a text as it is on disk; UsageError if it is none of the site."""
    content = real(root / CONTENT)
    places = (into, root / into, content / into)
    file = next((real(place) for place in places if place.is_file()), None)
    if file is None:
        raise UsageError(f"there is no file {into}")
    if not file.is_relative_to(content) or not is_text(file.name):
        raise UsageError(f"{into} is no text of the site: name one below {CONTENT}/")
    return file


def _append(file: Path, block: str) -> None:
    """Add a block to the end of a text, whose lines end as all of that do."""
    try:
        data = read_whole(file)
        end = b"\r\n" if b"\r\n" in data else b"\n"
        blank = end * (2 - (data.endswith(end)) - data.endswith(end * 2))
        added = blank + block.encode().replace(b"\n", end)
        with replacing(file, file.with_name(f".{file.name}.new")) as unfinished:
            unfinished.write_bytes(data + added)
            unfinished.chmod(file.stat().st_mode)
    except OSError as error:
        raise SiteError([unreadable(str(file), error)]) from error
