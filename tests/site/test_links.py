"""What an address in a text means, and what is said of those that lead nowhere."""

import unicodedata

import pytest

from generator.errors import SiteError
from support.builds import build_again, clean_copy
from support.images import png
from support.photographs import photograph, saved
from support.sites import SETTINGS, SmallSite, links, refused

ARTICLE = "content/articles/a.md"
STORY = "/2026/06/a/"
ENGINES = ("markdown", "commonmark")


@pytest.fixture(params=ENGINES)
def either(site: SmallSite, request: pytest.FixtureRequest) -> SmallSite:
    """A site of either engine."""
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{request.param}"\n'})
    return site


def told(site: SmallSite, body: str) -> list[str]:
    """What is said of the texts of a story, less the file's name."""
    site.article("a", body)
    messages = site.errors() or site.warnings()
    return [message.removeprefix(f"{ARTICLE}:") for message in messages]


NFC, NFD = (unicodedata.normalize(form, "é") for form in ("NFC", "NFD"))


# -------------------------------------------------------------------------- fragments


OTHER = "## Missing persons\n\nText.\n\n## Über uns\n\nText. <a name='old'></a>\n"
NO_ID = 'there is no heading or id "{}" in content/{}; {}'


@pytest.mark.parametrize(
    ("body", "line", "name", "file", "remedy"),
    [
        ("## One\n\nText\n\n[x](#nope)", 10, "nope", "articles/a.md", "there is #one"),
        ("[x](#nope)", 6, "nope", "articles/a.md", "that text has none: take the fragment out"),
        ("x\n\n[x](b.md#missing)", 8, "missing", "articles/b.md", "did you mean #missing-persons?"),
        ("[x](b.md?q#uber-un)", 6, "uber-un", "articles/b.md", "did you mean #uber-uns?"),
        ("[x](/articles/b.md#zz)", 6, "zz", "articles/b.md", "there are #missing-persons,"),
        ("[x](/2026/06/b/#zz)", 6, "zz", "articles/b.md", "there are #missing-persons,"),
        ("[x](/2026/06/b#zz)", 6, "zz", "articles/b.md", "there are #missing-persons,"),
        ("[x](/2026/06/b/index.html#zz)", 6, "zz", "articles/b.md", "there are #missing-persons,"),
        ("[x](../pages/about.md#tem)", 6, "tem", "pages/about.md", "did you mean #team?"),
        ("[x](../tags/ai.md#law)", 6, "law", "tags/ai.md", "did you mean #laws?"),
        ("[x](../authors/ann.md#lif)", 6, "lif", "authors/ann.md", "did you mean #life?"),
        ("[a]: b.md#zz\n\nSee\n[a].", 6, "zz", "articles/b.md", "there are #missing-persons,"),
        ("[x](a.md#nope)", 6, "nope", "articles/a.md", "that text has none: take the fragment"),
    ],
)
def test_a_fragment_that_leads_nowhere_is_a_warning(
    either: SmallSite, body: str, line: int, name: str, file: str, remedy: str
) -> None:
    write_others(either)
    (warning,) = told(either, body)
    assert warning.startswith(f"{line}: {NO_ID.format(name, file, remedy)}")


def write_others(site: SmallSite) -> None:
    site.article("b", OTHER, tags="[AI]", author="Ann")
    site.write({"content/pages/about.md": "---\ntitle: About\n---\n## Team\n"})
    site.write({"content/tags/ai.md": "---\nname: AI\n---\n## Laws\n"})
    site.write({"content/authors/ann.md": "---\nname: Ann\n---\n## Life\n\nHi.\n"})


FRAGMENTS = {
    "b.md#über-uns": "/2026/06/b/#uber-uns",
    "b.md#%C3%BCber-uns": "/2026/06/b/#uber-uns",
    "b.md#Über_Uns": "/2026/06/b/#uber-uns",
    "b.md#Missing-Persons": "/2026/06/b/#missing-persons",
    "/2026/06/b/#über-uns": "/2026/06/b/#uber-uns",
    "b.md#old": "/2026/06/b/#old",
    "#über-mich": "#uber-mich",
    "#Uber-mich": "#uber-mich",
    "#ids": "#ids",
    "../pages/about.md#Team": "/about/#team",
    "#": "#",
    "#top": "#top",
    "b.md#Top": "/2026/06/b/#Top",
    "b.md#": "/2026/06/b/#",
    "#main_content": "#main_content",
    "b.md#reader_comments": "/2026/06/b/#reader_comments",
    "b.md#:~:text=Text": "/2026/06/b/#:~:text=Text",
    "b.md#über-uns:~:text=Text": "/2026/06/b/#uber-uns:~:text=Text",
    "/file.pdf#page=3": "/file.pdf#page=3",
    "/icon.svg#star": "/icon.svg#star",
    "/tags/#x": "/tags/#x",
}


