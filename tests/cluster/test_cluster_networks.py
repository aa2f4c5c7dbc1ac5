"""Machines that reach one another over a network alone, and by certificates."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support.breakpoints import Breakpoint
from support.builds import clean_outputs, differing
from support.clusters import DaskCluster, Gate, assert_nothing_is_left, waited
from support.sites import LONG, SmallSite, command, started

pytestmark = pytest.mark.long

STAGING = Breakpoint("output/writer.py stage", number=3)
SOON = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "12s"}
"""With this a connection that is silent counts as cut after twelve seconds: Dask takes no fewer."""


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


class Network:
    """Namespaces as machines on one bridge: `10.86.0.N` is the N-th."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._names: list[str] = []
        self._bridge = self._space()
        ip("-n", self._bridge, "link", "add", "bridge", "type", "bridge")
        ip("-n", self._bridge, "link", "set", "bridge", "up")

    def machine(self) -> tuple[list[str], str]:
        """Another machine: the command that runs a program there, and its address."""
        name, number = self._space(), len(self._names) - 1
        there = "-n", self._bridge, "link"
        ip(*there, "add", f"to{number}", "type", "veth", "peer", "name", "eth0", "netns", name)
        ip(*there, "set", f"to{number}", "master", "bridge", "up")
        address = f"10.86.0.{number}"
        ip("-n", name, "address", "add", f"{address}/24", "dev", "eth0")
        ip("-n", name, "link", "set", "eth0", "up")
        return ["ip", "netns", "exec", name], address

    def cut(self, address: str) -> None:
        """Take a machine's cable out."""
        ip("-n", self._bridge, "link", "set", f"to{address.split('.')[-1]}", "down")

    def _space(self) -> str:
        name = f"broadsheet-{os.getpid()}-{len(self._names)}"
        ip("netns", "add", name)
        self._stack.callback(subprocess.run, ["ip", "netns", "del", name], check=False)
        ip("-n", name, "link", "set", "lo", "up")
        self._names.append(name)
        return name


@pytest.fixture
def network() -> Iterator[Network]:
    """A network of machines, which only root can make, where the system has namespaces."""
    with ExitStack() as stack:
        try:
            made = Network(stack)
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"no network namespaces can be made here ({error})")
        yield made


def test_machines_that_share_no_more_than_a_folder(
    archive: SmallSite, network: Network, tmp_path: Path
) -> None:
    expected = clean_outputs(archive)
    scheduler, host = network.machine()
    here, _ = network.machine()
    with DaskCluster(tmp_path / "dask") as dask:
        address = dask.start(through=scheduler, host=f"tcp://{host}")
        for _ in range(2):
            there, name = network.machine()
            dask.worker(through=there, host=f"tcp://{name}")
        with started(archive.root, "--cluster", address, through=here) as build:
            _, shown = build.communicate(timeout=LONG)
        assert build.returncode == 0, shown
    assert differing(archive.outputs(), expected) == []
    assert_nothing_is_left(archive)


@pytest.mark.skipif(
    not os.environ.get("BROADSHEET_LONG"), reason="takes half a minute: BROADSHEET_LONG=1 runs it"
)
def test_a_worker_that_is_cut_off_may_go_on_writing(
    archive: SmallSite, network: Network, tmp_path: Path
) -> None:
    """It is alive, and has the folder; what it stages late is not what others staged for it."""
    expected = clean_outputs(archive)
    scheduler, host = network.machine()
    here, _ = network.machine()
    (alone, name), (other, its) = network.machine(), network.machine()
    gate = Gate(tmp_path / "gate", STAGING)
    with DaskCluster(tmp_path / "dask", SOON) as dask:
        address = dask.start(through=scheduler, host=f"tcp://{host}")
        lost = dask.worker(gate.variables, through=alone, host=f"tcp://{name}")
        with started(archive.root, "--cluster", address, through=here) as build:
            gate.wait()
            network.cut(name)
            dask.worker(through=other, host=f"tcp://{its}")
            gone = f"Remove worker addr: {lost.address}"
            waited(lambda: gone in dask.scheduler.log.read_text(), "the loss of the worker")
            gate.open()
            _, shown = build.communicate(timeout=LONG)
        assert build.returncode == 0, shown
    assert differing(archive.outputs(), expected) == []
    assert_nothing_is_left(archive)


def certificates(folder: Path) -> dict[str, str]:
    """Dask's own settings for an authority in a folder, and a certificate by it for all."""
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "The Paper")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "ca.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *private))
    tls = "DASK_DISTRIBUTED__COMM__TLS__"
    sides = ("SCHEDULER", "WORKER", "CLIENT")
    return {
        f"{tls}CA_FILE": str(folder / "ca.pem"),
        **{f"{tls}{side}__CERT": str(folder / "ca.pem") for side in sides},
        **{f"{tls}{side}__KEY": str(folder / "key.pem") for side in sides},
    }


def test_certificates_are_set_as_dask_sets_them(archive: SmallSite, tmp_path: Path) -> None:
    ours, others = certificates(tmp_path / "ours"), certificates(tmp_path / "others")
    impatient = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s"}
    with DaskCluster(tmp_path / "dask", ours) as dask:
        address = dask.start("--protocol", "tls", host="tls://127.0.0.1")
        dask.worker()
        gone = {"DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY": str(tmp_path / "none.pem")}
        for wrong in ({}, others, ours | gone):
            code, _, shown = command(archive.root, "--cluster", address, **impatient, **wrong)
            assert code == 1 and shown.startswith(f"{address}: "), shown
            assert "Traceback" not in shown and not archive.public.exists()
        code, _, shown = command(archive.root, "--cluster", address, **ours)
        assert code == 0, shown
        plain = address.replace("tls://", "tcp://")
        assert command(archive.root, "--clean", "--cluster", plain, **impatient)[0] == 1
    assert differing(archive.outputs(), clean_outputs(archive)) == []
