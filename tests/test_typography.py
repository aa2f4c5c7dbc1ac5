"""Quotation marks, apostrophes, dashes and ellipses as the language's typesetters have them."""

import re

import pytest
from conftest import SETTINGS, SmallSite, words
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.read.typography import marks_of, typeset


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ('"So," she said.', "“So,” she said."),
        ("'it's' the workers' choice", "‘it’s’ the workers’ choice"),
        ("\"'Tea' is all,\" she said", "“‘Tea’ is all,” she said"),
        ("He: \"she said 'no.'\" So", "He: “she said ‘no.’” So"),
        ("\"Ann's 'tea'\"", "“Ann’s ‘tea’”"),
        ('("a") ["b"] --"c"-- /"d"/', "(“a”) [“b”] –“c”– /“d”/"),
        ('"$5", "#1", "(x)", "-3"', "“$5”, “#1”, “(x)”, “-3”"),
        ("a--b --- c ... d....", "a–b — c … d...."),
        ('"...and so" "Well..."', "“…and so” “Well…”"),
        ("the '90s, the crash of '87", "the ’90s, the crash of ’87"),
        ("rock 'n' roll, get 'em, 'tis", "rock ’n’ roll, get ’em, ’tis"),
        ('6\'2" tall, 5" wide', "6′2″ tall, 5″ wide"),
        ('in "1987", "the class of 1988"', "in “1987”, “the class of 1988”"),
        ("1'000'000 francs", "1’000’000 francs"),
        ('a "b"s, "c"\'s', "a “b”s, “c”’s"),
        ('l\'"Argentine"', "l’“Argentine”"),
        ("&quot;a&quot; &#34;b&#34; &#39;c&#39; d&apos;e", "“a” “b” ‘c’ d’e"),
        ('a&nbsp;"b" &mdash;"c" x&#160;"d"', "a&nbsp;“b” &mdash;“c” x&#160;“d”"),
        ('said."Hello', "said.“Hello"),
        ("a -- 'b", "a – ’b"),
    ],
)
def test_marks_by_what_stands_around_them(typed: str, set_: str) -> None:
    assert typeset(f"<p>{typed}</p>", "en") == f"<p>{set_}</p>"


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ('"<em>word</em>"', "“<em>word</em>”"),
        ('<em>"word"</em>', "<em>“word”</em>"),
        ('<a href="x" title=\'"\'>"a"</a>', '<a href="x" title=\'"\'>“a”</a>'),
        ('"<code>x</code>"', "“<code>x</code>”"),
        ('"<img src="a" alt="b">"', '“<img src="a" alt="b">”'),
        ('"a"<sup id="fnref:1"><a href="#fn:1">1</a></sup> b', None),
        ("<b>it</b>'<i>s</i>", "<b>it</b>’<i>s</i>"),
        ('said:<br>"So"', "said:<br>“So”"),
        ('"a<!-- "b" -- ... -->"', '“a<!-- "b" -- ... -->”'),
    ],
)
def test_tags_inside_a_line_do_not_part_what_they_stand_between(
    typed: str, set_: str | None
) -> None:
    wanted = set_ or typed.replace('"a"', "“a”")
    assert typeset(f"<p>{typed}</p>", "en") == f"<p>{wanted}</p>"


@pytest.mark.parametrize("tag", ["code", "pre", "kbd", "samp", "script", "style", "math", "svg"])
def test_code_and_what_is_like_it_is_left_alone(tag: str) -> None:
    left = f"<{tag} class='a'>\"x\" -- 'y'...<b>\"</b></{tag}>"
    assert typeset(f'{left} "z" {left}', "en") == f"{left} “z” {left}"


def test_each_block_opens_its_own_quotations() -> None:
    typed = '<p>"One.</p>\n<p>"Two in 1988."</p><ul><li>"x</li><li>"y"</li></ul>'
    shown = "<p>“One.</p>\n<p>“Two in 1988.”</p><ul><li>“x</li><li>“y”</li></ul>"
    assert typeset(typed, "en") == shown


def test_a_quotation_left_open_may_end_in_a_later_paragraph() -> None:
    assert typeset('<p>"In 1987</p><p>or 1988"</p>', "en") == "<p>“In 1987</p><p>or 1988”</p>"


TYPED = "\"So 'it's' told.\""


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "“So ‘it’s’ told.”"),
        ("en-GB", "“So ‘it’s’ told.”"),
        ("xx", "“So ‘it’s’ told.”"),
        ("de", "„So ‚it’s‘ told.“"),
        ("de-AT", "„So ‚it’s‘ told.“"),
        ("de-CH", "«So ‹it’s› told.»"),
        ("fr", "«\u202fSo “it’s” told.\u202f»"),
        ("fr-CH", "«So ‹it’s› told.»"),
        ("sv", "”So ’it’s’ told.”"),
        ("pl", "„So «it’s» told.”"),
        ("cs", "„So ‚it’s‘ told.“"),
        ("ru", "«So „it’s“ told.»"),
        ("es", "«So “it’s” told.»"),
        ("it-IT", "«So “it’s” told.»"),
        ("da", "»So ›it’s‹ told.«"),
        ("ja", "「So 『it’s』 told.」"),
    ],
)
def test_quotations_in_quotations_have_the_inner_marks_of_the_language(
    language: str, shown: str
) -> None:
    assert typeset(f"<p>{TYPED}</p>", language) == f"<p>{shown}</p>"


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_a_mark_that_is_escaped_stays_as_it_was_typed(site: SmallSite, engine: str) -> None:
    site.write({"site.toml": SETTINGS + f'[markdown]\nengine = "{engine}"\n'})
    site.article("a", r"""5\" and \'x\' a \-- b \... "c" `\"d\"` [e](/ "f\"g").""")
    site.build()
    page = site.page("/2026/06/a/")
    assert words(page, ".prose p") == r"""5" and 'x' a -- b ... “c” \"d\" e."""
    assert page.cssselect(".prose a")[0].get("title") == 'f"g'


def test_contents_summaries_and_search_words_have_the_marks_too(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS})
    site.article("a", '"So" it\'s.\n\n## "One" -- two\n\n## Three\n\n## Four')
    site.build()
    page = site.page("/2026/06/a/")
    assert words(page, "nav.contents a[href='#one-two']") == "“One” – two"
    assert page.xpath("//meta[@name='description']/@content") == ["“So” it’s."]


LANGUAGES = ("en", "de", "fr", "ru")
MARKS = {sign for language in LANGUAGES for mark in marks_of(language) for sign in mark}
TYPED_MARKS = ('"', "'", "--", "---", "...", "....", "-", ".", "&quot;")
OTHERS = (" ", "\n", "a", "1", "(", ")", "&amp;", "&", "&lt;", "<b>", "</b>", "<p>", "</p>")
KEPT = re.compile(r"<code>.*?</code>|<a [^>]*>")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*TYPED_MARKS, *OTHERS, '<a href="x">', "<code>\"'</code>"]), max_size=40
    ).map("".join),
    st.sampled_from(LANGUAGES),
)
def test_nothing_but_marks_changes(typed: str, language: str) -> None:
    def bare(text: str) -> str:
        text = "".join(sign for sign in text if sign not in MARKS and sign not in "’–—…′″")
        return re.sub(r"[\"'.-]|&quot;", "", text)

    shown = typeset(typed, language)
    assert bare(shown) == bare(typed)
    assert KEPT.findall(shown) == KEPT.findall(typed)
