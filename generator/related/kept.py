"""Related stories, found from what was found before: to find them anew takes long.

What comes in are a site, its settings, the terms of its stories and what keeps values between
builds; what goes out are their relations.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

import msgspec

from generator.config import Settings
from generator.model import Site
from generator.related import RelatedIndex, Relations, relate
from generator.related.packing import pack, unpack
from generator.related.subjects import Columns
from generator.state.blobs import Blobs
from generator.state.code_version import code_version
from generator.state.journal import NamedValues
from generator.terms import Terms

_NAME = "related.index"
_LITTLE = 8
"""So few stories that are new are less work to find again than the index is to write."""


def relate_from_kept(
    site: Site,
    settings: Settings,
    blobs: Blobs,
    kept: NamedValues,
    executor: Executor,
    known: Columns | None = None,
    edition: str = "",
) -> Relations:
    """Return the relations of the site's stories; what was found is kept for the next time.

    Of stories that were kept, the columns that they had then may be `known`. The `edition` is
    its language, "" for the main one.
    """
    old = kept_index(kept, edition)
    relations = relate(site, settings, partial(_terms, blobs), old, executor, known=known)
    if old is None or relations.index.distance(old) > _LITTLE:
        kept.keep(_name(edition), pack(relations.index, code_version()))
    return relations


def kept_index(kept: NamedValues, edition: str = "") -> RelatedIndex | None:
    """Return how the stories hung together when that was kept last."""
    known = kept.kept(_name(edition))
    return unpack(known[0], code_version()) if known else None


def of_other_languages(state: Path, languages: Iterable[str]) -> list[Path]:
    """Return the files of the state that keep what was found in other languages than these."""
    return [*{*state.glob(_name("*"))} - {state / _name(language) for language in languages}]


def _name(edition: str) -> str:
    return f"related.{edition.lower()}.index" if edition else _NAME


def _terms(blobs: Blobs, keys: Sequence[str]) -> Iterator[Terms]:
    return map(_TERMS.decode, blobs.values("terms", keys))


_TERMS = msgspec.msgpack.Decoder(Terms)
