"""New stories are announced, once: to a real hub and a real search engine on loopback."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import feedparser
import pytest

from generator.config import load_settings
from generator.deploy.after.ping import PATIENCE, Built, announcers
from generator.errors import Problem
from generator.output.inventory import Inventory, read_inventory
from support.deploys import STORIES, DeployedSite, Ran
from support.host_s3 import S3Host
from support.sites import SmallSite, line
from support.web_servers import CUT, Answer, Engine, Hub, Server, bucket, serving

pytestmark = pytest.mark.long

KEY = "0123456789abcdef-KEY"
HURRIED = PATIENCE.new(backoff_factor=0.01, backoff_jitter=0)
STORY = "/2026/05/late-news/"
MAIN = ["feed.json", "feed.xml", "rss.xml"]


class World(NamedTuple):
    """A site with its host, its readers' address, a hub and a search engine."""

    paper: DeployedSite
    web: Server
    hub: Hub
    hubs: Server
    engine: Engine
    engines: Server

    def settings(self, *services: str, key: str = KEY) -> None:
        host = self.paper.host
        own = getattr(host, "settings", "")
        self.paper.site.write(
            {
                f"content/{KEY}.txt": f"{KEY}\n",
                "site.toml": f'title = "Test Paper"\nurl = "{self.web.url}"\n\n'
                f'[feeds]\nhub = "{self.hubs.url}"\n\n'
                f'[deploy.production]\nto = "{host.to}"\n{own}ping = {json.dumps(services)}\n'
                f'indexnow = "{self.engines.url}indexnow"\nindexnow_key = "{key}"\n',
            }
        )

    def deploy(self) -> Ran:
        self.paper.build()
        return self.paper.deploy("--allow-vanish", "--confirm")

    def whole(self, *paths: str) -> list[str]:
        return [self.web.url + path.removeprefix("/") for path in paths]


@pytest.fixture
def world(site: SmallSite, s3_host: S3Host) -> Iterator[World]:
    hub, engine = Hub(), Engine()
    with serving(bucket(s3_host)) as web, serving(hub) as hubs, serving(engine) as engines:
        hub.url = hubs.url
        yield World(DeployedSite(site, s3_host), web, hub, hubs, engine, engines)


@pytest.fixture
def deployed(world: World) -> World:
    """All is told of the first stories; nothing is asked yet."""
    world.settings("websub", "indexnow")
    ran = world.deploy()
    assert (ran.code, len(ran.report["announced"])) == (0, STORIES), ran.said
    for server in (world.hubs, world.engines):
        server.asked.clear()
    world.hub.new.clear()
    world.engine.told.clear()
    return world


# ----------------------------------------------------------------------------- what feeds say


def test_feeds_name_the_hub_and_nothing_else_changes(site: SmallSite) -> None:
    site.article("story", tags="[AI]")
    site.build()
    before = site.outputs()
    text = (site.root / "site.toml").read_text(encoding="utf-8")
    site.write({"site.toml": f'{text}\n[feeds]\nhub = "https://hub.example/?a=1&b=2"\n'})
    report = site.build()
    feeds = {"feed.json", "feed.xml", "rss.xml", "tags/ai/feed.xml"}
    changed = {path for path, data in site.outputs().items() if before[path] != data}
    assert changed - {".broadsheet"} == feeds
    assert report.rendered == len(feeds)
    for path in feeds - {"feed.json"}:
        read = feedparser.parse(site.outputs()[path])
        assert not read.bozo
        hubs = [link.href for link in read.feed.links if link.rel == "hub"]
        assert hubs == ["https://hub.example/?a=1&b=2"]
    with_hub = json.loads(site.text("/feed.json"))
    assert with_hub.pop("hubs") == [{"type": "WebSub", "url": "https://hub.example/?a=1&b=2"}]
    assert with_hub == json.loads(before["feed.json"])
    site.write({"site.toml": text})
    site.build()
    assert {p: site.outputs()[p] for p in feeds} == {p: before[p] for p in feeds}


# ------------------------------------------------------------------------------- what is told


def test_the_first_deploy_tells_of_all_stories(world: World) -> None:
    world.settings("websub", "indexnow")
    ran = world.deploy()
    assert ran.code == 0 and ran.report["warnings"] == [], ran.said
    stories = ran.report["new"]
    assert ran.report["announced"] == stories and len(stories) == STORIES
    assert world.engine.told == [world.whole(*stories)]
    tags = [f"tags/{tag}/feed.xml" for tag in ("rail", "tides", "wheat")]
    assert sorted(world.hub.new) == world.whole(*MAIN, *tags)
    for path in MAIN:
        assert sorted(world.hub.new[world.web.url + path]) == sorted(world.whole(*stories))


