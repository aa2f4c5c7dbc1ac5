"""`--safe`: a site that has code run is refused by every command that would run it."""

import json
import subprocess
from pathlib import Path

import pytest

from generator.preview.session.site import Session
from support.sites import NOW, SETTINGS, SmallSite, command, running

CODE = "from generator.extend import filter\nprint('ran')\n\n@filter\ndef f(x):\n    return x\n"
DOORS: dict[str, tuple[dict[str, str | bytes], str]] = {
    "file": (
        {"layouts/extensions.py": CODE},
        "layouts/extensions.py: this is code, which --safe does not run;"
        " look it over, then go without --safe",
    ),
    "packages": (
        {"site.toml": f'{SETTINGS}extensions = ["this"]\n'},
        "site.toml:3: extensions: these packages are code, which --safe does not run;"
        " look it over, then go without --safe",
    ),
    "markdown": (
        {"site.toml": f'{SETTINGS}[markdown]\nextensions = ["this"]\n'},
        "site.toml:4: markdown.extensions: these packages are code, which --safe does not run;"
        " look it over, then go without --safe",
    ),
}


def ended(root: Path, *arguments: str) -> tuple[int, str]:
    """The exit code of a command, and all that it says."""
    with running(root, *arguments, errors=subprocess.STDOUT) as process:
        said, _ = process.communicate(timeout=300)
    return process.returncode, said


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("arguments", [("build",), ("serve", "--port", "0"), ("related", "good")])
def test_a_site_that_has_code_run_is_refused(
    site: SmallSite, door: str, arguments: tuple[str, ...]
) -> None:
    files, message = DOORS[door]
    site.article("good")
    site.write(files)
    code, said = ended(site.root, *arguments, "--safe")
    assert (code, said.split("\n")[0]) == (1, message)
    assert "ran" not in said.split()
    assert "Zen of Python" not in said


def test_all_reasons_are_told_at_once(site: SmallSite) -> None:
    for files, _ in DOORS.values():
        site.write(files)
    lists = f'{SETTINGS}extensions = ["this"]\n[markdown]\nextensions = ["this"]\n'
    site.write({"site.toml": lists})
    code, printed, _ = command(site.root, "--safe", "--json")
    told = json.loads(printed)["errors"]
    assert (code, [(one["file"], one["line"], one["code"]) for one in told]) == (
        1,
        [
            ("layouts/extensions.py", None, "extension"),
            ("site.toml", 3, "extension"),
            ("site.toml", 5, "extension"),
        ],
    )


def test_a_site_without_code_is_built_as_ever(site: SmallSite) -> None:
    site.article("good")
    site.write({"layouts/404.html": "{{ site.title | upper }}"})
    site.build()
    before = site.outputs()
    site.build(safe=True)
    assert site.outputs() == before


@pytest.mark.parametrize("door", DOORS)
def test_code_that_comes_while_it_is_previewed_is_not_run(site: SmallSite, door: str) -> None:
    files, message = DOORS[door]
    site.article("good")
    live = Session(site.root, NOW, safe=True)
    live.update()
    site.write(files)
    live.update([*files])
    live.settle()
    assert list(map(str, live.problems())) == [message]
    assert live.planned is not None
