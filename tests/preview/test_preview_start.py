"""A preview that starts, or starts again, while its pages are open in Chromium."""

import os
import signal
import subprocess
import threading
from contextlib import ExitStack
from typing import Any

import pytest

from generator.commands.build import build
from generator.preview.session.texts import MANY
from generator.state.lock import locked
from support.browser_tabs import AWAY, MISSING, tab
from support.builds import tree
from support.preview_process import assert_shows, previewed
from support.sites import LONG, NOW, SETTINGS, SmallSite

pytestmark = pytest.mark.long


def test_two_tabs_each_get_their_change_from_a_preview_that_was_started_again(
    browser: Any, site: SmallSite
) -> None:
    site.article("one", "The first text.")
    site.article("two", "The second text.")
    with (
        previewed(site.root) as preview,
        tab(browser, preview, "/2026/06/one/", expected=(AWAY,)) as one,
        tab(browser, preview, "/2026/06/two/", expected=(AWAY,)) as two,
    ):
        one.keep()
        two.keep()
        site.article("one", "The first text, edited.")
        site.article("two", "The second text, edited.")
        one.shows("The first text, edited.")
        two.shows("The second text, edited.")
        os.kill(preview.process.pid, signal.SIGINT)
        assert preview.process.wait(LONG) == 0
        site.article("one", "Edited while nobody watched.")
        with previewed(site.root, "--port", str(preview.port)) as again:
            assert again.port == preview.port
            one.shows("Edited while nobody watched.")
            one.connected()
            two.connected()
            site.article("two", "Edited after that.")
            two.shows("Edited after that.")
            assert not one.was_reloaded()
            assert not two.was_reloaded()


def test_navigate_goes_to_each_story_that_is_saved_at_the_moment_of_the_preview(
    browser: Any, site: SmallSite
) -> None:
    site.article("one", date="2026-12-23")
    site.article("two", date="2026-12-24T08:30")
    with (
        previewed(site.root, "--navigate", at="2026-12-24T08:00") as preview,
        tab(browser, preview, "/2026/12/one/") as opened,
    ):
        opened.says("1 min · 1 word")
        site.article("two", "Later that day.", date="2026-12-24T08:30")
        opened.page.wait_for_url("**/2026/12/two/")
        opened.shows("Later that day.")
        opened.says("Scheduled until 24 Dec 2026, 08:30")


def many(site: SmallSite, count: int, text: str) -> None:
    for n in range(count):
        words = " ".join(f"word{n // 5}x{place}" for place in range(12))
        day = f"2026-{1 + n % 5:02}-{1 + n % 28:02}"
        site.article(f"story-{n}", f"{text} {n}.\n\n{words}.", date=day, tags=f"[Topic {n % 7}]")


def test_a_first_page_comes_before_all_is_read_and_all_else_by_itself(
    browser: Any, site: SmallSite
) -> None:
    many(site, MANY + 150, "The text of")
    with ExitStack() as building:
        building.enter_context(locked(site.root / ".broadsheet/lock", waiting=lambda: None))
        with (
            previewed(site.root) as preview,
            tab(browser, preview, "/2026/01/story-0/") as story,
        ):
            assert "The text of 0." in story.page.inner_text("main")
            assert story.messages[0]["busy"].startswith("Reading ")
            assert "\ue000".encode() not in preview.get("/").body
            story.keep()
            building.close()  # who reads it all has waited for that
            story.shows("Story ", "aside.related li")
            story.says("", "i.connected")
            assert not story.was_reloaded()
            build(site.root, site.public, at=NOW, drafts=True, jobs=2)
            assert_shows(preview, tree(site.public))
            story.is_like(site.text("/2026/01/story-0/"))


@pytest.mark.skipif(
    not os.environ.get("BROADSHEET_LONG"), reason="takes half a minute: BROADSHEET_LONG=1 runs it"
)
def test_thousands_of_files_are_replaced_at_once(browser: Any, site: SmallSite) -> None:
    count = 2000
    git = [
        "git",
        "-c",
        "user.name=Desk",
        "-c",
        "user.email=paper@example.org",
        "-C",
        str(site.root),
    ]

    def run(*arguments: str) -> None:
        subprocess.run([*git, *arguments], check=True, capture_output=True)

    many(site, count, "Of the first edition,")
    run("init", "-b", "first")
    run("add", "content")
    run("commit", "-m", "First")
    run("checkout", "-b", "second")
    many(site, count, "Of the second edition,")
    (site.root / "content/articles/story-7.md").unlink()
    run("commit", "-a", "-m", "Second")
    run("checkout", "first")
    build(site.root, site.public, at=NOW, drafts=True, jobs=2)
    with (
        previewed(site.root) as preview,
        tab(browser, preview, "/2026/01/story-0/") as story,
        tab(browser, preview, "/2026/03/story-7/", expected=(MISSING,)) as deleted,
    ):
        story.shows("Of the first edition, 0.")
        checkout = threading.Thread(target=run, args=("checkout", "second"))
        checkout.start()
        while checkout.is_alive() or b"second edition" not in preview.get("/").body:
            assert preview.get("/tags/topic-1/").status == 200
        checkout.join()
        story.shows("Of the second edition, 0.")
        deleted.shows("Near this address")
        build(site.root, site.public, at=NOW, drafts=True, jobs=2)
        assert_shows(preview, tree(site.public))
        assert preview.get("/2026/03/story-7/").status == 404
        story.is_like(site.text("/2026/01/story-0/"))


def test_times_are_those_of_the_site(browser: Any, site: SmallSite) -> None:
    site.write({"site.toml": f'{SETTINGS}timezone = "Asia/Tokyo"\n'})
    site.article("one", date="2026-12-24T23:30:00Z")
    at = "2026-12-24T08:00:00+01:00"
    with (
        previewed(site.root, at=at) as preview,
        tab(browser, preview, "/2026/12/one/") as opened,
    ):
        opened.says("Scheduled until 25 Dec 2026, 08:30")
