"""What is said when somebody stops a command with Ctrl-C."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, FunctionType
from typing import Any

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.deploy.carry import carry
from generator.output.writer import OutputFolder
from generator.pages import plan
from support.sites import NOW, SmallSite


@contextmanager
def stopped_at(function: Callable[..., Any]) -> Iterator[None]:
    """Press Ctrl-C, once, as a function is called in the block."""
    assert isinstance(function, FunctionType)
    is_met = False

    def look(frame: FrameType, event: str, _: object) -> None:
        nonlocal is_met
        if event == "call" and frame.f_code is function.__code__ and not is_met:
            is_met = True
            signal.raise_signal(signal.SIGINT)

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(None)
    assert is_met


def run(site: SmallSite, *arguments: str) -> tuple[int, str]:
    """The exit code, and the last line that was said."""
    done = CliRunner().invoke(main, [*arguments, "--root", str(site.root)])
    return done.exit_code, done.stderr.splitlines()[-1]


BUILD = "build", "--jobs", "1", "--at", NOW.isoformat()


@pytest.mark.parametrize(
    ("function", "state"),
    [
        (plan, "the built site is as it was"),
        (OutputFolder.__enter__, "the built site is as it was"),
        (OutputFolder._place, "some files are new and some are old; the next build ends it"),
    ],
)
def test_a_build_that_is_stopped(
    built: SmallSite, function: Callable[..., Any], state: str
) -> None:
    before = built.outputs()
    built.article("other")
    with stopped_at(function):
        assert run(built, *BUILD) == (1, f"Stopped: {state}.")
    assert (built.outputs() == before) is ("as it was" in state)
    assert run(built, *BUILD)[0] == 0
    built.build(clean=True)
    assert "2026/06/other/index.html" in built.outputs()


def test_a_deploy_that_is_stopped(built: SmallSite) -> None:
    to = built.root.parent / "www"
    settings = (built.root / "site.toml").read_text().replace("paper.example", "paper.org")
    built.write({"site.toml": f'{settings}[deploy.production]\nto = "file://{to}"\n'})
    built.build()
    with stopped_at(carry):
        assert run(built, "deploy") == (1, "Stopped: the next deploy goes on from here.")
    with stopped_at(carry):
        assert run(built, "deploy", "--dry-run") == (1, "Stopped: nothing was changed.")
    assert run(built, "deploy")[0] == 0


def test_an_output_folder_that_is_a_file(site: SmallSite) -> None:
    site.write({"public": "notes"})
    (told,) = site.errors()
    what = "public: the output folder is a file; move it away, or choose another --output"
    assert told.endswith(what)
    site.write({"www": "notes"})
    (told,) = site.errors(output=site.root / "www")
    assert told.endswith("; choose another --output, such as public")
