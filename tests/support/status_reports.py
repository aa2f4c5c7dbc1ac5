"""What `broadsheet status` says of a site, as text and as values."""

import json
from typing import Any

from click.testing import CliRunner, Result

from generator.cli import main
from support.sites import NOW, SETTINGS, SmallSite

BERLIN = f'{SETTINGS}timezone = "Europe/Berlin"\n'


def status(site: SmallSite, *arguments: str, at: str = NOW.isoformat()) -> Result:
    return CliRunner().invoke(main, ["status", "--root", str(site.root), "--at", at, *arguments])


def told(site: SmallSite, at: str = NOW.isoformat()) -> dict[str, Any]:
    result = status(site, "--json", at=at)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def lines(site: SmallSite, at: str = NOW.isoformat()) -> list[str]:
    result = status(site, at=at)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()
