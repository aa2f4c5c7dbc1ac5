"""HTML in the texts of writers who are trusted, and of those who are not."""

from pathlib import Path

import msgspec
import pytest

from generator.config import Engine, RawHtml
from generator.content.prose import Converted, convert
from generator.content.scan import Shape
from generator.model import Prose
from generator.preview.session.site import Session
from support import hostile_texts
from support.images import PNG
from support.sites import SETTINGS, SmallSite, links

ENGINES = pytest.mark.parametrize("engine", ["markdown", "commonmark"])
MODES = pytest.mark.parametrize("raw_html", [True, False, "safe"])
UNTRUSTED = pytest.mark.parametrize("raw_html", [False, "safe"])


def converted(
    body: str, engine: Engine, raw_html: RawHtml = True, smart_quotes: bool = True
) -> Converted:
    return convert(body, 1, Shape(engine, "en", smart_quotes, 200, 3, raw_html))


def shown(body: str, engine: Engine, raw_html: RawHtml = True, smart_quotes: bool = True) -> str:
    """The HTML of a body, in which `\\x02N\\x03` stands for an address that is still to come."""
    prose = converted(body, engine, raw_html, smart_quotes).prose
    return prose.opening + prose.rest


def told(body: str, engine: Engine, raw_html: RawHtml) -> list[str]:
    """What is said of a body: severity, line, what is wrong."""
    problems = converted(body, engine, raw_html).problems
    return sorted(f"{one.severity} {one.line}: {one.what}" for one in problems)


def written(site: SmallSite, engine: str, raw_html: str, body: str) -> None:
    markdown = f'[markdown]\nengine = "{engine}"\nraw_html = {raw_html}\n'
    site.write({"site.toml": SETTINGS + markdown})
    site.article("a", body)


# ------------------------------------------------------------------------ three modes


@ENGINES
@pytest.mark.parametrize(
    ("raw_html", "expected"),
    [
        ("true", '<p>A <b class="x">word</b> and <u-n>one</u-n>.</p>'),
        ("false", '<p>A &lt;b class="x"&gt;word&lt;/b&gt; and &lt;u-n&gt;one&lt;/u-n&gt;.</p>'),
        ('"safe"', '<p>A <b class="x">word</b> and one.</p>'),
    ],
)
def test_html_in_a_text_is_passed_on_shown_or_cleaned(
    site: SmallSite, engine: str, raw_html: str, expected: str
) -> None:
    written(site, engine, raw_html, 'A <b class="x">word</b> and <u-n>one</u-n>.')
    site.build()
    assert expected in site.text("/2026/06/a/")
    assert expected.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in (
        site.text("feed.xml").replace("&#34;", '"')
    )


@ENGINES
@pytest.mark.parametrize("kind", ["authors/ann", "tags/news", "pages/about", "promos/letter"])
def test_the_setting_is_for_every_kind_of_text(site: SmallSite, engine: str, kind: str) -> None:
    written(site, engine, "false", "Text.")
    matter = {
        "authors": "name: Ann",
        "tags": "name: News",
        "pages": "title: About",
        "promos": "title: Letter\nurl: https://x.example/\nlabel: Go",
    }[kind.partition("/")[0]]
    site.article("a", "Text.", author="ann", tags="[News]", promo="letter")
    if not kind.startswith("promos"):
        site.article("a", "Text.", author="ann", tags="[News]")
    site.write({f"content/{kind}.md": f"---\n{matter}\n---\n<i onclick=f()>Text</i> &amp; more"})
    page = {"tags/news": "/tags/news/", "pages/about": "/about/"}.get(kind, "/2026/06/a/")
    site.build()
    assert "&lt;i onclick=f()&gt;Text&lt;/i&gt; &amp; more" in site.text(page)


@ENGINES
@pytest.mark.parametrize(
    "typed",
    [
        "<b>x</b>",
        '<a title="two -- words...">x</a>',
        "<a title='*no emphasis*'>x</a>",
        "<?php x ?>",
        "<!-- x -->",
        "<x-y @click=z>",
        "<br/>",
    ],
)
def test_html_that_is_shown_stands_there_as_it_was_typed(typed: str, engine: Engine) -> None:
    prose = converted(f"One {typed} *two*", engine, False).prose
    escaped = typed.replace("<", "&lt;").replace(">", "&gt;")
    assert prose.opening.replace("&quot;", '"').replace("&#x27;", "'") == (
        f"<p>One {escaped} <em>two</em></p>"
    )


