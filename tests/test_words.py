"""Excerpts and counts: where a text is cut, how many words it has."""

import re
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.read.words import count_words, cut, plain


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("Short.", 6, "Short."),
        ("One two three", 8, "One two…"),
        ("One two three", 9, "One two…"),
        ("One, two three", 5, "One…"),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),
        ("首脑会谈在东方航天发射场举行", 6, "首脑会谈在…"),
    ],
)
def test_a_text_is_cut_after_a_word(text: str, most: int, shown: str) -> None:
    assert cut(text, most) == shown
    assert len(shown) <= most


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("It’s a well-known 3.5 per cent – really.", 7),
        ("Zürich, Россия", 2),
        ("首脑会谈", 2),
        ("サミットは東京で", 4),
        ("การประชุมสุดยอด", 3),
        ("AI 首脑 2026", 3),
    ],
)
def test_words_are_counted_in_every_script(text: str, count: int) -> None:
    assert count_words(text) == count


def test_a_comment_is_no_text() -> None:
    assert plain("<p>a<!-- <b>no</b> --> b</p>") == "a b"


WORD = re.compile(r"\w+(?:[.,'’-]\w+)*")


@given(st.text(st.characters(codec="cp1252") | st.sampled_from(".,'’- aé1_²")))
@example(".a a. a..a a.a.a -a- ’a,b'c .,a a-\n-a")
def test_a_western_text_has_as_many_words_as_the_pattern_finds(text: str) -> None:
    assert count_words(text) == len(WORD.findall(text))


WHITE = "".join(filter(str.isspace, map(chr, range(sys.maxunicode + 1))))


@given(
    st.lists(
        st.sampled_from(f"aé{WHITE}") | st.sampled_from(["<b>", "</b>", "<p>", "<br>", "<!--<-->"])
    ).map("".join)
)
@example("<p>a</p>\n<p> <b>b</b>\n</p><!-- < --> <hr>\n<br>c\n\n")
@example(WHITE.join("abc"))
def test_white_space_is_one_space_wherever_tags_stand(markup: str) -> None:
    bare = re.sub(r"</?b\b[^>]*>", "", markup)
    assert plain(markup) == " ".join(re.sub(r"<!--.*?-->|<[^>]*>", " ", bare).split())
