"""A git host."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.host_git import GitHost, git_host


@pytest.fixture
def host(tmp_path: Path) -> Iterator[GitHost]:
    with git_host(tmp_path) as host:
        yield host
