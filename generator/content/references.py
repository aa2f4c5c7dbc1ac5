"""The relative addresses of a body: taken out of its HTML, each with its line in the file."""

import html
import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from urllib.parse import unquote

from generator.content.bounds import refuse_many_addresses
from generator.content.html import NOWHERE, Attribute, Edit, Html, Token, attributes
from generator.markup import text
from generator.model import Reference
from generator.urls import BLANKS, BREAKS, is_elsewhere


def references(
    page: Html, body: str, body_line: int, own: str = ""
) -> tuple[list[Edit], tuple[Reference, ...]]:
    """Return what takes each relative address out of some HTML, and those addresses.

    `body` is the Markdown that it came from, `body_line` its first line in the file. `own` is
    what was put before each id of the HTML.
    """
    taken: list[Reference] = []
    edits: list[Edit] = []
    for index in page.attributed:
        tag = page.tokens[index]
        known = attributes(tag)
        before = len(taken)
        held = [
            Edit(found.start, found.end, new)
            for found in known
            if (found.name in _HOLDERS or (found.name, tag.name) in _FOREIGN_HOLDERS)
            and (new := _taken_out(found, tag, known, taken))
        ]
        if held:
            edits += [*held, Edit(known[-1].end, tag.end - 1, "")]
            if tag.name == "img":
                edits += _around_picture(page, tag, known, taken, before)
    if not taken:
        return [], ()
    refuse_many_addresses([found.target for found in taken])
    lines = Lines(body, body_line).of([_typed(found.target, own) for found in taken])
    return edits, tuple(
        Reference(found.attr, found.target, line, found.sized, found.shown)
        for found, line in zip(taken, lines, strict=True)
    )


def _taken_out(found: Attribute, tag: Token, known: list[Attribute], taken: list[Reference]) -> str:
    """Return what stands for an attribute whose addresses are `taken`.

    "" if none of them is ours.
    """
    shown = found.name != "href" and tag.name in _SHOWING
    if found.name == "xlink:href" and found.value.startswith("#"):
        return ""

    def token(attr: str, target: str, sized: bool = False) -> str:
        target = BREAKS.sub("", target).strip(BLANKS)
        if is_elsewhere(target) and not (_WRONG_IMAGE if shown else _WRONG).match(target):
            return ""
        taken.append(Reference(attr, target, 0, sized, shown))
        return f"\x02{len(taken) - 1}\x03"

    def candidate(match: re.Match[str]) -> str:
        put = token("", match[2])
        return f"{match[1]}{put}{text(match[3])}" if put else text(match[0])

    if found.name == "srcset":
        return f'srcset="{CANDIDATE.sub(candidate, found.value)}"'
    is_sized = tag.name == "img" and not any(one.name == "width" for one in known)
    return token(found.name, found.value, is_sized and found.name == "src")


def _around_picture(
    page: Html, tag: Token, known: list[Attribute], taken: list[Reference], first: int
) -> Iterator[Edit]:
    """Yield what marks the place of a picture that may get other forms beside its file.

    One that has forms already gets none. `first` is the first of its addresses that are taken.
    """
    in_forms = tag.parent != NOWHERE and page.tokens[tag.parent].name == "picture"
    if in_forms or any(one.name == "srcset" for one in known):
        return
    for number in range(first, len(taken)):
        if taken[number].attr == "src":
            yield Edit(tag.start, tag.start, f"\x06{number}\x07")
            yield Edit(tag.end, tag.end, f"\x06{number}\x08")


def _typed(target: str, own: str) -> str:
    """Return a target as it stood before its text's ids were made its own."""
    return f"#{target[1 + len(own) :]}" if own and target.startswith(f"#{own}") else target


