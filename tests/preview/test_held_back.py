"""What does not fit the rest of the site is held back and told; all else goes on."""

import re

import pytest

from generator.errors import is_error
from generator.preview.session.site import Session
from support.answers import built, shown
from support.builds import clean_tree
from support.images import png
from support.sites import NOW, SmallSite

pytestmark = pytest.mark.long


UNFIT: list[tuple[str, dict[str, str]]] = [
    ("links to a missing file", {"articles/bad.md": "[a](nope.md)"}),
    ("shows a missing picture", {"articles/bad.md": "![a](nope.png)"}),
    ("leads with a missing picture", {"articles/bad.md": "image: {src: nope.png, alt: A}"}),
    ("takes the address of a story", {"articles/bad.md": "permalink: /2026/06/two/"}),
    ("takes the address of a list", {"articles/bad.md": "permalink: /tags/"}),
    ("takes the address of a feed", {"articles/bad.md": "aliases: [/feed.xml]"}),
    ("has the address of a story as alias", {"articles/bad.md": "aliases: [/2026/06/two/]"}),
    ("comes first with the address of a story", {"articles/a.md": "permalink: /2026/06/two/"}),
    ("has an alias that leads out", {"articles/bad.md": "aliases: [/../x/]"}),
    ("has a slug that is none", {"articles/bad.md": "slug: a/b"}),
    ("names a promo that is none", {"articles/bad.md": "promo: nope"}),
    ("names an author without letters", {"articles/bad.md": 'author: "."'}),
    ("names a tag without letters", {"articles/bad.md": 'tags: ["!"]'}),
    ("pins a story that is none", {"articles/bad.md": "related: {pin: [nope]}"}),
    ("has a name that gives no slug", {"articles/!.md": "Text."}),
    ("is a page with a wrong link", {"pages/bad.md": "[a](nope.md)"}),
    ("is a page at the address of another", {"pages/bad.md": "permalink: /about/"}),
    ("is an author with a wrong photo", {"authors/bad.md": "photo: nope.png"}),
    ("is an author with a taken alias", {"authors/bad.md": "aliases: [/2026/06/two/]"}),
    ("is a tag with a wrong link", {"tags/bad.md": "[a](nope.md)"}),
    ("is a promo with a wrong address", {"promos/bad.md": "url: nope"}),
    ("is a file in the place of a page", {"2026/06/two/index.html": ""}),
    (
        "are two with a mistake each",
        {"articles/bad.md": "slug: a/b", "articles/worse.md": "[a](nope.md)"},
    ),
]
"""Files that nothing is wrong with but for the others."""


def a_text(path: str, written: str) -> str:
    """A text of the kind that stands at this path, with a field or a body."""
    kind, is_field = path.partition("/")[0], bool(re.match(r"\w+: ", written))
    fields = {"articles": "title: T\ndate: 2026-06-01", "pages": "title: T"}
    fields |= {"authors": "name: Bad", "tags": "name: Bad", "promos": "title: T\nlabel: L"}
    matter = f"{fields[kind]}\n{written}" if is_field else fields[kind]
    if kind == "promos" and not is_field:
        matter += "\nurl: https://a.example/"
    return f"---\n{matter}\n---\n{'Text.' if is_field else written}\n"


def a_site_kept_open(site: SmallSite) -> Session:
    site.article("one", "First text.", tags="[Bad]")
    site.article("two", "Other text.", author="Bad")
    site.write({"content/pages/about.md": "---\ntitle: About\n---\nUs.\n"})
    live = Session(site.root, NOW, drafts=True)
    live.update()
    live.settle()
    assert not live.problems()
    return live


def save(site: SmallSite, live: Session, files: dict[str, str]) -> None:
    site.write({f"content/{path}": text for path, text in files.items()})
    live.update([f"content/{path}" for path in files])
    live.settle()


@pytest.mark.parametrize("unfit", [files for _, files in UNFIT], ids=[name for name, _ in UNFIT])
@pytest.mark.parametrize("stood", [False, True], ids=["new", "stood"])
def test_what_does_not_fit_the_others_holds_back_itself_alone(
    site: SmallSite, unfit: dict[str, str], stood: bool
) -> None:
    live = a_site_kept_open(site)
    good = {path: a_text(path, "Good text.") for path in unfit if path.endswith("d.md")}
    if stood:
        save(site, live, good)
        assert not live.problems()
    before = shown(live)[0]
    texts = {path: a_text(path, text) if text else "" for path, text in unfit.items()}
    save(site, live, texts)
    after, wrong = shown(live)
    assert wrong
    assert after == before
    two = (site.root / "content/articles/two.md").read_text()
    for word in ("Newer", "Newest"):
        save(site, live, {"articles/two.md": two.replace("Other", word)})
        save(site, live, {"articles/three.md": a_text("articles/three.md", f"[{word}](two.md)")})
        pages, wrong = shown(live)
        assert wrong == [str(p) for p in live.problems() if is_error(p)]
        assert wrong
        assert f"{word} text.".encode() in pages["2026/06/two/index.html"]
        assert word.encode() in pages["2026/06/three/index.html"]
        for path in before.keys() & {"2026/06/bad/index.html", "bad/index.html"}:
            assert b"Good text." in pages[path]
    assert site.errors(drafts=True)
    for path in unfit:
        (site.root / "content" / path).unlink()
    site.write({f"content/{path}": text for path, text in good.items()} if stood else {})
    live.update()
    live.settle()
    assert shown(live) == (built(clean_tree(site, drafts=True)), [])


