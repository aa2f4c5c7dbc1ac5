"""Data in layouts: how it is reached and shown, what wakes pages, and what is said of mistakes."""

import json

import pytest

from generator.preview.session.files import FileChanges
from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from support.builds import build_again
from support.sites import NOW, SmallSite, command, refused

TEAM = "name;role;since\nAnn;Chair;2026-03-31\nBo;<b>Desk</b>;\n"
SHOP = '[[prices]]\nname = "Card"\nprice = 2.5\nday = 2026-02-01\n'
PAGE = "team/index.html"


@pytest.fixture
def paper(site: SmallSite) -> SmallSite:
    """A site with a story, a page of its own layout, and data."""
    site.article("good")
    site.write(
        {
            "content/pages/team.md": "---\ntitle: Team\nlayout: team.html\n---\nUs.\n",
            "content/_data/team.csv": TEAM,
            "content/_data/my-links.yaml": "- {title: Here, url: /}\n",
            "content/_data/shop/list.toml": SHOP,
            "content/_data/odd.json": '{"items": ["a", "b"], "pop": 7}',
        }
    )
    return site


def show(site: SmallSite, text: str, layout: str = "team.html") -> None:
    site.write({f"layouts/{layout}": text})


# --------------------------------------------------------------------------- what is shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{% for m in data.team %}{{ m.name }}, {% endfor %}", "Ann, Bo, "),
        ("{{ data.team[1].role }}", "&lt;b&gt;Desk&lt;/b&gt;"),
        ('{{ data["team"] | map(attribute="name") | join }}', "AnnBo"),
        ('{{ data.team | selectattr("since") | list | length }}', "1"),
        ('{{ (data.team | groupby("role"))[0].grouper }}', "&lt;b&gt;Desk&lt;/b&gt;"),
        ('{{ data["my-links"][0].title }}', "Here"),
        ("{{ data.shop.list.prices[0].price * 2 }}", "5.0"),
        ('{{ data.shop["list"]["prices"] | sum(attribute="price") }}', "2.5"),
        ("{{ data.shop.list.prices[0].none.at.all }}", ""),
        ("{{ data.team[0].since | date }}", "March 31, 2026"),
        ('{{ data.team[0].since | date("MMMM") }}', "March"),
        ("{{ data.shop.list.prices[0].day | iso }}", "2026-02-01T00:00:00+00:00"),
        ("{{ data.team[0].since }}", "2026-03-31"),
        ("{{ data | join(' ') }}", "my-links odd shop team"),
        ("{{ data }}", "my-links, odd, shop, team"),
        ("{{ data | length }}{{ 'team' in data }}{{ 'x' in data }}", "4TrueFalse"),
        ("{% for name in data.shop %}{{ data.shop[name].prices | length }}{% endfor %}", "1"),
        (
            "{% for k, v in data.shop.list.prices[0].items() %}{{ k }} {% endfor %}",
            "name price day ",
        ),
        ("{{ data.team | tojson | length > 50 }}", "True"),
        ("{{ data.odd.items | join }}{{ data.odd.pop }}{{ data.odd.get('pop') }}", "ab77"),
        ("{{ data.odd | tojson }}", '{"items": ["a", "b"], "pop": 7}'),
        ("{% macro m(d) %}{{ d.team | length }}{% endmacro %}{{ m(data) }}", "2"),
        ("{% set d = data.shop %}{{ d.list.prices | length }}", "1"),
        ("{{ data.none | default('nothing') }}", "nothing"),
        ("{% if data.none is defined %}{{ data.none.x }}{% endif %}-", "-"),
    ],
)
@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_data_is_at_hand_by_name(paper: SmallSite, text: str, shown: str, engine: str) -> None:
    show(paper, text)
    with (paper.root / "site.toml").open("a") as file:
        file.write(f'[markdown]\nengine = "{engine}"\n')
    paper.build()
    assert paper.text(PAGE) == shown


def test_any_file_and_any_layout_may_have_to_do_with_it(site: SmallSite) -> None:
    site.article("good")
    site.write({"content/_data/items.csv": "get\nA\n", "content/_data/2024.json": '["B"]'})
    show(site, "{{ data.items[0]['get'] }}{{ data.2024[0] }}", "partials/mine.html")
    show(site, '{% include "partials/mine.html" %}', "robots.txt")
    show(
        site,
        '{% extends "base.html" %}{% block main %}{{ data["2024"] }}{% endblock %}',
        "404.html",
    )
    site.build()
    assert site.text("robots.txt") == "AB"
    assert "(&#39;B&#39;,)" in site.text("404.html")


def test_without_any_data_there_is_none(site: SmallSite) -> None:
    site.article("good")
    show(site, "{{ data | length }}{% for name in data %}{{ name }}{% endfor %}", "404.html")
    site.build()
    assert site.text("404.html") == "0"


