"""What is wrong in site.toml, told with its line."""

import pytest
from conftest import SETTINGS, SmallSite, refused


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


ZONE = 'is no time zone; write one such as "Europe/Berlin"'
PATTERN = 'write a pattern such as "/{year}/{month}/{slug}/"'
AT_FAULT = {
    'timezone = "Mars/Olympus"': f'"Mars/Olympus" {ZONE}',
    'timezone = "../x"': f'"../x" {ZONE}',
    "timezone = 3": f'"3" {ZONE}',
    "language = 3": '"3" is no language; write a tag such as "en" or "de-AT"',
    'permalink = "/{title}/{slug}/"': f"unknown placeholder {{title}}; {PATTERN}",
    'permalink = "/{slug"': f"it has no {{slug}}; {PATTERN}",
    'permalink = "/{}/{slug}/"': f"unknown placeholder {{}}; {PATTERN}",
    'image = "/gone.png"': 'there is no file "/gone.png"; put it at content/gone.png,'
    " or mend the path",
}


@pytest.mark.parametrize("line", AT_FAULT)
def test_a_wrong_setting(built: SmallSite, line: str) -> None:
    built.write({"site.toml": f"{SETTINGS}{line}\n"})
    assert refused(built) == [f"site.toml:3: {line.split(' = ')[0]}: {AT_FAULT[line]}"]


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
