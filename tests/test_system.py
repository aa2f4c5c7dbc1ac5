"""What differs from system to system stands in one module, and does there what it says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator import system
from support.sites import REPOSITORY

ODD = re.compile(
    r"\b(os\.(name|fork|nice|sched_\w+|getuid|geteuid|killpg|O_NOFOLLOW|O_DIRECTORY)|sys\.platform"
    r"|pthread_\w+|CLOCK_BOOTTIME|SO_REUSEADDR)\b"
    r"|\b(import|from) (fcntl|resource|pwd|grp|termios|winreg)\b"
    r"|os\.kill\(\w+, 0\)|hasattr\((os|signal|time),"
)
"""What is not there, or means something else, on one of the three systems."""
AT_HOME = {
    # Of a folder on this machine, and of the guard of a preview: neither is used on Windows.
    "deploy/targets/folder/mirror.py": "hasattr(os,",
    "preview/ending.py": "os.fork",
}


def test_what_differs_between_systems_is_in_one_module() -> None:
    package = REPOSITORY / "generator"
    for file in sorted(package.rglob("*.py")):
        name = file.relative_to(package).as_posix()
        found = {match[0] for match in ODD.finditer(file.read_text(encoding="utf-8"))}
        if name != "system.py":
            assert found <= {AT_HOME.get(name)}, name


def test_no_command_needs_what_only_some_systems_have() -> None:
    """Imported without the modules of Unix, as on Windows."""
    commands = ("build", "deploy", "layouts", "related", "serve", "start", "status")
    lacking = ("fcntl", "resource", "pwd", "grp", "termios")
    lines = (
        "import sys",
        "import generator.system",  # it asks for the system itself
        f"for name in {lacking!r}: sys.modules[name] = None",
        *(f"import generator.commands.{name}" for name in commands),
        "import generator.cli, generator.deploy.targets.git.target",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_a_process_is_seen_while_it_is_there() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert system.may_be_running(process.pid)
    assert system.IS_WINDOWS or not system.may_be_running(process.pid)
    assert system.IS_WINDOWS or not system.may_be_running(1 << 80)


@pytest.mark.skipif(system.IS_WINDOWS, reason="Windows has no locks that are passed on")
def test_a_lock_lasts_as_long_as_the_last_program_that_it_was_passed_to(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with path.open("wb") as mine, path.open("wb") as other:
        assert system.try_lock(mine)
        child = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=system.passed(mine)
        )
        mine.close()
        assert not system.try_lock(other)
        child.communicate()
        assert system.try_lock(other)


def test_nothing_is_passed_where_nothing_is_held() -> None:
    assert system.passed(None) == ()


def test_there_is_a_core_to_work_on_and_a_file_to_open() -> None:
    assert 1 <= system.usable_cores() <= system.MOST_WORKERS
    most = system.most_open_files()
    assert most is None or most > 0


def test_the_clock_goes_on() -> None:
    assert system.seconds() <= system.seconds()
