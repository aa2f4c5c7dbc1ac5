"""Readers who follow every link of a site while it is built and deployed again and again."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from botocore.exceptions import ClientError
from conftest import SmallSite
from crawling import Answer, Crawl, Fetch, kept_alive, readers
from deploying import Desk, Host
from host_folder import folder_host, nginx
from host_s3 import s3_host
from host_ssh import ssh_host

RELEASES = 5
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


@contextmanager
def open_bucket(place: Path) -> Iterator[Open]:
    """As a CDN in front of the bucket would fetch: folders have an `index.html`."""
    with s3_host(place) as host:

        def fetch(url: str) -> Answer:
            path = unquote(urlsplit(url).path).removeprefix("/")
            name = f"{path}index.html" if not path or path.endswith("/") else path
            try:
                found = host.head(name)
            except ClientError as error:
                return Answer(int(error.response["ResponseMetadata"]["HTTPStatusCode"]), "", b"")
            return Answer(200, found["ContentType"], found["Body"].read())

        yield Open(host, "http://127.0.0.1/", fetch)


KINDS: dict[str, Callable[[Path], AbstractContextManager[Open]]] = {
    "folder": open_folder,
    "s3": open_bucket,
    "ssh": open_server,
}


@pytest.mark.parametrize("kind", KINDS)
def test_no_link_is_ever_dead(kind: str, site: SmallSite, tmp_path: Path) -> None:
    """Stories come, are corrected and renamed; tags come; listings grow; the style changes."""
    (tmp_path / "host").mkdir()
    with KINDS[kind](tmp_path / "host") as (host, start, fetch):
        desk = Desk(site, host)
        desk.deployed()
        stop = threading.Event()
        crawl = Crawl(start, fetch, stop, made_for=MADE_FOR)
        with readers(crawl, stop, 2):
            for number in range(RELEASES):
                edit(desk, number)
                desk.deployed("--confirm")
        assert crawl.statuses.keys() == {200}
        assert crawl.statuses[200] > 200


def edit(desk: Desk, number: int) -> None:
    desk.story(f"story-{number}", f"Corrected in release {number}.", tags="[Rail]")
    for more in range(3):
        desk.story(f"late-{number}-{more}", "New.", tags=f"[Rail, Late {number}]")
    moved, old = f"moved-{number}", f"/2026/05/story-{10 + number}/"
    desk.site.root.joinpath(f"content/articles/story-{10 + number}.md").unlink()
    desk.story(moved, "The same story.", tags="[Wheat, Tides, Rail]", aliases=f"[{old}]")
    sheet = desk.site.root / "layouts/assets/site.css"
    sheet.parent.mkdir(parents=True, exist_ok=True)
    sheet.write_text(f"body {{ margin: {number}px }}")
