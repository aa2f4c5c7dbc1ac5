"""Addresses that cannot be: out of the site, taken, or made of nothing."""

import pytest

from generator.errors import SiteError, visible
from support.sites import SETTINGS, SmallSite, refused

ARTICLE = "content/articles/a.md"


def test_slugs_that_leave_the_site(built: SmallSite) -> None:
    slugs = {"../x": "x", "//x": "x", "https://x": "https-x", "a\\b": "a-b", "x/y": "x-y"}
    for number, slug in enumerate(slugs):
        built.article(f"a{number}", slug=slug)
    assert refused(built) == [
        f'content/articles/a{n}.md:4: slug: "{slug}" cannot stand in an address; write "{good}"'
        for n, (slug, good) in enumerate(slugs.items())
    ]


def test_aliases_that_leave_the_site(built: SmallSite) -> None:
    reasons = {
        "../x": "it leaves its folder",
        "/x/%2e%2e/y": "it leaves its folder",
        "//x": "it is the address of another site",
        "https://x": "it is the address of another site",
        "/a\\b": 'it holds "\\", "?" or "#"',
        "/": "it is empty",
        "/caf%E9/": "what its percent signs stand for is no UTF-8",
        "/.broadsheet": "that name is Broadsheet's own",
        "/.broadsheet/x": "that name is Broadsheet's own",
        "/.broadsheet-staging/x": "that name is Broadsheet's own",
    }
    built.article("a", aliases="".join(f"\n- '{alias}'" for alias in reasons))
    assert refused(built) == [
        f'{ARTICLE}:{line}: aliases: "{alias}" is no address of this site: {reason};'
        ' write a path such as "/2024/old-name/"'
        for line, (alias, reason) in enumerate(reasons.items(), 5)
    ]


OBEYED = {
    "/.htaccess": ".htaccess",
    "/.HTACCESS/": ".HTACCESS",
    "/%2ehtaccess": ".htaccess",
    "/%2Egit/config": ".git",
    "/a/.git/": ".git",
    "/.gitlab-ci.yml": ".gitlab-ci.yml",
    "/.well-known/security/": ".well-known",
    "/x/ .hidden": ".hidden",
    "/\u200b.git/": ".git",
    "/web.config": "web.config",
    "/WEB.CONFIG/": "WEB.CONFIG",
    "/x/web.config. /y/": "web.config.",
    "/%77eb.config": "web.config",
    "/%2577eb.config": "web.config",
    "/web.con\ufb01g": "web.config",
    "/_worker.js": "_worker.js",
    "/_Worker.js/x.html": "_Worker.js",
    "/_routes.json": "_routes.json",
    "/_redirects": "_redirects",
    "/_headers/": "_headers",
    "/git~1/x": "git~1",
    "/CNAME": "CNAME",
    "/cname/": "cname",
    "/CNAME./": "CNAME.",
}
"""What hosts, web servers and git obey, with what is said of it."""
OF_TEXTS = {
    "content/articles/a.md": "title: A\ndate: 2026-06-01\naliases: [{}]",
    "content/pages/a.md": "title: A\nsummary: S\naliases: [{}]",
    "content/tags/a.md": "name: A\n# A tag.\naliases: [{}]",
    "content/authors/a.md": "name: A\nrole: Editor\naliases: [{}]",
}


@pytest.mark.parametrize("path", OF_TEXTS)
def test_no_alias_is_what_hosts_obey(built: SmallSite, path: str) -> None:
    fields = OF_TEXTS[path].format(", ".join(f'"{alias}"' for alias in OBEYED))
    built.write({path: f"---\n{fields}\n---\n"})
    messages = refused(built)
    assert len(messages) == len(OBEYED)
    for alias, name in OBEYED.items():
        (message,) = [m for m in messages if f'"{visible(alias)}" is no address' in m]
        assert message.startswith(f"{path}:4: aliases: ")
        assert message.endswith('; write a path such as "/2024/old-name/"')
        assert (
            "begin with a dot" if name.startswith(".") else f'"{name}" means something'
        ) in message


