"""What a deploy refuses unasked, and what it says then: by the real command, to a folder."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.damage import DAMAGES, Damage
from support.deploys import DeployedSite
from support.host_folder import FolderHost, folder_host
from support.sites import SmallSite

pytestmark = pytest.mark.long


@pytest.fixture
def host(tmp_path: Path) -> Iterator[FolderHost]:
    with folder_host(tmp_path / "host") as found:
        yield found


@pytest.fixture
def paper(site: SmallSite, host: FolderHost) -> DeployedSite:
    return DeployedSite(site, host)


def without(paper: DeployedSite, *paths: str) -> None:
    """Build the site without some files of the content."""
    for path in paths:
        paper.site.root.joinpath("content", path).unlink()
    paper.build()


# --------------------------------------------------------------- addresses of nobody


def addressed(paper: DeployedSite, url: str) -> None:
    settings = paper.site.root / "site.toml"
    settings.write_text(settings.read_text().replace("https://paper.example/", url))
    paper.build()


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/",
        "http://example.com/news/",
        "https://www.example.net/",
        "https://EXAMPLE.org:8443/",
        "https://a.b.Example.Com./",
        "https://ｅxample.org/",
        "https://exa%6Dple.org/",
        "https://example。com/",
    ],
)
@pytest.mark.parametrize("option", ["--confirm", "--dry-run"])
def test_the_address_of_an_example_is_not_deployed(
    paper: DeployedSite, url: str, option: str
) -> None:
    addressed(paper, url)
    ran = paper.deploy(option)
    assert ran.code == 1
    assert ran.said.startswith(f"site.toml:2: url: {url} stands for an address in examples")
    assert paper.host.everything() == {}


@pytest.mark.parametrize(
    "url", ["https://example.organic/", "https://myexample.org/", "http://localhost:8000/"]
)
def test_an_address_that_is_like_one_of_examples_is_deployed(paper: DeployedSite, url: str) -> None:
    addressed(paper, url)
    assert paper.deploy("--dry-run").code == 0


# ------------------------------------------------------------------ what would vanish


def test_a_message_on_what_vanishes_has_the_lines_to_paste(paper: DeployedSite) -> None:
    paper.settings("", "[feeds]", 'aliases = ["/atom.xml"]')
    paper.story("story-30", "Alone.", tags="[Moon]", author="Jo Lee", aliases="[/old/]")
    paper.site.write({"content/pages/us.md": "---\ntitle: Us\n---\n", "content/a.pdf": b"%PDF"})
    paper.deployed()
    paper.settings()
    without(paper, "articles/story-30.md", "pages/us.md", "a.pdf")
    ran = paper.deploy()
    assert ran.code == 1
    first, *lines = ran.said.split("would vanish, and nothing leads on; ")[1].splitlines()
    assert first == "give --allow-vanish, or paste:"
    assert lines == [
        '  aliases: ["/2026/05/story-30/"]  # into the story that takes its place',
        '  aliases = ["/atom.xml"]  # under [feeds], in site.toml',
        '  aliases: ["/authors/jo-lee/"]  # into the author who takes its place,'
        " in content/authors/",
        '  aliases: ["/old/"]  # into the file that it led to',
        '  aliases: ["/tags/moon/"]  # into the tag that takes its place, in content/tags/',
        '  aliases: ["/us/"]  # into the page that takes its place, in content/pages/',
    ]


def test_the_lines_of_a_message_lead_on_when_they_are_pasted(paper: DeployedSite) -> None:
    paper.story("story-30", "Alone.", tags="[Moon]", author="Jo Lee")
    paper.deployed()
    paper.story("new-29", "Alone.", tags="[Luna]", author="Jo Li", aliases='["/2026/05/story-30/"]')
    files = {"tags": "Luna", "authors": "Jo Li"}
    for kind, name in files.items():
        paper.site.write({f"content/{kind}/new.md": f"---\nname: {name}\n---\n"})
    without(paper, "articles/story-30.md")
    ran = paper.deploy()
    assert ran.code == 1
    for kind, name in files.items():
        (line,) = [x for x in ran.said.splitlines() if f"/{kind}/" in x and "  aliases" in x]
        text = f"---\nname: {name}\n{line.strip()}\n---\n"
        paper.site.write({f"content/{kind}/new.md": text})
    report = paper.deployed()
    assert report["vanishing"] == []
    assert b"/tags/new/" in paper.host.files()["tags/moon/index.html"]


def test_a_file_that_vanishes_has_no_line_to_paste(paper: DeployedSite) -> None:
    paper.site.write({"content/report.pdf": b"%PDF"})
    paper.deployed()
    without(paper, "report.pdf")
    ran = paper.deploy()
    assert ran.code == 1
    assert ran.said.endswith(
        "/report.pdf would vanish, and nothing leads on; put it back, or give --allow-vanish\n"
    )


def test_of_many_lines_the_first_are_shown(paper: DeployedSite) -> None:
    for number in range(30):
        paper.site.write({f"content/pages/p{number}.md": f"---\ntitle: P {number}\n---\n"})
    paper.deployed()
    without(paper, *(f"pages/p{number}.md" for number in range(30)))
    said = paper.deploy("--confirm").said
    assert said.count("  aliases: ") == 20
    assert said.endswith("  … and 10 more\n")


PERMALINKS = (
    "/archive/{slug}/",
    "/archive/2026/{slug}/",
    "/news/page/{day}/{slug}/",
    "/tags/x/{slug}/",
    "/feeds/{slug}/",
    "/assets/{slug}.html",
)


@pytest.mark.parametrize("permalink", PERMALINKS)
def test_whether_a_story_may_vanish_hangs_on_no_permalink(
    paper: DeployedSite, permalink: str
) -> None:
    settings = paper.site.root / "site.toml"
    settings.write_text(
        f'permalinks = {{"articles/own/*" = "{permalink}"}}\n{settings.read_text()}'
    )
    paper.story("own/story-30", "Alone.", tags="[Rail]")
    paper.deployed()
    without(paper, "articles/own/story-30.md")
    ran = paper.deploy()
    address = permalink.format(slug="story-30", day="03")
    assert ran.code == 1
    assert f"{address} would vanish" in ran.said and f'aliases: ["{address}"]' in ran.said


def test_a_story_at_the_address_of_a_further_page_is_asked_about(paper: DeployedSite) -> None:
    paper.story("story-30", "Alone.", tags="[Rail]", permalink="/page/3/")
    paper.deployed()
    without(paper, "articles/story-30.md")
    assert "/page/3/ would vanish" in paper.deploy().said


def test_a_file_in_a_folder_that_is_called_archive_is_asked_about(paper: DeployedSite) -> None:
    paper.site.write({"content/archive/1999.pdf": b"%PDF", "content/page/2/a.txt": b"a"})
    paper.deployed()
    without(paper, "archive/1999.pdf", "page/2/a.txt")
    said = paper.deploy().said
    assert "/archive/1999.pdf, /page/2/a.txt would vanish" in said


def test_further_pages_and_months_and_feeds_of_tags_go_unasked(paper: DeployedSite) -> None:
    settings = paper.site.root / "site.toml"
    settings.write_text(f"{settings.read_text()}\n[lists]\nper_page = 3\n[front]\nper_page = 5\n")
    paper.story("old-1", "Old.", date="2025-02-01", tags="[Rail]", aliases="[/kept/]")
    paper.deployed()
    there = paper.host.files().keys()
    passing = {"archive/2025/02/index.html", "archive/2025/index.html", "tags/rail/feed.xml"}
    assert passing | {"page/2/index.html", "tags/rail/page/2/index.html"} <= there
    aliases = ["/2025/02/old-1/", *(f"/2026/05/story-{number}/" for number in range(0, 16, 3))]
    paper.story("story-1", "Kept.", tags="[Wheat]", aliases=str(["/kept/", *aliases]))
    wheat = "---\nname: Wheat\naliases: [/tags/rail/]\n---\n"
    paper.site.write({"content/tags/wheat.md": wheat})
    without(paper, "articles/old-1.md", *(f"articles/story-{n}.md" for n in range(0, 16, 3)))
    ran = paper.deploy()
    assert ran.code == 0, ran.said
    assert not passing & paper.host.files().keys()


# --------------------------------------------------------------------------- the fifth


def test_a_few_samples_go_without_confirm(paper: DeployedSite) -> None:
    """Of a site of less than 100 files more than a fifth may go; the addresses are asked about."""
    paper.deployed()
    assert len(paper.host.files()) < 100
    without(paper, *(f"articles/story-{number}.md" for number in range(1, 16)))
    ran = paper.deploy("--allow-vanish")
    assert ran.code == 0, ran.said


@pytest.mark.parametrize(("left", "code"), [(79, 1), (80, 0)])
def test_a_fifth_of_100_files_goes_only_with_confirm(
    paper: DeployedSite, left: int, code: int
) -> None:
    without(paper, *(f"articles/story-{number}.md" for number in range(16)))
    more = 100 - len(paper.built())
    paper.site.write({f"content/files/{number}.txt": b"x" for number in range(more)})
    paper.deployed()
    assert len(paper.host.files()) == 100
    without(paper, *(f"files/{number}.txt" for number in range(100 - left)))
    ran = paper.deploy("--allow-vanish")
    assert ran.code == code, ran.said
    assert ("more than a fifth of the site" in ran.said) is bool(code)


# -------------------------------------------------------------------- what is damaged


@pytest.mark.parametrize("damage", [d for name, d in DAMAGES.items() if name != "of nothing"])
def test_a_site_whose_list_of_files_is_damaged_is_not_deployed(
    paper: DeployedSite, damage: Damage
) -> None:
    paper.build()
    damage(paper.site.public / ".broadsheet")
    ran = paper.deploy()
    assert ran.code == 1
    assert "run broadsheet build" in ran.said and "Traceback" not in ran.said
    assert paper.host.everything() == {}
    paper.deployed()


def manifest_of(host: FolderHost) -> Path:
    (file,) = (host.path.parent / f".{host.path.name}.broadsheet").glob("*.json")
    return file


def replaced(old: str, new: str) -> Callable[[Path], object]:
    return lambda file: file.write_text(file.read_text().replace(old, new))


def made_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def linked_to_itself(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.name)


MANIFESTS: dict[str, Callable[[Path], object]] = {
    **{name: damage for name, damage in DAMAGES.items() if name not in ("gone", "of nothing")},
    "a date that is none": replaced('"asset"', '"asset","","","","the day before"'),
    "a day without a time": replaced('"asset"', '"asset","","","","2026-06-01"'),
    "a moment without a zone": replaced('"asset"', '"asset","","","","2026-06-01T00:00:00"'),
    "a kind that is no text": replaced('"story"', "7"),
    "a folder": made_a_folder,
    "a link to itself": linked_to_itself,
}


@pytest.mark.parametrize("damage", MANIFESTS.values(), ids=MANIFESTS)
def test_a_damaged_manifest_of_a_folder_is_told(
    paper: DeployedSite, host: FolderHost, damage: Damage
) -> None:
    paper.deployed()
    before = host.files()
    damage(manifest_of(host))
    paper.story("story-3", "Other words.", tags="[Rail]")
    paper.build()
    ran = paper.deploy()
    assert ran.code == 1
    assert "Traceback" not in ran.said and ran.said.startswith(host.make().name)
    assert "is damaged" not in ran.said or f", {manifest_of(host)}, is damaged" in ran.said
    assert host.files() == before


# ----------------------------------------------------------- what another Broadsheet wrote


def test_kinds_of_another_broadsheet_are_deployed_over(
    paper: DeployedSite, host: FolderHost
) -> None:
    paper.deployed()
    replaced('"story"', '"novel"')(manifest_of(host))
    paper.story("story-3", "Other words.", tags="[Rail]")
    paper.build()
    paper.deployed()
    assert host.files() == paper.built()


def test_a_page_of_a_kind_that_is_not_known_goes_only_when_asked(
    paper: DeployedSite, host: FolderHost
) -> None:
    paper.site.write({"content/digest-23.html": "A week."})
    paper.build()
    paper.deployed()
    replaced('"file"', '"weekly"')(manifest_of(host))
    without(paper, "digest-23.html")
    assert "/digest-23.html would vanish" in paper.deploy().said
    paper.deployed("--allow-vanish")
    assert host.files() == paper.built()


def test_a_manifest_of_a_newer_broadsheet_is_left_as_it_is(
    paper: DeployedSite, host: FolderHost
) -> None:
    paper.deployed()
    replaced('{"files":', '{"format":2,"files":')(manifest_of(host))
    before, kept = host.files(), manifest_of(host).read_text()
    paper.story("story-3", "Other words.", tags="[Rail]")
    paper.build()
    ran = paper.deploy("--confirm")
    assert ran.code == 1
    assert f", {manifest_of(host)}, was written by a newer Broadsheet; deploy with" in ran.said
    assert "delete" not in ran.said
    assert (host.files(), manifest_of(host).read_text()) == (before, kept)


# ------------------------------------------------------------------------ what is odd


@pytest.mark.parametrize("name", ["lock", "sent", "next.json", "7.copies"])
@pytest.mark.parametrize("kind", ["pipe", "folder", "junk"])
def test_odd_things_beside_the_releases_hold_nothing_up(
    paper: DeployedSite, host: FolderHost, name: str, kind: str
) -> None:
    paper.deployed()
    place = manifest_of(host).with_name(name.replace("7", manifest_of(host).stem))
    if place.exists():
        place.unlink()
    if kind == "junk":
        place.write_bytes(b'{"a": [' + bytes(range(256)))
    elif kind == "pipe":
        os.mkfifo(place)
    else:
        place.mkdir()
    paper.story("story-3", "Other words.", tags="[Rail]")
    paper.build()
    ran = paper.deploy()
    assert "Traceback" not in ran.said
    assert ran.code == 0 or ran.said.startswith(host.make().name)


# ----------------------------------------------------------------------------- rights


def modes(top: Path) -> set[tuple[bool, int]]:
    """The rights of all files and folders of a site: (is a folder, mode)."""
    site = top.resolve()
    found = [site, *site.rglob("*")]
    return {(file.is_dir(), stat.S_IMODE(file.stat().st_mode)) for file in found}


@pytest.fixture(params=[0o077, 0o027, 0o002, 0o022])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_readers_may_read_what_is_deployed_whatever_the_umask(
    paper: DeployedSite, host: FolderHost, umask: int
) -> None:
    paper.deployed()
    assert modes(host.path) == {(True, 0o755), (False, 0o644)}, oct(umask)
    paper.story("late-1", "New.", tags="[Late]")
    paper.deployed()
    assert modes(host.path) == {(True, 0o755), (False, 0o644)}


@pytest.mark.parametrize(("folder", "file"), [(0o2775, 0o664), (0o750, 0o640), (0o711, 0o644)])
def test_rights_follow_from_those_of_the_folder(
    paper: DeployedSite, host: FolderHost, folder: int, file: int
) -> None:
    host.path.mkdir()
    host.path.chmod(folder)
    before = os.umask(0o077)
    try:
        paper.deployed()
        paper.story("late-1", "New.", tags="[Late]")
        paper.deployed()
    finally:
        os.umask(before)
    found = modes(host.path)
    assert {mode for is_folder, mode in found if not is_folder} == {file}
    assert stat.S_IMODE(host.path.resolve().stat().st_mode) == folder
