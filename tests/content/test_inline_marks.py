"""What people type in lines: struck text, tasks, bare addresses, and marks that a site names."""

import re

import pytest

from generator.config import Extra
from generator.content.html import look_at
from generator.content.markdown.engine import engine
from generator.content.standalone import standalone
from support.sites import SETTINGS, SmallSite, links, words

ALL: frozenset[Extra] = frozenset(("mark", "sub", "sup", "abbr", "emoji"))
ENGINES = pytest.mark.parametrize("name", ["markdown", "commonmark"])
N = 100_000


def shown(body: str, name: str, extras: frozenset[Extra] = ALL) -> str:
    """The HTML of a body, quotation marks as they are typed."""
    markup = engine(name, ())(body, smart_quotes=False, extras=extras)  # type: ignore[arg-type]
    return markup.replace("&quot;", '"').replace("&#x27;", "'")


def link(address: str, words: str = "") -> str:
    return f'<a href="{address}">{words or address}</a>'


# ------------------------------------------------------------------------- struck text

STRUCK = {
    "~~Hi~~ you": "<del>Hi</del> you",
    "a~~b~~c": "a<del>b</del>c",
    "~~a\nb~~": "<del>a\nb</del>",
    "**~~a~~** ~~*b* c~~": "<strong><del>a</del></strong> <del><em>b</em> c</del>",
    "[~~a~~](b) ~~[c](d)~~": '<a href="b"><del>a</del></a> <del><a href="d">c</a></del>',
    "~~a `~~` b~~": "<del>a <code>~~</code> b</del>",
    '~~a~~ <i title="~~b~~">~~c~~</i>': '<del>a</del> <i title="~~b~~"><del>c</del></i>',
    "~~a ~~b~~": "~~a <del>b</del>",
    "~~one~~ ~~two~~": "<del>one</del> <del>two</del>",
    "a ~~ b ~~ c": "a ~~ b ~~ c",
    "~~~a~~~ b": "~~~a~~~ b",
    "a ~~~~ b ~~": "a ~~~~ b ~~",
    "~~*a~~*": "~~<em>a~~</em>",
    "\\~~a~~ \\~b": "~~a~~ ~b",
    "~~<b>a~~</b>": "~~<b>a~~</b>",
    "~~a</b>~~": "<del>a</b></del>",
    "&#126;~a~~": "&#126;~a~~",
}


@ENGINES
@pytest.mark.parametrize("body", STRUCK)
def test_text_between_two_tildes_is_struck(name: str, body: str) -> None:
    expected = STRUCK[body]
    if name == "commonmark":  # it has read the reference
        expected = expected.replace("&#126;", "~")
    if body.startswith("~~~a"):
        body = f"x {body}"
        expected = f"x {expected}"
    assert shown(body, name, frozenset()) == f"<p>{expected}</p>"


@ENGINES
def test_what_is_struck_ends_with_its_block(name: str) -> None:
    assert shown("~~a\n\nb~~", name) == "<p>~~a</p>\n<p>b~~</p>"
    assert "<del>" not in shown("- ~~a\n- b~~", name)
    assert "<del>" not in shown("| ~~a | b~~ |\n|---|---|\n| ~~c | d~~ |", name)


@ENGINES
@pytest.mark.parametrize(
    "body",
    [
        "    ~~a~~ https://a.org [ ] b",
        "```\n~~a~~ https://a.org\n*[A]: b\n- [ ] c\nhttps://a.org/*b*\n```",
        "<div>\n~~a~~ ==b== H~2~O https://a.org :tada:\n</div>",
        "<!-- ~~a~~ https://a.org -->",
        "<pre>\n~~a~~ https://a.org\n</pre>",
        "<script>\nlet a = '~~a~~ https://a.org'\n</script>",
    ],
)
def test_nothing_means_anything_in_code_and_in_blocks_of_html(name: str, body: str) -> None:
    text = re.sub(r"^    |```\n?", "", body)
    assert text.strip() in shown(f"~~x~~\n\n{body}\n\n~~y~~", name).replace("&lt;", "<")


@ENGINES
def test_a_struck_word_stays_out_of_excerpts(site: SmallSite, name: str) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{name}"\n'})
    site.article("a", "The mayor was ~~arrested~~ questioned.")
    site.build()
    page = site.page("2026/06/a/index.html")
    assert words(page, "main p del") == "arrested"
    (description,) = page.cssselect("meta[name=description]")
    assert description.get("content") == "The mayor was questioned."


# ------------------------------------------------------------------------------- tasks

