"""A text that is new is opened once by a build, whatever becomes of it."""

import os
import subprocess
import sys
from collections import Counter

import pytest

from support.breakpoints import BROADSHEET, PATHS
from support.sites import LONG, NOW, SmallSite

WATCHED = """
import os, sys

told = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND)

def look(event, arguments):
    if event == "open" and str(arguments[0]).endswith(".md"):
        os.write(told, f"{os.path.basename(arguments[0])}\\n".encode())

sys.addaudithook(look)
"""
"""Writes down the name of each text that is opened, in this process or in one that it forks."""
SAVED = """
from datetime import datetime
from pathlib import Path
from generator.preview.session.site import Session

root, moment, file, text = sys.argv[1:]
session = Session(Path(root), datetime.fromisoformat(moment))
session.update()
session.settle()
Path(root, file).write_text(text)
os.truncate(told, 0)
session.update([file])
session.settle()
session.problems()
"""
"""Keeps a site open as the preview does, and takes over a file that is saved."""
EDITS = [
    {"body": "Other words."},
    {"title": "Another headline"},
    {"tags": "[News, Other]"},
    {"date": "2026-06-02"},
    {"date": "soon"},
    {"draft": "true"},
    {"body": "[Nowhere](gone.md)"},
    {"image": "{src: gone.png, alt: Gone}"},
    {"related": "{pin: [gone]}"},
    {"id": "none"},
    {"titel": "A field that there is not"},
    {"permalink": "/b/"},
]


def opened(site: SmallSite, *arguments: str) -> Counter[str]:
    """How many times the real `broadsheet build` opens each text."""
    build = ["build", "--root", str(site.root), "--at", NOW.isoformat(), *arguments]
    return opened_by(site, BROADSHEET, *build)


def opened_by(site: SmallSite, program: str, *arguments: str) -> Counter[str]:
    """How many times a program opens each text."""
    told = site.root / "opened.txt"
    told.unlink(missing_ok=True)
    watched = [sys.executable, "-c", f"{WATCHED}\n{program}", str(told)]
    variables = os.environ | {"PYTHONPATH": PATHS}
    subprocess.run([*watched, *arguments], env=variables, capture_output=True, timeout=LONG)
    return Counter(told.read_text().split())


@pytest.fixture
def three(site: SmallSite) -> SmallSite:
    for name in "abc":
        site.article(name, f"Text of {name}.", tags="[News]")
    assert opened(site) == {"a.md": 1, "b.md": 1, "c.md": 1}
    return site


def assert_once(site: SmallSite, name: str) -> None:
    """Others may be opened too: what was written just now is not known by its time alone."""
    found = opened(site)
    assert found[name] == 1
    assert set(found.values()) == {1}


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_a_changed_text_is_opened_once(three: SmallSite, edit: dict[str, str]) -> None:
    three.article("b", **({"tags": "[News]"} | edit))
    assert_once(three, "b.md")


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_the_preview_opens_a_text_that_is_saved_once(
    three: SmallSite, edit: dict[str, str]
) -> None:
    file = "content/articles/b.md"
    before = (three.root / file).read_text()
    three.article("b", **({"tags": "[News]"} | edit))
    text = (three.root / file).read_text()
    three.write({file: before})
    saved = opened_by(three, SAVED, str(three.root), NOW.isoformat(), file, text)
    assert saved == {"b.md": 1}


def test_a_new_text_is_opened_once(three: SmallSite) -> None:
    three.article("d")
    assert_once(three, "d.md")


def test_a_text_that_was_moved_is_opened_once(three: SmallSite) -> None:
    articles = three.root / "content/articles"
    (articles / "b.md").rename(articles / "e.md")
    assert_once(three, "e.md")


def test_texts_that_other_processes_read_are_opened_once(site: SmallSite) -> None:
    for number in range(160):
        site.article(f"s{number}")
    found = opened(site, "--jobs", "2")
    assert set(found.values()) == {1}
    assert len(found) == 160


def test_a_text_whose_words_do_not_suffice_is_converted_and_counted(three: SmallSite) -> None:
    three.build()
    three.article("b", "Text of b.", tags="[Other]")
    assert three.build().converted == 1
