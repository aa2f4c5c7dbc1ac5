"""What a host that redirects by itself is told: `_redirects` and `_headers`.

A host that always prefers a file to a rule (GitLab) gets the rule in place of an alias's
page, where the rule is sure to work. Others prefer the rule, if it is so marked (Netlify), or
always (Cloudflare): there the page stays too, for an alias that found no place among the rules.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from generator.codes import Code
from generator.config import CONTENT
from generator.config.policy import policy_of, written
from generator.errors import Problem
from generator.hosts.headers import FOREVER, SHORT
from generator.hosts.limits import HOSTS, Host, crowded, mistyped
from generator.hosts.media_types import is_mistyped, media_type, with_charset
from generator.kinds import PageKind
from generator.model import Site
from generator.pages.context import PageContext
from generator.pages.editions import in_edition
from generator.pages.feed import old_feeds
from generator.pages.output import Rendered
from generator.pages.plain import redirects
from generator.pages.site_feeds import feeds_of
from generator.site.taxonomies import terms_of
from generator.site.watch import Unwatched
from generator.templates import views
from generator.templates.assets import FOLDER as ASSETS
from generator.templates.assets import Asset
from generator.urls import answered_by, file_path

REDIRECTS, HEADERS = "_redirects", "_headers"
_FOR_HOSTS = frozenset({REDIRECTS, HEADERS, ".nojekyll", "CNAME"})
"""Files of the content that hosts read, whichever host the site has."""
_POLICY = "Content-Security-Policy"
_DOCUMENTS = (".html", ".htm")
_UNREAD = "\ufffd"
"""Stands for what is no UTF-8."""
_PATTERN = re.compile(r"[*:]")
"""What makes a path a pattern."""
_PLAIN = re.compile(r"[\w/.~-]+", re.ASCII)
_PLACEHOLDER = re.compile(r":\w+")
_OF_HOSTS = ("/.netlify/", "/.well-known/", "/_vercel/", "/cdn-cgi/")
"""Where hosts have pages and pictures of their own."""


def is_read_by_host(host: str, path: str) -> bool:
    """Return whether the host reads the content file at a path itself: ours then takes it in."""
    known = HOSTS.get(host)
    return known is not None and (
        (path == REDIRECTS and known.redirects) or (path == HEADERS and known.headers)
    )


def kind_of_file(path: str) -> PageKind:
    """Return the kind of a content file that is copied to a path."""
    return PageKind.HOST_FILE if path in _FOR_HOSTS else PageKind.FILE


def host_pages(context: PageContext, assets: Iterable[Asset], root: Path) -> Iterator[Rendered]:
    """Yield the pages of the aliases, and what the site's host reads."""
    host = HOSTS.get(context.settings.host)
    told = _aliases(context, host, root)
    hidden = (
        {alias.page.path for alias in told.redirected_by_host}
        if host and host.files_first
        else set()
    )
    for alias in told.all:
        yield replace(alias.page, redirected_by_host=alias.page.path in hidden)
    if told.redirected_by_host or told.own:
        rules = tuple(alias.rule for alias in told.redirected_by_host)
        before, after = told.own[: told.place], told.own[told.place :]
        yield Rendered(
            REDIRECTS, PageKind.RULES, Unwatched(_redirects, rules, before, after), REDIRECTS
        )
    if host and host.headers:
        own = _own(context.site, HEADERS, root)
        rules_of = _header_rules(context, host, assets, own)
        view = Unwatched(_headers, tuple(rules_of), own)
        yield Rendered(HEADERS, PageKind.RULES, view, HEADERS)


def answered_by_host(site: Site, root: Path) -> Callable[[str], bool]:
    """Return whether a host answers for a decoded path by itself, or by the site's own rules."""
    rules = map(str.split, _own(site, REDIRECTS, root).splitlines())
    sources = [rule[0] for rule in rules if len(rule) > 1 and _leads_on(*rule)]
    patterns = [_PLACEHOLDER.sub("[^/]+", re.escape(s).replace(r"\*", ".*")) for s in sources]
    by_rule = re.compile("|".join(patterns or ["(?!)"]))
    return lambda path: path.startswith(_OF_HOSTS) or bool(by_rule.fullmatch(path))


def host_problems(context: PageContext, assets: Iterable[Asset], root: Path) -> Iterator[Problem]:
    """Yield what is wrong with the site's own rules, and which limits of its host are near."""
    host = HOSTS.get(context.settings.host)
    if host is None:
        return
    told = _aliases(context, host, root)
    yield from () if host.headers else _mistyped(host, told)
    if host.redirects:
        yield from _redirect_problems(host, told)
    if host.headers:
        own = _own(context.site, HEADERS, root)
        yield from _header_problems(
            host, own, len(_blocks(own)) + len(_wanted(context, host, assets))
        )


def _redirects(
    _: PageContext, rules: tuple[views.Rule, ...], before: str, after: str
) -> views.View:
    return views.RedirectsView(rules, before, after)


def _headers(_: PageContext, rules: tuple[views.HeaderRule, ...], own: str) -> views.View:
    return views.HeadersView(rules, own)


