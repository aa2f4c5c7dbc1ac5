"""How long a deploy to S3 takes: `broadsheet deploy` beside `aws s3 sync` and `rclone copy`.

    python tests/benchmarks/deploys.py [--stories 10000] [--rounds 3] [--json figures.json]

One built archive is carried to a real S3 server on loopback, which is started anew for each
round; the tools take turns, and the order moves on by one from round to round. Then all are run
once more with nothing new, for a server digests what it holds when it is first asked for a list;
then a sentence of one story is edited, the site is built, and all carry what changed. Amazon's
client is installed from its registry, rclone is the system's; the server is a newer rclone, from
its registry too, which keeps a bucket as a folder and checks signatures.

The server runs on the same cores as the tools; processor time tells what each itself takes.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import NamedTuple

import corpus
import machine
import measure
import sites
from peers import Tool, amazon, rclone, s3_server, tool

FIRST, EDIT, SAME = "first", "one body edited", "nothing changed"
KINDS = FIRST, SAME, EDIT
_BUCKET = "archive"
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "benchmark",
    "AWS_SECRET_ACCESS_KEY": "benchmark-of-deploys",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
_PATIENCE = 60.0
"""Seconds until the server must answer."""


class Carrier(NamedTuple):
    """A tool that carries a folder to a bucket; `command` runs in the folder of the site."""

    name: str
    version: str
    command: Sequence[str]
    environment: Mapping[str, str]


class Figure(NamedTuple):
    """One deploy."""

    tool: str
    round: int
    kind: str
    usage: measure.Usage


def main() -> None:
    arguments, before = _arguments(), machine.load()
    os.environ.pop("AWS_CA_BUNDLE", None)  # rclone does not start with it, and nothing needs it
    figures: list[Figure] = []
    own = tool("broadsheet", arguments.tools, None)
    server, version = s3_server(arguments.tools)
    with tempfile.TemporaryDirectory(prefix="broadsheet-deploys-") as name:
        root = Path(name) / "site"
        _say(f"writing and building {arguments.stories:,} stories")
        sites.prepare(own.form, root, own.settings)
        sites.write(sites.FORMS[own.form], root, corpus.stories(arguments.stories))
        _build(own, root)
        for number in range(arguments.rounds):
            with _server(server, Path(name) / f"hosted-{number}") as port:
                carriers = _carriers(own, arguments.tools, root, port)
                turn = number % len(carriers)
                for kind in KINDS:
                    if kind == EDIT:
                        _edit(own, root, arguments.stories, number)
                    turns = carriers[turn:] + carriers[:turn]
                    figures += [_deploy(carrier, root, number, kind) for carrier in turns]
        files = sum(1 for path in (root / "public").rglob("*") if path.is_file()) - 1
    if arguments.json:
        arguments.json.write_text(json.dumps([f._asdict() for f in figures], indent=1))
    about = machine.about([own], arguments.rounds, before)
    versions = ", ".join(f"{c.name} {c.version}" for c in carriers[1:])
    print(f"{about}; {versions}; server: rclone serve s3 {version}\n")
    print(f"{arguments.stories:,} stories, {files:,} files:\n")
    print("\n".join(_table([c.name for c in carriers], figures)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    about = "how many (default: 10000)"
    parser.add_argument("--stories", type=int, default=10_000, metavar="N", help=about)
    about = "rounds, each tool once in each (default: 3)"
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help=about)
    folder = Path(tempfile.gettempdir()) / "broadsheet-benchmark-tools"
    about = f"where tools are installed, and found again (default: {folder.name}, temporary)"
    parser.add_argument("--tools", type=Path, default=folder, metavar="DIR", help=about)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    return parser.parse_args()


def _carriers(own: Tool, tools: Path, root: Path, port: int) -> list[Carrier]:
    """The three, each with a folder of its own in the bucket."""
    endpoint = f"http://127.0.0.1:{port}"
    target = f'\n[deploy.s3]\nto = "s3://{_BUCKET}/own"\nendpoint = "{endpoint}"\n'
    settings = (root / "site.toml").read_text(encoding="utf-8").partition("\n[deploy.")[0]
    (root / "site.toml").write_text(settings + target, encoding="utf-8")
    deploy = [*own.command[: own.command.index("build")], "deploy"]
    aws, aws_version = amazon(tools)
    sync = [aws, "s3", "sync", "public", f"s3://{_BUCKET}/aws", "--endpoint-url", endpoint]
    remote = f":s3,provider=Other,env_auth=true,endpoint='{endpoint}':{_BUCKET}/rclone"
    program, rclone_version = rclone()
    copy = [program, "--config", os.devnull, "copy", "public", remote]
    return [
        Carrier("broadsheet deploy", own.version, deploy, {**own.environment, **_ENVIRONMENT}),
        Carrier("aws s3 sync", aws_version, [*sync, "--only-show-errors"], _ENVIRONMENT),
        Carrier("rclone copy", rclone_version, copy, _ENVIRONMENT),
    ]


@contextmanager
def _server(program: str, folder: Path) -> Iterator[int]:
    """A server of an empty bucket, kept as a folder in `folder`, at a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    (folder / _BUCKET).mkdir(parents=True)
    keys = f"{_ENVIRONMENT['AWS_ACCESS_KEY_ID']},{_ENVIRONMENT['AWS_SECRET_ACCESS_KEY']}"
    serve = [program, "--config", os.devnull, "serve", "s3", "--auth-key", keys]
    serve += ["--dir-cache-time", "24h"]  # nobody else writes there
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [*serve, "--addr", f"127.0.0.1:{port}", str(folder)], stdout=quiet, stderr=quiet
    )
    try:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


