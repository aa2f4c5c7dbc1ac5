"""The second engine: the same features and shapes, and differences that the manual lists."""

import re
from pathlib import Path

import pytest

from generator.config import Engine
from generator.content.front_matter import Document, parse
from generator.content.prose import convert
from generator.content.scan import Shape
from generator.model import BodyInfo
from support.manual import chapter, tables
from support.sites import SETTINGS, SmallSite, links, refused, words

COMMONMARK = SETTINGS + '[markdown]\nengine = "commonmark"\n'


def converted(body: str, name: Engine) -> tuple[str, BodyInfo, str]:
    shape = Shape(name, "en", smart_quotes=True, excerpt=200, promo_after=3)
    prose, digest, text, _ = convert(body, 1, shape)
    return prose.opening + prose.rest, digest, text


def both(body: str) -> tuple[str, str]:
    """The HTML of a body by the default engine and by the other."""
    return converted(body, "markdown")[0], converted(body, "commonmark")[0]


# ---------------------------------------------------------------------------- the same


SAME = {
    "paragraphs and breaks": "One *two* **three** `f()` & AT&T  \nfour\n\nFive",
    "headings": '# One\n\n## Two "x" {#own .wide}\n\nThree\n=====\n\n### Two {: .high }',
    "links": "[a](/u \"t\") <https://e.example/ü?a=b&c> [b][r] [r]\n\n[r]: ../x%20y.md 't'",
    "addresses beyond ASCII": "[a](über.md) [b](a%20b.md) ![c](<d e.png>)",
    "pictures": '![Map of "x"](p.png "The *way* <b>")\n\nA ![m](q.png).',
    "lists": "- a\n- b\n\nText\n\n1. c\n\n2. d\n\n    more\n\n3. e",
    "a list that begins with another number than 1": "3. a\n4. b\n\nText\n\n0. c",
    "quotations": '> "One"\n> two\n\nThree',
    "code": '```python\nprint("<b>") -- \'x\'\n```\n\n    indented "x"\n\n`"x"`',
    "rules": "One\n\n---\n\nTwo\n\n* * *",
    "tables": "| Who | A | B | C |\n|-----|:--|--:|:-:|\n| *x* | 1 | 2 | 3 |\n| y | | `z` | |",
    "attributes in tables": "| a {: .x } | b |\n|---|---|\n| c {#d} | e |",
    "definitions": "Apple\n:   A fruit\n:   A firm\n\nAfter",
    "colons that define nothing": (
        "a\n:smile: b\n\n::: note\nc\n:::\n\n```\n:d\n```\n\n:e: f\n\n    :g\n\n`h\n:i`"
    ),
    "colons that define nothing in a quotation": (
        "> a\n> :smile: b\n> :c\n\nText\n\n> > d\n> > :e: f"
    ),
    "a note without a text": "a[^b] c[^d]\n\n[^b]:\n\n    e\n\n[^d]: f",
    "notes": "One[^1] and[^b], again[^1].\n\n[^1]: First *note*.\n[^b]: Second.\n\n    More.",
    "a note with a list": "One[^1].\n\n[^1]:\n    - a\n    - b",
    "the place of notes": "One[^1].\n\n///Footnotes Go Here///\n\nTwo\n\n[^1]: Note.",
    "a note nobody refers to": "One.\n\n[^x]: Note.",
    "attributes of a paragraph": "A remark\n{: .aside .x #remark title='So \"it\" is' }",
    "attributes in a line": "*a*{.x} **b**{: #y } [c](/d){: rel=nofollow } `e`{.k}",
    "attributes of a picture": "A ![f](g.png){: .h }",
    "what is no attribute list": (
        "a {citation needed}\n\nb\n{c}\n\n## Set {a, b}\n\n## f{x=1} {}\n\n{1} {{ j }} {% k %}"
        "\n{l m}\n\n*d*{e} `f`{g}\n\nh\n{.i, .j}\n\nk\n{.5}\n\nl\n{:-) }\n\n{.m}\n\n- n {o}\n{p}"
        "\n\n| q {r} | s{t} |\n|---|---|\n| {u} | {v} |"
    ),
    "an escaped attribute list": r"## a \{.x}\n\nb\n\{.y}\n\n`\{.z}`".replace("\\n", "\n"),
    "attributes of headings": (
        "## a {#b .c}\n\n## d{#e}\n\n## f {g=h} ##\n\n## *i*{.j}\n\nk {.l}\n---"
    ),
    "attributes with signs": "a\n{.b&c d='e' f=\"g\" }\n\n*h*{: hidden }",
    "marks": "\"So 'it's' -- told...\" the '90s",
    "marks in lines": '- [ ] ~~a *b*~~\n- [x] "www.e.example/it\'s"\n\n\\~~c~~',
    "escaped marks": r"""\"x\" \'y\' a \-- b \... `\"`  [l](/ "t\"u") \* \_""",
    "raw HTML": '<div class="x">\n"raw" <b>b</b>\n</div>\n\nAn <b>inline</b> <br> tag',
    "scripts": '<script>\nlet a = "\\"x\\" -- y";\n</script>\n\nText',
    "comments": 'A <!-- "x" --> b\n\n<!-- block\n"y" -->\n\nText',
}