# ------------------------------------------------------------------------- redirects


class _Alias(NamedTuple):
    """The page of an old address, and the rule that does the same."""

    page: Rendered
    rule: views.Rule


class _Told(NamedTuple):
    """All aliases, those that have a rule, and those that would have if there were room.

    `own` are the site's own rules: ours go between those of plain addresses and those of
    patterns, of which one may well mean all addresses. `place` is where, in characters.
    """

    all: list[_Alias]
    redirected_by_host: list[_Alias]
    fit: list[_Alias]
    own: str
    place: int


def _aliases(context: PageContext, host: Host | None, root: Path) -> _Told:
    old = (in_edition(one, page) for one in context.every for page in redirects(one))
    everything = [_alias(context, host, page) for page in (*old_feeds(context), *old)]
    if host is None or not host.redirects:
        return _Told(everything, [], [], "", 0)
    own = _own(context.site, REDIRECTS, root)
    place = _first_pattern(own)
    fit = [alias for alias in everything if _fits(alias.rule, host)]
    room = host.redirect_rules - _number(own if host.files_first else own[:place])
    left = host.redirect_bytes and host.redirect_bytes - len(own.encode())
    redirected_by_host: list[_Alias] = []
    for alias in fit:
        length = _length(alias.rule) if host.redirect_bytes else 0
        if len(redirected_by_host) < room and length <= left:
            redirected_by_host.append(alias)
            left -= length
    return _Told(everything, redirected_by_host, fit, own, place)


def _alias(context: PageContext, host: Host | None, page: Rendered) -> _Alias:
    source = context.compose.href(answered_by(page.path))
    status = f"301{host.forced if host else ''}"
    return _Alias(page, views.Rule(source, context.compose.href(page.leads), status))


def _fits(rule: views.Rule, host: Host) -> bool:
    """Return whether a rule is sure to mean what it says.

    GitLab compares it with the address as it is when decoded, so that nothing encoded will do.
    """
    ends = rule.source, rule.target
    if host.files_first and not all(map(_PLAIN.fullmatch, ends)):
        return False
    if any(_PATTERN.search(end) for end in ends):
        return False
    if host.redirect_depth and max(end.count("/") for end in ends) > host.redirect_depth:
        return False
    return not host.redirect_line or _length(rule) - 1 <= host.redirect_line


def _length(rule: views.Rule) -> int:
    """Return the bytes of a rule's line with its end: in addresses a character is a byte."""
    return len(f"{rule.source} {rule.target} {rule.status}\n")


def _first_pattern(own: str) -> int:
    """Return where the first rule for a pattern begins."""
    start = 0
    for line in own.splitlines(keepends=True):
        words = line.split()
        if words and not words[0].startswith("#") and _is_pattern(words[0]):
            return start
        start += len(line)
    return start


def _is_pattern(source: str) -> bool:
    return bool(_PATTERN.search(re.sub(r"^https?:", "", source)))


def _number(own: str) -> int:
    """Return how many rules a part of `_redirects` holds."""
    lines = (line.strip() for line in own.splitlines())
    return sum(bool(line) and not line.startswith("#") for line in lines)


def _redirect_problems(host: Host, told: _Told) -> Iterator[Problem]:
    yield from _odd(host, REDIRECTS, told.own, host.redirect_line)
    taken = _number(told.own if host.files_first else told.own[: told.place])
    remedy = "take old aliases out: those that are too many get a page that leads on, and no rule"
    number = taken + len(told.fit)
    yield from crowded(host, "redirects", number, host.redirect_rules, remedy)
    size = len(told.own.encode()) + sum(_length(alias.rule) for alias in told.fit)
    yield from crowded(host, f"bytes in {REDIRECTS}", size, host.redirect_bytes, remedy)


def _mistyped(host: Host, told: _Told) -> Iterator[Problem]:
    """Yield old addresses of a feed that have no rule, and whose names mean HTML to a host."""
    for alias in told.all:
        page = alias.page
        if is_mistyped(page.path, page.kind) and alias not in told.redirected_by_host:
            yield mistyped(answered_by(page.path), host.name)


# --------------------------------------------------------------------------- headers


def _header_rules(
    context: PageContext, host: Host, assets: Iterable[Asset], own: str
) -> Iterator[views.HeaderRule]:
    """Yield our rules, less the headers that the site's own set: none if there is no room."""
    rules = _wanted(context, host, assets)
    if host.header_rules and len(rules) + len(_blocks(own)) > host.header_rules:
        rules = rules[:1] if context.settings.security.csp else []
    theirs = {line.split(":")[0].strip(" \t!").casefold() for line in own.splitlines()}
    for rule in rules:
        lines = [x for x in rule.lines if x.split(":")[0].strip("! ").casefold() not in theirs]
        if lines:
            yield replace(rule, lines=tuple(lines))


