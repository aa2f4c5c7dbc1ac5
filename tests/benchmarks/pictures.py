"""How long variants of pictures take, how large and how good they are.

In come how many pictures, each of 12 megapixels; out go tables. The pictures are invented: shapes,
and noise of all sizes as nature has it (1/f). With `--beside` another tool makes the same widths
with the qualities that it has by itself, and Broadsheet does with those that make files as large in
each format. All are held against what Pillow makes of the pictures with nothing lost.
"""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import click
import numpy as np
from measure import Usage, run
from numpy.typing import NDArray
from peers import npm_package, tool
from PIL import Image, ImageDraw
from sites import PEERS

from generator.pictures.variants import made_variant
from generator.pictures.wanted import QUALITIES, Format, Variant
from generator.system import usable_cores

WIDTHS = 480, 800, 1200, 1600
FORMATS: tuple[Format, ...] = ("avif", "jpeg")
SIZE = 4000, 3000
_ROOT = Path(__file__).resolve().parents[2]


class Judged(NamedTuple):
    """The variants of one width and format: their mean likeness, and bytes of all."""

    format: str
    width: int
    likeness: float
    size: int


@click.group()
def main() -> None:
    """Measure variants of pictures."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--pictures", default=200, show_default=True, help="Pictures of 12 megapixels.")
@click.option("--beside", type=click.Choice(["eleventy", "hugo"]), help="Another tool, as well.")
@click.option("--speed", default=6, show_default=True, help="Of the encoder of AVIF.")
def compare(folder: Path, pictures: int, beside: str | None, speed: int) -> None:
    """Make pictures in a folder, variants of them, and print what these took and are."""
    originals = folder / "originals"
    _make_originals(originals, pictures)
    qualities, judged = dict(QUALITIES), dict[str, list[Judged]]()
    if beside:
        made = folder / beside
        usage = _BESIDE[beside](folder, originals, made)
        _print_usage(beside, usage, pictures)
        judged[beside] = [*_judged(originals, made)]
        qualities |= {form: _quality_as_large(originals, made, form, speed) for form in FORMATS}
    _print_usage("broadsheet", _broadsheet(folder, originals, qualities, speed), pictures)
    judged["broadsheet"] = [*_judged(originals, folder / "broadsheet")]
    print("broadsheet's qualities:", ", ".join(f"{form} {qualities[form]}" for form in FORMATS))
    for name, found in judged.items():
        _print_judged(name, found, pictures)


@main.command()
@click.argument("originals", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--avif", default=QUALITIES["avif"])
@click.option("--jpeg", default=QUALITIES["jpeg"])
@click.option("--speed", default=6)
def variants(originals: Path, target: Path, avif: int, jpeg: int, speed: int) -> None:
    """Make the variants of all pictures of a folder, on all cores."""
    qualities = {"avif": avif, "jpeg": jpeg}
    work = [
        (source, target, Variant(width, format=form, quality=qualities[form], avif_speed=speed))
        for source in sorted(originals.iterdir())
        for width in WIDTHS
        for form in FORMATS
    ]
    with ProcessPoolExecutor(usable_cores()) as workers:
        list(workers.map(_write, work, chunksize=len(FORMATS) * len(WIDTHS)))


def _write(work: tuple[Path, Path, Variant]) -> None:
    source, target, variant = work
    (target / _name(source, variant.width, variant.format)).write_bytes(_made(source, variant))


def _made(source: Path, variant: Variant) -> bytes:
    made = made_variant(source, variant.to_json())
    assert isinstance(made, bytes), made
    return made


def _name(source: Path, width: int, form: str) -> str:
    return f"{source.stem}-{width}.{form}"


# ---------------------------------------------------------------------------------- tools


def _broadsheet(
    folder: Path, originals: Path, qualities: Mapping[Format, int], speed: int
) -> Usage:
    target = _emptied(folder / "broadsheet")
    args = [f"--{form}={qualities[form]}" for form in FORMATS]
    command = [sys.executable, __file__, "variants", str(originals), str(target), *args]
    environment = {"PYTHONPATH": str(_ROOT)}
    log = folder / "broadsheet.log"
    return run([*command, f"--speed={speed}"], folder, environment, log)


def _eleventy(folder: Path, originals: Path, target: Path) -> Usage:
    script = npm_package(folder, "eleventy-img") / "variants.js"
    _emptied(target)
    command = ["node", str(script), str(originals), str(target), *map(str, WIDTHS)]
    return run(command, folder, {}, folder / "eleventy.log")


def _hugo(folder: Path, originals: Path, target: Path) -> Usage:
    site = folder / "hugo-site"
    shutil.copytree(PEERS / "hugo-img", _emptied(site), dirs_exist_ok=True)
    (site / "content").mkdir()
    for source in originals.iterdir():
        (site / "content" / f"{source.stem}.md").write_text("")
        (site / "originals").mkdir(exist_ok=True)
        os.link(source, site / "originals" / source.name)
    command = tool("hugo", folder, None).command
    usage = run(command, site, {"HUGO_PARAMS_WIDTHS": " ".join(map(str, WIDTHS))}, folder / "l")
    _emptied(target)
    for page in site.glob("public/*/index.html"):
        for name, place in map(str.split, page.read_text().split("\n")[1:]):
            os.link(site / "public" / place[1:], target / name)
    return usage


_BESIDE = {"eleventy": _eleventy, "hugo": _hugo}


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _quality_as_large(originals: Path, made: Path, form: Format, speed: int) -> int:
    """Return the quality at which a format's variants of some pictures are as large as others."""
    sources = _some(sorted(originals.iterdir()))
    wanted = sum((made / _name(s, width, form)).stat().st_size for s in sources for width in WIDTHS)

    def size(quality: int) -> int:
        work = [Variant(w, format=form, quality=quality, avif_speed=speed) for w in WIDTHS]
        return sum(len(_made(source, variant)) for source in sources for variant in work)

    low, high = 1, 99
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if size(middle) < wanted else (low, middle)
    return min((low, high), key=lambda quality: abs(size(quality) - wanted))


