"""Films, posts, recordings and galleries in a mail and in plain text."""

from typing import Any

import pytest
from lxml import html as lxml_html

from support.images import PNG
from support.sites import SmallSite

LAYOUT = """{% for card in stories(tag="Shown") %}
<div class="mail">{{ prose(card, form="mail").html }}</div>
<pre>{{ prose(card, form="text").text }}</pre>
{% endfor %}"""
OURS = "https://paper.example/articles"
FILM = "https://youtu.be/dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("block", "links", "pictures", "said"),
    [
        (
            f'::: embed {FILM} title="T" by="Ada" poster=p.png\nWords.\n:::',
            {FILM},
            [f"{OURS}/p.png"],
            ["T", "Words.", "— Ada", FILM],
        ),
        (
            '::: audio a.mp3 title="T" transcript=words.md :::',
            {f"{OURS}/a.mp3", "https://paper.example/2026/06/words/"},
            [],
            ["T", f"{OURS}/a.mp3", "Transcript: https://paper.example/2026/06/words/"],
        ),
        (
            "::: video v.mp4 poster=p.png transcript=words.md\nSeen.\n:::",
            {f"{OURS}/v.mp4", "https://paper.example/2026/06/words/"},
            [f"{OURS}/p.png"],
            ["Seen.", f"{OURS}/v.mp4", "Transcript: https://paper.example/2026/06/words/"],
        ),
        (
            '::: gallery "Views"\n![Red](p.png)\n:::',
            set(),
            [f"{OURS}/p.png"],
            ["Red", "Views"],
        ),
    ],
)
def test_mails_have_links_and_pictures_and_plain_text_has_words(
    site: SmallSite, block: str, links: set[str], pictures: list[str], said: list[str]
) -> None:
    files: dict[str, Any] = {"p.png": PNG, "a.mp3": b"", "v.mp4": b""}
    site.write({f"content/articles/{name}": data for name, data in files.items()})
    site.write({"layouts/page.html": LAYOUT, "content/pages/p.md": "---\ntitle: P\n---\n"})
    site.article("words", "What was said.")
    site.article("story", block, tags="[Shown]")
    site.build()
    page = site.page("/p/")
    (mail,) = page.cssselect(".mail")
    assert {link.get("href") for link in mail.cssselect("a")} == links
    assert [picture.get("src") for picture in mail.cssselect("img")] == pictures
    assert not mail.cssselect("script, audio, video, iframe, [data-player], [data-large]")
    lines = [
        line
        for line in lxml_html.tostring(
            page.cssselect("pre")[0], encoding="unicode", method="text"
        ).splitlines()
        if line.strip()
    ]
    assert lines == said
