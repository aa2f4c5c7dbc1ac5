"""`site.toml`: the settings of a site, every mistake in them reported at once."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from generator.errors import Problem, is_error
from generator.schema import Door, decode, toml_line
from generator.urls import Addresses, bad_permalink, is_web_address

FILE = "site.toml"


class Table(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of the tables of `site.toml`."""


class MenuItem(Table, frozen=True):
    """An entry of the menu: `url` is a path of this site, or an address elsewhere."""

    title: str
    url: str


class Publisher(Table, frozen=True):
    """Who publishes the site; the title and address of the site where it says nothing."""

    name: str = ""
    url: str = ""
    logo: str = ""


class Front(Table, frozen=True):
    """The front page: how many top stories under the lead, how many in each page's river."""

    top: int = 4
    per_page: int = 12


class Lists(Table, frozen=True):
    """Tag and author pages: how many stories on each page."""

    per_page: int = 20


class Feeds(Table, frozen=True):
    """Feeds: how many stories each holds."""

    size: int = 20


class Related(Table, frozen=True):
    """The sidebar: how many stories, how many characters of each, half-life in days.

    A story loses half of its nearness bonus every `half_life` days between the two dates.
    """

    count: int = 5
    excerpt: int = 110
    half_life: int = 180


class Comments(Table, frozen=True):
    """How readers comment. Nothing of a third party is loaded before a click."""

    provider: Literal["mailto", "giscus", "isso", "none"] = "none"
    address: str = ""
    repo: str = ""
    repo_id: str = ""
    category: str = ""
    category_id: str = ""
    url: str = ""
    theme: str = "preferred_color_scheme"


class Promos(Table, frozen=True):
    """The call to action: which one by default, after how many paragraphs."""

    default: str = ""
    after: int = 3


class Markdown(Table, frozen=True):
    """How bodies are converted. `excerpt` is the length of a cut-off summary, in characters."""

    smart_quotes: bool = True
    excerpt: int = 200


class Settings(Table, frozen=True):
    """All of `site.toml`. Meanings and defaults are in the README, setting by setting."""

    title: str
    url: str
    tagline: str = ""
    description: str = ""
    language: str = "en"
    timezone: str = "UTC"
    permalink: str = "/{year}/{month}/{slug}/"
    image: str = ""
    menu: tuple[MenuItem, ...] = ()
    publisher: Publisher = Publisher()
    front: Front = Front()
    lists: Lists = Lists()
    feeds: Feeds = Feeds()
    related: Related = Related()
    comments: Comments = Comments()
    promos: Promos = Promos()
    markdown: Markdown = Markdown()
    labels: dict[str, str] = {}
    extra: dict[str, Any] = {}

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def addresses(self) -> Addresses:
        return Addresses.of(self.url)


def load_settings(root: Path) -> tuple[Settings | None, list[Problem]]:
    """The settings of the site in `root`, or None, and every mistake in them."""
    try:
        text = (root / FILE).read_bytes().decode("utf-8-sig")
        raw = tomllib.loads(text)
    except FileNotFoundError:
        remedy = "run the command in a site's folder, name one with --root, or make one: init"
        return None, [Problem(FILE, 0, "there is no such file", remedy)]
    except OSError as error:
        return None, [Problem(FILE, 0, f"cannot be read: {error.strerror}", "mend its permissions")]
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return None, [Problem(FILE, line, "the bytes are no UTF-8", "save the file as UTF-8")]
    except tomllib.TOMLDecodeError as error:
        return None, [broken_toml(FILE, str(error), 0)]
    door = Door(FILE, lambda path: toml_line(text, path), ZoneInfo("UTC"))
    settings, problems = decode(Settings, raw, door)
    problems += _mistakes(raw, door)
    return (None if any(map(is_error, problems)) else settings), problems


