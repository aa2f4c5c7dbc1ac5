"""Addresses that one story or page has by a field, and those that patterns make."""

import pytest

from generator.globs import glob
from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from support.builds import build_again, clean_tree, differing, tree
from support.permalinks import UNSURE, links_of_pictures, page
from support.sites import NOW, SETTINGS, SmallSite, links, refused, words


def patterns(site: SmallSite, table: str, more: str = "") -> None:
    site.write({"site.toml": f"{SETTINGS}{more}[permalinks]\n{table}"})


# ------------------------------------------------------------------------ the field


@pytest.mark.parametrize(
    ("permalink", "file", "url"),
    [
        ("/2019/05/old-name.html", "2019/05/old-name.html", "/2019/05/old-name.html"),
        ("/old.HTM", "old.HTM", "/old.HTM"),
        ("/about-us/", "about-us/index.html", "/about-us/"),
        ("/v3.7/", "v3.7/index.html", "/v3.7/"),
        ("/caf%C3%A9/", "café/index.html", "/caf%C3%A9/"),
        ("/café/", "café/index.html", "/caf%C3%A9/"),
        ("/100%25/", "100%/index.html", "/100%25/"),
        ("/two words/", "two words/index.html", "/two%20words/"),
        ("/記事/", "記事/index.html", "/%E8%A8%98%E4%BA%8B/"),
        ("/sub/index.html", "sub/index.html", "/sub/index.html"),
    ],
)
@pytest.mark.parametrize("kind", ["articles", "pages"])
def test_a_field_is_the_address_of_its_story_or_page(
    site: SmallSite, kind: str, permalink: str, file: str, url: str
) -> None:
    date = {"date": "2026-06-01"} if kind == "articles" else {}
    site.write({f"content/{kind}/moved.md": page("Moved", permalink=f'"{permalink}"', **date)})
    site.article("other", f"[to](/{kind}/moved.md)")
    site.build()
    assert file in site.outputs() and not any("moved" in path for path in site.outputs())
    whole = f"https://paper.example{url}"
    assert site.page(f"/{file}").xpath("//link[@rel='canonical']/@href") == [whole]
    assert links(site.page("/2026/06/other/"), "article .prose a") == [url]
    assert f"<loc>{whole}</loc>" in site.text("sitemap.xml")
    if kind == "articles":
        assert f"<id>{whole}</id>" in site.text("feed.xml")


def test_a_slug_beside_the_field_is_still_a_storys_name(site: SmallSite) -> None:
    site.article("kept", slug="by-this", permalink="/elsewhere/")
    site.article("other", related="{pin: [by-this]}")
    site.build()
    assert links(site.page("/2026/06/other/"), "aside.related a")[0] == "/elsewhere/"


def test_the_files_of_a_story_stay_with_it(site: SmallSite) -> None:
    for number, address in enumerate(["/own/", "/own.html"]):
        site.article(f"trip{number}/index", "![Map](a/map.svg)", permalink=address)
        site.write({f"content/articles/trip{number}/a/map.svg": b"<svg/>"})
    site.build()
    assert links_of_pictures(site, "/own/") == ["/own/a/map.svg"]
    assert links_of_pictures(site, "/own.html") == ["/articles/trip1/a/map.svg"]
    assert {"own/a/map.svg", "articles/trip1/a/map.svg"} <= site.outputs().keys()


REFUSED = {
    "about-us": 'it does not start with "/"',
    "/": "it is empty",
    "https://x.org/": "it is the address of another site",
    "//x/": "it is the address of another site",
    "/{slug}/": "only patterns have placeholders",
    "/:categories/:title/": "only patterns have placeholders",
    "/blog/:year-:month/": "only patterns have placeholders",
    "/%postname%/": "only patterns have placeholders",
    "/a//b/": 'it holds "//"',
    "/../x/": "it leaves its folder",
    "/%2e%2e/x/": "it leaves its folder",
    "/a?b/": 'it holds "\\", "?" or "#"',
    "/caf%E9/": "what its percent signs stand for is no UTF-8",
    "/.broadsheet/x/": "that name is Broadsheet's own",
}


