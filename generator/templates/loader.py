"""The layouts of a site: found, understood, and made into a Jinja environment.

A site's own layouts hide the default ones, file by file; `default/NAME` always means the
default one, so that a layout can extend the very one that it replaces. What each layout
depends on (the layouts it includes, the values of `site` it reads, the assets it names, the data it
looks at) is read off its source.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache, partial
from pathlib import Path
from posixpath import basename, dirname, splitext
from types import SimpleNamespace
from typing import Any

import jinja2
import msgspec
from jinja2 import nodes
from jinja2.utils import missing

from generator.codes import Code
from generator.config import LAYOUTS, LENIENT, SITE_TOML, Settings
from generator.config.editions import editions_of
from generator.config.taxonomies import COME_ALONG, declared_of
from generator.content.block_arguments import BlockKind
from generator.content.data.files import DataFile, read_data
from generator.errors import Problem, attempt, fault, is_error, unreadable
from generator.extend import Kind
from generator.mismatch import nearest
from generator.model import SHEETS
from generator.regular import read_whole
from generator.state.code_version import fingerprint
from generator.templates.assets import FOLDER as ASSETS
from generator.templates.assets import Asset, load_assets
from generator.templates.block_kinds import OF_BLOCKS, declared_blocks
from generator.templates.collections import EVERY, collections_read, unknown_collection
from generator.templates.data_reads import DataUse, data_use, files_read, unknown_data
from generator.templates.data_values import Data, Row, lacking
from generator.templates.extensions import Extensions, find_extensions
from generator.templates.folders import CODE, default_folder, files_below, named
from generator.templates.functions import Functions, functions_of
from generator.templates.inheritance import (
    Blocks,
    blocks_in_vain,
    blocks_of,
    circles,
    idle_files,
)
from generator.templates.labels import FOLDER as LABELS
from generator.templates.labels import load_labels
from generator.templates.look import with_look
from generator.templates.site_values import read_by_functions
from generator.templates.views import SiteView, Styles

DEFAULT = "default/"


class Layout(msgspec.Struct, frozen=True):
    """A layout with all that it includes or extends.

    `digest` is of their sources, of the assets they name and of the site's own code that they use;
    `reads` are the values of `site` they use; `anchors` the ids that stand in them as they are;
    `data` names the files of data that they look at, `collections` those that they show. One that
    shows texts includes all blocks, for any may stand there; its `own` is the same without those.
    """

    digest: str
    reads: frozenset[str]
    anchors: frozenset[str]
    data: tuple[str, ...] = ()
    collections: frozenset[str] = frozenset()
    own: "Layout | None" = None


class Layouts(msgspec.Struct, frozen=True):
    """All layouts by name, the words of the interface, the assets, the site's own code, its data.

    `checks` digests that part of the code which checks stories, "" if none does. The paths of
    `styles` are those of outputs. `idle` are the site's layouts that no other uses, by name: what
    is to be said of each, unless a page uses it. `words` are the labels of other languages, by tag.
    `blocks` are the kinds of block that texts may have.
    """

    folders: tuple[str, str]
    layouts: dict[str, Layout]
    labels: dict[str, str]
    assets: dict[str, Asset]
    styles: Styles
    idle: dict[str, Problem]
    extensions: Extensions = Extensions()
    checks: str = ""
    data: dict[str, DataFile] = {}
    words: dict[str, dict[str, str]] = {}
    blocks: dict[str, BlockKind] = {}

    def data_of(self, layout: Layout) -> tuple[DataFile, ...]:
        """Return the files of data that a layout looks at."""
        return tuple(self.data[name] for name in layout.data)

    def in_language(self, tag: str) -> "Layouts":
        """Return the same layouts with the words of another language."""
        return msgspec.structs.replace(self, labels=self.words[tag])

    @property
    def anchors(self) -> frozenset[str]:
        """Return the ids that pages may have from their layouts."""
        used = (x.anchors for name, x in self.layouts.items() if not name.startswith(DEFAULT))
        return frozenset().union(*used)

    @property
    def collections(self) -> frozenset[str]:
        """Return the collections that any of them shows, by name."""
        return frozenset().union(*(layout.collections for layout in self.layouts.values()))


def load_layouts(root: Path, settings: Settings) -> tuple[Layouts, list[Problem]]:
    """Return the layouts of the site in `root`, and what is wrong with them."""
    site_names = frozenset(SiteView.__struct_fields__)
    folders = (root / LAYOUTS, default_folder())
    labels, problems = load_labels(folders, settings)
    words, more = _words(folders, settings, problems)
    problems += more
    files, unread = load_assets(folders)
    assets, styles, unfit = with_look(files, settings)
    data, ill = read_data(root, settings)
    sources, unsound = _sources(folders)
    parts, broken = _parts(sources, frozenset(assets), site_names)
    extensions, hindered = find_extensions(root, settings)
    functions = functions_of(extensions)
    code = _code(functions, extensions)
    collections = frozenset(settings.collections)
    of_parts = partial(
        _of_parts,
        parts=parts,
        assets=assets,
        sources=sources,
        site_names=site_names,
        collections=collections,
        code=code,
        data=data,
    )
    layouts = {name: _whole(name, parts, of_parts) for name in parts}
    problems += [*unread, *unfit, *ill, *unsound, *broken]
    problems += _unknown_names(parts, sources, site_names, assets)
    problems += unknown_data({sources[name].file: part.data for name, part in parts.items()}, data)
    if settings is not LENIENT:
        problems += _unknown_collections(parts, sources, collections)
        problems += _unknown_taxonomies(parts, sources, settings)
    problems += [*_in_vain(folders, parts, sources), *hindered, *functions.problems]
    places, idle = (str(folders[0]), str(folders[1])), _idle(folders, parts)
    checks = _checks(functions, extensions)
    blocks, undeclared = declared_blocks(sources)
    problems += undeclared
    known = Layouts(
        places, layouts, labels, assets, styles, idle, extensions, checks, data, words, blocks
    )
    return known, problems


def _words(
    folders: tuple[Path, Path], settings: Settings, told: Collection[Problem]
) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    """Return the labels of each further language of the site, by its tag, and what is wrong with
    them beside what is told of the main one.
    """
    words, problems = dict[str, dict[str, str]](), list[Problem]()
    for tag, own in editions_of(settings).items():
        words[tag], amiss = load_labels(folders, own, ("languages", tag, "labels"))
        problems += [problem for problem in amiss if problem not in told]
    return words, problems


def is_layout(name: str) -> bool:
    """Return whether a file in a folder of layouts is one: no asset, no words of the interface,
    and no code.
    """
    return name != CODE and not name.startswith((f"{ASSETS}/", f"{LABELS}/"))


def bare_environment(folders: Iterable[Path | str]) -> jinja2.Environment:
    """Return Jinja as the layouts expect it, without Broadsheet's own filters and functions."""
    own, default = (jinja2.FileSystemLoader(folder) for folder in folders)
    loader = jinja2.ChoiceLoader(
        [jinja2.PrefixLoader({DEFAULT.rstrip("/"): default}), own, default]
    )
    return jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=Missing,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