def test_a_fragment_finds_the_heading_however_it_is_spelled(either: SmallSite) -> None:
    write_others(either)
    either.write({"content/file.pdf": "x", "content/icon.svg": "<svg/>"})
    body = "\n\n".join(f"[{n}]({target})" for n, target in enumerate(FRAGMENTS))
    assert told(either, f'{body}\n\n## Über mich\n\n<p id="ids">Text[^1]</p>\n\n[^1]: N\n') == []
    assert links(either.page(STORY), ".prose p > a")[: len(FRAGMENTS)] == [*FRAGMENTS.values()]


def test_notes_lead_to_their_text_and_back(either: SmallSite) -> None:
    either.write({"content/authors/ann.md": "---\nname: Ann\n---\nShe[^1]\n\n[^1]: Digs\n"})
    either.article("b", author="Ann")
    assert told(either, "One[^1] and[^x]\n\n[^1]: N\n[^x]: M\n") == []


def test_a_bio_has_ids_of_its_own(site: SmallSite) -> None:
    bio = "---\nname: Ann\n---\n\n[x](#nope)\n\n[l](#Life)\n\n## Life\n"
    site.write({"content/authors/ann.md": bio})
    site.article("a", "[x](../authors/ann.md#life)", author="Ann")
    assert site.warnings() == [
        f"content/authors/ann.md:5: {NO_ID.format('nope', 'authors/ann.md', 'there is #life')}"
    ]
    page = site.page("/authors/ann/")
    (anchor,) = page.xpath("//h2[.='Life']/@id")
    assert f"#{anchor}" in links(page)
    assert links(site.page(STORY), "article .prose a") == [f"/authors/ann/#{anchor}"]


def test_an_id_of_a_layout_may_be_named(site: SmallSite) -> None:
    (place,) = told(site, "[x](#mine)")
    assert place.startswith('6: there is no heading or id "mine"')
    more = '{% extends "default/article.html" %}{% block neighbours %}<p id="mine">{% endblock %}'
    site.write({"layouts/article.html": more})
    assert site.warnings() == []


@pytest.mark.parametrize("on_disk", [NFC, NFD], ids=["NFC", "NFD"])
def test_links_to_a_text_with_mistakes_are_not_held_against_anybody(
    site: SmallSite, on_disk: str
) -> None:
    site.write({f"content/articles/caf{on_disk}.md": "---\ntitle: [\n---\n"})
    site.article("a", f"[x](caf{NFC}.md) [y](caf{NFD}.md#z)", related=f"{{pin: [caf{NFC}.md]}}")
    assert [message for message in site.errors() if ARTICLE in message] == []


def test_fragments_of_a_text_with_mistakes_are_not_held_against_anybody(site: SmallSite) -> None:
    site.write({"content/articles/b.md": "---\ntitle: [\n---\n"})
    site.article("a", "[x](b.md#nope)")
    assert [m for m in site.errors() if ARTICLE in m] == []


# ------------------------------------------------------------------ addresses that are none


@pytest.mark.parametrize(
    ("target", "remedy"),
    [
        ("twitter.com/x", "put https:// in front"),
        ("www.x.org", "put https:// in front"),
        ("WWW.X.ORG/a?b#c", "put https:// in front"),
        ("example.org", "put https:// in front"),
        ("example.org:8080/x", "put https:// in front"),
        ("spiegel.de", "put https:// in front"),
        ("https:/x.org", "write https://x.org"),
        ("htps://x.org", "write https://x.org"),
        ("hhtp://x.org/y", "write https://x.org/y"),
        ("localhost:8000", "put http:// in front"),
        ("192.168.0.1", "put http:// in front"),
        ("10.0.0.1:80/x", "put http:// in front"),
        ("http//x.org/y", "write http://x.org/y"),
        ("info@x.org", "write mailto:info@x.org"),
        ("info@x.org?subject=Hi", "write mailto:info@x.org?subject=Hi"),
        ("+49-30-123456", "write tel:+4930123456"),
        ("compat", "did you mean compat.md?"),
        ("compat#x", "did you mean compat.md?"),
        ("Compat.md", "did you mean compat.md?"),
        ("compat.html", "did you mean compat.md?"),
        ("comapt.md", "did you mean compat.md?"),
        ("compact.md", "did you mean compat.md?"),
        ("../compat", "did you mean compat.md?"),
        ("/articles/compat", "did you mean /articles/compat.md?"),
        ("my-long_story.md", "did you mean my_long-story.md?"),
        ("two-words.md", "did you mean two%20words.md?"),
        ("../images/map.jpeg", "did you mean ../images/map.jpg?"),
        ("map.jpg", "did you mean ../images/map.jpg?"),
        ("compat.png", "mend the path, or add content/articles/compat.png"),
        ("map.md", "mend the path, or add content/articles/map.md"),
        ("python-3.7", "did you mean python-37.md?"),
        ("about/", "did you mean ../pages/about.md?"),
        ("wholly/other.md", "mend the path, or add content/articles/wholly/other.md"),
        ("notes.txt", "mend the path, or add content/articles/notes.txt"),
    ],
)
def test_what_may_be_meant_is_told(either: SmallSite, target: str, remedy: str) -> None:
    for name in ("compat", "my_long-story", "two words", "python-37"):
        either.article(name)
    either.write(
        {
            "content/images/map.jpg": saved(photograph()),
            "content/pages/about.md": "---\ntitle: A\n---\n",
        }
    )
    (message,) = told(either, f"Text.\n\n[x]({target})")
    assert message.startswith("8: ")
    assert message.endswith(f'"{target}"; {remedy}') or remedy in message