@ENGINES
@pytest.mark.parametrize(
    "body",
    [
        "<div>\n<script>f()</script>\n</div>",
        "<!-- x -->\n    code <b>",
        "<div>\n\n<p onclick=f()>\n\n</div>",
        "<!-- <b> -->\n    <b><i>\n",
        "> <div>\n> <b>\n\n- <p>\n  <i>",
        "<script>\n\nlet a = '<b>'\n\n</script>\n\nText <u>",
        "[a](<b> 'c')\n\n[x]: <y> '<b>'",
        "| <b> | c |\n|---|---|\n| <i | > |",
    ],
)
def test_no_html_comes_alive_where_that_before_it_is_shown(body: str, engine: Engine) -> None:
    html = shown(body, engine, False)
    assert not any(f"<{name}" in html for name in ("b>", "i>", "u>", "script", "div>\n"))


@ENGINES
def test_code_and_addresses_are_read_as_ever_where_html_is_shown(engine: Engine) -> None:
    body = "`<b>` <https://x.example/> \\<b>\n\n```html\n<b>\n```\n\n    <b>\n"
    assert shown(body, engine, False) == shown(body, engine, True)
    assert told(body, engine, False) == []


@ENGINES
def test_html_that_is_shown_is_told_with_its_line(engine: Engine) -> None:
    expected = "`<b` is shown as it is typed, for `markdown.raw_html` is false"
    assert told("One.\n\nA <b>word</b>.", engine, False) == [f"warning 3: {expected}"]


# --------------------------------------------------------------------------- cleaning


@ENGINES
@pytest.mark.parametrize(
    "kept",
    [
        "<details open>\n<summary>S</summary>\n<p>Text</p>\n</details>",
        '<p class="x" id="y" lang="de" dir="ltr">Text</p>',
        '<p>A <abbr title="B">C</abbr> <kbd>D</kbd> H<sub>2</sub><sup>3</sup> <mark>E</mark></p>',
        "<p><ins>A</ins> <del>B</del> <s>C</s> <small>D</small> <q>E</q> <time>F</time></p>",
        '<figure>\n<img src="https://x.example/a.png" alt="A"><figcaption>B</figcaption></figure>',
        '<video src="https://x.example/a.mp4" controls poster="https://x.example/a.png"></video>',
        '<audio controls><source src="https://x.example/a.mp3" type="audio/mpeg"></audio>',
        '<p><img src="data:image/png;base64,AAAA" alt="A"></p>',
        '<p><a href="https://x.example/" rel="nofollow" target="_blank" hreflang="de">x</a></p>',
        '<p data-x="1" aria-label="2">Text &amp; &lt;text&gt; "so" &nbsp;</p>',
        '<ol start="3" reversed><li value=2>x</li></ol>',
        "<table><tbody><tr><td colspan=2>x</td></tr></tbody></table>",
        "<p>A<br>B<wbr>C</p>\n<hr>",
    ],
)
def test_what_is_harmless_stays_byte_for_byte(kept: str, engine: Engine) -> None:
    assert shown(kept, engine, "safe") == shown(kept, engine, True)
    assert told(kept, engine, "safe") == []


EVERYTHING = """\
# A heading {#own .c}

Text with *marks*, "quotes" -- a [link](b.md "t"){.c data-x="1"}, <https://x.example/?a=1&b=2>,
a note[^1], `code`{.c}, H\\_2, &copy; and ![a picture](a.png){width=10}.

![Alone](a.png "A caption")

| a | b |
|:--|--:|
| 1 | 2 {.c} |

- one

    ```python
    a < b
    ```

1. two

> quoted

``` {.py #x key="v"}
x
```

Term
: Definition

[^1]: The note, *so*.
"""


@ENGINES
@UNTRUSTED
@pytest.mark.parametrize("smart_quotes", [True, False])
def test_a_text_without_html_is_the_same_whoever_wrote_it(
    engine: Engine, raw_html: RawHtml, smart_quotes: bool
) -> None:
    body = EVERYTHING.replace(' key="v"', "")
    trusted = shown(body, engine, True, smart_quotes)
    assert shown(body, engine, raw_html, smart_quotes) == trusted


