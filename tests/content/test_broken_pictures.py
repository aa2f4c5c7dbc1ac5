"""Pictures that are none, or are broken: told where they are shown."""

import struct
from pathlib import Path

import pytest

from generator.content.pictures import measured
from support.images import PNG
from support.sites import SETTINGS, SmallSite

KEEP = f'{SETTINGS}[images]\nkeep = ["**"]\n'
"""Pictures are published as they are: others are not, if they are broken."""
JPEG = b"\xff\xd8\xff\xe0"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'
BROKEN: list[tuple[str, bytes]] = [
    ("b.jpg", b"not an image"),
    ("b.JPG", b"not an image"),
    ("b.png", b""),
    ("b.webp", b"RIFF\0\0\0\0WAVE"),
    ("b.avif", b"<html>404</html>"),
    ("b.png", SVG.encode()),
    ("b.png", PNG[:20]),
    ("b.png", PNG[:300]),
    ("b.jpg", JPEG + b"junk"),
    ("b.gif", b"GIF89a"),
    ("b.svg", b""),
    ("b.svg", b"<svg"),
    ("b.svg", b"<!DOCTYPE html><html><body><svg/></body></html>"),
    ("b.svg", PNG),
    ("b.svg", b"\xff\xfe\0"),
]
WHOLE: list[tuple[str, bytes]] = [
    ("b.png", PNG),
    ("b.jpg", PNG),  # browsers look at the bytes
    ("b.png", PNG + b"what a program has put behind it"),
    ("b.png", PNG[:-12]),  # but for the mark of its end it is whole
    ("b.avif", b"\0\0\0\x1cftypavif\0\0\0\0"),
    ("b.jpg", b"\0\0\0\x18ftypheic\0\0\0\0"),
    ("b.png", b"\0\0\0\x0cJXL \r\n\x87\n"),
    ("b.webp", b"RIFF\0\0\0\0WEBPVP9 "),
    ("b.ico", b"\0\0\1\0\1\0"),
    ("b.svg", SVG.encode()),
    ("b.svg", f"\ufeff<?xml version='1.0'?>\n<!-- <html> -->\n{SVG}".encode()),
    ("b.svg", f"<?xml version='1.0' encoding='UTF-16'?>{SVG}".encode("utf-16")),
    ("b.svg", f"<?xml version='1.0' encoding='gb2312'?>{SVG}".encode()),
    ("b.svg", b"<s:svg xmlns:s='http://www.w3.org/2000/svg'></s:svg>"),
    ("b.svg", b"<!-- " + b"long " * 20_000 + b"--><svg/>"),
    ("b.svg", b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg a='&a;'/>"),
    ("b.heic", b"what is not known here"),
    ("b.bin", b""),
]


@pytest.mark.parametrize(("name", "data"), BROKEN)
def test_what_no_browser_shows_is_broken(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert measured(tmp_path / name).flaw


@pytest.mark.parametrize(("name", "data"), WHOLE)
def test_what_some_browser_shows_is_not_broken(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert not measured(tmp_path / name).flaw


def test_a_chunk_that_is_longer_than_its_png_ends_the_search(tmp_path: Path) -> None:
    (tmp_path / "b.png").write_bytes(PNG[:33] + struct.pack(">I4s", 2**32 - 1, b"IDAT"))
    assert measured(tmp_path / "b.png").flaw == "it is cut off"


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_a_broken_picture_is_told_wherever_it_is_shown(site: SmallSite, engine: str) -> None:
    settings = f'{SETTINGS}image = "/b.jpg"\n[markdown]\nengine = "{engine}"\n'
    site.write(
        {
            "site.toml": settings + "[promos]\ndefault = 'p'\n[images]\nkeep = ['**']\n",
            "content/b.jpg": b"not an image",
            "content/authors/ann.md": "---\nname: Ann\nphoto: /b.jpg\n---\n",
            "content/pages/about.md": "---\ntitle: About\n---\n\n![b](../b.jpg)\n",
            "content/promos/p.md": "---\ntitle: P\nurl: /about/\nlabel: L\n---\n\n![b](/b.jpg)\n",
        }
    )
    site.article("a", "Text.\n\n![b](../b.jpg)", image="{src: /b.jpg, alt: b}", author="Ann")
    told = site.build().warnings
    assert {problem.code for problem in told} == {"broken-picture"}
    assert [problem.place for problem in told] == [
        "content/articles/a.md:4",
        "content/articles/a.md:10",
        "content/authors/ann.md:3",
        "content/pages/about.md:5",
        "content/promos/p.md:7",
        "site.toml:3",
    ]
    assert "its bytes are not those of a picture" in told[0].what


def test_a_broken_picture_is_told_until_it_is_mended(site: SmallSite) -> None:
    site.write({"site.toml": KEEP, "content/b.png": PNG[:300]})
    site.article("a", "![b](../b.png)")
    site.article("b")
    first = site.warnings()
    assert len(first) == 1
    assert site.warnings() == first
    site.article("b", "Other words.")
    assert site.warnings() == first
    site.article("a", "Words first.\n\n![b](../b.png)")
    assert site.warnings() == [first[0].replace("a.md:6", "a.md:8")]
    site.article("a", "No picture.")
    assert site.warnings() == []
    site.article("a", "A picture: ![b](../b.png)")  # only words are new
    assert site.warnings() == first
    site.write({"content/b.png": PNG})
    assert site.warnings() == []


def test_a_broken_picture_is_not_published_unless_it_is_to_be_kept(built: SmallSite) -> None:
    built.write({"content/b.png": PNG[:300]})
    (told,) = built.errors()
    assert told.startswith("content/b.png: this picture is not published, for nobody can clean it")
    built.write({"site.toml": KEEP})
    assert built.warnings() == []
    assert built.outputs()["b.png"] == PNG[:300]


def test_a_broken_picture_that_is_not_shown_is_silent(site: SmallSite) -> None:
    site.write({"site.toml": KEEP, "content/b.png": b"x", "content/c.svg": b"<html>"})
    site.article("a", "[a picture](../b.png)")
    assert site.warnings() == []


def test_a_page_shown_as_a_picture_is_told(site: SmallSite) -> None:
    site.write({"content/pages/about.md": "---\ntitle: About\n---\n"})
    site.article("a", "![y](../pages/about.md)")
    site.article("b", '<object data="../pages/about.md"></object>')
    (told,) = site.warnings()
    assert told.startswith('content/articles/a.md:6: "../pages/about.md" is a page, and no picture')
