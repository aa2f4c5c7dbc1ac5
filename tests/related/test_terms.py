"""The terms of a story: its words, names and headline, in any language, and its sketch."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import stop_words
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.terms import KINDS, SKETCH, Kind, Terms, number_of, spellings, terms_of

PADDING = " ".join(f"pad{number}" for number in range(40))
"""Words that fill the lead, so that what follows counts once."""


def found(terms: Terms) -> dict[int, int]:
    """The counts by the terms' numbers."""
    return dict(zip(np.frombuffer(terms.ids, "<u4").tolist(), terms.counts, strict=True))


def count(kind: Kind, spelling: str, text: str, language: str = "en", headline: str = "") -> int:
    """How often a story says a term; 0 if never."""
    return found(terms_of(headline, text, language)).get(number_of(kind, spelling), 0)


def kinds(text: str, language: str = "en", headline: str = "") -> set[int]:
    return {number & 7 for number in found(terms_of(headline, text, language))}


def names(text: str, language: str = "en") -> set[str]:
    """The names in a text as they are spelled."""
    spelled = spellings("", text, language)
    said = found(terms_of("", text, language))
    return {spelled[number] for number in said if spelled[number].count(" ")}


# -------------------------------------------------------------------------- languages


@pytest.mark.parametrize(
    ("language", "text", "stem"),
    [
        ("en", "Elections electing elected", "elect"),
        ("en-GB", "ELECTIONS, elections; (election)", "elect"),
        ("de", "Häuser Haus Hauses", "haus"),
        ("de-AT", "HÄUSER „Häuser“ Häusern", "haus"),
        ("fr", "L'économie l’économie d'économies", "économ"),
        ("es", "elecciones elección ELECCIONES", "eleccion"),
        ("ru", "выборы выборов выборам", "выбор"),
        ("nb", "husene husets huset", "hus"),
        ("no", "husene husets huset", "hus"),
        ("nn", "husene husets huset", "hus"),
    ],
)
def test_the_forms_of_a_word_are_one_term(language: str, text: str, stem: str) -> None:
    assert count("word", stem, f"{PADDING} {text}", language) == 3


def test_a_language_in_capitals_is_the_same_language() -> None:
    assert terms_of("", "Häuser und Straßen", "DE") == terms_of("", "Häuser und Straßen", "de")


@pytest.mark.parametrize("language", ["xx", "tlh", "", "xx-YY"])
def test_in_an_unknown_language_words_are_taken_as_they_are(language: str) -> None:
    assert count("word", "elections", "Elections", language) == 2
    assert kinds("The elections", language) == {0}


@pytest.mark.parametrize("language", ["zh", "zh-TW", "zh-Hant-TW", "ja", "xx"])
def test_chinese_and_japanese_count_by_pairs_of_characters(language: str) -> None:
    text = "経済新聞"
    assert [count("word", pair, text, language) for pair in ("経済", "済新", "新聞")] == [2, 2, 2]
    assert count("word", text, text, language) == 0


def test_korean_counts_by_pairs_of_characters() -> None:
    assert count("word", "경제", "경제는 경제를", "ko") == 4
    assert count("word", "는 경", "경제는 경제를", "ko") == 0


def test_a_single_chinese_character_says_something() -> None:
    assert count("word", "猫", "「猫」", "zh") == 2


def test_thai_counts_by_triples_that_keep_their_vowel_marks() -> None:
    found = spellings("", "กี่ปี", "th")
    assert sorted(set(found.values())) == sorted({"กี่", "ี่ป", "่ปี"})


@pytest.mark.parametrize(("language", "word"), [("hi", "हिन्दी"), ("ta", "செய்தி"), ("bn", "বাংলা")])
def test_a_word_with_combining_vowel_marks_is_one_word(language: str, word: str) -> None:
    assert set(spellings("", word, language).values()) == {word}


def test_words_beside_characters_without_spaces_stay_whole() -> None:
    assert count("word", "python", "使用python编程", "zh") == 2
    assert count("word", "编程", "使用python编程", "zh") == 2


