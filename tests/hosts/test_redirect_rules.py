"""Redirects as rules of a host: each alias is one, as far as the host goes."""

import pytest

from generator.hosts.limits import HOSTS
from support.builds import clean_tree, differing, tree
from support.host_rules import RULED, Rule, answered, at, rules, said
from support.sites import SmallSite, refused

# ------------------------------------------------------------- as the hosts read the files


def is_pattern(rule: Rule) -> bool:
    return "*" in rule.source or ":" in rule.source


# --------------------------------------------------------------------------- redirects


@pytest.mark.parametrize("host", RULED)
@pytest.mark.parametrize("base", ["/", "/news/"])
def test_each_alias_is_a_rule_under_the_path_of_the_site(
    site: SmallSite, host: str, base: str
) -> None:
    at(site, host, f"https://paper.example{base}")
    site.article("moved", aliases="[/2019/old/, /very-old.html, /bare]")
    site.write({"content/pages/about.md": "---\ntitle: About\naliases: [/imprint/]\n---\nUs."})
    site.build()
    status = "301!" if host == "netlify" else "301"
    target = f"{base}2026/06/moved/"
    assert rules(site.text("_redirects")) == [
        Rule(f"{base}2019/old/", target, status),
        Rule(f"{base}very-old.html", target, status),
        Rule(f"{base}bare/", target, status),
        Rule(f"{base}imprint/", f"{base}about/", status),
    ]
    pages = {"2019/old/index.html", "very-old.html", "bare/index.html", "imprint/index.html"}
    assert pages & site.outputs().keys() == (set() if host == "gitlab" else pages)
    for page in pages:
        address = f"{base}{page.removesuffix('index.html')}"
        wanted = f"{base}about/" if "imprint" in page else target
        assert answered(site, host, address, base) == wanted


@pytest.mark.parametrize("host", RULED)
def test_no_alias_is_lost_however_odd(site: SmallSite, host: str) -> None:
    at(site, host)
    odd = {
        "/old page/": "/old%20page/",
        "/prix/café/": "/prix/caf%C3%A9/",
        "/100%/": "/100%25/",
        "/a%20b/": "/a%20b/",
        "/首脑/": "/%E9%A6%96%E8%84%91/",
        "/a:b/": "/a:b/",
        "/what*/": "/what*/",
        "/{x}/": "/%7Bx%7D/",
        f"/{'long/' * 30}": f"/{'long/' * 30}",
        f"/{'x' * 200}/{'y' * 200}/{'z' * 200}/{'ü' * 80}/": f"/{'x' * 200}/{'y' * 200}/"
        f"{'z' * 200}/{'%C3%BC' * 80}/",
    }
    site.article("moved", aliases="[" + ", ".join(f'"{alias}"' for alias in odd) + "]")
    site.build()
    limits = HOSTS[host]
    for rule in rules(site.text("_redirects")) if (site.public / "_redirects").is_file() else ():
        assert not is_pattern(rule)
        assert max(len(" ".join(rule)), 1) <= (limits.redirect_line or 10_000)
        assert rule.source.count("/") <= (limits.redirect_depth or 10_000)
        assert rule.source.isascii() and (host != "gitlab" or "%" not in rule.source)
    for address in odd.values():
        assert answered(site, host, address) == "/2026/06/moved/", address


@pytest.mark.parametrize("host", ["", "github"])
def test_a_host_that_reads_no_rules_gets_none(site: SmallSite, host: str) -> None:
    at(site, host)
    site.article("moved", aliases="[/old/]")
    site.build()
    assert not {"_redirects", "_headers"} & site.outputs().keys()
    assert "old/index.html" in site.outputs()
    site.write({"content/_redirects": "/a /b\n", "content/_headers": b"\xff"})
    site.build()
    assert site.outputs()["_redirects"] == b"/a /b\n"
    assert site.outputs()["_headers"] == b"\xff"


@pytest.mark.parametrize("host", RULED)
@pytest.mark.parametrize(
    ("alias", "source"),
    [("/node.js", "/node.js/"), ("/2019/python-3.7", "/2019/python-3.7/"), ("/a.html", "/a.html")],
)
def test_a_rule_leads_on_from_an_alias_with_a_dot(
    site: SmallSite, host: str, alias: str, source: str
) -> None:
    at(site, host)
    site.article("moved", aliases=f"[{alias}, /myindex.html]")
    site.build()
    found = [rule.source for rule in rules(site.text("_redirects"))]
    assert found == [source, "/myindex.html"]
    assert answered(site, host, source) == "/2026/06/moved/"


@pytest.mark.parametrize("host", ["", *HOSTS])
def test_a_host_leads_on_from_old_addresses_of_the_feed(site: SmallSite, host: str) -> None:
    at(site, host)
    text = (site.root / "site.toml").read_text()
    site.write({"site.toml": f'{text}[feeds]\naliases = ["/atom.xml", "/feed/", "/old/rss"]\n'})
    site.article("moved", aliases="[/old/]")
    report = site.build()
    leads = {"/atom.xml": "/feed.xml", "/feed/": "/feed.xml", "/old/rss/": "/rss.xml"}
    if host in RULED:
        found = rules(site.text("_redirects"))
        assert {rule.source: rule.target for rule in found} == leads | {"/old/": "/2026/06/moved/"}
    copies = {"atom.xml", "feed/index.html", "old/rss/index.html"} & site.outputs().keys()
    assert len(copies) == (0 if host == "gitlab" else 3)
    if host in ("cloudflare", "netlify"):
        kinds = {path: said(site.text("_headers"), host, path)["content-type"] for path in leads}
        atom = ["application/atom+xml; charset=utf-8"]
        rss = ["application/rss+xml; charset=utf-8"]
        assert kinds == {"/atom.xml": atom, "/feed/": atom, "/old/rss/": rss}
    told = [
        f"site.toml:5: feeds.aliases: {address} holds the feed, but GitHub Pages calls it HTML;"
        " most programs that read feeds see what it is; for all, have the server lead on"
        for address in ("/feed/", "/old/rss/")
    ]
    assert list(map(str, report.warnings)) == (told if host == "github" else [])
    assert differing(tree(site.public), clean_tree(site)) == []


