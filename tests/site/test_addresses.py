"""Where things stand: permalinks, redirects, titles of their own, the menu."""

from datetime import UTC, datetime
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slugify import slugify as transliterate

from generator.deploy.manifest import Entry, Manifest
from generator.deploy.plan import plan
from generator.hosts.headers import Headers, headers_of
from generator.kinds import PageKind
from generator.output.inventory import read_inventory
from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from generator.slugs import slugify
from support.sites import NOW, SETTINGS, SmallSite, links, refused, words


def title(site: SmallSite, path: str) -> str:
    return words(site.page(path), "head title")


@pytest.mark.parametrize("base", ["/", "/news/"])
def test_an_alias_redirects_to_the_story(site: SmallSite, base: str) -> None:
    site.write({"site.toml": f'title = "P"\nurl = "https://p.example{base}"\n'})
    site.article("story", aliases="[/2019/old-name/, other, /x/old.html]")
    site.build()
    target = f"{base}2026/06/story/"
    for path in ("/2019/old-name/", "/other/", "/x/old.html"):
        page = site.page(path)
        assert page.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url={target}"]
        assert page.xpath("//link[@rel='canonical']/@href") == [f"https://p.example{target}"]
        assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert links(page) == [target]
    assert (site.public / target.removeprefix(base) / "index.html").exists()


def test_a_page_can_have_aliases_too(site: SmallSite) -> None:
    site.write({"content/pages/about.md": "---\ntitle: About\naliases: [/who/]\n---\nWe.\n"})
    site.build()
    assert links(site.page("/who/")) == ["/about/"]


@pytest.mark.parametrize(("alias", "path"), [("/caf%C3%A9/", "/café/"), ("/a%20b/", "/a b/")])
def test_an_alias_copied_from_an_address_bar_answers_there(
    site: SmallSite, alias: str, path: str
) -> None:
    site.article("story", aliases=f"[{alias!r}]")
    site.build()
    assert links(site.page(path)) == ["/2026/06/story/"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("alias", "file"),
    [
        ("/2019/python-3.7-released", "2019/python-3.7-released/index.html"),
        ("/node.js", "node.js/index.html"),
        ("/node.js/", "node.js/index.html"),
        ("/atom.xml", "atom.xml/index.html"),
        ("/post.php", "post.php/index.html"),
        ("/a.b", "a.b/index.html"),
        ("/x.htmlx", "x.htmlx/index.html"),
        ("/x.html.", "x.html./index.html"),
        ("/caf%C3%A9.asp", "café.asp/index.html"),
        ("/v1%2E5", "v1.5/index.html"),
        ("/page.xhtml", "page.xhtml/index.html"),
        ("/old.html", "old.html"),
        ("/Old.HTM", "Old.HTM"),
        ("/x%2Ehtml", "x.html"),
        ("/x/index.html", "x/index.html"),
    ],
)
def test_a_redirect_is_html_whatever_its_name(site: SmallSite, alias: str, file: str) -> None:
    site.article("story", aliases=f"[{alias}]")
    assert site.warnings() == []
    inventory = read_inventory(site.public)
    assert inventory
    assert [p for p, item in inventory.files.items() if item.kind == "redirect"] == [file]
    assert headers_of(file, inventory.files[file], {}, "", True) == Headers(
        "text/html; charset=utf-8",
        "public, max-age=300",
        location="https://paper.example/2026/06/story/",
    )
    live = Session(site.root, NOW)
    live.update()
    path = unquote(alias)
    given = respond(live, path)
    if given.location == f"{quote(path)}/":
        given = respond(live, f"{path}/")
    assert (given.status, given.location) == (302, "/2026/06/story/")
    assert given.type == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("alias", "other"),
    [
        ("/feed.xml", "a page that Broadsheet makes"),
        ("/robots.txt/x", "a page that Broadsheet makes"),
        ("/logo.svg", "content/logo.svg"),
    ],
)
def test_an_alias_whose_folder_is_a_file(built: SmallSite, alias: str, other: str) -> None:
    built.write({"content/logo.svg": b"<svg/>"})
    built.article("story", aliases=f"[{alias}]")
    assert refused(built) == [
        f"content/articles/story.md:4: its alias {alias}/ is also that of {other};"
        " rename one of the two"
    ]


