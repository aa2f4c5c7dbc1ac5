"""The languages of code that have colours: by the names that people give them behind a fence.

Pygments knows them by names of its own, and here by the endings of files too.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any

from generator.mismatch import near

PLAIN = frozenset(
    (
        *("text", "txt", "plain", "plaintext", "none", "nohighlight", "raw", "output", "log"),
        *("csv", "tsv", "mermaid"),
    )
)
"""What people call code that is to have no colours, and formats that Pygments has none for."""

Pieces = Iterator[tuple[str, str]]
"""Pieces of code, each with the short name of what it is to Pygments: `k` is a keyword."""


def is_known(name: str) -> bool:
    return name.lower() in PLAIN or name.lower() in _languages()


def nearest_language(name: str) -> str:
    """Return the name that an unknown one may be a misspelling of, or an empty string."""
    return near(name, chain(_languages(), PLAIN)) if len(name) < _LONG else ""


def lexer(name: str) -> Callable[[str], Pieces] | None:
    """Return what takes code in a language to pieces; None for one without colours."""
    known = None if name.lower() in PLAIN else _languages().get(name.lower())
    return _lexer(known) if known else None


_LONG = 40
"""Characters that no name of a language has."""


@cache
def _languages() -> Mapping[str, str]:
    """Return Pygments' own names of the languages, by all the names that they have."""
    from pygments.lexers import get_all_lexers  # few texts have code

    every = [*get_all_lexers(plugins=False)]
    endings = {
        pattern.removeprefix("*."): name
        for name, _, patterns, _ in reversed(every)
        for pattern in patterns
        if pattern.startswith("*.") and pattern[2:].isalnum()
    }
    return endings | {alias: name for name, aliases, _, _ in every for alias in aliases}


@cache
def _lexer(name: str) -> Callable[[str], Pieces]:
    from pygments.lexers import find_lexer_class
    from pygments.token import STANDARD_TYPES

    kind: Any = find_lexer_class(name)
    made = kind(stripnl=False, ensurenl=False)

    def short(token: Any) -> str:
        while token not in STANDARD_TYPES:
            token = token.parent
        return STANDARD_TYPES[token]

    return lambda code: ((short(token), piece) for token, piece in made.get_tokens(code))
