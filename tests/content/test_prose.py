"""Bodies: Markdown, headings, figures, links between files, the promo's place."""

import pytest
from lxml import html as lxml_html

from support.sites import SETTINGS, SmallSite, links, words

HOME = "/2026/06/a/"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="32" height="16"/>'


def prose(site: SmallSite, body: str, settings: str = "") -> lxml_html.HtmlElement:
    """The body of an article as its page shows it."""
    site.write({"site.toml": SETTINGS + settings})
    site.article("a", body)
    assert site.warnings() == []
    return site.page(HOME).cssselect(".prose")[0]


# ------------------------------------------------------------------------- Markdown


def test_tables_lists_code_notes_and_attributes(site: SmallSite) -> None:
    body = """
| Who | Votes |
|-----|------:|
| Ann | 12 |

Apple
:   A fruit

```python
print("<b>")
```

A remark.[^1]
{: .aside #remark }

[^1]: The note.
"""
    text = prose(site, body)
    assert words(text, "th, td") == "Who Votes Ann 12"
    assert words(text, "dt, dd") == "Apple A fruit"
    assert words(text, "pre code") == 'print("<b>")'
    assert links(text, "p.aside#remark sup a") == ["#fn:1"]
    assert "The note." in words(text, ".footnote li[id='fn:1']")


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ("", "“So,” she said – ‘it’s’ …"),
        ('language = "de"\n', "„So,“ she said – ‚it’s‘ …"),
        ('language = "de-AT"\n', "„So,“ she said – ‚it’s‘ …"),
        ('language = "fr"\n', "«\u202fSo,\u202f» she said – “it’s” …"),
        ("[markdown]\nsmart_quotes = false\n", "\"So,\" she said -- 'it's' ..."),
    ],
)
def test_quotes_are_set_as_the_language_sets_them(
    site: SmallSite, settings: str, shown: str
) -> None:
    text = prose(site, '"So," she said -- \'it\'s\' ...\n\n`"code"`', settings)
    assert text.cssselect("p")[0].text_content() == shown
    assert words(text, "code") == '"code"'


def test_headings_have_anchors_of_their_own_and_begin_at_the_second_level(
    site: SmallSite,
) -> None:
    text = prose(site, "# Top\n\n## Top\n\n### Top {#own}\n\n## 首脑\n\n## !\n\n## !\n\n#### D\n")
    headings = [(str(h.tag), str(h.get("id"))) for h in text.xpath("h1 | h2 | h3 | h4 | h5")]
    assert headings == [
        ("h2", "top"),
        ("h3", "top-2"),
        ("h4", "own"),
        ("h3", "shou-nao"),
        ("h3", "section"),
        ("h3", "section-2"),
        ("h5", "d"),
    ]


def test_a_long_story_has_a_contents_list(site: SmallSite) -> None:
    prose(site, "## One\n\n### Two & *half*\n\n## Three\n\n#### Four\n")
    contents = site.page(HOME).cssselect("nav.contents")[0]
    assert links(contents) == ["#one", "#two-half", "#three"]
    assert words(contents, "li") == "One Two & half Three"


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_a_heading_without_words_is_not_in_the_contents_list(site: SmallSite, engine: str) -> None:
    picture = "![{}](https://e.example/a.png)"
    headings = picture.format("A & b"), "", "One", picture.format(""), "<!-- x -->", "Two"
    settings = f'[markdown]\nengine = "{engine}"\n'
    prose(site, "\n\n".join(f"## {heading}".strip() for heading in headings), settings)
    contents = site.page(HOME).cssselect("nav.contents")[0]
    assert links(contents) == ["#a-b", "#one", "#two"]
    assert words(contents, "li") == "A & b One Two"


def test_a_lone_picture_is_a_figure_with_its_title_as_caption(site: SmallSite) -> None:
    site.write({"content/articles/p.svg": SVG})
    body = '![Map](p.svg "The *way* <b>")\n\n[![Map](p.svg)](p.svg)\n\nA ![Map](p.svg) inside.'
    text = prose(site, body)
    first, second = text.cssselect("figure")
    assert words(first, "figcaption") == "The *way* <b>"
    assert second.cssselect("figcaption") == []
    assert links(second, "a") == ["/articles/p.svg"]
    assert words(text, "p") == "A inside."
    pictures = text.cssselect("img")
    assert [(p.get("width"), p.get("height")) for p in pictures] == [("32", "16")] * 3
    assert {str(p.get("src")) for p in pictures} == {"/articles/p.svg"}


