"""`init --ci`: the files by which hosts build and publish a site, read, checked and run."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from generator.commands.start import PIPELINES, STARTER, add_pipeline
from generator.config import load_settings
from generator.hosts.limits import HOSTS
from support.sites import LONG, SETTINGS, SmallSite, running

pytestmark = pytest.mark.long

WORKFLOW = ".github/workflows/broadsheet.yml"
FILES = {
    "cloudflare": WORKFLOW,
    "github": WORKFLOW,
    "gitlab": ".gitlab-ci.yml",
    "netlify": WORKFLOW,
}
AT_GITHUB = sorted(host for host in FILES if FILES[host] == WORKFLOW)
CRON = "7 * * * *"


def init(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and standard error of the real `broadsheet init` in a folder."""
    with running(folder, "init", *arguments, errors=subprocess.PIPE) as process:
        printed, shown = process.communicate(timeout=LONG)
    assert printed == ""
    return process.returncode, shown


def flow(host: str) -> Any:
    """What YAML says of a host's file, which the command writes as it is."""
    return yaml.safe_load((PIPELINES / f"{host}.yml").read_text(encoding="utf-8"))


def steps(host: str) -> list[dict[str, Any]]:
    """The steps of a workflow at GitHub, which has one job."""
    (job,) = flow(host)["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


# --------------------------------------------------------------------------- command


@pytest.mark.parametrize("host", sorted(FILES))
def test_the_file_is_written_where_the_host_looks_for_it(site: SmallSite, host: str) -> None:
    code, shown = init(site.root, "--ci", host)
    assert code == 0
    assert shown.startswith(f'Wrote {FILES[host]}.\nWrote host = "{host}" into site.toml.\n')
    made = (site.root / FILES[host]).read_bytes()
    assert made == (PIPELINES / f"{host}.yml").read_bytes()  # for it comes from a folder
    assert (site.root / "site.toml").read_text("utf-8") == f'{SETTINGS}host = "{host}"\n'
    settings, _ = load_settings(site.root)
    assert settings and settings.host == host


def test_a_site_whose_host_is_set_is_told_no_line_for_it(site: SmallSite) -> None:
    settings = f"{SETTINGS}host = 'gitlab'  # it is\n"
    site.write({"site.toml": settings})
    code, shown = init(site.root.parent, "--ci", "gitlab", str(site.root))
    assert code == 0 and "host =" not in shown and f'interval "{CRON}"' in shown
    assert (site.root / "site.toml").read_text("utf-8") == settings


URL = 'url = "https://paper.example/"'
TITLE = 'title = "Paper"'
HOST = 'host = "github"'
PLACES = {
    f"{TITLE}\n{URL}": f"{TITLE}\n{URL}\n{HOST}",
    f"{TITLE}\n{URL}\n": f"{TITLE}\n{URL}\n{HOST}\n",
    f"{URL}\r\n{TITLE}\r\n": f"{URL}\r\n{HOST}\r\n{TITLE}\r\n",
    f"\ufeff{URL}\n{TITLE}\n": f"\ufeff{URL}\n{HOST}\n{TITLE}\n",
    f'{URL} # [ " host = \n{TITLE}\n[front]\ntop = 3\n': (
        f'{URL} # [ " host = \n{HOST}\n{TITLE}\n[front]\ntop = 3\n'
    ),
    f"{TITLE}\nhost = ''\n{URL}\n": f"{TITLE}\n{HOST}\n{URL}\n",
    f"{TITLE}\n'host'=\"netlify\"# ü\n{URL}\n": f"{TITLE}\n'host'=\"github\"# ü\n{URL}\n",
    f"{TITLE}\n\"url\" = '''\nhttps://paper.example/'''\n[extra]\nhost = 1\n": (
        f"{TITLE}\n\"url\" = '''\nhttps://paper.example/'''\n{HOST}\n[extra]\nhost = 1\n"
    ),
    f'tagline = """\nhost = "a"\nurl = "b" """\n{TITLE}\n{URL}\n\n\n# end': (
        f'tagline = """\nhost = "a"\nurl = "b" """\n{TITLE}\n{URL}\n{HOST}\n\n\n# end'
    ),
    f"publisher.url = 'https://x.example/'\n{TITLE}\n{URL}\n": (
        f"publisher.url = 'https://x.example/'\n{TITLE}\n{URL}\n{HOST}\n"
    ),
}


@pytest.mark.parametrize("before", PLACES)
def test_the_settings_get_the_host_and_keep_every_other_character(
    site: SmallSite, before: str
) -> None:
    site.write({"site.toml": before})
    old, _ = load_settings(site.root)
    assert old
    (site.root / "site.toml").chmod(0o640)
    said = add_pipeline(site.root, "github")[1]
    assert said[0] == f"Wrote {HOST} into site.toml."
    assert (site.root / "site.toml").read_bytes().decode() == PLACES[before]
    assert load_settings(site.root)[0] == msgspec.structs.replace(old, host="github")
    assert (site.root / "site.toml").stat().st_mode & 0o777 == 0o640
    assert sorted(file.name for file in site.root.iterdir()) == [".github", "content", "site.toml"]


def test_settings_behind_a_link_are_written_where_they_are(site: SmallSite) -> None:
    kept = site.root.parent / "kept.toml"
    (site.root / "site.toml").rename(kept)
    (site.root / "site.toml").symlink_to(kept)
    add_pipeline(site.root, "github")
    assert (site.root / "site.toml").is_symlink() and HOST in kept.read_text("utf-8")


def test_settings_that_cannot_be_written_stay_and_the_line_is_told(site: SmallSite) -> None:
    (site.root / ".site.toml.new").mkdir()  # where the new ones would be written first
    said = add_pipeline(site.root, "github")[1]
    assert said[0] == f"In site.toml write, above all tables: {HOST}"
    assert (site.root / "site.toml").read_text("utf-8") == SETTINGS


@pytest.mark.parametrize("host", sorted(FILES))
def test_a_file_that_is_there_is_never_overwritten(site: SmallSite, host: str) -> None:
    site.write({FILES[host]: "mine: true\n"})
    code, shown = init(site.root, "--ci", host)
    assert code == 2
    assert f"{FILES[host]} is there already" in shown
    assert (site.root / "site.toml").read_text("utf-8") == SETTINGS
    assert (site.root / FILES[host]).read_text("utf-8") == "mine: true\n"


def test_what_is_no_site_gets_no_file(tmp_path: Path) -> None:
    code, shown = init(tmp_path, "--ci", "github")
    assert code == 1 and shown.startswith("site.toml: there is no such file")
    assert list(tmp_path.iterdir()) == []


def test_the_wrong_words_are_refused(tmp_path: Path) -> None:
    assert init(tmp_path)[0] == 2
    assert init(tmp_path, "--ci", "nowhere")[0] == 2
    assert list(tmp_path.iterdir()) == []


def test_a_site_below_the_top_of_its_repository_is_told_so(site: SmallSite) -> None:
    (site.root.parent / ".git").mkdir()
    shown = init(site.root, "--ci", "github")[1]
    assert f"The repository is {site.root.parent}" in shown
    (site.root / ".git").mkdir()
    assert "The repository is" not in init(site.root, "--ci", "gitlab")[1]


def test_a_new_site_holds_no_pipeline(tmp_path: Path) -> None:
    assert init(tmp_path, "new")[0] == 0
    made = {f.relative_to(tmp_path / "new").as_posix() for f in (tmp_path / "new").rglob("*")}
    assert {path for path in made if path.endswith((".yml", ".yaml"))} == set()
    assert len([p for p in made if (tmp_path / "new" / p).is_file()]) == len(
        [file for file in STARTER.rglob("*") if file.is_file()]
    )


def test_every_host_has_a_file_and_every_file_a_host() -> None:
    assert {file.stem for file in PIPELINES.iterdir()} == set(HOSTS) == set(FILES)


# ------------------------------------------------------------------ workflows at GitHub


@pytest.mark.parametrize("host", AT_GITHUB)
def test_a_workflow_runs_on_pushes_to_main_every_hour_and_by_hand(host: str) -> None:
    triggers = flow(host)[True]  # YAML 1.1 reads `on` so
    assert triggers["push"] == {"branches": ["main"]}
    (schedule,) = triggers["schedule"]
    assert schedule == {"cron": CRON} and is_hourly(CRON)
    assert "workflow_dispatch" in triggers
    assert flow(host)["concurrency"] == {"group": "broadsheet", "cancel-in-progress": False}


@pytest.mark.parametrize("host", AT_GITHUB)
def test_only_main_is_published(host: str) -> None:
    """By hand, and by a schedule in a repository with another default branch, others may run."""
    (job,) = flow(host)["jobs"].values()
    assert job["if"] == "github.ref == 'refs/heads/main'"


@pytest.mark.parametrize("host", AT_GITHUB)
def test_what_is_published_is_the_site_without_what_is_broadsheet_s_own(
    site: SmallSite, host: str, tmp_path: Path
) -> None:
    site.write({"content/.well-known/security.txt": "Contact: mailto:a@p.example\n"})
    site.article("story")
    site.build()
    built = site.outputs()
    (leave,) = [step for step in steps(host) if step.get("name", "").startswith("Leave out")]
    (tmp_path / "temp").mkdir()
    variables = os.environ | {"RUNNER_TEMP": str(tmp_path / "temp")}
    shell = ["bash", "-e", "-o", "pipefail", "-c"]
    subprocess.run([*shell, leave["run"]], cwd=site.root, env=variables, check=True)
    left = SmallSite(tmp_path / "left")
    left.public = tmp_path / "temp/site"
    assert left.outputs() == {p: data for p, data in built.items() if p != ".broadsheet"}
    assert ".well-known/security.txt" in left.outputs() and site.outputs() == built


def test_hidden_files_of_the_site_are_published_at_github() -> None:
    """Such as `.well-known/`; the action would leave them out."""
    (pack,) = [step for step in steps("github") if "upload-pages" in step.get("uses", "")]
    wanted = {"path": "${{ runner.temp }}/site", "include-hidden-files": True}
    assert pack["with"] == wanted


COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "https://code.example/paper/broadsheet"
SOURCES = {
    f"broadsheet @ git+{REPOSITORY}@{COMMIT}": True,
    f"broadsheet[cloud] @ git+{REPOSITORY}.git@{COMMIT}": True,
    f"broadsheet @ git+{REPOSITORY}@{COMMIT}#subdirectory=tools/paper": True,
    f"broadsheet[cloud] @ git+ssh://git@code.example/paper/broadsheet@{COMMIT}": True,
    "broadsheet==1.0": True,
    "broadsheet[cloud]==2.0rc1": True,
    "": False,
    "broadsheet": False,
    "broadsheet>=1.0": False,
    "broadsheet @ git+https://HOST/OWNER/REPOSITORY@COMMIT": False,
    f"broadsheet @ git+{REPOSITORY}": False,
    f"broadsheet @ git+{REPOSITORY}@main": False,
    f"broadsheet @ git+{REPOSITORY}@{COMMIT[:-1]}": False,
    f"broadsheet @ git+{REPOSITORY}@{COMMIT} broadsheet": False,
    f"broadsheet @ git+file:///srv/broadsheet@{COMMIT}": False,
    f"--index-url broadsheet @ git+{REPOSITORY}@{COMMIT}": False,
    "broadsheet==1.0 --index-url https://code.example/": False,
}


def install_of(host: str) -> tuple[str, str]:
    """Of a host's file: the commands that install Broadsheet, and what they install."""
    if host == "gitlab":
        job = flow(host)["pages"]
        return job["script"][0], job["variables"]["BROADSHEET"]
    (step,) = [one for one in steps(host) if "pip " in one.get("run", "")]
    assert set(step["env"]) == {"BROADSHEET"}
    return step["run"], step["env"]["BROADSHEET"]


@pytest.mark.parametrize("host", sorted(FILES))
def test_broadsheet_is_installed_from_a_commit_or_a_release(host: str, tmp_path: Path) -> None:
    install, left_open = install_of(host)
    assert SOURCES[left_open] is False
    pip, asked = tmp_path / "pip", tmp_path / "asked"
    pip.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{asked}\n')
    pip.chmod(0o755)
    for source, is_right in SOURCES.items():
        asked.write_text("")
        path = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "BROADSHEET": source}
        ran = subprocess.run(
            ["bash", "-e", "-c", install], env=os.environ | path, capture_output=True, check=False
        )
        assert (ran.returncode == 0) is is_right, source
        assert asked.read_text() == (f"install\n{source}\n" if is_right else "")
        assert is_right or b"Fill in the line BROADSHEET" in ran.stdout


