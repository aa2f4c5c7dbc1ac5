"""Builds whose work is done by the workers of a cluster: the bytes are those of one process."""

import json

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.cluster import is_scheduler
from support.builds import clean_outputs, differing
from support.clusters import STORIES, assert_nothing_is_left
from support.sites import SmallSite, command


def test_the_bytes_are_those_of_one_process(archive: SmallSite, cluster: str) -> None:
    code, printed, shown = command(archive.root, "--json", "--cluster", cluster)
    assert (code, shown) == (0, "")
    report = json.loads(printed)
    assert report["converted"] == STORIES and report["warnings"] == report["errors"] == []
    assert differing(archive.outputs(), clean_outputs(archive)) == []
    assert_nothing_is_left(archive)


# ------------------------------------------------------------------------- what is typed


@pytest.mark.parametrize(
    "address",
    [
        *("", "scheduler", "scheduler:8786", "tcp://scheduler", "http://scheduler:80"),
        *("tcp://user:secret@scheduler:8786", "inproc://1", "tcp://:8786", "tcp://h:8786/x"),
        *("tcp://a b:1", "tcp://h:x", "TCP://h:1", "tcp://h:1\n"),
    ],
)
def test_what_is_no_address_of_a_scheduler_is_refused(site: SmallSite, address: str) -> None:
    code, _, shown = command(site.root, "--cluster", address)
    assert code == 2 and "write tcp://HOST:8786 or tls://HOST:8786" in shown


@pytest.mark.parametrize(
    "address", ["tcp://[::1]:8786", "tls://a-b.example:1", "tcp://10.0.0.1:80"]
)
def test_addresses_of_schedulers(address: str) -> None:
    assert is_scheduler(address)


def test_processes_here_and_a_cluster_are_not_both_to_be_had(site: SmallSite) -> None:
    code, _, shown = command(site.root, "--cluster", "tcp://127.0.0.1:1", "--jobs", "2")
    assert code == 2 and "not both" in shown


@pytest.mark.parametrize("name", ["serve", "deploy"])
def test_only_builds_have_a_cluster(site: SmallSite, name: str) -> None:
    done = CliRunner().invoke(main, [name, "--root", str(site.root), "--cluster", "tcp://h:1"])
    assert done.exit_code == 2 and "No such option" in done.stderr


def test_a_build_with_nothing_to_do_asks_no_cluster(built: SmallSite) -> None:
    code, _, shown = command(built.root, "--cluster", "tcp://127.0.0.1:1")
    assert code == 0 and "0 written" in shown
