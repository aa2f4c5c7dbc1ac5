"""A page's text from its view: the Jinja environment of a site, and what its layouts can call.

What an environment is made of is one value, a `RenderConfig`, so that a worker process can
make its own from the bytes of it.
"""

import os
import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache, cached_property, lru_cache, partial, wraps
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

import jinja2
import msgspec
from markupsafe import Markup, escape

from generator.codes import Code
from generator.content.block_arguments import BlockKind, Form
from generator.content.data.files import DataFile
from generator.content.html import look_at
from generator.content.openings import first_paragraph
from generator.content.plain_text import plain_text
from generator.content.standalone import standalone, without_ids
from generator.errors import (
    InternalError,
    Problem,
    StateError,
    attempt,
    fault,
    is_error,
    said,
    trace_of,
)
from generator.extend import Kind
from generator.markup import attribute, text
from generator.model import SHEETS, Heading, Prose
from generator.moments import local
from generator.state.code_version import fingerprint
from generator.templates import dates, metadata, site_values
from generator.templates.blocks import BlockForms
from generator.templates.bytecode import Bytecode
from generator.templates.charts import Chart, chart_of
from generator.templates.collections import Collections, decoded_collections
from generator.templates.compiler import compile_compactly
from generator.templates.data_values import Data, decoded_data, dumped
from generator.templates.exchange import (
    NO_ANSWERS,
    Answers,
    Exchange,
    exchange,
    exchanging,
    is_in_block,
)
from generator.templates.extensions import Extensions
from generator.templates.folders import CODE, is_default, named
from generator.templates.functions import ExtensionError, functions_of, guarded
from generator.templates.galleries import captioned_pictures, linked_pictures
from generator.templates.loader import Empty, bare_environment
from generator.templates.numbers import format_duration, format_number
from generator.templates.questions import Listed, QueryError, stories, text_of
from generator.templates.site_values import SitePart, UnforeseenReadError, decoded_part
from generator.templates.tables import ShownTable, shown_table
from generator.templates.views import (
    SIZES_IN_TEXT,
    Body,
    Card,
    Table,
    Target,
    UnknownCropError,
    View,
)
from generator.urls import Home


class Tongue(msgspec.Struct, frozen=True):
    """What differs from language to language in how pages are rendered."""

    labels: dict[str, str]
    language: str


class RenderConfig(msgspec.Struct, frozen=True):
    """All that rendering needs beside a view: layouts, labels, assets' paths, language, address.

    `digest` is that of the layouts' sources: an environment made of others is another one.
    `compiled` is the folder for what Jinja makes of them.
    `origin` is the scheme and host of the site; `base` the path it lives under; `timezone` that of
    times of day. `extensions` are the site's own code. `editions` say what is
    otherwise in the site's other languages. `blocks` are the kinds of block that texts may have.
    """

    folders: tuple[str, str]
    digest: str
    compiled: str
    labels: dict[str, str]
    assets: dict[str, str]
    language: str
    origin: str
    base: str
    timezone: str = "UTC"
    extensions: Extensions = Extensions()
    editions: dict[str, Tongue] = {}
    blocks: dict[str, BlockKind] = {}

    def of(self, edition: str) -> "RenderConfig":
        """Return what the pages in a language need; "" is the main one."""
        own = self.editions[edition] if edition else Tongue(self.labels, self.language)
        return msgspec.structs.replace(self, labels=own.labels, language=own.language, editions={})


class ProseStore(Protocol):
    """Where converted bodies are found: bytes by key."""

    def __hash__(self) -> int: ...

    def prose(self, key: str) -> bytes: ...


