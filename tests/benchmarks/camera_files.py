"""Pictures that hold what real cameras write, and words and places that only they hold.

In come the sources of programs that read metadata: their tests have files of more than a hundred
models of cameras and telephones. Out go these files as they are, as far as they are pictures, and
pictures in six formats that hold all metadata of one of them each, its maker's notes included. In
the latter serial numbers, names and places are replaced, and planted wherever else makers of
cameras, telephones and drones write them.
"""

import re
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from debian import source
from hiding_places import with_more
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

sys.path.append(str(Path(__file__).resolve().parents[1]))
from support.photographs import ENDINGS, photograph, saved

_FORMATS = "JPEG", "PNG", "WEBP", "AVIF", "HEIF", "TIFF"
_SOURCES = "libimage-exiftool-perl", "exiv2", "libmetadata-extractor-java", "libexif"
_PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".avif", ".heic", ".tif"}
_OTHERS = {".exv", ".hif", ".dng", ".cr2", ".cr3", ".crw", ".nef", ".raf", ".rw2", ".mrw", ".iiq"}
_SIZE = 700, 500
WORD = re.compile(rb"ZQ\d{4}|Z\0Q\0(?:\d\0){4}")
"""What all names and serial numbers that are planted begin with, in ASCII and in UTF-16."""


class Donor(NamedTuple):
    """A file of a real camera, of this maker and model."""

    file: Path
    camera: str


class Original(NamedTuple):
    """A picture of the content, and the camera whose metadata it holds.

    `secrets` are bytes that were planted in it and may be in nothing that is published; of a file
    that is as its camera wrote it there are none.
    """

    file: Path
    donor: Donor
    secrets: tuple[bytes, ...] = ()


def donors(folder: Path) -> list[Donor]:
    """Files of which a camera is known: one of each model, and then the others."""
    places = [str(source(folder, name)) for name in _SOURCES]
    shown = "-p", "${directory}/${filename}|${make} ${model;tr/|//d}"
    kinds = [part for ending in _PICTURES | _OTHERS for part in ("-ext", ending[1:])]
    command = ["exiftool", "-q", "-q", "-m", "-r", *kinds, "-if", "$make and $model", *shown]
    done = subprocess.run([*command, *places], capture_output=True, check=False)
    lines = sorted(done.stdout.decode(errors="replace").splitlines())
    found = [Donor(Path(path), name.strip()) for path, _, name in (x.partition("|") for x in lines)]
    models = {donor.camera: donor for donor in reversed(found)}
    return sorted(found, key=lambda donor: models[donor.camera] != donor)


def as_they_were(folder: Path, cameras: Sequence[Donor]) -> list[Original]:
    """Those files that are pictures, copied into a folder."""
    pictures = [donor for donor in cameras if donor.file.suffix.lower() in _PICTURES]
    return [_as_it_was(folder, n, donor) for n, donor in enumerate(pictures)]


def transplanted(folder: Path, cameras: Sequence[Donor], number: int) -> list[Original]:
    """So many pictures in a folder that hold the metadata of cameras, of each model in its turn."""
    made = [_picture(folder, cameras, n) for n in range(number)]
    _exiftool(line for n, one in enumerate(made) for line in _arguments(n, one))
    for n, one in enumerate(made):
        more = with_more(one.file.read_bytes(), _format(n), n, _word(n))
        one.file.write_bytes(more)
        assert sum(secret in more for secret in one.secrets) >= _FEWEST, one
    return made


def _as_it_was(folder: Path, number: int, donor: Donor) -> Original:
    file = folder / f"real-{number:03}{donor.file.suffix.lower()}"
    file.write_bytes(donor.file.read_bytes())
    return Original(file, donor)


def _picture(folder: Path, cameras: Sequence[Donor], number: int) -> Original:
    """A picture with a position, whose donor and format are others than those of the one before."""
    form = _format(number)
    file = folder / f"made-{number:03}{ENDINGS[form]}"
    exif, places = _position(number)
    file.write_bytes(saved(photograph(*_SIZE, seed=number), form, exif=exif))
    word = _word(number)
    words = (word.encode(coding) for coding in ("ascii", "utf-16-le", "utf-16-be"))
    return Original(file, cameras[number % len(cameras)], (*words, *places))


def _format(number: int) -> str:
    """Of the pictures with metadata of one camera each has another."""
    return _FORMATS[(number + number // len(_FORMATS)) % len(_FORMATS)]


def _word(number: int) -> str:
    """The word that all names and serial numbers in a picture begin with."""
    return f"ZQ{number:04}"


def _position(number: int) -> tuple[bytes, list[bytes]]:
    """EXIF with a position, and bytes by which that is known, in both orders (EXIF 2.32, 4.6.6)."""
    north, east = (IFDRational(start + 10 * number + 1, 10_000) for start in (130_000, 340_000))
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 8.0, north), 3: "E", 4: (11.0, 34.0, east)})
    parts = ((n.numerator, n.denominator) for n in (north, east))
    return exif.tobytes(), [struct.pack(f"{order}II", *part) for part in parts for order in "<>"]