@pytest.mark.parametrize("body", SAME.values(), ids=SAME)
def test_both_engines_give_the_same(body: str) -> None:
    default, other = both(body)
    other = other.replace("&quot;", '"')
    # In fenced code the default engine writes a quotation mark as an entity.
    assert other.split() == default.replace("&quot;", '"').split()


def plain_marks_in_code(page: str) -> str:
    """HTML with quotation marks in blocks of code, where the default engine has entities."""
    return re.sub(r"<pre.*?</pre>", lambda m: m[0].replace("&quot;", '"'), page, flags=re.DOTALL)


def test_the_stories_of_the_demo_are_the_same_but_for_mail_addresses(repository: Path) -> None:
    files = sorted((repository / "content").rglob("*.md"))
    assert len(files) >= 20
    for file in files:
        document = parse(file.read_text(encoding="utf-8"), file.name)
        assert isinstance(document, Document)
        default, other = (converted(document.body, name) for name in ("markdown", "commonmark"))
        if "mailto:" not in other[0]:
            assert other[0] == plain_marks_in_code(default[0]), file.name
        assert other[2] == default[2]
        assert other[1].references == default[1].references
        assert other[1].excerpt == default[1].excerpt


def test_a_site_is_built_with_the_other_engine(site: SmallSite) -> None:
    site.write(
        {"site.toml": COMMONMARK, "content/articles/b.md": "---\ntitle: B\ndate: 2026-06-02\n---\n"}
    )
    site.article(
        "a", 'See "[b](b.md)".[^1]\n- one\n- two\n\n## A *head*\n\n## B\n\n## C\n\n[^1]: Note.'
    )
    assert site.warnings() == []
    page = site.page("/2026/06/a/")
    assert links(page, ".prose p a") == ["/2026/06/b/", "#fn:1", "#fnref:1"]
    assert words(page, ".prose > p, .footnote p") == "See “b”.1 Note. ↩"
    assert words(page, ".prose > ul > li") == "one two"
    assert links(page, "nav.contents a") == ["#a-head", "#b", "#c"]


def test_a_change_of_engine_converts_all_again(site: SmallSite) -> None:
    site.article("a", "Text\n- one")
    site.build()
    assert words(site.page("/2026/06/a/"), ".prose li") == ""
    site.write({"site.toml": COMMONMARK})
    assert site.build().converted == 1
    assert words(site.page("/2026/06/a/"), ".prose li") == "one"


def test_an_engine_that_there_is_not(built: SmallSite) -> None:
    built.write({"site.toml": COMMONMARK.replace("commonmark", "kramdown")})
    assert refused(built) == [
        'site.toml:4: markdown.engine: "kramdown" is none of markdown, commonmark;'
        ' did you mean "markdown"?'
    ]


def test_control_characters_by_number_stay_out() -> None:
    assert converted("a&#8;&#2;0&#3;b", "commonmark")[0] == "<p>a0b</p>"


# ------------------------------------------------------------------------ fences and labels


