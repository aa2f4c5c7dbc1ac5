"""The content security policy: what it says, and that every page lives with it, in Chromium."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from support.browser_pages import served
from support.images import PNG
from support.preview_process import eventually, previewed
from support.sites import NOW, SETTINGS, SmallSite

pytestmark = pytest.mark.long

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self';"
    " frame-src 'self'; font-src 'self'; manifest-src 'self'; connect-src 'self'; base-uri 'none';"
    " form-action 'none'"
)
ISSO = "connect-src 'self' https://c.example.com/"
GISCUS = """[comments]
provider = "giscus"
repo = "a/b"
repo_id = "r"
category = "c"
category_id = "i"
"""
PICTURE = '{src: "https://maps.example.com/b.png", alt: B}'
ALONE = "; frame-ancestors 'none'"
CSP = "\n[security]\ncsp = true\n"
BREAK = """new Promise((done) => {
  document.addEventListener("securitypolicyviolation", (e) => done(e.effectiveDirective));
  document.body.append(Object.assign(new Image(), { src: "https://127.0.0.1:1/" }));
})"""
SAY = "document.addEventListener('securitypolicyviolation', e => reported(e.violatedDirective))"


@contextmanager
def watched(browser: Any) -> Iterator[tuple[Any, list[str]]]:
    """A tab, and the directives that the pages opened in it have violated."""
    context, violated = browser.new_context(), list[str]()
    context.expose_function("reported", lambda directive: violated.append(directive))
    context.add_init_script(SAY)
    yield context.new_page(), violated
    context.close()


def told(site: SmallSite, path: str = "index.html") -> str:
    """The policy that a page itself tells, "" if none."""
    found = site.page(path).cssselect('meta[http-equiv="Content-Security-Policy"]')
    return found[0].get("content", "") if found else ""


def headers(site: SmallSite) -> dict[str, list[str]]:
    """The rules of `_headers`, by address."""
    blocks = site.text("_headers").strip().split("\n\n")
    return {block.splitlines()[0]: block.replace("  ", "").splitlines()[1:] for block in blocks}


def test_without_the_setting_there_is_none(site: SmallSite) -> None:
    site.write({"site.toml": f'host = "netlify"\n{SETTINGS}'})
    site.build()
    assert told(site) == ""
    assert "Security" not in site.text("_headers")


def test_it_stands_in_each_page_where_no_host_takes_headers(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + CSP})
    site.article("a", aliases="[/old/]")
    site.build()
    pages = [path.relative_to(site.public).as_posix() for path in site.public.rglob("*.html")]
    assert {"404.html", "2026/06/a/index.html", "old/index.html"} <= {*pages}
    assert {told(site, path) for path in pages} == {STRICT}


@pytest.mark.parametrize("host", ["netlify", "cloudflare"])
def test_a_host_that_takes_headers_is_told(site: SmallSite, host: str) -> None:
    site.write({"site.toml": f'host = "{host}"\n{SETTINGS}{CSP}', "content/chart.html": "<p>"})
    site.build()
    assert told(site) == ""
    assert headers(site)["/*"][-1] == f"Content-Security-Policy: {STRICT}{ALONE}"
    assert headers(site)["/chart.html"][-1] == "Content-Security-Policy: frame-ancestors 'self'"
    dropped = "! Content-Security-Policy" in headers(site)["/chart.html"]
    assert dropped is (host == "cloudflare")


def test_the_sites_own_rule_counts(site: SmallSite) -> None:
    own = "/*\n  Content-Security-Policy: default-src https:\n"
    site.write({"site.toml": f'host = "netlify"\n{SETTINGS}{CSP}', "content/_headers": own})
    site.build()
    assert site.text("_headers").count("Content-Security-Policy") == 1


def test_the_policy_stays_where_there_is_no_room_for_all_rules(site: SmallSite) -> None:
    own = "".join(f"/{number}\n  X-A: b\n" for number in range(98))
    site.write({"site.toml": f'host = "cloudflare"\n{SETTINGS}{CSP}', "content/_headers": own})
    site.build()
    assert site.text("_headers").count(STRICT) == 1
    assert "/feed.xml" not in site.text("_headers")


@pytest.mark.parametrize(
    ("settings", "directive"),
    [
        ('embeds = ["https://video.example.com"]', "frame-src 'self' https://video.example.com"),
        ('embeds = ["https:"]', "img-src 'self' https:"),
        ('scripts = ["https://*.example.com/x/"]', "script-src 'self' https://*.example.com/x/"),
        ('scripts = ["/chart.js"]', "script-src 'self'"),
        ('[comments]\nprovider = "isso"\nurl = "https://c.example.com"', ISSO),
        (GISCUS, "frame-src 'self' https://giscus.app"),
    ],
)
def test_what_else_is_let_in(site: SmallSite, settings: str, directive: str) -> None:
    site.write({"site.toml": f"{SETTINGS}{CSP}{settings}\n"})
    site.build()
    assert directive in told(site).split("; ")


@pytest.mark.parametrize(
    "source", ["video.example.com", "'unsafe-inline'", "https://a b", "https://a;b", "*", "data:"]
)
@pytest.mark.parametrize("name", ["embeds", "scripts"])
def test_what_is_no_host_is_refused(site: SmallSite, name: str, source: str) -> None:
    site.write({"site.toml": f'{SETTINGS}{CSP}{name} = ["https://a.example.com", "{source}"]\n'})
    (message,) = site.errors()
    line = f"{SETTINGS}{CSP}".count("\n") + 1
    assert message.startswith(f'site.toml:{line}: security.{name}[2]: "{source}" is no address')


def test_no_page_of_the_demo_breaks_it(demo: Path, browser: Any) -> None:
    with served(demo) as address, watched(browser) as (tab, violated):
        files = (path for path in demo.rglob("*.html") if "refresh" not in path.read_text()[:900])
        pages = [path.relative_to(demo).as_posix() for path in files]  # the others lead away
        for page in pages:
            tab.goto(f"{address}/{page}")
        assert len(pages) > 80
        assert violated == []
        tab.goto(f"{address}/about/")
        assert tab.evaluate(BREAK) == "img-src"


HOSTILE = """Text.