class ShownProse:
    """A body as layouts see it: HTML in two halves, and the list of its headings.

    With a `home` it is for readers elsewhere: every address is a whole one, and what works only
    on its page is left out. With `here`, the address of that page, fragments lead there, for it is
    shown beside others that may have the same. The page links to the stylesheets at the addresses
    `sheets` before the first text that needs them.
    """

    def __init__(
        self,
        prose: Prose,
        body: Body,
        home: Home | None,
        here: str,
        forms: BlockForms | None = None,
        sheets: tuple[str, ...] = (),
    ) -> None:
        def addressed(html: str) -> str:
            in_forms: set[str] = set()
            if _OF_PICTURES in html:
                in_forms = set() if home else {mark[1] for mark in _PICTURE.finditer(html)}
                html = _PICTURE.sub(lambda m: _around(body.targets[int(m[1])], m[2], home), html)
            if _BEGIN in html:
                html = _TOKEN.sub(lambda m: attributes(m[1], m[1] in in_forms), html)
            return _BLOCK.sub(block, html) if _BLOCK_BEGIN in html else html

        def attributes(number: str, in_forms: bool) -> str:
            target = body.targets[int(number)]
            steps = _steps(target) if in_forms else ""
            return f"{_attribute(target, home, here)}{steps}"

        def block(token: re.Match[str]) -> str:
            number = int(token[1])
            inner = Markup(addressed(prose.blocks[number]))
            assert forms is not None
            identity = f"{body.key[:6]}-{number + 1}"
            return forms.shown(body.blocks[number], identity, inner, body.card)

        def filled(html: str) -> str:
            html = addressed(html)
            if home:
                return standalone(html)
            return without_ids(html) if here else html

        self._opening = Markup(filled(prose.opening))
        self.rest = Markup(filled(prose.rest))
        self.contents: tuple[Heading, ...] = prose.contents
        self._sheets = sheets

    @property
    def opening(self) -> Markup:
        return self._links() + self._opening if self._sheets else self._opening

    @property
    def html(self) -> Markup:
        return self._links() + self._whole if self._sheets else self._whole

    @cached_property
    def text(self) -> str:
        """Return it as plain text."""
        return plain_text(self._whole)

    @cached_property
    def first_paragraph(self) -> Markup:
        return Markup(first_paragraph(look_at(self._whole)))

    def _links(self) -> Markup:
        """Return the links to its stylesheets: of several of one the page keeps the first."""
        links = [f'<link rel="stylesheet"{attribute("href", one)}>' for one in self._sheets]
        return Markup(exchange().link(links))

    @cached_property
    def _whole(self) -> Markup:
        return self._opening + self.rest

    @property
    def outline(self) -> tuple[Heading, ...]:
        """Return the headings for a list of contents: of more than a dozen the upper ones alone."""
        if len(self.contents) <= _DOZEN:
            return self.contents
        levels = sorted({heading.level for heading in self.contents})
        upper = (tuple(h for h in self.contents if h.level <= level) for level in levels)
        return next((some for some in upper if len(some) >= _FEWEST), self.contents)


class Environments(NamedTuple):
    """A site's layouts twice: compiled to render pages, and as Jinja does it, to tell errors."""

    plain: jinja2.Environment
    compact: jinja2.Environment

    @property
    def opening(self) -> Callable[[str], Markup]:
        """Return what gives the first paragraph of the story at an address."""
        return self.compact.opening  # type: ignore[attr-defined, no-any-return]


class Made(NamedTuple):
    """An output's bytes, or the file that holds them.

    The `warning` is of a fast way to make it that failed, where the plain way did not: they are
    right all the same, and it is a fault of Broadsheet's. `asked` are the questions, encoded, of
    which the answers are in it. One that `stands_in` does for a while.
    """

    data: bytes | Path
    warning: Problem | None = None
    asked: tuple[bytes, ...] = ()
    stands_in: bool = False


class Unanswered(NamedTuple):
    """The questions, encoded, whose answers a page needs before it can be rendered."""

    questions: tuple[bytes, ...]


class NothingGivenError(InternalError):
    """A filter fails because there is nothing that it could be applied to."""


NO_TOOLS: Mapping[str, Any] = MappingProxyType({})
"""What the layouts of all kinds but a few are given to call beside that of every layout."""