@pytest.mark.parametrize("permalink", REFUSED)
def test_a_field_that_is_no_address(built: SmallSite, permalink: str) -> None:
    built.article("a", permalink=f'"{permalink}"')
    built.write({"content/pages/p.md": page("P", permalink=f'"{permalink}"')})
    what = (
        f'permalink: "{permalink}" is no address of this site: {REFUSED[permalink]};'
        ' write a path such as "/2019/05/old-name.html" or "/about-us/"'
    )
    assert refused(built) == [f"content/articles/a.md:4: {what}", f"content/pages/p.md:3: {what}"]


def test_an_address_that_two_have_is_told_by_its_field(built: SmallSite) -> None:
    built.article("z", permalink="/2026/06/GOOD/")
    built.write({"content/pages/a.md": page("A", permalink="/x/%79/")})
    built.write({"content/pages/x/y.md": page("Y", aliases="[/old/]")})
    built.article("y", permalink="/Old/")
    assert refused(built) == [
        "content/articles/z.md:4: its address /2026/06/GOOD/ is also that of"
        " content/articles/good.md; change `permalink` in one of the two",
        "content/pages/x/y.md:1: its address /x/y/ is also that of content/pages/a.md;"
        " change `slug` in one of the two",
        "content/pages/x/y.md:3: its address /old/ is also that of content/articles/y.md;"
        " change `aliases` in one of the two",
    ]


def test_an_address_that_broadsheet_needs_is_told_by_its_field(built: SmallSite) -> None:
    built.article("a", permalink="/index.html")
    built.article("b", permalink="/tags/")
    built.article("c", permalink="/feed.xml/x/")
    built.write({"content/pages/d.md": page("D", permalink="/404.html")})
    others = "is also that of a page that Broadsheet makes; rename one of the two"
    assert refused(built) == [
        f"content/articles/a.md:4: its address / {others}",
        f"content/articles/b.md:4: its address /tags/ {others}",
        f"content/articles/c.md:4: its address /feed.xml/x/ {others}",
        f"content/pages/d.md:3: its address /404.html {others}",
    ]


def test_a_field_wakes_what_leads_to_its_story(site: SmallSite) -> None:
    site.article("story", date="2026-06-02")
    site.article("other", "[to](story.md)")
    site.article("far", date="2026-01-01")
    site.build()
    site.article("story", date="2026-06-02", permalink="/2019/story.html")
    rendered, deleted, _ = build_again(site)
    assert {"2019/story.html", "2026/06/other/index.html", "sitemap.xml"} <= rendered
    assert "2026/01/far/index.html" not in rendered
    assert deleted == {"2026/06/story/index.html"}
    site.article("story", date="2026-06-02")
    assert build_again(site).deleted == {"2019/story.html"}


# ---------------------------------------------------------------------- patterns


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("top", ""),
        ("opinion/x", "opinion"),
        ("opinion/deep/x", "opinion/deep"),
        ("opinion/bundle/index", "opinion"),
        ("bundle/index", ""),
        ("2019/Größe & Sache/x", "2019/grosse-sache"),
    ],
)
def test_a_folder_in_the_permalink(site: SmallSite, name: str, folder: str) -> None:
    site.write({"site.toml": f'{SETTINGS}permalink = "/n/{{folder}}/{{slug}}/"\n'})
    site.article(name)
    site.build()
    slug = name.removesuffix("/index").rpartition("/")[2]
    assert "/".join(filter(None, ["n", folder, slug, "index.html"])) in site.outputs()


def test_a_folder_that_gives_nothing_is_told(built: SmallSite) -> None:
    built.write({"site.toml": f'{SETTINGS}permalink = "/{{folder}}/{{slug}}/"\n'})
    built.article("🎉/x")
    built.write({"content/pages/…/y.md": page("Y")})
    what = "has no letter or digit to make an address of; rename it in letters"
    assert refused(built) == [
        f'content/articles/🎉/x.md:1: the folder "🎉" {what}',
        f'content/pages/…/y.md:1: the folder "…" {what}',
    ]


