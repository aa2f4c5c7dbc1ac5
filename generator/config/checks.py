"""What is wrong with settings of the right type: what the types cannot say."""

import re
from collections.abc import Callable, Iterator
from math import isfinite
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from generator.codes import Code
from generator.colours import read_colour
from generator.config.arrangement import mistakes_of_arrangement
from generator.config.editions import is_language, mistakes_of_languages
from generator.config.images import mistakes_of_images
from generator.config.podcasts import mistakes_of_podcast
from generator.config.policy import bad_source
from generator.config.settings import (
    CONTENT,
    EXTENSIONS,
    EXTENSIONS_ON,
    UNSURE,
    Deploy,
    families,
)
from generator.errors import Problem, visible
from generator.fields import named, value_at
from generator.globs import bad_glob
from generator.mismatch import nearest
from generator.schema import Door
from generator.urls import (
    bad_address,
    bad_path,
    bad_permalink,
    is_bare,
    is_elsewhere,
    is_placeholder,
    is_web_address,
    own_address,
)


def mistakes(raw: dict[str, Any], door: Door) -> list[Problem]:
    """Return the values of the right type that are wrong all the same."""
    problems = []
    for name, reason_of, remedy in _CHECKS:
        path = tuple(name.split("."))
        value = value_at(raw, path)
        if isinstance(value, str | int | float) and (reason := reason_of(str(value))):
            problems.append(door.problem(path, f"{name}: {reason}", f"write {remedy}"))
    problems += [*_mistakes_of_entries(raw, door), *_mistakes_of_look(raw, door)]
    targets, hub = value_at(raw, ("deploy",)), value_at(raw, ("feeds", "hub"))
    for name, target in targets.items() if isinstance(targets, dict) else ():
        if isinstance(target, dict):
            problems += _mistakes_of_target(("deploy", name), target, hub, door)
    problems += [*_mistakes_of_publish(raw, door), *_mistakes_of_old_feeds(raw, door)]
    problems += [*_mistakes_of_sources(raw, door), *_mistakes_of_ids(raw, door)]
    problems += [*_mistakes_of_permalinks(raw, door), *mistakes_of_arrangement(raw, door)]
    problems += [*_mistakes_of_markdown(raw, door), *mistakes_of_languages(raw, door)]
    problems += [*mistakes_of_podcast(raw, door), *mistakes_of_images(raw, door)]
    provider = value_at(raw, ("comments", "provider"))
    for name in _NEEDED_BY.get(str(provider), ()):
        if not value_at(raw, ("comments", name)):
            what = f'comments: "{provider}" needs `{name}`'
            remedy = f"add `{name}` to [comments]"
            problems.append(door.problem(("comments",), what, remedy, code=Code.MISSING_FIELD))
    return problems


def bad_site_url(url: str) -> str:
    """Say why an address may not be that of a site, or an empty string."""
    is_right = is_web_address(url) and not set(url) & set("?#")
    if is_right and "@" in urlsplit(url).netloc:
        return f'"{url}" holds a user\'s name or password, which every page would show'
    if is_right and {".", ".."} & set(unquote(urlsplit(url).path).split("/")):
        return f'"{url}" is no address of a site: it leaves its folder'
    return "" if is_right else f'"{url}" is no address of a site'


