"""Servers of object stores. They take their time to start: all tests of a process share them."""

from collections.abc import Iterator

import pytest

from support.host_az import AzureServer, azure_server
from support.host_s3 import S3Host, S3Server, running_s3


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """A real S3 server."""
    with running_s3() as server:
        yield server


@pytest.fixture
def s3_host(s3_server: S3Server) -> Iterator[S3Host]:
    """A folder in a bucket of the server, in which nothing is before a test or after it."""
    host = S3Host(s3_server)
    yield host
    host.clear()


@pytest.fixture(scope="session")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureServer]:
    """A real server for Azure's storage."""
    with azure_server(tmp_path_factory.mktemp("azure")) as server:
        yield server