@ENGINES
@UNTRUSTED
def test_the_demo_is_the_same_in_every_mode(
    repository: Path, engine: Engine, raw_html: RawHtml
) -> None:
    for file in sorted((repository / "content").rglob("*.md")):
        body = file.read_text(encoding="utf-8").split("---\n", 2)[-1]
        assert shown(body, engine, raw_html) == shown(body, engine, True), file
        assert told(body, engine, raw_html) == told(body, engine, True), file


@ENGINES
def test_harm_without_end_is_told_whole(engine: Engine) -> None:
    body = "".join(f'<i onclick="f({n})">x</i> [x](javascript:f{n})\n\n' for n in range(3000))
    assert len(told(body, engine, "safe")) == 6000


@ENGINES
def test_the_text_of_what_is_taken_out_stays_unless_it_is_code(engine: Engine) -> None:
    body = "A <blink>word</blink><style>p {}</style><svg><title>no</title></svg> more."
    assert shown(body, engine, "safe") == "<p>A word more.</p>"


@ENGINES
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<blink>x</blink>", "`<blink>`"),
        ('<p ping="x">x</p>', "`ping` at `<p>`"),
        ('<input type="text">', "`<input>`"),
        ("A <svg><path d=''/></svg> b", "`<svg>`"),
        ('<a href="htps://x.example/">x</a>', "`href` at `<a>`"),
        ('*x*{sandbox="1"}', "`sandbox` at `<em>`"),
    ],
)
def test_what_is_taken_out_is_told_with_its_line(body: str, said: str, engine: Engine) -> None:
    expected = f"{said} is left out: only HTML that is known to be harmless stays"
    assert f"warning 3: {expected}" in told(f"One.\n\n{body}", engine, "safe")


# ------------------------------------------------------------------------------- harm


HARM = [
    ("<p onclick='f()'>x</p>", "`onclick` at `<p>` is code"),
    ('*x*{onmouseover="f()"}', "`onmouseover` at `<em>` is code"),
    ("Text.\n{: .c ONFOCUS='f()'}", "`onfocus` at `<p>` is code"),
    ('``` {.py onclick="f()"}\nx\n```', "`onclick` at `<code>` is code"),
    ("[x](javascript:f%28%29)", '"javascript:f%28%29" is code, and leads nowhere'),
    ("[x](<JaVaScRiPt:f()>)", '"JaVaScRiPt:f()" is code'),
    ("[x](java&Tab;script:f\\(\\))", ':f()"'),
    ("[x](vbscript:f)", '"vbscript:f" is code'),
    ("[x](data:text/html,y)", '"data:text/html,y" is code'),
    ("[x](data:image/png,y)", '"data:image/png,y" is code'),
    ("[x]\n\n[x]: javascript:f", '"javascript:f" is code'),
    ("<javascript:f>", '"javascript:f" is code'),
    ("![x](javascript:f)", '"javascript:f" is code'),
    ("![x](data:text/html,y)", '"data:text/html,y" is code'),
    ('*x*{style="color: red"}', "`style` at `<em>` may cover the page"),
    ('[x](/){href="javascript:f"}', '"javascript:f" is code'),
]


@ENGINES
@pytest.mark.parametrize(("body", "said"), HARM)
def test_harm_is_a_warning_and_an_error_where_html_is_not_trusted(
    body: str, said: str, engine: Engine
) -> None:
    if engine == "commonmark" and "&Tab;" in body:
        pytest.skip("there it is no address at all")
    modes: list[tuple[RawHtml, str]] = [(True, "warning"), ("safe", "error"), (False, "error")]
    for raw_html, severity in modes[: 2 if body.startswith("<p") else 3]:
        found = told(body, engine, raw_html)
        assert any(one.startswith(severity) and said in one for one in found), raw_html


@ENGINES
@UNTRUSTED
@pytest.mark.parametrize(("body", "said"), HARM)
def test_harm_stands_in_no_page_all_the_same(
    body: str, said: str, engine: Engine, raw_html: RawHtml
) -> None:
    html = shown(body, engine, raw_html)
    start_tags = [part.partition(">")[0] for part in html.split("<")[1:]]
    assert not any(
        sign in tag.lower()
        for tag in start_tags
        for sign in (" on", " style=", '="java', '="vbs', '="data:')
    )


@ENGINES
@pytest.mark.parametrize("name", ["script", "style", "iframe", "object"])
def test_an_element_that_is_code_is_an_error_where_html_is_cleaned(
    name: str, engine: Engine
) -> None:
    body = f"One.\n\n<{name}>\n</{name}>\n\nTwo."
    assert told(body, engine, True) == []
    assert told(body, engine, "safe") == [f"error 3: `<{name}>` is code"]
    assert f"<{name}" not in shown(body, engine, "safe")


