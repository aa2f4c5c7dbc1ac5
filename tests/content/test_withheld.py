"""Which files are published as they are, which are texts, and which are not for readers."""

from pathlib import Path

import pytest

from support.builds import SettledSites, opened
from support.images import PNG, bytes_for
from support.sites import NOW, SmallSite, links
from support.withheld import COPY, DRAFT, KEY, MATTER, NEW_KEY, UNDERLINED, copied, publish, written

# ----------------------------------------------------------------------- .markdown


@pytest.mark.parametrize("ending", ["markdown", "MD", "Markdown", "MARKDOWN"])
def test_a_text_may_end_otherwise(site: SmallSite, ending: str) -> None:
    files = {
        f"articles/2026-06-01-b.{ending}": "---\ntitle: B\ndate: 2026-06-01\nauthor: Jane\n"
        "tags: [ai]\npromo: letter\n---\nOne.\n",
        f"articles/trip/index.{ending}": "---\ntitle: T\ndate: 2026-06-01\n---\n[Map](map.svg)\n",
        "articles/trip/map.svg": "<svg/>",
        f"authors/jane.{ending}": "---\nname: Jane\n---\nA bio.\n",
        f"tags/ai.{ending}": "---\nname: Machines\n---\n",
        f"promos/letter.{ending}": "---\ntitle: Letter\nurl: /\nlabel: Go\n---\nDaily.\n",
        f"pages/legal/index.{ending}": "---\ntitle: Legal\n---\n",
    }
    site.write({f"content/{path}": text for path, text in files.items()})
    site.article("a", f"[b](2026-06-01-b.{ending}) [trip](trip/) [jane](../authors/jane.{ending})")
    assert site.warnings() == []
    leads = ["/2026/06/b/", "/2026/06/trip/", "/authors/jane/"]
    assert links(site.page("/2026/06/a/"), ".prose a") == leads
    assert copied(site) == {"2026/06/trip/map.svg"}
    assert "A bio." in site.text("/authors/jane/")
    assert "Machines" in site.text("/tags/ai/")
    assert "Daily." in site.text("/2026/06/b/")
    assert "Legal" in site.text("/legal/")


def test_a_draft_that_ends_in_markdown_is_a_draft(site: SmallSite) -> None:
    site.write({"content/articles/d.markdown": DRAFT})
    assert site.build().articles == 0
    assert copied(site) == set()
    assert site.build(drafts=True).articles == 1


@pytest.mark.parametrize(
    ("one", "other"), [("a.markdown", "a.md"), ("t/index.markdown", "t/index.md"), ("b.MD", "b.md")]
)
def test_two_endings_of_one_name_get_one_address(site: SmallSite, one: str, other: str) -> None:
    text = "---\ntitle: A\ndate: 2026-06-01\n---\n"
    site.write({f"content/articles/{one}": text, f"content/articles/{other}": text})
    (message,) = site.errors()
    assert f"is also that of content/articles/{one}; change `slug` in one of the two" in message


def test_promos_of_one_name_are_an_error(site: SmallSite) -> None:
    text = "---\ntitle: L\nurl: /\nlabel: Go\n---\n"
    site.write({"content/promos/l.md": text, "content/promos/l.markdown": text})
    what = 'its slug "l" is also that of content/promos/l.markdown'
    assert site.errors() == [f"content/promos/l.md:1: {what}; rename one of the two"]


def test_a_promo_with_errors_is_there_all_the_same(site: SmallSite) -> None:
    site.write({"content/promos/l.markdown": "---\ntitle: L\n---\n"})
    site.article("a", promo="l")
    assert not any("there is no" in message for message in site.errors())


def test_a_new_article_keeps_clear_of_other_endings(site: SmallSite) -> None:
    from generator.commands.start import new_article

    first = new_article(site.root, "A fair")
    first.rename(first.with_suffix(".Markdown"))
    assert new_article(site.root, "A fair").name == "a-fair-2.md"


# ------------------------------------------------------------ never published, and told


