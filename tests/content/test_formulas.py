"""Formulas in a text, from TeX to MathML."""

import html
import re
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.config import Engine
from generator.content.formulas import find_formulas
from generator.content.prose import Converted, convert
from generator.content.scan import Shape
from support.sites import SETTINGS, SmallSite, faults, links

ENGINES = pytest.mark.parametrize("engine", ["markdown", "commonmark"])
MATH = f"{SETTINGS}[markdown]\nmath = true\n"


def converted(body: str, engine: Engine = "markdown", **more: object) -> Converted:
    return convert(body, 1, Shape(engine, "en", True, 200, 3, **{"math": True, **more}))  # type: ignore[arg-type]


def shown(body: str, engine: Engine = "markdown", **more: object) -> str:
    prose = converted(body, engine, **more).prose
    return prose.opening + prose.rest


def formulas(body: str, engine: Engine = "markdown", **more: object) -> list[str]:
    """The formulas of a text, as TeX."""
    return [
        html.unescape(tex) for tex in re.findall('alttext="([^"]*)"', shown(body, engine, **more))
    ]


def told(body: str, engine: Engine = "markdown") -> list[str]:
    return [
        f"{p.severity} {p.line}: {p.what}; {p.remedy}" for p in converted(body, engine).problems
    ]


# -------------------------------------------------------------------------- what is a formula


@ENGINES
@pytest.mark.parametrize(
    ("body", "expected"),
    {
        "in a line": ("Let $x$ be.", ["x"]),
        "apart": ("$$x$$", ["x"]),
        "apart, in lines": ("Text\n\n$$\nx\n+ y\n- z\n= 1\n$$\n\nText", ["x + y - z = 1"]),
        "right below text": ("Text\n$$\nx\n$$\nText", ["x"]),
        "over a line's end": ("a $x +\ny$ b", ["x + y"]),
        "in a quotation": ("> a\n>\n> $$\n> x\n> y\n> $$", ["x y"]),
        "in an item": ("- a $x$\n- $$y$$", ["x", "y"]),
        "in a cell": ("| a |\n|---|\n| $x$ |", ["x"]),
        "in a heading": ("## On $x$", ["x"]),
        "in a note": ("a[^1]\n\n[^1]: $x$", ["x"]),
        "in a link": ("[on $x$](https://e.x/$y$z$)", ["x"]),
        "in emphasis": ("*$x$* **$y$**", ["x", "y"]),
        "marks of Markdown": (
            "$a_1*b_2*c$ $[x](y)$ $a_b$ $_c$",
            ["a_1*b_2*c", "[x](y)", "a_b", "_c"],
        ),
        "signs of HTML": ("$a<b$ and $c>d$ $x<y>z$", ["a<b", "c>d", "x<y>z"]),
        "an escaped dollar in it": (r"$\$x$", [r"\$x"]),
        "a line break in TeX": (r"$x \\$ y", [r"x \\"]),
        "one behind the other": ("$x$$y$", ["x", "y"]),
        "a dollar behind it": ("$x$ $5", ["x"]),
        "after letters": ("é $x$ 漢$y$", ["x", "y"]),
        "amounts": ("costs $5 and $10, $20,000–$30,000, US$5-US$10, $5/$6", []),
        "an amount and a formula": ("$5-$10 and $x$", ["x"]),
        "a space inside": ("$ x$ and $x $", []),
        "an empty line": ("$a\n\nb$ $$a\n\nb$$", []),
        "escaped": (r"\$x$ and \$5 $y$", ["y"]),
        "in code": ("`$x$` and ``$`y`$``", []),
        "in fenced code": ("```\n$x$\n$$\ny\n$$\n```", []),
        "in indented code": ("    $x$", []),
        "in raw HTML": ("<div>\n$x$\n</div>\n\na <b title='$x$'>b</b>", []),
        "in an address": (
            '<https://e.x/$a$> https://e.x/$a$ [b](/$a$ "$c$") ![$d$](https://e.x/a.png)',
            [],
        ),
        "nothing in it": ("$$ $$\n\n$$$$\n\n$$", []),
        "a lone one": ("$ and $$ and x$", []),
        "over two cells": ("| a | b |\n|---|---|\n| $x | y$ |", []),
        "over two links": ("[a $5](/x) [b$](/y)", []),
        "over code": ("$a `b` c$", []),
        "the line of a block": ('::: quote by="$x$"\na\n:::', []),
    }.values(),
)
def test_formulas_stand_where_pandoc_has_them(
    body: str, expected: list[str], engine: Engine
) -> None:
    assert formulas(body, engine) == expected