def is_hourly(cron: str) -> bool:
    minute, *rest = cron.split()
    return minute.isdecimal() and 0 <= int(minute) < 60 and rest == ["*"] * 4


@pytest.mark.parametrize("host", AT_GITHUB)
def test_every_action_is_pinned_to_a_commit_and_its_version_told(host: str) -> None:
    used = [step["uses"] for step in steps(host) if "uses" in step]
    assert len(used) >= 4
    assert all(re.fullmatch(r"actions/[\w/-]+@[0-9a-f]{40}", action) for action in used)
    text = (PIPELINES / f"{host}.yml").read_text(encoding="utf-8")
    assert all(re.search(f"{action} # v\\d+\\.\\d+\\.\\d+\n", text) for action in used)
    run = [step["run"] for step in steps(host) if "npx" in step.get("run", "")]
    assert all(re.search(r"npx --yes [\w-]+@\d+ ", line) for line in run)
    assert len(run) == (host != "github")


@pytest.mark.parametrize("host", AT_GITHUB)
def test_a_workflow_may_no_more_than_it_must(host: str) -> None:
    workflow = flow(host)
    pages = {"pages": "write", "id-token": "write"} if host == "github" else {}
    assert workflow["permissions"] == {"contents": "read"} | pages
    (job,) = workflow["jobs"].values()
    assert "permissions" not in job and job["timeout-minutes"] <= 60
    assert (job.get("environment", {}).get("name") == "github-pages") == (host == "github")