BY_NAME = {
    "_drafts/d.md": UNDERLINED,
    "articles/_drafts/2026/d.md": UNDERLINED,
    "articles/_d.md": UNDERLINED,
    "articles/trip/_pic.png": UNDERLINED,
    "pages/_p.markdown": UNDERLINED,
    "authors/_jane.md": UNDERLINED,
    "press/_redirects": UNDERLINED,
    "_redirects.txt": UNDERLINED,
    "articles/d.md.bak": COPY,
    "articles/d.md.orig": COPY,
    "articles/d.md.rej": COPY,
    "articles/d.OLD": COPY,
    "articles/d.bak2": COPY,
    "articles/d.md.save": COPY,
    "articles/d.md.save.1": COPY,
    "articles/d (conflicted copy 2026-06-01).md": COPY,
    "articles/d (Jane's conflicted copy 2026-06-01).md": COPY,
    "pages/d (In Konflikt stehende Kopie von Jane 2026-06-01).md": COPY,
    "articles/d.sync-conflict-20260601-120000-ABCDEFG.md": COPY,
    "articles/d_conflict-20260601-120000.md": COPY,
    "articles/d (SFConflict jane@paper.example 2026-06-01-12-00-00).md": COPY,
    "articles/d_LOCAL_4711.md": COPY,
    "film.mp4.part": "by its name it is a download that was cut off",
    "film.CRDOWNLOAD": "by its name it is a download that was cut off",
    "server.pem": KEY,
    "articles/trip/site.key": KEY,
    "cert.P12": KEY,
    "passwords.kdbx": KEY,
    ".env": KEY,
    "articles/.env.local": KEY,
    "prod.env": KEY,
    "id_rsa": KEY,
    "id_ed25519": KEY,
    ".npmrc": KEY,
    "credentials.json": KEY,
    "client_secret_1-a.apps.example.json": KEY,
    "jane_accessKeys.csv": KEY,
}


@pytest.mark.parametrize("path", BY_NAME)
def test_what_is_never_published_for_its_name(site: SmallSite, path: str) -> None:
    site.write({f"content/{path}": DRAFT})
    (message,) = site.warnings(drafts=True)
    assert message.startswith(f"content/{path}: this file is not published: {BY_NAME[path]}; ")
    assert message.endswith(NEW_KEY if BY_NAME[path] == KEY else f", or write {written(path)}")
    assert copied(site) == set()
    assert not any(b"Not for readers" in data for data in site.outputs().values())


@pytest.mark.parametrize(
    "path",
    [
        ".DS_Store", "articles/.x.md.swp", "articles/d.md~", "articles/#d.md#", "articles/d.swo",
        "Thumbs.db", "desktop.ini", "~$report.docx", "d.TMP", ".git/config", "__MACOSX/a.png",
        "articles/d.md___jb_tmp___", ".hidden/_a/b.pem", "__pycache__/x.pyc",
        ".aws/credentials.json",
        "_data/cities.csv", "_words/of/mouth.txt", "_feeds.opml",
    ],
)  # fmt: skip
def test_what_is_left_out_without_a_word(site: SmallSite, path: str) -> None:
    site.write({f"content/{path}": DRAFT})
    assert site.warnings() == []
    assert copied(site) == set()


@pytest.mark.parametrize(
    "path",
    [
        "_redirects", "_headers", ".nojekyll", ".htaccess", "press/.htaccess",
        ".well-known/security.txt", "old.txt", "a_b.png", "bak/a.png", "press/key", "id_rsa.pub",
        "ukraine-conflict-2026-06-01.txt", "armed-conflict.png", "a (1).png", "key.asc",
        "elections_local_2026.txt", "MAP_BASE_2026.png", "sudan (conflict 2026-06-01).png",
        "robots.bak.txt", "environment", "part", "orig.png", "local_4711.csv", "save.me",
        "Copy of a.pdf",
    ],
)  # fmt: skip
def test_what_is_published(site: SmallSite, path: str) -> None:
    site.write({f"content/{path}": bytes_for(path)})
    assert site.warnings() == []
    assert copied(site) == {path}