@ENGINES
def test_without_the_setting_dollars_are_dollars(engine: Engine) -> None:
    assert shown("$x$ $$y$$", engine, math=False) == "<p>$x$ $$y$$</p>"


@ENGINES
def test_a_dollar_behind_a_backslash_is_one(engine: Engine) -> None:
    assert shown(r"\$5, \$x\$ and `\$`", engine) == r"<p>$5, $x$ and <code>\$</code></p>"


@ENGINES
@pytest.mark.parametrize("raw_html", [True, False, "safe"])
def test_a_formula_is_mathml_whatever_becomes_of_html(engine: Engine, raw_html: object) -> None:
    assert shown("$x^2$", engine, raw_html=raw_html) == (
        '<p><math alttext="x^2"><msup><mi>x</mi><mn>2</mn></msup></math></p>'
    )
    apart = '<span class="math" role="group" tabindex="0"><math alttext="y" display="block">'
    assert apart in shown("$$y$$", engine, raw_html=raw_html)


@ENGINES
@pytest.mark.parametrize(
    "tex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\text{\" onclick=\"alert(1)}",
        r"\text{&lt;img src=x onerror=alert(1)&gt;}",
        r"\color{red}x \begin{align} a &= b \\ c &= d \end{align} \!x \cancel{x}",
        r"\begin{array}{c|c} a & b \\ \hline c & d \end{array} \operatorname{a<b} \tiny x",
    ],
)
def test_no_formula_brings_styles_or_code(tex: str, engine: Engine) -> None:
    made = re.sub(r'alttext="[^"]*"', "", shown(f"${tex}$", engine, raw_html="safe"))
    assert "<script" not in made
    assert not re.search(r"<[^>]*\s(?:style|on\w+|href|id)=", made)
    assert not [one for one in converted(f"${tex}$").problems if "style" in one.what]


# ---------------------------------------------------------------------------- what is around it


@ENGINES
def test_marks_around_a_formula_are_set_and_those_in_it_are_left(engine: Engine) -> None:
    made = shown("\"$x''--y$\" -- '$z$'...", engine)
    assert [made[0:4], re.sub("<math.*?</math>", "F", made)] == ["<p>“", "<p>“F” – ‘F’…</p>"]
    assert "x''--y" in formulas("\"$x''--y$\"", engine)


@ENGINES
def test_words_of_a_text_have_tex_in_lines_and_none_apart(engine: Engine) -> None:
    made = converted("## On $x_1$\n\nEnergy is $E=mc^2$ & so.\n\n$$\\int$$\n\nEnd.", engine)
    assert made.text == "On x_1 Energy is E=mc^2 & so. End."
    assert made.body.excerpt == "Energy is E=mc^2 & so."
    assert [(one.id, one.text) for one in made.prose.contents] == [("on-x-1", "On x_1")]


@ENGINES
def test_a_formula_in_an_attribute_stays_as_typed(engine: Engine) -> None:
    assert 'alt="a $x&lt;1$ b"' in shown("![a $x<1$ b](https://e.x/a.png)", engine)


@ENGINES
def test_a_paragraph_in_numbers_is_as_it_was(engine: Engine) -> None:
    made = "".join(f"$x_{{{n}}}$ " for n in range(120))
    assert formulas(made, engine) == [f"x_{{{n}}}" for n in range(120)]


def test_signs_that_somebody_typed_are_text() -> None:
    assert shown("\ufffc\ufdd9\ufffc $x$", "markdown").startswith("<p>\ufffc\ufdd9\ufffc <math")


@settings(deadline=None)
@given(st.text(st.sampled_from("$$$ab1 \n\\*_`[](){}<>&|\"'-:é"), max_size=30))
def test_any_text_with_dollars_is_a_text(body: str) -> None:
    found = find_formulas(body)
    if found:
        assert len(found.masked()) == len(body)
        assert found.masked().count("\n") == body.count("\n")
    for engine in ("markdown", "commonmark"):
        made = converted(body, engine)
        assert "\ufffc" not in made.prose.opening + made.prose.rest + made.text
        assert not [one for one in made.problems if "report" in one.remedy]


# ---------------------------------------------------------------------------------- mistakes


