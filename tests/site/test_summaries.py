"""Summaries of stories without a dek: which of their words are taken, and when others are."""

import random

import pytest

from generator.preview.session.site import Session
from support.sites import SETTINGS, SmallSite, words

HELLO = "Hello and welcome to another issue."
ENGINES = pytest.mark.parametrize("engine", ["markdown", "commonmark"])


def described(site: SmallSite, name: str = "a") -> str:
    """What the page of a story gives as its description."""
    page = site.page(f"/2026/06/{name}/")
    return str(page.xpath("string(//meta[@name='description']/@content)"))


@ENGINES
@pytest.mark.parametrize(
    "before",
    [
        "<!--\n<p>The minister is named here.</p>\n-->",
        "<!-- <p>A</p> -->",
        "> A quotation.\n>\n> Its second half.",
        "<figure><hr><figcaption><p>C</p></figcaption></figure>",
        "<details><summary>S</summary>\n<p>D</p>\n</details>",
        "<aside><p>A</p></aside>",
        "<table><tr><td><p>T</p></td></tr></table>",
        "- A list.\n\n- Its second item.",
        "## Heading",
        "<template><p>T</p></template>",
        "<noscript><p>N</p></noscript>",
        "<div hidden><p>H</p></div>",
        "<p hidden>H</p>",
        '<script>x = "<p>S</p>"</script>',
        "<style>p::after { content: '<p>S</p>' }</style>",
        '<div title="<p>T</p>"></div>',
        "![Alt](https://e.example/a.png)",
        "<p>…</p>",
        '<audio controls src="https://e.example/a.mp3">No sound.</audio>',
        '<p><video src="https://e.example/a.mp4">No film.</video></p>',
        '<object data="https://e.example/a.pdf"><p>No paper.</p></object>',
        "<canvas>No drawing.</canvas>",
        "<p><svg><text>Text</text></svg></p>",
        "<svg><text>Text</text></svg>",
        "<p><math><mi>x</mi></math></p>",
        "<button>Subscribe</button>",
        "<select><option>One<option>Two</select>",
        "<form><label>Name <input></label><button>Go</button></form>",
        "> A quotation.\n\n— Jane Doe",
        "> A quotation.\n\n– J. Doe, minister",
        "> A quotation.\n\n*— Jane Doe*",
        "![x](https://e.example/a.png)\n*Photo: Jane Doe*",
        "![x](https://e.example/a.png)\n\n_Photo: Jane Doe_",
        "[![x](https://e.example/a.png)](https://e.example/)\n*Photo: Jane Doe*",
        "[TOC]",
        "https://e.example/film?a=b",
        "<https://e.example/film>",
    ],
)
def test_the_summary_is_the_first_paragraph_of_the_storys_own_words(
    site: SmallSite, engine: str, before: str
) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{engine}"\n'})
    site.article("a", f"{before}\n\nPublic lead.\n\nMore.")
    site.build()
    assert described(site) == "Public lead."
    assert words(site.page("/"), ".summary") == "Public lead."
    assert "<summary>Public lead.</summary>" in site.text("/feed.xml")


@pytest.mark.parametrize(
    ("settings", "body", "shown"),
    [
        ("", "> Only this.", "“Only this.”"),
        ("", '> Only "this" one.', "“Only ‘this’ one.”"),
        ("", '> "Only this."', "“Only this.”"),
        ('language = "de"\n', "> Nur das.", "„Nur das.“"),
        ('language = "fr"\n', "> Rien.", "«\u202fRien.\u202f»"),
        ("[markdown]\nsmart_quotes = false\n", "> Only this.", '"Only this."'),
        ("[markdown]\nexcerpt = 20\n", "> One two three four five six.", "“One two three…”"),
        ("", "<blockquote>Bare.</blockquote>\n\n- x", "“Bare.”"),
        ("", "- One\n- Two", "One Two"),
        ("", "## H\n\n| A |\n|---|\n| b |", "H A b"),
        ("", "", "A"),
    ],
)
def test_without_a_paragraph_something_else_is_the_summary(
    site: SmallSite, settings: str, body: str, shown: str
) -> None:
    site.write({"site.toml": SETTINGS + settings})
    site.article("a", body)
    site.build()
    assert described(site) == shown