def test_many_files_of_a_folder_are_told_of_together(site: SmallSite) -> None:
    site.write({f"content/press/_static/{n}/{n}.css": "x" for n in range(4)})
    what = '4 files in it are not published (0/0.css, 1/1.css, 2/2.css …): its name begins with "_"'
    remedy = f"rename it, or write {written('press/_static/**')}"
    assert site.warnings() == [f"content/press/_static: {what}; {remedy}"]


# ----------------------------------------------------------------------- by their opening


OPENINGS = {
    "YAML": DRAFT,
    "TOML": '+++\ntitle = "Secret"\ndraft = true\n+++\nNot for readers.\n',
    "JSON": '{\n  "title": "Secret",\n  "draft": true\n}\n\nNot for readers.\n',
    "JSON in a line": '{"title": "Secret", "draft": true}\nNot for readers.\n',
    "a mark and blank lines": "\ufeff\n\n" + DRAFT,
    "line ends of Windows": DRAFT.replace("\n", "\r\n"),
    "line ends of old": DRAFT.replace("\n", "\r"),
    "no text": "---\ntitle: Secret\n---\n",
    "no end": "---\ntitle: Secret\ndraft: true\n\nNot for readers.\n",
    "other fields": "---\nkicker: Secret\n---\nNot for readers.\n",
    "a comment first": "---\n# Note\n\nDraft: true\n---\nNot for readers.\n",
    "a long line": "----- \ntitle: Secret\n-----\nNot for readers.\n",
    "more than is looked at": "---\ntitle: Secret\n---\n" + "Not for readers.\n" * 9999,
}


@pytest.mark.parametrize("path", ["notes.md", "press/notes.markdown", "notes.txt", "press/a.html"])
@pytest.mark.parametrize("opening", OPENINGS)
def test_front_matter_is_never_published(site: SmallSite, path: str, opening: str) -> None:
    site.write({f"content/{path}": OPENINGS[opening]})
    (message,) = site.warnings()
    assert message.startswith(f"content/{path}: this file is not published: {MATTER}; ")
    assert message.endswith(f", or write {written(path)}")
    assert copied(site) == set()


BODY = "Not for readers.\n"
DRESSES = {
    "JSON by name": f'---json\n{{"title": "x", "draft": true}}\n---\n{BODY}',
    "a script": f'---js\n{{ title: "x", draft: true }}\n---\n{BODY}',
    "a module": f'--- js\nmodule.exports = {{ title: "x" }}\n---\n{BODY}',
    "YAML by name": f"---yaml\ntitle: x\n---\n{BODY}",
    "TOML by name": f'---toml\ntitle = "x"\n---\n{BODY}',
    "semicolons": f';;;\n"title": "x",\n"draft": true\n;;;\n{BODY}',
    "semicolons below": f'"title": "x",\n"date": "2026"\n;;;\n{BODY}',
    "a fence below": f"title: x\ndate: 2026-06-01\n---\n{BODY}",
    "rows": f"Title: x\nStatus: draft\n\n{BODY}",
    "rows without spaces": f"Title:x\nDate:2026-06-01\n\n{BODY}",
    "rows behind a mark": f"\ufeffTitle: x\nAuthor: Jane\nBase Header Level: 2\n\n{BODY}",
    "a row over two lines": f"Title: x\n  and more\nTags: a\n\n{BODY}",
    "other rows first": f"Keywords: x\nStatus: hidden\n\n{BODY}",
    "one row": f"Published: no\n\n{BODY}",
    "a list of fields": f":status: draft\n:title: x\n\n{BODY}",
    "a list of fields below a title": f"Title\n#####\n\n:date: 2026-06-01\n\n{BODY}",
    "a title between lines": f"=====\nTitle\n=====\n:status: draft\n\n{BODY}",
    "AsciiDoc": f"= Title\n:date: 2026-06-01\n\n{BODY}",
    "Org": f"#+TITLE: x\n#+DATE: 2026-06-01\n\n{BODY}",
    "comments of reStructuredText": f".. title: x\n.. slug: x\n.. status: draft\n\n{BODY}",
    "comments in a comment": f"<!-- \n.. title: x\n.. slug: x\n.. date: y\n-->\n{BODY}",
    "rows in a comment": f"<!--\nTitle: x\nDraft: true\n-->\n{BODY}",
    "fences in a comment": f"<!--\n---\ntitle: x\n---\n-->\n{BODY}",
    "a comment": f"<!-- A note. -->\n---\ntitle: x\n---\n{BODY}",
    "what nobody sees": f"\u200b\ufeff\u2060---\ntitle: x\n---\n{BODY}",
    "no space": f"---\ntitle:x\n---\n{BODY}",
    "a map": f"---\n{{title: x, draft: true}}\n---\n{BODY}",
    "a list": f"---\n- title: x\n- draft: true\n---\n{BODY}",
    "no YAML": f"---\ntitle x\ndraft: true\n---\n{BODY}",
    "dots": f"---\ntitle: x\n...\n{BODY}",
    "never closed": f"---\ntitle: x\n\n{BODY}",
    "TOML that is never closed": f"+++\ndraft = true\n{BODY}",
    "all indented": f"  ---\n  title: x\n  ---\n{BODY}",
    "fields indented": f"---\n  title: x\n---\n{BODY}",
}


