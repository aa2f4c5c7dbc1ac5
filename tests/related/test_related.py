"""The block of related stories in the page: what the editor wishes and what the settings say."""

import pytest

from support.sites import SETTINGS, SmallSite, command, links, refused, words

RELATED = "aside.related li a"
STORY = "/2026/06/story/"
WHEAT = (
    "Farmers in Kansas sowed less winter wheat than a year before, and the harvest may fall.",
    "A late frost hurt the winter wheat of Kansas; traders expect a smaller harvest.",
    "Rain came in time for the wheat of Kansas, growers say, and the harvest may recover.",
    "Kansas millers pay more for winter wheat because the harvest was small.",
)


@pytest.fixture
def fields(site: SmallSite) -> SmallSite:
    """Four stories of wheat without a tag, and one of music."""
    for number, body in enumerate(WHEAT):
        site.article(
            f"wheat{number}", body, title=f"Report {number}", date=f"2026-05-0{number + 1}"
        )
    site.article("opera", "A tenor sang twice, and the hall rose.", title="At the opera")
    return site


def shown(site: SmallSite, path: str = STORY) -> list[str]:
    return [link.strip("/").split("/")[-1] for link in links(site.page(path), RELATED)]


def settings(site: SmallSite, text: str) -> None:
    site.write({"site.toml": SETTINGS + f"[related]\n{text}\n"})


def test_stories_need_no_tags(fields: SmallSite) -> None:
    fields.article("story", "The wheat harvest in Kansas was small, and winter is long.")
    fields.build()
    assert set(shown(fields)) == {"wheat0", "wheat1", "wheat2", "wheat3"}
    assert links(fields.page(STORY), "a.view-all") == ["/archive/"]


def test_what_the_text_links_to_is_not_suggested_again(fields: SmallSite) -> None:
    text = "The wheat harvest in Kansas: [rain](wheat2.md#top), [millers](/articles/wheat3.md)."
    fields.article("story", text)
    fields.build()
    assert set(shown(fields)) == {"wheat0", "wheat1"}


def test_the_same_text_is_not_suggested_twice(fields: SmallSite) -> None:
    fields.article("again", WHEAT[1] + " It was cold.", title="Frost, an update")
    fields.article("story", "The wheat harvest in Kansas suffers from frost, traders say.")
    fields.build()
    assert len({"wheat1", "again"} & set(shown(fields))) == 2, "too short to be told apart"
    long = WHEAT[1] + " Growers in the west of the state were hit worst, an agency said on Monday."
    fields.article("wheat1", long, title="Report 1", date="2026-05-02")
    fields.article("again", long + " It was cold.", title="Frost, an update")
    fields.build()
    assert len({"wheat1", "again"} & set(shown(fields))) == 1
    assert "again" not in shown(fields, "/2026/05/wheat1/")


def test_newer_stories_can_be_left_out(fields: SmallSite) -> None:
    settings(fields, "newer = false")
    fields.build()
    assert shown(fields, "/2026/05/wheat2/") and shown(fields, "/2026/05/wheat0/") == []
    assert set(shown(fields, "/2026/05/wheat2/")) == {"wheat0", "wheat1"}


def test_a_bad_suggestion_is_none(fields: SmallSite) -> None:
    settings(fields, "least = 1.0")
    fields.build()
    assert fields.page("/2026/05/wheat0/").cssselect("aside.related") == []


def test_only_so_many_of_one_source(fields: SmallSite) -> None:
    for number, body in enumerate(WHEAT[:3]):
        source = "{name: The Wire, url: https://wire.example/}"
        fields.article(f"wheat{number}", body, title=f"Report {number}", source=source)
    fields.article("story", "The wheat harvest in Kansas was small, and winter is long.")
    settings(fields, "per_source = 1")
    fields.build()
    assert "wheat3" in shown(fields)
    assert len(shown(fields)) == 2


