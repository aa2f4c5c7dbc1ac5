"""Links to files, whatever their names: marks that mean something in an address, any Unicode."""

import html
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import quote

import pytest

from support.crawlers import Crawl, kept_alive
from support.host_folder import nginx
from support.images import png
from support.preview_process import previewed
from support.sites import SETTINGS, SmallSite, links

ARTICLE = "content/articles/a.md"
STORY = "/2026/06/a/"
ODD = (
    "who won?.png",
    "a#b.png",
    "100%25.png",
    "%41.png",
    "50% off.png",
    "a b.png",
    "ä.png",
    "日本.png",
    "a&b.png",
    "a&amp;b.png",
    "a;b.png",
    "a+b.png",
    "a,b.png",
    "it's.png",
    'say "hi".png',
    "#1.png",
    "?.png",
    "(1).png",
    "[2].png",
    "News: one.png",
    "a:b.png",
    "a\\b.png",
    "a?b#c%20d.png",
)
"""Names of files, of which each means something else where it is taken for an address."""


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("typed", [str, quote], ids=["as it is", "encoded"])
def test_a_file_is_named_as_it_is_or_encoded(site: SmallSite, name: str, typed: type[str]) -> None:
    site.write({f"content/images/{name}": png(8, 6, 1)})
    src = html.escape(typed(name))
    tags = f'<img src="../images/{src}" alt=""> <a href="/images/{src}">x</a>'
    front = "'" + f"/images/{typed(name)}".replace("'", "''") + "'"
    site.article("a", tags, image=f"{{src: {front}, alt: A}}")
    assert site.warnings() == []
    address = "/images/" + quote(name, safe="!$&'()*+,;=:@")
    page = site.page(STORY)
    assert page.xpath("//img/@src") == [address, address]
    assert page.xpath("//img/@width") == ["8", "8"]
    assert links(page, ".prose a") == [address]
    assert f"images/{name}" in site.outputs()


@contextmanager
def plainly(site: SmallSite) -> Iterator[str]:
    """The address of a plain server of the output folder."""
    handler = partial(_Quiet, directory=str(site.public))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def by_nginx(site: SmallSite) -> Iterator[str]:
    with nginx(site.public, site.root / "nginx") as address:
        yield address


@contextmanager
def in_preview(site: SmallSite) -> Iterator[str]:
    with previewed(site.root) as preview:
        yield f"{preview.address}/"


@pytest.mark.parametrize("served", [plainly, by_nginx, in_preview])
def test_every_place_that_names_a_file_links_it_rightly(
    site: SmallSite, served: Callable[[SmallSite], AbstractContextManager[str]]
) -> None:
    for name in ODD:
        site.write({f"content/images/{name}": png(8, 6, 1)})
    settings = SETTINGS + 'image = "/images/who won?.png"\n'
    settings += 'menu = [{title = "M", url = "/images/a#b.png"}]\n'
    site.write({"site.toml": settings + '[publisher]\nlogo = "/images/50% off.png"\n'})
    site.write(
        {
            "content/authors/ann.md": "---\nname: Ann\nphoto: ../images/100%25.png\n"
            "follow: {url: '/images/?.png', label: F}\n---\n",
            "content/promos/p.md": "---\ntitle: T\nurl: '/images/a?b#c%20d.png'\nlabel: L\n---\n"
            "![x](</images/a b.png>)\n",
        }
    )
    wide = ", ".join(f"/images/{quote(name)} {n}w" for n, name in enumerate(ODD, 1))
    every = "".join(f'<img src="/images/{html.escape(name)}" alt="">' for name in ODD)
    site.article("a", f'One\n\n{every}\n\n<img srcset="{wide}" alt="">', author="Ann", promo="p")
    assert site.warnings() == []
    with served(site) as address, kept_alive() as fetch:
        crawl = Crawl(address, fetch, Event(), made_for="https://paper.example/")
        crawl.read_once()
    crawl.check()
    assert crawl.statuses[200] > len(ODD)
    page = site.page(STORY)
    origin = "https://paper.example"
    assert page.xpath("//meta[@property='og:image']/@content") == [
        f"{origin}/images/who%20won%3F.png"
    ]
    assert f"{origin}/images/50%25%20off.png" in "".join(page.xpath("//script/text()"))
    assert links(page, "nav.menu a") == ["/images/a%23b.png"]
    assert links(page, ".promo a") == ["/images/a%3Fb%23c%2520d.png"]
    for feed in ("feed.xml", "rss.xml", "feed.json"):
        for name in ("who%20won%3F", "a%23b", "100%2525"):
            assert f"{origin}/images/{name}.png" in site.text(feed)


