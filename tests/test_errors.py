"""What a build says when something is missing or in its way, and how programs tell it apart.

Nothing is written then.
"""

import inspect
import json
import pickle
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

import generator
from generator import config, errors, workspace
from generator.cli import main
from generator.codes import Code, code_of_file
from generator.errors import (
    BroadsheetError,
    DeployError,
    Problem,
    SiteError,
    deploy_error,
    is_error,
)
from support.sites import NOW, SETTINGS, SmallSite, command, line, refused

ARTICLE = "content/articles/a.md"
NO_MEANING = "`postid` has no meaning here; take it out, or put it below `extra`"


def test_all_that_is_missing_is_told_at_once(built: SmallSite) -> None:
    built.article("a", "Text.\n\n[x](y.md)\n\n![y](../gone.png)", image="{src: p.png, alt: P}")
    built.article("b", related="{pin: [good, nobody.md]}", promo="gone")
    built.write({"content/authors/ann.md": "---\nname: Ann\nphoto: me.jpg\n---\n[z](x.md#f)\n"})
    lines = [
        'articles/a.md:4: image.src: there is no file "p.png";'
        " put it at content/articles/p.png, or mend the path",
        'articles/a.md:9: there is no file "y.md"; mend the path, or add content/articles/y.md',
        'articles/a.md:11: there is no file "../gone.png"; mend the path, or add content/gone.png',
        'articles/b.md:4: related.pin: there is no story "nobody.md";'
        " name its file, seen from here, or its slug",
        'articles/b.md:5: promo: there is no "gone"; add content/promos/gone.md, or write false',
        'authors/ann.md:3: photo: there is no file "me.jpg";'
        " put it at content/authors/me.jpg, or mend the path",
        'authors/ann.md:5: there is no file "x.md#f"; mend the path, or add content/authors/x.md',
    ]
    assert refused(built) == [f"content/{line}" for line in lines]


@pytest.mark.parametrize("above", ["`gone.md`", "the file gone.md", "[b](begone.md)"])
def test_a_dead_link_is_told_on_its_own_line(built: SmallSite, above: str) -> None:
    built.article("begone")
    built.article("a", f"{above}\n\n[a](gone.md)")
    what = 'there is no file "gone.md"; mend the path, or add content/articles/gone.md'
    assert refused(built) == [f"{ARTICLE}:8: {what}"]


def test_a_file_that_cannot_be_read(built: SmallSite) -> None:
    for name in ("articles/x.md", "picture.png"):
        (built.root / "content" / name).symlink_to("nowhere")
    what = "cannot be read: No such file or directory; point the link at a file that is there"
    assert refused(built) == [f"content/{n}: {what}" for n in ("articles/x.md", "picture.png")]


# ------------------------------------------------------------------ output, command


def test_a_foreign_file_where_a_page_belongs_is_kept(site: SmallSite) -> None:
    site.article("a")
    site.write({"public/index.html": "mine", "public/notes/mine.txt": "mine"})
    what = "Broadsheet did not write this file, and a page of the site belongs there"
    assert refused(site) == [f"public/index.html: {what}; move it away, or put it into content/"]
    (site.public / "index.html").unlink()
    site.build()
    site.build()
    assert site.text("notes/mine.txt") == "mine"


def test_an_output_folder_among_the_sources_is_refused(built: SmallSite) -> None:
    (built.root / "link").symlink_to("content")
    refusals = dict.fromkeys((".", ".."), "is the site itself or holds it")
    refusals |= dict.fromkeys(
        ("content", "content/x", "link/x"), "is content/, or above or inside it"
    )
    refusals |= {"layouts": "is layouts/, or above or inside it", "site.toml": "is a file"}
    for output, what in refusals.items():
        folder = built.root / output
        remedy = "choose another --output, such as public"
        assert refused(built, output=folder) == [f"{folder}: the output folder {what}; {remedy}"]


@pytest.mark.long
def test_the_command_fails_with_exit_code_1_and_tells_all(built: SmallSite) -> None:
    built.write({ARTICLE: "---\ntitle: A\n---\n", "content/articles/b.md": "x"})
    before = built.outputs()
    code, printed, shown = command(built.root, "--json")
    assert code == 1
    expected = [
        f"{ARTICLE}:1: date is missing; add `date`",
        "content/articles/b.md:1: there is no front matter; start the file with a line `---`,"
        " fields such as `title: …`, and a line `---`",
    ]
    assert [*map(line, json.loads(printed)["errors"])] == expected
    assert shown.splitlines() == expected
    assert built.outputs() == before


