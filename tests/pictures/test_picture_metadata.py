"""Where and when a picture was taken, by which device, is published nowhere; who made it is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from generator.pictures.cleaning import Cleaned, cleaned
from generator.pictures.looking import Picture, look_at_picture
from generator.pictures.rights import Rights
from generator.pictures.variants import made_variant
from generator.pictures.wanted import Format, Variant
from support.deploys import need
from support.photographs import ENDINGS, exif_of, photograph, plant, saved, tags_in

pytestmark = pytest.mark.long

RIGHTS = Rights("Änne Müller", "© 2026 <Blatt> & Söhne", "Blatt/Müller")
PLANTED = {
    "GPSLatitude": "48.137154",
    "GPSLatitudeRef": "N",
    "GPSLongitude": "11.576124",
    "GPSLongitudeRef": "E",
    "GPSAltitude": "519",
    "GPSDateStamp": "2026:11:27",
    "DateTimeOriginal": "2026:11:27 10:11:12",
    "Model": "SECRETMODEL",
    "SerialNumber": "SECRETSERIAL",
    "LensSerialNumber": "SECRETLENS",
    "OwnerName": "SECRETOWNER",
    "ImageDescription": "SECRETDESCRIPTION",
    "UserComment": "SECRETUSER",
    "Comment": "SECRETCOMMENT",
    "Software": "SECRETSOFTWARE",
    "XMP-exif:GPSLatitude": "48.137154",
    "XMP-exif:GPSLongitude": "11.576124",
    "XMP-dc:Subject": "SECRETSUBJECT",
    "XMP-xmpMM:DocumentID": "SECRETDOCUMENT",
    "XMP-iptcExt:PersonInImage": "SECRETPERSON",
    "IPTC:City": "SECRETCITY",
    "IPTC:Keywords": "SECRETKEYWORD",
    "PNG:Description": "SECRETTEXT",
}
MADE_BY = {
    "IPTC:CodedCharacterSet": "UTF8",
    "IPTC:By-line": RIGHTS.creator,
    "IPTC:Credit": RIGHTS.credit,
    "EXIF:Artist": RIGHTS.creator,
    "EXIF:Copyright": RIGHTS.copyright,
    "XMP-dc:Creator": RIGHTS.creator,
    "XMP-dc:Rights": RIGHTS.copyright,
    "XMP-photoshop:Credit": RIGHTS.credit,
}
HELD_BACK = ("GPS", "Serial", "Lens", "MakerNote", "Nikon", "Owner", "Comment", "Thumbnail")
WITH_RIGHTS = tuple(form for form in ENDINGS if form not in ("GIF", "BMP"))
NOTE = b"Nikon\0\2\x10\0\0MM\0\x2a\0\0\0\x08\0\0SECRETNOTE"


@pytest.fixture(scope="session")
def exiftool() -> str:
    return need("exiftool")[0]


@pytest.fixture(scope="session")
def originals(exiftool: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file of each format with all that exiftool puts into it, a maker's note, and a tail."""
    folder = tmp_path_factory.mktemp("originals")
    files = {form: folder / f"a{ending}" for form, ending in ENDINGS.items()}
    for form, file in files.items():
        holds = {} if form in ("GIF", "BMP") else {"exif": exif_of(note=NOTE)}
        file.write_bytes(saved(photograph(), form, **holds))
    thumbnail = folder / "thumbnail"
    thumbnail.write_bytes(saved(photograph(80, 60)))
    tags = PLANTED | MADE_BY | {"ThumbnailImage<": f"{thumbnail}"}
    plant(exiftool, (f for form, f in files.items() if form != "BMP"), tags)
    for form in ("JPEG", "PNG", "GIF"):
        files[form].write_bytes(files[form].read_bytes() + b"ftypmp42 SECRETFILM")
    return files


