"""Pictures in a grid: each a link to its file, with its words."""

import pytest
from lxml import html as lxml_html

from generator.templates.galleries import linked_pictures
from support.feeds import contents
from support.images import PNG
from support.sites import SmallSite

GALLERY = """\
:::: gallery "Views"
![Red](a.png)
![Green](b.png "The green one")

![Blue](c.png "The blue one")

::: figure a.png alt="Again" caption="Once more" credit="Ada" :::

![](d.png)
::::
"""


def shown(site: SmallSite, block: str) -> lxml_html.HtmlElement:
    site.write({f"content/articles/{name}.png": PNG for name in "abcd"})
    site.article("story", f"Before.\n\n{block}\n\nAfter.")
    site.build()
    return site.page("/2026/06/story/")


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_each_picture_is_a_link_to_its_file_with_its_words(site: SmallSite, engine: str) -> None:
    settings = f'title = "T"\nurl = "https://paper.example/"\nmarkdown.engine = "{engine}"\n'
    site.write({"site.toml": settings})
    page = shown(site, GALLERY)
    cells = page.cssselect(".gallery-grid > figure")
    links = [link.get("href") for link in page.cssselect(".gallery-grid a[data-large]")]
    assert links == [f"/articles/{name}.png" for name in "abcad"]
    alts = [picture.get("alt") for picture in page.cssselect(".gallery-grid figure > a > img")]
    assert alts == ["Red", "Green", "Blue", "Again", ""]
    captions = [" ".join(cell.xpath("string(figcaption)").split()) for cell in cells]
    assert captions == ["", "The green one", "The blue one", "Once more Ada", ""]
    named = [link.get("aria-label") for link in page.cssselect(".gallery-grid a")]
    assert named == [None, None, None, None, "Enlarge the picture"]
    assert page.xpath("string(//figure[contains(@class, 'gallery')]/figcaption)") == "Views"
    (script,) = page.cssselect("script[type=module]")
    assert (site.public / str(script.get("src")).lstrip("/")).is_file()


def test_feeds_have_the_pictures_one_below_the_other(site: SmallSite) -> None:
    shown(site, GALLERY)
    for content in contents(site).values():
        html = lxml_html.fromstring(f"<div>{content}</div>")
        pictures = [picture.get("src") for picture in html.cssselect("img")]
        assert pictures == [f"https://paper.example/articles/{name}.png" for name in "abcad"]
        assert not html.cssselect("a[data-large], script")
        assert "Views" in html.text_content()
        captions = [words.text_content().strip() for words in html.cssselect("figcaption")]
        assert captions[:2] == ["The green one", "The blue one"]


@pytest.mark.parametrize(
    ("form", "words"),
    [("mail", "<figcaption>The green one</figcaption>"), ("text", "Green: The green one")],
)
def test_captions_of_pictures_in_one_paragraph_stand_in_mail_and_plain_text(
    site: SmallSite, form: str, words: str
) -> None:
    part = "html" if form == "mail" else "text"
    forms = f'[{{{{ prose(story.body, form="{form}").{part} }}}}]'
    layout = f'{{% extends "default/article.html" %}}{{% block text %}}{forms}{{% endblock %}}'
    site.write({"layouts/article.html": layout})
    shown(site, GALLERY)
    assert words in site.text("/2026/06/story/")


def test_words_between_pictures_stay(site: SmallSite) -> None:
    page = shown(site, "::: gallery\nSome *words*.\n\n![A](a.png) and ![B](b.png)\n:::")
    assert len(page.cssselect(".gallery-grid a > img")) == 2
    assert [p.text_content().strip() for p in page.cssselect(".gallery-grid > p")] == [
        "Some words.",
        "and",
    ]
    assert not page.cssselect(".gallery-grid p figure, .gallery-grid figure")


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("", ""),
        ("<p>No picture</p>", "<p>No picture</p>"),
        ('<a href="/x"><img src="a"></a>', '<a href="/x"><img src="a"></a>'),
        ("<img alt>", "<img alt>"),
        (
            '<img src="a&amp;b" alt="x">',
            '<figure><a href="a&amp;b" data-large><img src="a&amp;b" alt="x"></a></figure>',
        ),
        (
            '<picture><source srcset="b"><img src="a" alt="x"></picture>',
            '<figure><a href="a" data-large><picture><source srcset="b"><img src="a" alt="x">'
            "</picture></a></figure>",
        ),
        (
            '<p>See <img src="a" alt="x"></p>',
            '<p>See <a href="a" data-large><img src="a" alt="x"></a></p>',
        ),
        (
            '<img src="a" alt="x" title="<b>">',
            '<figure><a href="a" data-large><img src="a" alt="x" title="<b>"></a>'
            "<figcaption>&lt;b&gt;</figcaption></figure>",
        ),
        ('<!-- <img src="a"> --><pre>&lt;img></pre>', '<!-- <img src="a"> --><pre>&lt;img></pre>'),
    ],
)
def test_links_stand_around_pictures_alone(markup: str, shown: str) -> None:
    assert linked_pictures(markup, "Large") == shown


@pytest.mark.parametrize("columns", ["3.5", "0", "many"])
def test_columns_are_few(site: SmallSite, columns: str) -> None:
    site.article("story", f"::: gallery columns={columns}\nx\n:::")
    (error,) = site.errors()
    assert f'`columns` cannot be "{columns}"; write one of 2, 3, 4' in error
