"""What a text would lose on its way to readers is a warning, with its line, in both engines."""

import re

import pytest
from conftest import SETTINGS, SmallSite, words
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.config import Engine
from generator.read.engine import engine
from generator.read.lint import lint

ENGINES: tuple[Engine, ...] = ("markdown", "commonmark")
NO_LINE = "add that line, or mend the label"
NO_NOTE = "add it, or mend the label"
TWICE = "take out one of the two, or give it another label"
NOT_SHOWN = "the rest is not shown: add cells to the head, or write `\\|` for a sign"
NO_TAG = "if it is text, write `&lt;` for `<`"


def found(body: str, name: Engine) -> list[str]:
    return [
        f"{problem.line}: {problem.what}; {problem.remedy}"
        for problem in lint(body, 1, "a.md", name)
    ]


WRONG = {
    "Text\n\n```py\na\n\nb": ['3: this fenced code never ends; close it with a line "```"'],
    "> ~~~~ ini title\n> a\n\nb": ['1: this fenced code never ends; close it with a line "~~~~"'],
    "- a\n\n  ```\n  b\n\nc": ['3: this fenced code never ends; close it with a line "```"'],
    "a\n[words][label] b": [
        f"2: `[words][label]` leads nowhere: there is no line `[label]: address`; {NO_LINE}"
    ],
    "[`a` *b*\nc][]": [
        f"1: `[`a` *b* c][]` leads nowhere: there is no line `[`a` *b* c]: address`; {NO_LINE}"
    ],
    "é ![`z` y][über]\n\n[uber]: /u": [
        f"1: `![`z` y][über]` leads nowhere: there is no line `[über]: address`; {NO_LINE}"
    ],
    "- a\n- > [b][c]": [f"2: `[b][c]` leads nowhere: there is no line `[c]: address`; {NO_LINE}"],
    "| [a][b] |\n|---|": [f"1: `[a][b]` leads nowhere: there is no line `[b]: address`; {NO_LINE}"],
    "a[^x] b[^y]\n\n[^y]: c[^z]": [
        f"1: there is no note `[^x]: …`; {NO_NOTE}",
        f"3: there is no note `[^z]: …`; {NO_NOTE}",
    ],
    "[a] [A]\n\n[a]: /u\n[A]: /v\n[a]: /u": [
        f"4: `[A]` has another address already, which counts; {TWICE}"
    ],
    "a[^1]\n\n[^1]: b\n[^1]: c": [
        f"4: there is another note `[^1]` already, and this one is not shown; {TWICE}"
    ],
    "[Ann]: Yes.\n[Bob]: No.\n\nText": [
        f"{line}: `{said}` is taken for the address of a link, and not shown;"
        " if it is text, put a backslash before `[`"
        for line, said in enumerate(("[Ann]: Yes.", "[Bob]: No."), 1)
    ],
    "a\n[b]: c\n\n[d][b]": [
        f"4: `[d][b]` leads nowhere: there is no line `[b]: address`; {NO_LINE}"
    ],
    "a | b\n--|--\nc | d | e\nf\ng | h | | ": [
        f"3: this row has 3 cells, the head of its table 2; {NOT_SHOWN}"
    ],
    "Hello <your name>, <b>a</b> <your name>\n\n<T>\n\nb": [
        f"1: `<your name>` is taken for HTML, and readers do not see it; {NO_TAG}",
        f"3: `<T>` is taken for HTML, and readers do not see it; {NO_TAG}",
    ],
}


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("body", WRONG)
def test_what_readers_would_miss_is_a_warning(body: str, name: Engine) -> None:
    assert found(body, name) == WRONG[body]


