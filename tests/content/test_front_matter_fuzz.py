"""Front matter at random: never a traceback, and never silence about a loss.

With `BROADSHEET_LONG=1` in the environment it tries some ten thousand texts, not some hundred.
"""

import json
import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from generator.model import Kind
from generator.schema import CONTROL
from support.front_matter import opened

LONG_RUN = bool(os.environ.get("BROADSHEET_LONG"))
some = settings(max_examples=20_000 if LONG_RUN else 150, deadline=None)

SIGNS = [
    *("#", " #", "  # ", "\t#", ": ", ":", "- ", "? ", "&", "&a ", "*", "*a", "!", "! ", "!!str "),
    *("!!int ", "!!binary ", "!!timestamp ", "|", ">", "|+1", "'", '"', "''", "[", "]", "{", "}"),
    *(
        ", ",
        ",",
        "@",
        "`",
        "%",
        "=",
        "<<",
        "<<: ",
        "~",
        "...",
        "---",
        "+++",
        "\\",
        "\\n",
        "\\u0041",
    ),
    *("\n", "\n  ", "\n\t", "\n- ", "\r", "\r\n", " ", "  ", "\u00a0", "\u2028", "\x85", "\ufeff"),
    *("\x00", "\x07", "\x7f", "\x80", "\ud800", "\ufffe", "\u200b", '"""', "'''", "//", "/*"),
]
WORDS = [
    *("A", "b c", "Ünï", "日本", "42", "3.10", "007", "0x1F", "1_000", "1e5", "9:11", "2026-06-15"),
    *("2026-06-15 20.30", "20:30", "yes", "No", "null", "Null", "true", ".inf", "nan", "9" * 5_000),
]
NAMES = [
    *("title", "date", "author", "authors", "tags", "image", "source", "corrections", "related"),
    *("draft", "Draft", "published", "expires", "status", "extra", "promo", "featured", "slug"),
    *("aliases", "lastmod", "categories", "cover", "name", "url", "label", "follow", "photo"),
]
PIECES = st.sampled_from(SIGNS) | st.sampled_from(WORDS) | st.text(max_size=3)
NOISE = st.lists(PIECES, max_size=8).map("".join)
KINDS: list[Kind] = ["articles", "authors", "terms", "pages", "promos"]


def row(name: str, sign: str, value: str) -> str:
    return f"{name}{sign}{value}"


YAML = st.lists(st.builds(row, st.sampled_from(NAMES) | NOISE, st.just(": "), NOISE), max_size=5)
TOML = st.lists(st.builds(row, st.sampled_from(NAMES) | NOISE, st.just(" = "), NOISE), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | NOISE,
    lambda held: st.lists(held, max_size=3) | st.dictionaries(st.sampled_from(NAMES), held),
    max_leaves=8,
)
FRAMES = st.sampled_from(
    ["---\n{}\n---\n{}", "+++\n{}\n+++\n{}", "{{{}}}{}", "{{\n{}\n}}\n{}", "---\n{}{}", "{}{}"]
)


def told_well(text: str, kind: Kind) -> None:
    """What is wrong with a text is told, each with a line of it and in words."""
    matter, problems = opened(text, kind)
    assert matter is not None or problems
    rows = len(re.split("\r\n|\r|\n", text))
    for problem in problems:
        assert 1 <= problem.line <= rows
        assert problem.what
        assert str(problem).isprintable()


@pytest.mark.long
@some
@given(FRAMES, (YAML | TOML).map("\n".join), NOISE, st.sampled_from(KINDS))
def test_any_text_is_read_or_told(frame: str, fields: str, body: str, kind: Kind) -> None:
    told_well(frame.format(fields, body), kind)


