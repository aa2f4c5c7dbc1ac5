"""Plain deploys to a branch of a git repository, and how they are refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import SiteError
from support.host_git import GitHost, carry, upload

SITE = {
    "index.html": b"<h1>News</h1>",
    "2026/06/first/index.html": b"<p>First</p>",
    "2026/06/second/index.html": b"<p>Second</p>",
    "feed.xml": b"<feed/>",
    "empty.txt": b"",
}


def sent(host: GitHost, files: dict[str, bytes], *deleted: str, **options: object) -> None:
    """A deploy of these files from a private repository of its own, kept between deploys."""
    made = upload(host.tmp / "public", files)
    carry(host.make(**options), made, deleted)  # type: ignore[arg-type]


def refusal(act: Callable[[], object]) -> str:
    """The one message of a deploy that is refused."""
    with pytest.raises(SiteError) as caught:
        act()
    (found,) = caught.value.problems
    assert found.remedy, found
    return str(found)


def left_over(host: GitHost) -> list[Path]:
    """What no repository at rest holds."""
    patterns = ("*.lock", "tmp_*", "fast_import_crash*", "*.keep")
    folders = [folder for folder in host.tmp.glob("**/*.git") if folder != host.repository]
    return [path for folder in folders for p in patterns for path in folder.rglob(p)]
