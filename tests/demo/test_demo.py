"""The repository's own digest: whole, rich, and leading nowhere that is not there."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import html5lib
import msgspec
import pytest
from lxml import html
from lxml.html import HtmlElement

from generator.commands.build import build
from generator.content.front_matter import Document, parse
from generator.model import (
    ArticleMatter,
    AuthorMatter,
    ItemMatter,
    PageMatter,
    PromoMatter,
    TermMatter,
)
from generator.spelling import plain
from support.builds import assert_digests_are_noted
from support.heard_figures import STORY, heard
from support.manual import walk
from support.sites import NOW, words

MATTER: dict[str, type[msgspec.Struct]] = {
    "articles": ArticleMatter,
    "authors": AuthorMatter,
    "missions": ItemMatter,
    "pages": PageMatter,
    "promos": PromoMatter,
    "section": TermMatter,
}
SHOWING = ("script", "img", "source", "iframe", "audio", "video")
LOADED = " | ".join([*(f"//{name}/@src" for name in SHOWING), "//@poster"])
PAGE_LIMIT, CSS_LIMIT = 60_000, 21_000
"""Bytes before compression."""


def pages(folder: Path) -> Iterator[tuple[str, HtmlElement]]:
    """Each page's path from the root of the folder, and its document."""
    for file in sorted(folder.rglob("*.html")):
        path = "/" + file.relative_to(folder).as_posix().removesuffix("index.html")
        yield path, html.document_fromstring(file.read_text(encoding="utf-8"))


def written(repository: Path, kind: str) -> list[dict[str, Any]]:
    """The front matter of every text of a kind."""
    documents = []
    for file in sorted((repository / "content" / kind).rglob("*.md")):
        document = parse(file.read_text(encoding="utf-8"), file.name)
        assert isinstance(document, Document), file
        documents.append(plain(document.fields))
    return documents


def used(fields: Any, above: str = "") -> Iterator[str]:
    if isinstance(fields, list):
        for item in fields:
            yield from used(item, above)
    elif isinstance(fields, dict):
        for name, value in fields.items():
            yield above + name
            yield from used(value, f"{above}{name}.")


def test_the_demo_builds_without_a_complaint(repository: Path, tmp_path: Path) -> None:
    report = build(repository, tmp_path / "public", at=NOW, jobs=1)
    assert list(map(str, report.warnings)) == []
    assert report.articles >= 24
    drafts = build(repository, tmp_path / "drafts", at=NOW, jobs=1, drafts=True)
    assert drafts.articles >= report.articles + 2


def test_the_demo_is_rich(demo: Path) -> None:
    assert len(list((demo / "tags").glob("*/index.html"))) >= 8
    assert len(list((demo / "authors").glob("*/index.html"))) >= 5
    assert len(list((demo / "archive").glob("*/*/index.html"))) >= 2
    kinds = Counter(
        kind
        for _, page in pages(demo)
        for kind in ("aside.related", "aside.promo", ".corrections", ".source", "nav.contents")
        if page.cssselect(f"article {kind}, .spread > {kind}")
    )
    assert len(kinds) == 5


@pytest.mark.parametrize("kind", sorted(MATTER))
def test_the_demo_uses_every_field_there_is(repository: Path, kind: str) -> None:
    known = {name for name, _ in walk(MATTER[kind])}
    found = {name for fields in written(repository, kind) for name in used(fields)}
    assert known - found == set()


def test_the_demo_shows_every_state_and_form(repository: Path) -> None:
    stories = written(repository, "articles")
    assert any(story.get("draft") for story in stories)
    assert any("expires" in story and str(story["expires"]) < str(NOW) for story in stories)
    assert any(str(story["date"]) > str(NOW) for story in stories)
    assert any(story.get("promo") is False for story in stories)
    assert any(isinstance(story.get("promo"), str) for story in stories)
    texts = [f.read_text(encoding="utf-8") for f in (repository / "content").rglob("*.md")]
    assert {"---", "+++", "{"} <= {text.splitlines()[0] for text in texts}


# ------------------------------------------------------------------------------- links


def addresses(page: HtmlElement) -> set[str]:
    found = page.xpath("//@href | //@src | //@poster")
    images = page.xpath("//meta[@property='og:image' or @property='og:url']/@content")
    return {str(url) for url in [*found, *images]}


