"""`[look]`: what follows from a colour, a font, a size, a logo; and what is told of them."""

import re
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.colours import AA, Colour, least_contrast, read_colour
from generator.templates.fonts import NoFontError, read_font
from support.browser_pages import opened, pixels, served, sideways, style
from support.chromium import NOTO_NASKH
from support.fonts import font
from support.images import PNG, png
from support.sites import SETTINGS, SmallSite, links, refused

STORY = "/2026/06/good/"
DARK, LIGHT = ("#171614", "#22201d"), ("#fdfcf9", "#f3f0e9")
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 10"><path d="M0 0h90v10H0z"/></svg>'


def look(site: SmallSite, *lines: str, above: str = "") -> None:
    site.write({"site.toml": "\n".join([f"{SETTINGS}{above}[look]", *lines, ""])})


def sheets(site: SmallSite, path: str = "/") -> list[str]:
    return links(site.page(path), "link[rel=stylesheet]")


def made(site: SmallSite) -> str:
    """The stylesheet that the settings make."""
    (sheet,) = (address for address in sheets(site) if "look." in address)
    return site.text(sheet)


def grounds(written: tuple[str, str]) -> list[Colour]:
    return [colour for one in written if (colour := read_colour(one))]


# ------------------------------------------------------------------------------ nothing set


def test_a_site_that_sets_nothing_has_one_stylesheet_and_no_other_look(built: SmallSite) -> None:
    before = built.outputs()
    for lines in (
        [],
        ['theme = "auto"', "size = 20", "width = 1280", 'accent = ""', "footer = []"],
    ):
        look(built, *lines)
        built.build()
        after = built.outputs()
        del before[".broadsheet"], after[".broadsheet"]
        assert after == before
        before = built.outputs()


# ---------------------------------------------------------------------------------- colours


@pytest.mark.parametrize("accent", ["#9c1f1f", "navy", "#0b5cab", "Teal", "#060"])
def test_from_one_colour_follows_that_of_the_dark(built: SmallSite, accent: str) -> None:
    look(built, f'accent = "{accent}"')
    (warning,) = built.warnings() or [""]
    (pair,) = re.findall(r"--accent: light-dark\((#\w+), (#\w+)\)", made(built))
    light, dark = grounds(pair)
    assert light == read_colour(accent)
    assert least_contrast(dark, grounds(DARK)) >= AA
    assert bool(warning) == (least_contrast(light, grounds(LIGHT)) < AA)


def test_a_colour_for_the_dark_is_taken_as_it_is(built: SmallSite) -> None:
    look(built, 'accent = "navy"', 'accent_dark = "#add8e6"')
    assert built.warnings() == []
    assert "light-dark(#000080, #add8e6)" in made(built)


def test_a_colour_that_cannot_be_read_is_told_with_one_that_can(built: SmallSite) -> None:
    look(built, 'accent = "#fc0"', 'accent_dark = "#800"')
    what = "has a contrast of {} to 1, too little for many readers: letters need 4.5; write"
    told = built.warnings()
    assert [one.rpartition(" ")[0] for one in told] == [
        f"site.toml:4: look.accent: on the light page #fc0 {what.format('1.3')}",
        f"site.toml:5: look.accent_dark: on the dark page #800 {what.format('1.6')}",
    ]
    assert built.warnings() == told
    look(
        built,
        *(
            f"{name} = {one.rpartition(' ')[2]}"
            for name, one in zip(("accent", "accent_dark"), told, strict=True)
        ),
    )
    assert built.warnings() == []


@pytest.mark.parametrize(("theme", "told"), [("light", "accent"), ("dark", "accent_dark")])
def test_a_scheme_that_nobody_sees_is_not_judged(built: SmallSite, theme: str, told: str) -> None:
    look(built, 'accent = "#fc0"', 'accent_dark = "#800"', f'theme = "{theme}"')
    (warning,) = built.warnings()
    assert f"look.{told}: " in warning


def test_contrast_is_with_the_grounds_of_the_sites_own_stylesheet(built: SmallSite) -> None:
    look(built, 'accent = "#767676"')
    assert len(built.warnings()) == 1
    white = "--paper: light-dark(#fff, #000); --wash:light-dark( white , black );"
    built.write({"layouts/assets/own.css": f"@media screen {{ :root {{ {white} }} }}"})
    assert built.warnings() == []
    assert "light-dark(#767676, #767676)" in made(built)


# ------------------------------------------------------------------------------------- theme


