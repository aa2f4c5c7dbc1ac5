"""Blocks of a body: where they begin and end, in both engines, and what their lines say."""

from collections.abc import Callable

import pytest

from generator.config import Engine, RawHtml
from generator.content.block_arguments import (
    Argument,
    ArgumentType,
    BlockKind,
    mistakes_of_blocks,
    read_block,
)
from generator.content.blocks import MOST_BLOCKS
from generator.content.bounds import patience
from generator.content.prose import Converted, convert
from generator.content.scan import Shape
from generator.content.sources import Source
from generator.content.texts import Unread, read_text
from generator.model import Block
from generator.workers import limited

ENGINES: tuple[Engine, ...] = ("markdown", "commonmark")


def converted(body: str, engine: Engine, raw_html: RawHtml = True, after: int = 3) -> Converted:
    return convert(body, 1, Shape(engine, "en", True, 200, after, raw_html))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.param
    return chosen


Read = Callable[[str], tuple[str, tuple[str, ...]]]


@pytest.fixture
def read(engine: Engine) -> Read:
    """A text without its blocks, "□" and a number in the place of each, and what is in each."""

    def read(body: str) -> tuple[str, tuple[str, ...]]:
        prose = converted(body, engine).prose
        show = (part.replace("\x04", "□").replace("\x05", "") for part in _parts(prose))
        whole, *inner = ("".join(part.split("\n")) for part in show)
        return whole, tuple(inner)

    return read


def _parts(prose: object) -> list[str]:
    return [prose.opening + prose.rest, *prose.blocks]  # type: ignore[attr-defined]


# ---------------------------------------------------------------------- where they stand


@pytest.mark.parametrize(
    ("body", "shown", "inner"),
    [
        ("::: note\nA *b*.\n:::", "□0", ("<p>A <em>b</em>.</p>",)),
        ("Text\n::: note\nA\n:::\nmore", "<p>Text</p>□0<p>more</p>", ("<p>A</p>",)),
        (":::note\nA\n:::", "□0", ("<p>A</p>",)),
        ("::: note\n:::", "□0", ("",)),
        ("A\n\n::: story b.md :::\n\nB", "<p>A</p>□0<p>B</p>", ("",)),
        (":::: box\n::: note\nA\n:::\nB\n::::", "□0", ("□1<p>B</p>", "<p>A</p>")),
        (
            "::: note\n- a\n- b\n:::\n- c",
            "□0<ul><li>c</li></ul>",
            ("<ul><li>a</li><li>b</li></ul>",),
        ),
        ("::: note\n| a | b |\n|---|---|\n| 1 | 2 |\n:::", "□0", None),
        ("> ::: note\n> A\n> :::\n> B", "<blockquote>□0<p>B</p></blockquote>", ("<p>A</p>",)),
        ("- a\n\n    ::: note\n    A\n    :::\n\n- b", None, ("<p>A</p>",)),
        ("1. a\n   ::: note\n   A\n   :::\n2. b", None, None),
        ("::: note\n[a][1]\n:::\n\n[1]: https://a.example/", "□0", None),
        ("::: note\nA[^1]\n:::\n\n[^1]: B", None, None),
        ("::: facts\nA\n:   B\n:::", "□0", ("<dl><dt>A</dt><dd>B</dd></dl>",)),
        ("::: note\n```\n:::\n```\n:::", "□0", None),
        ("> ::: note\n> > A\n> :::", None, ("<blockquote><p>A</p></blockquote>",)),
        ("> ::: facts\n> A\n> : B\n> :::", None, ("<dl><dt>A</dt><dd>B</dd></dl>",)),
        ("- a\n\n    ::: note\n    > A\n    :::", None, ("<blockquote><p>A</p></blockquote>",)),
        ("<hr>\n::: note\n*A*\n:::", "<hr>□0", ("<p><em>A</em></p>",)),
        ("</p>\n::: note\n*A*\n:::", "□0", ("<p><em>A</em></p>",)),
        ("- [x] a\n  ::: note\n  B\n  :::", None, ("B",)),
        (":::\tnote\nA\n:::\t", "□0", ("<p>A</p>",)),
        ("::: box\n\n\n\nA\n\n\n:::", "□0", ("<p>A</p>",)),
        ("\t::: note\n\nA", None, ()),
        ("::: note\r\nA\r\n:::".replace("\r\n", "\n"), "□0", ("<p>A</p>",)),
    ],
)
def test_a_block_holds_what_stands_between_its_lines(
    read: Read, body: str, shown: str | None, inner: tuple[str, ...] | None
) -> None:
    found = read(body)
    assert shown is None or found[0] == shown
    assert inner is None or found[1] == inner


