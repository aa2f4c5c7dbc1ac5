"""Texts that are made to take long: what repeats, nests, never closes, or is mostly space.

`n` is how often a piece comes. Work that grows with the square of it takes minutes where
work in proportion takes a second.
"""

from collections.abc import Callable, Iterator
from itertools import product

PIECES = (
    "[a](", "[a](b", "![a](", "[a]", "[a][b]", "[", "]", "![", "](", "](<", "[a](<b", "[a](b 'c",
    "[^a]", "[^a]:", "[^", "<a ", "<a href='", "<a href=\"x\" ", "<a>", "</a>", "<b>x", "<a b=\"",
    "<!--", "<!-- -->", "<!", "<?", "<?x?>", "<![CDATA[", "<h2>", "<h2>x</h2>", "<p>", "<p>x",
    "</p>", "<div>", "<div>\n", "</div>", "<code>", "<code>x", "</code>", "<pre>", "<pre>x</pre>",
    "<script>", "<style>", "<template>", "<textarea>", "<table>", "<tr>", "<td>", "<svg>",
    "<math>", "<li>", "<ul>", "<img src=a>", "<img ", "<br>", "<br/>", "<span>", "<em>", "<x-y>",
    "<x y=", "<title>", "<iframe>", "<select>", "<http://", "<http://a>", "<a@b", "<a@b.c>", "<",
    ">", "</", "<a", "<a/", "<a\n", "http://", "http://a ", "http://a/b.", "www.", "a@b.c ", "a@",
    "a.b.", "a--", "a--b.c", "xn--", "/", "---  \n", "---\n", "- - ", "***", "* * ", "___", "=\n",
    "a\n=\n", "a\n-\n", "'a ", "\"'", "'", "\"", "\"a", "a\"", "a' ", "'a' ", "\"a\" ", "&quot;",
    "&#39;", "'\"a ", "--", "...", ".. ", "'9", "9'", "'\x00", "*a ", "*a*", "**a ", "**a",
    "*a**", "_a ", "_a_", "__a", "***a ", "a*", "a**b*", "*", "_", "~~a", "`", "`a", "`` a ` ",
    "``", "```\n", "~~~\n", "```a\n", "> ```\n", "- ```\n", "`\n\n", "\\`", "\\", "\\\\", "\\[",
    "\\<", "\\*a", "\\\n", "a\\", "{", "}", "{: ", "{: .a }", "{.a}", "*a*{.b}", "{a=b ", "{a='",
    "# a {#b}\n\n", "a{", "*b*{.x", "{#a} ", "&", "&amp;", "&#", "&#38", "&#x", "&a", "&a;",
    "&lt;", "&lt;b ", "&nbsp;", "# a\n", "# a\n\n", "## a\n\n", "# \n", "#", "# ![a](b)\n\n",
    "#a\n", "a #\n", "> ", ">", "> a\n", "> a\n\n", ">\n", "> - ", "- ", "- a\n", "- a\n\n",
    "1. ", "1. a\n", "9. a\n", "2. a\n\n", "+ ", "    - a\n", "- a\n  - b\n", " - a\n\n    b\n",
    "* a\n\n\n", "1) a\n", "| a ", "|", "|-", "| - ", "|---|\n", "| a | b |\n",
    "a | b\n---|---\n", "|a|\n|-|\n|b|\n\n", "\\|", "`|`", ":-:|", "||\n|-\n", ": a\n",
    "a\n: b\n", "a\n\n:   b\n\n", ":   a\n", ":", "a:b ", ":smile: ", "[a]: b\n", "[a]: b\n\n",
    "[a]: ", "[a]:\n", "[a]: b 'c\n", "[^a]: b\n", "[^a]: b\n\n", "[^a] [^a]: b\n\n",
    "[^a]: b\n\n    c\n\n", "x[^a]\n\n", "*[a]: b\n", "*[A", "a\n[b]: c\n", "[a]: <", "[a\n",
    "[a]:\n\n",
    "[[a]]", "[a]()", "[](b)", "![](b)\n\n", "![a](b \"c\")\n\n", " ", "\t", "\n",
    " \n", "\n\n", "  \n", "a  \n", "\n ", "a ", "a\n", "a\n\n", "a", "A ", "1", "1 ", "a1",
    "\u00a0", "\u3000", "\u200b", "é", "e\u0301", "日", "日本 ", "日'", "\r", "\r\n", "\x0b",
    "\x0c",
    "\x02", "\x03", "\x0e", "\x12", "\x13", "\x02amp\x03", "wzxhzdk:0zxhzdk", "\x02klzzwxh:0\x03",
    "\x02wzxhzdk:0\x03", "\x85", "\u2028", "\ue000", "ß", "İ", "ﬀ", "😀", ".", ",", "!", "?", "!!",
    ";", "%", "%41", "(", ")", "()", "((", "a(", "=", "$", "^", "~", "+", "a. ", "A. B. ", "a? ",
    "a! b", "...a", "«", "« ", " »", "“", "„", "’", "¿", "x--- ", "M. ", "1.", "a-", "-a",
    "\u00ad",
)  # fmt: skip
"""What means something in a text, and little that means nothing."""

