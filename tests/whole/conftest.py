"""Complete sites that were built once, ready to be edited."""

import pytest

from support.builds import SettledSites
from support.complete_site import CompleteSite


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> SettledSites:
    return SettledSites(tmp_path_factory.mktemp("edits"), CompleteSite, 20)


@pytest.fixture
def paper(settled: SettledSites) -> CompleteSite:
    """The site, built once."""
    taken = settled.take()
    assert isinstance(taken, CompleteSite)
    taken.build()
    return taken
