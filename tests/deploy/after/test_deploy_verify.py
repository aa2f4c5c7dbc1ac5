"""After a deploy: what readers get is compared with what was sent, over real HTTP."""

import gzip
import subprocess
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

import brotli
import pytest
from msgspec.structs import astuple

from generator.deploy.after.verify import MOST, Check, Outcome, checks, verified
from generator.deploy.uploads import load
from generator.errors import Problem
from generator.hosts.headers import headers_of
from generator.output.inventory import read_inventory
from support.deploys import DeployedSite, free_port
from support.host_s3 import S3Host
from support.sites import LONG, SmallSite, line, running
from support.web_servers import CUT, Answer, Asked, Server, bucket, folder, path_of, serving

pytestmark = pytest.mark.long

CUT_SHORT = {"Content-Length": "9999999", "Connection": "close"}
AT_ONCE = (0.01, 0.01)
"""Pauses that no test has to wait for."""
STORY = "2026/06/story/index.html"
Change = Callable[[Answer], Answer]


# ------------------------------------------------------------------- the command, and a bucket


class World(NamedTuple):
    """A site, its bucket, and the bucket's website, where `spoiled` files are not as they were."""

    paper: DeployedSite
    web: Server
    spoiled: dict[str, Change]

    def asked(self) -> set[str]:
        """What was looked at since this was asked last."""
        paths = {path_of(asked) for asked in self.web.asked}
        self.web.asked.clear()
        return paths


@pytest.fixture
def world(site: SmallSite, s3_host: S3Host) -> Iterator[World]:
    spoiled: dict[str, Change] = {}
    usual = bucket(s3_host)

    def answer(asked: Asked) -> Answer:
        right, change = usual(asked), spoiled.get(path_of(asked))
        return change(right) if change else right

    with serving(answer) as web:
        paper = DeployedSite(site, s3_host)
        paper.settings(f'url = "{web.url}"')
        yield World(paper, web, spoiled)


def test_a_deploy_is_looked_at_where_readers_find_it(world: World) -> None:
    report = world.paper.deployed("--verify")
    sample = world.asked()
    assert report["verified"] == len(sample) == min(MOST, report["sent"])
    assert {"index.html", "feed.xml", "sitemap.xml", "2026/05/story-1/index.html"} <= sample
    world.paper.story("story-3", "Put right.", tags="[Rail]")
    report = world.paper.deployed("--verify")
    changed = world.asked()
    assert report["verified"] == report["sent"] == len(changed)
    assert "2026/05/story-3/index.html" in changed and "about.css" not in changed
    assert world.paper.deployed()["verified"] == 0
    assert world.asked() == set()
    report = world.paper.deployed("--verify")
    assert (report["sent"], report["verified"]) == (0, len(sample))
    assert world.asked() == sample


def test_a_dry_run_looks_at_nothing(world: World) -> None:
    world.paper.build()
    assert world.paper.deploy("--dry-run", "--verify").report["verified"] == 0
    assert world.asked() == set()


def test_readers_who_get_something_else_are_an_error_but_the_deploy_is_done(world: World) -> None:
    stale = Answer(200, {"Age": "123", "Content-Type": "text/html; charset=utf-8"}, b"<p>Old")
    world.spoiled["index.html"] = lambda _: stale
    world.paper.build()
    ran = world.paper.deploy("--verify")
    message = f"{world.web.url}: other bytes (from a cache, 123 seconds old) than the deploy sent"
    assert ran.code == 1
    assert ran.report["verified"] == ran.report["looked_at"] - 1
    assert len(ran.report["errors"]) == 1 and line(ran.report["errors"][0]).startswith(message)
    assert f"\n{message}" in f"\n{ran.said}" and "The deploy itself is done" in ran.said
    assert ran.report["sent"] == len(world.paper.built()) == len(world.paper.host.files())
    del world.spoiled["index.html"]
    ran = world.paper.deploy("--verify")
    assert (ran.code, ran.report["errors"], ran.report["sent"]) == (0, [], 0), ran.said