class LayoutError(InternalError):
    """A layout that failed, with the problem that says where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def render(
    environments: Environments,
    layout: str,
    view: View,
    site: SitePart,
    data: Data,
    collections: Collections,
    answers: Answers = NO_ANSWERS,
    tools: Mapping[str, Any] = NO_TOOLS,
) -> Made | Unanswered:
    """Return a page, or what it asks beyond the `answers`. Its layout sees the `tools` by name.

    Raises `LayoutError` with the layout's file and line.
    """
    values = {name: getattr(view, name) for name in view.__struct_fields__}
    given = {"site": site, "data": data, "collections": collections}
    values |= {**given, **tools}
    if isinstance(listed := values.get("stories"), tuple):
        values["stories"] = Listed(listed)
    with exchanging(answers, environments.opening, given) as page:
        return _made(environments, layout, values, page)


def _made(
    environments: Environments, layout: str, values: dict[str, Any], exchange: Exchange
) -> Made | Unanswered:
    slow: Problem | None = None
    try:
        page = _rendered_fast(environments.compact, layout, values)
    except Exception as error:  # whatever it is, the plain environment says where, if it fails too
        if questions := exchange.unanswered:  # without answers it means nothing
            return Unanswered(questions)
        page = _rendered_plainly(environments.plain, layout, values).encode()
        if isinstance(error, ExtensionError):  # it fails now and then: nobody could go by that
            raise LayoutError(error.problem) from error
        slow = _slow(_file_of(environments.plain, layout), error)
    if questions := exchange.unanswered:
        return Unanswered(questions)
    return Made(exchange.with_links_once(page), slow, exchange.asked)


def _rendered_fast(compact: jinja2.Environment, layout: str, values: dict[str, Any]) -> bytes:
    """Return a page, encoded piece by piece: those of ASCII alone take next to nothing."""
    template = compact.get_template(layout)
    context = template.new_context({**compact.globals, **values}, shared=True)
    return b"".join(map(str.encode, template.root_render_func(context)))


def _rendered_plainly(plain: jinja2.Environment, layout: str, values: dict[str, Any]) -> str:
    try:
        return plain.get_template(layout).render(values)
    except (StateError, UnforeseenReadError):
        raise
    except Exception as error:
        problem = _problem(error, plain, layout)
        if not isinstance(error, jinja2.TemplateError) and is_default(problem.file):
            raise  # no layout of the site is to blame
        raise LayoutError(problem) from error


def _slow(file: str, error: Exception) -> Problem:
    """Return the warning that a layout failed when it was rendered fast, and only then."""
    what = f"the fast way to render this layout failed ({said(error)}); the plain way did not"
    remedy = "nothing is wrong with the pages, but report this"
    return Problem(file, 0, what, remedy, "warning", trace=trace_of(error), code=Code.FAULT)


def make_environments(config: RenderConfig, store: ProseStore) -> Environments:
    """Return the two environments of a site.

    What the layouts compile to is kept beside one another.
    """
    plain, compact = make_environment(config, store), make_environment(config, store)
    plain.filters |= {name: _telling(name, found) for name, found in plain.filters.items()}
    compile_compactly(compact)
    compact.bytecode_cache = _bytecode(config, "compact")
    return Environments(plain, compact)


def make_environment(config: RenderConfig, store: ProseStore) -> jinja2.Environment:
    """Return the environment in which the layouts of a site are rendered."""
    environment = bare_environment(config.folders)
    environment.bytecode_cache = _bytecode(config, "plain")

    home = Home(config.origin, config.base)

    def given_site(function: Callable[..., Markup]) -> Callable[..., Markup]:
        @jinja2.pass_context
        def called(context: jinja2.runtime.Context, *values: Any, **named: Any) -> Markup:
            return function(*values, **named, site=context["site"], absolute=home.absolute)

        return called

    def breadcrumbs_jsonld(head: Any) -> Markup:
        return metadata.breadcrumbs_jsonld(head, home.absolute)

    def asset(name: str) -> str:
        if name not in config.assets:
            raise jinja2.TemplateRuntimeError(f'there is no asset "{name}"')
        return config.base + config.assets[name]

    sheets = {name: asset(name) for name in SHEETS if name in config.assets}
    texts = _Texts(store, home, sheets, config.blocks, environment)
    environment.extend(opening=texts.opening)

    def duration(seconds: int, style: str = "words") -> str:
        return format_duration(seconds, style, config.language)

    year = config.labels.get("year", "Year")

    def table_shown(table: Table, columns: Iterable[str] | None = None) -> ShownTable:
        chosen = None if columns is None else tuple(columns)
        return shown_table(table, chosen, config.language, year)

    def chart_drawn(
        table: Table, kind: str = "bar", x: str | None = None, y: Iterable[str] | None = None
    ) -> Chart:
        chosen = None if y is None else tuple(y)
        return chart_of(table, kind, x, chosen, config.language, year)

    environment.filters |= {
        "absolute": home.absolute,
        "duration": duration,
        "fill": fill,
        "captioned_pictures": captioned_pictures,
        "linked_pictures": linked_pictures,
        "number": partial(format_number, language=config.language),
        **_of_dates(config),
    }
    environment.policies["json.dumps_function"] = dumped
    environment.globals |= {
        "asset": asset,
        "breadcrumbs_jsonld": breadcrumbs_jsonld,
        "chart_of": chart_drawn,
        "label": SimpleNamespace(**config.labels),
        "prose": texts.prose,
        "stories": stories,
        "table_of": table_shown,
        **{name: given_site(function) for name, function in site_values.FUNCTIONS.items()},
    }
    _extend(environment, config.extensions)
    return environment


class _Texts:
    """The texts of a site as its pages show them; `sheets` are the addresses of stylesheets."""

    def __init__(
        self,
        store: ProseStore,
        home: Home,
        sheets: Mapping[str, str],
        kinds: Mapping[str, BlockKind],
        environment: jinja2.Environment,
    ) -> None:
        self._store, self._home, self._sheets = store, home, sheets
        self._kinds, self._environment = kinds, environment
        self._shown = lru_cache(maxsize=_SHOWN)(self._show)

    @jinja2.pass_context
    def prose(
        self,
        context: jinja2.runtime.Context,
        body: Body | Card,
        absolute: bool = False,
        here: str = "",
        form: str = "",
    ) -> ShownProse:
        """Return a text, or that of the story which a card is of: it stands elsewhere then.

        Its `form` is that for a page, or for a "feed", which is meant by `absolute`; for "mail" or
        as plain "text". Raises `TemplateRuntimeError` for any other.
        """
        form = form or ("feed" if absolute else "page")
        if form not in _FORMS:
            known = ", ".join(_FORMS)
            raise jinja2.TemplateRuntimeError(f'a text has no form "{form}", only {known}')
        if isinstance(body, Card):
            return self._whole(body.url, form, here)
        entry = context.get("entry") if form != "page" else None
        here = here if entry is None else self._home.absolute(entry.url)
        return self._of(body, form, here)

    def opening(self, url: str) -> Markup:
        """Return the first paragraph of the story at an address."""
        return self._whole(url, "page", here="").first_paragraph

    def _whole(self, url: str, form: str, here: str) -> ShownProse:
        body, own = text_of(url), url if form == "page" else self._home.absolute(url)
        return self._of(body, form, here or own) if body else _NO_PROSE

    def _of(self, body: Body, form: str, here: str) -> ShownProse:
        """Return a text; blocks may show more than it alone, so one that has any is made anew."""
        if is_in_block():
            raise jinja2.TemplateRuntimeError("a block shows no other text: show its card instead")
        return self._show(body, form, here) if body.blocks else self._shown(body, form, here)

    def _show(self, body: Body, form: str, here: str) -> ShownProse:
        known = _PROSE.decode(self._store.prose(body.key))
        home = None if form == "page" else self._home
        whole = home.absolute if home else None
        forms = BlockForms(_FORMS[form], self._kinds, self._rendered, whole)
        names = () if home else known.sheets
        sheets = tuple(self._sheets[name] for name in names if name in self._sheets)
        return ShownProse(known, body, home, here, forms, sheets)

    def _rendered(self, layout: str, values: Mapping[str, Any]) -> str:
        """Return what the layout of a block makes of values, and of what its page was given."""
        with exchange().showing_block() as given:
            return self._environment.get_template(layout).render({**given, **values})


def _of_dates(config: RenderConfig) -> dict[str, Callable[..., str]]:
    """Return the filters of dates."""
    zone = ZoneInfo(config.timezone)

    def written(function: Callable[[datetime], str]) -> Callable[[datetime | str], str]:
        return lambda moment: function(dates.given(moment, zone))

    def format_date(
        moment: datetime | str,
        pattern: str = "long",
        time: bool = False,
        after: datetime | str | None = None,
    ) -> str:
        moment, after = dates.given(moment, zone), dates.given(after, zone) if after else None
        if time:
            return dates.format_moment(moment, pattern, config.language, zone, after)
        here = local(moment, zone) if pattern == "time" else moment
        return dates.format_date(here, pattern, config.language)

    return {"date": format_date, "iso": written(dates.iso), "rfc822": written(dates.rfc822)}


def _extend(environment: jinja2.Environment, extensions: Extensions) -> None:
    """Give an environment the site's own filters, functions and tests.

    Raises `LayoutError` if they are not to be had in this process.
    """
    functions = functions_of(extensions)
    if wrong := next(filter(is_error, functions.problems), None):
        raise LayoutError(wrong)
    places: dict[Kind, dict[str, Any]] = {
        "filter": environment.filters,
        "function": environment.globals,
        "test": environment.tests,
    }
    for kind, names in places.items():
        names |= {name: guarded(one) for name, one in functions.of_kind(kind).items()}


def _bytecode(config: RenderConfig, kind: str) -> Bytecode:
    """Return what keeps compiled layouts: with other filters and tests they compile otherwise."""
    names = functions_of(config.extensions).compiled
    return Bytecode(config.compiled, f"{kind}-{fingerprint(*names)}" if names else kind)


def _telling(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that says so where it fails because it is given nothing."""

    @wraps(function)
    def applied(*given: Any, **named: Any) -> Any:
        try:
            return function(*given, **named)
        except Exception as error:
            value = given[1 if hasattr(function, "jinja_pass_arg") else 0]
            if value is None or value == "" or isinstance(value, Empty):
                raise NothingGivenError(f"the filter `{name}` is given nothing") from error
            raise

    return applied


