"""What a build says of the stories that it does not show."""

import json

import pytest
from click.testing import CliRunner

from generator.cli import main
from support.sites import NOW, SmallSite


def said(site: SmallSite, *arguments: str) -> str:
    """The last line of a build."""
    run = "build", "--jobs", "1", "--root", str(site.root)
    at = () if "--at" in arguments else ("--at", NOW.isoformat())
    done = CliRunner().invoke(main, [*run, *at, *arguments])
    assert done.exit_code == 0, done.stderr
    return done.stderr.splitlines()[-1]


@pytest.fixture
def kept(site: SmallSite) -> SmallSite:
    site.article("live")
    site.article("draft", draft="true", date="2026-07-01")
    site.article("one", date="2026-07-01")
    site.article("two", date="2026-07-02")
    site.article("old", expires="2026-06-02")
    return site


def test_a_build_says_what_it_kept_back(kept: SmallSite) -> None:
    told = "; kept back: 1 draft, 2 scheduled, 1 expired."
    assert said(kept).endswith(f"deleted{told}")
    assert said(kept).endswith(told)  # nothing is new
    kept.article("live", "Other words.")
    assert said(kept).endswith(told)  # only words are new
    kept.write({"content/pages/p.md": "---\ntitle: P\ndraft: true\n---\n"})
    assert said(kept).endswith("; kept back: 2 drafts, 2 scheduled, 1 expired.")
    assert said(kept, "--at", "2026-07-01T12:00Z").endswith(
        "; kept back: 2 drafts, 1 scheduled, 1 expired."
    )
    assert said(kept, "--drafts").endswith("; kept back: 1 expired.")
    assert "kept_back" not in json.loads(
        CliRunner().invoke(main, ["build", "--json", "--root", str(kept.root)]).stdout
    )


def test_a_build_that_keeps_nothing_back_says_nothing_of_it(site: SmallSite) -> None:
    site.article("live")
    assert said(site).endswith(" deleted.")


@pytest.mark.parametrize(
    ("date", "expires", "is_told"),
    [
        ("2026-06-01", "2026-05-31", True),
        ("2026-06-01", "2026-06-01", True),
        ("2026-06-01 10:00", "2026-06-01", True),
        ("2026-07-02", "2026-07-01", True),
        ("2026-06-01", "2026-06-01 08:00", False),
        ("2026-06-01", "2026-06-02", False),
    ],
)
def test_a_story_that_expires_before_it_is_live_is_told(
    site: SmallSite, date: str, expires: str, is_told: bool
) -> None:
    site.article("a", date=date, expires=expires)
    what = "expires: it is not after the date, so that no reader ever sees this"
    assert site.warnings() == [f"content/articles/a.md:4: {what}; mend one of the two"] * is_told
