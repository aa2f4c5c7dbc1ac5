"""A story's text never runs code: what layouts would take for Jinja is text, wherever it stands."""

import json

import pytest
from lxml import etree

from support.sites import SETTINGS, SmallSite, words

EVIL = "{{ 7 * 7 }} {% include 'robots.txt' %} {{ site.title }} {# gone #} {{ x | shout }}"
CODE = "from generator.extend import filter\n\n@filter\ndef shout(x):\n    return 'ran'\n"


@pytest.fixture(params=["markdown", "commonmark"])
def evil(request: pytest.FixtureRequest, site: SmallSite) -> SmallSite:
    """A site that has Jinja in everything that an editor writes, and code that it might call."""
    engine = f'[markdown]\nengine = "{request.param}"\nsmart_quotes = false\n'
    site.write({"site.toml": f"{SETTINGS}{engine}", "layouts/extensions.py": CODE})
    quoted = json.dumps(EVIL)
    picture = f"{{src: p.svg, alt: {quoted}, caption: {quoted}, credit: {quoted}, title: {quoted}}}"
    site.write({"content/articles/p.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"})
    site.article(
        "good",
        f'{EVIL}\n\n## {EVIL}\n\n![{EVIL}](p.svg "{EVIL}")\n\n- {EVIL}\n\n`{EVIL}`\n\n'
        f'    {EVIL}\n\n<p title="{EVIL}">{EVIL}</p>\n\nNote[^1].\n\n[^1]: {EVIL}',
        title=quoted,
        summary=quoted,
        kicker=quoted,
        tags=f"[{quoted}]",
        authors=f"[{quoted}]",
        image=picture,
        source=f"{{name: {quoted}, url: 'https://x.example/', author: {quoted}}}",
        corrections=f"[{{date: 2026-06-02, text: {quoted}}}]",
        extra=f"{{note: {quoted}}}",
    )
    site.write(
        {"content/pages/about.md": f"---\ntitle: {quoted}\nsummary: {quoted}\n---\n{EVIL}\n"}
    )
    site.write(
        {"content/promos/join.md": f"---\ntitle: {quoted}\nurl: /\nlabel: {quoted}\n---\n{EVIL}"}
    )
    site.build()
    return site


def test_jinja_in_texts_is_text_on_every_page(evil: SmallSite) -> None:
    pages = [path for path in evil.outputs() if path.endswith(".html")]
    assert len(pages) > 8
    for path in pages:
        text = evil.text(path)
        assert "49" not in words(evil.page(path), "main, title")
        assert "ran " not in text
        assert text.count("{{ 7 * 7 }}") == text.count("{{ x | shout }}")
    story = words(evil.page("2026/06/good/"), "article")
    assert story.count(EVIL) > 10


@pytest.mark.parametrize("path", ["feed.xml", "rss.xml"])
def test_jinja_in_texts_is_text_in_feeds(evil: SmallSite, path: str) -> None:
    text = "".join(map(str, etree.fromstring(evil.text(path).encode()).itertext()))
    assert text.count("{{ 7 * 7 }}") == text.count("{{ x | shout }}") > 5


def test_jinja_in_texts_is_text_in_the_json_feed(evil: SmallSite) -> None:
    (entry,) = json.loads(evil.text("feed.json"))["items"]
    assert entry["title"] == EVIL
    assert entry["tags"] == [EVIL]
    assert "{{ 7 * 7 }}" in entry["content_html"]


def test_jinja_in_settings_and_labels_is_text(site: SmallSite) -> None:
    site.article("good")
    site.write({"site.toml": 'title = "{{ 7 * 7 }}"\nurl = "https://paper.example/"\n'})
    site.write({"layouts/labels/en.toml": 'topics = "{{ 7 * 7 }}"\n'})
    site.build()
    assert "{{ 7 * 7 }}" in words(site.page("/"), "title")
    assert "{{ 7 * 7 }}" in words(site.page("/tags/"), "h1")
