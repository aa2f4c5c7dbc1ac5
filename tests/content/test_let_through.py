"""Files that are let through by a pattern, and what is told of those that no longer are."""

from pathlib import Path

import pytest

from generator.config import INVENTORY
from generator.preview.session.site import Session
from support.answers import shown
from support.images import PNG
from support.sites import NOW, SETTINGS, SmallSite, command, refused
from support.withheld import COPY, DRAFT, KEY, MATTER, NEW_KEY, UNDERLINED, copied, publish, written

# ------------------------------------------------------------------------- let through


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("_static/**", "_static/a.css"),
        ("_static/**", "_static/deep/er/a.css"),
        ("_static/*.css", "_static/a.css"),
        ("**/_pic.png", "_pic.png"),
        ("**/_pic.png", "press/kit/_pic.png"),
        ("press/**/notes.md", "press/notes.md"),
        ("press/*.md", "press/notes.md"),
        ("**", "notes.md"),
        ("notes.*", "notes.md"),
        ("articles/_d.md", "articles/_d.md"),
        ("articles/d.md.bak", "articles/d.md.bak"),
        ("server.pem", "server.pem"),
        (".github/*", ".github/notes.txt"),
        (".*/notes.txt", ".github/notes.txt"),
        (".env", ".env"),
        ("_data/*.csv", "_data/cities.csv"),
        ("_what?/[x].txt", "_what?/[x].txt"),
        ("_caf\u00e9/*", "_cafe\u0301/a.txt"),
    ],
)
def test_a_pattern_lets_through(site: SmallSite, pattern: str, path: str) -> None:
    data = PNG if path.endswith(".png") else DRAFT.encode()
    site.write({f"content/{path}": data})
    publish(site, pattern)
    assert site.warnings() == []
    assert copied(site) == {path}
    assert (site.public / path).read_bytes() == data


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*/a.txt", ".hidden/a.txt"),
        ("_static/*", "_static/deep/a.css"),
        ("_static", "_static/a.css"),
        ("*a", "_b"),
        ("_A.txt", "_a.txt"),
    ],
)
def test_a_pattern_that_matches_nothing_is_a_warning(
    site: SmallSite, pattern: str, path: str
) -> None:
    site.write({f"content/{path}": "x"})
    site.article("b")
    publish(site, pattern)
    what = f'content.publish: "{pattern}" matches no file'
    remedy = 'write a path below content/; all in a folder: "press/**"'
    assert site.warnings()[-1] == f"site.toml:4: {what}; {remedy}"
    assert copied(site) == set()


@pytest.mark.parametrize("pattern", ["Thumbs.db", "press/desktop.ini", "a.txt~", "__MACOSX/**"])
def test_a_pattern_for_clutter_is_a_warning(site: SmallSite, pattern: str) -> None:
    site.write({f"content/{pattern.replace('**', 'a.png')}": "x"})
    site.article("b")
    publish(site, pattern)
    what = f'content.publish: "{pattern}" is for clutter, which is never published; take it out'
    assert site.warnings() == [f"site.toml:4: {what}"]


@pytest.mark.parametrize("pattern", ["/_static/**", "_static/**/", "", "../x", "a**/b"])
def test_what_is_no_pattern_is_an_error(site: SmallSite, pattern: str) -> None:
    publish(site, pattern)
    (error,) = site.errors()
    assert error.startswith(f'site.toml:4: content.publish[1]: "{pattern}" is no pattern of files')


@pytest.mark.parametrize("path", [".hidden/a.txt", "press/.hidden", "a.txt~", "Thumbs.db"])
def test_a_pattern_for_all_is_for_nothing_hidden(site: SmallSite, path: str) -> None:
    site.write({f"content/{path}": "x", "content/_a.txt": "x"})
    publish(site, "**", "**/*", "*")
    assert site.warnings() == []
    assert copied(site) == {"_a.txt"}


def test_a_pattern_makes_no_file_of_a_text(site: SmallSite) -> None:
    site.article("a")
    publish(site, "**")
    assert site.build().articles == 1
    assert copied(site) == set()


def test_a_key_that_is_one_of_many_is_told_of(site: SmallSite) -> None:
    site.write({"content/_static/a.css": "x", "content/_static/site.pem": "x"})
    publish(site, "_static/**")
    remedy = f"take it out of content/; if readers need it, write {written('_static/site.pem')}"
    what = f"this file is published, and {KEY}"
    assert site.warnings() == [f"content/_static/site.pem: {what}; {remedy}"]
    publish(site, "_static/**", "**/site.pem")
    assert site.warnings() == []


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("**/*.*", "keys/a.pem"),
        ("**/*.*", "x/id_rsa.key"),
        ("**/.*", ".env"),
        (".*", ".env"),
        (".en?", ".env"),
        ("**/id_*", "press/id_rsa"),
        ("*.pem", "a.pem"),
    ],
)
def test_a_key_that_a_pattern_does_not_name_is_told_of(
    site: SmallSite, pattern: str, path: str
) -> None:
    site.write({f"content/{path}": "x"})
    publish(site, pattern)
    (message,) = site.warnings()
    assert message.startswith(f"content/{path}: this file is published, and {KEY}; ")
    publish(site, pattern, path)
    assert site.warnings() == []


