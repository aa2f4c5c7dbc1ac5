"""The files of pictures: each cleaned, and its variants.

In come a site and the settings of pictures; out go the outputs that answer for all addresses in
its `Ladder`s. What takes long to make is kept in a store, and made once.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from operator import itemgetter
from pathlib import Path

from generator.config import CONTENT, Images
from generator.config.settings import PAGE_WIDTH
from generator.kinds import PageKind
from generator.model import File, PictureMatter, Site
from generator.pages.ladders import Ladder, crop_of, focus_of, ladder_of
from generator.pages.output import Derived, Output, Scratch, SourceFile
from generator.pictures.kept import Store
from generator.pictures.publishing import (
    key_of_file,
    key_of_variant,
    next_best_variant,
    published_file,
    published_variant,
)
from generator.pictures.wanted import QUALITIES, Format, Variant
from generator.site.item_checks import pictures_of
from generator.site.links import content_file
from generator.templates.views import SHARE

STORE = ".broadsheet/images"
"""Where a site's folder keeps what was made of pictures."""


def picture_outputs(site: Site, images: Images, root: Path, store: Path) -> list[Output]:
    """Return the variants of all pictures that are public, and the crops of those that front matter
    names.

    What is soon encoded comes before AVIF, and the narrow ones first: if there is no time for all,
    each picture has some.
    """
    ladders: dict[str, tuple[Ladder, File]] = {}
    for path, file in site.files.items():
        if site.addresses[path] and (ladder := ladder_of(file, images)):
            ladders[ladder.stem] = ladder, file
    for file, focus in _in_front_matter(site) if ladders else ():
        for ratio in (*images.ratios, SHARE) if site.addresses[file.path] else ():
            if ladder := crop_of(file, images, ratio, focus):
                ladders[ladder.stem] = ladder, file
    found = (_variants(*one, images, root, store) for one in ladders.values())
    return [output for *_, output in sorted(chain.from_iterable(found), key=itemgetter(0, 1))]


def file_output(
    path: str, file: File, kind: PageKind, images: Images, root: Path, store: Path
) -> Output | None:
    """Return the output at a path that a picture's file is, cleaned; None if it is copied."""
    if file.raster is None or images.keeps(file.path):
        return None
    source = root / CONTENT / file.path
    most = 0 if images.original else PAGE_WIDTH
    inputs = (
        SourceFile(source, file.digest),
        file.digest,
        most,
        Scratch(store),
        f"{CONTENT}/{file.path}",
    )
    return Derived(path, kind, published_file, inputs, owner=file.path, takes_long=True)


def sweep_store(outputs: Iterable[Output], root: Path) -> None:
    """Take out of the store what no output is made of, once that is more than what they are."""
    wanted = keys_in_store(outputs)
    Store(root / STORE).sweep_beyond(wanted, 2 * len(wanted))


def keys_in_store(outputs: Iterable[Output]) -> set[str]:
    """Return what the store knows outputs by, of all that it keeps."""
    return {key for output in outputs if isinstance(output, Derived) for key in _keys(output)}


def _keys(output: Derived) -> Iterator[str]:
    """Yield what the store knows an output by, if it keeps it."""
    if output.function is published_variant:
        yield key_of_variant(str(output.inputs[1]), str(output.inputs[2]))
    elif output.function is published_file:
        yield key_of_file(str(output.inputs[1]), int(str(output.inputs[2])))


def _variants(
    ladder: Ladder, file: File, images: Images, root: Path, store: Path
) -> Iterator[tuple[bool, int, Output]]:
    """Yield the variants of a picture, each behind whether it is long in the making, and its
    width.
    """
    source, told = SourceFile(root / CONTENT / file.path, file.digest), f"{CONTENT}/{file.path}"
    most, scratch = 0 if images.original else PAGE_WIDTH, Scratch(store)
    for width in ladder.widths:
        wanted = {form: _variant(ladder, width, form, images) for form in ladder.formats}
        last = wanted[ladder.formats[-1]]
        for form, variant in wanted.items():
            output = Derived(
                ladder.path(width, form),
                PageKind.IMAGE,
                published_variant,
                (source, file.digest, variant, scratch, told),
                owner=file.path,
                takes_long=True,
                instead=(
                    next_best_variant,
                    (source, file.digest, variant, last, most, scratch, told),
                ),
            )
            yield form == "avif", width, output


def _variant(ladder: Ladder, width: int, form: Format, images: Images) -> str:
    """Return a variant as those take it who make it."""
    height = max(1, round(width * ladder.ratio[1] / ladder.ratio[0])) if ladder.is_crop else 0
    quality = round(images.quality * QUALITIES[form] / QUALITIES["jpeg"])
    return Variant(width, height, form, quality, images.avif_speed, *ladder.focus).to_json()


def _in_front_matter(site: Site) -> Iterator[tuple[File, tuple[int, int]]]:
    """Yield the pictures that front matter names, each with its focus."""
    for path, written in _named(site):
        found = content_file(site, path, written.src) if written.src else None
        if found and (file := site.files.get(found[0])):
            yield file, focus_of(written, file)


def _named(site: Site) -> Iterator[tuple[str, PictureMatter]]:
    for story in site.articles:
        if story.matter.image:
            yield story.path, story.matter.image
    for item in site.items.values():
        yield from ((item.path, picture) for _, picture in pictures_of(item.matter))
    for term in site.terms.values():
        if term.image:
            yield term.path, term.image
    for author in site.authors.values():
        if author.matter.photo:
            yield author.path, PictureMatter(author.matter.photo, "")
