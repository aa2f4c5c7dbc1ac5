"""The files of pictures: each cleaned, and its variants.

In come a site in all its languages and the settings of pictures; out go the outputs that answer
for all addresses in its `Ladder`s. What takes long to make is kept in a store, and made once.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from pathlib import Path

from generator.config import CONTENT, Images, Settings
from generator.config.settings import PAGE_WIDTH
from generator.kinds import PageKind
from generator.model import File, PictureMatter, Site
from generator.pages.ladders import Ladder, crop_of, focus_of, ladder_of, thumbnail_of
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


def picture_outputs(
    sites: Sequence[Site], settings: Settings, root: Path, store: Path
) -> list[Output]:
    """Return the variants of all pictures that are public, and the crops of those that front matter
    names, of a site in each language, the main one first.

    What is soon encoded comes before AVIF, and the narrow ones first: if there is no time for all,
    each picture has some.
    """
    images, found = settings.images, dict[str, tuple[bool, int, Output]]()
    for ladder, file in dict.fromkeys(_ladders(sites, settings)):
        for is_slow, width, output in _variants(ladder, file, images, root, store):
            # a thumbnail may be one of the site's own crops
            found[output.path] = is_slow, width, output
    return [output for *_, output in sorted(found.values(), key=itemgetter(0, 1))]


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


def _ladders(sites: Sequence[Site], settings: Settings) -> Iterator[tuple[Ladder, File]]:
    """Yield all that is made of each picture. Thumbnails are made of what feeds may ever hold: in
    the programs of readers a story leads to its own when it is not among the newest any more.
    """
    images, addresses = settings.images, sites[0].addresses
    public = [file for path, file in sites[0].files.items() if addresses[path]]
    whole = [(ladder, file) for file in public if (ladder := ladder_of(file, images))]
    yield from whole
    named = (_in_front_matter(site, settings) for site in sites)
    for file, focus, in_feeds in chain.from_iterable(named) if whole else ():
        if addresses[file.path]:
            crops = [crop_of(file, images, ratio, focus) for ratio in (*images.ratios, SHARE)]
            crops += [thumbnail_of(file, images, focus)] if in_feeds else []
            yield from ((crop, file) for crop in crops if crop)


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


def _in_front_matter(
    site: Site, settings: Settings
) -> Iterator[tuple[File, tuple[int, int], bool]]:
    """Yield the pictures that front matter names, each with its focus, and whether feeds may
    have it.
    """
    for path, written, in_feeds in _named(site, settings):
        found = content_file(site, path, written.src) if written.src else None
        if found and (file := site.files.get(found[0])):
            yield file, focus_of(written, file), in_feeds


def _named(site: Site, settings: Settings) -> Iterator[tuple[str, PictureMatter, bool]]:
    for story in site.articles:
        if story.matter.image:
            yield story.path, story.matter.image, True
    for item in site.items.values():
        has_feed = settings.collections[item.collection].feed
        for _, picture in pictures_of(item.matter):
            yield item.path, picture, has_feed and picture is item.matter.image
    for term in site.terms.values():
        if term.image:
            yield term.path, term.image, False
    for author in site.authors.values():
        if author.matter.photo:
            yield author.path, PictureMatter(author.matter.photo, ""), False