def test_a_host_that_is_slow_to_follow_is_waited_for(world: World) -> None:
    before = iter([Answer(404), Answer(404)])
    world.spoiled["2026/05/story-3/index.html"] = lambda right: next(before, right)
    world.paper.deployed()
    world.asked()
    world.paper.story("story-3", "Put right.", tags="[Rail]")
    report = world.paper.deployed("--verify")
    assert report["errors"] == [] and report["verified"] == report["sent"]
    asked = [path_of(asked) for asked in world.web.asked]
    assert asked.count("2026/05/story-3/index.html") == 3
    assert asked.count("index.html") == 1


@pytest.mark.parametrize("url", ["http://nobody.invalid/", "http://127.0.0.1:{free}/"])
def test_no_address_of_a_host_that_is_not_there_is_verified(world: World, url: str) -> None:
    world.paper.settings(f'url = "{url.format(free=free_port())}"')
    world.paper.build()
    root, variables = world.paper.site.root, world.paper.host.environment
    with running(root, "deploy", "--verify", errors=subprocess.PIPE, **variables) as process:
        said = process.communicate(timeout=LONG)[1]
    number = min(MOST, len(world.paper.built()))
    assert process.returncode == 1
    assert f" Addresses: 0 of {number} verified.\n" in said, said


def test_what_was_deleted_is_looked_for_too(world: World) -> None:
    world.paper.deployed()
    world.paper.site.root.joinpath("content/articles/story-4.md").unlink()
    report = world.paper.deployed("--verify", "--allow-vanish")
    assert "2026/05/story-4/index.html" in world.asked()
    assert report["deleted"] > 0 and report["verified"] == report["sent"] + report["deleted"]


@pytest.mark.parametrize(
    ("encoding", "decode"), [("gzip", gzip.decompress), ("brotli", brotli.decompress)]
)
def test_what_is_stored_compressed_is_compared_as_readers_see_it(
    world: World, encoding: str, decode: Callable[[bytes], bytes]
) -> None:
    world.paper.settings(f'url = "{world.web.url}"', f'compress = "{encoding}"')
    assert world.paper.deployed("--verify")["errors"] == []
    assert decode(world.paper.host.files()["index.html"]) == world.paper.built()["index.html"]


@pytest.mark.parametrize("compress", ["none", "gzip"])
def test_what_is_compressed_by_the_newsroom_is_compared_as_it_is(
    world: World, compress: str
) -> None:
    world.paper.settings(f'url = "{world.web.url}"', f'compress = "{compress}"')
    world.paper.deployed()
    packed = gzip.compress(b"a,b")
    names = ("a.csv.gz", "all.tar.gz", "map.svgz")
    world.paper.site.write({f"content/{name}": packed for name in names})
    report = world.paper.deployed("--verify")
    assert (report["errors"], report["verified"]) == ([], len(names))
    world.spoiled["map.svgz"] = lambda right: right._replace(
        headers={k: v for k, v in right.headers.items() if k != "Content-Encoding"}
    )
    world.spoiled["all.tar.gz"] = headed("Content-Type", "application/x-tar")
    world.paper.site.write({f"content/{name}": gzip.compress(b"other") for name in names})
    world.paper.build()
    ran = world.paper.deploy("--verify")
    assert (ran.code, ran.report["verified"]) == (1, 1)
    wrong = [problem["what"] for problem in ran.report["errors"]]
    assert wrong[0].startswith("Content-Type is application/x-tar, should be application/gzip")
    assert wrong[1].startswith("Content-Encoding is missing, should be gzip")


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip"])
def test_a_server_that_tells_of_what_an_archive_is_changes_no_byte_of_it(
    site: SmallSite, encoding: str
) -> None:
    site.article("story")
    site.write({"content/all.tar.gz": gzip.compress(b"all")})
    site.build()
    said = headed("Content-Encoding", encoding)
    assert looked(site, "all.tar.gz", said, with_headers=False) == []


