"""Words of front matter that its format takes for something else: none is lost in silence."""

import pytest

from support.front_matter import opened, told, yaml
from support.sites import SmallSite, words

QUOTES = "put it in quotes"
LOST = {
    "title: Weekly digest #42": ("3: title", "#42"),
    "title: Weekly digest # 42": ("3: title", "# 42"),
    "title: In C #": ("3: title", "#"),
    'title: "Friends" #1': ("3: title", "#1"),
    "summary: one\n  two #3": ("5: summary", "#3"),
    "summary: one\n  #two": ("5: summary", "#two"),
    "summary: > #1 in sales\n  text": ("4: summary", "#1 in sales"),
    "summary: |  #1\n  text": ("4: summary", "#1"),
    "kicker: #42": ("4: kicker", "#42"),
    "author: Jane #2": ("4: author", "#2"),
    "author: [Jane, Bo #2\n  ]": ("4: author[2]", "#2"),
    "authors:\n  - Jane #2\n  - Bo": ("5: authors[1]", "#2"),
    "authors:\n- Bo\n- Jane #2": ("6: authors[2]", "#2"),
    "tags: #AI #Climate": ("4: tags", "#AI #Climate"),
    "tags: #AI\n  - Climate": ("4: tags", "#AI"),
    "tags:\n  #AI\n  #Climate": ("5: tags", "#AI"),
    "tags: [AI, #Climate\n  ]": ("4: tags[1]", "#Climate"),
    "tags: [\n  AI,\n  #Climate\n  ]": ("6: tags[1]", "#Climate"),
    'tags: ["AI", Law] #Climate': ("4: tags[2]", "#Climate"),
    "image:\n  src: a.png\n  alt: Crowd #3": ("6: image.alt", "#3"),
    "image: {src: a.png, alt: Crowd #3\n  }": ("4: image.alt", "#3"),
    "corrections:\n  - date: 2026-06-02\n    text: Page #3": ("6: corrections[1].text", "#3"),
    "promo: summer #2": ("4: promo", "#2"),
    "promo: yes-no #2": ("4: promo", "#2"),
    "slug: a #b": ("4: slug", "#b"),
    "related: {pin: [a #b\n  ]}": ("4: related.pin[1]", "#b"),
    "extra:\n  mood: calm #2": ("5: extra.mood", "#2"),
    "extra:\n  moods:\n    - calm #2": ("6: extra.moods[1]", "#2"),
    "author: yes #2": ("4: author", "#2"),
    "kicker: 1984 #2": ("4: kicker", "#2"),
    "kicker: Ü😀\u00a0é #2": ("4: kicker", "#2"),
}


@pytest.mark.parametrize("fields", LOST)
def test_a_comment_that_swallows_text_is_a_warning(fields: str) -> None:
    place, words = LOST[fields]
    what = f'the part from # is a comment: "{words}"'
    assert told(yaml(fields)) == [f"warning {place}: {what}; {QUOTES}"]


MEANT = [
    "title: Weekly  # a note",
    "title: Weekly\t# a note",
    "title: Weekly  #",
    "title: Weekly  ## a note",
    'title: "Weekly" # a note',
    "title: 'Weekly #42'",
    "title: Weekly#42",
    "title: C# and F#",
    "title: Weekly\n# a line",
    "summary: Weekly\n  # a line\ntags: [A]",
    "#draft: true",
    "# draft: true",
    "  # draft: true",
    "kicker:  # none yet",
    "tags: # topics\n  - A",
    "tags:\n  # topics\n  - A",
    "tags:\n  - A\n  #- B",
    "tags:\n  - A\n#  - B",
    "tags:\n- A\n#- B",
    "tags:\n  #- A\n  - B",
    "tags: [A, B] # topics",
    "tags: [\n  A, # first\n  B  # second\n  ]",
    "tags: [A,\n  # B,\n  C]",
    "image: # the lead\n  src: a.png\n  alt: b\n  #title: c",
    "date: 2026-06-01 # the day",
    "date: 2026-06-01 #1",
    "draft: true # not yet",
    "draft: true #1",
    "featured: 1 #1",
    "comments: no #1",
    "promo: false #1",
    "expires: 2027-01-01 #1",
    "extra:\n  n: 3 #1\n  on: yes #2",
    "summary: |\n  a #b\n  #c",
    "summary: >\n  a #b\n# c",
    "slug: a-b  # Ü",
    "title: A ! b & c * d",
    "title: 'A'\nkicker: &me Jane\nauthor: *me",
    "extra: {base: &base {a: b}, more: {<<: *base}}",
    "kicker: !!str 007",
]


@pytest.mark.parametrize("fields", MEANT)
def test_a_comment_that_is_meant_as_one_is_left_in_peace(fields: str) -> None:
    assert told(yaml(fields)) == []


SIGNS = {
    "title: &Friends open": '3: title: "&Friends" is read as the name of an anchor',
    "tags: &AI [Law]": '4: tags: "&AI" is read as the name of an anchor',
    "tags:\n  - &AI Law": '5: tags[1]: "&AI" is read as the name of an anchor',
    "image: {src: a.png, alt: &Co us}": '4: image.alt: "&Co" is read as the name of an anchor',
    "kicker: ! Alarm": '4: kicker: "!" is read as a tag',
    "kicker: !": '4: kicker: "!" is read as a tag',
    "kicker: &Co": '4: kicker: "&Co" is read as the name of an anchor',
}


