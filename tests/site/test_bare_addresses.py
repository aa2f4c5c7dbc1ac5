"""Addresses without an ending: where hosts answer them, and who is told where they do not."""

from datetime import UTC, datetime

import pytest

from generator.deploy.after.verify import checks, verified
from generator.deploy.manifest import Entry, Manifest
from generator.deploy.plan import plan
from generator.deploy.uploads import load
from generator.output.inventory import read_inventory
from generator.preview.session.page_info import page_info
from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from support.builds import clean_tree, differing, tree
from support.permalinks import UNSURE, links_of_pictures, page
from support.sites import NOW, SETTINGS, SmallSite, links, refused
from support.web_servers import Answer, Asked, folder, serving

HOSTS = ("cloudflare", "github", "gitlab", "netlify")


def bare(site: SmallSite, host: str, pattern: str = "/{year}/{slug}") -> None:
    site.write({"site.toml": f'{SETTINGS}host = "{host}"\npermalink = "{pattern}"\n'})


@pytest.mark.parametrize("host", HOSTS)
def test_an_address_without_an_ending_where_the_host_answers(site: SmallSite, host: str) -> None:
    bare(site, host)
    site.article("story", tags="[AI]")
    site.article("dotted", "[to](story.md), [rooted](/2026/story)", slug="v3.7")
    site.write({"content/pages/about.md": page("About", permalink="/about-us")})
    assert site.warnings() == []
    assert {"2026/story.html", "2026/v3.7.html", "about-us.html"} <= site.outputs().keys()
    whole = "https://paper.example/2026/story"
    canonical = site.page("/2026/story.html").xpath("//link[@rel='canonical']/@href")
    assert canonical == [whole]
    assert links(site.page("/2026/v3.7.html"), "article .prose a") == ["/2026/story"] * 2
    for path in ("sitemap.xml", "feed.xml", "rss.xml", "feed.json", "tags/ai/feed.xml"):
        assert whole in site.text(path) and f"{whole}.html" not in site.text(path)
    assert "<loc>https://paper.example/about-us</loc>" in site.text("sitemap.xml")
    inventory = read_inventory(site.public)
    assert inventory
    assert inventory.address("2026/v3.7.html") == "/2026/v3.7"
    assert differing(tree(site.public), clean_tree(site)) == []


def test_an_address_without_an_ending_where_no_host_is_known(built: SmallSite) -> None:
    built.write({"site.toml": f'{SETTINGS}permalink = "/{{slug}}"\n'})
    assert refused(built) == [
        f"site.toml:3: permalink: it has no ending, and {UNSURE};"
        ' write "/{slug}/" or "/{slug}.html"'
    ]
    built.write({"site.toml": SETTINGS})
    built.article("a", permalink="/x.php")
    assert refused(built) == [
        f'content/articles/a.md:4: permalink: "/x.php" has no ending, and {UNSURE};'
        ' write "/x.php/" or "/x.php.html"'
    ]


PLACES = {
    "s3://news": "Amazon S3",
    "editor@www.example.com:/srv": "a server with ssh",
    "file:///srv/www": "a folder on this machine",
}


@pytest.mark.parametrize("to", PLACES)
def test_a_place_that_does_not_answer_without_endings(built: SmallSite, to: str) -> None:
    bare(built, "github")
    text = (built.root / "site.toml").read_text()
    built.write({"site.toml": f'{text}[deploy.live]\nto = "{to}"\n'})
    assert refused(built) == [
        f"site.toml:4: permalink: it has no ending, and for that {PLACES[to]} does not answer"
        ' (deploy.live); write "/{year}/{slug}/" or "/{year}/{slug}.html"'
    ]


@pytest.mark.parametrize("host", HOSTS)
def test_the_files_of_a_story_without_an_ending(site: SmallSite, host: str) -> None:
    bare(site, host)
    site.article("trip/index", "![Map](map.svg)")
    site.write({"content/articles/trip/map.svg": b"<svg/>"})
    assert site.warnings() == []
    # At GitLab a folder of that name would hide the page.
    file = "articles/trip/map.svg" if host == "gitlab" else "2026/trip/map.svg"
    assert links_of_pictures(site, "/2026/trip.html") == [f"/{file}"]
    assert file in site.outputs()


def test_the_files_of_a_draft_without_an_ending_stay_at_home(site: SmallSite) -> None:
    bare(site, "github")
    site.article("trip/index", "![Map](map.svg)", draft="true")
    site.write({"content/articles/trip/map.svg": b"<svg/>"})
    site.build()
    assert not any("map.svg" in path for path in site.outputs())


