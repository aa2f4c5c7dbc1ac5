"""Quotation marks, apostrophes, dashes and ellipses as the language's typesetters have them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.content.typography import marks_of, typeset, typeset_text
from support.sites import SETTINGS, SmallSite, words


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
        ("'...and then,' he said", "‘…and then,’ he said"),
        ("'…no,' he said, '--yes.'", "‘…no,’ he said, ‘–yes.’"),
        ("'... and so,' he said", "‘… and so,’ he said"),
        ('"--Yes," "…no," "---oh"', "“–Yes,” “…no,” “—oh”"),
        ("('…') (\"...no\") ['--so']", "(‘…’) (“…no”) [‘–so’]"),
        ("\"'...no,' he said\"", "“‘…no,’ he said”"),
        ("'\"...no,\" she said,' he wrote", "‘“…no,” she said,’ he wrote"),
        ("said --'...no'-- and --\"...so\"", "said –‘…no’– and –“…so”"),
        ('"Wait--" he said, \'so...\' and "so--"...', "“Wait–” he said, ‘so…’ and “so–”…"),
        ("('.NET') (\".5\") \"/etc\" '%s'", "(‘.NET’) (“.5”) “/etc” ‘%s’"),
        ("'...and it's the '90s'", "‘…and it’s the ’90s’"),
        ("('90s) ('tis) the dogs'... dogs'", "(’90s) (’tis) the dogs’… dogs’"),
        ("'...left open", "‘…left open"),
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


@pytest.mark.parametrize(
    "tag", ["code", "pre", "kbd", "samp", "script", "style", "template", "math", "svg"]
)
def test_code_and_what_is_like_it_is_left_alone(tag: str) -> None:
    left = f"<{tag} class='a'>\"x\" -- 'y'...<b>\"</b></{tag}>"
    assert typeset(f'{left} "z" {left}', "en") == f"{left} “z” {left}"


@pytest.mark.parametrize(
    "address",
    [
        "https://e.org/it's--ok",
        "HTTP://e.org/a...b/--c",
        "www.e.org/it's",
        "e.org/it's--ok...x",
        "o'brien--x@e.org",
        "https://e.org/?a='b'&amp;c=--d",
        "https://e.org/#it's",
        "https://xn--bcher-kva.example",
        "ftp://e.org/it's",
    ],
)
def test_an_address_that_is_shown_stays_as_it_was_typed(address: str) -> None:
    for around, shown in (
        ("{}", "{}"),
        ("See {}.", "See {}."),
        ('"{}"', "“{}”"),
        ("'{}'", "‘{}’"),
        ("({})...", "({})…"),
        ('it\'s "<a href="x">{}</a>,"', 'it’s “<a href="x">{}</a>,”'),
    ):
        typed = f"<p>{around.format(address)}</p>"
        assert typeset(typed, "en") == f"<p>{shown.format(address)}</p>"
        assert address in typeset(typed, "fr")


def test_what_is_no_address_is_set() -> None:
    typed = "<p>https://e.org's site, and/or it's, @ann's, 'a/b'</p>"
    shown = "<p>https://e.org’s site, and/or it’s, @ann’s, ‘a/b’</p>"
    assert typeset(typed, "en") == shown


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_links_that_show_their_address_and_escapes_in_it(site: SmallSite, engine: str) -> None:
    site.write({"site.toml": SETTINGS + f'[markdown]\nengine = "{engine}"\n'})
    body = r"""<https://e.org/it's--ok> [https://e.org/a--b](https://e.org/) https://e.org/it\'s
