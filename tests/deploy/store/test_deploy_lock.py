"""One deploy at a time to an object store, whether it heeds conditions on writing or not."""

import platform
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count, cycle
from threading import Condition

import msgspec
import pytest

from generator.deploy.targets.store.lock import Holder, Pace
from generator.deploy.targets.store.target import FLAG, MANIFEST, StoreTarget
from generator.errors import LockedError, SiteError
from support.deploys import DeployedSite, Ticks, differences
from support.faulty_proxy import Mischief, Proxy, faulty
from support.host_s3 import FOLDER, REGION, Bucketed, S3Host
from support.preview_process import eventually
from support.sites import LONG, SmallSite

pytestmark = pytest.mark.long

THEIRS = Holder(token="theirs", machine="another", process=1, beat=7)
PATIENT = Pace(beat=0.2, patience=LONG)


@pytest.fixture
def host(each_s3_server: Bucketed, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Host]:
    """A host that this very process may deploy to."""
    host = S3Host(each_s3_server)
    for name, value in host.environment.items():
        monkeypatch.setenv(name, value)
    yield host
    host.clear()


def raise_flag(host: S3Host, holder: Holder = THEIRS) -> None:
    host.put(f"{FLAG}{holder.token}", msgspec.json.encode(holder))


def ticking() -> tuple[Ticks, Pace]:
    """A pace whose patience is over after some looks at the clock."""
    ticks = Ticks()
    return ticks, Pace(beat=0.2, patience=30.0, now=ticks)


@contextmanager
def renewed(host: S3Host) -> Iterator[Proxy]:
    """The host while a deploy on another machine is at work: whoever looks sees a later beat."""
    beats = count()

    def renew(method: str, _: str) -> Mischief:
        if method == "GET":
            raise_flag(host, msgspec.structs.replace(THEIRS, beat=next(beats)))
        return ""

    raise_flag(host)
    with faulty(host.endpoint, renew) as proxy:
        yield proxy


@contextmanager
def locked(target: StoreTarget) -> Iterator[None]:
    with target.opened(), target.locked():
        yield


def test_a_second_deploy_is_refused_while_one_is_at_work(site: SmallSite, host: S3Host) -> None:
    paper = DeployedSite(site, host)
    paper.build()
    target = host.make(PATIENT)
    with locked(target):
        ran = paper.deploy()
        target.keep(b"{}")  # the first one has its lock still
    assert ran.code == 1
    assert f"another deploy is at work there on {platform.node()}, process" in ran.said
    assert host.files() == {}


def test_a_deploy_on_another_machine_is_seen_to_be_at_work(host: S3Host) -> None:
    with (
        renewed(host) as proxy,
        pytest.raises(LockedError, match="another deploy is at work there on another, process 1"),
        locked(StoreTarget(host.to, proxy.endpoint, REGION, PATIENT)),
    ):
        pytest.fail("it was let in")
    assert list(host.everything()) == [f"{FOLDER}/{FLAG}theirs"]


def test_many_at_once_have_it_one_after_the_other(host: S3Host) -> None:
    """Each holds it until another has been refused, as long as there are others."""
    host.put(MANIFEST, b"an earlier deploy's")
    inside, most, refused, left, turns = 0, 0, 0, 5, []
    told = Condition()

    def take_turns(number: int) -> None:
        nonlocal left
        try:
            for turn in range(3):
                while not let_in(number, turn):
                    pass
        finally:  # one that fails keeps nobody waiting
            with told:
                left -= 1
                told.notify_all()

    def let_in(number: int, turn: int) -> bool:
        nonlocal inside, most, refused
        try:
            with locked(host.make(PATIENT)), told:
                inside += 1
                most = max(most, inside)
                before = refused
                assert told.wait_for(lambda: refused > before or left == 1, LONG)
                turns.append((number, turn))
                inside -= 1
        except SiteError as error:
            assert "another deploy is at work" in str(error)
            with told:
                refused += 1
                told.notify_all()
            return False
        return True

    with ThreadPoolExecutor(5) as pool:
        for done in [pool.submit(take_turns, number) for number in range(5)]:
            done.result()
    assert most == 1
    assert sorted(turns) == [(number, turn) for number in range(5) for turn in range(3)]
    assert list(host.everything()) == [f"{FOLDER}/{MANIFEST}"]


def test_a_flag_that_a_dead_machine_left_is_taken_down(host: S3Host) -> None:
    raise_flag(host)
    ticks, pace = ticking()
    with locked(host.make(pace)):
        assert ticks.passed > pace.patience
        (flag,) = host.everything().values()
        assert b"another" not in flag
    assert host.everything() == {}