@pytest.mark.parametrize("host", AT_GITHUB)
def test_both_folders_are_restored_and_saved_once_they_are_published(host: str) -> None:
    made = steps(host)
    places = {step.get("uses", "").partition("@")[0]: n for n, step in enumerate(made)}
    restore, save = made[places["actions/cache/restore"]], made[places["actions/cache/save"]]
    assert restore["with"]["path"].split() == [".broadsheet", "public"]
    assert save["with"]["path"] == restore["with"]["path"]
    key = restore["with"]["key"]
    assert key.startswith(restore["with"]["restore-keys"]) and "github.run_id" in key
    assert save["with"]["key"] == f"${{{{ steps.{restore['id']}.outputs.cache-primary-key }}}}"
    publish = places["actions/deploy-pages"] if host == "github" else npx_at(made)
    build = next(n for n, step in enumerate(made) if step.get("id") == "build")
    assert places["actions/cache/restore"] < build < publish < places["actions/cache/save"]
    assert places["actions/cache/save"] == len(made) - 1
    told = "steps.build.outputs.publish == 'true'"
    assert {step.get("if") for step in made[build + 1 :]} == {told}
    assert {step.get("if") for step in made[: build + 1]} == {None}


def npx_at(made: list[dict[str, Any]]) -> int:
    return next(n for n, step in enumerate(made) if "npx" in step.get("run", ""))