def test_the_name_may_be_that_of_something_else(paper: SmallSite) -> None:
    text = '{% set data = {"x": 1} %}{{ data.x }}{% include "partials/mine.html" %}'
    show(paper, text)
    show(paper, "{{ data.x + 1 }}{% for data in [3] %}{{ data }}{% endfor %}", "partials/mine.html")
    paper.build()
    assert paper.text(PAGE) == "123"


@pytest.mark.parametrize("jobs", [1, 2])
def test_many_processes_show_the_same(paper: SmallSite, jobs: int) -> None:
    for number in range(140):
        paper.article(f"story-{number}")
    head = '{% extends "default/article.html" %}{% block dek %}'
    show(paper, head + "{{ data.team[1].name }}{% endblock %}", "article.html")
    show(paper, "{{ data.team | length }}")
    paper.build(jobs=jobs)
    assert all("Bo" in paper.text(f"/2026/06/story-{number}/") for number in range(140))


def test_data_needs_no_trust(paper: SmallSite) -> None:
    show(paper, "{{ data.team[0].name }}")
    paper.build(safe=True)
    assert paper.text(PAGE) == "Ann"


@pytest.mark.parametrize(
    "change",
    [
        "{{ data.shop.list.update(x=1) }}",
        "{{ data.team[0].pop('name') }}",
        "{{ data.team[0].setdefault('name', 'x') }}",
        "{{ data.team.append(1) }}",
        "{{ data.shop.list.prices[0].__setitem__('name', 'x') }}",
    ],
)
def test_no_layout_changes_data(paper: SmallSite, change: str) -> None:
    paper.article("other")
    show(paper, change)
    (message,) = paper.errors()
    assert message.startswith("layouts/team.html:1: ")


# -------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n{{ data.teem }}", "2: there is no data `teem`; did you mean `team`?"),
        ('{{ data["teem"][0] }}', "1: there is no data `teem`; did you mean `team`?"),
        (
            "{{ data.my_links }}",
            '1: there is no data `my_links`; did you mean `data["my-links"]`?',
        ),
        (
            "{{ data.prices }}",
            '1: there is no data `prices`; known here: `data["my-links"]`, `odd`, `shop`, `team`',
        ),
        ("{{ data.shop.lost[0] }}", "1: `data.shop` has no `lost`; did you mean `list`?"),
        (
            "{% set all = data %}{{ all[site.title] }}",
            "1: there is no data `Test Paper`, while rendering /team/; mend the layout",
        ),
        (
            '{{ data[["te", "em"] | join] }}',
            "1: there is no data `teem`, did you mean `team`?, while rendering /team/;"
            " mend the layout",
        ),
        (
            "{{ data.team[0].nmae }}",
            "1: there is no column `nmae`, did you mean `name`?, while rendering /team/;"
            " mend the layout",
        ),
        (
            "{{ data.team[0].role | date }}",
            '1: "Chair" is not a date, while rendering /team/; write 2026-03-31 or'
            " 2026-03-31T08:00",
        ),
        (
            "{{ data.team[1].since | date }}",
            "1: the filter `date` is given nothing, while rendering /team/; put an `if` around it,"
            " or `default(…)` before it",
        ),
    ],
)
def test_what_is_not_there_is_told(paper: SmallSite, text: str, told: str) -> None:
    show(paper, text)
    assert paper.errors() == [f"layouts/team.html:{told}"]


def test_without_any_data_it_is_said_where_to_put_some(built: SmallSite) -> None:
    show(built, "{{ data.team }}", "404.html")
    assert refused(built) == [
        "layouts/404.html:1: there is no data `team`;"
        " put it at content/_data/team.csv, or as .json, .toml, .yaml, .yml"
    ]


def test_a_broken_file_is_told_and_not_that_it_is_missing(paper: SmallSite) -> None:
    show(paper, "{{ data.team[0].name }}{{ data.shop.lost }}")
    paper.write({"content/_data/team.csv": "name;name\nA;B\n"})
    assert paper.errors() == [
        'content/_data/team.csv:1: 2 columns have the name "name"; give each a name of its own',
        "layouts/team.html:1: `data.shop` has no `lost`; did you mean `list`?",
    ]


def test_mistakes_are_told_by_programs_too(paper: SmallSite) -> None:
    show(paper, "{{ data.teem }}")
    _, printed, _ = command(paper.root, "--json", "--jobs", "1")
    (error,) = json.loads(printed)["errors"]
    assert (error["file"], error["code"]) == ("layouts/team.html", "unknown-name")


# ------------------------------------------------------------------------ what an edit wakes


@pytest.fixture
def known(paper: SmallSite) -> SmallSite:
    """A site built, of which pages look at data in several ways."""
    show(paper, "{{ data.team[0].name }}", "partials/chair.html")
    show(paper, '{% include "partials/chair.html" %}')
    show(paper, "{{ data.shop.list.prices | length }}", "404.html")
    show(paper, "{% for name in data %}{{ data[name] }}{% endfor %}", "robots.txt")
    paper.build()
    return paper


