"""The preview over HTTP: each URL as a host of static files would answer it, and nothing else."""

import gzip
import json
import os
import shutil
import signal
import socket
import string
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.commands.build import build
from generator.preview.hosts import Hosts
from support.builds import tree
from support.complete_site import CompleteSite
from support.edits_of_files import caught_up
from support.images import png
from support.preview_process import SCRIPT, Preview, eventually, previewed, without_script
from support.sites import LONG, NOW, SmallSite

SECRET = "cerulean-okapi"
READ = {"Accept": "text/html,*/*;q=0.8"}


class Shown:
    """A site that has what no URL may show, its preview, and the files of its build."""

    def __init__(self, site: CompleteSite, preview: Preview, built: dict[str, bytes]) -> None:
        self.site = site
        self.preview = preview
        self.built = built


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("shown")
    site = CompleteSite(folder / "desk")
    site.write(
        {
            "site.toml": (site.root / "site.toml").read_text()
            + f'\n[extra]\nsecret = "{SECRET}"\n',
            "layouts/notes.html": f"{{# {SECRET} #}}",
            "content/articles/.hidden.md": SECRET,
            "content/pictures/a b#c?d%é.png": png(3, 3, 9),
            "content/clip.bin": bytes(range(256)) * 40,
            "content/all.tar.gz": gzip.compress(b"all"),
            "content/table.CSV.GZ": gzip.compress(b"a,b"),
            "content/map.svgz": gzip.compress(b"<svg/>"),
        }
    )
    site.article("noted", date="2026-06-01", extra=f"{{secret: {SECRET}}}", aliases="[/before/]")
    (folder / "outside.txt").write_text(SECRET)
    build(site.root, site.public, at=NOW, drafts=True, jobs=1)
    (site.root / ".broadsheet/secret.txt").write_text(SECRET)
    with previewed(site.root) as preview:
        yield Shown(site, preview, tree(site.public))


def test_every_file_of_a_build_is_answered_as_it_is(shown: Shown) -> None:
    for path, data in shown.built.items():
        if path.endswith("/") or path == ".broadsheet":
            continue
        answer = shown.preview.get("/" + quote(path))
        is_page = path.endswith(".html") and answer.status == 200
        body = without_script(answer.body) if is_page else answer.body
        assert body == data, path


def test_nothing_is_written_into_the_output(shown: Shown) -> None:
    before = tree(shown.site.public)
    shown.preview.get("/")
    assert tree(shown.site.public) == before


def test_a_folder_is_asked_for_with_or_without_its_slash(shown: Shown) -> None:
    answer = shown.preview.get("/tags/wheat")
    assert (answer.status, answer.headers["location"]) == (302, "/tags/wheat/")
    assert shown.preview.get("/tags/wheat/").status == 200


def test_an_old_address_redirects(shown: Shown) -> None:
    answer = shown.preview.get("/before/")
    assert (answer.status, answer.headers["location"]) == (302, "/2026/06/noted/")
    assert answer.body == shown.built["before/index.html"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/feed.xml", "application/atom+xml; charset=utf-8"),
        ("/rss.xml", "application/rss+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json; charset=utf-8"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/pictures/train.png", "image/png"),
        ("/pictures/a%20b%23c%3Fd%25%C3%A9.png", "image/png"),
        ("/clip.bin", "application/octet-stream"),
        ("/all.tar.gz", "application/gzip"),
        ("/table.CSV.GZ", "application/gzip"),
        ("/map.svgz", "image/svg+xml; charset=utf-8"),
    ],
)
def test_the_types_of_files(shown: Shown, path: str, kind: str) -> None:
    answer = shown.preview.get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert answer.headers.get("content-encoding", "") == ("gzip" if "svgz" in path else "")


def test_a_feed_reader_gets_the_feed_and_a_person_a_page(shown: Shown) -> None:
    read = feedparser.parse(shown.preview.get("/feed.xml").body)
    page = shown.preview.get("/feed.xml", **READ)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert read.entries and not read.bozo
    assert all(entry.title in page.body.decode() for entry in read.entries)


def test_what_is_not_there_is_the_site_s_own_page_with_addresses_near(shown: Shown) -> None:
    answer = shown.preview.get("/2026/06/weat-0/", **READ)
    assert answer.status == 404
    assert 'href="/2026/06/wheat-0/"' in answer.body.decode()
    plain = shown.preview.get("/2026/06/weat-0/")
    assert plain.status == 404
    assert without_script(plain.body) == shown.built["404.html"]


def test_head_sends_the_headers_of_get(shown: Shown) -> None:
    for path in ("/", "/pictures/train.png", "/nothing/"):
        got, headers = shown.preview.get(path), shown.preview.get(path, "HEAD")
        assert (headers.status, headers.body) == (got.status, b"")
        ignored = {"date": ""}
        assert headers.headers | ignored == got.headers | ignored


