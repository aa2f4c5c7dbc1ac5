"""What the planners of all kinds of page share: heads, titles, the pages of a listing."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from generator.config import Settings
from generator.model import Site
from generator.render import views
from generator.render.compose import Composer
from generator.render.dates import format_date
from generator.urls import numbered, output_path

ListingView = Callable[[views.Pager, list[int]], views.View]


class Page(NamedTuple):
    """An output that a layout makes from a view. `owner` is the content file it stands for."""

    path: str
    layout: str
    view: Callable[[], views.View]
    owner: str = ""


class Copy(NamedTuple):
    """An output that is bytes as they are: a content file, or an asset."""

    path: str
    source: Path | bytes
    digest: str
    owner: str = ""


class Desk:
    """One site with its settings and labels, and what every page of it needs."""

    def __init__(self, site: Site, settings: Settings, labels: dict[str, str]) -> None:
        self.site = site
        self.settings = settings
        self.labels = labels
        self.compose = Composer(site, settings)

    def head(
        self,
        path: str,
        title: str,
        description: str = "",
        trail: tuple[views.Link, ...] = (),
        name: str = "",
        noindex: bool = False,
        feed: views.Link | None = None,
        pager: views.Pager | None = None,
    ) -> views.Head:
        """A head. With a `name` the page gets a trail that ends in it."""
        url = self.compose.href(path)
        general = self.settings.description or self.settings.tagline or self.settings.title
        text = description or (f"{name}. {general}" if name else general)
        if pager and pager.number > 1:
            text = f"{text} {self._page_of(pager)}"
        here = (self.home(), *trail, views.Link(name, url)) if name else ()
        return views.Head(url, title, text, noindex=noindex, trail=here, feed=feed)

    def title(self, *parts: str, pager: views.Pager | None = None) -> str:
        """A document title: what the page is, then where it belongs."""
        number = [self._page_of(pager)] if pager and pager.number > 1 else []
        return " | ".join([" · ".join([*parts, *number]), self.settings.title])

    def told_apart(self, names: Mapping[str, str]) -> dict[str, str]:
        """Names by key, each that several share, or that Broadsheet's own pages have, with its key.

        So that no two documents of a site have one title.
        """
        own = [self.labels[key] for key in ("topics", "authors", "archive", "not_found")]
        count = Counter([*names.values(), *own])
        return {k: name if count[name] == 1 else f"{name} ({k})" for k, name in names.items()}

    def home(self) -> views.Link:
        return self.link(self.settings.title, "/")

    def link(self, title: str, path: str) -> views.Link:
        return views.Link(title, self.compose.href(path))

    def date(self, moment: datetime, pattern: str) -> str:
        return format_date(moment, pattern, self.settings.language)

    def listing(
        self, path: str, layout: str, positions: list[int], per_page: int, view: ListingView
    ) -> Iterator[Page]:
        """The pages of a listing; there is always a first one."""
        total = max(1, -(-len(positions) // per_page))
        for number in range(1, total + 1):
            newer = self.compose.href(numbered(path, number - 1)) if number > 1 else ""
            older = self.compose.href(numbered(path, number + 1)) if number < total else ""
            pager = views.Pager(number, total, newer, older)
            shown = positions[(number - 1) * per_page : number * per_page]
            yield Page(output_path(numbered(path, number)), layout, partial(view, pager, shown))

    def _page_of(self, pager: views.Pager) -> str:
        text = self.labels["page_of"].replace("{number}", str(pager.number))
        return text.replace("{total}", str(pager.total))