OPEN = '<li class="task"><label><input type="checkbox" disabled> '
DONE = '<li class="task"><label><input type="checkbox" disabled checked> '


@ENGINES
@pytest.mark.parametrize("sign", ["-", "*", "+", "1."])
def test_items_with_a_box_are_tasks(name: str, sign: str) -> None:
    body = f"{sign} [ ] a *b*\n{sign} [x] c\n{sign} [X]  d\n{sign} e"
    items = f"{OPEN}a <em>b</em></label></li>\n{DONE}c</label></li>\n{DONE}d</label></li>"
    kind = "ol" if sign == "1." else "ul"
    assert shown(body, name) == f"<{kind}>\n{items}\n<li>e</li>\n</{kind}>"


@ENGINES
def test_tasks_stand_in_other_lists_and_in_quotations(name: str) -> None:
    text = look_at(shown("> - [ ] a\n>     1. [x] b\n>     2. c\n> - d", name))
    assert [text.tokens[index].attributes for index in text.elements["li"]] == [
        ' class="task"',
        ' class="task"',
        "",
        "",
    ]
    label = text.elements["label"][0]
    assert text.text(label).strip() == "a"


@ENGINES
def test_the_label_of_a_task_is_its_first_paragraph(name: str) -> None:
    text = shown("- [ ] a ~~b~~\n\n    c\n\n- [x] d", name)
    box = '<p><label><input type="checkbox" disabled{}> {}</label></p>'
    assert box.format("", "a <del>b</del>") in text
    assert box.format(" checked", "d") in text
    assert "<p>c</p>" in text


@ENGINES
@pytest.mark.parametrize(
    "item", ["\\[ ] a", "[ ]a", "[ ]", "[y] a", "a [ ] b", "[  ] a", "`[ ] a`", "**[ ] a**"]
)
def test_other_brackets_are_text(name: str, item: str) -> None:
    assert "<input" not in shown(f"- {item}\n- b", name)


@ENGINES
def test_a_paragraph_that_begins_with_a_box_is_no_task(name: str) -> None:
    assert shown("[ ] a\n\n[x] b", name) == "<p>[ ] a</p>\n<p>[x] b</p>"


def test_a_feed_shows_a_sign_for_the_box_of_a_task() -> None:
    text = standalone(shown("- [ ] a **b**\n- [x] c\n\n    - [ ] d", "markdown"))
    assert "<input" not in text
    assert "label" not in text
    assert "☐ a <strong>b</strong>" in text
    assert "☑ c" in text
    assert "☐ d" in text


@ENGINES
@pytest.mark.parametrize("raw_html", ["true", '"safe"', "false"])
def test_tasks_are_tasks_whatever_becomes_of_html(
    site: SmallSite, name: str, raw_html: str
) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{name}"\nraw_html = {raw_html}\n'})
    site.article("a", "- [x] a\n- b\n\n~~c~~")
    assert site.warnings() == []
    (box,) = site.page("2026/06/a/index.html").cssselect("li.task > label > input")
    assert set(box.keys()) == {"type", "disabled", "checked"}


@ENGINES
def test_a_field_of_a_form_is_no_task_where_html_is_cleaned(site: SmallSite, name: str) -> None:
    markdown = f'[markdown]\nengine = "{name}"\nraw_html = "safe"\n'
    site.write({"site.toml": SETTINGS + markdown})
    site.article("a", '- [x] a <input name="pin">\n\n<input type="checkbox" onclick="a()">')
    assert len(site.errors()) == 1  # of the code
    site.article("a", '- [x] a <input name="pin">')
    assert "`<input>` is left out" in site.warnings()[0]
    assert len(site.page("2026/06/a/index.html").cssselect("main input")) == 1


# --------------------------------------------------------------------------- addresses

