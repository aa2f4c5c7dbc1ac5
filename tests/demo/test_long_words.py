"""Words longer than a line: nothing sticks out of a narrow window, in either direction."""

from typing import Any

import pytest

from support.browser_pages import opened, served, sideways
from support.sites import SETTINGS, SmallSite

pytestmark = pytest.mark.long

WORD = "Donaudampfschifffahrtskapitän"
LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle" * 2
HARD = f"""
{LONG} https://example.org/{"a" * 200} `{"code" * 60}`

## {LONG}

| {" | ".join(["A wide head of a column"] * 12)} |
|{"---|" * 12}
| {" | ".join(["content"] * 12)} |

    {"preformatted " * 40}

> {LONG}

![{LONG}](/wide.svg "{LONG}")
"""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_longest_words_stay_on_the_page(browser: Any, site: SmallSite, language: str) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="200"/>'
    site.write({"content/wide.svg": drawing, "site.toml": SETTINGS + f'language = "{language}"\n'})
    for name in ("one", "two", "three"):
        image = f"{{src: /wide.svg, alt: x, caption: {LONG}}}"
        source = f'{{name: {LONG}, url: "https://t.example/"}}'
        said = {"title": LONG + name, "summary": LONG, "kicker": LONG, "author": LONG}
        site.article(name, HARD, tags=f"[{LONG}]", image=image, source=source, **said)
    site.build()
    with served(site.public) as home:
        for path in ("/", "/2026/06/two/", "/tags/", "/authors/", "/archive/2026/06/"):
            with opened(browser, home + path, viewport={"width": 320, "height": 800}) as page:
                assert sideways(page) == [], path


def test_a_long_word_in_the_frame_stays_on_the_page(browser: Any, site: SmallSite) -> None:
    follow = f"{{url: /tags/, label: {WORD}}}"
    site.write(
        {
            "site.toml": f'title = "{WORD}"\nurl = "https://p.example/"\n[promos]\ndefault = "p"\n',
            "content/promos/p.md": f"---\ntitle: T\nurl: /tags/\nlabel: {WORD}\n---\nHi\n",
            "content/authors/ann.md": f"---\nname: {WORD}\nfollow: {follow}\n---\nA",
        }
    )
    site.article("story", "One.\n\nTwo.", author=WORD)
    site.build()
    with served(site.public) as home:
        for path in ("/", "/2026/06/story/", "/authors/ann/"):
            with opened(browser, home + path) as page:
                for width in (320, 768, 1280):
                    page.set_viewport_size({"width": width, "height": 800})
                    assert sideways(page) == [], (path, width)
