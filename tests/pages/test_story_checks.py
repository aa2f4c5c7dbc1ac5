"""Checks of the site's own: what they are given, what they find, and when they are asked again."""

import json
from pathlib import Path

import pytest

from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from support.builds import build_again, clean_copy
from support.sites import NOW, SmallSite, command, refused

HEAD = "from generator.extend import *\n\n"
SUMMARY = """
@check
def has_summary(story):
    if not story.front_matter.summary:
        yield Finding("there is no summary", "write one", field="title")
"""
WORD = """
@check
def no_very(story, text):
    for number, line in enumerate(text.split("\\n"), 1):
        if "very" in line:
            yield Finding(f'"very" says nothing', "take it out", line=number)
"""
VERY = '"very" says nothing; take it out'


def check_by(site: SmallSite, code: str) -> None:
    site.write({"layouts/extensions.py": HEAD + code})


def test_a_finding_is_told_at_its_field(site: SmallSite) -> None:
    check_by(site, SUMMARY)
    site.article("good", summary="Yes.")
    site.article("bad")
    told = ["content/articles/bad.md:2: there is no summary; write one"]
    assert site.warnings() == told
    assert site.warnings() == told


def test_a_finding_is_told_at_its_line_of_the_text(site: SmallSite) -> None:
    check_by(site, WORD)
    site.article("bad", "A text.\n\nIt is very long.\nAnd very dull.")
    told = [f"content/articles/bad.md:{line}: {VERY}" for line in (8, 9)]
    assert site.warnings() == told


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("blank", ["", "\n\n"])
def test_lines_are_those_of_the_file(site: SmallSite, ends: str, blank: str) -> None:
    check_by(site, WORD)
    text = f"{blank}---\ntitle: T\ndate: 2026-06-01\n---\n\n\nOne.\n\nvery\n"
    site.write({"content/articles/bad.md": text.replace("\n", ends).encode()})
    line = text.split("\n").index("very") + 1
    assert site.warnings() == [f"content/articles/bad.md:{line}: {VERY}"]


def test_a_story_is_what_was_written_and_known_of_it(site: SmallSite) -> None:
    seen = "story.path, story.title, story.tags, story.words, story.front_matter.extra['desk']"
    check_by(site, f"@check\ndef see(story):\n    yield repr(({seen}))\n")
    site.article("year/good", "Four words of text.", tags='["A b"]', extra="{desk: Wirtschaft}")
    wanted = ("content/articles/year/good.md", "Year/Good", ("A b",), 4, "Wirtschaft")
    assert site.warnings() == [f"content/articles/year/good.md:1: {wanted!r}"]


def test_a_story_cannot_be_changed(site: SmallSite) -> None:
    check_by(site, "@check\ndef change(story):\n    story.path = 'x'\n")
    site.article("good")
    (told,) = site.errors()
    assert told.startswith("layouts/extensions.py:5: AttributeError: immutable type: 'Story'")


@pytest.mark.parametrize("severity", ["warning", "error"])
def test_an_error_keeps_the_old_site(site: SmallSite, severity: str) -> None:
    site.article("good")
    site.build()
    check_by(site, f"@check\ndef no(story):\n    yield Finding('no', severity={severity!r})\n")
    told = ["content/articles/good.md:1: no"]
    assert (site.warnings() if severity == "warning" else refused(site)) == told


def test_findings_are_told_to_programs(site: SmallSite) -> None:
    check_by(site, SUMMARY)
    site.article("bad")
    _, printed, _ = command(site.root, "--json")
    assert json.loads(printed)["warnings"] == [
        {
            "file": "content/articles/bad.md",
            "line": 2,
            "what": "there is no summary",
            "remedy": "write one",
            "code": "check",
        }
    ]


YIELDED = {
    "return": [],
    "return []": [],
    "return 'one'": ["content/articles/good.md:1: one"],
    "return Finding('one', 'two')": ["content/articles/good.md:1: one; two"],
    "return ['one', Finding('two')]": [
        "content/articles/good.md:1: one",
        "content/articles/good.md:1: two",
    ],
    "yield Finding('x', field=('image', 'alt'))": ["content/articles/good.md:4: x"],
    "yield Finding('x', field='no such field')": ["content/articles/good.md:1: x"],
    "yield Finding('a\\nb\\x00')": ["content/articles/good.md:1: a\\nb\\x00"],
}


@pytest.mark.parametrize("body", YIELDED)
def test_what_a_check_may_yield(site: SmallSite, body: str) -> None:
    check_by(site, f"@check\ndef f(story):\n    {body}\n")
    site.write({"content/articles/p.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"})
    site.article("good", image="{src: p.svg, alt: P}")
    assert site.warnings() == YIELDED[body]


FAILING = {
    "yield 3": "TypeError: 3 is no Finding, and no text",
    "yield None": "TypeError: None is no Finding, and no text",
    "return 3": "TypeError: 'int' object is not iterable",
    "yield Finding(3)": "TypeError: a Finding cannot be so: Expected `str`, got `int`"
    " - at `$.what`",
    "yield Finding('x', line='3')": "TypeError: a Finding cannot be so: Expected `int`, got `str`"
    " - at `$.line`",
    "yield Finding('x', severity='fatal')": "TypeError: a Finding cannot be so: Invalid enum value"
    " 'fatal' - at `$.severity`",
    "yield 1 / 0": "ZeroDivisionError: division by zero",
    "raise SystemExit": "SystemExit",
}