class Lines:
    """On which lines the addresses of a body stand.

    Those that are written alike follow one another in the body as they do in its HTML, or else
    lead to the same, so that it does not matter which is which.
    """

    def __init__(self, body: str, body_line: int) -> None:
        self._body, self._line = body, body_line

    def of(self, targets: Sequence[str]) -> Iterator[int]:
        """Yield the line of each of all the targets of the body."""
        keys = [*map(_key, targets)]
        number = Counter(keys)
        places = {key: self._sure(self._written.get(key, []), number[key]) for key in number}
        used: Counter[str] = Counter()
        for key, target in zip(keys, targets, strict=True):
            found = places[key] or [max(0, self._body.find(target))]
            yield self._line + bisect(self._breaks, found[min(used[key], len(found) - 1)] - 1)
            used[key] += 1

    def _sure(self, places: list[int], number: int) -> list[int]:
        """Return so many of these places: what stands in code is an address only if need be."""
        if len(places) <= number:
            return places
        return sorted(sorted(places, key=self._doubt)[:number])

    def _doubt(self, place: int) -> int:
        """Return 0 for what is sure to be no code, 2 for what is sure to be code."""
        before = bisect(self._code, (place, len(self._body))) - 1
        if before >= 0 and place < self._code[before][1]:
            return 2
        start = self._body.rfind("\n", 0, place) + 1
        return int(self._body[start : start + 4] == "    " or self._body[start] == "\t")

    @cached_property
    def _written(self) -> dict[str, list[int]]:
        """Return where each address is written, as it may be read."""
        found: dict[str, list[int]] = {}
        for mark, pattern, readings in _WRITTEN:
            for match in pattern.finditer(self._body) if mark in self._body else ():
                for key in dict.fromkeys(map(_key, readings(match[1]))):
                    found.setdefault(key, []).append(match.start(1))
        return found

    @cached_property
    def _code(self) -> list[tuple[int, int]]:
        return [match.span() for match in _CODE.finditer(self._body)]

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self._body)]


_PLAIN = re.compile(r"""[^\s<>()"'\\%&]+""")
"""An address that can mean only itself: most are such."""


def _in_markdown(written: str) -> list[str]:
    """Return the addresses that are meant: engines differ on spaces and titles."""
    if _PLAIN.fullmatch(written):
        return [written]
    written = written.strip()
    if written.startswith("<"):
        return [written[1:].partition(">")[0]]
    untitled = _LINK_TITLE.sub("", written)
    return [written, untitled, *untitled.split()[:1]]


def _in_attribute(written: str) -> list[str]:
    return [written.strip("\"'")]


def _in_srcset(written: str) -> list[str]:
    return [match[2] for match in CANDIDATE.finditer(written.strip("\"'"))]


def _key(address: str) -> str:
    """Return an address in the one form for all ways to write it."""
    if _PLAIN.fullmatch(address):
        return address
    if "\\" in address:
        address = _ESCAPE.sub(r"\1", address)
    return unquote(html.unescape(BREAKS.sub("", address))).strip()


_HOLDERS = frozenset(("href", "src", "srcset", "poster"))
_FOREIGN_HOLDERS = frozenset(
    (("data", "object"), ("xlink:href", "image"), ("xlink:href", "use"), ("xlink:href", "a"))
)
# https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute
CANDIDATE = re.compile(r"([\s,]*)(\S*[^\s,])((?:\s(?:[^,(]|\([^)]*\)?)*)?,?)")
"""One of the pictures of a `srcset`: its address is the second group."""
_SHOWING = {"img", "source", "video", "audio", "track", "input", "object", "image"}
_WRONG = re.compile(
    r"https?:(?!//[^\s/?#])|(?:mailto|tel|sms):$|(?!https?:|ssh:)[htps]{3,7}://|localhost:\d|file:|[A-Za-z]:[\\/]|[\w-]+(?:\.[\w-]+)+:\d"
    r"|(?!(?:data|javascript|mailto|sms|tel):)\w+:(?:\s|%20)",
    re.IGNORECASE,
)
"""What seems to begin with a scheme and leads nowhere: `https:/x`, `htps://x`, `x.org:80`,
`C:/x`, `News: 1.pdf`."""
_WRONG_IMAGE = re.compile(r"(?!//|https?://|data:|blob:|cid:)", re.IGNORECASE)

_WRITTEN = (
    (
        "](",
        re.compile(r"\]\(((?:[^()\\\n]++|\\.|\n(?!\s*\n)|\((?:[^()\\]++|\\.)*+\))*+)\)"),
        _in_markdown,
    ),
    ("]:", re.compile(r"\]:[ \t]*\n?[ \t]*(<[^>\n]*>|\S+)"), _in_markdown),
    (
        "=",
        re.compile(
            r"""(?:href|src|poster|data)\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE
        ),
        _in_attribute,
    ),
    ("=", re.compile(r"""srcset\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE), _in_srcset),
)
"""How addresses are written: what must be there, where they stand, what they may mean."""
_LINK_TITLE = re.compile(r"""(?:^|(?<=\S)\s+)(?:"[^"]*"|'[^']*'|\([^()]*\))$""")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_CODE = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*(?P=fence)|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`)"
    r"|<!--.*?(?:-->|\Z)|<(?P<raw>script|style)\b.*?(?:</(?P=raw)>|\Z)",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
