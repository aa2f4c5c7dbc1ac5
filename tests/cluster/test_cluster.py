"""Builds whose work is done by the workers of a cluster: the bytes are those of one process."""

import json
import os
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.cluster import is_scheduler
from generator.cluster.executor import Cluster
from generator.codes import Code
from generator.errors import SiteError, StateError
from generator.workers import OvertimeError, jobs_of, shares
from support import cluster_tasks as tasks
from support.builds import clean_outputs, copy_of, differing
from support.clusters import STORIES, assert_nothing_is_left
from support.sites import LONG, SETTINGS, SmallSite, command, started


def test_the_bytes_are_those_of_one_process(archive: SmallSite, cluster: str) -> None:
    code, printed, shown = command(archive.root, "--json", "--cluster", cluster)
    assert (code, shown) == (0, "")
    report = json.loads(printed)
    assert report["converted"] == STORIES and report["warnings"] == report["errors"] == []
    assert differing(archive.outputs(), clean_outputs(archive)) == []
    assert_nothing_is_left(archive)


@pytest.mark.skipif(
    not os.environ.get("BROADSHEET_LONG"), reason="takes half a minute: BROADSHEET_LONG=1 runs it"
)
@pytest.mark.long
def test_what_layouts_ask_is_answered_to_workers(archive: SmallSite, cluster: str) -> None:
    asked = "{% for c in stories(tag=story.tags[0], most=2, without=story) %}{{ c.opening }}"
    archive.write({"layouts/article.html": f"{asked}{{% endfor %}}"})
    assert command(archive.root, "--cluster", cluster)[0] == 0
    assert differing(archive.outputs(), clean_outputs(archive)) == []
    archive.article("s0", "Another beginning.", tags="[T0]")
    assert command(archive.root, "--cluster", cluster)[0] == 0
    assert differing(archive.outputs(), clean_outputs(archive)) == []


# ------------------------------------------------------------------------ site after site


@pytest.mark.skipif(
    not os.environ.get("BROADSHEET_LONG"), reason="takes half a minute: BROADSHEET_LONG=1 runs it"
)
@pytest.mark.long
def test_incremental_builds_are_those_of_one_process(archive: SmallSite, cluster: str) -> None:
    for footer in ("One", "Two", "One"):
        archive.write({"layouts/partials/footer.html": f"<footer>{footer}</footer>"})
        for n in range(STORIES - len(footer)):
            archive.article(f"s{n}", f"{footer} of {n}.", title=f"{footer} {n % 3}")
        code, _, shown = command(archive.root, "--cluster", cluster)
        assert code == 0, shown
        assert differing(archive.outputs(), clean_outputs(archive)) == []


@pytest.mark.long
@pytest.mark.parametrize("rows", [2, 100_000])
def test_data_is_at_hand_at_the_workers(archive: SmallSite, cluster: str, rows: int) -> None:
    """More than a megabyte is put down for them, once."""
    text = '{% extends "default/article.html" %}{% block dek %}{{ data.t[1].b }}{% endblock %}'
    words = (md5(str(number).encode()).hexdigest() for number in range(rows))
    data = "a,b\n" + "".join(f"1,{word}\n" for word in words)
    archive.write({"layouts/article.html": text, "content/_data/t.csv": data})
    code, _, shown = command(archive.root, "--cluster", cluster)
    assert code == 0, shown
    assert differing(archive.outputs(), clean_outputs(archive)) == []


@pytest.mark.long
def test_two_sites_are_built_at_once(archive: SmallSite, cluster: str, tmp_path: Path) -> None:
    other = copy_of(archive, "other")
    other.write({"layouts/partials/footer.html": "<footer>Other</footer>"})
    other.write({"site.toml": SETTINGS + '[markdown]\nengine = "commonmark"\n'})
    with (
        started(archive.root, "--cluster", cluster) as one,
        started(other.root, "--cluster", cluster) as two,
    ):
        for build in (one, two):
            _, shown = build.communicate(timeout=LONG)
            assert build.returncode == 0, shown
    for site in (archive, other):
        assert differing(site.outputs(), clean_outputs(site)) == []


@pytest.mark.long
def test_mistakes_are_told_as_by_one_process(archive: SmallSite, cluster: str) -> None:
    archive.article("s7", "[Nowhere](nowhere.md) <b>never closed", sumary="x")
    archive.article("s99", "Text.", date="never")
    alone = command(archive.root, "--jobs", "1")
    assert alone[0] == 1 and "s99.md" in alone[2]
    assert command(archive.root, "--clean", "--cluster", cluster) == alone
    archive.article("s99", "Text.")
    archive.article("s7", "Text.")
    archive.write({"layouts/article.html": "{{ story.title }}\n{{ 1 / 0 }}"})
    alone = command(archive.root, "--jobs", "1")
    assert alone[0] == 1 and "layouts/article.html:2" in alone[2]
    assert command(archive.root, "--cluster", cluster) == alone
    assert_nothing_is_left(archive)


CODE = """
from generator.extend import Finding, check, filter

@filter
def shout(text):
    return text.upper() + "!"

@check
def of_seven(story, text):
    if "7" in text:
        yield Finding("a seven", "take it out", line=1)
"""


