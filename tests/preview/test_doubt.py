"""What the system tells nobody of is found all the same, after the next save that it tells of."""

import mmap
import sys

import pytest

from support.preview_process import eventually, previewed
from support.sites import SmallSite

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere such writes are told of"),
]


def test_a_text_that_was_changed_unheard_is_found_after_the_next_save(site: SmallSite) -> None:
    for name in ("heard", "unheard"):
        site.article(name, "Before.")
    text = site.root / "content/articles/unheard.md"
    with (
        previewed(site.root) as preview,
        text.open("r+b") as file,  # while it is open, nobody is told of it
        mmap.mmap(file.fileno(), 0) as mapped,
    ):
        assert b"Before." in preview.get("/2026/06/unheard/").body
        place = mapped.find(b"Before.")
        mapped[place : place + 7] = b"After. "
        mapped.flush()
        site.article("heard", "After.")
        eventually(lambda: b"After." in preview.get("/2026/06/heard/").body)
        eventually(lambda: b"After." in preview.get("/2026/06/unheard/").body)