@pytest.mark.parametrize("target", ["mailto:", "https://", "http://", "HTTP:", "tel:"])
def test_a_scheme_with_nothing_behind_it_is_no_address(either: SmallSite, target: str) -> None:
    assert told(either, f"[x]({target})") == ["6: a link without an address; write where it leads"]


@pytest.mark.parametrize(
    "markup",
    [
        '<object data="gone.pdf"></object>',
        '<svg><image xlink:href="gone.pdf"/></svg>',
        '<svg><use xlink:href="gone.pdf"/></svg>',
    ],
)
def test_other_attributes_that_hold_addresses_are_looked_after(
    either: SmallSite, markup: str
) -> None:
    (message,) = told(either, f"Text.\n\n{markup}")
    assert message.startswith('8: there is no file "gone.pdf"')
    either.write({"content/articles/gone.pdf": "x"})
    assert told(either, f"Text.\n\n{markup}") == []
    assert "/articles/gone.pdf" in either.text("/2026/06/a/")


def test_data_and_fragments_in_drawings_are_left_alone(either: SmallSite) -> None:
    markup = '<svg><use xlink:href="#x"/></svg> <b data="y">z</b>'
    assert told(either, markup) == []
    assert markup in either.text("/2026/06/a/")


def test_a_link_to_the_folder_of_an_index_leads_there(either: SmallSite) -> None:
    either.write({"content/pages/about/index.md": "---\ntitle: A\n---\n[x](./)"})
    assert told(either, "[x](../pages/about/) [y](../pages/about/./)") == []


@pytest.mark.parametrize(
    "target",
    [
        "https://paper.example/2026/06/a/",
        "mailto:?subject=x",
        "ssh://x.org",
        "http://localhost:8000",
        "HTTPS://X.ORG",
        "//x.org/",
        "mailto:a@x.org",
        "tel:+49",
    ],
)
def test_whole_addresses_are_left_alone(either: SmallSite, target: str) -> None:
    assert told(either, f'<a href="{target}">x</a>') == []
    assert links(either.page(STORY), ".prose a") == [target]


def test_an_address_that_is_code_is_told_and_left_alone(either: SmallSite) -> None:
    code = "javascript:void(0)"
    (message,) = told(either, f'<a href="{code}">x</a>')
    assert message == f'6: "{code}" is code, and leads nowhere; write an address'
    assert links(either.page(STORY), ".prose a") == [code]


@pytest.mark.parametrize("written", ["[x](b.md )", '<a href=" b.md\n">x</a>', "[x](<b.md>)"])
def test_white_space_around_an_address_is_no_part_of_it(either: SmallSite, written: str) -> None:
    either.article("b")
    assert told(either, written) == []
    assert links(either.page(STORY), ".prose a") == ["/2026/06/b/"]


