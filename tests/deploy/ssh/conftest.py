"""A server that is reached with ssh, and deploys to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.host_ssh import ssh_host
from support.ssh_carrier import Carrier


@pytest.fixture
def carrier(tmp_path: Path) -> Iterator[Carrier]:
    with ssh_host(tmp_path) as host:
        yield Carrier(tmp_path, host)
