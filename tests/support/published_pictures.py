"""A site with photographs, and where its pages say that they are."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from lxml import html as lxml_html
from PIL import Image

from support.photographs import photograph, saved
from support.sites import SETTINGS, SmallSite

SECRET = b"SECRETSERIAL"
"""What is in the metadata of each photograph, beside where it was taken."""
QUICK = "widths = [200, 400]\navif_speed = 10\n"
"""Settings with which pictures are made in an instant."""
STORY = "/2026/06/story/"


def taken(width: int = 600, height: int = 450, seed: int = 1) -> bytes:
    """A photograph that says where it was taken and by which camera, as a JPEG."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 8.0, 13.0), 3: "E", 4: (11.0, 34.0, 34.0)})
    exif.get_ifd(0x8769)[0xA431] = SECRET.decode()
    return saved(photograph(width, height, seed), exif=exif)


def of_one_size(size: int, seed: int) -> bytes:
    """A photograph whose file has so many bytes, as some cameras fill theirs."""
    data = taken(seed=seed)
    return data + bytes(size - len(data))


class PictureSite(SmallSite):
    """A story with a photograph in its front matter, and quick settings."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.images()
        self.write({"content/images/house.jpg": taken()})
        self.story()

    def images(self, *lines: str, more: str = "") -> None:
        """Write the settings of pictures, with further lines, and further tables."""
        own = "".join(f"{line}\n" for line in lines)
        kept = [line for line in QUICK.splitlines() if not own.startswith(line.split()[0])]
        self.write({"site.toml": SETTINGS + "[images]\n" + "\n".join([*kept, own, more])})

    def story(self, body: str = "Text.", image: str = "", **fields: str) -> None:
        shown = f"{{src: /images/house.jpg, alt: A house{image}}}"
        self.article("story", body, **{"image": shown} | fields)


def addresses(element: lxml_html.HtmlElement) -> list[str]:
    """Every address of a picture below an element: of its file, its widths and its formats."""
    found = [str(image.get("src")) for image in element.iter("img")]
    for part in element.iter("img", "source"):
        found += [one.split()[0] for one in str(part.get("srcset", "")).split(", ") if one]
    return found


def widths(element: lxml_html.HtmlElement) -> dict[str, int]:
    """The addresses in the `srcset` of an element, each with the width that it claims."""
    srcset = str(element.get("srcset", ""))
    return {url: int(width) for url, width in re.findall(r"(\S+) (\d+)w", srcset)}


def pictures(site: SmallSite) -> Iterator[tuple[str, Image.Image]]:
    """Every published file that is a picture of pixels, by its path, as it is decoded."""
    for path, data in site.outputs().items():
        if path.endswith((".avif", ".jpeg", ".jpg", ".webp", ".png", ".gif")):
            image = Image.open(BytesIO(data))
            image.load()
            yield path, image


def made(site: SmallSite) -> set[str]:
    """The variants that are published: what is in the folder of pictures and no file of a text."""
    return {path for path in site.outputs() if re.match(r"images/.*\.\w{10}\.\d+\.\w+$", path)}
