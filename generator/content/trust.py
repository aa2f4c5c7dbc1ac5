"""HTML that may do harm: what of a text is code or reaches beyond it, and a text without that.

Where writers are trusted it is only told. Where they are not it is an error, and what is published
is cleaned by nh3, which reads HTML as browsers do and keeps what is named here.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html import unescape
from itertools import chain
from typing import Any

from generator.codes import Code
from generator.content.html import Edit, Html, Token, attribute, attributes, edited, look_at, named
from generator.content.markdown.inline import TASK_BOX
from generator.content.mending import LOOKED_UP, Source
from generator.content.references import Lines
from generator.errors import Problem, shortened
from generator.schema import CONTROL, Severity
from generator.urls import is_code


def harm(page: Html, body: str, body_line: int, is_trusted: bool) -> Iterator[Problem]:
    """Say what in a text runs code, or changes more than the text; the problems name no file.

    `body` is the Markdown that the HTML came from, `body_line` its first line in the file.
    """
    severity: Severity = "warning" if is_trusted else "error"
    source = Source(body, body_line)
    for index in page.attributed:
        tag = page.tokens[index]
        for found in attributes(tag) if _is_suspect(tag.attributes) else ():
            if said := _harm_of(tag.name, found.name, found.value):
                line = _line_of(page, tag, found.name, source)
                yield Problem("", line, *said, severity, code=Code.UNSAFE_HTML)
    for _, tag in () if is_trusted else page.starts(*_CODE):
        line, what = source.line(page, tag), f"`<{tag.name}>` is code"
        yield Problem("", line, what, _NO_CODE, code=Code.UNSAFE_HTML)


def cleaned(page: Html, body: str, body_line: int) -> tuple[Html, list[Problem]]:
    """Return a text with nothing in it that is not known to be harmless, and what was taken out.

    Where nothing was, its HTML stays as it is, byte for byte.
    """
    if "<" not in page.source:
        return page, []
    known = edited(page.source, _other_boxes(page))
    clean = look_at(CONTROL.sub("", _cleaner().clean(known)))
    if _pieces(page) == _pieces(clean):
        return page, []
    return clean, [*_taken_out(page, clean, Source(body, body_line))]


def _other_boxes(page: Html) -> list[Edit]:
    """Return the edits that take out each field of a form but the box of a task."""
    tags = (tag for _, tag in page.starts("input"))
    return [
        Edit(tag.start, tag.end, "")
        for tag in tags
        if not TASK_BOX.fullmatch(page.source, tag.start, tag.end)
    ]


# ----------------------------------------------------------------------------------- harm


def _is_suspect(written: str) -> bool:
    """Return whether one of a tag's attributes might do harm, by a quick look: few do."""
    written = written.lower()
    for sign in _SIGNS:  # a hot path: `any` takes twice as long
        if sign in written:
            return True
    return "on" in written and bool(_HANDLING.search(written))


def _harm_of(tag: str, name: str, value: str) -> tuple[str, str] | None:
    """Return what is wrong with an attribute of a tag, and what to do; None if it is harmless."""
    if _HANDLER.fullmatch(name):
        return f"`{shortened(name)}` at `<{tag}>` is code", _NO_CODE
    if name == "srcdoc":
        return f"`srcdoc` at `<{tag}>` is a page of its own", "link to a page instead"
    if name == "style" and not (tag in ("td", "th") and ALIGNMENT.fullmatch(value)):
        what = f"`style` at `<{tag}>` may cover the page, and strict policies forbid it"
        return what, "give it a class, and write its style into your style sheet"
    if name in _ADDRESSES and is_code(value, as_media=tag in _SHOWING and name != "href"):
        return f'"{shortened(value)}" is code, and leads nowhere', "write an address"
    return None


def _line_of(page: Html, tag: Token, name: str, source: Source) -> int:
    """Return the line of a tag as it is typed, or of one of its attributes, found by its name.

    With many mistakes the later ones go without.
    """
    if source.asked >= LOOKED_UP:
        return source.body_line
    source.asked += 1
    line = source.typed(page.source[tag.start : tag.end], tag.start, page)
    if line or not name:
        return line or source.line(page, tag)
    if name in _ADDRESSES and (found := attribute(tag, name)):
        return next(Lines(source.body, source.body_line).of([found.value]))
    return source.typed(f"{name}=", tag.start, page) or source.body_line


_SIGNS = "style", "srcdoc", "script", "data:", "&", "\t", "\r", "\n"
"""What stands in the attributes of a tag of which one does harm, beside `_HANDLING`."""
_HANDLING = re.compile(r"""[\s/"']on[a-z]""")

_HANDLER = re.compile("on[a-z]+")
ALIGNMENT = re.compile(r"text-align: (left|center|right);?")
"""The style by which engines align cells; it becomes a class."""

