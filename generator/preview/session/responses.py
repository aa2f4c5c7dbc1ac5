"""Respond to a URL: in come a session and a path, out comes the preview's response."""

import posixpath
from collections.abc import Iterable
from difflib import get_close_matches
from functools import partial
from heapq import nlargest
from urllib.parse import quote, unquote

from msgspec.structs import replace

from generator.config import CONTENT
from generator.config.policy import SANDBOX, Policy, policy_of
from generator.errors import Problem, attempt, fault
from generator.hosts.limits import HOSTS
from generator.hosts.media_types import by_name, media_type, stored_encoding, with_charset
from generator.kinds import ShownAs
from generator.pages import Output
from generator.pages.plain import NOT_FOUND
from generator.preview.session.pictures import pictures_of
from generator.preview.session.planned_site import PlannedSite
from generator.preview.session.problem_excerpts import with_excerpt
from generator.preview.session.site import Session
from generator.preview.session.state import Gone
from generator.preview.shell import page as own_page
from generator.preview.values import Move, SiteResponse, Unmade
from generator.urls import file_path

_DOCUMENTS = frozenset({"text/html", "text/xml", "application/xml", "text/xsl"})
"""Media types of HTML and of XML, beside those that end in `+xml`."""
_NEAR, _ALIKE = 5, 64
_GONE = own_page(
    "The folder of the site is gone",
    "<p>Put it back, and this page shows the site again by itself.</p>\n",
)


def respond(
    session: Session,
    path: str,
    *,
    hurried: bool = False,
    near: bool = False,
    waits: bool = True,
) -> SiteResponse:
    """Return what is at the path of a URL, decoded.

    `hurried`: with the related stories of before the last edit, if new ones are not found yet.
    `near`: where nothing is, say what there is near it. Who never `waits` is told of what takes
    long that it is not made yet.
    """
    work = partial(_respond, session, path, hurried=hurried, near=near, waits=waits)
    told = partial(fault, _file_at(session, path), doing=f"show {path}")
    made = attempt(work, told)
    if isinstance(made, Problem):
        problems = (with_excerpt(session.root, made),)
        return SiteResponse(b"", _media_type("index.html"), status=500, problems=problems)
    return made


def _file_at(session: Session, path: str) -> str:
    """Return the file that is named if nothing can be answered for the path of a URL."""
    page = page_at(session.planned, path) if session.planned else None
    return page.file if page else CONTENT


def pictures_at(session: Session, paths: Iterable[str]) -> list[Unmade]:
    """Return the pictures at these paths of URLs, decoded, that may take long to make."""
    planned = session.planned
    if planned is None:
        return []
    pages = ((path, page_at(planned, path)) for path in paths)
    found = ((path, page) for path, page in pages if page)
    return [*pictures_of(session.root, planned, found)]


def _respond(
    session: Session, path: str, *, hurried: bool, near: bool, waits: bool
) -> SiteResponse:
    planned = session.planned
    if isinstance(session.state, Gone):
        return SiteResponse(_GONE, _media_type("index.html"), status=503)
    if planned is None:
        return SiteResponse(b"", _media_type("index.html"), status=503)
    base = unquote(planned.settings.home.base)
    if not path.startswith(base):
        is_above = base.startswith(path.rstrip("/") + "/")
        return _redirect(base) if is_above else _nothing(session, planned, path, near)
    if address := _led_off(planned, path):
        return _redirect(address)
    page = page_at(planned, path)
    if page is None:
        is_folder = page_at(planned, f"{path}/") is not None
        return _redirect(f"{path}/") if is_folder else _nothing(session, planned, path, near)
    if not waits:
        for unmade in pictures_of(session.root, planned, [(path, page)]):
            if not unmade.is_there():
                return SiteResponse(b"", by_name(page.path), shown_as="file", unmade=unmade)
    return _rendered(session, planned, page, hurried=hurried)


def page_at(planned: PlannedSite, path: str) -> Output | None:
    """Return the output that answers for the path of a URL, decoded."""
    name = path.removeprefix(unquote(planned.settings.home.base))
    name = f"{name}index.html" if name.endswith("/") or not name else name
    return planned.pages.get(name) or planned.former.get(name) or _bare(planned, name)


def _bare(planned: PlannedSite, name: str) -> Output | None:
    """Return the page that is linked by this name, without the ending of its file."""
    page = planned.pages.get(f"{name}.html")
    return page if page and page.bare else None


def _led_off(planned: PlannedSite, path: str) -> str:
    """Return the address without an ending to which the host leads from a path; "" if to none."""
    host = HOSTS.get(planned.settings.host)
    base = unquote(planned.settings.home.base)
    for more in host.leads_off if host else ():
        address = path.removesuffix(more)
        if address != path and _bare(planned, address.removeprefix(base)):
            return address
    return ""


def address_of_file(session: Session, path: str) -> str:
    """Return the URL's path of the page that a content file is shown on; "" if there is none."""
    planned = session.planned
    address = planned.site.addresses.get(path) if planned else ""
    return planned.context.compose.href(address) if planned and address else ""


