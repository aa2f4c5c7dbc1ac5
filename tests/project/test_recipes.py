"""The manual's recipes, each followed to the letter on a new site, and looked at in Chromium."""

import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.commands.build import Report, build
from generator.commands.start import make_site
from generator.slugs import slugify
from support.browser_pages import opened, pixels, served, sideways, style
from support.chromium import NOTO_NASKH
from support.fonts import font
from support.preview_process import eventually, previewed
from support.sites import NOW, REPOSITORY, SmallSite, links, words

pytestmark = pytest.mark.long

PAGE = REPOSITORY / "content/pages/manual/recipes.md"
STORY = "/2026/01/welcome/"
HOME = "https://paper.example/"


# ------------------------------------------------------------------------------ reading


class Step(NamedTuple):
    """A block of code, and the line before it that says where it belongs."""

    place: str
    kind: str
    code: str

    @property
    def names(self) -> list[str]:
        return re.findall(r"`([^`]+)`", self.place)


class Recipe(NamedTuple):
    """What to do, in order; what is told `before` it names the recipes to begin with."""

    title: str
    before: str
    steps: list[Step]

    @property
    def upon(self) -> list[str]:
        return re.findall(r"\]\(#([\w-]+)\)", self.before)


_STEP = re.compile(r"(?:^([^\n]*`):\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def recipe(text: str) -> Recipe:
    title, _, body = text.partition("\n")
    steps = [Step(*found) for found in _STEP.findall(body)]
    return Recipe(title, body.split("```")[0], steps)


RECIPES = {
    slugify(found.title): found for found in map(recipe, PAGE.read_text("utf-8").split("\n## ")[1:])
}


# ---------------------------------------------------------------------------- following


class NewSite(SmallSite):
    """A site as `broadsheet init` makes it, which somebody changes by recipes."""

    def __init__(self, root: Path, url: str = HOME) -> None:
        self.root, self.public = root, root / "public"
        make_site(root, address=lambda: url)

    def follow(self, name: str, **elsewhere: str) -> None:
        """Do what a recipe says; addresses `elsewhere` stand for those of its example."""
        for other in RECIPES[name].upon:
            self.follow(other)
        for step in RECIPES[name].steps:
            code = step.code
            for host, address in elsewhere.items():
                code = code.replace(f"https://{host}.example.net", address)
            self.do(step._replace(code=code))

    def do(self, step: Step) -> None:
        names = step.names
        if step.kind == "sh":
            self.type(step.code)
        elif re.fullmatch(r"`[^`]+`", step.place):
            self.write({names[0]: step.code})
        elif step.place.startswith("In ") and ", in place of " in step.place:
            *files, before = names
            for file in files:
                self.edit(file, before, step.code.strip("\n"))
        elif step.place.startswith("In ") and ", below the line with " in step.place:
            file, mark = names
            (line,) = (x for x in self.read(file).splitlines(keepends=True) if mark in x)
            self.edit(file, line, line + step.code)
        else:
            assert re.fullmatch(r"In `[^`]+`", step.place), f"where does this belong? {step}"
            self.write({names[0]: self.read(names[0]) + step.code})

    def type(self, lines: str) -> None:
        for line in lines.splitlines():
            program, *arguments = shlex.split(line)
            assert program == "broadsheet"
            done = CliRunner().invoke(main, [*arguments, "--root", str(self.root)])
            assert done.exit_code == 0, done.output

    def edit(self, file: str, before: str, after: str) -> None:
        text = self.read(file)
        assert text.count(before) == 1, (file, before)
        self.write({file: text.replace(before, after)})

    def read(self, file: str) -> str:
        return (self.root / file).read_text("utf-8")

    def build(self, **options: Any) -> Report:
        """Build it; there must be nothing to complain of."""
        report = build(self.root, at=NOW, jobs=1, **options)
        assert list(map(str, report.warnings)) == []
        return report


@pytest.fixture
def new_site(tmp_path: Path) -> NewSite:
    return NewSite(tmp_path / "site")


@contextmanager
def shown(browser: Any, site: NewSite, path: str = "/", **options: Any) -> Iterator[Any]:
    """A page of the site in the browser. Nothing of it fails, and the policy blocks nothing."""
    site.build()
    with served(site.public) as home, opened(browser, home + path, **options) as page:
        yield page


def put_fonts(site: NewSite) -> None:
    """Put files where the recipe says that a font's are to be, under the names it gives them."""
    (folder,) = re.findall(r"`(layouts/[^`]*/)`", RECIPES["fonts"].before)
    for name in re.findall(r"`([^`]+\.woff2)`", RECIPES["fonts"].before):
        italic = "italic" in name
        data = font("Literata", italic=italic, of=NOTO_NASKH.read_bytes())
        site.write({f"{folder}{name}": data})


# ---------------------------------------------------------------------------------- all


def test_every_wish_has_its_recipe() -> None:
    assert list(RECIPES) == [
        "a-stylesheet-of-your-own",
        "colours-light-and-dark",
        "light-alone",
        "fonts",
        "a-logo",
        "a-link-in-the-footer",
        "a-table-from-a-spreadsheet",
        "statistics",
        "an-advertisement",
        "a-paid-call-to-action",
        "a-search-form",
    ]
    assert all(recipe.steps for recipe in RECIPES.values())
    text = PAGE.read_text("utf-8").partition("\n## ")[2]
    blocks = re.findall(r"^```\w+$", text, re.MULTILINE)
    assert sum(len(recipe.steps) for recipe in RECIPES.values()) == len(blocks)


@pytest.mark.parametrize("url", [HOME, f"{HOME}news/"])
@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_gives_a_site_without_a_warning(tmp_path: Path, name: str, url: str) -> None:
    site = NewSite(tmp_path / "site", url)
    site.follow(name)
    site.build()


@pytest.mark.usefixtures("noto_fonts")
@pytest.mark.parametrize("name", RECIPES)
def test_axe_finds_nothing_in_it(browser: Any, new_site: NewSite, name: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    put_fonts(new_site)
    with noting() as elsewhere:
        new_site.follow(name, stats=elsewhere.address)
        new_site.build()
        with served(new_site.public) as home:
            for path in ("/", STORY):
                with opened(browser, home + path, reduced_motion="reduce") as page:
                    for scheme in ("light", "dark"):
                        page.emulate_media(color_scheme=scheme)
                        found = Axe().run(page).response["violations"]
                        told = [(v["id"], [n["target"] for n in v["nodes"]]) for v in found]
                        assert told == [], (path, scheme)
                    page.set_viewport_size({"width": 320, "height": 800})
                    assert sideways(page) == [], path


# ------------------------------------------------------------------------- one by one


def test_a_stylesheet_of_your_own(browser: Any, new_site: NewSite) -> None:
    new_site.write({"content/articles/a.md": "---\ntitle: A\ndate: 2026-01-03\n---\n\n## B\n\nC\n"})
    new_site.follow("a-stylesheet-of-your-own")
    with shown(browser, new_site, "/2026/01/a/") as page:
        assert style(page, ".prose h2", "borderBlockStartStyle") == "solid"
        assert pixels(page, ".prose h2", "borderBlockStartWidth") == 2
        assert style(page, ".prose h2", "borderBlockStartColor") == rgb("#9c1f1f")
    for path in ("/", "/404.html", "/about/", "/archive/2026/01/"):
        sheets = links(new_site.page(path), "link[rel=stylesheet]")
        assert [Path(sheet).name.split(".")[0] for sheet in sheets] == ["site", "own"]


def rgb(colour: str) -> str:
    red, green, blue = bytes.fromhex(colour.lstrip("#"))
    return f"rgb({red}, {green}, {blue})"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_both_schemes(browser: Any, new_site: NewSite, scheme: str) -> None:
    new_site.follow("colours-light-and-dark")
    code = RECIPES["colours-light-and-dark"].steps[0].code
    pairs = re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\)", code)
    wanted = {name: rgb(dark if scheme == "dark" else light) for name, light, dark in pairs}
    with shown(browser, new_site, STORY, color_scheme=scheme) as page:
        assert style(page, "html", "backgroundColor") == wanted["paper"]
        assert style(page, ".footer", "backgroundColor") == wanted["wash"]
        assert style(page, ".prose p", "color") == wanted["ink"]
        assert style(page, ".dek", "color") == wanted["quiet"]
        assert style(page, ".kicker", "color") == wanted["accent"]
        assert style(page, ".colophon", "borderBlockStartColor") == wanted["rule"]
        page.emulate_media(media="print")
        assert style(page, ".prose p", "color") == rgb("#000000")
        assert style(page, "html", "backgroundColor") == rgb("#ffffff")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_alone(browser: Any, new_site: NewSite, scheme: str) -> None:
    new_site.follow("light-alone")
    with shown(browser, new_site, STORY, color_scheme=scheme) as page:
        assert style(page, "html", "backgroundColor") == rgb("#fdfcf9")
        assert style(page, ".prose p", "color") == rgb("#1b1a18")


@pytest.mark.usefixtures("noto_fonts")
def test_fonts(browser: Any, new_site: NewSite) -> None:
    new_site.follow("fonts")
    put_fonts(new_site)
    text = '*Slanted* words.\n\n<p lang="ar" class="abroad">كلمات</p>\n'
    new_site.write({"content/articles/a.md": f"---\ntitle: A\ndate: 2026-01-03\n---\n\n{text}"})
    with shown(browser, new_site, "/2026/01/a/") as page:
        families = page.evaluate(
            "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family + f.style)"
        )
        assert sorted(families) == ["Literataitalic", "Literatanormal"]
        assert style(page, ".prose p", "fontFamily").startswith("Literata, ")
        assert style(page, "h1", "fontFamily").startswith("Literata, ")
        assert "Literata" not in style(page, ".abroad", "fontFamily")
        assert "Literata" not in style(page, ".menu a", "fontFamily")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_logo(browser: Any, new_site: NewSite, scheme: str) -> None:
    new_site.follow("a-logo")
    for path, head in (("/", ".nameplate h1"), (STORY, ".masthead .masthead-title")):
        with shown(browser, new_site, path, color_scheme=scheme) as page:
            logo = page.locator(f"{head} img")
            assert logo.get_attribute("alt") == "My Digest"
            assert logo.evaluate("e => [e.complete, e.naturalWidth > 0]") == [True, True]
            box = logo.bounding_box()
            assert box["width"] == pytest.approx(5 * box["height"], abs=1)
            assert 150 < box["width"] < 600
            rule = page.locator(".masthead > .page").bounding_box()
            assert bottom(box) + 3 + 5 <= bottom(rule)
            corner = "#f2907e" if scheme == "dark" else "#9c1f1f"
            assert pixel(browser, logo.screenshot(), 10, 10) == rgb(corner)


def bottom(box: dict[str, float]) -> float:
    return box["y"] + box["height"]


def pixel(browser: Any, picture: bytes, x: int, y: int) -> str:
    """The colour of a place in a PNG."""
    tab = browser.new_page()
    found: str = tab.evaluate(
        """async ([bytes, x, y]) => {
          const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
          const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
          canvas.drawImage(bitmap, 0, 0);
          return `rgb(${[...canvas.getImageData(x, y, 1, 1).data].slice(0, 3).join(", ")})`;
        }""",
        [list(picture), x, y],
    )
    tab.close()
    return found


@pytest.mark.parametrize("url", [HOME, f"{HOME}news/"])
def test_a_link_in_the_footer(tmp_path: Path, url: str) -> None:
    site = NewSite(tmp_path / "site", url)
    site.follow("a-link-in-the-footer")
    site.build()
    home = url.removeprefix("https://paper.example")
    for path in ("/", STORY, "/imprint/", "/404.html"):
        found = links(site.page(path), ".footer nav ul:last-child a")
        assert found == [f"{home}imprint/"]
    assert words(site.page("/imprint/"), "h1") == "Imprint"


def test_a_table_from_a_spreadsheet(new_site: NewSite) -> None:
    new_site.follow("a-table-from-a-spreadsheet")
    new_site.build()
    page = new_site.page("/team/")
    rows = [" ".join(row.text_content().split()) for row in page.cssselect("tbody tr")]
    assert rows == ["Ann Lee Editor, mornings March 2024", "Bo Ek Photographer"]
    assert not list(new_site.public.rglob("*.csv"))


# --------------------------------------------------------------------- of other hosts


class Elsewhere(NamedTuple):
    """A host of somebody else's: its address, and what it was asked for."""

    address: str
    asked: list[str]


COUNT = """const { dataset, src } = document.currentScript;
fetch(new URL(`/seen?${dataset.site}`, src), { method: "POST", mode: "no-cors" });"""


class Noting(BaseHTTPRequestHandler):
    """A host that has a script, answers what else it is asked with a page, and takes notes."""

    def do_GET(self) -> None:
        is_script = self.path.endswith(".js")
        self._answer(COUNT if is_script else FOUND, "text/javascript" if is_script else "text/html")

    def do_POST(self) -> None:
        self._answer("", "text/plain")

    def _answer(self, text: str, kind: str) -> None:
        self.server.asked.append(f"{self.command} {self.path}")  # type: ignore[attr-defined]
        self.send_response(200 if text else 204)
        if text:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        pass


FOUND = '<!doctype html><title>Found</title><link rel="icon" href="data:,">'


@contextmanager
def noting() -> Iterator[Elsewhere]:
    """A real server at an origin of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Noting) as server:
        asked: list[str] = []
        server.asked = asked  # type: ignore[attr-defined]
        Thread(target=server.serve_forever, daemon=True).start()
        yield Elsewhere(f"http://127.0.0.1:{server.server_port}", asked)
        server.shutdown()


def test_statistics(browser: Any, new_site: NewSite) -> None:
    with noting() as elsewhere:
        new_site.follow("statistics", stats=elsewhere.address)
        for path in ("/", STORY):
            with shown(browser, new_site, path):
                eventually(lambda: "POST /seen?my-digest" in elsewhere.asked)
            assert elsewhere.asked == ["GET /count.js", "POST /seen?my-digest"]
            elsewhere.asked.clear()


def test_a_script_of_one_s_own_needs_no_setting(browser: Any, new_site: NewSite) -> None:
    told = 'its address is `{{ asset("count.js") }}`'
    assert told in " ".join(PAGE.read_text("utf-8").split())
    line = '<script defer src="{{ asset("count.js") }}"></script>'
    base = f'{{% extends "default/base.html" %}}{{% block extra_head %}}{line}{{% endblock %}}'
    new_site.write({"layouts/base.html": base, "layouts/assets/count.js": "document.title = 'ran'"})
    with shown(browser, new_site) as page:
        assert page.title() == "ran"


def test_an_advertisement(browser: Any, new_site: NewSite) -> None:
    new_site.follow("an-advertisement")
    with shown(browser, new_site, STORY) as page:
        advertisement = page.locator("aside[aria-label=Advertisement]")
        link = advertisement.locator("a")
        assert (link.get_attribute("href"), link.get_attribute("rel")) == (
            "https://shop.example.net/",
            "sponsored",
        )
        picture = advertisement.locator("img")
        picture.scroll_into_view_if_needed()
        eventually(lambda: picture.evaluate("e => e.naturalWidth > 0"))
        assert advertisement.bounding_box()["width"] > 600
        tags, authors = page.locator(".tags"), page.locator(".author")
        places = [part.bounding_box()["y"] for part in (advertisement, tags, authors.first)]
        assert places == sorted(places)
        text = page.locator(".prose > p").first
        assert advertisement.bounding_box()["width"] == text.bounding_box()["width"]
        page.emulate_media(media="print")
        assert not advertisement.is_visible()
    assert not new_site.page("/").cssselect("aside[aria-label=Advertisement]")


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_a_paid_call_to_action(new_site: NewSite, engine: str) -> None:
    new_site.follow("a-paid-call-to-action")
    settings = new_site.read("site.toml").replace(
        "[markdown]\n", f'[markdown]\nengine = "{engine}"\n'
    )
    new_site.write({"site.toml": settings})
    new_site.build()
    for path in (STORY, "/2026/01/publishing/"):
        (paid,) = new_site.page(path).cssselect(".prose > .promo a[rel=sponsored]")
        assert paid.get("href") == "https://shop.example.net/"
        assert links(new_site.page(path), ".promo a.button") == ["/about/"]


def test_a_search_form(browser: Any, new_site: NewSite) -> None:
    with noting() as elsewhere:
        new_site.follow("a-search-form", search=elsewhere.address)
        with shown(browser, new_site, STORY) as page:
            page.get_by_role("search").get_by_label("Search").fill("far side")
            with page.expect_navigation():
                page.get_by_role("button", name="Search").click()
            assert page.title() == "Found"
    assert elsewhere.asked == ["GET /find?site=https%3A%2F%2Fpaper.example%2F&q=far+side"]


def test_the_preview_keeps_to_the_strict_policy(new_site: NewSite) -> None:
    new_site.follow("a-search-form")
    with previewed(new_site.root) as preview:
        assert "form-action 'none'" in preview.get("/").headers["content-security-policy"]


def policies(site: NewSite, host: str) -> list[str]:
    """Where forms may be sent to, by all that tells browsers the policy of the site."""
    site.edit("site.toml", "\nlanguage = ", f'\nhost = "{host}"\nlanguage = ')
    site.build()
    texts = [site.text("/"), site.text("_headers") if host in ("cloudflare", "netlify") else ""]
    return re.findall(r"form-action ([^;\"\n]*)", "".join(texts).replace("&#39;", "'"))


@pytest.mark.parametrize("host", ["cloudflare", "github", "gitlab", "netlify"])
def test_a_search_form_is_allowed_at_every_host(tmp_path: Path, host: str) -> None:
    plain, searched = NewSite(tmp_path / "plain"), NewSite(tmp_path / "searched")
    searched.follow("a-search-form")
    assert set(policies(plain, host)) == {"'none'"}
    assert set(policies(searched, host)) == {"https://search.example.net"}
