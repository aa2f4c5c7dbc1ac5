"""Names of authors and tags: which are one, whose file is meant, and which address each has."""

import json

import pytest

from generator.site.taxonomies import folded, folded_term
from support.sites import SETTINGS, SmallSite, links, words

HOME = "/2026/06/a/"


def tags(site: SmallSite) -> dict[str, str]:
    """The tags of the site, in the order of their list: name → address."""
    return {str(a.text): a.get("href", "") for a in site.page("/tags/").cssselect("main ul a")}


def authors(site: SmallSite) -> dict[str, str]:
    return {str(a.text): a.get("href", "") for a in site.page("/authors/").cssselect("main ul a")}


def filed(site: SmallSite, kind: str, **names: str) -> None:
    for stem, name in names.items():
        path = f"content/{kind}/{stem.replace('_', '-')}.md"
        site.write({path: f"---\nname: {json.dumps(name, ensure_ascii=False)}\n---\n"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王伟", "汪维"),
        ("Anna Müller", "Anna Muller"),
        ("Anna Müller", "Anna Mueller"),
        ("O'Neil", "ONeil"),
        ("Jean-Luc", "Jean Luc"),
        ("J. Smith", "J Smith"),
        ("Łukasz", "Lukasz"),
    ],
)
def test_authors_whose_names_differ_are_two(site: SmallSite, one: str, other: str) -> None:
    site.article("a", author=json.dumps(one, ensure_ascii=False), date="2026-06-01")
    site.article("b", author=json.dumps(other, ensure_ascii=False), date="2026-06-02")
    site.build()
    assert words(site.page(HOME), ".byline") == f"By {one}"
    assert words(site.page("/2026/06/b/"), ".byline") == f"By {other}"
    assert len(set(authors(site).values())) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("パリ", "バリ"),
        ("经济", "竞技"),
        (".NET", "NET"),
        ("R&D", "R/D"),
        ("año", "ano"),
        ("$100", "100%"),
        ("C♯", "C"),
        ("3.10", "310"),
        ("Côte", "Coté"),
        ("re-form", "reform"),
        ("Straße", "Strase"),
    ],
)
def test_tags_that_differ_are_two(site: SmallSite, one: str, other: str) -> None:
    site.article("a", tags=json.dumps([one, other], ensure_ascii=False))
    site.build()
    assert set(tags(site)) == {one, other}
    assert len({*tags(site).values()}) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AI", "ai"),
        ("A.I.", "AI"),
        ("U.S. Navy", "US navy"),
        ("New  York", "new york"),
        ("ＮＡＴＯ", "NATO"),
        ("é", "e\u0301"),
        ("Straße", "STRASSE"),
        ("Vitamin C.", "Vitamin C"),
    ],
)
def test_spellings_of_one_tag(one: str, other: str) -> None:
    assert folded_term(one) == folded_term(other)


@pytest.mark.parametrize("name", [".NET", "3.10", "Node.js", "St. Gallen", "v10.", "1.FC"])
def test_dots_that_say_something_stay(name: str) -> None:
    assert folded_term(name) == name.casefold()


def test_dots_of_authors_stay() -> None:
    assert folded("J. R. Smith") != folded("J R Smith")


# ----------------------------------------------------------------------------- files


def test_a_name_that_is_exactly_that_of_a_file_is_the_files(site: SmallSite) -> None:
    filed(site, "authors", anna_mueller="Anna Müller", anna_muller="Anna Muller")
    site.article("a", author="Anna Müller")
    site.article("b", author="Anna Muller")
    site.build()
    assert links(site.page(HOME), "a[rel=author]") == ["/authors/anna-mueller/"]
    assert words(site.page(HOME), ".byline") == "By Anna Müller"
    assert links(site.page("/2026/06/b/"), "a[rel=author]") == ["/authors/anna-muller/"]


def test_a_file_whose_name_lost_its_marks_is_not_meant_by_who_never_had_any(
    site: SmallSite,
) -> None:
    filed(site, "authors", anna_muller="Anna Müller", wang_wei="王伟")
    filed(site, "tags", ano="Año")
    site.article("a", authors="[Anna Muller, 汪维]", tags="[ano]")
    site.build()
    assert words(site.page(HOME), ".byline") == "By Anna Muller and 汪维"
    assert words(site.page(HOME), "a[rel=tag]") == "ano"
    assert authors(site)["Anna Müller"] == "/authors/anna-muller/"
    assert authors(site)["Anna Muller"].startswith("/authors/anna-muller-")


@pytest.mark.parametrize("typed", ["anna-muller", "Anna Müller", "ANNA MÜLLER", "anna  müller"])
def test_an_author_is_meant_by_the_name_and_by_the_files_own(site: SmallSite, typed: str) -> None:
    filed(site, "authors", anna_muller="Anna Müller")
    site.article("a", author=typed)
    assert site.warnings() == []
    assert words(site.page(HOME), ".byline") == "By Anna Müller"


@pytest.mark.parametrize("typed", ["AI", "ai", "A.I.", "Artificial intelligence"])
def test_a_tags_file_names_what_is_typed_as_the_file_is_called(site: SmallSite, typed: str) -> None:
    filed(site, "tags", ai="Artificial intelligence")
    site.article("a", tags=f"[{typed}]")
    assert site.warnings() == []
    assert tags(site) == {"Artificial intelligence": "/tags/ai/"}