@pytest.fixture(scope="session")
def published(
    originals: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """All that becomes of them: cleaned, cleaned and smaller, and each variant."""
    folder = tmp_path_factory.mktemp("published")
    files = {}
    for form, file in originals.items():
        for width in (None, 100):
            made = cleaned(file, width)
            assert isinstance(made, Cleaned)
            files[f"{form} cleaned {width}"] = made.data
        for target in get_args(Format):
            variant = made_variant(file, Variant(100, format=target).to_json())
            assert isinstance(variant, bytes)
            files[f"{form} variant {target}"] = variant
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return {name: folder / name for name in files}


@pytest.fixture(scope="session")
def seen(exiftool: str, published: dict[str, Path]) -> Mapping[str, Mapping[str, Any]]:
    return tags_in(exiftool, published.values())


def betrayed(tags: Mapping[str, Any]) -> list[str]:
    return [
        name
        for name, value in tags.items()
        if "SECRET" in f"{value}" or name.partition(":")[2].startswith(HELD_BACK)
    ]


def test_the_originals_tell_all_that_was_planted(exiftool: str, originals: dict[str, Path]) -> None:
    found = tags_in(exiftool, originals.values())
    for form in WITH_RIGHTS:
        tags = found[originals[form].name]
        assert {"GPS:GPSLatitude", "XMP-exif:GPSLatitude", "IFD0:Model"} <= tags.keys(), form
        assert len(betrayed(tags)) > 10
        assert b"SECRETNOTE" in originals[form].read_bytes()
    assert betrayed(found["a.gif"])
    assert "IFD1:ThumbnailImage" in found["a.jpg"]
    assert found["a.jpg"]["IPTC:City"] == found["a.tif"]["IPTC:City"] == "SECRETCITY"
    assert found["a.png"]["PNG:Description"] == "SECRETTEXT"


def test_nothing_of_it_is_found_in_what_is_published(
    seen: Mapping[str, Mapping[str, Any]], published: dict[str, Path]
) -> None:
    assert {name: found for name, tags in seen.items() if (found := betrayed(tags))} == {}
    for name, file in published.items():
        assert b"SECRET" not in file.read_bytes(), name
        assert not any(group in tag for tag in seen[name] for group in ("IFD", "IPTC", "GPS"))


def test_who_made_it_and_whose_it_is_stays(seen: Mapping[str, Mapping[str, Any]]) -> None:
    for name, tags in seen.items():
        if name.startswith(WITH_RIGHTS):
            told = [tags[f"XMP-{key}"] for key in ("dc:Creator", "dc:Rights", "photoshop:Credit")]
            assert told == [RIGHTS.creator, RIGHTS.copyright, RIGHTS.credit], name


@pytest.mark.parametrize("form", WITH_RIGHTS)
def test_a_look_at_a_picture_tells_who_made_it(originals: dict[str, Path], form: str) -> None:
    picture = look_at_picture(originals[form])
    assert isinstance(picture, Picture)
    assert picture.rights == RIGHTS


@pytest.mark.parametrize(
    ("tags", "rights"),
    [
        ({"EXIF:Artist": "Ann", "EXIF:Copyright": "Blatt"}, Rights("Ann", "Blatt")),
        ({"IPTC:By-line": "Ann", "IPTC:Credit": "dpa"}, Rights("Ann", "", "dpa")),
        ({"IPTC:By-line": "Ann", "EXIF:Artist": "Bob"}, Rights("Ann")),
        ({"XMP-dc:Creator": "Cem", "IPTC:By-line": "Ann"}, Rights("Cem")),
        ({"XMP-dc:Creator": "Ann\nof\tthe desk"}, Rights("Ann of the desk")),
        ({"XMP-dc:Creator": "Ann " * 10_000}, Rights("Ann " * 75)),
        ({"XMP-photoshop:Credit": "A & <B>"}, Rights("", "", "A & <B>")),
    ],
)
def test_each_place_for_a_maker_is_read(
    exiftool: str, tmp_path: Path, tags: dict[str, str], rights: Rights
) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(saved(photograph()))
    plant(exiftool, [file], tags)
    picture = look_at_picture(file)
    assert isinstance(picture, Picture)
    assert picture.rights == rights
    assert isinstance(cleaned(file), Cleaned)