@ENGINES
@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("> Q.\n\n— No, he said, and left the room, and the house, and the street, and all that"
         " was dear to him.", "— No, he said, and left the room, and the house, and the street, and"
         " all that was dear to him."),
        ("— No, he said.", "— No, he said."),
        ("*An emphasised lead.*", "An emphasised lead."),
        ("![x](https://e.example/a.png)\n\n*Emphasis* and more.", "Emphasis and more."),
        ("https://e.example/ has it.", "https://e.example/ has it."),
        ("Let <math><mi>x</mi></math>, then.", "Let x, then."),
        ("Press <button>Go</button> now.", "Press now."),
        ("<svg><text>Text</text></svg> Words.", "Words."),
        ("<audio src=x>No sound.</audio> Words.", "Words."),
    ],
)  # fmt: skip
def test_what_a_paragraph_says_is_its_summary(
    site: SmallSite, engine: str, body: str, shown: str
) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{engine}"\n'})
    site.write({"content/articles/x": "x"})
    site.article("a", f"{body}\n\n> Q.")
    site.build()
    assert described(site) == shown


@ENGINES
def test_a_quotation_of_five_stories_is_passed_over(site: SmallSite, engine: str) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{engine}"\n'})
    for name in "abcdef":
        site.article(name, f"> {HELLO}\n\n> News of {name}.\n\n- A list.")
    site.article("g", f"> {HELLO}\n\n- A list.")
    site.article("h", f"> {HELLO}\n\n{HELLO}\n\n> Own.")
    site.build()
    shown = [described(site, name) for name in "abcdefgh"]
    assert shown == [*(f"“News of {name}.”" for name in "abcdef"), "A list.", "“Own.”"]


@ENGINES
def test_an_opening_of_five_stories_is_passed_over(site: SmallSite, engine: str) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nengine = "{engine}"\n'})
    site.article("a", f"{HELLO}\n\nNews of a.")
    site.article("b", f"{HELLO}\n\n> A quotation.")
    site.article("c", f"{HELLO}\n\n- One\n- Two")
    site.article("d", HELLO)
    site.build()
    assert {described(site, name) for name in "abcd"} == {HELLO}
    site.article("e", f"Hello and  *welcome* to\nanother issue.\n\n{HELLO}\n\nNews of e.")
    site.build()
    shown = [described(site, name) for name in "abcde"]
    assert shown == ["News of a.", "“A quotation.”", "One Two", HELLO, "News of e."]


def test_drafts_do_not_count_until_they_are_shown(site: SmallSite) -> None:
    for name in "abcd":
        site.article(name, f"{HELLO}\n\nNews of {name}.")
    site.article("e", f"{HELLO}\n\nNews of e.", draft="true")
    site.build()
    assert described(site) == HELLO
    site.build(drafts=True)
    assert described(site) == "News of a."


def test_the_fifth_story_wakes_the_pages_that_show_the_others(site: SmallSite) -> None:
    site.write({"site.toml": SETTINGS + "[feeds]\nsize = 1\n"})
    for number, name in enumerate("abcd"):
        site.article(name, f"{HELLO}\n\nNews of {name}.", date=f"2026-06-0{number + 1}")
    site.article("e", "Another opening.\n\nNews of e.", date="2026-06-09")
    site.article("old", "An old story.", date="2020-01-01", tags="[Old]")
    site.build()
    site.article("e", f"{HELLO}\n\nNews of e.", date="2026-06-09")
    before = site.outputs()
    site.build()
    after = site.outputs()
    changed = {path for path in after if after[path] != before.get(path)} - {".broadsheet"}
    stories = {f"2026/06/{name}/index.html" for name in "abcde"}
    assert stories <= changed
    assert not any(path.startswith(("2020/01/old/", "tags/old/")) for path in changed)
    site.build(clean=True)
    assert site.outputs() == after


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_summaries_after_edits_are_those_of_a_clean_build(site: SmallSite, seed: int) -> None:
    """With the live site beside it, which is to agree after each edit."""
    chance = random.Random(seed)
    openings = [HELLO, "Dear readers.", "A third greeting."]
    names = "abcdefg"

    def edit(name: str) -> None:
        begun = chance.sample(openings, chance.randint(0, 2))
        site.article(name, "\n\n".join([*begun, f"News of {name} {chance.randint(0, 9)}."]))

    for name in names:
        edit(name)
    site.build()
    live = Session(site.root)
    live.update()
    for _ in range(12):
        edit(chance.choice(names))
        site.build()
        live.update()
        built = site.outputs()
        site.build(clean=True)
        assert site.outputs() == built
        assert live.planned is not None
        kept = {article.path: article.summary for article in live.planned.site.articles}
        assert kept == {f"articles/{name}.md": described(site, name) for name in names}


def test_an_edit_of_words_alone_need_not_arrange_the_site(site: SmallSite) -> None:
    for name in "abcde":
        site.article(name, f"{HELLO}\n\nNews of {name}.")
    site.build()
    site.article("a", f"{HELLO}\n\nOther news of a.")
    report = site.build()
    assert report.converted == 1
    assert described(site) == "Other news of a."