def broken_toml(file: str, message: str, offset: int) -> Problem:
    """A TOML syntax error as a problem; tomllib tells the line only in its message."""
    what, _, place = message.partition(" (at ")
    line = int("".join(c for c in place.partition(",")[0] if c.isdigit()) or 0)
    what = f"broken TOML: {what[:1].lower()}{what[1:]}"
    return Problem(file, line + offset, what, "mend the line")


def _mistakes(raw: dict[str, Any], door: Door) -> list[Problem]:
    """What the types cannot say about the settings."""
    problems = []

    def wrong(name: str, what: str, remedy: str) -> None:
        path = tuple(name.split("."))
        problems.append(door.problem(path, f"{name}: {what}", f"write {remedy}"))

    for name, is_right, what, remedy in _CHECKS:
        value = raw.get(name)
        if isinstance(value, str | int | float) and not is_right(str(value)):
            wrong(name, f'"{value}" {what}', remedy)
    if isinstance(permalink := raw.get("permalink"), str) and (reason := bad_permalink(permalink)):
        wrong("permalink", reason, 'a pattern such as "/{year}/{month}/{slug}/"')
    for table, name, least in _LEAST:
        value = raw.get(table, {}).get(name) if isinstance(raw.get(table, {}), dict) else None
        if isinstance(value, int) and value < least:
            wrong(f"{table}.{name}", f"{value} is too small", f"{least} or more")
    return problems + _comments(raw.get("comments"), door) + _menu(raw.get("menu"), door)


def _menu(raw: Any, door: Door) -> list[Problem]:
    """An entry of the menu leads to a path of this site, or to a whole address."""
    urls = [item.get("url") if isinstance(item, dict) else None for item in raw or ()]
    return [
        door.problem(
            ("menu", number, "url"),
            f'menu[{number + 1}].url: "{url}" is no address',
            "write a path of this site, such as /about/, or a whole address",
        )
        for number, url in enumerate(urls)
        if isinstance(url, str) and not (url.startswith(("/", "mailto:")) or is_web_address(url))
    ]


def _comments(raw: Any, door: Door) -> list[Problem]:
    """A provider of comments needs to know where to go."""
    if not isinstance(raw, dict):
        return []
    provider = str(raw.get("provider", ""))
    if provider == "isso" and raw.get("url") and not is_web_address(str(raw["url"])):
        what = f'comments.url: "{raw["url"]}" is no address'
        return [door.problem(("comments", "url"), what, "write it whole: https://…")]
    if provider == "mailto" and raw.get("address") and "@" not in str(raw["address"]):
        what = f'comments.address: "{raw["address"]}" is no mail address'
        return [door.problem(("comments", "address"), what, "write one such as desk@example.org")]
    return [
        door.problem(
            ("comments",), f'comments: "{provider}" needs `{name}`', f"add `{name}` to [comments]"
        )
        for name in _COMMENTS_NEED.get(provider, ())
        if not raw.get(name)
    ]


_CHECKS: tuple[tuple[str, Callable[[str], bool], str, str], ...] = (
    (
        "url",
        lambda u: _is_site_url(u),
        "is no address of a site",
        'it whole: "https://example.org/"',
    ),
    ("timezone", lambda z: _is_zone(z), "is no time zone", 'one such as "Europe/Berlin"'),
    ("language", lambda t: _is_language(t), "is no language", 'a tag such as "en" or "de-AT"'),
)

_COMMENTS_NEED = {
    "mailto": ("address",),
    "giscus": ("repo", "repo_id", "category", "category_id"),
    "isso": ("url",),
}

_LEAST = (
    ("front", "top", 0),
    ("front", "per_page", 1),
    ("lists", "per_page", 1),
    ("feeds", "size", 1),
    ("related", "count", 0),
    ("related", "excerpt", 20),
    ("related", "half_life", 1),
    ("promos", "after", 1),
    ("markdown", "excerpt", 20),
)


def _is_site_url(url: str) -> bool:
    return is_web_address(url) and not set(url) & set("?#")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True


def _is_language(tag: str) -> bool:
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True
