"""`broadsheet related`: which stories stand beside one, why, and which stand alone."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from support.sites import SETTINGS, SmallSite

WHEAT = (
    "Farmers in Kansas sowed less winter wheat than a year before. The harvest of grain may fall."
)
WHEAT_AGAIN = "A late frost in Kansas hurt winter wheat. Traders expect a smaller harvest of grain."
BANKS = "The central bank lowered its rate for deposits. Lenders in the Euro Area pay less."


def related(site: SmallSite, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["related", "--root", str(site.root), *arguments])


def told(site: SmallSite, *arguments: str) -> dict[str, Any]:
    result = related(site, "--json", *arguments)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def paper(site: SmallSite) -> SmallSite:
    """Two stories of wheat, two of banks, and one of its own."""
    site.article("sowing", WHEAT, title="Less wheat is sown", tags="[Farming]", date="2026-05-01")
    site.article("frost", WHEAT_AGAIN, title="Frost hurts wheat", tags="[Farming]")
    site.article("rates", BANKS, title="Rates fall", tags="[Money]")
    site.article("lenders", BANKS.replace("pay less", "gain"), title="Lenders gain", tags="[Money]")
    site.article("opera", "A tenor sang.", title="An opera opens")
    return site


def test_it_says_what_two_stories_share(paper: SmallSite) -> None:
    family = told(paper, "sowing")
    assert (family["title"], family["path"]) == ("Less wheat is sown", "content/articles/sowing.md")
    first = family["suggestions"][0]
    assert (first["title"], first["url"]) == ("Frost hurts wheat", "/2026/06/frost/")
    why = first["why"]
    assert why["tags"] == ["Farming"]
    assert why["headline"] == ["wheat"]
    assert {"wheat", "kansas", "winter", "harvest", "grain"} <= set(why["words"])
    assert why["days"] == 31
    assert sum(why["parts"].values()) == pytest.approx(first["score"], abs=0.001)
    assert 0.15 <= first["score"] <= 1


def test_people_read_it_too(paper: SmallSite) -> None:
    shown = related(paper, "sowing").stdout
    assert shown.startswith("Less wheat is sown\ncontent/articles/sowing.md\n")
    for line in ("Frost hurts wheat", "tags: Farming", "headline: wheat", "31 days apart"):
        assert line in shown


@pytest.mark.parametrize(
    "name",
    [
        "sowing",
        "sowing.md",
        "articles/sowing.md",
        "content/articles/sowing.md",
        "./content/articles/sowing.md",
        "/2026/05/sowing/",
        "2026/05/sowing",
    ],
)
def test_a_story_has_many_names(paper: SmallSite, name: str) -> None:
    assert told(paper, name)["path"] == "content/articles/sowing.md"


def test_a_story_may_be_named_by_its_whole_path(paper: SmallSite) -> None:
    path = paper.root / "content/articles/sowing.md"
    assert told(paper, str(path))["path"] == "content/articles/sowing.md"


def test_runners_up_say_why_they_were_passed_over(paper: SmallSite) -> None:
    paper.write({"site.toml": SETTINGS + "[related]\nleast = 0.0\n"})
    twin = f"{WHEAT_AGAIN} The damage was worst in the west of the state, growers said on Monday."
    paper.article("frost", twin, title="Frost hurts wheat", tags="[Farming]")
    paper.article("copy", twin, title="Frost hits wheat", tags="[Farming]")
    body = f"{WHEAT} See [the story](linked.md)."
    choice = "{pin: [opera], exclude: [banned]}"
    paper.article("sowing", body, title="Less wheat", tags="[Farming]", related=choice)
    paper.article("linked", "Wheat in Kansas, by the numbers.", title="Wheat", tags="[Farming]")
    paper.article("banned", "Wheat in Kansas, an opinion.", title="Wheat?", tags="[Farming]")
    family = told(paper, "sowing")
    first, *others = family["suggestions"]
    assert first["pinned"] and first["title"] == "An opera opens"
    assert not any(kin["pinned"] for kin in others)
    passed_over = {kin["path"].split("/")[-1]: kin["passed_over"] for kin in family["runners_up"]}
    assert passed_over["linked.md"] == "the text links to it"
    assert passed_over["banned.md"] == "excluded"
    (copy,) = {"copy.md", "frost.md"} & set(passed_over)
    assert passed_over[copy].startswith("nearly the same text as")


def test_orphans_are_those_that_stand_alone(paper: SmallSite) -> None:
    found = told(paper, "--orphans")
    assert found["stories"] == 5
    assert [story["path"] for story in found["alone"]] == ["content/articles/opera.md"]
    assert [story["title"] for story in found["unsuggested"]] == ["An opera opens"]
    shown = related(paper, "--orphans").stdout
    assert "Without any suggestion: 1 of 5\n  content/articles/opera.md: An opera opens" in shown


def test_a_draft_is_asked_about_with_drafts(paper: SmallSite) -> None:
    paper.article("sowing", WHEAT, title="Less wheat", tags="[Farming]", draft="true")
    refused = related(paper, "content/articles/sowing.md")
    assert refused.exit_code == 2
    assert "is not public now; add --drafts" in refused.stderr
    assert told(paper, "sowing", "--drafts")["suggestions"][0]["title"] == "Frost hurts wheat"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sowin"], 'there is no story "sowin"; did you mean sowing?'),
        (["wheat"], 'there is no story "wheat"; did you mean '),
        (
            ["nothing-like-it"],
            'there is no story "nothing-like-it"; name its file, slug or address',
        ),
        ([], "Name an ARTICLE, or give --orphans."),
        (["sowing", "--orphans"], "Name an ARTICLE, or give --orphans."),
    ],
)
def test_wrong_usage_is_told(paper: SmallSite, arguments: list[str], message: str) -> None:
    result = related(paper, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_slug_that_two_stories_have_is_ambiguous(paper: SmallSite) -> None:
    paper.article("a/same", WHEAT, date="2025-01-01")
    paper.article("b/same", BANKS, date="2024-01-01")
    result = related(paper, "same")
    assert result.exit_code == 2
    assert "content/articles/a/same.md, content/articles/b/same.md" in result.stderr


def test_mistakes_in_the_site_are_told_first(paper: SmallSite) -> None:
    paper.article("broken", "[gone](nowhere.md)")
    result = related(paper, "sowing")
    assert result.exit_code == 1
    assert "content/articles/broken.md" in result.stderr


def test_a_site_without_stories_has_no_orphans(site: SmallSite) -> None:
    (site.root / "content").mkdir(exist_ok=True)
    assert told(site, "--orphans") == {"stories": 0, "unsuggested": [], "alone": []}