AROUND = (
    ("", ""),
    ("a\n\n", "\n\nb"),
    ("# ", ""),
    ("- ", ""),
    ("> ", ""),
    ("|a|b|\n|-|-|\n|", "|\n"),
    ("<div>\n", ""),
    ("*", ""),
    ("[a]: b\n\n", ""),
    ("x\n:   ", ""),
    ("[^n]: ", ""),
    ("`", "x"),
    ("<p ", ""),
    ('"', ""),
    ("'", "'"),
    ("<!--", ""),
    ("[x](", ""),
    ("{", "}"),
    ("\t", ""),
)
"""What a run of pieces may stand between."""

NESTED = (
    ("[", "](b)"),
    ("![", "](b)"),
    ("*", "*"),
    ("**", "**"),
    ("_a ", "_"),
    ("*a **b ", "** *"),
    ("<b>", "</b>"),
    ("<div>\n", "</div>\n"),
    ("<p>", "</p>"),
    ("<span>", "</span>"),
    ('"', '"'),
    ("'", "'"),
    ("(", ")"),
    ("{", "}"),
    ("> ", ""),
    ("- ", ""),
    ("1. ", ""),
    ("[a](", ")"),
    ('<a href="', '">'),
    ("`", "`"),
    ("<table><tr><td>", "</td></tr></table>"),
    ("<h2>", "</h2>"),
    ("<ul><li>", "</li></ul>"),
    ("<svg>", "</svg>"),
    ("<template>", "</template>"),
    ("<!--", "-->"),
    ("[^", "]"),
    ("“", "”"),
    ("<code>", "</code>"),
    ("<a>", "</a>"),
    ("<details>\n\n", "\n\n</details>\n\n"),
)
"""What opens, and what closes it."""


NUMBERED: dict[str, Callable[[int], str]] = {
    "other headings": lambda i: f"## a{i}\n\n",
    "other labels": lambda i: f"[a{i}]: b\n\n",
    "other references": lambda i: f"[a{i}][] ",
    "defined references": lambda i: f"[a{i}][]\n\n[a{i}]: http://e.example/{i}\n\n",
    "other notes": lambda i: f"x[^{i}]\n\n[^{i}]: b\n\n",
    "other notes first": lambda i: f"[^{i}] ",
    "notes only": lambda i: f"[^{i}]: b\n\n",
    "other ids": lambda i: f'<a id="a{i}"></a>',
    "links to ids": lambda i: f"[a](#a{i}) ",
    "other attributes": lambda i: f"*a*{{#b{i}}} ",
    "other tags": lambda i: f"<a{i}>",
    "ticks of all lengths": lambda i: "`" * (i % 200) + " ",
    "rising ticks": lambda i: "`" * min(i, 300) + "a",
    "other words": lambda i: f"word{i} ",
    "other addresses": lambda i: f"http://e{i}.example/a/ ",
    "other stars": lambda i: "*" * (i % 7) + "a",
    "deeper list": lambda i: "  " * (i % 100) + "- a\n",
    "other tables": lambda i: f"|a{i}|b|\n|-|-|\n|c|d|\n\n",
    "falling numbers": lambda i: f"{20000 - i}. a\n\nb\n\n",
    "fences of all lengths": lambda i: "`" * (3 + i % 50) + "\n",
}


def bodies(n: int) -> Iterator[tuple[str, str]]:
    """Each body with what it is called."""
    for piece, (before, after) in product(PIECES, AROUND):
        yield f"{before!r} {piece!r} × {n} {after!r}", before + piece * n + after
    for opening, closing in NESTED:
        yield f"{opening!r} × {n} {closing!r}", opening * n + "a" + closing * n
        yield f"({opening!r} {closing!r}) × {n}", (opening + "a" + closing) * n
    for name, numbered in NUMBERED.items():
        yield f"{name} × {n}", "".join(numbered(i) for i in range(n))
