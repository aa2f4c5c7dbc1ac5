"""An incremental build equals a clean build, byte for byte, after any sequence of edits.

Hypothesis edits a site at random, builds after each edit and compares with a clean build of
the same sources: every file, every folder, every message. A build that fails must leave all
as it was. With `BROADSHEET_LONG=1` in the environment it takes some thousand steps, not
some dozens, and lets time pass between them.
"""

import pytest

from support.builds import SettledSites
from support.random_edits import EXAMPLES, Edits, run
from support.random_sources import make_site

pytestmark = pytest.mark.long


def test_an_incremental_build_equals_a_clean_one(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    class Machine(Edits):
        settled = SettledSites(tmp_path_factory.mktemp("invariant"), make_site, EXAMPLES + 1)

    run(Machine)