@pytest.mark.long
@some
@given(st.dictionaries(st.sampled_from(NAMES), VALUES), st.booleans(), st.sampled_from(KINDS))
def test_any_value_is_read_or_told(fields: object, as_yaml: bool, kind: Kind) -> None:
    written = json.dumps(fields, indent=1 if as_yaml else None)
    told_well(f"---\n{written}\n---\n" if as_yaml else written, kind)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def clean(text: str) -> str:
    """A text as it is read: its line ends are plain, and what no page can carry is dropped."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return CONTROL.sub("", re.sub(r"(?<=[^\n])[\x0b\x0c]+(?=[^\n])", " ", plain))


PLACES: dict[str, Callable[[Any], str]] = {
    "title: {}": lambda matter: matter.title,
    "kicker:   {}": lambda matter: matter.kicker,
    "summary:\n  {}": lambda matter: matter.summary,
    "author: {}": lambda matter: " ".join(matter.names),
    "authors:\n- {}": lambda matter: " ".join(matter.names),
    "tags: [{}]": lambda matter: " ".join(matter.tags),
    "tags:\n  - {}": lambda matter: " ".join(matter.tags),
    "tags: [a, {}\n  ]": lambda matter: " ".join(matter.tags).removeprefix("a"),
    "image:\n  src: a.png\n  alt: {}": lambda matter: matter.image.alt if matter.image else "",
    "extra:\n  n: X {}": lambda matter: str(matter.extra.get("n", "")).removeprefix("X"),
}
PLAIN = [piece for piece in (*SIGNS, *WORDS) if "\\" not in piece and piece != "null"]
BARE = st.lists(st.sampled_from(PLAIN), max_size=5)


@some
@given(st.sampled_from(sorted(PLACES)), BARE.map("".join))
def test_each_word_of_yaml_is_part_of_its_field_or_told_of(place: str, typed: str) -> None:
    # An anchor, a tag of YAML's own, the head of a block, the text: these are no words of a field.
    typed = clean(typed)
    assume(
        not re.search(r"!!|[|>][+-]?\d|[&*]a|^---", typed, flags=re.MULTILINE)
        and typed.strip() not in ("null", "~")
    )
    own = "" if place.startswith("title") else "title: A\n"
    matter, problems = opened(f"---\n{own}date: 2026-06-01\n{place.format(typed)}\n---\n")
    if not problems:
        meant = r"(?:  |\t)#+(?:[ \t].*|$)|^[ \t]*#.*"  # as a comment
        kept = words(re.sub(meant, "", f"  {typed}", flags=re.MULTILINE))
        found = iter(words(PLACES[place](matter)))
        assert all(word in found for word in kept)


@some
@given((st.text(max_size=20) | NOISE).map(clean))
def test_each_letter_in_quotes_is_part_of_its_field_or_told_of(text: str) -> None:
    quoted = json.dumps(text, ensure_ascii=False)
    quoted = re.sub("[\x7f-\x9f\u2028\u2029\ufeff]", lambda c: f"\\u{ord(c[0]):04x}", quoted)
    folded = re.sub("[ \t\n\r\x0b\x0c\x85\u2028\u2029]+", " ", text).strip()
    for written in (
        f"---\ndate: 2026-06-01\ntitle: {quoted}\n---\n",
        f"---\ndate: 2026-06-01\ntitle: '{text.replace(chr(39), chr(39) * 2)}'\n---\n",
        f"+++\ndate = 2026-06-01\ntitle = {quoted}\n+++\n",
        f'{{"date": "2026-06-01", "title": {quoted}}}',
    ):
        matter, problems = opened(written)
        assert problems or matter.title == folded


NUMBERS = st.from_regex(r"[-+]?[0-9_]{1,4}(\.[0-9_]{1,3})?([eE][-+]?[0-9]{1,2})?", fullmatch=True)


@pytest.mark.long
@some
@given(NUMBERS | st.from_regex(r"0[xob][0-9a-f_]{1,4}", fullmatch=True) | st.sampled_from(WORDS))
def test_each_sign_of_a_number_is_part_of_a_text_or_told_of(typed: str) -> None:
    assume(typed not in ("null", "~"))
    for written in (
        f"---\ndate: 2026-06-01\ntitle: {typed}\ntags: [{typed}]\n---\n",
        f"+++\ndate = 2026-06-01\ntitle = {typed}\ntags = [{typed}]\n+++\n",
        f'{{"date": "2026-06-01", "title": {typed}, "tags": [{typed}]}}',
    ):
        matter, problems = opened(written)
        assert problems or (matter.title, matter.tags) == (typed, (typed,))


HIDDEN = ["draft", "hidden", "private", "unlisted", "unpublished"]


@some
@given(st.sampled_from(HIDDEN), st.data())
def test_no_spelling_of_a_field_that_hides_is_open(name: str, data: st.DataObject) -> None:
    spelled = data.draw(
        st.tuples(
            st.sampled_from(["", "is_", "is", "post-", "page ", "_"]),
            st.tuples(*(st.sampled_from([letter, letter.upper()]) for letter in name)).map("".join),
            st.sampled_from(["", " ", "_", "-", "\u00a0"]),
        ).map("".join)
    )
    assume(spelled != "draft")
    matter, problems = opened(f'---\ntitle: A\ndate: 2026-06-01\n"{spelled}": true\n---\n')
    assert matter is None
    assert [problem.line for problem in problems] == [4]


@pytest.mark.parametrize("name", ["draft", "expires"])
@some
@given(data=st.data())
def test_no_slip_of_a_key_leaves_a_text_open(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 2))
    swapped = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    slip = data.draw(st.sampled_from([swapped, name[:place] + name[place + 1 :], name + name[-1]]))
    assume(slip != name)
    value = {"draft": "true", "expires": "2027-01-01"}[name]
    assume(slip.casefold() not in ("raft", "daft"))  # words in their own right
    assert opened(f"---\ntitle: A\ndate: 2026-06-01\n{slip}: {value}\n---\n")[0] is None
