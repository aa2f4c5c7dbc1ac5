"""The states of a preview's session are those of the table that describes them."""

import re
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import pytest

from generator.codes import Code
from generator.errors import Problem
from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from generator.preview.session.state import (
    Arranged,
    Checked,
    Empty,
    Event,
    Failed,
    Findings,
    FolderFound,
    FolderMissing,
    Gone,
    Looked,
    Open,
    ReadAhead,
    Ready,
    Refused,
    Reworded,
    Sketch,
    State,
    Unchecked,
    WorkFailed,
    next_state,
)
from generator.preview.session.texts import MANY
from support.sites import NOW, SmallSite

ERROR = Problem("content/articles/a.md", 3, "something is wrong")
WARNING = Problem("content/articles/a.md", 4, "something is odd", severity="warning")
WRONG = Findings((WARNING, ERROR), shown_flaws=frozenset({(ERROR.file, ERROR.what)}))
OPEN: dict[str, Open] = {
    "empty": Empty(),
    "unchecked": Unchecked(),
    "sketch": Sketch(Findings((WARNING,))),
    "ready": Ready(Findings((WARNING,))),
    "refused": Refused(WRONG),
}
FAILED = [Failed(state, ERROR) for state in OPEN.values()]
BEFORE: dict[str, list[State]] = {
    **{name: [state] for name, state in OPEN.items()},
    "failed": [*FAILED],
    "gone": [Gone(state) for state in [*OPEN.values(), *FAILED]],
}
EVENTS: dict[str, Event] = {
    "folder missing": FolderMissing(),
    "folder found": FolderFound(),
    "work failed": WorkFailed(ERROR),
    "looked": Looked(),
    "read ahead": ReadAhead(),
    "reworded": Reworded(),
    "reworded, unread": Reworded(is_read=False),
    "checked": Checked((WARNING,)),
    "checked, errors": Checked((WARNING, ERROR)),
    "arranged": Arranged(Findings((WARNING,))),
    "arranged, errors": Arranged(WRONG),
    "first arranged": Arranged(is_checked=False),
    "arranged, unread": Arranged(WRONG, is_read=False, is_checked=False),
}
NAMES = {kind: kind.__name__.lower() for kind in (*map(type, OPEN.values()), Failed, Gone)}


def table() -> list[list[str]]:
    """The cells of the table in the docstring, its heading first."""
    text = cleandoc(next_state.__doc__ or "")
    rows = [re.split(r"\s{2,}", line.strip()) for line in text.splitlines() if line[:4] == " " * 4]
    heading, rule, *body = rows
    assert all(set(cell) == {"-"} for cell in rule)
    return [heading, *body]


def transitions() -> Iterator[tuple[str, str, str]]:
    """Each name of an event, of a state before it, and of what follows."""
    (_, *states), *rows = table()
    for event, *cells in rows:
        yield from zip([event] * len(cells), states, cells, strict=True)


def test_the_table_has_a_row_for_each_event_and_a_column_for_each_state() -> None:
    (corner, *states), *rows = table()
    assert corner == "event"
    assert states == [*BEFORE]
    assert [row[0] for row in rows] == [*EVENTS]
    assert {type(event) for event in EVENTS.values()} == {*Event.__args__}
    assert {type(state) for some in BEFORE.values() for state in some} == {*State.__args__}


@pytest.mark.parametrize(("event", "state", "then"), [*transitions()])
def test_what_the_table_says_is_what_follows(event: str, state: str, then: str) -> None:
    for before in BEFORE[state]:
        after = next_state(before, EVENTS[event])
        if then == "before":
            assert isinstance(before, Failed | Gone)
            assert after == next_state(before.before, EVENTS[event])
        else:
            assert NAMES[type(after)] == then


def test_what_was_found_goes_on_until_the_site_is_arranged_again() -> None:
    state: State = next_state(Empty(), Arranged(is_checked=False))
    state = next_state(state, Checked((WARNING,)))
    state = next_state(state, Reworded({"articles/a.md": (ERROR,)}))
    assert state == Ready(Findings((WARNING,), waiting={"articles/a.md": (ERROR,)}))
    assert state.findings.told() == [WARNING, ERROR]
    for event in (WorkFailed(ERROR), FolderMissing(), FolderMissing()):
        after = next_state(state, event)
        assert after.findings == state.findings
        state = after
    assert state == Gone(Failed(Ready(state.findings), ERROR))
    state = next_state(next_state(state, FolderFound()), Looked())
    assert isinstance(state, Ready)
    assert next_state(state, Arranged(WRONG)) == Refused(WRONG)