@pytest.mark.parametrize(
    ("typed", "shown"), [("jane-doe", "Jane Doe-Smith"), ("Jane Doe", "Jane Doe")]
)
def test_no_byline_is_replaced_by_another_persons(site: SmallSite, typed: str, shown: str) -> None:
    filed(site, "authors", jane_doe="Jane Doe-Smith")
    site.article("a", author=typed)
    site.build()
    assert words(site.page(HOME), ".byline") == f"By {shown}"


def test_a_sign_that_nobody_sees_is_spelled_out_in_messages(site: SmallSite) -> None:
    site.article("a", tags='[ab, "ab\\u200b"]')
    (told,) = site.warnings()
    assert r'"ab\u200b" is not "ab" of /tags/ab/' in told


def test_hyphens_in_a_files_name_stand_for_spaces(site: SmallSite) -> None:
    filed(site, "tags", climate_change="The climate")
    site.article("a", tags="[Climate change]")
    assert site.warnings() == []
    assert tags(site) == {"The climate": "/tags/climate-change/"}


def test_a_name_that_two_files_have_is_an_error_where_it_is_used(site: SmallSite) -> None:
    filed(site, "authors", jo="Jo", jo_2="Jo")
    site.article("a", author="Jo")
    site.article("b", author="jo")
    site.article("c", author="jo-2")
    assert site.errors() == [
        'content/articles/a.md:4: author: "Jo" is the name in content/authors/jo-2.md and'
        ' content/authors/jo.md; write the name of the file: "jo-2" or "jo"'
    ]


# ------------------------------------------------------------------------- addresses


def test_an_address_belongs_to_the_name_with_a_file(site: SmallSite) -> None:
    site.article("a", tags="[ano]", date="2026-01-01")
    site.article("b", tags="[año]", date="2026-06-01")
    filed(site, "tags", ano="año")
    site.build()
    assert tags(site)["año"] == "/tags/ano/"
    assert tags(site)["ano"].startswith("/tags/ano-")


def test_else_an_address_belongs_to_the_name_with_the_oldest_story(site: SmallSite) -> None:
    site.article("z", tags="[año]", date="2026-06-01")
    site.article("b", tags="[ano]", date="2026-06-01")
    site.build()
    assert tags(site)["ano"] == "/tags/ano/"
    site.article("z", tags="[año]", date="2026-05-31")
    site.build()
    assert tags(site)["año"] == "/tags/ano/"


def test_a_third_name_moves_nobody(site: SmallSite) -> None:
    site.article("a", tags="[ano]", date="2026-06-01")
    site.article("b", tags="[año]", date="2026-06-02")
    site.build()
    before = tags(site)
    site.article("c", tags="[anò, äno, Anõ]", date="2026-06-03")
    site.build()
    assert before.items() <= tags(site).items()
    assert len(set(tags(site).values())) == 5


def test_a_draft_holds_the_address_that_it_will_have(site: SmallSite) -> None:
    site.article("a", tags="[año]", date="2026-06-01", draft="true")
    site.article("b", tags="[ano]", date="2026-06-02")
    site.build()
    before = tags(site)["ano"]
    site.article("a", tags="[año]", date="2026-06-01")
    site.build()
    assert tags(site) == {"ano": before, "año": "/tags/ano/"}


def test_the_new_address_is_told_once(site: SmallSite) -> None:
    site.article("a", tags="[ano]", date="2026-06-01")
    assert site.warnings() == []
    site.article("b", tags="[año]", date="2026-06-02")
    (told,) = site.warnings()
    address = tags(site)["año"]
    assert told == (
        'content/articles/b.md:4: tags: "año" is not "ano" of /tags/ano/: its address is'
        f" {address}; to choose another, add a file to content/tags/ that has this name"
    )
    assert site.warnings() == []
    assert site.warnings(clean=True) == []
    site.article("c")
    assert site.warnings() == []


def test_a_file_chooses_another_address(site: SmallSite) -> None:
    site.article("a", tags="[ano, año]")
    site.build()
    filed(site, "tags", year="año")
    site.build()
    assert tags(site) == {"ano": "/tags/ano/", "año": "/tags/year/"}


def test_names_of_signs_alone_are_an_error(site: SmallSite) -> None:
    site.article("a", tags='["!!!"]', author="ᏣᎳᎩ")
    assert site.errors() == [
        'content/articles/a.md:4: tags: "!!!" has no letter or digit to make an address of;'
        " write it in letters"
    ]


# ----------------------------------------------------------------------------- order


def test_tags_and_authors_stand_in_the_order_of_the_language(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + 'language = "de"\n'})
    names = "[Zypern, Ägypten, Éire, zebra, Ausgabe 1, Ausgabe 10, Ausgabe 2]"
    site.article("a", tags=names, authors=names)
    site.build()
    right = ["Ägypten", "Ausgabe 1", "Ausgabe 2", "Ausgabe 10", "Éire", "zebra", "Zypern"]
    assert list(tags(site)) == right
    assert list(authors(site)) == right
    menu = [str(link.text) for link in site.page("/").cssselect("nav.menu a")]
    assert menu == right[:6]


def test_a_language_with_letters_of_its_own_has_them_in_its_order(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + 'language = "sv"\n'})
    site.article("a", tags="[Öl, Zorn, Ål, Ängel, Arne]")
    site.build()
    assert list(tags(site)) == ["Arne", "Zorn", "Ål", "Ängel", "Öl"]
