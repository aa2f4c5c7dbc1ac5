"""The front matter of all texts, without their bodies: for who asks when a site changes, and how.

What comes in are texts as a scan has found them; what goes out is a library whose texts have no
bodies, and what is wrong with their front matter. Nothing is converted, and nothing written.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from generator.config import CONTENT, Settings
from generator.content.scan import Text, shape_of
from generator.content.sources import Source
from generator.errors import Problem
from generator.model import BodyInfo, Library, Matter, Reading
from generator.state.blobs import Blobs

_NO_BODY = BodyInfo("")


def read_metadata(
    root: Path, texts: Sequence[Text], settings: Settings, blobs: Blobs
) -> tuple[Library, list[Problem]]:
    """Return the library of these texts, none with a body, and every problem in their front matter.

    A text that the cache knows is not opened. Nothing is written.
    """
    kept = blobs.found("readings", [text.key for text in texts])
    readings: list[Reading] = []
    problems: list[Problem] = []
    unread: dict[str, BodyInfo] = {}
    for text, blob in zip(texts, kept, strict=True):
        reading, found = _known(blob, text.source) if blob else _read(root, text.source, settings)
        problems += found
        if reading:
            readings.append(reading)
        else:
            unread[text.source.path] = _NO_BODY
    return Library(tuple(readings), {}, unread), problems


def _read(root: Path, source: Source, settings: Settings) -> tuple[Reading | None, list[Problem]]:
    from generator.content.matter import read_matter  # most often the cache knows them all

    shape, timezone = shape_of(settings), settings.timezone
    return read_matter(root / CONTENT, source, shape, timezone, _NO_BODY)


class _Metadata(msgspec.Struct, frozen=True):
    """The part of a reading that is decoded."""

    matter: Matter


class _Kept(msgspec.Struct, frozen=True):
    """What the cache holds of a text (`content.texts.Kept`), its body left out."""

    reading: _Metadata
    warnings: tuple[Problem, ...] = ()


_KEPT = msgspec.json.Decoder(_Kept)


def _known(blob: bytes, source: Source) -> tuple[Reading, list[Problem]]:
    """Return a text as the cache has it, at the path where it stands now."""
    kept = _KEPT.decode(blob)
    assert source.kind is not None
    warnings = [replace(warning, file=f"{CONTENT}/{source.path}") for warning in kept.warnings]
    return Reading(source.kind, source.path, kept.reading.matter, _NO_BODY), warnings