@pytest.mark.parametrize("alias", OBEYED)
def test_no_feed_is_what_hosts_obey(built: SmallSite, alias: str) -> None:
    built.write({"site.toml": f"{SETTINGS}[feeds]\naliases = ['{alias}']\n"})
    (message,) = refused(built)
    assert message.startswith("site.toml:4: feeds.aliases[1]: ")


@pytest.mark.parametrize("alias", ["/vercel.json", "/a/_ROUTES.json", "/.feed.xml"])
def test_no_feed_is_a_file_that_hosts_obey(built: SmallSite, alias: str) -> None:
    built.write({"site.toml": f"{SETTINGS}[feeds]\naliases = ['{alias}']\n"})
    (message,) = refused(built)
    assert message.startswith("site.toml:4: feeds.aliases[1]: ")


@pytest.mark.parametrize("permalink", ["/.git/x/", "/Web.Config/", "/a/.x.html", "/cname/"])
def test_no_permalink_is_what_hosts_obey(built: SmallSite, permalink: str) -> None:
    built.article("a", permalink=permalink)
    built.write({"content/pages/b.md": f"---\ntitle: B\npermalink: {permalink}\n---\n"})
    first, second = [m for m in refused(built) if "permalink: " in m]
    assert first.startswith(f'{ARTICLE}:4: permalink: "{permalink}" is no address of this site: ')
    assert second.startswith("content/pages/b.md:3: permalink: ")


@pytest.mark.parametrize("slug", ["web.config", "Web.Config", "_worker.js", "web.config."])
def test_no_slug_is_what_hosts_obey(built: SmallSite, slug: str) -> None:
    built.article("a", slug=slug)
    (message,) = refused(built)
    what = f'"{slug}" means something of its own to hosts; give it another `slug`'
    assert message == f"{ARTICLE}:4: its address /2026/06/{slug}/ cannot be used: {what}"


@pytest.mark.parametrize("pattern", ["/.well-known/{slug}/", "/web.config/{slug}/"])
def test_no_pattern_is_what_hosts_obey(built: SmallSite, pattern: str) -> None:
    built.write({"site.toml": f'{SETTINGS}permalink = "{pattern}"\n'})
    (message,) = refused(built)
    assert message.startswith("site.toml:3: permalink: ")


def test_a_pattern_that_makes_such_a_name_of_a_slug_is_told_at_the_file(built: SmallSite) -> None:
    built.write({"site.toml": f'{SETTINGS}permalink = "/{{slug}}.config/"\n'})
    built.article("web")
    (message,) = refused(built)
    assert message.startswith("content/articles/web.md:1: its address /web.config/ cannot be used")


def test_texts_of_such_names_have_plain_addresses_and_files_are_copied(site: SmallSite) -> None:
    site.article("web.config", tags="[.git, _headers, web.config]", author="'.htaccess'")
    site.article("dots", aliases="[/2020/ok., /fine/cname/, /~user/, /a.b/]")
    copied = ("web.config", ".htaccess", ".well-known/security.txt", "CNAME", "_headers")
    site.write({f"content/{path}": path for path in copied})
    site.write({"content/articles/web.config/.htaccess": "x"})
    assert site.warnings() == []
    there = site.outputs()
    assert {*copied, "2026/06/web-config/index.html", "tags/git/index.html"} <= there.keys()
    assert {"authors/htaccess/index.html", "fine/cname/index.html"} <= there.keys()


OWN = {
    "https://paper.example/old/": "/old/",
    "http://www.paper.example/2024/a.html": "/2024/a.html",
    "//paper.example/old/": "/old/",
}


@pytest.mark.parametrize("url", OWN)
def test_a_whole_address_of_the_site_itself_is_told_as_a_path(built: SmallSite, url: str) -> None:
    built.article("a", aliases=f'["{url}"]')
    built.article("b", permalink=f'"{url}"')
    for message in refused(built):
        assert message.endswith(f'; write "{OWN[url]}"')