def test_a_part_of_a_file(shown: Shown) -> None:
    part = shown.preview.get("/clip.bin", Range="bytes=250-260")
    assert (part.status, part.body) == (206, shown.built["clip.bin"][250:261])
    assert part.headers["content-range"] == "bytes 250-260/10240"
    assert shown.preview.get("/clip.bin", Range="bytes=99999-").status == 416


@pytest.mark.parametrize("path", ["/", "/clip.bin", "/feed.xml", "/2026/06/wheat-0/"])
def test_what_a_browser_has_is_not_sent_again(shown: Shown, path: str) -> None:
    first = shown.preview.get(path)
    again = shown.preview.get(path, If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert shown.preview.get(path, If_None_Match='"other"').status == 200


def test_only_get_and_head(shown: Shown) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert shown.preview.get("/", method).status == 405


# -------------------------------------------------------------------------- security


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "[::1]", "LOCALHOST", "localhost:1", "127.0.0.1:65535"],
)
def test_names_of_this_machine_are_answered(shown: Shown, host: str) -> None:
    assert shown.preview.get("/", Host=host).status == 200


def test_at_an_address_that_others_reach_names_can_be_numbers_but_no_other_s() -> None:
    everywhere, one = Hosts("0.0.0.0"), Hosts("192.0.2.7")
    for hosts in (everywhere, one):
        for host in ("192.0.2.7:8000", "[2001:db8::1]:8000", "localhost", socket.gethostname()):
            assert hosts.knows(host)
        for host in ("evil.example", "192.0.2.7.evil.example", "192.0.2", "[2001:db8::1"):
            assert not hosts.knows(host)
    assert Hosts("desk.lan").knows("desk.lan:8000")
    assert not Hosts("127.0.0.1").knows("192.0.2.7")


names = st.text(st.sampled_from(string.ascii_letters + string.digits + ".-_:[]@%/"), max_size=30)
evil = st.sampled_from(
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "evil.example:80",
        "localhost:80:80",
        "10.0.0.1",
        "[::2]",
        "[::1].evil.example",
        "localhost/",
        "",
    ]
)
HERE = {"localhost", "127.0.0.1", "[::1]"}


@settings(max_examples=150, deadline=None)
@given(host=names | evil)
def test_a_foreign_name_is_refused(shown: Shown, host: str) -> None:
    name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    if (name or host).lower() in HERE and (not port or port.isdigit()):
        return
    answer = shown.preview.get("/", Host=host)
    assert answer.status in (400, 403)
    assert b"The Desk" not in answer.body


def test_no_name_or_two_are_refused(shown: Shown) -> None:
    assert shown.preview.get("/", Host=None).status in (400, 403)
    two = b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert shown.preview.send(two).status in (400, 403)
    old = b"GET / HTTP/1.0\r\n\r\n"
    assert shown.preview.send(old).status in (400, 403)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["events?path=/", "why?path=/2026/06/wheat-0/"])
def test_foreign_pages_hear_nothing(shown: Shown, path: str, headers: dict[str, str]) -> None:
    assert shown.preview.get(f"/@preview/{path}", **headers).status == 403


PARTS = (
    "..", ".", "", "%2e%2e", "%252e%252e", "..%2f", "%2e.", "..\\", "%5c..", "..;", "....",
    ".broadsheet", "site.toml", "content", "articles", "layouts", "notes.html", "secret.txt",
    "cache.db", "noted.md", ".hidden.md", "outside.txt", "public", "index.html", "pictures",
    "train.png", "etc", "passwd", "%00", "~", "@preview", "preview.js", "C:", "%2f", "%c0%ae",
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    parts=st.lists(st.sampled_from(PARTS), min_size=1, max_size=7),
    start=st.sampled_from(
        ["/", "//", "/%2f", "/.broadsheet/", "/content/", "http://evil.example/"]
    ),
)
def test_no_path_leads_out_of_the_site(shown: Shown, parts: list[str], start: str) -> None:
    path = start + "/".join(parts)
    answer = shown.preview.get(path)
    assert SECRET.encode() not in answer.body
    assert b"root:" not in answer.body
    assert answer.headers.get("location", "/").startswith("/")
    assert not answer.headers.get("location", "").startswith("//")
    if answer.status == 200 and "@preview" not in path:
        body = answer.body
        is_page = answer.headers["content-type"].startswith("text/html")
        assert (without_script(body) if is_page else body) in shown.built.values()


@pytest.mark.parametrize(
    "path",
    [
        "/.broadsheet",
        "/.broadsheet/cache.db",
        "/.broadsheet/secret.txt",
        "/site.toml",
        "/content/articles/noted.md",
        "/articles/noted.md",
        "/layouts/notes.html",
        "/notes.html",
        "/articles/.hidden.md",
        "/../outside.txt",
        "/pictures/../../site.toml",
    ],
)
def test_sources_and_the_cache_are_not_served(shown: Shown, path: str) -> None:
    answer = shown.preview.get(path)
    assert answer.status == 404
    assert SECRET.encode() not in answer.body


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


@pytest.mark.long
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