NAMED = {
    "tags": ("name: Rail\naliases: [{}]", "tags: [Rail]", "Rail"),
    "authors": ("name: Ann Lee\naliases: [{}]", "author: Ann Lee", "Ann Lee"),
}
"""By kind: the fields of a file, the line of a story that means it, the name."""


@pytest.mark.parametrize("kind", NAMED)
@pytest.mark.parametrize("base", ["/", "/news/"])
def test_an_alias_redirects_to_the_tag_or_author(site: SmallSite, kind: str, base: str) -> None:
    fields, credit, name = NAMED[kind]
    site.write({"site.toml": f'title = "P"\nurl = "https://p.example{base}"\n'})
    old = f"/{kind}/old/"
    site.write({f"content/{kind}/it.md": f"---\n{fields.format(f'{old}, x.html')}\n---\n"})
    site.write({"content/articles/a.md": f"---\ntitle: A\ndate: 2026-06-01\n{credit}\n---\n"})
    site.build()
    target = f"{base}{kind}/it/"
    for path in (old, "/x.html"):
        page = site.page(path)
        assert page.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url={target}"]
        assert title(site, path) == name and links(page) == [target]
        assert path not in site.text("/sitemap.xml")
    live = Session(site.root, NOW)
    live.update()
    given = respond(live, f"{base.rstrip('/')}{old}")
    assert (given.status, given.location) == (302, target)


@pytest.mark.parametrize("host", ["cloudflare", "gitlab", "netlify"])
def test_a_host_is_told_of_aliases_of_tags_and_authors(site: SmallSite, host: str) -> None:
    site.write({"site.toml": f'{SETTINGS}host = "{host}"\n'})
    for kind, (fields, _, _) in NAMED.items():
        site.write({f"content/{kind}/it.md": f"---\n{fields.format(f'/{kind}/old/')}\n---\n"})
    site.article("a", tags="[Rail]", author="Ann Lee")
    site.build()
    rules = site.text("/_redirects").splitlines()
    assert [rule.split()[:2] for rule in rules if rule.startswith("/")] == [
        [f"/{kind}/old/", f"/{kind}/it/"] for kind in NAMED
    ]


@pytest.mark.parametrize("kind", NAMED)
def test_an_alias_of_a_tag_or_author_that_is_taken_is_told(built: SmallSite, kind: str) -> None:
    fields, _, _ = NAMED[kind]
    built.write({f"content/{kind}/it.md": f"---\n{fields.format('/2026/06/GOOD/')}\n---\n"})
    assert refused(built) == [
        f"content/{kind}/it.md:3: its address /2026/06/GOOD/ is also that of"
        " content/articles/good.md; change `aliases` in one of the two"
    ]
    taken = ("/archive/", f"/{kind}/it/")
    built.write({f"content/{kind}/it.md": f"---\n{fields.format(', '.join(taken))}\n---\n"})
    built.article("good", tags="[Rail]", author="Ann Lee")
    own = "a page that Broadsheet makes"
    whose = own, 'tags "Rail", in content/tags/it.md' if kind == "tags" else own
    assert refused(built) == [
        f"content/{kind}/it.md:3: its alias {a} is also that of {w}; rename one of the two"
        for a, w in zip(taken, whose, strict=True)
    ]


def test_an_alias_of_a_tag_without_stories_leads_nowhere(built: SmallSite) -> None:
    built.write({"content/tags/rail.md": "---\nname: Rail\naliases: [/tags/trains/]\n---\n"})
    (warning,) = built.warnings()
    assert 'no story has "Rail", so it has no page' in warning
    assert "tags/trains/index.html" not in built.outputs()


def test_an_alias_of_a_story_that_has_expired_may_go(site: SmallSite) -> None:
    site.article("story", aliases="[/caf%C3%A9.php, /x]", expires="2026-06-02", tags="[Rail]")
    site.write({"content/tags/rail.md": "---\nname: Rail\naliases: [/tags/trains/]\n---\n"})
    site.article("other")
    site.build(at=datetime(2026, 6, 1, 12, tzinfo=UTC))
    before = site.outputs().keys()
    site.build()
    inventory = read_inventory(site.public)
    assert inventory
    paths = before - site.outputs().keys() - {"news-sitemap.xml"}
    gone = {path: Entry("", PageKind.REDIRECT) for path in paths}
    assert {"café.php/index.html", "tags/trains/index.html", "x/index.html"} <= gone.keys()
    todo = plan([], inventory, Manifest(gone), dict.fromkeys(gone, ""), NOW)
    assert todo.vanishing == []


