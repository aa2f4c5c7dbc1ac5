"""HTML that is plain is looked at in a shorter way, which finds the same."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.content.html import Html, look_at

EXAMPLES = 20_000 if os.environ.get("BROADSHEET_LONG") else 300
COMMENT = "<!---->"
"""HTML that holds one is never looked at in the shorter way."""
DEEP = 300


def as_without(page: Html) -> Html:
    """Return what would be known of the HTML without the comment at its end."""
    source = page.source.removesuffix(COMMENT)
    tokens = [token for token in page.tokens if token.start < len(source)]
    ends = {element: min(end, len(tokens)) for element, end in page.ends.items()}
    return Html(source, tokens, page.elements, page.attributed, ends, page.flaws)


def assert_same(markup: str) -> None:
    alone, with_comment = look_at(markup), as_without(look_at(markup + COMMENT))
    unclosed = [flaw for flaw in with_comment.flaws if flaw.place == len(markup + COMMENT)]
    if not unclosed:
        assert alone == with_comment
    assert alone.tokens == with_comment.tokens


TEXTS = st.sampled_from(
    ["x", " ", "\n", "&lt;", ">", "'", '"', "<br>", '<img src="a.png">', "<hr>"]
)
ATTRIBUTES = st.sampled_from(
    [
        *([""] * 6),
        ' href="a"',
        ' class="b"',
        ' id="c" title="\'"',
        " hidden",
        ' style="text-align: right;"',
        ' style="display: none;"',
        ' title="d\n\ne"',
        ' alt="<b>"',
        " href=f",
        ' id="g" /',
    ]
)
NAMES = st.sampled_from(
    [
        *("a", "blockquote", "code", "div", "em", "h2", "h3", "li", "ol", "p", "pre", "strong"),
        *("sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
        *("abbr", "del", "mark", "sub"),
    ]
)
ELEMENT = "<{0}{1}>{2}</{0}>".format
TABLE = (
    "<table><thead><tr><th>x</th></tr></thead><tbody><tr><td{}>{}</td></tr></tbody></table>".format
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    some = st.lists(inner, max_size=3).map("".join)
    items = st.lists(some.map("<li>{}</li>".format), min_size=1, max_size=2).map("".join)
    return st.one_of(
        st.builds(ELEMENT, NAMES, ATTRIBUTES, some),
        st.builds(ELEMENT, st.sampled_from(["em", "p", "a"]), ATTRIBUTES, some),
        st.builds(ELEMENT, st.sampled_from(["ol", "ul"]), ATTRIBUTES, items),
        st.builds(TABLE, ATTRIBUTES, some),
    )


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.recursive(TEXTS, grown, max_leaves=8), max_size=4).map("".join))
def test_plain_html_is_looked_at_as_any_is(markup: str) -> None:
    assert_same(markup)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(
        st.one_of(
            TEXTS,
            st.builds("<{}{}>".format, NAMES, ATTRIBUTES),
            st.builds("</{}>".format, NAMES),
        ),
        max_size=12,
    ).map("".join)
)
def test_tags_in_any_order_are_looked_at_as_any_are(markup: str) -> None:
    assert_same(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "text",
        "<p>a <P>b",
        "<p><a href='x'><em>a</em></a></p>",
        '<a href="x"><em><a href="y">z</a></em></a>',
        "<li>a<li>b",
        "<p>a<blockquote>b</blockquote></p>",
        "<h2>a<h3>b</h3></h2>",
        "<em><p>a</p></em>",
        "</br><hr></hr>",
        "<td>a</td><tr><td>b</td></tr>",
        "<em>" * DEEP + "</em>" * DEEP,
        "<blockquote>" * DEEP + "</blockquote>" * DEEP,
        "<p>a < b</p>",
        '<p title="a>b">c</p>',
    ],
)
def test_html_that_is_nearly_plain_is_looked_at_as_any_is(markup: str) -> None:
    assert_same(markup)