@pytest.mark.parametrize("dress", DRESSES)
def test_front_matter_in_other_dress_is_never_published(site: SmallSite, dress: str) -> None:
    names = ("a.txt", "press/a.rst", "a.bin", "articles/a", "notes.md", "a.html")
    site.write({f"content/{name}": DRESSES[dress] for name in names})
    what = f"this file is not published: {MATTER}; "
    assert [what in message for message in site.warnings()] == [True] * len(names)
    assert copied(site) == set()


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-be", "latin-1"])
def test_front_matter_in_another_coding(site: SmallSite, coding: str) -> None:
    mark = b"\xfe\xff" if coding == "utf-16-be" else b""
    site.write({"content/d.txt": mark + DRAFT.replace("Secret", "Müller").encode(coding)})
    assert len(site.warnings()) == 1
    assert copied(site) == set()


@pytest.mark.parametrize("coding", ["utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("dress", ["never closed", "rows", "comments of reStructuredText"])
def test_front_matter_in_a_coding_that_nothing_tells(
    site: SmallSite, coding: str, dress: str
) -> None:
    site.write({"content/d.txt": DRESSES[dress].encode(coding)})
    assert len(site.warnings()) == 1
    assert copied(site) == set()


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("notes.md", "move it into content/articles/ or content/pages/"),
        ("drafts/d.txt", "move it into content/articles/ or content/pages/, with the ending .md"),
        ("authors/staff/jane.md", "move it right into content/authors/"),
        ("tags/more/ai.txt", "move it right into content/tags/, with the ending .md"),
        ("articles/d.txt", "give its name the ending .md"),
        ("pages/legal/d.html", "give its name the ending .md"),
        ("articles/d", "give its name the ending .md"),
    ],
)
def test_where_a_text_belongs(site: SmallSite, path: str, remedy: str) -> None:
    site.write({f"content/{path}": "---\nname: Jane\n---\nA bio.\n"})
    what = f"content/{path}: this file is not published: {MATTER}"
    assert site.warnings() == [f"{what}; {remedy}, or write {written(path)}"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("data.yml", "---\ntitle: Cities\ncities: [Rome]\n"),
        ("data.yaml", "---\nkind: Pod\n---\nkind: Service\n"),
        ("data.yml", "---\n- title: A\n- title: B\n---\n"),
        ("data.json", '{\n  "title": "Cities",\n  "date": "2026-06-01"\n}\n'),
        ("data.jsonl", '{"title": "A"}\n{"title": "B"}\n'),
        ("data.geojson", '{"type": "FeatureCollection", "features": []}'),
        ("app.webmanifest", '{"name": "Paper"}'),
        ("a.txt", "---\nA rule, and words.\n---\nMore words: none.\n"),
        ("a.txt", "--- a/one\n+++ b/one\n@@ -1 +1 @@\n"),
        ("a.diff", "+++ b/one\ntitle: no\n"),
        ("a.csv", "title,date\nA,2026-06-01\n"),
        ("a.txt", "title: Secret\ndraft: true\n"),
        ("a.txt", "{% raw %}"),
        ("a.txt", '{"unclosed": [' + "[" * 70_000),
        ("a.bin", b"---\n" + bytes(range(256)) * 400),
        ("a.txt", "---\n" + "#" * 60_000),
        ("empty.txt", ""),
        ("a.csv", "title: x,date\nA,b\n\n"),
        ("data.yml", "title: Cities\ndate: 2026-06-01\n\ncities: []\n"),
        ("data.yml", "---\ntitle: Cities\n...\n"),
        ("data.yml", "---\nkind: Pod\nstatus: {}\n---\nkind: Service\n"),
        ("data.yaml", "status: draft\n\nx: 1\n"),
        ("data.toml", 'title = "x"\n\n[a]\n'),
        ("data.json", '{"status": "draft"}'),
        ("CITATION.cff", "---\ncff-version: 1.2.0\ntitle: x\nauthors: []\n"),
        ("LICENSE", "MIT License\n\nCopyright (c) 2026 Jane\n\nPermission is hereby granted\n"),
        ("COPYING", " " * 20 + "GNU GENERAL PUBLIC LICENSE\n  Version 3, 29 June 2007\n\n"),
        (
            "press/robots.txt",
            "User-agent: *\nDisallow:\n\nSitemap: https://example.org/sitemap.xml\n",
        ),
        (".well-known/security.txt", "Expires: 2027-01-01T00:00:00Z\nContact: x\n\n"),
        ("a.eml", "Date: Mon\nStatus: RO\nFrom: a\nSubject: b\n\nHello"),
        ("mail", "Date: Mon\nStatus: RO\nFrom: a\nSubject: b\n\nHello"),
        ("poem.txt", "Title: Ozymandias\n\nI met a traveller\n"),
        ("a.txt", "Status: all is well\n\nSince noon.\n"),
        ("a.txt", "--- old\n+++ new\n@@ -1 +1 @@\n-title: x\n"),
        ("README.rst", "Title\n=====\n\nText: here\n\n:ref:`x` y\n"),
        ("a.rst", ".. image:: x\n   :alt: y\n\n"),
        ("a.html", "<!-- Title: Paper\nAuthor: Jane\n-->\n<!doctype html>\n"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\ntitle: x\n"),
        ("a.bin", b"\x00\x00\x01\x00" + bytes(range(256)) * 400),
    ],
)
def test_what_only_looks_like_front_matter(site: SmallSite, path: str, text: str | bytes) -> None:
    site.write({f"content/{path}": text})
    assert site.warnings() == []
    assert copied(site) == {path}


