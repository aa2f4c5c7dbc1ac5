"""The blocks of `base.html`: what a site puts there for all of its pages stands on each."""

from pathlib import Path

import pytest
from jinja2 import nodes

from generator.templates.folders import default_folder
from generator.templates.loader import bare_environment
from support.sites import SETTINGS, SmallSite

FOR_SITES = (
    *("title", "metadata", "structure", "extra_head"),
    *("masthead", "trail", "footer", "scripts"),
)
MARK = "Mark of the site"


def tree(file: Path) -> nodes.Template:
    return bare_environment(("", "")).parse(file.read_text("utf-8"))


def blocks(file: Path) -> dict[str, nodes.Block]:
    return {block.name: block for block in tree(file).find_all(nodes.Block)}


BASE = blocks(default_folder() / "base.html")
FRAMED = [
    file
    for file in sorted(default_folder().glob("*.html"))
    if any(node.template.as_const() == "base.html" for node in tree(file).find_all(nodes.Extends))
]


@pytest.fixture
def paper(site: SmallSite) -> SmallSite:
    """A site with a page of every layout that has the frame; they are named in the pages."""
    book = (
        '[extra.book]\ntitle = "B"\nstyle = "/s.css"\nchapters = [{ title = "C", url = "/c/" }]\n'
    )
    comments = '[comments]\nprovider = "isso"\nurl = "https://talk.example/"\n'
    front = "[front]\ntop = 0\nper_page = 1\n"
    own = "[taxonomies.places]\n[collections.events]\nfields.start = 'moment'\n"
    site.write({"site.toml": f"{SETTINGS}{front}{comments}{own}{book}", "content/s.css": ""})
    for number in range(3):
        terms = {"tags": "[AI]", "section": "World", "series": "Water", "places": "Kyiv"}
        site.article(f"s{number}", author="Ann", **terms)
    for name in ("pages/about", "pages/c", "events/fair"):
        site.write({f"content/{name}.md": f"---\ntitle: {name}\n---\n\nText.\n"})
    return site


def test_every_layout_with_the_frame_has_a_page(paper: SmallSite) -> None:
    for file in FRAMED:
        name = file.name
        extends = f'{{% extends "default/{name}" %}}'
        paper.write({f"layouts/{name}": f"{extends}{{% block page_head %}}{name}{{% endblock %}}"})
    paper.build()
    seen = "".join(file.read_text() for file in paper.public.rglob("*.html"))
    assert [file.name for file in FRAMED if file.name not in seen] == []
    assert len(FRAMED) >= 10


def test_the_frame_has_a_block_for_the_site_and_others_for_the_layouts() -> None:
    assert sorted(BASE) == sorted(
        [*FOR_SITES, "main", "page_head", "page_masthead", "page_trail", "page_scripts"]
    )


@pytest.mark.parametrize("file", FRAMED, ids=lambda file: file.name)
def test_no_layout_takes_a_block_of_the_site(file: Path) -> None:
    for name in blocks(file).keys() & {*FOR_SITES}:
        calls = blocks(file)[name].find_all(nodes.Call)
        names = {call.node.name for call in calls if isinstance(call.node, nodes.Name)}
        assert "super" in names, name


@pytest.mark.parametrize("around", ["{}", "{{{{ super() }}}}{}", "{}{{{{ super() }}}}"])
@pytest.mark.parametrize("block", FOR_SITES)
def test_a_block_of_the_sites_own_frame_stands_on_every_page(
    paper: SmallSite, block: str, around: str
) -> None:
    own = f"{{% block {block} %}}{around.format(MARK)}{{% endblock %}}"
    paper.write({"layouts/base.html": f'{{% extends "default/base.html" %}}{own}'})
    assert paper.warnings() == []
    pages = sorted(paper.public.rglob("*.html"))
    counts = {str(page): page.read_text().count(MARK) for page in pages}
    assert set(counts.values()) == {1}, counts
    assert len(pages) >= 12
    story = paper.text("/2026/06/s0/")
    assert "assets/comments." in story


def test_the_front_page_has_its_nameplate_and_a_story_no_trail(paper: SmallSite) -> None:
    paper.build()
    assert paper.page("/").cssselect(".nameplate")
    assert not paper.page("/page/2/").cssselect(".nameplate")
    for path, trails in (("/2026/06/s0/", 0), ("/404.html", 0), ("/tags/ai/", 1), ("/c/", 1)):
        assert len(paper.page(path).cssselect("nav.trail")) == trails
    assert "/s.css" in paper.text("/c/")