@pytest.mark.parametrize(("theme", "ground"), [("light", LIGHT[0]), ("dark", DARK[0])])
def test_a_theme_is_the_same_for_all_readers(built: SmallSite, theme: str, ground: str) -> None:
    built.article("good", aliases="[/old/]")
    look(built, f'theme = "{theme}"')
    built.build()
    for path in ("/", STORY, "/old/"):
        (scheme,) = built.page(path).cssselect("meta[name=color-scheme]")
        assert scheme.get("content") == f"only {theme}"
    (colour,) = built.page(STORY).cssselect("meta[name=theme-color]")
    assert colour.get("content") == ground


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_the_theme_whatever_its_scheme(
    browser: Any, built: SmallSite, theme: str, scheme: str
) -> None:
    look(built, f'theme = "{theme}"', 'accent = "#0b5cab"', above="[security]\ncsp = true\n")
    built.build()
    with served(built.public) as home, opened(browser, home + STORY, color_scheme=scheme) as page:
        paper = {"light": "rgb(253, 252, 249)", "dark": "rgb(23, 22, 20)"}[theme]
        assert style(page, "html", "backgroundColor") == paper
        page.emulate_media(media="print")
        assert style(page, "html", "backgroundColor") == "rgb(255, 255, 255)"


# ------------------------------------------------------------------------------------- fonts


def test_the_files_of_a_font_are_told_apart_by_what_they_say(built: SmallSite) -> None:
    look(built, 'serif = "source-serif 4"')
    built.write(
        {
            "layouts/assets/fonts/a.woff2": font("Source Serif 4"),
            "layouts/assets/fonts/b.woff2": font("Source Serif 4", 700),
            "layouts/assets/fonts/c.woff2": font("Source Serif 4", 400, italic=True),
            "layouts/assets/fonts/d.woff2": font("Source Sans 4"),
        }
    )
    assert built.warnings() == []
    faces = re.findall(
        r'@font-face { font-family: "(.*?)"; src: url\("fonts/(\w)\.\w+\.woff2"\)'
        r' format\("woff2"\); font-weight: (.*?); font-style: (\w+); font-display: swap; }',
        made(built),
    )
    assert faces == [
        ("source-serif 4", "a", "400", "normal"),
        ("source-serif 4", "b", "700", "normal"),
        ("source-serif 4", "c", "400", "italic"),
    ]
    assert ':lang(en) { --serif: "source-serif 4", serif; }' in made(built)
    first = [one.split("/")[-1][0] for one in links(built.page(STORY), "link[rel=preload]")]
    assert first == ["a", "b"]


@pytest.mark.parametrize(
    "file", ["literata.woff2", "Literata-Roman.var.woff2", "Literata[opsz,wght].woff2"]
)
def test_a_font_of_varying_weights_is_one_file(built: SmallSite, file: str) -> None:
    look(built, 'serif = "Literata"')
    built.write({f"layouts/assets/fonts/{file}": font(weights=(200, 900))})
    assert built.warnings() == []
    assert "font-weight: 200 900;" in made(built)
    assert len(links(built.page("/"), "link[rel=preload][as=font][crossorigin]")) == 1


@pytest.mark.parametrize("file", ["Literata (1).woff2", "a b'c\"d&e%20.woff2", "ü/l#?.WOFF2"])
def test_a_font_in_a_file_of_any_name_is_found(built: SmallSite, file: str) -> None:
    look(built, 'serif = "Literata"')
    built.write({f"layouts/assets/fonts/{file}": font("Literata")})
    assert built.warnings() == []
    (address,) = re.findall(r'url\("(.*?)"\)', made(built))
    (first,) = links(built.page("/"), "link[rel=preload]")
    assert first == f"/assets/{address}"
    assert (built.public / unquote(first)[1:]).is_file()


@given(st.binary(max_size=200), st.integers(0, 200), st.booleans())
def test_any_bytes_are_a_font_or_none(data: bytes, place: int, is_begun: bool) -> None:
    whole = font("Literata", weights=(200, 900))
    with suppress(NoFontError):
        read_font("fonts/a.woff2", whole[:place] + data + whole[place:] if is_begun else data)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("Georgia, serif", "Georgia, serif"),
        ("Palatino Linotype, Palatino", '"Palatino Linotype", "Palatino", serif'),
        ("system-ui", "system-ui"),
        ("'Noto Serif', \\\"Noto\\\"", '"Noto Serif", "Noto", serif'),
    ],
)
def test_a_stack_of_fonts_is_taken_as_it_is(built: SmallSite, setting: str, value: str) -> None:
    look(built, f'serif = "{setting}"', above='language = "de-AT"\n')
    assert built.warnings() == []
    value = value.replace("Georgia", '"Georgia"')
    assert f":lang(de) {{ --serif: {value}; }}" in made(built)
    assert links(built.page("/"), "link[rel=preload]") == []


