"""Where an address in a text leads, and what is wrong with those that lead nowhere."""

import posixpath
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from urllib.parse import unquote

from generator.codes import Code
from generator.config import CONTENT, SITE_TOML, publish_line
from generator.errors import Problem, shortened
from generator.model import BodyInfo, Reference, Site
from generator.site.file_names import FileNames
from generator.urls import beside, composed, in_one_form, is_code, is_elsewhere

Bodies = Iterable[tuple[str, BodyInfo]]
"""Converted texts, each with its content path."""


def destination(site: Site, path: str, target: str) -> str | None:
    """Return the site's path that `target` means in the text at the content path `path`.

    A query or fragment stays on it. "" if what it means is not public now; None if there
    is nothing. A target from the root that is no file of the content is a path already.
    """
    if found := content_file(site, path, target):
        address = site.addresses[found[0]]
        return address + found[1] if address else ""
    if target.startswith("?"):
        return site.addresses.get(path, "") + target
    if target.startswith("/"):
        place = page_of(target)
        return in_one_form(place) + target[len(place) :]
    return target if target.startswith("#") else None


def content_file(site: Site, path: str, target: str) -> tuple[str, str] | None:
    """Return the content file that `target` means, and the query and fragment behind it."""
    return file_named(path, target, site.addresses, site.decomposed)


def file_named(
    path: str, target: str, known: Container[str], decomposed: Mapping[str, str]
) -> tuple[str, str] | None:
    """Return the one of the known content paths that `target` means, seen from the file at `path`.

    With it comes what stands behind it. A name that is literally that of a file wins over one
    that is percent-encoded, and both over one that ends before a "?" or "#".
    """
    for name, rest in _readings(target):
        content = beside(path, name)
        for candidate in (content, beside("", posixpath.join(content, "index.md"))):
            if file := _as_on_disk(candidate, known, decomposed):
                return file, rest
    return None


def in_decomposed(paths: Iterable[str]) -> dict[str, str]:
    """Return the paths that are not in Unicode's composed form, by what they are in it."""
    names = ((composed(path), path) for path in paths)
    return {name: path for name, path in sorted(names, reverse=True) if name != path}


def dead_links(
    site: Site, texts: Bodies, unread: Container[str], names: FileNames
) -> Iterator[Problem]:
    """Yield every link that leads nowhere (an error) or to what is not public (a warning).

    Links to texts that could not be read are not held against anybody.
    """
    for path, body in texts:
        for reference in body.references:
            target = reference.target
            found = destination(site, path, target)
            if found is None and not file_named(path, target, unread, site.decomposed):
                yield _nothing_there(site, path, reference, names)
            elif found == "":
                what = f'"{target}" is not public now: its readers see no link'
                remedy = "publish it, or take the link out"
                file, line = f"{CONTENT}/{path}", reference.line
                yield Problem(file, line, what, remedy, "warning", code=Code.NOT_PUBLIC)
            elif reference.shown:
                yield from _no_picture(site, path, reference)


def unknown_paths(
    site: Site, texts: Bodies, answers: Callable[[str], bool], names: FileNames
) -> Iterator[Problem]:
    """Yield what is wrong with addresses of this site that nobody `answers` for.

    That is an error for what would be shown on a page, and a warning for links.
    """
    for path, body in texts:
        for reference in body.references:
            target = reference.target
            place = page_of(destination(site, path, target) or "")
            if not place or answers(unquote(place)):
                continue
            file = f"{CONTENT}/{path}"
            if reference.shown or to_publish(site, path, target):
                what, remedy = missing(site, path, target, names)
                code = Code.MISSING_PICTURE if reference.shown else Code.DEAD_LINK
                yield Problem(file, reference.line, what, remedy, code=code)
            else:
                what = f'no page of this site answers for "{target}"'
                near = _near(path, target, names)
                remedy = "link to a source file, or write the whole address if it is elsewhere"
                remedy = near or remedy
                yield Problem(file, reference.line, what, remedy, "warning", code=Code.DEAD_LINK)


