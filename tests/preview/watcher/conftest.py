"""The folder of a site that is watched."""

from pathlib import Path

import pytest

from support.watched_folders import site_folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return site_folder(tmp_path)
