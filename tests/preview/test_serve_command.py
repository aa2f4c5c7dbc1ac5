"""`broadsheet serve`: what it says and shows while a site is edited, broken, moved and mended."""

import json
import os
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from support.complete_site import CompleteSite
from support.edits_of_files import caught_up
from support.preview_process import SCRIPT, Preview, eventually, previewed, without_script
from support.sites import LONG, SmallSite

pytestmark = pytest.mark.long

# ------------------------------------------------------------------------ the command


def test_drafts_and_scheduled_stories_are_shown_unless_told_otherwise(tmp_path: Path) -> None:
    site = CompleteSite(tmp_path / "desk")
    with previewed(site.root) as preview:
        assert preview.get("/2026/06/draft/").status == 200
        assert preview.get("/2026/06/later/").status == 200
    with previewed(site.root, "--no-drafts") as preview:
        assert preview.get("/2026/06/draft/").status == 404
        assert preview.get("/2026/06/later/").status == 404
    with previewed(site.root, "--no-drafts", at="2026-06-21T08:00") as preview:
        assert preview.get("/2026/06/later/").status == 200
        assert preview.get("/2026/06/opera-5/").status == 404


def test_a_site_below_a_path(site: SmallSite) -> None:
    site.write({"site.toml": 'title = "Paper"\nurl = "https://paper.example/news/"\n'})
    site.article("one")
    with previewed(site.root) as preview:
        assert preview.base == "/news/"
        assert preview.get("/news/2026/06/one/").status == 200
        assert preview.get("/").headers["location"] == "/news/"
        assert preview.get("/2026/06/one/").status == 404


def test_each_save_is_one_line_and_each_error_is_told_once(site: SmallSite) -> None:
    site.article("one")
    with previewed(site.root) as preview:
        site.article("one", "New text.")
        assert " ms" in preview.line("content/articles/one.md")
        site.article("one", date="soon")
        preview.line("content/articles/one.md:3: date: ")
        site.article("two")
        preview.line("content/articles/two.md: ")
        site.article("one")
        preview.line("All is well again.")
    assert sum("content/articles/one.md:3:" in line for line in preview.lines) == 1


def test_a_mistake_in_any_file_ends_nothing(site: SmallSite) -> None:
    site.article("one", "The first text.")
    good = (site.root / "site.toml").read_text()
    with previewed(site.root) as preview:
        for path, bad in {
            "site.toml": "title = ",
            "content/articles/one.md": "---\ntitle: [\n---\n",
            "layouts/article.html": "{% if %}",
            "layouts/labels/en.toml": "=",
        }.items():
            site.write({path: bad})
            preview.line(f"{path}:")
            assert b"The first text." in preview.get("/2026/06/one/").body
            if path == "site.toml":
                site.write({path: good})
            elif path.startswith("content"):
                site.article("one", "The first text.")
            else:
                (site.root / path).unlink()
            preview.line("All is well again.")


def test_a_mistake_that_only_the_whole_site_shows_holds_back_its_file_alone(
    site: SmallSite,
) -> None:
    site.article("one", "The first text.")
    site.article("two", "Other text.")
    with previewed(site.root) as preview:
        site.article("bad", "[a](nope.md)")
        preview.line("content/articles/bad.md:6:")
        site.article("one", "[a](nope.md)")
        preview.line("content/articles/one.md:6:")
        site.article("two", "A new text.")
        eventually(lambda: b"A new text." in preview.get("/2026/06/two/").body)
        assert b"The first text." in preview.get("/2026/06/one/").body
        assert preview.get("/2026/06/bad/").status == 404
        files = [problem["file"] for problem in told(preview, "/2026/06/two/")["problems"]]
        assert files == ["content/articles/bad.md", "content/articles/one.md"]
        site.article("nope", "There it is.")
        preview.line("All is well again.")
        eventually(lambda: preview.get("/2026/06/bad/").status == 200)
        assert b"nope" in preview.get("/2026/06/one/").body


def test_a_site_that_is_broken_from_the_start_appears_when_it_is_mended(site: SmallSite) -> None:
    site.article("one")
    site.write({"site.toml": "title = "})
    with previewed(site.root) as preview:
        assert preview.get("/").status == 503
        site.write({"site.toml": 'title = "Paper"\nurl = "https://paper.example/"\n'})
        eventually(lambda: preview.get("/2026/06/one/").status == 200)


def test_a_folder_without_a_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"site\.toml: there is no such file"):  # noqa: SIM117
        with previewed(tmp_path) as preview:
            pytest.fail(preview.address)