@pytest.mark.parametrize("fields", SIGNS)
def test_an_anchor_or_a_tag_that_swallows_text_is_a_warning(fields: str) -> None:
    assert told(yaml(fields)) == [f"warning {SIGNS[fields]}, not as text; {QUOTES}"]


QUOTE = "put the text in quotes"
NO_NAME = (
    "broken YAML: the name of a field is a list or a table;"
    " write a name and a colon, or put the text in quotes"
)
BROKEN = {
    "tags: [#AI, #Climate]": "4: broken YAML: the part from # is a comment, and so the list never"
    ' ends; put what holds a # in quotes: ["#AI", "#Climate"]',
    "kicker: a\ntags: [AI, #Climate]\nslug: b": "5: broken YAML: the part from # is a comment, and"
    ' so the list never ends; put what holds a # in quotes: ["#Climate"]',
    'tags: ["a#b", C #2]': "4: broken YAML: the part from # is a comment, and so the list never"
    ' ends; put what holds a # in quotes: ["C #2"]',
    "kicker: *Friends": "4: broken YAML: found undefined alias;"
    " put a text that begins with * in quotes",
    "kicker: **Bold** move": "4: broken YAML: did not find expected alphabetic or numeric"
    f" character; {QUOTE}",
    "kicker: !Important news": "4: broken YAML: the tag `!Important` means nothing here;"
    f" {QUOTE}, or take the tag out",
    "kicker: !!binary aGk=": "4: broken YAML: the tag `!!binary` means nothing here;"
    f" {QUOTE}, or take the tag out",
    "kicker: [Update] The story": "4: broken YAML: did not find expected key;"
    " put the whole text in quotes",
    'kicker: "Quoted" and more': "4: broken YAML: did not find expected key;"
    " put the whole text in quotes",
    "kicker: - dash": "4: broken YAML: block sequence entries are not allowed in this context;"
    f" {QUOTE}",
    "kicker: > one": f"4: broken YAML: did not find expected comment or line break; {QUOTE}",
    "kicker: ,one": f"4: broken YAML: did not find expected node content; {QUOTE}",
    "kicker: @jane": "4: broken YAML: found character that cannot start any token;"
    f" {QUOTE}; begin lines with spaces, not tabs",
    "...\nkicker: a": "5: broken YAML: did not find expected <document start>;"
    " take the line out: the fields are one table",
    "--- a": "4: broken YAML: but found another document;"
    " take the line out: the fields are one table",
    "kicker: a\x80b": "4: broken YAML: it holds the control character '\\x80'; take it out",
    "? [a, b]\n: c": f"4: {NO_NAME}",
    "extra:\n  ? {a: b}\n  : c": f"5: {NO_NAME}",
    "kicker: {{ site.name }}": f"4: {NO_NAME}",
}


@pytest.mark.parametrize("fields", BROKEN)
def test_yaml_that_breaks_on_text_says_what_to_do(fields: str) -> None:
    assert told(yaml(fields)) == [f"error {BROKEN[fields]}"]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("!!timestamp x", "x"),
        ("!!int x", "x"),
        ("!!bool maybe", "maybe"),
        ("!!null x", "x"),
        ("!!float .inf", ".inf"),
    ],
)
def test_a_tag_of_yamls_own_hides_no_text(typed: str, text: str) -> None:
    matter, problems = opened(yaml(f"kicker: {typed}\nextra: {{a: {typed}}}"))
    assert problems == []
    assert (matter.kicker, matter.extra) == (text, {"a": text})


@pytest.mark.parametrize("name", ["1", "null", "yes", "1.5", "~", "''", "2026-01-01"])
def test_any_scalar_is_a_name_as_it_is_typed(name: str) -> None:
    (warning,) = told(yaml(f"{name}: x"))
    assert warning.startswith(f"warning 4: `{name.strip(chr(39))}` has no meaning here")
    assert opened(yaml(f"extra: {{{name}: x}}"))[0].extra == {name.strip("'"): "x"}


def test_merged_fields_are_fields() -> None:
    fields = "extra: &more {draft-of: b}\n<<: {kicker: K, draft: true}"
    matter, problems = opened(yaml(fields))
    assert (matter.kicker, matter.draft, problems) == ("K", True, [])
    assert told(yaml("<<: x"))[0].startswith("error 4: broken YAML: expected a mapping")


def test_a_comment_in_toml_is_one() -> None:
    text = '+++\ntitle = "A" #42\ndate = 2026-06-01 #1\ntags = ["#b", #c\n]\n+++\n'
    matter, problems = opened(text)
    assert problems == []
    assert matter.tags == ("#b",)


# ------------------------------------------------------------------------------- size