@pytest.mark.parametrize(
    ("serif", "remedy"),
    [
        ("Literta", 'did you mean "Literata"?'),
        (
            "Georgia",
            'put its .woff2 files there, or write what readers may have: "Georgia, serif"',
        ),
    ],
)
def test_a_font_that_there_is_none_of_is_told(built: SmallSite, serif: str, remedy: str) -> None:
    look(built, f'serif = "{serif}"')
    built.write({"layouts/assets/fonts/l.woff2": font("Literata")})
    what = f'look.serif: there is no font "{serif}" in layouts/assets/fonts/'
    assert refused(built) == [f"site.toml:4: {what}; {remedy}"]


@pytest.mark.parametrize(
    "data", [b"", b"wOF2", b"\0\1\0\0" * 20, font("Literata")[:-30], b"wOF2" + b"\xff" * 90]
)
def test_a_file_that_is_no_font_is_told(built: SmallSite, data: bytes) -> None:
    look(built, 'serif = "Literata, serif"')
    file = "layouts/assets/fonts/literata.woff2"
    built.write({file: data})
    assert refused(built) == [
        f"{file}: this is no WOFF2 font, or a broken one; get it anew, as WOFF2"
    ]
    look(built)
    assert built.warnings() == []


@pytest.mark.long
@pytest.mark.usefixtures("noto_fonts")
def test_a_browser_sets_the_page_in_the_fonts(browser: Any, built: SmallSite) -> None:
    letters = NOTO_NASKH.read_bytes()
    built.write(
        {
            "layouts/assets/fonts/paper.woff2": font("Paper Serif", of=letters),
            "layouts/assets/fonts/paper-bold.woff2": font("Paper Serif", 700, of=letters),
            "layouts/assets/fonts/small.woff2": font("Paper Sans", weights=None, of=letters),
        }
    )
    look(built, 'serif = "Paper Serif"', 'sans = "Paper Sans"', above="[security]\ncsp = true\n")
    built.build()
    with served(built.public) as home, opened(browser, home + STORY) as page:
        loaded = page.evaluate(
            """document.fonts.ready.then((fonts) =>
              [...fonts].map((font) => [font.family, font.weight, font.status]))"""
        )
        assert {tuple(row) for row in loaded} == {
            ("Paper Serif", "400", "loaded"),
            ("Paper Serif", "700", "loaded"),
            ("Paper Sans", "400", "loaded"),
        }
        assert style(page, ".prose p", "fontFamily") == '"Paper Serif", serif'
        assert style(page, ".meta", "fontFamily") == '"Paper Sans", sans-serif'


# ------------------------------------------------------------------------------------- sizes


@pytest.mark.long
def test_sizes_are_in_pixels(browser: Any, built: SmallSite) -> None:
    for lines, text, width in (
        ([], 20, 1280),
        (["size = 16"], 16, 1280),
        (["size = 25", "width = 1600"], 25, 1600),
        (["width = 1100"], 20, 1100),
    ):
        look(built, *lines)
        built.build()
        window = {"width": 2400, "height": 900}
        with served(built.public) as home, opened(browser, home + STORY, viewport=window) as page:
            assert pixels(page, ".prose p", "fontSize") == pytest.approx(text, abs=0.1)
            assert page.locator("main").bounding_box()["width"] == pytest.approx(width, abs=0.5)
            for narrow in (320, 768, 1280):
                page.set_viewport_size({"width": narrow, "height": 900})
                assert sideways(page) == []


# ------------------------------------------------------------------------- logo, icon, footer


def test_a_logo_stands_in_place_of_the_name(built: SmallSite) -> None:
    built.write({"content/a b,c.svg": LOGO, "content/dark.svg": LOGO})
    look(built, 'logo = "/a b,c.svg"', 'logo_dark = "dark.svg"')
    assert built.warnings() == []
    for path, place in (("/", ".nameplate h1"), (STORY, ".masthead-title")):
        (picture,) = built.page(path).cssselect(f"{place} a > picture")
        (logo,) = picture.cssselect("img")
        assert (logo.get("src"), logo.get("alt")) == ("/a%20b,c.svg", "Test Paper")
        (dark,) = picture.cssselect("source")
        assert dark.get("srcset") == "/dark.svg"
        assert dark.get("media") == "(prefers-color-scheme: dark)"


