"""Extensions of Python-Markdown: any may be named, with options, and all that follows goes on."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.config import Markdown
from generator.content.markdown.extensions import MarkdownExtension, extensions_of
from generator.content.markdown.made_extensions import unlike
from generator.content.markdown.python_markdown import extended_html, to_html
from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from support.builds import build_again
from support.sites import NOW, REPOSITORY, SETTINGS, SmallSite, command, refused, words

STORY = "2026/06/good/index.html"
ADDRESS = "/2026/06/good/"
LONG = bool(os.environ.get("BROADSHEET_LONG"))


def extend(site: SmallSite, *names: str, options: str = "", more: str = "") -> None:
    """Name extensions, with tables of options."""
    tables = f"[markdown]\n{more}extensions = {list(names)!r}\n{options}"
    site.write({"site.toml": SETTINGS + tables})


@pytest.mark.parametrize(
    ("name", "body", "shown"),
    [
        ("admonition", '!!! note "Mind"\n    Text.', '<p class="admonition-title">Mind</p>'),
        ("markdown.extensions.admonition", "!!! note\n    Text.", '<div class="admonition note">'),
        ("pymdownx.tilde", "~~gone~~", "<p><del>gone</del></p>"),
        ("abbr", "The HTML.\n\n*[HTML]: Hyper", '<abbr title="Hyper">HTML</abbr>'),
        ("toc", "[TOC]\n\n## One", '<li><a href="#one">One</a></li>'),
        ("extra", '<div markdown="1">\n*It*\n</div>', "<p><em>It</em></p>"),
        ("extra", "A|B\n-|-\n1|2", '<div class="table" role="group" tabindex="0"><table>'),
        ("pymdownx.superfences:SuperFencesCodeExtension", "``` py\nx\n```", "highlight"),
        ("nl2br", "one\ntwo", "one<br>"),
        ("wikilinks", "[[About]]", '<a class="wikilink" href="/About/">About</a>'),
    ],
)
def test_an_extension_is_used(site: SmallSite, name: str, body: str, shown: str) -> None:
    site.article("good", body)
    site.write({"content/pages/about.md": "---\ntitle: A\npermalink: /About/\n---\nText.\n"})
    extend(site, name)
    assert site.warnings() == []
    assert shown in site.text(ADDRESS)


def test_all_that_follows_goes_on(site: SmallSite) -> None:
    body = '!!! note\n    "Quoted" [link](other.md).\n\n    ![P](p.svg "Caption")\n\n    ## In it\n'
    site.article("good", body)
    site.article("other")
    site.write({"content/articles/p.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"})
    extend(site, "admonition")
    site.build()
    page = site.text(ADDRESS)
    assert "“Quoted”" in page
    assert 'href="/2026/06/other/"' in page
    assert "<figcaption>Caption</figcaption>" in page
    assert '<h2 id="in-it">' in page


def test_mistakes_in_what_an_extension_makes_are_told(built: SmallSite) -> None:
    built.article("bad", "!!! note\n    Text.\n\n    [x](gone.md)\n")
    extend(built, "admonition")
    (told,) = refused(built)
    assert told.startswith('content/articles/bad.md:9: there is no file "gone.md"')


def test_the_policy_sees_what_an_extension_brings(site: SmallSite) -> None:
    site.article("good", "``` {.python linenums=1}\nx = 1\n```\n\n![p](https://x.example/p.png)")
    extend(site, "pymdownx.superfences", options="[security]\ncsp = true\n")
    (told,) = site.warnings()
    assert told.startswith("content/articles/good.md:10:")


def test_html_that_is_shown_as_text_stays_text(site: SmallSite) -> None:
    body = 'An <b>old</b> word, !! \n\n<div markdown="1">\n*It*\n</div>\n\n!!! note\n    <i>x</i>'
    site.article("good", body)
    extend(site, "admonition", "extra", more="raw_html = false\n")
    site.build()
    page = site.text(ADDRESS)
    for tag in ("b", "i", 'div markdown="1"'):
        shown = f"&lt;{tag}&gt;".replace('"', "&quot;")
        assert shown in page.replace("“", '"').replace("”", '"').replace('"', "&quot;")


@pytest.mark.parametrize("quotes", ["true", "false"])
def test_what_is_escaped_in_code_stays_code(site: SmallSite, quotes: str) -> None:
    site.article("good", "```\n\\<b>\n```\n\n- x\n\n    ``` html\n    \\<i>\n    ```\n\n\\<u>")
    extend(site, "pymdownx.superfences", more=f"smart_quotes = {quotes}\n")
    site.build()
    text = words(site.page(ADDRESS), ".prose")
    assert [tag in text for tag in ("\\<b>", "<i>", "<u>")] == [True] * 3
    assert "<b>" not in site.text(ADDRESS).partition('class="prose"')[2]


# ------------------------------------------------------------------------------ options


@pytest.mark.parametrize("name", ["toc", "markdown.extensions.toc"])
@pytest.mark.parametrize("table", ["toc", '"markdown.extensions.toc"'])
def test_options_are_those_of_the_extension_however_it_is_named(
    site: SmallSite, name: str, table: str
) -> None:
    site.article("good", "## One")
    extend(site, name, options=f"[markdown.options.{table}]\npermalink = true\n")
    site.build()
    assert 'class="headerlink"' in site.text(ADDRESS)


def test_options_hold_for_what_is_on_anyway(site: SmallSite) -> None:
    site.article("good", "A note[^1].\n\n[^1]: Below.")
    extend(site, options='[markdown.options.footnotes]\nBACKLINK_TEXT = "back"\n')
    site.build()
    page = site.text(ADDRESS)
    assert ">back</a>" in page
    assert page.count('<div class="footnote">') == 1


@pytest.mark.parametrize(
    "names",
    [("tables",), ("footnotes", "def_list", "attr_list", "markdown.extensions.fenced_code")],
)
def test_to_name_what_is_on_anyway_changes_nothing(site: SmallSite, names: tuple[str]) -> None:
    site.article("good", "A|B\n-|-\n1|2\n\nNote[^1].\n\n- x\n  ```js\n  y\n  ```\n\n[^1]: Below.")
    site.build()
    before = site.outputs()
    extend(site, *names)
    report = site.build()
    assert (site.outputs(), report.converted) == (before, 0)


def test_code_is_coloured(site: SmallSite) -> None:
    site.article("good", "```python\nx = 1\n```")
    extend(site, "codehilite")
    site.build()
    assert '<div class="codehilite">' in site.text(ADDRESS)
    assert '<span class="n">x</span>' in site.text(ADDRESS)


def test_a_changed_option_wakes_what_it_changes(site: SmallSite) -> None:
    site.article("good", "## One")
    site.article("plain", "Text.")
    extend(site, "toc", options="[markdown.options.toc]\npermalink = false\n")
    site.build()
    extend(site, "toc", options="[markdown.options.toc]\npermalink = true\n")
    rendered, _, report = build_again(site)
    assert report.converted == 2
    assert report.written <= len(rendered)
    assert "headerlink" in site.text(ADDRESS)


def test_another_version_converts_again(site: SmallSite, tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    site.article("good", "Some loud words.")
    extend(site, "loud")

    def converted(word: str) -> str:
        (packages / "loud.py").write_text(LOUD.replace("WORD", word))
        path = os.pathsep.join([str(REPOSITORY), str(packages)])
        assert command(site.root, "--jobs", "2", PYTHONPATH=path)[0] == 0
        return words(site.page(ADDRESS), ".prose")

    assert [converted("LOUD"), converted("quiet")] == ["Some LOUD words.", "Some quiet words."]


LOUD = """
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

