"""The page of the preview that shows how a link to a page looks where somebody shares it."""

import pytest
from lxml import html as lxml_html

from generator.preview.sharing import as_shared
from support.preview_process import previewed
from support.sites import SETTINGS, SmallSite


def shown(html: str) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(as_shared(html).decode())


def test_a_link_looks_as_the_page_tells_of_itself(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + "[cards]\n"})
    site.article("story", title="Rail <b> & sea", summary="In short.")
    site.build()
    page = shown(site.text("/2026/06/story/"))
    for look in ("large", "small", "chat"):
        (div,) = page.cssselect(f"div.{look}")
        (img,) = div.cssselect("img")
        assert (img.get("src"), img.get("alt")) == ("/cards/2026/06/story.png", "Rail <b> & sea")
        assert div.cssselect("strong")[0].text == "Rail <b> & sea"
        assert div.cssselect("small")[0].text == "paper.example"
        assert ("In short." in div.text_content()) is (look != "small")


def test_a_page_without_a_picture_says_so(site: SmallSite) -> None:
    site.article("story")
    site.build()
    page = shown(site.text("/2026/06/story/"))
    assert not page.cssselect("img")
    assert "[cards] in site.toml has one drawn" in page.text_content()


def test_a_picture_elsewhere_is_not_asked_for() -> None:
    page = shown(
        '<meta property="og:url" content="https://a.example/">'
        '<meta property="og:title" content="A">'
        '<meta property="og:image" content="https://b.example/x.png">'
    )
    assert not page.cssselect("img")
    assert "https://b.example/x.png" in page.text_content()


@pytest.mark.long
def test_the_preview_shows_it_below_an_address_of_its_own(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + "[cards]\n"})
    site.article("story")
    with previewed(site.root) as preview:
        given = preview.get("/@preview/share/2026/06/story/")
        assert given.status == 200
        assert "/cards/2026/06/story.png" in given.body.decode()
        assert preview.get("/cards/2026/06/story.png").body.startswith(b"\x89PNG")
        assert preview.get("/@preview/share/nothing/").status == 404