_FEWEST = 5
"""So many of the secrets are in each picture: a word in three codings, and a place in one order."""


# ------------------------------------------------------------------------------ exiftool


def _arguments(number: int, original: Original) -> Iterator[str]:
    """Of exiftool: have a picture hold what its donor does, but for its position; then words."""
    word = _word(number)
    yield from ("-tagsFromFile", str(original.donor.file), "-all:all", "-unsafe", "-makernotes")
    yield from (*_OWN_PLACE, str(original.file), "-execute")
    yield from (f"-{tag}={word}{tag.rpartition(':')[2]}" for tag in _NAMES)
    yield from (f"-{tag}={9_000_000 + number}" for tag in _NUMBERS)
    yield from (f"-{tag}={value}" for tag, value in _PLACES.items())
    yield from (str(original.file), "-execute")


def _exiftool(arguments: Iterable[str]) -> None:
    """Run exiftool on lists of arguments. It passes over what a picture has no place for."""
    with tempfile.NamedTemporaryFile("w", suffix=".args") as file:
        file.writelines(f"{line}\n" for line in arguments)
        file.flush()
        common = "-common_args", "-q", "-q", "-m", "-overwrite_original"
        subprocess.run(["exiftool", "-@", file.name, *common], capture_output=True, check=False)


_OWN_PLACE = [f"--GPS{of}{ref}" for of in ("Latitude", "Longitude") for ref in ("", "Ref")]
_NOTES = (
    *("SerialNumber", "InternalSerialNumber", "BodySerialNumber", "LensSerialNumber"),
    *("InternalLensSerialNumber", "AccessorySerialNumber", "FlashSerialNumber", "OwnerName"),
    *("SensorSerialNumber", "ShortOwnerName", "BabyName", "City", "City2", "Landmark", "Location"),
    *("LocationName", "LocalLocationName", "RecognizedFace1Name", "FaceName", "ImageUniqueID"),
    *("ContentIdentifier", "OriginalFileName", "FolderName", "GPSString"),
)
_NAMES = (
    *(f"MakerNotes:{tag}" for tag in _NOTES),
    *("EXIF:SerialNumber", "EXIF:LensSerialNumber", "EXIF:OwnerName", "EXIF:ImageUniqueID"),
    *("EXIF:CameraOwnerName", "EXIF:HostComputer", "EXIF:ImageDescription", "EXIF:UserComment"),
    *("EXIF:XPTitle", "EXIF:XPComment", "EXIF:XPKeywords", "EXIF:XPSubject", "EXIF:XPAuthor"),
    *("EXIF:CameraSerialNumber", "EXIF:DocumentName", "EXIF:PageName", "EXIF:GPSAreaInformation"),
    *("EXIF:GPSProcessingMethod", "EXIF:GPSSatellites", "EXIF:MakerNoteUnknownText"),
    *("XMP-aux:SerialNumber", "XMP-aux:LensSerialNumber", "XMP-aux:OwnerName"),
    *("XMP-exifEX:SerialNumber", "XMP-exifEX:OwnerName", "XMP-exifEX:LensSerialNumber"),
    *("XMP-mwg-rs:RegionName", "XMP-MP:RegionPersonDisplayName", "XMP-iptcExt:PersonInImage"),
    *("XMP-iptcExt:LocationCreatedCity", "XMP-iptcExt:LocationShownSublocation"),
    *("XMP-photoshop:City", "XMP-photoshop:AuthorsPosition", "XMP-photoshop:CaptionWriter"),
    *("XMP-iptcCore:CreatorWorkEmail", "XMP-iptcCore:Location", "XMP-dc:Contributor"),
    *("XMP-xmpMM:DocumentID", "XMP-xmpDM:Client", "XMP-GCamera:MicroVideo"),
    *("XMP-GPano:CaptureSoftware", "XMP-drone-dji:SelfData", "XMP-crs:CameraProfile"),
    *("IPTC:City", "IPTC:Sub-location", "IPTC:Writer-Editor", "IPTC:Contact", "IPTC:Keywords"),
    *("Photoshop:URL", "PNG:Description", "PNG:Software", "Comment"),
)
_NUMBERS = (
    *("Canon:SerialNumber", "Nikon:ShutterCount", "Canon:FileNumber", "Sigma:SerialNumber"),
    *("Pentax:SerialNumber", "Leaf:CameraSerialNumber", "XMP-exif:GPSAltitude"),
)
_PLACES = {
    "EXIF:GPSAltitude": "519",
    "EXIF:GPSDestLatitude": "48.137154",
    "EXIF:GPSDestLatitudeRef": "N",
    "EXIF:GPSDateStamp": "2026:11:27",
    "EXIF:GPSImgDirection": "123.4",
    "XMP-exif:GPSLatitude": "48.137154",
    "XMP-exif:GPSLongitude": "11.576124",
    "XMP-drone-dji:GPSLatitude": "48.137154",
    "XMP-drone-dji:GPSLongitude": "11.576124",
    "XMP-GPano:PoseHeadingDegrees": "123.4",
    "XMP-iptcExt:LocationCreatedGPSLatitude": "48.137154",
}