@pytest.mark.parametrize(("theme", "shown"), [("light", "/light.svg"), ("dark", "/dark.svg")])
def test_a_theme_has_the_logo_of_its_scheme(built: SmallSite, theme: str, shown: str) -> None:
    built.write({"content/light.svg": LOGO, "content/dark.svg": LOGO})
    look(built, 'logo = "light.svg"', 'logo_dark = "dark.svg"', f'theme = "{theme}"')
    built.build()
    (logo,) = built.page("/").cssselect("h1 picture > *")
    assert logo.get("src") == shown


@pytest.mark.long
@pytest.mark.parametrize("box", ["0 0 900 10", "0 0 10 10", "0 0 10 90"])
def test_a_logo_fits_at_any_width(browser: Any, built: SmallSite, box: str) -> None:
    built.write({"content/logo.svg": LOGO.replace("0 0 90 10", box)})
    look(built, 'logo = "/logo.svg"')
    built.build()
    with served(built.public) as home:
        for path in ("/", STORY):
            with opened(browser, home + path) as page:
                for width in (320, 390, 1280):
                    page.set_viewport_size({"width": width, "height": 844})
                    assert sideways(page) == []
                    logo = page.locator(".masthead .logo").bounding_box()
                    assert 20 < logo["height"] < 130 and 4 < logo["width"] <= width


@pytest.mark.parametrize(
    ("name", "touch"), [("i.svg", r"/assets/apple-touch-icon\.\w{8}\.png"), ("i.png", "/i.png")]
)
def test_an_icon_stands_in_place_of_the_layouts_own(
    built: SmallSite, name: str, touch: str
) -> None:
    first, second = (LOGO, LOGO.replace("M0", "M1")) if name == "i.svg" else (PNG, png(32, 32, 9))
    built.write({f"content/{name}": first})
    look(built, f'icon = "/{name}"')
    built.build()
    assert links(built.page(STORY), "link[rel=icon]") == [f"/{name}"]
    (found,) = links(built.page(STORY), "link[rel=apple-touch-icon]")
    assert re.fullmatch(touch, found)
    assert (built.public / found[1:]).is_file()
    built.write({f"content/{name}": second})
    built.build()
    (again,) = links(built.page(STORY), "link[rel=apple-touch-icon]")
    assert (again == found) == (name == "i.png")
    assert (built.public / again[1:]).is_file()


def test_an_icon_that_cannot_be_drawn_is_told(built: SmallSite) -> None:
    built.write({"content/i.svg": '<svg xmlns="http://www.w3.org/2000/svg">\n<path'})
    look(built, 'icon = "i.svg"')
    (told,) = refused(built)
    assert told.startswith("content/i.svg:2: this drawing is broken: ")
    assert told.endswith("; mend it, or name a .png in its place")


def test_links_of_ones_own_stand_in_the_footer(built: SmallSite) -> None:
    built.write({"content/pages/imprint.md": "---\ntitle: Imprint\n---\n\nText.\n"})
    look(
        built,
        "footer = [",
        '{ title = "Imprint & more", url = "/imprint/" },',
        '{ title = "Elsewhere", url = "https://else.example/" },',
        "]",
        above="",
    )
    assert built.warnings() == []
    for path in ("/", STORY, "/404.html", "/imprint/"):
        found = links(built.page(path), ".footer nav ul:last-child a")
        assert found == ["/imprint/", "https://else.example/"]