def test_an_old_address_of_the_feed_without_a_rule_is_told(site: SmallSite) -> None:
    at(site, "gitlab")
    text = (site.root / "site.toml").read_text()
    site.write({"site.toml": f'{text}[feeds]\naliases = ["/café/", "/fine/"]\n'})
    (told,) = site.warnings()
    assert "feeds.aliases: /caf%C3%A9/ holds the feed, but GitLab Pages calls it HTML" in told


def test_without_aliases_there_are_no_rules(site: SmallSite) -> None:
    at(site, "gitlab")
    site.article("story")
    site.build()
    assert "_redirects" not in site.outputs()


@pytest.mark.parametrize("host", RULED)
def test_aliases_go_between_the_sites_own_rules_and_its_patterns(
    site: SmallSite, host: str
) -> None:
    at(site, host)
    own = "# Mine\n/mine /about/ 302\nhttps://x.example/a /b 301\n\n/blog/* /:splat\n/late /x"
    site.write({"content/_redirects": own})
    site.article("moved", aliases="[/old/]")
    site.build()
    status = "301!" if host == "netlify" else "301"
    assert site.text("_redirects").splitlines() == [
        "# Mine",
        "/mine /about/ 302",
        "https://x.example/a /b 301",
        "",
        f"/old/ /2026/06/moved/ {status}",
        "/blog/* /:splat",
        "/late /x",
    ]
    (site.root / "content/articles/moved.md").unlink()
    site.build()
    assert site.text("_redirects") == f"{own}\n"


def test_rules_that_cannot_be_read_are_refused_with_their_line(built: SmallSite) -> None:
    at(built, "netlify")
    built.write({"content/_redirects": b"/a /b\n/caf\xe9 /c\n"})
    place = "content/_redirects:2: the bytes are no UTF-8; save the file as UTF-8"
    assert refused(built) == [place]


def test_an_alias_that_is_also_a_page_is_refused_with_a_rule_too(built: SmallSite) -> None:
    at(built, "gitlab")
    built.article("other", aliases="[/tags/]")
    (error,) = refused(built)
    assert "its alias /tags/ is also that of a page that Broadsheet makes" in error


def test_where_an_alias_is_a_folder_of_other_pages_its_page_stays(site: SmallSite) -> None:
    at(site, "gitlab")
    site.article("story", aliases="[/2026/, /gone/]")
    site.build()
    assert "2026/index.html" in site.outputs() and "gone/index.html" not in site.outputs()
    assert answered(site, "gitlab", "/2026/") == answered(site, "gitlab", "/gone/")


def test_a_layout_of_the_sites_own_writes_the_rules(site: SmallSite) -> None:
    at(site, "cloudflare")
    layout = "{% for rule in rules %}{{ rule.source }} {{ rule.target }} 308\n{% endfor %}"
    site.write({"layouts/_redirects": layout})
    site.article("moved", aliases="[/old/]")
    site.build()
    assert rules(site.text("_redirects")) == [Rule("/old/", "/2026/06/moved/", "308")]


# ------------------------------------------------------------------ as many as there may be


@pytest.mark.parametrize(("host", "length"), [("cloudflare", 8), ("gitlab", 8), ("gitlab", 90)])
def test_beyond_what_a_host_takes_aliases_stay_pages(
    site: SmallSite, host: str, length: int
) -> None:
    at(site, host)
    limits = HOSTS[host]
    own = "/mine /about/ 302\n" * 20
    many = 2_030 if host == "cloudflare" else 1_030
    site.write({"content/_redirects": own})
    aliases = [f"/{number:0{length}}/" for number in range(many)]
    stories = [aliases[start : start + 1_000] for start in range(0, many, 1_000)]
    for number, some in enumerate(stories):
        site.article(f"moved-{number}", aliases=f"[{', '.join(some)}]")
    report = site.build()
    text = site.text("_redirects")
    assert len(rules(text)) <= limits.redirect_rules
    assert len(text.encode()) <= (limits.redirect_bytes or len(text.encode()))
    if length == 8:
        assert len(rules(text)) == limits.redirect_rules
    else:
        assert limits.redirect_bytes - len(text.encode()) < 200
    for number, some in enumerate(stories):
        ends = {answered(site, host, alias) for alias in (*some[:9], *some[-9:])}
        assert ends == {f"/2026/06/moved-{number}/"}
    pages = sum(path.endswith("index.html") and path[0] == "0" for path in site.outputs())
    redirected_by_host = len(rules(text)) - 20
    assert pages == (many if host == "cloudflare" else many - redirected_by_host)
    name = limits.name
    told = [str(w) for w in report.warnings]
    wanted = (
        f"site.toml:3: host: {name} takes {limits.redirect_rules:,} redirects at most, and there"
        f" are {many + 20:,}; take old aliases out: those that are too many get a page that leads"
        " on, and no rule"
    )
    assert wanted in told
    assert any("bytes in _redirects" in line for line in told) == (length == 90)
    assert site.build().warnings == report.warnings  # nothing was new
    site.article("moved-0", "Other words.", aliases=f"[{', '.join(stories[0])}]")
    assert site.build().warnings == report.warnings
    assert differing(tree(site.public), clean_tree(site)) == []