class Missing(jinja2.StrictUndefined):
    """A name that is not there: using it is an error that says what is there instead.

    What a table of the site's own does not hold, such as `extra`, is `Empty`: it may be left out.
    """

    def __new__(  # type: ignore[misc]  # what it makes is no `Missing` where it is none
        cls, hint: str | None = None, obj: Any = missing, name: str | None = None, **named: Any
    ) -> jinja2.Undefined:
        if isinstance(obj, dict) and not isinstance(obj, Row):
            return Empty(hint, obj, name, **named)
        return super().__new__(cls)

    @property
    def _undefined_message(self) -> str:
        if isinstance(self._undefined_obj, Row | Data):
            return lacking(self._undefined_obj, self._undefined_name)
        own = getattr(self._undefined_obj, "known_names", None)
        known = own or getattr(self._undefined_obj, "__struct_fields__", None)
        if isinstance(self._undefined_obj, SimpleNamespace):
            close = nearest(str(self._undefined_name), sorted(vars(self._undefined_obj)))
            hint = f", did you mean `{close}`?" if close else ""
            return f"there is no label `{self._undefined_name}`{hint}"
        if known is None:
            return f"`{self._undefined_name}` is not defined here"
        kind = type(self._undefined_obj).__name__
        close = nearest(str(self._undefined_name), own) if own else ""
        if close:
            return f"{kind} has no `{self._undefined_name}`, did you mean `{close}`?"
        return f"{kind} has no `{self._undefined_name}`, only {', '.join(known)}"