# ------------------------------------------------------------------ links between files


OTHERS: dict[str, str | bytes] = {
    "content/articles/b.md": "---\ntitle: B\ndate: 2026-06-02\ntags: [AI]\n---\n## Part\n\n"
    "## F\n\n## X\n",
    "content/articles/deep/er/index.md": "---\ntitle: D\ndate: 2026-06-03\n---\nText.\n",
    "content/articles/deep/my file.pdf": "x",
    "content/pages/about.md": "---\ntitle: About\n---\n[b](../articles/b.md)\n",
    "content/authors/ann.md": "---\nname: Ann\n---\n[b](../articles/b.md)\n",
    "content/tags/ai.md": "---\nname: AI\n---\n[b](/articles/b.md#x)\n",
}
TARGETS = {
    "b.md": "/2026/06/b/",
    "./b.md#part": "/2026/06/b/#part",
    "b.md?q=1#part": "/2026/06/b/?q=1#part",
    "deep/er/index.md": "/2026/06/er/",
    "deep/er/": "/2026/06/er/",
    "deep/er": "/2026/06/er/",
    "/articles/b.md": "/2026/06/b/",
    "../pages/about.md": "/about/",
    "../authors/ann.md": "/authors/ann/",
    "../tags/ai.md": "/tags/ai/",
    "deep/my%20file.pdf": "/articles/deep/my%20file.pdf",
    "/tags/": "/tags/",
    "#here": "#here",
    "https://e.example/b.md": "https://e.example/b.md",
    "//e.example/b.md": "//e.example/b.md",
    "mailto:a@e.example": "mailto:a@e.example",
}


@pytest.mark.parametrize("url", ["https://e.example/", "https://e.example/news/"])
def test_a_link_to_a_file_becomes_its_address(site: SmallSite, url: str) -> None:
    site.write(OTHERS | {"site.toml": f'title = "T"\nurl = "{url}"\n'})
    body = "\n\n".join(f"[{n}]({target})" for n, target in enumerate(TARGETS))
    site.article("a", f"{body}\n\n## Here", author="Ann", tags="[AI]")
    assert site.warnings() == []
    base = "/news" if url.endswith("/news/") else ""
    moved = [base + t if t[0] == "/" and t[1] != "/" else t for t in TARGETS.values()]
    assert links(site.page(HOME), ".prose a") == moved
    for path in ("/about/", "/authors/ann/", "/tags/ai/"):
        assert f"{base}/2026/06/b/" in [h.partition("#")[0] for h in links(site.page(path))]


