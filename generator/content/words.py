"""HTML as text: what a reader reads, in how many words, cut to a length."""

import html
import re
from functools import cache
from typing import Any

import numpy as np

from generator.content.html import look_at
from generator.terms import CJK, THAI_AND_KIN


def plain(markup: str) -> str:
    """Return the text of some HTML, without notes and their marks, its white space folded."""
    return readable(look_at(markup).text() if "<" in markup else markup)


def readable(written: str) -> str:
    """Return text as it is written in HTML, without tags, as it is read; its white space folded."""
    return _folded(html.unescape(written))


def cut(text: str, most: int) -> str:
    """Return the text in at most `most` characters, cut after a word, with "…" when cut.

    Where words are not parted by spaces it is cut after a character that readers see as one: a
    letter with its accents, a flag, a family.
    """
    if len(text) <= most:
        return text
    head = text[: most - 1]
    if max(text[most - 2 : most], default="") >= _FIRST_COMBINING:
        head = text[: _whole_characters(text, most - 1)]
    following = text[len(head)]
    if not following.isspace() and not _UNSPACED.match(following):
        before, space, _ = head.rpartition(" ")
        head = before if space and len(before) > most // 2 else head
    return head.rstrip(_DANGLING) + "…"


def _whole_characters(text: str, most: int) -> int:
    """Return the length of the longest beginning, at most `most`, that cuts no grapheme cluster."""
    end = 0
    for cluster in _clusters().finditer(text):
        if cluster.end() > most:
            break
        end = cluster.end()
    return end


@cache
def _clusters() -> Any:
    """Return the expression of an extended grapheme cluster (Unicode Standard Annex 29)."""
    import regex  # most texts are cut where no cluster is in doubt

    return regex.compile(r"\X")


def count_words(text: str) -> int:
    """Return how many words a text has.

    A Chinese or Japanese character counts half a word, a Thai one a fifth.
    """
    try:
        return _count_western(text.encode(_WESTERN))
    except UnicodeEncodeError:
        return _count_any(text)


def _folded(text: str) -> str:
    """Return the text with one space for any white space, and none around it.

    No-break spaces stay.
    """
    text = text.replace("\n", " ")
    others = text.encode(errors="replace").translate(None, _PRINTED).decode()
    if "  " in text or _BLANKS.search(others):  # in all of the text that takes far longer
        text = _BLANKS.sub(" ", text)
    return text.strip(" ")


def _count_western(text: bytes) -> int:
    """Return the words of a text in `_WESTERN`.

    One begins behind each sign that is in none, but not behind one join that follows a word.
    """
    signs = np.frombuffer(b"  %b" % text.translate(_SIGNS), np.uint8)
    in_word = signs == _IN_WORD
    begins = in_word[2:] > in_word[1:-1]
    joined = begins & in_word[:-2] & (signs[1:-1] == _JOINS)
    return int(np.count_nonzero(begins) - np.count_nonzero(joined))


def _count_any(text: str) -> int:
    if not _UNSPACED.search(text):
        return len(_WORD.findall(text))
    unspaced = len(_IDEOGRAPH.findall(text)) / 2 + len(_ABUGIDA.findall(text)) / 5
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + round(unspaced)


_DANGLING = " \r\n\u00a0\u202f,;:.–—-เแโใไເແໂໃໄ"
"""What no text ends with: signs, and the vowels of Thai and Lao written before their consonant."""

_FIRST_COMBINING = "\u0300"
"""No character before this one is ever less than what readers see as one."""

_PRINTED = bytes(range(0x20, 0x7F))
_BLANKS = re.compile("[^\\S\u00a0\u2007\u202f]+")
"""White space, but for spaces that are not to be broken."""
_IDEOGRAPH = re.compile(f"[{CJK}]")
_ABUGIDA = re.compile(f"[{THAI_AND_KIN}]")
_UNSPACED = re.compile(f"[{CJK}{THAI_AND_KIN}]")
_JOIN = "[.,'’-]"
_WORD = re.compile(rf"\w+(?:{_JOIN}\w+)*")

_WESTERN = "cp1252"
"""Holds what most texts of Western Europe are written with, and no unspaced script."""
_IN_WORD, _JOINS = 1, 2


def _sign(char: str) -> int:
    """Return what a character is to `_WORD`: part of a word, a join, or neither."""
    if re.match(r"\w", char):
        return _IN_WORD
    return _JOINS if re.match(_JOIN, char) else 0


_SIGNS = bytes(_sign(bytes((code,)).decode(_WESTERN, "replace")) for code in range(256))
