"""What outside writers might try: texts, Markdown and HTML that would run code in a page.

Whatever comes alive calls `fired()`. Of texts and of places for them stories are made at random.
"""

import html
import json
import random
from collections.abc import Iterator
from typing import Any

import html5lib

TEXTS = (
    '"><script>fired()</script>',
    "'><img src=x onerror=fired()>",
    "</title><script>fired()</script>",
    "</textarea></style></noscript><script>fired()</script>",
    "</script><script>fired()</script>",
    "<!--><script>fired()</script>-->",
    "--!><img src=x onerror=fired()>",
    "]]><script>fired()</script>",
    "<![CDATA[<img src=x onerror=fired()>]]>",
    "&lt;script&gt;fired()&lt;/script&gt;",
    "&amp;lt;script&amp;gt;fired()&amp;lt;/script&amp;gt;",
    "&#60;img src=x onerror=fired()&#62;",
    "&quot;&gt;&lt;script&gt;fired()&lt;/script&gt;",
    "&quot; onmouseover=&quot;fired()",
    "&#39; onmouseover=&#39;fired()",
    "\\&quot; onmouseover=fired() x=",
    '\\" onmouseover=fired() x=\\"',
    "\\\\&#14; onmouseover=fired() x=",
    "&#14; onmouseover=fired() x=&#15; y=&#17;",
    "&#2;0&#3; onmouseover=fired() &#22;0&#22;",
    '" onfocus=fired() autofocus tabindex=1 x="',
    "' onfocus=fired() autofocus tabindex=1 x='",
    "` onfocus=fired() autofocus tabindex=1 x=`",
    "x onclick=fired() y",
    "javascript:fired()",
    " jAvAsCrIpT:fired()//",
    "java\tscript:fired()",
    "java&#10;script:fired()",
    "javascript&colon;fired()",
    "data:text/html,<script>parent.fired()</script>",
    "vbscript:fired()",
    "\u202e<script>fired()</script>\u202c",
    "\u2028fired()\u2029",
    "\ufeff<svg/onload=fired()>",
    "%22%3E%3Cscript%3Efired()%3C/script%3E",
    "%0E onmouseover=fired() %16 0%16",
    "{{7*7}}{% raw %}{{ fired() }}{#",
    "${fired()}`${fired()}`",
    "<svg/onload=fired()>",
    "<base href=javascript:/a/-fired()//>",
    "+ADw-script+AD4-fired()+ADw-/script+AD4-",
    '<x:script xmlns:x="http://www.w3.org/1999/xhtml">fired()</x:script>',
    '.x" onclick="fired()',
    "#x' onclick='fired()",
)
"""Texts that may stand anywhere."""

MARKDOWN = (
    "%s",
    "## %s",
    "*%s* and \"%s\" -- '%s'",
    "**b**{.x%s}",
    "*b*{#x%s}",
    '*b*{title="%s" .c}',
    "*b*{title='%s'}",
    '## H {title="%s"}',
    "## H {#%s}",
    'Text.\n{title="%s" .c}',
    "[w](/%s)",
    '[w](/x "%s")',
    "[w](/x '%s')",
    "[w](/x (%s))",
    '![%s](/a.png "%s")',
    "![%s][r]\n\n[r]: /x.png '%s'",
    "[%s]\n\n[%s]: /x",
    "```%s\n%s\n```",
    '``` {.py title="%s"}\nx\n```',
    "``` {.py%s #%s}\nx\n```",
    "`%s`",
    '`x`{title="%s"}',
    "A[^%s]\n\n[^%s]: Note",
    "A[^n]\n\n[^n]: %s",
    '| a | %s |\n|:--|--:|\n| %s | b {title="%s"} |',
    "Term %s\n: %s",
    "- %s\n- *%s*{.c}",
    "    %s",
    "<https://x.example/%s>",
    '\\<b title="%s"\\>',
)
"""Markdown around a text."""