@ENGINES
def test_a_mistake_in_a_formula_has_its_line(engine: Engine) -> None:
    remedy = "mend it, or write `\\$` for a dollar that begins none"
    body = "Text $x$\n\n$\\foo$ and\n$$\na\n\\frac{a}{b\n$$\n\n$x^2^3$"
    assert told(body, engine) == [
        f'error 3: the formula `\\foo` is no TeX: Unknown command "\\foo"; {remedy}',
        'error 6: the formula `a \\frac{a}{b` is no TeX: Expected closing token "}",'
        f" but reached end of input; {remedy}",
        f"error 9: the formula `x^2^3` is no TeX: Duplicate subscript or superscript; {remedy}",
    ]


@pytest.mark.parametrize(
    "tex",
    [
        r"\newcommand{\a}{\a\a}\a",
        r"\def\a{x}\a",
        r"\let\a=b",
        r"\begin{equation}\label{a}x\end{equation}",
        r"\eqref{a}",
        r"\href{javascript:alert(1)}{x}",
    ],
)
def test_formulas_define_nothing_and_lead_nowhere(tex: str) -> None:
    assert re.match(
        "error 1: (?:the formula|.* a formula defines no commands)", told(f"${tex}$")[0]
    )


@pytest.mark.parametrize(
    "tex", [r"a \pmod n", r"\textcolor{red}{x}", r"\! x", r"\boxed{x} \cancel{y}"]
)
def test_what_newsrooms_write_is_set(tex: str) -> None:
    assert formulas(f"${tex}$") == [tex]


@pytest.mark.parametrize(
    "tex",
    {
        "braces": "{" * 1900 + "x" + "}" * 1900,
        "roots": r"\sqrt " * 600 + "x",
        "roots of roots": r"\sqrt[" * 400 + "x" + "]{x}" * 400,
        "brackets": r"\left(" * 300 + "x" + r"\right)" * 300,
        "colours": r"\color{red}x" * 300,
        "above": r"\overset{x}" * 350 + "x",
        "too long": "x+" * 2500,
    }.values(),
)
def test_a_formula_that_is_nested_deep_ends_no_process(tex: str) -> None:
    found: list[str] = []
    before = threading.stack_size(512 * 1024)  # threads on other systems have no more
    try:
        thread = threading.Thread(target=lambda: found.extend(told(f"${tex}$")))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert found and "too long, or nested too deep" in found[0]


def test_a_hundred_terms_are_not_nested() -> None:
    assert not told("$" + " + ".join([r"\frac{\alpha_i}{\sqrt{2}}"] * 120) + "$")


@pytest.mark.parametrize(
    "part", ["$", "$$ a ", "$x ", "\n\n$$ a", "$5 and ", "[$x](https://e.x/$y) ", "`$` ", "\\$"]
)
def test_many_dollars_take_no_time(part: str) -> None:
    assert not converted("\n\n".join([part * 100] * 200)).problems or part == "$$ a "


def test_too_many_formulas_are_told() -> None:
    assert "too many formulas: 5,001" in told("$x$ " * 5001)[0]


# -------------------------------------------------------------------------------------- sites


def test_pages_and_feeds_have_the_formula_and_only_such_pages_the_stylesheet(
    site: SmallSite,
) -> None:
    site.write({"site.toml": MATH})
    site.article("a", "On $x$.\n\n$$\ny\n$$")
    site.article("b", "On $x$.")
    assert not faults(site.build())
    assert len(links(site.page("/2026/06/a/"), "link[rel=stylesheet][href*='/math.']")) == 1
    assert "/math." not in site.text("/2026/06/b/")
    assert "&lt;math alttext=&#34;x&#34;&gt;&lt;mi&gt;x&lt;/mi&gt;" in site.text("feed.xml")
    assert "math.css" not in site.text("feed.xml")


def test_the_setting_makes_every_text_anew(site: SmallSite) -> None:
    site.article("a", "On $x$.")
    site.build()
    assert "<math" not in site.text("/2026/06/a/")
    site.write({"site.toml": MATH})
    site.build()
    assert "<math" in site.text("/2026/06/a/")


def test_warnings_of_markdown_leave_formulas_alone(site: SmallSite) -> None:
    site.write({"site.toml": MATH})
    site.article("a", "$a[1][2]$ and $x^{[^1]}$\n\n$$\n3. a\n1. b\n<foo>\n$$\n\n[no][where]")
    assert len(site.warnings()) == 1
    assert "a.md:14: `[no][where]` leads nowhere" in site.warnings()[0]