@pytest.mark.parametrize(
    "body",
    [
        "```\n::: note\nA\n:::\n```",
        "~~~ text\n::: note\n~~~",
        "    ::: note\n    A\n    :::",
        "- a\n\n      ::: note",
        "A `b\n c` ::: note",
        "<pre>\n::: note\nA\n:::\n</pre>",
        "<!--\n::: note\n-->",
        "<script>\n::: note\n:::\n</script>",
        "A line that ends with :::",
        "A :: b",
        ":: note",
        "\\::: note",
        f"{':' * 41} note",
    ],
)
def test_colons_that_stand_in_code_or_in_a_line_are_no_block(engine: Engine, body: str) -> None:
    made = converted(body, engine)
    assert made.body.blocks == ()
    assert made.prose.blocks == ()


@pytest.mark.parametrize(
    "body",
    [
        "-\t::: note\n\tA\n\t:::",
        "-\ta\n\n\t::: note\n\tA\n\t:::",
        "1.\ta\n\n\t::: note\n\tA\n\t:::",
        "-\ta\n\t-\tb\n\n\t\t::: note\n\t\tA\n\t\t:::",
        ">\t-\t::: note\n>\t\tA\n>\t\t:::",
        "a\n:\t::: note\n\tA\n\t:::",
        "> [!NOTE]\n>\tA",
    ],
)
def test_tabs_behind_a_sign_of_a_list_are_spaces_to_the_next_stop(read: Read, body: str) -> None:
    assert read(body) == read(body.expandtabs(4))
    assert read(body)[1] in (("A",), ("<p>A</p>",))


def test_fences_in_an_item_with_a_tab_hold_code_with_its_tabs(engine: Engine) -> None:
    made = converted("-\ta\n\n\t```\n\t::: note\n\t-\tb\n\t```", engine)
    assert made.body.blocks == ()
    assert "<code>::: note\n-\tb\n</code>" in made.prose.opening


@pytest.mark.parametrize("raw_html", [True, "safe", False])
def test_a_block_may_stand_beside_html(engine: Engine, raw_html: RawHtml) -> None:
    body = "<div>\n\n::: note\n*A*\n:::\n\n</div>\n\n::: tip\n<b>B\n:::\n\nC"
    prose = converted(body, engine, raw_html).prose
    assert [part.count("\x04") for part in (prose.opening + prose.rest, *prose.blocks)] == [2, 0, 0]
    is_raw = engine == "markdown" and raw_html is not False  # so is all in that element
    assert prose.blocks[0] == ("*A*" if is_raw else "<p><em>A</em></p>")
    assert prose.blocks[1] in ("<p><b>B</b></p>", "<p>&lt;b&gt;B</p>")
    assert prose.rest.endswith("<p>C</p>") or prose.opening.endswith("<p>C</p>")


def test_what_an_item_or_a_quotation_holds_ends_with_it(engine: Engine) -> None:
    body = "- a\n\n    ::: note\n    A\n\nB\n\n> ::: tip\n> C\n\nD"
    assert [block.is_closed for block in converted(body, engine).body.blocks] == [False, False]


def test_a_block_that_is_never_closed_takes_in_nothing(read: Read) -> None:
    assert read("::: note\nA\n\nB") == ("□0<p>A</p><p>B</p>", ("",))


