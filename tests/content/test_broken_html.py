"""HTML in a text that is not whole: said with its line, and kept from the page around it."""

from pathlib import Path

import pytest

from generator.content.html import look_at
from generator.preview.session.site import Session
from support.sites import SETTINGS, SmallSite, words

HOME = "/2026/06/a/"
ENGINES = pytest.mark.parametrize("engine", ["markdown", "commonmark"])


def written(site: SmallSite, engine: str, body: str) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{engine}"\n'})
    site.article("a", body)


@ENGINES
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("<script>", "`<script>` is never closed"),
        ("<script>\nlet a = 1;\n\nText.", "`<script>` is never closed"),
        ("<SCRIPT src=x.js>", "`<SCRIPT src=x.js>` is never closed"),
        ("Text <script>", "`<script>` is never closed"),
        ("<style>\np {}", "`<style>` is never closed"),
        ("<textarea>", "`<textarea>` is never closed"),
        ("<title>", "`<title>` is never closed"),
        ("<template>\n<p>x</p>", "`<template>` is never closed"),
        ("<noscript>", "`<noscript>` is never closed"),
        ('<iframe src="https://e.example/">', "`<iframe src="),
        ("<select>\n<option>x", "`<select>` is never closed"),
        ("<xmp>", "`<xmp>` is never closed"),
        ("<plaintext>", "`<plaintext>` is never closed"),
        ("<script src='x.js'/>", "`<script src='x.js'/>` is never closed"),
        ("<script><!-- <script> </script>", "`<script>` is never closed"),
        ("<!--\n<p>secret</p>", "a comment"),
        ("Text <!-- secret", "a comment"),
        ("Text <!-- secret\n\nsecret --> text", "a comment"),
        ('<a href="b.md>x</a>', "`<a"),
        ('<a href="b.md', "`<a"),
    ],
)
def test_what_would_swallow_the_page_is_an_error_with_its_line(
    site: SmallSite, engine: str, broken: str, said: str
) -> None:
    shown = '`<script>` `<!--` `<a href="`\n\n```html\n<script>\n<!--\n<div\n```'
    written(site, engine, f"One.\n\n{shown}\n\n{broken}\n\nLast *words*.")
    found = site.errors()
    assert found[0].startswith("content/articles/a.md:16: ")
    assert said in found[0]


@ENGINES
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("<p>x</p", "`</p`"),
        ("</p", "`</p`"),
        ("</div>", "`</div>` closes nothing"),
        ("</article>", "`</article>` closes nothing"),
        ("</main></main>", "`</main>` closes nothing"),
        ("</body></p></div>", "`</div>` closes nothing"),
        ("<div>", "`<div>` is never closed"),
        ("<table>\n<tr><td>x", "`<table>` is never closed"),
        ("<details>\n<summary>x</summary>", "`<details>` is never closed"),
        ("<blockquote>", "`<blockquote>` is never closed"),
        ("<article>", "`<article>` is never closed"),
        ('Text <a href="https://e.example/">x', "`<a href="),
        ("Text <b>x", "`<b>` is never closed"),
        ("<video controls>", "`<video controls>` is never closed"),
        ("Text <span>x</em></span>", "`</em>` closes nothing"),
        ("</html>", "`</html>` closes nothing"),
    ],
)
def test_what_would_break_the_page_is_a_warning_and_does_not(
    site: SmallSite, engine: str, broken: str, said: str
) -> None:
    written(site, engine, f"One.\n\n`{broken.splitlines()[0]}`\n\n{broken}")
    found = site.warnings()
    assert any(w.startswith("content/articles/a.md:10: ") and said in w for w in found)
    page = site.page(HOME)
    assert [e.tag for e in page.cssselect(".prose")[0].iterancestors()] == [
        "div", "article", "div", "main", "body", "html",
    ]  # fmt: skip
    assert len(page.cssselect("body > footer")) == 1
    assert page.cssselect(".prose footer, .prose aside.related") == []


@ENGINES
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<!-- a\n\nwords\n\n<!-- b -->", "a comment begins in a comment"),
        ("<script>\nlet a\n\nwords\n\n<script>\nlet b\n</script>", "a `<script>` begins in a"),
        ("<style>\n\nwords <style>\np { }\n</style>", "a `<style>` begins in a"),
        ('<p title="a>words</p> <b class="c">d</b></p>', "has taken in what follows it"),
        ("<![CDATA[ words ]]>", "is a comment to browsers"),
        ("a <script>\n\nb *c*\n\n</script>", "Markdown has changed what stands in `<script>`"),
    ],
)
def test_words_that_no_reader_sees_are_not_lost_in_silence(
    site: SmallSite, engine: str, body: str, said: str
) -> None:
    settings = f'[markdown]\nengine = "{engine}"\nsmart_quotes = false\n'
    site.write({"site.toml": SETTINGS + settings})
    site.article("a", body)
    assert any(said in warning for warning in site.warnings())