@pytest.mark.parametrize(("redirects", "status"), [("false", 200), ("true", 301)])
def test_an_alias_may_be_a_redirect_or_a_page_that_leads_on(
    world: World, redirects: str, status: int
) -> None:
    seen: list[int] = []

    def note(right: Answer) -> Answer:
        seen.append(right.status)
        return right

    world.spoiled["2026/05/old/index.html"] = note
    world.paper.settings(f'url = "{world.web.url}"', f"redirects = {redirects}")
    world.paper.deployed()
    world.paper.story("story-4", "Story 4.", aliases="[/2026/05/old/]")
    assert world.paper.deployed("--verify")["errors"] == []
    assert seen == [status]


def test_odd_names_are_asked_for_by_their_right_addresses(world: World) -> None:
    names = [
        "two words.txt",
        "café.txt",
        "100%.txt",
        "a#b.txt",
        "what?.txt",
        "a%20b.txt",
        "q&a;.txt",
    ]
    world.paper.site.write({f"content/files/{name}": name.encode() for name in names})
    world.paper.deployed()
    for name in names:
        world.paper.site.write({f"content/files/{name}": f"new {name}"})
    report = world.paper.deployed("--verify")
    assert (report["errors"], report["verified"]) == ([], len(names))
    assert set(world.web.paths()) == {
        f"/files/{name}"
        for name in (
            "two%20words.txt", "caf%C3%A9.txt", "100%25.txt", "a%23b.txt", "what%3F.txt",
            "a%2520b.txt", "q&a;.txt",
        )
    }  # fmt: skip


# ------------------------------------------------------------------------ each thing by itself


@pytest.fixture
def site_(site: SmallSite) -> SmallSite:
    site.article("story", tags="[AI]", aliases="[/old/]")
    site.build()
    return site


def todo(site: SmallSite, url: str, with_headers: bool = True) -> list[Check]:
    """A look at all of a site, which is served at that address."""
    inventory = read_inventory(site.public)
    assert inventory
    of = partial(headers_of, cache={}, encoding="", redirects=False)
    upload = load(site.public, inventory, of if with_headers else None, {})
    return checks(upload, ["gone/index.html"], inventory, url)


def looked(site: SmallSite, path: str, change: Change, with_headers: bool) -> list[Problem]:
    """What is found if only the answer for one path is changed."""
    kept = {c.upload.path: c.upload.headers for c in todo(site, "http://x/") if c.upload}
    usual = folder(site.public)

    def answer(asked: Asked) -> Answer:
        right, here = usual(asked), path_of(asked)
        if with_headers and right.status == 200:
            asks = kept[here]
            headers = {"Content-Type": asks.content_type, "Cache-Control": asks.cache_control}
            right = right._replace(headers=headers)
        return change(right) if here == path else right

    with serving(answer) as server:
        return [*verified(todo(site, server.url, with_headers), AT_ONCE).problems]


def headed(name: str, value: str) -> Change:
    return lambda right: right._replace(headers=right.headers | {name: value})


def bodied(change: Callable[[bytes], bytes]) -> Change:
    return lambda right: right._replace(body=change(right.body))