def fill(text: str, **values: Any) -> Markup:
    """Return a label with its {names} replaced; both are escaped unless they are markup already.

    Raises `TypeError` for nothing.
    """
    pieces = [*_pieces(text)]
    for place in range(1, len(pieces), 2):
        name = pieces[place]
        pieces[place] = escape(values[name]) if name in values else f"{{{name}}}"
    return Markup("".join(pieces))


@lru_cache(maxsize=256, typed=True)
def _pieces(text: str | None) -> list[str]:
    """Return a label's text in parts: what stands between {names}, and the names.

    It is escaped unless it is markup.
    """
    if text is None:
        raise TypeError("there is no text to fill in")
    return _NAME.split(str(escape(text)))


# ------------------------------------------------------------------- many at a time


class Order(msgspec.Struct, frozen=True):
    """A page to be rendered: its output path and layout, its encoded view and that view's class,
    the encoded values of `site`, the files of data that the layout looks at, and the encoded
    `collections` that it shows.

    `file` is the one to be named if the page cannot be made, and no layout is to blame.
    `edition` is its language, "" for the main one.
    """

    path: str
    layout: str
    view_type: type[View]
    view: bytes
    site: bytes
    file: str
    data: tuple[DataFile, ...] = ()
    collections: bytes = b""
    edition: str = ""

    @property
    def url(self) -> str:
        """Return the address that messages name."""
        return "/" + self.path.removesuffix("index.html")

    def told(self, problem: Problem) -> Problem:
        """Return a problem of its layout that says which page it came up with."""
        what = f"{problem.what}, while rendering {self.url}"
        return msgspec.structs.replace(problem, what=what)


