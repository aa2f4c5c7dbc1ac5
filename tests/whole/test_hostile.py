"""Nothing that an outside writer can write, in any place, runs in a page, a feed or the preview.

Stories are made at random from `hostile_texts`, others in each long run, with
`BROADSHEET_LONG=1`, and ten times as many. What a build refuses is looked at all the same, as if it
had been let through.
"""

import json
import os
import random
import re
from collections.abc import Iterator
from itertools import count
from typing import Any
from xml.etree import ElementTree

import pytest

from generator.config import Engine, RawHtml
from generator.content.prose import convert
from generator.content.scan import Shape
from generator.templates.environment import ShownProse
from generator.templates.views import Body, Target
from support import hostile_texts
from support.hostile_texts import TEXTS, alive, quoted
from support.preview_process import previewed
from support.sites import SmallSite

pytestmark = pytest.mark.long

LONG_RUN = bool(os.environ.get("BROADSHEET_LONG"))
BODIES, STORIES = (2000, 640) if LONG_RUN else (200, 64)
SEED = random.SystemRandom().randrange(10**9) if LONG_RUN else 7
ENGINES = pytest.mark.parametrize("engine", ["markdown", "commonmark"])
MODES = pytest.mark.parametrize("raw_html", [True, False, "safe"])


def shown(body: str, engine: Engine, raw_html: RawHtml, smart_quotes: bool) -> str:
    """The HTML of a body as it stands in a page."""
    shape = Shape(engine, "fr" if smart_quotes else "en", smart_quotes, 200, 3, raw_html)
    made = convert(body, 1, shape)
    targets = tuple(Target(reference.attr, "/x/") for reference in made.body.references)
    return str(ShownProse(made.prose, Body("", targets), None, "").html)


# ----------------------------------------------------------------------------- bodies


@ENGINES
@MODES
@pytest.mark.parametrize("smart_quotes", [True, False])
def test_no_place_for_a_text_lets_it_live(
    engine: Engine, raw_html: RawHtml, smart_quotes: bool
) -> None:
    for body in hostile_texts.every_body(is_trusted=raw_html is True):
        assert alive(shown(body, engine, raw_html, smart_quotes), is_whole=False) == [], body


@ENGINES
@MODES
def test_no_body_made_at_random_lives(engine: Engine, raw_html: RawHtml) -> None:
    for seed in range(SEED, SEED + BODIES):
        body = hostile_texts.body(random.Random(seed), is_trusted=raw_html is True)
        assert alive(shown(body, engine, raw_html, seed % 2 == 0), is_whole=False) == [], body


# ----------------------------------------------------------------------- a whole site