SAYING_NOTHING = (
    b"",
    b"?",
    b"\xff\x00",
    b'{"x":' + b"[" * 100_000,
    b'{"token":"a\xff","machine":"","process":1}',
)


@pytest.mark.parametrize("data", SAYING_NOTHING, ids=range(len(SAYING_NOTHING)))
def test_a_flag_that_says_nothing_is_taken_down_in_the_end(host: S3Host, data: bytes) -> None:
    host.put(f"{FLAG}odd", data)
    _, pace = ticking()
    with locked(host.make(pace)):
        assert len(host.everything()) == 1
    assert host.everything() == {}


def test_a_flag_of_a_dead_process_of_this_machine_is_taken_down_at_once(host: S3Host) -> None:
    with locked(host.make()):
        (flag,) = host.everything().values()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    mine = msgspec.json.decode(flag, type=Holder)
    raise_flag(host, msgspec.structs.replace(mine, process=ended.pid))
    ticks, pace = ticking()
    with locked(host.make(pace)):
        assert ticks.passed < pace.patience / 2
    assert host.everything() == {}


@pytest.mark.parametrize("number", [10**9, 10**12, 9 * 10**18])
def test_a_flag_of_a_process_that_cannot_be_is_taken_down(host: S3Host, number: int) -> None:
    with locked(host.make()):
        (flag,) = host.everything().values()
    raise_flag(
        host, msgspec.structs.replace(msgspec.json.decode(flag, type=Holder), process=number)
    )
    with locked(host.make(ticking()[1])):
        assert len(host.everything()) == 1
    assert host.everything() == {}


def test_a_deploy_whose_flag_was_taken_down_stops(host: S3Host) -> None:
    target, others = host.make(PATIENT), set(threading.enumerate())
    with pytest.raises(LockedError, match="the lock was lost"), locked(target):
        (flag,) = host.everything()
        (renewing,) = set(threading.enumerate()) - others
        while renewing.is_alive():  # until it has seen that: it may just have raised it again
            host.remove(flag.removeprefix(f"{FOLDER}/"))
            renewing.join(PATIENT.beat)
        target.keep(b"{}")
    assert host.everything() == {}


def test_a_deploy_that_could_not_renew_its_flag_stops(host: S3Host) -> None:
    away, hour = False, 0

    def choose(*_: str) -> Mischief:
        return "cut before" if away else ""

    with faulty(host.endpoint, choose) as proxy:
        pace = PATIENT._replace(now=lambda: 3600.0 * hour)
        target = StoreTarget(host.to, proxy.endpoint, REGION, pace)
        with pytest.raises(LockedError, match="the lock was lost"), locked(target):
            away = True
            eventually(lambda: "cut before" in {mischief for *_, mischief in proxy.done})
            hour = 1
            away = False
            target.keep(b"{}")
    assert [path for path in host.everything() if FLAG not in path] == []


def test_a_deploy_that_is_longer_than_the_patience_keeps_its_lock(host: S3Host) -> None:
    ticks, pace = ticking()
    target = host.make(pace)
    with locked(target):
        eventually(lambda: ticks.passed > 2 * pace.patience)  # each renewal takes some
        with pytest.raises(LockedError, match="another deploy"), locked(host.make(PATIENT)):
            pytest.fail("it was let in")
        target.keep(b"{}")
    assert [path for path in host.everything() if FLAG in path] == []


def test_answers_that_are_lost_do_no_harm(host: S3Host) -> None:
    mischief: Iterator[Mischief] = cycle(("cut after", "", "500", "", "cut before", ""))
    with faulty(host.endpoint, lambda *_: next(mischief)) as proxy:
        for _ in range(4):
            with locked(StoreTarget(host.to, proxy.endpoint, REGION)):
                assert len(host.everything()) == 1
        assert ("PUT", "cut after") in {(method, done) for method, _, done in proxy.done}
    assert host.everything() == {}


def test_a_host_that_refuses_every_condition_is_deployed_to(site: SmallSite, host: S3Host) -> None:
    paper = DeployedSite(site, host)
    with faulty(host.endpoint, lambda *_: "") as proxy:
        proxy.knows = False
        host.settings = host.settings.replace(host.endpoint, proxy.endpoint)
        paper.settings()
        paper.deployed()
        paper.story("story-3", "Put right.", tags="[Rail]")
        paper.deployed()
    assert differences(host.files(), paper.built()) == {}