def test_a_file_of_the_literal_name_wins_over_what_it_stands_for(site: SmallSite) -> None:
    for number, name in enumerate(("100%25.png", "100%.png", "a", "a?b", "a#b"), 1):
        site.write({f"content/{name}": png(number, 1, 1)})
    site.article("a", '<img src="/100%25.png"> <img src="/100%2525.png"> [x](/a?b) [y](/a#b)')
    assert site.warnings() == []
    page = site.page(STORY)
    assert page.xpath("//img/@src") == ["/100%2525.png", "/100%2525.png"]
    assert page.xpath("//img/@width") == ["1", "1"]
    assert links(page, ".prose a") == ["/a%3Fb", "/a%23b"]


def test_a_query_and_a_fragment_stay_where_no_file_has_the_whole_name(site: SmallSite) -> None:
    site.write({"content/a.pdf": "x", "content/b#c.pdf": "x", "content/d.png": png(1, 1, 1)})
    site.article("a", "[x](/a.pdf?v=2#page=3) [y](/b#c.pdf#page=3) ![z](/d.png?v=2)")
    assert site.warnings() == []
    page = site.page(STORY)
    assert links(page, ".prose a") == ["/a.pdf?v=2#page=3", "/b%23c.pdf#page=3"]
    assert page.xpath("//img/@src") == ["/d.png?v=2"]


def test_a_picture_beside_a_draft_is_not_linked(site: SmallSite) -> None:
    site.article("draft/index", draft="true")
    site.write({"content/articles/draft/p.png": png(1, 1, 1)})
    site.article("a", image="{src: draft/p.png, alt: A}")
    assert site.warnings() == [
        f'{ARTICLE}:4: image.src: "draft/p.png" is not public now: readers see no picture;'
        " publish it, or name another"
    ]
    assert site.page(STORY).xpath("//article//img") == []


NFC, NFD = (unicodedata.normalize(form, "é") for form in ("NFC", "NFD"))


@pytest.mark.parametrize("on_disk", [NFC, NFD], ids=["NFC", "NFD"])
@pytest.mark.parametrize("typed", [NFC, NFD, quote(NFC), quote(NFD)])
def test_a_file_is_found_in_whichever_unicode_form(
    site: SmallSite, on_disk: str, typed: str
) -> None:
    site.write(
        {
            f"content/i{on_disk}/caf{on_disk}.png": png(8, 6, 1),
            f"content/promos/p{on_disk}.md": "---\ntitle: T\nurl: /\nlabel: L\n---\nPitch.\n",
        }
    )
    site.article(f"caf{on_disk}", "Other.")
    plain = {quote(NFC): NFC, quote(NFD): NFD}.get(typed, typed)
    site.article(
        "a",
        f"One.\n\n![x](../i{typed}/caf{typed}.png)\n\n[y](caf{typed}.md)",
        image=f"{{src: /i{typed}/caf{typed}.png, alt: A}}",
        related=f"{{pin: [caf{typed}.md]}}",
        promo=f"p{plain}",
    )
    assert site.warnings() == []
    page = site.page(STORY)
    own = f"/i{quote(on_disk)}/caf{quote(on_disk)}.png"
    assert page.xpath("//img/@src") == [own, own]
    assert page.xpath("//img/@width") == ["8", "8"]
    assert links(page, ".prose > p a") == ["/2026/06/cafe/"]
    assert links(page, ".related li a")[:1] == ["/2026/06/cafe/"]
    assert links(page, ".promo a") == ["/"]


def test_of_two_files_that_differ_in_form_the_exact_one_is_meant(site: SmallSite) -> None:
    site.write({f"content/{NFC}.png": png(1, 1, 1), f"content/{NFD}.png": png(2, 1, 1)})
    site.article("a", f"![x](/{NFC}.png)\n\n![x](/{NFD}.png)")
    assert site.warnings() == []
    assert site.page(STORY).xpath("//img/@width") == ["1", "2"]
    assert {f"{NFC}.png", f"{NFD}.png"} <= site.outputs().keys()