def test_reference_links_and_raw_html_are_resolved_too(site: SmallSite) -> None:
    site.write(OTHERS)
    raw = "<a href='b.md#f'>x</a> <a class=k href=b.md>y</a>"
    text = prose(site, f"[one][b], [b].\n\n{raw}\n\n[b]: b.md 'Title'\n")
    assert links(text) == [f"/2026/06/b/{rest}" for rest in ("", "", "#f", "")]


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_a_body_may_begin_with_code(site: SmallSite, engine: str) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{engine}"\n'})
    site.write(
        {"content/articles/a.md": "---\ntitle: A\ndate: 2026-06-01\n---\n \n\n    a *b*\n\nC.\n"}
    )
    site.article("b", "    [x](b.md)\n\n[y](gone.md)")
    assert [error.partition(": ")[0] for error in site.errors()] == ["content/articles/b.md:8"]
    site.article("b")
    site.build()
    assert words(site.page(HOME), ".prose pre code") == "a *b*"


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("# A\n\n## B", "h2 h3"),
        ("# A\n\n# B", "h2 h2"),
        ("## A\n\n### B", "h2 h3"),
        ("### A\n\n#### B", "h3 h4"),
        ("## A\n\n# B\n\n###### C", "h3 h2 h6"),
        ("A\n=\n\nB\n-", "h2 h3"),
        ("<h1>A</h1>\n\n## B", "h2 h3"),
        ("<!-- <h1>A</h1> -->\n\n## B", "h2"),
        ('<script>"<h1>A</h1>"</script>\n\n## B', "h2"),
        ("<div hidden><h1>A</h1></div>\n\n## B", "h1 h2"),
    ],
)
def test_headings_move_down_together(site: SmallSite, engine: str, body: str, shown: str) -> None:
    text = prose(site, body, f'[markdown]\nengine = "{engine}"\n')
    assert " ".join(str(h.tag) for h in text.cssselect("h1, h2, h3, h4, h5, h6")) == shown


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
@pytest.mark.parametrize(
    "code",
    [
        '<script>el.innerHTML = "<h2>Votes</h2>";</script>',
        "<script>\nx = '<table><p><img src=gone.png>';\n\n## no\n</script>",
        "<style>\nh2 > p { content: '<pre>' }\n</style>",
        "<SCRIPT>let a = 1 < 2, b = '</p>'</SCRIPT>",
        '<textarea rows="2"><h2>A</h2></textarea>',
    ],
)
def test_scripts_and_the_like_stay_as_they_are(site: SmallSite, engine: str, code: str) -> None:
    prose(site, f"One.\n\n{code}\n\nTwo.", f'[markdown]\nengine = "{engine}"\n')
    assert code in site.text(HOME)


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
@pytest.mark.parametrize(
    "block",
    [
        "<template>\n  <p>T</p>\n</template>",
        "<dialog open>\n  <p>Hi</p>\n</dialog>",
        "<search>\n<form><input></form>\n</search>",
        '<my-element attr="x">\n  <p slot="a">Hi</p>\n</my-element>',
        "<is-land on:visible>\n  <p>Hi</p>\n  <ul><li>x</li></ul>\n</is-land>",
        "<My-Card>\n<p>Hi</p>\n</My-Card>",
        '<svg viewBox="0 0 1 1">\n  <text>a</text>\n  <path d="M0"/>\n</svg>',
        "<select>\n  <option>a</option>\n  <option>b</option>\n</select>",
    ],
)
def test_a_block_of_html_is_passed_on_as_it_is(site: SmallSite, engine: str, block: str) -> None:
    text = prose(site, f"One.\n\n{block}\n\nTwo.", f'[markdown]\nengine = "{engine}"\n')
    assert block in site.text(HOME)
    assert [p.text_content() for p in text.cssselect(".prose > p")] == ["One.", "Two."]


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
@pytest.mark.parametrize(
    "line",
    [
        '<my-icon name="x"></my-icon> in *it*.',
        'Text with\n<my-icon name="x"></my-icon> in *it*.',
        "A <my-x>b</my-x> and *it*.",
    ],
)
def test_an_element_in_a_line_stays_in_it(site: SmallSite, engine: str, line: str) -> None:
    text = prose(site, f"{line}\n\nTwo.", f'[markdown]\nengine = "{engine}"\n')
    assert len(text.cssselect(".prose > p")) == 2
    assert words(text, "em") == "it"


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
@pytest.mark.parametrize(
    "comment",
    [
        '<!-- secret <h2>A</h2> <a href="gone.md">x</a> <table></table> -->',
        "<!--\nsecret\n\n<p>secret</p>\n-->",
        "Two <!-- secret --> three.",
        "<div>\n<!--[if IE]> secret <![endif]-->\n</div>",
        "- a\n- <!-- secret --> b",
        "<!--more-->",
    ],
)
def test_what_is_in_a_comment_is_not_published(site: SmallSite, engine: str, comment: str) -> None:
    settings = f'[markdown]\nengine = "{engine}"\n'
    prose(site, f"One.\n\n{comment}\n\nTwo.\n\n`<!-- shown -->`", settings)
    for text in (site.text(HOME), site.text("/feed.xml")):
        assert "secret" not in text
        assert "more--" not in text
    assert words(site.page(HOME), ".prose code") == "<!-- shown -->"


@pytest.mark.parametrize(
    ("title", "caption"),
    [
        ("The Map", None),
        ("the  map!", None),
        ("“The map”", None),
        ("The map of 2026", "The map of 2026"),
        ("", None),
    ],
)
def test_a_title_that_repeats_the_alt_is_no_caption(
    site: SmallSite, title: str, caption: str | None
) -> None:
    site.write({"content/articles/p.svg": SVG})
    figure = prose(site, f'![The map](p.svg "{title}")').cssselect("figure")[0]
    assert [c.text for c in figure.cssselect("figcaption")] == [caption] * bool(caption)
    assert figure.cssselect("img")[0].get("title") is None


