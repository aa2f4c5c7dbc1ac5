"""Servers that speak S3's language, each in its way."""

from collections.abc import Iterator

import pytest

from support.host_rclone import rclone_server
from support.host_s3 import Bucketed


@pytest.fixture(scope="module", params=["moto", "rclone"])
def each_s3_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bucketed]:
    """One real S3 server after the other: the second heeds no conditions on what is written."""
    if request.param == "moto":
        yield request.getfixturevalue("s3_server")
    else:
        with rclone_server(tmp_path_factory.mktemp("hosted")) as plain:
            yield plain
