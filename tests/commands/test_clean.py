"""`broadsheet clean`: what no build needs goes, and the next build makes nothing anew."""

import json
import re
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from generator.state.lock import locked
from support.breakpoints import BROADSHEET, Breakpoint, killed_at
from support.builds import clean_outputs, differing
from support.images import png
from support.preview_process import eventually, previewed
from support.published_pictures import PictureSite, taken
from support.sites import LONG, SmallSite, running


@pytest.fixture
def paper(tmp_path: Path) -> PictureSite:
    """A built site with pictures, and with share cards for stories that have none."""
    site = PictureSite(tmp_path / "site")
    site.images(more="[cards]")
    site.article("bare")
    site.build()
    return site


def run(site: SmallSite, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["clean", "--root", str(site.root), *arguments])


def freed(site: SmallSite, *arguments: str) -> dict[str, Any]:
    """What a command that ends well says for programs."""
    done = run(site, "--json", *arguments)
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.stdout)
    assert (told.pop("warnings"), told.pop("errors")) == ([], [])
    return told


NOTHING = {"files": 0, "bytes": 0, "pictures": 0, "cards": 0}


def kept(site: SmallSite, folder: str = "") -> dict[str, int]:
    """The files of the state, or in a folder of it, each with the time at which it was written."""
    state = site.root / ".broadsheet"
    files = (file for file in (state / folder).rglob("*") if file.is_file())
    return {file.relative_to(state).as_posix(): file.stat().st_mtime_ns for file in files}


def of_outputs(site: SmallSite) -> set[str]:
    return {name for name in kept(site) if name.startswith("output-")}


def made_of_pictures(site: SmallSite) -> dict[str, int]:
    return kept(site, "images") | kept(site, "cards")


# ------------------------------------------------------------------- what is needed no more


def test_a_site_whose_builds_need_all_of_it_loses_nothing(paper: PictureSite) -> None:
    before = kept(paper).keys()
    assert freed(paper) == NOTHING
    assert kept(paper).keys() >= before
    assert run(paper).stderr == "Nothing to free.\n"
    assert paper.build().rendered == 0


def test_pictures_that_are_gone_or_others_go(paper: PictureSite) -> None:
    before = made_of_pictures(paper)
    paper.write({"content/images/house.jpg": taken(seed=2)})
    paper.build()
    needed = made_of_pictures(paper).keys() - before.keys()
    gone = [name for name in before if name.startswith("images/")]
    sizes = [(paper.root / ".broadsheet" / name).stat().st_size for name in gone]
    told = freed(paper)
    assert (told["pictures"], told["cards"]) == (len(gone), 0)
    assert told["bytes"] >= sum(sizes) > 0
    assert {name for name in made_of_pictures(paper) if name.startswith("images/")} == needed


def test_a_card_goes_once_no_page_has_it(paper: PictureSite) -> None:
    (old,) = kept(paper, "cards")
    paper.article("bare", title="Other words")
    paper.build()
    (new,) = kept(paper, "cards").keys() - {old}
    assert freed(paper)["cards"] == 1
    assert kept(paper, "cards").keys() == {new}


def test_the_next_build_makes_no_picture_and_no_card_anew(paper: PictureSite) -> None:
    paper.article("bare", title="Other words")
    paper.write({"content/images/house.jpg": taken(seed=2)})
    paper.build()
    before = paper.outputs()
    assert freed(paper)["files"] > 0
    left = made_of_pictures(paper)
    assert paper.build().rendered == 0
    shutil.rmtree(paper.public)
    assert paper.build().converted == 0
    assert made_of_pictures(paper) == left
    assert paper.outputs() == before


def test_what_drafts_show_is_needed(paper: PictureSite) -> None:
    paper.write({"content/images/tower.jpg": taken(seed=3)})
    paper.article("idea", image="{src: /images/tower.jpg, alt: A tower}", draft="true")
    paper.build(output=paper.root / "rehearsal", drafts=True)
    before = made_of_pictures(paper)
    assert freed(paper) == NOTHING
    assert made_of_pictures(paper) == before


def test_texts_that_are_no_more_go(paper: PictureSite) -> None:
    paper.article("long", " ".join(f"word{number}" for number in range(2_000)))
    paper.build()
    paper.article("bare", "Other words.")
    paper.build()
    told = freed(paper)
    assert (told["pictures"], told["cards"]) == (0, 0)
    assert told["bytes"] > 0
    assert freed(paper) == NOTHING
    assert paper.build().rendered == 0
    assert differing(paper.outputs(), clean_outputs(paper)) == []