def test_a_private_key_under_another_name_is_told_of(site: SmallSite) -> None:
    site.write({"content/notes.txt": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNza\n"})
    publish(site, "*.txt")
    (message,) = site.warnings()
    what = "this file is published, and it begins as a private key does"
    assert message.startswith(f"content/notes.txt: {what}; ")


PUBLIC = {
    "talk.key": b"PK\x03\x04" + bytes(200),
    "press/Talk.KEY": b"PK\x03\x04",
    "cert.pem": b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "chain.pem": b"Subject: CN=paper\n-----BEGIN CERTIFICATE-----\nMIIB\n" * 3,
    "site.key": b"-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
}
SECRET = {
    "a.key": b"-----BEGIN PRIVATE KEY-----\nMIIB\n",
    "b.pem": PUBLIC["cert.pem"] + b"-----BEGIN RSA PRIVATE KEY-----\nMIIB\n",
    "c.key": b"\x30\x82" + bytes(range(256)),
    "d.pem": b"",
    "e.pem": PUBLIC["cert.pem"] * 2000,
    "f.pem": PUBLIC["cert.pem"].decode().encode("utf-16"),
    "cert.p12": PUBLIC["cert.pem"],
    "talk.pfx": PUBLIC["talk.key"],
}


@pytest.mark.parametrize("path", PUBLIC)
def test_what_is_no_key_by_its_first_bytes(site: SmallSite, path: str) -> None:
    site.write({f"content/{path}": PUBLIC[path]})
    assert site.warnings() == []
    assert copied(site) == {path}
    publish(site, "**")
    assert site.warnings() == []


@pytest.mark.parametrize("path", SECRET)
def test_what_is_a_key_by_its_first_bytes(site: SmallSite, path: str) -> None:
    site.write({f"content/{path}": SECRET[path]})
    assert site.warnings() == [f"content/{path}: this file is not published: {KEY}; {NEW_KEY}"]
    assert copied(site) == set()


def test_what_becomes_a_key_is_published_no_more(site: SmallSite) -> None:
    site.write({"content/a.pem": PUBLIC["cert.pem"]})
    site.build()
    site.write({"content/a.pem": SECRET["b.pem"]})
    site.build()
    assert copied(site) == set()


def test_mistakes_in_the_settings_are_no_mistakes_of_files(built: SmallSite) -> None:
    built.write({"content/_a.css": "x"})
    built.article("a", "[x](../_a.css)")
    publish(built, "_a.css")
    assert built.warnings() == []
    with (built.root / "site.toml").open("a") as file:
        file.write("[front]\ntop = -1\n")
    assert len(refused(built)) == 1
    _, _, said = command(built.root)
    assert "publish" not in said


@pytest.mark.parametrize("path", ["id_rsa", "a.pem", ".env", "press/notes.txt"])
def test_nothing_is_said_of_keys_while_settings_have_mistakes(built: SmallSite, path: str) -> None:
    built.write({f"content/{path}": "-----BEGIN PRIVATE KEY-----\n"})
    publish(built, path)
    with (built.root / "site.toml").open("a") as file:
        file.write("[front]\ntop = -1\n")
    (error,) = refused(built)
    assert "front.top" in error
    _, _, said = command(built.root)
    assert path not in said


def test_no_pattern_lets_through_what_is_the_sites_own(built: SmallSite) -> None:
    (built.root / "content/_leak.txt").symlink_to("../site.toml")
    publish(built, "_leak.txt", "**")
    what = "this link leads to site.toml, which is not for readers"
    assert built.errors() == [f"content/_leak.txt: {what}; take the link out"]


# ------------------------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("path", "why"), [("notes.md", MATTER), ("_pic.png", UNDERLINED), ("a.md.bak", COPY)]
)
@pytest.mark.parametrize("link", ["../{}", "/{}", "../{}#top"])
def test_a_link_to_what_is_not_published(built: SmallSite, path: str, why: str, link: str) -> None:
    target = link.format(path)
    built.write({f"content/{path}": PNG if path.endswith(".png") else DRAFT})
    built.article("a", f"Text.\n\n[x]({target})")
    is_there = f"content/{path} is there, but not published: {why}"
    what = f'there is no file "{target}"; {is_there}; take the link out, or write {written(path)}'
    assert built.errors() == [f"content/articles/a.md:8: {what}"]
    publish(built, path)
    assert built.errors() == []


def test_a_picture_that_is_not_published(built: SmallSite) -> None:
    built.write({"content/_pic.png": PNG})
    built.article("a", image='{src: "/_pic.png", alt: A}')
    (message,) = built.errors()
    is_there = f"content/_pic.png is there, but not published: {UNDERLINED}"
    assert f'image.src: there is no file "/_pic.png"; {is_there}; ' in message


def test_a_page_may_have_the_address_of_a_file_that_is_not_published(site: SmallSite) -> None:
    site.write({"content/feed.xml": "---\nlayout: null\n---\n<feed/>"})
    site.article("a", "[x](/feed.xml)")
    (message,) = site.warnings()
    assert message.startswith("content/feed.xml: this file is not published")


# ------------------------------------------------------------- what was published before


def earlier(site: SmallSite, *, plain: bool = False) -> None:
    """Have all files published by an earlier build; `plain`: by an edition of long ago."""
    publish(site, "**", "**/.env")
    site.build()
    if plain:
        (site.public / INVENTORY).write_text(
            "\n".join(path for path in site.outputs() if path != INVENTORY)
        )
    site.write({"site.toml": SETTINGS})


@pytest.mark.parametrize("plain", [False, True])
def test_what_was_published_before_is_told_once(site: SmallSite, plain: bool) -> None:
    site.write({f"content/_static/{n}.css": "x" for n in range(5)})
    site.write({"content/notes.md": DRAFT, "content/server.pem": "x", "content/.env": "x"})
    earlier(site, plain=plain)
    what = "6 files that were published are not any more: content/_static/0.css,"
    what += " content/_static/1.css, content/_static/2.css …"
    remedy = f"if readers need them, write {written('_static/**', 'notes.md')}"
    assert site.warnings()[-1] == f"site.toml: {what}; {remedy}"
    assert copied(site) == set()
    for _ in range(2):
        assert not any("any more" in message for message in site.warnings())


def test_the_line_that_is_told_is_the_one_to_write(site: SmallSite) -> None:
    site.write({"content/_a/b.css": "x", 'content/no"tes.txt': DRAFT, "content/_c/d.css": "x"})
    earlier(site)
    publish(site, "_c/**")
    line = site.warnings()[-1].partition("write ")[2].partition(" under")[0]
    site.write({"site.toml": f"{SETTINGS}[content]\n{line}\n"})
    assert site.warnings() == []
    assert copied(site) == {"_a/b.css", 'no"tes.txt', "_c/d.css"}


def test_files_beside_a_story_were_published_at_its_address(site: SmallSite) -> None:
    site.article("trip/index")
    site.write({"content/articles/trip/_map.svg": "<svg/>"})
    earlier(site)
    assert "2026/06/trip/_map.svg" in site.outputs()
    what = "1 file that was published is not any more: content/articles/trip/_map.svg"
    assert site.warnings()[-1].startswith(f"site.toml: {what}; ")


def test_it_is_told_as_long_as_builds_fail(site: SmallSite) -> None:
    site.write({"content/_a.css": "x"})
    earlier(site)
    site.article("a", "[x](../_a.css)")
    for _ in range(2):
        _, _, said = command(site.root)
        assert f"write {written('_a.css')}" in said
        assert "1 file that was published is not any more: content/_a.css" in said
    assert "_a.css" in site.outputs()


# -------------------------------------------------------------------------- while serving


def test_a_file_is_withheld_and_let_through_while_the_site_is_open(site: SmallSite) -> None:
    site.article("a")
    site.write({"content/notes.txt": "Plain."})
    live = Session(site.root, NOW)
    live.update()
    assert "notes.txt" in shown(live)[0]
    steps: list[tuple[str, str | None, bool, int]] = [
        ("content/notes.txt", DRAFT, False, 1),
        ("site.toml", f'{SETTINGS}[content]\npublish = ["notes.txt"]\n', True, 0),
        ("site.toml", SETTINGS, False, 1),
        ("content/_b.txt", "x", False, 2),
        ("content/notes.txt", "Plain.", True, 1),
        ("content/_b.txt", None, True, 0),
    ]
    for path, text, is_there, problems in steps:
        if text is None:
            (site.root / path).unlink()
        else:
            site.write({path: text})
        live.update([path])
        live.settle()
        assert ("notes.txt" in shown(live)[0]) is is_there, path
        assert len(live.problems()) == problems, path
        assert list(map(str, live.problems())) == site.warnings()[: len(live.problems())]


def test_what_the_preview_need_not_watch(site: SmallSite) -> None:
    publish(site, ".github/**")
    live = Session(site.root, NOW)
    live.update()
    names = [".git", ".github", ".env", "a.md~", "_drafts", ".well-known", "a.md.bak", "Thumbs.db"]
    ignored = [name for name in names if live.files.ignores(name)]
    assert ignored == [".git", "a.md~", "Thumbs.db"]


def test_links_into_folders_that_are_not_published_are_walked_once(site: SmallSite) -> None:
    (site.root / "content/_loop").mkdir()
    (site.root / "content/_loop/again").symlink_to(Path("..") / "_loop")
    site.write({"content/_loop/a.txt": "x"})
    assert len(site.warnings()) == 1
