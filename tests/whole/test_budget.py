"""Pictures and share cards that a build has no time for: what stands in for them, and how long.

With a budget of no seconds there is time for none of them, whatever the machine.
"""

import json
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from generator.cli import main
from support.builds import build_again, clean_tree, differing, tree
from support.published_pictures import SECRET, PictureSite, made

NONE = 'budget = "0s"'
CARD = "cards/2026/06/plain.png"
FILE = "images/house.jpg"


@pytest.fixture
def site(tmp_path: Path) -> PictureSite:
    """A story with a photograph, and one with a share card: never is there time for either."""
    site = PictureSite(tmp_path / "site")
    site.images(NONE, more="[cards]")
    site.article("plain")
    return site


def waiting(site: PictureSite) -> set[str]:
    """What there is no time for: the card, and every variant."""
    return {CARD, *made(site)}


def width(data: bytes) -> int:
    return Image.open(BytesIO(data)).width


def form(data: bytes) -> str:
    return str(Image.open(BytesIO(data)).format)


def forget_pages(site: PictureSite) -> None:
    """Leave what was made of pictures, and nothing else of the last build."""
    shutil.rmtree(site.public)
    for file in site.root.glob(".broadsheet/output-*"):
        file.unlink()


def test_the_cleaned_file_stands_in_for_every_width_and_format(site: PictureSite) -> None:
    report = site.build()
    outputs = site.outputs()
    variants = made(site)
    assert {path for path in variants if outputs[path] == outputs[FILE]} == variants
    assert len(variants) >= 8
    assert report.unfinished == len(waiting(site))
    assert not report.complete
    assert not [path for path, data in outputs.items() if SECRET in data]


def test_a_plain_card_stands_in_for_one_with_words(site: PictureSite) -> None:
    site.build()
    plain = site.outputs()[CARD]
    with Image.open(BytesIO(plain)) as card:
        assert card.size == (1200, 630)
        assert len(card.getcolors() or []) == 1
    site.build(complete=True)
    assert site.outputs()[CARD] != plain


def test_the_next_build_with_time_makes_what_a_clean_one_does(site: PictureSite) -> None:
    report = site.build()
    stood_in = waiting(site)
    assert build_again(site, complete=True).rendered == stood_in
    assert site.build().unfinished == 0, "what is made once stays, time or none"
    assert report.unfinished == len(stood_in)


def test_an_edit_of_words_meanwhile_forgets_nothing_that_is_left(site: PictureSite) -> None:
    before = site.build().unfinished
    site.article("plain", "Other words.")
    assert site.build().unfinished == before
    site.article("plain", "Still other words.")
    site.build(complete=True)
    assert differing(tree(site.public), clean_tree(site, complete=True)) == []


def test_a_jpeg_of_that_width_stands_in_for_avif(site: PictureSite) -> None:
    site.build(complete=True)
    whole = site.outputs()
    for file in (site.root / ".broadsheet/images").rglob("*-*"):
        if form(file.read_bytes()) == "AVIF":
            file.unlink()
    forget_pages(site)
    report = site.build()
    now = site.outputs()
    avif = {path for path in made(site) if path.endswith(".avif")}
    assert {path for path in now if now[path] != whole[path]} == {CARD, *avif}
    for path in avif:
        assert now[path] == whole[f"{path.removesuffix('avif')}jpeg"]
        assert width(now[path]) == width(whole[path])
    assert report.unfinished == len({CARD, *avif})


def test_what_is_kept_from_another_build_needs_no_time(site: PictureSite) -> None:
    site.build(complete=True)
    forget_pages(site)
    assert site.build().unfinished == 1, "the card is drawn before it is known which one it is"


def test_what_is_left_is_said_to_people_and_to_programs(site: PictureSite) -> None:
    def said(*options: str) -> str:
        return CliRunner().invoke(main, ["build", "--root", str(site.root), *options]).output

    words = said()
    assert f"{len(waiting(site))} pictures had no time" in words
    assert json.loads(said("--json"))["complete"] is False
    assert json.loads(said("--complete", "--json"))["complete"] is True
