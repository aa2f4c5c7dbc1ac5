"""Excerpts and counts: where a text is cut, how many words it has."""

import re
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.content.words import count_words, cut, plain
from support.sites import LONG


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
    "character",
    [
        "e\u0301",  # a letter in NFD
        "a\u0323\u0302",
        "กำ",
        "ที่",
        "🇩🇪",
        "👨\u200d👩\u200d👧\u200d👦",
        "👍🏽",
        "❤\ufe0f",
        "1\ufe0f\u20e3",
        "\u1112\u1161\u11ab",  # Hangul in jamo
        "\u0915\u094d\u0937\u093f",  # a conjunct of Devanagari
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    ],
)
def test_no_character_that_readers_see_as_one_is_cut_in_two(character: str) -> None:
    for before in ("", "x", "xx"):
        whole = {before[:length] for length in range(3)}
        whole |= {before + character * times for times in range(40)}
        for most in range(1, 40):
            shown = cut(before + character * 40, most)
            assert len(shown) <= most
            assert shown.removesuffix("…") in whole


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("One two cafe\u0301", 13, "One two cafe\u0301"),
        ("One two cafe\u0301 three", 13, "One two…"),
        ("One two cafe\u0301 three", 14, "One two cafe\u0301…"),
        ("การประชุมเสร็จ", 11, "การประชุม…"),
        ("Vite\u202f! Allez, on y va", 7, "Vite\u202f!…"),
        ("Il a dit non\u202f; elle aussi", 15, "Il a dit non…"),
        ("One two\r\nthree", 9, "One two…"),
    ],
)
def test_nothing_dangles_at_the_end_of_a_text_that_is_cut(text: str, most: int, shown: str) -> None:
    assert cut(text, most) == shown


def test_what_knows_characters_is_not_loaded_for_a_plain_cut() -> None:
    script = "import sys; from generator.content.words import cut; cut('é' * 99, 5); cut('ab', 1)"
    done = subprocess.run(
        [sys.executable, "-c", f"{script}; sys.exit('regex' in sys.modules)"], timeout=LONG
    )
    assert done.returncode == 0


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


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("On <time>1 May</time>, <big>B</big>ig <ins>news</ins>.", "On 1 May, Big news."),
        ("<del>a</del>b<dfn>c</dfn>, <var>d</var>. <data>e</data>;", "abc, d. e;"),
        ("<bdi>a</bdi>, <bdo>b</bdo>, <font>c</font>, <tt>d</tt>", "a, b, c, d"),
        ("<label>a</label>, <output>b</output>; <foo-bar>c</foo-bar>.", "a, b; c."),
        ("Donau<wbr>dampf<wbr/>schiff", "Donaudampfschiff"),
        ("Text<!-- c -->more", "Textmore"),
        ("Let <math><mi>x</mi></math>, then", "Let x, then"),
        ("<u>a</u>n <unknown>b</unknown>d", "an bd"),
        ("a<br>b<hr>c<img src=x>d", "a b c d"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("<dl><dt>a<dd>b</dl>c", "a b c"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<select><option>a<option>b</select>", "a b"),
        ("<details><summary>a</summary>b</details>", "a b"),
        ("<fieldset><legend>a</legend>b</fieldset>", "a b"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>。", "漢 kan 。"),
    ],
)
def test_only_what_parts_lines_or_blocks_parts_words(markup: str, text: str) -> None:
    assert plain(f"<p>{markup}</p>") == text


WORD = re.compile(r"\w+(?:[.,'’-]\w+)*")


@given(st.text(st.characters(codec="cp1252") | st.sampled_from(".,'’- aé1_²")))
@example(".a a. a..a a.a.a -a- ’a,b'c .,a a-\n-a")
def test_a_western_text_has_as_many_words_as_the_pattern_finds(text: str) -> None:
    assert count_words(text) == len(WORD.findall(text))


KEPT = "\u00a0\u2007\u202f"
"""Spaces at which no line is broken: those that typeset put them there."""
WHITE = "".join(c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace() and c not in KEPT)


@given(
    st.lists(
        st.sampled_from(f"aé{WHITE}") | st.sampled_from(["<b>", "</b>", "<p>", "<br>", "<!--<-->"])
    ).map("".join)
)
@example("<p>a</p>\n<p> <b>b</b>\n</p><!-- < --> <hr>\n<br>c\n\n")
@example(WHITE.join("abc"))
def test_white_space_is_one_space_wherever_tags_stand(markup: str) -> None:
    bare = re.sub(r"</?b\b[^>]*>|<!--.*?-->", "", markup)
    assert plain(markup) == " ".join(re.sub(r"<[^>]*>", " ", bare).split())


@pytest.mark.parametrize("space", KEPT)
def test_spaces_that_are_not_to_be_broken_stay(space: str) -> None:
    assert plain(f"<p>Vraiment{space}? </p>") == f"Vraiment{space}?"
