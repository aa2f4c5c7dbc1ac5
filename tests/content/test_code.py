"""Code in colours, with lines that are numbered and marked."""

import html
import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.colours import AA, Colour, least_contrast, read_colour
from generator.config import Engine
from generator.content.code import MOST, MOST_IN_ALL, without_colours
from generator.content.markdown.lint import lint
from generator.content.prose import Converted, convert
from generator.content.scan import Shape
from support.sites import REPOSITORY, SETTINGS, SmallSite, links

ENGINES = pytest.mark.parametrize("engine", ["markdown", "commonmark"])
SHEETS = "link[rel=stylesheet][href*='/code.']"


def converted(body: str, engine: Engine, **more: object) -> Converted:
    return convert(body, 1, Shape(engine, "en", True, 200, 3, **more))  # type: ignore[arg-type]


def shown(body: str, engine: Engine = "markdown", **more: object) -> str:
    prose = converted(body, engine, **more).prose
    return prose.opening + prose.rest


def code(body: str, engine: Engine = "markdown") -> str:
    """What stands in the first block of code."""
    return shown(body, engine).partition("<code")[2].partition(">")[2].partition("</code>")[0]


# ------------------------------------------------------------------------------- colours


@ENGINES
@pytest.mark.parametrize(
    ("body", "expected"),
    {
        "python": (
            "```python\ndef f(): return 1  # x < y\n```",
            '<span class="tk-k">def</span> <span class="tk-nf">f</span>(): '
            '<span class="tk-k">return</span> <span class="tk-mi">1</span>  '
            '<span class="tk-c1"># x &lt; y</span>\n',
        ),
        "what was changed": (
            "```diff\n- a\n+ b\n```",
            '<span class="tk-gd">- a</span>\n<span class="tk-gi">+ b</span>\n',
        ),
        "the ending of a file": ("```yml\na: 1\n```", '<span class="tk-nt">a</span>: 1\n'),
        "a name in capitals": ("```JSON\n1\n```", '<span class="tk-mi">1</span>\n'),
        "an attribute list": ("```{.json #id}\n1\n```", '<span class="tk-mi">1</span>\n'),
        "in an item": ("- a\n\n  ```json\n  1\n  ```", '<span class="tk-mi">1</span>\n'),
        "in a quotation": ("> ```json\n> 1\n> ```", '<span class="tk-mi">1</span>\n'),
        "a text of several lines": (
            '```python\n"""a\n\nb"""\n```',
            '<span class="tk-sd">"""a</span>\n\n<span class="tk-sd">b"""</span>\n',
        ),
        "marks that are escaped": (
            '```json\n"\\" \\{ \\< &amp;"\n```',
            '<span class="tk-s2">"\\" \\{ \\&lt; &amp;amp;"</span>\n',
        ),
        "no language": ("```\ndef f(): 1\n```", "def f(): 1\n"),
        "plain text": ("```text\ndef f(): 1\n```", "def f(): 1\n"),
        "an unknown language": ("```klingon\ndef f(): 1\n```", "def f(): 1\n"),
        "indented": ("    def f(): 1", "def f(): 1\n"),
        "nothing": ("```python\n```", ""),
    }.values(),
)
def test_code_gets_the_classes_of_its_language(body: str, expected: str, engine: Engine) -> None:
    assert code(body, engine).replace("&quot;", '"') == expected


@ENGINES
@pytest.mark.parametrize("raw_html", [True, False, "safe"])
def test_colours_stay_whatever_becomes_of_html(engine: Engine, raw_html: object) -> None:
    body = "A <b>c</b>\n\n```python {hl_lines=1 start=3}\nx = 1\n```"
    assert '<mark data-line="3">x = <span class="tk-mi">1</span></mark>' in shown(
        body, engine, raw_html=raw_html
    )


@settings(deadline=None)
@given(st.text(st.sampled_from("ab \n\"'#{}<&/\\`*_=1"), max_size=40))
def test_no_character_of_code_is_lost(written: str) -> None:
    body = f"``````python {{hl_lines=2 start=1}}\n{written}\n``````"
    for engine in ("markdown", "commonmark"):
        found = without_colours(code(body, engine))
        assert html.unescape(re.sub("<[^>]*>", "", found)) == f"{written}\n"


def test_code_that_an_author_has_marked_keeps_its_tags() -> None:
    body = '<pre><code class="language-python">x = <b>1</b></code></pre>'
    assert body.removeprefix("<pre>") in shown(body)


