"""A site that is kept open answers, after any edits, what a clean build would write."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis.stateful import rule

from generator.commands.build import build
from generator.errors import is_error
from generator.preview.session.page_info import page_info
from generator.preview.session.responses import moved, respond
from generator.preview.session.site import Session
from generator.preview.session.texts import MANY
from generator.preview.session.warming import start
from generator.preview.values import Move
from support.answers import built, shown
from support.breakpoints import Breakpoint
from support.builds import SettledSites, clean_tree, differing, tree
from support.complete_site import CompleteSite, page
from support.random_edits import EXAMPLES, Edits, run
from support.random_sources import make_site
from support.sites import NOW, SmallSite

pytestmark = pytest.mark.long


class LiveEdits(Edits):
    """The same edits, taken over by a site that is kept open."""

    def publish(self) -> None:
        if self.held:
            self.held -= 1
            return
        (succeeds, messages), wanted = self._clean()
        self._take_over()
        pages, wrong = shown(self.live)
        self.failing = not succeeds
        assert bool(wrong) is self.failing, wrong
        if succeeds:
            assert differing(pages, built(wanted)) == []
            assert list(map(str, self.live.problems())) == messages
            self.good = self._remember()

    live: Session
    files: dict[str, bytes]
    everything = False

    def _take_over(self) -> None:
        """Have the site take over what was written: by names, if they are known."""
        files = {
            file.relative_to(self.site.root).as_posix(): file.read_bytes()
            for part in ("content", "layouts", "site.toml")
            for file in [self.site.root / part, *(self.site.root / part).rglob("*")]
            if file.is_file()
        }
        if not hasattr(self, "live") or (self.live.at, self.live.drafts) != (self.at, self.drafts):
            self.live = Session(self.site.root, self.at, self.drafts)
            named = None
        else:
            before = self.files
            changed = files.keys() | before.keys()
            named = {path for path in changed if files.get(path) != before.get(path)}
        self.files = files
        self.live.update(None if self.everything else named)
        self.live.settle()

    @rule()
    def look_at_everything_or_at_names(self) -> None:
        self.everything = not self.everything

    # What concerns the output of builds is none of ours.

    def build_twice(self) -> None: ...

    def damage_an_output(self, place: int, how: str) -> None: ...

    def kill(self, point: Breakpoint) -> None: ...


def test_a_live_site_shows_what_a_clean_build_gives(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    class Machine(LiveEdits):
        settled = SettledSites(tmp_path_factory.mktemp("live"), make_site, EXAMPLES + 1)

    run(Machine)


def test_every_url_of_the_demo(repository: Path, tmp_path: Path) -> None:
    build(repository, tmp_path / "public", at=NOW, drafts=True, jobs=2)
    live = Session(repository, NOW, drafts=True)
    live.update()
    live.settle()
    pages, wrong = shown(live)
    assert wrong == []
    assert differing(pages, built(tree(tmp_path / "public"))) == []


WORDS: list[dict[str, Any]] = [
    {"name": "wheat-0", "old": "So it was", "new": "So it is"},
    {"name": "wheat-0", "old": "So it was", "new": "Nobody knows"},
    {"name": "wheat-0", "old": "This is wheat 0.", "new": "Another beginning."},
    {"name": "rail-2", "title": "Another headline"},
    {"name": "rail-3", "title": "It's a headline -- with marks..."},
    {"name": "wheat-3", "title": "With an alias that leads here"},
    {"name": "banks-0", "kicker": "Exclusive", "title": "Rail 2"},
    {"name": "wheat-4", "summary": "Another summary."},
    {"name": "tides-5", "title": "About"},
    {"name": "opera-5", "old": "operaf", "new": "wheata"},
    {"name": "banks-0"},
    {"name": "wheat-0"},
]
"""What is edited one after the other: words of stories, the newest and the oldest among them."""


def test_new_words_are_taken_over_where_they_stand(tmp_path: Path) -> None:
    paper = CompleteSite(tmp_path / "desk")
    live = Session(paper.root, NOW, drafts=True)
    live.update()
    before = live.planned
    for edit in WORDS:
        paper.rewrite(**edit)
        live.update([f"content/articles/{edit['name']}.md"])
        assert live.planned is before, f"arranged anew for {edit}"
        live.settle()
        pages, _ = shown(live)
        clean = built(clean_tree(paper, drafts=True))
        assert differing(pages, clean) == [], edit


EVENTS = """
[collections.events]
sort = "start"
feed = true
fields.start = "moment"
fields.report = "story"
"""


def test_an_item_is_taken_over_as_it_is_saved(tmp_path: Path) -> None:
    paper = CompleteSite(tmp_path / "desk")
    settings = paper.root / "site.toml"
    paper.write(
        {
            "site.toml": settings.read_text(encoding="utf-8") + EVENTS,
            "layouts/404.html": "{% for one in collections.events %}{{ one.title }}"
            "{% if one.report %}{{ one.report.title }}{% endif %}{% endfor %}",
        }
    )
    live = Session(paper.root, NOW, drafts=True)
    live.update()
    text = "---\ntitle: {}\ndate: 2026-06-1{}\nstart: 2026-07-01\nreport: rail-2\n---\n{}\n"
    edits: list[tuple[str, str | None]] = [
        ("content/events/gala.md", text.format("Gala", 1, "Come.")),
        ("content/events/gala.md", text.format("Gala", 1, "Come all.")),
        ("content/events/fair.md", text.format("Fair", 2, "[It](gala.md)")),
        ("content/events/gala.md", text.format("The gala", 8, "Come all.")),
        ("content/events/fair.md", None),
    ]
    for path, written in edits:
        paper.write({path: written}) if written else (paper.root / path).unlink()
        live.update([path])
        live.settle()
        pages, wrong = shown(live)
        assert wrong == []
        assert differing(pages, built(clean_tree(paper, drafts=True))) == [], path
    told = page_info(live, "/events/gala/")
    assert told and told.source == "content/events/gala.md"
    assert told.publication == "Scheduled until 18 Jun 2026, 00:00"
    paper.rewrite("rail-2", title="Another headline")
    live.update(["content/articles/rail-2.md"])
    live.settle()
    pages, _ = shown(live)
    assert differing(pages, built(clean_tree(paper, drafts=True))) == []


def test_a_collection_whose_settings_have_a_mistake_is_held_back(tmp_path: Path) -> None:
    paper = CompleteSite(tmp_path / "desk")
    settings = (paper.root / "site.toml").read_text(encoding="utf-8")
    live = Session(paper.root, NOW, drafts=True)
    live.update()
    text = "---\ntitle: {}\nstart: {}\n---\n"
    wrong = EVENTS.replace("sort", 'layout = "none.html"\nsort')
    texts = {f"content/events/{one}.md": text.format(one, "2026-07-01") for one in ("a", "b")}
    paper.write({"site.toml": settings + wrong, **texts})
    live.update(["site.toml", *texts])
    live.settle()
    assert page_info(live, "/events/a/") is None
    assert [one.line for one in filter(is_error, live.problems())] == [wrong_line(settings + wrong)]
    for table, moment in ((EVENTS.replace('"moment"', '"text"'), "soon"), (EVENTS, "2026-07-02")):
        paper.write(
            {"site.toml": settings + table, "content/events/b.md": text.format("b", moment)}
        )
        live.update(["site.toml", "content/events/b.md"])
        live.settle()
        pages, wrong_pages = shown(live)
        assert wrong_pages == []
        assert differing(pages, built(clean_tree(paper, drafts=True))) == []
    paper.write({"content/events/a.md": text.format("a", "soon")})
    live.update(["content/events/a.md"])
    live.settle()
    assert [one.file for one in filter(is_error, live.problems())] == ["content/events/a.md"]
    assert b">a<" in bytes_of(live, "/events/")


def wrong_line(settings: str) -> int:
    return settings.splitlines().index('layout = "none.html"') + 1


def bytes_of(live: Session, path: str) -> bytes:
    body = respond(live, path).body
    assert isinstance(body, bytes)
    return body


def test_what_is_answered_before_related_stories_are_found(tmp_path: Path) -> None:
    paper = CompleteSite(tmp_path / "desk")
    live = Session(paper.root, NOW, drafts=True)
    live.update()
    before = respond(live, f"/{page('wheat-0')}").body
    paper.rewrite("wheat-0", "So it was", "So it is", tags="[Wheat]")
    live.update(["content/articles/wheat-0.md"])
    hurried = respond(live, f"/{page('wheat-0')}", hurried=True).body
    assert isinstance(before, bytes)
    assert hurried == before.replace(b"So it was", b"So it is")


def test_only_a_page_that_shows_related_stories_waits_until_they_are_found(tmp_path: Path) -> None:
    paper = CompleteSite(tmp_path / "desk")
    live = Session(paper.root, NOW, drafts=True)
    live.update()
    story = f"/{page('wheat-0')}"
    respond(live, "/")
    assert live.related.is_behind
    respond(live, story, hurried=True)  # there are none yet that would do
    assert not live.related.is_behind
    paper.rewrite("wheat-0", "So it was", "So it is")
    live.update(["content/articles/wheat-0.md"])
    for path, hurried in ((story, True), ("/", False), ("/nothing/", False), ("/feed.xml", False)):
        respond(live, path, hurried=hurried)
        assert live.related.is_behind
    respond(live, story)
    assert not live.related.is_behind


def test_a_dead_link_holds_back_the_words_of_its_story_alone(tmp_path: Path) -> None:
    paper = CompleteSite(tmp_path / "desk")
    live = Session(paper.root, NOW, drafts=True)
    live.update()
    before = live.planned
    paper.rewrite("wheat-0", "So it was", "See [it](nowhere.md)")
    live.update(["content/articles/wheat-0.md"])
    paper.rewrite("rail-0", "So it was", "So it is")
    live.update(["content/articles/rail-0.md"])
    _, wrong = shown(live)
    assert [message.partition(":")[0] for message in wrong] == ["content/articles/wheat-0.md"]
    assert b"So it was" in shown(live)[0][page("wheat-0")]
    assert b"So it is" in shown(live)[0][page("rail-0")]
    paper.rewrite("wheat-0", "So it was", "See [it](rail-0.md)")
    live.update(["content/articles/wheat-0.md"])
    live.settle()
    assert live.planned is before
    assert shown(live) == (built(clean_tree(paper, drafts=True)), [])


def test_what_is_broken_is_shown_as_it_was_and_all_else_as_it_is(tmp_path: Path) -> None:
    paper = CompleteSite(tmp_path / "desk")
    live = Session(paper.root, NOW, drafts=True)
    live.update()
    good = shown(live)[0][page("wheat-0")]
    paper.rewrite("wheat-0", "So it was", "So it is", date="soon")
    live.update(["content/articles/wheat-0.md"])
    assert shown(live)[0][page("wheat-0")] == good
    paper.rewrite("wheat-2", title="New", tags="[Wheat, Rail]")
    live.update(["content/articles/wheat-2.md"])
    pages, wrong = shown(live)
    assert [message.partition(":")[0] for message in wrong] == ["content/articles/wheat-0.md"]
    assert b"New" in pages["tags/rail/index.html"]
    assert b"So it was" in pages[page("wheat-0")]


def test_an_archive_that_nobody_has_read_is_shown_before_it_is_read(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site")
    for number in range(MANY + 40):
        link = "See [it](nowhere.md)." if number == 99 else ""
        site.article(f"story-{number}", f"Wheat and rail, number {number}. {link}", tags="[Wheat]")
    live = Session(site.root, NOW, drafts=True)
    live.update()
    live.settle()
    front = respond(live, "/").body
    assert live.files.texts.ahead
    start(site.root, NOW, drafts=True).join()
    live.files.texts.expect_all()
    live.update()
    live.settle()
    pages, wrong = shown(live)
    assert len(wrong) == 1 and wrong[0].startswith("content/articles/story-99.md")
    assert not any("\ue000".encode() in page for page in pages.values())
    site.article("story-99", "Wheat and rail, number 99. ", tags="[Wheat]")
    live.update(["content/articles/story-99.md"])
    live.settle()
    pages, wrong = shown(live)
    assert wrong == []
    site.build(drafts=True)
    assert differing(pages, built(tree(site.public))) == []
    assert front == pages["index.html"]


def test_looking_at_every_page_before_all_is_read_leaves_nothing_undone(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site")
    live = Session(site.root, NOW, drafts=True)
    for edition in ("first", "second"):
        for n in range(MANY + 10):
            words = " ".join(f"word{n // 3}x{place}" for place in range(9))
            site.article(f"story-{n}", f"The {edition}, {n}.\n\n{words}.", tags=f"[Topic {n % 3}]")
        live.update()
        assert live.files.texts.ahead
        shown(live)
        assert not live.files.texts.ahead
        live.update()
        live.settle()
        pages, _ = shown(live)
        assert differing(pages, built(clean_tree(site, drafts=True))) == []


def test_a_wrong_link_is_found_in_a_text_that_a_page_was_the_first_to_read(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site")
    live = Session(site.root, NOW, drafts=True)
    for edition, link in (("first", ""), ("second", "See [it](nowhere.md).")):
        for n in range(MANY + 10):
            site.article(f"story-{n}", f"The {edition}, {n}. {link if n == 99 else ''}")
        live.update()
        shown(live)
        live.update()
        live.settle()
        assert [p.file for p in live.problems()] == ["content/articles/story-99.md"] * bool(link)


def test_a_build_beside_it_takes_nothing_away_that_is_still_shown(tmp_path: Path) -> None:
    paper = CompleteSite(tmp_path / "desk")
    paper.build(drafts=True)
    live = Session(paper.root, NOW, drafts=True)
    live.update()
    paper.rewrite("wheat-0", "So it was", "See [it](nowhere.md)")
    live.update(["content/articles/wheat-0.md"])
    assert paper.errors(drafts=True)
    paper.write({"layouts/partials/footer.html": "<footer>Another</footer>"})
    live.update(["layouts/partials/footer.html"])
    shows = shown(live)[0][page("wheat-0")]
    assert b"Another" in shows
    assert b"So it was" in shows


def a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def a_link_to_itself(file: Path) -> None:
    file.unlink()
    file.symlink_to(file)


def a_folder_that_is_one(file: Path) -> None:
    folder = file.parent
    shutil.rmtree(folder)
    folder.symlink_to(folder)


@pytest.mark.parametrize("spoil", [a_pipe, a_link_to_itself, a_folder_that_is_one])
def test_what_cannot_be_read_is_shown_as_it_was_and_tried_again(
    site: SmallSite, spoil: Callable[[Path], None]
) -> None:
    site.article("week/one", "Old text.")
    site.article("two", "Other text.")
    live = Session(site.root, NOW, drafts=True)
    live.update()
    file = site.root / "content/articles/week/one.md"
    spoil(file)
    site.article("two", "Newer text.")
    live.update()
    pages, wrong = shown(live)
    assert len(wrong) == 1
    assert "cannot be read" in wrong[0]
    assert live.is_behind
    assert b"Old text." in pages["2026/06/one/index.html"]
    assert b"Newer text." in pages["2026/06/two/index.html"]
    (file.parent if file.parent.is_symlink() else file).unlink()
    site.article("week/one", "New text.")
    live.update()
    assert not live.is_behind
    pages, wrong = shown(live)
    assert wrong == []
    assert b"New text." in pages["2026/06/one/index.html"]


def test_what_moved_is_known_by_the_address_where_it_was(site: SmallSite) -> None:
    site.article("one", "Text.")
    live = Session(site.root, NOW, drafts=True)
    live.update()
    articles = site.root / "content/articles"

    def now() -> Move | None:
        live.update()
        return moved(live, "/2026/06/one/")

    assert now() is None
    (articles / "one.md").rename(articles / "two.md")
    assert now() == Move("/2026/06/two/", "content/articles/two.md")
    site.article("two", "Text.", title="One", slug="three")
    assert now() == Move("/2026/06/three/", "content/articles/two.md")
    text = (articles / "two.md").read_text()
    (articles / "two.md").unlink()
    assert now() == Move("", "content/articles/two.md")
    (articles / "four.md").write_text(text)
    assert now() == Move("/2026/06/three/", "content/articles/four.md")
    site.article("two")
    assert now() == Move("/2026/06/three/", "content/articles/four.md")
    site.article("one")
    assert now() is None
    assert moved(live, "/2026/06/never/") is None


def test_a_page_that_was_made_of_a_layout_before_that_was_told_of_is_made_again(
    site: SmallSite,
) -> None:
    site.article("one")
    layout = "layouts/404.html"
    site.write({layout: "Old page."})
    live = Session(site.root, NOW, drafts=True)
    live.update()
    shows = []
    for word in ("New", "Old", "Old", "New"):
        site.write({layout: f"{word} page."})
        shows.append(respond(live, "/nothing/").body)
    assert shows[1] == shows[2] == b"Old page."
    live.update()
    assert respond(live, "/nothing/").body == b"New page."