FENCES = {
    "words behind it": '```ini title="x"\na = "b"\n```\n\nAfter',
    "attributes": "``` {.py #x .y key='v'}\na\n```\n\n```{.python}\nb\n```\n\n``` {#z}\nc\n```",
    "lines to mark": "```js {1,3-4}\na\n```\n\n```js{1,3}\nb\n```\n\n```{2}\nc\n```",
    "signs in its language": (
        "```c++\na\n```\n\n```c#\nb\n```\n\n```text/x-py\nc\n```\n\n```.py\nd\n```"
    ),
    "a prompt": "```shell $ make\na\n```",
    "pairs": '```python linenums="1" hl_lines="2"\na\n```\n\n```title="x"\nb\n```',
    "other braces": ("```{r, echo=FALSE}\na\n```\n\n```{python}\nb\n```\n\n```rust,ignore\nc\n```"),
    "an ampersand": "```a&b <c>\nd\n```",
    "tildes": "~~~ text\na\n~~~\n\n~~~ a`b\n```\n~~~~\n\nAfter",
    "a longer fence": "````\n```\na\n```\n````\n\nAfter",
    "a list": "- a\n\n  ```py\n  b\n\n    c\n  ```\n- d",
    "a list with wider items": "1. a\n\n    ```\n    b\n    ```\n\n    c\n\n2. d",
    "a tight list": "1. a\n   ```\n   b\n   ```\n2. c\n3. d",
    "the beginning of an item": "- ```\n  a\n  ```\n- b",
    "a list in a list": "1. a\n\n    - b\n\n        ```\n        c\n        ```\n\n2. d",
    "an item over two lines": "- a\nb\n  ```\n  c\n  ```",
    "a list by tabs": "- a\n\n\t```\n\tb\n\t```",
    "a quotation": "> a\n>\n> ```\n> b\n>\n> c\n> ```\n> d",
    "a quotation's end": "> ```\n> a\n> ```\nb",
    "a list in a quotation": "> - a\n>\n>   ~~~\n>   b\n>   ~~~\n>\n> c",
    "a quotation in a list": "- > ```\n  > a\n  > ```",
    "a definition": "Term\n:   a\n\n    ```\n    b\n    ```\n\nc",
    "a note": "a[^1]\n\n[^1]: b\n\n    ```\n    c\n    ```",
    "a paragraph": "a\n```\nb\n```\nc",
    "a heading": "# a\n```\nb\n```\n# c",
    "an indent": "   ```\n   a\n     b\n   ```",
    "nothing": "```\n```\n\n```\n\n\na\n\n\n```",
    "marks and Markdown": '```\n<b> & "q" \'r\' {.x} [a] *b* \\* &amp; \\"\n```',
    "tabs": "```make\nall:\n\tx\ty\n```",
    "code that shows a fence": "    ```\n    a\n    ```\n\n`` ``` `` b",
    "a comment or a script": "<!--\n```\n-->\n\n<pre>\n```\n</pre>\n\n```\na\n```",
    "a rule": "* * *\n```\na\n```",
    "no end": "a\n\n```\nb\n\nc",
    "no end in a quotation": "> ```\n> a\n\nb",
    "no end in a list": "- ```\n  a\n\nb",
}


@pytest.mark.parametrize("body", FENCES.values(), ids=FENCES)
def test_fences_are_the_same_with_anything_around_them(body: str) -> None:
    default, other = (
        re.sub(r"\s*(</?(?:li|p|pre)\b[^>]*>)\s*", r"\1", html).replace("&quot;", '"')
        for html in both(body)
    )
    assert default == other


