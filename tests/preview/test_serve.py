"""The preview over HTTP: each URL as a host of static files would answer it, and nothing else."""

import gzip
import socket
import string
from collections.abc import Iterator
from urllib.parse import quote

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.commands.build import build
from generator.preview.hosts import Hosts
from support.builds import tree
from support.complete_site import CompleteSite
from support.images import png
from support.preview_process import Preview, previewed, without_script
from support.sites import NOW

pytestmark = pytest.mark.long

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
    "files.texts", "noted.md", ".hidden.md", "outside.txt", "public", "index.html", "pictures",
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
        "/.broadsheet/files.texts",
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
