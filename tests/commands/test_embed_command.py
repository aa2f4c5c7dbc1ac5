"""`broadsheet embed`: what is elsewhere becomes a block with a picture of one's own."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from support.images import png
from support.sites import SmallSite
from support.web_servers import Answer, Answering, Asked, serving

HTML = {"Content-Type": "text/html"}
HEAD = '<meta property="og:title" content="{}"><meta property="og:image" content="{}">'


def host(pages: Mapping[str, Any]) -> Answering:
    """A host of these paths: pages as texts, pictures as bytes, and what programs are told."""

    def answer(asked: Asked) -> Answer:
        held = pages.get(asked.path)
        if held is None:
            return Answer(404)
        if isinstance(held, Answer | bytes):
            return held if isinstance(held, Answer) else Answer(200, {}, held)
        if isinstance(held, str):
            return Answer(200, HTML, held.encode())
        return Answer(200, {"Content-Type": "application/json"}, json.dumps(held).encode())

    return answer


def run(site: SmallSite, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["embed", "--root", str(site.root), *arguments])


def embed(site: SmallSite, pages: Mapping[str, Any], *arguments: str, path: str = "page") -> Result:
    """Run the command for a page of a host on this machine; in its output the host is HOST."""
    with serving(host(pages)) as server:
        done = run(site, f"{server.url}{path}", "--allow-private", *arguments)
        done.stdout_bytes = done.stdout_bytes.replace(server.url.encode(), b"HOST/")
    return done


def test_the_block_of_a_page_is_printed_and_its_picture_kept(site: SmallSite) -> None:
    pages = {
        "/page": HEAD.format("A &quot;story&quot;", "/p")
        + '<meta name="description" content="What *it* is about.">'
        + '<meta name="author" content="Ada">',
        "/p": png(640, 480, 9),
    }
    done = embed(site, pages)
    assert done.exit_code == 0, done.output
    assert done.stdout == (
        r'::: embed HOST/page title="A \"story\"" by="Ada" poster="/embeds/127-0-0-1-a-story.png"'
        "\nWhat \\*it\\* is about.\n:::\n"
    )
    kept = site.root / "content/embeds/127-0-0-1-a-story.png"
    assert kept.read_bytes() == png(640, 480, 9)
    assert done.stderr == "Kept its picture in content/embeds/127-0-0-1-a-story.png.\n"
    assert [file.name for file in kept.parent.iterdir()] == [kept.name]


def test_what_is_written_is_shown_by_the_next_build(site: SmallSite) -> None:
    site.article("story", "Before.")
    file = "content/articles/story.md"
    pages = {"/page": HEAD.format("Title", "/p"), "/p": png(640, 480, 9)}
    done = embed(site, pages, "--into", str(site.root / file))
    assert (done.exit_code, done.stdout) == (0, ""), done.output
    assert f"Added the block to {file}." in done.stderr
    site.build()
    (figure,) = site.page("/2026/06/story/").cssselect(".prose > .embed")
    assert "Title" in figure.text_content()
    (picture,) = figure.cssselect("img")
    assert (picture.get("width"), picture.get("height")) == ("640", "480")
    assert (site.public / str(picture.get("src")).lstrip("/")).is_file()


@pytest.mark.parametrize("name", ["story.md", "articles/story.md", "content/articles/story.md"])
def test_a_text_is_named_as_one_sees_it(
    site: SmallSite, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.article("story")
    monkeypatch.chdir(site.root / "content/articles")
    assert embed(site, {"/page": "<title>T</title>"}, "--into", name).exit_code == 0
    assert (site.root / "content/articles/story.md").read_text().endswith('title="T" :::\n')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"A\n", b"A\n\n"),
        (b"A", b"A\n\n"),
        (b"A\n\n", b"A\n\n"),
        (b"A\r\nB\r\n", b"A\r\nB\r\n\r\n"),
    ],
)
def test_a_text_goes_on_as_it_was(site: SmallSite, before: bytes, after: bytes) -> None:
    file = site.root / "content/a.md"
    file.write_bytes(before)
    file.chmod(0o640)
    assert embed(site, {"/page": "<title>T</title>"}, "--into", str(file)).exit_code == 0
    data = file.read_bytes()
    assert data.startswith(after + b"::: embed ")
    assert data.count(b"\r\n") == data.count(b"\n") or b"\r" not in data
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("into", ["nowhere.md", "site.toml", "content/picture.png", "/etc/passwd"])
def test_nothing_is_written_into_what_is_no_text_of_the_site(site: SmallSite, into: str) -> None:
    site.write({"content/picture.png": png(1, 1, 9)})
    before = (site.root / "site.toml").read_bytes()
    done = embed(site, {"/page": "<title>T</title>"}, "--into", into)
    assert done.exit_code == 2
    assert (site.root / "site.toml").read_bytes() == before


def test_programs_are_told_all(site: SmallSite) -> None:
    pages = {"/page": HEAD.format("T", "/gone")}
    done = embed(site, pages, "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert told["title"] == "T"
    assert told["block"] == '::: embed HOST/page title="T" :::\n'
    assert told["poster"] == ""
    assert [one["what"] for one in told["warnings"]] == ["the host answers 404 Not Found"]
    assert told["errors"] == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        b"<!doctype html><title>Sign in</title>",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff" + b"x" * 100,
        b"GIF89a\0\0\0\0",
    ],
)
def test_what_is_no_picture_is_not_kept(site: SmallSite, data: bytes) -> None:
    done = embed(site, {"/page": HEAD.format("T", "/p.jpg"), "/p.jpg": data})
    assert done.exit_code == 0
    assert "it is no picture" in done.stderr
    assert "poster" not in done.stdout
    assert not (site.root / "content/embeds").exists()


def test_a_picture_is_kept_once_and_takes_the_place_of_no_other(site: SmallSite) -> None:
    pages = {"/page": HEAD.format("T", "/p"), "/p": png(1, 1, 9)}
    first, again = embed(site, pages), embed(site, pages)
    other = embed(site, pages | {"/p": png(2, 2, 9)})
    assert first.stdout == again.stdout
    assert 'poster="/embeds/127-0-0-1-t-2.png"' in other.stdout
    assert (site.root / "content/embeds/127-0-0-1-t.png").read_bytes() == png(1, 1, 9)


def test_a_title_leads_to_no_other_folder(site: SmallSite) -> None:
    embed(site, {"/page": HEAD.format("../../../evil/.hidden", "/p"), "/p": png(1, 1, 9)})
    assert [file.name for file in (site.root / "content/embeds").iterdir()] == [
        "127-0-0-1-evil-hidden.png"
    ]


def test_a_post_of_mastodon_is_asked_for_at_its_own_host(site: SmallSite) -> None:
    post = {
        "content": "<p>:::</p><p>Hello</p>",
        "created_at": "2026-03-31T10:00:00Z",
        "account": {"display_name": "Ada"},
    }
    done = embed(site, {"/api/v1/statuses/12345678": post}, path="@ada/12345678")
    block = '::: embed HOST/@ada/12345678 by="Ada" date="2026-03-31"\n&#58;::\n\nHello\n:::\n'
    assert (done.exit_code, done.stdout) == (0, block)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("http://127.0.0.1:1/", "is in a network of one's own"),
        ("http://169.254.169.254/latest/meta-data/", "is in a network of one's own"),
        ("file:///etc/passwd", "it does not begin with http:// or https://"),
        ("nonsense", "it does not begin with http:// or https://"),
    ],
)
def test_a_refusal_is_exit_code_1_and_writes_nothing(site: SmallSite, url: str, what: str) -> None:
    before = sorted(site.root.rglob("*"))
    done = run(site, url, "--json")
    assert done.exit_code == 1
    assert what in done.stderr
    assert [one["code"] for one in json.loads(done.stdout)["errors"]] == ["refused-address"]
    assert sorted(site.root.rglob("*")) == before


def test_a_picture_in_ones_own_network_is_as_little_asked_for(site: SmallSite) -> None:
    """A page may name any address as its picture: it is looked at like the page's own."""
    done = embed(site, {"/page": HEAD.format("T", "http://[::1]:1/secret.png")})
    assert done.exit_code == 0
    assert "no connection can be made" in done.stderr


def test_without_a_site_or_an_address_it_is_wrong_usage(tmp_path: Path) -> None:
    for arguments in (["https://example.org/", "--root", str(tmp_path)], []):
        assert CliRunner().invoke(main, ["embed", *arguments]).exit_code == 2
