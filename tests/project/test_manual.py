"""The manual as a book: in order, with examples that hold, led to by a short README."""

import re
import tomllib
import typing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from lxml import html

from generator import model
from generator.config import Settings
from generator.config.collections import collections_of
from generator.config.loading import load_settings
from generator.content.declared import item_with
from generator.content.foreign import MatterDoor
from generator.content.front_matter import Document, parse
from generator.schema import decode
from support.manual import MANUAL, README, chapter, section
from support.sites import REPOSITORY, SETTINGS, SmallSite, links

MOST_LINES = 160
MOST_BYTES = 150_000
"""Of a picture in the README."""
NAMES = sorted(file.stem for file in MANUAL.glob("*.md"))
BOOK: dict[str, Any] = tomllib.loads((REPOSITORY / "site.toml").read_text("utf-8"))["extra"]["book"]
LINK = re.compile(r"\[([^\]]+)\]\(([\w./-]+)\)")


def examples(text: str, language: str) -> list[str]:
    """The blocks of code of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def name_of(url: str) -> str:
    """The file of a chapter, by its address."""
    return url.removeprefix("/manual/").strip("/") or "index"


# ---------------------------------------------------------------------------- the README


def test_the_readme_is_short_and_leads_to_every_chapter() -> None:
    assert len(README.splitlines()) <= MOST_LINES
    led = [Path(target).stem for _, target in LINK.findall(README) if "manual/" in target]
    assert sorted({*led}) == sorted({*NAMES, "front", "story"})


def test_all_that_the_readme_leads_to_is_there() -> None:
    targets = [target for _, target in LINK.findall(README)]
    assert [target for target in targets if not (REPOSITORY / target).is_file()] == []


def test_the_pictures_of_the_readme_are_light() -> None:
    pictures = [REPOSITORY / target for _, target in LINK.findall(README) if "/images/" in target]
    assert len(pictures) == 2
    assert [file for file in pictures if file.stat().st_size > MOST_BYTES] == []


# ------------------------------------------------------------------------------ the book


def test_the_book_has_every_chapter_under_its_title() -> None:
    start, *others = BOOK["chapters"]
    assert start["url"] == "/manual/"
    assert sorted(name_of(row["url"]) for row in BOOK["chapters"]) == NAMES
    for row in others:
        assert f"\ntitle: {row['title']}\n" in (MANUAL / f"{name_of(row['url'])}.md").read_text(
            "utf-8"
        )


def test_the_contents_are_in_the_order_of_the_book() -> None:
    order = [(row["title"], f"{name_of(row['url'])}.md") for row in BOOK["chapters"][1:]]
    assert LINK.findall(section("index", "## Chapters")) == order
    told = LINK.findall(README.split("\n## Where to read on\n")[1])
    assert [(title, Path(target).name) for title, target in told][1 : len(order) + 1] == order


def test_every_chapter_is_published_with_the_way_through_the_book(demo: Path) -> None:
    urls = [row["url"] for row in BOOK["chapters"]]
    for before, url, after in zip(["", *urls], urls, [*urls[1:], ""], strict=False):
        page = html.document_fromstring((demo / f"{url[1:]}index.html").read_text("utf-8"))
        assert links(page, "aside a") == urls
        assert links(page, "aside a[aria-current]") == [url]
        assert links(page, ".neighbours a") == [u for u in (before, after) if u]


# ------------------------------------------------------------------------------ examples


def parts(name: str) -> list[str]:
    """A chapter, cut at its headings, its blocks of code emptied."""
    text = re.sub(r"^```.*?^```$", "```", chapter(name), flags=re.MULTILINE | re.DOTALL)
    return re.split(r"^##+ ", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_examples_stand_before_tables(name: str) -> None:
    for part in parts(name):
        if "```" in part and "\n|" in part:
            assert part.index("```") < part.index("\n|"), part.splitlines()[0]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "speed"])
def test_every_chapter_begins_with_an_example(name: str) -> None:
    assert "```" in parts(name)[0]


@pytest.mark.parametrize(
    "example",
    [example for name in NAMES if name != "recipes" for example in examples(chapter(name), "toml")],
    ids=lambda example: example.splitlines()[0],
)
def test_every_example_of_settings_is_sound(site: SmallSite, example: str) -> None:
    """Those of the recipes are lines for a section; `test_recipes` writes them into a site."""
    whole = example if "title =" in example.split("[")[0] else f"{SETTINGS}{example}"
    site.write({"site.toml": whole})
    settings, problems = load_settings(site.root)
    assert settings is not None
    assert list(map(str, problems)) == []


def as_declared(kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """The type with the fields that the settings' own example of collections declares."""
    if kind is not model.ItemMatter:
        return kind
    (example,) = examples(section("settings", "### Collections"), "toml")
    settings = msgspec.convert({"title": "", "url": ""} | tomllib.loads(example), Settings)
    return item_with(collections_of(settings)["events"].fields)


@pytest.mark.parametrize("kind", typing.get_args(model.Matter))
def test_every_kind_of_text_has_an_example_that_is_sound(kind: type[msgspec.Struct]) -> None:
    heading = f"## {kind.__name__.removesuffix('Matter')}s"
    (example,) = examples(section("writing", heading), "markdown")
    document = parse(example, "a.md")
    assert isinstance(document, Document)
    door = MatterDoor("a.md", document.line, ZoneInfo("UTC"), document.form)
    matter, problems = decode(as_declared(kind), document.fields, door)
    assert matter is not None
    assert list(map(str, problems)) == []
