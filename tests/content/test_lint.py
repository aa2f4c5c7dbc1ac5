"""What a text would lose on its way to readers is a warning, with its line, in both engines."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.config import Engine
from generator.content.markdown.engine import engine
from generator.content.markdown.lint import lint
from support.sites import SETTINGS, SmallSite, words

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


TYPED = "means nothing here: readers see it as it is typed"
BLOCK = "write it in Markdown, or as a block, `::: name`; in text, `&#123;` for `{`"
WRONG = {
    '!!! note "Title"\n    Text': [
        f"1: `!!! note` {TYPED}; write a line `::: note`, the text, not indented, and a line `:::`"
    ],
    "a\n\n- !!! danger": [
        f"3: `!!! danger` {TYPED}; write a line `::: box`, the text, not indented, and a line `:::`"
    ],
    "a {{< youtube x >}}\n{{% notice %}}": [
        f'1: `{{{{< youtube x >}}}}` {TYPED}; write `::: embed url="…" :::`',
        f"2: `{{{{% notice %}}}}` {TYPED}; {BLOCK}",
    ],
    "# a {% include b.html %}\n\n{% highlight c %}": [
        f"1: `{{% include b.html %}}` {TYPED}; {BLOCK}",
        f"3: `{{% highlight c %}}` {TYPED}; write fenced code: a line ``` on both sides",
    ],
    "[a]({% post_url b %})": [
        f"1: `{{% post_url b %}}` {TYPED}; write the path of its file: `(b.md)`"
    ],
    "a\n\n[TOC]\n\nb\n\n> [[toc]]": [
        f"{line}: `{mark}` {TYPED}; take it out: pages make a list of contents themselves"
        for line, mark in ((3, "[TOC]"), (7, "[[toc]]"))
    ],
    "a {{tweet 12}} {{ page.title }}": [
        f'1: `{{{{tweet 12}}}}` {TYPED}; write `::: embed url="…" :::`',
        f"1: `{{{{ page.title }}}}` {TYPED}; write what it stands for; in text, `&#123;` for `{{`",
    ],
    "> [!INFO]\n> a\n\n> [!WARNIGN]\n> b": [
        f"1: `[!INFO]` {TYPED}; write `[!NOTE]`, alone in its line",
        f"4: `[!WARNIGN]` {TYPED}; write `[!WARNING]`, alone in its line",
    ],
    "> [!note]- A title\n> a": [
        f"1: `[!note]-` {TYPED}; write a line `::: note`, the text, and a line `:::`"
    ],
    "> [!ZZZ]\n> a": [
        f"1: `[!ZZZ]` {TYPED}; write one of `[!NOTE]`, `[!TIP]`, `[!IMPORTANT]`, `[!WARNING]`,"
        " `[!CAUTION]`"
    ],
    "> [[A b]] and\n> [[C|d]]": [
        f"1: `[[A b]]` {TYPED}; write `[A b](address)`, or `\\[` for a bracket",
        f"2: `[[C|d]]` {TYPED}; write `[d](address)`, or `\\[` for a bracket",
    ],
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


LOST_TAGS = {
    "<p>Map<K, V> in html</p>": ["<K, V>"],
    "Send to <e-mail> or <first-name>.": ["<e-mail>", "<first-name>"],
    "Copy <source> to <link> now.": ["<source>", "<link>"],
    "Put <input> and <param> here, <image>": ["<input>", "<param>", "<image>"],
    "<svg><path/></svg>\n\nHello <your name>.": ["<your name>"],
    "a <math><mi>x</mi></math> b <T> c": ["<T>"],
    "Text <?php hidden words ?> more. <!important>": ["<?php hidden words ?>", "<!important>"],
    "| a <e-mail> |\n|---|\n| b |": ["<e-mail>"],
}


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("body", LOST_TAGS)
def test_words_in_angle_brackets_that_browsers_hide_are_a_warning(body: str, name: Engine) -> None:
    assert [slip.split("`")[1] for slip in found(body, name)] == LOST_TAGS[body]


SHOWN = {
    "Use Map<K, V> types.": "Use Map&lt;K, V&gt; types.",
    "Write <Name, Vorname> here.": "Write &lt;Name, Vorname&gt; here.",
    "<see p. 5, note 2> x <y, z> w": "&lt;see p. 5, note 2&gt; x &lt;y, z&gt; w",
    "<T: Clone> and <T=int>": "&lt;T: Clone&gt; and &lt;T=int&gt;",
    r"List\<String> and \<your name>": "List&lt;String&gt; and &lt;your name&gt;",
    r"\<script> and `\<b>`": r"&lt;script&gt; and <code>\&lt;b&gt;</code>",
    r"\\<b>x</b>": r"\<b>x</b>",
    "<tel:+4930123>": '<a href="tel:+4930123">tel:+4930123</a>',
    "<urn:isbn:123>": '<a href="urn:isbn:123">urn:isbn:123</a>',
    "<a href=\"b\" title='>'>c</a>": "<a href=\"b\" title='>'>c</a>",
}


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("body", SHOWN)
def test_what_is_no_tag_is_text_and_an_address_a_link(body: str, name: Engine) -> None:
    assert engine(name)(body, smart_quotes=True) == f"<p>{SHOWN[body]}</p>"
    assert found(body, name) == []


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("## Results {n=30}", "<h2>Results {n=30}</h2>"),
        ("Para.\n{n=7}", "<p>Para.\n{n=7}</p>"),
        ("*x*{i=1} and {k=2}", "<p><em>x</em>{i=1} and {k=2}</p>"),
        ("*x*{n=1 k=2}", "<p><em>x</em>{n=1 k=2}</p>"),
        ("*x*{.y n=3}", '<p><em class="y" n="3">x</em></p>'),
        ("*x*{n='1'}", '<p><em n="1">x</em></p>'),
        ("*x*{lang=de}", '<p><em lang="de">x</em></p>'),
        ("*x*{: n=1}", '<p><em n="1">x</em></p>'),
        ("a\n{data-n=1}", '<p data-n="1">a</p>'),
        ("```{n=1}\na\n```", '<pre><code n="1">a\n</code></pre>'),
    ],
)
@pytest.mark.parametrize("name", ENGINES)
def test_a_number_in_braces_is_text_if_no_attribute_has_its_name(
    body: str, html: str, name: Engine
) -> None:
    assert engine(name)(body, smart_quotes=False) == html


@pytest.mark.parametrize(
    "between", ["\n\n    ```\n    code\n    ```\n\n", "\n\n\n", "\n\n\n\n\n", "\n    b\n\n\n"]
)
@pytest.mark.parametrize("name", ENGINES)
def test_what_is_indented_stays_in_its_note(between: str, name: Engine) -> None:
    body = f"a[^c]\n\n[^c]: Note.{between}    Second.\n\nBody\n\n\n    code"
    text, _, notes = engine(name)(body, smart_quotes=False).partition('<div class="footnote">')
    assert "Second." not in text
    assert "<p>Second." in notes
    assert "<p>Body</p>\n<pre><code>code" in text


@pytest.mark.parametrize("name", ENGINES)
def test_a_backslash_in_raw_html_and_code_stays_beside_its_tag(name: Engine) -> None:
    raw = "<script>\nx = '\\<b>'\n</script>"
    assert engine(name)(raw, smart_quotes=True) == raw
    code = "```\n\\<b>\n```"
    assert engine(name)(code, smart_quotes=True) == "<pre><code>\\&lt;b&gt;\n</code></pre>"


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(
    "said",
    ["3:2", "12:30", "12.05.2024", "yes/no", "#MeToo", "20:15!", "17.30", "and@me", "a<b", "#gone"],
)
def test_a_word_that_is_no_address_is_not_lost_as_one(said: str, name: Engine) -> None:
    what = f"1: `[Anna]: {said}` is taken for the address of a link, and not shown"
    assert [slip.partition(";")[0] for slip in found(f"[Anna]: {said}", name)] == [what]
    assert found(f"[Anna]: {said}\n\n[x][Anna]", name) == []
    if said != "#gone":
        below = engine(name)(f"Talk:\n[Anna]: {said}", smart_quotes=False)
        assert f"[Anna]: {said.replace('<', '&lt;')}" in below


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(
    "address",
    ["https://e.x", "/a", "./b", "../c", "www.e", "d.md", "e.org:80/f", "mailto:g@h.i", "<j k>"],
)
def test_an_address_that_nobody_uses_is_no_mistake(address: str, name: Engine) -> None:
    assert found(f"[Anna]: {address}", name) == []


BELOW_TEXT = "this table is shown as text: it stands right below a line of text"
NO_TABLE = "this is no table: its head has {} cells, the line below it {}"
NOT_AS_TYPED = {
    "| a | b |\n|---|\n| 1 | 2 |": ("1: " + NO_TABLE.format(2, 1), ENGINES),
    "x\n\na | b | c\n--|--\n1 | 2 | 3": ("3: " + NO_TABLE.format(3, 2), ENGINES),
    "> a | b\n> |:-:|\n": ("1: " + NO_TABLE.format(2, 1), ENGINES),
    "> Text\n> a | b\n> --|--\n> 1 | 2": ("2: " + BELOW_TEXT, ENGINES),
    "Text\n| a | b |\n|---|--|\n| 1 | 2 |": ("2: " + BELOW_TEXT, ENGINES[:1]),
    "- x\n  | a | b |\n  |---|--|\n  | 1 | 2 |": ("2: " + BELOW_TEXT, ENGINES[:1]),
    "3. third\n2. second\n1. first": ("2: `2.` is shown as 4: lists count up", ENGINES),
    "- x\n\n  2) b\n  1) a": ("4: `1.` is shown as 3: lists count up", ENGINES),
    "a\n[r](https://e.org/x, as\nhe said) b": (
        "2: `(https://e.org/x, as he said)` is all taken for an address, and not shown",
        ENGINES[:1],
    ),
    "![r](mailto:a@b.c or call)": (
        "1: `(mailto:a@b.c or call)` is all taken for an address, and not shown",
        ENGINES[:1],
    ),
}


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("body", NOT_AS_TYPED)
def test_what_is_shown_otherwise_than_it_was_typed_is_a_warning(body: str, name: Engine) -> None:
    what, engines = NOT_AS_TYPED[body]
    told = [slip.partition(";")[0] for slip in found(body, name)]
    assert told == ([what] if name in engines else [])


RIGHT = {
    "marks of other programs in code": "`!!! note` `{{< x >}}`\n\n```\n!!! a\n{% y %}\n[[z]]\n```",
    "marks of other programs in HTML": "<!-- {% x %} -->\n\n<div>\n[[y]] {{< z >}}\n!!! a\n</div>",
    "marks of other programs behind a backslash": "\\[[x]] \\{% y %} \\{{< z >}}\n\n\\!!! note",
    "marks as words": "Wow!!! No!!!\n\n!!! Listen, all\n\na[[1]] {{ x }} 5 {% of",
    "links in brackets": "[[1]](/u) [[a]][b]\n\n[b]: /u",
    "lists one after another": "1. a\n2. b\n\nc\n\n1. d\n1. e\n   1. f\n   2. g\n2. h",
    "titles": "[a](https://e.x 'b c') [d](<https://e.x/f g>) ![h](https://e.x (i j))",
    "tables below a heading": "# a | b\n| c | d |\n|---|---|\n| e | f |",
    "headings with a sign": "a | b\n---\nc",
    "plain brackets": "[words] and [more] (so) [1] [sic]",
    "inline links": "[a](https://e.x)[b](https://e.y) [c](d.md)",
    "resolved ones": "[a][b] [b][] [b] ![a][B]\n\n[b]: https://e.x",
    "escapes": r"\[a][b] [a]\[b] \[^1] \[^2\]",
    "code": "`[a][b]` `[^1]` `<T>`\n\n    x[1][2]\n    <T>\n\n```\n[a][b] [^1] | <T>\n```",
    "places in a table of numbers": "a[i][j] = b[1][2] and f(x)[a][b]",
    "unused addresses": "[a]: https://e.x\n[b]: ../c.md\n[d]: #e\n\n# E",
    "comments": "[//]: # (a)\n[comment]: <> (b)\n\n<!-- [a][b] <T> -->",
    "one address twice": "[a]\n\n[a]: /u\n[a]: /u",
    "notes": "a[^1] b[^Two]\n\n[^1]: c\n\n    d\n\n[^two]: e\n[^3]: f",
    "tables": "a | b\n--|--\nc | d\ne\n| f | g |\nh\\|i | j\n\n| k |\n|---|\n| l |",
    "fences": "```\na\n```\n\n- ~~~ x\n  b\n  ~~~\n\n> ```\n> c\n> ```\n\n```d``` e",
    "tags": '<b>a</b> <x-y>c</x-y> <IMG src="a.png"> <https://e.x> <a@e.x> <3 a < b > c',
    "old tags": "<font>d</font>",
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
    *("!!! ", "{{<", ">}}", "{%", "%}", "[[", "]]"),
    *(" ", "    ", "\t", "- ", "> ", "1. ", ": ", "a", "é", "🇩🇪", "|--|", "[a]: /u", "<b", "<!--"),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(MARKS), max_size=60).map("".join))
def test_nothing_stumbles_whatever_is_typed(body: str) -> None:
    for name in ENGINES:
        for problem in lint(body, 1, "a.md", name):
            assert 1 <= problem.line <= body.count("\n") + 1
        engine(name)(body, True)


@pytest.mark.parametrize("name", ENGINES)
def test_brackets_in_great_numbers_that_never_close_are_text(name: Engine) -> None:
    body = "[a](" * 5000
    assert engine(name)(body, smart_quotes=False) == f"<p>{body}</p>"
    assert found(body, name) == []
    closed = engine(name)("[a](b) ![c](d) [e](", smart_quotes=False)
    assert closed.startswith('<p><a href="b">a</a> <img ')
    assert closed.endswith("> [e](</p>")


def test_one_note_may_be_referred_to_time_and_again() -> None:
    html = engine("markdown")("[^a] " * 3000 + "[^b]\n\n[^a]: c\n[^b]: d", smart_quotes=False)
    assert html.count('<sup id="fnref') == 3001
    assert html.count('<sup id="fnref3000:a">') == 1
    assert html.count('href="#fnref3000:a"') == 1


def test_what_stands_within_html_as_markdown_is_looked_over_too(site: SmallSite) -> None:
    site.article("a", '<div markdown="1">\n[a][b]\n\n[[c]]\n</div>\n\n<div>\n[d][e]\n</div>')
    assert [warning.partition("` ")[0] for warning in site.warnings()] == [
        "content/articles/a.md:7: `[a][b]",
        "content/articles/a.md:9: `[[c]]",
    ]


def test_marks_that_an_extension_may_read_are_left_to_it(site: SmallSite) -> None:
    site.article("a", "!!! note\n    Text")
    assert [warning.partition(" means")[0] for warning in site.warnings()] == [
        "content/articles/a.md:6: `!!! note`"
    ]
    site.write({"site.toml": SETTINGS + '[markdown]\nextensions = ["admonition"]\n'})
    assert site.warnings() == []
