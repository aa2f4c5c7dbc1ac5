"""Attribute lists right below quotations, lists, tables and pictures, by both engines alike."""

import re

import pytest

from generator.config import Engine
from generator.content.prose import convert
from generator.content.scan import Shape

ENGINES: tuple[Engine, ...] = ("markdown", "commonmark")


def shown(body: str, engine: Engine) -> str:
    shape = Shape(engine, "en", smart_quotes=False, excerpt=9, promo_after=99, lists="common")
    prose, _, _, _ = convert(body, 1, shape)
    page = " ".join((prose.opening + prose.rest).split())
    page = re.sub(" \x02[0-9]+\x03|\x06[0-9]+[\x07\x08]", "", page)
    return re.sub(r" ?(</?(?:p|[uo]l|li|blockquote|figure)\b[^>]*>) ?", r"\1", page)


READINGS = {
    "> a\n{.pull}": '<blockquote class="pull"><p>a</p></blockquote>',
    "> a\r\n{.pull}\r\n": '<blockquote class="pull"><p>a</p></blockquote>',
    "> a\n> {.pull}": '<blockquote><p class="pull">a</p></blockquote>',
    "> a\n{: .b #c lang=de }\n\nd": (
        '<blockquote class="b" id="c" lang="de"><p>a</p></blockquote><p>d</p>'
    ),
    "- a\n- b\n{.c}": '<ul class="c"><li>a</li><li>b</li></ul>',
    "- a\n- b\n  {.c}": '<ul><li>a</li><li class="c">b</li></ul>',
    "- a\n  - b\n  {.c}\n{.d}": '<ul class="d"><li>a<ul class="c"><li>b</li></ul></li></ul>',
    "1. a\n\n2. b\n{.c}": '<ol class="c"><li><p>a</p></li><li><p>b</p></li></ol>',
    "- > a\n  {.b}\n- c": '<ul><li><blockquote class="b"><p>a</p></blockquote></li><li>c</li></ul>',
    "> - a\n> {.b}": '<blockquote><ul class="b"><li>a</li></ul></blockquote>',
    "> > a\n> {.b}\n{.c}": (
        '<blockquote class="c"><blockquote class="b"><p>a</p></blockquote></blockquote>'
    ),
    "> # A\n{.b}": '<blockquote class="b"><h2 id="a">A</h2></blockquote>',
    "- ```\n  a\n  ```\n{.b}": (
        '<ul class="b"><li><pre tabindex="0"><code>a </code></pre></li></ul>'
    ),
    '![a](/b.png "C")\n{.wide}': (
        '<figure class="wide"><img alt="a"><figcaption>C</figcaption></figure>'
    ),
    "![a](/b.png)\n![c](/d.png)\n{.wide}": (
        '<figure class="wide"><img alt="a"> <img alt="c"></figure>'
    ),
    "![a](/b.png){.wide}": '<figure><img alt="a" class="wide"></figure>',
    "a\n{.b}": '<p class="b">a</p>',
    "> a\n{.b}\nc": "<blockquote><p>a {.b} c</p></blockquote>",
    "> a\n{citation needed}": "<blockquote><p>a {citation needed}</p></blockquote>",
    "- a\n{n=30}": "<ul><li>a {n=30}</li></ul>",
    "- a\n\n{.b}": "<ul><li>a</li></ul><p>{.b}</p>",
    "```\n> a\n{.b}\n```": '<pre tabindex="0"><code>&gt; a {.b} </code></pre>',
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("body", "html"), READINGS.items())
def test_a_list_right_below_a_block_is_that_blocks(body: str, html: str, engine: Engine) -> None:
    assert shown(body, engine) == html


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "table",
    ["| a | b |\n|---|---|\n| 1 | 2 |\n{.wide}", "a | b\n--|--\n1 | 2\n{: .wide}\n\nc"],
)
def test_a_list_right_below_a_table_is_the_tables(table: str, engine: Engine) -> None:
    page = shown(table, engine)
    assert page.startswith('<div class="table" role="group" tabindex="0"><table class="wide">')
    assert page.count("<tr>") == 2
    assert "{" not in page


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "body",
    [
        "> a\n{.b}\n\n" * 5_000,
        "- a\n" + "{.b}\n" * 5_000,
        "> " * 2_000 + "a\n{.b}\n",
        "\n{" + "a=b " * 20_000 + "}",
        "> a\n{.b" + " " * 20_000 + ".c\n",
    ],
    ids=["many", "lines", "deep", "items", "spaces"],
)
def test_endless_lists_end(body: str, engine: Engine) -> None:
    assert shown(body, engine) is not None
