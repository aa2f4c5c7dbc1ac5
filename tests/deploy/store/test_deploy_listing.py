"""What a bucket holds is found in several places at once, and nothing is missed between them."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from obstore.store import LocalStore, S3Store

from generator.deploy.targets.store import listing
from generator.deploy.targets.store.listing import listed
from support.faulty_proxy import Proxy, faulty
from support.host_s3 import FOLDER, REGION, Bucketed, S3Host

pytestmark = pytest.mark.long

ODD = ("a b.html", "a#b", "a%b", "a%25b", "a+b", "a?b", "a~", "ä/index.html", "ß", "日本/x", "𝔘")
PLAIN = tuple(f"20{n % 30:02}/0{n % 9}/story-{n}/index.html" for n in range(300))


@pytest.fixture(scope="module")
def bucket(each_s3_server: Bucketed) -> Iterator[S3Host]:
    """One that holds much, with names of every sort."""
    host = S3Host(each_s3_server)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda path: host.put(path, b"page"), (*PLAIN, *ODD)))
    yield host
    host.clear()


@pytest.fixture(autouse=True)
def pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 20)


@pytest.fixture
def proxy(bucket: S3Host) -> Iterator[Proxy]:
    with faulty(bucket.endpoint, lambda *_: "") as proxy:
        yield proxy


def store(bucket: S3Host, proxy: Proxy) -> S3Store:
    return S3Store.from_url(
        bucket.to,
        endpoint=proxy.endpoint,
        region=REGION,
        access_key_id=bucket.server.owner.id,
        secret_access_key=bucket.server.owner.secret,
        client_options={"allow_http": True},
    )


def everything(bucket: S3Host) -> list[str]:
    return sorted(path.removeprefix(f"{FOLDER}/") for path in bucket.everything())


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_missed_wherever_it_begins(bucket: S3Host, proxy: Proxy, seed: int) -> None:
    chance = random.Random(seed)
    there = everything(bucket)
    wished = [f"{path}{chance.choice(('', '!', 'x'))}" for path in there]
    expected = sorted(chance.sample(wished, chance.randrange(len(wished))))
    found = listed(store(bucket, proxy), expected)
    assert sorted(meta["path"] for meta in found) == there
    assert all(meta["e_tag"] and meta["size"] == 4 for meta in found)


def test_several_places_are_asked_for_at_once(bucket: S3Host, proxy: Proxy) -> None:
    listed(store(bucket, proxy), everything(bucket))
    asked = [path for _, path, _ in proxy.done]
    assert sum("start-after" in path for path in asked) > 4
    assert sum("start-after" not in path for path in asked) == 1


def test_without_a_hint_it_is_asked_for_once(bucket: S3Host, proxy: Proxy) -> None:
    found = listed(store(bucket, proxy), [])
    assert sorted(meta["path"] for meta in found) == everything(bucket)
    assert len(proxy.done) == 1


def test_a_store_that_keeps_no_order_is_asked_for_all(tmp_path: Path) -> None:
    """A folder is such a store: it lists as the disk does."""
    for path in PLAIN:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"page")
    found = listed(LocalStore(tmp_path), sorted(PLAIN))
    assert sorted(meta["path"] for meta in found) == sorted(PLAIN)
