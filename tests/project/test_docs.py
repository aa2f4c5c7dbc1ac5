"""The manual says all there is, and nothing that is not; the README leads to it."""

import json
import re
import shutil
import typing
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner
from msgspec.structs import fields

from generator import extend, model
from generator.cli import UNTOLD, main
from generator.codes import Code
from generator.commands.build import Report
from generator.commands.layouts import DefaultLayout, DefaultLayouts
from generator.config import Settings
from generator.config.taxonomies import ASKED_BESIDE_TERMS
from generator.errors import Problem
from generator.state.blobs import Blobs
from generator.templates import views
from generator.templates.environment import RenderConfig, make_environment
from generator.templates.folders import default_folder
from generator.templates.loader import bare_environment
from support.manual import README, chapter, codes, named, section, tables, walk
from support.sites import REPOSITORY, SmallSite, command

# ------------------------------------------------------------------ content and settings


@pytest.mark.parametrize("kind", typing.get_args(model.Matter))
def test_every_field_of_front_matter_is_documented(kind: type[msgspec.Struct]) -> None:
    rows = tables(section("writing", f"## {kind.__name__.removesuffix('Matter')}s"))["field"]
    assert named(rows) == [name for name, _ in walk(kind)]
    required = [codes(row[0])[0] for row in rows if re.search(r"Required(?! with)", row[1])]
    assert required == [field.encode_name for field in fields(kind) if field.required]


def test_every_setting_is_documented_with_its_default() -> None:
    rows = tables(chapter("settings"))["setting"]
    known = dict(walk(Settings))
    assert named(rows) == list(known)
    for name, default, _ in rows:
        if written := codes(default):
            value = known[codes(name)[0]].default
            assert written[0] == json.dumps(value) or written[0] in known, name


# ------------------------------------------------------------------------------ layouts


def layouts_of(view: type[views.View]) -> list[str]:
    return re.findall(
        r"`([\w-]+\.(?:html|xml|json|txt)|cards/story.svg|_headers|_redirects)`", view.__doc__ or ""
    )


def whole_views() -> list[type[views.View]]:
    ours = views.View.__subclasses__()
    return [view for view in ours if view.__module__.startswith("generator.")]


def test_every_layout_is_documented_with_what_it_sees() -> None:
    rows = tables(chapter("layouts"))["layout"]
    folder = default_folder()
    files = (file for file in [*folder.iterdir(), *folder.glob("cards/*")] if file.is_file())
    names = (file.relative_to(folder).as_posix() for file in files)
    assert sorted(named(rows)) == sorted(name for name in names if "base" not in name)
    sees = {codes(row[0])[0]: codes(row[2]) for row in rows}
    for view in whole_views():
        assert layouts_of(view), f"{view.__name__} does not name its layout"
        for layout in layouts_of(view):
            seen = sees[layout]
            seen = sees[seen[0]] if seen and seen[0] in sees else seen
            assert seen == list(view.__struct_fields__), layout


def test_every_value_in_a_view_is_documented_field_by_field() -> None:
    text = chapter("layouts")
    documented = {
        name: [code for code in codes(row[2]) if code.isidentifier()]
        for row in tables(text)["value"]
        if (name := row[0]).isidentifier()
    }
    for row in tables(text)["value"]:
        for name in re.findall(r"\b(PublisherCard|Feeds): ", row[1]):
            documented[name] = codes(row[1])
    whole = {
        views.Value,
        views.View,
        views.SiteView,
        views.Head,
        *whole_views(),
    }
    parts = {
        name: list(kind.__struct_fields__)
        for name, kind in vars(views).items()
        if isinstance(kind, type) and issubclass(kind, views.Value) and kind not in whole
    }
    assert documented == parts | {"Head": list(views.Head.__struct_fields__)}


def test_every_value_of_the_site_is_documented() -> None:
    rows = tables(chapter("layouts"))["value"]
    names = [name for name in named(rows) if name.startswith("site.")]
    assert sorted(names) == sorted(f"site.{name}" for name in views.SiteView.__struct_fields__)


def test_every_filter_and_function_is_documented(tmp_path: Path) -> None:
    folders = (str(tmp_path), str(default_folder()))
    plain = bare_environment(folders)
    with Blobs.to_write(tmp_path / "blobs") as blobs:
        ours = make_environment(
            RenderConfig(folders, "", str(tmp_path), {}, {}, "en", "https://p.example", "/"), blobs
        )
    names = (set(ours.filters) | set(ours.globals)) - set(plain.filters) - set(plain.globals)
    assert set(named(tables(chapter("layouts"))["filter or function"])) == names


def test_all_that_stories_can_be_asked_for_is_documented() -> None:
    rows = tables(section("layouts", "## Lists of stories"))["argument"]
    assert sorted(named(rows)) == sorted(
        ["section", "series", "tag", "author", *ASKED_BESIDE_TERMS]
    )


# --------------------------------------------------------------------------- extensions


