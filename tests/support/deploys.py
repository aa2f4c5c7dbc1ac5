"""Deploys for tests: a site, a host to carry it to, and the real command."""

import json
import os
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from typing import Any, NamedTuple, Protocol

import pytest

from generator.deploy.targets.target import OWN, Target
from support.breakpoints import BROADSHEET, Breakpoint, killed_at
from support.sites import LONG, SmallSite, running

STORIES = 16
TOPICS = ("Rail", "Wheat", "Tides")


class Host(Protocol):
    """A place on a host of some kind, seen from outside.

    `settings` are further lines of `[deploy.…]`. `files` is what readers can fetch there, by
    path; `everything` all that there is, what deploys keep for themselves too. `put` and
    `remove` are what others do there.
    """

    to: str
    environment: dict[str, str]

    def make(self) -> Target: ...
    def files(self) -> dict[str, bytes]: ...
    def everything(self) -> dict[str, bytes]: ...
    def put(self, path: str, data: bytes) -> None: ...
    def remove(self, path: str) -> None: ...


class Ran(NamedTuple):
    """What the command did. `report` is what it printed as JSON."""

    code: int
    report: dict[str, Any]
    said: str


class DeployedSite:
    """A small site with a host to deploy to."""

    def __init__(self, site: SmallSite, host: Host) -> None:
        self.site = site
        self.host = host
        for number in range(STORIES):
            self.story(f"story-{number}", f"Story {number}.", tags=f"[{TOPICS[number % 3]}]")
        self.settings()

    def settings(self, *lines: str) -> None:
        """The settings, with further lines of the target's own."""
        own = getattr(self.host, "settings", "")
        extra = "".join(f"{line}\n" for line in lines)
        text = 'title = "Test Paper"\nurl = "https://paper.example/"\n\n[deploy.production]\n'
        self.site.write({"site.toml": f'{text}to = "{self.host.to}"\n{own}{extra}'})

    def story(self, name: str, body: str, **fields: Any) -> None:
        number = name.rpartition("-")[2]
        day = 1 + int(number) % 28 if number.isdigit() else 28
        self.site.article(name, body, **{"date": f"2026-05-{day:02}"} | fields)

    def build(self) -> None:
        self.site.build()

    def built(self) -> dict[str, bytes]:
        """What readers should see."""
        return {p: data for p, data in self.site.outputs().items() if p != ".broadsheet"}

    def deploy(self, *arguments: str, **variables: str) -> Ran:
        """The real command, to its end."""
        with self.deploying(*arguments, **variables) as process:
            printed, said = process.communicate(timeout=LONG)
        return Ran(process.returncode, json.loads(printed) if printed else {}, said)

    def deploying(self, *arguments: str, **variables: str) -> Any:
        """The real command at work: a context in which it runs."""
        environment = self.host.environment | variables
        arguments = "deploy", "--json", *arguments
        return running(self.site.root, *arguments, errors=subprocess.PIPE, **environment)

    def killed_at(self, point: Breakpoint, *arguments: str) -> bool:
        """Whether the real command was killed at a breakpoint, or came to a good end without it."""
        deploy = "deploy", "--root", str(self.site.root), *arguments
        return killed_at(point, BROADSHEET, *deploy, variables=self.host.environment)

    def deployed(self, *arguments: str) -> dict[str, Any]:
        """Build and deploy; all must go well."""
        self.build()
        ran = self.deploy(*arguments)
        assert ran.code == 0, ran.said
        return ran.report


class Ticks:
    """A clock that goes on by a second whenever somebody looks at it: no machine is slow by it."""

    passed = 0

    def __call__(self) -> float:
        self.passed += 1
        return self.passed


def need(*programs: str) -> list[str]:
    """Where programs are, those for administrators too. The test skips if one is missing, and
    says so; in CI it fails.
    """
    return [_found(program) for program in programs]


def _found(program: str) -> str:
    path = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(f"{program} is missing, and these tests need it")
        pytest.skip(f"needs {program}")
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Until somebody listens there."""
    deadline = time.monotonic() + LONG
    while time.monotonic() < deadline:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        time.sleep(0.02)
    raise TimeoutError(port)


def readable(everything: dict[str, bytes], folder: str) -> dict[str, bytes]:
    """What readers can fetch of a store that is deployed to in that folder, by path from there."""
    own = f"{folder}/{OWN}/"
    return {
        path.removeprefix(f"{folder}/"): data
        for path, data in everything.items()
        if path.startswith(f"{folder}/") and not path.startswith(own)
    }


def differences(there: dict[str, bytes], wanted: dict[str, bytes]) -> dict[str, str]:
    """How two trees differ, by path."""
    return {
        path: "missing" if path not in there else "extra" if path not in wanted else "differs"
        for path in sorted(there.keys() | wanted.keys())
        if there.get(path) != wanted.get(path)
    }
