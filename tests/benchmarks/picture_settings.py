"""What an AVIF would be with other settings of its encoder, or with fewer pixels.

In comes a folder; out goes a table: a row for each way to send ten photographs to a telephone whose
screen shows them 1170 pixels wide, with bytes, how like the originals they are there, and seconds
of processor. Likeness is structural similarity, and SSIMULACRA 2 (90: nobody sees a difference, 70:
high, 50: medium), which a package of PyPI computes. Both are of sizes as they are seen: what is
sent in others is scaled to that of the screen.
"""

import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from io import BytesIO
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

import click
import numpy as np
from peers import judge
from PIL import Image, features
from real_photographs import photographs
from tables import row

from generator.pictures.variants import options_of
from generator.pictures.wanted import Variant
from generator.system import usable_cores
from pictures import likeness

SCREEN = 1170
"""Pixels: 390 of CSS, three to one."""
_OWN = Variant(1200, format="avif")
_NARROWER = (1000, 50), (800, 50), (800, 60), (800, 70)
"""Widths and qualities; 800 is what a browser takes that is told of two thirds of the width."""


class Way(NamedTuple):
    """A way to send a picture: so wide, and with these options of Pillow in place of our own."""

    name: str
    width: int = _OWN.width
    options: Mapping[str, Any] = {}


class Sent(NamedTuple):
    """A picture that was sent: its bytes, and how like the original it is on the screen."""

    size: int
    seconds: float
    similarity: float
    score: float


WAYS = (
    Way("as it is"),
    *(Way(f"quality {n}", options={"quality": n}) for n in (45, 40, 35)),
    *(Way(f"speed {n}", options={"speed": n}) for n in (4, 8)),
    Way("colours of each pixel (4:4:4)", options={"subsampling": "4:4:4"}),
    *(
        Way(
            f"tuned to {tune}, quality {quality}",
            options={"advanced": {"tune": tune}, "quality": quality},
        )
        for tune, quality in (("ssim", 50), ("ssim", 40), ("ssimulacra2", 50), ("ssimulacra2", 45))
    ),
    *(Way(f"{width} wide, quality {n}", width, {"quality": n}) for width, n in _NARROWER),
)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def main(folder: Path) -> None:
    """Send ten photographs in each way, and print what that is worth."""
    pictures, python = photographs(folder), judge(folder)
    print(f"Pillow's libavif: {features.version('avif')}\n")
    print(row(["", "in all", "largest", "SSIM", "least", "SSIMULACRA 2", "least", "processor"]))
    print(row(["---", *["--:"] * 7]))
    with ProcessPoolExecutor(usable_cores()) as workers:
        for way in WAYS:
            print(_told(way, list(workers.map(partial(_sent, way, python), pictures))), flush=True)


def _told(way: Way, sent: Sequence[Sent]) -> str:
    sizes, similar, scores = ([one[n] for one in sent] for n in (0, 2, 3))
    cells = [way.name, f"{sum(sizes) / 1000:,.1f} kB", f"{max(sizes) / 1000:,.1f} kB"]
    cells += [f"{mean(similar):.4f}", f"{min(similar):.4f}"]
    cells += [f"{mean(scores):.1f}", f"{min(scores):.1f}"]
    return row([*cells, f"{sum(one.seconds for one in sent):.1f} s"])


def _sent(way: Way, python: str, file: Path) -> Sent:
    with Image.open(file) as opened:
        original = opened.convert("RGB")
    started = time.process_time()
    data = _encoded(_scaled(original, _size(original, way.width)), way.options)
    seconds = time.process_time() - started
    screen = _size(original, SCREEN)
    wanted, found = _scaled(original, screen), _scaled(Image.open(BytesIO(data)), screen)
    grey = (np.asarray(image.convert("L"), np.float64) for image in (wanted, found))
    return Sent(len(data), seconds, likeness(*grey), _score(python, wanted, found))


def _encoded(image: Image.Image, options: Mapping[str, Any]) -> bytes:
    out = BytesIO()
    image.save(out, "AVIF", **options_of(_OWN, b"") | dict(options))
    return out.getvalue()


def _size(image: Image.Image, width: int) -> tuple[int, int]:
    return width, round(image.height * width / image.width)


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    scaled = image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    scaled.info = {}
    return scaled


def _score(python: str, *images: Image.Image) -> float:
    """How good the second of two pictures is as the first, by SSIMULACRA 2: 100 at most."""
    with tempfile.TemporaryDirectory() as folder:
        files = [str(Path(folder) / f"{number}.png") for number in range(len(images))]
        for image, file in zip(images, files, strict=True):
            image.save(file, compress_level=1)
        done = subprocess.run([python, "-c", _JUDGE, *files], check=True, capture_output=True)
    return float(done.stdout)


_JUDGE = "import sys, ssimulacra2; print(ssimulacra2.compute_ssimulacra2(*sys.argv[1:]))"

if __name__ == "__main__":
    main()
