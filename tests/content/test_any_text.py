"""Whatever stands in a text: no traceback, nothing lost in silence, and the page stays whole."""

import os
import re
from collections.abc import Iterator
from itertools import count
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from generator.config import Engine
from generator.content.prose import Converted, convert
from generator.content.scan import Shape
from generator.errors import is_error

ENGINES: tuple[Engine, ...] = "markdown", "commonmark"
TRIES = settings(
    deadline=None,
    max_examples=20_000 if os.environ.get("BROADSHEET_LONG") else 150,
    suppress_health_check=list(HealthCheck),
)

SEEN, UNSEEN = "SEEN", "UNSEEN"
"""Stand for words: those that readers are to see, and those that no reader is."""

WHOLE = (
    "SEEN", "*SEEN*", "**SEEN** SEEN", "[SEEN](https://e.example/)", "`SEEN`", "# SEEN",
    "### SEEN", "> SEEN", "> SEEN\n>\n> SEEN", "- SEEN\n- SEEN", "1. SEEN\n\n   SEEN",
    "\n\n```\nSEEN\n```\n\n", "| SEEN | SEEN |\n|---|---|\n| SEEN | SEEN |\n\nSEEN",
    "SEEN\n:   SEEN", "<!-- UNSEEN -->", "<!--\n<p>UNSEEN</p>\n\nUNSEEN\n-->",
    "SEEN <!-- UNSEEN --> SEEN", "<script>\nif (a < b) { x = \"<h2>UNSEEN</h2>\" }\n</script>",
    "<style>\np > UNSEEN { }\n</style>", "<template>\n<p>UNSEEN</p>\n</template>",
    "<noscript><p>UNSEEN</p></noscript>", "<div hidden>\n<p>UNSEEN</p>\n</div>",
    "<p hidden>UNSEEN</p>", "<div>\n\nSEEN\n\n</div>", "<div>SEEN</div>",
    "<details>\n<summary>SEEN</summary>\n\nSEEN\n\n</details>",
    "<figure><img src=\"a.png\" alt=\"a > b\"><figcaption><p>SEEN</p></figcaption></figure>",
    "<table>\n<tr><td>SEEN<td>SEEN\n</table>", "<a name=\"x\"/>SEEN",
    "<ul><li>SEEN<li>SEEN</ul>", "SEEN<br>SEEN<br/>SEEN", "<P CLASS=a>SEEN</P>",
    "SEEN < SEEN > SEEN & SEEN", "\\<!-- SEEN", "&lt;script&gt; SEEN", "`<!-- SEEN`",
    "`<script>` SEEN", "![](https://e.example/a.png)",
)  # fmt: skip
BROKEN = (
    "<p>SEEN</p", "</p", "<!--", "<!-- SEEN", "<script>", "<script", "<style>", "<textarea>",
    "<title>", "<template>", "<div>", "<div", "</div>", "</div", "<a href=\"x", "</a>",
    "<a href=\"x>SEEN</a> \"", "<b>", "</b>", "<table>", "<td>", "</table>", "<svg>",
    "<svg><path/>", "<math>", "<iframe>", "<select>", "<option>", "<plaintext>", "<xmp>",
    "<noscript>", "</article>", "</main>", "<article>", "<details>", "<blockquote>", "<ul>",
    "<li>", "<![CDATA[", "]]>", "<?php", "<!X", "<h2>", "</h3>", "<x-y>", "</x-y>", "<", ">",
    "&", "\\", "`", "```\n", "~~~\n", "*", "_", "[", "](", "![", "|", ":   ", "{", "{: .a }",
    "[^2]", "\x0e", "\x02", "&#0;", "&#xD800;", "\u200b", "e\u0301", "<p hidden", "hidden>", "=",
    "'", "\"", "<div/>", "<br", "<img src=x", "<form>", "<button>", "</body>", "</html>",
    "<object>", "<video>", "<em>", "<span>", "<script><!--<script>", "<SCRIPT>",
)  # fmt: skip
JOINS = st.sampled_from(("\n\n", "\n", " ", "", "\n\n> ", "\n- "))


