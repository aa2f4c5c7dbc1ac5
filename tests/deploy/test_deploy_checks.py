"""What is looked at before a deploy reaches for any host: the built site, and the settings."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from generator.deploy.targets.choose import host_of
from generator.state.journal import Journal
from support.builds import assert_digests_are_noted, opened
from support.sites import LONG, NOW, SmallSite, running

pytestmark = pytest.mark.long

SETTINGS = 'title = "Test Paper"\nurl = "https://paper.example/"\n'
PLACE = '\n[deploy.production]\nto = "file:///{}/www"\n'
REACHED = "1 new story, "
"""What is said of a site that was not refused."""


@pytest.fixture
def paper(site: SmallSite) -> SmallSite:
    site.write({"site.toml": SETTINGS + place(site)})
    site.article("one")
    site.article("two", draft="true")
    return site


def place(site: SmallSite) -> str:
    """The table of a target that there is: a folder beside the site."""
    return PLACE.format(site.root.parent.relative_to("/"))


def deploy(site: SmallSite, *arguments: str) -> tuple[int, str]:
    """The exit code, and what was said."""
    with running(site.root, "deploy", "--dry-run", *arguments, errors=subprocess.PIPE) as process:
        printed, said = process.communicate(timeout=LONG)
    return process.returncode, said + printed


def test_a_sound_build_goes_on_to_the_host(paper: SmallSite) -> None:
    paper.build()
    code, said = deploy(paper)
    assert code == 0
    assert said.startswith(REACHED)


def test_what_was_never_built_is_refused(paper: SmallSite) -> None:
    wanted = "public: there is no built site; run broadsheet build\n"
    assert deploy(paper) == (1, wanted)
    paper.write({"public/index.html": "made by something else"})
    assert deploy(paper) == (1, wanted)


OUTDATED = "warning: public: something was changed since this site was built, and is not in it"


def test_what_was_changed_since_the_build_is_warned_of(paper: SmallSite) -> None:
    paper.build()
    assert OUTDATED not in deploy(paper)[1]
    paper.article("one", title="Another title")
    assert OUTDATED in deploy(paper)[1]
    code, said = deploy(paper, "--json")
    told = json.loads(said[said.index("{") :])["warnings"]
    assert (code, [one["code"] for one in told]) == (0, ["not-built"])
    paper.write({"layouts/page.html": '{% extends "default/page.html" %}'})
    paper.build()
    assert OUTDATED not in deploy(paper)[1]
    paper.write({"layouts/page.html": '{% extends "default/page.html" %} '})
    assert OUTDATED in deploy(paper)[1]


def test_settings_of_the_target_do_not_make_a_built_site_outdated(paper: SmallSite) -> None:
    paper.build()
    paper.write({"site.toml": SETTINGS + place(paper) + "max_deletes = 3\n"})
    assert OUTDATED not in deploy(paper)[1]


@pytest.mark.parametrize("gone", ["content", ".broadsheet"])
def test_a_site_without_what_it_was_made_from_is_not_called_outdated(
    paper: SmallSite, gone: str
) -> None:
    paper.build()
    shutil.rmtree(paper.root / gone)
    code, said = deploy(paper)
    assert code == 0 and OUTDATED not in said


def test_a_deploy_that_moves_nothing_does_not_say_that_it_did(paper: SmallSite) -> None:
    paper.build()
    deployed(paper)
    with running(paper.root, "deploy", errors=subprocess.PIPE) as process:
        said = process.communicate(timeout=LONG)[1]
    assert said.startswith("nothing to do\nLooked at file://")
    assert "sent" not in said


def test_an_address_without_an_ending_is_refused_where_nobody_answers(paper: SmallSite) -> None:
    paper.write({"site.toml": f'host = "github"\n{SETTINGS}{place(paper)}'})
    paper.article("one", permalink="/first/one")
    paper.build()
    wanted = (
        "site.toml:6: deploy.production.to: for /first/one, without an ending, it does not answer;"
        ' end its permalink with a slash, or with ".html"\n'
    )
    assert deploy(paper) == (1, wanted)
    paper.article("one", permalink="/first/one.html")
    paper.build()
    assert deploy(paper)[0] == 0


def test_drafts_are_refused(paper: SmallSite) -> None:
    paper.build(drafts=True)
    code, said = deploy(paper)
    assert code == 1
    assert said == "public: drafts are in it; run broadsheet build, without --drafts\n"


def test_a_site_made_for_another_address_is_refused(paper: SmallSite) -> None:
    paper.build()
    moved = SETTINGS.replace("paper.example", "staging.example")
    paper.write({"site.toml": moved + place(paper)})
    code, said = deploy(paper)
    assert code == 1
    assert said.startswith("public: it was made for https://paper.example/, and the site's url is")


def test_a_site_made_for_a_later_moment_is_refused(paper: SmallSite) -> None:
    paper.article("tomorrow", date="2199-01-01")
    paper.build(at=NOW.replace(year=2200))
    code, said = deploy(paper)
    assert code == 1
    assert "holds a story of 2199-01-01" in said and "without --at" in said


def test_an_old_site_is_refused_while_the_build_fails(paper: SmallSite) -> None:
    paper.build()
    paper.article("broken", title=None)
    assert paper.errors()
    code, said = deploy(paper)
    assert code == 1
    assert said.startswith("public: the last build failed with 1 error: this is an old site; mend")
    (paper.root / "content/articles/broken.md").unlink()
    paper.build()
    assert REACHED in deploy(paper)[1]


def test_a_build_that_was_cut_off_is_refused(paper: SmallSite) -> None:
    paper.build()
    (paper.public / ".broadsheet-staging").mkdir()
    assert deploy(paper) == (1, "public: a build of it was cut off; run broadsheet build\n")


def test_files_that_are_gone_are_all_named(paper: SmallSite) -> None:
    paper.build()
    for name in ("feed.xml", "index.html"):
        (paper.public / name).unlink()
    code, said = deploy(paper)
    assert code == 1
    assert [line.partition(":")[0] for line in said.splitlines()] == [
        "public/feed.xml",
        "public/index.html",
    ]


def test_what_cannot_be_read_is_named_with_what_is_gone(paper: SmallSite) -> None:
    paper.build()
    (paper.public / "404.html").unlink()
    for name in ("feed.xml", "index.html"):
        (paper.public / name).unlink()
        (paper.public / name).mkdir()
    code, said = deploy(paper)
    assert code == 1
    assert said.splitlines() == [
        "public/404.html: the build put it there, and it is gone; build the site again",
        "public/feed.xml: cannot be read: Is a directory; build the site again",
        "public/index.html: cannot be read: Is a directory; build the site again",
    ]


def test_all_that_is_wrong_is_said_at_once(paper: SmallSite) -> None:
    paper.build(drafts=True)
    (paper.public / ".broadsheet-staging").mkdir()
    paper.write({"site.toml": SETTINGS.replace("paper", "other") + place(paper)})
    assert len(deploy(paper)[1].splitlines()) == 3


def test_a_target_must_be_named_where_there_are_several(paper: SmallSite) -> None:
    paper.build()
    paper.write(
        {"site.toml": SETTINGS + place(paper) + place(paper).replace("production", "staging")}
    )
    code, said = deploy(paper)
    assert code == 2
    assert "Name one of the targets in site.toml: production, staging" in said
    assert REACHED in deploy(paper, "staging")[1]
    code, said = deploy(paper, "live")
    assert code == 2
    assert "site.toml has no [deploy.live]; it has: production, staging" in said


def test_without_a_target_it_is_said_how_to_make_one(paper: SmallSite) -> None:
    paper.write({"site.toml": SETTINGS})
    paper.build()
    code, said = deploy(paper)
    assert code == 1
    assert 'add [deploy.production] with `to = "…"`' in said


def test_mistakes_in_the_settings_are_told_with_their_lines(paper: SmallSite) -> None:
    paper.write({"site.toml": f'{SETTINGS}\n[deploy.x]\nmax_deletes = "many"\nping = ["fax"]\n'})
    code, said = deploy(paper)
    assert code == 1
    assert [line.split(": ")[:2] for line in said.splitlines()] == [
        ["site.toml:4", "deploy.x.to is missing; add `to`"],
        ["site.toml:5", "deploy.x.max_deletes"],
        ["site.toml:6", "deploy.x.ping[1]"],
    ]
    paper.write({"site.toml": f'{SETTINGS}\ndeploy = "s3://bucket"\n'})
    assert "site.toml:4: deploy: expected a table of tables, got text" in deploy(paper)[1]


def test_options_of_no_use_are_told_with_all_other_mistakes(paper: SmallSite) -> None:
    paper.build()
    lines = 'compress = "brotli"\nredirects = true\nping = ["fax"]\nhistory = "squash"\n'
    paper.write({"site.toml": SETTINGS + place(paper) + lines})
    code, said = deploy(paper)
    assert code == 1
    of_no_use = "a folder on this machine has no use for it; take it out"
    there = "that is for the web server there to do"
    assert said.splitlines() == [
        f"site.toml:6: deploy.production.compress: {of_no_use}: {there}",
        f"site.toml:7: deploy.production.redirects: {of_no_use}:"
        " the page at an old address leads on by itself",
        'site.toml:8: deploy.production.ping[1]: "fax" is none of websub, indexnow;'
        " write one of them",
        f"site.toml:9: deploy.production.history: {of_no_use}",
    ]


def test_an_option_of_no_use_that_asks_for_nothing_stops_no_deploy(paper: SmallSite) -> None:
    paper.write({"site.toml": SETTINGS + place(paper) + 'compress = "none"\n'})
    paper.build()
    code, said = deploy(paper)
    assert code == 0
    assert "warning: site.toml:6: deploy.production.compress: a folder on this machine has" in said
    assert REACHED in said


def test_errors_are_in_the_json_too(paper: SmallSite) -> None:
    code, said = deploy(paper, "--json")
    assert code == 1
    found = json.loads(said.partition("\n")[2])
    problem = {
        "file": "public",
        "line": None,
        "what": "there is no built site",
        "remedy": "run broadsheet build",
        "code": "not-built",
    }
    assert found == {"warnings": [], "errors": [problem]}


def test_where_it_is_carried_does_not_shape_the_site(paper: SmallSite) -> None:
    paper.build()
    paper.write({"site.toml": SETTINGS + place(paper) + "max_deletes = 7\n"})
    assert paper.build().rendered == 0


# ------------------------------------------------------- what is read of the built site


def outputs_read(paper: SmallSite) -> set[str]:
    """The outputs that a dry run opens, but for the list of them."""
    files = opened(paper.public, "deploy", "--dry-run", "--root", str(paper.root))
    assert ".broadsheet" in files
    return files - {".broadsheet"}


def every_output(paper: SmallSite) -> set[str]:
    return paper.outputs().keys() - {".broadsheet"}


def changed_at_the_target(paper: SmallSite) -> int:
    """How many files a deploy would send."""
    code, said = deploy(paper, "--json")
    assert code == 0, said
    sent: int = json.loads(said[said.index("{") :])["sent"]
    return sent


def deployed(paper: SmallSite) -> None:
    with running(paper.root, "deploy", errors=subprocess.DEVNULL) as process:
        assert process.wait(LONG) == 0


def records(paper: SmallSite) -> Path:
    """What is known of the outputs in `public/`."""
    (found,) = paper.root.glob(".broadsheet/output-*.outputs")
    return found


def test_a_site_as_it_was_built_is_not_read(paper: SmallSite) -> None:
    paper.build()
    assert outputs_read(paper) == set()
    assert changed_at_the_target(paper) == len(every_output(paper))
    deployed(paper)
    assert (outputs_read(paper), changed_at_the_target(paper)) == (set(), 0)
    paper.article("one", "Corrected.")
    paper.build()
    assert outputs_read(paper) == set()
    assert changed_at_the_target(paper) > 0


def test_only_outputs_that_somebody_touched_are_read(paper: SmallSite) -> None:
    paper.build()
    deployed(paper)
    feed, page = paper.public / "feed.xml", paper.public / "2026/06/one/index.html"
    feed.write_bytes(feed.read_bytes())
    page.write_bytes(page.read_bytes().replace(b"Text.", b"Next."))
    for _ in range(2):  # a dry run does not make them known
        assert outputs_read(paper) == {"feed.xml", "2026/06/one/index.html"}
        assert changed_at_the_target(paper) == 1
    paper.build()
    assert (outputs_read(paper), changed_at_the_target(paper)) == (set(), 0)


def test_of_a_site_without_its_cache_everything_is_read(paper: SmallSite) -> None:
    paper.build()
    deployed(paper)
    shutil.rmtree(paper.root / ".broadsheet")
    assert outputs_read(paper) == every_output(paper)
    assert changed_at_the_target(paper) == 0
    (paper.public / "index.html").write_text("By hand.")
    assert changed_at_the_target(paper) == 1


@pytest.mark.parametrize("left", [0, 100, 800])
def test_damaged_records_are_not_believed(paper: SmallSite, left: int) -> None:
    paper.build()
    deployed(paper)
    data = records(paper).read_bytes()
    assert len(data) > 2 * left
    records(paper).write_bytes(data[:left] + b"?" * (len(data) - left) * (left > 0))
    assert outputs_read(paper) == every_output(paper)
    assert changed_at_the_target(paper) == 0


def test_records_of_an_edition_that_noted_no_digests_are_made_anew(paper: SmallSite) -> None:
    paper.build()
    deployed(paper)
    kept = Journal(records(paper))
    (frame,) = kept.frames()
    paths, stamps, fingerprints, _, *more = msgspec.msgpack.decode(frame)
    kept.replace([msgspec.msgpack.encode([paths, stamps, fingerprints, *more])])
    assert outputs_read(paper) == every_output(paper)
    assert changed_at_the_target(paper) == 0
    report = paper.build()
    assert (report.rendered, report.written) == (report.pages, 0)
    assert_digests_are_noted(paper.root, paper.public)
    assert outputs_read(paper) == set()


def test_the_limits_of_a_host_are_warned_of(paper: SmallSite, tmp_path: Path) -> None:
    to = f'\n[deploy.pages]\nto = "file://{tmp_path}/www"\n'
    paper.write({"site.toml": f'{SETTINGS}host = "github"\n{to}', "content/film.bin": b"film"})
    os.truncate(paper.root / "content/film.bin", 95 << 20)
    paper.build()
    code, said = deploy(paper)
    assert code == 0
    assert "warning: site.toml:3: host: GitHub Pages takes" in said and "/film.bin" in said


def test_a_host_is_known_by_its_address() -> None:
    assert host_of("git+ssh://git@github.com/a/b.git#main") == "github"
    assert host_of("git+https://github.com/a/b.git") == "github"
    assert host_of("git+https://gitlab.com/a/b.git") == "gitlab"
    assert host_of("git+ssh://git@github.com.example/a") == host_of("s3://github.com") == ""
