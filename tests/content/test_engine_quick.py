"""The quick Python-Markdown gives the HTML of the stock one, byte for byte."""

import ast
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from textwrap import dedent
from typing import Any, cast
from xml.etree.ElementTree import Comment, Element, ProcessingInstruction, SubElement

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown import Markdown
from markdown.serializers import to_html_string

from generator.content.markdown.direct import direct_html
from generator.content.markdown.fast import quick_markdown
from generator.content.markdown.python_markdown import to_html

pytestmark = pytest.mark.long

EXTENSIONS = ("tables", "footnotes", "def_list", "fenced_code", "attr_list")
EXAMPLES = 2000 if os.environ.get("BROADSHEET_LONG") else 60
"""Documents made up in a run; set it higher for a long one."""

stock = Markdown(extensions=EXTENSIONS, output_format="html")
quick = quick_markdown(EXTENSIONS, {})


def html(converter: Markdown, document: str) -> str:
    """What a converter makes of a document, or the error that it stumbles over."""
    try:
        return converter.reset().convert(document)
    except Exception as error:  # whatever the stock one raises, the quick one is to raise too
        converter.parser.state.clear()
        return f"{type(error).__name__}: {error}"


def directly(document: str) -> str:
    """What comes of a document whose simple blocks never reach the converter, or the error."""
    try:
        return direct_html(document, lambda part: quick.reset().convert(part))
    except Exception as error:
        quick.parser.state.clear()
        return f"{type(error).__name__}: {error}"


def assert_same(document: str) -> None:
    expected = html(stock, document)
    assert html(quick, document) == expected
    assert directly(document) == expected


