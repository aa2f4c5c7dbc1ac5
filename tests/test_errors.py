"""What a build says when something is missing or in its way. Nothing is written then."""

import json

import pytest
from conftest import SmallSite, command, refused

ARTICLE = "content/articles/a.md"
NO_MEANING = "`postid` has no meaning here; take it out, or put it below `extra`"


def test_all_that_is_missing_is_told_at_once(built: SmallSite) -> None:
    built.article("a", "Text.\n\n[x](y.md)\n\n![y](../gone.png)", image="{src: p.png, alt: P}")
    built.article("b", related="{pin: [good, nobody.md]}", promo="gone")
    built.write({"content/authors/ann.md": "---\nname: Ann\nphoto: me.jpg\n---\n[z](x.md#f)\n"})
    lines = [
        'articles/a.md:4: image.src: there is no file "p.png";'
        " put it at content/articles/p.png, or mend the path",
        'articles/a.md:9: there is no file "y.md"; mend the path, or add content/articles/y.md',
        'articles/a.md:11: there is no file "../gone.png"; mend the path, or add content/gone.png',
        'articles/b.md:4: related.pin: there is no story "nobody.md";'
        " name its file, seen from here, or its slug",
        'articles/b.md:5: promo: there is no "gone"; add content/promos/gone.md, or write false',
        'authors/ann.md:3: photo: there is no file "me.jpg";'
        " put it at content/authors/me.jpg, or mend the path",
        'authors/ann.md:5: there is no file "x.md#f"; mend the path, or add content/authors/x.md',
    ]
    assert refused(built) == [f"content/{line}" for line in lines]


@pytest.mark.parametrize("above", ["`gone.md`", "the file gone.md", "[b](begone.md)"])
def test_a_dead_link_is_told_on_its_own_line(built: SmallSite, above: str) -> None:
    built.article("begone")
    built.article("a", f"{above}\n\n[a](gone.md)")
    what = 'there is no file "gone.md"; mend the path, or add content/articles/gone.md'
    assert refused(built) == [f"{ARTICLE}:8: {what}"]


def test_a_file_that_cannot_be_read(built: SmallSite) -> None:
    for name in ("articles/x.md", "picture.png"):
        (built.root / "content" / name).symlink_to("nowhere")
    what = "cannot be read: No such file or directory; point the link at a file that is there"
    assert refused(built) == [f"content/{n}: {what}" for n in ("articles/x.md", "picture.png")]


# ------------------------------------------------------------------ output, command


def test_a_foreign_file_where_a_page_belongs_is_kept(site: SmallSite) -> None:
    site.article("a")
    site.write({"public/index.html": "mine", "public/notes/mine.txt": "mine"})
    what = "Broadsheet did not write this file, and a page of the site belongs there"
    assert refused(site) == [f"public/index.html: {what}; move it away, or put it into content/"]
    (site.public / "index.html").unlink()
    site.build()
    site.build()
    assert site.text("notes/mine.txt") == "mine"


def test_an_output_folder_among_the_sources_is_refused(built: SmallSite) -> None:
    (built.root / "link").symlink_to("content")
    refusals = dict.fromkeys((".", ".."), "is the site itself or holds it")
    refusals |= dict.fromkeys(
        ("content", "content/x", "link/x"), "is content/, or above or inside it"
    )
    refusals |= {"layouts": "is layouts/, or above or inside it", "site.toml": "is a file"}
    for output, what in refusals.items():
        folder = built.root / output
        remedy = "choose another --output, such as public"
        assert refused(built, output=folder) == [f"{folder}: the output folder {what}; {remedy}"]


@pytest.mark.long
def test_the_command_fails_with_exit_code_1_and_tells_all(built: SmallSite) -> None:
    built.write({ARTICLE: "---\ntitle: A\n---\n", "content/articles/b.md": "x"})
    before = built.outputs()
    code, printed, shown = command(built.root, "--json")
    assert code == 1
    expected = [
        f"{ARTICLE}:1: date is missing; add `date`",
        "content/articles/b.md:1: there is no front matter; start the file with a line `---`,"
        " fields such as `title: …`, and a line `---`",
    ]
    assert json.loads(printed)["errors"] == expected
    assert shown.splitlines() == expected
    assert built.outputs() == before