ADDRESSES = {
    "https://a.org": link("https://a.org"),
    "see http://a.org/b, or": f"see {link('http://a.org/b')}, or",
    "www.a.org/~ada/?b=c#d.": link("http://www.a.org/~ada/?b=c#d", "www.a.org/~ada/?b=c#d") + ".",
    "ftp://a.org/b": link("ftp://a.org/b"),
    "HTTPS://A.ORG": link("HTTPS://A.ORG"),
    "http://localhost:8000/a": link("http://localhost:8000/a"),
    "https://über.de/straße": link("https://über.de/straße"),
    "ada@a.org.": link("mailto:ada@a.org", "ada@a.org") + ".",
    "a.b-c_d+e@a.b": link("mailto:a.b-c_d+e@a.b", "a.b-c_d+e@a.b"),
    "'o'brien@a.org'": "'" + link("mailto:o'brien@a.org", "o'brien@a.org") + "'",
    "mailto:ada@a.org": link("mailto:ada@a.org"),
    "(https://a.org/b)": f"({link('https://a.org/b')})",
    "(https://a.org/b_(c))": f"({link('https://a.org/b_(c)')})",
    "https://a.org/b_(c)": link("https://a.org/b_(c)"),
    "https://a.org/b))+c": link("https://a.org/b))+c"),
    "https://a.org/b!?...": f"{link('https://a.org/b')}!?...",
    "https://a.org/b…": f"{link('https://a.org/b')}…",
    '"https://a.org/b", he said': f'"{link("https://a.org/b")}", he said',
    "“https://a.org/b”": f"“{link('https://a.org/b')}”",
    "https://a.org/b'": f"{link('https://a.org/b')}'",
    "https://a.org/b/": link("https://a.org/b/"),
    "https://a.org/?b=c&d=e": link("https://a.org/?b=c&amp;d=e"),
    "https://a.org/?b=c&amp;d=e": link("https://a.org/?b=c&amp;d=e"),
    "https://a.org/?b&lt;c": f"{link('https://a.org/?b')}&lt;c",
    "https://a.org/a_b_c/_d_/*e*/__f__g": link("https://a.org/a_b_c/_d_/*e*/__f__g"),
    "https://a.org/b\\_c\\*d\\~e": link("https://a.org/b_c*d~e"),
    "https://a.org/*/b https://a.org/*/c": (
        f"{link('https://a.org/*/b')} {link('https://a.org/*/c')}"
    ),
    "**https://a.org** *https://a.org/b*": (
        f"<strong>{link('https://a.org')}</strong> <em>{link('https://a.org/b')}</em>"
    ),
    "~~https://a.org/b~~ ==https://a.org/b==": (
        f"<del>{link('https://a.org/b')}</del> <mark>{link('https://a.org/b')}</mark>"
    ),
    "https://a.org/?b=c==": link("https://a.org/?b=c=="),
    "https://a.org/~b/~c x^2^": f"{link('https://a.org/~b/~c')} x<sup>2</sup>",
    "看https://a.org/b。然后": f"看{link('https://a.org/b')}。然后",
    "https://ada:pin@a.org/b": link("https://ada:pin@a.org/b"),
    "one\nhttps://a.org\ntwo": f"one\n{link('https://a.org')}\ntwo",
    "<b>https://a.org</b>": f"<b>{link('https://a.org')}</b>",
}
NO_ADDRESSES = {
    "`https://a.org`": "<code>https://a.org</code>",
    "<code>https://a.org</code>": "<code>https://a.org</code>",
    "[https://a.org](https://b.org)": link("https://b.org", "https://a.org"),
    "[ada@a.org *b* www.a.org](c)": link("c", "ada@a.org <em>b</em> www.a.org"),
    "<https://a.org>": link("https://a.org"),
    '<a href="https://a.org">https://a.org</a>': link("https://a.org"),
    '<a href="b"><b>www.a.org</b></a>': link("b", "<b>www.a.org</b>"),
    '<b title="https://a.org">b</b>': '<b title="https://a.org">b</b>',
    "xhttps://a.org awww.a.org": "xhttps://a.org awww.a.org",
    "https:// http://. www. www..": "https:// http://. www. www..",
    "git@a.org:b/c @ada@a.org a@b @a.org": "git@a.org:b/c @ada@a.org a@b @a.org",
    "https\\://a.org ada\\@a.org": "https://a.org ada@a.org",
    "a.org a.org/b javascript://a": "a.org a.org/b javascript://a",
}


@ENGINES
@pytest.mark.parametrize("body", ADDRESSES)
def test_a_bare_address_is_a_link(name: str, body: str) -> None:
    assert shown(body, name) == f"<p>{ADDRESSES[body]}</p>"


@ENGINES
@pytest.mark.parametrize("body", NO_ADDRESSES)
def test_what_is_no_bare_address_stays_as_it_is(name: str, body: str) -> None:
    assert shown(body, name) == f"<p>{NO_ADDRESSES[body]}</p>"


@ENGINES
def test_addresses_are_links_in_every_kind_of_block(name: str) -> None:
    body = (
        "# https://a.org/1\n\n- https://a.org/2\n\n> https://a.org/3\n\n| https://a.org/4 |\n"
        "|---|\n| https://a.org/5 |\n\nTerm\n:   https://a.org/6\n\nNote[^1]\n\n[^1]: https://a.org/7"
    )
    for number in range(1, 8):
        assert link(f"https://a.org/{number}") in shown(body, name)