def test_a_whole_address_below_the_sites_base_is_told_as_a_path(built: SmallSite) -> None:
    built.write({"site.toml": 'title = "T"\nurl = "https://paper.example/news/"\n'})
    built.article("a", aliases='["https://paper.example/news/old/"]')
    (message,) = refused(built)
    assert message.endswith('; write "/old/"')


def test_two_articles_with_one_address(built: SmallSite) -> None:
    built.article("x/good")
    built.article("z", aliases="[/2026/06/GOOD/]")
    place = "is also that of content/articles/good.md"
    assert refused(built) == [
        f"content/articles/x/good.md:1: its address /2026/06/good/ {place};"
        " change `slug` in one of the two",
        f"content/articles/z.md:4: its address /2026/06/GOOD/ {place};"
        " change `aliases` in one of the two",
    ]


def test_a_name_that_gives_no_slug(built: SmallSite) -> None:
    built.article("🎉")
    what = "the file's name gives no slug; add `slug`, or rename the file"
    assert refused(built) == [f"content/articles/🎉.md:1: {what}"]


def test_an_alias_that_is_the_address_of_a_page(built: SmallSite) -> None:
    built.article("a", aliases="[/tags/]")
    place = "is also that of a page that Broadsheet makes; rename one of the two"
    assert refused(built) == [f"{ARTICLE}:4: its alias /tags/ {place}"]


def test_an_alias_that_is_the_storys_own_address(built: SmallSite) -> None:
    built.article("a", aliases="[/2026/06/a/]")
    what = 'aliases: "/2026/06/a/" is the address of this very file already; take it out'
    assert refused(built) == [f"{ARTICLE}:4: {what}"]


def test_two_authors_with_one_slug(built: SmallSite) -> None:
    for name in ("a b", "a-b"):
        built.write({f"content/authors/{name}.md": f"---\nname: {name}\n---\n"})
    what = 'its slug "a-b" is also that of content/authors/a b.md; rename one of the two'
    assert refused(built) == [f"content/authors/a-b.md:1: {what}"]


def test_an_author_whose_file_gives_no_slug(built: SmallSite) -> None:
    built.write({"content/authors/🎉.md": "---\nname: '!'\n---\n"})
    what = "the file's name gives no slug; rename it in letters"
    assert refused(built) == [f"content/authors/🎉.md:1: {what}"]


@pytest.mark.parametrize(
    "url", ["example.org/x", "/about/", "javascript:x", "http://[", "//x.org/"]
)
def test_a_source_that_is_no_address(built: SmallSite, url: str) -> None:
    built.article("a", source=f'{{name: X, url: "{url}"}}')
    what = f'source.url: "{url}" is no address; write it whole: https://…'
    assert refused(built) == [f"{ARTICLE}:4: {what}"]


@pytest.mark.parametrize("url", ["about", "javascript:x", "/../x", "//x.org/"])
def test_a_promo_or_follow_link_that_leads_nowhere(built: SmallSite, url: str) -> None:
    promo = f'---\ntitle: T\nlabel: L\nurl: "{url}"\n---\n'
    author = f'---\nname: A\nfollow:\n  label: L\n  url: "{url}"\n---\n'
    built.write({"content/promos/p.md": promo, "content/authors/a.md": author})
    what = f'"{url}" is no address; write it whole: https://…, or as a path of this site: /about/'
    assert refused(built) == [
        f"content/authors/a.md:5: follow.url: {what}",
        f"content/promos/p.md:4: url: {what}",
    ]


LONG = "a" * 300
NO_SLUG = "is too long; give it a shorter `slug`, or shorten the names of the file and its folders"
TOO_LONG: dict[str, tuple[dict[str, str], str]] = {
    "tags": ({"tags": f"[ok, {LONG}]"}, 'tags: "aaa'),
    "author": ({"author": LONG}, 'author: "aaa'),
    "authors": ({"authors": f"[{LONG}]"}, 'authors: "aaa'),
    "permalink": ({"permalink": f"/x/{LONG}/"}, 'permalink: "/x/aaa'),
    "encoded": ({"permalink": f"/x/{'東' * 86}/"}, 'permalink: "/x/東東'),
    "slug": ({"slug": LONG}, 'slug: "aaa'),
    "an ending": ({"permalink": f"/{'a' * 252}.html"}, 'permalink: "/aaa'),
    "all of it": ({"permalink": f"{'/abcdefgh' * 300}/"}, 'permalink: "/abcdefgh'),
    "alias": ({"aliases": f"[/ok/, /{LONG}]"}, 'aliases: "/aaa'),
}


