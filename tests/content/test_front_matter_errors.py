"""Front matter that cannot be right: each mistake is told with its line and its remedy."""

from datetime import UTC

import pytest

from generator.moments import read_moment
from support.front_matter import opened, told
from support.sites import SmallSite, refused

ARTICLE = "content/articles/a.md"
MEND = "mend the line or the one above it"

NONE = (
    "there is no front matter; start the file with a line `---`,"
    " fields such as `title: …`, and a line `---`"
)
NO_DATE = "is not a date; write 2026-03-31 or 2026-03-31T08:00"
FRONT_MATTER = {
    "---\ntitle: A\ntitle: B\n---\n": f"3: broken YAML: the field `title` is there twice; {MEND}",
    "---\ntitle: Summit: it begins\n---\n": "2: broken YAML: mapping values are not allowed"
    " in this context; put a text that holds a colon in quotes",
    '+++\ntitle = "A\n+++\n': "2: broken TOML: illegal character '\\n'; mend the line",
    "\n+++\ndate = 2026-06-31\n+++\n": "3: broken TOML: invalid date or datetime; mend the line",
    '+++\ntitle = """A\n\n+++\n': "2: broken TOML: unterminated string; mend the line",
    "+++\ndate = 2026-06-01\ntags = [\n+++\n": "3: broken TOML: invalid value;"
    " put the text in quotes",
    '+++\na = "A"\na = "B"\n+++\n': "3: broken TOML: cannot overwrite a value; mend the line",
    '{\n"title": "A",\n}\n\nText.': "3: broken JSON:"
    f" expecting property name enclosed in double quotes; {MEND}",
    '{\n"a": "A"\n"b": "B"\n}\n\nX': f"3: broken JSON: expecting ',' delimiter; {MEND}",
    '{\n"title": "A",\n"title": "B"\n}\n\nX': "3: broken JSON:"
    " the field `title` is there twice; take one of them out",
    '{\n"title": "x \\ud83d y",\n"date": "2026-06-01"\n}\n\nX': "2: title: it holds the control"
    " character '\\ud83d'; take it out",
    '---\ntitle: "A\ndate: 2026-06-01\nkicker: K\n---\n': "2: broken YAML: found unexpected end of"
    " stream; close what is opened there",
    "---\ntitle: A\ndate: 2026-06-01\nextra: &a [*a]\n---\n": "4: extra: it holds itself;"
    " take it out",
    '---\ntitle: ""\ndate: 2026-06-01\n---\n': "2: title is empty; fill in `title`",
    '---\ntitle: "  "\ndate: 2026-06-01\n---\n': "2: title is empty; fill in `title`",
    '---\ntitle: A\ndate: 2026-06-01\nauthor: "!!!"\n---\n': '4: author: "!!!" has no letter'
    " or digit to make an address of; write it in letters",
    "Only text.\n": f"1: {NONE}",
    "": f"1: {NONE}",
    "---\ntitle: A\n\nX.\n": "1: the front matter never ends; close it with a line `---`",
    '+++\ntitle = "A"\n': "1: the front matter never ends; close it with a line `+++`",
    "---\n- a\n---\n": "1: the front matter is no table of fields; write `title: …`",
    "---\ndate: 2026-06-01\n---\n": "1: title is missing; add `title`",
    "---\ntitle:\ndate: 2026-06-01\n---\n": "2: title is missing; add `title`",
    "---\ntitle: A\n---\n": "1: date is missing; add `date`",
    "---\ntitle: A\ndate: yesterday\n---\n": f'3: date: "yesterday" {NO_DATE}',
    "---\ntitle: A\ndate: 2026-02-30\n---\n": f'3: date: "2026-02-30" {NO_DATE}',
    "---\ntitle: A\ndate: 06/01/2026\n---\n": f'3: date: "06/01/2026" {NO_DATE}',
}


@pytest.mark.long
@pytest.mark.parametrize("text", FRONT_MATTER)
def test_broken_front_matter(built: SmallSite, text: str) -> None:
    built.write({ARTICLE: text})
    assert refused(built) == [f"{ARTICLE}:{FRONT_MATTER[text]}"]


def test_every_wrong_field_is_told_at_once(built: SmallSite) -> None:
    fields = "title: [yes]\ntags: AI, Law\ndraft: perhaps\ncorrections:\n- text: x\n- date: y\n"
    built.write({ARTICLE: f"---\n{fields}---\n"})
    assert refused(built) == [
        f"{ARTICLE}:1: date is missing; add `date`",
        f"{ARTICLE}:2: title: expected text, got a list; write text in quotes",
        f"{ARTICLE}:3: tags: expected a list, got text; write [AI, Law]",
        f"{ARTICLE}:4: draft: expected true or false, got text; write true or false",
        f"{ARTICLE}:6: corrections[1].date is missing; add `date`",
        f'{ARTICLE}:7: corrections[2].date: "y" {NO_DATE}',
        f"{ARTICLE}:7: corrections[2].text is missing; add `text`",
    ]


def test_bytes_that_are_no_utf8(built: SmallSite) -> None:
    built.write({ARTICLE: b"---\ntitle: A\ndate: 2026-06-01\n---\n\nCaf\xe9\n"})
    what = "the bytes are no UTF-8 (0xe9); save the file as UTF-8"
    assert refused(built) == [f"{ARTICLE}:6: {what}"]