GONE = 'there is no file "gone.md"; mend the path, or add content/articles/gone.md'
NOWHERE = "a link without an address; write where it leads"


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("[x]()\n\ntext\n\n[x]()", [6, 10]),
        ("`[x]()`\n\n[x]()", [8]),
        ("```\n[x]()\n```\n\n[x]( )", [10]),
        ('Text\n\n<a href="">x</a>', [8]),
    ],
)
def test_a_link_without_an_address_is_told_at_its_own_line(
    either: SmallSite, body: str, lines: list[int]
) -> None:
    assert told(either, body) == [f"{line}: {NOWHERE}" for line in lines]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("[x](gone.md)\n\n[y](gone.md)\n\n[z](gone.md)", [6, 8, 10]),
        ("The gone.md of (gone.md)\n\n[y](gone.md)", [8]),
        ("`[x](gone.md)` and `` ` [x](gone.md) ``\n\n[y](gone.md)", [8]),
        ("```\n[x](gone.md)\n```\n\n[y](gone.md)", [10]),
        ("~~~ md\n[x](gone.md)\n\n[x](gone.md)\n~~~\n\n[y](gone.md)", [12]),
        ("Code:\n\n    [x](gone.md)\n\n[y](gone.md)", [10]),
        ("<!-- [x](gone.md) -->\n\n[y](gone.md)", [8]),
        ("[x](begone.md)\n\n[y](gone.md)", [8]),
        ("Text\n\n<p>\n<a class='k'\nhref='gone.md'>x</a></p>", [10]),
        ("| a |\n|---|\n| b |\n| [y](gone.md) |", [9]),
        ("[one][g], [two][g]\n\ntext\n\n[g]: gone.md 'T'", [10]),
        ("Note[^1]\n\n[y](gone.md)\n\n[^1]: And [z](gone.md).\n", [8, 10]),
        ("[y](<gone.md> 'T')\n\n[z](gone.md 'T (x)')", [6, 8]),
        ("> [y](gone.md)\n\n- a\n- [z](gone.md)", [6, 9]),
        ("[y](go%6Ee.md)", []),
    ],
)
def test_a_dead_link_is_told_wherever_it_stands(
    either: SmallSite, body: str, lines: list[int]
) -> None:
    either.article("begone")
    found = told(either, body)
    if lines:
        assert found == [f"{line}: {GONE}" for line in lines]
    else:
        assert found == [f"6: {GONE.replace('gone', 'go%6Ee', 1)}"]


# --------------------------------------------------------------------- pictures, films


@pytest.mark.parametrize(
    "written",
    [
        "![x]({})",
        '<img src="{}" alt="">',
        '<img srcset="/there.png 1x, {} 2x" alt="">',
        '<picture><source srcset="{}"><img src="/there.png" alt=""></picture>',
        '<video poster="{}"></video>',
        '<video src="{}"></video>',
        '<video><source src="{}"></video>',
        '<audio src="{}"></audio>',
        '<video><track src="{}"></video>',
    ],
)
def test_a_picture_that_is_not_there_is_an_error(either: SmallSite, written: str) -> None:
    either.write({"content/there.png": png(1, 1, 1)})
    assert told(either, "Text.\n\n" + written.format("/images/gone.jpg")) == [
        '8: there is no file "/images/gone.jpg"; put it at content/images/gone.jpg,'
        " or mend the path"
    ]
    assert told(either, "Text.\n\n" + written.format("/there.png")) == []


def test_all_pictures_that_are_gone_are_told_with_the_rest(built: SmallSite) -> None:
    built.article("a", "![x](/gone.jpg)\n\n[y](gone.md)\n\n![z](/goode.png)")
    built.write({"content/good.png": png(1, 1, 1)})
    assert refused(built) == [
        f'{ARTICLE}:6: there is no file "/gone.jpg"; put it at content/gone.jpg, or mend the path',
        f"{ARTICLE}:8: {GONE}",
        f'{ARTICLE}:10: there is no file "/goode.png"; did you mean /good.png?',
    ]


@pytest.mark.parametrize("written", ['<a href="/gone.pdf">x</a>', "[x](/gone.pdf)"])
def test_a_link_to_what_nobody_answers_for_stays_a_warning(site: SmallSite, written: str) -> None:
    site.article("a", written)
    assert site.warnings() == [
        f'{ARTICLE}:6: no page of this site answers for "/gone.pdf";'
        " link to a source file, or write the whole address if it is elsewhere"
    ]


@pytest.mark.parametrize("host", ["", 'host = "netlify"\n'])
def test_what_the_host_or_the_layouts_provide_is_there(site: SmallSite, host: str) -> None:
    site.write({"site.toml": SETTINGS + host, "content/there.png": png(1, 1, 1)})
    site.write({"content/_redirects": "/pics/* https://cdn.example/:splat 200\n/by/:name /x 302\n"})
    site.article("c/index")
    site.write({"content/articles/c/p.png": png(1, 1, 1)})
    site.build()
    style = next(path for path in site.outputs() if path.startswith("assets/site."))
    icon = next(path for path in site.outputs() if path.startswith("assets/icon."))
    there = [f"/{icon}", "/pics/a/b.jpg", "/by/ann", "/.netlify/images?url=/there.png"]
    there += ["/cdn-cgi/image/width=80/there.png", "/2026/06/c/p.png"]
    body = "\n\n".join(f'<img src="{src}" alt="">' for src in there)
    site.article("a", f"{body}\n\n[s](/{style}) [r](/by/bob)")
    assert site.warnings() == []