def test_a_taken_port_is_told_and_the_next_one_served(site: SmallSite) -> None:
    site.article("one")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with previewed(site.root, "--port", str(port)) as preview:
            assert f"Port {port} is taken" in preview.lines[0]
            assert preview.port > port
            assert preview.get("/").status == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_told_to(site: SmallSite, number: int) -> None:
    site.article("one")
    with previewed(site.root) as preview:
        with socket.create_connection((preview.host, preview.port)) as stream:
            host = f"Host: {preview.host}:{preview.port}"
            stream.sendall(f"GET /@preview/events?path=/ HTTP/1.1\r\n{host}\r\n\r\n".encode())
            assert b"200 OK" in stream.recv(4096)
            os.kill(preview.process.pid, number)
            assert preview.process.wait(LONG) == 0
        assert not any("Traceback" in line for line in preview.lines), "\n".join(preview.lines)


def test_a_build_goes_on_beside_it(site: SmallSite) -> None:
    site.article("one")
    with previewed(site.root) as preview:
        site.article("one", "New text.")
        preview.line("content/articles/one.md")
        assert site.build(drafts=True).articles == 1
        site.article("one", "Newer text.")
        preview.line("content/articles/one.md")
        site.build(drafts=True, clean=True)
        assert without_script(preview.get("/2026/06/one/").body).decode() == site.text(
            "/2026/06/one/"
        )
        assert without_script(preview.get("/").body).decode() == site.text("/")


def test_the_cache_is_deleted_under_it(site: SmallSite) -> None:
    site.article("one")
    site.article("two")
    with previewed(site.root) as preview:
        shutil.rmtree(site.root / ".broadsheet")
        site.article("one", "New text.")
        preview.line("content/articles/one.md")
        assert b"New text." in preview.get("/2026/06/one/").body
        assert preview.get("/2026/06/two/").status == 200
        assert preview.get("/archive/").status == 200


def test_a_scheduled_story_goes_live_by_itself(site: SmallSite) -> None:
    site.article("one", date="2026-01-01")
    with previewed(site.root, "--no-drafts", at=None) as preview:
        for seconds in (2, 8, 32, LONG):
            moment = datetime.now(UTC) + timedelta(seconds=seconds)
            site.article(f"in-{seconds}", date=moment.isoformat())
            path = f"/{moment:%Y/%m}/in-{seconds}/"
            caught_up(site, preview)
            status = preview.get(path).status
            if datetime.now(UTC) < moment:
                break  # it was asked for in time, however slow the machine is
        assert status == 404
        while preview.get(path).status == 404:
            preview.line("the clock")
        assert path.encode() in preview.get("/").body


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prlimit is Linux's own")
@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: local"])
def test_a_save_is_shown_while_more_idle_connections_are_opened_than_files_may_be(
    site: SmallSite, begun: bytes
) -> None:
    import resource

    site.article("one")
    with previewed(site.root) as preview, ExitStack() as opened:

        def connect(request: bytes) -> socket.socket:
            address = preview.host, preview.port
            connection = opened.enter_context(socket.create_connection(address, timeout=LONG))
            connection.sendall(request)
            return connection

        resource.prlimit(preview.process.pid, resource.RLIMIT_NOFILE, (128, 128))
        host = f"Host: {preview.host}:{preview.port}"
        tab = connect(
            f"GET /@preview/events?path=/2026/06/one/ HTTP/1.1\r\n{host}\r\n\r\n".encode()
        )
        assert b"200 OK" in tab.recv(4096)
        for _ in range(200):
            connect(begun)
        site.article("one", "New text.")
        preview.line("content/articles/one.md")
        told = b""
        while b"New text." not in told:
            told += tab.recv(65536)
        assert b"New text." in preview.get("/2026/06/one/").body
    assert len("".join(preview.lines)) < 1000


# ------------------------------------------------------- what goes wrong, and goes on


FAILING = {
    "a division by zero": "{{ 1 // 0 }}",
    "a filter that takes no such value": "{{ site.title|round }}",
    "no end of calls": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "what is no UTF-8": "{{ '\\ud800' }}",
    "no such filter": "{{ site.title|nonsense }}",
    "too large a number": "{{ ((site.title|length) ** 5000)|string }}",
    "a value of another kind": "{{ site.title + 1 }}",
}


@pytest.mark.parametrize("failing", FAILING.values(), ids=FAILING)
def test_a_page_that_cannot_be_made_says_so_and_all_others_are_shown(
    site: SmallSite, failing: str
) -> None:
    site.article("one")
    site.write({"layouts/front.html": f"<h1>Front</h1>\n{failing}\n"})
    with previewed(site.root) as preview:
        broken = preview.get("/")
        assert broken.status in (500, 503)
        assert SCRIPT.search(broken.body)  # the overlay tells the rest
        problem = told(preview, "/")["problems"][0]
        line = 0 if "ud800" in failing else 2  # no step fails, but the page as a whole
        assert (problem["file"], problem["line"]) == ("layouts/front.html", line)
        site.article("one", "New text.")
        preview.line("content/articles/one.md")
        if broken.status == 500:
            assert b"New text." in preview.get("/2026/06/one/").body
        site.write({"layouts/front.html": "<h1>Mended</h1>"})
        eventually(lambda: b"Mended" in preview.get("/").body)
        assert not any("Traceback" in line for line in preview.lines)


