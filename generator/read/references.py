"""The relative addresses of a body: taken out of its HTML, each with its line in the file."""

import html
import re

from generator.model import Reference
from generator.urls import is_elsewhere


def references(markup: str, body: str, body_line: int) -> tuple[str, tuple[Reference, ...]]:
    """The HTML with each relative address taken out, and those addresses.

    `body` is the Markdown that it came from, `body_line` its first line in the file.
    """
    if "=" not in markup:
        return markup, ()
    taken: list[Reference] = []
    lines = _Lines(body, body_line)

    def tag(match: re.Match[str]) -> str:
        if not match[1]:
            return match[0]
        sized = match[1].lower() == "img" and " width" not in match[2]

        def address(found: re.Match[str]) -> str:
            target = html.unescape(next((v for v in found.groups()[1:] if v is not None), ""))
            attr = found[1].lower()
            if attr == "srcset":
                return f'srcset="{_CANDIDATE.sub(candidate, target)}"'
            return found[0] if is_elsewhere(target) else token(attr, target)

        def candidate(found: re.Match[str]) -> str:
            return found[0] if is_elsewhere(found[2]) else found[1] + token("", found[2])

        def token(attr: str, target: str) -> str:
            here = sized and attr == "src"
            taken.append(Reference(attr, target, lines.of(target), here))
            return f"\x02{len(taken) - 1}\x03"

        attributes, number = _ADDRESS.subn(address, match[2])
        return f"<{match[1]}{attributes}>" if number else match[0]

    return _START_TAG.sub(tag, markup), tuple(taken)


_BEFORE_ADDRESS = ("(", "<", '"', "'", "=", ",", "]:")
_AFTER_ADDRESS = ")>\"',"


class _Lines:
    """On which line an address stands: the next place after the last one it was found at."""

    def __init__(self, body: str, body_line: int) -> None:
        self.body, self.body_line = body, body_line
        self.after: dict[str, int] = {}

    def of(self, target: str) -> int:
        if not target or target.startswith("#"):
            return self.body_line
        place = self._find(target, self.after.get(target, 0))
        if place < 0:
            place = self._find(target, 0)
        if place < 0:
            place = max(0, self.body.find(target))
        self.after[target] = place + 1
        return self.body_line + self.body.count("\n", 0, place)

    def _find(self, target: str, start: int) -> int:
        """The next place of a target that stands there as an address does, or -1."""
        place = self.body.find(target, start)
        while place >= 0:
            before = self.body[start:place].rstrip()
            end = place + len(target)
            after = self.body[end : end + 1]
            if before.endswith(_BEFORE_ADDRESS) and (not after.strip() or after in _AFTER_ADDRESS):
                return place
            place = self.body.find(target, place + 1)
        return -1


# Comments and scripts come first, so that no tag is found in them.
_START_TAG = re.compile(
    r"""<(?:!--.*?-->|(?i:script|style)\b.*?</(?i:script|style)>"""
    r"""|([a-zA-Z][\w-]*)((?:\s+[^\s=>/"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)+)\s*/?>)""",
    re.DOTALL,
)
_ADDRESS = re.compile(
    r"""(?<=\s)(href|src|srcset|poster)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""",
    re.IGNORECASE,
)
_CANDIDATE = re.compile(r"((?:^|,)\s*)([^\s,]+)")