@lru_cache(maxsize=2)
def environments_of(config: bytes, store: ProseStore) -> Callable[[str], Environments]:
    """Return what gives the environments for an encoded `RenderConfig`, by their language.

    They are made once in each process.
    """
    whole = msgspec.json.decode(config, type=RenderConfig)
    return cache(lambda edition: make_environments(whole.of(edition), store))


def render_order(
    order: Order,
    config: bytes,
    store: ProseStore,
    answers: Answers = NO_ANSWERS,
    tools: Mapping[str, Any] = NO_TOOLS,
) -> Made | Unanswered | Problem:
    """Return a page, or what it asks beyond the `answers`; or what is wrong with its layout, or
    with what it is made from. Its layout sees the `tools` by name.
    """
    try:
        return attempt(
            partial(_rendered, order, config, store, answers, tools),
            partial(fault, order.file, doing=f"make the page {order.url}"),
        )
    except LayoutError as error:
        return order.told(error.problem)


def file_of_layout(order: Order, config: bytes, store: ProseStore) -> str:
    """Return the file of the layout of a page, as messages name it."""
    return _file_of(environments_of(config, store)(order.edition).plain, order.layout)


@cache
def _reader(view_type: type[View]) -> msgspec.json.Decoder[View]:
    """Return what reads encoded views of a class."""
    return msgspec.json.Decoder(view_type)


