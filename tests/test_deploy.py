"""What every kind of target must do: the real command against a real host of each kind."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from conftest import LONG, SmallSite
from deploying import Desk, Host, differences
from host_az import AzureHost, AzureServer, azure_server
from host_folder import folder_host
from host_git import git_host
from host_ssh import ssh_host
from moments import Moment

pytestmark = pytest.mark.long

LONG_RUN = bool(os.environ.get("BROADSHEET_LONG"))
ODD = (
    "two words.txt",
    "café.txt",
    "cafe\u0301 2.txt",
    "100%.txt",
    "a#b.txt",
    "what?.txt",
    "-dash.txt",
    'it\'s "quoted".txt',
    "{curly}[square]~^`.txt",
    "a+b=c&d;e,f.txt",
    "日本.txt",
    "x" * 200 + ".txt",
)


@pytest.fixture(scope="session")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureServer]:
    with azure_server(tmp_path_factory.mktemp("azure")) as server:
        yield server


OWN_HOSTS: dict[str, Callable[[Path], AbstractContextManager[Host]]] = {
    "folder": folder_host,
    "git": git_host,
    "ssh": ssh_host,
}


@pytest.fixture(params=["az", "folder", "git", "s3", "ssh"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Host]:
    if request.param in OWN_HOSTS:
        (tmp_path / "host").mkdir()
        with OWN_HOSTS[request.param](tmp_path / "host") as found:
            yield found
        return
    if request.param == "az":
        yield AzureHost(request.getfixturevalue("azure"))
        return
    yield request.getfixturevalue("s3_host")


@pytest.fixture
def desk(site: SmallSite, host: Host) -> Desk:
    return Desk(site, host)


def assert_deployed(desk: Desk, **foreign: bytes) -> None:
    assert differences(desk.host.files(), desk.built() | foreign) == {}


def test_the_first_deploy_brings_the_whole_site(desk: Desk) -> None:
    report = desk.deployed()
    assert_deployed(desk)
    assert len(report["new"]) == len([p for p in desk.built() if p.startswith("2026/05/")])
    assert report["sent"] == len(desk.built())
    assert report["bytes"] == sum(map(len, desk.built().values()))


def test_a_second_deploy_has_nothing_to_do(desk: Desk) -> None:
    desk.deployed()
    before = desk.host.everything()
    report = desk.deployed()
    assert (report["sent"], report["deleted"]) == (0, 0)
    assert report["unchanged"] == len(desk.built())
    assert report["summary"] == "nothing to do"
    assert desk.host.everything() == before


def test_a_corrected_story_is_told_from_those_that_change_around_their_words(desk: Desk) -> None:
    desk.deployed()
    before = desk.built()
    desk.story("story-3", "Story 3, put right.", tags="[Rail]")
    report = desk.deployed()
    changed = [path for path, data in desk.built().items() if before.get(path) != data]
    assert report["corrected"] == ["/2026/05/story-3/"]
    assert report["new"] == []
    assert report["sent"] == len(changed)
    assert_deployed(desk)


def test_a_new_story_is_named(desk: Desk) -> None:
    desk.deployed()
    desk.story("late-news", "Late.", tags="[Tides]")
    report = desk.deployed()
    assert report["new"] == ["/2026/05/late-news/"]
    assert report["corrected"] == []
    assert report["summary"].startswith("1 new story, ")
    assert_deployed(desk)


def test_a_renamed_story_with_an_alias_goes_through(desk: Desk) -> None:
    desk.deployed()
    desk.site.root.joinpath("content/articles/story-4.md").unlink()
    desk.story("better-name", "Story 4.", tags="[Wheat]", aliases="[/2026/05/story-4/]")
    report = desk.deployed()
    assert report["vanishing"] == []
    assert b"/2026/05/better-name/" in desk.host.files()["2026/05/story-4/index.html"]
    assert_deployed(desk)


def test_an_address_that_vanishes_stops_the_deploy(desk: Desk) -> None:
    desk.deployed()
    before = desk.host.files()
    desk.site.root.joinpath("content/articles/story-4.md").unlink()
    desk.build()
    ran = desk.deploy()
    assert ran.code == 1
    assert "/2026/05/story-4/ would vanish" in ran.said and "--allow-vanish" in ran.said
    assert desk.host.files() == before
    assert desk.deploy("--dry-run").code == 1
    ran = desk.deploy("--allow-vanish")
    assert ran.code == 0, ran.said
    assert ran.report["vanishing"] == ["/2026/05/story-4/"]
    assert_deployed(desk)


def test_a_story_that_expires_stops_nothing(desk: Desk) -> None:
    desk.story("brief-0", "Soon over.", tags="[Passing]", expires=None)
    desk.deployed()
    assert "tags/passing/index.html" in desk.host.files()
    desk.story("brief-0", "Soon over.", tags="[Passing]", expires="2026-06-02")
    report = desk.deployed()
    assert report["vanishing"] == []
    assert "2026/05/brief-0/index.html" not in desk.host.files()
    assert_deployed(desk)


def test_a_dry_run_leaves_the_target_as_it_is(desk: Desk) -> None:
    desk.build()
    desk.host.put("robots-of-others.txt", b"theirs")
    before = desk.host.everything()
    ran = desk.deploy("--dry-run")
    assert (ran.code, ran.report["dry_run"]) == (0, True), ran.said
    assert ran.report["sent"] == len(desk.built())
    assert desk.host.everything() == before
    desk.deployed()
    desk.story("story-3", "Other words.", tags="[Rail]")
    desk.build()
    before = desk.host.everything()
    assert desk.deploy("--dry-run").report["corrected"] == ["/2026/05/story-3/"]
    assert desk.host.everything() == before


def test_files_of_others_survive(desk: Desk) -> None:
    theirs = {"theirs.txt": b"theirs", "2026/05/story-4/notes.txt": b"beside a story"}
    for path, data in theirs.items():
        desk.host.put(path, data)
    desk.deployed()
    desk.site.root.joinpath("content/articles/story-4.md").unlink()
    desk.deployed("--allow-vanish")
    assert_deployed(desk, **theirs)


def test_a_file_of_others_is_not_overwritten_unasked(desk: Desk) -> None:
    desk.host.put("index.html", b"a page put up by hand")
    desk.build()
    ran = desk.deploy()
    assert ran.code == 1
    assert "not put there by a deploy" in ran.said and "--confirm" in ran.said
    assert desk.host.files() == {"index.html": b"a page put up by hand"}
    desk.deployed("--confirm")
    assert_deployed(desk)


def test_what_others_changed_or_deleted_is_sent_again(desk: Desk) -> None:
    desk.deployed()
    desk.host.put("2026/05/story-3/index.html", b"defaced")
    desk.host.remove("2026/05/story-5/index.html")
    report = desk.deployed()
    assert set(report["mended"]) == {"/2026/05/story-3/", "/2026/05/story-5/"}
    assert report["sent"] == 2
    assert_deployed(desk)


def test_many_deletions_ask_first(desk: Desk) -> None:
    desk.settings("max_deletes = 2")
    desk.deployed()
    for number in (4, 5, 7):
        desk.site.root.joinpath(f"content/articles/story-{number}.md").unlink()
    desk.build()
    before = desk.host.files()
    ran = desk.deploy("--allow-vanish")
    assert ran.code == 1
    assert "3 files would be deleted, more than 2" in ran.said
    assert desk.host.files() == before
    desk.deployed("--allow-vanish", "--confirm")
    assert_deployed(desk)


def test_a_fifth_of_the_site_is_not_deleted_unasked(desk: Desk) -> None:
    desk.site.write({f"content/files/{number}.txt": b"x" for number in range(80)})
    desk.deployed()
    shutil.rmtree(desk.site.root / "content/files")
    desk.build()
    ran = desk.deploy("--allow-vanish")
    assert ran.code == 1
    assert "more than a fifth of the site" in ran.said
    desk.deployed("--allow-vanish", "--confirm")
    assert_deployed(desk)


def test_names_of_every_sort_arrive(desk: Desk) -> None:
    for name in ODD:
        desk.site.write({f"content/files/{name}": name.encode()})
    desk.deployed()
    there = desk.host.files()
    assert {f"files/{name}": name.encode() for name in ODD}.items() <= there.items()
    assert_deployed(desk)
    for name in ODD:
        desk.site.root.joinpath("content/files", name).unlink()
    desk.deployed("--allow-vanish", "--confirm")
    assert_deployed(desk)


def test_a_stylesheet_that_is_replaced_stays_for_pages_that_are_still_around(desk: Desk) -> None:
    desk.deployed()
    old = [path for path in desk.built() if path.endswith(".css")]
    own = Path(desk.site.root, "layouts/assets/site.css")
    desk.site.write({own.relative_to(desk.site.root).as_posix(): "body { color: navy }"})
    report = desk.deployed()
    assert report["deleted"] == 0
    assert set(old) <= desk.host.files().keys()
    assert not set(old) & desk.built().keys()


KEEP, DELETE, COMMIT = (f"target.py *Target.{name}" for name in ("keep", "delete", "commit"))
ARRIVED = "deploy/carry.py _move.<locals>.arrived"


def moments() -> Iterator[Moment]:
    """When a deploy is killed; in a long run also when each of its files has just arrived."""
    yield Moment(KEEP)
    yield Moment(KEEP, left=True)
    yield Moment(ARRIVED)
    yield Moment(ARRIVED, number=9)
    yield Moment(DELETE)
    yield Moment(DELETE, left=True)
    yield Moment(KEEP, number=2)
    yield Moment(COMMIT)
    yield Moment(COMMIT, left=True)
    yield from map(partial(Moment, ARRIVED), count(2) if LONG_RUN else ())


def test_a_killed_deploy_goes_on_from_where_it_stood(desk: Desk) -> None:
    """Whenever it was killed: nothing is lost, nothing is half there, and all is known."""
    desk.host.put("theirs.txt", b"theirs")
    desk.deployed()
    for number, moment in enumerate(moments()):
        before = desk.host.files()
        desk.story("story-2", f"Edit {number}.", tags="[Tides]")
        desk.story(f"extra-{number}", "New.", tags=f"[New {number}]")
        if number > 1:
            desk.site.root.joinpath(f"content/articles/extra-{number - 2}.md").unlink()
        desk.build()
        if not desk.killed_at(moment, "--allow-vanish", "--confirm"):
            assert moment.number > 9, f"it never came to {moment}"
            break
        half = {
            path: data
            for path, data in desk.host.files().items()
            if not path.endswith("/")  # a folder that was made for a file which did not come
            and data not in (before.get(path), desk.built().get(path))
        }
        assert half == {}, moment
        ran = desk.deploy("--allow-vanish", "--confirm")
        assert ran.code == 0, ran.said
        assert_deployed(desk, **{"theirs.txt": b"theirs"})


def test_two_deploys_at_once_do_no_harm(desk: Desk, tmp_path: Path) -> None:
    """From two machines: each has a copy of the site of its own."""
    desk.deployed()
    other = SmallSite.__new__(SmallSite)
    desk.story("story-3", "The words of the one.", tags="[Rail]")
    desk.build()
    shutil.copytree(desk.site.root, tmp_path / "other")
    other.root, other.public = tmp_path / "other", tmp_path / "other/public"
    one = desk.deploying()
    two = Desk.__new__(Desk)
    two.site, two.host = other, desk.host
    with one as first, two.deploying() as second:
        said = [process.communicate(timeout=LONG)[1] for process in (first, second)]
        codes = sorted([first.returncode, second.returncode])
    assert codes in ([0, 0], [0, 1]), said
    if codes == [0, 1]:
        assert any("another deploy" in words for words in said), said
    assert_deployed(desk)


def test_a_file_may_become_a_folder_and_a_folder_a_file(desk: Desk) -> None:
    desk.site.write({"content/files/thing": b"a file", "content/files/other/in.txt": b"inside"})
    desk.deployed()
    shutil.rmtree(desk.site.root / "content/files")
    desk.site.write({"content/files/thing/in.txt": b"inside", "content/files/other": b"a file"})
    desk.deployed("--allow-vanish")
    assert_deployed(desk)