def test_what_held_a_text_back_may_be_mended_in_another_file(site: SmallSite) -> None:
    live = a_site_kept_open(site)
    save(site, live, {"articles/bad.md": a_text("articles/bad.md", "![a](new.png)")})
    save(site, live, {"articles/worse.md": a_text("articles/worse.md", "aliases: [/2026/06/one/]")})
    assert {"2026/06/bad/index.html", "2026/06/worse/index.html"}.isdisjoint(shown(live)[0])
    site.write({"content/articles/new.png": png(8, 6, 1)})
    live.update(["content/articles/new.png"])
    assert b"new.png" in shown(live)[0]["2026/06/bad/index.html"]
    assert {p.file for p in live.problems()} == {"content/articles/worse.md"}
    site.article("one", "First text.", tags="[Bad]", slug="first")
    live.update(["content/articles/one.md"])
    live.settle()
    assert shown(live) == (built(clean_tree(site, drafts=True)), [])


def test_of_two_texts_that_want_one_address_the_one_that_stood_goes_on(site: SmallSite) -> None:
    live = a_site_kept_open(site)
    for name in ("m", "z", "a"):
        text = a_text("articles/x.md", "permalink: /x/").replace("Text.", name * 9)
        save(site, live, {f"articles/{name}.md": text})
        assert b"mmmmmmmmm" in shown(live)[0]["x/index.html"]
        assert bool(live.problems()) is (name != "m")
    save(site, live, {"articles/m.md": a_text("articles/m.md", "permalink: /x/")})
    assert b"Text." in shown(live)[0]["x/index.html"]


def test_a_mistake_goes_with_the_text_that_had_it(site: SmallSite) -> None:
    live = a_site_kept_open(site)
    for text in ("promo: nope", "\0" * 1000, "slug: a/b", "date: true", "[a](nope.md)", "date: 1"):
        whole = a_text("articles/bad.md", text)
        save(site, live, {"articles/bad.md": text if "\0" in text else whole})
        assert [str(p) for p in live.problems() if is_error(p)] == site.errors(drafts=True)
        assert "2026/06/bad/index.html" not in shown(live)[0]


def test_what_stands_goes_on_when_what_it_leads_to_is_gone(site: SmallSite) -> None:
    live = a_site_kept_open(site)
    save(site, live, {"articles/bad.md": a_text("articles/bad.md", "[a](one.md)")})
    (site.root / "content/articles/one.md").unlink()
    live.update(["content/articles/one.md"])
    for word in ("Newer", "Newest"):
        site.article("two", f"{word} text.", author="Bad")
        live.update(["content/articles/two.md"])
        pages, wrong = shown(live)
        assert len(wrong) == 1
        assert word.encode() in pages["2026/06/two/index.html"]
        assert "2026/06/bad/index.html" in pages
        assert "2026/06/one/index.html" not in pages


def test_a_mistake_in_the_settings_leaves_those_of_before(site: SmallSite) -> None:
    live = a_site_kept_open(site)
    settings = (site.root / "site.toml").read_text()
    site.write({"site.toml": f'{settings}\n[promos]\ndefault = "nope"\n'})
    live.update(["site.toml"])
    assert [p.file for p in live.problems()] == ["site.toml"]
    save(site, live, {"articles/three.md": a_text("articles/three.md", "Third.")})
    save(site, live, {"articles/bad.md": a_text("articles/bad.md", "[a](nope.md)")})
    save(site, live, {"articles/four.md": a_text("articles/four.md", "Fourth.")})
    pages = shown(live)[0].keys()
    assert {"2026/06/three/index.html", "2026/06/four/index.html"} <= pages
    site.write({"site.toml": settings, "content/promos/nope.md": a_text("promos/nope.md", "Text.")})
    save(site, live, {"articles/bad.md": a_text("articles/bad.md", "Text.")})
    live.update()
    live.settle()
    assert shown(live) == (built(clean_tree(site, drafts=True)), [])


def test_a_mistake_of_the_first_look_is_not_told_once_it_is_mended(site: SmallSite) -> None:
    site.article("one", "[a](nope.md)")
    site.article("two", "Other text.")
    live = Session(site.root, NOW, drafts=True)
    live.update()
    site.article("one", "[a](two.md)")
    live.update(["content/articles/one.md"])
    live.settle()
    assert shown(live) == (built(clean_tree(site, drafts=True)), [])


def test_what_did_not_fit_from_the_start_stands_and_all_else_goes_on(site: SmallSite) -> None:
    site.article("one", "[a](nope.md)")
    site.article("two", "Other text.")
    live = Session(site.root, NOW, drafts=True)
    live.update()
    live.settle()
    site.article("two", "Newer text.")
    live.update(["content/articles/two.md"])
    site.article("three", "Third text.")
    live.update(["content/articles/three.md"])
    pages, wrong = shown(live)
    assert len(wrong) == 1
    assert "2026/06/one/index.html" in pages
    assert b"Newer text." in pages["2026/06/two/index.html"]
    assert b"Third text." in pages["2026/06/three/index.html"]


def test_words_are_taken_over_where_they_stand_beside_what_is_held_back(site: SmallSite) -> None:
    live = a_site_kept_open(site)
    save(site, live, {"articles/bad.md": a_text("articles/bad.md", "permalink: /2026/06/two/")})
    before = live.planned
    site.article("one", "Newer text.", tags="[Bad]")
    live.update(["content/articles/one.md"])
    assert live.planned is before
    assert b"Newer text." in shown(live)[0]["2026/06/one/index.html"]
    assert live.problems()