@pytest.mark.parametrize("url", ["/", "/#news", "/tags/?sort=name", "tel:+49301234"])
def test_a_promo_can_lead_anywhere(site: SmallSite, url: str) -> None:
    site.write({"content/promos/p.md": f"---\ntitle: T\nurl: '{url}'\nlabel: L\n---\nHi\n"})
    site.article("story", "One.\n\nTwo.", promo="p")
    assert site.warnings() == []
    assert links(site.page("/2026/06/story/"), ".promo a") == [url]


# ------------------------------------------------------------------------ titles, addresses


def test_stories_that_share_a_headline_have_titles_of_their_own(site: SmallSite) -> None:
    for path, date in (
        ("a/same", "2026-05-01"),
        ("b/same", "2026-06-01T08:00"),
        ("c/same-again", "2026-06-01T09:00"),
        ("d/same-too", "2026-06-01T09:00"),
    ):
        site.article(path, title="Same", date=date)
    site.build()
    stories = [p for p in site.outputs() if "/same" in p]
    assert len({title(site, f"/{p}") for p in stories}) == 4
    assert {words(site.page(f"/{p}"), "h1") for p in stories} == {"Same"}


def test_every_title_is_there_once(site: SmallSite) -> None:
    for day in range(1, 6):
        site.article(f"s{day}", date=f"2026-05-0{day}", tags="[Ann]", author="Ann")
    site.write({"site.toml": SETTINGS + "[lists]\nper_page = 2\n"})
    site.build()
    titles = [title(site, f"/{p}") for p in site.outputs() if p.endswith(".html")]
    assert len(titles) == len(set(titles))


def test_pages_and_people_of_one_name_have_titles_of_their_own(site: SmallSite) -> None:
    site.write({"content/pages/about.md": "---\ntitle: About\n---\nUs.\n"})
    site.article("about")
    site.article("topics")
    site.write({"content/authors/jo-1.md": "---\nname: Jo\n---\n"})
    site.write({"content/authors/jo-2.md": "---\nname: Jo\n---\n"})
    site.article("both", authors="[jo-1, jo-2]")
    site.build()
    titles = [title(site, f"/{p}") for p in site.outputs() if p.endswith(".html")]
    assert sorted(t for t in set(titles) if titles.count(t) > 1) == []


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        ("/{slug}/", "/story/"),
        ("/n/{year}/{month}/{day}/{slug}.html", "/n/2026/06/01/story.html"),
    ],
)
def test_the_permalink_is_a_setting(site: SmallSite, pattern: str, url: str) -> None:
    site.write({"site.toml": SETTINGS + f'permalink = "{pattern}"\n'})
    site.article("2026-06-01-story")
    site.article("other", "[to](2026-06-01-story.md)", title="Other")
    site.build()
    assert words(site.page(url), "h1") == "2026 06 01 Story"
    assert links(site.page("/"), "main h2 a") == [url, url.replace("story", "other")]
    assert links(site.page(url.replace("story", "other")), "article .prose a") == [url]


def test_the_menu_is_the_biggest_tags_unless_the_site_has_its_own(site: SmallSite) -> None:
    site.article("one", tags="[small, big]")
    site.article("two", tags="[big]")
    site.build()
    assert links(site.page("/"), "nav.menu a") == ["/tags/big/", "/tags/small/"]
    own = 'menu = [{title = "Home & co", url = "/"}, {title = "X", url = "https://x.example/"}]\n'
    site.write({"site.toml": SETTINGS.replace(".example/", ".example/news/") + own})
    site.build()
    page = site.page("/")
    assert links(page, "nav.menu a") == ["/news/", "https://x.example/"]
    assert words(page, "nav.menu [aria-current]") == "Home & co"


@given(st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5}){0,4}", fullmatch=True))
def test_what_is_a_slug_already_stays_as_it_is(text: str) -> None:
    assert slugify(text) == text == transliterate(text)