class Empty(jinja2.ChainableUndefined):
    """What a table of the site's own does not hold: nothing, and there is nothing in it."""

    @property
    def _undefined_message(self) -> str:
        return f"there is no `{self._undefined_name}`: it is empty here"


def nearest_file(wanted: str, names: Iterable[str]) -> str:
    """Return the file most like a wanted one that there is none of, or an empty string.

    Folders and endings count only between files of one name.
    """
    in_order = sorted(names, key=lambda name: (dirname(name) == dirname(wanted), name))
    return nearest(wanted, in_order, likeness=0.75, form=lambda name: splitext(basename(name))[0])


# ------------------------------------------------------------------------- reading


class _Source(msgspec.Struct, frozen=True):
    """A layout's text, and the file it came from as messages name it."""

    file: str
    text: str


_Call = tuple[Kind, str]
"""A filter, function or test by its name, "" where that is worked out while rendering."""


_Use = tuple[frozenset[str] | None, int, bool]
_Named = tuple[tuple[str, int], ...]
"""The name and the line of each thing that is used."""


class _Part(msgspec.Struct, frozen=True):
    """What one layout file says of itself.

    It is to use one of the layouts of each of the `includes`; `uses` are those that are there.
    """

    includes: tuple[_Use, ...]
    reads: _Named
    assets: _Named
    blocks: Blocks
    calls: frozenset[_Call]
    data: DataUse
    collections: _Named
    taxonomies: _Named
    shows_texts: bool
    uses: frozenset[str] = frozenset()


def _sources(folders: tuple[Path, Path]) -> tuple[dict[str, _Source], list[Problem]]:
    """Return every layout by name; the default ones under `default/` too."""
    sources: dict[str, _Source] = {}
    problems: list[Problem] = []
    own, default = folders
    for folder, prefixes in ((default, ("", DEFAULT)), (own, ("",))):
        files, unread = files_below(folder)
        problems += [unreadable(named(folders, place), error) for place, error in unread]
        for name, file in files.items():
            if not is_layout(name):
                continue
            told = partial(_told, named(folders, file))
            source = attempt(partial(_source, named(folders, file), file), told)
            if isinstance(source, Problem):
                problems.append(source)
            else:
                sources |= {prefix + name: source for prefix in prefixes}
    return sources, problems


def _source(shown: str, file: Path) -> _Source:
    return _Source(shown, read_whole(file).decode())


