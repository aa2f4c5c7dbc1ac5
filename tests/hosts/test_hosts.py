"""The setting `host`: headers, limits, and a site that goes from one host to another."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.hosts.limits import HOSTS, NEAR, warnings
from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from support.builds import clean_tree, differing, tree
from support.host_rules import RULED, at, said
from support.sites import NOW, SmallSite

MIB = 1 << 20


# ----------------------------------------------------------------------------- headers


@pytest.mark.parametrize("host", ["cloudflare", "netlify"])
@pytest.mark.parametrize("base", ["/", "/news/"])
def test_what_never_changes_may_be_kept_and_all_else_not_for_long(
    site: SmallSite, host: str, base: str
) -> None:
    at(site, host, f"https://paper.example{base}")
    site.article("story", tags="[Space]")
    site.write({"content/assets/mine.js": "1", "content/map.svg": "<svg/>"})
    site.build()
    text = site.text("_headers")
    assets = {
        path for path in site.outputs() if re.fullmatch(r"assets/[\w-]+\.[0-9a-f]{8}\.\w+", path)
    }
    assert len(assets) == 11
    for path in site.outputs():
        kept = "public, max-age=31536000, immutable" if path in assets else "public, max-age=300"
        headers = said(text, host, base + path.removesuffix("index.html"))
        assert headers.pop("cache-control") == [kept], path
        kinds = {"feed.xml": "atom+xml", "rss.xml": "rss+xml", "feed.json": "feed+json"}
        kind = kinds.get(path.rpartition("/")[2])
        assert headers == ({"content-type": [f"application/{kind}; charset=utf-8"]} if kind else {})
    assert said(text, host, f"{base}assets/site.00000000.css") == {
        "cache-control": ["public, max-age=300"]
    }


@pytest.mark.parametrize("beside", [False, True])
def test_many_assets_are_kept_by_their_folder_if_nothing_else_is_there(
    site: SmallSite, beside: bool
) -> None:
    at(site, "cloudflare")
    site.article("story")
    site.write({f"layouts/assets/icons/{n}.svg": f"<svg>{n}</svg>" for n in range(120)})
    if beside:
        site.write({"content/assets/changing.js": "1"})
    assert site.warnings() == []
    text = site.text("_headers")
    assert len(re.findall("^/", text, re.MULTILINE)) <= HOSTS["cloudflare"].header_rules
    name = next(path for path in site.outputs() if path.startswith("assets/icons/"))
    kept = "public, max-age=300" if beside else "public, max-age=31536000, immutable"
    assert said(text, "cloudflare", f"/{name}")["cache-control"] == [kept]


@pytest.mark.parametrize("host", ["cloudflare", "netlify"])
def test_a_header_that_the_site_sets_itself_is_left_to_it(site: SmallSite, host: str) -> None:
    at(site, host)
    site.article("story")
    own = "/*\n  X-Frame-Options: DENY\n/2026/*\n  cache-control: no-store\n"
    site.write({"content/_headers": own})
    site.build()
    text = site.text("_headers")
    assert text.endswith(own) and "max-age" not in text
    assert said(text, host, "/2026/06/story/") == {
        "x-frame-options": ["DENY"],
        "cache-control": ["no-store"],
    }
    assert said(text, host, "/rss.xml")["content-type"] == ["application/rss+xml; charset=utf-8"]


def test_with_too_many_rules_of_the_sites_own_ours_are_left_out(site: SmallSite) -> None:
    at(site, "cloudflare")
    site.article("story")
    own = "".join(f"/{n}\n  X-N: {n}\n" for n in range(97)) + f"  X-Long: {'x' * 2_000}\n"
    site.write({"content/_headers": own})
    assert site.warnings() == [
        "content/_headers:195: Cloudflare Pages takes lines of 2,000 characters, and this has"
        " 2,010; make it shorter",
        "site.toml:3: host: Cloudflare Pages takes 100 rules for headers at most, and there are"
        " 113; have fewer in content/_headers: where they are too many, Broadsheet adds none",
    ]
    assert site.text("_headers") == own


def test_gitlab_reads_no_headers(site: SmallSite) -> None:
    at(site, "gitlab")
    site.article("story")
    site.build()
    assert "_headers" not in site.outputs()


# ------------------------------------------------------------------------------ limits


def spread(count: int) -> dict[str, int]:
    return {f"{number % 100}/{number}.html": 10 for number in range(count)}


REACHED: dict[tuple[str, str], Callable[[int], dict[str, int]]] = {
    ("cloudflare", "20,000 files"): spread,
    ("cloudflare", "26,214,400 bytes in one file (/a/big.mp4)"): lambda n: {"a/big.mp4": n},
    ("github", "104,857,600 bytes in one file (/big.mp4)"): lambda n: {"big.mp4": n},
    ("github", "1,000,000,000 bytes in a site"): lambda n: {f"{i}": n // 100 for i in range(100)},
    ("gitlab", "200,000 files and folders"): lambda n: spread(n - 100),
    ("gitlab", "1,000,000,000 bytes in a site"): lambda n: {"a": n // 2, "b": n // 2},
    ("netlify", "54,000 files in one folder (/a)"): lambda n: {f"a/{i}": 1 for i in range(n)},
}


@pytest.mark.parametrize(("host", "limit"), REACHED)
def test_a_limit_is_told_from_nine_tenths_on(host: str, limit: str) -> None:
    files, number = REACHED[host, limit], int(limit.split()[0].replace(",", ""))
    assert warnings(host, files(int(number * 0.89))) == []
    for part in (NEAR, 1.0, 1.5):
        (told,) = warnings(host, files(int(number * part)))
        assert told.severity == "warning" and told.file == "site.toml" and told.remedy
        start = f"host: {HOSTS[host].name} takes {limit} at most, and there are "
        assert told.what == f"{start}{int(number * part):,}"


def test_a_host_of_ones_own_has_no_limits() -> None:
    assert warnings("", {str(n): MIB for n in range(30_000)}) == []


def test_sizes_are_told_in_each_build_whatever_it_writes(site: SmallSite) -> None:
    at(site, "cloudflare")
    site.article("story")
    big = site.root / "content/big.bin"
    big.write_bytes(b"")
    with big.open("r+b") as file:
        file.truncate(24 * MIB)
    told = [
        "site.toml:3: host: Cloudflare Pages takes 26,214,400 bytes in one file (/big.bin) at"
        " most, and there are 25,165,824; make it smaller, or keep it elsewhere and link it"
    ]
    assert site.warnings() == told
    assert site.warnings() == told
    site.article("story", "Other words.")
    assert site.warnings() == told
    site.article("new")
    assert site.warnings() == told
    at(site, "netlify")
    assert site.warnings() == []
    at(site, "cloudflare")
    big.write_bytes(b"small")
    assert site.warnings() == []


def test_an_unknown_host_is_a_mistake(site: SmallSite) -> None:
    at(site, "githug")
    (error,) = site.errors()
    assert error.startswith("site.toml:3: host")
    assert "github" in error


# -------------------------------------------------------------- from one host to another


def test_pages_come_and_go_as_the_host_changes(site: SmallSite) -> None:
    site.article("moved", aliases="[/old/]")
    seen = []
    for host in ("", "gitlab", "cloudflare", "gitlab", "github"):
        at(site, host)
        site.build()
        seen.append({"old/index.html", "_redirects", "_headers"} & site.outputs().keys())
        assert differing(tree(site.public), clean_tree(site)) == []
    page, rule, header = {"old/index.html"}, {"_redirects"}, {"_headers"}
    assert seen == [page, rule, page | rule | header, rule, page]


def test_the_preview_redirects_whatever_the_host(site: SmallSite) -> None:
    site.article("moved", aliases="[/old/, /2026/]")
    site.write({"content/_redirects": "/mine /x\n"})
    for host in ("", *HOSTS):
        at(site, host)
        live = Session(site.root, NOW)
        live.update()
        for alias in ("/old/", "/2026/"):
            given = respond(live, alias)
            assert (given.status, given.location) == (302, "/2026/06/moved/")
        assert respond(live, "/old").location == "/old/"
        if host in RULED:
            site.build()
            shown = respond(live, "/_redirects")
            assert shown.body == (site.public / "_redirects").read_bytes()
            assert shown.type == "text/plain; charset=utf-8"
        site.write({"content/_redirects": "/mine /y\n"})
        live.update()
        body = respond(live, "/_redirects").body
        assert b"/mine /y\n" in (body.read_bytes() if isinstance(body, Path) else body)
        site.write({"content/_redirects": "/mine /x\n"})
