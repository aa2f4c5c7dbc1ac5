"""Gives each article the one before it and the one after it, which Pelican leaves to plugins."""

from itertools import pairwise
from typing import Any

from pelican import signals  # type: ignore[import-not-found, unused-ignore]


def register() -> None:
    signals.article_generator_finalized.connect(_introduce)


def _introduce(generator: Any) -> None:
    for newer, older in pairwise(generator.articles):
        newer.older, older.newer = older, newer