def _rendered(
    order: Order, config: bytes, store: ProseStore, answers: Answers, tools: Mapping[str, Any]
) -> Made | Unanswered:
    view = _reader(order.view_type).decode(order.view)
    environments = environments_of(config, store)(order.edition)
    site, data = decoded_part(order.site), decoded_data(order.data)
    collections = decoded_collections(order.collections)
    return render(environments, order.layout, view, site, data, collections, answers, tools)


# --------------------------------------------------------------------------- inside

_FORMS: dict[str, Form] = {
    "page": "html",
    "feed": "feed.html",
    "mail": "mail.html",
    "text": "txt",
}
_BLOCK_BEGIN = "\x04"
_BLOCK = re.compile(f"{_BLOCK_BEGIN}(\\d+)\x05")
_BEGIN = "\x02"
_TOKEN = re.compile(f"{_BEGIN}(\\d+)\x03")
_OF_PICTURES = "\x06"
_PICTURE = re.compile(f"{_OF_PICTURES}(\\d+)([\x07\x08])")
_NAME = re.compile(r"\{(\w+)\}")
_PROSE = msgspec.msgpack.Decoder(Prose)
_NO_PROSE = ShownProse(Prose(), Body(""), None, "")
_DOZEN, _FEWEST = 12, 3
"""Entries of a list of contents: with more it needs pruning, with fewer it is none."""
_SHOWN = 256
"""Bodies held ready: the newest stories stand in feed after feed."""


_BREAK_OFF = "take out the include that leads back, or put it into an `if`"


def _attribute(target: Target, home: Home | None, here: str) -> str:
    """Return a resolved address as its attribute; nothing at all if it is not public."""
    if not target.url:
        return "hidden" if target.attr in ("src", "poster") else ""
    url = target.url
    if url.startswith("#"):
        url = here + url
    elif home:
        url = home.absolute(url)
    if not target.attr:
        return text(url)
    extra = f" {target.extra}" if target.extra else ""
    return f"{attribute(target.attr, url).lstrip()}{extra}"


