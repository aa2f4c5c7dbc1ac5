"""Two workers of Dask Distributed, of one core each, beside `--jobs 2` on the same machine.

A real scheduler and its workers are started for each build, speak TCP on loopback and are stopped
after it. How long they take to start does not count, as they serve many builds; what the processes
of `--jobs 2` take to start does.
"""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import measure
from peers import Tool

WORKERS = 2
_ALL_THERE = f"""
import sys
from distributed import Client

client = Client(scheduler_file=sys.argv[1], timeout=60)
client.wait_for_workers({WORKERS}, timeout=60)
print(client.scheduler.address)
"""
_PATIENCE = 30.0
"""Seconds until a process that was told to end is killed."""


class Build(NamedTuple):
    """What a cold build took, all of its processes together."""

    seconds: float
    cpu: float


class Pair(NamedTuple):
    """A build by two local processes, and one by two workers of a cluster."""

    local: Build
    clustered: Build


def missing(tool: Tool) -> str:
    """Return why a tool's builds cannot go to a cluster; nothing if they can."""
    if importlib.util.find_spec("distributed") is None:
        return 'not available: pip install "broadsheet[cluster]"'
    said = subprocess.run(
        [*tool.command, "--help"],
        env=os.environ | tool.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return "" if "--cluster" in said.stdout else "not available: this build has no --cluster"


def pairs(tool: Tool, root: Path, rounds: int, log: Path) -> Iterator[Pair]:
    """Build a site by turns with local processes and with a cluster; raise `CommandError`."""
    for _ in range(rounds):
        local = _cold(tool, root, ["--jobs", str(WORKERS)], log)
        with _cluster(tool, root, log) as (address, servers):
            before = _taken(servers)
            clustered = _cold(tool, root, ["--cluster", address], log)
            taken = _taken(servers) - before
        yield Pair(local, clustered._replace(cpu=clustered.cpu + taken))


def _cold(tool: Tool, root: Path, options: Sequence[str], log: Path) -> Build:
    tool.clear(root)
    usage = measure.run([*tool.command, *options], root, tool.environment, log)
    return Build(usage.seconds, usage.cpu)


def _taken(servers: Sequence["subprocess.Popen[bytes]"]) -> float:
    return sum(measure.processor_time(server.pid) for server in servers)


# ------------------------------------------------------------------------ the servers


@contextmanager
def _cluster(
    tool: Tool, root: Path, log: Path
) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """A scheduler's address, and it and its workers as processes, which end with the block."""
    place = ["--scheduler-file", str(log.with_suffix(".json"))]
    serving = ["dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", *place]
    working = ["dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", *place]
    working += ["--local-directory", str(log.with_suffix(".workers"))]
    with ExitStack() as stack, log.with_suffix(".dask").open("wb") as said:
        servers = [
            stack.enter_context(_started(command, tool, root, said.fileno()))
            for command in (serving, *[working] * WORKERS)
        ]
        yield _address(place[1]), servers


def _address(place: str) -> str:
    """Wait until all workers are there; return where the scheduler is, which it wrote down."""
    done = subprocess.run([sys.executable, "-c", _ALL_THERE, place], capture_output=True, text=True)
    if done.returncode:
        raise measure.CommandError(done.stderr[-2000:])
    return done.stdout.strip()


@contextmanager
def _started(
    command: Sequence[str], tool: Tool, root: Path, said: int
) -> Iterator["subprocess.Popen[bytes]"]:
    name, *options = command
    with subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{name}", *options],
        cwd=root,
        env=os.environ | tool.environment,
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=said,
    ) as process:
        try:
            yield process
        finally:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