@pytest.fixture(params=["markdown", "commonmark"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["true", "false", '"safe"'])
def attacked(request: pytest.FixtureRequest, site: SmallSite, engine: str) -> SmallSite:
    """A site with hostile texts wherever it takes a text, built without what is refused."""
    chance = random.Random(SEED)
    site.write(_around(chance, engine, request.param))
    for number in range(STORIES):
        site.write({f"content/articles/s{number}.md": _story(chance, number, request.param)})
    refused = set(_refused(site))
    assert len(refused) < STORIES
    return site


def _refused(site: SmallSite) -> Iterator[str]:
    """Build a site, and take out the stories that are refused until it is built."""
    while errors := site.errors():
        names = {
            match[1] for error in errors if (match := re.match(r"content/(articles/\S+?):", error))
        }
        assert names, errors
        for name in names:
            (site.root / "content" / name).unlink()
        yield from names


def _around(chance: random.Random, engine: str, raw_html: str) -> dict[str, str | bytes]:
    """Settings, authors, tags, pages and promos."""
    text = _texts(chance)
    return {
        "site.toml": f"""
title = {next(text)}
tagline = {next(text)}
description = {next(text)}
url = "https://paper.example/"
menu = [{{ title = {next(text)}, url = "/" }}, {{ title = {next(text)}, url = "/about/" }}]
[publisher]
name = {next(text)}
[comments]
provider = "giscus"
repo = {next(text)}
repo_id = {next(text)}
category = {next(text)}
category_id = {next(text)}
theme = {next(text)}
[promos]
default = "p"
[labels]
by = {quoted("{authors} " + json.loads(next(text)))}
view_all = {next(text)}
comments_show = {next(text)}
[markdown]
engine = "{engine}"
raw_html = {raw_html}
[related]
least = 0
""",
        "content/authors/ann.md": f"""---
name: {next(text)}
role: {next(text)}
follow: {{url: "https://x.example/", label: {next(text)}}}
---
{_harmless(chance, engine)}
""",
        "content/tags/news.md": f"---\nname: {next(text)}\n---\n{_harmless(chance, engine)}\n",
        "content/pages/about.md": f"---\ntitle: {next(text)}\nsummary: {next(text)}\n---\nText.\n",
        "content/promos/p.md": f"""---
title: {next(text)}
url: https://x.example/
label: {next(text)}
---
{_harmless(chance, engine)}
""",
    }


def _story(chance: random.Random, number: int, raw_html: str) -> str:
    text = _texts(chance)
    return f"""---
title: {next(text)}
date: 2026-06-{number % 14 + 1:02}
author: [ann, {next(text)}]
tags: [news, {next(text)}]
summary: {next(text)}
kicker: {next(text)}
image: {{src: "https://x.example/a.png", alt: {next(text)}, title: {next(text)},
  caption: {next(text)}, credit: {next(text)}}}
source: {{name: {next(text)}, url: "https://x.example/", author: {next(text)}}}
corrections: [{{date: 2026-06-14, text: {next(text)}}}]
extra: {{a: {next(text)}}}
---
{hostile_texts.body(chance, is_trusted=raw_html == "true")}
"""


def _texts(chance: random.Random) -> Iterator[str]:
    """Texts as front matter and settings hold them, each with a letter, and none like another."""
    return (quoted(f"x{n} {chance.choice(TEXTS)}") for n in count())


def _harmless(chance: random.Random, engine: str) -> str:
    """A body that is refused in no mode."""
    bodies = (hostile_texts.body(chance, is_trusted=True) for _ in count())
    modes: tuple[RawHtml, ...] = (False, "safe")
    shapes = [Shape(engine, "en", True, 200, 3, mode) for mode in modes]  # type: ignore[arg-type]
    return next(
        body
        for body in bodies
        if "[" not in body and not any(convert(body, 1, shape).problems for shape in shapes)
    )


def test_nothing_lives_in_any_page_or_feed(attacked: SmallSite) -> None:
    for path, data in attacked.outputs().items():
        if path.endswith(".html"):
            assert alive(data) == [], path
        if path.endswith(".xml"):
            ElementTree.fromstring(data)  # a browser that reads it finds nothing but a feed
    feed = json.loads(attacked.text("feed.json"))
    for item in feed["items"]:
        assert alive(item["content_html"], is_whole=False) == []
    channel = ElementTree.fromstring(attacked.text("rss.xml"))
    for described in channel.iter("description"):
        assert alive(described.text or "", is_whole=False) == []
    page = attacked.page("/about/")
    for script in page.cssselect('script[type="application/ld+json"]'):
        json.loads(script.text_content())


# ---------------------------------------------------------------------------- Chromium


WATCH = """
window.firings = [];
window.fired = () => window.firings.push(document.currentScript?.outerHTML ?? new Error().stack);
window.alert = window.confirm = window.prompt = window.fired;
addEventListener("click", (event) => {
  const link = event.composedPath().find((it) => it.href !== undefined);
  if (link && /^https?:/.test(link.protocol)) event.preventDefault();
}, true);
"""
POKE = """() => {
  const shadow = document.querySelector("broadsheet-preview")?.shadowRoot;
  const every = [...document.querySelectorAll("*"), ...(shadow?.querySelectorAll("*") ?? [])];
  for (const it of every) {
    for (const kind of ["mouseover", "mouseenter", "focus", "load", "error", "toggle", "input"])
      it.dispatchEvent(new Event(kind, { bubbles: false }));
    it.focus?.();
    if (it.localName !== "script") it.click?.();
  }
  return every.flatMap((it) => [...it.attributes]
    .filter(({ name, value }) => /^on/i.test(name) || /^\\\\s*(java|vb)script:/i.test(value)
      && /^(href|src|action|formaction|data|xlink:href)$/i.test(name))
    .map(({ name, value }) => `${it.localName} ${name}=${value}`));
}"""


def _poked(tab: Any) -> None:
    """Look at every element of a page, press it, and see that nothing has run."""
    assert tab.evaluate(POKE) == []
    tab.wait_for_function("() => new Promise((done) => setTimeout(() => done(true)))")
    assert tab.evaluate("window.firings") == [], tab.url


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    context = browser.new_context()
    context.add_init_script(WATCH)
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def test_nothing_runs_in_a_browser(attacked: SmallSite, tab: Any) -> None:
    outputs = attacked.outputs()

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix("https://paper.example/").partition("?")[0]
        path = path if path and not path.endswith("/") else f"{path}index.html"
        known = route.request.url.startswith("https://paper.example/") and path in outputs
        if known:
            kind = {"css": "text/css", "js": "text/javascript"}.get(path.rpartition(".")[2])
            route.fulfill(body=outputs[path], content_type=kind or "text/html; charset=utf-8")
        else:
            route.fulfill(status=404, body="")

    tab.route("**/*", answer)
    pages = [path for path in outputs if path.endswith(".html")]
    chosen = [path for path in pages if re.match(r"2026/|index|about", path)]
    items = json.loads(attacked.text("feed.json"))["items"]
    outputs["feed.html"] = "".join(item["content_html"] for item in items).encode()
    for path in [*(pages if LONG_RUN else chosen[:24]), "feed.html"]:
        tab.goto(f"https://paper.example/{path.removesuffix('index.html')}")
        _poked(tab)


def test_what_lives_is_noticed(tab: Any) -> None:
    """Without this the tests above could not fail."""
    tab.route("**/*", lambda route: route.fulfill(body="<p>x</p>", content_type="text/html"))
    for living in ("<img src=data: onerror=fired()>", "<a href=javascript:fired()>x</a>"):
        assert alive(living, is_whole=False)
        tab.goto("https://paper.example/")
        tab.evaluate("(html) => { document.body.innerHTML = html }", living)
        with pytest.raises(AssertionError):
            _poked(tab)
        assert tab.evaluate("window.firings.length") > 0


def test_nothing_runs_in_the_preview(site: SmallSite, tab: Any) -> None:
    chance = random.Random(SEED)
    site.write(_around(chance, "commonmark", '"safe"'))
    for number in range(STORIES // 4):
        site.write({f"content/articles/s{number}.md": _story(chance, number, '"safe"')})
    list(_refused(site))
    stories = sorted(file.stem for file in (site.root / "content/articles").iterdir())
    with previewed(site.root) as preview:
        base = preview.address
        paths = [f"/2026/06/{name}/" for name in stories[:6]]
        for path in ["/", "/about/", "/feed.xml", "/rss.xml", *paths]:
            tab.goto(base + path)
            _poked(tab)
        tab.goto(
            f"{base}/%3Cimg%20src=x%20onerror=fired()%3E/%22%3E%3Cscript%3Efired()%3C/script%3E/"
        )
        _poked(tab)
        wrong = "\n\n".join(hostile_texts.every_body(is_trusted=False))
        text = (site.root / "content/pages/about.md").read_text(encoding="utf-8")
        site.write({"content/pages/about.md": f"{text}\n{wrong}\n\n[x](gone.md '{TEXTS[0]}')\n"})
        tab.goto(f"{base}/about/")
        tab.locator("broadsheet-preview .sheet pre").first.wait_for()
        _poked(tab)