# ------------------------------------------------------------- Python-Markdown's own tests


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tests of the installed Python-Markdown, which only its source distribution holds."""
    folder = tmp_path_factory.mktemp("markdown")
    wanted = f"markdown=={version('markdown')}"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    done = subprocess.run(
        [*pip, "--no-binary", ":all:", wanted],
        capture_output=True,
        text=True,
        timeout=300,
    )
    archives = list(folder.glob("*.tar.gz"))
    if not archives:
        if os.environ.get("CI"):
            pytest.fail(f"{wanted} could not be fetched: {done.stderr}")
        pytest.skip(f"needs a registry that has the source of {wanted}")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder, filter="data")
    return next(folder.glob("*/tests"))


def test_the_documents_of_its_own_test_suite(suite: Path) -> None:
    documents = sorted(suite.rglob("*.txt"))
    assert len(documents) >= 90
    for file in documents:
        document = file.read_text(encoding="utf-8")
        assert html(quick, document) == html(stock, document), file.name
        assert directly(document) == html(stock, document), file.name


def literals(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield dedent(node.value)


def test_the_texts_written_out_in_its_own_test_suite(suite: Path) -> None:
    texts = {
        text for file in suite.rglob("*.py") for text in literals(file.read_text(encoding="utf-8"))
    }
    assert len(texts) >= 1_000
    for text in sorted(texts):
        assert_same(text)


# ------------------------------------------------------------------------------ the demo


def test_the_stories_of_the_demo(repository: Path) -> None:
    stories = sorted((repository / "content").rglob("*.md"))
    assert len(stories) >= 20
    for file in [*stories, repository / "README.md", repository / "CHANGELOG.md"]:
        document = file.read_text(encoding="utf-8")
        assert html(quick, document) == html(stock, document), file.name
        assert directly(document) == html(stock, document), file.name


# --------------------------------------------------------------------- what is unusual


def test_a_tree_of_any_depth_is_written_as_the_library_writes_it() -> None:
    for levels in (1, 50, 198, 199, 200, 201, 900, 5_000):
        root = deepest = Element("div")
        for _ in range(levels):
            deepest = SubElement(deepest, "em", {"title": "<&>"})
        deepest.text = "a & b"
        assert quick.serializer(root) == to_html_string(root)


@pytest.mark.parametrize("tag", ["script", "STYLE", "br", Comment, ProcessingInstruction, "x-y"])
@pytest.mark.parametrize("attributes", [{}, {"hidden": "hidden"}, {"alt": '"<&'}])
def test_an_element_of_any_kind_is_written_as_the_library_writes_it(
    tag: Any, attributes: dict[str, str]
) -> None:
    root = Element("div")
    element = tag("a < b") if callable(tag) else SubElement(root, tag, attributes)
    if callable(tag):
        root.append(element)
    element.text, element.tail = "a < b & c", "&"
    assert quick.serializer(root) == to_html_string(root)


def test_a_failure_of_the_serializer_is_not_passed_over() -> None:
    root = Element("p")
    root.text = cast(Any, 3)
    with pytest.raises(TypeError):
        quick.serializer(root)


# ------------------------------------------------------------------------- made-up texts


TOKENS = re.compile(r"\S+").findall(
    r"""
    ** __ *** ~~~ ``` [^1] [a] [b][a] ![a] ](/u) ]( ][ <b> </b> <div> </div> <br/> <!-- -->
    <? ?> <a@b.c> <http://e.x/_y_> &amp; &#38; &#x26; &#38 &x \* \` \\ {: {#i} {hidden} a é 漢
    &lt; &ſ; &a_b;
    """
)
MARKS = (
    *"*_`[](){}<>!#&;:|\\-+=~^'\".,0123",
    *TOKENS,
    *("[^1]: ", "[a]: /b\n", '](<u v> "t")', "\\\n", "{: .c }", "///Footnotes Go Here///"),
    *("    ", "  \n", "\n", "\n\n", "\n    ", "\t", "\r\n", "\n\n\n", "\u00a0", "\u2028", "\x0b"),
    *("\n- ", "\n* ", "\n1. ", "\n> ", "\n# ", "\n#", "\n:   ", "\n---\n", "\n===\n"),
    *("\n| a | b |\n", "|--|:-:|\n", "\n```py\n", "\n~~~\n", "b c", "word ", "Two words. ", " "),
    *("\x02", "\x03", "\x02klzzwxh:0000\x03", "\x02wzxhzdk:0\x03", "{: title='x' }"),
)
SINGLE = "".join(sorted({mark for mark in "".join(MARKS) if not mark.isalpha()} | {"a"}))
noise = st.lists(st.sampled_from(MARKS), max_size=60).map("".join)
phrase = st.one_of(
    st.sampled_from(["plain words", "snake_case", "a *b* c", "**b** _i_", "`code`", "x\\*y"]),
    st.sampled_from(
        ["[l](/u)", "[l](u 't')", "![i](p.png)", "[r][a]", "[a]", "n[^1]", "A&B", "&lt;B.C&gt;"]
    ),
    st.lists(st.sampled_from(MARKS), max_size=8).map("".join),
)
sentence = st.lists(phrase, min_size=1, max_size=6).map(" ".join)
lines = st.lists(sentence, min_size=1, max_size=4)
start = st.sampled_from(["#", "##", "-", "*", "1.", ">", ":", "    "])
block = st.one_of(
    sentence,
    sentence,
    lines.map("\n".join),
    st.builds("{} {}".format, start, sentence),
    lines.map(lambda items: "\n".join(f"- {item}" for item in items)),
    lines.map(lambda items: "\n".join(f"> {item}" for item in items)),
    st.builds("{}\n:   {}".format, sentence, sentence),
    st.builds("{} | b\n--|--:\n{} | {}".format, phrase, phrase, phrase),
    st.builds("| {} | b |\n|:-:|--:|\n| {} | {} |".format, phrase, phrase, phrase),
    st.builds("[^1]: {}\n\n    {}".format, sentence, sentence),
    st.builds("[a]: /url '{}'".format, phrase),
    st.builds("```\n{}\n```".format, sentence),
    st.builds("```py\n{}\n\n- {}\n\n\n```".format, sentence, sentence),
    st.builds("<div>\n{}\n</div>".format, sentence),
    st.builds("{}\n{{: #i .c k={} }}".format, sentence, st.sampled_from(["v", "'v w'", "k"])),
    st.builds("{}\n{}".format, sentence, st.sampled_from(["===", "---", "{.c}"])),
)
whole = st.lists(block, max_size=6).map("\n\n".join)
made_up = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


@made_up
@given(whole)
def test_texts_made_of_what_editors_write(document: str) -> None:
    assert_same(document)


@made_up
@given(noise)
def test_texts_made_of_marks_in_any_order(document: str) -> None:
    assert_same(document)


@made_up
@given(st.text(SINGLE, max_size=80))
def test_texts_made_of_single_marks(document: str) -> None:
    assert_same(document)


COMMENT = "<!-- -->"


@made_up
@given(whole)
def test_a_text_is_converted_alike_whether_or_not_html_stands_below(document: str) -> None:
    document = "First.\n\n" + re.sub("[<>&]|```|~~~|///", "", document).strip()
    alone = to_html(document, smart_quotes=True)
    below = to_html(f"{document}\n\n{COMMENT}", smart_quotes=True)
    assert re.sub(rf"\n*{COMMENT}\n*", "\n", below).strip() == alone