@pytest.mark.parametrize("rule", ["/* /404.html 404", "/* /index.html 200", "/gone.* /x 410"])
def test_a_rule_for_what_is_not_there_answers_for_nothing(site: SmallSite, rule: str) -> None:
    site.write({"content/_redirects": f"# /gone.png /x\n{rule}\n"})
    (message,) = told(site, "![x](/gone.png)")
    assert message.startswith('6: there is no file "/gone.png"')


@pytest.mark.parametrize("src", ["a:b.png", "file:///home/x.png", "C:\\x.png", "News: 1.png"])
def test_a_picture_that_only_seems_to_be_elsewhere_is_an_error(site: SmallSite, src: str) -> None:
    (message,) = told(site, f'<img src="{src}" alt="">')
    assert message.startswith(f'6: there is no file "{src}"')


# ------------------------------------------------------------------------ edit by edit


def warnings_again(site: SmallSite) -> list[str]:
    """The warnings of a build after an edit; they and its bytes are those of a clean build."""
    again = build_again(site).report.warnings
    with clean_copy(site) as copy:
        assert copy.build().warnings == again
    return list(map(str, again))


def test_a_heading_that_comes_or_goes_changes_what_is_said_of_links_to_it(site: SmallSite) -> None:
    site.article("a", "[x](b.md#team)\n\n## Own")
    site.article("b", "## Team\n\nText.")
    site.article("c", "[x](b.md)")
    assert site.warnings() == []
    site.article("b", "## Staff\n\nText.")
    what = NO_ID.format("team", "articles/b.md", "there is #staff")
    assert warnings_again(site) == [f"{ARTICLE}:6: {what}"]
    site.article("b", "## Staff\n\nOther text.")
    assert warnings_again(site) == [f"{ARTICLE}:6: {what}"]
    site.article("a", "[x](b.md#staff)\n\n## Own")
    assert warnings_again(site) == []
    site.article("a", "[x](b.md#staff)\n\n[y](#Own)\n\n## Others")
    what = NO_ID.format("Own", "articles/a.md", "there is #others")
    assert warnings_again(site) == [f"{ARTICLE}:8: {what}"]


def test_two_stories_may_be_reworded_at_once(site: SmallSite) -> None:
    site.article("a", "Text.")
    site.article("b", "Text.")
    site.build()
    site.article("a", "[x](b.md#Team)")
    site.article("b", "## Team")
    assert warnings_again(site) == []
    assert links(site.page(STORY), ".prose a") == ["/2026/06/b/#team"]
    site.article("b", "## The Team")
    (warning,) = warnings_again(site)
    assert "did you mean #the-team?" in warning


def test_an_id_that_layouts_lose_is_missed(site: SmallSite) -> None:
    block = '{{% extends "default/article.html" %}}{{% block neighbours %}}{}{{% endblock %}}'
    site.write({"layouts/article.html": block.format('<p id="mine">')})
    site.article("a", "[x](#mine)")
    site.article("b", "Text.")
    assert site.warnings() == []
    site.write({"layouts/article.html": block.format("<p>")})
    site.article("b", "Other text.")
    (warning,) = warnings_again(site)
    assert 'no heading or id "mine"' in warning


def test_with_a_broken_layout_nothing_is_said_of_what_layouts_may_bring(site: SmallSite) -> None:
    site.article("a", "[x](#nope)")
    site.build()
    site.write({"layouts/tag.html": "{% if %}"})
    with clean_copy(site) as copy, pytest.raises(SiteError) as clean:
        copy.build()
    with pytest.raises(SiteError) as again:
        site.build()
    assert again.value.problems == clean.value.problems


def test_an_asset_that_is_gone_is_missed_whatever_else_is_new(site: SmallSite) -> None:
    site.write({"layouts/assets/p.png": png(1, 1, 1)})
    site.build()
    (asset,) = [path for path in site.outputs() if path.startswith("assets/p.")]
    site.article("a", f"![x](/{asset})")
    site.article("b", "Text.")
    assert site.warnings() == []
    site.write({"layouts/assets/p.png": png(2, 1, 1)})
    site.article("b", "Other text.")
    (error,) = refused(site)
    assert f'there is no file "/{asset}"' in error