def test_long_code_has_no_colours() -> None:
    line = "x = 1\n"
    assert "tk-" in code(f"```python\n{line * (MOST // len(line))}```")
    assert "tk-" not in code(f"```python\n{line * (MOST // len(line) + 1)}```")
    blocks = MOST_IN_ALL // MOST + 1
    some = f"```python\n{line * (MOST // len(line))}```\n\n" * blocks
    assert shown(some).count("<pre") == blocks
    assert [("tk-" in part) for part in shown(some).split("<pre")[1:]] == [True] * 3 + [False]


@pytest.mark.long
def test_code_on_which_pygments_works_for_minutes_is_told(site: SmallSite) -> None:
    site.article("a", f"Text\n\n```systemd\n{' ' * 15_000}x\n```")
    told = "it takes too long to find the colours of this code; write `text` for its language"
    assert site.errors() == [f"content/articles/a.md:8: {told}"]


@pytest.mark.parametrize("name", ["codehilite", "pymdownx.superfences", "pymdownx.highlight"])
def test_code_is_left_to_an_extension_that_colours_it(site: SmallSite, name: str) -> None:
    site.write({"site.toml": f'{SETTINGS}[markdown]\nextensions = ["{name}"]\n'})
    site.article("a", "```python\nx = 1\n```\n\n```klingon\nx\n```")
    assert not site.warnings()
    assert "tk-" not in site.text("/2026/06/a/")
    assert not links(site.page("/2026/06/a/"), SHEETS)


def test_feeds_keep_tags_around_code(site: SmallSite) -> None:
    own = '`a` <span class="x">b</span>\n\n<pre><code>c</code> d</pre>\n\n<p><span>e</span></p>'
    site.article("a", f"{own}\n\n```json\n1\n```\n\n<pre><code><span>f</span></code></pre>")
    site.build()
    feed = html.unescape(site.text("feed.xml"))
    assert all(f"<span{tag}</span>" in feed for tag in (' class="x">b', ">e", ">f"))
    assert "tk-" not in feed


def test_many_unknown_languages_are_told_soon() -> None:
    body = "\n\n".join(f"```klingon{n}\nx\n```" for n in range(3000))
    assert len(lint(body, 1, "a.md", "markdown")) == 3000
    assert len(lint("```klingon\nx\n```\n\n" * 100, 1, "a.md", "markdown")) == 1


def test_marks_outside_of_code_ask_for_no_stylesheet(site: SmallSite) -> None:
    site.article("a", '<mark>a</mark> <span class="tk-k">b</span> `c`')
    site.build()
    assert not links(site.page("/2026/06/a/"), SHEETS)


def test_a_hundred_thousand_lines_of_code_are_a_text() -> None:
    made = converted("```python\n" + "x = 1\n" * 100_000 + "```", "markdown")
    assert not made.problems
    assert made.prose.opening.count("x = 1\n") == 100_000


# --------------------------------------------------------------------------------- lines


@ENGINES
@pytest.mark.parametrize(
    ("info", "marked", "numbers"),
    [
        ('python {hl_lines="2 4-6" linenos=true start=10}', [2, 4, 5], [10, 11, 12, 13, 14]),
        ('python {hl_lines=[1,"3-4"],linenos=inline,linenostart=199}', [1, 3, 4], range(199, 204)),
        ('{.python hl_lines="1 3" linenums="1"}', [1, 3], range(1, 6)),
        ('python hl_lines="2" linenums="7"', [2], range(7, 12)),
        ("python {1,3-4}", [1, 3, 4], []),
        ("python{2}", [2], []),
        ("python showLineNumbers", [], range(1, 6)),
        ("python,linenos,linenostart=20,hl_lines=3 4", [3, 4], range(20, 25)),
        ("python {linenos=false}", [], []),
        ("{hl_lines=9}", [], []),
        ("text {start=0}", [], range(5)),
        ('python title="hl_lines=2"', [], []),
    ],
)
def test_lines_are_marked_and_numbered(
    info: str, marked: list[int], numbers: range, engine: Engine
) -> None:
    lines = code(f"```{info}\na\nb\n\nd\ne\n```", engine).split("\n")[:5]
    assert [n for n, line in enumerate(lines, 1) if line.startswith("<mark")] == marked
    found = (re.search(r'data-line="(\d+)"', line) for line in lines)
    assert [int(number[1]) for number in found if number] == [*numbers]
    assert "hl_lines=" not in shown(f"```{info}\na\n```", engine)


