"""The lines of texts on cards, by fonts in which each character is as wide as its size."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.pictures.card_lines import fitted, lines
from support.cards import faces_of, squares


def lines_of(text: str, columns: int, most: int = 9) -> tuple[str, ...]:
    return lines(text, columns * 10, 10, most, squares(text))


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("one two six", 11, ("one two six",)),
        ("one two six", 10, ("one", "two six")),
        ("a bb ccc dddd eeeee", 12, ("a bb ccc", "dddd eeeee")),
        ("sun rises again", 9, ("sun rises", "again")),
        ("Baden-Baden", 8, ("Baden-", "Baden")),
        ("goals 3-1 today", 8, ("goals", "3-1", "today")),
        ("a\u00a0b c", 3, ("a\u00a0b", "c")),
    ],
)
def test_words_stay_whole_and_lines_are_alike(
    text: str, columns: int, expected: tuple[str, ...]
) -> None:
    assert lines_of(text, columns) == expected


def test_no_word_stands_alone_if_another_can_join_it() -> None:
    assert lines_of("aaaa bb cc dd", 10) == ("aaaa bb", "cc dd")


def test_a_text_that_is_cut_ends_with_an_ellipsis() -> None:
    assert lines_of("one two, three four", 8, most=1) == ("one two…",)
    assert lines_of("one two six ten", 8, most=2) == ("one two", "six ten")
    assert lines_of("one two six ten more", 8, most=2) == ("one two", "six ten…")


def test_a_word_wider_than_a_line_is_broken_between_letters() -> None:
    assert lines_of("abcdefgh", 3) == ("abc", "def", "gh")
    assert lines_of("abcdefgh", 3, most=2) == ("abc", "de…")
    assert lines_of("e\u0301\u0323" * 4, 2)[0] == unicodedata.normalize("NFC", "e\u0301\u0323" * 2)


def test_a_soft_hyphen_is_seen_where_a_line_ends() -> None:
    assert lines_of("Donau\u00addampf\u00adschiff", 11) == ("Donau-", "dampfschiff")
    assert lines_of("Donau\u00addampf\u00adschiff", 30) == ("Donaudampfschiff",)


@pytest.mark.parametrize(
    "text", ["国会、予算案「新」可決。と", "你好！“世界”（今天）很好。", "ビュッフェ・カー々ー"]
)
def test_no_line_begins_with_what_closes_or_ends_with_what_opens(text: str) -> None:
    for columns in range(4, len(text)):
        found = lines_of(text, columns)
        assert "".join(found) == text
        assert not [line for line in found if line[0] in "、。」！”）・々ーッュェ"], columns
        assert not [line for line in found if line[-1] in "「“（"], columns


def test_chinese_and_japanese_are_broken_between_characters() -> None:
    assert lines_of("国会予算案可決", 4) == ("国会予", "算案可決")
    assert lines_of("新AI法案", 4) == ("新AI", "法案")


def test_korean_is_broken_between_words() -> None:
    assert lines_of("국회 예산안 통과", 7) == ("국회", "예산안 통과")


def test_thai_is_broken_between_clusters() -> None:
    text = "เก่าและใหม่น้ำ"
    for columns in range(3, 12):
        found = lines_of(text, columns)
        assert "".join(found) == text
        assert not [line for line in found if line[-1] in "เแโใไ"]
        assert not [line for line in found if unicodedata.combining(line[0]) or line[0] in "ะาำ"]


def test_lao_and_khmer_have_marks_with_their_letters() -> None:
    for text in ("ສະບາຍດີ", "សួស្តីពិភពលោក"):
        found = lines_of(text, 3)
        assert len(found) > 1 and "".join(found) == text
        assert not [line for line in found if unicodedata.category(line[0])[0] == "M"]


def test_arabic_and_hebrew_stay_in_logical_order() -> None:
    assert lines_of("سلام عليكم", 6) == ("سلام", "عليكم")
    assert lines_of("שלום BBC עולם", 9) == ("שלום", "BBC עולם")


@pytest.mark.parametrize("text", ["", "   ", "\n\t\u2003", "\x00\x01", "\u202e\u2066"])
def test_nothing_to_see_has_no_lines(text: str) -> None:
    assert lines_of(text, 5) == ()


def test_controls_and_double_spaces_go() -> None:
    assert lines_of(" a\x00b\n\n c\u202ed\ud800 ", 20) == ("ab cd",)


def test_the_largest_size_at_which_all_has_room_is_taken() -> None:
    text = "aaaa bbbb"
    faces = squares(text)
    assert fitted(text, 90, 20, (10, 8), faces) == (10, ("aaaa bbbb",))
    assert fitted(text, 80, 30, (10, 8), faces) == (10, ("aaaa", "bbbb"))
    assert fitted(text, 80, 20, (10, 8), faces) == (8, ("aaaa bbbb",))
    assert fitted(text, 80, 30, (8, 10), faces, most=1) == (8, ("aaaa bbbb",))
    assert fitted(text, 50, 10, (10, 8), faces) == (8, ("aaaa…",))


def test_five_thousand_characters_are_cut_soon() -> None:
    faces = faces_of()
    for text in ("word " * 1000, "x" * 5000, "(" * 5000, "e" + "\u0301" * 5000, "漢" * 5000):
        found = fitted(text, 1040, 400, (84, 64), faces, 4)
        assert 1 <= len(found.lines) <= 4
        assert all(faces.width_of(line, found.size) <= 1040 for line in found.lines)


@given(
    st.text("ab é-\u00ad国、「เก่ส\u0301(…\u200b1/", max_size=40),
    st.integers(1, 12),
    st.integers(1, 5),
)
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, columns: int, most: int) -> None:
    faces = squares(unicodedata.normalize("NFC", text))
    found = lines(text, columns * 10, 10, most, faces)
    wide = [line for line in found if faces.width_of(line, 10) > columns * 10]
    assert len(found) <= most
    assert not [line for line in wide if len(line) > 4]  # a cluster is never broken
    if not found or not found[-1].endswith("…"):
        assert letters("".join(found)) == letters(text)


def letters(text: str) -> str:
    """What of a text must be seen, but for hyphens, which may have been soft."""
    known = unicodedata.normalize("NFC", text)
    return "".join(one for one in known if one not in " -\u00ad\u200b")