@pytest.mark.parametrize("host", AT_GITHUB)
def test_what_a_step_names_is_there(host: str) -> None:
    """Outputs of steps are those of earlier ones; secrets stand in the file's comment."""
    seen: set[str] = set()
    text = (PIPELINES / f"{host}.yml").read_text(encoding="utf-8")
    comment = "".join(line for line in text.splitlines() if line.startswith("#"))
    for step in steps(host):
        named = re.findall(r"steps\.(\w+)\.outputs", str(step))
        assert set(named) <= seen
        assert all(name in comment for name in re.findall(r"(?:secrets|vars)\.(\w+)", str(step)))
        seen.add(step.get("id", ""))


def test_the_clis_are_called_as_their_hosts_say() -> None:
    netlify, cloudflare = (steps(h)[npx_at(steps(h))] for h in ("netlify", "cloudflare"))
    assert 'deploy --prod --dir "$RUNNER_TEMP/site" --no-build' in netlify["run"]
    assert set(netlify["env"]) == {"NETLIFY_AUTH_TOKEN", "NETLIFY_SITE_ID"}
    deploy = 'pages deploy "$RUNNER_TEMP/site" --project-name "$CLOUDFLARE_PROJECT"'
    assert deploy in cloudflare["run"]
    assert {"CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID"} < set(cloudflare["env"])
    for step in (netlify, cloudflare):
        assert all(re.fullmatch(r"\$\{\{ secrets\.\w+ \}\}", v) for v in step["env"].values())


def test_the_workflows_differ_only_in_how_they_publish() -> None:
    shared = [
        [step for step in steps(host) if "publish ==" not in step.get("if", "")]
        for host in AT_GITHUB
    ]
    assert shared[0] == shared[1] == shared[2] and len(shared[0]) == 5


def test_our_own_workflow_uses_no_other_actions_than_those(repository: Path) -> None:
    known = {step["uses"] for host in AT_GITHUB for step in steps(host) if "uses" in step}
    jobs = yaml.safe_load((repository / ".github/workflows/ci.yml").read_text("utf-8"))["jobs"]
    used = {step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step}
    assert used and used <= known


