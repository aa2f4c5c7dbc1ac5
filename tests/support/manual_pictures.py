"""Take the pictures of the README and the manual: the demo's front page and a story, in Chromium.

    cd tests && python -m support.manual_pictures

They are written into `content/images/manual/`, and committed by hand when the look has changed.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from generator.commands.build import build
from support.browser_pages import opened, served
from support.chromium import launched
from support.sites import NOW, REPOSITORY

PICTURES = REPOSITORY / "content/images/manual"
PAGES = {"front.jpg": "/", "story.jpg": "/2024/06/change-6-far-side/"}
WINDOW, QUALITY = {"width": 1280, "height": 900}, 72


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, launched() as browser:
        public = Path(folder) / "public"
        build(REPOSITORY, public, at=NOW)
        with served(public) as home:
            for name, path in PAGES.items():
                with opened(browser, home + path, viewport=WINDOW) as page:
                    page.screenshot(path=PICTURES / name, type="jpeg", quality=QUALITY)
                    print(f"{PICTURES / name}: {(PICTURES / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