class Louder(Preprocessor):
    def run(self, lines):
        return [line.replace("loud", "WORD") for line in lines]

class Loud(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Louder(md), "loud", 1)

def makeExtension(**options):
    print("made")
    return Loud(**options)
"""


def test_what_an_extension_adds_late_is_converted_all_the_same(
    site: SmallSite, tmp_path: Path
) -> None:
    """A preprocessor may bring in marks that the text does not have."""
    (tmp_path / "loud.py").write_text(LOUD.replace("WORD", "**loud** `code` [x][y]"))
    site.article("good", "Some loud words.\n\nMore of them.\n\n[y]: https://y.example/")
    extend(site, "loud")
    path = os.pathsep.join([str(REPOSITORY), str(tmp_path)])
    code, printed, _ = command(site.root, "--json", PYTHONPATH=path)
    assert (code, printed[0]) == (0, "{")
    line = '<strong>loud</strong> <code>code</code> <a href="https://y.example/">x</a> words.</p>'
    assert f"<p>Some {line}" in site.text(ADDRESS)


# ------------------------------------------------------------------------------ mistakes

MISTAKES: dict[str, list[str]] = {
    'extensions = ["tocc"]': [
        '4: markdown.extensions: there is no extension "tocc"; did you mean "toc"?'
    ],
    'extensions = ["toc",\n "pymdownx.superfencess"]': [
        '5: markdown.extensions: there is no extension "pymdownx.superfencess";'
        ' did you mean "pymdownx.superfences"?'
    ],
    'extensions = ["pymdown.tilde"]': [
        '4: markdown.extensions: there is no extension "pymdown.tilde";'
        ' did you mean "pymdownx.tilde"?'
    ],
    'extensions = ["no_such.thing"]': [
        '4: markdown.extensions: there is no extension "no_such.thing";'
        " take it out, or pip install no_such"
    ],
    'extensions = ["json"]': [
        '4: markdown.extensions: "json" is no extension of Python-Markdown; take it out'
    ],
    'extensions = ["toc:Nothing"]': [
        '4: markdown.extensions: there is no extension "toc"; did you mean "toc"?'
    ],
    'extensions = "toc"': ['4: markdown.extensions: expected a list, got text; write ["toc"]'],
    'extensions = ["toc"]\n[markdown.options.toc]\ntocdepth = 2\nbaselevels = 1': [
        '6: markdown.options."toc": there is no option `tocdepth`; did you mean `toc_depth`?',
        '7: markdown.options."toc": there is no option `baselevels`; did you mean `baselevel`?',
    ],
    'extensions = ["tocc"]\n[markdown.options.footnotes]\nBACKLINK = 1': [
        '4: markdown.extensions: there is no extension "tocc"; did you mean "toc"?',
        '6: markdown.options."footnotes": there is no option `BACKLINK`;'
        " did you mean `BACKLINK_TEXT`?",
    ],
    'extensions = ["toc"]\n[markdown.options.toc]\nuse_pygments = 1': [
        '6: markdown.options."toc": there is no option `use_pygments`; it has: marker, title,'
    ],
    'extensions = ["toc"]\n[markdown.options.toc]\nanchorlink = "maybe"': [
        '4: markdown.extensions: "toc" cannot be used: ValueError: Cannot parse bool value:'
        " 'maybe'; mend its options, or take it out"
    ],
    'extensions = ["toc"]\n[markdown.options.tok]\nx = 1': [
        '5: markdown.options."tok": no extension of that name is on; did you mean "toc"?'
    ],
    "[markdown.options.admonition]\nx = 1": [
        '4: markdown.options."admonition": no extension of that name is on; add it to `extensions`'
    ],
    "[markdown.options.extra]\nx = 1": [
        '4: markdown.options."extra": it has no options of its own;'
        " give them to the extensions in it"
    ],
    "options = 3": ["4: markdown.options: expected a table of tables, got a number"],
    "[markdown.options]\ntoc = 3": [
        "4: markdown.options: expected a table of tables, got a table of fields;"
        " write [markdown.options.NAME], and options below it"
    ],
    'engine = "commonmark"\nextensions = ["toc"]': [
        '5: markdown.extensions: the engine "commonmark" has none;'
        ' take them out, or write engine = "markdown"'
    ],
}


@pytest.mark.parametrize("lines", MISTAKES)
def test_a_mistake_is_told_at_its_line(built: SmallSite, lines: str) -> None:
    built.write({"site.toml": f"{SETTINGS}[markdown]\n{lines}\n"})
    told, wanted = refused(built), MISTAKES[lines]
    assert len(told) == len(wanted), told
    for one, beginning in zip(told, wanted, strict=True):
        assert one.startswith(f"site.toml:{beginning}")


def test_mistakes_of_texts_are_told_beside_those_of_extensions(built: SmallSite) -> None:
    extend(built, "tocc")
    built.write({"content/articles/bad.md": "Nothing."})
    assert [one.partition(": ")[0] for one in refused(built)] == [
        "content/articles/bad.md:1",
        "site.toml:4",
    ]


def test_a_worker_with_other_extensions_is_told_apart() -> None:
    (toc,) = extensions_of(Markdown(extensions=("toc",)))
    other = MarkdownExtension("toc", "{}", "another digest")
    missing = MarkdownExtension("no_such.thing", "{}", "some digest")
    assert unlike([toc]) == []
    assert [problem.what for problem in unlike([toc, other, missing])] == [
        f'markdown.extensions: "{name}" is installed otherwise at this worker'
        for name in ("toc", "no_such.thing")
    ]


def test_the_preview_goes_on_with_the_extensions_that_worked(site: SmallSite) -> None:
    site.article("good", "!!! note\n    Text.")
    extend(site, "admonition")
    live = Session(site.root, NOW)
    live.update()
    extend(site, "admonitions")
    live.update(["site.toml"])
    assert list(map(str, live.problems())) == [
        'site.toml:4: markdown.extensions: there is no extension "admonitions";'
        ' did you mean "admonition"?'
    ]
    body = respond(live, ADDRESS).body
    assert isinstance(body, bytes)
    assert b'<div class="admonition note">' in body
    extend(site, "nl2br")
    live.update(["site.toml"])
    body = respond(live, ADDRESS).body
    assert isinstance(body, bytes)
    assert (live.problems(), b"admonition" in body) == ([], False)


def test_verbose_says_that_texts_take_longer(site: SmallSite) -> None:
    site.article("good")
    assert "Markdown" not in command(site.root, "--verbose")[2]
    extend(site, "toc")
    assert (
        "read: 1 text, with extensions of Markdown, several times as slow, "
        in command(site.root, "--verbose")[2]
    )


# ------------------------------------------------------------------- the same as without

NOTHING = (MarkdownExtension("abbr", "{}", ""),)
"""An extension that changes none of these texts."""
TEXTS = [
    path.read_text(encoding="utf-8").partition("\n---\n")[2]
    for path in sorted((REPOSITORY / "content").rglob("*.md"))
]


@pytest.mark.parametrize("smart_quotes", [True, False])
def test_the_usual_way_gives_the_html_of_the_quick_one(smart_quotes: bool) -> None:
    different = [
        text
        for text in TEXTS
        if extended_html(text, smart_quotes, extensions=NOTHING) != to_html(text, smart_quotes)
    ]
    assert different == []


SIGNS = "*_`[]()<>!#-+|&;:~^{}\\\"'\n "
MARKS = ["```", "\n\n", "\n    ", "\n- ", "\n1. ", "\n> ", "[a]: /b", "[^1]", "[^1]: x", "{.c}"]
TAGS = ["word", "<b>", "</b>", "<div>", "</div>", "\\<"]
PIECES = st.sampled_from([*SIGNS, *MARKS, *TAGS])


@pytest.mark.long
@given(st.lists(PIECES, max_size=40).map("".join), st.booleans(), st.booleans())
@settings(
    max_examples=5_000 if LONG else 200, deadline=None, suppress_health_check=list(HealthCheck)
)
def test_any_text_is_converted_alike(text: str, smart_quotes: bool, shows_html: bool) -> None:
    def outcome(to: Any, *more: Any) -> str:
        try:
            return str(to(text, smart_quotes, shows_html, *more))
        except Exception as error:  # what a text breaks, it breaks both ways
            return type(error).__name__

    assert outcome(extended_html, NOTHING) == outcome(to_html)
