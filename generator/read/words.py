"""HTML as text: what a reader reads, in how many words, and its beginning."""

import html
import re

from generator.terms import CJK, THAI_AND_KIN


def plain(markup: str) -> str:
    """The text of some HTML, without notes' marks, its white space folded."""
    if "<" in markup:
        if "fnref" in markup or "footnote" in markup:
            markup = _NOTE_MARK.sub("", markup)
        markup = _TAG.sub(" ", _INLINE.sub("", markup))
    return " ".join(html.unescape(markup).split())


def first_paragraph(markup: str) -> str:
    """The text of the first paragraph that has any, else of everything."""
    paragraphs = (plain(match[1]) for match in _PARAGRAPH.finditer(markup))
    return next(filter(None, paragraphs), "") or plain(markup)


def cut(text: str, most: int) -> str:
    """The text in at most `most` characters, cut after a word, with "…" when cut.

    Where words are not parted by spaces it is cut after a character.
    """
    if len(text) <= most:
        return text
    head = text[: most - 1]
    if not text[most - 1].isspace() and not _UNSPACED.match(text[most - 1]):
        before, space, _ = head.rpartition(" ")
        head = before if space and len(before) > most // 2 else head
    return head.rstrip(" ,;:.–—-") + "…"


def count_words(text: str) -> int:
    """How many words; a Chinese or Japanese character counts half a word, a Thai one a fifth."""
    if text.isascii() or not _UNSPACED.search(text):
        return len(_WORD.findall(text))
    unspaced = len(_IDEOGRAPH.findall(text)) / 2 + len(_ABUGIDA.findall(text)) / 5
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + round(unspaced)


_NOTE_MARK = re.compile(r'<sup id="fnref.*?</sup>|<div class="footnote">.*\Z', re.DOTALL)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|cite|code|em|i|kbd|mark|q|s|small|span|strong|sub|sup|u)\b[^>]*>"
)
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL)

_IDEOGRAPH = re.compile(f"[{CJK}]")
_ABUGIDA = re.compile(f"[{THAI_AND_KIN}]")
_UNSPACED = re.compile(f"[{CJK}{THAI_AND_KIN}]")
_WORD = re.compile(r"\w+(?:[.,'’-]\w+)*")