def _told(file: str, error: BaseException, text: str = "") -> Problem:
    """Return what is wrong with a layout at which work fails; `text` is what was read of it."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        what = f"broken layout: {(error.message or '').rstrip('.')}"
        return Problem(file, error.lineno, what, "mend the line", code=Code.BROKEN_SYNTAX)
    if text and isinstance(error, RecursionError):
        remedy = "take out levels of brackets, blocks or signs, or part it into several layouts"
        return Problem(file, _line_of(text, error), "this layout is nested too deep", remedy)
    if text and isinstance(error, ValueError | OverflowError):
        what = "broken layout: a number has too many digits"
        return Problem(file, _line_of(text, error), what, "shorten it, or write it as a text")
    return fault(file, error)


def _line_of(text: str, error: BaseException) -> int:
    """Return the line up to which a layout has to be read for an error to come up."""
    lines = text.splitlines(keepends=True)

    def fails(count: int) -> bool:
        try:
            _read("".join(lines[:count]), frozenset(), frozenset())
        except Exception as found:
            return isinstance(found, type(error))
        return False

    return bisect_left(range(1, len(lines)), True, key=fails) + 1


def _parts(
    sources: dict[str, _Source], assets: frozenset[str], site_names: frozenset[str]
) -> tuple[dict[str, _Part], list[Problem]]:
    parts, problems = {}, []
    of_blocks = {name for name in sources if name.startswith(OF_BLOCKS)}
    for name, source in sources.items():
        told = partial(_told, source.file, text=source.text)
        said = attempt(partial(_said, source.text, assets, site_names), told)
        if isinstance(said, Problem):
            problems.append(said)
            continue
        uses = {*of_blocks} if said.shows_texts else set[str]()
        for names, line, optional in said.includes:
            found = sources.keys() if names is None else names & sources.keys()
            uses |= found
            if not found and not optional:
                wanted = min(names or [""])
                close = nearest_file(wanted, sources)
                remedy = f'did you mean "{close}"?' if close else "mend the name, or add the file"
                what = f'there is no layout "{wanted}"'
                problems.append(Problem(source.file, line, what, remedy, code=Code.UNKNOWN_NAME))
        parts[name] = msgspec.structs.replace(said, uses=frozenset(uses))
    return parts, problems


@lru_cache(maxsize=512)
def _said(text: str, assets: frozenset[str], site_names: frozenset[str]) -> _Part:
    """Return what a layout's text says of itself.

    It is remembered: in a preview one layout changes, and dozens do not.
    """
    return _read(text, assets, site_names)


def _read(text: str, assets: frozenset[str], site_names: frozenset[str]) -> _Part:
    tree = bare_environment(("", "")).parse(text)
    return _Part(
        includes=tuple(_uses(tree)),
        reads=tuple(_reads(tree, site_names)),
        assets=tuple(_assets(tree, assets)),
        blocks=blocks_of(tree),
        calls=frozenset(_calls(tree)),
        data=data_use(tree) if "data" in text else DataUse(),
        collections=tuple(collections_read(tree)),
        taxonomies=tuple(_taxonomies(tree)),
        shows_texts=_shows_texts(tree),
    )


def _shows_texts(tree: nodes.Template) -> bool:
    """Return whether a layout may show bodies of texts, in which any block may stand."""
    named = any(name.name == "prose" for name in tree.find_all(nodes.Name))
    return named or any(node.attr == "opening" for node in tree.find_all(nodes.Getattr))


def _uses(tree: nodes.Template) -> Iterable[_Use]:
    """Yield, of each include, import and extends, its names, line, and if it may miss.

    Its names are those that it may mean. They are None where they are worked out while rendering.
    """
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        template: nodes.Expr = node.template  # type: ignore[attr-defined]
        try:
            value = template.as_const()
        except nodes.Impossible:
            yield None, node.lineno, True
            continue
        several = value if isinstance(value, list | tuple) else [value]
        names = frozenset(map(str, several))
        yield names, node.lineno, getattr(node, "ignore_missing", False)


def _reads(tree: nodes.Template, site_names: frozenset[str]) -> Iterable[tuple[str, int]]:
    """Yield the values of `site` that a layout reads: all of them where it passes `site` on whole.

    Those that the functions read which it names are among them.
    """
    literal = 0
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == "site":
            literal += 1
            yield node.attr, node.lineno
    names = [(name.name, name.lineno) for name in tree.find_all(nodes.Name)]
    if literal < sum(name == "site" for name, _ in names):
        yield from ((name, 0) for name in sorted(site_names))
    for name, line in names:
        yield from ((read, line) for read in sorted(read_by_functions().get(name, ())))


def _taxonomies(tree: nodes.Template) -> Iterable[tuple[str, int]]:
    """Yield the taxonomies whose terms a layout shows of a story, as in `story.terms.places`."""
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        match node:
            case nodes.Getattr(node=terms, attr=str() as name) if _is_terms(terms):
                yield name, node.lineno
            case nodes.Getitem(node=terms, arg=nodes.Const(value=str() as name)) if _is_terms(
                terms
            ):
                yield name, node.lineno


def _is_terms(node: nodes.Node) -> bool:
    match node:
        case nodes.Getattr(attr="terms", node=nodes.Name(name="story")):
            return True
    return False


def _assets(tree: nodes.Template, assets: frozenset[str]) -> Iterable[tuple[str, int]]:
    """Yield the assets a layout names; all of them where it works out the name.

    Where it shows texts, those that texts need are among them.
    """
    if any(name.name == "prose" for name in tree.find_all(nodes.Name)):
        yield from ((name, 0) for name in SHEETS if name in assets)
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "asset" and call.args:
            first = call.args[0]
            if isinstance(first, nodes.Const):
                yield str(first.value), call.lineno
            else:
                yield from ((name, 0) for name in sorted(assets))


def _calls(tree: nodes.Template) -> Iterable[_Call]:
    """Yield all that a layout may call: what it names, and what it has filters call by name."""
    for node in tree.find_all((nodes.Name, nodes.Filter, nodes.Test)):
        match node:
            case nodes.Name():
                yield "function", node.name
            case nodes.Filter():
                yield "filter", node.name
                if called := _CALLING.get(node.name):
                    given = [*node.args, *(pair.value for pair in node.kwargs)]
                    yield from ((called, _text_of(value)) for value in given)
            case nodes.Test():
                yield "test", node.name
                if asked_for := _ASKING.get(node.name):
                    yield asked_for, _text_of(node.node)


_CALLING: dict[str, Kind] = {
    "map": "filter",
    "reject": "test",
    "rejectattr": "test",
    "select": "test",
    "selectattr": "test",
}
"""The filters of Jinja that are given the name of another filter, or of a test."""


_ASKING: dict[str, Kind] = {"filter": "filter", "test": "test"}
"""The tests of Jinja whether there is a filter of some name, or a test."""


def _text_of(value: nodes.Expr) -> str:
    return str(value.value) if isinstance(value, nodes.Const) else ""


def _unknown_names(
    parts: dict[str, _Part],
    sources: dict[str, _Source],
    site_names: frozenset[str],
    assets: dict[str, Asset],
) -> Iterable[Problem]:
    for name, part in parts.items():
        file = sources[name].file
        for read, line in part.reads:
            if read not in site_names:
                close = nearest(read, sorted(site_names))
                remedy = f"known here: {', '.join(sorted(site_names))}"
                remedy = f"did you mean `{close}`?" if close else remedy
                yield Problem(file, line, f"`site` has no `{read}`", remedy)
        for asset, line in part.assets:
            if asset not in assets:
                what = f'there is no asset "{asset}"'
                close = nearest_file(asset, assets)
                remedy = f"put it at {LAYOUTS}/{ASSETS}/{asset}"
                remedy = f'did you mean "{close}"?' if close else remedy
                yield Problem(file, line, what, remedy, code=Code.UNKNOWN_NAME)


def _unknown_collections(
    parts: dict[str, _Part], sources: dict[str, _Source], known: frozenset[str]
) -> Iterable[Problem]:
    for name, part in parts.items():
        for read, line in part.collections:
            if read != EVERY and read not in known:
                yield unknown_collection(sources[name].file, line, read, known)


def _unknown_taxonomies(
    parts: dict[str, _Part], sources: dict[str, _Source], settings: Settings
) -> Iterable[Problem]:
    known = [name for name, _ in declared_of(settings)]
    for name, part in parts.items():
        for read, line in part.taxonomies:
            if read not in known and not hasattr(dict, read):
                close = nearest(read, known)
                remedy = f"declare it as [taxonomies.{read}] in {SITE_TOML}"
                remedy = f"known here: {', '.join(known)}" if known else remedy
                remedy = f"did you mean `{close}`?" if close else remedy
                what = f"`story.terms` has no `{read}`"
                if read in COME_ALONG:
                    what, remedy = f"{what}, for it comes along", f"write `story.{read}`"
                file = sources[name].file
                yield Problem(file, line, what, remedy, code=Code.UNKNOWN_NAME)


def _in_vain(
    folders: tuple[Path, Path], parts: dict[str, _Part], sources: dict[str, _Source]
) -> Iterable[Problem]:
    """Yield what is in the site's layouts and shown nowhere, and what never comes to an end."""
    files, _ = files_below(folders[0])
    if not files:
        return
    blocks = {name: part.blocks for name, part in parts.items()}
    own = {name: sources[name].file for name in files if name in sources}
    yield from circles(blocks, own)
    yield from blocks_in_vain(blocks, own)