def missing_file(
    site: Site,
    path: str,
    target: str,
    field: tuple[str, ...],
    names: FileNames,
    noun: str = "picture",
) -> Iterator[Problem]:
    """Yield what is wrong with a picture's file; `field` names it in the front matter.

    For pictures of the settings, `path` is "". Of another kind of file the `noun` is told.
    """
    file, name = f"{CONTENT}/{path}" if path else SITE_TOML, ".".join(field)
    found = content_file(site, path, target)
    if found is None and is_code(target, as_media=True):
        what = f'{name}: "{shortened(target)}" is code, and no {noun}'
        remedy = "name a file, or write a whole address"
        yield Problem(file, 0, what, remedy, field=field, code=Code.MISSING_PICTURE)
        return
    if found is None and is_elsewhere(target):
        return
    if found is None or found[0] not in site.files:
        what, remedy = missing(site, path, target, names)
        what = f"{name}: {what}"
        yield Problem(file, 0, what, remedy, field=field, code=Code.MISSING_PICTURE)
    elif not site.addresses[found[0]]:
        what = f'{name}: "{target}" is not public now: readers see no {noun}'
        remedy = "publish it, or name another"
        yield Problem(file, 0, what, remedy, "warning", field, code=Code.NOT_PUBLIC)
    elif flaw := site.files[found[0]].flaw:
        what = f"{name}: {_broken(target, flaw)}"
        yield Problem(file, 0, what, _SAVE_ANEW, "warning", field, code=Code.BROKEN_PICTURE)


def missing(site: Site, path: str, target: str, names: FileNames) -> tuple[str, str]:
    """Return the words for a picture's file that is not there: what is wrong; what to do."""
    what = f'there is no file "{target}"'
    remedy = f"put it at {CONTENT}/{_place(path, target)}, or mend the path"
    return what, to_publish(site, path, target) or _near(path, target, names) or remedy


def to_publish(site: Site, path: str, target: str) -> str:
    """Return what to do about a file that is there and not published; "" if `target` means none."""
    place = _place(path, target)
    why = site.withheld.get(place)
    if not why:
        return ""
    remedy = f"take the link out, or write {publish_line([place])}"
    return f"{CONTENT}/{place} is there, but not published: {why}; {remedy}"


def page_of(address: str) -> str:
    """Return an address without its query and fragment."""
    return _END.split(address, maxsplit=1)[0]


# ----------------------------------------------------------------------- what is meant


def _readings(target: str) -> Iterator[tuple[str, str]]:
    """Yield the names that a target may mean, each with what stands behind it,
    the likeliest first.
    """
    ends = [match.start() for match in _END.finditer(target)][:_MARKS]
    for end in (len(target), *reversed(ends)):
        name, rest = target[:end], target[end:]
        if name:
            yield name, rest
            if "%" in name:
                yield unquote(name), rest


def _as_on_disk(path: str, known: Container[str], decomposed: Mapping[str, str]) -> str:
    """Return a known path, or the one that is the same but for its Unicode form;
    "" if there is none.
    """
    if path in known:
        return path
    if path.isascii():
        return ""
    name = composed(path)
    return next((form for form in (name, decomposed.get(name, "")) if form in known), "")


_END = re.compile(r"[?#]")
_HIDDEN = re.compile(r"/\.(?=[^./])(?!well-known/|nojekyll$|htaccess$)")
_MARKS = 8
"""So many marks of a target may be part of a name."""


# ------------------------------------------------------------------------- what to do


def _nothing_there(site: Site, path: str, reference: Reference, names: FileNames) -> Problem:
    file, target = f"{CONTENT}/{path}", reference.target
    code = Code.MISSING_PICTURE if reference.shown else Code.DEAD_LINK
    if not target or _NOTHING.fullmatch(target):
        kind = "picture" if reference.shown else "link"
        remedy = "name its file" if reference.shown else "write where it leads"
        what = f"a {kind} without an address"
        return Problem(file, reference.line, what, remedy, code=code)
    remedy = (
        to_publish(site, path, target)
        or _whole_address(target)
        or _near(path, target, names)
        or f"mend the path, or add {CONTENT}/{_place(path, target)}"
    )
    what = f'there is no file "{target}"'
    return Problem(file, reference.line, what, remedy, code=code)


