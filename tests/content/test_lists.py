"""Where lists begin and what is in an item: as CommonMark has it where a site wants that."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.commands.start import make_site
from generator.config import Engine, ListRules, load_settings
from generator.content.markdown.extensions import MarkdownExtension
from generator.content.markdown.python_markdown import extended_html, to_html
from generator.content.prose import convert
from generator.content.scan import Shape
from support.sites import SETTINGS, SmallSite, refused

COMMON = SETTINGS + '[markdown]\nlists = "common"\n'
_BLOCK = r"</?(?:p|[uod]l|li|d[td]|blockquote|h\d|pre|div|hr|table|thead|tbody|tr|t[dh])\b[^>]*>"


def html(body: str, engine: Engine, lists: ListRules) -> str:
    """The HTML of a body, without the white space beside its blocks."""
    shape = Shape(engine, "en", smart_quotes=False, excerpt=200, promo_after=99, lists=lists)
    prose, _, _, wrong = convert(body, 1, shape)
    assert not wrong
    shown = " ".join((prose.opening + prose.rest).split())
    return re.sub(rf" ?({_BLOCK}) ?", r"\1", shown)


def common(body: str) -> str:
    return html(body, "markdown", "common")


READINGS = {
    "Text\n- a\n- b": "<p>Text</p><ul><li>a</li><li>b</li></ul>",
    "Text\n1. a\n2. b": "<p>Text</p><ol><li>a</li><li>b</li></ol>",
    "Text\n1) a": "<p>Text</p><ol><li>a</li></ol>",
    "In the year\n1986. It was": "<p>In the year 1986. It was</p>",
    "Text\n-": '<h2 id="text">Text</h2>',
    "Text\n    - a": "<p>Text - a</p>",
    "- a\n  - b\n  - c\n- d": "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>",
    "1. a\n   - b\n2. c": "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>",
    "1. a\n  - b": "<ol><li>a</li></ol><ul><li>b</li></ul>",
    "10. a\n    - b\n11. c": '<ol start="10"><li>a<ul><li>b</li></ul></li><li>c</li></ol>',
    "- a\n    - b\n        - c": "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li></ul>",
    "-\ta\n\t- b": "<ul><li>a<ul><li>b</li></ul></li></ul>",
    "- a\n* b": "<ul><li>a</li></ul><ul><li>b</li></ul>",
    "1. a\n1) b": "<ol><li>a</li></ol><ol><li>b</li></ol>",
    "- a\n- b\n\n  c": "<ul><li><p>a</p></li><li><p>b</p><p>c</p></li></ul>",
    "- a\n  - b\n\n    c\n- d": "<ul><li>a<ul><li><p>b</p><p>c</p></li></ul></li><li>d</li></ul>",
    "- a\nlazy\n- b": "<ul><li>a lazy</li><li>b</li></ul>",
    "> Text\n> - a\n>   - b": (
        "<blockquote><p>Text</p><ul><li>a<ul><li>b</li></ul></li></ul></blockquote>"
    ),
    "> a\n- b": "<blockquote><p>a</p></blockquote><ul><li>b</li></ul>",
    "- > a\n  > b\n- c": "<ul><li><blockquote><p>a b</p></blockquote></li><li>c</li></ul>",
    "a | b\n--|--\n1 | 2\n- c": (
        '<div class="table" role="group" tabindex="0"><table><thead><tr><th>a</th><th>b</th></tr>'
        "</thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table></div><ul><li>c</li></ul>"
    ),
    "- a\n  ```\n  - b\n\n  c\n  ```\n- d": (
        '<ul><li>a<pre tabindex="0"><code>- b c </code></pre></li><li>d</li></ul>'
    ),
    "1. a\n   - b\n     ```\n     c\n     ```\n   - d": (
        '<ol><li>a<ul><li>b<pre tabindex="0"><code>c </code></pre></li><li>d</li></ul></li></ol>'
    ),
    "```\nText\n- a\n```\n- b": (
        '<pre tabindex="0"><code>Text - a </code></pre><ul><li>b</li></ul>'
    ),
    "- a\n\n  <div>x</div>\n\n  b\n- c": (
        "<ul><li><p>a</p><div>x</div><p>b</p></li><li><p>c</p></li></ul>"
    ),
    "- a\n\n      code\n\n      more": (
        '<ul><li><p>a</p><pre tabindex="0"><code>code more </code></pre></li></ul>'
    ),
    "- a\n\n    ## B\n\n    c": '<ul><li><p>a</p><h2 id="b">B</h2><p>c</p></li></ul>',
    "- a\n-\n- b": "<ul><li>a</li><li></li><li>b</li></ul>",
    "-\n\n  a": "<ul><li></li></ul><p>a</p>",
    "0. a": '<ol start="0"><li>a</li></ol>',
    "- a\n---\n- b": "<ul><li>a</li></ul><hr><ul><li>b</li></ul>",
    "- - a\n  - b\n- c": "<ul><li><ul><li>a</li><li>b</li></ul></li><li>c</li></ul>",
    "term\n:   a\n\n    - b\n      - c": (
        "<dl><dt>term</dt><dd><p>a</p><ul><li>b<ul><li>c</li></ul></li></ul></dd></dl>"
    ),
}


@pytest.mark.parametrize(("body", "shown"), READINGS.items())
def test_lists_are_read_as_commonmark_has_them(body: str, shown: str) -> None:
    assert common(body) == shown


@pytest.mark.parametrize("body", READINGS)
def test_the_other_engine_reads_so_whatever_the_setting_is(body: str) -> None:
    assert html(body, "commonmark", "classic") == html(body, "commonmark", "common")
    assert html(body, "commonmark", "common") == common(body)


PIECES = (
    *("- ", "* ", "1. ", "2. ", "1) ", "10. ", "> ", "  ", "   ", "    ", "\n", "\n\n", "-", "---"),
    *("a", "# b", "**c**", "`d`", "[e](u)", "```\n", "| f |", "\n|---|\n", "{.g}", "[^1]: ", ": "),
    *("<div>", "</div>", "<b>", "&amp;"),
)
HARMLESS = (MarkdownExtension("legacy_attrs", "{}", ""),)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=18).map("".join))
def test_the_short_ways_read_them_as_the_long_way_does(body: str) -> None:
    quickly = to_html(body, smart_quotes=True, lists="common")
    assert quickly == extended_html(body, True, extensions=HARMLESS, lists="common")


def test_lists_in_notes() -> None:
    shown = common("a[^1]\n\n[^1]: b\n    - c\n      - d\n")
    assert "<ul><li>c<ul><li>d</li></ul></li></ul>" in shown


@pytest.mark.parametrize(
    "body",
    ["- " * 20_000 + "a", "- a\n" * 20_000, "Text\n- a\n\n" * 10_000, "1) 2) " * 10_000],
    ids=["deep", "long", "many", "numbers"],
)
def test_endless_lists_end(body: str) -> None:
    shape = Shape("markdown", "en", smart_quotes=False, excerpt=9, promo_after=9, lists="common")
    prose, _, _, wrong = convert(body, 1, shape)
    assert bool(prose.opening) != bool(wrong)


def test_a_site_that_does_not_say_reads_them_as_before(site: SmallSite) -> None:
    site.article("a", "Text\n- a\n  - b\n")
    site.build()
    assert not site.page("/2026/06/a/").cssselect(".prose ul")
    site.write({"site.toml": COMMON})
    assert site.build().converted == 1
    assert len(site.page("/2026/06/a/").cssselect(".prose ul")) == 2


def test_a_new_site_reads_them_as_commonmark_does(tmp_path: Path) -> None:
    make_site(tmp_path / "new", "en", lambda: "https://paper.example/")
    written, _ = load_settings(tmp_path / "new")
    assert written
    assert written.markdown.lists == "common"


def test_a_rule_that_there_is_not(built: SmallSite) -> None:
    built.write({"site.toml": COMMON.replace('"common"', '"commun"')})
    assert refused(built) == [
        'site.toml:4: markdown.lists: "commun" is none of common, classic; did you mean "common"?'
    ]
