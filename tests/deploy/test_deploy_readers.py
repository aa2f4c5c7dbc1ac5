"""Readers who follow every link of a site while it is built and deployed again and again."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import feedparser
import pytest
from botocore.exceptions import ClientError

from support.crawlers import Answer, Crawl, Fetch, kept_alive, readers
from support.deploys import DeployedSite, Host
from support.host_folder import folder_host, nginx
from support.host_s3 import S3Host
from support.host_ssh import ssh_host
from support.sites import SmallSite

pytestmark = pytest.mark.long

RELEASES = 5 if os.environ.get("BROADSHEET_LONG") else 2
MADE_FOR = "https://paper.example/"


class Open(NamedTuple):
    """A host that is open to readers: where they start, and how they fetch."""

    host: Host
    start: str
    fetch: Fetch


@contextmanager
def open_folder(place: Path) -> Iterator[Open]:
    with folder_host(place) as host:
        host.path.mkdir()
        with nginx(host.path, place / "nginx") as address, kept_alive() as fetch:
            yield Open(host, address, fetch)


@contextmanager
def open_server(place: Path) -> Iterator[Open]:
    with ssh_host(place) as host:
        host.top.mkdir(parents=True, exist_ok=True)
        with nginx(host.top, place / "nginx") as address, kept_alive() as fetch:
            yield Open(host, address, fetch)


def open_bucket(host: S3Host) -> Open:
    """As a CDN in front of the bucket would fetch: folders have an `index.html`."""

    def fetch(url: str) -> Answer:
        path = unquote(urlsplit(url).path).removeprefix("/")
        name = f"{path}index.html" if not path or path.endswith("/") else path
        try:
            found = host.head(name)
        except ClientError as error:
            return Answer(int(error.response["ResponseMetadata"]["HTTPStatusCode"]), "", b"")
        return Answer(200, found["ContentType"], found["Body"].read())

    return Open(host, "http://127.0.0.1/", fetch)


SSH = pytest.param(
    "ssh",
    marks=pytest.mark.skipif(
        not os.environ.get("BROADSHEET_LONG"),
        reason="takes half a minute: BROADSHEET_LONG=1 runs it",
    ),
)


@pytest.fixture(params=["folder", "s3", SSH])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    if request.param == "s3":
        yield open_bucket(request.getfixturevalue("s3_host"))
        return
    (tmp_path / "host").mkdir()
    with {"folder": open_folder, "ssh": open_server}[request.param](tmp_path / "host") as found:
        yield found


def test_no_link_is_ever_dead(opened: Open, site: SmallSite) -> None:
    """Stories come, are corrected and renamed; tags come; listings grow; the style changes."""
    paper = DeployedSite(site, opened.host)
    paper.deployed()
    stop = threading.Event()
    crawl = Crawl(opened.start, opened.fetch, stop, made_for=MADE_FOR)
    with readers(crawl, stop, 2):
        for number in range(RELEASES):
            edit(paper, number)
            paper.deployed("--confirm")
            crawl.walked()
    assert crawl.statuses.keys() == {200}
    assert crawl.statuses[200] > 200


def edit(paper: DeployedSite, number: int) -> None:
    paper.story(f"story-{number}", f"Corrected in release {number}.", tags="[Rail]")
    for more in range(3):
        paper.story(f"late-{number}-{more}", "New.", tags=f"[Rail, Late {number}]")
    moved, old = f"moved-{number}", f"/2026/05/story-{10 + number}/"
    paper.site.root.joinpath(f"content/articles/story-{10 + number}.md").unlink()
    paper.story(moved, "The same story.", tags="[Wheat, Tides, Rail]", aliases=f"[{old}]")
    sheet = paper.site.root / "layouts/assets/site.css"
    sheet.parent.mkdir(parents=True, exist_ok=True)
    sheet.write_text(f"body {{ margin: {number}px }}")


def test_old_addresses_are_told_as_what_they_are(opened: Open, site: SmallSite) -> None:
    paper = DeployedSite(site, opened.host)
    settings = (site.root / "site.toml").read_text()
    site.write({"site.toml": f'{settings}\n[feeds]\naliases = ["/atom.xml", "/feed/"]\n'})
    paper.story(
        "moved", "Größe.", aliases="[/node.js, /2019/python-3.7-released, /Old.HTML, /a.xml]"
    )
    warned = paper.deployed()["warnings"]
    built = paper.built()
    for path in ("node.js/", "2019/python-3.7-released/", "Old.HTML", "a.xml/"):
        found = opened.fetch(f"{opened.start}{path}")
        assert (found.status, found.kind.partition(";")[0]) == (200, "text/html")
        assert b"url=/2026/05/moved/" in found.body
    for path in ("atom.xml", "feed/"):
        found = opened.fetch(f"{opened.start}{path}")
        assert (found.status, found.body) == (200, built["feed.xml"])
        feed = feedparser.parse(found.body, response_headers={"content-type": found.kind})
        assert feed.entries[0].title == "Moved"
    is_store = isinstance(opened.host, S3Host)
    assert len(warned) == (0 if is_store else 1)
    for warning in warned:
        assert (warning["file"], warning["line"]) == ("site.toml", 8)
        assert warning["what"].startswith("feeds.aliases: /feed/ holds the feed, but ")
