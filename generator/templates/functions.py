"""The functions of a site's own code: made from its text and packages, and handed out.

What comes in are `Extensions`; what goes out are its filters, functions, tests and checks, and what
is wrong with them. Each process makes them once. Nothing is noted outside of what goes out, so
that sites in one process share nothing but the packages that are installed.
"""

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from importlib import import_module
from inspect import isasyncgenfunction, iscoroutinefunction, signature, unwrap
from pathlib import Path
from types import ModuleType
from typing import Any

import jinja2
import msgspec
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.tests import TESTS as JINJA_TESTS

from generator.codes import Code
from generator.config import SITE_TOML
from generator.errors import BroadsheetError, InternalError, Problem, said
from generator.extend import Kind, Mark, marks_of
from generator.mismatch import nearest
from generator.state.code_version import fingerprint
from generator.state.installed import installed_digest, installed_like
from generator.templates.extensions import OWN, Extensions
from generator.templates.site_values import FUNCTIONS
from generator.templates.views import View


class Marked(msgspec.Struct, frozen=True):
    """A function that was marked, and the file or package (`origin`) that brings it.

    `home` is where that lies: a file, or a folder.
    """

    mark: Mark
    function: Callable[..., Any]
    origin: str
    home: str

    @property
    def place(self) -> tuple[str, int]:
        """Return the file and the line where it is written, as messages name them."""
        code = unwrap(self.function).__code__
        shown = _shown(code.co_filename, self.origin, self.home)
        return (shown, code.co_firstlineno) if shown else (self.origin, 0)

    @property
    def wants_text(self) -> bool:
        """Return whether it is a check that is to be given the text of a story."""
        return "text" in signature(self.function).parameters


class Functions(msgspec.Struct, frozen=True):
    """All that was marked, and what is wrong with it."""

    marked: tuple[Marked, ...] = ()
    problems: tuple[Problem, ...] = ()

    def of_kind(self, kind: Kind) -> dict[str, Marked]:
        """Return those of a kind by name: of several that replace one another, the last."""
        return {one.mark.name: one for one in self.marked if one.mark.kind == kind}

    @property
    def compiled(self) -> list[str]:
        """Return what of it layouts are compiled by: the filters and tests there are."""
        kinds: tuple[Kind, ...] = "filter", "test"
        return [f"{kind} {name}" for kind in kinds for name in sorted(self.of_kind(kind))]


class ExtensionError(InternalError):
    """Code of the site's own failed, with the problem that says where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@lru_cache(maxsize=4)
def functions_of(extensions: Extensions) -> Functions:
    """Return the functions of a site's own code, which is run for that."""
    found: dict[int, list[Marked]] = {}
    problems: list[Problem] = []
    for origin, load in _loaders(extensions):
        try:
            marked = _marked_in(load(), origin)
        except ExtensionError as error:
            problems.append(error.problem)
            continue
        if not marked:
            problems.append(_vain(origin, extensions))
        found |= {key: some for key, some in marked.items() if key not in found}
    every = tuple(one for some in found.values() for one in some)
    return Functions(every, (*problems, *_wrong(every)))


def guarded(marked: Marked) -> Callable[..., Any]:
    """Return a function as layouts call it: it raises `ExtensionError` if it fails, or if it is a
    filter that returns nothing, for readers would see "None".

    It asks for the context. Jinja works out in advance what needs none, and what it keeps of that
    would outlive the function that was asked.
    """
    function = marked.function

    @jinja2.pass_context
    def called(_: jinja2.runtime.Context, *values: Any, **named: Any) -> Any:
        try:
            made = function(*values, **named)
        except (BroadsheetError, jinja2.UndefinedError):  # of what the layout gives it
            raise
        except (Exception, SystemExit) as error:
            raise failure(marked, error) from error
        if made is None and marked.mark.kind == "filter":
            what = f"the filter `{marked.mark.name}` returns nothing"
            remedy = 'let it return something in every case, such as ""'
            raise ExtensionError(Problem(*marked.place, what, remedy, code=Code.EXTENSION))
        return made

    return called


