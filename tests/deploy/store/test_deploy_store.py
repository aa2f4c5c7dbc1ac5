"""What is special to object stores: headers, credentials, hosts that fail."""

import gzip
import os
import random
from pathlib import Path

import brotli
import pytest

from generator.deploy.targets.store.target import MANIFEST
from support.deploys import DeployedSite, differences, free_port
from support.faulty_proxy import at_random, faulty
from support.host_s3 import ALONE, BUCKET, FOLDER, S3Host, S3Server
from support.images import PNG
from support.sites import SmallSite

pytestmark = pytest.mark.long

FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture
def host(s3_host: S3Host) -> S3Host:
    return s3_host


@pytest.fixture
def paper(site: SmallSite, host: S3Host) -> DeployedSite:
    return DeployedSite(site, host)


def headers(host: S3Host, path: str) -> tuple[str, str, str]:
    """Content-Type, Cache-Control, Content-Encoding."""
    found = host.head(path)
    return found["ContentType"], found["CacheControl"], found.get("ContentEncoding", "")


def test_each_kind_of_file_has_its_headers(paper: DeployedSite, host: S3Host) -> None:
    paper.site.write({"content/a.png": PNG, "content/report.pdf": b"%PDF"})
    paper.site.write({"content/odd.zzz": b"?"})
    paper.settings('cache = { "*.pdf" = "no-cache", "tags/*" = "public, max-age=60" }')
    paper.deployed()
    short, longer = "public, max-age=300", "public, max-age=86400"
    (sheet,) = (path for path in paper.built() if path.startswith("assets/site."))
    assert headers(host, sheet) == ("text/css; charset=utf-8", FOREVER, "")
    wanted = {
        "index.html": ("text/html; charset=utf-8", short),
        "2026/05/story-3/index.html": ("text/html; charset=utf-8", short),
        "feed.xml": ("application/atom+xml; charset=utf-8", short),
        "rss.xml": ("application/rss+xml; charset=utf-8", short),
        "feed.json": ("application/feed+json; charset=utf-8", short),
        "sitemap.xml": ("application/xml; charset=utf-8", short),
        "robots.txt": ("text/plain; charset=utf-8", short),
        "tags/rail/index.html": ("text/html; charset=utf-8", "public, max-age=60"),
        "a.png": ("image/png", longer),
        "report.pdf": ("application/pdf", "no-cache"),
        "odd.zzz": ("application/octet-stream", longer),
    }
    assert {path: headers(host, path)[:2] for path in wanted} == wanted


PACKED = {
    "figures.csv.gz": "application/gzip",
    "all.tar.gz": "application/gzip",
    "all.TGZ": "application/gzip",
    "page.html.gz": "application/gzip",
    "code.js.br": "application/x-brotli",
    "notes.txt.zst": "application/zstd",
    "notes.txt.bz2": "application/x-bzip2",
    "all.tar.xz": "application/x-xz",
    "notes.json.Z": "application/x-compress",
    "all.zip": "application/zip",
    "all.svg.7z": "application/x-7z-compressed",
}
"""By name, with the right type of each."""


@pytest.mark.parametrize("compress", ["none", "gzip", "brotli"])
def test_what_is_compressed_already_is_stored_as_it_is(
    paper: DeployedSite, host: S3Host, compress: str
) -> None:
    large = gzip.compress(random.Random(2).randbytes(11 << 20), 0)
    files = {name: gzip.compress(name.encode()) for name in PACKED} | {"large.txt.gz": large}
    paper.site.write({f"content/data/{name}": data for name, data in files.items()})
    paper.settings(f'compress = "{compress}"')
    paper.deployed()
    there = host.files()
    for name, data in files.items():
        kind = PACKED.get(name, "application/gzip")
        assert there[f"data/{name}"] == data
        assert headers(host, f"data/{name}") == (kind, "public, max-age=86400", ""), name
    assert paper.deployed()["sent"] == 0


