"""Front matter: what is typed for a text is that text, and each line is known.

Simple YAML is read without YAML, and means the same.
"""

from datetime import UTC, datetime
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yaml import BaseLoader, load

from generator.content.front_matter import Document, parse
from generator.content.front_matter.rows import simple
from generator.errors import Problem
from support.front_matter import opened, told, yaml
from support.sites import SmallSite, words

SIMPLE = r"""
title: "Talks \"resume\": a summit # in Geneva"
date: 2026-03-31T08:00:00+02:00
author: Ann O'Neill, in Zürich
tags: ["Law, and order", Space/Moon, 3rd Party]
aliases: []
""".strip("\n")


def test_texts_and_lists_of_texts_are_simple() -> None:
    assert simple(SIMPLE) == {
        "title": 'Talks "resume": a summit # in Geneva',
        "date": "2026-03-31T08:00:00+02:00",
        "author": "Ann O'Neill, in Zürich",
        "tags": ["Law, and order", "Space/Moon", "3rd Party"],
        "aliases": [],
    }
    assert simple(SIMPLE) == load(SIMPLE, BaseLoader)


@pytest.mark.parametrize(
    "row",
    [
        "featured: 1",
        "draft: yes",
        "slug: ~",
        "tags: [A, 2]",
        "tags: [A, [B]]",
        "yes: A",
        "kicker:",
        "kicker: a: b",
        "kicker: a #b",
        "kicker: a ",
        "kicker: |",
        "kicker: *a",
        "kicker: 'A'",
        '"kicker": A',
        '- "A"',
        'kicker: "A',
        'kicker: "A\\n"',
        "kicker: A\n  B",
        "kicker: A\u2028B",
        "kicker: A\nkicker: A",
        "extra:\n  kicker: A",
    ],
)
def test_anything_else_is_left_to_yaml(row: str) -> None:
    assert simple(row) is None
    assert simple(f"{SIMPLE}\n{row}") is None


SIGNS = [*"\"\\:#,[]{}&*!|>%@`'?=. \n\t\u2028\x85\ufeff", ": ", " #", ", ", '\\"', "...", "---"]
WORDS = ["a", "é", "٣", "𝟙", "0", "1", "0x1f", "1e3", "1.5", "12:30", "2026-03-31", "1_000"]
WORDS += ["9:11", "0700", "3.10", "0b1", ".5", "Null", "~", "<<", "=", "2026-03-31 8:00"]
WORDS += ["yes", "No", "null", "true", "off"]
SCALAR = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(WORDS),
        st.sampled_from(["", " ", "-", ":", "_"]),
        st.sampled_from([*WORDS, ""]),
        st.sampled_from(["", "", "", *SIGNS]),
        st.sampled_from([*WORDS, ""]),
    ),
)
QUOTED = SCALAR.map('"{}"'.format)
LIST = st.lists(SCALAR | QUOTED, max_size=3).map(", ".join).map("[{}]".format)
ROW = st.builds("{}: {}".format, st.sampled_from("abcdé1") | SCALAR, SCALAR | QUOTED | LIST)


@settings(max_examples=800, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=2).map("\n".join))
def test_what_is_simple_means_what_it_means_in_yaml(matter: str) -> None:
    fields = simple(matter)
    if fields is not None:  # about one in four
        by_yaml = parse(f"---\n{matter}\n# so it is not simple\n---\n", "a.md")
        assert not isinstance(by_yaml, Problem)
        assert fields == by_yaml.fields


# --------------------------------------------------------------- text is what was typed


AS_TYPED = [
    *("9:11", "12:30:45", "007", "0700", "3.10", "1_000", "0x1F", "0b11", "1e5", "1.5e+3", ".5"),
    *("+1", "-0", "1.", "yes", "NO", "On", "off", "True", "Null", "NULL", "2026-01-01", ".inf"),
    *("-.INF", ".nan", "=", "<<", "2026-01-01 08:00:00", "9" * 5_000, "0x_", "A#b", "a&b*c!d"),
]


@pytest.mark.parametrize("typed", AS_TYPED)
def test_a_text_in_yaml_is_what_was_typed(typed: str) -> None:
    fields = f"kicker: {typed}\ntags:\n  - {typed}\nimage: {{src: a.png, alt: {typed}}}\npromo: 'x'"
    matter, problems = opened(yaml(fields))
    assert problems == []
    assert (matter.kicker, matter.tags, matter.image.alt) == (typed, (typed,), typed)


