"""Where a relative address in a text leads, and what is wrong with those that lead nowhere."""

import re
from collections.abc import Container, Iterable, Iterator
from urllib.parse import unquote

from generator.config import CONTENT, publish_line
from generator.errors import Problem
from generator.model import Digest, Reference, Site
from generator.urls import beside, is_elsewhere


def destination(site: Site, path: str, target: str) -> str | None:
    """The site's path that `target` means in the text at the content path `path`.

    A query or fragment stays on it. "" if what it means is not public now; None if there
    is nothing. A target from the root that is no file of the content is a path already.
    """
    name, rest = _without_fragment(target)
    if not name:
        return rest or None
    content = beside(path, name)
    if content in site.addresses:
        address = site.addresses[content]
        return address + rest if address else ""
    return target if name.startswith("/") else None


def dead_links(
    site: Site, texts: Iterable[tuple[str, Digest]], unread: Container[str]
) -> Iterator[Problem]:
    """Every link that leads nowhere (an error) or to what is not public (a warning).

    Links to texts that could not be read are not held against anybody.
    """
    for path, body in texts:
        for reference in body.references:
            found = destination(site, path, reference.target)
            name, _ = _without_fragment(reference.target)
            if found is None and beside(path, name) not in unread:
                yield _nothing_there(site, path, reference)
            elif found == "":
                what = f'"{reference.target}" is not public now: its readers see no link'
                remedy = "publish it, or take the link out"
                yield Problem(f"{CONTENT}/{path}", reference.line, what, remedy, "warning")


def unknown_paths(
    site: Site, texts: Iterable[tuple[str, Digest]], known: frozenset[str]
) -> Iterator[Problem]:
    """A warning for every link to a path of this site that no page answers for.

    To a file that is there and not published it is an error.
    """
    for path, body in texts:
        for reference in body.references:
            found = destination(site, path, reference.target) or ""
            name, _ = _without_fragment(found)
            if not name or unquote(name) in known or f"{unquote(name)}/" in known:
                continue
            if to_publish(site, beside(path, _without_fragment(reference.target)[0])):
                yield _nothing_there(site, path, reference)
            else:
                what = f'no page of this site answers for "{reference.target}"'
                remedy = "link to a source file, or write the whole address if it is elsewhere"
                yield Problem(f"{CONTENT}/{path}", reference.line, what, remedy, "warning")


def missing_file(site: Site, path: str, target: str, field: tuple[str, ...]) -> Iterator[Problem]:
    """The error for a picture's file that is not there; `field` names it in the front matter."""
    if is_elsewhere(target) or beside(path, target) in site.files:
        return
    what = f'{".".join(field)}: there is no file "{target}"'
    place = beside(path, target)
    remedy = to_publish(site, place) or f"put it at {CONTENT}/{place}, or mend the path"
    yield Problem(f"{CONTENT}/{path}", 0, what, remedy, field=field)


def to_publish(site: Site, path: str) -> str:
    """What to do about a content file that is there and not published; "" if there is none."""
    why = site.withheld.get(path)
    if not why:
        return ""
    remedy = f"take the link out, or write {publish_line([path])}"
    return f"{CONTENT}/{path} is there, but not published: {why}; {remedy}"


def _nothing_there(site: Site, path: str, reference: Reference) -> Problem:
    file = f"{CONTENT}/{path}"
    if not reference.target:
        return Problem(file, reference.line, "a link without an address", "write where it leads")
    place = beside(path, _without_fragment(reference.target)[0])
    what = f'there is no file "{reference.target}"'
    remedy = to_publish(site, place) or f"mend the path, or add {CONTENT}/{place}"
    return Problem(file, reference.line, what, remedy)


def _without_fragment(target: str) -> tuple[str, str]:
    match = _END.search(target)
    return (target, "") if match is None else (target[: match.start()], target[match.start() :])


_END = re.compile(r"[?#]")
