"""What a build keeps of its site: where only words are new, the next one plans nothing."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from generator.commands import steps
from generator.pages import Output, plan
from support.builds import build_again, clean_tree, differing, tree
from support.sites import SmallSite


@pytest.fixture
def paper(tmp_path: Path) -> SmallSite:
    site = SmallSite(tmp_path / "site")
    for number in range(12):
        site.article(f"s{number}", f"Story {number}.\n\n## Part\n\nMore of it.", tags="[AI, Moon]")
    site.build()
    return site


def rewrite(site: SmallSite, name: str, old: str, new: str) -> None:
    file = site.root / f"content/articles/{name}.md"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def planned_again(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Build again, as a clean build would; return whether the outputs were planned."""
    calls: list[object] = []

    def noted(*values: Any) -> list[Output]:
        calls.append(values)
        return plan(*values)

    with monkeypatch.context() as patch:
        patch.setattr(steps, "plan_of", noted)
        site.build()
    assert differing(tree(site.public), clean_tree(site)) == []
    return bool(calls)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("More of it.", "Less of it."),
        ("title: S3", "title: Otherwise"),
        ("title: S3", "title: S4"),
        ("title: S3", "title: S3\nkicker: Exclusive\nsummary: In short."),
        ("## Part", "## Another part"),
    ],
)
def test_new_words_plan_nothing(
    paper: SmallSite, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    rewrite(paper, "s3", old, new)
    assert not planned_again(paper, monkeypatch)
    rewrite(paper, "s3", new, old)
    assert not planned_again(paper, monkeypatch)


@pytest.mark.parametrize(
    ("old", "new"),
    [("tags: [AI, Moon]", "tags: [AI]"), ("title: S3", "title: S3\naliases: [/old/]")],
)
def test_what_is_more_than_words_is_planned(
    paper: SmallSite, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    rewrite(paper, "s3", old, new)
    assert planned_again(paper, monkeypatch)
    rewrite(paper, "s3", "More of it.", "Less of it.")
    assert not planned_again(paper, monkeypatch)


def test_new_words_of_what_is_news_plan_nothing(
    paper: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper.article("news", "Something.", date="2026-06-15T09:00:00Z", tags="[AI]")
    assert planned_again(paper, monkeypatch)
    assert "News" in paper.text("/news-sitemap.xml")
    rewrite(paper, "news", "title: News", "title: Newer")
    assert not planned_again(paper, monkeypatch)
    assert "Newer" in paper.text("/news-sitemap.xml")


def test_an_output_that_somebody_deleted_is_planned(
    paper: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    (paper.public / "tags/ai/index.html").unlink()
    rewrite(paper, "s3", "More of it.", "Less of it.")
    assert planned_again(paper, monkeypatch)


def test_two_stories_of_the_same_bytes_are_told_apart(
    paper: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (paper.root / "content/articles/s3.md").read_text()
    paper.write({"content/articles/twin.md": text})
    assert planned_again(paper, monkeypatch)
    rewrite(paper, "twin", "More of it.", "Less of it.")
    assert not planned_again(paper, monkeypatch)


def test_words_of_all_stories_at_once(paper: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        paper.article(f"t{number}", "Something.\n\nMore of it.")
    assert planned_again(paper, monkeypatch)
    for name in [*(f"s{n}" for n in range(12)), *(f"t{n}" for n in range(20))]:
        rewrite(paper, name, "More of it.", "Less of it.")
    planned_again(paper, monkeypatch)


def test_an_opening_that_a_fifth_story_has_is_shared(
    paper: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = []
    for number in range(5):
        rewrite(paper, f"s{number}", f"Story {number}.", "Good morning.")
        planned.append(planned_again(paper, monkeypatch))
    assert (planned[0], any(planned)) == (False, True)  # it is counted one too high at most
    rewrite(paper, "s0", "Good morning.", "Good evening.")
    assert planned_again(paper, monkeypatch)


def test_a_heading_that_another_story_leads_to_is_looked_at(
    paper: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite(paper, "s5", "More of it.", "See [there](s3.md#part).")
    assert not planned_again(paper, monkeypatch)
    rewrite(paper, "s3", "## Part", "## Other part")
    assert planned_again(paper, monkeypatch)
    rewrite(paper, "s5", "See [there](s3.md#part).", "See nothing.")
    assert planned_again(paper, monkeypatch)  # it was warned of
    rewrite(paper, "s3", "## Other part", "## Third part")
    assert not planned_again(paper, monkeypatch)


def test_what_is_kept_does_not_grow_with_the_number_of_edits(paper: SmallSite) -> None:
    (kept,) = (paper.root / ".broadsheet").glob("*.site")
    first, random, words = kept.stat().st_size, Random(1), "More of it."
    for _ in range(60):
        before, words = words, f"{random.random()} of it."
        rewrite(paper, "s3", before, words)
        paper.build()
        assert kept.stat().st_size < 4 * first
    assert build_again(paper).rendered == set()


def test_a_site_built_elsewhere_meanwhile_is_built_as_ever(paper: SmallSite) -> None:
    other = paper.root / "elsewhere"
    paper.build(output=other)
    for words in ("Less of it.", "None of it.", "All of it."):
        for number in range(12):
            paper.article(f"s{number}", f"Story {number}.\n\n{words}", tags="[AI]")
        assert paper.warnings() == []
    assert paper.warnings(output=other) == []
    assert differing(tree(other), clean_tree(paper)) == []