HTML = (
    "%s",
    "<%s@x.example>",
    "[w](<%s>)",
    "[w](%s)",
    "[w]\n\n[w]: %s",
    "[w]\n\n[w]: <%s> '%s'",
    "<%s>",
    "> %s\n> <%s>",
    "*b*{: %s .c }",
    '*b*{href="%s" onclick="%s" style="%s"}',
    '[w](/x){target=%s srcdoc="%s"}',
    '![a](/a.png){srcset="%s" onerror="fired()"}',
    '<img srcset=\'https://e.example/x" onerror="fired()" y="\'>',
    "<img src='a.png' srcset='/x\" onerror=\"fired()\" y=\" 2x, /y'>",
    "<em title='a\" onclick=\"fired()'>b</em>{.c}",
    "<b title='<em x=' y='\" onclick=\"fired()'>*b*</em></b>{.c}",
    '<b title="%s">x</b>',
    "<b title='%s'>x</b>",
    "<b title=%s>x</b>",
    "<b %s>x</b>",
    '<p class="x"%s>',
    '<a href="%s">x</a>',
    "<a href=' &#1; java&Tab;script&colon;fired()'>x</a>",
    '<a href="java\nscript:fired()">x</a>',
    "<a href=data:text/html;base64,PHNjcmlwdD5maXJlZCgpPC9zY3JpcHQ+>x</a>",
    "<img src=x onerror=fired()>",
    "<IMG/src=x/onerror=fired()>",
    "<img src=`x`onerror=fired()>",
    "<body onload=fired()>",
    "<script>fired()</script>",
    "<script\n>fired()</script\n>",
    "<scr<script>ipt>fired()</scr</script>ipt>",
    "<svg><script>fired()</script></svg>",
    "<svg><animate onbegin=fired() attributeName=x dur=1s></svg>",
    "<svg><a xlink:href=javascript:fired()><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=fired()></style></svg>",
    '<svg></p><style><a id="</style><img src=1 onerror=fired()>">',
    "<math><mtext><table><mglyph><style><!--</style>"
    '<img title="--&gt;&lt;img src=1 onerror=fired()&gt;">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=fired()></form>",
    "<math><annotation-xml encoding=text/html><img src=x onerror=fired()></annotation-xml></math>",
    '<noscript><p title="</noscript><img src=x onerror=fired()>"></noscript>',
    '<noembed><p title="</noembed><img src=x onerror=fired()>"></noembed>',
    "<template><img src=x onerror=fired()></template>",
    '<textarea><p title="</textarea><img src=x onerror=fired()>"></textarea>',
    '<xmp><p title="</xmp><img src=x onerror=fired()>"></xmp>',
    '<iframe srcdoc="<script>parent.fired()</script>"></iframe>',
    "<iframe src=javascript:parent.fired()></iframe>",
    "<object data=javascript:parent.fired()></object>",
    "<embed src=javascript:fired()>",
    "<form action=javascript:fired()><button>x</button></form>",
    "<form id=f></form><button form=f formaction=javascript:fired()>x</button>",
    "<input onfocus=fired() autofocus>",
    "<details open ontoggle=fired()><summary>x</summary></details>",
    "<video onloadstart=fired() src=/x.mp4><source onerror=fired()></video>",
    "<audio src=x onerror=fired()></audio>",
    "<marquee onstart=fired()>x</marquee>",
    '<div style="position:fixed;inset:0;background:url(javascript:fired())">x</div>',
    "<style>@import 'data:text/css,*{}';</style>",
    "<link rel=stylesheet href=data:text/css,*{}>",
    "<meta http-equiv=refresh content='0;url=javascript:fired()'>",
    "<base href=javascript:/a/-fired()//>",
    "<button data-provider=isso data-url=https://e.example/ class=comments>x</button>",
    "<img name=currentScript><form name=body><input name=attributes></form>",
    "<table><tr><td><svg><desc><table><img src=x onerror=fired()></table></desc></svg></table>",
    "<select><option><img src=x onerror=fired()></select>",
    "<!--><img src=x onerror=fired()>-->",
    "<!-- --!><img src=x onerror=fired()> -->",
    "<!- <img src=x onerror=fired()> ->",
    "<?php <img src=x onerror=fired()> ?>",
    "<![CDATA[><img src=x onerror=fired()>]]>",
    "<//><img src=x onerror=fired()>",
    '<a title="\\"><img src=x onerror=fired()>">x</a>',
    "<a\x0conclick=fired()>x</a>",
    "<div\n\n<img src=x onerror=fired()>\n\n>",
    '<p title="\n\n<img src=x onerror=fired()>\n\n">',
    "<x-y onclick=fired()>x</x-y>",
    "<![if <img src=x onerror=fired()>]>",
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='fired()'/>\">",
)
"""HTML, addresses and attributes: all that writers may mean to be code, if they are trusted."""