def test_compounds_and_addresses_are_one_word() -> None:
    for word in ("covid-19", "example.org"):
        assert count("word", word, f"See {word}.", "xx") == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The end. Then", {"the", "end", "then"}),
        ("wait...what", {"wait", "what"}),
        ("yes--no -maybe- . - --", {"yes", "no", "maybe"}),
        ("U.S.-led ab.-cd", {"u.s", "led", "ab", "cd"}),
        ("snake_case <em>don’t</em>", {"snake", "case", "em", "don"}),
        ("“Yes”—she «said»…no", {"yes", "she", "said", "no"}),
    ],
)
@pytest.mark.parametrize("beside", ["", " é", " ſ", " ж", " \ud800"])
def test_what_parts_words_is_the_same_beside_any_letters(
    text: str, words: set[str], beside: str
) -> None:
    """Beside a single letter, which itself says nothing, or half a surrogate pair."""
    spelled = spellings("", text + beside, "xx")
    assert {spelled[number] for number in found(terms_of("", text + beside, "xx"))} == words


def test_letters_and_their_accents_may_be_written_apart() -> None:
    for together, apart in (("ÉCONOMIE", "e\u0301conomie"), ("Ångström", "A\u030angstro\u0308m")):
        assert terms_of("", together, "fr") == terms_of("", apart, "fr")


# -------------------------------------------------------------------- words and headlines


def test_numbers_and_single_letters_say_nothing() -> None:
    assert found(terms_of("7", "1984 3.5 2nd x y 12-year ٣", "en")) == {}


def test_stop_words_are_of_a_kind_of_their_own() -> None:
    assert count("stop", "the", "The the") == 4
    assert count("word", "the", "The the") == 0
    assert count("stop", "und", "Hund und Katz", "de") == 2


def test_months_and_days_are_stop_words() -> None:
    assert kinds("Monday, June, Tuesdays") == {KINDS.index("stop"), KINDS.index("word")}
    assert kinds("Montag im Juni", "de") == kinds("星期一，六月", "zh") == {KINDS.index("stop")}


def test_the_lead_counts_twice() -> None:
    text = " ".join(f"w{number}" for number in range(80))
    assert [count("word", f"w{place}", text) for place in (0, 39, 40, 79)] == [2, 2, 1, 1]


def test_a_word_of_the_headline_is_a_word_and_a_term_of_its_own() -> None:
    text = f"{PADDING} elections"
    assert count("word", "elect", text, headline="Elections") == 2
    assert count("headline", "elect", text, headline="Elections, elections") == 1
    assert count("headline", "the", text, headline="The elections") == 0
    assert count("headline", "elect", text) == 0


def test_a_count_goes_up_to_255() -> None:
    assert count("word", "elect", "election " * 1000) == 255


def test_the_words_used_most_are_kept_and_of_equals_the_first() -> None:
    text = f"{PADDING} {' '.join(f'w{number}' for number in range(300))} w299"
    kept = [number for number in range(300) if count("word", f"w{number}", text)]
    assert kept == [*range(256 - 40 - 1), 299]


def test_of_stop_words_a_quarter_as_many_are_kept() -> None:
    stops = sorted(word for word in stop_words.get_stop_words("en") if word.isalpha())
    said = [word for word in stops if count("stop", word, word)]
    text = f"{PADDING} {' '.join(f'w{number}' for number in range(300))} {' '.join(said)}"
    assert [word for word in said if count("stop", word, text)] == said[:64]


def test_words_that_were_forgotten_are_worked_out_again() -> None:
    text = "Elections in Rome: the elections... and then what"
    before = terms_of("Rome", text, "xx")
    many = terms_of("", " ".join(f"w{number:x}" for number in range(300_000)), "xx")
    assert len(many.ids) // 4 == 256
    assert terms_of("Rome", text, "xx") == before


@pytest.mark.parametrize(("headline", "text"), [("", ""), (" ", "\n"), ("—", "… !"), ("7", "8")])
def test_a_story_may_say_nothing(headline: str, text: str) -> None:
    for language in ("en", "zh", "xx"):
        assert found(terms_of(headline, text, language)) == {}
        spellings(headline, text, language)