def test_the_first_pattern_that_is_for_a_file_makes_its_address(site: SmallSite) -> None:
    patterns(
        site,
        """
        "articles/opinion/guests/**" = "/guests/{slug}/"
        "articles/opinion/**" = "/opinion/{year}/{slug}.html"
        'articles/20??/*' = "/{folder}/{day}/{slug}/"
        "pages/legal/*" = "/law/{slug}/"
        "pages/**" = "/info/{folder}/{slug}/"
        """,
    )
    for name in ("opinion/a", "opinion/x/b", "opinion/guests/c", "2019/d", "2019/x/e", "f"):
        site.article(name)
    for name in ("legal/imprint", "legal/more/g", "about", "own"):
        own = {"permalink": "/mine/"} if name == "own" else {}
        site.write({f"content/pages/{name}.md": page(name, **own)})
    assert site.warnings() == []
    assert {
        "opinion/2026/a.html",
        "opinion/2026/b.html",
        "guests/c/index.html",
        "2019/01/d/index.html",
        "2026/06/e/index.html",
        "2026/06/f/index.html",
        "law/imprint/index.html",
        "info/legal/more/g/index.html",
        "info/about/index.html",
        "mine/index.html",
    } <= site.outputs().keys()


def test_the_order_of_patterns_counts_and_an_edit_of_it_is_seen(site: SmallSite) -> None:
    site.article("x/a")
    one, two = '"articles/x/*" = "/one/{slug}/"\n', '"articles/**" = "/two/{slug}/"\n'
    live = Session(site.root, NOW)
    for first, second, wanted in ((one, two, "/one/a/"), (two, one, "/two/a/")):
        patterns(site, first + second)
        site.build()
        live.update()
        assert links(site.page("/"), "main h2 a") == [wanted]
        assert respond(live, wanted).status == 200
        assert differing(tree(site.public), clean_tree(site)) == []


def test_a_pattern_that_makes_no_address_is_a_warning(site: SmallSite) -> None:
    site.article("opinion/a")
    patterns(
        site,
        '"articles/**" = "/n/{slug}/"\n"articles/opinion/*" = "/o/{slug}/"\n'
        '"pages/none/*" = "/{slug}/"\n',
    )
    assert site.warnings() == [
        'site.toml:5: permalinks: every file that "articles/opinion/*" is for goes by'
        ' "articles/**", which stands above it; let the narrower one stand first',
        'site.toml:6: permalinks: "pages/none/*" is for no file in content/;'
        " mend it, or take it out",
    ]


FILES, PATTERN = 'write one such as "articles/opinion/**"', 'write a pattern such as "/opinion/'
ROWS = {
    '"/articles/*" = "/{slug}/"': f'permalinks: "/articles/*" is no pattern of files: it starts'
    f' with "/"; {FILES}',
    '"articles/a**" = "/{slug}/"': f'permalinks: "articles/a**" is no pattern of files: "**" stands'
    f" for whole folders; {FILES}",
    '"articles/a/" = "/{slug}/"': f'permalinks: "articles/a/" is no pattern of files: it ends with'
    f" a folder; {FILES}",
    '"articles//a" = "/{slug}/"': f'permalinks: "articles//a" is no pattern of files: a name in it'
    f" is empty, or leads elsewhere; {FILES}",
    '"content/articles/*" = "/{slug}/"': 'permalinks: "content/articles/*" is for no stories and no'
    " pages; begin it with articles/ or pages/, as they lie in content/",
    '"**" = "/{slug}/"': 'permalinks: "**" is for no stories and no pages; begin it with articles/'
    " or pages/, as they lie in content/",
    '"articles/*" = "/{title}/{slug}/"': 'permalinks."articles/*": unknown placeholder {title}; '
    f'{PATTERN}{{slug}}/"',
    '"articles/*" = "/x/"': f'permalinks."articles/*": it has no {{slug}}; {PATTERN}{{slug}}/"',
    '"articles/*" = "{slug}/"': 'permalinks."articles/*": it does not start with "/"; '
    f'{PATTERN}{{slug}}/"',
    '"pages/*" = "/{year}/{slug}/"': f'permalinks."pages/*": a page has no {{year}}; {PATTERN}'
    '{slug}/"',
    '"articles/*" = "/100%/{slug}/"': f'permalinks."articles/*": a "%" in it stands for nothing; '
    f'{PATTERN}{{slug}}/"',
    '"articles/*" = "/:sections[1:]/:slug/"': 'permalinks."articles/*": placeholders are written'
    f' {{year}}, {{month}}, {{day}}, {{slug}}, {{folder}}, {{section}}; {PATTERN}{{slug}}/"',
    '"pages/*" = "/:path/:basename"': f'permalinks."pages/*": placeholders are written {{slug}},'
    f' {{folder}}; {PATTERN}{{slug}}/"',
    '"pages/*" = "/../{slug}/"': f'permalinks."pages/*": it leaves its folder; {PATTERN}{{slug}}/"',
    '"articles/*" = "/{slug}"': f'permalinks."articles/*": it has no ending, and {UNSURE};'
    ' write "/{slug}/" or "/{slug}.html"',
}


