"""Make the recording of the demo: each figure of a story is a tone, the higher the larger it is.

    cd tests && python -m support.heard_figures

It is written beside the figures, and committed by hand when these have changed.
"""

import csv
import io
import wave
from math import pi, sin

from support.sites import REPOSITORY

STORY = REPOSITORY / "content/articles/2024/ecb-rate-cut"
_RATE, _TONE, _FADE = 6_000, 0.4, 0.03
"""Samples a second; seconds of a tone, and of its beginning and end, where it is softer."""
_LOWEST, _STEP = 220.0, 0.25
"""Hertz of 0 per cent; how much more is a semitone higher."""


def heard() -> bytes:
    """The figures of the demo's story as a WAV file."""
    with (STORY / "figures.csv").open(newline="") as table:
        rates = [float(row["deposit_facility_rate_percent"]) for row in csv.DictReader(table)]
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(_RATE)
        file.writeframes(b"".join(map(_tone, rates)))
    return made.getvalue()


def _tone(rate: float) -> bytes:
    hertz, length = _LOWEST * 2 ** (rate / _STEP / 12), int(_RATE * _TONE)
    return bytes(
        128 + round(90 * _loudness(n, length) * sin(2 * pi * hertz * n / _RATE))
        for n in range(length)
    )


def _loudness(sample: int, length: int) -> float:
    return min(1.0, sample / _RATE / _FADE, (length - sample) / _RATE / _FADE)


if __name__ == "__main__":
    (STORY / "rates.wav").write_bytes(heard())