@pytest.mark.parametrize("name", ["markdown", "commonmark"])
@pytest.mark.parametrize(
    ("info", "tags"),
    [
        (
            'ini title="x"',
            '<pre tabindex="0"><code class="language-ini"><span class="tk-na">a</span>',
        ),
        ("{.python}", '<pre tabindex="0"><code class="language-python">'),
        ('{#a .x .y key="v"}', '<pre id="a" class="y"><code class="language-x" key="v">'),
        ("js {1,3-4}", '<pre tabindex="0"><code class="language-js"><mark>a</mark>'),
        ("c++", '<pre tabindex="0"><code class="language-c++">'),
        ("shell $ x", '<pre tabindex="0"><code class="language-shell">'),
        (
            'python linenums="1"',
            '<pre tabindex="0"><code class="language-python"><span data-line="1">a</span>',
        ),
        ('title="x"', '<pre tabindex="0"><code>'),
        ("", '<pre tabindex="0"><code>'),
    ],
)
def test_the_language_is_the_class_of_code(info: str, tags: str, name: Engine) -> None:
    shown = tags if ">a<" in tags else f"{tags}a"
    assert converted(f"```{info}\na\n```", name)[0] == f"{shown}\n</code></pre>"


LABELS = {
    "code": "[`Pin`] [a][`Pin`] [`Pin`][] ![`Pin`] ![b][`Pin`]\n\n[`Pin`]: https://e.x",
    "signs in code": '[`<x> & y`] [`a "b"`]\n\n[`<x> & y`]: https://e.x\n[`a "b"`]: /c',
    "emphasis": "[*a*] [**b** `c` d] [e][*a*]\n\n[*a*]: https://e.x\n[**b** `c` d]: https://e.y",
    "escapes": r"[a\_b] [it\'s] [\\]"
    + "\n\n"
    + r"[a\_b]: https://e.x"
    + "\n"
    + r"[it\'s]: https://e.y",
    "brackets": r"[a \[b\] c] [x [y] z][a \[b\] c]" + "\n\n" + r"[a \[b\] c]: https://e.x",
    "brackets around it": "[[a]] [b [a] c] [a](https://e.y)[a]\n\n[a]: https://e.x",
    "case": "[FOO] [SS] [Ǆ]\n\n[Foo]: https://e.x\n[ẞ]: https://e.y\n[ǆ]: https://e.z",
    "white space": "[A\nB] [a  b][] [t][a b]\n\n[a b]: https://e.x",
    "side by side": "[a] [b]\n[a][b] [a]\n\n[a]: https://e.x\n[b]: https://e.y",
    "unknown ones": "[a][b] [c][] [d] ![e][f] [g][a]\n\n[g]: https://e.x",
    "addresses of one word": "[a] [b] [c]\n\n[a]: about\n[b]: team\n[c]: d.md",
    "speech": "Ann and Bob:\n[Ann]: Yes.\n[Bob]: No.",
    "two definitions": "[a]\n\n[a]: https://e.x\n[A]: https://e.y",
    "an address in angles": "[a] [b]\n\n[a]: <https://e.x> 'T'\n[b]: <>",
    "lines": "[a]\n\n[a]:\n  https://e.x\n  'T'",
    "marks": '[it\'s] ["b"--c]\n\n[it\'s]: https://e.x\n["b"--c]: https://e.y',
    "in lists and quotations": "- [a]\n\n> [b]\n>\n> [a]: https://e.x\n\n[b]: https://e.y",
    "no definition": '[a]: b c d\n\n[a]: b "t" d\n\n[a]',
    "notes by case": "a[^Note]\n\n[^note]: b",
    "notes with words": "a[^a note]\n\n[^a note]: b",
    "two notes of one label": "a[^1]\n\n[^1]: b\n[^1]: c",
    "the place of notes in a line": "a ///Footnotes Go Here/// b[^1]\n\n[^1]: c",
    "the place of notes in code": "    ///Footnotes Go Here///\n\nb[^1]\n\n[^1]: c",
}


@pytest.mark.parametrize("body", LABELS.values(), ids=LABELS)
def test_references_and_notes_are_found_by_their_labels(body: str) -> None:
    default, other = both(body)
    assert default.replace("&quot;", '"').split() == other.replace("&quot;", '"').split()


@pytest.mark.parametrize("name", ["markdown", "commonmark"])
def test_labels_with_code_lead_somewhere(name: Engine) -> None:
    html = converted(LABELS["code"], name)[0]
    assert html.count('<a href="https://e.x"><code>Pin</code></a>') == 2
    assert html.count('<a href="https://e.x">a</a>') == 1
    assert html.count('src="https://e.x"') == 2


# ------------------------------------------------------------------------- the differences


