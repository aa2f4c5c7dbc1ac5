"""`broadsheet init`: a new site, the address that it gets, and what its pages lead to."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import feedparser
import pytest
from click.testing import CliRunner
from lxml import html

from generator.cli import main
from generator.commands.build import build
from generator.commands.deploy import deploy
from generator.commands.start import new_article
from generator.errors import SiteError
from support.builds import build_again
from support.sites import LONG, NOW, REPOSITORY, SmallSite, links, running

NOWHERE = "https://example.org/"


def init(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and standard error of the real command, without a terminal."""
    with running(folder, "init", *arguments, errors=subprocess.PIPE) as process:
        _, said = process.communicate(timeout=LONG)
    return process.returncode, said


def at_a_terminal(folder: Path, typed: str, *arguments: str) -> tuple[int, str]:
    """Exit code of the real command, and what a terminal shows where this is typed."""
    pty = pytest.importorskip("pty", reason="Windows has none")
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "generator", "init", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY), "PAGER": "cat"},
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    ) as process:
        os.close(follower)
        os.write(leader, typed.encode())
        shown = b""
        try:
            while piece := os.read(leader, 65536):
                shown += piece
        except OSError:  # nobody holds the other end any more
            pass
        process.wait(LONG)
    os.close(leader)
    return process.returncode, shown.decode()


def settings(folder: Path) -> Any:
    return tomllib.loads((folder / "site.toml").read_text("utf-8"))


def addresses(folder: Path) -> tuple[str, str]:
    """The address of a site, and the one that its ids are made from."""
    made = settings(folder)
    return made["url"], made["feeds"]["id_url"]


@pytest.mark.parametrize(
    "url",
    ["https://paper.example/", "http://paper.example:8080/news", "https://päper.example/ä/"],
)
def test_a_new_site_has_the_address_that_is_given(tmp_path: Path, url: str) -> None:
    code, said = init(tmp_path, "paper", "--url", url)
    assert code == 0 and said.startswith("Made a site in paper. To go on, type:\n  cd paper\n")
    assert "Before you deploy it" not in said
    assert addresses(tmp_path / "paper") == (url, url)
    report = build(tmp_path / "paper", at=NOW, jobs=1)
    assert report.warnings == []
    feed = feedparser.parse((tmp_path / "paper/public/feed.xml").read_bytes())
    assert all(entry.id == entry.link for entry in feed.entries)


@pytest.mark.parametrize(
    "url",
    ["", "paper.example", "/paper", "ftp://paper.example/", "https://", "https://a b.example/",
     "https://paper.example/?a=b", "https://paper.example/#a", 'https://"', "https://\x07.example/",
     "https://paper.example/\x1b", "https://paper.example:port/", "https://paper.example/../x/",
     "https://paper.example/%2e%2e/x/", "https://paper.example/./x/"],
)  # fmt: skip
def test_what_is_no_address_of_a_site_makes_none(tmp_path: Path, url: str) -> None:
    code, said = init(tmp_path, "paper", "--url", url)
    assert code == 2 and "Traceback" not in said
    assert "is no address of a site: " in said or "control character" in said
    assert list(tmp_path.iterdir()) == []


def test_without_a_terminal_nothing_is_asked(tmp_path: Path) -> None:
    code, said = init(tmp_path, "paper", "--language", "de")
    assert code == 0
    assert said.splitlines()[-1] == (
        "Before you deploy it, write its address into site.toml: as url, and as id_url."
    )
    assert addresses(tmp_path / "paper") == (NOWHERE, NOWHERE)
    assert settings(tmp_path / "paper")["language"] == "de"
    assert build(tmp_path / "paper", at=NOW, jobs=1).warnings == []


def test_at_a_terminal_the_address_is_asked_for(tmp_path: Path) -> None:
    code, shown = at_a_terminal(tmp_path, "paper.example\nhttps://paper.example/\n", "paper")
    assert code == 0
    assert shown.count("Where will readers find the site") == 2
    assert '"paper.example" is no address of a site: write it whole' in shown
    assert addresses(tmp_path / "paper") == ("https://paper.example/", "https://paper.example/")


def test_who_does_not_know_the_address_says_so(tmp_path: Path) -> None:
    code, shown = at_a_terminal(tmp_path, "\n", "paper")
    assert code == 0 and "Before you deploy it" in shown
    assert addresses(tmp_path / "paper") == (NOWHERE, NOWHERE)


def test_who_breaks_off_has_no_site(tmp_path: Path) -> None:
    code, shown = at_a_terminal(tmp_path, "\x04", "paper")
    assert code != 0 and "Traceback" not in shown
    assert not (tmp_path / "paper").exists()


