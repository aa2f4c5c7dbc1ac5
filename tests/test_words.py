"""Excerpts and counts: where a text is cut, how many words it has."""

import pytest

from generator.read.words import count_words, cut, first_paragraph, plain


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


def test_the_first_paragraph_with_a_text_is_the_excerpt() -> None:
    assert first_paragraph("<p><img></p><h2>H</h2><p>A <b>b</b>c &amp; d.</p>") == "A bc & d."
    assert first_paragraph("<ul><li>One</li><li>Two</li></ul>") == "One Two"
    assert plain("<p>a<!-- <b>no</b> --> b</p>") == "a b"
