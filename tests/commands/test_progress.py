"""How a build tells of its steps, and shows how far it is."""

import errno
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.cli import StatusLine
from generator.commands.progress import PATIENCE, Progress
from support.sites import LONG, NOW, SmallSite, command, refused

STEPS = ["scan", "read", "assemble", "check", "relate", "plan", "render", "commit"]


def steps(shown: str) -> list[str]:
    """The names of the steps that are told, in order."""
    return [line.partition(":")[0] for line in shown.splitlines() if line.endswith(" s")]


# ---------------------------------------------------------------------------- --verbose


def test_each_step_is_told_with_its_count_and_seconds(site: SmallSite) -> None:
    site.article("a")
    site.article("b")
    code, printed, shown = command(site.root, "--verbose")
    assert (code, printed) == (0, "")
    assert steps(shown) == STEPS
    lines = dict(line.split(": ", 1) for line in shown.splitlines() if line.endswith(" s"))
    assert lines["scan"].startswith("2 files, ")
    assert lines["read"].startswith("2 texts, ")
    assert lines["assemble"].startswith("2 stories, ")
    assert lines["check"].startswith("0 warnings, ")
    assert lines["render"].partition(", ")[0] == lines["plan"].partition(", ")[0]


def test_a_build_with_nothing_new_only_scans(site: SmallSite) -> None:
    site.article("a")
    command(site.root)
    assert steps(command(site.root, "--verbose")[2]) == ["scan"]


def test_the_steps_before_a_mistake_are_told(site: SmallSite) -> None:
    site.article("a", "[Nowhere](gone.md)")
    code, _, shown = command(site.root, "--verbose")
    assert code == 1
    assert steps(shown) == ["scan", "read", "assemble"]


def test_without_the_option_no_step_is_told(site: SmallSite) -> None:
    site.article("a")
    assert steps(command(site.root)[2]) == []


def test_json_stands_alone_on_standard_output(site: SmallSite) -> None:
    site.article("a")
    _, printed, shown = command(site.root, "--verbose", "--json")
    assert (printed[0], printed[-2:]) == ("{", "}\n")
    assert steps(shown) == STEPS


# --------------------------------------------------------------------------- a terminal


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Alarm:
    """A timer that rings when a test says so. It tells when it should, and if it is on."""

    daemon = False

    def __init__(self, seconds: float, ring: Callable[[], None]) -> None:
        self.seconds, self.ring, self.is_on = seconds, ring, False

    def start(self) -> None:
        self.is_on = True

    def cancel(self) -> None:
        self.is_on = False

    def join(self) -> None:
        assert not self.is_on


@pytest.fixture
def clock() -> Clock:
    return Clock()


def slowly(clock: Clock, things: Iterator[int], seconds: float) -> None:
    for _ in things:
        clock.now += seconds


def test_what_takes_long_is_shown_and_leaves_nothing(clock: Clock) -> None:
    shown: list[str] = []
    progress = Progress(show=shown.append, clock=clock, timer=Alarm)
    with progress.step("read"):
        slowly(clock, progress.track(range(4_096)), PATIENCE / 1_024)
    assert shown[0] == "read: 1,024 of 4,096"
    assert shown[-1] == ""
    numbers = [int(text.split()[1].replace(",", "")) for text in shown[:-1]]
    assert numbers == sorted(set(numbers))
    assert len(numbers) < 100  # no terminal need be written to for each text


def test_what_is_over_soon_is_never_shown(clock: Clock) -> None:
    shown: list[str] = []
    progress = Progress(show=shown.append, clock=clock, timer=Alarm)
    for name in STEPS:
        with progress.step(name):
            slowly(clock, progress.track(range(100)), PATIENCE / 1_024)
    assert shown == []


def test_the_patience_is_for_the_build_and_not_for_each_step(clock: Clock) -> None:
    shown: list[str] = []
    progress = Progress(show=shown.append, clock=clock, timer=Alarm)
    with progress.step("scan"):
        clock.now += PATIENCE
    with progress.step("relate"):
        assert shown == ["relate …"]
    assert shown == ["relate …", ""]


def test_nothing_is_left_of_what_was_shown_when_a_step_fails(clock: Clock) -> None:
    shown: list[str] = []
    progress = Progress(show=shown.append, clock=clock, timer=Alarm)
    with progress.step("scan"):
        clock.now += PATIENCE
    with pytest.raises(ZeroDivisionError), progress.step("read"):
        _ = 1 / 0
    assert shown[-1] == ""


