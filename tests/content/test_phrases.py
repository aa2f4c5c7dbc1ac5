"""Lines of text with Markdown in them: what is read, and what HTML is made, by both engines."""

import pytest

from generator.config import Engine, Extra
from generator.content.bounds import patience
from generator.content.phrases import read_phrase, with_addresses, with_whole_addresses
from generator.content.scan import Shape
from generator.workers import limited

ENGINES: tuple[Engine, ...] = ("markdown", "commonmark")
EXTRAS: tuple[Extra, ...] = ("emoji", "mark", "sub", "sup")


@pytest.fixture(params=ENGINES)
def shape(request: pytest.FixtureRequest) -> Shape:
    engine: Engine = request.param
    return Shape(engine, "en", True, 200, 3, extras=EXTRAS)


def markup_of(typed: str, shape: Shape) -> str:
    phrase = read_phrase(typed, shape).phrase
    return phrase.html if phrase else ""


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("*a* and __b__", "<em>a</em> and <strong>b</strong>"),
        ('`a -- "b"` -- c', '<code>a -- "b"</code> – c'),
        ("~~a~~ ==b== H~2~O x^2^", "<del>a</del> <mark>b</mark> H<sub>2</sub>O x<sup>2</sup>"),
        ("[a](https://e.org/?b=1&c)", '<a href="https://e.org/?b=1&amp;c">a</a>'),
        ("see https://e.org/a.", 'see <a href="https://e.org/a">https://e.org/a</a>.'),
        ("a@e.org", '<a href="mailto:a@e.org">a@e.org</a>'),
        ("[“a”](b.md 'It')", '<a \x020\x03 title="It">“a”</a>'),
    ],
)
def test_marks_in_a_line_are_html(shape: Shape, typed: str, html: str) -> None:
    assert markup_of(typed, shape) == html


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("*a* [b](c.md) `d` ~~e~~ :smile:", "a b d e 😄"),
        ("<b>a</b> & *c*", "<b>a</b> & c"),
        ("![A *boat*](boat.png)", "A boat"),
        (r"5 \* 3 \_a\_", "5 * 3 _a_"),
        ("AT&amp;T", "AT&T"),
        ("one\n*two*\n\nthree", "one two three"),
    ],
)
def test_the_words_are_those_that_are_read(shape: Shape, typed: str, words: str) -> None:
    read = read_phrase(typed, shape).words
    assert read.replace("*boat*", "boat") == words  # Python-Markdown leaves marks of an alt


@pytest.mark.parametrize(
    "typed",
    [
        *("# *a*", "- *a*", "1. *a*", "> *a*", "    *a*", "::: note *a*", "| *a* | b |"),
        *("[^1]: *a*", "*[A]: B", "{.x} *a*", "*a* {.x}", "[a]: b.md *c*", "<div> *a*", "---"),
        *("*a*\n===", "```\n*a*", "term *a*\n: b"),
    ],
)
def test_a_line_is_never_a_block(shape: Shape, typed: str) -> None:
    made = markup_of(typed, shape)
    assert not any(f"<{name}" in made for name in ("p", "h1", "li", "ul", "div", "pre", "td", "dl"))
    assert read_phrase(typed, shape).words.replace("*", "").split() == [
        word for word in typed.replace("*", "").split() if word
    ] or typed in ("---", "```\n*a*")  # which are a dash, and code


@pytest.mark.parametrize("typed", ['A "plain" line -- isn\'t it?', "5 > 3 & 2 < 4", "#1: 50 %"])
def test_a_plain_line_is_as_it_was(shape: Shape, typed: str) -> None:
    assert read_phrase(typed, shape).phrase is None


def test_no_html_comes_alive(shape: Shape) -> None:
    typed = "*a* <script>x</script> <img src=x onerror=y> [b](javascript:c) <a href='d'>e</a>"
    read = read_phrase(typed, shape)
    assert read.phrase is not None
    assert "<script" not in read.phrase.html
    assert "<img" not in read.phrase.html
    assert read.phrase.html.count("<a") == 1
    assert "javascript" not in read.phrase.html
    assert read.harmful == ("javascript:c",)


def test_addresses_go_where_they_were(shape: Shape) -> None:
    phrase = read_phrase("[a](b.md) *c* [d](e.md#f)", shape).phrase
    assert phrase is not None
    assert [reference.target for reference in phrase.references] == ["b.md", "e.md#f"]
    shown = with_addresses(phrase.html, ['href="/b/"', ""])
    assert shown == '<a href="/b/">a</a> <em>c</em> <a>d</a>'
    assert with_whole_addresses(shown, lambda url: f"https://e.org{url}") == (
        '<a href="https://e.org/b/">a</a> <em>c</em> <a>d</a>'
    )


def test_no_sign_is_read_that_is_no_character_of_a_page(shape: Shape) -> None:
    read = read_phrase("[a](b.md) &#2;0&#3; &#1; *c* &#x1f;", shape)
    assert read.words == "a 0 c"
    assert read.phrase is not None
    assert read.phrase.html.count("\x02") == 1


@pytest.mark.parametrize("part", ["*", "[", "`", "_a", "![", "<", "[a](", "~~", "\\"])
def test_a_long_line_takes_no_more_time_than_a_text(shape: Shape, part: str) -> None:
    typed = part * 2_000
    with limited(patience(len(typed))):
        read_phrase(typed, shape)
