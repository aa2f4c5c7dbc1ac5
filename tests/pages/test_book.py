"""Pages that are read one after the other: the way through them, whatever the site."""

import pytest

from support.sites import SETTINGS, SmallSite, links, words

CHAPTERS = """
[[extra.book.chapters]]
title = "First"
url = "/book/"

[[extra.book.chapters]]
title = "Second & last"
url = "/book/second/"
"""
SECOND = "content/pages/book/second.md"


@pytest.fixture
def book(site: SmallSite) -> SmallSite:
    site.write(
        {
            "site.toml": f'{SETTINGS}[extra.book]\ntitle = "A book"\n{CHAPTERS}',
            "content/pages/book/index.md": "---\ntitle: One\n---\n## A\n\n## B\n\n## C\n",
            SECOND: "---\ntitle: Two\n---\nText.\n",
            "content/pages/about.md": "---\ntitle: About\n---\n## A\n\n## B\n\n## C\n",
        }
    )
    return site


def shown(site: SmallSite, path: str) -> list[str]:
    """What of a book is on a page: its chapters, the ones beside, the page's own headings."""
    page = site.page(path)
    return [words(page, part) for part in ("main aside", ".neighbours", "nav.contents")]


def test_a_chapter_has_the_way_through_its_book(book: SmallSite) -> None:
    assert book.warnings() == []
    chapters = "A book First Second & last"
    assert shown(book, "/book/") == [chapters, "Next page Second & last", "On this page A B C"]
    assert shown(book, "/book/second/") == [chapters, "Previous page First", ""]


@pytest.mark.parametrize("home", ["/", "/news/"])
def test_a_chapter_belongs_to_its_book(book: SmallSite, home: str) -> None:
    menu = 'menu = [{ title = "Handbook", url = "/book/" }, { title = "About", url = "/about/" }]\n'
    settings = (book.root / "site.toml").read_text("utf-8").replace('e/"\n', f'e{home}"\n', 1)
    book.write({"site.toml": menu + settings})
    book.build()
    marked = {
        path: book.page(path).xpath("//nav[@class='menu']//a[@aria-current]/@*")
        for path in ("/book/", "/book/second/", "/about/")
    }
    assert marked == {
        "/book/": [f"{home}book/", "page"],
        "/book/second/": [f"{home}book/", "true"],
        "/about/": [f"{home}about/", "page"],
    }
    assert links(book.page("/book/second/"), ".trail a") == [home, f"{home}book/"]
    assert words(book.page("/book/second/"), ".trail") == "Test Paper A book Two"
    assert words(book.page("/book/"), ".trail") == "Test Paper One"


def test_any_other_page_is_as_it_was_without_a_book(book: SmallSite) -> None:
    book.build()
    before = book.text("/about/")
    assert shown(book, "/about/") == ["", "", ""]
    book.write({"site.toml": SETTINGS})
    book.build()
    assert book.text("/about/") == before


@pytest.mark.parametrize("value", ['"The Origin of Species"', "3", "[]", "{ chapters = [] }"])
def test_what_a_site_calls_a_book_need_not_be_one(book: SmallSite, value: str) -> None:
    book.write({"site.toml": f"{SETTINGS}[extra]\nbook = {value}\n"})
    assert book.warnings() == []
    assert shown(book, "/book/") == ["", "", ""]


def test_a_book_of_a_site_below_a_path_stays_there(book: SmallSite) -> None:
    settings = (book.root / "site.toml").read_text("utf-8")
    book.write({"site.toml": settings.replace("paper.example/", "paper.example/news/")})
    book.build()
    found = links(book.page("/book/"), "aside a, .neighbours a")
    assert found == ["/news/book/second/", "/news/book/", "/news/book/second/"]


def test_a_chapter_that_moves_up_is_seen_in_all(book: SmallSite) -> None:
    book.build()
    first, second = CHAPTERS.split("\n\n")
    turned = f'{SETTINGS}[extra.book]\ntitle = "A book"\n{second}\n{first}'
    book.write({"site.toml": turned})
    book.build()
    after = book.outputs()
    assert shown(book, "/book/")[1] == "Previous page Second & last"
    book.build(clean=True)
    assert book.outputs() == after


def test_a_chapter_is_known_by_its_letters(site: SmallSite) -> None:
    book = '[extra.book]\ntitle = "A book"\nchapters = [{ title = "Only", url = "/über-uns/" }]\n'
    page = "---\ntitle: Über uns\n---\n"
    site.write(
        {"site.toml": f'{SETTINGS}slugs = "unicode"\n{book}', "content/pages/über-uns.md": page}
    )
    site.build()
    assert links(site.page("/über-uns/"), "aside a") == ["/%C3%BCber-uns/"]
    assert shown(site, "/über-uns/") == ["A book Only", "", ""]


def test_a_book_can_have_a_stylesheet_of_its_own(book: SmallSite) -> None:
    settings = (book.root / "site.toml").read_text("utf-8")
    styled = settings.replace('"A book"\n', '"A book"\nstyle = "/book.css"\n')
    book.write({"site.toml": styled, "content/book.css": "p { margin: 0 }"})
    book.build()
    sheets = "link[rel='stylesheet']"
    assert links(book.page("/book/"), sheets)[1:] == ["/book.css"]
    assert links(book.page("/about/"), sheets)[1:] == []


@pytest.mark.parametrize(
    ("extra", "link"),
    [
        ("", []),
        ('repository = "https://x.example/r"\n', ["https://x.example/r/edit/main/"]),
        ('repository = "https://x.example/r/"\n', ["https://x.example/r/edit/main/"]),
        (
            'repository = "https://x.example/r"\nedit = "-/edit/trunk"\n',
            ["https://x.example/r/-/edit/trunk/"],
        ),
    ],
)
def test_a_chapter_can_be_edited_where_the_repository_is(
    book: SmallSite, extra: str, link: list[str]
) -> None:
    book.write({"content/pages/book/deux façons.md": "---\ntitle: Odd\nslug: second\n---\n"})
    (book.root / SECOND).unlink()
    settings = (book.root / "site.toml").read_text("utf-8")
    book.write({"site.toml": settings.replace("[extra.book]", f"[extra]\n{extra}[extra.book]")})
    book.build()
    found = book.page("/book/second/").xpath("//a[text() = 'Edit this page']/@href")
    assert found == [f"{url}content/pages/book/deux%20fa%C3%A7ons.md" for url in link]