@pytest.mark.parametrize("field", TOO_LONG)
def test_an_address_that_is_too_long_is_told_by_its_field(built: SmallSite, field: str) -> None:
    fields, what = TOO_LONG[field]
    built.article("b", **fields)
    (message,) = refused(built)
    assert message.startswith(f"content/articles/b.md:4: {what}")
    assert "is too long" in message or "that is too long" in message
    assert message.endswith("; shorten it")
    assert len(message) < 200


@pytest.mark.parametrize("kind", ["articles", "pages"])
def test_a_files_name_that_makes_too_long_an_address(built: SmallSite, kind: str) -> None:
    path = f"content/{kind}/{'東' * 80}.md"
    built.write({path: "---\ntitle: B\n" + "date: 2026-06-01\n" * (kind == "articles") + "---\n"})
    (message,) = refused(built)
    assert message.startswith(f"{path}:1: its address /")
    assert message.endswith(NO_SLUG)


def test_an_authors_file_whose_name_is_too_long(built: SmallSite) -> None:
    path = f"content/authors/{'東' * 80}.md"
    built.write({path: "---\nname: Jane\n---\n"})
    (message,) = refused(built)
    assert message.startswith(f'{path}:1: its slug "dong-')


def test_what_just_fits_is_an_address(site: SmallSite) -> None:
    site.article(
        "a", permalink=f"/{'a' * 255}/", aliases=f"[/{'b' * 250}.html]", tags=f"[{'c' * 255}]"
    )
    assert site.build().articles == 1


@pytest.mark.parametrize(
    "body", ["![x](/images/.a.png)", "[x](../images/.a.png)", "[x](/.b/a.png)"]
)
def test_a_link_to_what_is_hidden(site: SmallSite, body: str) -> None:
    site.write({"content/images/.a.png": "x", "content/.b/a.png": "x"})
    site.article("a", body)
    name = ".b/a.png" if ".b" in body else "images/.a.png"
    try:
        (message,) = site.warnings()
    except SiteError as error:
        (message,) = map(str, error.problems)
    assert 'files whose names begin with "." are not published' in message
    assert message.endswith(f'or write publish = ["{name}"] under [content] in site.toml')


@pytest.mark.parametrize("permalink", ["/x/%252egit/", "/x/%25252egit/x.html", "/．git/"])
def test_no_permalink_is_hidden_however_it_is_written(built: SmallSite, permalink: str) -> None:
    built.article("odd", permalink=f'"{permalink}"')
    (message,) = refused(built)
    assert "names that begin with a dot are for hosts and for hidden files" in message


@pytest.mark.parametrize("permalink", ["/…and/", "/100%25/", "/ﬁne/"])
def test_signs_that_are_no_dots_may_begin_a_permalink(site: SmallSite, permalink: str) -> None:
    site.article("odd", permalink=f'"{permalink}"')
    assert site.errors() == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/archve/", "/archive/"),
        ("/Archive/", "/archive/"),
        ("/archive-/", "/archive/"),
        ("/tags/sciense/", "/tags/science/"),
        ("/abuot/", "/about/"),
    ],
)
def test_a_menu_entry_that_is_nearly_an_address(site: SmallSite, written: str, meant: str) -> None:
    site.article("a", tags="[Science]")
    site.write({"content/pages/about.md": "---\ntitle: About\n---\nUs.\n"})
    site.write({"site.toml": f'{SETTINGS}menu = [{{title = "M", url = "{written}"}}]\n'})
    (warning,) = site.warnings()
    what = f'menu: no page of this site answers for "{written}"; did you mean "{meant}"?'
    assert warning == f"site.toml:3: {what}"
