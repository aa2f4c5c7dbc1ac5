"""Clusters of Dask, and sites with enough to do for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.clusters import STORIES, DaskCluster
from support.sites import SmallSite


@pytest.fixture
def archive(site: SmallSite) -> SmallSite:
    """A site with more texts and pages than are worth no worker."""
    for n in range(STORIES):
        link = f"[Next](s{(n + 1) % STORIES}.md)"
        site.article(f"s{n}", f"Story {n} of *many*.\n\n{link}", tags=f"[T{n % 7}, U{n % 40}]")
    return site


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with one worker of two threads."""
    with DaskCluster(tmp_path_factory.mktemp("cluster") / "dask") as dask:
        address = dask.start()
        dask.worker(threads=2)
        yield address


@pytest.fixture
def own(tmp_path: Path) -> Iterator[DaskCluster]:
    """A cluster that is this test's alone, without a worker as yet."""
    with DaskCluster(tmp_path / "dask") as dask:
        dask.start()
        yield dask