@pytest.mark.parametrize("compress", ["none", "gzip", "brotli"])
def test_a_gzipped_drawing_is_told_to_be_one_and_not_compressed_again(
    paper: DeployedSite, host: S3Host, compress: str
) -> None:
    drawing = gzip.compress(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    paper.site.write({"content/map.svgz": drawing, "content/Map 2.SVGZ": drawing})
    paper.settings(f'compress = "{compress}"')
    paper.deployed()
    for path in ("map.svgz", "Map 2.SVGZ"):
        assert host.files()[path] == drawing
        kind, _, encoding = headers(host, path)
        assert (kind, encoding) == ("image/svg+xml; charset=utf-8", "gzip")
    assert paper.deployed()["sent"] == 0


def test_other_headers_are_sent_again(paper: DeployedSite, host: S3Host) -> None:
    paper.deployed()
    paper.settings('cache = { "*.txt" = "no-cache" }')
    assert paper.deployed()["sent"] == 1
    assert headers(host, "robots.txt")[1] == "no-cache"


@pytest.mark.parametrize(
    ("name", "encoding", "decode"),
    [("gzip", "gzip", gzip.decompress), ("brotli", "br", brotli.decompress)],
)
def test_texts_are_stored_compressed_where_that_is_wished(
    paper: DeployedSite, host: S3Host, name: str, encoding: str, decode: object
) -> None:
    assert callable(decode)
    paper.site.write({"content/a.png": PNG})
    paper.settings(f'compress = "{name}"')
    paper.deployed()
    there = host.files()
    packed = {path for path in there if headers(host, path)[2] == encoding}
    pictures = {path for path in there if path.endswith(".png")}
    assert there.keys() - packed == pictures > {"a.png"}
    assert {p: decode(d) if p in packed else d for p, d in there.items()} == paper.built()
    assert paper.deployed()["sent"] == 0


def test_aliases_are_redirects_of_the_website(paper: DeployedSite, host: S3Host) -> None:
    paper.settings("redirects = true")
    paper.story("story-3", "Moved.", aliases="[/old/]")
    paper.deployed()
    found = host.head("old/index.html")
    assert found["WebsiteRedirectLocation"] == "https://paper.example/2026/05/story-3/"
    assert differences(host.files(), paper.built()) == {}
    assert paper.deployed()["sent"] == 0
    paper.settings()
    assert paper.deployed()["sent"] == 1
    assert "WebsiteRedirectLocation" not in host.head("old/index.html")


def test_old_addresses_of_the_feed_are_redirects_of_the_website(
    paper: DeployedSite, host: S3Host
) -> None:
    aliases = '[feeds]\naliases = ["/atom.xml", "/feed/", "/old/rss"]\n'
    paper.settings("redirects = true", aliases)
    paper.story("story-3", "Moved.", aliases="[/node.js]")
    paper.deployed()
    wanted = {
        "atom.xml": ("atom", "feed.xml"),
        "feed/index.html": ("atom", "feed.xml"),
        "old/rss/index.html": ("rss", "rss.xml"),
    }
    for path, (kind, feed) in wanted.items():
        assert host.head(path)["WebsiteRedirectLocation"] == f"https://paper.example/{feed}"
        assert headers(host, path)[0] == f"application/{kind}+xml; charset=utf-8"
    moved = host.head("node.js/index.html")
    assert moved["WebsiteRedirectLocation"] == "https://paper.example/2026/05/story-3/"
    assert moved["ContentType"] == "text/html; charset=utf-8"
    paper.settings(aliases)
    assert paper.deployed()["sent"] == 4
    assert "WebsiteRedirectLocation" not in host.head("feed/index.html")
    assert differences(host.files(), paper.built()) == {}


def test_a_file_too_large_for_memory_arrives_in_parts(paper: DeployedSite, host: S3Host) -> None:
    data = random.Random(1).randbytes(21 << 20)
    paper.site.write({"content/film.bin": data})
    paper.deployed()
    assert host.files()["film.bin"] == data
    assert "-" in host.head("film.bin")["ETag"]  # so S3 marks what came in parts
    assert paper.deployed()["sent"] == 0


# ---------------------------------------------------------------------- who may deploy


def test_whoever_may_not_deploy_is_told_so_and_no_secret_is_shown(
    paper: DeployedSite, host: S3Host, s3_server: S3Server
) -> None:
    paper.build()
    owner = host.server.owner
    cases = {
        "there are no credentials": ALONE,
        "does not know these credentials": owner.environment
        | {"AWS_SECRET_ACCESS_KEY": "wrong-" + owner.secret},
        "these credentials may not": s3_server.reader.environment,
    }
    for words, environment in cases.items():
        host.environment = environment
        ran = paper.deploy()
        assert ran.code == 1, words
        assert words in ran.said, ran.said
        for secret in (owner.secret, s3_server.reader.secret):
            assert secret not in ran.said
    assert host.everything() == {}


def test_credentials_come_from_the_usual_files(
    paper: DeployedSite, host: S3Host, tmp_path: Path
) -> None:
    key = host.server.owner
    file = tmp_path / "credentials"
    file.write_text(
        f"[press]\naws_access_key_id = {key.id}\naws_secret_access_key = {key.secret}\n"
    )
    host.environment = ALONE | {"AWS_SHARED_CREDENTIALS_FILE": str(file), "AWS_PROFILE": "press"}
    paper.deployed()
    assert host.files() == paper.built()
    host.environment |= {"AWS_PROFILE": "nobody"}
    ran = paper.deploy()
    assert ran.code == 1
    assert "nobody" in ran.said


@pytest.mark.parametrize(
    ("to", "endpoint", "words"),
    [
        ("s3://no-such-bucket", "", "there is no such bucket"),
        (f"s3://{BUCKET}", "http://127.0.0.1:{closed}", "the host refuses connections"),
        ("s3://key:secret@bucket", "", "it holds a password"),
        ("s3:///news", "", "names no bucket"),
        ("ftp://example.org/", "", "is no place to deploy to"),
    ],
)
def test_a_place_that_is_none_is_told(
    paper: DeployedSite, host: S3Host, to: str, endpoint: str, words: str
) -> None:
    host.to = to
    if endpoint:
        host.settings = f'endpoint = "{endpoint.format(closed=free_port())}"\n'
    paper.settings()
    paper.build()
    ran = paper.deploy()
    assert ran.code == 1
    assert words in ran.said
    assert "secret" not in ran.said
    assert ran.said.count("\n") == 1


# ------------------------------------------------------------------- what can go wrong


@pytest.mark.parametrize("seed", range(3))
def test_a_bad_day_of_the_host_is_waited_out(paper: DeployedSite, host: S3Host, seed: int) -> None:
    with faulty(host.server.endpoint, at_random(seed, 0.25)) as proxy:
        host.settings = host.settings.replace(host.endpoint, proxy.endpoint)
        paper.settings()
        paper.deployed()
        paper.story("story-3", "Other words.", tags="[Rail]")
        paper.story("late-1", "New.", tags="[Late]")
        paper.deployed()
        assert sum(mischief not in ("", "slow") for *_, mischief in proxy.done) > 3
    assert differences(host.files(), paper.built()) == {}


@pytest.mark.skipif(
    not os.environ.get("BROADSHEET_LONG"), reason="takes half a minute: BROADSHEET_LONG=1 runs it"
)
def test_a_damaged_manifest_is_told_and_nothing_is_touched(
    paper: DeployedSite, host: S3Host
) -> None:
    paper.deployed()
    whole = host.everything()[f"{FOLDER}/{MANIFEST}"]
    nested = gzip.compress(b'{"files":{},"x":' + b"[" * 100_000)
    unread = gzip.compress(b'{"files":{"a\xff":["","file"]}}')
    undated = gzip.compress(b'{"files":{"a":["","asset","","","the day before"]}}')
    plain = gzip.compress(b'{"files": 3}')
    for damaged in (b"", whole[:100], b"{}", plain, nested, unread, undated):
        host.put(MANIFEST, damaged)
        before = host.everything()
        ran = paper.deploy("--confirm")
        assert ran.code == 1
        assert "the manifest of earlier deploys" in ran.said
        assert f"/{FOLDER}/{MANIFEST}, is damaged" in ran.said
        assert host.everything() == before
    host.remove(MANIFEST)
    assert paper.deploy().code == 1
    paper.deployed("--confirm")
    assert host.files() == paper.built()


# ------------------------------------------------------------------------------ the order


def test_nothing_is_sent_before_what_it_needs(paper: DeployedSite, host: S3Host) -> None:
    """Files, new stories, what else is new, changed stories, listings, front, feeds, sitemaps."""
    paper.deployed()
    paper.site.write({"layouts/assets/site.css": "body { color: navy }"})
    paper.story("late-1", "New.", tags="[Rail, Late]")
    for number in range(2):
        paper.site.root.joinpath(f"content/articles/story-{number}.md").unlink()
    paper.build()
    with faulty(host.server.endpoint, lambda *_: "") as proxy:
        host.settings = host.settings.replace(host.endpoint, proxy.endpoint)
        paper.settings()
        assert paper.deploy("--allow-vanish").code == 0
        asked = [(method, path.partition(f"{FOLDER}/")[2]) for method, path, _ in proxy.done]
    sent = [path for method, path in asked if method == "PUT" and "broadsheet" not in path]
    assert [phase for path in sent if (phase := _phase(path))] == sorted(map(_phase, sent))
    assert {_phase(path) for path in sent} == set(range(1, 9))
    last = max(n for n, (method, path) in enumerate(asked) if (method, path) == ("PUT", sent[-1]))
    assert [n for n, (method, _) in enumerate(asked) if method == "POST"] > [last]


def _phase(path: str) -> int:
    for number, start in enumerate(_ORDER, 1):
        if path.startswith(start):
            return number
    raise ValueError(path)


_ORDER: tuple[str | tuple[str, ...], ...] = (
    "assets/",
    "2026/05/late-1/",
    "tags/late/",
    "2026/05/story",
    ("tags/rail/index", "tags/wheat/index", "tags/tides/index", "tags/index", "a", "404", "page/"),
    "index.html",
    ("feed", "rss", "tags/"),
    ("sitemap", "news-sitemap", "robots"),
)