def _build(own: Tool, root: Path) -> None:
    environment = os.environ | own.environment
    subprocess.run(own.command, cwd=root, env=environment, check=True, stdout=sys.stderr)


def _edit(own: Tool, root: Path, stories: int, number: int) -> None:
    """Another sentence in a story in the middle of the archive; built."""
    path = sites.path(sites.FORMS[own.form], root, stories // 2)
    text = path.read_text(encoding="utf-8")
    edited = sites.with_another_sentence(text, f"after reading number {number + 2}")
    path.write_text(edited, encoding="utf-8")
    _build(own, root)


def _deploy(carrier: Carrier, root: Path, number: int, kind: str) -> Figure:
    usage = measure.run(carrier.command, root, carrier.environment, root / "log.txt")
    _say(f"round {number + 1}, {kind}, {carrier.name}: {usage.seconds:.2f} s")
    return Figure(carrier.name, number, kind, usage)


def _table(names: Sequence[str], figures: Sequence[Figure]) -> Iterator[str]:
    """Medians, and of what the others take, Broadsheet's part: the median of the rounds' ratios."""
    yield "| | " + " | ".join(f"{kind} | its part" for kind in KINDS) + " | CPU | peak memory |"
    yield "| --- |" + " --: |" * (2 * len(KINDS) + 2)
    for name in names:
        cells = []
        for kind in KINDS:
            times = _of(figures, name, kind)
            ours = _of(figures, names[0], kind)
            part = median(own / its for own, its in zip(ours, times, strict=True))
            cells += [f"{median(times):.2f} s", f"{part:.3f}" if name != names[0] else ""]
        first = [f.usage for f in figures if (f.tool, f.kind) == (name, FIRST)]
        cells.append(f"{median(usage.cpu for usage in first):.1f} s")
        cells.append(f"{max(f.usage.peak for f in figures if f.tool == name) / 1e6:.0f} MB")
        yield f"| {name} | {' | '.join(cells)} |"


def _of(figures: Sequence[Figure], name: str, kind: str) -> list[float]:
    return [f.usage.seconds for f in figures if (f.tool, f.kind) == (name, kind)]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
