"""Slugs by the rule that a site has chosen."""

from pathlib import Path

import pytest

from generator.commands.start import make_site, new_article
from generator.config import load_settings
from generator.errors import UsageError
from generator.slugs import Slugs
from support.sites import SETTINGS, SmallSite, links, refused


@pytest.mark.parametrize(
    ("language", "text", "slug"),
    [
        ("de", "Ärger über Öffnungszeiten", "aerger-ueber-oeffnungszeiten"),
        ("de-CH", "Grüsse & Größe", "gruesse-groesse"),
        ("da", "Ålborg og Smørrebrød", "aalborg-og-smoerrebroed"),
        ("nb", "Blåbær", "blaabaer"),
        ("sv", "Ängar på Åland", "angar-pa-aland"),
        ("fr", "L’été à Nîmes", "lete-a-nimes"),
        ("uk", "Юрій із Києва", "yurii-iz-kyieva"),
        ("el", "Ευρώπη και Θεσσαλονίκη", "evropi-kai-thessaloniki"),
        ("ru", "Щи и ёж", "shchi-i-ezh"),
        ("zh", "中文", "zhong-wen"),
        ("en", "Zürich", "zurich"),
        ("de", "A.I. und C++", "ai-und-c-plus-plus"),
    ],
)
def test_a_language_spells_its_letters_in_its_own_way(language: str, text: str, slug: str) -> None:
    assert Slugs("language", language).of(text) == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("日本語のニュース", "日本語のニュース"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("ภาษาไทย", "ภาษาไทย"),
        ("Ärger über C++", "ärger-über-c-plus-plus"),
        ("Ελλάδα!", "ελλάδα"),
        ("e\u0301", "é"),
    ],
)
def test_letters_may_stay_as_they_are(text: str, slug: str) -> None:
    assert Slugs("unicode", "ja").of(text) == slug


def addresses(site: SmallSite) -> list[str]:
    pages = [path for path in site.outputs() if path.endswith("/index.html")]
    return sorted(f"/{path.removesuffix('index.html')}" for path in pages)


def german(site: SmallSite, settings: str) -> None:
    site.write({"site.toml": SETTINGS + f'language = "de"\n{settings}\n'})
    site.write({"content/pages/über_uns/op_cat.md": "---\ntitle: O\n---\n"})
    site.article("Ärger", tags="[Öl]", author="Jörg")
    site.write({"content/authors/märz.md": "---\nname: März\n---\n"})
    assert site.warnings() == []


def test_without_the_setting_addresses_are_what_they_were(site: SmallSite) -> None:
    german(site, "")
    assert {
        "/2026/06/arger/",
        "/tags/ol/",
        "/authors/jorg/",
        "/authors/marz/",
        "/uber-uns/op-cat/",
    } <= set(addresses(site))


def test_stories_pages_tags_and_authors_follow_the_rule(site: SmallSite) -> None:
    german(site, 'slugs = "language"')
    assert {
        "/2026/06/aerger/",
        "/tags/oel/",
        "/authors/joerg/",
        "/authors/maerz/",
        "/ueber_uns/op_cat/",
    } <= set(addresses(site))


def test_addresses_of_any_script_are_linked_encoded(site: SmallSite) -> None:
    german(site, 'slugs = "unicode"')
    assert {"/2026/06/ärger/", "/tags/öl/", "/authors/märz/", "/über_uns/op_cat/"} <= set(
        addresses(site)
    )
    assert links(site.page("/2026/06/ärger/"), "a[rel=tag]") == ["/tags/%C3%B6l/"]
    assert "/2026/06/%C3%A4rger/" in links(site.page("/"), "main a")


@pytest.mark.parametrize("slug", ["%ce%b5%ce%bb%ce%bb%ce%ac%ce%b4%ce%b1", "ελλάδα"])
def test_a_slug_may_be_written_as_wordpress_exports_it(site: SmallSite, slug: str) -> None:
    site.article("a", slug=f'"{slug}"')
    site.article("b", "[to](a.md)", related="{pin: [ελλάδα]}")
    assert site.warnings() == []
    assert "/2026/06/ελλάδα/" in addresses(site)
    assert links(site.page("/2026/06/b/"), ".prose a") == [
        "/2026/06/%CE%B5%CE%BB%CE%BB%CE%AC%CE%B4%CE%B1/"
    ]


def test_a_files_name_may_be_one_that_wordpress_exported(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + 'slugs = "unicode"\n'})
    site.article("2026-06-01-%ce%b5%ce%bb")
    site.build()
    assert "/2026/06/ελ/" in addresses(site)