@pytest.mark.parametrize("typed", ["3.10", "1_000", "0x1F", "0o17", "1e5", "-0.0", "inf", "nan"])
@pytest.mark.parametrize("more", ["", " # a = 1"])
def test_a_text_in_toml_is_what_was_typed(typed: str, more: str) -> None:
    fields = f'tags = ["a = 2 # b",{more}\n{typed}, {typed}{more}\n]\n3.14 = "a name"'
    matter, problems = opened(f"+++\ntitle = {typed}{more}\ndate = 2026-06-01\n{fields}\n+++\n")
    assert [(p.severity, p.line) for p in problems] == [("warning", 7)]
    assert (matter.title, matter.tags) == (typed, ("a = 2 # b", typed, typed))


@pytest.mark.parametrize(
    "typed", ["2026-01-01", "2026-01-01 08:00:00", "2026-01-01T08:00:00.50Z", "08:00:00", "true"]
)
def test_dates_times_and_booleans_of_toml_are_text_where_text_belongs(typed: str) -> None:
    assert opened(f"+++\ntitle = {typed}\ndate = 2026-06-01\n+++\n")[0].title == typed


@pytest.mark.parametrize("typed", ["3.10", "1e5", "1E400", "-0", "9" * 5_000, "true", "NaN"])
def test_a_text_in_json_is_what_was_typed(typed: str) -> None:
    matter, problems = opened(f'{{"title": {typed}, "date": "2026-06-01", "tags": [{typed}, "b"]}}')
    assert problems == []
    assert (matter.title, matter.tags) == (typed, (typed, "b"))


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_nothing_is_absent_and_null_a_surname(nothing: str) -> None:
    assert told(yaml(f"title: {nothing}")) == ["error 3: title is missing; add `title`"]
    assert opened(yaml(f"kicker: {nothing}"))[0].kicker == ""
    assert opened(yaml("author: Null"))[0].author == "Null"


def test_what_is_no_text_stays_what_it_is() -> None:
    fields = """
        featured: 1_0
        comments: no
        promo: off
        expires: 2027-01-01
        extra: {price: 3.10, hex: 0x1F, big: 1_000, seen: yes, none: ~, day: 2026-01-01, of: [1, a]}
        """
    matter, problems = opened(yaml(dedent(fields).strip()))
    assert problems == []
    assert (matter.featured, matter.comments, matter.promo) == (10, False, False)
    assert matter.expires == datetime(2027, 1, 1, tzinfo=UTC)
    assert matter.extra == {
        "price": 3.1,
        "hex": 31,
        "big": 1000,
        "seen": True,
        "none": None,
        "day": "2026-01-01",
        "of": [1, "a"],
    }


def test_numbers_that_are_none_are_text_for_layouts_too() -> None:
    extra = "{kickoff: 20:30, postcode: 01067, most: .inf}"
    assert opened(yaml(f"extra: {extra}"))[0].extra == {
        "kickoff": "20:30",
        "postcode": "01067",
        "most": ".inf",
    }


def test_what_is_typed_stands_on_the_page_and_in_the_cache(site: SmallSite) -> None:
    site.article("a", title="3.10", tags="[0700, NO]", extra="{n: 3.10}")
    site.write({"layouts/article.html": "{{ story.title }} {{ story.extra.n + 1 }}"})
    for _ in range(2):
        assert site.warnings() == []
        assert site.text("/2026/06/a/") == "3.10 4.1"
        site.write({"layouts/tags.html": "none"})
    assert (site.public / "tags/0700/index.html").exists()


BLANKS = ["\u00a0", "\u202f", "\u2009", "\u3000", "\u2003"]


@pytest.mark.parametrize("blank", BLANKS)
def test_a_blank_that_was_typed_on_purpose_is_kept(blank: str) -> None:
    typed = f'"{blank} 10{blank}km \\t of\\n  road {blank}"'
    matter, problems = opened(yaml(f"title: {typed}\nsummary: {typed}\ntags: [{typed}]"))
    assert problems == []
    assert {matter.title, matter.summary, *matter.tags} == {f"10{blank}km of road"}
    assert told(yaml(f'title: "{blank}"')) == ["error 3: title is empty; fill in `title`"]


# ------------------------------------------------------------------------------ JSON


WHOLE = '{"title": "A <b>", "date": "2026-06-01", "image": {"src": "a.png", "alt": "b"}}'