# ------------------------------------------------------------------------------ what is wrong


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            'accent = "redd"',
            'look.accent: "redd" is no colour; write one such as "#9c1f1f" or "navy"',
        ),
        ('accent = "#12345"', 'look.accent: "#12345" is no colour; write one such as "#9c1f1f" or'),
        ('accent = "red; } body { display: none"', 'look.accent: "red; } body { display: none" is'),
        ('accent_dark = "red"', "look: `accent_dark` needs `accent`; add `accent` to [look]"),
        ('logo_dark = "x.svg"', "look: `logo_dark` needs `logo`; add `logo` to [look]"),
        ('serif = "a; } * { color: red"', 'look.serif: "a; } * { color: red" is no list of fonts'),
        (
            'serif = "A,, B"',
            'look.serif: "A,, B" is no list of fonts; write one such as "Literata,',
        ),
        ("sans = \"url('x')\"", "look.sans: \"url('x')\" is no list of fonts"),
        ("size = 6", "look.size: 6 is out of range; write a number of pixels from 16 to 28"),
        ("width = 320", "look.width: 320 is out of range; write a number of pixels from 1100 to"),
        ('theme = "drak"', 'look.theme: "drak" is none of auto, light, dark; did you mean "dark"?'),
        (
            'logo = "/gone.svg"',
            'look.logo: there is no file "/gone.svg"; put it at content/gone.svg',
        ),
        (
            'logo = "https://x.example/l.svg"',
            'look.logo: "https://x.example/l.svg" is a file of an',
        ),
        (
            'icon = "/icon.gif"',
            'look.icon: "/icon.gif" is no icon; write the path of an .svg, .png',
        ),
        ('acent = "red"', "unknown field `look.acent`; did you mean `accent`?"),
        ('footer = [{ title = "X", url = "x" }]', 'look.footer[1].url: "x" is no address; write a'),
        ('footer = [{ url = "/" }]', "look.footer[1].title is missing; add `title`"),
    ],
)
def test_a_wrong_setting_is_told_with_its_line(built: SmallSite, line: str, told: str) -> None:
    look(built, line)
    assert [one[: len(told) + 13] for one in refused(built)] == [f"site.toml:4: {told}"]


def test_a_footer_that_leads_nowhere_is_a_warning(built: SmallSite) -> None:
    look(built, 'footer = [{ title = "X", url = "/gone/" }]')
    what = 'look.footer: no page of this site answers for "/gone/"; mend the address'
    assert built.warnings() == [f"site.toml:4: {what}"]


# -------------------------------------------------------------------------------- own.css


def test_own_css_is_linked_last(built: SmallSite) -> None:
    built.write({"layouts/assets/own.css": "h1 { color: red }"})
    assert built.warnings() == []
    assert [one.split(".")[0] for one in sheets(built, STORY)] == ["/assets/site", "/assets/own"]
    look(built, 'accent = "navy"')
    built.build()
    names = ["/assets/site", "/assets/look", "/assets/own"]
    assert [one.split(".")[0] for one in sheets(built, STORY)] == names
    before = sheets(built)
    built.write({"layouts/assets/own.css": "h1 { color: blue }"})
    built.build()
    assert [a == b for a, b in zip(before, sheets(built), strict=True)] == [True, True, False]
    assert built.text(sheets(built)[2]) == "h1 { color: blue }"
    (built.root / "layouts/assets/own.css").unlink()
    built.build()
    assert sheets(built) == before[:2]


def test_own_css_leads_to_other_assets_by_their_names(built: SmallSite) -> None:
    built.write({"layouts/assets/own.css": "h1 { background: url(p.svg) }"})
    built.write({"layouts/assets/p.svg": LOGO})
    built.build()
    (target,) = re.findall(r'url\("(p\.\w+\.svg)"\)', built.text(sheets(built)[1]))
    assert (built.public / "assets" / target).is_file()


def test_a_site_below_a_path_links_its_sheets_there(built: SmallSite) -> None:
    built.write({"layouts/assets/own.css": "", "layouts/assets/fonts/l.woff2": font("Literata")})
    settings = SETTINGS.replace("example/", "example/news/")
    built.write({"site.toml": f'{settings}[look]\nserif = "Literata"\n'})
    built.build()
    assert [one.split(".")[0] for one in sheets(built)] == [
        "/news/assets/site",
        "/news/assets/look",
        "/news/assets/own",
    ]
    (first,) = links(built.page("/"), "link[rel=preload]")
    assert first.startswith("/news/assets/fonts/l.")


def test_changed_looks_are_built_as_from_nothing(built: SmallSite) -> None:
    built.write({"content/l.svg": LOGO, "layouts/assets/fonts/l.woff2": font("Literata")})
    for lines in (
        ['accent = "navy"'],
        ['accent = "navy"', 'theme = "dark"', "size = 18"],
        ['serif = "Literata"', 'logo = "l.svg"', 'icon = "l.svg"'],
        ['footer = [{ title = "Home", url = "/" }]'],
        [],
    ):
        look(built, *lines)
        built.build()
        incremental = built.outputs()
        built.build(clean=True)
        assert built.outputs() == incremental