def test_a_private_key_under_another_name(site: SmallSite) -> None:
    site.write({"content/notes.txt": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNza\n"})
    what = "this file is not published: it begins as a private key does"
    assert site.warnings() == [f"content/notes.txt: {what}; {NEW_KEY}"]
    assert copied(site) == set()


def test_a_text_without_front_matter_elsewhere_is_a_file(site: SmallSite) -> None:
    site.write({"content/README.md": "# Read me\n"})
    what = "this file is published as it is, not as a page"
    remedy = "if it is a text, move it into content/articles/ or content/pages/; if not"
    assert site.warnings() == [f"content/README.md: {what}; {remedy}, write {written('README.md')}"]
    assert copied(site) == {"README.md"}
    publish(site, "README.md")
    assert site.warnings() == []


@pytest.mark.long
def test_files_are_opened_only_while_they_are_new(tmp_path: Path) -> None:
    def made(root: Path) -> SmallSite:
        site = SmallSite(root)
        site.write({"content/notes.txt": DRAFT, "content/a.png": PNG, "content/_b.txt": DRAFT})
        return site

    site = SettledSites(tmp_path, made, 1).take()
    build = "build", "--root", str(site.root), "--at", NOW.isoformat()
    files = {f"content/{name}" for name in ("notes.txt", "a.png", "_b.txt")}
    assert opened(site.root, *build) & files == {"content/notes.txt", "content/a.png"}
    publish(site, "new/**")
    assert opened(site.root, *build) & files == set()
    publish(site, "notes.txt")
    opened(site.root, *build)
    assert copied(site) == {"a.png", "notes.txt"}
