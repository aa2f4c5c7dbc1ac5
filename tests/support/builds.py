"""What a build did, output by output, and what a clean build of the same sources gives."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from generator.commands.build import Report
from generator.state.builds import digests
from generator.state.outputs import OutputTable
from generator.state.stamp import stamp
from support.breakpoints import BROADSHEET, Breakpoint, killed_at
from support.sites import REPOSITORY, SmallSite


class Round(NamedTuple):
    """What a build rendered or copied, and what it deleted, by output path; its report."""

    rendered: set[str]
    deleted: set[str]
    report: Report


def build_again(site: SmallSite, **options: Any) -> Round:
    """Build a site again. What came out must be what a clean build gives."""
    before = fingerprints(site)
    report = site.build(**options)
    after = fingerprints(site)
    rendered = {path for path, mark in after.items() if before.get(path) != mark}
    deleted = before.keys() - after.keys()
    assert (report.rendered, report.deleted) == (len(rendered), len(deleted))
    assert report.pages == report.written + report.unchanged == len(after)
    assert differing(tree(site.public), clean_tree(site, **options)) == []
    assert_digests_are_noted(site.root, site.public)
    return Round(rendered, deleted, report)


def fingerprints(site: SmallSite) -> dict[str, str]:
    """What each output was made from, as the records of `public/` have it."""
    (table,) = site.root.glob(".broadsheet/output-*.outputs")
    return {path: record.fingerprint for path, record in OutputTable(table).records.items()}


def assert_digests_are_noted(root: Path, public: Path) -> None:
    """Of each output, as it is now, what was noted by the builds of the site in `root`."""
    outputs = {path: data for path, data in tree(public).items() if not path.endswith("/")}
    del outputs[".broadsheet"]
    assert digests(root / ".broadsheet", public) == {
        path: (stamp(public / path), blake2b(data, digest_size=16).hexdigest())
        for path, data in outputs.items()
    }


def tree(folder: Path) -> dict[str, bytes]:
    """All that is below a folder: files with their bytes, and folders, which end in "/"."""
    found: dict[str, bytes] = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        found |= {f"{name}/": b""} if file.is_dir() else {name: file.read_bytes()}
    return found


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """The paths that only one of two trees has, or that have different bytes in them."""
    return sorted(p for p in one.keys() | other.keys() if one.get(p) != other.get(p))


def clean_tree(site: SmallSite, **options: Any) -> dict[str, bytes]:
    """What a build of the same sources gives in a folder that has never seen one."""
    with clean_copy(site) as copy:
        copy.build(**options)
        return tree(copy.public)


@contextmanager
def clean_copy(site: SmallSite) -> Iterator[SmallSite]:
    """The same sources in another folder, which is gone afterwards."""
    copy = SmallSite(Path(f"{site.root}-clean"))
    shutil.rmtree(copy.root)
    left = shutil.ignore_patterns(".broadsheet", "public")
    shutil.copytree(site.root, copy.root, ignore=left)
    try:
        yield copy
    finally:
        shutil.rmtree(copy.root)


class SettledSites:
    """Sites made some seconds before they are taken.

    A build may trust the stamp of a file that was written long before it; one written just
    now can change again within the same tick of the clock. Only what stood for a while
    shows whether a build knows the two apart.
    """

    settling = 2.5
    """Seconds."""

    def __init__(self, folder: Path, make: Callable[[Path], SmallSite], batch: int) -> None:
        self._folder = folder
        self._make = make
        self._batch = batch
        self._number = 0
        self._ready: deque[SmallSite] = deque()

    def take(self) -> SmallSite:
        if not self._ready:
            for _ in range(self._batch):
                self._number += 1
                self._ready.append(self._make(self._folder / f"site-{self._number}"))
            time.sleep(self.settling)
        return self._ready.popleft()


_WATCHED = """
import json, os, sys
opened = set()

def note(event, arguments):
    if event == "open" and not isinstance(arguments[0], int):
        opened.add(os.path.abspath(os.fsdecode(arguments[0])))

sys.addaudithook(note)
from generator.cli import main
main(sys.argv[1:], standalone_mode=False)
print(json.dumps(sorted(opened)))
"""


def opened(folder: Path, *arguments: str) -> set[str]:
    """The files below a folder that a command, in a process of its own, opens anywhere in it."""
    result = subprocess.run(
        [sys.executable, "-c", _WATCHED, *arguments],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )
    folder = folder.resolve()
    files = [Path(name).resolve() for name in json.loads(result.stdout.splitlines()[-1])]
    return {f.relative_to(folder).as_posix() for f in files if f.is_relative_to(folder)}


_OUTPUT = "output/writer.py OutputFolder."
PUTTING_OUT = (
    Breakpoint(f"{_OUTPUT}__enter__", left=True),
    Breakpoint("output/writer.py stage"),
    Breakpoint("regular.py write_whole"),
    Breakpoint("pages/writer.py _jobs", number=9),
    Breakpoint("pages/writer.py render_pages", left=True),
    Breakpoint(f"{_OUTPUT}commit"),
    Breakpoint(f"{_OUTPUT}_write_inventory", left=True),
    Breakpoint(f"{_OUTPUT}_place"),
    Breakpoint(f"{_OUTPUT}_place", left=True),
    Breakpoint(f"{_OUTPUT}_place", number=5),
    Breakpoint(f"{_OUTPUT}_delete", number=2),
    Breakpoint(f"{_OUTPUT}_delete", number=2, left=True),
    Breakpoint(f"{_OUTPUT}_write_inventory", number=2),
    Breakpoint(f"{_OUTPUT}commit", left=True),
    Breakpoint("state/builds.py BuildState.write"),
    Breakpoint("state/outputs.py OutputTable.write"),
    Breakpoint("state/outputs.py OutputTable.write", left=True),
    Breakpoint("state/builds.py BuildState.write", left=True),
)
"""What comes one after the other in a build in which every page changes."""

PUT_OUT_WITH_A_PLAN = frozenset(
    f"{_OUTPUT}{name}" for name in ("commit", "_write_inventory", "_delete")
)
"""What of it there is not where the last plan stands, for then no file comes or goes."""


def killed(site: SmallSite, point: Breakpoint, *arguments: str) -> bool:
    """Whether a build was killed there, with all its workers, or ended well without it."""
    build = "build", "--root", str(site.root), *arguments
    return killed_at(point, BROADSHEET, *build, alone=False)


def copy_of(site: SmallSite, name: str) -> SmallSite:
    """The same sources in another folder, never built."""
    copy = SmallSite(site.root.with_name(name))
    left_out = shutil.ignore_patterns("public", ".broadsheet")
    shutil.copytree(site.root, copy.root, dirs_exist_ok=True, ignore=left_out)
    return copy


def clean_outputs(site: SmallSite) -> dict[str, bytes]:
    """What a first build of the same sources gives."""
    copy = copy_of(site, "clean")
    copy.build()
    outputs = copy.outputs()
    shutil.rmtree(copy.root)
    return outputs
