"""Texts that are made to take long are read in proportion to their length, or refused in words.

No speed is measured: each text gets processor time that what grows with its length never needs,
and what grows with the square of it always does.
"""

import json
import multiprocessing
import os
import re
import subprocess
import sys
from random import Random

import pytest

from generator.config import Engine
from generator.workers import Apart, OvertimeError, Pool, limited
from support.endless_texts import bodies
from support.sites import REPOSITORY, SmallSite

pytestmark = pytest.mark.long

ENGINES: tuple[Engine, ...] = "markdown", "commonmark"
MANY = 20_000
FRONT = "---\ntitle: One\ndate: 2026-06-01\n---\n\n"
IS_LONG = bool(os.environ.get("BROADSHEET_LONG"))
TRIED = 240 if IS_LONG else 12
MEGABYTES = 500

NAMED = {
    "links": "[a](" * MANY,
    "closed links": "[a](" * MANY + ")" * MANY,
    "brackets": "[" * MANY,
    "nested brackets": "[" * 5000 + "]" * 5000 + "(x)",
    "tags": "<a " * MANY,
    "tags to the end": "<a " * MANY + ">",
    "addresses": "<http://" * MANY,
    "rules": "---  \n" * MANY,
    "apostrophes": "'a " * MANY,
    "quotes": "\"'" * MANY,
    "headings of HTML": "<h2>" * MANY,
    "closed headings of HTML": "<h2>a</h2>\n\n" * MANY,
    "paragraphs of HTML": "<p>" * MANY,
    "divisions": "<div>" * MANY,
    "letters": "<b>x" * MANY,
    "code that never ends": "<code>" + "a " * 3 * MANY,
    "code upon code": "<code>\n\n" * MANY,
    "scripts": "<script>" * MANY,
    "comments": "<!--" * MANY,
    "equal headings": "## a\n\n" * 5000,
    "headings": "# a\n" * MANY,
    "a wide cell": f"|a|b|\n|-|-|\n|x{' ' * 3 * MANY}y|b|\n",
    "slashes": "a/b. " * MANY,
    "notes": "[^" * MANY,
    "emphasis": "*a*" * MANY,
    "quotations": "> " * MANY,
}

PROGRAM = REPOSITORY / "tests/support/read_endless_texts.py"


