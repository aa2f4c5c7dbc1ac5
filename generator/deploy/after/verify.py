"""After a deploy: whether readers get what was sent.

A sample of the addresses is fetched and compared, byte for byte, with the built files. What stands
between a host and its readers may be slow to follow, so that what differs is looked at again.
"""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urljoin

import msgspec
from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError

from generator.codes import Code
from generator.deploy.targets.target import Upload
from generator.errors import Problem
from generator.hosts.media_types import by_name, is_packed, media_type
from generator.kinds import PageKind
from generator.output.inventory import Inventory
from generator.urls import Home
from generator.web import client, host_of, is_unreachable, named, reason_of

PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds before what differs is looked at again, each time."""
MOST = 48
"""Addresses that are looked at."""
_AT_ONCE = 6
_WAIT = Timeout(connect=5, read=10)
_LONGEST = 60
"""Seconds that one answer may take, and after which nothing is looked at again."""
_BLOCK = 1 << 16


class Check(msgspec.Struct, frozen=True):
    """An address, and what should be there: the file, if any, or a redirect to one of `leads`."""

    url: str
    upload: Upload | None
    leads: tuple[str, ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """How many addresses were `right`, `of` how many, and what is wrong with the others."""

    right: int = 0
    of: int = 0
    problems: tuple[Problem, ...] = ()


class Finding(msgspec.Struct, frozen=True):
    """What is wrong at an address."""

    what: str
    remedy: str
    unreachable: bool = False

    def at(self, place: str) -> Problem:
        """Return it as the problem of an address."""
        code = Code.UNREACHABLE if self.unreachable else Code.NOT_VERIFIED
        return Problem(place, 0, self.what, self.remedy, code=code)


def checks(
    upload: Iterable[Upload], deleted: Iterable[str], inventory: Inventory, place: str
) -> list[Check]:
    """Return what to look at, where these files were sent and those paths deleted: all, if few.

    `place` is the address of the place. A redirect may lead to the same page there, too.
    """
    home, elsewhere = Home.of(place), Home.of(inventory.url)
    for_readers = (one for one in upload if not one.kind.traits.is_for_host)
    sent: dict[str, Upload | None] = {one.path: one for one in for_readers}
    seen = dict(sorted((sent | dict.fromkeys(deleted)).items()))

    def check(path: str) -> Check:
        url = home.absolute(home.href(inventory.address(path)))
        item = inventory.files.get(path)
        if not (item and item.leads):
            return Check(url, seen[path])
        below = item.leads.removeprefix(elsewhere.absolute(elsewhere.base))
        here = home.absolute(home.base) + below
        return Check(url, seen[path], (item.leads, here))

    return [check(path) for path in _sample(seen)]


def _sample(expected: Mapping[str, Upload | None]) -> Sequence[str]:
    """Return each kind's first, and others spread evenly over the rest."""
    if len(expected) <= MOST:
        return list(expected)
    firsts: dict[PageKind | None, str] = {}
    for path, one in expected.items():
        firsts.setdefault(one.kind if one else None, path)
    chosen = list(firsts.values())
    rest = [path for path in expected if path not in set(chosen)]
    wanted = MOST - len(chosen)
    return chosen + [rest[n * len(rest) // wanted] for n in range(wanted)]


def verified(todo: Sequence[Check], pauses: Iterable[float] = PAUSES) -> Outcome:
    """Look at these addresses, all of one host; at what differs again after pauses (in seconds).

    Of a host that cannot be reached none is right, and that is one problem.
    """
    if not todo:
        return Outcome()
    ends = time.monotonic() + _LONGEST
    with client(todo[0].url, False, _AT_ONCE) as web, ThreadPoolExecutor(_AT_ONCE) as pool:
        wrong = _once(pool, web, todo[:1])
        is_there = not any(finding.unreachable for finding in wrong.values())
        wrong |= _once(pool, web, todo[1:]) if is_there else {}
        for pause in pauses:
            if not wrong or time.monotonic() > ends:
                break
            time.sleep(pause)
            wrong = _once(pool, web, list(wrong))
            if not is_there and not any(finding.unreachable for finding in wrong.values()):
                is_there, wrong = True, wrong | _once(pool, web, todo[1:])
    place = str if is_there else host_of
    problems = [found.at(place(check.url)) for check, found in wrong.items()]
    right = len(todo) - len(wrong) if is_there else 0
    return Outcome(right, len(todo), tuple(problems))


def _once(
    pool: ThreadPoolExecutor, web: PoolManager, todo: Sequence[Check]
) -> dict[Check, Finding]:
    """Return what is wrong at the moment."""
    found = zip(todo, pool.map(partial(_look, web), todo), strict=True)
    return {check: finding for check, finding in found if finding}


def _look(web: PoolManager, check: Check) -> Finding | None:
    """Fetch an address, and say what is wrong there."""
    try:
        answer = web.request(
            "GET",
            check.url,
            headers={**web.headers, "Accept-Encoding": "gzip, br"},
            timeout=_WAIT,
            redirect=False,
            preload_content=False,
        )
        try:
            return _compare(answer, check)
        finally:
            answer.close()  # what is left of a body is not waited for
            answer.release_conn()  # the pool waits for ever for one that is not given back
    except TimeoutError:
        return Finding(f"no whole answer in {_LONGEST} s, {_should(check)}", _HOST)
    except HTTPError as error:
        return Finding(f"{reason_of(error)}, {_should(check)}", _UNREACHED, is_unreachable(error))


def _compare(answer: BaseHTTPResponse, check: Check) -> Finding | None:
    status, there = answer.status, check.upload
    if there is None:
        is_gone = 300 <= status < 500 and status != 429
        return None if is_gone else Finding(f"{named(status)}, {_should(check)}", _HOST)
    if check.leads and status in (301, 302, 307, 308):
        to = urljoin(check.url, answer.headers.get("Location", ""))
        is_right = to in check.leads
        return None if is_right else Finding(f"it leads to {to}, {_should(check)}", _HOST)
    is_page_of_errors = there.kind is PageKind.NOT_FOUND and status == 404
    if status != 200 and not is_page_of_errors:
        to = answer.headers.get("Location", "")
        what = f"{named(status)} (to {to})" if to else named(status)
        return Finding(f"{what}, {_should(check)}", _HOST)
    if not _is_same(answer, there):
        age = answer.headers.get("Age", "0")
        copy = f" (from a cache, {age} seconds old)" if age.isdigit() and int(age) else ""
        return Finding(f"other bytes{copy} than the deploy sent, {_should(check)}", _CACHE)
    wrong = _wrong_headers(answer.headers, there)
    return Finding(wrong, _HEADERS) if wrong else None


def _is_same(answer: BaseHTTPResponse, there: Upload) -> bool:
    """Return whether the body is the file; neither is ever whole in memory.

    What a host has compressed on the way is unpacked, what is stored so is compared as it is.
    """
    ends, unpacks = time.monotonic() + _LONGEST, not is_packed(there.path)
    with there.file.open("rb") as file:
        for block in answer.stream(_BLOCK, decode_content=unpacks):
            if time.monotonic() > ends:
                raise TimeoutError
            if file.read(len(block)) != block:
                return False
        return not file.read(1)


def _wrong_headers(said: Mapping[str, str], there: Upload) -> str:
    """Say what is wrong with the headers; "" if nothing.

    Where none are asked for, the type must do that the file is of, or that its name tells: a
    copy of a feed at the old address /feed/ is a page to a web server.
    """
    kind, asked = said.get("Content-Type", ""), there.headers
    if not asked.content_type:
        meant = media_type(there.path, there.kind)
        told = _alike(by_name(there.path))
        fits = _alike(_media_type(kind)) in (_alike(meant), told) or not _alike(meant)
        return "" if fits else f"Content-Type is {kind or 'missing'}, should be {meant}"
    if _folded(kind, ";") != _folded(asked.content_type, ";"):
        return f"Content-Type is {kind or 'missing'}, should be {asked.content_type}"
    encoding = said.get("Content-Encoding", "")
    if asked.is_stored and encoding.lower() != asked.encoding:
        return f"Content-Encoding is {encoding or 'missing'}, should be {asked.encoding}"
    kept = said.get("Cache-Control", "")
    if _folded(kept, ",") != _folded(asked.cache_control, ","):
        return f"Cache-Control is {kept or 'missing'}, should be {asked.cache_control}"
    return ""


def _folded(header: str, sign: str) -> set[str]:
    """Return the parts of a header, whatever their order, case and spacing."""
    return {part.strip().replace('"', "").lower() for part in header.split(sign)} - {""}


def _media_type(header: str) -> str:
    return header.partition(";")[0].strip().lower()


def _alike(media_type: str) -> str:
    """Return one name for types that browsers and feed readers treat alike; "" if any will do."""
    if media_type.startswith("image/") or media_type in ("text/html", "text/css"):
        return media_type.replace("image/x-icon", "image/vnd.microsoft.icon")
    found = re.search(r"xml$|json$|javascript$", media_type)
    return found[0] if found else ""


def _should(check: Check) -> str:
    """Say what should be at an address, for the end of a message."""
    if check.upload is None:
        return "and nothing should be there any more"
    if check.leads:
        return f"and it should lead to {check.leads[0]}"
    return f"and {check.upload.path} should be there"


_UNREACHED = "mend `url` of the target in site.toml, or look again: broadsheet deploy --verify"
_HOST = "mend the host, or `url` of the target in site.toml"
_CACHE = "empty the host's cache, or look again later: broadsheet deploy --verify"
_HEADERS = "mend the settings of the host, or what it has in front of it"