def _mistakes_of_entries(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield addresses in menus and footers that are none."""
    languages = value_at(raw, ("languages",))
    tags = [*languages] if isinstance(languages, dict) else []
    of_languages = [("languages", tag, name) for tag in tags for name in ("menu", "footer")]
    for field in (("menu",), ("look", "footer"), *of_languages):
        entries = value_at(raw, field)
        for number, item in enumerate(entries if isinstance(entries, list) else ()):
            url, path = value_at(item, ("url",)), (*field, number, "url")
            if isinstance(url, str) and not url.startswith("/") and (reason := _bad_address(url)):
                remedy = "write a path of this site, such as /about/, or a whole address"
                yield door.problem(path, f"{named(path)}: {reason}", remedy)


def _mistakes_of_look(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield what `[look]` has for the dark alone, though that follows from the other."""
    for name in ("accent", "logo"):
        if value_at(raw, ("look", f"{name}_dark")) and not value_at(raw, ("look", name)):
            what = f"look: `{name}_dark` needs `{name}`"
            path = ("look", f"{name}_dark")
            yield door.problem(path, what, f"add `{name}` to [look]", code=Code.MISSING_FIELD)


def _mistakes_of_old_feeds(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield old addresses of feeds that are none of this site."""
    aliases = value_at(raw, ("feeds", "aliases"))
    for number, alias in enumerate(aliases if isinstance(aliases, list) else ()):
        if isinstance(alias, str) and (reason := bad_address(alias)):
            what = f'feeds.aliases[{number + 1}]: "{visible(alias)}" is no address of this site'
            own = own_address(alias, str(raw.get("url")))
            remedy = f'write "{own}"' if own else 'write a path such as "/atom.xml"'
            yield door.problem(("feeds", "aliases", number), f"{what}: {reason}", remedy)


def _mistakes_of_ids(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Warn of ids made from an address that is nobody's, of a site that has one of its own."""
    made_from, url = str(value_at(raw, ("feeds", "id_url"))), str(raw.get("url"))
    if is_web_address(made_from) and is_placeholder(made_from) and not is_placeholder(url):
        what = f"feeds.id_url: {made_from} stands for an address in examples, and is nobody's site"
        yield door.problem(("feeds", "id_url"), what, f'write "{url}"', "warning")


def _mistakes_of_sources(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield what is no host for the content security policy to let in."""
    for name in ("embeds", "scripts"):
        sources = value_at(raw, ("security", name))
        for number, source in enumerate(sources if isinstance(sources, list) else ()):
            is_own = name == "scripts" and str(source).startswith("/") and not bad_path(str(source))
            if isinstance(source, str) and not is_own and (reason := bad_source(source)):
                what = f"security.{name}[{number + 1}]: {reason}"
                remedy = "write it whole: https://video.example.com"
                yield door.problem(("security", name, number), what, remedy)


def _mistakes_of_publish(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield patterns of files to publish that are none."""
    patterns = value_at(raw, ("content", "publish"))
    for number, pattern in enumerate(patterns if isinstance(patterns, list) else ()):
        if isinstance(pattern, str) and (reason := bad_glob(pattern)):
            what = f'content.publish[{number + 1}]: "{pattern}" is no pattern of files: {reason}'
            remedy = 'write one such as "_static/**"'
            yield door.problem(("content", "publish", number), what, remedy)


def _mistakes_of_markdown(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield extensions of an engine that has none, and options of extensions that are not on."""
    extensions, options = (value_at(raw, ("markdown", name)) for name in ("extensions", "options"))
    named = [*map(str, extensions)] if isinstance(extensions, list) else []
    tables = options if isinstance(options, dict) and not isinstance(extensions, str) else {}
    given = [name for name, table in tables.items() if isinstance(table, dict)]
    if value_at(raw, ("markdown", "engine")) == "commonmark" and (named or given):
        what = 'markdown.extensions: the engine "commonmark" has none'
        remedy = 'take them out, or write engine = "markdown"'
        yield door.problem(("markdown", "extensions" if named else "options"), what, remedy)
    known = {name.removeprefix(EXTENSIONS) for name in (*named, *EXTENSIONS_ON)}
    for name in given:
        if name == "extra":
            what, remedy = "it has no options of its own", "give them to the extensions in it"
        elif name.removeprefix(EXTENSIONS) in known:
            continue
        else:
            close = nearest(name, sorted(known))
            what = "no extension of that name is on"
            remedy = f'did you mean "{close}"?' if close else "add it to `extensions`"
        place = ("markdown", "options", name)
        yield door.problem(place, f'markdown.options."{visible(name)}": {what}', remedy)


def _mistakes_of_permalinks(raw: dict[str, Any], door: Door) -> list[Problem]:
    """Say what is wrong with `[permalinks]`, and with addresses that no target answers."""
    table = value_at(raw, ("permalinks",))
    by_glob = table if isinstance(table, dict) else {}
    problems = []
    for glob, pattern in by_glob.items():
        if wrong := _wrong_permalink(glob, str(pattern)):
            problems.append(door.problem(("permalinks", glob), *wrong))
    patterns: dict[tuple[str, ...], str] = {("permalink",): str(raw.get("permalink", ""))}
    patterns |= {("permalinks", glob): str(pattern) for glob, pattern in by_glob.items()}
    for path, pattern in patterns.items():
        if is_bare(pattern) and not bad_permalink(pattern):
            problems += _unanswered(path, pattern, raw, door)
    return problems


def _wrong_permalink(glob: str, pattern: str) -> tuple[str, str] | None:
    """Say what is wrong with a row of `[permalinks]`, and what to do."""
    if reason := bad_glob(glob):
        what = f'permalinks: "{glob}" is no pattern of files: {reason}'
        return what, 'write one such as "articles/opinion/**"'
    if not glob.startswith(("articles/", "pages/")):
        what = f'permalinks: "{glob}" is for no stories and no pages'
        return what, f"begin it with articles/ or pages/, as they lie in {CONTENT}/"
    reason = bad_permalink(pattern, of_pages=glob.startswith("pages/"))
    remedy = 'write a pattern such as "/opinion/{slug}/"'
    return (f'permalinks."{glob}": {reason}', remedy) if reason else None


def _unanswered(
    path: tuple[str, ...], pattern: str, raw: dict[str, Any], door: Door
) -> Iterator[Problem]:
    """Yield why nobody is sure to answer for addresses without an ending, as a pattern makes."""
    field = path[0] + "".join(f'."{glob}"' for glob in path[1:])
    remedy = f'write "{pattern}/" or "{pattern}.html"'
    if not raw.get("host"):
        yield door.problem(path, f"{field}: it has no ending, and {UNSURE}", remedy)
    targets = value_at(raw, ("deploy",))
    for name, target in targets.items() if isinstance(targets, dict) else ():
        kind = _kind_of_target(str(value_at(target, ("to",)) or "").strip())
        if kind not in ("", "git"):
            what = f"{field}: it has no ending, and for that {_KINDS[kind]} does not answer"
            yield door.problem(path, f"{what} (deploy.{name})", remedy)


def _mistakes_of_target(
    here: tuple[str, ...], target: dict[str, Any], hub: Any, door: Door
) -> list[Problem]:
    """Say what is wrong with a `[deploy.NAME]`, of the values of it and of the site's hub."""
    problems = []
    table = ".".join(here)
    for name, reason_of, remedy in _CHECKS_OF_TARGET:
        value = target.get(name)
        if isinstance(value, str) and (reason := reason_of(value)):
            what = f"{table}.{name}: {reason}"
            problems.append(door.problem((*here, name), what, f"write {remedy}"))
    needs = (
        ("websub", hub, "`feeds.hub`", 'add hub = "https://…" to [feeds]'),
        ("indexnow", target.get("indexnow_key"), "`indexnow_key`", f"add it to [{table}]"),
    )
    ping = target.get("ping")
    for service, is_there, needed, remedy in needs:
        if isinstance(ping, list) and service in ping and not is_there:
            what = f'{table}.ping: "{service}" needs {needed}'
            problems.append(door.problem((*here, "ping"), what, remedy, code=Code.MISSING_FIELD))
    return problems + _useless(here, target, door)


def _useless(here: tuple[str, ...], target: dict[str, Any], door: Door) -> list[Problem]:
    """Return the options of a `[deploy.NAME]` that would change nothing at a target of its kind.

    One that asks for what is so anyway is a warning. Of a target of no known kind nothing is said.
    """
    kind = _kind_of_target(str(target.get("to", "")).strip())
    problems = []
    for name, (kinds, instead) in _USES.items() if kind else ():
        if name in target and kind not in kinds:
            what = f"{'.'.join((*here, name))}: {_KINDS[kind]} has no use for it"
            problem = door.problem((*here, name), what, f"take it out{instead}")
            is_so = target[name] == getattr(_UNASKED, name)
            problems.append(replace(problem, severity="warning") if is_so else problem)
    return problems


def _kind_of_target(to: str) -> str:
    """Say which of the kinds of targets `to` means; "" for none that is known."""
    return next((kind for kind, start in _STARTS.items() if re.match(start, to)), "")


def _bad_start(url: str) -> str:
    return bad_site_url(url) if url else ""


def _bad_address(url: str) -> str:
    is_right = not url or is_web_address(url) or url.startswith("mailto:")
    return "" if is_right else f'"{url}" is no address'


def _bad_service(url: str) -> str:
    return "" if not url or is_web_address(url) else f'"{url}" is no address of a service'


def _bad_key(key: str) -> str:
    """Say why a text is no key by the rule of https://www.indexnow.org/documentation."""
    return "" if not key or re.fullmatch(r"[A-Za-z0-9-]{8,128}", key) else "it is no key"


def _bad_mail(address: str) -> str:
    return "" if not address or "@" in address[1:-1] else f'"{address}" is no mail address'


def _bad_colour(written: str) -> str:
    is_right = not written or read_colour(written)
    return "" if is_right else f'"{visible(written)}" is no colour'


def _bad_fonts(written: str) -> str:
    is_right = not written.strip() or families(written)
    return "" if is_right else f'"{visible(written)}" is no list of fonts'


def _bad_logo(path: str) -> str:
    """Say why a logo or an icon cannot be the site's own file."""
    return f'"{visible(path)}" is a file of another host' if is_elsewhere(path) else ""


def _bad_icon(path: str) -> str:
    is_right = not path or path.lower().endswith((".svg", ".png", ".ico"))
    return _bad_logo(path) or ("" if is_right else f'"{visible(path)}" is no icon')


def _bad_artwork(path: str) -> str:
    is_right = not path or path.lower().endswith((".jpg", ".jpeg", ".png"))
    return _bad_logo(path) or ("" if is_right else f'"{visible(path)}" is no .jpg or .png file')


def _bad_zone(name: str) -> str:
    return "" if _is_zone(name) else f'"{name}" is no time zone'


def _bad_language(tag: str) -> str:
    return "" if is_language(tag) else f'"{tag}" is no language'


_WHOLE = re.compile(r"-?[0-9]+")


def _below(least: int) -> Callable[[str], str]:
    def reason(value: str) -> str:
        is_below = _WHOLE.fullmatch(value) and float(value) < least
        return f"{value} is too small" if is_below else ""

    return reason


def _outside(least: float, most: float) -> Callable[[str], str]:
    def reason(value: str) -> str:
        try:
            number = float(value)
            is_in = least <= number <= most or not isfinite(number)  # the types speak of the latter
            return "" if is_in else f"{value} is out of range"
        except ValueError:
            return ""  # no number: the types say so

    return reason


_CHECKS: tuple[tuple[str, Callable[[str], str], str], ...] = (
    ("url", bad_site_url, 'it whole: "https://example.org/"'),
    ("timezone", _bad_zone, 'one such as "Europe/Berlin"'),
    ("language", _bad_language, 'a tag such as "en" or "de-AT"'),
    ("permalink", bad_permalink, 'a pattern such as "/{year}/{month}/{slug}/"'),
    ("publisher.url", _bad_address, "it whole: https://…"),
    ("comments.url", _bad_address, "it whole: https://…"),
    ("comments.address", _bad_mail, "one such as desk@example.org"),
    ("front.top", _below(0), "0 or more"),
    ("front.per_page", _below(1), "1 or more"),
    ("front.per_section", _below(1), "1 or more"),
    ("lists.per_page", _below(1), "1 or more"),
    ("look.accent", _bad_colour, 'one such as "#9c1f1f" or "navy"'),
    ("look.accent_dark", _bad_colour, 'one such as "#f2907e" or "lightblue"'),
    ("look.serif", _bad_fonts, 'one such as "Literata, Georgia, serif"'),
    ("look.sans", _bad_fonts, 'one such as "Inter, sans-serif"'),
    ("look.size", _outside(16, 28), "a number of pixels from 16 to 28"),
    ("look.width", _outside(1100, 2400), "a number of pixels from 1100 to 2400"),
    ("look.logo", _bad_logo, "the path of one in content/, such as /images/logo.svg"),
    ("look.logo_dark", _bad_logo, "the path of one in content/, such as /images/logo.svg"),
    ("look.icon", _bad_icon, "the path of an .svg, .png or .ico file in content/"),
    ("feeds.size", _below(1), "1 or more"),
    ("feeds.hub", _bad_service, "it whole: https://…"),
    ("feeds.id_url", _bad_start, 'it whole: "https://example.org/"'),
    ("podcast.image", _bad_artwork, "the path of a .jpg or .png file in content/"),
    ("podcast.owner.email", _bad_mail, "one such as desk@example.org"),
    ("related.count", _below(0), "0 or more"),
    ("related.excerpt", _below(20), "20 or more"),
    ("related.half_life", _outside(1, 36_500), "a number of days from 1 to 36500"),
    ("related.least", _outside(0, 1), "a number from 0 to 1"),
    ("related.per_source", _below(0), "0 or more"),
    ("related.weights.headline", _outside(0, 4), "a number from 0 to 4"),
    ("related.weights.names", _outside(0, 4), "a number from 0 to 4"),
    ("related.weights.tags", _outside(0, 4), "a number from 0 to 4"),
    ("related.weights.recency", _outside(0, 4), "a number from 0 to 4"),
    ("related.weights.company", _outside(0, 4), "a number from 0 to 4"),
    ("related.weights.variety", _outside(0, 1), "a number from 0 to 1"),
    ("promos.after", _below(1), "1 or more"),
    ("markdown.excerpt", _below(20), "20 or more"),
)

_CHECKS_OF_TARGET: tuple[tuple[str, Callable[[str], str], str], ...] = (
    ("url", _bad_start, 'it whole: "https://example.org/"'),
    ("indexnow", _bad_service, "it whole: https://…"),
    ("indexnow_key", _bad_key, "8 to 128 letters, digits and dashes"),
)

_KINDS = {
    "s3": "Amazon S3",
    "gs": "Google Cloud Storage",
    "az": "Azure Blob Storage",
    "git": "a branch of a git repository",
    "file": "a folder on this machine",
    "ssh": "a server with ssh",
}
"""The kinds of targets to deploy to, as they are named in messages."""
_STARTS = {
    "s3": "s3://",
    "gs": "gs://",
    "az": "az://",
    "git": r"git\+",
    "file": "file:",
    "ssh": r"ssh://|[^/]{2,}:(?!//)",
}
"""How `to` begins. A letter and a colon are a disk of Windows."""
_STORES = ("s3", "gs", "az")
_USES: dict[str, tuple[tuple[str, ...], str]] = {
    "endpoint": (_STORES, ": `to` says all"),
    "region": (("s3",), ": `to` says all"),
    "cache": (_STORES, ": that is for the web server there to do"),
    "compress": (_STORES, ": that is for the web server there to do"),
    "redirects": (("s3",), ": the page at an old address leads on by itself"),
    "history": (("git",), ""),
}
"""Which kinds of targets have a use for an option, and what to do elsewhere.

All have one for those that are not named.
"""
_UNASKED = Deploy(to="")

_NEEDED_BY = {
    "mailto": ("address",),
    "giscus": ("repo", "repo_id", "category", "category_id"),
    "isso": ("url",),
}


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True