def test_a_wrong_moment_is_wrong_usage(built: SmallSite) -> None:
    code, printed, shown = command(built.root, "--json", "--at", "tomorrow")
    assert (code, printed) == (2, "")
    assert '"tomorrow" is not a date; write 2026-03-31 or 2026-03-31T08:00' in shown


@pytest.mark.parametrize(
    ("promo", "remedy"),
    [("acne", 'did you mean "acme"?'), ("Acme", 'did you mean "acme"?')],
)
def test_a_misspelled_promo_is_guessed(built: SmallSite, promo: str, remedy: str) -> None:
    built.write({"content/promos/acme.md": "---\ntitle: T\nurl: /\nlabel: L\n---\n"})
    built.article("a", promo=promo)
    settings = (built.root / "site.toml").read_text()
    built.write({"site.toml": f'{settings}\n[promos]\ndefault = "acm"\n'})
    told = refused(built)
    assert told[0].startswith(f'{ARTICLE}:4: promo: there is no "{promo}"; {remedy}')
    assert told[1].endswith('promos.default: there is no "acm"; did you mean "acme"?')


@pytest.mark.parametrize("name", ["harvst", "harvst.md", "../articles/harvest", "Harvest"])
def test_a_misspelled_story_is_guessed(built: SmallSite, name: str) -> None:
    built.article("harvest")
    built.article("a", related=f"{{exclude: [{name}]}}")
    remedy = 'did you mean "harvest"?'
    assert refused(built) == [f'{ARTICLE}:4: related.exclude: there is no story "{name}"; {remedy}']


@pytest.mark.long
def test_many_of_one_kind_are_one_line(built: SmallSite) -> None:
    for number in range(30):
        built.article(f"s{number:02}", "Text.", postid=number, **{f"zx{number}": 1})
    built.article("s00", "[a](gone.pdf)", postid=0, zx0=1)
    code, printed, shown = command(built.root, "--json")
    first, gone = shown.splitlines()
    assert first.startswith(f"warning: content/articles/s00.md:4: {NO_MEANING} (")
    also = "also content/articles/s00.md:5, content/articles/s01.md:4, …"
    assert first.endswith(f" (60 of this kind: {also}; `build --json` has all)")
    assert 'there is no file "gone.pdf"' in gone
    every = json.loads(printed)
    assert code == 1
    assert sum("has no meaning" in one["what"] for one in every["warnings"]) == 60
    assert not any("of this kind" in line(one) for one in every["warnings"] + every["errors"])


def test_twenty_of_one_kind_are_twenty_lines(built: SmallSite) -> None:
    built.article("a", "\n\n".join(f"[a](gone-{number}.pdf)" for number in range(20)))
    assert len(command(built.root)[2].splitlines()) == 21


@pytest.mark.long
def test_what_is_quoted_is_cut(built: SmallSite) -> None:
    long = "q" * 100_000
    built.article("a", f"[a]({long}.md) [b](good.md#{long})", tags=f"['{long}', '{'?' * 5000}']")
    built.article("b", promo=long, related=f"{{pin: ['{long}']}}", aliases=f"['{long}']")
    built.article(
        "c", updated=f"'{long}'", source=f"{{name: N, url: '{long}'}}", **{"x" * 999: "1"}
    )
    built.article("d", slug=f"'{long}/'")
    told = refused(built)
    assert len(told) >= 7
    assert max(map(len, told)) < 2_500


@pytest.mark.long
def test_one_story_is_no_stories(built: SmallSite) -> None:
    assert "Built 1 story into " in command(built.root)[2]
    built.article("more")
    assert "Built 2 stories into " in command(built.root)[2]


# ------------------------------------------------------------------ for programs


Tree = dict[str, tuple[str, int | None]]
"""By the name of a class: the name of the one above it, and its exit code if it has one."""


