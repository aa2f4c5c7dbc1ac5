"""What is made next in the background, of what people look at and what browsers ask for."""

import pytest

from generator.preview.session.responses import pictures_at
from generator.preview.session.site import Session
from generator.preview.values import Unmade
from generator.preview.wanted import Wanted
from support.photographs import photograph, saved
from support.published_pictures import PictureSite
from support.sites import NOW


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Unmade]]:
    """What is made of each of ten pictures."""
    site = PictureSite(tmp_path_factory.mktemp("wanted") / "site")
    names = [f"p{number}" for number in range(10)]
    for number, name in enumerate(names):
        site.write({f"content/images/{name}.jpg": saved(photograph(600, 450, number))})
    live = Session(site.root, NOW)
    live.update()
    assert live.planned
    paths = [f"/{path}" for path in live.planned.pages]
    found = pictures_at(live, paths)
    return {name: [one for one in found if f"/{name}." in one.path] for name in names}


def names(wanted: Wanted) -> list[str]:
    """What is made, one after the other: "p1 200 jpeg"."""
    found = []
    while one := wanted.next():
        name, _, *size = one.path.rpartition("/")[2].split(".")
        found.append(" ".join([name, *size]) if size else f"{name} file")
        wanted.done(one)
    return found


def one_of(pictures: list[Unmade], end: str) -> Unmade:
    return next(one for one in pictures if one.path.endswith(end))


def test_quick_ones_come_first_and_small_ones_before_large_ones(
    pictures: dict[str, list[Unmade]],
) -> None:
    wanted = Wanted()
    wanted.look_at("/", reversed(pictures["p1"]))
    quick, slow = ["p1 200 jpeg", "p1 400 jpeg"], ["p1 200 avif", "p1 400 avif"]
    assert names(wanted) == [*quick, *slow, "p1 file"]
    assert wanted.next() is None


def test_the_page_that_is_looked_at_last_comes_first(pictures: dict[str, list[Unmade]]) -> None:
    wanted = Wanted()
    for page in ("/a/", "/b/", "/a/"):
        wanted.look_at(page, pictures["p1" if page == "/a/" else "p2"])
    assert [name[:2] for name in names(wanted)] == ["p1"] * 5 + ["p2"] * 5


def test_what_a_browser_asks_for_comes_before_all_else_and_what_is_quicker_before_that(
    pictures: dict[str, list[Unmade]],
) -> None:
    wanted = Wanted()
    for page in ("p1", "p2"):
        wanted.look_at(page, pictures[page])
    for name in ("p1", "p2", "p1"):
        wanted.ask(one_of(pictures[name], ".400.avif"))
    first = ["p2 400 jpeg", "p2 400 avif", "p1 400 jpeg", "p1 400 avif", "p2 200 jpeg"]
    assert names(wanted)[:5] == first


def test_what_is_made_is_made_once(pictures: dict[str, list[Unmade]]) -> None:
    wanted = Wanted()
    wanted.look_at("/a/", pictures["p1"])
    wanted.look_at("/b/", pictures["p1"])
    wanted.ask(one_of(pictures["p1"], ".400.avif"))
    assert len(names(wanted)) == len(pictures["p1"])


def test_nothing_of_a_page_that_is_left_is_made(pictures: dict[str, list[Unmade]]) -> None:
    wanted = Wanted()
    wanted.look_at("/a/", pictures["p1"])
    wanted.look_at("/b/", [*pictures["p2"], one_of(pictures["p1"], ".200.avif")])
    for end in (".200.avif", ".400.avif"):
        wanted.ask(one_of(pictures["p1"], end))
    wanted.leave("/a/")
    wanted.leave("/never-looked-at/")
    assert [name for name in names(wanted) if name.startswith("p1")] == ["p1 200 avif"]


def test_of_pages_that_nobody_leaves_the_last_ones_count(
    pictures: dict[str, list[Unmade]],
) -> None:
    wanted = Wanted()
    for page, shown in pictures.items():
        wanted.look_at(page, shown)
    assert {name[:2] for name in names(wanted)} == {f"p{number}" for number in range(2, 10)}
