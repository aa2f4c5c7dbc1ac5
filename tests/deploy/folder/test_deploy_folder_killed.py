"""Deploys to one folder at the same time, and deploys that are killed before any change."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from generator.deploy.targets.folder.target import FolderTarget
from generator.errors import LockedError
from generator.system import IS_WINDOWS
from support.folder_deploys import deploy, environment, is_tidy, python, upload, write
from support.host_folder import contents
from support.sites import LONG

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(IS_WINDOWS, reason="Windows has no means to deploy there"),
]


def test_a_second_deploy_at_the_same_time_is_refused(site: Path, top: Path) -> None:
    first, second = FolderTarget(top), FolderTarget(top)
    with first.opened(), second.opened(), first.locked():
        with pytest.raises(LockedError, match="another deploy is at work there"), second.locked():
            pytest.fail("there were two")
        first.send([upload(site, "index.html", "index.html")], lambda *_: None)
        first.commit("")
    assert contents(top) == {"index.html": b"one"}
    assert deploy(site, top) == contents(site)


_DEPLOY = """
import sys
from pathlib import Path
from support.host_folder import carry
from generator.deploy.targets.folder.target import FolderTarget
from generator.errors import SiteError
print("ready", flush=True)
sys.stdin.readline()
try:
    carry(Path(sys.argv[1]), FolderTarget(Path(sys.argv[2])))
except SiteError as error:
    print(error)
"""


def deploying(site: Path, top: Path) -> "subprocess.Popen[str]":
    """A process that is ready to deploy as soon as it is sent a line."""
    command = [sys.executable, "-c", _DEPLOY, str(site), str(top)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, env=environment(), stdin=pipe, stdout=pipe, text=True)
    assert process.stdout and process.stdout.readline() == "ready\n"
    return process


def test_several_processes_at_once(site: Path, top: Path, tmp_path: Path) -> None:
    """One of them deploys; the others are told, or come after it. No two sites are mixed."""
    sites = [tmp_path / f"site{number}" for number in range(4)]
    for number, place in enumerate(sites):
        write(place, {f"{n}.html": f"{number}" for n in range(100)})
    processes = [deploying(place, top) for place in sites]
    said = []
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        said.append(process.communicate(timeout=LONG)[0])
        assert process.returncode == 0
    assert "" in said
    assert all("another deploy is at work" in line for line in said if line)
    assert contents(top) in [contents(place) for place in sites]
    assert is_tidy(top)


_DIES = """
import json, os, signal, sys
from pathlib import Path
from support.host_folder import carry, contents
from support.breakpoints import before_each_change
from support.folder_deploys import THEIRS, edition, is_tidy, text, write
from generator.deploy.targets.folder import swap
from generator.deploy.targets.folder.target import FolderTarget

home, at_first, steps = Path(sys.argv[1]), *sys.argv[2:]
sites = [home / f"site{number}" for number in range(5)]
for number, site in enumerate(sites):
    wanted = edition(site, number, 9)
if at_first != "nothing":
    wanted |= text(THEIRS)
if steps == "two":
    swap.exchange = lambda one, other: False

def place_of(number):
    place = home / f"{number}" / "digest"
    place.parent.mkdir()
    if at_first != "nothing":
        write(place, THEIRS)
    if at_first == "a release":
        for site in sites[:-1]:
            carry(site, FolderTarget(place))
    return place

def changes(place, last=""):
    '''All that a deploy changes there. It is killed before it makes the last of it.'''
    near, far = os.pipe()
    if pid := os.fork():
        os.close(far)
        with open(near) as told:
            names = told.read().splitlines()
        ended = os.waitpid(pid, 0)[1]
        assert ended == (signal.SIGKILL if last else 0), (last, ended)
        return names

    def about_to(change):
        os.write(far, f"{change}\\n".encode())
        if change == last:
            os.kill(os.getpid(), signal.SIGKILL)

    before_each_change(place.parent, about_to)
    carry(sites[-1], FolderTarget(place))
    os._exit(0)

seen = {}
for number, change in enumerate(changes(place_of("whole"))):
    place = place_of(number)
    before = contents(place)
    assert changes(place, last=change)[-1] == change
    found = contents(place)
    known = {"old": before, "new": wanted, "half": found} if place.exists() else {"gone": found}
    seen[change] = next(name for name, files in known.items() if files == found)
    carry(sites[-1], FolderTarget(place))
    assert contents(place) == wanted, change
    assert is_tidy(place), (change, sorted(f.name for f in place.parent.rglob(".*")))
print(json.dumps(seen))
"""


def seen_at_each_change(home: Path, at_first: str, steps: str) -> dict[str, str]:
    """What readers see after a deploy that was killed before it made a change, by its name.

    Each deploy is one from the same site to the same other one, and the next one after it must
    go well.
    """
    seen: dict[str, str] = json.loads(python(_DIES, home, at_first, steps))
    assert len(seen) > 30
    return seen


@pytest.mark.parametrize("at_first", ["nothing", "a folder", "a release"])
def test_killed_before_each_single_change(tmp_path: Path, at_first: str) -> None:
    seen = seen_at_each_change(tmp_path, at_first, "one")
    online = {"old", "new"} if at_first != "nothing" else {"gone", "new"}
    assert set(seen.values()) == online


def test_killed_where_a_folder_is_swapped_in_two_steps(tmp_path: Path) -> None:
    """As on systems where a folder and a link cannot change places at once."""
    seen = seen_at_each_change(tmp_path, "a folder", "two")
    between = "os.rename .digest.broadsheet.1 digest #1"
    assert [change for change, what in seen.items() if what == "gone"] == [between]
    assert set(seen.values()) == {"old", "gone", "new"}
