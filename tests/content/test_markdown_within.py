"""Markdown within blocks of HTML, by both engines alike."""

import re

import pytest

from generator.config import Engine, RawHtml
from generator.content.prose import convert
from generator.content.scan import Shape
from support.sites import SETTINGS, SmallSite, words

ENGINES: tuple[Engine, ...] = ("markdown", "commonmark")


def shown(body: str, engine: Engine, raw_html: RawHtml = True) -> str:
    """The HTML of a body in one line, without white space beside tags that stand alone."""
    shape = Shape(engine, "en", smart_quotes=False, excerpt=9, promo_after=99, raw_html=raw_html)
    prose, _, _, _ = convert(body, 1, shape)
    page = " ".join((prose.opening + prose.rest).split())
    return re.sub(" \x02[0-9]+\x03|\x06[0-9]+[\x07\x08]", "", page).replace("> <", "><")


READINGS = {
    '<div class="a" markdown="1">\n**b**\n\n- c\n- d\n</div>': (
        '<div class="a"><p><strong>b</strong></p><ul><li>c</li><li>d</li></ul></div>'
    ),
    '<div markdown="1">\r\n- a\r\n</div>': "<div><ul><li>a</li></ul></div>",
    "<section markdown>one *line*</section>": "<section><p>one <em>line</em></p></section>",
    '<p markdown="1">**a** _b_  \nc\n- d</p>': ("<p><strong>a</strong><em>b</em><br> c - d</p>"),
    '<ul>\n<li markdown="block">\na\n\nb\n</li>\n</ul>': "<ul><li><p>a</p><p>b</p></li></ul>",
    '<table>\n<tr><td markdown="1">*a*</td><td>*b*</td><td markdown="1">c</td></tr>\n</table>': (
        '<div class="table" role="group" tabindex="0"><table><tr><td><em>a</em></td><td>*b*</td>'
        "<td>c</td></tr></table></div>"
    ),
    '<div markdown="span">\n*a*\n</div>': "<div><em>a</em></div>",
    '<div markdown="1">\n<div markdown="1">\n*a*\n</div>\n*b*\n</div>\n\n*c*': (
        "<div><div><p><em>a</em></p></div><p><em>b</em></p></div><p><em>c</em></p>"
    ),
    '<div markdown="1">\n    <div markdown="1">\n    *a*\n    </div>\n    *b*\n</div>': (
        "<div><div><p><em>a</em></p></div><p><em>b</em></p></div>"
    ),
    '<section>\n<div markdown="1">\n*a*\n</div>\n<p>*b*</p>\n</section>': (
        "<section><div><p><em>a</em></p></div><p>*b*</p></section>"
    ),
    '<div markdown="1">\n<p>*a*</p>\n\n*b*\n</div>': "<div><p>*a*</p><p><em>b</em></p></div>",
    '<figure markdown="span">\n![a](/b.png)\n<figcaption>*c*</figcaption>\n</figure>': (
        '<figure><img alt="a"><figcaption><em>c</em></figcaption></figure>'
    ),
    '<div markdown="1">\n```\n</div>\n```\n`</div>` <https://e.x>\n</div>': (
        '<div><pre tabindex="0"><code>&lt;/div&gt; </code></pre><p><code>&lt;/div&gt;</code>'
        '<a href="https://e.x">https://e.x</a></p></div>'
    ),
    '<div markdown="0">\n*a*\n</div>': "<div> *a* </div>",
    '<pre markdown="1">*a*</pre>': '<pre tabindex="0">*a*</pre>',
    '<pre>\n<div markdown="1">*a*</div>\n</pre>': ('<pre tabindex="0"><div>*a*</div></pre>'),
    '<section markdown="0">\n<div markdown="1">*a*</div>\n</section>': (
        "<section><div>*a*</div></section>"
    ),
    'a <span markdown="1">*b*</span> c': "<p>a <span><em>b</em></span> c</p>",
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("body", "html"), READINGS.items())
def test_markdown_works_within(body: str, html: str, engine: Engine) -> None:
    assert shown(body, engine) == html


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "body",
    [
        '<div markdown="1">\n*a*',
        'a <div markdown="1">*b*</div>',
        '> <div markdown="1">\n> *a*\n> </div>',
        "- <section markdown=block>\n  *a*\n  </section>",
        '<DIV markdown="1">\n</section>\n*a*',
    ],
)
def test_the_attribute_never_reaches_readers(body: str, engine: Engine) -> None:
    assert "markdown" not in shown(body, engine)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "body",
    [
        '`<div markdown="1">*a*</div>`',
        '```\n<div markdown="1">\n*a*\n</div>\n```',
        '    <div markdown="1">\n    *a*\n    </div>',
        '`a\n<i markdown="1">` *b*',
    ],
)
def test_in_code_it_is_code(body: str, engine: Engine) -> None:
    assert 'markdown="1"&gt;' in shown(body, engine).replace("&quot;", '"')


@pytest.mark.parametrize("engine", ENGINES)
def test_labels_and_notes_are_those_of_the_whole_text(engine: Engine) -> None:
    body = 'a[^1]\n\n<div markdown="1">\n[b][c] d[^2]\n\n[^2]: Two\n</div>\n\n[^1]: One\n\n[c]: /u'
    page = shown(body, engine)
    assert '<div><p><a>b</a> d<sup id="fnref:2">' in page
    assert page.count('<li id="fn:') == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_where_html_is_text_the_attribute_is_text_too(engine: Engine) -> None:
    assert "&lt;div markdown=" in shown('<div markdown="1">\n*a*\n</div>', engine, raw_html=False)


def test_an_extension_that_reads_it_is_left_alone(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + '[markdown]\nextensions = ["md_in_html"]\n'})
    site.article("a", '<div markdown="1">\n*b*\n</div>')
    site.build()
    assert words(site.page("/2026/06/a/"), ".prose div em") == "b"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "body",
    [
        '<div markdown="1">\n' * 50_000,
        '<div markdown="1">\n' * 20_000 + "</div>\n" * 20_000,
        '<div markdown="1">\n**a**\n</div>\n' * 2_000,
        "<table>\n" + '<tr><td markdown="1">*a*</td></tr>\n' * 2_000 + "</table>",
        "<a markdown " * 20_000,
        '<div markdown="1">' + "".join("`" * (n % 200) + " " for n in range(2_000)) + "</div>",
    ],
    ids=["open", "deep", "many", "cells", "unended", "ticks"],
)
def test_endless_html_ends(body: str, engine: Engine) -> None:
    assert shown(body, engine) is not None
