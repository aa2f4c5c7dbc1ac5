"""`site.toml`: the settings of a site, every mistake in them reported at once."""

import tomllib
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from generator.errors import Problem
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
    """The settings of the site in `root`, and every mistake in them."""
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
    return settings, problems + _mistakes(raw, door)


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

    url = raw.get("url")
    if isinstance(url, str) and (not is_web_address(url) or set(url) & set("?#")):
        wrong("url", f'"{url}" is no address of a site', 'it whole: "https://example.org/"')
    permalink = raw.get("permalink")
    if isinstance(permalink, str) and (reason := bad_permalink(permalink)):
        wrong("permalink", f"{reason}", 'a pattern such as "/{year}/{month}/{slug}/"')
    if isinstance(raw.get("timezone"), str) and not _is_zone(raw["timezone"]):
        wrong("timezone", f'"{raw["timezone"]}" is no time zone', 'one such as "Europe/Berlin"')
    if isinstance(raw.get("language"), str) and not _is_language(raw["language"]):
        wrong("language", f'"{raw["language"]}" is no language', 'a tag such as "en" or "de-AT"')
    for table, name, least in _LEAST:
        value = raw.get(table, {}).get(name) if isinstance(raw.get(table, {}), dict) else None
        if isinstance(value, int) and value < least:
            wrong(f"{table}.{name}", f"{value} is too small", f"{least} or more")
    return problems + _comments(raw.get("comments"), door)


def _comments(raw: Any, door: Door) -> list[Problem]:
    """A provider of comments needs to know where to go."""
    if not isinstance(raw, dict):
        return []
    provider = str(raw.get("provider", ""))
    return [
        door.problem(
            ("comments",), f'comments: "{provider}" needs `{name}`', f"add `{name}` to [comments]"
        )
        for name in _COMMENTS_NEED.get(provider, ())
        if not raw.get(name)
    ]


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


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError):
        return False
    return True


def _is_language(tag: str) -> bool:
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True