def dead(folder: Path, home: str) -> list[str]:
    """Every address of the site at `home` that leads to no file, or to no id in it."""
    base = urlsplit(home).path
    ids = {path: {str(i) for i in page.xpath("//@id")} for path, page in pages(folder)}
    wrong = []
    for path, page in pages(folder):
        here = urljoin(home, path.lstrip("/"))
        for address in addresses(page):
            url, fragment = urldefrag(urljoin(here, address))
            if urlsplit(url).netloc != urlsplit(home).netloc or not url.startswith("http"):
                continue
            target = unquote(urlsplit(url).path)
            inside = "/" + target.removeprefix(base)
            file = folder / (inside + "index.html" if inside.endswith("/") else inside).lstrip("/")
            missing = not target.startswith(base) or not file.is_file()
            is_moment = fragment.startswith("t=")  # of a recording
            if missing or (fragment and not is_moment and unquote(fragment) not in ids[inside]):
                wrong.append(f"{path} → {address}")
    return wrong


def test_every_address_in_the_demo_leads_somewhere(demo: Path) -> None:
    assert dead(demo, "https://broadsheet.example/") == []


def test_every_address_leads_somewhere_under_a_path_too(repository: Path, tmp_path: Path) -> None:
    shutil.copytree(repository / "content", tmp_path / "content")
    settings = (repository / "site.toml").read_text(encoding="utf-8")
    home = "https://broadsheet.example/news/"
    moved = re.sub(r"^url = .*$", f'url = "{home}"', settings, flags=re.MULTILINE)
    (tmp_path / "site.toml").write_text(moved, encoding="utf-8")
    report = build(tmp_path, at=NOW, jobs=1)
    assert report.warnings == []
    assert dead(tmp_path / "public", home) == []


def test_every_address_in_a_stylesheet_leads_somewhere(demo: Path) -> None:
    for sheet in demo.rglob("*.css"):
        for target in re.findall(r"url\(\s*[\"']?([^\"')]+)", sheet.read_text(encoding="utf-8")):
            assert target.startswith("data:") or (sheet.parent / target).is_file(), target


def test_a_deploy_need_not_read_it(repository: Path, demo: Path) -> None:
    assert_digests_are_noted(repository, demo)


# -------------------------------------------------------------------------- form, weight


def test_every_page_is_html_without_a_mistake(demo: Path) -> None:
    for file in sorted(demo.rglob("*.html")):
        parser = html5lib.HTMLParser()
        parser.parse(file.read_text(encoding="utf-8"))
        assert [(place, code) for place, code, _ in parser.errors] == [], file


def test_ids_are_unique_and_headings_in_order(demo: Path) -> None:
    for path, page in pages(demo):
        ids = [str(i) for i in page.xpath("//@id")]
        assert len(ids) == len(set(ids)), path
        for names in page.xpath("//@aria-labelledby | //@aria-describedby | //@for"):
            assert {*str(names).split()} <= {*ids}, (path, names)
        levels = [int(str(h.tag)[1]) for h in page.cssselect("main h1,main h2,main h3,main h4")]
        assert all(after <= before + 1 for before, after in pairwise(levels)), path
        assert len(page.cssselect("h1")) == 1, path


def test_every_picture_has_a_text_and_a_size(demo: Path) -> None:
    for path, page in pages(demo):
        for image in page.cssselect("img"):
            assert image.get("alt") is not None, path
            assert image.get("width") and image.get("height"), (path, image.get("src"))


def test_nothing_is_heavy(demo: Path) -> None:
    for file in demo.rglob("*.html"):
        assert file.stat().st_size < PAGE_LIMIT, file
    (sheet,) = (demo / "assets").glob("site.*.css")
    assert sheet.stat().st_size < CSS_LIMIT


def test_nothing_is_loaded_from_anybody_else(demo: Path) -> None:
    for path, page in pages(demo):
        relations = "stylesheet", "icon", "preload", "modulepreload", "manifest", "preconnect"
        loaded = [str(url) for url in page.xpath(LOADED)]
        loaded += [e.get("href") or "" for e in page.cssselect("link") if e.get("rel") in relations]
        assert [u for u in loaded if not re.match(r"/(?!/)", u)] == [], path
        assert page.xpath("//style | //@style | //@onclick | //base") == [], path
    for sheet in demo.rglob("*.css"):
        assert not re.search(r"@import|https?://", sheet.read_text(encoding="utf-8"))
    for drawing in demo.rglob("*.svg"):
        loads = r"(?:href|src)=[\"']https?:|url\(https?:|<script"
        assert not re.search(loads, drawing.read_text(encoding="utf-8")), drawing


def test_the_two_meetings_of_the_facts_are_told(demo: Path) -> None:
    heads = [words(page, "h1") for _, page in pages(demo)]
    assert any("Vostochny" in head for head in heads)
    assert any("treaty" in head and "North Korea" in head for head in heads)


def test_what_is_heard_is_made_of_the_figures_beside_it(demo: Path) -> None:
    assert (STORY / "rates.wav").read_bytes() == heard()
    story = html.parse(str(demo / "2024/06/ecb-rate-cut/index.html")).getroot()
    (player,) = story.cssselect("audio")
    assert (demo / str(player.get("src")).lstrip("/")).read_bytes() == heard()
