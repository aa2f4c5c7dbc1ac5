"""Problems of what the content security policy would keep readers from seeing.

In comes the HTML of a text, out go the scripts, styles, forms and addresses in it that no browser
will run, send or load.
"""

from collections.abc import Iterator

from generator.codes import Code
from generator.config.policy import FORBIDS, Policy, lets_in, refusal
from generator.content.html import Attribute, Html, Token, attributes, named
from generator.content.mending import Source
from generator.content.references import CANDIDATE, Lines
from generator.errors import Problem
from generator.urls import is_elsewhere


def blocked(page: Html, body: str, body_line: int, policy: Policy) -> Iterator[Problem]:
    """Say what in a text no browser will run, load or send; the problems name no file.

    `body` is the Markdown that the HTML came from, `body_line` its first line in the file.
    """
    source = Source(body, body_line)
    for _, tag in page.starts("script", "style", "form"):
        if said := _of_its_own(tag):
            yield _problem(source.line(page, tag), *said)
    shown = [*_shown(page)]
    lines = Lines(body, body_line).of([address for _, address in shown])
    for (directive, address), line in zip(shown, lines, strict=True):
        if not lets_in(policy, directive, address):
            yield _problem(line, *refusal(directive, address))


def _problem(line: int, what: str, remedy: str) -> Problem:
    return Problem("", line, what, remedy, "warning", code=Code.BLOCKED)


def _of_its_own(tag: Token) -> tuple[str, str] | None:
    """Return what is wrong with a script, a style or a form that stands in a text.

    None if nothing is.
    """
    known = {found.name: found.value for found in attributes(tag)}
    if tag.name == "script" and ("src" in known or not _is_code(known.get("type", ""))):
        return None
    return f"`<{tag.name}>` in a text {_EFFECTS[tag.name]}: {FORBIDS}", _REMEDIES[tag.name]


def _is_code(kind: str) -> bool:
    """Return whether a script of this type is run, and does not just hold data."""
    return kind.strip().lower() in _CODE


def _shown(page: Html) -> Iterator[tuple[str, str]]:
    """Yield the addresses elsewhere from which something is loaded, each with its directive."""
    for _, tag in page.starts(*_LOADING):
        for found in attributes(tag):
            directive = _LOADING[tag.name].get(found.name, "")
            addresses = _addresses(found) if directive else []
            yield from ((directive, address) for address in addresses if is_elsewhere(address))


def _addresses(found: Attribute) -> list[str]:
    if found.name == "srcset":
        return [candidate[2] for candidate in CANDIDATE.finditer(found.value)]
    return [found.value.strip()]


_EFFECTS = {"script": "does not run", "style": "has no effect", "form": "is not sent"}
_REMEDIES = {
    "script": "put it into a file beside the text, and write `<script src=…>`",
    "style": "write it into your style sheet",
    "form": "link to a page with the form",
}
_CODE = named("text/javascript application/javascript module text/ecmascript") | {""}
_PICTURE = {"src": "img-src", "srcset": "img-src"}
_LOADING = {
    "img": _PICTURE,
    "source": {"src": "media-src", "srcset": "img-src"},
    "video": {"src": "media-src", "poster": "img-src"},
    "audio": {"src": "media-src"},
    "track": {"src": "media-src"},
    "iframe": {"src": "frame-src"},
    "embed": {"src": "object-src"},
    "object": {"data": "object-src"},
    "script": {"src": "script-src"},
}