<script>window.ran = "inline"</script>
<script src="/story.js"></script>
<img src="/gone.png" alt="" onerror="window.ran = 'handler'">
<iframe src="/chart.html" title="Chart"></iframe>
"""
CHART = "<p id=said>-</p><script>said.textContent = document.cookie = 'ran'</script>"
READS = "window.ran = 'file'"


@pytest.fixture(params=["netlify", ""], ids=["as a header", "in the page"])
def hostile(site: SmallSite, request: pytest.FixtureRequest) -> SmallSite:
    """A site whose story brings along scripts, for hosts that take headers and for others."""
    site.write({"site.toml": f'host = "{request.param}"\n{SETTINGS}{CSP}'})
    site.write({"content/story.js": READS, "content/gone.png": "", "content/chart.html": CHART})
    site.article("hostile", HOSTILE, title="As written")
    return site


def test_in_the_preview_no_script_of_a_story_runs(hostile: SmallSite, browser: Any) -> None:
    with previewed(hostile.root) as preview, watched(browser) as (tab, violated):
        tab.goto(f"{preview.address}/2026/06/hostile/")
        tab.wait_for_selector("broadsheet-preview", state="attached")
        frame = tab.frames[1]
        frame.wait_for_selector("#said")
        assert frame.text_content("#said") == "-", "a chart stands apart: it has no cookies"
        assert tab.evaluate("window.ran") is None
        assert {name.removesuffix("-elem").removesuffix("-attr") for name in violated} == {
            "script-src"
        }
        hostile.article("hostile", "Mended.", title="As mended")
        eventually(lambda: tab.title().startswith("As mended"))
        assert preview.get("/chart.html").headers["content-security-policy"].startswith("sandbox ")
        assert "content-security-policy" not in preview.get("/2026/06/hostile/").body.decode()


@pytest.mark.parametrize(
    ("name", "is_apart"),
    [
        ("chart.html", True),
        ("chart.HTM", True),
        ("drawing.svg", True),
        ("drawing.svgz", True),
        ("data.xml", True),
        ("looks.xsl", True),
        ("paper.pdf", False),
        ("photo.png", False),
        ("figures.json", False),
        ("letter.txt", False),
        ("song.mp3", False),
        ("chart.html.gz", False),
        ("no-ending", False),
    ],
)
def test_in_the_preview_only_what_may_hold_scripts_stands_apart(
    site: SmallSite, name: str, is_apart: bool
) -> None:
    site.write({"site.toml": f"{SETTINGS}{CSP}", f"content/{name}": "<p>"})
    live = Session(site.root, NOW)
    live.update()
    assert bool(respond(live, f"/{name}").policy) is is_apart


def test_in_the_preview_scripts_that_the_settings_name_run(
    hostile: SmallSite, browser: Any
) -> None:
    written = (hostile.root / "site.toml").read_text()
    hostile.write({"site.toml": f'{written}scripts = ["/story.js", "/chart.html"]\n'})
    with previewed(hostile.root) as preview, watched(browser) as (tab, _):
        tab.goto(f"{preview.address}/2026/06/hostile/")
        eventually(lambda: tab.evaluate("window.ran") == "file")
        eventually(lambda: tab.frames[1].text_content("#said") == "ran")


def test_the_previews_own_pages_run_nothing_else(hostile: SmallSite, browser: Any) -> None:
    with previewed(hostile.root) as preview, watched(browser) as (tab, violated):
        for path in ("/feed.xml", "/rss.xml", "/nowhere/"):
            tab.goto(preview.address + path)
            tab.wait_for_selector("broadsheet-preview", state="attached")
        assert violated == []
        policy = preview.get("/feed.xml", accept="text/html").headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")


BLOCKED = """Text.