def _steps(target: Target) -> str:
    """Return what lets a browser choose among the widths of a picture in a text."""
    if target.ladder is None:
        return ""
    srcset = target.ladder.sources[-1].srcset
    return f"{attribute('srcset', srcset)}{attribute('sizes', SIZES_IN_TEXT)}"


def _around(target: Target, sign: str, home: Home | None) -> str:
    """Return what stands before or behind a picture in a text: its other formats."""
    if home or target.ladder is None:
        return ""
    if sign == "\x08":
        return "</picture>"
    sizes = attribute("sizes", SIZES_IN_TEXT)
    tone = attribute("class", target.tone) if target.tone else ""
    return f"<picture{tone}>" + "".join(
        f"<source{attribute('type', one.type)}{attribute('srcset', one.srcset)}{sizes}>"
        for one in target.ladder.sources[:-1]
    )


def _file_of(environment: jinja2.Environment, layout: str) -> str:
    """Return the file of a layout that is there, as messages name it."""
    return named(_folders(environment), environment.get_template(layout).filename or "")


def _folders(environment: jinja2.Environment) -> list[str]:
    """Return the folders of layouts: the site's own, and the default one."""
    loader = environment.loader
    assert isinstance(loader, jinja2.ChoiceLoader)
    return [part.searchpath[0] for part in loader.loaders[1:]]  # type: ignore[attr-defined]


def _problem(error: Exception, environment: jinja2.Environment, layout: str) -> Problem:
    """Return where in which layout an error arose, as far as Jinja's traceback tells."""
    folders = _folders(environment)
    if isinstance(error, ExtensionError):
        return _in_code(error, folders)
    if isinstance(error, jinja2.TemplateNotFound) and error.name == layout:
        return Problem(f"layouts/{layout}", 0, "there is no such layout", "add the file")
    file, line = f"layouts/{layout}", 0
    if isinstance(error, jinja2.TemplateSyntaxError) and error.filename:
        file, line = named(folders, error.filename), error.lineno
    else:
        is_endless = isinstance(error, RecursionError)
        told = folders[:1] if is_endless else folders  # a default layout is not to blame for that
        for frame in _frames(error, told):
            file, line = named(folders, frame.filename), frame.lineno or 0
        if is_endless and line:
            return Problem(file, line, "layouts include one another without end", _BREAK_OFF)
    if isinstance(error, QueryError):
        file, line = (error.file, error.line) if error.file else (file, line)
        return Problem(file, line, error.what, error.remedy, code=error.code)
    if isinstance(error, UnknownCropError):
        return Problem(file, line, str(error), error.remedy, code=Code.UNKNOWN_NAME)
    if isinstance(error, NothingGivenError):
        return Problem(file, line, str(error), "put an `if` around it, or `default(…)` before it")
    if isinstance(error, dates.NoDateError):
        return Problem(file, line, str(error), error.remedy, code=Code.WRONG_VALUE)
    kind = "" if isinstance(error, jinja2.TemplateError) else f"{type(error).__name__}: "
    return Problem(file, line, f"{kind}{error}", "mend the layout")


def _in_code(error: ExtensionError, folders: list[str]) -> Problem:
    """Return the problem of the site's own code, with the line of the layout that called it."""
    problem, calls = error.problem, _frames(error, folders)
    if not calls:
        return problem
    caller = f"{named(folders, calls[-1].filename)}:{calls[-1].lineno}"
    return msgspec.structs.replace(problem, what=f"{problem.what}, called in {caller}")


def _frames(error: Exception, folders: list[str]) -> list[traceback.FrameSummary]:
    """Return the steps that led to an error through layouts in these folders."""
    return [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if any(Path(frame.filename).is_relative_to(folder) for folder in folders)
        and not frame.filename.endswith(f"{os.sep}{CODE}")
    ]
