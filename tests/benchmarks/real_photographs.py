"""Ten photographs of 2 to 13 megapixels, as people took and cut them, from Debian's packages.

They were chosen before anything was measured, by what is seen: fine detail all over (a forest, a
stream, dunes), coarse detail, skies, and one that stands upright.
"""

from pathlib import Path

from debian import package

_BACKGROUNDS = "usr/share/backgrounds"
_OF_PLASMA = "usr/share/wallpapers/{}/contents/images/2560x1600.jpg"
_TEN = {
    "bridge": ("lomiri-wallpapers-16.04", f"{_BACKGROUNDS}/Bridge_by_Sander_Klootwijk.jpg"),
    "boats": ("plasma-workspace-wallpapers", _OF_PLASMA.format("EveningGlow")),
    "drops": ("mate-backgrounds", f"{_BACKGROUNDS}/mate/nature/RainDrops.jpg"),
    "dunes": ("mate-backgrounds", f"{_BACKGROUNDS}/mate/nature/Dune.jpg"),
    "forest": ("plasma-workspace-wallpapers", _OF_PLASMA.format("Path")),
    "leaves": ("lomiri-wallpapers-16.04", f"{_BACKGROUNDS}/Dragonfly_by_Bolly.jpg"),
    "mountains": (
        "lomiri-wallpapers-16.04",
        f"{_BACKGROUNDS}/picosdeeuropa_by_Aitzol_Berasategi.jpg",
    ),
    "room": ("lomiri-wallpapers-16.04", f"{_BACKGROUNDS}/Wine_by_Jakkub_Mede.jpg"),
    "stream": ("lomiri-wallpapers-16.04", f"{_BACKGROUNDS}/life_by_Aitzol_Berasategi.jpg"),
    "sunset": ("lomiri-wallpapers-16.04", f"{_BACKGROUNDS}/sunset_by_Aitzol_Berasategi.jpg"),
}


def photographs(folder: Path) -> list[Path]:
    """The ten, as files named for what is seen, below a folder where they stay for the next run."""
    target = folder / "photographs"
    target.mkdir(parents=True, exist_ok=True)
    return [_photograph(folder, target / f"{name}.jpg", *place) for name, place in _TEN.items()]


def _photograph(folder: Path, file: Path, name: str, path: str) -> Path:
    if not file.exists():
        file.write_bytes((package(folder, name) / path).read_bytes())
    return file
