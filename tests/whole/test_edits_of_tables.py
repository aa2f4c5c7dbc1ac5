"""An edit of a table wakes the pages that show it, and no others."""

import pytest

from support.builds import build_again
from support.sites import SmallSite

STORY = {"2026/06/a/index.html"}
FEEDS = {"feed.xml", "rss.xml", "feed.json"}


@pytest.fixture
def desk(site: SmallSite) -> SmallSite:
    """A site with a story that shows a table, one that shows a chart, and one that shows none."""
    site.write({"content/articles/a.csv": "X,N\nx,1\n", "content/articles/b.csv": "X,N\ny,1\n"})
    site.article("a", "::: table a.csv :::", tags="[Water]")
    site.article("b", "::: chart b.csv :::", tags="[Water]")
    site.article("c", "None.", tags="[Water]")
    site.build()
    return site


@pytest.mark.parametrize("name", ["a", "b"])
@pytest.mark.parametrize("text", ["X,N\nx,2\n", "X,N\nx,1\nz,3\n", "X,M\nx,1\n"])
def test_new_cells_wake_the_story_that_shows_them(desk: SmallSite, name: str, text: str) -> None:
    desk.write({f"content/articles/{name}.csv": text})
    woken = build_again(desk).rendered - FEEDS
    feeds = {path for path in woken if path.endswith("feed.xml")}
    assert woken - feeds == {f"2026/06/{name}/index.html", f"articles/{name}.csv"}


def test_the_same_cells_otherwise_typed_wake_nothing_but_the_file(desk: SmallSite) -> None:
    desk.write({"content/articles/a.csv": '"X";"N"\r\n\r\nx;1\r\n'})
    assert build_again(desk).rendered == {"articles/a.csv"}


def test_a_table_that_is_mended_wakes_its_story(desk: SmallSite) -> None:
    desk.write({"content/articles/a.csv": "X,N\nx\n"})
    assert desk.errors()
    desk.write({"content/articles/a.csv": "X,N\nx,2\n"})
    assert build_again(desk).rendered > STORY