def as_text(written: str) -> str:
    """A text of `TEXTS` so that it is but text in Markdown."""
    return html.escape(written).replace("\\", "\\\\")


def body(chance: random.Random, is_trusted: bool) -> str:
    """A body of some paragraphs; of one who is trusted nothing in it was meant to be HTML."""
    shapes = MARKDOWN if is_trusted else MARKDOWN + HTML
    return "\n\n".join(_filled(chance, shapes, is_trusted) for _ in range(chance.randint(1, 4)))


def _filled(chance: random.Random, shapes: tuple[str, ...], is_trusted: bool) -> str:
    parts = chance.choice(shapes).split("%s")
    filled = parts[0]
    for part in parts[1:]:
        text = chance.choice(TEXTS)
        filled += (as_text(text) if is_trusted else text) + part
    return filled


def every_body(is_trusted: bool) -> Iterator[str]:
    """Each place for a text with some texts in it, so that every text stands somewhere."""
    chance = random.Random(1)
    shapes = MARKDOWN if is_trusted else MARKDOWN + HTML
    for number, shape in enumerate([*shapes, *shapes]):
        text = TEXTS[number % len(TEXTS)]
        first = as_text(text) if is_trusted else text
        yield shape.replace("%s", first, 1).replace(
            "%s", chance.choice(TEXTS[:9]).replace("<", "&lt;")
        )


def quoted(text: str) -> str:
    """A text as YAML and TOML read it, whatever it holds."""
    return json.dumps(text, ensure_ascii=True)


# ------------------------------------------------------------------------ what is alive


_OURS = ("application/ld+json",)
_ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "xlink:href"}


def alive(page: str | bytes, is_whole: bool = True) -> list[str]:
    """What would run in a page, or in some HTML, as browsers read it: nothing, if all is well."""
    parse: Any = html5lib.parse if is_whole else html5lib.parseFragment
    return [
        found for element in parse(page, treebuilder="etree").iter() for found in _alive(element)
    ]


def _alive(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str):
        return
    tag = element.tag.rpartition("}")[2].lower()
    if tag == "script" and element.get("type") not in _OURS and not _is_ours(element):
        yield f"<script> {element.attrib} {element.text}"
    if tag in ("iframe", "object", "embed", "base", "style", "form"):
        yield f"<{tag}>"
    for name, value in element.attrib.items():
        plain = str(name).rpartition("}")[2].lower()
        address = "".join(c for c in value if c > " ").lower()
        if plain.startswith("on") or plain in ("style", "srcdoc", "formaction"):
            yield f"<{tag} {plain}={value!r}>"
        if plain in _ADDRESSES and address.startswith(("javascript:", "vbscript:", "data:text")):
            yield f"<{tag} {plain}={value!r}>"


def _is_ours(script: Any) -> bool:
    return str(script.get("src", "")).startswith(("/assets/", "/@preview/")) and not script.text