def test_a_line_is_told_after_what_was_shown_is_gone(clock: Clock) -> None:
    told: list[str] = []
    progress = Progress(told.append, lambda text: told.append(f"({text})"), clock, Alarm)
    with progress.step("scan"):
        clock.now += PATIENCE
    with progress.step("relate") as step:
        clock.now += 1.25
        step.counts(1, "story", "stories")
    assert told == [f"scan: {PATIENCE:.2f} s", "(relate …)", "()", "relate: 1 story, 1.25 s"]


def test_all_things_are_gone_through_whoever_looks(clock: Clock) -> None:
    for progress in (Progress(), Progress(show=lambda _: None, clock=clock, timer=Alarm)):
        with progress.step("read"):
            assert [*progress.track(["a", "b"])] == ["a", "b"]
            assert [*progress.track([])] == []


def test_a_step_that_begins_in_time_is_shown_when_it_lasts(clock: Clock) -> None:
    shown: list[str] = []
    alarms: list[Alarm] = []

    def timer(seconds: float, ring: Callable[[], None]) -> Alarm:
        alarms.append(Alarm(seconds, ring))
        return alarms[-1]

    progress = Progress(show=shown.append, clock=clock, timer=timer)
    with progress.step("scan"):
        clock.now += 0.5
    with progress.step("relate"):
        assert [(alarm.seconds, alarm.is_on) for alarm in alarms] == [
            (PATIENCE, False),
            (PATIENCE - 0.5, True),
        ]
        clock.now += alarms[-1].seconds
        alarms[-1].ring()
        assert shown == ["relate …"]
        alarms[-1].ring()
    assert shown == ["relate …", ""]
    with progress.step("plan"):
        assert shown == ["relate …", "", "plan …"]
    assert [alarm.is_on for alarm in alarms] == [False, False]


def test_no_thread_outlives_its_step(clock: Clock) -> None:
    before = threading.active_count()
    with Progress(show=lambda _: None, clock=clock).step("scan"):
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
    with Progress(print, clock=clock).step("scan"):
        assert threading.active_count() == before


def test_a_status_line_covers_the_one_before(capsys: pytest.CaptureFixture[str]) -> None:
    line = StatusLine()
    for text in ("read: 9,999 of 10,000", "relate …", ""):
        line.show(text)
    assert screen(capsys.readouterr().err) == ""
    line.show("render: 1 of 2")
    assert screen(capsys.readouterr().err) == "render: 1 of 2"


def screen(written: str) -> str:
    """What a terminal shows of one line."""
    shown: list[str] = []
    column = 0
    for letter in written:
        if letter == "\r":
            column = 0
            continue
        shown[column : column + 1] = letter
        column += 1
    return "".join(shown).rstrip()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_is_left_with_the_last_line_alone(site: SmallSite, repository: Path) -> None:
    site.article("a")
    ours, theirs = pty.openpty()
    build = [sys.executable, "-m", "generator", "build", "--at", NOW.isoformat()]
    variables = os.environ | {"PYTHONPATH": str(repository)}
    done = subprocess.run(build, cwd=site.root, env=variables, stderr=theirs, timeout=LONG)
    os.close(theirs)
    written = os.read(ours, 65_536).decode()
    os.close(ours)
    assert done.returncode == 0
    *above, last, end = written.split("\r\n")
    assert (above, end) == ([], "")
    assert screen(last).startswith("Built 1 story into public in ")


def test_a_failed_build_leaves_the_site(built: SmallSite) -> None:
    built.article("bad", "[Nowhere](gone.md)")
    assert refused(built, progress=Progress(print, print))


def test_a_site_is_built_though_nobody_reads_of_its_steps(site: SmallSite) -> None:
    def broken(_: str) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    site.article("a")
    assert not site.build(progress=Progress(broken, broken, Slow())).warnings
    assert "2026/06/a/index.html" in site.outputs()


class Slow(Clock):
    """A clock by which everything takes longer than anybody is patient."""

    def __call__(self) -> float:
        self.now += PATIENCE
        return self.now


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
def test_a_site_is_built_though_its_messages_go_nowhere(site: SmallSite, repository: Path) -> None:
    site.article("a")
    reading, writing = os.pipe()
    os.close(reading)
    build = [sys.executable, "-m", "generator", "build", "--verbose", "--at", NOW.isoformat()]
    variables = os.environ | {"PYTHONPATH": str(repository)}
    subprocess.run(build, cwd=site.root, env=variables, stderr=writing, timeout=LONG)
    os.close(writing)
    assert "2026/06/a/index.html" in site.outputs()