def test_a_wrong_moment_is_wrong_usage(built: SmallSite) -> None:
    code, printed, shown = command(built.root, "--json", "--at", "tomorrow")
    assert (code, printed) == (2, "")
    assert '"tomorrow" is not a date; write 2026-03-31 or 2026-03-31T08:00' in shown


@pytest.mark.parametrize(
    ("promo", "remedy"),
    [("acne", 'did you mean "acme"?'), ("Acme", 'did you mean "acme"?')],
)
def test_a_misspelled_promo_is_guessed(built: SmallSite, promo: str, remedy: str) -> None:
    built.write({"content/promos/acme.md": "---\ntitle: T\nurl: /\nlabel: L\n---\n"})
    built.article("a", promo=promo)
    settings = (built.root / "site.toml").read_text()
    built.write({"site.toml": f'{settings}\n[promos]\ndefault = "acm"\n'})
    told = refused(built)
    assert told[0].startswith(f'{ARTICLE}:4: promo: there is no "{promo}"; {remedy}')
    assert told[1].endswith('promos.default: there is no "acm"; did you mean "acme"?')


@pytest.mark.parametrize("name", ["harvst", "harvst.md", "../articles/harvest", "Harvest"])
def test_a_misspelled_story_is_guessed(built: SmallSite, name: str) -> None:
    built.article("harvest")
    built.article("a", related=f"{{exclude: [{name}]}}")
    remedy = 'did you mean "harvest"?'
    assert refused(built) == [f'{ARTICLE}:4: related.exclude: there is no story "{name}"; {remedy}']


@pytest.mark.long
def test_many_of_one_kind_are_one_line(built: SmallSite) -> None:
    for number in range(30):
        built.article(f"s{number:02}", "Text.", postid=number, **{f"zx{number}": 1})
    built.article("s00", "[a](gone.pdf)", postid=0, zx0=1)
    code, printed, shown = command(built.root, "--json")
    first, gone = shown.splitlines()
    assert first.startswith(f"warning: content/articles/s00.md:4: {NO_MEANING} (")
    also = "also content/articles/s00.md:5, content/articles/s01.md:4, …"
    assert first.endswith(f" (60 of this kind: {also}; `build --json` has all)")
    assert 'there is no file "gone.pdf"' in gone
    every = json.loads(printed)
    assert code == 1
    assert sum("has no meaning" in line for line in every["warnings"]) == 60
    assert not any("of this kind" in line for line in every["warnings"] + every["errors"])


def test_twenty_of_one_kind_are_twenty_lines(built: SmallSite) -> None:
    built.article("a", "\n\n".join(f"[a](gone-{number}.pdf)" for number in range(20)))
    assert len(command(built.root)[2].splitlines()) == 21


@pytest.mark.long
def test_what_is_quoted_is_cut(built: SmallSite) -> None:
    long = "q" * 100_000
    built.article("a", f"[a]({long}.md) [b](good.md#{long})", tags=f"['{long}', '{'?' * 5000}']")
    built.article("b", promo=long, related=f"{{pin: ['{long}']}}", aliases=f"['{long}']")
    built.article(
        "c", updated=f"'{long}'", source=f"{{name: N, url: '{long}'}}", **{"x" * 999: "1"}
    )
    built.article("d", slug=f"'{long}/'")
    told = refused(built)
    assert len(told) >= 7
    assert max(map(len, told)) < 2_500


@pytest.mark.long
def test_one_story_is_no_stories(built: SmallSite) -> None:
    assert "Built 1 story into " in command(built.root)[2]
    built.article("more")
    assert "Built 2 stories into " in command(built.root)[2]
