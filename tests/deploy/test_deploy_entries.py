"""A deploy that would make stories new to readers of the feeds, which are not, says so first."""

import json
from pathlib import Path
from typing import Any

import feedparser
import pytest

from support.deploys import DeployedSite
from support.host_folder import FolderHost
from support.sites import SmallSite, line

pytestmark = pytest.mark.long

URL = "https://paper.example/"
SIX = range(6)


@pytest.fixture
def paper(site: SmallSite, tmp_path: Path) -> DeployedSite:
    """A site of 16 stories, deployed once."""
    (tmp_path / "host").mkdir()
    paper = DeployedSite(site, FolderHost(tmp_path / "host"))
    paper.deployed()
    return paper


def address(number: int) -> str:
    return f"/2026/05/story-{number}/"


def move(paper: DeployedSite, number: int, **fields: str) -> None:
    paper.story(f"story-{number}", f"Story {number}.", tags="[Rail]", **fields)


def settle(paper: DeployedSite, above: str = "", below: str = "", url: str = URL) -> None:
    """Write the settings, with lines above and below the table of the target."""
    paper.settings()
    file = paper.site.root / "site.toml"
    text = file.read_text("utf-8").replace(f'"{URL}"', f'"{url}"').replace("\n\n", f"\n{above}\n")
    file.write_text(text + below, "utf-8")


def told(paper: DeployedSite) -> tuple[list[str], list[str]]:
    """The stories that a deploy of the site would make new, and its warnings."""
    paper.build()
    ran = paper.deploy("--dry-run", "--allow-vanish", "--confirm")
    assert ran.code == 0, ran.said
    warnings = [*map(line, ran.report["warnings"])]
    assert all(f"warning: {text}" in ran.said.splitlines() for text in warnings)
    return ran.report["renewed"], warnings


def warned(number: int, remedy: str) -> list[str]:
    what = f"{number} stories that are not new would be so to readers of the feeds"
    return [f"site.toml: {what}; to keep their ids, {remedy}"]


def test_a_new_url_would_make_every_story_new(paper: DeployedSite) -> None:
    settle(paper, url="https://news.example/paper/")
    renewed, warnings = told(paper)
    assert len(renewed) == 16
    assert warnings == warned(16, f'write id_url = "{URL}" under [feeds]')
    settle(paper, url="https://news.example/paper/", below=f'[feeds]\nid_url = "{URL}"\n')
    assert told(paper) == ([], [])
    before = ids(paper)
    paper.deployed()
    assert ids(paper) == before


def test_to_forget_what_ids_are_made_from_is_told(paper: DeployedSite) -> None:
    old = "https://old.example/a/"
    settle(paper, below=f'[feeds]\nid_url = "{old}"\n')
    assert told(paper)[1] == warned(16, f'write id_url = "{URL}" under [feeds]')
    paper.deployed()
    settle(paper)
    assert told(paper)[1] == warned(16, f'write id_url = "{old}" under [feeds]')


MOVES: dict[str, Any] = {
    "a slug": lambda number: {"slug": f"moved-{number}"},
    "a slug and an alias": lambda number: {
        "slug": f"moved-{number}",
        "aliases": f"[{address(number)}]",
    },
    "a permalink": lambda number: {"permalink": f"/moved-{number}.html"},
    "an id": lambda number: {"id": f"urn:x-story:{number}"},
}


@pytest.mark.parametrize("how", MOVES)
def test_fields_that_make_stories_new_are_told(paper: DeployedSite, how: str) -> None:
    for number in SIX:
        move(paper, number, **MOVES[how](number))
    renewed, (warning,) = told(paper)
    assert len(renewed) == 6
    assert warning.startswith("site.toml: 6 stories that are not new would be so to readers")
    assert f'id: "https://paper.example{address(0)}" for {renewed[0]}, id: "' in warning
    assert warning.endswith(f" for {renewed[4]} and 1 more")
    for number in SIX:
        known = f"https://paper.example{address(number)}"
        move(paper, number, **MOVES[how](number) | {"id": known})
    assert told(paper) == ([], [])


def test_five_stories_are_not_told(paper: DeployedSite) -> None:
    for number in range(5):
        move(paper, number, slug=f"moved-{number}")
    assert told(paper) == ([], [])


def test_a_new_pattern_of_addresses_is_told(paper: DeployedSite) -> None:
    settle(paper, above='permalink = "/a/{slug}/"\n')
    renewed, (warning,) = told(paper)
    assert len(renewed) == 16 and warning.endswith("for /a/story-12/ and 11 more")


@pytest.mark.parametrize("text", ["Story {}.", "Another text {}."])
def test_renamed_files_are_known_by_their_text_or_by_an_alias(
    paper: DeployedSite, text: str
) -> None:
    for number in SIX:
        (paper.site.root / f"content/articles/story-{number}.md").unlink()
        day = f"2026-05-{1 + number:02}"
        fields = {"aliases": f"[{address(number)}]"} if "Another" in text else {}
        tag = ("Rail", "Wheat", "Tides")[number % 3]
        matter = {"title": f"Story {number}", "date": day, "tags": f"[{tag}]"} | fields
        paper.site.article(f"renamed-{number}", text.format(number), **matter)
    assert told(paper)[0] == [f"/2026/05/renamed-{number}/" for number in SIX]


def test_new_stories_and_corrected_ones_are_not_told(paper: DeployedSite) -> None:
    for number in range(8):
        paper.story(f"late-{number}", "New.", tags="[Rail]")
        paper.story(f"story-{number}", "Corrected.", title="Another", tags="[Wheat]")
    assert told(paper) == ([], [])


def test_stories_that_no_feed_holds_are_not_told(paper: DeployedSite) -> None:
    settle(paper, below="[feeds]\nsize = 2\n")
    paper.deployed()
    settle(paper, below="[feeds]\nsize = 2\n", url="https://news.example/")
    newest = {address(number) for number in (15, 14, 13, 12, 11, 10)}  # two of each tag
    assert {*told(paper)[0]} == newest


@pytest.mark.parametrize("move_too", [False, True])
def test_what_editions_put_there_that_wrote_no_ids_down_is_known(
    paper: DeployedSite, tmp_path: Path, move_too: bool
) -> None:
    files = (file for file in (tmp_path / "host").rglob("*") if file.is_file())
    (manifest,) = [file for file in files if b'"entries":{' in file.read_bytes()]
    kept = json.loads(manifest.read_bytes())
    assert len(kept.pop("entries")) == 16
    manifest.write_text(json.dumps(kept), "utf-8")
    assert told(paper) == ([], [])
    settle(paper, above='permalink = "/a/{slug}/"\n' * move_too, url="https://news.example/")
    renewed, (warning,) = told(paper)
    assert len(renewed) == 16
    assert (f'id_url = "{URL}"' in warning) == (not move_too)
    assert (f'id: "{URL}2026/05/story-0/" for /a/story-0/' in warning) == move_too


def test_what_was_told_and_not_carried_is_told_again(paper: DeployedSite) -> None:
    settle(paper, url="https://news.example/")
    assert told(paper) == told(paper)
    paper.build()
    said = paper.deploy().said
    assert said.index("  new to readers of the feeds /2026/05/") < said.index("warning: site.toml")
    assert said.count("warning: ") == 1
    assert told(paper) == ([], [])


def ids(paper: DeployedSite) -> list[str]:
    """The ids of the stories in the feeds that readers get."""
    files = paper.host.files()
    return [e.id for path in ("feed.xml", "rss.xml") for e in feedparser.parse(files[path]).entries]