@pytest.mark.parametrize(
    ("body", "closed"),
    [
        ("::: a\n::: b\n:::\n:::", [False, True]),  # the outer one needs more colons
        (":::: a\n::: b\n::::", [True, False]),
        ("::: a\n:::: b\n::::\n:::", [False, True]),
        ("::: a\n::::\n:::", [True]),
    ],
)
def test_an_outer_block_has_more_colons(engine: Engine, body: str, closed: list[bool]) -> None:
    assert [block.is_closed for block in converted(body, engine).body.blocks] == closed


def test_a_line_of_colons_that_closes_nothing_is_told(engine: Engine) -> None:
    made = converted("A\n\n:::\n\nB", engine)
    assert [(p.line, p.severity, p.what) for p in made.problems] == [
        (3, "warning", "`:::` closes nothing here, and readers will see it")
    ]
    assert ":::" in made.prose.opening + made.prose.rest


@pytest.mark.parametrize("mark", ["\ufdda", "\x18", "\x04", "\ufffc"])
def test_signs_that_a_writer_types_are_no_blocks(engine: Engine, mark: str) -> None:
    made = converted(f"{mark}0{mark}\n\n::: note\nA\n:::\n\n{mark}1{mark}", engine)
    assert made.prose.blocks == ("<p>A</p>",)
    assert (made.prose.opening + made.prose.rest).count("\x04") - 2 * (mark == "\x04") in (1, 3)


def test_lines_are_those_of_the_file(engine: Engine) -> None:
    body = "A\n\n::: note\nB\n:::\n\n- x\n\n    ::: tip\n    C\n    :::\n\n> [!WARNING]\n> D"
    assert [block.line for block in converted(body, engine).body.blocks] == [3, 9, 13]


def test_headings_links_and_words_in_blocks_count_as_any(engine: Engine) -> None:
    made = converted("::: box\n## A heading\n[a](b.md) words\n:::\n\n## A heading", engine)
    assert made.body.anchors == ("a-heading", "a-heading-2")
    assert [(found.target, found.line) for found in made.body.references] == [("b.md", 3)]
    assert made.body.words == 6


def test_an_excerpt_is_none_of_a_block(engine: Engine) -> None:
    made = converted("::: note\nNot this.\n:::\n\nThis is the beginning.", engine)
    assert made.body.excerpt == "This is the beginning."


# ------------------------------------------------------------------------------- alerts


@pytest.mark.parametrize("kind", ["note", "tip", "important", "warning", "caution"])
def test_an_alert_is_the_block_of_its_name(engine: Engine, read: Read, kind: str) -> None:
    body = f"> [!{kind.upper()}]\n> A *b*\n>\n> - c"
    assert read(body) == ("□0", ("<p>A <em>b</em></p><ul><li>c</li></ul>",))
    assert [block.name for block in converted(body, engine).body.blocks] == [kind]


def test_two_alerts_are_two(read: Read) -> None:
    assert read("> [!NOTE]\n> A\n\n> [!TIP]\n> B") == ("□0□1", ("<p>A</p>", "<p>B</p>"))


@pytest.mark.parametrize(
    "body",
    ["> A\n> [!NOTE]", "[!NOTE]\nA", "> [!NOTE] A", "> [!SPOILER]\n> A", "    > [!NOTE]\n    > A"],
)
def test_what_github_shows_as_a_quotation_stays_one(engine: Engine, body: str) -> None:
    assert converted(body, engine).body.blocks == ()


def test_a_block_in_an_alert_is_one(read: Read) -> None:
    assert read("> [!NOTE]\n> ::: tip\n> A\n> :::\n> B") == ("□0", ("□1<p>B</p>", "<p>A</p>"))


# ------------------------------------------------------------------------------- places


def test_the_promo_stands_where_the_text_says(engine: Engine) -> None:
    prose = converted("A\n\n::: promo :::\n\nB\n\nC\n\nD\n\nE", engine, after=2).prose
    assert prose.opening.strip() == "<p>A</p>"
    assert prose.rest.split() == ["<p>B</p>", "<p>C</p>", "<p>D</p>", "<p>E</p>"]


def test_a_summary_ends_where_the_text_says(engine: Engine) -> None:
    made = converted("::: more :::\n\nA story.", engine)
    assert "A story." not in made.body.excerpt
    assert converted("A story.\n\n::: more :::\n\nB", engine).body.excerpt == "A story."


