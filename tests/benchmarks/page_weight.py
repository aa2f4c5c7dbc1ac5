"""What readers of a story with a picture receive at a telephone: bytes on the wire.

In comes a folder, in which ten photographs and a site of ten stories are put; out goes a table. The
screen is 390 pixels of CSS wide, each of which has three each way; nothing is in the cache, and
nginx compresses text. Owed are 150 kB for each page that is loaded and not scrolled. What comes
while a reader scrolls to its end is printed beside it: pictures of related stories, for a site that
shows them.
"""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import click
from PIL import Image
from real_photographs import photographs
from starter import generator, served, starter_site
from tab import launched
from tables import row

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

OWED = 150_000
DENSITY = 3
_HEIGHT = 844


class Weight(NamedTuple):
    """Bytes with their headers: by loading a page, by scrolling, and of the picture at its head.

    `picture` is the address of the file that the browser chose of it.
    """

    loaded: int
    scrolled: int
    lead: int
    picture: str


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--set", "settings", multiple=True, help="A line that goes into `site.toml`.")
@click.option("--width", default=390, show_default=True, help="Of the telephone, in CSS.")
def main(folder: Path, settings: tuple[str, ...], width: int) -> None:
    """Make a site of ten stories and print what each page of them weighs."""
    pictures = photographs(folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix="weight-") as place:
        root = Path(place) / "site"
        addresses = starter_site(root, pictures)
        with (root / "site.toml").open("a", encoding="utf-8") as file:
            file.write("\n".join(["", *settings, ""]))
        generator(root, "build", "--complete")
        with served(root / "public", Path(place) / "nginx") as base, launched() as browser:
            weights = [weighed(browser, base + address, width) for address in addresses]
        print(row(["story", "loaded", "of which its picture", "which is", "more while scrolling"]))
        print(row(["---", *["--:"] * 4]))
        for picture, weight in zip(pictures, weights, strict=True):
            print(_told(picture.stem, weight, root / "public"))
    heavy = sum(weight.loaded > OWED for weight in weights)
    print(f"\nheavier than {OWED:,} bytes: {heavy} of {len(weights)}")
    sys.exit(1 if heavy else 0)


def weighed(browser: "Browser", address: str, width: int) -> Weight:
    """What a telephone that is so wide receives of the page at an address."""
    screen: ViewportSize = {"width": width, "height": _HEIGHT}
    context = browser.new_context(
        viewport=screen, device_scale_factor=DENSITY, is_mobile=True, has_touch=True
    )
    try:
        page = context.new_page()
        received = _Received(page)
        page.goto(address, wait_until="networkidle")
        loaded = received.total()
        picture = page.locator("article figure img").first.evaluate("img => img.currentSrc")
        _scroll(page)
        return Weight(loaded, received.total() - loaded, received.of(picture), picture)
    finally:
        context.close()


class _Received:
    """Bytes that a tab receives from now on, of each address."""

    def __init__(self, page: "Page") -> None:
        self._addresses: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._arrived)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def total(self) -> int:
        return sum(self._sizes.values())

    def of(self, address: str) -> int:
        return self._sizes[address]

    def _asked(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]

    def _arrived(self, event: dict[str, Any]) -> None:
        address = self._addresses[event["requestId"]]
        self._sizes[address] = self._sizes.get(address, 0) + int(event["encodedDataLength"])


def _scroll(page: "Page") -> None:
    """Go down a page as a reader does, and wait until nothing more comes."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for place in range(0, height, _HEIGHT // 2):
        page.evaluate("place => scrollTo(0, place)", place)
        page.wait_for_timeout(30)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)


def _told(story: str, weight: Weight, public: Path) -> str:
    with Image.open(public / urlsplit(weight.picture).path[1:]) as image:
        which = f"{image.width} × {image.height} {image.format}"
    loaded, lead, scrolled = (
        f"{size / 1000:,.1f} kB" for size in (weight.loaded, weight.lead, weight.scrolled)
    )
    return row([story, loaded, lead, which, scrolled])


if __name__ == "__main__":
    main()
