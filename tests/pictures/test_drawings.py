"""Drawings that may be published, and why others may not."""

from itertools import pairwise

import pytest

from generator.pictures.drawings import svg_flaws

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def flaws(inside: str, attributes: str = "") -> list[str]:
    return svg_flaws(
        f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()
    )


@pytest.mark.parametrize(
    "inside",
    [
        '<rect fill="#c00" width="10" height="10"/>',
        '<a href="#top"><text>on the way, javascript: a language</text></a>',
        "<style>rect { fill: url(#g); color: red } /* url(http://x) @import */</style>",
        '<rect style="fill:url(&quot;#g&quot;)" mask="url(#m)"/>',
        '<image href="data:image/png;base64,AAAA"/>',
        '<use xlink:href="#a"/>',
        "<metadata><x>http://example.com</x></metadata>",
        "<title>An image (of a url) </title>",
    ],
)
def test_a_drawing_of_its_own_has_no_flaw(inside: str) -> None:
    assert flaws(inside, XLINK) == []


@pytest.mark.parametrize(
    ("inside", "flaw"),
    [
        ("<script>alert(1)</script>", "it holds an element `script`"),
        ('<x:script xmlns:x="http://www.w3.org/1999/xhtml"/>', "it holds an element `script`"),
        ("<foreignObject/>", "it holds an element `foreignObject`"),
        ('<p xmlns="http://www.w3.org/1999/xhtml">x</p>', "it holds HTML"),
        ('<rect onclick="a()"/>', "it has an attribute `onclick`, which runs a script"),
        ('<a href="javascript:a()"/>', "its `href` runs a script"),
        ('<a href=" java&#10;script:a()"/>', "its `href` runs a script"),
        ('<a xlink:href="JavaScript:a()"/>', "its `href` runs a script"),
        ('<a href="data:text/html,x"/>', "its `href` runs a script"),
        ('<animate values="#a;javascript:a()"/>', "its `values` runs a script"),
        ('<set attributeName="href" to="x"/>', "it changes `href` while it is shown"),
        ('<set attributeName="onclick" to="x"/>', "it changes `onclick` while it is shown"),
        ('<image href="https://x.example/a.png"/>', "its `href` leads elsewhere (https://x.exa"),
        ('<use xlink:href="//x.example/a"/>', "its `href` leads elsewhere (//x.example/a)"),
        ('<use href="other.svg#a"/>', "its `href` leads elsewhere (other.svg#a)"),
        ('<rect fill="url(https://x.example/)"/>', "its styles take something from elsewhere ("),
        ('<rect style="fill:u\\72l(//x)"/>', "its styles take something from elsewhere (//x)"),
        ("<style>@import 'a.css';</style>", "its styles import others"),
        ("<style>@im\\port 'a.css';</style>", "its styles import others"),
        ("<style><![CDATA[a{b:url('//x')}]]></style>", "its styles take something from elsewhe"),
        ("<style>a{b:image-set('//x' 1x)}</style>", "its styles take a picture from elsewhere"),
        ("<rect", "it is no XML that can be read ("),
        ("&nothing;", "it is no XML that can be read ("),
    ],
)
def test_a_drawing_that_could_do_harm_has_a_flaw(inside: str, flaw: str) -> None:
    found = flaws(inside, XLINK)
    assert found
    assert found[0].startswith(flaw)


@pytest.mark.parametrize(
    ("svg", "flaw"),
    [
        (b"", "it is no XML that can be read"),
        (b"\x1f\x8b\x08", "it is no XML that can be read"),
        (b"<html/>", "it is no SVG"),
        (b'<?xml version="1.0" encoding="wrong"?><svg/>', "it is no XML that can be read"),
        (b'<?xml-stylesheet href="//x/a.css"?><svg/>', "it takes a style sheet from elsewhere"),
        (b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///x">]><svg/>', "its entity `a` is elsewhere"),
        (b'<!DOCTYPE svg [<!ENTITY a "javascript:b()">]><svg><a href="&a;"/></svg>', "its `href`"),
    ],
)
def test_a_file_that_is_no_drawing_has_a_flaw(svg: bytes, flaw: str) -> None:
    assert svg_flaws(svg)[0].startswith(flaw)


def test_each_flaw_is_told_once() -> None:
    assert flaws('<script/><script/><rect onload=""/>', 'onload="a()"') == [
        "it has an attribute `onload`, which runs a script",
        "it holds an element `script`",
    ]


def test_a_bomb_of_entities_is_a_flaw_at_once() -> None:
    names = "abcdefghijklmnop"
    grown = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    svg = f'<!DOCTYPE svg [<!ENTITY a "{"x" * 100}">{grown}]><svg>&p;</svg>'
    assert svg_flaws(svg.encode())[0].startswith("it is no XML that can be read")