def spelled(body: str) -> tuple[str, list[str], list[str]]:
    """The body with a word of its own in each place; the words to be seen, and those not."""
    numbers, words = count(1000), {SEEN: list[str](), UNSEEN: list[str]()}

    def word(match: re.Match[str]) -> str:
        words[match[0]].append(f"{'zq' if match[0] == SEEN else 'xk'}{next(numbers)}")
        return words[match[0]][-1]

    return re.sub("UNSEEN|SEEN", word, body), words[SEEN], words[UNSEEN]


def bodies(pieces: tuple[str, ...], most: int) -> st.SearchStrategy[str]:
    parts = st.lists(st.tuples(st.sampled_from(pieces), JOINS), min_size=1, max_size=most)
    return parts.map(lambda found: "".join(piece + join for piece, join in found))


def converted(body: str, engine: Engine) -> Converted:
    shape = Shape(engine, "en", smart_quotes=True, excerpt=200, promo_after=2)
    made = convert(body, 5, shape)
    lines = range(5, 6 + body.count("\n"))
    assert all(problem.line in lines for problem in made.problems), made.problems
    return made


def page_of(made: Converted) -> Element:
    """A page with the text and, in it, a promo, as browsers understand it."""
    opening, rest = (
        re.sub("\x02\\d+\x03", 'href="/"', half) for half in (made.prose.opening, made.prose.rest)
    )
    page = (
        f"<!doctype html><body><main><article><div id=text>{opening}<aside id=promo></aside>{rest}"
        "</div><p id=after></p></article></main><p id=last></p>"
    )
    tree: Element = html5lib.parse(
        page, treebuilder="etree", namespaceHTMLElements=False, scripting=True
    )
    return tree


def places(page: Element) -> dict[str, list[str]]:
    """Which elements that stand around the text each of those around it is in."""
    holders = {child: parent for parent in page.iter() for child in parent}

    def around(element: Element) -> Iterator[str]:
        while element in holders:
            element = holders[element]
            yield element.tag

    names = "promo", "after", "last"
    return {e.get("id", ""): list(around(e)) for e in page.iter() if e.get("id") in names}


def seen_in(element: Element) -> str:
    """What readers see of an element."""
    if (
        element.tag in ("script", "style", "template", "noscript")
        or element.get("hidden") is not None
    ):
        return element.tail or ""
    if not isinstance(element.tag, str):  # a comment
        return element.tail or ""
    inner = "".join(map(seen_in, element))
    return f"{element.text or ''}{inner}{element.tail or ''}"


WHERE = {
    "promo": ["div", "article", "main", "body", "html"],
    "after": ["article", "main", "body", "html"],
    "last": ["body", "html"],
}


@pytest.mark.parametrize("engine", ENGINES)
@TRIES
@given(body=bodies((*WHOLE, *BROKEN), 8))
def test_nothing_is_lost_in_silence_and_no_page_breaks(engine: Engine, body: str) -> None:
    body, seen, unseen = spelled(body)
    made = converted(body, engine)
    if any(map(is_error, made.problems)):
        return
    page = page_of(made)
    if "<template" not in body:  # html5lib knows none
        assert places(page) == WHERE
    if not made.problems:
        shown = seen_in(page)
        assert [word for word in seen if word not in shown] == []
        code = "".join("".join(e.itertext()) for e in page.iter("code"))
        hidden = [word for word in unseen if word not in code]
        assert [word for word in hidden if word in made.text] == []
        assert [word for word in hidden if word in made.body.excerpt] == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("body", WHOLE)
def test_what_is_whole_is_not_complained_of(engine: Engine, body: str) -> None:
    assert converted(spelled(f"One.\n\n{body}\n\nTwo.")[0], engine).problems == []


@pytest.mark.parametrize("engine", ENGINES)
@TRIES
@given(body=st.text())
@example("<p>x</p")
@example("> " * 300 + "a")
@example("[" * 1000)
@example("*a " * 500)
@example("<div>" * 500)
@example("- " * 500 + "a")
def test_no_text_ends_in_a_traceback(engine: Engine, body: str) -> None:
    converted(body, engine)
