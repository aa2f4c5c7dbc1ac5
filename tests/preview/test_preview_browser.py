"""The whole preview: files are written as editors write them, and Chromium shows it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.browser_tabs import FAILING, MISSING, OVERLAY, Previewed, tab
from support.complete_site import RING, CompleteSite, page
from support.edits_of_files import WAYS, by_rename, caught_up, in_place, restore, sources
from support.images import png
from support.preview_process import eventually, previewed
from support.recordings import wav
from support.sites import REPOSITORY

pytestmark = pytest.mark.long

CSS = REPOSITORY / "layouts/assets/site.css"
LAYOUTS = REPOSITORY / "layouts"


@pytest.fixture(scope="module")
def running(
    browser: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Previewed, dict[str, bytes]]]:
    site = CompleteSite(tmp_path_factory.mktemp("running") / "desk")
    site.article("long", LONG_TEXT, date="2026-06-02", tags="[Rivers]")
    site.rewrite("opera-1", "So it was", '<link rel="stylesheet" href="/look.css">\nSo it was')
    site.write({"content/look.css": "main { color: rgb(1, 1, 1) }"})
    with previewed(site.root) as preview:
        yield Previewed(site, preview, browser), sources(site.root)


@pytest.fixture
def paper(running: tuple[Previewed, dict[str, bytes]]) -> Iterator[Previewed]:
    """The same paper for each test: what it wrote is taken back afterwards."""
    paper, at_first = running
    yield paper
    restore(paper.site.root, at_first)
    caught_up(paper.site, paper.preview)


LONG_TEXT = "\n\n".join(f"Paragraph {n} of a story that is long." for n in range(200))


# ------------------------------------------------------------------------ a recording


@pytest.mark.parametrize("script", [True, False])
def test_a_chapter_leads_to_its_time(paper: Previewed, script: bool) -> None:
    paper.site.write({"content/articles/talk.wav": wav(30, rate=8_000)})
    audio = "{src: talk.wav, chapters: ['0:00 Start', '0:20 End']}"
    paper.site.article("talk", date="2026-06-02", audio=audio)
    caught_up(paper.site, paper.preview)
    context = paper.browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{paper.preview.address}/2026/06/talk/")
    page.click(".listen summary")
    page.click("text=End")
    if script:
        page.wait_for_function("document.querySelector('.listen audio').currentTime >= 20")
        assert page.url.endswith("/2026/06/talk/")
    else:
        page.wait_for_url("**/articles/talk.wav#t=20")
    context.close()


# ------------------------------------------------------------------ an edit of a text


def test_a_body_edit_appears_where_one_reads_and_touches_nothing_else(paper: Previewed) -> None:
    with paper.tab("/2026/06/long/") as tab:
        tab.page.evaluate("scrollTo(0, 4000)")
        tab.page.wait_for_function("scrollY === 4000")
        tab.keep()
        tab.page.evaluate("window.text = document.querySelector('.prose').cloneNode(true)")
        edited = LONG_TEXT.replace("Paragraph 150 of", "Section 150 of")
        paper.site.article("long", edited, date="2026-06-02", tags="[Rivers]")
        tab.shows("Section 150 of")
        assert tab.kept()
        assert tab.page.evaluate("scrollY") == 4000
        changed = tab.page.evaluate(
            """() => [...document.querySelector(".prose").children]
                .filter((p, i) => !p.isEqualNode(text.children[i])).map((p) => p.textContent)"""
        )
        assert changed == ["Section 150 of a story that is long."]


@pytest.mark.parametrize("save", WAYS)
def test_a_save_appears_however_an_editor_writes(
    paper: Previewed, save: Callable[[Path, str], None]
) -> None:
    with paper.tab("/2026/06/rail-0/") as tab:
        file = paper.file("rail-0")
        text = file.read_text()
        tab.keep()
        for number in range(3):
            tab.messages.clear()
            save(file, text.replace("So it", f"Edit {number}: so it"))
            tab.shows(f"Edit {number}: ")
            # On a busy machine a file may be gone for so long between two steps that it is told.
            was_told_gone = 404 in [m["page"]["status"] for m in tab.messages if "page" in m]
            assert tab.kept() or was_told_gone
            tab.keep()


def test_a_page_that_is_not_there_yet_appears_when_its_story_is_written(paper: Previewed) -> None:
    with paper.tab("/2026/06/fresh/", MISSING) as tab:
        assert tab.page.title().startswith("Page not found")
        paper.site.article("fresh", "Here it is.")
        tab.shows("Here it is.")
        assert tab.page.title() == "Fresh | The Desk"


def test_a_page_that_a_change_does_not_touch_is_left_alone(paper: Previewed) -> None:
    with paper.tab("/tags/rail/") as other, paper.tab("/2026/06/wheat-0/") as tab:
        other.page.evaluate(
            """() => { window.seen = 0; new MutationObserver((all) => (seen += all.length))
                .observe(document, {subtree: true, childList: true, attributes: true,
                    characterData: true}); }"""
        )
        other.keep()
        before = len(other.messages)
        for number in range(3):
            paper.site.rewrite("wheat-0", "So it was", f"So it was {number}")
            tab.shows(f"So it was {number}")
            other.says("Preview")
        assert other.page.evaluate("window.seen") == 0
        assert other.kept()
        told = other.messages[before:]
        assert told, "it was not told of the saves at all"
        assert not any("page" in message for message in told)


# --------------------------------------------------------------- styles and pictures


COLOUR = "getComputedStyle(document.querySelector('main')).color"


def test_the_site_s_styles_are_swapped_without_a_reload(paper: Previewed) -> None:
    with paper.tab("/2026/06/rail-0/") as tab:
        tab.page.evaluate("scrollTo(0, 50)")
        tab.page.evaluate("window.kept = [...document.body.querySelectorAll('*')]")
        for shade in (11, 22):
            style = f"{CSS.read_text()}\nmain {{ color: rgb({shade}, 0, 0) }}\n"
            paper.site.write({"layouts/assets/site.css": style})
            tab.until(f"{COLOUR} === 'rgb({shade}, 0, 0)'")
        tab.until("document.querySelectorAll('link[rel=stylesheet]').length === 1")
        assert tab.page.evaluate(
            "[...document.body.querySelectorAll('*')].every((node, i) => node === kept[i])"
        )


def test_own_styles_and_the_look_come_and_change_without_a_reload(paper: Previewed) -> None:
    settings = (paper.site.root / "site.toml").read_text()
    with paper.tab("/2026/06/rail-0/") as tab:
        tab.keep()
        for shade in (11, 22):
            own = f"main {{ color: rgb({shade}, 0, 0) }}"
            paper.site.write({"layouts/assets/own.css": own})
            tab.until(f"{COLOUR} === 'rgb({shade}, 0, 0)'")
        for theme, ground in (("dark", "rgb(23, 22, 20)"), ("light", "rgb(253, 252, 249)")):
            look = f'\n[look]\ntheme = "{theme}"\n'
            paper.site.write({"site.toml": settings + look})
            tab.until(f"getComputedStyle(document.documentElement).backgroundColor === '{ground}'")
        tab.until("document.querySelectorAll('link[rel=stylesheet]').length === 3")
        assert tab.page.evaluate(COLOUR) == "rgb(22, 0, 0)"
        assert not tab.was_reloaded()


def test_a_page_under_a_mistake_keeps_its_styles_when_others_are_written(paper: Previewed) -> None:
    for shade in (33, 44):
        style = f"{CSS.read_text()}\nmain {{ color: rgb({shade}, 0, 0) }}\n"
        paper.site.write({"layouts/assets/site.css": style})
        caught_up(paper.site, paper.preview)
        if shade == 33:
            paper.preview.get("/2026/06/rail-0/")
            a_layout_that_fails(paper)
    with paper.tab("/2026/06/rail-0/", FAILING) as tab:
        tab.page.wait_for_selector(OVERLAY)
        assert tab.page.evaluate(COLOUR) == "rgb(33, 0, 0)"


def test_a_stylesheet_of_the_content_is_read_again_at_its_address(paper: Previewed) -> None:
    with paper.tab(f"/{page('opera-1')[:-10]}") as tab:
        tab.until(f"{COLOUR} === 'rgb(1, 1, 1)'")
        tab.keep()
        paper.site.write({"content/look.css": "main { color: rgb(2, 2, 2) }"})
        tab.until(f"{COLOUR} === 'rgb(2, 2, 2)'")
        assert not tab.was_reloaded()


def test_a_picture_of_the_content_is_read_again_at_its_address(paper: Previewed) -> None:
    paper.site.rewrite("rail-0", "So it was", '<img src="/pictures/train.png" alt="A train">')
    caught_up(paper.site, paper.preview)
    with paper.tab("/2026/06/rail-0/") as tab:
        picture = "document.querySelector('.prose img')"
        tab.until(f"{picture}.naturalWidth === 8")
        tab.keep()
        paper.site.write({"content/pictures/train.png": png(20, 10, 5)})
        tab.until(f"{picture}.naturalWidth === 20")
        assert tab.kept()


def test_a_page_shows_data_as_soon_as_it_is_saved(paper: Previewed) -> None:
    text = '{% extends "default/page.html" %}{% block main %}<p>{{ data.crops[0].name }}</p>'
    paper.site.write({"content/_data/crops.csv": "name\nWheat\n"})
    paper.site.write({"layouts/page.html": text + "{% endblock %}"})
    caught_up(paper.site, paper.preview)
    with paper.tab("/about/") as tab:
        tab.shows("Wheat")
        tab.keep()
        paper.site.write({"content/_data/crops.csv": "name\nRye\n"})
        tab.shows("Rye")
        assert tab.kept()


# ------------------------------------------------------------------------- mistakes


def a_wrong_date(paper: Previewed) -> None:
    paper.site.rewrite("rail-0", date="soon")


def a_link_to_nowhere(paper: Previewed) -> None:
    paper.site.rewrite("rail-0", "So it was", "So it [was](nowhere.md)")


def a_broken_layout(paper: Previewed) -> None:
    text = (LAYOUTS / "article.html").read_text()
    broken = text.replace("{% if story.dek %}", "{% if %}")
    paper.site.write({"layouts/article.html": broken})


def a_layout_that_fails(paper: Previewed) -> None:
    """Only for stories of this topic."""
    text = (LAYOUTS / "article.html").read_text()
    headline = "{{ story.title }}</h1>"
    failing = "{% if 'Rail' in story.title %}{{ 1 // 0 }}{% endif %}"
    assert headline in text
    paper.site.write({"layouts/article.html": text.replace(headline, failing + headline)})


def broken_settings(paper: Previewed) -> None:
    text = (paper.site.root / "site.toml").read_text()
    paper.site.write({"site.toml": text.replace("top = 2", "top = two")})


def wrong_settings(paper: Previewed) -> None:
    text = (paper.site.root / "site.toml").read_text()
    paper.site.write({"site.toml": text.replace("top = 2", "top = -2")})


@pytest.mark.parametrize(
    ("mistake", "file", "marked", "around", "remedy"),
    [
        (a_wrong_date, "content/articles/rail-0.md:3", "date: soon", "title: Rail 0", "2026-03-31"),
        (
            a_link_to_nowhere,
            "content/articles/rail-0.md:12",
            "So it [was](nowhere.md)",
            "raila0",
            "add content/articles/nowhere.md",
        ),
        (a_broken_layout, "layouts/article.html:", "{% if %}", "block dek", "mend the line"),
        (a_layout_that_fails, "layouts/article.html:", "1 // 0", "block headline", "mend"),
        (broken_settings, "site.toml:", "top = two", "[front]", "put the text in quotes"),
        (wrong_settings, "site.toml:", "top = -2", "[front]", "0"),
    ],
)
def test_a_mistake_lies_over_the_page_until_it_is_mended(
    paper: Previewed,
    mistake: Callable[[Previewed], None],
    file: str,
    marked: str,
    around: str,
    remedy: str,
) -> None:
    at_first = sources(paper.site.root)
    with paper.tab("/2026/06/rail-0/") as tab:
        tab.keep()
        mistake(paper)
        tab.page.wait_for_selector(OVERLAY)
        assert tab.page.inner_text(f"{OVERLAY} h3").startswith(file)
        assert marked in tab.page.inner_text(f"{OVERLAY} mark")
        assert around in tab.page.inner_text(f"{OVERLAY} pre")
        assert remedy in tab.page.inner_text(f"{OVERLAY} .sheet p:last-child")
        assert "1 error" in tab.page.inner_text("broadsheet-preview .pill")
        assert "So it was." in tab.page.inner_text("main")
        restore(paper.site.root, at_first)
        tab.page.wait_for_selector(OVERLAY, state="detached")
        assert "So it was." in tab.page.inner_text("main")
        assert tab.kept()


def test_a_layout_that_fails_is_told_on_the_pages_that_it_breaks(paper: Previewed) -> None:
    with paper.tab("/2026/06/rail-0/") as broken, paper.tab("/2026/06/wheat-0/") as whole:
        a_layout_that_fails(paper)
        broken.page.wait_for_selector(OVERLAY)
        caught_up(paper.site, paper.preview)
        assert whole.page.locator(OVERLAY).count() == 0
        paper.site.rewrite("wheat-0", "So it was", "So it is")
        whole.shows("So it is.")
        assert whole.page.locator(OVERLAY).count() == 0
        assert broken.page.locator(OVERLAY).count() == 1


# ---------------------------------------------------------------------- what is listed


def test_a_new_story_appears_in_the_open_lists(paper: Previewed) -> None:
    with paper.tab("/") as front, paper.tab("/tags/rail/") as topic, paper.tab("/feed.xml") as feed:
        for tab in (front, topic, feed):
            tab.keep()
        paper.site.article("flood", "Water.", title="The flood", date="2026-06-15", tags="[Rail]")
        for tab in (front, topic, feed):
            tab.shows("The flood")
            assert not tab.was_reloaded()


def test_a_story_that_is_deleted_turns_into_the_page_for_what_is_not_there(
    paper: Previewed,
) -> None:
    with paper.tab("/2026/06/rail-0/", MISSING) as tab, paper.tab("/") as front:
        paper.file("rail-0").unlink()
        tab.shows("Near this address")
        near = tab.page.evaluate("[...document.querySelectorAll('main nav a')].map((a) => a.href)")
        assert f"{paper.preview.address}/2026/06/rail-1/" in near
        front.shows_no_more("Rail 0")


def test_a_renamed_tag_moves_its_page(paper: Previewed) -> None:
    with paper.tab("/tags/banks/", MISSING) as old, paper.tab("/2026/06/banks-0/") as story:
        for number in range(RING):
            paper.site.rewrite(f"banks-{number}", tags="[Money]")
        old.shows("Near this address")
        story.shows("Money", "a[href='/tags/money/']")
        story.page.click("footer a[href='/tags/money/']")
        story.connected()
        story.until("document.title.startsWith('Money')")
        assert story.page.locator("main a[href='/2026/06/banks-0/']").count()


def test_a_new_headline_shows_on_the_open_front_page(paper: Previewed) -> None:
    with paper.tab("/") as front:
        front.keep()
        paper.site.rewrite("wheat-0", title="Bread for all")
        front.shows("Bread for all")
        assert front.kept()


# ------------------------------------------------------------------------------ the bar


def test_the_bar_says_where_a_story_stands(paper: Previewed) -> None:
    with paper.tab("/2026/06/draft/") as tab:
        for path, words in {
            "/2026/06/draft/": "Draft",
            "/2026/06/later/": "Scheduled until 20 Jun 2026, 08:00",
            f"/{page('opera-5')[:-10]}": "Expires on 18 Jun 2026, 00:00",
            "/2026/06/rail-0/": "1 min · 28 words",
        }.items():
            tab.open(path)
            tab.says(words)


def test_the_bar_warns_of_what_is_missing_as_it_is_written(paper: Previewed) -> None:
    with paper.tab("/2026/06/rail-0/") as tab:
        tab.page.click("broadsheet-preview .pill")
        tab.says("No summary", ".panel")
        paper.site.rewrite("rail-0", title="Far too long " * 9, tags=None)
        tab.says("No tags", ".panel")
        tab.says("The headline has", ".panel")
        tab.says("3 warnings")


def test_the_bar_tells_why_stories_are_related(paper: Previewed) -> None:
    with paper.tab("/2026/06/wheat-0/") as tab:
        tab.page.click("broadsheet-preview .pill")
        tab.says("Related", ".panel")
        shown = tab.page.evaluate(
            "[...document.querySelectorAll('aside.related h3 a')].map((a) => a.pathname)"
        )
        told = tab.page.evaluate(
            """() => [...document.querySelector("broadsheet-preview").shadowRoot
                .querySelectorAll(".panel a")].map((a) => [a.pathname, a.parentNode.innerText])"""
        )
        assert [url for url, _ in told] == shown
        assert len(shown) == 2
        assert all("wheat" in why.lower() for _, why in told)
        paper.site.rewrite("wheat-0", "So it was", "So it was", related="{pin: [rail-3]}")
        tab.says("your own choice", ".panel")


# ------------------------------------------------------------------------ ways to look


def test_a_feed_is_a_page_to_read_and_what_is_missing_the_site_s_own(paper: Previewed) -> None:
    with paper.tab("/feed.xml", MISSING) as tab:
        assert tab.page.inner_text("h1") == "The Desk"
        tab.page.click("text=Wheat 0")
        tab.connected()
        assert tab.page.url.endswith("/2026/06/wheat-0/")
        tab.open("/2026/06/weat-0/")
        assert tab.page.locator("main nav a[href='/2026/06/wheat-0/']").count() == 1
        assert tab.page.locator(".masthead").count() == 1


def test_a_switch_has_the_tab_go_to_the_story_just_saved(paper: Previewed) -> None:
    with paper.tab("/about/") as tab:
        paper.site.rewrite("rail-0", "So it was", "So it is")
        tab.until("sessionStorage.broadsheetSeen > 0")
        caught_up(paper.site, paper.preview)
        assert tab.page.url.endswith("/about/")
        tab.page.click("broadsheet-preview .pill")
        tab.page.check("broadsheet-preview label:has-text('just saved') input")
        paper.site.rewrite("tides-1", "So it was", "So it is")
        tab.page.wait_for_url("**/2026/06/tides-1/")
        tab.shows("So it is.")
        tab.connected()
        paper.site.rewrite("rail-1", "So it was", "So it is")
        tab.page.wait_for_url("**/2026/06/rail-1/")


def test_a_folder_that_is_renamed_moves_what_is_in_it(paper: Previewed) -> None:
    articles = paper.site.root / "content/articles"
    paper.site.article("week/inside", "In a folder.")
    paper.site.write({"content/album/one.png": png(4, 4, 4)})
    eventually(lambda: paper.preview.get("/album/one.png").status == 200)
    with paper.tab("/2026/06/inside/") as tab:
        tab.keep()
        (articles / "week").rename(articles / "month")
        (paper.site.root / "content/album").rename(paper.site.root / "content/book")
        eventually(lambda: paper.preview.get("/book/one.png").status == 200)
        assert paper.preview.get("/album/one.png").status == 404
        tab.says("1 min")
        paper.site.article("month/inside", "In a folder of another name.")
        tab.shows("In a folder of another name.")
        assert tab.kept()


def test_a_text_behind_a_link_is_watched(paper: Previewed) -> None:
    target = paper.site.root / "elsewhere/elsewhere.md"
    target.parent.mkdir()
    target.write_text("---\ntitle: Elsewhere\ndate: 2026-06-01\n---\n\nWritten far away.\n")
    (paper.site.root / "content/articles/linked.md").symlink_to(target)
    eventually(lambda: paper.preview.get("/2026/06/linked/").status == 200)
    with paper.tab("/2026/06/linked/") as tab:
        tab.keep()
        by_rename(target, target.read_text().replace("far away", "still far away"))
        tab.shows("Written still far away.")
        in_place(target, target.read_text().replace("still far", "not so far"))
        tab.shows("Written not so far away.")
        assert tab.kept()


# ----------------------------------------------------------- what moved, and the bar


MOVED = "broadsheet-preview .moved:not([hidden])"


def another_slug(paper: Previewed) -> None:
    paper.site.rewrite("rail-0", slug="iron-road")


def another_file(paper: Previewed) -> None:
    paper.file("rail-0").rename(paper.file("iron-road"))


def another_slug_with_an_alias(paper: Previewed) -> None:
    paper.site.rewrite("rail-0", slug="iron-road", aliases="[/2026/06/rail-0/]")


@pytest.mark.parametrize("rename", [another_slug, another_file, another_slug_with_an_alias])
def test_the_open_page_of_a_renamed_story_offers_its_new_address(
    paper: Previewed, rename: Callable[[Previewed], None]
) -> None:
    with paper.tab("/2026/06/rail-0/", MISSING) as tab:
        rename(paper)
        tab.page.wait_for_selector(MOVED)
        assert tab.page.inner_text(MOVED) == "This page has moved to /2026/06/iron-road/"
        caught_up(paper.site, paper.preview)
        assert tab.page.url.endswith("/2026/06/rail-0/")
        tab.page.click(f"{MOVED} a")
        tab.page.wait_for_url("**/2026/06/iron-road/")
        tab.connected()
        tab.shows("So it was.")
        assert tab.page.locator(MOVED).count() == 0


def test_the_open_page_of_a_deleted_story_says_so_until_it_is_back(paper: Previewed) -> None:
    with paper.tab("/2026/06/rail-0/", MISSING) as tab:
        text = paper.file("rail-0").read_text()
        paper.file("rail-0").unlink()
        tab.page.wait_for_selector(MOVED)
        words = "content/articles/rail-0.md is shown no more."
        assert tab.page.inner_text(MOVED) == words
        paper.file("rail-0").write_text(text)
        tab.shows("So it was.")
        tab.page.wait_for_selector(MOVED, state="detached")


def test_errors_and_warnings_are_two_groups(paper: Previewed) -> None:
    with paper.tab("/2026/06/rail-0/") as tab:
        paper.site.rewrite("rail-0", date="soon", titel="Rail")
        tab.page.wait_for_selector(OVERLAY)
        headings = tab.page.locator(f"{OVERLAY} h2").all_inner_texts()
        assert headings == ["1 error", "1 warning"]
        assert "titel" in tab.page.inner_text(f"{OVERLAY} section.warning")
        assert "soon" in tab.page.inner_text(f"{OVERLAY} section.error")
        assert tab.page.inner_text("broadsheet-preview .pill").startswith("1 error")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_bar_covers_no_text_at_the_end_of_a_page(paper: Previewed, width: int) -> None:
    with tab(
        paper.browser,
        paper.preview,
        "/2026/06/rail-0/",
        viewport={"width": width, "height": 640},
    ) as opened:
        opened.says("1 min")
        opened.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        covered = opened.page.evaluate(
            """() => {
                const bar = document.querySelector("broadsheet-preview").shadowRoot
                    .querySelector(".pill").getBoundingClientRect();
                const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                const covered = [];
                for (let node; (node = walker.nextNode()); ) {
                    const range = document.createRange();
                    range.selectNodeContents(node);
                    const under = [...range.getClientRects()].some((it) => it.width && it.height
                        && it.right > bar.left && it.bottom > bar.top && it.left < bar.right);
                    if (under && node.data.trim()) covered.push(node.data);
                }
                return covered;
            }"""
        )
        assert covered == []
        wide = "document.documentElement.scrollWidth <= innerWidth"
        assert opened.page.evaluate(wide)