def test_errors_that_are_found_in_what_is_shown_are_known_to_be_shown() -> None:
    assert next_state(Unchecked(), Checked((WARNING, ERROR))) == Refused(WRONG)
    held = Findings((ERROR,), held=frozenset({ERROR.file}))
    assert next_state(Refused(held), Checked(())) == Refused(held)


def test_a_failure_is_told_until_work_succeeds() -> None:
    other = Problem("content", 0, "something else")
    failed = next_state(next_state(Ready(), WorkFailed(ERROR)), WorkFailed(other))
    assert failed == Failed(Ready(), other)
    assert next_state(failed, Checked((ERROR,))) == Failed(
        Refused(Findings((ERROR,), shown_flaws=WRONG.shown_flaws)), other
    )


def test_a_session_goes_through_its_states(site: SmallSite, tmp_path: Path) -> None:
    settings = (site.root / "site.toml").read_text()
    site.write({"site.toml": "="})
    live = Session(site.root, NOW)

    def save(files: dict[str, str | bytes]) -> State:
        site.write(files)
        live.update([*files])
        live.settle()
        return live.state

    assert isinstance(save({}), Empty)
    for number in range(MANY + 1):
        site.article(f"story-{number}", f"Text {number}.")
    assert isinstance(save({"site.toml": settings}), Sketch)
    live.files.texts.expect_all()
    live.update()
    live.settle()
    assert isinstance(live.state, Ready)
    about = "content/pages/about.md"
    assert isinstance(save({about: "---\ntitle: A\n---\n[a](nope.md)"}), Refused)
    site.root.rename(tmp_path / "away")
    live.update()
    assert isinstance(live.state, Gone)
    assert [problem.code for problem in live.problems()] == [Code.UNREADABLE]
    (tmp_path / "away").rename(site.root)
    live.update()
    assert isinstance(live.state, Refused)
    assert isinstance(save({about: "---\ntitle: A\n---\nText."}), Ready)
    assert not live.problems()


def test_the_first_site_is_shown_before_it_is_checked(site: SmallSite) -> None:
    site.article("one", "[a](nope.md)")
    live = Session(site.root, NOW)
    live.update()
    assert isinstance(live.state, Unchecked)
    assert live.planned
    assert not live.problems()
    live.settle()
    assert isinstance(live.state, Refused)
    assert [problem.file for problem in live.problems()] == ["content/articles/one.md"]


def test_what_is_wrong_with_a_story_is_told_when_a_page_has_it_read(site: SmallSite) -> None:
    for number in range(MANY + 1):
        site.article(f"story-{number}", f"Text {number}.")
    site.article("deep", "> " * 9_999 + "Text.")
    live = Session(site.root, NOW)
    live.update()
    live.settle()
    assert isinstance(live.state, Sketch)
    assert live.problems() == []
    respond(live, "/2026/06/deep/")
    assert [problem.file for problem in live.problems()] == ["content/articles/deep.md"]
    assert isinstance(live.state, Sketch)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("site.toml", "="),
        ("layouts/page.html", "{% if %}"),
        ("content/articles/one.md", "---\ntitle: [\n---\n"),
    ],
)
def test_errors_of_a_single_file_are_told_in_whatever_state(
    site: SmallSite, file: str, text: str
) -> None:
    site.article("one")
    live = Session(site.root, NOW)
    live.update()
    live.settle()
    site.write({file: text})
    live.update([file])
    live.settle()
    assert isinstance(live.state, Ready)
    assert [problem.file for problem in live.problems()] == [file]


def test_all_files_are_looked_at_when_the_folder_is_back(site: SmallSite, tmp_path: Path) -> None:
    site.article("one", "Old words.")
    live = Session(site.root, NOW)
    live.update()
    live.settle()
    away = site.root.rename(tmp_path / "away")
    live.update([])
    away.rename(site.root)
    site.article("one", "New words.")
    live.update(["site.toml"])
    body = respond(live, "/2026/06/one/").body
    assert isinstance(body, bytes) and b"New words" in body
