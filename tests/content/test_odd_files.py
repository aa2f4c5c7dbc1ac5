"""Files with odd names, and files that are not what they seem."""

import os
from pathlib import Path

import pytest

from support.images import PNG
from support.sites import SmallSite, command, links, refused

ODD = "the file's name holds a control character, or is no UTF-8; rename it"


@pytest.mark.parametrize("mark", ["\n", "\u2028", "\x85"])
def test_a_line_break_in_a_files_name(built: SmallSite, mark: str) -> None:
    built.write({f"content/a{mark}mine.txt": "x", "public/mine.txt": "precious"})
    for _ in range(2):
        assert refused(built) == [f"content/a{ascii(mark)[1:-1]}mine.txt: {ODD}"]
    assert built.text("mine.txt") == "precious"


def test_a_files_name_that_is_no_utf8(built: SmallSite) -> None:
    file = Path(os.fsdecode(os.fsencode(built.root) + b"/content/\xff.txt"))
    try:
        file.write_text("x")
    except OSError:
        pytest.skip("this file system takes no such name")
    assert refused(built) == [f"content/\\udcff.txt: {ODD}"]


def test_a_percent_or_hash_in_a_files_name(site: SmallSite) -> None:
    site.write({"content/articles/50%off c#.png": PNG})
    site.article("a", "[x](50%25off%20c%23.png)", image='{src: "50%25off%20c%23.png", alt: A}')
    assert site.warnings() == []
    page = site.page("/2026/06/a/")
    assert links(page, ".prose a") == ["/articles/50%25off%20c%23.png"]
    assert page.xpath("//article//img/@src") == ["/articles/50%25off%20c%23.png"]
    assert "articles/50%off c#.png" in site.outputs()


def test_a_link_to_itself(built: SmallSite) -> None:
    (built.root / "content/self").symlink_to("self")
    reason = "cannot be read: Too many levels of symbolic links"
    remedy = "point the link at a file that is there"
    assert refused(built) == [f"content/self: {reason}; {remedy}"]


def test_a_text_may_end_in_capitals(site: SmallSite) -> None:
    site.write({"content/articles/a.MD": "---\ntitle: A\ndate: 2026-06-01\n---\n"})
    assert site.warnings() == []
    assert "A" in site.text("/2026/06/a/")


@pytest.mark.parametrize(
    ("link", "target", "leads"),
    [
        ("leak.txt", "../site.toml", "site.toml"),
        ("leak.txt", "../.broadsheet/files.texts", ".broadsheet/files.texts"),
        ("articles/leak.md", "../../layouts/note.html", "layouts/note.html"),
        ("all", "..", "layouts/note.html"),
        ("through", "shelf", "site.toml"),
    ],
)
def test_a_link_to_what_is_not_for_readers(
    built: SmallSite, link: str, target: str, leads: str
) -> None:
    built.write({"layouts/note.html": "Secret", "shelf/inner.txt": "x"})
    (built.root / "shelf/link").symlink_to(built.root / "site.toml")
    if link != "through":
        (built.root / "shelf/link").unlink()
    (built.root / "content" / link).symlink_to(target if link != "through" else "../shelf")
    messages = [message for message in refused(built) if f"leads to {leads}," in message]
    assert len(messages) == 1
    assert messages[0].endswith("which is not for readers; take the link out")


def test_links_to_other_files_are_followed(site: SmallSite) -> None:
    site.write({"README.md": "---\ntitle: About this\n---\nText.", "shelf/a.txt": "x"})
    (site.root / "content/pages").mkdir()
    (site.root / "content/pages/readme.md").symlink_to("../../README.md")
    (site.root / "content/shelf").symlink_to("../shelf")
    assert site.warnings() == []
    assert site.text("shelf/a.txt") == "x"
    assert "About this" in site.text("/readme/")


def test_a_file_that_no_host_takes_is_told_at_once_beside_what_is_wrong_with_texts(
    built: SmallSite,
) -> None:
    built.write({"content/film.mp4": ""})
    os.truncate(built.root / "content/film.mp4", 1 << 40)  # a hole: it takes no room
    built.article("bad", date="soon")
    story, film = refused(built)
    assert story.startswith("content/articles/bad.md:3: date:")
    what = "cannot be read: it is larger than 5 GB; part it, or make it smaller"
    assert film == f"content/film.mp4: {what}"


@pytest.mark.long
def test_a_copied_file_is_written_only_where_its_bytes_are_new(built: SmallSite) -> None:
    for data, written in ((b"one", 1), (b"two", 1), (b"two", 0)):
        built.write({"content/a.bin": data})
        assert built.build(clean=True).written == written
        assert built.outputs()["a.bin"] == data


@pytest.mark.long
def test_folders_whose_names_are_no_utf8(built: SmallSite) -> None:
    odd = SmallSite(Path(os.fsdecode(os.fsencode(built.root) + b"\xff")))
    built.build(output=Path(os.fsdecode(os.fsencode(built.root) + b"/out\xff")))
    (message,) = odd.errors()
    assert "the name of the site's folder, or of one above it, is no UTF-8; rename it" in message
    assert command(odd.root)[0] == 0


@pytest.mark.parametrize("target", ["loop", "nowhere"])
def test_an_output_folder_that_is_a_link_to_nothing(built: SmallSite, target: str) -> None:
    link = built.root / "loop"
    link.symlink_to(target)
    remedy = "choose another --output, such as public"
    assert built.errors(output=link) == [
        f"{link}: the output folder is a link that leads nowhere; {remedy}"
    ]