def _code(functions: Functions, extensions: Extensions) -> dict[_Call, str]:
    """Return the digest of what brings each filter, function and test of the site's own."""
    digests = extensions.digests
    return {(one.mark.kind, one.mark.name): digests[one.origin] for one in functions.marked}


def _checks(functions: Functions, extensions: Extensions) -> str:
    """Return the digest of what checks stories; "" if nothing does, or could."""
    checks, digests = functions.of_kind("check").values(), extensions.digests
    if not checks or any(map(is_error, functions.problems)):
        return ""
    return fingerprint(*(digests[origin] for origin in sorted({one.origin for one in checks})))


def _idle(folders: tuple[Path, Path], parts: dict[str, _Part]) -> dict[str, Problem]:
    """Return the site's layouts that no other uses, and what is to be said of them."""
    own = [name for name in files_below(folders[0])[0] if is_layout(name)]
    used = frozenset().union(*(part.uses for part in parts.values())) if own else ()
    return idle_files(own, used, {*files_below(folders[1])[0], CODE}) if own else {}


def _whole(name: str, parts: dict[str, _Part], of_parts: Callable[[set[str]], Layout]) -> Layout:
    """Return a layout with everything that it includes or extends, however deep."""
    reached = _reached(name, parts)
    whole = of_parts(reached)
    if name.startswith(OF_BLOCKS) or not any(parts[part].shows_texts for part in reached):
        return whole
    return msgspec.structs.replace(whole, own=of_parts(_reached(name, parts, OF_BLOCKS)))