def test_a_new_story_is_told_of_once_and_a_corrected_one_is_not(deployed: World) -> None:
    deployed.paper.story("late-news", "Late.", tags="[Tides]")
    deployed.paper.story("story-3", "Story 3, put right.", tags="[Rail]")
    ran = deployed.deploy()
    assert ran.report["corrected"] == ["/2026/05/story-3/"]
    assert ran.report["announced"] == [STORY]
    assert deployed.engine.told == [deployed.whole(STORY)]
    feeds = deployed.whole(*MAIN, "tags/tides/feed.xml")
    assert deployed.hub.new == {feed: deployed.whole(STORY) for feed in feeds}
    asked = len(deployed.hubs.asked), len(deployed.engines.asked)
    assert asked == (4, 1)
    assert deployed.deploy().report["announced"] == []
    assert (len(deployed.hubs.asked), len(deployed.engines.asked)) == asked


def test_only_what_is_public_is_told_of(deployed: World) -> None:
    deployed.paper.story("draft-20", "Not yet.", draft="true")
    deployed.paper.site.article("to-come", date="2026-06-16")
    deployed.paper.story("over-21", "Gone.", expires="2026-06-01")
    ran = deployed.deploy()
    assert ran.report["announced"] == []
    assert (deployed.hubs.asked, deployed.engines.asked) == ([], [])


def test_a_dry_run_tells_nobody(deployed: World) -> None:
    deployed.paper.story("late-news", "Late.")
    deployed.paper.build()
    ran = deployed.paper.deploy("--dry-run")
    assert (ran.report["new"], ran.report["announced"]) == ([STORY], [])
    assert (deployed.hubs.asked, deployed.engines.asked) == ([], [])


# ---------------------------------------------------------------------- what can go wrong there


def test_a_service_that_stumbles_is_asked_again(deployed: World) -> None:
    deployed.paper.story("late-news", "Late.")
    deployed.hubs.instead += [Answer(500), Answer(500)]
    deployed.engines.instead += [CUT, Answer(429, {"Retry-After": "2"})]
    began = time.monotonic()
    ran = deployed.deploy()
    assert (ran.code, ran.report["warnings"]) == (0, []), ran.said
    assert ran.report["announced"] == [STORY]
    assert deployed.engine.told == [deployed.whole(STORY)]
    assert len(deployed.hubs.asked) == len(MAIN) + 2
    assert time.monotonic() - began >= 2


def test_what_could_not_be_told_is_told_by_the_next_deploy_and_not_twice(deployed: World) -> None:
    deployed.paper.story("late-news", "Late.")
    deployed.engines.instead += [Answer(403)]
    ran = deployed.deploy()
    assert ran.code == 0
    (warning,) = map(line, ran.report["warnings"])
    assert deployed.engines.url.rstrip("/") in warning and "403 Forbidden" in warning
    assert warning.startswith("http://") and f"warning: {warning}" in ran.said
    assert KEY not in ran.said + json.dumps(ran.report)
    assert (len(deployed.hubs.asked), deployed.engine.told) == (len(MAIN), [])
    ran = deployed.deploy()
    assert (ran.report["sent"], ran.report["announced"]) == (0, [STORY])
    assert deployed.engine.told == [deployed.whole(STORY)]
    assert len(deployed.hubs.asked) == len(MAIN)


def test_a_story_that_is_gone_before_it_was_told_of_is_told_of_no_more(deployed: World) -> None:
    deployed.paper.story("late-news", "Late.")
    deployed.hubs.instead += [Answer(403)]
    deployed.engines.instead += [Answer(422)]
    assert deployed.deploy().report["announced"] == []
    (deployed.paper.site.root / "content/articles/late-news.md").unlink()
    assert deployed.deploy().report["announced"] == []
    assert (len(deployed.hubs.asked), len(deployed.engines.asked)) == (1, 1)


def announced(
    world: World, inventory: Inventory, paths: list[str], service: str
) -> tuple[list[str], list[Problem]]:
    """What a service was told of, and the warnings, when it is asked in a hurry."""
    settings, _ = load_settings(world.paper.site.root)
    assert settings
    built = Built(world.paper.site.public, inventory, settings.home)
    told: list[str] = []
    warnings: list[Problem] = []
    deploy = settings.deploy["production"]
    announce = announcers(built, settings, deploy, told.append, warnings.append, HURRIED)[service]
    left = announce(paths)
    assert sorted([*left, *told]) == sorted(paths)
    return told, warnings


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (CUT, "the connection was cut off"),
        (Answer(503), "503 Service Unavailable"),
        (Answer(410), "410 Gone"),
        (Answer(301, {"Location": "http://127.0.0.1:1/"}), "301 Moved Permanently"),
        (Answer(429, {"Retry-After": "soon"}), "429 Too Many Requests"),
        (Answer(429, {"Retry-After": "3600"}), "429 Too Many Requests"),
    ],
)
@pytest.mark.parametrize("service", ["websub", "indexnow"])
def test_what_goes_on_failing_is_a_warning(
    world: World, service: str, answer: Answer, said: str
) -> None:
    world.settings(service)
    world.paper.build()
    inventory = read_inventory(world.paper.site.public)
    assert inventory
    server = world.hubs if service == "websub" else world.engines
    server.instead += [answer] * 20
    told, (warning,) = announced(world, inventory, ["2026/05/story-1/index.html"], service)
    assert told == [] and warning.severity == "warning"
    assert warning.file == server.url.rstrip("/")
    assert said in warning.what and warning.what.startswith("1 new story not announced")
    is_final = answer.status in (301, 410) or "3600" in answer.headers.values()
    assert len(server.asked) == (1 if is_final else 5)


