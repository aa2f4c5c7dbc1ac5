"""What a site publishes of a picture: its file, cleaned, and its variants, each made once.

In come a file, its digest and what is wanted of it; out go bytes, of which a store keeps those that
take long to make.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from generator.codes import Code
from generator.errors import Problem
from generator.pictures.kept import Store
from generator.regular import regular_file
from generator.state.code_version import fingerprint
from generator.state.digests import digest_of_source


def published_file(
    source: Path, digest: str, most_width: int, store: Path, file: str
) -> bytes | Problem:
    """Return the picture in a file without metadata, at most so many pixels wide; 0: as it is.

    `digest` is that of its bytes; `file` the one that a mistake is told of.
    """
    from generator.pictures.cleaning import cleaned

    def made() -> bytes | Problem:
        found = cleaned(source, most_width or None, file)
        return found if isinstance(found, Problem) else found.data

    return _once(made, key_of_file(digest, most_width), store, Source(source, digest))


class StandIn(NamedTuple):
    """What does for a while in the place of a picture that there was no time for."""

    data: bytes


def next_best_variant(
    source: Path, digest: str, variant: str, other: str, most_width: int, store: Path, file: str
) -> bytes | StandIn | Problem:
    """Return what there is of a variant without encoding it: itself, or the `other` one, if the
    store has them; else the file, cleaned and at most so many pixels wide.

    Variants are given as JSON.
    """
    if kept := _kept(key_of_variant(digest, variant), store):
        return kept
    if kept := _kept(key_of_variant(digest, other), store):
        return StandIn(kept)
    cleaned = published_file(source, digest, most_width, store, file)
    return cleaned if isinstance(cleaned, Problem) else StandIn(cleaned)


@lru_cache(maxsize=1)
def plain_card() -> StandIn:
    """Return what does for a share card: one with nothing on it."""
    from generator.pictures.cards import drawn_card

    drawn = drawn_card(_PLAIN)
    assert isinstance(drawn, bytes)
    return StandIn(drawn)


def published_variant(
    source: Path, digest: str, variant: str, store: Path, file: str
) -> bytes | Problem:
    """Return a variant of the picture in a file, which is given as JSON."""
    from generator.pictures.variants import made_variant

    def made() -> bytes | Problem:
        return made_variant(source, variant, file)

    return _once(made, key_of_variant(digest, variant), store, Source(source, digest))


class PublishedCard(NamedTuple):
    """A share card as a PNG; the `warning` is of characters that none of its fonts has."""

    data: bytes
    warning: Problem | None


def published_card(
    svg: str, fonts: Sequence[Path], digest: str, store: Path, file: str
) -> PublishedCard | Problem:
    """Return the share card that is drawn as `svg` with fonts, of which this is the digest.

    `file` is the one that characters which are not there are told of. What is wrong with the
    drawing is told without a line, for its lines are not those of its layout.
    """
    from generator.pictures.cards import drawn_card, missing_glyphs

    made = _once(lambda: drawn_card(svg, *fonts), fingerprint("card", digest, svg), store)
    if isinstance(made, Problem):
        place = f" (line {made.line} of the drawing)" if made.line else ""
        return replace(made, line=0, what=f"{made.what}{place}")
    missing = missing_glyphs(svg, *fonts)
    told = replace(missing, file=file, line=0, code=Code.MISSING_GLYPH) if missing else None
    return PublishedCard(made, told)


def key_of_file(digest: str, most_width: int) -> str:
    """Return what a store knows a cleaned file by."""
    return fingerprint("cleaned", digest, str(most_width))


def key_of_variant(digest: str, variant: str) -> str:
    """Return what a store knows a variant by."""
    return fingerprint("variant", digest, variant)


_PLAIN = """<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630">
<rect width="1200" height="630" fill="#e9e7e1"/>
</svg>"""


class Source(NamedTuple):
    """A file of the content, and the digest that it had when it was looked at."""

    path: Path
    digest: str

    def is_as_it_was(self) -> bool:
        """Return whether its bytes still have that digest."""
        try:
            with regular_file(self.path).open("rb") as data:
                return digest_of_source(data) == self.digest
        except OSError:
            return False


def _once(
    made: Callable[[], bytes | Problem], key: str, store: Path, source: Source | None = None
) -> bytes | Problem:
    """Return what is kept under a key, or is made now, and kept.

    What was made while somebody replaced its source is not: it may be of other pixels than the key
    says, and every later build would take it for what it is not.
    """
    if kept := _kept(key, store):
        return kept
    data = made()
    if isinstance(data, bytes) and (source is None or source.is_as_it_was()):
        Store(store).put(key, data)
    return data


def _kept(key: str, store: Path) -> bytes | None:
    found = Store(store).get(key)
    with suppress(OSError):  # who cleans up meanwhile asks no preview
        return found.read_bytes() if found else None
    return None