def told(preview: Preview, path: str) -> dict[str, Any]:
    """What a tab that shows a page is told first."""
    with socket.create_connection((preview.host, preview.port), timeout=LONG) as stream:
        host = f"Host: {preview.host}:{preview.port}"
        stream.sendall(f"GET /@preview/events?path={path} HTTP/1.1\r\n{host}\r\n\r\n".encode())
        with stream.makefile("rb") as lines:
            line = next(line for line in lines if line.startswith(b"data: "))
    message: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
    return message


def renamed_away(folder: Path, away: Path) -> None:
    folder.rename(away)


def deleted(folder: Path, away: Path) -> None:
    shutil.copytree(folder, away)
    while folder.exists():  # a file may still be written there
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("remove", [renamed_away, deleted])
@pytest.mark.parametrize("where", [".", "elsewhere"])
def test_the_site_is_removed_and_put_back(
    site: SmallSite, tmp_path: Path, remove: Callable[[Path, Path], None], where: str
) -> None:
    site.article("one", "Old text.")
    site.write({"layouts/404.html": "Own page for what is not found."})
    (tmp_path / "elsewhere").mkdir()
    starts = site.root if where == "." else tmp_path / where
    with previewed(starts, "--root", os.path.relpath(site.root, starts)) as preview:
        for number in range(2):
            remove(site.root, tmp_path / "away")
            eventually(lambda: preview.get("/").status == 503)
            assert b"is gone" in preview.get("/2026/06/one/").body
            assert SCRIPT.search(preview.get("/").body)
            assert "gone" in told(preview, "/")["problems"][0]["what"]
            assert not site.root.exists()
            (tmp_path / "away").rename(site.root)
            preview.line("All is well again.")
            assert preview.get("/2026/06/one/").status == 200
            site.article("one", f"Text {number}.")
            preview.line("content/articles/one.md")
            assert f"Text {number}." in preview.get("/2026/06/one/").body.decode()
            assert preview.get("/nothing/").body.startswith(b"Own page")
    assert not any("Traceback" in line for line in preview.lines), "\n".join(preview.lines)


@pytest.mark.parametrize("remove", [renamed_away, deleted])
def test_without_its_content_the_site_stands_as_it_was(
    site: SmallSite, tmp_path: Path, remove: Callable[[Path, Path], None]
) -> None:
    site.article("one", "Old text.")
    with previewed(site.root) as preview:
        remove(site.root / "content", tmp_path / "away")
        preview.line("content: there is no such folder")
        assert b"Old text." in preview.get("/2026/06/one/").body
        (tmp_path / "away").rename(site.root / "content")
        preview.line("All is well again.")
        site.article("one", "New text.")
        preview.line("content/articles/one.md")
        assert b"New text." in preview.get("/2026/06/one/").body


@pytest.mark.parametrize("remove", [renamed_away, deleted])
def test_without_its_layouts_the_site_has_the_default_ones(
    site: SmallSite, tmp_path: Path, remove: Callable[[Path, Path], None]
) -> None:
    site.article("one")
    site.write({"layouts/404.html": "Own page."})
    with previewed(site.root) as preview:
        for _ in range(2):
            remove(site.root / "layouts", tmp_path / "away")
            eventually(lambda: b"Own page." not in preview.get("/nothing/").body)
            (tmp_path / "away").rename(site.root / "layouts")
            eventually(lambda: b"Own page." in preview.get("/nothing/").body)
            site.write({"layouts/404.html": "Own page, edited."})
            eventually(lambda: b"edited" in preview.get("/nothing/").body)
            site.write({"layouts/404.html": "Own page."})
            eventually(lambda: b"edited" not in preview.get("/nothing/").body)
    assert not any("Traceback" in line for line in preview.lines)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prlimit is Linux's own")
def test_what_cannot_be_read_for_want_of_files_is_tried_again(site: SmallSite) -> None:
    import resource

    site.article("one")
    with previewed(site.root) as preview:
        pid = preview.process.pid
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (1, before[1]))
        site.article("one", "New text.")
        preview.line("Too many open files")
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        eventually(lambda: b"New text." in preview.get("/2026/06/one/").body)
    assert len("".join(preview.lines)) < 3000
    assert not any("Traceback" in line for line in preview.lines)