def test_harm_is_told_at_its_line(site: SmallSite) -> None:
    body = '[a](javascript:f)\n\n`<p style=x>`\n\n<p style=x>\n\nText {#a}\n\n*b*{onclick="g"}'
    written(site, "markdown", "true", body.replace("<p style=x>\n", "<p style=x></p>\n"))
    assert [warning.partition("; ")[0] for warning in site.warnings()] == [
        'content/articles/a.md:6: "javascript:f" is code, and leads nowhere',
        "content/articles/a.md:10: `style` at `<p>` may cover the page, and strict policies"
        " forbid it",
        "content/articles/a.md:14: `onclick` at `<em>` is code",
    ]


@ENGINES
@MODES
@pytest.mark.parametrize(
    "body",
    [
        "| a |\n|--:|\n| b |",
        "<p data-one=1 on-x=2 on:y=3>x</p>",
        "[x](mailto:a@b.example) [y](tel:+49301) [z](https://x.example/?javascript:f())",
        "`[x](javascript:f)` and `onclick=`",
        '![x](data:image/svg+xml,%3Csvg/%3E "t")',
        "[x](/javascript:f)",
    ],
)
def test_what_only_looks_like_harm_is_not_told(
    body: str, engine: Engine, raw_html: RawHtml
) -> None:
    assert not [one for one in told(body, engine, raw_html) if "code" in one or "style" in one]


@pytest.mark.parametrize(
    "address", ["javascript:f()", " JavaScript:f()", "vbscript:x", "data:text/html,x"]
)
@pytest.mark.parametrize("field", ["image", "photo", "settings", "logo"])
def test_no_picture_is_code(site: SmallSite, field: str, address: str) -> None:
    site.article(
        "a", author="ann", image=f'{{src: "{address}", alt: A}}' if field == "image" else None
    )
    photo = f'photo: "{address}"\n' if field == "photo" else ""
    site.write({"content/authors/ann.md": f"---\nname: Ann\n{photo}---\n"})
    setting = {"settings": 'image = "{}"\n', "logo": '[publisher]\nlogo = "{}"\n'}.get(field, "")
    site.write({"site.toml": SETTINGS + setting.format(address)})
    found = site.errors()
    assert len(found) == 1
    assert f'"{address.strip()}" is code, and no picture' in found[0]


@pytest.mark.parametrize("kind", ["follow", "promo", "source", "menu", "publisher", "hub"])
def test_no_address_in_a_field_or_setting_is_code(site: SmallSite, kind: str) -> None:
    code = '"javascript:f()"'
    site.article(
        "a", author="ann", source=f"{{name: A, url: {code}}}" if kind == "source" else None
    )
    follow = f"follow: {{url: {code}, label: B}}\n" if kind == "follow" else ""
    url = code if kind == "promo" else "/"
    site.write(
        {
            "content/authors/ann.md": f"---\nname: Ann\n{follow}---\n",
            "content/promos/p.md": f"---\ntitle: P\nurl: {url}\nlabel: L\n---\n",
            "site.toml": SETTINGS
            + {
                "menu": f"menu = [{{title = 'M', url = {code}}}]\n",
                "publisher": f"[publisher]\nurl = {code}\n",
                "hub": f"[feeds]\nhub = {code}\n",
            }.get(kind, ""),
        }
    )
    assert len(found := site.errors()) == 1
    assert '"javascript:f()" is no address' in found[0]


# ------------------------------------------------------------------------ one writer


@ENGINES
@MODES
@pytest.mark.parametrize("smart_quotes", [True, False])
@pytest.mark.parametrize(
    "body",
    [
        "*b*{.x&quot;&gt;&lt;script&gt;f()&lt;/script&gt;}",
        '*b*{title=".x&quot; onclick=&quot;f()"}',
        '*b*{title="&#34; onclick=f() x=&#x22;"}',
        "*b*&#123;onclick=f()&#125;",
        "*b*&lbrace;onclick=f()&rcub;",
        '``` {.py title="a\\" onclick=f() x="}\nx\n```',
        '[x](y "\\\\&#14; onclick=f() z=")',
        '`x`{title="&#14; onclick=f() z="}',
        '[x](y "&#2;0&#3; onclick=f() &#23;0; &#22;0&#22;")',
        "![x](y 'a\" onclick=f() b=\"')",
        "A[^x&quot; onclick=f()]\n\n[^x&quot; onclick=f()]: Note",
        '## H {title="&quot; onclick=&quot;f()"}',
        '| a {title="&quot; onclick=&quot;f()"} |\n|---|\n| b |',
    ],
)
def test_what_is_escaped_never_becomes_an_attribute(
    body: str, engine: Engine, raw_html: RawHtml, smart_quotes: bool
) -> None:
    page = shown(body, engine, raw_html, smart_quotes).replace("\x02", "a").replace("\x03", "b")
    assert hostile_texts.alive(page, is_whole=False) == []


