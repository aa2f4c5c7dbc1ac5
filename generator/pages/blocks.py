"""The blocks of texts, each with what its arguments lead to; and those that lead nowhere.

In come blocks as they were read, the kinds that layouts declare, and a watched site; out go blocks
as layouts see them, or problems. A table is read from its file here: it is known by that file's
digest, and read once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from generator.codes import Code
from generator.config import CONTENT
from generator.config.policy import Policy, lets_in, refusal
from generator.content.block_arguments import (
    OF_COLUMNS,
    Argument,
    BlockKinds,
    Plain,
    Said,
    mistakes_of_blocks,
    named_columns,
    read_block,
)
from generator.content.blocks import PLACES
from generator.content.data.points import with_points
from generator.content.data.rows import read_rows
from generator.content.phrases import read_phrase
from generator.content.scan import Shape
from generator.errors import Problem, is_error, not_utf8, shortened, unreadable, visible
from generator.hosts.media_types import by_name
from generator.mismatch import nearest
from generator.model import Block, BodyInfo, File, Library, PictureMatter, Site
from generator.regular import read_whole
from generator.schema import Severity
from generator.site.chosen import unknown_story
from generator.site.file_names import FileNames
from generator.site.links import content_file, destination, missing, missing_file
from generator.templates import views
from generator.templates.numbers import read_quantity
from generator.templates.players import player_of, service_of
from generator.templates.tables import column_at, is_missing
from generator.urls import is_code, is_elsewhere, is_text, stem_of_file


class KnownBlocks(NamedTuple):
    """The kinds of block that there are, the folder of the content that they lead into, the policy
    by which pages show what is elsewhere (an empty one shows all), and what shapes their texts.
    """

    kinds: BlockKinds = MappingProxyType({})
    content: Path = Path()
    policy: Policy = MappingProxyType({})
    shape: Shape | None = None

    def lets_in(self, directive: str, address: str) -> bool:
        """Return whether pages may show what is at an address, by the sources of a directive."""
        return not self.policy or lets_in(self.policy, directive, address)


_FRAMES, _PICTURES = "frame-src", "img-src"
NO_BLOCKS = KnownBlocks()


class Leads(Protocol):
    """Where what is written in a text leads. All that it looks up in the site is noted."""

    def picture(self, path: str, written: PictureMatter) -> views.Picture | None: ...
    def address(self, path: str, written: str) -> str: ...
    def file(self, path: str, target: str) -> File | None: ...
    def story_named(self, path: str, name: str) -> views.Card | None: ...
    def words(self, text: str) -> str: ...
    def line(self, path: str, text: str) -> str: ...


def shown_blocks(
    path: str, blocks: Iterable[Block], known: KnownBlocks, leads: Leads
) -> tuple[views.Block, ...]:
    """Return the blocks of the text at a content path as its layouts see them."""
    return tuple(_shown(path, block, known, leads) for block in blocks)


def misspelt_blocks(library: Library, kinds: BlockKinds, drafts: bool) -> Iterator[Problem]:
    """Yield what is wrong with blocks that each text alone shows; of drafts only with `drafts`.

    So no mistake waits for the hour of its text.
    """
    for reading in library.readings:
        if reading.body.blocks and (drafts or not getattr(reading.matter, "draft", False)):
            yield from mistakes_of_blocks(reading.path, reading.body.blocks, kinds)
    for path, body in library.unread.items():
        yield from mistakes_of_blocks(path, body.blocks, kinds)


def dead_in_blocks(
    site: Site, bodies: Iterable[tuple[str, BodyInfo]], known: KnownBlocks
) -> Iterator[Problem]:
    """Yield what the blocks of these texts, by content path, name that is not there."""
    some = [(path, body.blocks) for path, body in bodies if body.blocks]
    if not some:
        return
    files = [path for path in site.addresses if path.startswith("articles/") and is_text(path)]
    slugs = {story.slug for story in site.articles}
    stories = {*files, *map(stem_of_file, files), *slugs}
    hidden = {stem_of_file(path) for path in files if not site.addresses[path]} - slugs
    sought = _Sought(site, known, stories, hidden, FileNames(site.addresses))
    for path, blocks in some:
        for block in blocks:
            for problem in _dead(path, block, sought):
                yield replace(problem, line=problem.line or block.line, field=())


def _shown(path: str, block: Block, known: KnownBlocks, leads: Leads) -> views.Block:
    said = read_block(block, known.kinds)
    if said.kind is None:
        name = block.name if block.name in PLACES else ""
        return views.Block(
            name, written=block.written, colons=block.colons, is_closed=block.is_closed
        )
    found: dict[str, dict[str, object]] = {}
    for argument in sorted(said.kind.arguments, key=lambda one: one.type in OF_COLUMNS):
        if argument.name in said.values:
            value = said.values[argument.name]
            if argument.type in OF_COLUMNS:
                table, seen = _seen_columns(argument, value, _table_shown(found))
            else:
                table, seen = _seen(path, argument.type, value, said.values, known, leads)
            if seen is not None:
                found.setdefault(table, {})[argument.name] = seen
    place = {"file": f"{CONTENT}/{path}", "line": block.line}
    return views.Block(block.name, **found, **place)  # type: ignore[arg-type]


def _seen(
    path: str,
    kind: str,
    value: Plain | datetime,
    values: Mapping[str, Plain | datetime],
    known: KnownBlocks,
    leads: Leads,
) -> tuple[str, object]:
    """Return what readers see of a value, None if that is not public now, and its table."""
    written = str(value)
    match kind:
        case "picture":
            alt = leads.words(str(values.get("alt", "")))
            return "pictures", leads.picture(path, PictureMatter(written, alt))
        case "address":
            url = "" if is_code(written) else leads.address(path, written)
            return "addresses", url or None
        case "embed":
            player = player_of(written)
            src = player.src if player and known.lets_in(_FRAMES, player.src) else ""
            return "embeds", views.Embed(written, service_of(written), src)
        case "file":
            return "files", _seen_file(path, written, leads)
        case "table":
            file = leads.file(path, written)
            is_public = file and leads.address(path, written)
            return "tables", _read(known.content, file).table if file and is_public else None
        case "story":
            return "stories", leads.story_named(path, written)
        case "date":
            return "moments", value
        case "words":
            return "plain", leads.words(written)
        case "markdown":
            return "lines", leads.line(path, written)
    return "plain", value


def _seen_file(path: str, written: str, leads: Leads) -> views.MediaFile | None:
    url, file = leads.address(path, written), leads.file(path, written)
    size, seconds = (file.size, file.seconds) if file else (0, 0)
    kind = by_name(file.path if file else written)
    return views.MediaFile(url, kind, size, seconds) if url else None


def _table_shown(found: Mapping[str, Mapping[str, object]]) -> views.Table | None:
    """Return the table among what the arguments of a block lead to."""
    tables = found.get("tables", {}).values()
    return next((one for one in tables if isinstance(one, views.Table)), None)


def _seen_columns(
    argument: Argument, value: Plain | datetime, table: views.Table | None
) -> tuple[str, object]:
    """Return the columns that are named and that the table has; None if there is no table."""
    known = table.columns if table else ()
    names = tuple(name for name in _names(argument, str(value)) if name in known)
    if argument.type == "column":
        return "plain", next(iter(names), None)
    return "columns", names or None


def _names(argument: Argument, written: str) -> tuple[str, ...]:
    return (written,) if argument.type == "column" else named_columns(written)


class _Read(NamedTuple):
    """The table in a file, the line of each of its rows, and what is wrong with it."""

    table: views.Table | None
    lines: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()


def _read(content: Path, file: File) -> _Read:
    return _read_table(content, file.path, file.digest)


@lru_cache(maxsize=256)
def _read_table(
    content: Path,
    path: str,
    digest: str,  # noqa: ARG001 (a file with other bytes is another table)
) -> _Read:
    """Return the table in a file of the content, and what is wrong with it."""
    file = f"{CONTENT}/{path}"
    try:
        text = read_whole(content / path).decode("utf-8-sig")
    except OSError as error:
        return _Read(None, problems=(unreadable(file, error),))
    except UnicodeDecodeError as error:
        return _Read(None, problems=(not_utf8(file, error),))
    rows, wrong = read_rows(text, file)
    cells, doubtful = with_points(rows, file)
    table = views.Table(tuple(rows.columns), tuple(map(tuple, cells)))
    return _Read(table, tuple(rows.lines), (*wrong, *doubtful))


# ----------------------------------------------------------------- what leads nowhere


class _Sought(NamedTuple):
    """Where what texts name is looked for: `stories` are what some go by, `hidden` the names of the
    files of those that are not public now, where no other goes by them.
    """

    site: Site
    known: KnownBlocks
    stories: set[str]
    hidden: set[str]
    there: FileNames


class _Named(NamedTuple):
    """What an argument of a block in the text at `path` names, as it is `written`.

    `told` is how messages call the argument.
    """

    path: str
    told: str
    written: str
    argument: Argument

    def problem(
        self, what: str, remedy: str, code: Code, severity: Severity = "error", told: bool = True
    ) -> Problem:
        """Return a problem with it, which `told` begins unless all is said without."""
        what = f"{self.told}: {what}" if told else what
        return Problem(f"{CONTENT}/{self.path}", 0, what, remedy, severity, code=code)


def _dead(path: str, block: Block, sought: _Sought) -> Iterator[Problem]:
    """Yield what a block names that is not there, or not what it should be."""
    said = read_block(block, sought.known.kinds)
    for argument in said.kind.arguments if said.kind else ():
        if argument.name in said.values:
            told, written = f"::: {block.name}: {argument.name}", str(said.values[argument.name])
            yield from _amiss(_Named(path, told, written, argument), said, sought)


def _amiss(named: _Named, said: Said, sought: _Sought) -> Iterator[Problem]:
    """Return what is wrong with what one argument names."""
    match named.argument.type:
        case "picture":
            return _dead_picture(named, sought)
        case "story":
            return _dead_story(named, sought)
        case "address":
            return _dead_address(named, sought)
        case "markdown":
            return _dead_in_line(named, sought)
        case "embed":
            return _kept_out(named, sought.known)
        case "file" | "table":
            return _dead_file(named, sought)
        case "column" | "columns" | "numbers":
            return _dead_columns(named, said, sought)
    return iter(())


def _dead_picture(named: _Named, sought: _Sought) -> Iterator[Problem]:
    written = named.written
    if named.argument.media and is_elsewhere(written):
        what, remedy = f'"{written}" is elsewhere', "save it into content/ and name that"
        yield named.problem(what, remedy, Code.MISSING_PICTURE)
    elif is_elsewhere(written) and not sought.known.lets_in(_PICTURES, written):
        yield named.problem(*refusal(_PICTURES, written), Code.BLOCKED, "warning", told=False)
    else:
        given = sought.site, named.path, written, (named.told,), sought.there
        yield from missing_file(*given)
        yield from _of_another_kind(named, sought.site)


def _dead_story(named: _Named, sought: _Sought) -> Iterator[Problem]:
    """Yield that there is no such story: a warning, while one may be hidden that has the slug."""
    site = sought.site
    given = named.path, (named.told,), named.written, sought.stories, site.decomposed, sought.there
    is_sure = all(site.addresses.values())
    for problem in unknown_story(*given):
        yield problem if is_sure else replace(problem, severity="warning")
    if _is_hidden(named, sought):
        what = f'"{visible(named.written)}" is not public now: its readers see no card'
        remedy = "publish it, or take the block out"
        yield named.problem(what, remedy, Code.NOT_PUBLIC, "warning")


def _is_hidden(named: _Named, sought: _Sought) -> bool:
    """Return whether a story that is named by its file, or as that is called, is not public now."""
    site = sought.site
    if found := content_file(site, named.path, named.written):
        return not site.addresses[found[0]]
    return named.written.strip("/") in sought.hidden


def _dead_columns(named: _Named, said: Said, sought: _Sought) -> Iterator[Problem]:
    if file := _file_of_table(sought.site, named.path, said):
        for what, remedy in _wrong_columns(named.argument, named.written, sought.known, file):
            yield named.problem(what, remedy, Code.WRONG_BLOCK)


def _dead_address(named: _Named, sought: _Sought) -> Iterator[Problem]:
    """Yield that an address leads to no file. Of one from the root nobody knows that here."""
    path, written, site = named.path, named.written, sought.site
    if is_code(written):
        what = f'"{written}" is code, and no address'
        yield named.problem(what, "write where it leads", Code.UNSAFE_HTML)
    elif not is_elsewhere(written) and destination(site, path, written) is None:
        yield named.problem(*missing(site, path, written, sought.there), Code.DEAD_LINK)


def _dead_in_line(named: _Named, sought: _Sought) -> Iterator[Problem]:
    """Yield the links of a line of text that lead to no file, or to code."""
    if sought.known.shape is None:
        return
    _, phrase, harmful = read_phrase(named.written, sought.known.shape)
    found = [reference.target for reference in phrase.references] if phrase else []
    for target in (*harmful, *found):
        yield from _dead_address(named._replace(written=target), sought)


def _kept_out(named: _Named, known: KnownBlocks) -> Iterator[Problem]:
    """Yield the warning that a player is kept out: readers are led to it instead."""
    player = player_of(named.written)
    if player and not known.lets_in(_FRAMES, player.src):
        yield named.problem(*refusal(_FRAMES, player.src), Code.BLOCKED, "warning", told=False)


def _dead_file(named: _Named, sought: _Sought) -> Iterator[Problem]:
    path, written, site = named.path, named.written, sought.site
    found = content_file(site, path, written)
    if found is None or found[0] not in site.files:
        what, remedy = missing(site, path, written, sought.there)
        if found is None and is_elsewhere(written):
            what, remedy = f'"{written}" is elsewhere', "name a file of your own, or write a link"
        yield named.problem(what, remedy, Code.DEAD_LINK)
        return
    yield from _of_another_kind(named, site)
    if named.argument.type == "table":
        yield from _read(sought.known.content, site.files[found[0]]).problems


def _of_another_kind(named: _Named, site: Site) -> Iterator[Problem]:
    """Yield that a file which is there is not of the kinds that an argument wants."""
    media = named.argument.media
    found = content_file(site, named.path, named.written)
    file = site.files.get(found[0]) if found else None
    if file and media and not _is_of(file, media):
        what = f'"{named.written}" is no {" or ".join(media)}'
        remedy = f"name one such as {_NAMES.get(media[0], 'another')}"
        yield named.problem(what, remedy, Code.WRONG_VALUE)


def _file_of_table(site: Site, path: str, said: Said) -> File | None:
    """Return the file of the table that a block names, if it is there."""
    for argument in said.kind.arguments if said.kind else ():
        if argument.type == "table" and argument.name in said.values:
            found = content_file(site, path, str(said.values[argument.name]))
            return site.files.get(found[0]) if found else None
    return None


def _wrong_columns(
    argument: Argument, written: str, known: KnownBlocks, file: File
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the columns that are named, and what to do."""
    read = _read(known.content, file)
    if read.table is None or any(map(is_error, read.problems)):
        return
    for name in _names(argument, written):
        if name not in read.table.columns:
            what = f'there is no column "{visible(name)}" in {CONTENT}/{file.path}'
            close = nearest(name.casefold(), read.table.columns, form=str.casefold)
            names = shortened(", ".join(read.table.columns), 200)
            yield what, f'did you mean "{close}"?' if close else f"known there: {names}"
        elif argument.type == "numbers":
            yield from _no_numbers(name, read.table, read.lines, f"{CONTENT}/{file.path}")


def _no_numbers(
    name: str, table: views.Table, lines: Sequence[int], file: str
) -> Iterator[tuple[str, str]]:
    """Yield the first cell of a column that is no number, or that it has none at all."""
    cells = column_at(table, table.columns.index(name))
    some = [(cell, line) for cell, line in zip(cells, lines, strict=True) if not is_missing(cell)]
    for cell, line in some:
        if read_quantity(cell) is None:
            what = f'"{shortened(visible(cell))}" in the column "{visible(name)}" is no number'
            remedy = "write digits, with a point before decimals, such as 1234.5, or nothing"
            yield f"{what} ({file}:{line})", remedy
            return
    if not some:
        what = f'there is no number in the column "{visible(name)}" of {file}'
        yield what, "choose another column"


def _is_of(file: File, media: Sequence[str]) -> bool:
    """Return whether a file is, by its name, of one of some media, such as "video"."""
    own = by_name(file.path)
    return own in media or own.partition("/")[0] in media


_NAMES = {
    "audio": "talk.mp3 or talk.m4a",
    "image": "picture.jpg or picture.png",
    "text/vtt": "captions.vtt",
    "video": "film.mp4 or film.webm",
}
