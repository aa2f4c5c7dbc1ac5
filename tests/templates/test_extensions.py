"""Code of a site's own: filters, functions and tests of layouts, and what is said if they fail."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from generator.templates.environment import RenderConfig, make_environment
from generator.templates.folders import default_folder
from generator.templates.functions import FILTERS, GLOBALS
from generator.templates.loader import bare_environment
from support.builds import build_again
from support.sites import NOW, REPOSITORY, SmallSite, command, line, refused

CODE = """
from generator.extend import check, filter, function, test

@filter
def shout(text, mark="!"):
    return text.upper() + mark

@function("today")
def a_day(year):
    return f"The day of {year}"

@test
def shouted(text):
    return text.isupper()
"""
STORY = "2026/06/good/index.html"


@pytest.fixture
def own(site: SmallSite) -> SmallSite:
    """A site of one story, with code of its own."""
    site.article("good")
    site.write({"layouts/extensions.py": CODE})
    return site


def show(site: SmallSite, expression: str) -> None:
    """Have stories show an expression in place of the dek."""
    head = '{% extends "default/article.html" %}\n{% block dek %}\n'
    site.write({"layouts/article.html": f"{head}{expression}\n{{% endblock %}}\n"})


# ------------------------------------------------------------------------- in layouts


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("{{ story.title | shout }}", "GOOD!"),
        ('{{ story.title | shout("?") }}', "GOOD?"),
        ('{{ ["a", story.title] | map("shout") | join }}', "A!GOOD!"),
        ("{{ today(2026) }}", "The day of 2026"),
        ("{% if story.title is shouted %}loud{% else %}soft{% endif %}", "soft"),
        ('{{ ["A", "b"] | select("shouted") | join }}', "<p>A</p>"),
        ('{{ "<b>" | shout }}', "&lt;B&gt;!"),
        ("{% filter shout %}x{% endfilter %}", "X!"),
        ("{% macro m(t) %}{{ t | shout }}{% endmacro %}{{ m('q') }}", "Q!"),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_marked_functions_are_at_hand(
    own: SmallSite, expression: str, shown: str, jobs: int
) -> None:
    show(own, f"<p>{expression}</p>")
    own.build(jobs=jobs)
    assert shown in own.text(STORY)


def test_they_are_at_hand_in_parts_and_in_feeds(own: SmallSite) -> None:
    own.write({"layouts/partials/footer.html": "{{ site.title | shout }}"})
    own.write({"layouts/robots.txt": "{{ today(1) }}"})
    own.build()
    assert "TEST PAPER!" in own.text(STORY)
    assert own.text("robots.txt") == "The day of 1"


def test_sites_in_one_process_share_no_code(own: SmallSite, tmp_path: Path) -> None:
    show(own, "{{ story.title | shout }}")
    other = SmallSite(tmp_path / "other")
    other.article("good")
    show(other, "{{ story.title | shout }}")
    own.build()
    assert other.errors() == [
        "layouts/article.html:3: No filter named 'shout'., while rendering /2026/06/good/;"
        " mend the layout"
    ]
    other.write({"layouts/extensions.py": CODE.replace(".upper()", ".lower()")})
    other.build()
    own.build(clean=True)
    assert ("GOOD!" in own.text(STORY), "good!" in other.text(STORY)) == (True, True)


def test_classes_may_name_types_that_are_written_as_texts(own: SmallSite) -> None:
    head = "from __future__ import annotations\nfrom dataclasses import dataclass\n"
    kind = "\n@dataclass\nclass Loud:\n    text: str\n\n"
    marked = "@filter\ndef loud(text: str) -> Loud:\n    return Loud(text).text * 2\n"
    own.write({"layouts/extensions.py": head + CODE + kind + marked})
    show(own, "{{ story.title | loud }}")
    own.build()
    assert "GoodGood" in own.text(STORY)


def test_what_code_prints_is_no_part_of_the_report(own: SmallSite) -> None:
    own.write(
        {
            "layouts/extensions.py": CODE.replace(
                "    return text.upper", "    print(text); return text.upper"
            )
        }
    )
    show(own, "{{ story.title | shout }}")
    code, printed, shown = command(own.root, "--json", "--jobs", "1")
    assert (code, json.loads(printed)["errors"]) == (0, [])
    assert "Good" in shown


def test_what_broadsheet_gives_itself_is_known_by_name(tmp_path: Path) -> None:
    folders = (str(tmp_path), str(default_folder()))
    config = RenderConfig(folders, "", str(tmp_path), {}, {}, "en", "https://p.example", "/")
    plain, ours = bare_environment(folders), make_environment(config, Nowhere())
    assert set(ours.filters) - set(plain.filters) == FILTERS
    assert set(ours.globals) - set(plain.globals) == GLOBALS


class Nowhere:
    """No bodies."""

    def prose(self, key: str) -> bytes:
        raise KeyError(key)


# ------------------------------------------------------------------ what an edit wakes


def edit(site: SmallSite, old: str, new: str) -> None:
    file = site.root / "layouts/extensions.py"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    "expression",
    [
        "{{ story.title | shout }}",
        '{{ "constant" | shout }}',
        '{{ ["constant"] | map("shout") | join }}',
        '{{ ["constant"] | map(story.kicker or "shout") | join }}',
    ],
)
def test_a_changed_filter_wakes_the_pages_that_use_it(own: SmallSite, expression: str) -> None:
    show(own, expression)
    own.build()
    assert "!" in own.text(STORY)
    edit(own, 'mark="!"', 'mark="?"')
    assert build_again(own).rendered == {STORY}
    own.build(jobs=2)


def test_a_changed_function_wakes_those_that_use_it_by_a_part(own: SmallSite) -> None:
    own.write({"layouts/partials/mine.html": "{% macro m() %}{{ today(3) }}{% endmacro %}"})
    own.write({"layouts/404.html": '{% from "partials/mine.html" import m %}{{ m() }}'})
    own.build()
    edit(own, "The day of", "Any day of")
    assert build_again(own).rendered == {"404.html"}
    assert own.text("404.html") == "Any day of 3"


def test_a_changed_test_wakes_those_that_use_it(own: SmallSite) -> None:
    show(own, "{{ 'loud' if story.title is shouted else 'soft' }}")
    own.build()
    edit(own, "text.isupper()", "True")
    assert build_again(own).rendered == {STORY}
    assert "loud" in own.text(STORY)


def test_code_that_no_layout_uses_wakes_nothing(own: SmallSite) -> None:
    own.build()
    edit(own, 'mark="!"', 'mark="?"')
    assert build_again(own).rendered == set()


def test_with_nothing_new_a_build_runs_no_code(own: SmallSite) -> None:
    own.write({"layouts/extensions.py": f"{CODE}\nprint('ran')\n"})
    show(own, "{{ story.title | shout }}")
    assert "ran" in command(own.root, "--jobs", "1")[2]
    assert "ran" not in command(own.root, "--jobs", "1")[2]


def test_a_filter_of_jinja_that_is_replaced_comes_back(own: SmallSite) -> None:
    show(own, '{{ "constant" | upper }}{{ story.title | upper }}')
    own.build()
    assert "CONSTANTGOOD" in own.text(STORY)
    mine = "\n@filter(replaces=True)\ndef upper(text):\n    return 'mine' + text\n"
    own.write({"layouts/extensions.py": CODE + mine})
    assert STORY in build_again(own).rendered
    assert "mineconstantmineGood" in own.text(STORY)
    own.write({"layouts/extensions.py": CODE})
    assert STORY in build_again(own).rendered
    assert "CONSTANTGOOD" in own.text(STORY)


def test_a_layout_may_ask_whether_there_is_a_filter(own: SmallSite) -> None:
    show(own, "{% if 'shout' is filter %}There is.{% else %}None.{% endif %}")
    own.build()
    assert "There is." in own.text(STORY)
    (own.root / "layouts/extensions.py").unlink()
    assert build_again(own).rendered == {STORY}
    assert "None." in own.text(STORY)


def test_code_that_goes_is_missed_where_it_is_used(own: SmallSite) -> None:
    show(own, "{{ story.title | shout }}")
    own.build()
    (own.root / "layouts/extensions.py").unlink()
    assert refused(own) == [
        "layouts/article.html:3: No filter named 'shout'., while rendering /2026/06/good/;"
        " mend the layout"
    ]


# ----------------------------------------------------------------------------- mistakes


def test_a_function_that_fails_is_told_with_its_line_its_caller_and_its_page(
    own: SmallSite,
) -> None:
    own.build()
    show(own, "{{ story.title | shout(3) }}")
    assert refused(own) == [
        'layouts/extensions.py:6: TypeError: can only concatenate str (not "int") to str,'
        " called in layouts/article.html:3, while rendering /2026/06/good/; mend the function"
    ]


def test_a_function_that_is_called_wrongly_is_told_where_it_is_written(own: SmallSite) -> None:
    own.build()
    show(own, "{{ today() }}")
    assert refused(own) == [
        "layouts/extensions.py:8: TypeError: a_day() missing 1 required positional argument:"
        " 'year', called in layouts/article.html:3, while rendering /2026/06/good/;"
        " mend the function"
    ]


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("return f(x)", "RecursionError: maximum recursion depth exceeded"),
        ("return {}[x]", "KeyError: 'Good'"),
        ("raise MemoryError", "MemoryError"),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_whatever_a_function_raises_is_an_error_of_its_line(
    own: SmallSite, failure: str, said: str, jobs: int
) -> None:
    own.build()
    own.write({"layouts/extensions.py": f"{CODE}\n@filter\ndef f(x):\n    {failure}\n"})
    show(own, "{{ story.title | f }}")
    (told,) = refused(own, jobs=jobs)
    assert told.startswith(f"layouts/extensions.py:18: {said}")
    assert told.endswith("while rendering /2026/06/good/; mend the function")


def test_a_filter_that_returns_nothing_is_told(own: SmallSite) -> None:
    own.build()
    silent = "\n@filter\ndef f(x):\n    pass\n\n@function\ndef g():\n    pass\n"
    own.write({"layouts/extensions.py": CODE + silent})
    show(own, "{{ story.title | f }}")
    assert refused(own) == [
        "layouts/extensions.py:16: the filter `f` returns nothing, called in"
        " layouts/article.html:3, while rendering /2026/06/good/;"
        ' let it return something in every case, such as ""'
    ]
    show(own, "{{ 'nothing there' if g() is none }}")
    own.build()
    assert "nothing there" in own.text(STORY)


def test_values_that_do_harm_when_they_are_asked_are_not(own: SmallSite) -> None:
    kind = "class Odd:\n    __slots__ = ()\n    def __getattr__(self, name): raise RuntimeError\n"
    own.write({"layouts/extensions.py": f"{CODE}\n{kind}\nodd = Odd()\n"})
    assert own.warnings() == []


def test_what_a_layout_gives_that_is_not_there_is_its_own_mistake(own: SmallSite) -> None:
    own.build()
    show(own, "{{ story.titel | shout }}")
    (told,) = refused(own)
    assert told.startswith("layouts/article.html:3: Story has no `titel`, only title, url,")


@pytest.mark.parametrize(
    "marks", ["@filter\n@functools.cache", "@functools.cache\n@filter", "@filter\n@loudly"]
)
def test_a_function_may_have_other_decorators(own: SmallSite, marks: str) -> None:
    loudly = "def loudly(f):\n    return functools.wraps(f)(lambda x: f(x))\n"
    code = f"import functools\n{CODE}\n{loudly}\n{marks}\ndef twice(text):\n    return text * 2\n"
    own.write({"layouts/extensions.py": code})
    show(own, "{{ story.title | twice }}{{ 'x' | twice }}")
    own.build()
    assert "GoodGoodxx" in own.text(STORY)


def test_a_function_that_fails_now_and_then_is_an_error_too(own: SmallSite) -> None:
    own.build()
    code = (
        "\ntimes = []\n@filter\ndef f(x):\n    times.append(x)\n    return 1 / (len(times) - 1)\n"
    )
    own.write({"layouts/extensions.py": CODE + code})
    show(own, "{{ story.title | f }}")
    (told,) = refused(own)
    assert told.startswith("layouts/extensions.py:20: ZeroDivisionError")


BROKEN = {
    "def f(:\n": "layouts/extensions.py:1: broken code: invalid syntax; mend the line",
    "x = 1\nx +\n": "layouts/extensions.py:2: broken code: invalid syntax; mend the line",
    "x = 1\n\n1 / 0\n": "layouts/extensions.py:3: ZeroDivisionError: division by zero;"
    " mend the function",
    "import no_such_thing\n": "layouts/extensions.py:1: ModuleNotFoundError: No module named"
    " 'no_such_thing'; take it out, or install what brings it: pip install no_such_thing",
    "import babbel\n": "layouts/extensions.py:1: ModuleNotFoundError: No module named 'babbel';"
    ' did you mean "babel"?',
    "raise SystemExit\n": "layouts/extensions.py:1: SystemExit; mend the function",
    "from generator.extend import fliter\n": "layouts/extensions.py:1: ImportError: cannot import"
    " name 'fliter' from 'generator.extend'",
    "from generator.extend import filter\nf = filter('f')(len)\n": "layouts/extensions.py:2:"
    " TypeError: <built-in function len> is no function to be marked: write one with `def`;"
    " mend the function",
    "\udcff".encode("utf-8", "surrogateescape"): "layouts/extensions.py:1: the bytes are no UTF-8"
    " (0xff); save the file as UTF-8",
}


@pytest.mark.parametrize("what", ["folder", "link", "pipe"])
def test_a_file_of_code_that_is_none(built: SmallSite, what: str) -> None:
    file = built.root / "layouts/extensions.py"
    file.parent.mkdir()
    made = {"folder": file.mkdir, "pipe": lambda: os.mkfifo(file)}
    made["link"] = lambda: file.symlink_to("/etc/hostname")
    made[what]()
    told = refused(built)
    assert told and all(one.startswith("layouts/extensions.py: ") for one in told)


@pytest.mark.parametrize("code", BROKEN)
def test_code_that_cannot_be_run(built: SmallSite, code: Any) -> None:
    built.write({"layouts/extensions.py": code})
    (told,) = refused(built)
    assert told.startswith(BROKEN[code])


NAMES = {
    "@filter\ndef upper(x): ...": "there is a filter `upper` already, of Jinja;"
    " give it another name, or mean it: @filter(replaces=True)",
    "@filter\ndef date(x): ...": "there is a filter `date` already, of Broadsheet;"
    " give it another name, or mean it: @filter(replaces=True)",
    "@test\ndef odd(x): ...": "there is a test `odd` already, of Jinja;"
    " give it another name, or mean it: @test(replaces=True)",
    "@function\ndef asset(x): ...": "there is a function `asset` already, of Broadsheet;"
    " give it another name, or mean it: @function(replaces=True)",
    "@function\ndef story(x): ...": "the function `story` could not be called: pages have a value"
    ' of that name; give it another one: @function("my_story")',
    "@function\ndef site(x): ...": "the function `site` could not be called: pages have a value"
    ' of that name; give it another one: @function("my_site")',
    "@filter(replaces=True)\ndef dat(x): ...": "there is no filter `dat` to replace;"
    " did you mean `date`?",
    "@filter('a b')\ndef f(x): ...": '"a b" cannot be the name of a filter; give it another one',
    "@test('in')\ndef f(x): ...": '"in" cannot be the name of a test; give it another one',
    "@filter\ndef f(x): ...\n@filter('f')\ndef g(x): ...": "there is a filter `f` already,"
    " of layouts/extensions.py; give it another name, or mean it: @filter(replaces=True)",
    "@check\ndef f(): ...": "the check `f` takes nothing; write (story), or (story, text)",
    "@check\ndef f(story, words): ...": "the check `f` takes story, words;"
    " write (story), or (story, text)",
    "@filter\nasync def f(x): ...": "`f` is asynchronous, and nobody waits for it;"
    " write it with `def`",
    "import jinja2\n@filter\n@jinja2.pass_context\ndef f(c, x): ...": "`f` asks Jinja for more than"
    " the layout gives it; have the layout give it what it needs,"
    " and take out the decorator of Jinja",
}


@pytest.mark.parametrize("code", NAMES)
def test_a_name_that_cannot_be_given(built: SmallSite, code: str) -> None:
    head = "from generator.extend import *\n"
    built.write({"layouts/extensions.py": head + code})
    (told,) = refused(built)
    assert told.partition(": ")[2] == NAMES[code]


def test_all_mistakes_are_told_at_once(built: SmallSite) -> None:
    first, second = "@filter\ndef upper(x): ...\n", "@test\ndef odd(x): ...\n"
    built.write({"layouts/extensions.py": f"from generator.extend import *\n{first}{second}"})
    built.write({"layouts/404.html": "{{ oops. }}", "content/articles/bad.md": "Nothing."})
    told = refused(built)
    assert [message.partition(" ")[0] for message in told] == [
        "content/articles/bad.md:1:",
        "layouts/404.html:1:",
        "layouts/extensions.py:2:",
        "layouts/extensions.py:4:",
    ]


def test_a_misspelt_name_of_the_file_is_told(site: SmallSite) -> None:
    site.article("good")
    site.write({"layouts/extentions.py": CODE})
    assert site.warnings() == [
        "layouts/extentions.py: nothing uses this layout; did you mean layouts/extensions.py?"
    ]


def test_a_file_that_marks_nothing_is_told(site: SmallSite) -> None:
    site.article("good")
    site.write({"layouts/extensions.py": "def shout(text):\n    return text\n"})
    assert site.warnings() == [
        "layouts/extensions.py: nothing in it is marked as a filter, function, test or check;"
        " write @filter above what is to be one, or take it out"
    ]


# ----------------------------------------------------------------------------- packages


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder of packages that Python finds, with one in it that marks a filter."""
    folder = tmp_path / "packages"
    (folder / "loud_words").mkdir(parents=True)
    (folder / "loud_words/__init__.py").write_text("from loud_words.filters import shout\n")
    (folder / "loud_words/filters.py").write_text(CODE)
    return folder


