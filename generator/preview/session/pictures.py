"""Pictures that are not made yet.

In come the outputs of a planned site; out go values that say how each is made, elsewhere, and what
does for it until then, of what there is.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import msgspec

from generator.errors import Problem
from generator.hosts.media_types import by_name
from generator.model import File
from generator.pages import Output
from generator.pages.output import Derived, SourceFile
from generator.pages.picture_files import STORE, keys_in_store
from generator.pictures.kept import Store
from generator.pictures.publishing import Source, published_variant
from generator.pictures.standing_in import Still, View, drawn, sketched
from generator.pictures.wanted import Variant, box_of_variant, size_of_variant
from generator.preview.session.planned_site import PlannedSite
from generator.preview.session.problem_excerpts import with_excerpt
from generator.preview.values import STANDS_IN, SiteResponse, Unmade


def pictures_of(
    root: Path, planned: PlannedSite, outputs: Iterable[tuple[str, Output]]
) -> Iterator[Unmade]:
    """Yield those of the outputs, each behind the path of its URL, that are made of pictures.

    Nobody has looked yet whether they are made.
    """
    for path, output in outputs:
        file = planned.site.files.get(output.owner)
        if file and isinstance(output, Derived) and output.takes_long and _key(output):
            yield _picture(root, path, output, file, planned.pictures[file.path])


def _picture(
    root: Path, path: str, output: Derived, file: File, alike: tuple[Derived, ...]
) -> "_Picture":
    sooner = next((one for one in alike if _is_sooner(one, output)), None)
    before = sooner and f"{path.removesuffix(output.path)}{sooner.path}"
    return _Picture(
        root=root,
        path=path,
        output=output,
        content=file,
        alike=alike,
        sooner=_picture(root, before, sooner, file, alike) if before and sooner else None,
    )


class _Picture(msgspec.Struct, frozen=True, kw_only=True):
    """An output that is made of a picture in the `content`; others that are so are `alike`."""

    root: Path
    path: str
    output: Derived
    content: File
    alike: tuple[Derived, ...]
    sooner: "_Picture | None"

    @property
    def key(self) -> str:
        return _key(self.output)

    @property
    def file(self) -> str:
        return self.output.file

    @property
    def order(self) -> tuple[int, int]:
        wanted = _wanted(self.output)
        if wanted is None:  # where there are variants, a browser hardly ever asks for the file
            return (2 if len(self.alike) > 1 else 0), self.content.width
        return int(wanted.format == "avif"), wanted.width

    @property
    def making(self) -> Callable[[], bool | Problem]:
        return partial(_made, self.output, self.key, self.root / STORE)

    def is_there(self) -> bool:
        return Store(self.root / STORE).get(self.key) is not None

    def stand_in(self) -> SiteResponse:
        store = Store(self.root / STORE)
        for other in _most_like(self.output, self.alike):
            if found := store.get(_key(other)):
                return self._shown(other, Still(found.read_bytes(), by_name(other.path)))
        return self._drawn(sketched(_source(self.output).path))

    def blank(self) -> SiteResponse:
        return self._drawn(None)

    def failed(self, problem: Problem) -> SiteResponse:
        told = (with_excerpt(self.root, problem),)
        kind = by_name(self.output.path)
        return SiteResponse(b"", kind, shown_as="file", status=500, problems=told)

    def _shown(self, other: Derived, still: Still) -> SiteResponse:
        """Return another in place of this one: as it is where any browser shows it as large."""
        its = _wanted(other)
        if its and its.format != "avif" and _is_as_large(self.output, other):
            return _response(still)
        return self._drawn(still, is_cut=bool(its and its.height))

    def _drawn(self, still: Still | None, is_cut: bool = False) -> SiteResponse:
        """Return a drawing, of a picture that is whole or `is_cut` as this one."""
        view = _view(self.output, self.content)
        view = view._replace(box=(0, 0, *view.full)) if is_cut else view
        raster = self.content.raster
        colour = raster.colour if raster and not raster.has_alpha else ""
        return _response(drawn(view, colour, still))


def _response(still: Still) -> SiteResponse:
    return SiteResponse(still.data, still.type, shown_as="file", status=STANDS_IN)


def _made(output: Derived, key: str, store: Path) -> bool | Problem:
    """Make a picture and keep it; return whether it is kept now.

    It is not if its source is another one by now: then another picture is wanted.
    """
    source = _source(output)
    if not Source(source.path, source.digest).is_as_it_was():
        return False
    made = output.made()
    return made if isinstance(made, Problem) else Store(store).get(key) is not None


# ---------------------------------------------------------------- what an output is made as


def _key(output: Derived) -> str:
    return next(iter(keys_in_store([output])), "")


def _source(output: Derived) -> SourceFile:
    source = output.inputs[0]
    assert isinstance(source, SourceFile)
    return source


def _wanted(output: Derived) -> Variant | None:
    """Return what is wanted of a picture; None if that is the file itself."""
    if output.function is not published_variant:
        return None
    return msgspec.json.decode(str(output.inputs[2]), type=Variant)


def _view(output: Derived, content: File) -> View:
    full = content.width, content.height
    if wanted := _wanted(output):
        return View(size_of_variant(*full, wanted), full, box_of_variant(*full, wanted))
    most = output.inputs[2]
    assert isinstance(most, int)
    across = min(most or full[0], full[0])
    return View((across, max(1, round(full[1] * across / full[0]))), full, (0, 0, *full))


def _stem(output: Derived) -> str:
    """Return what the variants of a picture in one crop have in common."""
    return output.path.rsplit(".", 2)[0]


def _width(output: Derived) -> int:
    wanted, most = _wanted(output), output.inputs[2]
    return wanted.width if wanted else int(str(most)) or _WIDE


_WIDE = 1 << 30


def _is_as_large(one: Derived, other: Derived) -> bool:
    """Return whether both are of the same part of a picture, in the same size."""
    is_file = _wanted(one) is None or _wanted(other) is None
    return not is_file and _stem(one) == _stem(other) and _width(one) == _width(other)


def _is_sooner(one: Derived, output: Derived) -> bool:
    """Return whether one looks as an AVIF does, and is made in a fraction of the time."""
    ours, its = _wanted(output), _wanted(one)
    is_quicker = ours and its and ours.format == "avif" and its.format != "avif"
    return bool(is_quicker) and _is_as_large(one, output)


def _most_like(output: Derived, among: Iterable[Derived]) -> list[Derived]:
    """Return those that show all that an output is to show, the sharpest small ones first."""
    stem, width = _stem(output), _width(output)

    def unlike(other: Derived) -> tuple[bool, bool, int]:
        return not _is_as_large(output, other), _width(other) < width, abs(_width(other) - width)

    showing = (
        one
        for one in among
        if one is not output
        and ((its := _wanted(one)) is None or not its.height or _stem(one) == stem)
    )
    return sorted(showing, key=unlike)