def test_pictures_are_there_when_asked_for(fields: SmallSite) -> None:
    icon = '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="9"/>'
    fields.write({"content/images/field.svg": icon})
    image = "{src: /images/field.svg, alt: A field}"
    fields.article("wheat3", WHEAT[3], title="Report 3", image=image)
    fields.article("story", "The wheat harvest in Kansas was small, and winter is long.")
    fields.build()
    assert fields.page(STORY).cssselect("aside.related img") == []
    settings(fields, "pictures = true")
    fields.build()
    (img,) = fields.page(STORY).cssselect("aside.related img")
    seen = {name: img.get(name) for name in ("src", "alt", "width", "height", "loading")}
    assert seen == {
        "src": "/images/field.svg",
        "alt": "A field",
        "width": "16",
        "height": "9",
        "loading": "lazy",
    }


def test_view_all_leads_to_the_tag_that_ties_them_most(site: SmallSite) -> None:
    for number, body in enumerate(WHEAT):
        site.article(f"wheat{number}", body, tags="[News, Farming]" if number else "[News]")
    for number in range(20):
        site.article(f"other{number}", f"Something else, number{number}.", tags="[News]")
    site.article("story", "The wheat harvest in Kansas was small.", tags="[News, Farming]")
    site.build()
    assert links(site.page(STORY), "a.view-all") == ["/tags/farming/"]
    assert words(site.page(STORY), "a.view-all") == "View all: Farming"


def test_an_edit_renders_only_the_pages_whose_sidebars_change(fields: SmallSite) -> None:
    same = {"title": "A choir", "summary": "It sang."}
    fields.article("choir", "The choir of the hall sang, and a tenor rose.", **same)
    fields.build()
    fields.article("choir", "The choir of the hall sang, and a tenor rose twice.", **same)
    report = fields.build()
    assert report.converted == 1
    assert report.rendered == 4, "the story, and three feeds with its text"


@pytest.mark.parametrize("damage", [b"", b"nothing at all", b"\0" * 5000])
def test_a_damaged_state_is_made_anew(fields: SmallSite, damage: bytes) -> None:
    fields.build()
    before = fields.outputs()
    (fields.root / ".broadsheet/related.index").write_bytes(damage)
    fields.article("opera", "A tenor sang three times.", title="At the opera")
    fields.build()
    fields.article("opera", "A tenor sang twice, and the hall rose.", title="At the opera")
    fields.build()
    assert fields.outputs() == before


@pytest.mark.long
def test_the_state_is_the_same_for_any_number_of_jobs(fields: SmallSite) -> None:
    states = []
    for jobs, seed in (("1", "1"), ("2", "77")):
        code, _, told = command(fields.root, "--clean", "--jobs", jobs, PYTHONHASHSEED=seed)
        assert code == 0, told
        states.append((fields.root / ".broadsheet/related.index").read_bytes())
    assert states[0] == states[1]


@pytest.mark.long
@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("least = 1.5", "related.least: 1.5 is out of range; write a number from 0 to 1"),
        ("least = nan", "related.least: nan is no number; write one"),
        ('least = "x"', "related.least: expected a number, got text; write one such as 0.5"),
        ("per_source = -1", "related.per_source: -1 is too small; write 0 or more"),
        (
            "half_life = 0",
            "related.half_life: 0 is out of range; write a number of days from 1 to 36500",
        ),
        ("weights = 3", "related.weights: expected a table of fields, got a number"),
        (
            "weights.tags = -1",
            "related.weights.tags: -1 is out of range; write a number from 0 to 4",
        ),
        ("weights.tag = 1", "unknown field `related.weights.tag`; did you mean `tags`?"),
    ],
)
def test_wrong_settings_are_told(built: SmallSite, setting: str, message: str) -> None:
    settings(built, setting)
    (told,) = refused(built)
    assert told.startswith(f"site.toml:4: {message}")