def built_with(site: SmallSite, packages: Path, *more: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the report of a build that finds these packages."""
    path = os.pathsep.join([str(REPOSITORY), str(packages)])
    code, printed, _ = command(site.root, "--json", "--jobs", "2", *more, PYTHONPATH=path)
    return code, json.loads(printed)


def name_packages(site: SmallSite, *names: str) -> None:
    settings = 'title = "Test Paper"\nurl = "https://paper.example/"\n'
    site.write({"site.toml": f"{settings}extensions = {json.dumps(names)}\n"})


def test_a_package_brings_what_it_marks(site: SmallSite, packages: Path) -> None:
    site.article("good")
    name_packages(site, "loud_words")
    show(site, "{{ story.title | shout }}")
    assert built_with(site, packages)[0] == 0
    assert "GOOD!" in site.text(STORY)
    assert built_with(site, packages)[1]["rendered"] == 0
    (packages / "loud_words/filters.py").write_text(CODE.replace('"!"', '"?"'))
    assert built_with(site, packages)[1]["rendered"] == 1
    assert "GOOD?" in site.text(STORY)


def test_another_version_of_a_distribution_wakes_those_that_use_it(
    site: SmallSite, packages: Path
) -> None:
    site.article("good")
    name_packages(site, "loud_words")
    show(site, "{{ story.title | shout }}")
    distribution = install(packages, "loud-words", "1.0", "loud_words/__init__.py")
    assert built_with(site, packages)[0] == 0
    assert built_with(site, packages)[1]["rendered"] == 0
    metadata = distribution / "METADATA"
    metadata.write_text(metadata.read_text().replace("1.0", "1.1"))
    assert built_with(site, packages)[1]["rendered"] == 1


def install(packages: Path, name: str, version: str, *files: str) -> Path:
    """Write the metadata of a distribution beside its files."""
    folder = packages / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (folder / "RECORD").write_text("".join(f"{file},,\n" for file in files))
    return folder


def test_a_library_that_the_file_imports_wakes_those_that_use_it(
    site: SmallSite, packages: Path
) -> None:
    site.article("good")
    (packages / "marks.py").write_text("MARK = '!'\n")
    code = "from generator.extend import filter\n\n@filter\ndef f(x):\n    import marks\n"
    site.write({"layouts/extensions.py": f"{code}    return x + marks.MARK\n"})
    show(site, "{{ story.title | f }}")
    assert built_with(site, packages)[0] == 0
    (packages / "marks.py").write_text("MARK = '?'\n")
    assert built_with(site, packages)[1]["rendered"] == 1
    assert "Good?" in site.text(STORY)


PACKAGES = {
    "no_such_thing": 'extensions: there is no installed package "no_such_thing"; take it out,'
    " or install what brings it: pip install no_such_thing",
    "babbel": 'extensions: there is no installed package "babbel"; did you mean "babel"?',
    "": 'extensions: there is no installed package ""; take it out, or install what brings it:'
    " pip install ",
    "broken_words": 'extensions: "broken_words" cannot be imported: ZeroDivisionError:'
    " division by zero; mend it, or take it out",
}


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_that_is_not_to_be_had(site: SmallSite, packages: Path, name: str) -> None:
    site.article("good")
    (packages / "broken_words.py").write_text("1 / 0\n")
    name_packages(site, "loud_words", name)
    code, report = built_with(site, packages)
    assert (code, [line(one) for one in report["errors"]]) == (
        1,
        [f"site.toml:3: {PACKAGES[name]}"],
    )


def test_a_package_that_fails_is_told_by_its_own_file(site: SmallSite, packages: Path) -> None:
    site.article("good")
    name_packages(site, "loud_words")
    show(site, "{{ 3 | shout }}")
    _, report = built_with(site, packages)
    assert [line(one) for one in report["errors"]] == [
        "loud_words/filters.py:6: AttributeError: 'int' object has no attribute 'upper',"
        " called in layouts/article.html:3, while rendering /2026/06/good/; mend the function"
    ]


def test_the_file_may_replace_what_a_package_brings(site: SmallSite, packages: Path) -> None:
    site.article("good")
    name_packages(site, "loud_words")
    site.write({"layouts/extensions.py": CODE})
    show(site, "{{ story.title | shout }}")
    _, report = built_with(site, packages)
    assert [line(one) for one in report["errors"]] == [
        "layouts/extensions.py:4: there is a filter `shout` already, of loud_words/filters.py;"
        " give it another name, or mean it: @filter(replaces=True)"
    ]
    mine = CODE.replace("@filter", "@filter(replaces=True)").replace('"!"', '"."')
    site.write({"layouts/extensions.py": mine})
    assert built_with(site, packages)[0] == 0
    assert "GOOD." in site.text(STORY)


# ------------------------------------------------------------------------- the preview


def page(live: Session) -> str:
    body = respond(live, "/2026/06/good/").body
    assert isinstance(body, bytes)
    return body.decode()


def test_the_preview_takes_up_a_saved_change(own: SmallSite) -> None:
    show(own, "{{ story.title | shout }}")
    live = Session(own.root, NOW)
    live.update()
    assert "GOOD!" in page(live)
    assert live.planned is not None
    others = "index.html", "404.html"
    before = {path: live.planned.render(live.planned.pages[path]).fingerprint for path in others}
    edit(own, 'mark="!"', 'mark="?"')
    live.update(["layouts/extensions.py"])
    assert "GOOD?" in page(live)
    after = {path: live.planned.render(live.planned.pages[path]) for path in others}
    assert {path: page.fingerprint for path, page in after.items()} == before
    assert not any(page.is_new for page in after.values())


def test_the_preview_goes_on_with_what_worked(own: SmallSite) -> None:
    show(own, "{{ story.title | shout }}")
    live = Session(own.root, NOW)
    live.update()
    edit(own, "@filter", "@filtre")
    live.update(["layouts/extensions.py"])
    assert "GOOD!" in page(live)
    assert [str(problem) for problem in live.problems()] == [
        "layouts/extensions.py:4: NameError: name 'filtre' is not defined; mend the function"
    ]
    edit(own, "@filtre", "@filter")
    live.update(["layouts/extensions.py"])
    assert live.problems() == []


def test_a_function_that_fails_in_the_preview_is_told_over_the_page(own: SmallSite) -> None:
    show(own, "{{ story.title | shout(3) }}")
    live = Session(own.root, NOW)
    live.update()
    (problem,) = respond(live, "/2026/06/good/").problems
    assert (problem.file, problem.line) == ("layouts/extensions.py", 6)
