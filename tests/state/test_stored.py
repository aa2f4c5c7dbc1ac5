"""What stands below `.broadsheet/` is what the table in the package's docstring tells of."""

import re
import subprocess
from itertools import takewhile
from pathlib import Path

import pytest

from generator import state
from generator.console import TRACES
from generator.errors import SiteError
from generator.preview.session.site import Session
from support.builds import build_again
from support.complete_site import SETTINGS, CompleteSite
from support.sites import LONG, NOW, SmallSite, command, running

pytestmark = pytest.mark.long


def rows() -> dict[str, re.Pattern[str]]:
    """The files that the table names, each with a pattern of their paths."""
    assert state.__doc__
    _, _, below = state.__doc__.partition("\n---")
    lines = takewhile(str.strip, below.splitlines()[1:])
    files = [line.split()[0] for line in lines if not line.startswith(" ")]
    return {file: re.compile(_pattern(file)) for file in files}


def _pattern(file: str) -> str:
    for name, parts in {"<n>": "[0-9]+", "<hex>": "[0-9a-f]+", "<path>": ".+"}.items():
        file = file.replace(name, f"({parts})")
    return re.sub(r"<\w+>", "[^/]+", file.replace(".", r"\.").replace(r"(\.+)", "(.+)"))


def stored(site: SmallSite) -> list[str]:
    folder = site.root / ".broadsheet"
    files = (file for file in folder.rglob("*") if not file.is_dir())
    return sorted(file.relative_to(folder).as_posix() for file in files)


def test_each_file_is_in_one_row_and_each_row_has_a_file(tmp_path: Path) -> None:
    site = CompleteSite(tmp_path / "site")
    bare = tmp_path / "paper.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(bare)], check=True)
    target = f'\n[cards]\n[deploy.pages]\nto = "git+file://{bare}#pages"\n'
    site.write({"site.toml": SETTINGS + target, "layouts/tag.html": "{{ tag.name }}"})
    assert command(site.root)[0] == 0
    with running(site.root, "deploy", errors=subprocess.DEVNULL) as process:
        assert process.wait(LONG) == 0
    site.build(output=tmp_path / "elsewhere")
    live = Session(site.root, NOW, drafts=True)
    live.update()
    live.settle()
    site.rewrite("wheat-0", "So it was", "So it is")
    site.build()
    site.write({"site.toml": SETTINGS + target + "[languages.de]\n"})
    site.build()
    (site.root / TRACES).write_text("a trace")
    site.write({"content/articles/wrong.md": "---\ntitle: [\n---\n"})
    with pytest.raises(SiteError):
        site.build()

    table = rows()
    found = {file: [row for row in table if table[row].fullmatch(file)] for file in stored(site)}
    assert [(file, names) for file, names in found.items() if len(names) != 1] == []
    assert {name for names in found.values() for name in names} == table.keys()


LEFT = (
    *("cache.db", "cache.db-journal", "cache.db-wal", "cache.db-shm"),
    *("output-0123456789ab.db", "output-0123456789ab.db-journal", "output-0123456789ab.memory"),
    *("related.web", "digests"),
    *("related.index.123.new", "output-0123456789ab.site.7.new", "files.texts.99999.new"),
)
KEPT = ("digests.txt", "output-mine.db", "notes.new", "x.db", "output-0123456789ab.site", "a.md")


def test_what_earlier_versions_and_killed_builds_left_is_removed(site: SmallSite) -> None:
    site.article("one")
    site.build()
    site.write({f".broadsheet/{name}": "x" for name in (*LEFT[:-1], *KEPT)})
    (site.root / ".broadsheet" / LEFT[-1]).mkdir()
    build_again(site)
    assert set(LEFT).isdisjoint(path.name for path in (site.root / ".broadsheet").iterdir())
    assert set(KEPT) <= set(stored(site))


def test_the_last_build_of_an_earlier_version_is_none(site: SmallSite) -> None:
    site.article("one")
    site.build()
    (last_site,) = site.root.glob(".broadsheet/*.site")
    last_site.write_bytes(b'\x12\x34\x56\x78{"token":"x"}')
    site.article("one", "Other.")
    assert build_again(site).report.warnings == []
