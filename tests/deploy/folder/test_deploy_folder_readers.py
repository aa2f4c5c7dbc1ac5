"""Readers of a folder that is deployed to meet one whole site or the next, never a gap."""

import os
import shutil
import threading
from hashlib import blake2b
from pathlib import Path
from urllib.parse import quote

import pytest

from generator.config import Deploy
from generator.deploy.targets.choose import target_of
from generator.deploy.targets.folder.target import FolderTarget
from generator.errors import SiteError
from generator.system import IS_WINDOWS
from support.crawlers import Answer, Crawl, kept_alive, readers
from support.folder_deploys import anew, deploy, write
from support.host_folder import contents, nginx

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(IS_WINDOWS, reason="Windows has no means to deploy there"),
]


def page(release: int, title: str, links: list[str]) -> str:
    """A page that says of which release it is, and by which anybody can tell that it is whole."""
    anchors = "".join(f'<a href="{quote(link)}">{link}</a>\n' for link in links)
    body = f"<link rel=stylesheet href='/style.{release}.css'><h1>{title} {release}</h1>{anchors}"
    body += f"<p>{title * 800}</p>"
    return f"<html><body>{digest(body)} {body}</body></html>"


def digest(body: str) -> str:
    return blake2b(body.encode(), digest_size=8).hexdigest()


def is_as_written(url: str, answer: Answer) -> str:
    if not answer.kind.startswith("text/html"):
        return "" if answer.body == b"body {}" * 500 else "half a stylesheet"
    inner = answer.body.decode().removeprefix("<html><body>").removesuffix("</body></html>")
    stamp, _, body = inner.partition(" ")
    return "" if stamp == digest(body) else "half a page, or two in one"


def publish(site: Path, release: int, stories: range) -> None:
    """A release whose front page leads to all its stories, and each of them to the next."""
    files = {f"style.{n}.css": "body {}" * 500 for n in range(max(0, release - 5), release + 1)}
    files["index.html"] = page(release, "Front", [f"/{n} é/" for n in stories])
    for n, after in zip(stories, [*stories[1:], stories[0]], strict=True):
        files[f"{n} é/index.html"] = page(release, f"Story {n}", ["/", f"/{after} é/"])
    anew(site, files)


@pytest.mark.parametrize("vanishing", [False, True])
def test_readers_never_meet_a_gap(site: Path, top: Path, tmp_path: Path, vanishing: bool) -> None:
    """Stories come with each release, and in one of the two cases go as well."""
    write(top, {"theirs.txt": "theirs"})
    publish(site, 0, range(20))
    deploy(site, top)
    with nginx(top, tmp_path / "nginx") as address, kept_alive() as fetch:
        stop = threading.Event()
        crawl = Crawl(address, fetch, stop, look=is_as_written, vanishing=vanishing)
        with readers(crawl, stop):
            for release in range(1, 16):
                publish(site, release, range(release * vanishing, release + 20))
                deploy(site, top)
                crawl.walked()
        assert crawl.statuses[200] > 200
        assert vanishing or crawl.statuses.keys() == {200}


def test_readers_while_a_folder_becomes_a_link(site: Path, top: Path, tmp_path: Path) -> None:
    publish(site, 0, range(20))
    with nginx(top, tmp_path / "nginx") as address, kept_alive() as fetch:
        for _ in range(5):
            for place in top.parent.glob(".digest*"):
                shutil.rmtree(place)
            top.unlink(missing_ok=True)
            publish(site, 0, range(20))
            shutil.copytree(site, top)
            stop = threading.Event()
            crawl = Crawl(address, fetch, stop, look=is_as_written)
            with readers(crawl, stop):
                crawl.walked()
                publish(site, 1, range(25))
                deploy(site, top)
                crawl.walked()
            assert top.is_symlink() and crawl.statuses.keys() == {200}


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("gone", "404: {}4%20%C3%A9/, from {}"),
        ("half", "half a page, or two in one: {}4%20%C3%A9/, from {}"),
        ("one link too many", "404: {}nowhere, from {}4%20%C3%A9/"),
    ],
)
@pytest.mark.parametrize("vanishing", [False, True])
def test_a_reader_notices(
    site: Path, tmp_path: Path, damage: str, fault: str, vanishing: bool
) -> None:
    """The readers of the tests above, where something is wrong."""
    publish(site, 0, range(6))
    story = site / "4 é" / "index.html"
    if damage == "gone":
        shutil.rmtree(story.parent)
    if damage == "half":
        os.truncate(story, 1000)
    if damage == "one link too many":
        story.write_text(page(0, "Story", ["/nowhere"]))
    with nginx(site, tmp_path / "nginx") as address, kept_alive() as fetch:
        stop = threading.Event()
        crawl = Crawl(address, fetch, stop, look=is_as_written, vanishing=vanishing)
        with pytest.raises(AssertionError, match="faults:"), readers(crawl, stop, 1):
            crawl.walked()
        assert set(crawl.faults) == {fault.format(address, address)}


def test_a_plain_copy_would_be_noticed(site: Path, top: Path, tmp_path: Path) -> None:
    """What a deploy spares readers: a site written over in place, front page first."""
    publish(site, 0, range(20))
    shutil.copytree(site, top)
    with nginx(top, tmp_path / "nginx") as address, kept_alive() as fetch:
        stop = threading.Event()
        crawl = Crawl(address, fetch, stop, look=is_as_written)
        with pytest.raises(AssertionError, match=r"404: |half a page"), readers(crawl, stop):
            publish(site, 1, range(1, 21))
            shutil.copyfile(site / "index.html", top / "index.html")
            crawl.walked()
            for path in sorted(contents(site)):
                (top / path).parent.mkdir(exist_ok=True)
                shutil.copyfile(site / path, top / path)


def test_an_address_that_is_a_link_to_itself(site: Path, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    found = target_of("web", Deploy(to=f"file://{tmp_path}/loop"), site, tmp_path)
    assert isinstance(found, FolderTarget)
    with pytest.raises(SiteError, match="circle"), found.opened():
        pass
