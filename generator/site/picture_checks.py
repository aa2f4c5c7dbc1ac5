"""What is wrong with the pictures of a site, beside those that are not there."""

import posixpath
from collections.abc import Iterable, Iterator

from generator.codes import Code
from generator.config import CONTENT, Images
from generator.content.pictures import is_raster, read_focus
from generator.errors import Problem, shortened, visible
from generator.fields import Path as Field
from generator.fields import named
from generator.model import File, ItemMatter, Matter, PictureMatter, Site
from generator.site.item_checks import pictures_of


def mistakes_of_pictures(site: Site, images: Images) -> Iterator[Problem]:
    """Yield the public files that cannot be cleaned, and what others say or do unasked."""
    for path, file in site.files.items():
        if site.addresses[path] and not images.keeps(path):
            yield from _of_file(file, images)


def wrong_focus(path: str, matter: Matter) -> Iterator[Problem]:
    """Yield where a picture of front matter says where to look, and that is no place in it."""
    for field, picture in _pictures(matter):
        if picture.focus and read_focus(picture.focus) is None:
            here = (*field, "focus")
            what = f'{named(here)}: "{shortened(visible(picture.focus))}" is no place in a picture'
            remedy = 'write one such as "60% 30%", from the left and from the top'
            file = f"{CONTENT}/{path}"
            yield Problem(file, 0, what, remedy, field=here, code=Code.WRONG_VALUE)


def _of_file(file: File, images: Images) -> Iterator[Problem]:
    told = f"{CONTENT}/{file.path}"
    if file.flaw and is_raster(file.path):
        what = f"this picture is not published, for nobody can clean it: {file.flaw}"
        remedy = "save it anew in a program for pictures, or name it in keep under [images]"
        yield Problem(told, 0, what, remedy, code=Code.BROKEN_PICTURE)
    if file.raster and images.max_bytes and file.size > images.max_bytes:
        what = (
            f"this picture has {file.size / 1e6:,.1f} MB, of {images.max_bytes / 1e6:,.1f} at most"
        )
        remedy = "make it smaller, or raise max_bytes under [images]"
        yield Problem(told, 0, what, remedy, "warning", code=Code.TOO_LARGE)
    if file.raster and (ending := _other_ending(file.path, file.raster.format)):
        form = file.raster.format.upper()
        what = f"the name of this picture says another format than {form}, and hosts go by names"
        remedy = f"let its name end in {ending}, here and where it is shown"
        yield Problem(told, 0, what, remedy, "warning", code=Code.WRONG_VALUE)
    if file.doubts:
        what = f"this file is published as it is, and {file.doubts[0]}"
        remedy = "take that out of it, or name it in keep under [images]"
        yield Problem(told, 0, what, remedy, "warning", code=Code.UNSAFE_HTML)


def _other_ending(path: str, form: str) -> str:
    """Return the ending that a picture's name should have, "" if its own is of its format."""
    said = _SAID.get(posixpath.splitext(path)[1].lower(), form)
    return "" if said == form else _ENDINGS.get(form, "")


_ENDINGS = {"jpeg": ".jpg", "png": ".png", "gif": ".gif", "webp": ".webp", "avif": ".avif"}
_SAID = {ending: form for form, ending in _ENDINGS.items()} | {".jpeg": "jpeg"}


def _pictures(matter: Matter) -> Iterable[tuple[Field, PictureMatter]]:
    if isinstance(matter, ItemMatter):
        return ((field[:1], picture) for field, picture in pictures_of(matter))
    image = getattr(matter, "image", None)
    return [(("image",), image)] if isinstance(image, PictureMatter) else []