NFC, NFD = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"slug": NFC}, {"slug": NFD}),
        ({"slug": NFC}, {"slug": "cafe%CC%81"}),
        ({"permalink": f"/{NFC}/"}, {"permalink": f"/{NFD}/"}),
        ({"permalink": f"/{NFC}/"}, {"permalink": "/cafe%CC%81/"}),
        ({"slug": NFC}, {"aliases": f"[/2026/06/{NFD}/]"}),
        ({"aliases": f"[/{NFC}/]"}, {"aliases": "[/cafe%cc%81/]"}),
    ],
)
def test_addresses_that_look_alike_are_one(
    built: SmallSite, one: dict[str, str], other: dict[str, str]
) -> None:
    built.article("a", **one)
    built.article("b", **other)
    (error,) = refused(built)
    assert error.startswith("content/articles/b.md:4: ")
    assert "is also that of content/articles/a.md" in error


@pytest.mark.parametrize("form", [NFC, NFD, "caf%C3%A9", "cafe%CC%81"])
def test_links_find_an_address_in_either_form(site: SmallSite, form: str) -> None:
    site.article("a", slug=NFD)
    site.article("b", f"[a](/2026/06/{form}/) [b](/2026/06/{form}/?x)")
    assert site.warnings() == []
    place = "/2026/06/caf%C3%A9/"
    assert links(site.page("/2026/06/b/"), ".prose a") == [place, f"{place}?x"]


@pytest.mark.parametrize("slug", ["a/b", "a b", "..", "%2e%2e", "%2f", "x?y", "%ff", "a%00b", "-a"])
def test_a_slug_that_cannot_stand_in_an_address(site: SmallSite, slug: str) -> None:
    site.article("a", slug=f'"{slug}"')
    (error,) = site.errors()
    assert "cannot stand in an address" in error


def test_an_unknown_rule_is_an_error(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + 'slugs = "latin"\n'})
    (error,) = site.errors()
    assert (
        error
        == 'site.toml:3: slugs: "latin" is none of ascii, language, unicode; write one of them'
    )


@pytest.mark.parametrize(
    ("language", "rule"),
    [("en", "language"), ("de-AT", "language"), ("uk", "language"), ("zh", "unicode")],
)
def test_a_new_site_has_the_rule_that_suits_its_language(
    tmp_path: Path, language: str, rule: str
) -> None:
    make_site(tmp_path / "new", language)
    settings, problems = load_settings(tmp_path / "new")
    assert settings is not None
    assert problems == []
    assert (settings.language, settings.slugs) == (language, rule)


@pytest.mark.parametrize("language", ["xx", "german", "", '"', "de\n"])
def test_a_new_site_is_not_made_in_no_language(tmp_path: Path, language: str) -> None:
    with pytest.raises(UsageError, match="is no language"):
        make_site(tmp_path / "new", language)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("rule", "headline", "name"),
    [
        ("language", "a" * 300, "a" * 100),
        ("language", "東" * 90, "-".join(["dong"] * 20)),
        ("unicode", "東" * 90, "東" * 33),
        ("language", f"{'a' * 99} {'b' * 99}", "a" * 99),
        ("language", f"{'a' * 100} {'b' * 99}", "a" * 100),
        ("language", f"a {'b' * 300}", "a"),
        ("language", "a" * 100, "a" * 100),
    ],
)
def test_a_new_story_has_a_name_that_fits(
    site: SmallSite, rule: str, headline: str, name: str
) -> None:
    site.write({"site.toml": f'{SETTINGS}slugs = "{rule}"\n'})
    path = new_article(site.root, headline)
    assert path.stem == name
    assert f'title: "{headline}"\n' in path.read_text()
    assert new_article(site.root, headline).stem == f"{name}-2"
    assert site.build(drafts=True).articles == 2


@pytest.mark.parametrize(
    ("headline", "authors", "tags", "kind"),
    [
        ("A\x00b", [], [], "headline"),
        ("A\x1bb", [], [], "headline"),
        ("A\x9bb", [], [], "headline"),
        ("A", ["Jane\x07"], [], "author"),
        ("A", ["Jane"], ["ok", "x\x7f"], "tag"),
        ("A\ud800", [], [], "headline"),
    ],
)
def test_a_new_story_holds_no_control_characters(
    site: SmallSite, headline: str, authors: list[str], tags: list[str], kind: str
) -> None:
    with pytest.raises(UsageError, match=rf'the {kind} ".*" holds the control character .*: take'):
        new_article(site.root, headline, authors, tags)
    assert not (site.root / "content/articles/2026").exists()


def test_a_no_break_space_stays_in_the_headline_of_a_new_story(site: SmallSite) -> None:
    path = new_article(site.root, " 10\u00a0000  people\n gather ")
    assert path.stem == "10-000-people-gather"
    assert 'title: "10\u00a0000 people gather"\n' in path.read_text()


def test_a_new_story_is_named_by_the_rule(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + 'language = "de"\nslugs = "language"\n'})
    assert new_article(site.root, "Ärger über Öffnungszeiten").name == (
        "aerger-ueber-oeffnungszeiten.md"
    )