def test_who_copies_code_copies_no_numbers(site: SmallSite, browser: object) -> None:
    site.article("a", "```python {linenos=true hl_lines=2}\nx = 1\n\ny\n```")
    site.build()
    page = browser.new_page()  # type: ignore[attr-defined]
    page.set_content(site.text("/2026/06/a/"))
    page.add_style_tag(path=str(next((site.public / "assets").glob("code.*.css"))))
    copied = page.evaluate(
        "() => { getSelection().selectAllChildren(document.querySelector('pre'));"
        " return getSelection().toString() }"
    )
    assert copied.rstrip("\n") == "x = 1\n\ny"


# ----------------------------------------------------------------------------- what is told


def test_an_unknown_language_is_told_with_its_line(site: SmallSite) -> None:
    bodies = {
        "a": "Text\n\n```pyhton\nx\n```",
        "b": "```klingon\nx\n```",
        "c": "~~~ console\n$ x\n~~~",
    }
    for name, body in bodies.items():
        site.article(name, body)
    assert site.warnings() == [
        "content/articles/a.md:8: there are no colours for the language `pyhton`;"
        " did you mean `python`?",
        "content/articles/b.md:6: there are no colours for the language `klingon`;"
        " write `text` for what is in none",
    ]


# ----------------------------------------------------------------------------- stylesheets


def test_only_a_page_with_such_code_loads_the_stylesheet_and_once(site: SmallSite) -> None:
    site.write({"layouts/article.html": "{{ prose(story.body).html }}{{ prose(story.body).html }}"})
    site.article("a", "```python\nx = 1\n```")
    site.article("b", "```\nx = 1\n```")
    site.build()
    assert len(links(site.page("/2026/06/a/"), SHEETS)) == 1
    assert not links(site.page("/2026/06/b/"), SHEETS)
    assert not links(site.page("/"), SHEETS)


def test_the_stylesheet_is_linked_by_every_page_that_shows_the_text_first(site: SmallSite) -> None:
    site.write(
        {"layouts/front.html": "{% for one in stories() %}{{ prose(one).html }}{% endfor %}"}
    )
    for name in ("a", "b"):
        site.article(name, "```python\nx = 1\n```")
    site.build()
    for path in ("/", "/2026/06/a/", "/2026/06/b/"):
        assert site.text(path).count("/assets/code.") == 1


def test_another_stylesheet_is_another_page(site: SmallSite) -> None:
    site.article("a", "```python\nx = 1\n```")
    site.build()
    before = links(site.page("/2026/06/a/"), SHEETS)
    site.write({"layouts/assets/code.css": ".tk-mi { color: red }"})
    site.build()
    after = links(site.page("/2026/06/a/"), SHEETS)
    assert before != after
    assert (site.public / after[0].lstrip("/")).is_file()


def test_feeds_have_plain_code(site: SmallSite) -> None:
    site.article("a", "```python {hl_lines=1 linenos=true}\nx = 1\n```")
    site.build()
    plain = '<pre tabindex="0"><code class="language-python"><mark>x = 1</mark>\n</code></pre>'
    assert html.escape(plain, quote=False) in site.text("feed.xml").replace("&#34;", '"')
    assert "code.css" not in site.text("feed.xml")


PAIR = r"light-dark\((#\w+), (#\w+)\)"


def grounds(scheme: int) -> list[Colour]:
    """The grounds that code may have in a scheme: the site's, and that of a marked line."""
    sheets = REPOSITORY / "layouts/assets"
    site, own = ((sheets / name).read_text() for name in ("site.css", "code.css"))
    pairs = re.findall(rf"--(?:paper|wash): {PAIR}", site) + re.findall(rf"background: {PAIR}", own)
    assert len(pairs) == 3
    return [colour for pair in pairs if (colour := read_colour(pair[scheme]))]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_colour_can_be_read_on_every_ground(scheme: int) -> None:
    written = (REPOSITORY / "layouts/assets/code.css").read_text()
    colours = [pair[scheme] for pair in re.findall(rf"(?<![\w-])color: {PAIR}", written)]
    assert len(colours) > 8
    for colour in colours:
        found = read_colour(colour)
        assert found and least_contrast(found, grounds(scheme)) >= AA, colour


def test_what_colours_code_is_imported_for_code_alone() -> None:
    program = (
        "import sys; import generator.workspace; from generator.content.prose import convert;"
        "from generator.content.scan import Shape;"
        "made = lambda body: convert(body, 1, Shape('markdown', 'en', True, 200, 3, math=True));"
        "seen = lambda: print('pygments' in sys.modules, 'math_core' in sys.modules);"
        "made('`a` costs 5\\n\\n    b'); seen(); made('```py\\n1\\n```\\n\\n$x$'); seen()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["False", "False", "True", "True"]