@ENGINES
@pytest.mark.parametrize(
    "body",
    [
        "a < b, c > d, e <3 f, g<h",
        "<p>One<p>Two",
        "<ul><li>a<li>b</ul>",
        "<table><tr><td>a<td>b<tr><td>c</table>",
        "<b>One\n\nTwo</b>",
        '<img alt="a > b" src="https://e.example/a.png">',
        "<P CLASS=x>a</P>",
        '<a name="x"/>Text',
        "<br/><hr>",
        "&lt;script> and &lt;!-- and `</div>`",
        "```\n<script>\n</div>\n<!--\n```",
        "<svg viewBox='0 0 1 1'><title>x</title><path d='M0 0'/></svg>",
        "<!doctype html>\n\nText",
        '<p data-x="<b>">a</p>',
    ],
)
def test_what_browsers_take_as_it_is_meant_is_not_complained_of(
    site: SmallSite, engine: str, body: str
) -> None:
    written(site, engine, body)
    assert site.warnings() == []


def test_what_an_engine_cannot_convert_is_an_error_beside_all_others(site: SmallSite) -> None:
    site.article("a", f"One.\n\n{'- ' * 600}a\n\nTwo.\n\n[x](gone.md)")
    site.article("b", "[x](gone.md)")
    first, second = site.errors()
    assert first.startswith("content/articles/a.md:8: this is nested too deep; ")
    assert second.startswith('content/articles/b.md:6: there is no file "gone.md"')


def test_the_preview_shows_what_stood_before_a_mistake(site: SmallSite, tmp_path: Path) -> None:
    site.article("a", "Whole.")
    live = Session(site.root)
    live.update()
    site.article("a", "<script>\n\nBroken.")
    live.update()
    (problem,) = live.problems()
    assert (problem.line, problem.severity) == (6, "error")
    assert live.planned is not None
    assert live.planned.site.articles[0].summary == "Whole."


@ENGINES
@pytest.mark.parametrize(
    "tag", ["button", "label", "object", "video controls", "foo-bar", "span", "output", "canvas"]
)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Press <{}> now", "Press now"),
        ("- Press <{}> now\n- more", "Press now more"),
        ("> Press <{}> now", "Press now"),
        ("### Press <{}> now", "Press now"),
        ("| Press <{}> now |\n|---|\n| a |", "Press now a"),
    ],
)
def test_what_is_never_closed_in_a_line_ends_with_its_block(
    site: SmallSite, engine: str, tag: str, before: str, after: str
) -> None:
    written(site, engine, f"One.\n\n{before.format(tag)}\n\nSecond.\n\nThird.")
    warning, *others = site.warnings()
    assert warning.startswith(f"content/articles/a.md:8: `<{tag}>` is never closed")
    # A bare name may also be a word that nobody sees.
    assert [other for other in others if f"`<{tag}>` is taken for HTML" not in other] == []
    site.build()
    assert words(site.page(HOME), ".prose") == f"One. {after} Second. Third."
    assert words(site.page(HOME), ".prose > p:last-of-type") == "Third."


@ENGINES
@pytest.mark.parametrize(
    ("tag", "is_error"),
    [
        ('<base href="https://e.example/">', True),
        ("<BASE target=_blank>", True),
        ('<meta http-equiv="refresh" content="0; url=https://e.example/">', True),
        ("<div><meta http-equiv=refresh></div>", True),
        ("<listing>x</listing>", False),
        ("<frameset></frameset>", False),
    ],
)
def test_what_does_not_belong_into_a_text_is_told_of(
    site: SmallSite, engine: str, tag: str, is_error: bool
) -> None:
    written(site, engine, f"One.\n\n`{tag}`\n\n{tag}\n\nTwo.")
    found = site.errors() if is_error else site.warnings()
    assert found[0].startswith("content/articles/a.md:10: `<")


@ENGINES
@pytest.mark.parametrize(
    "tag",
    [
        '<div itemscope><meta itemprop="name" content="x"></div>',
        "<template><base href=x></template>",
        "&lt;base href=x>",
    ],
)
def test_what_may_stand_in_a_text_is_not_complained_of(
    site: SmallSite, engine: str, tag: str
) -> None:
    site.write({"content/articles/x": "x"})
    written(site, engine, f"One.\n\n{tag}\n\nTwo.")
    assert site.warnings() == []


