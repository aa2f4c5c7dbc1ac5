"""What each edit of a picture wakes, and that the files of pictures are made once.

After each edit the output equals a clean build's, byte for byte: `build_again` sees to that.
"""

import os
import shutil
from pathlib import Path

import pytest

from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from generator.system import IS_WINDOWS
from support.answers import built, shown
from support.builds import build_again, clean_tree, differing
from support.deploys import DeployedSite
from support.host_folder import FolderHost
from support.published_pictures import QUICK, STORY, PictureSite, made, of_one_size, taken
from support.sites import NOW

SIZE = 60_000
"""Bytes of each photograph."""
HOUSE = "content/images/house.jpg"
THUMBNAILS = {"feed.xml", "rss.xml"}
"""Outputs that show a square of the photograph."""
HOLDING_IT = {"404.html", "feed.json"}
"""Outputs whose values hold the photograph, though they show its file alone, or nothing of it."""


@pytest.fixture
def site(tmp_path: Path) -> PictureSite:
    """A story with a photograph and another with none, built once."""
    site = PictureSite(tmp_path / "site")
    site.write({HOUSE: of_one_size(SIZE, 1), "content/images/tree.jpg": of_one_size(SIZE, 2)})
    site.article("other", "![A tree](/images/tree.jpg)", date="2026-05-01")
    site.article("plain", date="2026-05-02")
    site.build()
    return site


def variants_of(site: PictureSite, name: str) -> set[str]:
    return {path for path in made(site) if path.startswith(f"images/{name}.")}


def store(site: PictureSite) -> dict[Path, int]:
    """The files of the store, each with when it was written."""
    files = (site.root / ".broadsheet/images").rglob("*")
    return {file: file.stat().st_mtime_ns for file in files if file.is_file()}


def test_no_edit_makes_nothing(site: PictureSite) -> None:
    before = store(site)
    assert build_again(site).rendered == set()
    assert store(site) == before


def test_a_replaced_picture_wakes_what_shows_it_and_its_own_files(site: PictureSite) -> None:
    old, kept = variants_of(site, "house"), variants_of(site, "tree")
    (site.root / HOUSE).write_bytes(of_one_size(SIZE, 3))
    rendered, deleted, report = build_again(site)
    new = variants_of(site, "house")
    assert deleted == old
    changed = {"images/house.jpg", *new, "2026/06/story/index.html", "index.html", *THUMBNAILS}
    assert rendered == changed | HOLDING_IT
    assert report.written == len(changed)
    assert variants_of(site, "tree") == kept
    assert not new & old


@pytest.mark.long
def test_one_of_the_same_size_and_date_is_seen_too(site: PictureSite) -> None:
    file = site.root / HOUSE
    stamp = file.stat()
    file.write_bytes(of_one_size(SIZE, 3))
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert "images/house.jpg" in build_again(site).rendered


def test_a_renamed_picture_moves_with_its_variants(site: PictureSite) -> None:
    (site.root / HOUSE).rename(site.root / "content/images/home.jpg")
    site.article("story", image="{src: /images/home.jpg, alt: A house}")
    rendered, deleted, _ = build_again(site)
    assert len(deleted) == 1 + len(variants_of(site, "home"))
    assert variants_of(site, "house") == set()
    assert rendered >= {"images/home.jpg", "2026/06/story/index.html"}


def test_a_focus_makes_the_crops_anew_and_nothing_else(site: PictureSite) -> None:
    before = site.outputs()
    site.story(image=", focus: 0% 0%")
    rendered, deleted, _ = build_again(site)
    pictures = {path for path in rendered if path.startswith("images/")}
    assert pictures
    assert len(pictures) == len(deleted)
    assert pictures <= variants_of(site, "house")
    assert rendered >= THUMBNAILS
    assert site.outputs()["images/house.jpg"] == before["images/house.jpg"]
    assert "2026/05/plain/index.html" not in rendered