@pytest.mark.parametrize(
    "arguments",
    [("paper", "--url", "https://paper.example/"), ("taken",), ("paper", "--language", "xx")],
)
def test_nothing_is_asked_where_all_is_said_or_lost(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "taken").write_text("mine")
    assert "Where will readers" not in at_a_terminal(tmp_path, "", *arguments)[1]


def test_ids_of_an_address_that_is_nobody_s_are_warned_of(tmp_path: Path) -> None:
    init(tmp_path, "paper")
    file = tmp_path / "paper/site.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace(f'\nurl = "{NOWHERE}"', '\nurl = "https://paper.example/"'))
    line = 1 + text[: text.index("id_url =")].count("\n")
    assert list(map(str, build(tmp_path / "paper", at=NOW, jobs=1).warnings)) == [
        f"site.toml:{line}: feeds.id_url: {NOWHERE} stands for an address in examples, and is"
        ' nobody\'s site; write "https://paper.example/"'
    ]


def test_ids_of_an_address_that_is_nobody_s_are_not_deployed(site: SmallSite) -> None:
    place = f'[deploy.production]\nto = "file://{site.root.parent}/www"\n'
    ids = '[feeds]\nid_url = "https://www.example.com/news/"\n'
    site.write({"site.toml": f'title = "P"\nurl = "https://paper.example/"\n{ids}{place}'})
    site.article("story")
    site.build()
    with running(site.root, "deploy", errors=subprocess.PIPE) as process:
        _, said = process.communicate(timeout=LONG)
    assert process.returncode == 1
    assert said == (
        "site.toml:4: feeds.id_url: https://www.example.com/news/ stands for an address in"
        ' examples; readers keep ids for ever: write "https://paper.example/", and run broadsheet'
        " build\n"
    )
    assert not (site.root.parent / "www").exists()
    with pytest.raises(SiteError) as caught:
        deploy(site.root, None)
    assert type(caught.value) is SiteError  # the settings are why: no `DeployError`


# ------------------------------------------------------------------------- what it leads to


def test_every_page_of_a_new_site_is_linked(tmp_path: Path) -> None:
    init(tmp_path, "paper", "--url", "https://paper.example/news/")
    build(tmp_path / "paper", at=NOW, jobs=1)
    public = tmp_path / "paper/public"
    front = html.document_fromstring((public / "index.html").read_text("utf-8"))
    assert links(front, ".menu a") == ["/news/about/"]
    footer = [f"/news/{name}/" for name in ("tags", "authors", "archive")]
    assert links(front, ".footer nav ul:first-child a") == footer


def foot(site: SmallSite) -> list[str]:
    return links(site.page("/"), ".footer nav ul:first-child a")


@pytest.mark.long
@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_the_foot_leaves_out_what_is_empty(site: SmallSite, engine: str) -> None:
    site.write({"site.toml": SETTINGS_OF[engine]})
    site.build()
    assert foot(site) == ["/archive/"]
    site.article("story", tags="[AI]", draft="true")
    build_again(site)
    assert foot(site) == ["/archive/"]
    build_again(site, drafts=True)
    assert foot(site) == ["/tags/", "/archive/"]
    site.article("other", author="Ann")
    build_again(site)
    assert foot(site) == ["/authors/", "/archive/"]


SETTINGS_OF = {
    engine: f'title = "P"\nurl = "https://p.example/"\n[markdown]\nengine = {json.dumps(engine)}\n'
    for engine in ("markdown", "commonmark")
}


@pytest.mark.parametrize("user", ["u:p", "u", "u:", ":p"])
def test_no_site_has_an_address_with_a_user(tmp_path: Path, user: str) -> None:
    url = f"https://{user}@paper.example/"
    code, said = init(tmp_path, "paper", "--url", url)
    assert code == 2
    assert "holds a user's name or password, which every page would show" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        ("file", "file is no folder"),
        ("file/x", "file/x cannot be made (Not a directory)"),
        ("dangling", "dangling is a link that leads nowhere"),
        ("n" * 300, "nnn… cannot be "),
        ("/dev/null", "/dev/null is no folder"),
    ],
)
def test_what_cannot_become_the_folder_of_a_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to("nowhere")
    done = CliRunner().invoke(main, ["init", folder])
    assert done.exit_code == 2
    assert reason in done.output and ": name a new folder" in done.output
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    ("headline", "name"),
    [
        ("Index", "index-2.md"),
        ("CON", "con-2.md"),
        ("Aux", "aux-2.md"),
        ("COM1", "com1-2.md"),
        ("lpt9", "lpt9-2.md"),
        ("Connection", "connection.md"),
        ("COM10", "com10.md"),
    ],
)
def test_a_headline_that_is_a_name_with_a_meaning(
    site: SmallSite, headline: str, name: str
) -> None:
    assert new_article(site.root, headline).name == name
