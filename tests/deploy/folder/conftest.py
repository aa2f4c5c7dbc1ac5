"""A built site, and the folder that a web server serves it from."""

from pathlib import Path

import pytest

from support.folder_deploys import write


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A built site."""
    write(tmp_path / "site", {"index.html": "one", "a/index.html": "a", "b/c/index.html": "c"})
    return tmp_path / "site"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Where it is deployed to. There is nothing yet."""
    (tmp_path / "www").mkdir()
    return tmp_path / "www" / "digest"