def test_code_of_the_site_s_own_runs_at_the_workers(archive: SmallSite, cluster: str) -> None:
    archive.write({"site.toml": SETTINGS + '[markdown]\nextensions = ["admonition"]\n'})
    archive.article("s0", "!!! note\n    It is *7*.")
    archive.write({"layouts/extensions.py": CODE})
    archive.write({"layouts/404.html": "{{ site.title | shout }}"})
    head = '{% extends "default/article.html" %}{% block dek %}'
    archive.write({"layouts/article.html": f"{head}{{{{ story.title | shout }}}}{{% endblock %}}"})
    code, _, shown = command(archive.root, "--cluster", cluster)
    assert (code, "content/articles/s0.md:6: a seven; take it out" in shown) == (0, True), shown
    assert differing(archive.outputs(), clean_outputs(archive)) == []
    archive.write({"layouts/extensions.py": CODE.replace("upper()", "no_such_thing()")})
    code, _, shown = command(archive.root, "--cluster", cluster)
    assert code == 1
    assert "layouts/extensions.py:6: AttributeError: 'str' object has no attribute" in shown
    assert "called in layouts/404.html:1, while rendering /404.html" in shown


# --------------------------------------------------------------------------- task by task


@pytest.fixture
def executor(cluster: str, tmp_path: Path) -> Iterator[Cluster]:
    with Cluster(cluster, tmp_path / "scratch") as executor:
        executor.start()
        yield executor
    assert not (tmp_path / "scratch").exists()


def test_a_task_that_takes_too_long_is_stopped(executor: Cluster) -> None:
    assert executor.submit(tasks.is_main_thread).result(LONG)
    with pytest.raises(OvertimeError):
        executor.submit(tasks.endless).result(LONG)


def test_errors_come_back_as_they_were_raised(executor: Cluster) -> None:
    with pytest.raises(SiteError) as mistake:
        executor.submit(tasks.mistaken).result(LONG)
    (problem,) = mistake.value.problems
    assert str(problem) == "content/a.md:3: wrong; mend it" and problem.code is Code.MARKDOWN
    with pytest.raises(StateError) as damage:
        executor.submit(tasks.damaged).result(LONG)
    assert damage.value.path == Path("cache.db")
    with pytest.raises(RuntimeError, match="UnsendableError: words"):
        executor.submit(tasks.unsendable).result(LONG)
    with pytest.raises(ZeroDivisionError) as unforeseen:
        executor.submit(tasks.unforeseen).result(LONG)
    assert "cluster_tasks.py" in "".join(unforeseen.value.__notes__)


def test_a_large_array_is_put_down_once_for_all(executor: Cluster, tmp_path: Path) -> None:
    large, small = np.arange(300_000), np.arange(3)
    expected = int(large.sum() + small.sum())
    for _ in range(2):
        assert executor.submit(tasks.total, large, small).result(LONG) == (expected, False)
    assert len(list((tmp_path / "scratch").iterdir())) == 2  # the token is the other
    assert executor.submit(tasks.total, small, large[::2]).result(LONG)[1]


def test_what_was_cancelled_is_over(executor: Cluster) -> None:
    assert jobs_of(executor) == 2 and len(shares(executor, 5000)) == 2
    future = executor.submit(tasks.endless)
    future.cancel()
    assert executor.submit(tasks.is_main_thread).result(LONG)


# ------------------------------------------------------------------------- what is typed


@pytest.mark.parametrize(
    "address",
    [
        *("", "scheduler", "scheduler:8786", "tcp://scheduler", "http://scheduler:80"),
        *("tcp://user:secret@scheduler:8786", "inproc://1", "tcp://:8786", "tcp://h:8786/x"),
        *("tcp://a b:1", "tcp://h:x", "TCP://h:1", "tcp://h:1\n"),
    ],
)
def test_what_is_no_address_of_a_scheduler_is_refused(site: SmallSite, address: str) -> None:
    code, _, shown = command(site.root, "--cluster", address)
    assert code == 2 and "write tcp://HOST:8786 or tls://HOST:8786" in shown


@pytest.mark.parametrize(
    "address", ["tcp://[::1]:8786", "tls://a-b.example:1", "tcp://10.0.0.1:80"]
)
def test_addresses_of_schedulers(address: str) -> None:
    assert is_scheduler(address)


def test_processes_here_and_a_cluster_are_not_both_to_be_had(site: SmallSite) -> None:
    code, _, shown = command(site.root, "--cluster", "tcp://127.0.0.1:1", "--jobs", "2")
    assert code == 2 and "not both" in shown


@pytest.mark.parametrize("name", ["serve", "deploy"])
def test_only_builds_have_a_cluster(site: SmallSite, name: str) -> None:
    done = CliRunner().invoke(main, [name, "--root", str(site.root), "--cluster", "tcp://h:1"])
    assert done.exit_code == 2 and "No such option" in done.stderr


def test_a_build_with_nothing_to_do_asks_no_cluster(built: SmallSite) -> None:
    code, _, shown = command(built.root, "--cluster", "tcp://127.0.0.1:1")
    assert code == 0 and "0 written" in shown


@pytest.mark.long
@pytest.mark.parametrize(
    "setting",
    [("REQUIRE_ENCRYPTION", "true"), ("TIMEOUTS__CONNECT", "soon"), ("TIMEOUTS__TCP", "1s")],
)
def test_settings_of_dask_that_cannot_be(
    site: SmallSite, cluster: str, setting: tuple[str, str]
) -> None:
    variables = {f"DASK_DISTRIBUTED__COMM__{setting[0]}": setting[1]}
    code, _, shown = command(site.root, "--cluster", cluster, **variables)
    assert code == 1 and len(shown.splitlines()) == 2
    assert shown.startswith(f"{cluster}: the scheduler cannot be asked (")
    assert "; mend the settings of Dask (distributed.comm)\n" in shown
