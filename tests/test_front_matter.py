"""Front matter: simple YAML is read without YAML, and means the same."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import Problem
from generator.read.frontmatter import parse, simple

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
    assert simple(SIMPLE) == yaml.load(SIMPLE, yaml.BaseLoader)


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