@pytest.mark.parametrize(
    "line",
    [
        "widths = [150, 300]",
        "widths = []",
        'formats = ["jpeg"]',
        "quality = 60",
        'crops = ["1:1"]',
        "original = true",
        'keep = ["images/tree.jpg"]',
        "credit = false",
    ],
)
def test_other_settings_of_pictures_make_what_a_clean_build_does(
    site: PictureSite, line: str
) -> None:
    before = site.outputs()
    site.images(line)
    build_again(site)
    site.images()
    build_again(site)
    assert site.outputs() == before


def test_a_word_of_a_text_makes_no_picture(site: PictureSite) -> None:
    before = store(site)
    site.story("Other words.")
    assert not [path for path in build_again(site).rendered if path.startswith("images/")]
    assert store(site) == before


# ---------------------------------------------------------------------------- the store


def test_what_the_store_has_is_not_made_again(site: PictureSite) -> None:
    before, outputs = store(site), site.outputs()
    assert len(before) >= len(made(site))
    shutil.rmtree(site.public)
    site.build()
    assert site.outputs() == outputs
    assert store(site) == before


@pytest.mark.parametrize("damage", ["emptied", "overwritten", "gone"])
def test_a_damaged_store_is_made_anew(site: PictureSite, damage: str) -> None:
    outputs = site.outputs()
    for file in store(site):
        if damage == "gone":
            file.unlink()
        else:
            size = file.stat().st_size
            file.write_bytes(b"" if damage == "emptied" else bytes(size))
    shutil.rmtree(site.public)
    site.build()
    assert site.outputs() == outputs


def test_the_store_keeps_no_more_than_twice_what_is_published(site: PictureSite) -> None:
    for number in range(5):
        (site.root / HOUSE).write_bytes(of_one_size(SIZE, 10 + number))
        site.build()
    published = {path for path in site.outputs() if path.startswith("images/")}
    assert len(store(site)) <= 2 * len(published)


# ------------------------------------------------------------------ preview and deploy


@pytest.mark.long
def test_the_preview_answers_each_address_and_takes_over_a_replaced_picture(
    site: PictureSite,
) -> None:
    live = Session(site.root, NOW)
    live.update()
    live.settle()
    pages, wrong = shown(live)
    assert wrong == []
    assert differing(pages, built(clean_tree(site))) == []
    (site.root / HOUSE).write_bytes(of_one_size(SIZE, 3))
    live.update([HOUSE])
    live.settle()
    pages, wrong = shown(live)
    assert wrong == []
    assert differing(pages, built(clean_tree(site))) == []
    assert respond(live, STORY).status == 200


@pytest.mark.long
@pytest.mark.skipif(IS_WINDOWS, reason="Windows has no means to deploy there")
def test_a_deploy_sends_each_variant_once(tmp_path: Path) -> None:
    host = FolderHost(tmp_path / "host")
    site = PictureSite(tmp_path / "site")
    deployed = DeployedSite(site, host)
    file = site.root / "site.toml"
    file.write_text(f"{file.read_text()}\n[images]\n{QUICK}")
    deployed.deployed()
    assert host.files() == deployed.built()
    assert deployed.deployed()["sent"] == 0
    site.write({HOUSE: taken(seed=5)})
    before = deployed.built()
    report = deployed.deployed("--allow-vanish")
    now = deployed.built()
    there = host.files()
    assert {path: there[path] for path in now} == now
    assert there.keys() - now.keys() == before.keys() - now.keys()  # open pages show these yet
    assert report["sent"] == len([path for path in now if before.get(path) != now[path]])
    assert set(now) - set(before) == variants_of(site, "house")
    (site.root / HOUSE).unlink()
    site.article("story")
    deployed.deployed("--allow-vanish")
    left = {path for path in host.files() if path.startswith("images/")}
    assert left == {path for path in deployed.built() if path.startswith("images/")}