RIGHT = {
    "plain brackets": "[words] and [more] (so) [1] [sic]",
    "inline links": "[a](https://e.x)[b](https://e.y) [c](d.md)",
    "resolved ones": "[a][b] [b][] [b] ![a][B]\n\n[b]: https://e.x",
    "escapes": r"\[a][b] [a]\[b] \[^1] \[^2\]",
    "code": "`[a][b]` `[^1]` `<T>`\n\n    x[1][2]\n    <T>\n\n```\n[a][b] [^1] | <T>\n```",
    "places in a table of numbers": "a[i][j] = b[1][2] and f(x)[a][b]",
    "unused addresses": "[a]: https://e.x\n[b]: ../c.md\n[d]: #e",
    "comments": "[//]: # (a)\n[comment]: <> (b)\n\n<!-- [a][b] <T> -->",
    "one address twice": "[a]\n\n[a]: /u\n[a]: /u",
    "notes": "a[^1] b[^Two]\n\n[^1]: c\n\n    d\n\n[^two]: e\n[^3]: f",
    "tables": "a | b\n--|--\nc | d\ne\n| f | g |\nh\\|i | j\n\n| k |\n|---|\n| l |",
    "fences": "```\na\n```\n\n- ~~~ x\n  b\n  ~~~\n\n> ```\n> c\n> ```\n\n```d``` e",
    "tags": '<b>a</b> <x-y> <IMG src="a.png"> <https://e.x> <a@e.x> <3 a < b > c\n\n<font>d</font>',
    "drawings": '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>\n\n<math><mi>x</mi></math>',
}


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
def test_what_readers_see_is_none(body: str, name: Engine) -> None:
    assert found(body, name) == []


def test_what_only_one_engine_loses_is_a_warning_there() -> None:
    below_text = "a [b][c]\n[c]: https://e.x"
    assert found(below_text, "markdown") == []
    assert len(found(below_text, "commonmark")) == 1
    in_code = "a | b\n--|--\n`c|d` | e"
    assert found(in_code, "markdown") == []
    assert len(found(in_code, "commonmark")) == 1


@pytest.mark.parametrize("name", ENGINES)
def test_a_build_tells_it_with_the_line_of_the_file_each_time(site: SmallSite, name: str) -> None:
    site.write({"site.toml": SETTINGS + f'[markdown]\nengine = "{name}"\n'})
    site.article("a", "One [two][three].\n\n```\ncode")
    wanted = [
        "content/articles/a.md:6: `[two][three]` leads nowhere: there is no line"
        f" `[three]: address`; {NO_LINE}",
        'content/articles/a.md:8: this fenced code never ends; close it with a line "```"',
    ]
    assert site.warnings() == wanted
    assert site.warnings() == wanted
    assert words(site.page("/2026/06/a/"), ".prose p") == "One [two][three]."
    assert words(site.page("/2026/06/a/"), ".prose pre") == "code"


def test_lists_too_deep_to_be_read_are_an_error_and_no_traceback(site: SmallSite) -> None:
    site.article("a", "- " * 3000 + "x")
    site.article("b", "\n".join(" " * depth * 4 + "- b" for depth in range(400)))
    what = "this is nested too deep; take out levels of quotations, lists or marks"
    first, second = site.errors()
    assert first == f"content/articles/a.md:6: {what}"
    assert re.fullmatch(rf"content/articles/b\.md:\d+: {what}", second)
    site.article("a", "- a\n    - b")
    site.article("b", "c")
    assert site.errors() == []


MARKS = (
    *(
        "[",
        "]",
        "][",
        "[^",
        "]:",
        "```",
        "~~~",
        "<",
        ">",
        "|",
        "`",
        "\\",
        "!",
        "{",
        "}",
        "\n",
        "\n\n",
    ),
    *(" ", "    ", "\t", "- ", "> ", "1. ", ": ", "a", "é", "🇩🇪", "|--|", "[a]: /u", "<b", "<!--"),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(MARKS), max_size=60).map("".join))
def test_nothing_stumbles_whatever_is_typed(body: str) -> None:
    for name in ENGINES:
        for problem in lint(body, 1, "a.md", name):
            assert 1 <= problem.line <= body.count("\n") + 1
        engine(name)(body, True)