def drawn() -> Tree:
    """Read the tree that `errors` draws."""
    found: Tree = {}
    above: list[str] = []
    for branch, name, code in re.findall(
        r"^ {4}([│├└─ ]*)(\w+Error) +(\d?)", errors.__doc__ or "", re.MULTILINE
    ):
        del above[len(branch) // 4 :]
        found[name] = above[-1] if above else "", int(code) if code else None
        above.append(name)
    return found


def exceptions() -> Iterator[type[BaseException]]:
    """Yield every class of an error that a module of ours makes. Warnings are none."""
    for module in pkgutil.walk_packages(generator.__path__, "generator."):
        for _, found in inspect.getmembers(import_module(module.name), inspect.isclass):
            if not found.__module__.startswith("generator.") or issubclass(found, Warning):
                continue
            if issubclass(found, BaseException):
                yield found


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    every = {*exceptions()}
    assert not [kind for kind in every if not issubclass(kind, BroadsheetError)]
    assert drawn() == {
        kind.__name__: (
            "" if kind is BroadsheetError else kind.__bases__[0].__name__,
            getattr(kind, "exit_code", None),
        )
        for kind in every
    }


def test_every_code_hangs_in_the_tree_once() -> None:
    tree = (errors.__doc__ or "").split("\n\n")[1]
    dotted = "".join(line for line in tree.splitlines(keepends=True) if "Error" not in line)
    hung = [word for word in re.findall(r"[\w-]+", dotted) if word in {*Code}]
    of_classes = {kind.code for kind in DeployError.__subclasses__()} - {Code.DEPLOY_REFUSED}
    assert sorted([*hung, *of_classes]) == sorted(Code)


def test_the_code_of_a_file_is_that_of_its_place() -> None:
    places = {
        config.CONTENT: Code.CONTENT,
        config.LAYOUTS: Code.LAYOUT,
        config.SITE_TOML: Code.SETTINGS,
        workspace.CACHE: Code.STATE,
    }
    for place, code in places.items():
        assert Problem(place, 0, "x").code == Problem(f"{place}/x", 0, "x").code == code
    for place in ("public/index.html", "contents/a.md", "/srv/content/a.md", "é"):
        assert code_of_file(place) == Code.OUTPUT
    unnamed = Problem("", 3, "x")
    assert unnamed.code is None
    assert msgspec.structs.replace(unnamed, file="content/a.md").code == Code.CONTENT
    known = Problem("", 3, "x", code=Code.BROKEN_HTML)
    assert msgspec.structs.replace(known, file="content/a.md").code == Code.BROKEN_HTML


@pytest.mark.parametrize("code", Code)
def test_a_code_survives_being_written_down_and_sent(code: Code) -> None:
    problem = Problem("content/a.md", 3, "x", "y", code=code)
    assert msgspec.json.decode(msgspec.json.encode(problem), type=Problem) == problem
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(problem), type=Problem) == problem
    error = pickle.loads(pickle.dumps(SiteError([problem])))
    assert error.problems[0].code is code
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", code) and code.meaning


@pytest.mark.parametrize("code", Code)
def test_the_class_of_a_deploys_error_follows_from_its_code(code: Code) -> None:
    own = {kind.code: kind for kind in DeployError.__subclasses__()}
    error = deploy_error(Problem("s3://bucket", 0, "x", "y", code=code))
    assert type(error) is own.get(code, errors.DeployRefusedError)
    assert type(pickle.loads(pickle.dumps(error))) is type(error)
    if code in own:
        assert own[code].at("s3://bucket", "x", "y").problems == error.problems


PAGE = "---\ntitle: P\n---\nText."
LATE: dict[str, dict[str, str | bytes]] = {
    "plan": {"content/index.html": "mine"},
    "check": {"layouts/page.html": "{{ site.nothing }}", "content/pages/p.md": PAGE},
    "render": {"public/2026/06/a/index.html": "mine"},
}
"""By the step that fails of them: files with an error."""


@pytest.mark.parametrize("step", LATE)
def test_every_warning_is_told_whichever_step_fails(built: SmallSite, step: str) -> None:
    built.article("a", odd="1")
    built.write({"site.toml": f"{SETTINGS}[labels]\nnothing = 'x'\n", **LATE[step]})
    with pytest.raises(SiteError) as raised:
        built.build()
    warned = [problem.file for problem in raised.value.problems if not is_error(problem)]
    assert warned == ["content/articles/a.md", "site.toml"]


