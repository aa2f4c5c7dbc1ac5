"""What tests are given: small sites, the demo, a browser."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import hypothesis
import pytest

from generator.commands.build import build

pytest.register_assert_rewrite("support")  # its assertions say what they saw, as those of tests do

from support.chromium import CHROMIUM, NOTO_NASKH, launched  # noqa: E402
from support.sites import NOW, REPOSITORY, SmallSite, faults  # noqa: E402

# What is tried at random is the same in each run, so that only a change makes a test fail. Long
# runs try something else each time.
hypothesis.settings.register_profile("same", derandomize=True)
if not os.environ.get("BROADSHEET_LONG"):
    hypothesis.settings.load_profile("same")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to long runs most cases of what takes long and has many; tests by name run whole.

    Which ones stay is the same in each run, and another part of them in each test, so that every
    kind of host, engine and damage has its turn somewhere.
    """
    if os.environ.get("BROADSHEET_LONG") or any("::" in one for one in config.args):
        return
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("long"):
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left = {
        item
        for name, some in cases.items()
        for number, item in enumerate(some)
        if len(some) > _FEW and (number + crc32(name.encode())) % min(len(some), _ONE_OF)
    }
    if left:
        config.hook.pytest_deselected(items=[item for item in items if item in left])
        items[:] = [item for item in items if item not in left]


_FEW, _ONE_OF = 2, 4
"""Cases of a long test that all run; of more, one of so many."""


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return SmallSite(tmp_path / "site")


@pytest.fixture
def built(site: SmallSite) -> SmallSite:
    """A site that was built when all was well; `refused` looks that its output stays."""
    site.article("good")
    site.build()
    return site


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def demo(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's own digest, built for a fixed moment."""
    folder = tmp_path_factory.mktemp("demo") / "public"
    assert not faults(build(repository, folder, at=NOW, jobs=2))
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium. Without one the test skips and says so, but never in CI."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{CHROMIUM} is missing, and these tests need it")
        pytest.skip(f"needs {CHROMIUM}")
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def noto_fonts() -> None:
    """Fonts of many scripts, to choose from. Without them the test skips, but never in CI."""
    if not NOTO_NASKH.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{NOTO_NASKH} is missing, and these tests need it: fonts-noto-core")
        pytest.skip(f"needs {NOTO_NASKH}, of fonts-noto-core")