def test_a_hub_that_refuses_one_tags_feed_leaves_only_that_tags_stories(world: World) -> None:
    world.settings("websub")
    world.paper.build()
    world.deploy()
    inventory = read_inventory(world.paper.site.public)
    assert inventory
    usual = world.hub

    def particular(asked: Any) -> Answer:
        return Answer(400) if b"wheat" in asked.body else usual(asked)

    world.hubs.answering = particular
    paths = [f"2026/05/story-{number}/index.html" for number in range(3)]
    told, (warning,) = announced(world, inventory, paths, "websub")
    assert told == [paths[0], paths[2]]
    assert "1 new story not announced: the answer was 400 Bad Request" in warning.what


def test_no_message_holds_more_addresses_than_the_protocol_allows(world: World) -> None:
    world.settings("indexnow")
    world.deploy()
    world.engine.told.clear()
    paths = [f"2026/05/story-{number}/index.html" for number in range(10_001)]
    told, warnings = announced(world, Inventory({}), paths, "indexnow")
    assert (told, warnings) == (paths, [])
    assert [len(urls) for urls in world.engine.told] == [10_000, 1]


def test_a_site_in_a_folder_has_its_key_there(world: World) -> None:
    world.settings("indexnow")
    toml = (world.paper.site.root / "site.toml").read_text(encoding="utf-8")
    world.paper.site.write({"site.toml": toml.replace(world.web.url, world.web.url + "caf%C3%A9/")})
    usual = world.web.answering
    world.web.answering = lambda asked: usual(
        asked._replace(path=asked.path.removeprefix("/caf%C3%A9"))
    )
    ran = world.deploy()
    assert ran.report["warnings"] == [] and len(world.engine.told[0]) == STORIES
    assert world.engine.told[0][0].startswith(f"{world.web.url}caf%C3%A9/2026/05/story-")


# -------------------------------------------------------------------------- before any deploy


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('ping = ["websub"]', 'site.toml:6: deploy.x.ping: "websub" needs `feeds.hub`'),
        ('ping = ["indexnow"]', 'site.toml:6: deploy.x.ping: "indexnow" needs `indexnow_key`'),
        ('indexnow_key = "short"', "site.toml:6: deploy.x.indexnow_key: it is no key"),
        ('indexnow_key = "with spaces in it"', "site.toml:6: deploy.x.indexnow_key: it is no key"),
        ('indexnow = "api"', 'site.toml:6: deploy.x.indexnow: "api" is no address of a service'),
        ('url = "paper"', 'site.toml:6: deploy.x.url: "paper" is no address of a site'),
    ],
)
def test_settings_that_cannot_work_are_refused_at_once(
    site: SmallSite, lines: str, message: str
) -> None:
    toml = (site.root / "site.toml").read_text(encoding="utf-8")
    site.write({"site.toml": f'{toml}\n[deploy.x]\nto = "s3://x"\n{lines}\n'})
    (error,) = site.errors()
    assert error.startswith(message)
    assert "short" not in error and "spaces" not in error


def test_a_hub_is_a_whole_address(site: SmallSite) -> None:
    toml = (site.root / "site.toml").read_text(encoding="utf-8")
    site.write({"site.toml": f'{toml}\n[feeds]\nhub = "mailto:hub@example.org"\n'})
    (error,) = site.errors()
    assert error.startswith('site.toml:5: feeds.hub: "mailto:hub@example.org" is no address of')


@pytest.mark.parametrize("written", [None, b"another-key\n", b"\xff\xfe"])
def test_no_deploy_with_a_key_that_nobody_can_check(world: World, written: bytes | None) -> None:
    world.settings("indexnow")
    file = Path(world.paper.site.root / f"content/{KEY}.txt")
    if written is None:
        file.unlink()
    else:
        file.write_bytes(written)
    world.paper.build()
    toml = (world.paper.site.root / "site.toml").read_text(encoding="utf-8").splitlines()
    line = 1 + next(n for n, row in enumerate(toml) if row.startswith("indexnow_key"))
    for arguments in ([], ["--dry-run"]):
        ran = world.paper.deploy(*arguments)
        assert ran.code == 1
        place = f"site.toml:{line}: deploy.production.indexnow_key: "
        assert f"{place}the site holds no file of that name" in ran.said
        assert KEY not in ran.said
    assert world.paper.host.everything() == {}