def reported(site: SmallSite) -> dict[str, list[dict[str, Any]]]:
    run = "build", "--json", "--jobs", "1", "--at", NOW.isoformat(), "--root", str(site.root)
    report = json.loads(CliRunner().invoke(main, run).stdout)
    return {name: report[name] for name in ("errors", "warnings")}


ARTICLES = "content/articles/"
MATTER = "title: A\ndate: 2026-06-01\n"
MISTAKES: dict[str, tuple[str, str | bytes, int | None]] = {
    "dead-link": (f"{ARTICLES}a.md", f"---\n{MATTER}---\n[a](gone.md)", 5),
    "missing-picture": (f"{ARTICLES}a.md", f"---\n{MATTER}---\n![a](gone.png)", 5),
    "missing-field": (f"{ARTICLES}a.md", "---\ntitle: A\n---\n", 1),
    "wrong-value": (f"{ARTICLES}a.md", "---\ntitle: A\ndate: noon\n---\n", 3),
    "broken-syntax": (f"{ARTICLES}a.md", "---\ntitle: [A\n---\n", 2),
    "not-utf8": (f"{ARTICLES}a.md", b"---\ntitle: A\xff\n---\n", 2),
    "unsafe-html": (f"{ARTICLES}a.md", f"---\n{MATTER}---\n<b onclick='x()'>b</b>", 5),
    "broken-html": (f"{ARTICLES}a.md", f"---\n{MATTER}---\nText.\n\n<!-- a", 7),
    "unknown-name": (f"{ARTICLES}a.md", f"---\n{MATTER}promo: gone\n---\n", 4),
    "address-taken": (f"{ARTICLES}z.md", f"---\n{MATTER}slug: good\n---\n", 4),
    "too-large": (f"{ARTICLES}a.md", f"---\n{MATTER}---\n{'a b ' * 2_100_000}", 1),
    "unreadable": ("layouts", "", None),
    "unknown-field": ("site.toml", f"{SETTINGS}colour = 1\n", 3),
    "settings": ("site.toml", f"{SETTINGS}[content]\nlinks = ['/']\n", 4),
    "layout": ("layouts/page.html", "{{ site.nothing }}", 1),
    "output": ("public/2026/06/a/index.html", "mine", None),
}
"""By its code: a file with a mistake, and its line."""


@pytest.mark.parametrize("code", MISTAKES)
def test_programs_tell_mistakes_apart(built: SmallSite, code: str) -> None:
    file, text, number = MISTAKES[code]
    built.article("a" if code == "output" else "other")
    built.write({file: text})
    found = reported(built)
    told = [one for one in found["errors"] + found["warnings"] if one["code"] == code]
    assert [(one["file"], one["line"]) for one in told] == [(file, number)]
    assert {*told[0]} == {"file", "line", "what", "remedy", "code"}
    assert reported(built) == found  # what is remembered is told in the same way


@pytest.mark.parametrize("arguments", [("status",), ("related", "good"), ("related", "--orphans")])
def test_other_commands_tell_programs_of_mistakes_too(
    built: SmallSite, arguments: tuple[str, ...]
) -> None:
    built.write({ARTICLE: "---\ntitle: A\nsumary: x\n---\n"})
    done = CliRunner().invoke(main, [*arguments, "--json", "--root", str(built.root)])
    found = json.loads(done.stdout)
    assert done.exit_code == 1
    assert {*found} == {"errors", "warnings"}
    assert [one["code"] for one in found["errors"]] == ["missing-field"]
    assert [one["code"] for one in found["warnings"]] == ["unknown-field"]
    assert [line(one) for one in found["errors"]] == [
        shown for shown in done.stderr.splitlines() if not shown.startswith("warning: ")
    ]


def test_what_nobody_could_see_is_spelled_out_for_programs_too() -> None:
    odd = Problem("content/a\udcff.md", 0, "a\x1b[2J", "b\u200b", lines=("c\r",))
    told = json.loads(json.dumps(odd.to_json(), ensure_ascii=False).encode())
    assert told == {
        "file": r"content/a\udcff.md",
        "line": None,
        "what": r"a\x1b[2J",
        "remedy": r"b\u200b",
        "code": "content",
        "lines": [r"c\r"],
    }