def moved(session: Session, path: str) -> Move | None:
    """Return where what stood at the path of a URL, decoded, is now; None if it is there."""
    planned = session.planned
    if planned is None:
        return None
    page = page_at(planned, path)
    if page is not None:
        location = planned.leads_to(page)
        return Move(location) if location else None
    address = "/" + path.removeprefix(unquote(planned.settings.home.base))
    file = session.moves.file_of(address)
    return Move(address_of_file(session, file), f"{CONTENT}/{file}") if file else None


def addresses_of_files(session: Session, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the URLs' paths of content files, as far as they have any."""
    return tuple(filter(None, (address_of_file(session, path) for path in paths)))


def _rendered(
    session: Session,
    planned: PlannedSite,
    page: Output,
    status: int = 200,
    *,
    hurried: bool = False,
) -> SiteResponse:
    session.read_ahead(page)
    rendered = planned.render(page, hurried=hurried)
    while session.read_ahead(page):
        rendered = planned.render(page, hurried=hurried)
    if rendered.warning:
        session.note(rendered.warning)
    if rendered.is_new and not session.files.has_layouts_as_read():
        planned.forget(page)
    problems = (with_excerpt(session.root, rendered.problem),) if rendered.problem else ()
    location = planned.leads_to(page)
    return SiteResponse(
        body=rendered.data,
        type=with_charset(media_type(page.path, page.kind)),
        shown_as=_shown_as(page),
        encoding=stored_encoding(page.path),
        status=500 if rendered.problem else 302 if location else status,
        location=location,
        problems=problems,
        policy=_of_page(planned) if page.kind.traits.has_layout else _of_file(planned, page.path),
    )


def _shown_as(page: Output) -> ShownAs:
    """Return what a person is shown of an output: of a copied file its name tells."""
    is_document = media_type(page.path, page.kind) == "text/html"
    shown_as = page.kind.traits.shown_as
    return "page" if shown_as == "file" and is_document else shown_as


def _of_page(planned: PlannedSite) -> Policy:
    """Return the policy of a page: of this site only the scripts of its layouts may run.

    And those that the settings name, for one that came with a story could read the others.
    """
    policy = policy_of(planned.settings)
    if not policy:
        return {}
    base = planned.settings.home.base
    assets = (asset.path for asset in planned.layouts.assets.values())
    own = [f"{base}{file_path(path)}" for path in assets if path.endswith((".js", ".mjs"))]
    own += (f"{base}{path[1:]}" for path in _trusted(planned))

    def elsewhere(name: str) -> tuple[str, ...]:
        return tuple(source for source in policy[name] if source != "'self'")

    asked = elsewhere("connect-src")  # no story may fetch the others, which are not out yet
    return {**policy, "script-src": (*own, *elsewhere("script-src")), "connect-src": asked}


def _of_file(planned: PlannedSite, path: str) -> Policy:
    """Return the policy of a copied file, such as a chart: its scripts see only themselves.

    One that can hold none has no policy, nor has a PDF: browsers show none in a sandbox.
    """
    is_trusted = f"/{path}".startswith(_trusted(planned)) or not planned.settings.security.csp
    if is_trusted or not _may_hold_scripts(by_name(path)):
        return {}
    return {SANDBOX: ("allow-scripts", "allow-popups")}


def _may_hold_scripts(media_type: str) -> bool:
    """Return whether a browser runs scripts in a file of this type: in HTML, in XML such as SVG."""
    return media_type in _DOCUMENTS or media_type.endswith("+xml")


def _trusted(planned: PlannedSite) -> tuple[str, ...]:
    """Return the addresses of this site whose scripts the settings name."""
    return tuple(path for path in planned.settings.security.scripts if path.startswith("/"))


def _nothing(session: Session, planned: PlannedSite, path: str, near: bool) -> SiteResponse:
    """Return the site's own page for what is not found."""
    page = planned.pages[NOT_FOUND]
    made = _rendered(session, planned, page, status=404)
    if not near:
        return made
    pages = (page for page in planned.pages.values() if _shown_as(page) == "page")
    names = (page.path.removesuffix(".html" if page.bare else "index.html") for page in pages)
    return replace(made, near=tuple(map(planned.context.compose.href, _nearest(path, names))))


def _nearest(path: str, names: Iterable[str]) -> list[str]:
    """Return the names most like a path, by their last parts, best first."""
    wanted = _last(path)
    words = set(wanted.split("-"))
    named: dict[str, str] = {}
    for name in names:
        named.setdefault(_last(name), name)
    alike = nlargest(_ALIKE, named, key=lambda last: len(words.intersection(last.split("-"))))
    alike += [last for last in named if last[:2] == wanted[:2]][:_ALIKE]
    return [named[last] for last in get_close_matches(wanted, dict.fromkeys(alike), _NEAR, 0.5)]


def _last(path: str) -> str:
    return posixpath.basename(path.rstrip("/")).removesuffix(".html")


def _redirect(path: str) -> SiteResponse:
    return SiteResponse(b"", "text/plain", status=302, shown_as="file", location=quote(path))


def _media_type(name: str) -> str:
    return with_charset(by_name(name))