@pytest.mark.parametrize("name", ["promo", "more"])
def test_a_place_inside_of_something_is_told(engine: Engine, name: str) -> None:
    made = converted(f"> ::: {name} :::\n\nB", engine)
    assert [(p.line, p.what) for p in made.problems] == [
        (1, f"`::: {name}` stands inside of something")
    ]
    twice = converted(f"A\n\n::: {name} :::\n\nB\n\n::: {name} :::\n\nC", engine)
    assert [(p.line, p.severity) for p in twice.problems] == [(7, "warning")]
    assert f"{name}" not in twice.prose.opening + twice.prose.rest


# ---------------------------------------------------------------------------- arguments

KINDS = {
    "figure": BlockKind(
        "figure",
        (
            Argument("src", "picture", required=True, first=True),
            Argument("caption"),
            Argument("width", "number", default=3),
            Argument("wide", "boolean"),
            Argument("kind", choices=("left", "right"), default="left"),
            Argument("taken", "date"),
        ),
    ),
    "note": BlockKind("note"),
}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("a.jpg", {"src": "a.jpg"}),
        ('"a b.jpg"', {"src": "a b.jpg"}),
        ("src=a.jpg", {"src": "a.jpg"}),
        ("a.jpg wide", {"src": "a.jpg", "wide": True}),
        ("wide a.jpg", {"src": "a.jpg", "wide": True}),
        ("a.jpg wide=no", {"src": "a.jpg", "wide": False}),
        ("a.jpg caption='He said \"no\"'", {"src": "a.jpg", "caption": 'He said "no"'}),
        (r'a.jpg caption="He said \"no\""', {"src": "a.jpg", "caption": 'He said "no"'}),
        ("a.jpg   width=2.5", {"src": "a.jpg", "width": 2.5}),
        ("a.jpg kind=right", {"src": "a.jpg", "kind": "right"}),
        ('a.jpg caption="ä → ü = 1"', {"src": "a.jpg", "caption": "ä → ü = 1"}),
        ('a.jpg caption=""', {"src": "a.jpg"}),
        ("https://a.example/b?c=d&e=f", {"src": "https://a.example/b?c=d&e=f"}),
        ("a.jpg caption=“A b”", {"src": "a.jpg", "caption": "A b"}),
        ("„a b.jpg“", {"src": "a b.jpg"}),
        ('a.jpg caption="“A” b"', {"src": "a.jpg", "caption": "“A” b"}),
        ("a.jpg caption=", {"src": "a.jpg"}),
    ],
)
def test_arguments_are_values(written: str, said: dict[str, object]) -> None:
    found = read_block(Block(f"figure {written}", 1, 3), KINDS)
    assert found.wrong == ()
    assert found.values == {"width": 3, "kind": "left"} | said


@pytest.mark.parametrize(
    ("written", "what", "remedy"),
    [
        ("figure", "it wants `src`", 'write `"picture.jpg"` behind the name'),
        ("figure a.jpg captoin=b", "it has no `captoin`", "did you mean `caption`?"),
        ("figure a.jpg b.jpg", "nobody knows what `b.jpg` is for", "put words that belong"),
        ("figure a.jpg width=x", '`width`: "x" is no number', "write one such as 3 or 2.5"),
        ("figure a.jpg wide=maybe", '`wide`: "maybe" is neither true nor false', "write `wide`"),
        ("figure a.jpg kind=rihgt", '`kind` cannot be "rihgt"', 'did you mean "right"?'),
        ("figure a.jpg taken=soon", '`taken`: "soon" is no date', "write one such as 2026-03-31"),
        ("figure a.jpg src=b.jpg", "`src` is given twice", "take one of them out"),
        ('figure a.jpg caption="open', '`caption="open` is no argument', "write arguments as in"),
        ("note x", "nobody knows what `x` is for", "take it out"),
    ],
)
def test_what_is_wrong_with_arguments_is_told(written: str, what: str, remedy: str) -> None:
    (problem,) = mistakes_of_blocks("articles/a.md", [Block(written, 7, 3)], KINDS)
    assert str(problem).startswith(
        f"content/articles/a.md:7: `::: {written.split()[0]}`: {what}; {remedy}"
    )