def test_the_state_of_an_output_folder_that_is_gone_goes(paper: PictureSite) -> None:
    elsewhere, before = paper.root.parent / "elsewhere", of_outputs(paper)
    paper.build(output=elsewhere)
    both = of_outputs(paper)
    assert freed(paper) == NOTHING
    shutil.rmtree(elsewhere)
    assert freed(paper)["files"] == len(both - before) > 0
    assert of_outputs(paper) == before


def test_the_state_of_a_language_that_is_gone_goes(paper: PictureSite) -> None:
    settings, before = (paper.root / "site.toml").read_text(), kept(paper).keys()
    paper.write({"site.toml": f'{settings}\n[languages.de]\ntitle = "Die Zeitung"\n'})
    paper.article("bare.de", title="Ein Bericht")
    paper.build()
    german = {name for name in kept(paper) if ".de." in name}
    assert len(german) == 2
    assert freed(paper) == NOTHING
    paper.write({"site.toml": settings})
    (paper.root / "content/articles/bare.de.md").unlink()
    paper.build()
    assert freed(paper)["files"] >= len(german)
    assert {name for name in kept(paper) if ".de." in name} == set()
    assert kept(paper).keys() >= {name for name in before if not name.startswith("blobs/")}


def test_what_another_version_has_compiled_goes(paper: PictureSite) -> None:
    paper.write({".broadsheet/compiled/0123abcd/compact-1": b"old"})
    assert freed(paper) == NOTHING | {"files": 1, "bytes": 3}
    assert kept(paper, "compiled")


# ------------------------------------------------------------------------------ all of it


def test_all_goes_and_the_next_build_gives_the_same(paper: PictureSite) -> None:
    before, number = paper.outputs(), len(kept(paper))
    told = freed(paper, "--all")
    assert told["files"] == number - 1
    assert (told["pictures"] > 0, told["cards"]) == (True, 1)
    assert kept(paper).keys() == {"lock"}
    assert paper.build().converted > 0
    assert paper.outputs() == before


def test_it_says_that_the_next_build_is_a_cold_one(paper: PictureSite) -> None:
    first, second = run(paper, "--all").stderr.splitlines()
    assert re.fullmatch(r"Freed \d+ files, \d\.\d MB: \d+ pictures, 1 share card\.", first), first
    assert second == "The next build makes all anew."


def test_what_an_editor_wrote_and_what_was_built_stays(paper: PictureSite) -> None:
    def rest() -> set[Path]:
        return {file for file in paper.root.rglob("*") if ".broadsheet/" not in file.as_posix()}

    before = rest()
    freed(paper)
    freed(paper, "--all")
    assert rest() == before


# ------------------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("site.toml", "title = ", "site.toml:1: "),
        ("content/articles/bare.md", "---\ndate: 2026\n---\n", "content/articles/bare.md:1: "),
    ],
)
def test_what_is_needed_of_a_broken_site_nobody_knows(
    paper: PictureSite, file: str, text: str, told: str
) -> None:
    before = made_of_pictures(paper)
    paper.write({file: text})
    done = run(paper)
    assert done.exit_code == 1
    assert told in done.stderr
    assert made_of_pictures(paper) == before
    assert freed(paper, "--all")["pictures"] > 0


def test_a_folder_without_a_site_is_no_place_to_clean(tmp_path: Path) -> None:
    (tmp_path / ".broadsheet").mkdir()
    (tmp_path / ".broadsheet/notes").write_text("mine")
    for arguments in ((), ("--all",)):
        done = CliRunner().invoke(main, ["clean", "--root", str(tmp_path), *arguments])
        assert (done.exit_code, "site.toml" in done.stderr) == (1, True)
    assert (tmp_path / ".broadsheet/notes").exists()


def test_a_site_that_was_never_built_stays_as_it_is(site: SmallSite) -> None:
    assert (freed(site), freed(site, "--all")) == (NOTHING, NOTHING)
    assert not (site.root / ".broadsheet").exists()


def test_a_state_that_lies_elsewhere_is_not_emptied(paper: PictureSite) -> None:
    state, elsewhere = paper.root / ".broadsheet", paper.root.parent / "elsewhere"
    state.rename(elsewhere)
    (elsewhere / "notes").write_text("mine")
    state.symlink_to(elsewhere)
    done = run(paper, "--all")
    assert done.exit_code == 1
    assert "it is a link to" in done.stderr
    assert freed(paper) == NOTHING
    assert (elsewhere / "notes").exists()