def test_all_that_code_of_others_may_go_by_is_documented() -> None:
    text = chapter("extensions")
    rows = tables(text)["value"]
    fields = {name: [c for row in rows if row[0] == name for c in codes(row[1])] for name in KINDS}
    assert fields["Story"] == [*extend.Story.__struct_fields__, "title", "tags"]
    assert fields["Finding"] == list(extend.Finding.__struct_fields__)
    assert named(tables(text)["mark"]) == ["@filter", "@function", "@test", "@check"]
    assert {*codes(section("extensions", "## What lasts").rpartition("```")[2])} == {
        *extend.__all__
    }


KINDS = "Story", "Finding"


@pytest.mark.parametrize(
    "example", re.findall(r"```python\n(.*?)```", chapter("extensions"), re.DOTALL)
)
def test_every_example_of_code_is_sound(site: SmallSite, example: str) -> None:
    site.article("good", "It is very good.", summary="A summary.")
    marked = (
        ""
        if "@" in example
        else "from generator.extend import check\n\n@check\ndef f(story): ...\n"
    )
    site.write({"layouts/extensions.py": example + marked})
    told = ['content/articles/good.md:7: "very" says nothing; take it out']
    assert site.warnings() == (told if "no_very" in example else [])


# ----------------------------------------------------------------------------- commands


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    documented = re.findall(r"^## broadsheet (\w+)$", chapter("commands"), re.MULTILINE)
    assert sorted(documented) == sorted(main.commands)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_option_of_a_command_is_documented(name: str) -> None:
    text = section("commands", f"## broadsheet {name}")
    parameters = main.commands[name].params
    options = [p for p in parameters if isinstance(p, click.Option)]
    wanted = [spelled for o in options for spelled in [*o.opts, *o.secondary_opts]]
    rows = [cell for row in tables(text).get("option", []) for cell in codes(row[0])]
    assert sorted(part for cell in rows for part in cell.split("/")) == sorted(wanted)
    assert len(options) == len(parameters) or f"`broadsheet {name} " in text


def test_what_a_build_reports_is_documented() -> None:
    rows = tables(section("commands", "## broadsheet build"))["option"]
    (meaning,) = [row[1] for row in rows if row[0] == "`--json`"]
    told = [name for name in Report.__struct_fields__ if name not in UNTOLD]
    assert codes(meaning) == [*told, "complete", "errors"]


def test_the_steps_that_are_shown_of_the_demo_are_its_own(tmp_path: Path) -> None:
    """Seconds are those of some machine; what is counted is the same on every one."""
    for name in ("content", "layouts"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    shutil.copy(REPOSITORY / "site.toml", tmp_path)
    told = section("commands", "## broadsheet build")
    assert counts(told) == counts(command(tmp_path, "--verbose")[2])


def counts(text: str) -> list[str]:
    """The lines that tell a step of a build, without its seconds."""
    return re.findall(r"^(\w+: [\d,]+ \w+), [\d.]+ s$", text, re.MULTILINE)


def test_what_layouts_lists_is_documented() -> None:
    rows = tables(section("commands", "## broadsheet layouts"))["option"]
    (meaning,) = [row[1] for row in rows if row[0] == "`--json`"]
    each = DefaultLayout.__struct_fields__
    assert codes(meaning) == [*DefaultLayouts.__struct_fields__, *each, "--copy", "copied"]


def test_every_exit_code_is_documented(site: SmallSite) -> None:
    def code(*arguments: str) -> str:
        return str(CliRunner().invoke(main, [*arguments, "--root", str(site.root)]).exit_code)

    site.article("story")
    seen = [code("build", "--jobs", "1"), code("build", "--jobs", "none")]
    site.article("story", title=None)
    seen.append(code("build", "--jobs", "1"))
    assert seen == ["0", "2", "1"]
    assert named(tables(chapter("commands"))["exit code"]) == sorted(seen)


def test_every_code_of_a_problem_is_documented_with_its_meaning() -> None:
    rows = tables(chapter("commands"))["code"]
    assert rows == [[f"`{code}`", code.meaning] for code in Code]


def test_the_problem_that_is_shown_as_an_object_is_one() -> None:
    (shown,) = map(json.loads, re.findall(r"```json\n(.*?)```", chapter("commands"), re.DOTALL))
    problem = Problem(shown["file"], shown["line"], shown["what"], code=Code(shown["code"]))
    assert msgspec.structs.replace(problem, remedy=shown["remedy"]).to_json() == shown


def test_ci_runs_the_readmes_two_commands_as_they_are_printed(repository: Path) -> None:
    script = (repository / ".ci" / "run").read_text(encoding="utf-8")
    (pattern,) = re.findall(r'grep "(.*)" README\.md', script)
    commands = re.findall(rf"{pattern}.*$", README, re.MULTILINE)
    assert [c.split("/")[-1] for c in commands] == ["broadsheet build", 'pytest -m "not long"']