def _no_picture(site: Site, path: str, reference: Reference) -> Iterator[Problem]:
    """Yield that a file which a text shows is no picture, or a broken one."""
    found = content_file(site, path, reference.target)
    if found is None:
        return
    file, target = site.files.get(found[0]), reference.target
    if file is None and reference.attr != _OF_DOCUMENTS:
        what, remedy = f'"{target}" is a page, and no picture', "link to it, or name a picture"
        code = Code.MISSING_PICTURE
    elif file and file.flaw:
        what, remedy, code = _broken(target, file.flaw), _SAVE_ANEW, Code.BROKEN_PICTURE
    else:
        return
    yield Problem(f"{CONTENT}/{path}", reference.line, what, remedy, "warning", code=code)


def _broken(target: str, flaw: str) -> str:
    return f'the picture "{shortened(target)}" is broken: {flaw}'


_OF_DOCUMENTS = "data"
"""The attribute of `<object>`, which shows pages as well."""
_SAVE_ANEW = "open it in a program for pictures and save it anew, or name another"


def _whole_address(target: str) -> str:
    """Return the advice for an address elsewhere that is not written whole,
    as far as that shows.
    """
    if match := _HALF_SCHEME.match(target):
        return f"write {match[1]}://{target[match.end() :]}"
    if _MAIL.fullmatch(target):
        return f"write mailto:{target}"
    if _PHONE.fullmatch(target):
        return f"write tel:{re.sub(r'[^+0-9]', '', target)}"
    if match := _MISSPELLED.match(target):
        return f"write https://{target[match.end() :]}"
    if _ADDRESS_OF_MACHINE.match(target):
        return "put http:// in front"
    host = _HOST.match(target)
    if host and (host[1] or (host[2].lower() not in _FILES and (host[3] or _is_common(host[2])))):
        return "put https:// in front"
    return ""


def _is_common(ending: str) -> bool:
    """Return whether a name that ends so is a host's, even with nothing behind it."""
    return len(ending) == 2 or ending.lower() in _COMMON


def _near(path: str, target: str, names: FileNames) -> str:
    """Return what may be the matter with a name: it is hidden, or a file has nearly the same.

    "" if it is neither.
    """
    place = _place(path, target)
    if _HIDDEN.search(f"/{place}"):
        what = 'files whose names begin with "." are not published: if it is there, rename it'
        return f"{what}, or write {publish_line([place])}"
    file = names.like(place)
    if not file:
        return ""
    rooted = target.startswith("/")
    shown = f"/{file}" if rooted else posixpath.relpath(file, posixpath.dirname(path) or ".")
    return f"did you mean {shown.replace(' ', '%20')}?"


def _place(path: str, target: str) -> str:
    """Return the content path that a target most likely means, if nothing is there."""
    return beside(path, unquote(page_of(target) or target))


_NOTHING = re.compile(r"(?:https?|mailto|tel|sms):/*", re.IGNORECASE)
_HALF_SCHEME = re.compile(r"(https?)(?::/?(?!/)|//)", re.IGNORECASE)
_MISSPELLED = re.compile(r"[htps]{3,7}://(?=[^\s/?#])", re.IGNORECASE)
_ADDRESS_OF_MACHINE = re.compile(
    r"(?:localhost(?=:\d)|(?:\d{1,3}\.){3}\d{1,3})(?::\d+)?(?:$|[/?#])"
)
_MAIL = re.compile(r"[^\s/@?#]+@[^\s/@?#]+\.[^\s/@?#]+(?:\?.*)?")
_PHONE = re.compile(r"\+[\d\s()./-]{5,}\d")
_HOST = re.compile(r"(www\.)?(?:[\w-]+\.)+([^\W\d_]{2,})(?::\d+)?(?:$|([/?#]))")
_COMMON = {"com", "org", "net", "edu", "gov", "info", "blog", "news", "online", "social"}
_FILES = {"ai", "cc", "gz", "js", "md", "pl", "ps", "py", "rb", "rs", "sh", "so", "ts", "xz"} | {
    *("html", "htm", "pdf", "jpg", "jpeg", "png", "gif", "svg", "webp", "avif", "txt", "csv"),
    *("markdown", "doc", "docx", "odt", "xls", "xlsx", "zip", "mp3", "mp4", "xml", "json", "php"),
}
"""Endings of files; some are those of countries, too."""