def _wanted(context: PageContext, host: Host, assets: Iterable[Asset]) -> list[views.HeaderRule]:
    """Return the rule for all files first, then those that say otherwise."""
    drop = ("! Cache-Control",) if host.joins else ()
    kept = _kept([asset.path for asset in assets], context.site.files.keys(), host)
    policy = policy_of(context.settings)
    lines: dict[str, tuple[str, ...]] = {
        "/*": (f"Cache-Control: {SHORT}", *([f"{_POLICY}: {written(policy)}"] if policy else [])),
        **{path: (_type_of(path, kind),) for one in context.every for path, kind in _feeds(one)},
        **{
            answered_by(page.path): (_type_of(page.path, page.kind),)
            for page in old_feeds(context)
            if not _PATTERN.search(answered_by(page.path))
        },
        **{f"/{path}": (*drop, f"Cache-Control: {FOREVER}") for path in kept},
    }
    if policy:
        drop = (f"! {_POLICY}",) if host.joins else ()
        apart = (*drop, f"{_POLICY}: frame-ancestors 'self'")
        lines |= dict.fromkeys(_documents(context.site), apart)
    return [views.HeaderRule(context.compose.href(path), said) for path, said in lines.items()]


def _documents(site: Site) -> Iterator[str]:
    """Yield addresses of documents among the content's files.

    Such may bring along scripts and styles of their own, and stand in a frame of the site's pages.
    """
    addresses = filter(None, (site.addresses[path] for path in site.files))
    return (a for a in addresses if a.lower().endswith(_DOCUMENTS) and not _PATTERN.search(a))


def _feeds(context: PageContext) -> Iterator[tuple[str, PageKind]]:
    """Yield the feeds' paths, or a pattern for them, each with its kind."""
    paths = context.paths
    yield from ((feed.path(paths), feed.kind) for feed in feeds_of(context.settings))
    yield paths.feed_below(paths.tag(":tag")), PageKind.TAG_FEED
    for taxonomy in context.taxonomies.values():
        if taxonomy.feed and taxonomy.name != "tags":
            terms = terms_of(context.site, taxonomy.name)
            for depth in sorted({len(context.compose.terms_above(term)) for term in terms}):
                term = taxonomy.path(*_NAMES[: depth + 1])
                yield paths.feed_below(term), PageKind.TERM_FEED
    for collection in context.collections.values():
        if collection.feed:
            yield paths.feed_below(collection.list), PageKind.COLLECTION_FEED


_NAMES = tuple(f":term{letter}" for letter in "abcdefgh")
"""Stand for a term, and before it for what it is a part of: nobody sorts deeper."""


def _type_of(path: str, kind: PageKind) -> str:
    return f"Content-Type: {with_charset(media_type(path, kind))}"


def _kept(assets: Collection[str], files: Iterable[str], host: Host) -> list[str]:
    """Return paths, or a pattern for paths, of the files that never change.

    One by one, so that nothing else is kept with them, not even the answer that a file is not
    there; where they are many, their folder, unless other files are in it.
    """
    paths = [path for path in map(file_path, assets) if not _PATTERN.search(path)]
    if len(paths) <= (host.header_rules or 100) // 2:
        return paths
    return [] if any(file.startswith(f"{ASSETS}/") for file in files) else [f"{ASSETS}/*"]


def _blocks(own: str) -> list[str]:
    """Return the paths, or whole addresses, that the site's own rules are for."""
    lines = (line.strip() for line in own.splitlines())
    return [line for line in lines if line.startswith(("/", "https://", "http://"))]


def _header_problems(host: Host, own: str, number: int) -> Iterator[Problem]:
    yield from _odd(host, HEADERS, own, host.header_line)
    remedy = f"have fewer in {CONTENT}/{HEADERS}: where they are too many, Broadsheet adds none"
    yield from crowded(host, "rules for headers", number, host.header_rules, remedy)


# -------------------------------------------------------------------- the site's own


def _leads_on(source: str, target: str, *rest: str) -> bool:
    """Return whether one of the site's own rules gives an answer where else there would be none.

    A page of the site for all that is not found gives none.
    """
    is_last_resort = source == "/*" and target.startswith("/")
    return source.startswith("/") and not is_last_resort and not {"404", "410"}.intersection(rest)


def _own(site: Site, name: str, root: Path) -> str:
    """Return the text of the site's own file of that name, its last line ended; "" for none."""
    if name not in site.files:
        return ""
    text = (root / CONTENT / name).read_bytes().decode("utf-8-sig", errors="replace")
    return text if text.endswith("\n") or not text else f"{text}\n"


def _odd(host: Host, name: str, own: str, longest: int) -> Iterator[Problem]:
    """Yield what is wrong with the lines of the site's own file."""
    for number, line in enumerate(own.splitlines(), start=1):
        if _UNREAD in line:
            what = "the bytes are no UTF-8"
            remedy = "save the file as UTF-8"
            yield Problem(f"{CONTENT}/{name}", number, what, remedy, code=Code.NOT_UTF8)
        if longest and len(line) > longest:
            what = f"{host.name} takes lines of {longest:,} characters, and this has {len(line):,}"
            file, remedy = f"{CONTENT}/{name}", "make it shorter"
            yield Problem(file, number, what, remedy, "warning", code=Code.HOST_LIMIT)