def test_all_mistakes_are_told_at_once() -> None:
    block = Block("figure captoin=a width=b c=d", 7, 3)
    assert len([*mistakes_of_blocks("articles/a.md", [block], KINDS)]) == 4


@pytest.mark.parametrize(
    ("written", "severity", "words"),
    [
        ("figrue a.jpg", "error", 'there is no block "figrue"; did you mean "figure"?'),
        ("spoiler", "warning", "`::: spoiler` is no block, and readers will see it"),
        ("{.lead}", "warning", "`::: {.lead}` is no block, and readers will see it"),
        ("{.note}", "warning", "write `::: note`, and its arguments behind a space"),
        ("note[A title]", "warning", "write `::: note`, and its arguments behind a space"),
    ],
)
def test_an_unknown_block_is_told(written: str, severity: str, words: str) -> None:
    (problem,) = mistakes_of_blocks("articles/a.md", [Block(written, 7, 3)], KINDS)
    assert problem.severity == severity
    assert words in str(problem)


def test_a_block_that_is_not_closed_is_told_at_its_opening() -> None:
    (problem,) = mistakes_of_blocks("a.md", [Block("note", 7, 3, is_closed=False)], KINDS)
    assert str(problem).startswith("content/a.md:7: `::: note` is never closed; write a line `:::`")


def test_types_of_arguments_are_all_known() -> None:
    types: tuple[ArgumentType, ...] = ("text", "address", "file", "table", "story")
    kind = {"x": BlockKind("x", tuple(Argument(name, name) for name in types))}
    said = read_block(Block(" ".join(["x", *(f"{name}=v" for name in types)]), 1, 3), kind)
    assert said.values == dict.fromkeys(types, "v")


# ------------------------------------------------------------------------------ hostile


def test_too_many_blocks_are_refused(engine: Engine) -> None:
    made = converted("::: note\n:::\n\n" * (MOST_BLOCKS + 1), engine)
    assert [problem.what for problem in made.problems] == [
        f"this text has more than {MOST_BLOCKS:,} blocks"
    ]


def test_a_file_with_too_many_blocks_is_told_with_all_else(engine: Engine) -> None:
    text = "---\ntitle: A\ndate: soon\n---\n" + "::: note\n:::\n\n" * (MOST_BLOCKS + 1)
    shape = Shape(engine, "en", True, 200, 3)
    made = read_text(Source("articles/a.md", "articles"), text.encode(), shape, "UTC")
    assert isinstance(made, Unread)
    assert [(problem.file, problem.line, problem.code) for problem in made.problems] == [
        ("content/articles/a.md", 3, "wrong-value"),
        ("content/articles/a.md", 5, "too-large"),
    ]


@pytest.mark.parametrize(
    "line", ["::: note\n", ":::\n", "> ::: note\n", "- ::: note\n", "> [!NOTE]\n\n", '::: "\n']
)
def test_endless_lines_of_blocks_take_no_longer_than_any_text_may(
    engine: Engine, line: str
) -> None:
    body = line * 100_000
    with limited(patience(len(body))):
        assert converted(body, engine).problems


def test_endless_arguments_take_no_longer_than_any_text_may() -> None:
    block = Block("figure " + "a " * 500_000, 7, 3)
    with limited(patience(len(block.written))):
        (problem,) = mistakes_of_blocks("articles/a.md", [block], KINDS)
    assert "nobody knows what" in problem.what


def test_deep_blocks_are_read(engine: Engine) -> None:
    opening = "".join(f"{':' * (40 - depth)} note\n" for depth in range(38))
    closing = "".join(f"{':' * (3 + depth)}\n" for depth in range(38))
    prose = converted(f"{opening}A\n{closing}", engine).prose
    assert prose.blocks[-1] == "<p>A</p>"
    assert all(
        block.strip() == f"\x04{number}\x05" for number, block in enumerate(prose.blocks[:-1], 1)
    )