def read(engine: Engine, texts: list[tuple[str, str]]) -> dict[str, list[str]]:
    """The errors of each text by its name, and that none took too long or too much."""
    done = subprocess.run(
        [sys.executable, PROGRAM, engine],
        input="".join(f"{json.dumps(text)}\n" for text in texts),
        stdout=subprocess.PIPE,
        check=False,
        text=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"ended at {texts[len(answers)][0]}"
    assert [name for name, size, _ in answers if size > MEGABYTES] == []
    return {name: errors for name, _, errors in answers}


@pytest.mark.parametrize("engine", ENGINES)
def test_what_repeats_is_read_or_refused_with_its_line(engine: Engine) -> None:
    found = read(engine, [(name, FRONT + body) for name, body in NAMED.items()])
    places = re.compile(r"content/articles/a\.md:\d+: .*; ")
    wrong = [error for errors in found.values() for error in errors if not places.match(error)]
    assert wrong == []
    for name in ("apostrophes", "quotes", "equal headings", "a wide cell", "slashes"):
        assert found[name] == []


MANIFOLD = {
    "short paragraphs": ("a\n\n" * 2**20, "too many parts"),
    "rows": ("a|b\n-|-\n" + "a|b\n" * 2 * MANY, "too many parts"),
    "tables": ("|a|b|\n|-|-|\n|c|d|\n\n" * 3 * MANY, "too many parts"),
    "pictures": ("![a](b.svg)\n\n" * MANY, "too many links and pictures: 20,000"),
    "links": ("".join(f"[x](y{n}.md)\n\n" for n in range(MANY)), "too many links and pictures"),
    "sources": ('<img src="a" srcset="b 1x, c 2x" alt="">\n\n' * MANY, "too many links and pict"),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_text_of_more_parts_than_any_has_is_refused_with_its_line(engine: Engine) -> None:
    found = read(engine, [(name, FRONT + body) for name, (body, _) in MANIFOLD.items()])
    for name, (_, what) in MANIFOLD.items():
        (error,) = found[name]
        assert re.match(rf"content/articles/a\.md:\d+: this text has {what}.*; make several", error)


@pytest.mark.parametrize("engine", ENGINES)
def test_many_short_paragraphs_with_many_links_elsewhere_are_read(engine: Engine) -> None:
    linked = "".join(f"So [he](https://e.example/{n}) said then.\n\n" for n in range(15_000))
    bodies = {"short": "It was late in the day.\n\n" * 70_000, "linked": linked}
    found = read(engine, [(name, FRONT + body) for name, body in bodies.items()])
    assert found == {"short": [], "linked": []}


@pytest.mark.parametrize("engine", ENGINES)
def test_no_repetition_of_marks_takes_minutes(engine: Engine) -> None:
    random = Random(None if IS_LONG else 14)
    every = list(bodies(MANY // 2))
    read(engine, [(name, FRONT + body) for name, body in random.sample(every, TRIED)])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_long_text_of_prose_is_read(engine: Engine) -> None:
    paragraph = 'He said "so" in *Rome*, and [wrote](https://e.example/) it down. ' * 12
    body = f"{paragraph}\n\n" * 2600
    assert len(body) > 2_000_000
    assert read(engine, [("long", FRONT + body)]) == {"long": []}


FIELDS = {
    "a date full of spaces": f'title: One\ndate: "2026{" " * 2 * MANY}x"\n',
    "a date full of digits": f"title: One\ndate: {'1-' * MANY}\n",
    "a title full of quotes": f"title: {'“’ ' * MANY}\ndate: 2026-06-01\n",
    "a slug full of hyphens": f"title: One\ndate: 2026-06-01\nslug: {'-a' * MANY}\n",
    "brackets": f"title: {'[' * MANY}\ndate: 2026-06-01\n",
    "braces": f"title: {'{a: ' * MANY}\ndate: 2026-06-01\n",
    "stars": f'title: One\ndate: 2026-06-01\nsummary: "{"*a " * MANY}"\n',
    "backslashes": f"title: One\ndate: 2026-06-01\nsummary: '{chr(92) * MANY}'\n",
}
BOMBS = {
    "anchors within anchors": "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9 if n else ['lol'] * 9)}]\n" for n in range(12)
    ),
    "merges within merges": "".join(
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}], k{n}: 1}}\n"
        if n
        else "a0: &a0 {k: 1, l: 2}\n"
        for n in range(12)
    ),
    "anchors below extra": "extra:\n"
    + "".join(
        f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9 if n else ['lol'] * 9)}]\n"
        for n in range(12)
    ),
    "an anchor in itself": "a: &a [*a, *a]\n",
}


def test_no_field_takes_minutes() -> None:
    found = read("markdown", [(n, f"---\n{fields}---\n\nText.\n") for n, fields in FIELDS.items()])
    assert found["a date full of spaces"][0].startswith("content/articles/a.md:3: date: ")


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("kind", ["articles", "pages", "promos", "authors", "tags"])
def test_anchors_within_anchors_are_refused_while_they_are_small(
    site: SmallSite, kind: str, name: str
) -> None:
    fields = f"title: One\ndate: 2026-06-01\n{BOMBS[name]}"
    site.write({f"content/{kind}/a.md": f"---\n{fields}---\n\nText.\n"})
    (error,) = [e for e in site.errors() if "unfolds to more" in e or "holds itself" in e]
    assert re.match(rf"content/{kind}/a\.md:\d+: ", error)


# ------------------------------------------------------------------ what can be ended


def endless() -> bool:
    """Work that no more than the end of the process could end."""
    return bool(re.match(r"(a+)+$", "a" * 60 + "b"))


def number(of: str) -> int:
    return len(of)


def test_work_is_stopped_when_its_time_is_over() -> None:
    with pytest.raises(OvertimeError), limited(0.1):
        endless()


def test_work_in_a_process_of_its_own_is_ended_and_the_next_is_done() -> None:
    apart = Apart()
    try:
        with pytest.raises(OvertimeError):
            apart.call(0.1, endless)
        assert apart.call(300, number, "abc") == 3
        with pytest.raises(TypeError):
            apart.call(300, number, 3)  # type: ignore[arg-type]
        assert apart.call(300, number, "abcd") == 4
    finally:
        apart.end()
    assert multiprocessing.active_children() == []


def test_ctrl_c_ends_a_build_that_works_on_something_without_an_end() -> None:
    with pytest.raises(KeyboardInterrupt), Pool(2) as pool:
        pool.submit(endless)
        raise KeyboardInterrupt