@MODES
@pytest.mark.parametrize("smart_quotes", [True, False])
def test_a_quotation_mark_behind_a_backslash_ends_no_value_in_commonmark(
    raw_html: RawHtml, smart_quotes: bool
) -> None:
    html = shown('*b*{title="\\" onclick="f()"}', "commonmark", raw_html, smart_quotes)
    assert hostile_texts.alive(html, is_whole=False) == []


@ENGINES
@pytest.mark.parametrize(
    "body",
    [
        '<img srcset=\'https://e.example/x" onerror="f()" y="\'>',
        "<img src='a.png' srcset='/x\" onerror=\"f()\" y=\" 2x, /y'>",
        "<em title='a\" onclick=\"f()'>b</em>{.c}",
        "<b title='<em x=' y='\" onclick=\"f()'>*b*</b></em>{.c}",
        '*a*{title="<b x=\'y" onclick="f()\'>"}</b>',
        "# H\n\n<h2 title='\" onclick=\"f()'>x</h2>",
        "<table title='\" onclick=\"f()'>"
        "<td style='text-align: left;' class='\" onclick=\"f()'></table>",
    ],
)
def test_quotation_marks_in_an_attribute_of_the_authors_stay_in_it(
    body: str, engine: Engine
) -> None:
    page = shown(body, engine).replace("\x02", "a").replace("\x03", "b")
    assert hostile_texts.alive(page, is_whole=False) == []


@ENGINES
def test_an_aligned_cell_with_attributes_has_classes_and_no_style(engine: Engine) -> None:
    html = shown('| a | b |\n|:-:|--:|\n| c {.x} | d {title="t"} |', engine)
    assert "style" not in html
    assert 'class="x align-center"' in html
    assert html.count("align-right") == 2


@ENGINES
def test_references_in_code_stand_as_they_were_typed(engine: Engine) -> None:
    body = '*b*{title="&quot;"} `{&quot; &#123; \\"}` and {&quot;a&quot;}\n\n    {&quot;}\n'
    html = shown(body, engine)
    assert "<code>{&amp;quot; &amp;#123; \\" in html
    assert "<code>{&amp;quot;}\n</code>" in html
    assert 'title="&quot;"' in html


# --------------------------------------------------------------------------- the site


@ENGINES
def test_another_setting_makes_the_pages_anew(site: SmallSite, engine: str) -> None:
    written(site, engine, "true", "A <b>word</b>.")
    site.build()
    for raw_html, expected in (("false", "A &lt;b&gt;word"), ('"safe"', "A <b>word</b>")):
        written(site, engine, raw_html, "A <b>word</b>.")
        report = site.build()
        assert report.converted == 1
        assert expected in site.text("/2026/06/a/")


def test_the_preview_cleans_as_the_build_does(site: SmallSite) -> None:
    written(site, "commonmark", '"safe"', "A <blink>word</blink>.")
    live = Session(site.root)
    live.update()
    assert live.planned is not None
    key = live.planned.site.articles[0].body.key
    prose = msgspec.msgpack.decode(live.files.texts.prose(key), type=Prose)
    assert prose.opening == "<p>A word.</p>"


def test_a_setting_that_is_none_of_the_three_is_refused(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + '[markdown]\nraw_html = "save"\n'})
    found = site.errors()
    assert len(found) == 1
    assert found[0].startswith("site.toml:4: markdown.raw_html: ")


def test_links_in_a_cleaned_text_lead_where_they_did(site: SmallSite) -> None:
    written(site, "markdown", '"safe"', "<blink>x</blink> [b](b.md) ![p](/p.png) [c](#h)\n\n## H")
    site.article("b")
    site.write({"content/p.png": PNG})
    site.build()
    assert links(site.page("/2026/06/a/"), "article .prose a") == ["/2026/06/b/", "#h"]
