"""The relative addresses of a body: taken out of its HTML, each with its line in the file."""

import re

from generator.model import Reference
from generator.read.html import Attribute, Edit, Html, attributes
from generator.urls import is_elsewhere


def references(page: Html, body: str, body_line: int) -> tuple[list[Edit], tuple[Reference, ...]]:
    """What takes each relative address out of some HTML, and those addresses.

    `body` is the Markdown that it came from, `body_line` its first line in the file.
    """
    taken: list[Reference] = []
    edits: list[Edit] = []
    lines = _Lines(body, body_line)

    def edit(found: Attribute, sized: bool) -> str:
        attr, target = found.name, found.value
        if attr == "srcset":
            return f'srcset="{_CANDIDATE.sub(candidate, target)}"'
        return token(attr, target, sized and attr == "src")

    def candidate(found: re.Match[str]) -> str:
        return found[0] if is_elsewhere(found[2]) else found[1] + token("", found[2], False)

    def token(attr: str, target: str, sized: bool) -> str:
        taken.append(Reference(attr, target, lines.of(target), sized))
        return f"\x02{len(taken) - 1}\x03"

    for index in page.attributed:
        tag = page.tokens[index]
        known = attributes(tag)
        sized = tag.name == "img" and not any(one.name == "width" for one in known)
        held = [one for one in known if _is_ours(one)]
        edits += [Edit(one.start, one.end, edit(one, sized)) for one in held]
        if held:
            edits.append(Edit(known[-1].end, tag.end - 1, ""))
    return edits, tuple(taken)


def _is_ours(found: Attribute) -> bool:
    """Whether an attribute holds an address of this site, or several of which one may be."""
    return found.name in _HOLDERS and (found.name == "srcset" or not is_elsewhere(found.value))


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


_HOLDERS = frozenset(("href", "src", "srcset", "poster"))
_CANDIDATE = re.compile(r"((?:^|,)\s*)([^\s,]+)")