@pytest.mark.parametrize("body", FAILING)
def test_a_check_that_fails_is_an_error_of_its_own(built: SmallSite, body: str) -> None:
    check_by(built, f"@check\ndef f(story):\n    {body}\n")
    (told,) = refused(built)
    assert told.startswith("layouts/extensions.py:")
    assert told.partition(" ")[2] == (
        f"{FAILING[body]}, in the check `f` of content/articles/good.md; mend the function"
    )


def test_mistakes_of_all_kinds_are_told_together(built: SmallSite) -> None:
    check_by(built, "@check\ndef no(story):\n    yield Finding('no', severity='error')\n")
    built.write({"content/articles/broken.md": "Nothing."})
    built.article("dead", "[x](gone.md)")
    assert [told.partition(";")[0] for told in refused(built)] == [
        "content/articles/broken.md:1: there is no front matter",
        "content/articles/dead.md:1: no",
        'content/articles/dead.md:6: there is no file "gone.md"',
        "content/articles/good.md:1: no",
    ]


def test_scheduled_and_expired_stories_are_checked_and_drafts_where_they_are_shown(
    site: SmallSite,
) -> None:
    check_by(site, SUMMARY)
    site.article("later", date="2027-01-01")
    site.article("gone", date="2025-01-01", expires="2025-02-01")
    site.article("draft", draft="true")
    files = [f"content/articles/{name}.md" for name in ("draft", "gone", "later")]
    told = [f"{file}:2: there is no summary; write one" for file in files]
    assert site.warnings() == told[1:]
    assert site.warnings(drafts=True) == told


# ------------------------------------------------------------------------ incremental


def test_a_warning_stays_until_it_is_mended(site: SmallSite) -> None:
    check_by(site, WORD)
    site.article("bad", "It is very long.")
    site.article("good", "It is long.")
    told = site.warnings()
    assert len(told) == 1
    site.article("good", "It is not long.")
    assert site.warnings() == told
    site.article("good", "It is very long.")
    assert len(site.warnings()) == 2
    site.article("good", "It is as long.")
    assert site.warnings() == told
    site.article("bad", "It is long.")
    assert site.warnings() == []


def test_a_story_that_moves_is_checked_by_its_new_path(site: SmallSite) -> None:
    check_by(site, "@check\ndef f(story):\n    yield story.path\n")
    site.article("one")
    site.build()
    (site.root / "content/articles/one.md").rename(site.root / "content/articles/two.md")
    assert site.warnings() == ["content/articles/two.md:1: content/articles/two.md"]


def test_a_changed_check_checks_all_again_and_wakes_no_page(site: SmallSite) -> None:
    check_by(site, SUMMARY)
    site.article("bad")
    site.build()
    check_by(site, SUMMARY.replace("there is no", "where is the"))
    rendered, _, report = build_again(site)
    assert (rendered, report.converted) == (set(), 0)
    assert list(map(str, report.warnings)) == [
        "content/articles/bad.md:2: where is the summary; write one"
    ]
    (site.root / "layouts/extensions.py").unlink()
    assert site.warnings() == []


def asked(site: SmallSite) -> list[str]:
    """The stories that a check of this build is asked for."""
    _, _, shown = command(site.root)
    return sorted(line for line in shown.split("\n") if line.startswith("content/articles/"))


def test_only_what_is_new_is_checked(site: SmallSite) -> None:
    check_by(site, "@check\ndef f(story, text):\n    print(story.path)\n")
    files = [f"content/articles/{name}.md" for name in ("one", "two")]
    for name in ("one", "two"):
        site.article(name)
    assert asked(site) == files
    assert asked(site) == []
    site.article("two", "New words.")
    assert asked(site) == files[1:]
    site.article("two", "Newer words.", tags="[A]")
    assert asked(site) == files[1:]
    site.article("one", "New words.")
    site.article("two", "Newer words.")
    assert asked(site) == files


def test_what_was_found_is_the_same_by_many_processes(site: SmallSite) -> None:
    check_by(site, WORD)
    for number in range(200):
        site.article(f"a{number}", f"It is very {number}.")
    told = site.warnings(jobs=2)
    assert len(told) == 200
    with clean_copy(site) as copy:
        assert copy.warnings() == told


# ------------------------------------------------------------------------- the preview


def told(live: Session) -> list[str]:
    live.settle()
    return list(map(str, live.problems()))


def test_the_preview_tells_what_checks_find(site: SmallSite) -> None:
    check_by(site, WORD)
    site.article("good", "It is long.")
    site.article("bad", "It is very long.")
    live = Session(site.root, NOW)
    live.update()
    assert told(live) == [f"content/articles/bad.md:6: {VERY}"]
    site.article("good", "It is very long.")
    live.update(["content/articles/good.md"])
    assert told(live) == [f"content/articles/{name}.md:6: {VERY}" for name in ("bad", "good")]
    site.article("good", "It is long.")
    site.article("bad", "It is long.")
    live.update(["content/articles/good.md", "content/articles/bad.md"])
    assert told(live) == []
    check_by(site, WORD.replace("very", "long"))
    live.update(["layouts/extensions.py"])
    assert len(told(live)) == 2


def test_the_preview_shows_a_story_as_it_was_before_a_check_refused_it(site: SmallSite) -> None:
    check_by(site, WORD.replace("line=number", "severity='error', line=number"))
    site.article("good", "It is long.")
    live = Session(site.root, NOW)
    live.update()
    live.settle()
    site.article("good", "It is very long.")
    live.update(["content/articles/good.md"])
    assert told(live) == [f"content/articles/good.md:6: {VERY}"]
    body = respond(live, "/2026/06/good/").body
    assert not isinstance(body, Path)
    assert b"It is long." in body
