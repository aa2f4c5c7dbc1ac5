"""Markdown in the lines of front matter and of blocks: as readers and machines see them."""

import json

import pytest

from support.builds import build_again
from support.images import png
from support.sites import SETTINGS, SmallSite, words

URL = "/2026/06/a/"
TYPED = "*So* it [is](other.md), `--x`"
WORDS = "So it is, --x"
SHOWN = '<em>So</em> it <a href="/2026/05/other/">is</a>, <code>--x</code>'
WHOLE = SHOWN.replace('"/2026', '"https://paper.example/2026')


@pytest.fixture
def desk(site: SmallSite) -> SmallSite:
    """A site with a story to lead to, a picture and a table."""
    site.article("other", "Other words.", date="2026-05-01")
    table = b"Year,Price\n2025,1\n2026,2\n"
    site.write({"content/articles/boat.png": png(8, 4, 1), "content/articles/t.csv": table})
    return site


def written(site: SmallSite, typed: str = TYPED, body: str = "Text.") -> None:
    quoted = json.dumps(typed)
    site.article(
        "a",
        body,
        summary=quoted,
        image=f"{{src: boat.png, alt: {quoted}, caption: {quoted}, credit: {quoted}}}",
        corrections=f"[{{date: 2026-06-10, text: {quoted}}}]",
    )


def test_readers_see_what_it_means(desk: SmallSite) -> None:
    written(desk)
    desk.build()
    story = desk.text("2026/06/a/index.html")
    assert f'<p class="dek">{SHOWN}</p>' in story
    assert f'<span>{SHOWN}</span> <span class="credit">{SHOWN}</span>' in story
    assert f"</strong> {SHOWN}</li>" in story
    assert f'<p class="summary">{SHOWN}</p>' in desk.text("index.html")


def test_machines_read_its_words(desk: SmallSite) -> None:
    written(desk)
    desk.build()
    head = desk.page(URL).cssselect('meta[name="description"], meta[property="og:description"]')
    assert [one.get("content") for one in head] == [WORDS, WORDS]
    data = json.loads(desk.page(URL).cssselect('script[type="application/ld+json"]')[0].text or "")
    assert data["description"] == data["correction"][0]["text"] == WORDS
    assert json.loads(desk.text("feed.json"))["items"][0]["summary"] == WORDS
    assert f"<summary>{WORDS}</summary>" in desk.text("feed.xml")


def test_in_feeds_it_leads_to_the_same_places(desk: SmallSite) -> None:
    written(desk)
    desk.build()
    entry = json.loads(desk.text("feed.json"))["items"][0]["content_html"]
    assert f"<span>{WHOLE}</span> <small>{WHOLE}</small>" in entry
    assert f"</strong> {WHOLE}</li>" in entry


def test_pages_items_and_terms_have_it_too(desk: SmallSite) -> None:
    quoted = json.dumps(TYPED.replace("other.md", "/articles/other.md"))
    desk.write(
        {
            "site.toml": f"{SETTINGS}\n[collections.events]\nfeed = true\n",
            "content/pages/about.md": f"---\ntitle: About\nsummary: {quoted}\n---\nText.\n",
            "content/events/fair.md": (
                f"---\ntitle: Fair\ndate: 2026-06-01\nsummary: {quoted}\nimage: {{src: "
                f"/articles/boat.png, alt: A, caption: {quoted}}}\n---\nText.\n"
            ),
        }
    )
    desk.build()
    assert f'<p class="dek">{SHOWN}</p>' in desk.text("about/index.html")
    assert SHOWN in desk.text("events/index.html")
    assert WHOLE.replace('"', "&#34;").replace("<", "&lt;") in desk.text("events/feed.xml").replace(
        "&gt;", ">"
    )


def test_a_link_into_its_own_text_leads_there_from_anywhere(desk: SmallSite) -> None:
    written(desk, "[Why](#why)", "## Why\n\nText.")
    desk.build()
    for page in ("2026/06/a/index.html", "index.html"):
        assert f'<a href="{URL}#why">Why</a>' in desk.text(page)


def test_what_leads_nowhere_is_told_with_its_line(desk: SmallSite) -> None:
    dead, code = '"[b](weg.md)"', '"[c](javascript:d)"'
    corrections = f"[{{date: 2026-06-10, text: {dead}}}, {{date: 2026-06-10, text: {code}}}]"
    desk.article("a", "Text.", summary='"[a](nix.md)"', corrections=corrections)
    told = "\n".join(desk.errors())
    assert 'content/articles/a.md:4: there is no file "nix.md"' in told
    assert 'content/articles/a.md:5: there is no file "weg.md"' in told
    assert 'corrections[2].text: "javascript:d" is code, and no address' in told


def test_a_link_to_what_is_hidden_is_words(desk: SmallSite) -> None:
    desk.article("later", "Text.", draft="true")
    desk.article("a", "Text.", summary='"*See* [it](later.md)"')
    assert '"later.md" is not public now' in "\n".join(desk.warnings())
    assert '<p class="dek"><em>See</em> <a>it</a></p>' in desk.text("2026/06/a/index.html")


def test_a_renamed_story_wakes_the_lines_that_lead_to_it(desk: SmallSite) -> None:
    written(desk)
    desk.build()
    desk.article("other", "Other words.", date="2026-05-01", slug="new")
    build_again(desk)
    assert SHOWN.replace("/other/", "/new/") in desk.text("2026/06/a/index.html")
    assert SHOWN.replace("/other/", "/new/") in desk.text("index.html")


# -------------------------------------------------------------------------------- blocks

BLOCK = f"""::: figure boat.png alt="It's" title='The "boat"' caption="{TYPED}" credit="{TYPED}" :::

::: table t.csv caption="{TYPED}" source="{TYPED}" :::

::: chart t.csv caption="{TYPED}" source="{TYPED}" :::

::: quote "Ada's" source="{TYPED}"
Text.
:::

::: gallery "{TYPED}"
![a](boat.png)
:::
"""


def test_blocks_show_it_in_captions_credits_and_sources(desk: SmallSite) -> None:
    desk.article("a", BLOCK)
    desk.build()
    story = desk.text("2026/06/a/index.html")
    assert story.count(SHOWN) == 8
    assert 'alt="It’s"' in story
    assert "<strong>The “boat”</strong>" in story
    labels = [table.get("aria-label") for table in desk.page(URL).cssselect('[role="group"]')]
    assert labels == [WORDS, WORDS]
    entry = json.loads(desk.text("feed.json"))["items"][0]["content_html"]
    assert entry.count(WHOLE) == 8


def test_plain_text_has_the_words(desk: SmallSite) -> None:
    text = "{{ prose(story.body, form='text').text }}"
    desk.write({"layouts/article.html": f"<pre>{text}</pre>"})
    desk.article("a", BLOCK)
    desk.build()
    shown = words(desk.page(URL), "pre")
    assert shown.count(WORDS) == 7  # of the gallery it is text with addresses
    assert "<em>" not in shown


def test_links_of_blocks_are_checked(desk: SmallSite) -> None:
    desk.article("a", '::: figure boat.png alt=A caption="[a](nix.md) [b](javascript:c)" :::')
    told = "\n".join(desk.errors())
    assert '::: figure: caption: there is no file "nix.md"' in told
    assert '"javascript:c" is code, and no address' in told