@pytest.mark.parametrize("with_headers", [True, False])
def test_a_site_as_it_should_be_has_nothing_wrong(site_: SmallSite, with_headers: bool) -> None:
    assert looked(site_, "", lambda right: right, with_headers) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda _: Answer(404), "404 Not Found, and 2026/06/story/index.html should be there"),
        (lambda _: Answer(503), "503 Service Unavailable"),
        (lambda _: Answer(301, {"Location": "/x/"}), "301 Moved Permanently (to /x/)"),
        (lambda _: CUT, "the connection was cut off"),
        (lambda r: r._replace(headers=r.headers | CUT_SHORT), "cut off"),
        (bodied(lambda b: b[:-1]), "other bytes"),
        (bodied(lambda b: b + b"\n"), "other bytes"),
        (bodied(lambda b: b.replace(b"<main", b"<MAIN")), "other bytes"),
        (bodied(lambda _: b""), "other bytes"),
        (headed("Content-Encoding", "gzip"), "the answer cannot be understood"),
        (headed("Content-Type", "text/plain"), "Content-Type is text/plain, should be text/html"),
        (headed("Content-Type", "application/octet-stream"), "Content-Type is application/octet"),
    ],
)
@pytest.mark.parametrize("with_headers", [True, False])
def test_whatever_differs_is_said(
    site_: SmallSite, change: Change, said: str, with_headers: bool
) -> None:
    (problem,) = looked(site_, STORY, change, with_headers)
    assert problem.file.endswith("/2026/06/story/") and problem.file.startswith("http://127")
    assert said in problem.what and problem.remedy and problem.severity == "error"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("Content-Type", "text/html", "should be text/html; charset=utf-8"),
        ("Cache-Control", "no-store", "Cache-Control is no-store, should be public, max-age=300"),
        ("Content-Type", 'Text/HTML;charset="UTF-8"', ""),
        ("Cache-Control", "max-age=300,public", ""),
    ],
)
def test_headers_are_compared_where_they_were_asked_for(
    site_: SmallSite, name: str, value: str, said: str
) -> None:
    problems = looked(site_, STORY, headed(name, value), with_headers=True)
    assert [said in problem.what for problem in problems] == ([True] if said else [])
    assert looked(site_, STORY, headed(name, value), with_headers=False) == []


@pytest.mark.parametrize(
    ("path", "kind", "fits"),
    [
        ("feed.xml", "text/xml", True),
        ("feed.xml", "text/html", False),
        ("feed.json", "application/json", True),
        ("feed.json", "text/plain", False),
        ("photo.svg", "image/svg+xml", True),
        ("photo.svg", "text/xml", False),
        ("code.js", "application/javascript", True),
        ("code.js", "text/plain", False),
        ("data.bin", "text/plain", True),
    ],
)
def test_without_headers_a_type_must_do_what_browsers_need(
    site_: SmallSite, path: str, kind: str, fits: bool
) -> None:
    site_.write({"content/photo.svg": "<svg/>", "content/code.js": "1", "content/data.bin": "1"})
    site_.build()
    problems = looked(site_, path, headed("Content-Type", kind), with_headers=False)
    assert bool(problems) is not fits


def test_a_page_of_errors_may_be_one(site_: SmallSite) -> None:
    assert looked(site_, "404.html", lambda right: right._replace(status=404), True) == []
    assert looked(site_, "404.html", lambda _: Answer(404), True) != []


@pytest.mark.parametrize("status", [301, 302, 308])
def test_a_redirect_must_lead_to_the_right_place(site_: SmallSite, status: int) -> None:
    def to(place: str) -> list[Problem]:
        answer = Answer(status, {"Location": place})
        return looked(site_, "old/index.html", lambda _: answer, True)

    assert to("/2026/06/story/") == to("https://paper.example/2026/06/story/") == []
    (problem,) = to("/elsewhere/")
    assert problem.file.endswith("/old/") and "/elsewhere/, and it should" in problem.what
    assert "lead to https://paper.example/2026/06/story/" in problem.what


def test_a_host_that_cannot_be_reached_is_one_problem(site_: SmallSite) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    checks = todo(site_, f"{url}/news/")
    right, of, (problem,) = astuple(verified(checks, AT_ONCE))
    assert (right, of) == (0, len(checks))
    assert problem.file == url and "no connection can be made" in problem.what


