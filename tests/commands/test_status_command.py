"""`broadsheet status`: whether the built site is up to date, which mistakes there are, its exit."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import msgspec
import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.commands.status import Built, News, Next, Standing, Status, Timed
from support.manual import codes, section, tables
from support.sites import LONG, NOW, SETTINGS, SmallSite, running
from support.status_reports import BERLIN, lines, status, told

# ------------------------------------------------------------------------ the built site


def built(site: SmallSite, at: str = NOW.isoformat()) -> Built:
    return msgspec.convert(told(site, at)["built"], Built)


def test_a_built_site_is_out_of_date_once_something_was_due(site: SmallSite) -> None:
    site.article("evening", date="2026-06-15T18:00")
    site.article("night", date="2026-06-15T23:00")
    site.build()
    assert built(site, "2026-06-15T17:59").standing == "current"
    late = built(site, "2026-06-15T23:30")
    assert (late.standing, late.since) == ("due", datetime(2026, 6, 15, 18, tzinfo=UTC))
    said = "the built site is out of date since 18:00: run broadsheet build"
    assert lines(site, "2026-06-15T23:30")[-1] == said
    site.build(at=datetime(2026, 6, 15, 23, 30, tzinfo=UTC))
    assert built(site, "2026-06-15T23:30").standing == "current"


def test_a_drafts_date_changes_nothing(site: SmallSite) -> None:
    site.article("story")
    site.article("idea", date="2026-06-15T18:00", expires="2026-06-15T19:00", draft="true")
    site.build()
    assert built(site, "2026-06-20").standing == "current"


def test_a_site_built_for_a_later_moment_is_ahead(site: SmallSite) -> None:
    site.article("evening", date="2026-06-15T18:00")
    site.build(at=datetime(2026, 6, 15, 19, tzinfo=UTC))
    assert built(site, "2026-06-15T18:30").standing == "current"
    assert built(site).standing == "ahead"
    assert lines(site)[-1] == "the built site is that of a later moment: 19:00"


def test_new_content_layouts_and_settings_are_changes(site: SmallSite) -> None:
    site.article("story")
    changes: list[dict[str, str | bytes]] = [
        {"content/articles/story.md": "---\ntitle: A\ndate: 2026-06-01\n---\n\nNew.\n"},
        {"content/map.svg": "<svg/>"},
        {"layouts/labels/en.toml": 'related = "More"\n'},
        {"site.toml": SETTINGS + 'tagline = "New"\n'},
    ]
    for change in changes:
        site.build()
        assert built(site).standing == "current"
        site.write(change)
        assert built(site).standing == "changed", change
    said = "the built site is out of date, for something was changed: run broadsheet build"
    assert lines(site)[-1] == said


def test_a_site_that_was_never_built_or_is_gone_is_missing(site: SmallSite) -> None:
    site.article("story")
    assert built(site) == Built("missing")
    site.build()
    for file in sorted(site.public.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    assert built(site) == Built("missing")


def test_a_site_that_something_else_wrote_is_unknown(site: SmallSite) -> None:
    site.article("story")
    site.build()
    (site.public / ".broadsheet").write_text("index.html\n")
    assert built(site) == Built("unknown")
    said = "it is not known what the built site was made from: run broadsheet build"
    assert lines(site)[-1] == said


def test_a_site_built_with_drafts_says_so(site: SmallSite) -> None:
    site.article("idea", draft="true")
    site.build(drafts=True)
    assert (built(site).standing, built(site).drafts) == ("current", True)
    assert lines(site)[-1] == "the built site shows drafts"


# ----------------------------------------------------------------------------- mistakes


def test_every_mistake_in_front_matter_is_told_and_no_body_is_looked_at(site: SmallSite) -> None:
    site.article("bad-date", date="soon")
    site.article("bad-draft", draft="perhaps")
    site.article("no-picture", image="{src: gone.jpg, alt: Gone}")
    site.article("same", slug="twin")
    site.article("again", slug="twin")
    site.article("body", "[A link](nowhere.md)")
    site.article("choice", related="{pin: [bad-date]}")
    site.write({"content/articles/none.md": "No front matter.\n"})
    result = status(site)
    assert (result.exit_code, result.stdout) == (1, "")
    told = result.stderr.splitlines()
    assert [row.split(": ")[0] for row in told] == [
        "content/articles/bad-date.md:3",
        "content/articles/bad-draft.md:4",
        "content/articles/no-picture.md:4",
        "content/articles/none.md:1",
        "content/articles/same.md:4",
    ]
    assert set(told) <= set(site.errors())
    shown = json.loads(status(site, "--json").stdout)
    assert [f"{error['file']}:{error['line']}" for error in shown["errors"]] == [
        row.split(": ")[0] for row in told
    ]
    assert shown.keys() == {"errors", "warnings"}


def test_mistakes_in_settings_are_told_with_those_in_content(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + 'timezone = "Mars/Phobos"\n'})
    site.article("bad", date="soon")
    result = status(site)
    assert result.exit_code == 1
    places = [row.split(": ")[0] for row in result.stderr.splitlines()]
    assert places == ["content/articles/bad.md:3", "site.toml:3"]


def test_a_mistake_made_after_a_build_is_told(site: SmallSite) -> None:
    site.article("story")
    site.build()
    site.article("story", expires="later")
    assert status(site).exit_code == 1
    site.article("story", promo="none-such")
    assert 'promo: there is no "none-such"' in status(site).stderr


def test_a_folder_that_is_no_site_is_at_fault(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["status", "--root", str(tmp_path)])
    assert result.exit_code == 1
    assert result.stderr.startswith("site.toml: there is no such file")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--at", "soon"], ["--root", "none-such"], ["more"]])
def test_wrong_usage_is_told(site: SmallSite, arguments: list[str]) -> None:
    assert CliRunner().invoke(main, ["status", *arguments]).exit_code == 2


def test_nothing_is_converted_and_nothing_written_but_how_files_look(site: SmallSite) -> None:
    site.article("story")
    site.article("idea", draft="true")
    told(site)
    assert {file.name for file in site.root.iterdir()} == {".broadsheet", "content", "site.toml"}
    names = {file.name for file in (site.root / ".broadsheet").iterdir()}
    assert names <= {"files.texts", "files.copies", "blobs", "lock"}
    assert [file.name for file in (site.root / ".broadsheet/blobs").iterdir()] == ["name"]


# ---------------------------------------------------------------------------- the command


def test_the_real_command_goes_by_the_clock(site: SmallSite) -> None:
    now = datetime.now(ZoneInfo("Europe/Berlin")).replace(microsecond=0)
    coming = now + timedelta(days=3)
    site.write({"site.toml": BERLIN})
    site.article("story", date=coming.isoformat())
    with running(site.root, "status", "--json", errors=subprocess.PIPE) as process:
        printed, shown = process.communicate(timeout=LONG)
    assert (process.returncode, shown) == (0, "")
    found = msgspec.json.decode(printed, type=Status)
    assert found.next is not None and found.next.at == coming
    assert now <= found.at < now + timedelta(seconds=LONG)


def test_what_it_reports_is_documented() -> None:
    rows = tables(section("commands", "## broadsheet status"))["option"]
    (meaning,) = [row[1] for row in rows if row[0] == "`--json`"]
    inner = {"news": News, "next": Next, "built": Built}
    names: list[str] = []
    for name in Status.__struct_fields__:
        names += [name, *(inner[name].__struct_fields__ if name in inner else ())]
    named = [code for code in codes(meaning) if code != "null"]
    assert named == [*names, *Timed.__struct_fields__]
    standings = codes(section("commands", "## broadsheet status").split("**The built site**")[1])
    assert [code for code in standings if code in get_args(Standing)] == [*get_args(Standing)]