<o'brien--x@e.org> o'brien@e.org "it's"."""
    site.article("a", body)
    site.build()
    page = site.page("/2026/06/a/")
    assert words(page, ".prose p") == (
        "https://e.org/it's--ok https://e.org/a--b https://e.org/it's"
        " o'brien--x@e.org o'brien@e.org “it’s”."
    )


# ---------------------------------------------------------------------- no-break spaces


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Quoi? Oui ! Non; si : a", "Quoi_? Oui_! Non_; si~: a"),
        ("Quoi\u00a0? Oui\u202f! Non&nbsp;; si&#160;: a", "Quoi_? Oui_! Non_; si~: a"),
        ("Quoi ?! Non!!! Et toi...?", "Quoi_?! Non_!!! Et toi…_?"),
        ('« mot » «mot» "mot" " mot "', "«_mot_» «_mot_» «_mot_» «_mot_»"),
        ("«Oui!» (non ?) dit: «si»", "«_Oui_!_» (non_?) dit~: «_si_»"),
        ("<em>Quoi</em>? <em>Oui</em> ! <code>a!</code> !", None),
        ("à 20:30, 3:2, a:b, a;b?c!d", "à 20:30, 3:2, a:b, a;b?c!d"),
        (":-) ;-) :) ;) :/ :D", ":-) ;-) :) ;) :/ :D"),
        ("C&amp;A, R&amp;D; &lt;b&gt;", "C&amp;A, R&amp;D_; &lt;b&gt;"),
        ("https://e.org/?a;b!c : x", "https://e.org/?a;b!c~: x"),
        ("mot\n! a<br>! b", "mot_! a<br>! b"),
        ("! a", "! a"),
        ("<b>!</b> a", "<b>!</b> a"),
        ("(?) [!] «»", "(?) [!] «»"),
    ],
)
def test_french_has_no_break_spaces_before_its_signs(typed: str, shown: str | None) -> None:
    wanted = shown or "<em>Quoi</em>_? <em>Oui</em>_! <code>a!</code>_!"
    found = typeset(f"<p>{typed}</p>", "fr")
    assert found.replace("\u202f", "_").replace("\u00a0", "~") == f"<p>{wanted}</p>"
    assert typeset(found, "fr") == found


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("fr-BE", "Quoi_? «_Oui_!_» a~: b"),
        ("fr-CA", "Quoi? «~Oui !~» a~: b"),
        ("fr-CH", "Quoi? «Oui !» a: b"),
        ("de", "Quoi? „Oui !“ a: b"),
        ("en", "Quoi? “Oui !” a: b"),
    ],
)
def test_other_languages_have_the_spaces_of_their_own_rules(language: str, shown: str) -> None:
    found = typeset('<p>Quoi? "Oui !" a: b</p>', language)
    assert found.replace("\u202f", "_").replace("\u00a0", "~") == f"<p>{shown}</p>"


# ------------------------------------------------------------------- texts without markup


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ('"So" it\'s -- well...', "“So” it’s – well…"),
        ('AT&amp;T\'s <b> & "&quot;" x < y', "AT&amp;T’s <b> & “&quot;” x < y"),
        ("it's <code>it's</code> <!-x->", "it’s <code>it’s</code> <!-x->"),
        (r"5\" wide, \'x\', a \-- b \... c", "5\" wide, 'x', a -- b ... c"),
        (r"a \\ b \n it\\'s \'", r"a \\ b \n it\\’s '"),
        ("see https://e.org/it's--ok", "see https://e.org/it's--ok"),
        ("no mark at all", "no mark at all"),
        ("", ""),
    ],
)
def test_a_text_without_markup_stays_one(typed: str, shown: str) -> None:
    assert typeset_text(typed, "en") == shown


def test_each_block_opens_its_own_quotations() -> None:
    typed = '<p>"One.</p>\n<p>"Two in 1988."</p><ul><li>"x</li><li>"y"</li></ul>'
    shown = "<p>“One.</p>\n<p>“Two in 1988.”</p><ul><li>“x</li><li>“y”</li></ul>"
    assert typeset(typed, "en") == shown


def test_a_quotation_left_open_may_end_in_a_later_paragraph() -> None:
    assert typeset('<p>"In 1987</p><p>or 1988"</p>', "en") == "<p>“In 1987</p><p>or 1988”</p>"


@pytest.mark.parametrize(
    ("language", "typed", "shown"),
    [
        (
            "de",
            "'...und dann,' sagte er, \"--so.\" (\"...nein\") Geht's? Die '68er, '90ern; 6'2\"",
            "‚…und dann,‘ sagte er, „–so.“ („…nein“) Geht’s? Die ’68er, ’90ern; 6′2″",
        ),
        (
            "de-CH",
            "\"'...ja,' sagt er--'--so'\", 10'000 Franken, in den '80er Jahren",
            "«‹…ja,› sagt er–‹–so›», 10’000 Franken, in den ’80er Jahren",
        ),
        (
            "nl",
            "'s Avonds, in 't park: '...en toen,' zei ze. De letter 's'. \"Zo'n '80s-feest\"",
            "’s Avonds, in ’t park: ‘…en toen,’ zei ze. De letter ‘s’. “Zo’n ’80s-feest”",
        ),
        (
            "fr",
            "L'été '98: \"...et l'autre,\" dit-elle; '...oui'",
            "L’été ’98\u00a0: «\u202f…et l’autre,\u202f» dit-elle\u202f; “…oui”",
        ),
        (
            "it",
            "L'\"...altro\" degli anni '70, '--sì,' disse",
            "L’«…altro» degli anni ’70, “–sì,” disse",
        ),
        ("sv", "\"...ja\", på '90-talet, 'så...'", "”…ja”, på ’90-talet, ’så…’"),
        ("pl", '"...tak" ("--nie") w \'89', "„…tak” („–nie”) w ’89"),
        ("ru", "\"...да\" -- '...нет,'", "«…да» – „…нет,“"),
        ("es", '¿"...qué"? ¡"--no"! \'…sí\'', "¿«…qué»? ¡«–no»! “…sí”"),
        ("ja", "\"…はい\" '--いいえ'", "「…はい」 『–いいえ』"),
    ],
)
def test_quotations_elisions_and_primes_in_several_languages(
    language: str, typed: str, shown: str
) -> None:
    assert typeset(f"<p>{typed}</p>", language) == f"<p>{shown}</p>"


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
TYPED_MARKS = ('"', "'", "--", "---", "...", "....", "-", ".", "&quot;", ";", "!", "?", ":", "»")
OTHERS = (
    " ",
    "\n",
    "\u00a0",
    "/",
    "@",
    "e.org/",
    "www.",
    "&#160;",
    "a",
    "1",
    "(",
    ")",
    "&amp;",
    "&",
    "&lt;",
    "<b>",
    "</b>",
    "<p>",
    "</p>",
)
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
        return re.sub(r"[\"'.\s-]|&(?:quot|#160);", "", text)

    shown = typeset(typed, language)
    assert bare(shown) == bare(typed)
    assert KEPT.findall(shown) == KEPT.findall(typed)


LINES = st.lists(
    st.sampled_from(
        [
            *TYPED_MARKS,
            *("don't", "s", "rock'n'roll", "it's", "the", "x", "é", "中", "90s", "-- ", " "),
            *(" ", ", ", ". ", "(", ")", "!", "<em>", "</em>", "</p>\n<p>", "<br>", "’", "; "),
            *("1987", "U.S.", "²", "$", "\ufffc", "\u00a0", "&amp;", "<code>'x\"</code>"),
        ]
    ),
    max_size=24,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(LINES, st.sampled_from(LANGUAGES))
def test_marks_are_set_alike_whether_or_not_an_address_stands_below(
    line: str, language: str
) -> None:
    address = "\n<p>https://e.org/a</p>"
    alone = typeset(f"<p>{line}</p>", language)
    assert typeset(f"<p>{line}</p>{address}", language).startswith(alone)


QUOTED = st.lists(
    st.sampled_from(
        ['"', '"', " ", "a", "one", "é", "90", ". ", ", ", "!", "?", "</p>\n<p>", "中"]
    ),
    max_size=24,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(QUOTED, st.sampled_from([one for one in LANGUAGES if not one.startswith("fr")]))
def test_quotations_are_set_alike_whether_or_not_tags_stand_around_their_marks(
    line: str, language: str
) -> None:
    tagged = line.replace('"', '<i></i>"<i></i>')
    alone = typeset(f"<p>{line}</p>", language)
    assert typeset(f"<p>{tagged}</p>", language).replace("<i></i>", "") == alone


@pytest.mark.parametrize(
    ("language", "typed", "set_"),
    [
        ("ja", '彼は"はい"と言った。', "彼は「はい」と言った。"),
        ("ja", "彼は'はい'と。'いいえ'と", "彼は『はい』と。『いいえ』と"),
        ("ja", '彼は"Yes"と"いいえ"と', "彼は「Yes」と「いいえ」と"),
        ("zh", "他说\"你好\"，他说'好'吗", "他说“你好”，他说‘好’吗"),
        ("th", 'เขาพูดว่า"สวัสดี"แล้ว', "เขาพูดว่า“สวัสดี”แล้ว"),
        ("km", 'គាត់និយាយថា"បាទ"ហើយ', "គាត់និយាយថា“បាទ”ហើយ"),
        ("en", "it's 5\" of 漢字's", "it’s 5″ of 漢字’s"),
    ],
)
def test_marks_open_and_close_between_letters_of_scripts_without_spaces(
    language: str, typed: str, set_: str
) -> None:
    assert typeset(f"<p>{typed}</p>", language) == f"<p>{set_}</p>"


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
        ("(XN--MNCHEN-3YA)", "(XN--MNCHEN-3YA)"),
        ("to feature--site.example.app.", "to feature--site.example.app."),
        ("he came--late. Then", "he came–late. Then"),
        ("3.5--4.5 and U.S.--China", "3.5–4.5 and U.S.–China"),
        ("wait---what.then", "wait—what.then"),
    ],
)
def test_hyphens_in_the_name_of_a_host_are_no_dash(typed: str, set_: str) -> None:
    assert typeset(f"<p>{typed}</p>", "en") == f"<p>{set_}</p>"


def test_marks_in_great_numbers_are_set_as_few_are() -> None:
    assert typeset("'a " * 9000, "en") == "’a " * 9000
    assert typeset(f"{'x' * 20} {chr(34) * 20000}", "en").count("”") >= 19999