def _reached(name: str, parts: dict[str, _Part], but: tuple[str, ...] = ()) -> set[str]:
    """Return a layout with everything that it includes, but for what begins in one of these ways.

    What an own layout includes by its name is there in any case.
    """
    found, ahead = {name}, [name]
    while ahead:
        part = parts[ahead.pop()]
        named = frozenset[str]().union(*(names for names, _, _ in part.includes if names))
        new = {
            use
            for use in part.uses
            if use in parts and not (but and use.startswith(but) and use not in named)
        } - found
        found |= new
        ahead += new
    return found


def _of_parts(
    found: set[str],
    parts: dict[str, _Part],
    assets: dict[str, Asset],
    sources: dict[str, _Source],
    site_names: frozenset[str],
    collections: frozenset[str],
    code: dict[_Call, str],
    data: dict[str, DataFile],
) -> Layout:
    """Return the layout that is made of these parts. `code` digests what it may call of the site's
    own.
    """
    pieces = []
    for part in sorted(found):
        pieces += [part, sources[part].text]
        pieces += [assets[a].path for a, _ in sorted(parts[part].assets) if a in assets]
    pieces += _digests_of_code(frozenset().union(*(parts[part].calls for part in found)), code)
    reads = frozenset(read for part in found for read, _ in parts[part].reads) & site_names
    anchors = frozenset(a for part in found for a in _anchors(sources[part].text))
    looked_at = files_read((parts[part].data for part in found), data)
    shown = frozenset(read for part in found for read, _ in parts[part].collections)
    shown = collections if EVERY in shown else shown & collections
    return Layout(fingerprint(*pieces), reads, anchors, looked_at, shown)


def _digests_of_code(calls: frozenset[_Call], code: dict[_Call, str]) -> list[str]:
    """Return the digests of what brings that which is called."""
    used = {digest for (kind, name), digest in code.items() if {(kind, name), (kind, "")} & calls}
    return sorted(used)


@lru_cache(maxsize=512)
def _anchors(text: str) -> tuple[str, ...]:
    """Return the ids that stand in a layout as they are."""
    return tuple(match[1] or match[2] for match in _ID.finditer(text))


_ID = re.compile(r"""\bid\s*=\s*(?:["']([^"'{}\s]+)["']|([^"'{}\s>]+))""")