@pytest.mark.parametrize(
    "everywhere",
    [
        Answer(301, {"Location": "https://elsewhere.example/"}),
        Answer(302, {"Location": "/login/"}),
        Answer(200, {"Content-Type": "text/html; charset=utf-8"}, b"<p>This domain is parked."),
        Answer(503),
        Answer(421),
        CUT,
    ],
)
def test_another_host_at_the_address_has_nothing_right(
    site_: SmallSite, everywhere: Answer
) -> None:
    with serving(lambda _: everywhere) as server:
        there = [check for check in todo(site_, server.url) if check.upload]
        outcome = verified(there, ())
    assert (outcome.right, outcome.of, len(outcome.problems)) == (0, len(there), len(there))


def test_a_host_that_comes_late_is_looked_at_in_full(site_: SmallSite) -> None:
    port = free_port()
    everything = todo(site_, f"http://127.0.0.1:{port}/", with_headers=False)
    with ExitStack() as host:
        servers: list[Server] = []

        def pauses() -> Iterator[float]:
            """The host comes as soon as it was found not to be there."""
            servers.append(host.enter_context(serving(folder(site_.public), port)))
            yield from AT_ONCE

        assert verified(everything, pauses()) == Outcome(len(everything), len(everything))
    (server,) = servers
    assert {*map(path_of, server.asked)} == {
        check.upload.path if check.upload else "gone/index.html" for check in everything
    }


@pytest.mark.parametrize("name", ["gzip", "br"])
def test_what_is_compressed_on_the_way_is_decoded(site_: SmallSite, name: str) -> None:
    def compressed(right: Answer, end: int | None = None) -> Answer:
        body = right.body[:end]
        data = gzip.compress(body) if name == "gzip" else brotli.compress(body)
        return Answer(200, right.headers | {"Content-Encoding": name}, data)

    assert looked(site_, STORY, compressed, True) == []
    assert len(looked(site_, STORY, partial(compressed, end=-1), True)) == 1


@pytest.mark.parametrize("status", [200, 204, 429, 500])
def test_what_is_gone_may_not_answer(site_: SmallSite, status: int) -> None:
    (problem,) = looked(site_, "gone/index.html", lambda _: Answer(status), True)
    assert problem.file.endswith("/gone/")
    for gone in (301, 403, 410):
        assert looked(site_, "gone/index.html", lambda _, s=gone: Answer(s), True) == []  # type: ignore[misc]


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_answer_without_end_costs_no_memory(site_: SmallSite, encoding: str) -> None:
    page = (site_.public / STORY).read_bytes()
    flood = page + bytes(256 << 20)
    sent = gzip.compress(flood, 1) if encoding == "gzip" else flood
    del flood
    with serving(lambda _: Answer(200, {"Content-Encoding": encoding}, sent)) as server:
        one = next(c for c in todo(site_, server.url) if c.upload and c.upload.path == STORY)
        tracemalloc.start()
        (problem,) = verified([one], ()).problems
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert "other bytes" in problem.what
    assert peak < 8 << 20


def test_a_large_site_is_sampled_evenly_and_always_in_the_same_way(site: SmallSite) -> None:
    for month in range(1, 7):
        for day in range(1, 25):
            site.article(f"s-{month}-{day}", date=f"2026-{month:02}-{day:02}", tags="[AI]")
    site.write({"content/data.bin": "1", "content/_headers": "", "content/CNAME": "p.example"})
    site.build()
    found = todo(site, "http://x/")
    assert len(found) == MOST and found == todo(site, "http://x/")
    assert len({check.url for check in found}) == MOST
    kinds = {check.upload.kind if check.upload else None for check in found}
    inventory = read_inventory(site.public)
    assert inventory
    assert kinds == {item.kind for item in inventory.files.values()} - {"host file"} | {None}
    assert "http://x/" in {check.url for check in found}
    months = [c.upload.path[:7] for c in found if c.upload and c.upload.kind == "story"]
    assert {months.count(f"2026/{month:02}") for month in range(1, 7)} <= {3, 4, 5, 6, 7, 8}
    assert not any(c.url.endswith(("/_headers", "/CNAME")) for c in found)


def test_nothing_to_look_at_is_nothing_wrong() -> None:
    assert verified([]) == Outcome()