@pytest.mark.parametrize(
    "matter",
    [
        WHOLE,
        WHOLE.replace("{", "{  "),
        WHOLE.replace("{", "\n{\n").lstrip(),
        WHOLE.replace("{", "{\n\n").replace("}", "\n\n}"),
        WHOLE.replace("}", "\n}"),
        WHOLE.replace(", ", "\r\n, "),
        WHOLE.replace(", ", "\t,\t"),
    ],
)
@pytest.mark.parametrize("between", ["", " ", "\n", "\n\n", "\n \n"])
@pytest.mark.parametrize("body", ["Text.", "{% x %}", "}", ""])
def test_json_ends_where_a_decoder_says(matter: str, between: str, body: str) -> None:
    text = matter.replace("<b>", "{b}") + between + body
    document = parse(text.replace("\r\n", "\n"), "a.md")
    assert isinstance(document, Document)
    assert (document.fields["title"], document.body) == ("A {b}", body)
    found, problems = opened(text)
    assert problems == []
    assert found.image.alt == "b"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ macro }}\n", "there is no front matter"),
        ("{.lead}\nText", "there is no front matter"),
        ("{% include x %}", "there is no front matter"),
        ("{title: A}\n\nText", "broken JSON: expecting property name enclosed in double quotes"),
        ("{'title': 'A'}", "broken JSON: expecting property name enclosed in double quotes"),
        ('{"title": A}', "broken JSON: expecting value"),
        ('{"title": "A"', "the front matter never ends"),
        ('{"title": "A\nB"}', "broken JSON: invalid control character"),
        ("{", "the front matter never ends"),
    ],
)
def test_what_only_begins_like_json_is_told(text: str, message: str) -> None:
    (problem,) = opened(text)[1]
    assert (problem.line, problem.what) == (1, message)
    assert problem.remedy


# ----------------------------------------------------------------------------- lines


LINES = {
    "yaml": """

        ---
        # the title
        title: >
          date: 3
          image: 4

        date: 2026-06-01
        "image":
            alt: b
            src: [c]
        corrections:
          - {date: 2026-06-01, text: a}
          - text: date
            date: soon
        authors: [a,
          {b: c}]
        mood: x
        ---
        """,
    "toml": '''

        +++
        # the title
        title = """
        date = 3
        [image]"""

        date = 2026-06-01
        authors = ["a = [",
          ["b"]]
        mood = {title = "x"}
        [ "image" ]
        alt = "b # c"
        src = ["c"]
        [[corrections]]
        date = 2026-06-01
        text = "a"
        [[corrections]]
        text = "date"
        date = "soon"
        +++
        ''',
    "json": """

        {
        "title": "date",

        "date": "2026-06-01", "image":
        {"alt": "corrections",
        "src": ["c"]}, "corrections": [
          {"date": "2026-06-01", "text": "\\"date\\": 1"},
          {"text": "date",
        "date":
            "soon"}],
        "authors": ["a",
        ["b"]],
        "mood": 1}
        """,
}


@pytest.mark.parametrize("form", LINES)
def test_each_mistake_is_told_with_its_line(form: str) -> None:
    text = dedent(LINES[form]).replace("\n\n\n", "\n\n")
    rows = text.split("\n")
    signs = {
        "mood": "mood",
        "image.src": "src",
        "corrections[2].date": {"json": '"date":'}.get(form, "soon"),
        "authors[2]": {"yaml": "{b: c}"}.get(form, '["b"]'),
    }
    found = {name: p.line for name in signs for p in opened(text)[1] if name in p.what}
    assert found == {
        name: max(line for line, row in enumerate(rows, 1) if sign in row)
        for name, sign in signs.items()
    }


def test_lines_are_counted_as_editors_count_them() -> None:
    assert told(yaml('kicker: "a\u2028b\u0085c"\nmood: x'))[0].startswith("warning 5: `mood`")
    assert told("\ufeff\ufeff\r\n---\rtitle: A\r\ndate: 2026-06-01\rmood: x\r\n---\r\n") == [
        "warning 5: `mood` has no meaning here; take it out, or put it below `extra`"
    ]


def test_a_body_may_begin_with_an_indented_line(site: SmallSite) -> None:
    site.article("a", "    code()\n\nText.")
    site.build()
    assert words(site.page("/2026/06/a/"), ".prose pre") == "code()"