@pytest.mark.parametrize("extra", ["? [a, b]\n: c", "extra:\n  ? [a, b]\n  : c"])
def test_a_list_is_no_name_of_a_field(built: SmallSite, extra: str) -> None:
    built.write({ARTICLE: f"---\ntitle: A\ndate: 2026-06-01\n{extra}\n---\n"})
    (message,) = refused(built)
    assert message.startswith(f"{ARTICLE}:") and ": broken " in message


def test_a_control_character(built: SmallSite) -> None:
    values = {
        "title": '"bell \\a"',
        "slug": '"a\\0"',
        "summary": '"\\e"',
        "aliases": '\n- "/b\\x07"',
    }
    built.article("a", **values)
    said = {
        2: ("title", "x07"),
        4: ("slug", "x00"),
        5: ("summary", "x1b"),
        7: ("aliases[1]", "x07"),
    }
    assert refused(built) == [
        f"{ARTICLE}:{line}: {field}: it holds the control character '\\{code}'; take it out"
        for line, (field, code) in said.items()
    ]


@pytest.mark.parametrize(
    ("rows", "line", "name"),
    [
        ("title:One\ndate: 2026-06-01", 2, "title"),
        ("date: 2026-06-01\ntitle:One", 3, "title"),
        ("title: A\ndate:2026-06-01\nkicker: b", 3, "date"),
        ("title:One\ndate:2026-06-01\nkicker: b", 2, "title"),
        ("title:One", 2, "title"),
        ("title: A\ndate: 2026-06-01\nimage:\n  src:b\n  alt: c", 5, "src"),
        ("kicker: https://a.example/\nüber:One\ndate: 2026-06-01", 3, "über"),
    ],
)
def test_a_colon_without_a_space_is_told_where_it_stands(rows: str, line: int, name: str) -> None:
    assert told(f"---\n{rows}\n---\n") == [
        f"error {line}: there is no space behind the colon of `{name}`;"
        f" write a space behind the colon: `{name}: …`"
    ]


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("title", ["One{}Two", '"One{}Two"', "[One{}Two", "One:{}Two"])
def test_a_sign_that_ends_lines_for_yaml_alone_is_a_space(sign: str, title: str) -> None:
    matter, problems = opened(f"---\ntitle: {title.format(sign)}\ndate: 2026-06-01\n---\n")
    assert problems or matter.title == "One Two"
    assert [problem.line for problem in problems] in ([], [2])


@pytest.mark.parametrize(
    "written", ["2026-03-31T08:00", "2026-03-31 08:00", "2026-03-31T08:00+02:00", "2026-3-31"]
)
def test_toml_has_moments_as_all_formats_have_them(written: str) -> None:
    matter, problems = opened(f'+++\ntitle = "A"\ndate = {written}\n+++\n')
    assert problems == []
    assert matter.date == read_moment(written).replace(tzinfo=read_moment(written).tzinfo or UTC)


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ("tags = [007]", "007"),
        ('tags = ["x", 08]', "08"),
        ("kicker = 31.3.2026", "31.3.2026"),
        ("featured = 01", "01"),
    ],
)
def test_a_number_that_toml_does_not_know_is_for_quotes(row: str, value: str) -> None:
    (message,) = told(f'+++\ntitle = "A"\ndate = 2026-06-01\n{row}\n+++\n')
    assert message.startswith("error 4: broken TOML: ")
    assert message.endswith(f'; put it in quotes: "{value}"')


@pytest.mark.parametrize(
    ("field", "remedy"),
    [
        ("tags: [a #1, b]", 'list never ends; put what holds a # in quotes: ["a #1"]'),
        ('tags: ["x, y", c d #1 e]', 'list never ends; put what holds a # in quotes: ["c d #1 e"]'),
        (
            "image: {src: a #1.png, alt: b}",
            'table never ends; put what holds a # in quotes: {src: "a #1.png"}',
        ),
        ('tags: "[a, b c]"', "tags: expected a list, got text; write [a, b c]"),
        ("tags: \"['a', b]\"", "tags: expected a list, got text; write [a, b]"),
        ('draft: "true"', "got text; take the quotes out: write true"),
        ('comments: "false"', "got text; take the quotes out: write false"),
        (
            "extra: {}\nexpires: 9999-12-31T23:00-05:00",
            "is at the edge of the calendar; write a year between 2 and 9998",
        ),
    ],
)
def test_the_remedy_is_the_whole_of_what_is_to_be_written(field: str, remedy: str) -> None:
    (message,) = told(f"---\ntitle: A\ndate: 2026-06-01\n{field}\n---\n")
    assert message.startswith("error ")
    assert message.endswith(remedy)


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("url: /a/", "`url` is `permalink` here; write `permalink`"),
        ("path: /a/", "`path` is `permalink` here; write `permalink`"),
        (
            "url: https://x.example/",
            '`url` is `source.url` here; write source: {name: "…", url: "https://x.example/"}',
        ),
        (
            "redirect: https://x.example/",
            "`redirect` has no meaning here; take it out, or put it below `extra`",
        ),
        ("redirect: /x/", "`redirect` is `aliases` here; write aliases: [/x/]"),
    ],
)
def test_an_address_elsewhere_is_known_by_what_it_is(field: str, message: str) -> None:
    assert told(f"---\ntitle: A\ndate: 2026-06-01\n{field}\n---\n") == [f"warning 4: {message}"]