def _print_usage(name: str, usage: Usage, pictures: int) -> None:
    number = pictures * len(WIDTHS) * len(FORMATS)
    print(f"{name:12} {usage.seconds:8.1f} s {usage.cpu:8.1f} s of processors", end="")
    print(f" {usage.peak / 1e6:8,.0f} MB at most, {number / usage.seconds:.1f} variants a second")


def _print_judged(name: str, found: Iterable[Judged], pictures: int) -> None:
    for one in found:
        print(f"{name:12} {one.format:5} {one.width:5} {one.likeness:.4f}", end="")
        print(f" {one.size / pictures / 1000:9,.1f} KB each")
    for form in FORMATS:
        total = sum(one.size for one in found if one.format == form)
        print(f"{name:12} {form:5}   all        {total / pictures / 1000:9,.1f} KB each")


# ------------------------------------------------------------------------------ originals


def _make_originals(folder: Path, number: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    missing = [n for n in range(number) if not (folder / f"{n:03}.jpg").exists()]
    with ProcessPoolExecutor(usable_cores()) as workers:
        list(workers.map(_make_original, [folder] * len(missing), missing))


def _make_original(folder: Path, seed: int) -> None:
    chance = np.random.default_rng(seed)
    shades = np.zeros((SIZE[1], SIZE[0], 3), np.float32)
    for octave in range(1, 11):
        grid = chance.normal(128, 300 / 1.7**octave, (3 * 2**octave // 4 + 1, 2**octave, 3))
        small = Image.fromarray(np.clip(grid, 0, 255).astype(np.uint8))
        shades += np.asarray(small.resize(SIZE, Image.Resampling.BICUBIC), np.float32) - 128
    shades += chance.normal(128, 3, (SIZE[1], SIZE[0], 1)).astype(np.float32)
    image = Image.fromarray(np.clip(shades, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        left, top, side = (int(n) for n in chance.integers((0, 0, 50), (3800, 2800, 700)))
        colour = "#" + "".join(f"{n:02x}" for n in chance.integers(0, 255, 3))
        shape = draw.ellipse if chance.random() < 0.5 else draw.rectangle
        shape((left, top, left + side, top + side // 2), fill=colour)
    image.save(folder / f"{seed:03}.jpg", quality=93)


# ------------------------------------------------------------------------------- likeness


def _judged(originals: Path, made: Path) -> Iterator[Judged]:
    """Yield how like the originals variants are, of some pictures, and how large, of all."""
    sources = sorted(originals.iterdir())
    for form in FORMATS:
        for width in WIDTHS:
            files = [made / _name(source, width, form) for source in sources]
            found = [_likeness_of(s, made / _name(s, width, form)) for s in _some(sources)]
            yield Judged(form, width, mean(found), sum(file.stat().st_size for file in files))


def _some(sources: list[Path]) -> list[Path]:
    """Return each tenth, and the first of fewer."""
    return sources[::10]


def _likeness_of(source: Path, variant: Path) -> float:
    with Image.open(source) as original, Image.open(variant) as made:
        smaller = original.convert("L").resize(made.size, Image.Resampling.LANCZOS)
        return likeness(np.asarray(smaller, np.float64), np.asarray(made.convert("L"), np.float64))


def likeness(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the structural similarity of two grey pictures, up to 1.

    It is that of Wang, Bovik, Sheikh and Simoncelli (2004), over windows of 8 × 8 pixels.
    """
    mean_one, mean_other = _windows(one), _windows(other)
    spread = _windows(one * one) - mean_one**2 + _windows(other * other) - mean_other**2
    shared = _windows(one * other) - mean_one * mean_other
    light, contrast = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean_one * mean_other + light) * (2 * shared + contrast)
    return float(np.mean(above / ((mean_one**2 + mean_other**2 + light) * (spread + contrast))))


def _windows(values: NDArray[np.float64], side: int = 8) -> NDArray[np.float64]:
    """Return the mean of each window of `side` × `side`."""
    sums = np.pad(values, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    corners = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    result: NDArray[np.float64] = corners / side**2
    return result


if __name__ == "__main__":
    main()