# ------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("when Angela Merkel spoke", {"Angela Merkel"}),
        ("in the Bank of England and", {"Bank of England"}),
        ("by Charles de Gaulle himself", {"Charles de Gaulle"}),
        ("a Jean-Luc Picard film", {"Jean-Luc Picard"}),
        ("says Conan O'Brien today", {"Conan O'Brien"}),
        ("The European Commission", {"European Commission"}),
        ("But the Dow rose. Then it fell", set()),
        ("Merkel met Macron", set()),
        ("He met Merkel. Macron left", set()),
        ("angela merkel", set()),
        ("Apollo 11 and Covid 19", set()),
    ],
)
def test_a_name_is_a_run_of_capitalised_words(text: str, expected: set[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Die Grünen und Olaf Scholz übergaben", {"Olaf Scholz"}),
        ("fr", "Emmanuel Macron était à Paris", {"Emmanuel Macron"}),
        ("ru", "что Владимир Путин прибыл в город", {"Владимир Путин"}),
        ("ko", "문재인 대통령은 서울에서 말했다", set()),
        ("cs", "Petr Pavel šel domů", {"Petr Pavel"}),
    ],
)
def test_a_small_letter_begins_no_name_in_any_language(
    language: str, text: str, expected: set[str]
) -> None:
    assert names(text, language) == expected


def test_a_name_counts_each_time_in_whatever_letters() -> None:
    text = "for Ada Lovelace, of ADA LOVELACE, by Ada Lovelace"
    assert count("name", "ada lovelace", text) == 3


def test_a_name_is_found_whatever_stands_around_it() -> None:
    for text in ("(Ada Lovelace)", "“Ada Lovelace”", "Ada Lovelace:", "with Ada Lovelace."):
        assert names(text) == {"Ada Lovelace"}


# -------------------------------------------------------------------- numbers and spellings


def test_the_kind_stands_in_the_last_bits_of_a_number() -> None:
    numbers = [number_of(kind, "moon") for kind in KINDS]
    assert [number & 7 for number in numbers] == [0, 1, 2, 3, 4]
    assert len({number >> 3 for number in numbers}) == 1
    assert all(0 <= number < 1 << 32 for number in numbers)


WORDS = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
TYPED = st.lists(
    st.sampled_from(
        ["rain", "sun", "u.s", "end...then", "-", "7up", "x", "9", "well-known.", "“a’b”"]
    )
    | st.integers(0, 400).map("word{}".format),
    max_size=900,
).map(" ".join)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(TYPED)
def test_words_are_counted_as_in_a_list_of_all(text: str) -> None:
    told = [word for word in WORDS.findall(text) if len(word) > 1 and not word[0].isdigit()]
    lead = WORDS.findall(text)[:40]
    all_told = Counter([*told, *(word for word in lead if word in set(told))])
    numbers = {number_of("word", word): min(255, n) for word, n in all_told.most_common(256)}
    assert found(terms_of("", text, "xx")) == numbers


def test_every_term_of_a_story_has_a_spelling() -> None:
    headline, text = "The elections of Rome", "Ada Lovelace spoke about the elections. 選挙の結果"
    for language in ("en", "ja", "xx"):
        said = found(terms_of(headline, text, language))
        assert said.keys() <= spellings(headline, text, language).keys()
    spelled = spellings("", "for ELECTIONS by Ada Lovelace", "en")
    assert spelled[number_of("word", "elect")] == "elections"
    assert spelled[number_of("name", "ada lovelace")] == "Ada Lovelace"


def test_terms_are_the_same_in_any_process(repository: Path) -> None:
    headline, text = "Elections in Rome", "Ada Lovelace said: the elections, l'économie. 選挙 " * 90
    program = (
        "import sys; from generator.terms import terms_of; t = terms_of(*sys.argv[1:]);"
        "print((t.ids + t.counts + t.sketch).hex())"
    )
    here = terms_of(headline, text, "en")
    for seed in ("0", "1", "2"):
        printed = subprocess.run(
            [sys.executable, "-c", program, headline, text, "en"],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(repository)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        assert printed.strip() == (here.ids + here.counts + here.sketch).hex()


def test_a_long_text_has_no_more_terms_than_a_page_of_it() -> None:
    terms = terms_of("Headline", " ".join(f"w{number}" for number in range(100_000)), "en")
    assert len(terms.ids) // 4 == 256 + 1
    assert len(terms.sketch) == SKETCH * 4
    assert found(terms).keys() >= {number_of("word", f"w{number}") for number in range(40)}


def test_a_sketch_holds_the_text_and_not_the_headline() -> None:
    text = " ".join(f"w{number}" for number in range(30))
    terms = terms_of("One", text, "en")
    sketch = np.frombuffer(terms.sketch, "<u4")
    assert len(sketch) == 30 - 5 + 1
    assert (np.diff(sketch.astype(np.int64)) > 0).all()
    assert terms_of("Two", text.upper(), "en").sketch == terms.sketch
    assert terms_of("One", text[::-1], "en").sketch != terms.sketch