@ENGINES
def test_what_looks_like_a_tag_in_a_list_is_said_once(site: SmallSite, engine: str) -> None:
    written(site, engine, "One.\n\n- takes Array<Object> values\n- more\n\nNext.")
    (warning,) = site.warnings()
    assert warning.startswith("content/articles/a.md:8: `<Object>` is never closed")


@ENGINES
@pytest.mark.parametrize(
    "comment", ["<!-- never closed", "<!-- never -- closed", "<!--", "<!--- x"]
)
def test_a_comment_that_is_never_closed_is_called_one(
    site: SmallSite, engine: str, comment: str
) -> None:
    written(site, engine, f"One -- two.\n\n{comment}\n\nThree.")
    (error,) = site.errors()
    assert error.startswith("content/articles/a.md:8: a comment ")
    assert "write `-->`" in error


def test_many_comments_that_are_never_closed_are_told_of_as_far_as_it_helps(
    site: SmallSite,
) -> None:
    written(site, "markdown", "\n\n".join(f"Text {n} <!-- a" for n in range(1000)))
    assert len(site.errors()) == 50


@ENGINES
@pytest.mark.parametrize("item", ["li", "dd", "dt"])
def test_an_item_of_a_list_closes_an_open_paragraph(
    site: SmallSite, engine: str, item: str
) -> None:
    written(site, engine, f"One.\n\nTwo.\n\n<em> <{item}>")
    site.build()
    assert [e.tag for e in site.page(HOME).cssselect(f".prose {item}")[0].iterancestors("p")] == []
    assert words(site.page(HOME), ".prose") == "One. Two."


# ------------------------------------------------------------------------ the tokenizer


@pytest.mark.parametrize(
    ("markup", "tags"),
    [
        ("<p>a</p>", "p /p"),
        ('<a href="x>y">z</a>', "a /a"),
        ("<a b = c>d</a>", "a /a"),
        ('<p a"b>c</p>', "p /p"),
        ("a < b > c <d", ""),
        ("<!-- <b> -->c<!--> <b>", "b"),
        ("<!-- a --!><b>", "b"),
        ("<!--><b>", "b"),
        ("<script>'<b>'</script><i>", "script /script i"),
        ("<script>'<!-- <script> </script> -->'</script><i>", "script /script i"),
        ("<textarea><b></textarea ><i>", "textarea /textarea i"),
        ("<svg><style><b></style></svg>", "svg style b /style /svg"),
        ("<?php <b ?><i>", "i"),
        ("<![CDATA[ <b> ]]><i>", "i"),
        ("</ b><i></><u>", "i u"),
        ("<B><I/>", "b i"),
        ("<x-y><o:p>", "x-y o:p"),
        ("<a\nhref=x\n>", "a"),
        ("<p =a>", "p"),
    ],
)
def test_tags_are_where_browsers_see_them(markup: str, tags: str) -> None:
    found = (f"{'/' * token.is_end}{token.name}" for token in look_at(markup).tokens if token.name)
    assert " ".join(found) == tags


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a<b>b</b></p><p>c</p>", "ab c"),
        ("<p hidden>a<p>b", "b"),
        ("<div hidden>a<p>b</p></div>c", "c"),
        ("<ul><li hidden>a<li>b</ul>", "b"),
        ("<template>a<p>b</template>c", "c"),
        ("a<script>b</script>c<style>d</style>", "a c"),
        ("<iframe>a</iframe>b", "b"),
        ("<p title='hidden'>a</p>", "a"),
        ("<p style='display:none'>a</p>b", "b"),
        ("<p STYLE='color: red; Display : NONE !important'>a</p>b", "b"),
        ("<div style=visibility:hidden>a<p>b</p></div>c", "c"),
        ("<p style='display: none-such; x-display: none'>a</p>", "a"),
        ("<p style='overflow:hidden'>a</p>", "a"),
    ],
)
def test_text_is_what_is_seen(markup: str, text: str) -> None:
    assert " ".join(look_at(markup).text().split()) == text


def test_no_word_of_a_page_is_lost_where_a_text_is_mended(site: SmallSite) -> None:
    written(site, "markdown", "One.\n\n</div>\n\nTwo <b>three.\n\nFour.")
    site.build()
    assert words(site.page(HOME), ".prose") == "One. Two three. Four."
