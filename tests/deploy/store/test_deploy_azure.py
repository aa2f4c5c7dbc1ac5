"""Deploys to Azure Blob Storage: headers, credentials, one at a time, a host that fails."""

import gzip
import platform
import random

import msgspec
import pytest

from generator.deploy.targets.store.lock import Holder, Pace
from generator.deploy.targets.store.target import FLAG, MANIFEST
from support.deploys import DeployedSite, Ticks, differences, free_port
from support.faulty_proxy import at_random, faulty
from support.host_az import (
    ALL,
    FOLDER,
    KEY,
    NOBODY,
    READ_ONLY,
    AzureHost,
    AzureServer,
    signature,
)
from support.preview_process import eventually
from support.sites import SmallSite

pytestmark = pytest.mark.long


@pytest.fixture
def container(azure: AzureServer) -> AzureHost:
    return AzureHost(azure)


@pytest.fixture
def paper(site: SmallSite, container: AzureHost) -> DeployedSite:
    return DeployedSite(site, container)


def test_azure_keeps_headers_and_stored_encodings(
    paper: DeployedSite, container: AzureHost
) -> None:
    film = random.Random(1).randbytes(21 << 20)
    table = gzip.compress(b"a,b")
    paper.site.write({"content/film.bin": film, "content/a.csv.gz": table, "content/a.svgz": table})
    paper.settings('compress = "gzip"', 'cache = { "*.txt" = "no-cache" }')
    paper.deployed()
    page, robots = container.head("index.html"), container.head("robots.txt")
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert page["Cache-Control"] == "public, max-age=300"
    assert page["Content-Encoding"] == "gzip"
    assert robots["Cache-Control"] == "no-cache"
    there = container.files()
    assert gzip.decompress(there["index.html"]) == paper.built()["index.html"]
    assert there["film.bin"] == film
    assert there["a.csv.gz"] == there["a.svgz"] == table
    assert container.head("a.csv.gz")["Content-Type"] == "application/gzip"
    assert container.head("a.csv.gz")["Content-Encoding"] is None
    assert container.head("a.svgz")["Content-Encoding"] == "gzip"
    assert paper.deployed()["sent"] == 0


def test_azure_tells_whoever_may_not_deploy_and_shows_no_secret(
    paper: DeployedSite, container: AzureHost
) -> None:
    paper.build()
    named = NOBODY | {"AZURE_STORAGE_ACCOUNT_NAME": "paper"}
    reader = signature(READ_ONLY)
    wrong = KEY[:-4] + "AAA="
    cases = {
        "there are no credentials for it": NOBODY,
        "does not know these credentials": named | {"AZURE_STORAGE_ACCOUNT_KEY": wrong},
        "the credentials cannot be used": named | {"AZURE_STORAGE_ACCOUNT_KEY": "no base64!"},
        "these credentials may not do that": named | {"AZURE_STORAGE_SAS_TOKEN": reader},
    }
    for words, environment in cases.items():
        container.environment = environment
        ran = paper.deploy()
        assert ran.code == 1, words
        assert words in ran.said, ran.said
        for secret in (KEY, wrong, reader.rpartition("sig=")[2]):
            assert secret not in ran.said
    assert container.everything() == {}


def test_azure_is_content_with_a_signature_that_gives_rights(
    paper: DeployedSite, container: AzureHost
) -> None:
    container.environment = NOBODY | {
        "AZURE_STORAGE_ACCOUNT_NAME": "paper",
        "AZURE_STORAGE_SAS_TOKEN": signature(ALL),
    }
    paper.deployed()
    assert container.files() == paper.built()


@pytest.mark.parametrize(
    ("to", "endpoint", "words"),
    [
        ("az://no-such-container/news", "", "there is no such container"),
        ("az://container/news", "http://127.0.0.1:{closed}/paper", "the host refuses connections"),
    ],
)
def test_a_place_that_is_none_on_azure_is_told(
    paper: DeployedSite, container: AzureHost, to: str, endpoint: str, words: str
) -> None:
    container.to = to
    if endpoint:
        container.settings = f'endpoint = "{endpoint.format(closed=free_port())}"\n'
    paper.settings()
    paper.build()
    for arguments in ([], ["--dry-run"]):
        ran = paper.deploy(*arguments)
        assert ran.code == 1
        assert words in ran.said
        assert ran.said.count("\n") == 1


@pytest.fixture
def keys(container: AzureHost, monkeypatch: pytest.MonkeyPatch) -> None:
    """This very process may deploy."""
    for name, value in container.environment.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("keys")
def test_one_at_a_time_has_azure(paper: DeployedSite, container: AzureHost) -> None:
    paper.build()
    left = Holder(token="left", machine="another", process=1)
    container.put(f"{FLAG}left", msgspec.json.encode(left))
    ticks = Ticks()
    pace = Pace(beat=0.2, patience=30.0, now=ticks)
    target = container.make(pace)
    with target.opened(), target.locked():
        held = ticks.passed
        assert held > pace.patience  # the flag that was left was given all that time
        eventually(lambda: ticks.passed > held + 2 * pace.patience)  # and this one is renewed
        ran = paper.deploy()
        target.keep(b"{}")
    assert ran.code == 1
    assert f"another deploy is at work there on {platform.node()}, process" in ran.said
    assert container.everything().keys() == {f"{FOLDER}/{MANIFEST}"}


@pytest.mark.usefixtures("keys")
def test_what_is_gone_from_azure_already_stops_no_deletion(container: AzureHost) -> None:
    paths = [f"page-{number}.html" for number in range(600)]
    for path in paths[::2]:
        container.put(path, b"page")
    target = container.make()
    with target.opened(), target.locked():
        target.delete(paths)
    assert container.everything() == {}


@pytest.mark.parametrize("seed", range(2))
def test_a_bad_day_of_azure_is_waited_out(
    paper: DeployedSite, container: AzureHost, seed: int
) -> None:
    upstream, _, account = container.endpoint.rpartition("/")
    with faulty(upstream, at_random(seed, 0.25)) as proxy:
        container.settings = f'endpoint = "{proxy.endpoint}/{account}"\n'
        paper.settings()
        paper.deployed()
        paper.story("story-3", "Other words.", tags="[Rail]")
        paper.site.root.joinpath("content/articles/story-4.md").unlink()
        paper.deployed("--allow-vanish")
        assert sum(mischief not in ("", "slow") for *_, mischief in proxy.done) > 3
    assert differences(container.files(), paper.built()) == {}