# What is written, what the default engine makes of it, and what the other one does.
DIFFERENCES = {
    "a list right below a line of text": (
        "Text\n- a",
        "<p>Text\n- a</p>",
        "<p>Text</p>\n<ul>\n<li>a</li>\n</ul>",
    ),
    "an item indented by two or three spaces": (
        "- a\n  - b",
        "<ul>\n<li>a</li>\n<li>b</li>\n</ul>",
        "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>",
    ),
    "an item with another sign": (
        "- a\n* b",
        "<ul>\n<li>a</li>\n<li>b</li>\n</ul>",
        "<ul>\n<li>a</li>\n</ul>\n<ul>\n<li>b</li>\n</ul>",
    ),
    "a list item with two paragraphs": (
        "- a\n- b\n\n    c",
        "<ul>\n<li>a</li>\n<li>\n<p>b</p>\n<p>c</p>\n</li>\n</ul>",
        "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n<p>c</p>\n</li>\n</ul>",
    ),
    "a blank line between two quotations": (
        "> a\n\n> b",
        "<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>",
        "<blockquote>\n<p>a</p>\n</blockquote>\n<blockquote>\n<p>b</p>\n</blockquote>",
    ),
    "`#Heading`": (
        "#Heading",
        '<h2 id="heading">Heading</h2>',
        "<p>#Heading</p>",
    ),
    "a backslash at the end of a line": (
        "a\\\nb",
        "<p>a\\\nb</p>",
        "<p>a<br>\nb</p>",
    ),
    "a backslash before `%`, `<`, `$` and the like": (
        "\\%",
        "<p>\\%</p>",
        "<p>%</p>",
    ),
    "a backslash before a quotation mark in a block of HTML": (
        '<div>\\"</div>',
        "<div>\\”</div>",
        '<div>"</div>',
    ),
    "an address with a space": (
        "[a](b c.md)",
        "<p><a \x020\x03>a</a></p>",
        "<p>[a](b c.md)</p>",
    ),
    "a space between the words of a link and its label": (
        "[a] [b]\n\n[b]: https://e.x",
        '<p><a href="https://e.x">a</a></p>',
        '<p>[a] <a href="https://e.x">b</a></p>',
    ),
    "an address of a label right below a line of text": (
        "a [b]\n[b]: https://e.x",
        '<p>a <a href="https://e.x">b</a></p>',
        '<p>a [b]\n[b]: <a href="https://e.x">https://e.x</a></p>',
    ),
    "Markdown between HTML, blank lines around it": (
        "<div>\n\n*a*\n\n</div>",
        "<div>\n\n*a*\n\n</div>",
        "<div>\n<p><em>a</em></p>\n</div>",
    ),
    "a pipe in code in a table": (
        "a | b\n--|--\n`|` | c",
        (
            '<div class="table" role="group" tabindex="0"><table>\n<thead>\n<tr>\n<th>a'
            "</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td><code>|</code></td>\n"
            "<td>c</td>\n</tr>\n</tbody>\n</table></div>"
        ),
        (
            '<div class="table" role="group" tabindex="0"><table>\n<thead>\n<tr>\n<th>a'
            "</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>`</td>\n<td>`</td>\n"
            "</tr>\n</tbody>\n</table></div>"
        ),
    ),
    "an entity such as `&copy;`": (
        "&copy;",
        "<p>&copy;</p>",
        "<p>©</p>",
    ),
    "a mail address between `<` and `>`": (
        "<a@e.x>",
        (
            "<p>"
            '<a href="&#109;&#97;&#105;&#108;&#116;&#111;&#58;&#97;&#64;&#101;&#46;&#120;">'
            "&#97;&#64;&#101;&#46;&#120;</a></p>"
        ),
        '<p><a href="mailto:a@e.x">a@e.x</a></p>',
    ),
}


@pytest.mark.parametrize(("body", "default", "other"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_the_engines_differ_as_documented(body: str, default: str, other: str) -> None:
    assert both(body) == (default, other)


def test_every_difference_is_documented() -> None:
    rows = tables(chapter("engines"))["what you write"]
    assert [row[0] for row in rows] == list(DIFFERENCES)