@pytest.mark.parametrize("row", ROWS)
def test_a_wrong_row_is_told_with_its_line(built: SmallSite, row: str) -> None:
    patterns(built, f'"articles/good.md" = "/{{slug}}/"\n{row}\n')
    assert refused(built) == [f"site.toml:5: {ROWS[row]}"]


def test_addresses_that_a_pattern_lets_fall_together_name_it(built: SmallSite) -> None:
    patterns(built, '"articles/**" = "/n/{slug}/"\n')
    built.article("x/same")
    built.article("y/same")
    assert refused(built) == [
        'content/articles/y/same.md:1: its address /n/same/ (by "/n/{slug}/" in site.toml) is also'
        " that of content/articles/x/same.md; change `slug` in one of the two"
    ]
    (built.root / "content/articles/y/same.md").unlink()
    built.write({"content/n/same": "a file where a folder has to be"})
    assert refused(built) == [
        'content/articles/x/same.md:1: its address /n/same/ (by "/n/{slug}/" in site.toml) is also'
        " that of content/n/same; rename one of the two"
    ]


@pytest.mark.parametrize(
    ("pattern", "path", "does"),
    [
        ("articles/*", "articles/a.md", True),
        ("articles/*", "articles/x/a.md", False),
        ("articles/**", "articles/x/y/a.md", True),
        ("articles/**/a.md", "articles/a.md", True),
        ("articles/**/a.md", "articles/x/y/a.md", True),
        ("articles/**/x/**", "articles/x/a.md", True),
        ("articles/?.md", "articles/ab.md", False),
        ("articles/[a].md", "articles/[a].md", True),
        ("articles/[a].md", "articles/a.md", False),
        ("articles/" + "*a" * 40 + "b", "articles/" + "a" * 200, False),
        ("articles/" + "**/" * 40 + "b", "articles/" + "a/" * 60 + "c", False),
        ("articles/a.md", "articles/abmd", False),
        ("articles/cafe\u0301/*", "articles/café/a.md", True),
        ("articles/café/*", "articles/cafe\u0301/a.md", True),
    ],
)
def test_what_a_pattern_is_for(pattern: str, path: str, does: bool) -> None:
    assert glob(pattern).matches(path) is does


# ---------------------------------------------------------- addresses without an ending


def test_slugs_stay_in_their_addresses_unless_somebody_asks(site: SmallSite) -> None:
    site.article("x/story", title="Story")
    site.write({"content/pages/a/Über uns.md": page("Us")})
    site.build()
    assert {"2026/06/story/index.html", "a/uber-uns/index.html"} <= site.outputs().keys()
    assert words(site.page("/2026/06/story/"), "h1") == "Story"