@pytest.mark.parametrize(
    ("path", "content", "woken"),
    [
        ("team.csv", TEAM.replace("Ann", "Al"), {PAGE, "robots.txt"}),
        ("shop/list.toml", SHOP + '[[prices]]\nname = "Pin"\n', {"404.html", "robots.txt"}),
        ("shop/list.toml", f"# Note\n{SHOP}", set()),
        ("team.csv", TEAM.replace(";", "\t"), set()),
        ("my-links.yaml", "[]", {"robots.txt"}),
        ("new.json", "1", {"robots.txt"}),
        ("notes.txt", "x", set()),
    ],
)
def test_a_file_wakes_the_pages_that_look_at_it(
    known: SmallSite, path: str, content: str, woken: set[str]
) -> None:
    known.write({f"content/_data/{path}": content})
    assert build_again(known).rendered == woken


def test_a_file_that_goes_or_comes_wakes_those_that_ask_for_it(paper: SmallSite) -> None:
    show(paper, "{{ data.extra | default('none') }}")
    paper.build()
    paper.write({"content/_data/extra.json": "1"})
    assert build_again(paper).rendered == {PAGE}
    (paper.root / "content/_data/extra.json").rename(paper.root / "content/_data/other.json")
    assert build_again(paper).rendered == {PAGE}
    assert paper.text(PAGE) == "none"


def test_a_file_may_change_its_format_and_its_place(known: SmallSite) -> None:
    (known.root / "content/_data/shop/list.toml").unlink()
    known.write({"content/_data/shop.json": '{"list": {"prices": [1, 2, 3]}}'})
    assert build_again(known).rendered == {"404.html", "robots.txt"}
    assert known.text("404.html") == "3"


def test_a_layout_that_begins_to_look_at_data_is_woken_by_it(known: SmallSite) -> None:
    show(known, "{{ data.team | length }}", "404.html")
    assert build_again(known).rendered == {"404.html"}
    known.write({"content/_data/team.csv": "name\n"})
    known.write({"layouts/partials/chair.html": ""})
    assert build_again(known).rendered == {"404.html", PAGE, "robots.txt"}


def test_rows_and_tables_with_the_same_in_them_are_told_apart(paper: SmallSite) -> None:
    show(paper, "{{ data.a[0].b }}{{ data.a[0].c | default('no') }}")
    paper.write({"content/_data/a.csv": "b,c\n1,2\n"})
    paper.build()
    (paper.root / "content/_data/a.csv").unlink()
    paper.write({"content/_data/a.json": '[{"b": "1"}]'})
    build_again(paper)
    assert paper.text(PAGE) == "1no"


def test_words_and_data_may_be_new_at_once(known: SmallSite) -> None:
    known.article("good", "Other words.")
    known.write({"content/_data/team.csv": TEAM.replace("Ann", "Al")})
    rendered = build_again(known).rendered
    assert {PAGE, "robots.txt", "2026/06/good/index.html"} <= rendered


# ------------------------------------------------------------------------------ the preview


def seen(session: Session, path: str) -> str:
    body = respond(session, path).body
    assert isinstance(body, bytes)
    return body.decode()


def test_the_preview_takes_up_saved_data(known: SmallSite) -> None:
    session = Session(known.root, NOW)
    session.update()
    assert "Ann" in seen(session, "/team/")
    planned = session.planned
    known.write({"content/_data/team.csv": TEAM.replace("Ann", "Al")})
    changes = session.update({"content/_data/team.csv"})
    assert (changes, session.planned) == (FileChanges(layouts=True, data=True), planned)
    assert "Al" in seen(session, "/team/")
    assert session.problems() == []


def test_a_mistake_in_data_is_told_in_the_preview_and_the_page_stays(known: SmallSite) -> None:
    session = Session(known.root, NOW)
    session.update()
    seen(session, "/team/")
    known.write({"content/_data/team.csv": TEAM + "x\n"})
    session.update({"content/_data/team.csv"})
    (problem,) = session.problems()
    assert (problem.file, problem.line) == ("content/_data/team.csv", 4)
    assert "Ann" in seen(session, "/team/")
    known.write({"content/_data/team.csv": TEAM.replace("Ann", "Al")})
    session.update({"content/_data/team.csv"})
    assert (session.problems(), "Al" in seen(session, "/team/")) == ([], True)


@pytest.mark.parametrize("named", [{"content/_data/new.json"}, None])
def test_the_preview_sees_files_of_data_come_and_go(
    known: SmallSite, named: set[str] | None
) -> None:
    session = Session(known.root, NOW)
    session.update()
    file = known.root / "content/_data/new.json"
    file.touch()
    session.update(named)
    assert [problem.file for problem in session.problems()] == ["content/_data/new.json"]
    file.write_text("[7]")
    session.update(named)
    assert "(7,)" in seen(session, "/robots.txt")
    file.unlink()
    session.update(named)
    assert "(7,)" not in seen(session, "/robots.txt")