# ---------------------------------------------------------------------------- GitLab


def test_the_job_at_gitlab() -> None:
    assert list(flow("gitlab")) == ["pages"]
    job = flow("gitlab")["pages"]
    assert job["artifacts"] == {"paths": ["public"], "exclude": ["public/.broadsheet"]}
    assert job["cache"]["paths"] == [".broadsheet/", "public/"]
    assert "when" not in job["cache"]  # on success: what is not published is not remembered
    assert job["rules"] == [{"if": '$CI_COMMIT_BRANCH == "main"'}]
    assert re.fullmatch(r"python:3\.\d+", job["image"])  # with git, which the slim ones lack
    code = job["allow_failure"]["exit_codes"]
    assert f"exit {code}" in job["script"][1] and job["resource_group"]
    text = (PIPELINES / "gitlab.yml").read_text("utf-8")
    assert f'"{CRON}"' in text and "Pipeline schedules" in text


# ------------------------------------------------------------------- their commands, run


class Runner:
    """A machine that runs the build step of a host's file on a site, as the host does."""

    def __init__(self, site: SmallSite, host: str, folder: Path) -> None:
        self.site, self.host = site, host
        self.output = folder / "output"
        self.bin = folder / "bin"
        self.bin.mkdir()
        broadsheet = self.bin / "broadsheet"
        repository = Path(__file__).parents[2]
        broadsheet.write_text(
            f'#!/bin/sh\nPYTHONPATH="{repository}" exec "{sys.executable}" -m generator "$@"\n'
        )
        broadsheet.chmod(0o755)
        (self.bin / "python").symlink_to(sys.executable)
        if host == "gitlab":
            job = flow(host)["pages"]
            self.script, self.code = job["script"][1], job["allow_failure"]["exit_codes"]
        else:
            (step,) = [step for step in steps(host) if step.get("id") == "build"]
            self.script, self.code = step["run"], 0

    def publishes(self, event: str) -> bool:
        """Whether the site would be published after a run for an event."""
        self.output.write_text("")
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", self.script],
            cwd=self.site.root,
            env=os.environ
            | {
                "PATH": f"{self.bin}:{os.environ['PATH']}",
                "EVENT": event,
                "CI_PIPELINE_SOURCE": event,
                "GITHUB_OUTPUT": str(self.output),
            },
            capture_output=True,
            text=True,
            timeout=LONG,
        )
        self.said = done.stdout + done.stderr
        if self.host == "gitlab":
            assert done.returncode in (0, self.code), self.said
            return done.returncode == 0
        assert done.returncode == 0, self.said
        return {"publish=true\n": True, "publish=false\n": False}[self.output.read_text()]


@pytest.fixture(params=["gitlab", "github"])
def runner(
    request: pytest.FixtureRequest, site: SmallSite, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Runner]:
    site.article("story")
    yield Runner(site, request.param, tmp_path_factory.mktemp("runner"))


def test_a_scheduled_run_that_changes_nothing_publishes_nothing(runner: Runner) -> None:
    assert runner.publishes("schedule")  # the cache was not there
    assert not runner.publishes("schedule")
    assert "Nothing has changed" in runner.said
    assert runner.publishes("push")
    soon = datetime.now() - timedelta(minutes=1)
    runner.site.article("breaking", date=soon.isoformat(timespec="minutes"))
    assert runner.publishes("schedule")
    assert not runner.publishes("schedule")
    (runner.site.root / "content/articles/breaking.md").unlink()
    assert runner.publishes("schedule")  # a page has gone


def test_a_machine_that_restores_both_folders_has_nothing_to_publish(
    runner: Runner, tmp_path: Path
) -> None:
    """Restored files have other times and other places on the disk; the sources are new too."""
    assert runner.publishes("push")
    root = runner.site.root
    for folder in (".broadsheet", "public", "content"):
        copy = tmp_path / "copy"
        subprocess.run(["cp", "-r", root / folder, copy], check=True)
        subprocess.run(["rm", "-r", root / folder], check=True)
        copy.rename(root / folder)
    assert not runner.publishes("schedule")


def test_a_site_with_a_mistake_fails_and_says_where(site: SmallSite, tmp_path: Path) -> None:
    site.article("story", title=None)
    folder = tmp_path / "runner"
    folder.mkdir()
    with pytest.raises(AssertionError, match=r"content/articles/story\.md"):
        Runner(site, "github", folder).publishes("push")