SIZE = "it unfolds to more than 100,000 values; make it smaller"
DEPTH = "nests deeper than 100 levels; make it flatter"
LEVELS = "".join(
    f"  g{n}: &g{n} [{', '.join([f'*g{n - 1}' if n else 'a'] * 9)}]\n" for n in range(9)
)


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (f"extra:\n{LEVELS}", f"4: extra: {SIZE}"),
        (f"mood:\n{LEVELS}\nextra: {{z: *g8}}", f"4: mood: {SIZE}"),
        (f"extra: {{a: &a '{'x' * 100_000}', b: [{'*a, ' * 2_000}]}}", f"4: extra: {SIZE}"),
        (f"extra: {{a: &a {{b: 1, c: 2}}, d: [{'{<<: *a}, ' * 40_000}]}}", f"4: extra: {SIZE}"),
        (f"extra: {{a: [{'1, ' * 100_001}]}}", f"4: extra: {SIZE}"),
        (f"extra: {{a: {nested(100)}}}", f"4: extra: it {DEPTH}"),
        (f"tags: {nested(101)}", f"4: tags: it {DEPTH}"),
        ("extra:\n  a0: &a0 [1]\n" + "".join(f"  a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 101)),
         f"4: extra: it {DEPTH}"),
        (f"extra:\n  a: {nested(2_000)}", "5: the fields nest deeper than 100 levels;"
         " make them flatter"),
        ("extra: &a [*a]", "4: extra: it holds itself; take it out"),
        ("kicker: a\nextra: &a {b: {c: *a}}", "5: extra: it holds itself; take it out"),
    ],
)  # fmt: skip
def test_yaml_that_unfolds_to_too_much(fields: str, message: str) -> None:
    assert told(yaml(fields)) == [f"error {message}"]


def test_as_much_as_that_is_read() -> None:
    many = ", ".join(["1"] * 99_000)
    matter, problems = opened(yaml(f"extra: {{a: {nested(99)}, b: [{many}]}}"))
    assert problems == []
    assert len(matter.extra["b"]) == 99_000


@pytest.mark.parametrize("levels", [101, 500, 100_000])
def test_toml_and_json_that_nest_too_deep(levels: int) -> None:
    toml = told(f'+++\ntitle = "A"\ndate = 2026-06-01\nextra.a = {nested(levels)}\n+++\n')
    json = told(f'{{"title": "A",\n"date": "2026-06-01", "extra":\n{{"a": {nested(levels)}}}}}')
    for (message,), line in ((toml, 4), (json, 3)):
        assert message.startswith("error ")
        assert "deeper than 100 levels; make " in message
        assert levels == 101 or message.startswith(f"error {line}: ")


def test_toml_and_json_that_hold_too_much() -> None:
    many = ", ".join(["1"] * 100_001)
    toml = told(f'+++\ntitle = "A"\ndate = 2026-06-01\n[extra]\na = [{many}]\n+++\n')
    json = told(f'{{"title": "A", "date": "2026-06-01",\n"extra": {{"a": [{many}]}}}}')
    assert toml == [f"error 4: extra: {SIZE}"]
    assert json == [f"error 2: extra: {SIZE}"]


@pytest.mark.parametrize("parts", [101, 300, 3_000, 50_000])
@pytest.mark.parametrize("row", ["{} = 1", "[{}]\nb = 1", "[[{}]]", "'a' . {} = 1", "a = {{{}=1}}"])
def test_a_name_of_many_dots_is_no_deeper_than_others(row: str, parts: int) -> None:
    dots = ".".join(["a"] * parts)
    toml = f'+++\ntitle = "A"\ndate = 2026-06-01\n{row.format(dots)}\n+++\n'
    (message,) = told(toml)
    assert message.replace("'", "") == f"error 4: a: it {DEPTH}"


@pytest.mark.parametrize("value", ['"{}"', '"""\n{}\n"""', "1 # {}", "[{}]"])
def test_dots_that_are_in_no_name_nest_nothing(value: str) -> None:
    dots = ", ".join(["1.5"] * 300) if value == "[{}]" else "a." * 300
    assert told(f'+++\ntitle = "A"\ndate = 2026-06-01\nextra.a = {value.format(dots)}\n+++\n') == []


@pytest.mark.parametrize("number", ["0x" + "f" * 6_000, "9" * 3_500, "0b" + "1" * 60_000])
def test_a_number_that_is_too_large_is_what_was_typed(number: str) -> None:
    for text in (
        yaml(f"title: {number}\nextra: {{b: {number}}}"),
        f"+++\ntitle = {number}\ndate = 2026-06-01\n[extra]\nb = {number}\n+++\n",
    ):
        matter, problems = opened(text)
        assert problems == []
        assert (matter.title, matter.extra) == (number, {"b": number})
    wrong = "featured: expected a whole number, got text; write one such as 3"
    assert told(yaml(f"featured: {number}")) == [f"error 4: {wrong}"]


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x0b\x0c"])
def test_a_sign_that_moves_down_parts_words(built: SmallSite, sign: str) -> None:
    built.article("a", f"First line{sign}Second line", title=f"One{sign}Two")
    built.build()
    page = built.page("/2026/06/a/")
    assert "First line Second line" in words(page)
    assert "One Two" in words(page)
