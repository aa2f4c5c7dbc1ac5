"""What every kind of target must do: the real command against a real host of each kind."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from support.breakpoints import Breakpoint
from support.deploys import DeployedSite, Host, differences
from support.host_az import AzureHost
from support.host_folder import folder_host
from support.host_git import git_host
from support.host_ssh import ssh_host
from support.sites import LONG, SmallSite

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
def paper(site: SmallSite, host: Host) -> DeployedSite:
    return DeployedSite(site, host)


def assert_deployed(paper: DeployedSite, **foreign: bytes) -> None:
    assert differences(paper.host.files(), paper.built() | foreign) == {}


def test_the_first_deploy_brings_the_whole_site(paper: DeployedSite) -> None:
    report = paper.deployed()
    assert_deployed(paper)
    assert len(report["new"]) == len([p for p in paper.built() if p.startswith("2026/05/")])
    assert report["sent"] == len(paper.built())
    assert report["bytes"] == sum(map(len, paper.built().values()))


def test_a_second_deploy_has_nothing_to_do(paper: DeployedSite) -> None:
    paper.deployed()
    before = paper.host.everything()
    report = paper.deployed()
    assert (report["sent"], report["deleted"]) == (0, 0)
    assert report["unchanged"] == len(paper.built())
    assert report["summary"] == "nothing to do"
    assert paper.host.everything() == before


def test_a_corrected_story_is_told_from_those_that_change_around_their_words(
    paper: DeployedSite,
) -> None:
    paper.deployed()
    before = paper.built()
    paper.story("story-3", "Story 3, put right.", tags="[Rail]")
    report = paper.deployed()
    changed = [path for path, data in paper.built().items() if before.get(path) != data]
    assert report["corrected"] == ["/2026/05/story-3/"]
    assert report["new"] == []
    assert report["sent"] == len(changed)
    assert_deployed(paper)


def test_a_new_story_is_named(paper: DeployedSite) -> None:
    paper.deployed()
    paper.story("late-news", "Late.", tags="[Tides]")
    report = paper.deployed()
    assert report["new"] == ["/2026/05/late-news/"]
    assert report["corrected"] == []
    assert report["summary"].startswith("1 new story, ")
    assert_deployed(paper)


def test_a_renamed_story_with_an_alias_goes_through(paper: DeployedSite) -> None:
    paper.deployed()
    paper.site.root.joinpath("content/articles/story-4.md").unlink()
    paper.story("better-name", "Story 4.", tags="[Wheat]", aliases="[/2026/05/story-4/]")
    report = paper.deployed()
    assert report["vanishing"] == []
    assert b"/2026/05/better-name/" in paper.host.files()["2026/05/story-4/index.html"]
    assert_deployed(paper)


def test_an_address_that_vanishes_stops_the_deploy(paper: DeployedSite) -> None:
    paper.deployed()
    before = paper.host.files()
    paper.site.root.joinpath("content/articles/story-4.md").unlink()
    paper.build()
    ran = paper.deploy()
    assert ran.code == 1
    assert "/2026/05/story-4/ would vanish" in ran.said and "--allow-vanish" in ran.said
    assert paper.host.files() == before
    assert paper.deploy("--dry-run").code == 1
    ran = paper.deploy("--allow-vanish")
    assert ran.code == 0, ran.said
    assert ran.report["vanishing"] == ["/2026/05/story-4/"]
    assert_deployed(paper)


def test_a_story_that_expires_stops_nothing(paper: DeployedSite) -> None:
    paper.story("brief-0", "Soon over.", tags="[Passing]", expires=None)
    paper.deployed()
    assert "tags/passing/index.html" in paper.host.files()
    paper.story("brief-0", "Soon over.", tags="[Passing]", expires="2026-06-02")
    report = paper.deployed()
    assert report["vanishing"] == []
    assert "2026/05/brief-0/index.html" not in paper.host.files()
    assert_deployed(paper)


def test_a_dry_run_leaves_the_target_as_it_is(paper: DeployedSite) -> None:
    paper.build()
    paper.host.put("robots-of-others.txt", b"theirs")
    before = paper.host.everything()
    ran = paper.deploy("--dry-run")
    assert (ran.code, ran.report["dry_run"]) == (0, True), ran.said
    assert ran.report["sent"] == len(paper.built())
    assert paper.host.everything() == before
    paper.deployed()
    paper.story("story-3", "Other words.", tags="[Rail]")
    paper.build()
    before = paper.host.everything()
    assert paper.deploy("--dry-run").report["corrected"] == ["/2026/05/story-3/"]
    assert paper.host.everything() == before


def test_files_of_others_survive(paper: DeployedSite) -> None:
    theirs = {"theirs.txt": b"theirs", "2026/05/story-4/notes.txt": b"beside a story"}
    for path, data in theirs.items():
        paper.host.put(path, data)
    paper.deployed()
    paper.site.root.joinpath("content/articles/story-4.md").unlink()
    paper.deployed("--allow-vanish")
    assert_deployed(paper, **theirs)


def test_a_file_of_others_is_not_overwritten_unasked(paper: DeployedSite) -> None:
    paper.host.put("index.html", b"a page put up by hand")
    paper.build()
    ran = paper.deploy()
    assert ran.code == 1
    assert "not put there by a deploy" in ran.said and "--confirm" in ran.said
    assert paper.host.files() == {"index.html": b"a page put up by hand"}
    paper.deployed("--confirm")
    assert_deployed(paper)


def test_what_others_changed_or_deleted_is_sent_again(paper: DeployedSite) -> None:
    paper.deployed()
    paper.host.put("2026/05/story-3/index.html", b"defaced")
    paper.host.remove("2026/05/story-5/index.html")
    report = paper.deployed()
    assert set(report["mended"]) == {"/2026/05/story-3/", "/2026/05/story-5/"}
    assert report["sent"] == 2
    assert_deployed(paper)


def test_many_deletions_ask_first(paper: DeployedSite) -> None:
    paper.settings("max_deletes = 2")
    paper.deployed()
    for number in (4, 5, 7):
        paper.site.root.joinpath(f"content/articles/story-{number}.md").unlink()
    paper.build()
    before = paper.host.files()
    ran = paper.deploy("--allow-vanish")
    assert ran.code == 1
    assert "3 files would be deleted, more than 2" in ran.said
    assert paper.host.files() == before
    paper.deployed("--allow-vanish", "--confirm")
    assert_deployed(paper)


def test_a_fifth_of_the_site_is_not_deleted_unasked(paper: DeployedSite) -> None:
    paper.site.write({f"content/files/{number}.txt": b"x" for number in range(80)})
    paper.deployed()
    shutil.rmtree(paper.site.root / "content/files")
    paper.build()
    ran = paper.deploy("--allow-vanish")
    assert ran.code == 1
    assert "more than a fifth of the site" in ran.said
    paper.deployed("--allow-vanish", "--confirm")
    assert_deployed(paper)


def test_names_of_every_sort_arrive(paper: DeployedSite) -> None:
    for name in ODD:
        paper.site.write({f"content/files/{name}": name.encode()})
    paper.deployed()
    there = paper.host.files()
    assert {f"files/{name}": name.encode() for name in ODD}.items() <= there.items()
    assert_deployed(paper)
    for name in ODD:
        paper.site.root.joinpath("content/files", name).unlink()
    paper.deployed("--allow-vanish", "--confirm")
    assert_deployed(paper)


def test_a_stylesheet_that_is_replaced_stays_for_pages_that_are_still_around(
    paper: DeployedSite,
) -> None:
    paper.deployed()
    old = [path for path in paper.built() if path.startswith("assets/site.")]
    own = Path(paper.site.root, "layouts/assets/site.css")
    paper.site.write({own.relative_to(paper.site.root).as_posix(): "body { color: navy }"})
    report = paper.deployed()
    assert report["deleted"] == 0
    assert set(old) <= paper.host.files().keys()
    assert not set(old) & paper.built().keys()


KEEP, DELETE, COMMIT = (f"target.py *Target.{name}" for name in ("keep", "delete", "commit"))
ARRIVED = "deploy/carry.py _move.<locals>.arrived"


def points() -> Iterator[Breakpoint]:
    """When a deploy is killed; in a long run also when each of its files has just arrived."""
    yield Breakpoint(ARRIVED, number=9)
    yield Breakpoint(DELETE, left=True)
    if LONG_RUN:
        yield Breakpoint(KEEP, left=True)
        yield Breakpoint(COMMIT)
        yield Breakpoint(ARRIVED)
        yield Breakpoint(KEEP, number=2)
        yield Breakpoint(KEEP)
        yield Breakpoint(DELETE)
        yield Breakpoint(COMMIT, left=True)
        yield from map(partial(Breakpoint, ARRIVED), count(2))


def test_a_killed_deploy_goes_on_from_where_it_stood(paper: DeployedSite) -> None:
    """Whenever it was killed: nothing is lost, nothing is half there, and all is known."""
    paper.host.put("theirs.txt", b"theirs")
    paper.deployed()
    for number, point in enumerate(points()):
        before = paper.host.files()
        paper.story("story-2", f"Edit {number}.", tags="[Tides]")
        paper.story(f"extra-{number}", "New.", tags=f"[New {number}]")
        if number:
            paper.site.root.joinpath(f"content/articles/extra-{number - 1}.md").unlink()
        paper.build()
        if not paper.killed_at(point, "--allow-vanish", "--confirm"):
            assert point.number > 9, f"it never came to {point}"
            break
        half = {
            path: data
            for path, data in paper.host.files().items()
            if not path.endswith("/")  # a folder that was made for a file which did not come
            and data not in (before.get(path), paper.built().get(path))
        }
        assert half == {}, point
        ran = paper.deploy("--allow-vanish", "--confirm")
        assert ran.code == 0, ran.said
        assert_deployed(paper, **{"theirs.txt": b"theirs"})


def test_two_deploys_at_once_do_no_harm(paper: DeployedSite, tmp_path: Path) -> None:
    """From two machines: each has a copy of the site of its own."""
    paper.deployed()
    other = SmallSite.__new__(SmallSite)
    paper.story("story-3", "The words of the one.", tags="[Rail]")
    paper.build()
    shutil.copytree(paper.site.root, tmp_path / "other")
    other.root, other.public = tmp_path / "other", tmp_path / "other/public"
    one = paper.deploying()
    two = DeployedSite.__new__(DeployedSite)
    two.site, two.host = other, paper.host
    with one as first, two.deploying() as second:
        said = [process.communicate(timeout=LONG)[1] for process in (first, second)]
        codes = sorted([first.returncode, second.returncode])
    assert codes in ([0, 0], [0, 1]), said
    if codes == [0, 1]:
        assert any("another deploy" in words for words in said), said
    assert_deployed(paper)


def test_a_file_may_become_a_folder_and_a_folder_a_file(paper: DeployedSite) -> None:
    paper.site.write({"content/files/thing": b"a file", "content/files/other/in.txt": b"inside"})
    paper.deployed()
    shutil.rmtree(paper.site.root / "content/files")
    paper.site.write({"content/files/thing/in.txt": b"inside", "content/files/other": b"a file"})
    paper.deployed("--allow-vanish")
    assert_deployed(paper)
