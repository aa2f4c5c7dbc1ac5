"""Bytes read one part after the other, none of them beyond the end of the file."""

from generator.pictures.opening import BrokenPictureError


class Reader:
    """Bytes, and a place in them up to which they are read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    @property
    def is_at_end(self) -> bool:
        """Return whether all of them are read."""
        return self.place >= len(self.data)

    def take(self, size: int) -> bytes:
        """Return the next bytes, all of them; the file is cut off if there are fewer."""
        part = self.data[self.place : self.place + size]
        if len(part) < size:
            raise cut_off()
        self.place += size
        return part

    def number(self, size: int) -> int:
        """Return the next bytes as a number, the first of them the greatest."""
        return int.from_bytes(self.take(size), "big")


def cut_off() -> BrokenPictureError:
    """Return the error of a file that ends too early."""
    return BrokenPictureError("it is cut off", "copy it again from where it came")


def not_in_order(what: str) -> BrokenPictureError:
    """Return the error of a file that is not as its format has it."""
    return BrokenPictureError(f"it is broken ({what})", "save it anew, or take it out")