def failure(marked: Marked, error: BaseException) -> ExtensionError:
    """Return the error that a function has failed: where, as far as that is in its own code."""
    place = _failing(error, marked.origin, marked.home) or marked.place
    return ExtensionError(_failure(place, error))


# ------------------------------------------------------------------------------ loading


def _loaders(extensions: Extensions) -> Iterator[tuple[str, Callable[[], ModuleType]]]:
    """Yield what makes each module, by the name of the file or package. The file comes last."""
    for number, package in enumerate(extensions.packages):
        yield package.name, partial(_imported, package.name, package.digest, number)
    if extensions.file:
        yield OWN, partial(_run, extensions)


def _imported(name: str, digest: str, number: int) -> ModuleType:
    """Return an installed package. Raises `ExtensionError` if it cannot be imported."""
    field = ("extensions", number)
    here = installed_digest(name)
    if not here:
        what, remedy = f'extensions: there is no installed package "{name}"', _to_install(name)
    elif here != digest:
        what = f'extensions: another "{name}" is installed at this worker'
        remedy = "install there what is installed here"
    else:
        try:
            return import_module(name)
        except (Exception, SystemExit) as error:
            what = f'extensions: "{name}" cannot be imported: {said(error)}'
            remedy = "mend it, or take it out"
    raise ExtensionError(Problem(SITE_TOML, 0, what, remedy, field=field, code=Code.EXTENSION))


def _run(extensions: Extensions) -> ModuleType:
    """Return the module that the text of the file makes. Raises `ExtensionError` if it fails."""
    file = extensions.file
    module = ModuleType(f"broadsheet_extensions_{fingerprint(file)}")
    module.__file__ = file
    module.__dict__["print"] = partial(print, file=sys.stderr)  # what is asked for goes to stdout
    sys.modules[module.__name__] = module  # classes look there for the names around them
    try:
        exec(compile(extensions.text, file, "exec", dont_inherit=True), module.__dict__)  # noqa: S102
    except (Exception, SystemExit) as error:
        place = _failing(error, OWN, file) or (OWN, 0)
        raise ExtensionError(_failure(place, error)) from error
    return module


def _marked_in(module: ModuleType, origin: str) -> dict[int, list[Marked]]:
    """Return what is marked among the names of a module, each function once."""
    home = [*getattr(module, "__path__", ()), getattr(module, "__file__", None) or ""][0]
    return {
        id(value): [Marked(mark, value, origin, home) for mark in marks]
        for value in vars(module).values()
        if (marks := marks_of(value))
    }


# ----------------------------------------------------------------------- what is wrong


def _failure(place: tuple[str, int], error: BaseException) -> Problem:
    """Return the problem of code that failed at a place."""
    file, line = place
    if isinstance(error, SyntaxError):
        what = f"broken code: {error.msg}"
        return Problem(file, line, what, "mend the line", code=Code.BROKEN_SYNTAX)
    remedy = "mend the function" if line else "mend the code"
    if isinstance(error, ModuleNotFoundError) and error.name:
        remedy = _to_install(error.name)
    return Problem(file, line, said(error), remedy, code=Code.EXTENSION)


def _to_install(name: str) -> str:
    close = installed_like(name)
    hint = f'did you mean "{close}"?' if close else "take it out, or install what brings it:"
    return hint if close else f"{hint} pip install {name}"