_ADDRESSES = named(
    "href src poster data action formaction xlink:href ping cite background from to values"
)
_SHOWING = named("img source video audio track image")
_CODE = tuple(sorted(named("script style link object embed iframe frame applet portal")))
_NO_CODE = "take it out"


# ------------------------------------------------------------------------------- cleaning

_EVERYWHERE = named("id class title lang dir hidden translate role itemprop")
_PREFIXES = {"aria-", "data-"}
_ALIGNED = named("align valign")
_OF: dict[str, frozenset[str]] = {
    "a": named("href hreflang rel target download name type"),
    "img": named("src srcset sizes alt width height loading decoding align"),
    "source": named("src srcset sizes type media width height"),
    "video": named("src poster controls preload muted loop autoplay playsinline width height"),
    "audio": named("src controls preload muted loop autoplay"),
    "track": named("src kind srclang label default"),
    "ol": named("start reversed type"),
    "ul": named("type"),
    "li": named("value"),
    "td": named("colspan rowspan headers abbr style") | _ALIGNED,
    "th": named("colspan rowspan headers abbr scope style") | _ALIGNED,
    **dict.fromkeys(("table", "caption", "thead", "tbody", "tfoot", "tr"), _ALIGNED),
    **dict.fromkeys(("col", "colgroup"), named("span") | _ALIGNED),
    **dict.fromkeys(("p", "div", "h1", "h2", "h3", "h4", "h5", "h6"), named("align")),
    **dict.fromkeys(("ins", "del"), named("cite datetime")),
    **dict.fromkeys(("blockquote", "q"), named("cite")),
    "details": named("open name"),
    "input": named("type disabled checked"),
    "time": named("datetime"),
    "data": named("value"),
}
"""The attributes that an element may have, beside those of every one."""

_KEPT = frozenset(_OF) | named(
    "abbr address article aside b bdi bdo big br center cite code dd dfn dl dt em figcaption figure"
    " footer header hgroup hr i kbd label mark nav picture pre rp rt ruby s samp search section"
    " small span strike strong sub summary sup tt u var wbr"
)
"""The elements that stay. Of others only what stands in them does."""

_DROPPED = named("script style template noscript noembed noframes iframe svg math title")
"""Elements that go with all that is in them, which is no text."""

_SCHEMES = named("http https mailto tel sms ftp ftps sftp geo magnet news xmpp webcal data")


@cache
def _cleaner() -> Any:
    """Return the cleaner, made once: no other site needs it."""
    import nh3  # most sites trust their writers

    return nh3.Cleaner(
        tags=set(_KEPT),
        clean_content_tags=set(_DROPPED),
        attributes={"*": set(_EVERYWHERE)} | {name: set(known) for name, known in _OF.items()},
        attribute_filter=_kept,
        generic_attribute_prefixes=_PREFIXES,
        url_schemes=set(_SCHEMES),
        link_rel=None,
    )


def _kept(tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute that is known; None if it does harm all the same."""
    return None if _harm_of(tag, name, value) else value


def _pieces(page: Html) -> list[object]:
    """Return the tags with their attributes, and the texts, of some HTML, however it is written."""
    pieces: list[object] = []
    place = 0
    for token in page.tokens:
        pieces += (unescape(page.source[place : token.start]), token.is_end, token.name)
        pieces += ((found.name, found.value) for found in attributes(token))
        place = token.end
    return [*pieces, unescape(page.source[place:])]


def _taken_out(before: Html, after: Html, source: Source) -> Iterator[Problem]:
    """Yield a warning for each tag and attribute that is gone, but for those that do harm."""
    left = Counter(chain.from_iterable(map(_parts, after.tokens)))
    for token in before.tokens:
        if token.is_end or not token.name or _is_told(token, before):
            continue
        tag, *others = _parts(token)
        gone = [part for part in others if not left[part]] if left[tag] else [tag]
        left.subtract((tag, *others))
        for name, lost in gone:
            what = f"`{lost}` at `<{name}>`" if lost else f"`<{name}>`"
            line = _line_of(before, token, lost, source)
            what, remedy = f"{what} is left out: {_WHY}", "write Markdown"
            yield Problem("", line, what, remedy, "warning", code=Code.UNSAFE_HTML)


_WHY = "only HTML that is known to be harmless stays"


def _parts(token: Token) -> list[tuple[str, str]]:
    """Return a start tag and each of its attributes that does no harm, as they are counted."""
    if token.is_end or not token.name:
        return []
    found = ((one.name, one.value) for one in attributes(token))
    harmless = (name for name, value in found if not _harm_of(token.name, name, value))
    return [(token.name, ""), *((token.name, name) for name in harmless)]


def _is_told(token: Token, page: Html) -> bool:
    """Return whether a tag is told of as code, or stands in what is left out as a whole."""
    return token.name in _CODE or any(outer.name in _DROPPED for outer in page.ancestors(token))
