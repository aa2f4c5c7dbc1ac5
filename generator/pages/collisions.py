"""Outputs that get in one another's way: found in the plan, before anything is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from generator.codes import Code
from generator.config import CONTENT, SITE_TOML
from generator.errors import Problem, visible
from generator.model import Article, Item, StaticPage, Term
from generator.pages.context import PageContext
from generator.pages.output import Output
from generator.site.permalinks import origin_of
from generator.urls import folders_of, old_feed, output_path


def collisions(context: PageContext, pages: Iterable[Output]) -> Iterator[Problem]:
    """Yield outputs that would overwrite one another, or need a folder where a file is.

    Names that differ only in case count as one: some disks and hosts see no difference.
    """
    owners: dict[str, Output] = {}
    for page in pages:
        other = owners.setdefault(page.path.casefold(), page)
        if other is not page:
            yield _collision(context, page, other)
    for name, page in owners.items():
        for folder in folders_of(name):
            if above := owners.get(folder):
                yield _collision(context, page, above)
    bare = [page for page in owners.values() if page.bare]
    yield from _hidden(context, bare, owners) if bare else ()


def _hidden(
    context: PageContext, pages: Iterable[Output], owners: Mapping[str, Output]
) -> Iterator[Problem]:
    """Yield pages, linked without an ending, for which the host may answer with something else."""
    written = (page for page in owners.values() if page.is_written)
    inside = {f.casefold(): page for page in written for f in folders_of(page.path)}
    for page in pages:
        stem = page.path.removesuffix(".html").casefold()
        if other := owners.get(f"{stem}/index.html") or owners.get(stem):
            yield _collision(context, page, other)
        elif context.settings.is_folder_first and stem in inside:
            what = f"for its address the host takes the folder of /{inside[stem].path}"
            remedy = "end its permalink with a slash"
            field = _place(context, page)[0]
            yield Problem(page.file, 0, what, remedy, field=field, code=Code.ADDRESS_TAKEN)


def _collision(context: PageContext, page: Output, other: Output) -> Problem:
    mine, theirs = (page, other) if page.owner else (other, page)
    if not mine.owner and (old := _old_feed(context, page, other)):
        return old
    if not mine.owner:
        for own in (context.of(page.edition), context.of(other.edition)):
            if terms := _terms_at(own, page.path):
                return _taken(own, terms, page, other)
    if not mine.owner:
        what = f"/{mine.path} would be two pages that Broadsheet makes, by {mine.file}"
        what += f" and {theirs.file}" if theirs.file != mine.file else ""
        remedy = "move one of them in [addresses] or [taxonomies]"
        if context.collections:
            remedy = "move one of them in [addresses], [taxonomies] or [collections]"
        edition = mine.edition or theirs.edition
        if mine.edition != theirs.edition:
            remedy = f"give [languages.{edition}] another prefix"
        return Problem(SITE_TOML, 0, what, remedy, field=("addresses",), code=Code.ADDRESS_TAKEN)
    kind = "alias" if mine.leads else "address"
    field, origin = _place(context, mine)
    ending = ".html" if mine.bare else "index.html"
    address = f"/{mine.path.removesuffix(ending)}{origin}"
    what = f"its {kind} {address} is also that of {_whose(context, theirs)}"
    remedy = "rename one of the two"
    return Problem(mine.file, 0, what, remedy, field=field, code=Code.ADDRESS_TAKEN)


def _whose(context: PageContext, page: Output) -> str:
    if page.owner:
        return f"{CONTENT}/{page.owner}"
    if page.leads:
        return f"a feed, by `feeds.aliases` in {SITE_TOML}"
    own = context.of(page.edition)
    terms = _terms_at(own, page.path)
    return f"{_told(terms[0])}, in {_file_of(own, terms[0])}" if terms else _OURS


_OURS = "a page that Broadsheet makes"


def _terms_at(context: PageContext, path: str) -> list[Term]:
    """Return the terms whose pages stand at an output's path, in any case."""
    terms = context.plain.terms.values()
    return [term for term in terms if output_path(term.url).casefold() == path.casefold()]


def _told(term: Term) -> str:
    return f'{term.taxonomy} "{visible(term.name)}"'


def _file_of(context: PageContext, term: Term) -> str:
    """Return the file of a term, or that of a story which has it."""
    stories = (context.plain.articles[place].path for place in context.plain.by_term[term.key])
    return f"{CONTENT}/{context.file_of(term.path or next(stories, ''))}"


def _taken(context: PageContext, terms: Sequence[Term], page: Output, other: Output) -> Problem:
    """Return the problem of a term whose page would stand where another stands."""
    term, file = terms[-1], _file_of(context, terms[-1])
    is_ours = len(terms) == 1
    layouts = " and ".join(sorted({page.file, other.file}))
    where = f"{_OURS} does, by {layouts}" if is_ours else f"{_told(terms[0])} does"
    what = f"{_told(term)} would stand at {term.url}, as {where}"
    remedy = "name it otherwise, or move one of the two in [addresses] or [taxonomies]"
    edition = page.edition or other.edition
    if page.edition != other.edition:
        remedy = f"name it otherwise, or give [languages.{edition}] another prefix"
    field = ("name",) if term.path else (term.taxonomy,)
    return Problem(file, 0, what, remedy, field=field, code=Code.ADDRESS_TAKEN)


def _place(context: PageContext, page: Output) -> tuple[tuple[str, ...], str]:
    """Return the field that an output's address comes from; and what else made it, as told."""
    if not page.kind.traits.is_of_text:
        return (), ""
    if page.leads:
        return ("aliases",), ""
    context = context.of(page.edition)
    texts: list[Article | StaticPage | Item]
    texts = [*context.site.articles, *context.pages.values(), *context.site.items.values()]
    for item in texts:
        if context.file_of(item.path) == page.owner:
            field = "permalink" if item.matter.permalink else "slug"
            return (field,), origin_of(item.path, item.matter, context.settings)
    return ("slug",), ""


def _old_feed(context: PageContext, *pages: Output) -> Problem | None:
    """Return the problem of an old address of the feed that another page has, if there is one."""
    paths = {page.path for page in pages if page.leads}
    aliases = context.settings.feeds.aliases
    found = [number for number, alias in enumerate(aliases) if old_feed(alias) in paths]
    if not found:
        return None
    number = found[-1]
    what = f'feeds.aliases[{number + 1}]: another page has the address "{aliases[number]}" already'
    field = ("feeds", "aliases", number)
    return Problem(SITE_TOML, 0, what, "take it out", field=field, code=Code.ADDRESS_TAKEN)