def test_a_text_is_what_readers_see(site: SmallSite) -> None:
    hidden = "<template><p>t t t</p></template>\n\n<p hidden>h h</p>\n\n<noscript>n n</noscript>"
    body = f"<!-- c c c -->\n\n{hidden}\n\n<script>s(); s()</script>\n\nOne two three."
    site.article("a", body)
    layout = (
        "{% extends 'default/article.html' %}{% block dek %}<i>{{ story.words }}</i>{% endblock %}"
    )
    site.write({"layouts/article.html": layout})
    site.build()
    assert words(site.page(HOME), "i") == "3"


def test_code_that_shows_a_link_is_left_alone(site: SmallSite) -> None:
    text = prose(site, '`<a href="gone.md">`\n\n```html\n<img src="gone.png">\n```\n')
    assert words(text, "code") == '<a href="gone.md"> <img src="gone.png">'


def test_html_in_capitals_is_resolved_too(site: SmallSite) -> None:
    site.write(OTHERS)
    assert links(prose(site, '<P><A HREF="b.md">x</A></P>')) == ["/2026/06/b/"]


def test_a_link_in_a_comment_or_script_is_none(site: SmallSite) -> None:
    prose(site, '<!-- <a href="gone.md">x</a> -->\n\n<script>"<a href=\'gone.md\'>"</script>')


def test_a_link_to_a_path_nobody_answers_for_is_a_warning(site: SmallSite) -> None:
    site.article("a", "[x](/2026/06/a/)\n\n[y](/gone/)")
    (warning,) = site.warnings()
    assert warning == (
        'content/articles/a.md:8: no page of this site answers for "/gone/";'
        " link to a source file, or write the whole address if it is elsewhere"
    )


# --------------------------------------------------------------------- the promo's place


PROMO = "---\ntitle: Read us\nurl: /about/\nlabel: Subscribe\n---\nEvery *week*.\n"


@pytest.mark.parametrize(
    ("body", "before"),
    [
        ("One.\n\nTwo.\n\nThree.\n\nFour.", "One. Two."),
        ("One.\n\nTwo.\n\n## Head\n\nThree.\n\nFour.", "One. Two. Head Three."),
        ("One.\n\n> Q.\n>\n> R.\n>\n> S.\n\nTwo.\n\nThree.", "One. Q. R. S. Two."),
        ("One.\n\nTwo.", "One."),
        ("One.", "One."),
        ("", ""),
        ("## A\n\n- a\n\n## B\n\n- b\n\n## C\n\n- c\n\n## D\n\n- d", "A a B b"),
        ("- a\n\n> b\n\n| c |\n|---|\n| d |\n\n> e", "a b"),
        ("One.\n\n- a\n\n## B\n\n- b\n\n## C\n\n- c", "One. a"),
        ("One.\n\n- a", "One."),
        ("## A\n\n- a", "A a"),
        ("<!--\n<p>x</p>\n\n<p>y</p>\n-->\n\nOne.\n\nTwo.\n\nThree.", "One. Two."),
        ("One.\n\n<div hidden>\n<p>x</p>\n<p>y</p>\n</div>\n\nTwo.\n\nThree.", "One. x y Two."),
        (
            "One.\n\n<div>\n<p>a</p>\n<p>b</p>\n<p>c</p>\n</div>\n\nTwo.\n\nThree.",
            "One. a b c Two.",
        ),
        ("One.[^1]\n\n[^1]: A note.", "One.1 A note. ↩"),
    ],
)
def test_the_promo_stands_between_two_paragraphs(site: SmallSite, body: str, before: str) -> None:
    site.write({"content/promos/weekly.md": PROMO, "content/pages/about.md": "---\ntitle: A\n---"})
    text = prose(site, body, '[promos]\ndefault = "weekly"\nafter = 2\n')
    (promo,) = text.cssselect("aside.promo")
    assert "Every week." in words(promo, "p")
    assert links(promo, "a.button") == ["/about/"]
    shown = text.text_content().partition("Read us")[0]
    assert " ".join(shown.split()) == before