@ENGINES
def test_definitions_of_labels_are_read_whatever_is_in_their_address(name: str) -> None:
    body = "[a][b] ![c][d]\n\n[b]: https://a.org/*x*/_y_\n[d]: https://a.org/_z_.png"
    assert f"{link('https://a.org/*x*/_y_', 'a')} <img" in shown(body, name)
    assert 'src="https://a.org/_z_.png"' in shown(body, name)


@ENGINES
def test_no_typographic_mark_is_set_in_an_address(site: SmallSite, name: str) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{name}"\n'})
    site.article(
        "a", '"https://a.org/it\'s--b...c" -- it\'s at www.a--b.org https://a.org/\\"b\\"c'
    )
    site.build()
    page = site.page("2026/06/a/index.html")
    assert links(page, ".prose p a") == [
        "https://a.org/it's--b...c",
        "http://www.a--b.org",
        'https://a.org/"b"c',
    ]
    assert (
        words(page, ".prose p")
        == '“https://a.org/it\'s--b...c” – it’s at www.a--b.org https://a.org/"b"c'
    )


@ENGINES
def test_a_bare_address_of_another_site_is_treated_as_any_link_in_feeds(
    site: SmallSite, name: str
) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{name}"\n'})
    site.article("a", "At https://paper.example/nowhere/ and www.b.org")
    site.build()
    assert 'href="https://paper.example/nowhere/"' in site.text("feed.json").replace("\\", "")
    assert 'href="http://www.b.org"' in site.text("feed.json").replace("\\", "")


# ------------------------------------------------------------------------------ extras

EXTRAS = {
    "==a *b* c== d": "<mark>a <em>b</em> c</mark> d",
    "a == b == c": "a == b == c",
    "===a=== \\==b==": "===a=== ==b==",
    "==~~a~~== ~~==b==~~": "<mark><del>a</del></mark> <del><mark>b</mark></del>",
    "==a ~~b== c~~": "<mark>a ~~b</mark> c~~",
    "H~2~O CO~2~": "H<sub>2</sub>O CO<sub>2</sub>",
    "~a b~ ~/c ~/d": "~a b~ ~/c ~/d",
    "x^2^ 10^*n*^": "x<sup>2</sup> 10<sup><em>n</em></sup>",
    "x^a b^ [^c] a^^b \\^d^": "x^a b^ [^c] a^^b ^d^",
    "x~1~^2^": "x<sub>1</sub><sup>2</sup>",
    ":smile: :+1: (:tada:)": "😄 👍 (🎉)",
    ":nope: a:smile:b 10:30:45 \\:tada: `:tada:`": (
        ":nope: a:smile:b 10:30:45 :tada: <code>:tada:</code>"
    ),
}


@ENGINES
@pytest.mark.parametrize(("extras", "sign"), [(ALL, "😄"), (frozenset[Extra](), ":smile:")])
def test_a_line_of_a_quotation_may_begin_with_a_picture(
    name: str, extras: frozenset[Extra], sign: str
) -> None:
    markup = shown("> a\n> :smile: b", name, extras)
    assert "".join(markup.split("\n")) == f"<blockquote><p>a{sign} b</p></blockquote>"


@ENGINES
@pytest.mark.parametrize("body", EXTRAS)
def test_extra_marks_mean_something_where_they_are_named(name: str, body: str) -> None:
    assert shown(body, name) == f"<p>{EXTRAS[body]}</p>"


@ENGINES
@pytest.mark.parametrize("body", ["==a==", "H~2~O", "x^2^", "a :smile:", "\\==a\\^"])
def test_extra_marks_are_text_elsewhere(name: str, body: str) -> None:
    expected = body.replace("\\", "") if name == "commonmark" else body
    assert shown(body, name, frozenset()) == f"<p>{expected}</p>"


@ENGINES
def test_each_extra_is_there_by_itself(name: str) -> None:
    every: dict[Extra, tuple[str, str]] = {
        "mark": ("==a==", "<mark>a</mark>"),
        "sub": ("H~2~O", "H<sub>2</sub>O"),
        "sup": ("x^2^", "x<sup>2</sup>"),
        "emoji": ("x :tada:", "x 🎉"),
    }
    for extra, (body, markup) in every.items():
        others = " ".join(other for key, (other, _) in every.items() if key != extra)
        assert shown(f"{body} {others}", name, frozenset((extra,))) == f"<p>{markup} {others}</p>"


