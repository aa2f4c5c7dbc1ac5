"""Recordings of a few bytes, made by hand: silence."""

import io
import wave

_FRAME = b"\xff\xfb\x10\xc4" + bytes(100)
"""A frame of MPEG 1, layer III: 32 kbit/s, 44,100 Hz, one channel; 1,152 samples."""
_FRAMES_A_SECOND = 44_100 / 1_152


def wav(seconds: float, rate: int = 100) -> bytes:
    """A WAV file of silence, of so many samples a second: browsers ask for 3,000 and more."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(rate)
        file.writeframes(b"\x80" * round(rate * seconds))
    return made.getvalue()


def mp3(seconds: float) -> bytes:
    """An MP3 file of silence, of a constant bit rate."""
    return _FRAME * round(_FRAMES_A_SECOND * seconds)
