"""What of the metadata of real cameras is left in the pictures that a site publishes: owed is none.

In comes a folder; out go figures, and what is left. A site is built with pictures that hold the
metadata of more than a hundred models, in six formats: stories show them at their heads and in
their bodies, and some are there only as files. All pictures that are published are then read by
exiftool, unknown tags included, and searched for the bytes that were planted. A tag is left if no
picture has it that never had metadata; creator, copyright and credit are to stay.
"""

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args

import click
from camera_files import WORD, Original, as_they_were, donors, transplanted
from starter import generator
from tables import row

from generator.errors import Problem
from generator.pictures.cleaning import cleaned
from generator.pictures.wanted import Format

sys.path.append(str(Path(__file__).resolve().parents[1]))
from support.photographs import photograph, saved, tags_in

_PUBLISHED = {".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif"}
_A_STORY = 8
_TELLING = re.compile(r"GPS|Serial|Owner|UniqueID|DocumentID|City|Person|FaceName|Region|Location")
Told = Mapping[str, Mapping[str, Any]]
"""Of each original, by its name, the tags that tell who or where."""


class Left(NamedTuple):
    """Something of an original that is in a published file: a tag, or bytes."""

    file: str
    what: str


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--files", default=500, show_default=True, help="Pictures of the content.")
def main(folder: Path, files: int) -> None:
    """Publish pictures with the metadata of real cameras, and print what is left of that."""
    folder.mkdir(parents=True, exist_ok=True)
    cameras = donors(folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix="metadata-") as place:
        root = Path(place) / "site"
        generator(Path(place), "init", "site", "--url", "https://paper.example/")
        images = root / "content" / "images"
        images.mkdir()
        shown = list(_that_can_be_shown(as_they_were(images, cameras)))
        shown += transplanted(images, cameras, files - len(shown))
        _write_stories(root, shown)
        generator(root, "build", "--complete")
        published = sorted(f for f in root.glob("public/**/*") if f.suffix in _PUBLISHED)
        told = dict(_telling([one.file for one in shown]))
        left = [*_tags_left(published, Path(place)), *_bytes_left(root, shown, told, published)]
        _print(shown, told, published, left)
    sys.exit(1 if left else 0)


def _that_can_be_shown(made: Sequence[Original]) -> Iterator[Original]:
    """Yield the originals that can be published; the others go, and why is printed.

    Programs that read metadata are tested with files, too, that have no pixels.
    """
    for original in made:
        found = cleaned(original.file)
        if isinstance(found, Problem):
            print(f"refused: {original.file.name} of {original.donor.file.name}: {found.what}")
            original.file.unlink()
        else:
            yield original


def _write_stories(root: Path, shown: Sequence[Original]) -> None:
    """Write stories with a picture each at the head and six in the body; one is left out."""
    for start in range(0, len(shown), _A_STORY):
        first, *others = (one.file.name for one in shown[start : start + _A_STORY])
        body = "\n\n".join(f"![A picture](/images/{name})" for name in others[: _A_STORY - 2])
        image = f"image: {{src: /images/{first}, alt: A picture}}"
        matter = f"title: Story {start}\ndate: 2026-01-01\n{image}"
        text = f"---\n{matter}\n---\n\n{body}\n"
        (root / "content" / "articles" / f"story-{start}.md").write_text(text, encoding="utf-8")


# ---------------------------------------------------------------------------------- what is left


def _telling(files: Sequence[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name of each original, and the tags in it that tell who or where."""
    for name, tags in _tags_in(files):
        yield name, {tag: value for tag, value in tags.items() if _TELLING.search(tag)}


def _tags_left(published: Sequence[Path], place: Path) -> Iterator[Left]:
    known = _tags_of_plain_pictures(place / "plain")
    for name, found in _tags_in(published):
        for tag, value in found.items():
            if tag not in known and not tag.startswith(("ICC_Profile:", "ICC-")):
                yield Left(name, f"{tag} {value!s:.60}")


def _tags_in(files: Sequence[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name of each file, and its tags."""
    for start in range(0, len(files), _AT_ONCE):
        yield from tags_in("exiftool", files[start : start + _AT_ONCE]).items()


_AT_ONCE = 200


def _tags_of_plain_pictures(folder: Path) -> set[str]:
    """Tags of pictures that never had metadata, and others that are to stay."""
    folder.mkdir()
    for form in get_args(Format):
        for mode in ("L", "RGB", "RGBA"):
            if mode != "RGBA" or form != "jpeg":
                file = folder / f"{mode}.{form}"
                file.write_bytes(saved(photograph().convert(mode), form.upper(), dpi=(72, 72)))
    return _TO_STAY.union(*tags_in("exiftool", folder.iterdir()).values())


_TO_STAY = {
    *("XMP-dc:Creator", "XMP-dc:Rights", "XMP-photoshop:Credit"),
    *("Adobe:DCTEncodeVersion", "Adobe:APP14Flags0", "Adobe:APP14Flags1", "Adobe:ColorTransform"),
    *("PNG:ProfileName", "PNG:SignificantBits", "PNG:Gamma", "PNG:BackgroundColor"),
    *("PNG:SRGBRendering", "RIFF:WebP_Flags", "RIFF:AlphaCompression"),
}
"""Who made a picture and whose it is; and how its colours are meant, that no decoder does without.
A profile has the name "-" in all that is published."""


def _bytes_left(
    root: Path, shown: Sequence[Original], told: Told, published: Iterable[Path]
) -> Iterator[Left]:
    secrets = {one.file.stem: {*one.secrets, *_values(one, told)} for one in shown}
    for file in published:
        data = file.read_bytes()
        for secret in secrets.get(file.name.partition(".")[0], ()):
            if secret in data:
                yield Left(file.name, f"bytes {secret!r}")
    for file in root.glob("public/**/*"):
        if file.is_file() and (found := WORD.search(file.read_bytes())):
            yield Left(file.name, f"a word {found[0]!r}")


def _values(original: Original, told: Told) -> set[bytes]:
    """What tells who or where in a file as its camera wrote it, if it cannot be there by chance."""
    if original.secrets:
        return set()
    values = {f"{value}" for value in told[original.file.name].values()}
    return {value.encode() for value in values if len(value) >= _NO_ACCIDENT}


_NO_ACCIDENT = 6


def _print(
    shown: Sequence[Original], told: Told, published: Sequence[Path], left: Sequence[Left]
) -> None:
    endings = {original.file.stem: original.file.suffix for original in shown}
    originals_of = Counter(endings.values())
    published_of = Counter(endings.get(file.name.partition(".")[0], "") for file in published)
    told_of = Counter(endings[Path(name).stem] for name, tags in told.items() for _ in tags)
    left_of = Counter(endings.get(one.file.partition(".")[0], "") for one in left)
    print(row(["originals", "files", "tags that tell who or where", "published of them", "left"]))
    print(row(["---", *["--:"] * 4]))
    counts = originals_of, told_of, published_of, left_of
    for ending in sorted(originals_of):
        print(row([ending, *(f"{count[ending]:,}" for count in counts)]))
    models = len({original.donor.camera for original in shown})
    print(f"\n{len(shown)} files of {models} models, {len(published):,} published")
    print(f"found left: {len(left)}")
    for what, number in Counter(one.what for one in left).most_common(40):
        print(f"{number:6} {what}")


if __name__ == "__main__":
    main()