@pytest.mark.parametrize("alias", ["/2026/a", "/2026/a/", "/2026/a.html", "/2026/A/index.html"])
def test_an_alias_that_a_host_takes_for_an_address_without_an_ending(
    built: SmallSite, alias: str
) -> None:
    bare(built, "github")
    built.article("a")
    built.article("b", aliases=f"[{alias}]")
    (error,) = refused(built)
    assert error.startswith("content/articles/b.md:4: its address /2026/")
    assert error.endswith(
        "is also that of content/articles/a.md; change `aliases` in one of the two"
    )
    built.article("b")
    built.article("a", aliases=f"[{alias}]")
    (error,) = refused(built)
    assert error.startswith("content/articles/a.md:4: aliases: ")
    assert error.endswith("is the address of this very file already; take it out")


@pytest.mark.parametrize("slug", ["tags", "feed.xml", "robots.txt", "logo.svg"])
def test_an_address_without_an_ending_that_another_file_answers(
    built: SmallSite, slug: str
) -> None:
    bare(built, "netlify", "/{slug}")
    built.write({"content/logo.svg": b"<svg/>"})
    built.article("a", slug=slug)
    (error,) = refused(built)
    assert f': its address /{slug} (by "/{{slug}}" in site.toml) is also that of' in error


def test_a_folder_that_gitlab_takes_for_a_page(built: SmallSite) -> None:
    built.article("a", permalink="/news")
    built.write({"content/news/x.txt": "x"})
    for host in ("cloudflare", "github", "netlify"):
        built.write({"site.toml": f'{SETTINGS}host = "{host}"\n'})
        assert built.errors() == []
    built.write({"site.toml": f'{SETTINGS}host = "gitlab"\n'})
    assert refused(built) == [
        "content/articles/a.md:4: for its address the host takes the folder of /news/x.txt;"
        " end its permalink with a slash"
    ]


@pytest.mark.parametrize("base", ["/", "/news/"])
@pytest.mark.parametrize(
    ("host", "off"),
    [("cloudflare", (".html", "/")), ("netlify", ("/",)), ("github", ()), ("gitlab", ())],
)
def test_the_preview_answers_without_endings_as_the_host_does(
    site: SmallSite, host: str, off: tuple[str, ...], base: str
) -> None:
    bare(site, host)
    text = (site.root / "site.toml").read_text()
    site.write({"site.toml": text.replace(".example/", f".example{base}")})
    site.article("story", slug="v3.7")
    site.article("gone", draft="true", permalink="/later")
    live = Session(site.root, NOW, drafts=False)
    live.update()
    address = f"{base}2026/v3.7"
    given = respond(live, address)
    assert given.status == 200 and given.type == "text/html; charset=utf-8"
    told = page_info(live, address)
    assert told and told.source == "content/articles/story.md"
    hidden = page_info(live, f"{base}later")
    assert hidden and hidden.publication == "Draft"
    for more in (".html", "/"):
        given = respond(live, address + more)
        wanted = (302, address) if more in off else (200 if more == ".html" else 404, "")
        assert (given.status, given.location) == wanted
    near = respond(live, f"{base}2026/v3.8", near=True).near
    assert address in near


def test_only_addresses_without_an_ending_are_answered_so(site: SmallSite) -> None:
    site.write({"site.toml": f'{SETTINGS}host = "cloudflare"\n'})
    site.article("story", permalink="/x.html")
    live = Session(site.root, NOW)
    live.update()
    assert respond(live, "/x.html").status == 200
    assert respond(live, "/x").status == 404


def test_readers_are_asked_for_by_addresses_without_endings(site: SmallSite) -> None:
    bare(site, "github")
    site.article("story")
    site.build()
    inventory = read_inventory(site.public)
    assert inventory
    usual = folder(site.public)

    def host(asked: Asked) -> Answer:
        is_bare = asked.path == "/2026/story"
        return usual(asked._replace(path=f"{asked.path}.html") if is_bare else asked)

    upload = load(site.public, inventory, None, {})
    with serving(host) as server:
        todo = checks(upload, [], inventory, server.url)
        assert verified(todo, ()).problems == ()
        assert "/2026/story" in server.paths() and "/2026/story.html" not in server.paths()


def test_a_deploy_names_addresses_without_endings(site: SmallSite) -> None:
    bare(site, "github")
    site.article("story")
    site.article("brief", expires="2026-06-14")
    site.build(at=datetime(2026, 6, 13, tzinfo=UTC))
    there = read_inventory(site.public)
    site.build()
    inventory = read_inventory(site.public)
    assert there and inventory
    upload = load(site.public, inventory, None, {})
    todo = plan(upload, inventory, None, {}, NOW)
    assert todo.addresses(todo.new) == ["/2026/story"]
    known = {path: Entry("", item.kind, "x") for path, item in there.files.items()}
    todo = plan(upload, inventory, Manifest(known), dict.fromkeys(known, "x"), NOW)
    assert "2026/brief.html" in todo.delete
    assert todo.vanishing == []