@ENGINES
def test_abbreviations_say_what_they_are_short_for(name: str) -> None:
    body = (
        'HTML, R&D and (U.S.) HTML5, `HTML` [HTML](a).\n\n# On HTML\n\n*[HTML]: Hyper *Text* "M"\n'
        "*[R&D]: Research & <b>Development</b>\n*[HTML]: Other\n\nText\n*[U.S.]: United States"
    )
    html = '<abbr title="Hyper Text "M"">HTML</abbr>'
    text = shown(body, name)
    assert text == (
        f'<p>{html}, <abbr title="Research &amp; Development">R&amp;D</abbr> and (<abbr'
        f' title="United States">U.S.</abbr>) HTML5, <code>HTML</code> <a href="a">{html}</a>.'
        f"</p>\n<h1>On {html}</h1>\n<p>Text</p>"
    )


@ENGINES
def test_what_defines_no_abbreviation_is_text(name: str) -> None:
    for body in (
        "*[a]: ",
        "a *[b]: c",
        "*[a]:",
        "*[a\nb]: c",
        f"\x02wzxhzdk:{'9' * 5000}\x03 ~~a~~ <b>",
        "*[^a]: b",
    ):
        assert "<abbr" not in shown(body, name)
        assert "a" in shown(body, name)
    assert "*[A]: b" in shown("*[A]: b\n\nA", name, frozenset())


@ENGINES
def test_typographic_marks_reach_marked_text(site: SmallSite, name: str) -> None:
    markdown = f'[markdown]\nengine = "{name}"\nextras = ["mark", "abbr"]\n'
    site.write({"site.toml": SETTINGS + markdown})
    site.article("a", '~~"a"~~ =="b" -- \\"c\\"==\n\n- [ ] "d" ISS\n\n*[ISS]: The "Station"')
    site.build()
    page = site.page("2026/06/a/index.html")
    assert words(page, "main del") == "“a”"
    assert words(page, "main mark") == '“b” – "c"'
    assert words(page, "main li label").strip() == "“d” ISS"
    assert page.cssselect("main abbr")[0].get("title") == 'The "Station"'


def test_an_unknown_extra_is_an_error_that_names_the_nearest(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + '[markdown]\nextras = ["marks", "emojy", "table"]\n'})
    first, second, third = site.errors()
    assert first.startswith("site.toml:")
    assert 'did you mean "mark"?' in first
    assert 'did you mean "emoji"?' in second
    assert "mark, sub, sup, abbr, emoji" in third


@ENGINES
def test_a_new_extra_converts_the_texts_again(site: SmallSite, name: str) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{name}"\n'})
    site.article("a", "H~2~O")
    site.build()
    assert words(site.page("2026/06/a/index.html"), ".prose p") == "H~2~O"
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{name}"\nextras = ["sub"]\n'})
    site.build()
    assert words(site.page("2026/06/a/index.html"), ".prose p sub") == "2"


def test_marks_are_read_beside_extensions_of_others(site: SmallSite) -> None:
    markdown = '[markdown]\nextensions = ["abbr", "toc"]\nextras = ["sub"]\n'
    site.write({"site.toml": SETTINGS + markdown})
    site.article("a", "~~a~~ H~2~O ISS www.a.org\n\n- [ ] b\n\n*[ISS]: The Station")
    site.build()
    page = site.page("2026/06/a/index.html")
    assert words(page, "main del, main sub, main abbr, main label, main p a") == (
        "a 2 ISS www.a.org b"
    )


# ------------------------------------------------------------------------------ bounds


@ENGINES
@pytest.mark.parametrize(
    "body",
    [
        *(
            "~" * N,
            "~~ " * N,
            "~~a " * N,
            "a~~" * N,
            "=" * N + " a",
            "==a " * N,
            "^a" * N,
            "~a" * N,
        ),
        *(
            "www." * N,
            "www. " * N,
            "https://" * N,
            "https://a:" * N,
            "a@" * N,
            "a@b." * N,
            "a'" * N + "@",
        ),
        *("http://a/" + sign * N for sign in (")", "(", ".", "&amp;", "&", ";")),
        *(":a" * N, ":a:" * N, "- [ ] a\n" * (N // 10), "<b>~~" * (N // 50), "x ~~==^~" * N),
        "".join(f"*[A{n}]: b\n" for n in range(N // 10)) + "A1 " * N,
        "<div>\nhttps://a.b\n</div>\n\nx ~~y~~\n\n" * (N // 50),
    ],
    ids=lambda body: f"{body[:12]}…{body[-4:]}",
)
def test_long_runs_of_marks_take_no_longer_than_their_length(name: str, body: str) -> None:
    """Where the square of the length counts, this never ends."""
    assert shown(body, name)
