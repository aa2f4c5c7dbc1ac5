"""Blocks that are written for others: what stands in them is words, whatever it looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from generator.collect.block_text import in_markdown, written_block
from generator.content.block_arguments import Argument, BlockKind, read_block
from generator.content.blocks import mark_blocks
from support.sites import SmallSite

KIND = BlockKind("embed", (Argument("url", first=True), Argument("title"), Argument("by")))
HARMLESS = [
    "# no heading",
    "- no item",
    "+ nor this",
    "1. nor that",
    "1) either",
    "12.5 million",
    "> no quotation",
    "::: note",
    ":::",
    ": no definition",
    "!!! warning",
    "===",
    "---",
    "***",
    "```",
    "~~~",
    "*no* _emphasis_ **at** __all__ ~~here~~ ==or== ^there^ $x$",
    "`no code` [no](link) ![no](picture.png) [^1] [TOC]",
    "<b>no</b> <script>alert(1)</script> <!-- nothing",
    "{.no} {: #attributes } {{ or }} {% code %}",
    "AT&T &amp; &copy; &#65;",
    r"a \* backslash \\ and \_",
    "| a | b |",
    "*[HTML]: nothing",
    "[x]: https://example.org/",
    "10:30 :smile: a:b",
    "+1 from me",
    "2 > 1 < 3",
]


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_words_are_shown_as_they_are(site: SmallSite, engine: str) -> None:
    settings = f'title = "T"\nurl = "https://p.example/"\n[markdown]\nengine = "{engine}"\n'
    site.write({"site.toml": settings + "smart_quotes = false\n"})
    every = [*HARMLESS, "\n".join(HARMLESS)]
    for number, text in enumerate(every):
        site.article(f"s{number}", f"BEGIN\n\n{in_markdown(text)}\n\nEND")
    site.build()
    for number, text in enumerate(every):
        paragraphs = site.page(f"/2026/06/s{number}/").cssselect(".prose p")
        assert [p.text_content() for p in paragraphs] == ["BEGIN", text, "END"], text


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_addresses_in_words_are_links(site: SmallSite, engine: str) -> None:
    site.write(
        {"site.toml": f'title = "T"\nurl = "https://p.example/"\nmarkdown.engine = "{engine}"\n'}
    )
    site.article("s", in_markdown("See https://e.example/a_b_c*d?e=f&g=h (and http://e.example/)."))
    site.build()
    (paragraph,) = site.page("/2026/06/s/").cssselect(".prose p")
    assert paragraph.text_content().startswith("See https://e.example/a_b_c*d?e=f&g=h (and http")
    links = [link.get("href") for link in paragraph.cssselect("a")]
    assert links == ["https://e.example/a_b_c*d?e=f&g=h", "http://e.example/"]


@given(
    some.text(some.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1),
    some.text(some.sampled_from("\"'\\ =:[]{}a\n"), min_size=1),
)
def test_arguments_are_read_as_they_were_given(title: str, by: str) -> None:
    url = "https://example.org/a?b=c&d='e'"
    block = written_block("embed", url, {"title": title, "by": by}, "Words.")
    marked = mark_blocks(block, 1)
    (read,) = marked.blocks
    said = read_block(read, {"embed": KIND})
    assert (read.is_closed, said.wrong, marked.problems) == (True, (), [])
    wanted = {"url": url, "title": " ".join(title.split()), "by": " ".join(by.split())}
    assert said.values == {name: value for name, value in wanted.items() if value}


@given(some.text(some.sampled_from("\n :`~*_#-+=1.)a[]<>{}!\\"), max_size=40))
def test_no_words_end_their_block(words: str) -> None:
    block = written_block("embed", "https://example.org/", {}, words.strip() or "x")
    (read,) = mark_blocks(block, 1).blocks
    assert read.is_closed
    assert not mark_blocks(block, 1).problems


def test_a_block_without_words_is_one_line() -> None:
    block = written_block("embed", "https://example.org/", {"title": "T", "by": ""}, "")
    assert block == '::: embed https://example.org/ title="T" :::\n'
