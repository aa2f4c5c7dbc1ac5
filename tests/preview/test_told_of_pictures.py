"""Tabs are told of a picture when something better is there, and not time and again."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from generator.preview.making import Making
from generator.preview.session.responses import pictures_at
from generator.preview.session.site import Session
from generator.preview.session.source import SessionSource
from generator.preview.values import Unmade
from support.photographs import photograph, saved
from support.published_pictures import PictureSite
from support.sites import LONG, NOW

pytestmark = pytest.mark.long


async def asked(function: Any, *values: Any, **named: Any) -> Any:
    return function(*values, **named)


async def told_until_made(session: Session, avifs: dict[str, Unmade]) -> Counter[str]:
    """How often a tab was told of each of these, which it asks for again as often as it is."""
    told, again = Counter[str](), set[asyncio.Task[Any]]()

    def tell(paths: Sequence[str]) -> None:
        told.update(paths)
        again.update(asyncio.create_task(making.shown(avifs[path])) for path in paths)

    making = Making(SessionSource(session), asked, tell)
    await asyncio.gather(*map(making.shown, avifs.values()))
    running = asyncio.create_task(making.run())
    try:
        async with asyncio.timeout(LONG):
            while not all(one.is_there() for one in avifs.values()):
                await asyncio.sleep(0.05)
            await asyncio.gather(*again)
    finally:
        running.cancel()
        making.end()
    return told


def test_a_tab_that_asks_again_is_not_told_again_of_what_it_has(tmp_path: Path) -> None:
    site = PictureSite(tmp_path / "site")
    for number, name in enumerate(("house", "tree")):
        site.write({f"content/images/{name}.jpg": saved(photograph(600, 450, number))})
    session = Session(site.root, NOW)
    session.update()
    assert session.planned
    found = pictures_at(session, [f"/{path}" for path in session.planned.pages])
    avifs = {one.path: one for one in found if one.path.endswith(".400.avif")}
    assert len(avifs) > 1
    for one in avifs.values():
        assert one.sooner
        assert one.sooner.making() is True
    with ThreadPoolExecutor(1) as thread:  # in which no browser has a loop that runs
        told = thread.submit(lambda: asyncio.run(told_until_made(session, avifs))).result()
    assert told.keys() == avifs.keys()
    assert max(told.values()) <= len(("a late sketch", "the JPEG", "which is late", "the picture"))
