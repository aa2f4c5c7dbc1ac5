"""Pictures that are not made yet, over HTTP: nobody waits for one, and each comes in the end."""

import os
import signal
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

import pytest
from lxml import html as lxml_html

from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from generator.preview.values import STANDS_IN
from support.builds import clean_tree
from support.photographs import shown
from support.preview_process import Preview, Response, assert_shows, eventually, previewed
from support.published_pictures import SECRET, STORY, PictureSite, addresses, made, taken
from support.sites import LONG, NOW, SETTINGS

pytestmark = pytest.mark.long

SLOW = SETTINGS + "[images]\nwidths = [900]\navif_speed = 0\n"
"""Settings with which an AVIF takes many seconds, and a JPEG an instant."""
READ = {"Accept": "text/html,*/*;q=0.8"}


@pytest.fixture
def site(tmp_path: Path) -> PictureSite:
    return PictureSite(tmp_path / "site")


@pytest.fixture
def slow(site: PictureSite) -> PictureSite:
    site.write({"site.toml": SLOW, "content/images/house.jpg": taken(1600, 1200)})
    return site


def variant(site: PictureSite, form: str) -> str:
    """The address of the widest variant of the house that is whole, in a format."""
    live = Session(site.root, NOW)
    live.update()
    assert live.planned
    every = [path for path in live.planned.pages if path.startswith("images/house.")]
    widest = max(path for path in every if path.endswith(f".{form}") and ".900." in path)
    return f"/{widest}"


def avifs(site: PictureSite) -> list[Path]:
    files = (site.root / ".broadsheet/images").rglob("*-*-*")
    return [file for file in files if file.read_bytes()[4:12] == b"ftypavif"]


def is_standing_in(answer: Response) -> bool:
    assert answer.status in (HTTPStatus.OK, STANDS_IN)
    return answer.status == STANDS_IN


def test_what_stands_in_comes_before_the_picture_is_made(slow: PictureSite) -> None:
    with previewed(slow.root) as preview:
        answer = preview.get(variant(slow, "avif"))
        assert avifs(slow) == []
    assert is_standing_in(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    assert b'width="900" height="675"' in answer.body
    assert SECRET not in answer.body


def test_the_jpeg_of_that_width_stands_in_as_soon_as_it_is_there(slow: PictureSite) -> None:
    avif = variant(slow, "avif")
    with previewed(slow.root) as preview:
        preview.get(avif)
        eventually(lambda: preview.get(avif).headers["content-type"] == "image/jpeg")
        in_place, jpeg = preview.get(avif), preview.get(variant(slow, "jpeg"))
        assert avifs(slow) == []
    assert is_standing_in(in_place)
    assert not is_standing_in(jpeg)
    assert in_place.body == jpeg.body
    assert shown(jpeg.body).size == (900, 675)


def test_pages_and_saves_are_answered_while_a_picture_is_made(slow: PictureSite) -> None:
    with previewed(slow.root) as preview:
        assert preview.get(STORY, **READ).status == HTTPStatus.OK
        assert is_standing_in(preview.get(variant(slow, "avif")))
        slow.article("fresh", "News.")
        eventually(lambda: b"News." in preview.get("/2026/06/fresh/").body)
        assert avifs(slow) == []


def test_each_picture_comes_in_the_end_as_a_build_makes_it(site: PictureSite) -> None:
    built = clean_tree(site)
    with previewed(site.root) as preview:
        site.public.mkdir()
        assert_shows(preview, built)
    assert made(site) == set()


def test_the_pictures_of_a_page_are_made_without_being_asked_for(site: PictureSite) -> None:
    built = clean_tree(site)
    with previewed(site.root) as preview:
        page = lxml_html.document_fromstring(preview.get(STORY, **READ).body)
        named = [url.removeprefix("/") for url in addresses(page)]
        assert {Path(path).suffix for path in named} == {".jpg", ".jpeg", ".avif"}
        lengths = {len(built[path]) for path in named}
        store = site.root / ".broadsheet/images"
        eventually(lambda: lengths <= {file.stat().st_size for file in store.rglob("*-*-*")})
        assert [preview.get(f"/{path}").body for path in named] == [built[path] for path in named]


# ------------------------------------------------------------------- what goes wrong


def test_a_damaged_picture_is_told_and_ends_nothing(site: PictureSite) -> None:
    whole = taken()
    site.write({"content/images/house.jpg": whole[: len(whole) // 2]})
    live = Session(site.root, NOW)
    live.update()
    with previewed(site.root) as preview:
        preview.line("house.jpg: ")
        assert preview.get("/images/house.jpg").status == respond(live, "/images/house.jpg").status
        site.write({"content/images/house.jpg": whole})
        eventually(lambda: is_picture(preview.get("/images/house.jpg")))


def is_picture(answer: Response) -> bool:
    is_there = answer.status == HTTPStatus.OK and answer.headers["content-type"] == "image/jpeg"
    return is_there and SECRET not in answer.body and shown(answer.body).size == (600, 450)


def test_a_picture_that_cannot_be_kept_is_a_mistake_and_is_tried_again(site: PictureSite) -> None:
    store = site.root / ".broadsheet/images"
    store.parent.mkdir()
    store.write_text("No folder.")
    with previewed(site.root) as preview:
        path = "/images/house.jpg"
        wrong = HTTPStatus.INTERNAL_SERVER_ERROR
        eventually(lambda: preview.get(path).status == wrong)
        store.unlink()
        assert preview.get(STORY, **READ).status == HTTPStatus.OK  # who looks again has it tried
        eventually(lambda: preview.get(path).status == HTTPStatus.OK)


def test_one_that_is_replaced_while_it_is_made_leaves_nothing_wrong(slow: PictureSite) -> None:
    with previewed(slow.root) as preview:
        before = variant(slow, "avif")
        assert is_standing_in(preview.get(before))
        slow.images()
        slow.write({"content/images/house.jpg": taken(seed=9)})
        built = clean_tree(slow)
        eventually(lambda: preview.get(before).status == HTTPStatus.NOT_FOUND)
        assert_shows(preview, built)


# -------------------------------------------------------------------------- the end


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no groups of processes")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_while_a_picture_is_made_and_nothing_is_left(
    slow: PictureSite, number: int
) -> None:
    with previewed(slow.root) as preview:
        avif = variant(slow, "avif")
        preview.get(avif)
        eventually(lambda: preview.get(avif).headers["content-type"] == "image/jpeg")
        os.kill(preview.process.pid, number)
        assert preview.process.wait(LONG) == 0
        eventually(lambda: not is_anyone_left(preview))
        assert not any("Traceback" in line for line in preview.lines)
    assert avifs(slow) == []


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no groups of processes")
def test_nothing_is_left_when_it_is_killed(slow: PictureSite) -> None:
    with previewed(slow.root) as preview:
        avif = variant(slow, "avif")
        preview.get(avif)
        eventually(lambda: preview.get(avif).headers["content-type"] == "image/jpeg")
        preview.process.kill()
        preview.process.wait()
        eventually(lambda: not is_anyone_left(preview))


def is_anyone_left(preview: Preview) -> bool:
    """Whether a process of the preview's group is there."""
    with suppress(ProcessLookupError):
        os.killpg(preview.process.pid, 0)
        return True
    return False