def test_a_link_in_it_is_taken_away_and_not_what_it_leads_to(paper: PictureSite) -> None:
    images, elsewhere = paper.root / ".broadsheet/images", paper.root.parent / "elsewhere"
    images.rename(elsewhere)
    images.symlink_to(elsewhere)
    freed(paper, "--all")
    assert not images.is_symlink()
    assert any(elsewhere.iterdir())


def test_what_is_damaged_is_no_hindrance(paper: PictureSite) -> None:
    (values,) = (paper.root / ".broadsheet/blobs").glob("readings-*.values")
    values.write_bytes(b"none")
    assert run(paper).exit_code == 0
    assert paper.warnings() == []
    assert differing(paper.outputs(), clean_outputs(paper)) == []


def test_code_of_a_stranger_is_not_run(paper: PictureSite) -> None:
    paper.write({"layouts/extensions.py": "raise SystemExit\n"})
    done = run(paper, "--safe")
    assert (done.exit_code, "layouts/extensions.py" in done.stderr) == (1, True)
    assert run(paper, "--safe", "--all").exit_code == 2


# -------------------------------------------------------------------- with others at work


@pytest.mark.long
@pytest.mark.parametrize("everything", [False, True])
def test_it_waits_for_a_build_that_is_under_way(paper: PictureSite, everything: bool) -> None:
    arguments = ["clean", *(["--all"] if everything else [])]
    state = paper.root / ".broadsheet"
    with ExitStack() as lock:
        lock.enter_context(locked(state / "lock", lambda: None))
        with running(paper.root, *arguments, errors=subprocess.PIPE) as process:
            assert process.stderr is not None
            assert process.stderr.readline().startswith("Another build of this site is under way")
            assert (state / "layouts.known").exists()
            lock.close()
            process.communicate(timeout=LONG)
            assert process.returncode == 0
    assert (state / "layouts.known").exists() is not everything


@pytest.mark.long
def test_two_at_once_do_as_one(paper: PictureSite) -> None:
    before = paper.outputs()
    with (
        running(paper.root, "clean", "--all", "--json", errors=subprocess.PIPE) as one,
        running(paper.root, "clean", "--all", "--json", errors=subprocess.PIPE) as other,
    ):
        told = [json.loads(process.communicate(timeout=LONG)[0]) for process in (one, other)]
    assert sorted(report["files"] > 0 for report in told) == [False, True]
    paper.build()
    assert paper.outputs() == before


POINTS = [
    Breakpoint("state/damaged.py remove"),
    Breakpoint("state/damaged.py remove", number=2),
    Breakpoint("state/damaged.py remove", number=3, left=True),
    Breakpoint("state/damaged.py remove", number=6),
]


@pytest.mark.long
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("everything", [False, True])
def test_one_that_is_killed_leaves_what_the_next_build_can_go_by(
    paper: PictureSite, point: Breakpoint, everything: bool
) -> None:
    paper.write({"content/images/house.jpg": taken(seed=2), ".broadsheet/compiled/0/x": b"old"})
    paper.article("bare", "Other words. " * 50)
    paper.build()
    arguments = ["clean", "--root", str(paper.root), *(["--all"] if everything else [])]
    assert killed_at(point, BROADSHEET, *arguments)
    assert paper.warnings() == []
    assert differing(paper.outputs(), clean_outputs(paper)) == []
    assert run(paper).exit_code == 0


@pytest.mark.long
@pytest.mark.parametrize("everything", [False, True])
def test_a_preview_goes_on(paper: PictureSite, everything: bool) -> None:
    pages = {path: data for path, data in paper.outputs().items() if path.startswith("images/")}
    with previewed(paper.root, "--no-drafts") as preview:
        assert all(preview.get(f"/{path}").body == data for path, data in pages.items())
        run(paper, *(["--all"] if everything else []))
        paper.write({"content/images/new.png": png(9, 9, 3)})
        paper.article("bare", title="Other words")
        eventually(lambda: b"Other words" in preview.get("/2026/06/bare/").body)
        eventually(lambda: all(preview.get(f"/{p}").body == data for p, data in pages.items()))
    paper.build()
    assert differing(paper.outputs(), clean_outputs(paper)) == []
