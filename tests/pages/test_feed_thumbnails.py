"""The pictures that feeds name beside texts: the file, and a square for lists of headlines."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lxml import etree
from PIL import Image

from support.feeds import XML_FEEDS, read
from support.images import PNG
from support.published_pictures import PictureSite, made, pictures, taken

HOST = "https://paper.example/"
MEDIA = "{http://search.yahoo.com/mrss/}"


@pytest.fixture
def site(tmp_path: Path) -> PictureSite:
    return PictureSite(tmp_path / "site")


def told(site: PictureSite, feed: str = "/feed.xml") -> tuple[dict[str, Any], dict[str, Any]]:
    """What a reader finds of the newest story's picture: that, and its thumbnail."""
    entry = read(site, feed).entries[0]
    (picture,), (thumbnail,) = entry.media_content, entry.media_thumbnail
    return picture, thumbnail


def shown(site: PictureSite, address: str) -> Image.Image:
    return dict(pictures(site))[address.removeprefix(HOST)]


def squares(site: PictureSite) -> set[str]:
    return {path for path, image in pictures(site) if image.width == image.height} & made(site)


@pytest.mark.parametrize("feed", XML_FEEDS)
def test_a_feed_names_a_picture_and_a_square_of_it(site: PictureSite, feed: str) -> None:
    site.write({"content/images/house.jpg": taken(1000, 700)})
    site.build()
    picture, thumbnail = told(site, feed)
    assert picture == {
        "url": f"{HOST}images/house.jpg",
        "type": "image/jpeg",
        "medium": "image",
        "width": "1000",
        "height": "700",
    }
    assert (thumbnail["width"], thumbnail["height"]) == ("480", "480")
    square = shown(site, thumbnail["url"])
    assert (square.size, square.format) == ((480, 480), "JPEG")


@pytest.mark.parametrize("feed", XML_FEEDS)
def test_the_picture_goes_before_its_square(site: PictureSite, feed: str) -> None:
    site.build()
    root = etree.fromstring((site.public / feed.lstrip("/")).read_bytes())
    names = [element.tag for element in root.iter(f"{MEDIA}*")]
    assert names == [f"{MEDIA}content", f"{MEDIA}thumbnail"]


def test_a_square_is_no_larger_than_its_picture(site: PictureSite) -> None:
    site.build()
    _, thumbnail = told(site)
    assert (thumbnail["width"], thumbnail["height"]) == ("450", "450")
    assert shown(site, thumbnail["url"]).size == (450, 450)


def test_a_square_is_about_the_focus(site: PictureSite) -> None:
    halves = Image.new("RGB", (1200, 400), "#000")
    halves.paste("#fff", (600, 0, 1200, 400))
    data = BytesIO()
    halves.save(data, "JPEG", comment=bytes(20_000))
    site.write({"content/images/house.jpg": data.getvalue()})
    for focus, light in (("0% 50%", False), ("100% 50%", True)):
        site.story(image=f", focus: {focus}")
        site.build()
        _, thumbnail = told(site)
        mean = np.asarray(shown(site, thumbnail["url"]).convert("L")).mean()
        assert (mean > 250, mean < 5) == (light, not light)


@pytest.mark.parametrize("lines", ['crops = ["1:1"]', 'widths = [480, 500]\ncrops = ["1:1"]'])
def test_a_site_with_squares_of_its_own_has_each_once(site: PictureSite, lines: str) -> None:
    site.write({"content/images/house.jpg": taken(1000, 700)})
    site.images(*lines.splitlines())
    assert site.warnings() == []
    _, thumbnail = told(site)
    assert shown(site, thumbnail["url"]).size == (480, 480)
    assert len({path.split(".")[1] for path in squares(site)}) == 1


@pytest.mark.parametrize(
    ("src", "kind"),
    [
        ("/images/small.png", "image/png"),
        ("/images/map.svg", "image/svg+xml"),
        ("'https://i.example/a.jpg?w=1'", None),
        ("'//i.example/a.jpg'", None),
    ],
)
def test_what_is_small_or_drawn_or_elsewhere_has_no_square(
    site: PictureSite, src: str, kind: str | None
) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    site.write({"content/images/small.png": PNG, "content/images/map.svg": drawing})
    site.article("story", image=f"{{src: {src}, alt: A picture}}")
    site.build()
    for feed in XML_FEEDS:
        (entry,) = read(site, feed).entries
        assert "media_thumbnail" not in entry
        assert entry.media_content[0].get("type") == kind
    assert squares(site) == set()


def test_a_story_without_a_picture_has_none(site: PictureSite) -> None:
    site.article("story", "![In the text](/images/house.jpg)", image=None)
    site.build()
    assert not any("media:" in site.text(feed).partition("<entry>")[2] for feed in XML_FEEDS)
    assert squares(site) == set()


def test_only_what_feeds_may_hold_has_a_square(site: PictureSite) -> None:
    collections = """
[collections.events]
feed = true
[collections.jobs]
"""
    site.images(more=collections)
    for number, name in enumerate(("events/fair", "jobs/cook", "authors/ann")):
        site.write({f"content/images/{number}.jpg": taken(seed=number + 2)})
        field = "photo: " if "ann" in name else "image: {alt: A, src: "
        end = "" if "ann" in name else "}"
        dated = "name: Ann" if "ann" in name else "title: A\ndate: 2026-05-01"
        matter = f"{dated}\n{field}/images/{number}.jpg{end}\n"
        site.write({f"content/{name}.md": f"---\n{matter}---\nText.\n"})
    site.story(author="Ann")
    site.build()
    assert {path.split(".")[0] for path in squares(site)} == {"images/house", "images/0"}
    (entry,) = read(site, "/events/feed.xml").entries
    assert entry.media_thumbnail[0]["url"].startswith(f"{HOST}images/0.")


def test_a_story_that_leaves_the_feed_keeps_its_square(site: PictureSite) -> None:
    site.images(more="[feeds]\nsize = 1\n")
    site.build()
    before = squares(site)
    site.article("newer", date="2026-06-02")
    site.build()
    assert squares(site) == before != set()


def test_each_language_has_the_square_of_its_picture(site: PictureSite) -> None:
    site.images(more="[languages.de]\n")
    site.write({"content/images/tower.jpg": taken(seed=4)})
    site.article("story.de", image="{src: /images/tower.jpg, alt: Turm}")
    site.build()
    _, thumbnail = told(site, "/de/feed.xml")
    assert thumbnail["url"].removeprefix(HOST) in squares(site)