<script>let a = 1;</script>

<style>p { color: red }</style>

<form action="https://list.example.com"><button>Go</button></form>

<iframe src="https://video.example.com/1"></iframe>

![A map](https://maps.example.com/a.png)

<video src="//films.example.com/a.mp4" controls></video>

<script src="https://code.example.com/a.js"></script>

<object data="https://old.example.com/a.swf"></object>

<img src="https://a.example/a.png" srcset="a.png 1x, https://b.example/b.png 2x" alt="">
"""
INNOCENT = """Text with `<script>` and <b>tags</b>.

<script type="application/json">{"a": 1}</script>

![Own](https://paper.example/a.png) [a link](https://maps.example.com/) <audio controls></audio>
"""


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_what_it_would_block_is_told_with_its_line(site: SmallSite, engine: str) -> None:
    site.write({"site.toml": f'{SETTINGS}{CSP}[markdown]\nengine = "{engine}"\n'})
    site.write({"content/articles/a.png": PNG})
    site.article("a", BLOCKED)
    site.article("b", INNOCENT)
    told = [line.removeprefix("content/articles/a.md:") for line in site.warnings()]
    assert [(line.split(":")[0], line.split(" ")[1]) for line in told] == [
        ("8", "`<script>`"),
        ("10", "`<style>`"),
        ("12", "`<form>`"),
        ("14", '"https://video.example.com/1"'),
        ("16", '"https://maps.example.com/a.png"'),
        ("18", '"//films.example.com/a.mp4"'),
        ("20", '"https://code.example.com/a.js"'),
        ("22", '"https://old.example.com/a.swf"'),
        ("24", '"https://a.example/a.png"'),
        ("24", '"https://b.example/b.png"'),
    ]
    assert 'add "https://films.example.com" to `embeds` under [security]' in told[5]
    assert 'add "https://code.example.com" to `scripts` under [security]' in told[6]


def test_what_the_settings_let_in_is_not_told(site: SmallSite) -> None:
    site.article("a", "![A](https://maps.example.com/a.png)", image=PICTURE)
    site.write({"site.toml": SETTINGS + CSP})
    assert len(site.warnings()) == 2
    for source in ("https://maps.example.com", "https://*.example.com", "https:"):
        site.write({"site.toml": f'{SETTINGS}{CSP}embeds = ["{source}"]\n'})
        assert site.warnings() == []
    site.write({"site.toml": f'{SETTINGS}{CSP}embeds = ["https://maps.example.co"]\n'})
    first, *others = site.warnings()
    assert len(others) == 1
    assert first.startswith('content/articles/a.md:4: image.src: "https://maps.example.com/b.png"')
