"""Pages elsewhere in a text: words, a picture of one's own, and a player on demand."""

import pytest
from lxml import html as lxml_html

from support.feeds import contents
from support.images import PNG
from support.sites import SETTINGS, SmallSite

FILM = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
PLAYER = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"
CSP = "[security]\ncsp = true\n"
LOADING = "//@src | //@srcset | //@poster | //link/@href[../@rel='stylesheet']"


def shown(site: SmallSite, block: str, settings: str = "") -> lxml_html.HtmlElement:
    site.write({"site.toml": SETTINGS + settings})
    site.article("story", f"Before.\n\n{block}\n\nAfter.")
    site.build()
    return site.page("/2026/06/story/")


def test_a_film_is_a_link_with_a_picture_until_it_is_asked_for(site: SmallSite) -> None:
    site.write({"content/articles/p.png": PNG})
    page = shown(
        site,
        f'::: embed {FILM} title="A & B" by="Ada" date=2026-05-01 poster=p.png\nIts *words*.\n:::',
    )
    (figure,) = page.cssselect(".prose > figure.embed")
    (button,) = figure.cssselect("a[data-player]")
    assert (button.get("href"), button.get("data-player")) == (FILM, PLAYER)
    assert button.get("data-title") == "A & B"
    assert [picture.get("src") for picture in figure.cssselect("img")] == ["/articles/p.png"]
    assert figure.cssselect("blockquote em")
    caption = " ".join(figure.cssselect("figcaption")[0].text_content().split())
    assert caption == "A & B Ada, May 1, 2026 See it at YouTube"
    assert not page.cssselect("iframe")
    assert not [url for url in page.xpath(LOADING) if "//" in url]
    (script,) = page.cssselect("script[type=module]")
    assert (site.public / str(script.get("src")).lstrip("/")).is_file()


@pytest.mark.parametrize(
    "url",
    ["https://social.example/@ada/1", "https://bsky.app/profile/a/post/b", "http://x.example"],
)
def test_a_post_is_words_and_a_link(site: SmallSite, url: str) -> None:
    page = shown(site, f'::: embed {url} by="Ada"\nHello.\n:::')
    (figure,) = page.cssselect(".prose > figure.embed")
    assert [link.get("href") for link in figure.cssselect("a")] == [url]
    assert not page.cssselect("[data-player], script[type=module], .embed-stage")


def test_feeds_get_words_a_picture_and_a_link(site: SmallSite) -> None:
    site.write({"content/articles/p.png": PNG})
    shown(site, f'::: embed {FILM} title="A" by="Ada" poster=p.png\nIts words.\n:::')
    content = lxml_html.fromstring(f"<div>{next(iter(contents(site).values()))}</div>")
    assert [picture.get("src") for picture in content.cssselect("img")] == [
        "https://paper.example/articles/p.png"
    ]
    assert {link.get("href") for link in content.cssselect("a")} == {FILM}
    assert not content.cssselect("script, iframe, [data-player], button")
    assert "Its words." in content.text_content()


def test_a_player_is_shown_where_the_policy_lets_it_in(site: SmallSite) -> None:
    page = shown(site, f"::: embed {FILM} :::", CSP)
    assert not page.cssselect("[data-player], script[type=module]")
    (link,) = page.cssselect(".embed a")
    assert link.get("href") == FILM
    (warning,) = site.warnings()
    assert warning.startswith('content/articles/story.md:8: "https://www.youtube-nocookie.com/')
    assert 'add "https://www.youtube-nocookie.com" to `embeds` under [security]' in warning
    allowed = f'{CSP}embeds = ["https://www.youtube-nocookie.com"]\n'
    page = shown(site, f"::: embed {FILM} :::", allowed)
    assert page.cssselect("[data-player]")
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "frame-src 'self' https://www.youtube-nocookie.com;" in policy
    assert site.warnings() == []
    made = site.outputs()
    site.build(clean=True)
    assert site.outputs() == made


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("::: embed :::", 'it wants `url`; write `"https://example.org/"` behind the name'),
        (
            "::: embed story.md :::",
            '`url`: "story.md" is no address of a page elsewhere; write it whole: https://…',
        ),
        (
            "::: embed javascript:alert(1) :::",
            '`url`: "javascript:alert(1)" is no address of a page elsewhere;'
            " write it whole: https://…",
        ),
        (
            f"::: embed {FILM} poster=https://i.example/p.jpg :::",
            'poster: "https://i.example/p.jpg" is elsewhere; save it into content/ and name that',
        ),
        (
            f'::: embed {FILM} date="May" :::',
            '`date`: "May" is no date; write one such as 2026-03-31',
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(site: SmallSite, block: str, told: str) -> None:
    site.article("story", f"Before.\n\n{block}\n\nAfter.")
    (error,) = site.errors()
    assert error.startswith("content/articles/story.md:8: `::: embed`: ") or "poster:" in error
    assert error.endswith(told)


def test_nothing_that_is_said_breaks_out(site: SmallSite) -> None:
    page = shown(
        site,
        r"""::: embed "https://e.example/?a=\"><script>" title="\"><script>x</script>" :::"""
        "\n\n"
        r"""::: embed https://youtu.be/dQw4w9WgXcQ title="' onload='x" by="<b>" :::""",
    )
    assert not page.cssselect(".prose b, .prose script:not([src]), [onload]")