def _failing(error: BaseException, origin: str, home: str) -> tuple[str, int] | None:
    """Return the last place in a file or package that an error went through, or arose at."""
    frames = [(f.filename, f.lineno or 0) for f in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        frames.append((error.filename or "", error.lineno or 0))
    found = ((_shown(file, origin, home), line) for file, line in reversed(frames))
    return next(((file, line) for file, line in found if file), None)


def _shown(file: str, origin: str, home: str) -> str:
    """Return how messages name a file of code; "" if it lies elsewhere."""
    if not home or (file != home and not file.startswith(f"{home}{os.sep}")):
        return ""
    return OWN if origin == OWN else Path(file).relative_to(Path(home).parent).as_posix()


def _vain(origin: str, extensions: Extensions) -> Problem:
    """Return the warning that a file or package marks nothing."""
    what = "nothing in it is marked as a filter, function, test or check"
    remedy = "write @filter above what is to be one, or take it out"
    if origin == OWN:
        return Problem(OWN, 0, what, remedy, "warning", code=Code.EXTENSION)
    place = [package.name for package in extensions.packages].index(origin)
    told = f'extensions: "{origin}": {what}'
    field = ("extensions", place)
    return Problem(SITE_TOML, 0, told, remedy, "warning", field, code=Code.EXTENSION)


def _wrong(every: tuple[Marked, ...]) -> Iterator[Problem]:
    """Yield what is wrong with the names of functions, and with what they are to be given."""
    owners: dict[tuple[Kind, str], str] = {}
    for one in every:
        mark = one.mark
        owner = owners.get((mark.kind, mark.name)) or _given(mark.kind).get(mark.name, "")
        for what, remedy in (_wrong_name(mark, owner), _wrong_parameters(one)):
            if what:
                yield Problem(*one.place, what, remedy, code=Code.EXTENSION)
        owners[mark.kind, mark.name] = one.place[0]


def _wrong_name(mark: Mark, owner: str) -> tuple[str, str]:
    """Return what is wrong with a name that its `owner`, if any, has already; and what to do."""
    kind, name = mark.kind, mark.name
    if not name.isidentifier() or name in _RESERVED:
        return f'"{name}" cannot be the name of a {kind}', "give it another one"
    if kind == "function" and (name in _VALUES or name in _OF_JINJA):
        what = f"the function `{name}` could not be called: pages have a value of that name"
        return what, f'give it another one: @function("my_{name}")'
    if owner and not mark.replaces:
        what = f"there is a {kind} `{name}` already, of {owner}"
        return what, f"give it another name, or mean it: @{kind}(replaces=True)"
    if mark.replaces and not owner:
        close = nearest(name, sorted(_given(kind)))
        remedy = f"did you mean `{close}`?" if close else "take out `replaces`"
        return f"there is no {kind} `{name}` to replace", remedy
    return "", ""


def _wrong_parameters(one: Marked) -> tuple[str, str]:
    """Return what is wrong with what a function is to be given, and what to do."""
    if hasattr(one.function, "jinja_pass_arg"):
        what = f"`{one.mark.name}` asks Jinja for more than the layout gives it"
        return what, "have the layout give it what it needs, and take out the decorator of Jinja"
    if iscoroutinefunction(one.function) or isasyncgenfunction(one.function):
        return f"`{one.mark.name}` is asynchronous, and nobody waits for it", "write it with `def`"
    parameters = [*signature(one.function).parameters]
    if one.mark.kind == "check" and (not parameters or parameters[1:] not in ([], ["text"])):
        what = f"the check `{one.mark.name}` takes {', '.join(parameters) or 'nothing'}"
        return what, "write (story), or (story, text)"
    return "", ""


FILTERS = frozenset(
    {
        *("absolute", "captioned_pictures", "date", "duration", "fill", "iso", "linked_pictures"),
        *("number", "rfc822"),
    }
)
GLOBALS = frozenset(
    {
        *("asset", "breadcrumbs_jsonld", "chart_of", "label", "prose", "stories", "table_of"),
        *FUNCTIONS,
    }
)
"""What Broadsheet gives to layouts itself: a test holds them to `environment`."""
_GIVEN: dict[Kind, tuple[frozenset[str], frozenset[str]]] = {
    "filter": (frozenset(JINJA_FILTERS), FILTERS),
    "function": (frozenset(DEFAULT_NAMESPACE), GLOBALS),
    "test": (frozenset(JINJA_TESTS), frozenset()),
    "check": (frozenset(), frozenset()),
}
_VALUES = {"site", "data", "collections"}.union(
    *(view.__struct_fields__ for view in View.__subclasses__())
)
_RESERVED = {"and", "else", "false", "if", "import", "in", "is", "none", "not", "or", "true"}
_OF_JINJA = {"caller", "kwargs", "loop", "self", "super", "varargs"}


def _given(kind: Kind) -> dict[str, str]:
    """Return whose the names of a kind are that layouts have anyway."""
    jinja, ours = _GIVEN[kind]
    return dict.fromkeys(jinja, "Jinja") | dict.fromkeys(ours, "Broadsheet")
