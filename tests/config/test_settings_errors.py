"""What is wrong in site.toml, told with its line."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import fields

from generator.config import Deploy, load_settings
from generator.deploy.targets.choose import target_of
from generator.deploy.targets.store.target import StoreTarget
from generator.errors import Problem
from support.sites import SETTINGS, SmallSite, refused


def test_a_folder_without_settings_is_no_site(built: SmallSite) -> None:
    (built.root / "site.toml").unlink()
    remedy = "run the command in a site's folder, name one with --root, or make one: init"
    assert refused(built) == [f"site.toml: there is no such file; {remedy}"]


def test_broken_settings(built: SmallSite) -> None:
    built.write({"site.toml": SETTINGS + "tagline = \n"})
    assert refused(built) == ["site.toml:3: broken TOML: invalid value; mend the line"]
    built.write({"site.toml": b'title = "X"\n# \xff\n'})
    assert refused(built) == ["site.toml:2: the bytes are no UTF-8; save the file as UTF-8"]


def test_every_wrong_setting_is_told_at_once(built: SmallSite) -> None:
    settings = """
titel = "X"
url = "example.org"
language = "english"
permalink = "/{year}/"
[front]
top = "many"
per_page = 0
tops = 3
[comments]
provider = "mailto"
"""
    built.write({"site.toml": settings})
    assert refused(built) == [
        "site.toml:1: title is missing; add `title`",
        "site.toml:2: unknown field `titel`; did you mean `title`?",
        'site.toml:3: url: "example.org" is no address of a site;'
        ' write it whole: "https://example.org/"',
        'site.toml:4: language: "english" is no language; write a tag such as "en" or "de-AT"',
        "site.toml:5: permalink: it has no {slug};"
        ' write a pattern such as "/{year}/{month}/{slug}/"',
        "site.toml:7: front.top: expected a whole number, got text; write one such as 3",
        "site.toml:8: front.per_page: 0 is too small; write 1 or more",
        "site.toml:9: unknown field `front.tops`; did you mean `top`?",
        'site.toml:10: comments: "mailto" needs `address`; add `address` to [comments]',
    ]


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ('[look]\nsize = "18px"', "write 18, without quotes"),
        ('[look]\nsize = "18.5"', "write 18, without quotes"),
        ('[related]\nleast = " 0.25 "', "write 0.25, without quotes"),
        ('[look]\nsize = "big"', "write one such as 3"),
    ],
)
def test_a_number_that_is_a_text_is_told_with_what_to_write(
    built: SmallSite, line: str, remedy: str
) -> None:
    built.write({"site.toml": f"{SETTINGS}\n{line}\n"})
    (told,) = refused(built)
    assert told.endswith(f"number, got text; {remedy}")


@pytest.mark.parametrize("table", ["extra", "labels", "layouts", "permalinks"])
def test_settings_below_a_table_that_takes_any_name_are_told_as_such(
    built: SmallSite, table: str
) -> None:
    built.write({"site.toml": f'[{table}]\n\n{SETTINGS}[front]\ntop = "x"\n'})
    assert refused(built) == [
        f"site.toml:{line}: `{name}` is a part of [{table}] here, as all is that stands below"
        f" that line; move [{table}] below the settings of the whole site"
        for line, name in ((3, "title"), (4, "url"))
    ]


ZONE = 'is no time zone; write one such as "Europe/Berlin"'
PATTERN = 'write a pattern such as "/{year}/{month}/{slug}/"'
PLACEHOLDERS = "placeholders are written {year}, {month}, {day}, {slug}, {folder}, {section}"
AT_FAULT = {
    'timezone = "Mars/Olympus"': f'"Mars/Olympus" {ZONE}',
    'timezone = "../x"': f'"../x" {ZONE}',
    "timezone = 3": f'"3" {ZONE}',
    "language = 3": '"3" is no language; write a tag such as "en" or "de-AT"',
    'permalink = "/{title}/{slug}/"': f"unknown placeholder {{title}}; {PATTERN}",
    'permalink = "/:categories/:title/"': f"{PLACEHOLDERS}; {PATTERN}",
    'permalink = "/:year/:month/:slug/"': f"{PLACEHOLDERS}; {PATTERN}",
    'permalink = "/%year%/%postname%/"': f"{PLACEHOLDERS}; {PATTERN}",
    'permalink = "/:year/{slug}/"': f"{PLACEHOLDERS}; {PATTERN}",
    'permalink = "/{slug"': f"it has no {{slug}}; {PATTERN}",
    'permalink = "/{}/{slug}/"': f"unknown placeholder {{}}; {PATTERN}",
    'image = "/gone.png"': 'there is no file "/gone.png"; put it at content/gone.png,'
    " or mend the path",
}


@pytest.mark.parametrize("line", AT_FAULT)
def test_a_wrong_setting(built: SmallSite, line: str) -> None:
    built.write({"site.toml": f"{SETTINGS}{line}\n"})
    assert refused(built) == [f"site.toml:3: {line.split(' = ')[0]}: {AT_FAULT[line]}"]


@pytest.mark.parametrize(
    "line",
    [
        "menu = 3", "menu = true", "menu = 2026-06-01", 'menu = "x"', "menu = {}", "menu = [3]",
        "publisher = 3", "front = 3", "permalinks = 3", "permalinks = [1]", "deploy = 3",
        "deploy.x = 3", "deploy.x.ping = 3", "deploy.x.ping = [[1]]",
        "comments.provider = []", 'front.top = "²"', 'front.top = "' + "1" * 5000 + '"',
        "feeds.aliases = 3", "feeds.aliases = [3, true]", "content.publish = true", "labels = 3",
        "front.top = " + "1" * 5000, "extra.x = " + "[" * 5000 + "]" * 5000,
    ],
)  # fmt: skip
def test_a_setting_of_any_other_type_is_told(built: SmallSite, line: str) -> None:
    built.write({"site.toml": f"{SETTINGS}{line}\n"})
    assert all(message.startswith("site.toml:") for message in refused(built))


def test_a_number_is_no_address_of_a_site(built: SmallSite) -> None:
    built.write({"site.toml": 'title = "X"\nurl = 5\n'})
    what = 'url: "5" is no address of a site; write it whole: "https://example.org/"'
    assert refused(built) == [f"site.toml:2: {what}"]


def test_a_menu_entry_that_leads_nowhere_is_a_warning(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + 'menu = [{title = "X", url = "/gone/"}]\n'})
    what = 'menu: no page of this site answers for "/gone/"; mend the address'
    assert site.warnings() == [f"site.toml:3: {what}"]


def test_an_unknown_label_is_a_warning_with_the_nearest_name(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + '[labels]\narchiv = "Old"\n'})
    what = "labels: no layout has `archiv`; did you mean `archive`?"
    assert site.warnings() == [f"site.toml:4: {what}"]


def test_a_warning_goes_with_what_it_warned_of_though_only_words_are_new(site: SmallSite) -> None:
    site.article("a", "One.")
    site.write({"site.toml": SETTINGS + '[labels]\narchiv = "Old"\n'})
    assert len(site.build().warnings) == 1
    site.write({"layouts/labels/en.toml": 'archiv = "All of it"\n'})
    site.article("a", "Two.")
    assert site.build().warnings == []


# ----------------------------------------------------- what a place to deploy to has no use for


PLACES = {
    "s3://news/today": "Amazon S3",
    "gs://news/today": "Google Cloud Storage",
    "az://news/today": "Azure Blob Storage",
    "git+ssh://git@host.example/paper.git#pages": "a branch of a git repository",
    "git+file:///srv/paper.git": "a branch of a git repository",
    "file:///srv/www/news": "a folder on this machine",
    "editor@host.example:/srv/www": "a server with ssh",
    "host.example:www": "a server with ssh",
    "[::1]:/srv/www": "a server with ssh",
    "  gs://news/today": "Google Cloud Storage",
    "ssh://editor@host.example:2222/srv/www": "a server with ssh",
}
ANYWHERE = {
    "url": '"https://mirror.example/"',
    "max_deletes": "9",
    "ping": '["indexnow"]',
    "indexnow": '"https://engine.example/"',
    "indexnow_key": '"0123456789"',
}
PARTICULAR = {
    "endpoint": '"https://host.example"',
    "region": '"eu-north-1"',
    "cache": '{ "*.pdf" = "no-cache" }',
    "compress": '"brotli"',
    "redirects": "true",
    "history": '"squash"',
}
AS_EVER = {
    "endpoint": '""',
    "region": '""',
    "cache": "{}",
    "compress": '"none"',
    "redirects": "false",
    "history": '"keep"',
}
USED = {
    "Amazon S3": {"endpoint", "region", "cache", "compress", "redirects"},
    "Google Cloud Storage": {"endpoint", "cache", "compress"},
    "Azure Blob Storage": {"endpoint", "cache", "compress"},
    "a branch of a git repository": {"history"},
    "a folder on this machine": set(),
    "a server with ssh": set(),
}
REMEDIES = {
    "endpoint": "take it out: `to` says all",
    "region": "take it out: `to` says all",
    "cache": "take it out: that is for the web server there to do",
    "compress": "take it out: that is for the web server there to do",
    "redirects": "take it out: the page at an old address leads on by itself",
    "history": "take it out",
}


def place(site: SmallSite, to: str, options: dict[str, str]) -> list[Problem]:
    """What is wrong with a place of these options, each on a line of its own from the fifth on."""
    lines = "".join(f"{name} = {value}\n" for name, value in options.items())
    site.write({"site.toml": f'{SETTINGS}[deploy.live]\nto = "{to}"\n{lines}'})
    return sorted(load_settings(site.root)[1], key=lambda problem: problem.line)


def useless(to: str) -> list[str]:
    kind = PLACES[to]
    return [
        f"site.toml:{line}: deploy.live.{name}: {kind} has no use for it; {REMEDIES[name]}"
        for line, name in enumerate(PARTICULAR, 5)
        if name not in USED[kind]
    ]


def test_every_option_of_a_place_is_for_all_kinds_or_for_some() -> None:
    assert {field.name for field in fields(Deploy)} == {"to", *ANYWHERE, *PARTICULAR}


@pytest.mark.parametrize("to", PLACES)
def test_an_option_that_a_place_has_no_use_for_is_an_error(site: SmallSite, to: str) -> None:
    problems = place(site, to, PARTICULAR)
    assert list(map(str, problems)) == useless(to)
    assert {problem.severity for problem in problems} == {"error"}


@pytest.mark.parametrize("to", PLACES)
def test_one_that_asks_for_nothing_is_a_warning(site: SmallSite, to: str) -> None:
    problems = place(site, to, AS_EVER)
    assert list(map(str, problems)) == useless(to)
    assert {problem.severity for problem in problems} == {"warning"}


@pytest.mark.parametrize("to", PLACES)
def test_what_is_not_written_or_of_use_everywhere_is_well(site: SmallSite, to: str) -> None:
    assert place(site, to, ANYWHERE) == []
    used = {name: value for name, value in PARTICULAR.items() if name in USED[PLACES[to]]}
    assert place(site, to, used) == []


@pytest.mark.parametrize("to", PLACES)
def test_what_is_of_use_is_what_the_target_takes(site: SmallSite, to: str, tmp_path: Path) -> None:
    target: Any = target_of("live", Deploy(to=to.strip()), site.root, tmp_path)
    used = USED[PLACES[to]]
    assert target.has_headers == ("cache" in used) == ("compress" in used)
    assert isinstance(target, StoreTarget) == ("endpoint" in used)
    assert hasattr(target, "history") == ("history" in used)
    assert to.startswith("s3://") == ("region" in used) == ("redirects" in used)


@pytest.mark.parametrize("to", ["nowhere", "ftp://host/x", "C:/www", "https://host:80/x", ""])
def test_of_a_place_of_no_known_kind_no_option_is_said_to_be_of_no_use(
    site: SmallSite, to: str
) -> None:
    assert not [p for p in place(site, to, PARTICULAR) if "no use" in p.what]


def test_an_option_in_a_table_of_its_own_is_found(site: SmallSite) -> None:
    lines = '[deploy.live]\nto = "file:///srv/www"\n\n[deploy.live.cache]\n"*.pdf" = "no-cache"\n'
    site.write({"site.toml": SETTINGS + lines})
    (problem,) = load_settings(site.root)[1]
    assert str(problem).startswith("site.toml:6: deploy.live.cache: a folder on this machine has")


MENUS = {
    "in one list": 'menu = [\n  { title = "A", url = "/" },\n  # { title = "B", url = "x" },\n'
    '  { title = "C = [", url = "/gone/" },\n]\n',
    "two in a line": 'menu = [{title = """\nA""", url = "/"},\n\n'
    ' {url = "/", title = "B"}, {url = "/gone/", title = "C"}]\n',
    "as tables": '[[menu]]\ntitle = "A"\nurl = "/"\n[[menu]]\ntitle = "C"\nurl = "/gone/"\n',
}


@pytest.mark.parametrize("menu", MENUS.values(), ids=MENUS.keys())
def test_an_entry_of_the_menu_is_told_on_its_own_line(built: SmallSite, menu: str) -> None:
    written = f"{SETTINGS}{menu}"
    line = next(n for n, row in enumerate(written.splitlines(), 1) if "gone" in row)
    built.write({"site.toml": written})
    assert built.warnings() == [
        f'site.toml:{line}: menu: no page of this site answers for "/gone/"; mend the address'
    ]
    built.write({"site.toml": written.replace("/gone/", "gone")})
    (told,) = built.errors()
    assert '.url: "gone" is no address' in told
    assert told.startswith(f"site.toml:{line}: ")


QUOTES = 'broken TOML: invalid value; use straight quotes: "…"'
UNCLOSED = "the quotation mark is never closed; put it behind the text"
NO_TOML = {
    "tagline = About": 'broken TOML: invalid value; put the text in quotes: "About"',
    "tagline = About us # x": 'broken TOML: invalid value; put the text in quotes: "About us"',
    "menu = [x, y]": 'broken TOML: invalid value; put the text in quotes: "x"',
    "feeds.promos = True": "broken TOML: invalid value; write true",
    "feeds.promos = FALSE,": "broken TOML: invalid value; write false",
    "feeds.promos = yes": "broken TOML: invalid value; write true",
    "tagline = “About”": QUOTES,
    "tagline = «About»": QUOTES,
    'tagline = "About”': 'the quotation mark is never closed; use straight quotes: "…"',
    'tagline = "About': UNCLOSED,
    "tagline = 'About": UNCLOSED,
    "tagline = 'About\nimage = 'x'": UNCLOSED,
    'tagline = """About\nus': UNCLOSED,
    "tagline = '''About\nus": UNCLOSED,
    'menu = ["x" "y"]': 'a comma is missing before "y"]; put it there',
    "extra = {a = 1 b = 2}": "a comma is missing before b = 2}; put it there",
    "extra.a = {b = 1": "a bracket is never closed: `}` is missing; put it behind the last value",
    'tagline = "say "hi" now"': "broken TOML: expected newline or end of document after a"
    ' statement; write a quotation mark within a text as \\"',
    r'tagline = "C:\data"': "broken TOML: unescaped '\\' in a string;"
    " put the text between single quotes, or write each \\ twice",
}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("line", NO_TOML)
def test_what_is_no_toml_comes_with_what_to_do(tmp_path: Path, line: str, ending: str) -> None:
    text = f"{SETTINGS}{line}\nlanguage = 'en'\n" if "'" not in line else f"{SETTINGS}{line}\n"
    (tmp_path / "site.toml").write_bytes(text.replace("\n", ending).encode())
    settings, problems = load_settings(tmp_path)
    assert settings is None
    assert list(map(str, problems)) == [f"site.toml:3: {NO_TOML[line]}"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            "[promos]\nafter = 3\n[front]\ntop = 3\n[promos]\ndefault = 'p'",
            "site.toml:7: [promos] is there already, in line 3; put the lines below it",
        ),
        (
            "[promos]\nafter = 3\nafter = 4",
            "site.toml:5: `after` is there already, in line 4; take one of the two out",
        ),
        (
            "menu = [1, 2\n[promos]",
            "site.toml:4: a bracket is never closed: `]` is missing; put it behind the last value",
        ),
        (
            'menu = [\n  {title = "A", url = "/a/"}\n  {title = "B", url = "/b/"},\n]',
            'site.toml:5: a comma is missing before {title = "B", url = …; put it there',
        ),
        (
            '# [a]\n[promos]\nafter = 3\npermalink = "/{slug}/"',
            "site.toml:6: unknown field `promos.permalink`;"
            " `permalink` belongs above the first line in brackets (line 4)",
        ),
        (
            "[promos]\nafters = 3",
            "site.toml:4: unknown field `promos.afters`; did you mean `after`?",
        ),
    ],
)
def test_what_stands_in_the_wrong_place(tmp_path: Path, lines: str, told: str) -> None:
    (tmp_path / "site.toml").write_text(f"{SETTINGS}{lines}\n")
    assert list(map(str, load_settings(tmp_path)[1])) == [told]
