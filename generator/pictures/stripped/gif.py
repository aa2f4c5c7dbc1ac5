"""A GIF without what is not needed to show it (GIF89a)."""

from collections.abc import Iterator

from generator.pictures.stripped.reading import Reader, not_in_order


def stripped_gif(data: bytes) -> bytes:
    """Return a GIF that holds its pictures, how long each is shown, and how often all of them are.

    Comments, texts and what programs put in for themselves go, and so does all behind its end.
    """
    file = Reader(data)
    head = file.take(13)
    if head[:3] != b"GIF":
        raise not_in_order("it does not begin as a GIF")
    return b"".join([head, file.take(_table_size(head[10])), *_blocks(file), b";"])


def _blocks(file: Reader) -> Iterator[bytes]:
    """Yield what is kept up to the end of a file. How a picture is shown stands before it; where
    it stands before a text it goes with that.
    """
    shown = b""
    while (kind := file.take(1)) != b";":
        if kind == b",":
            yield shown + _picture(file)
            shown = b""
        elif kind == b"!":
            label, blocks = file.take(1), _sub_blocks(file)
            if label == _SHOWN:
                shown = b"!" + label + _joined(blocks[:1])
            elif label == _TEXT:
                shown = b""
            elif label == _APPLICATION:
                yield _loop(blocks)
        else:
            raise not_in_order("it holds something that is neither picture nor text")


def _picture(file: Reader) -> bytes:
    place = file.take(9)
    table = file.take(_table_size(place[8]))
    return b"," + place + table + file.take(1) + _joined(_sub_blocks(file))


def _loop(blocks: list[bytes]) -> bytes:
    """Return how often the pictures are shown, if that is what an application has to say."""
    if len(blocks) < 2 or blocks[0] not in _LOOPS or blocks[1][:1] != b"\1" or len(blocks[1]) != 3:
        return b""
    return b"!" + _APPLICATION + _joined(blocks[:2])


def _table_size(flags: int) -> int:
    """Return how many bytes of colours follow."""
    return 3 << (flags % 8 + 1) if flags & 0x80 else 0


def _sub_blocks(file: Reader) -> list[bytes]:
    blocks = []
    while length := file.number(1):
        blocks.append(file.take(length))
    return blocks


def _joined(blocks: list[bytes]) -> bytes:
    return b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"


_SHOWN, _TEXT, _APPLICATION = b"\xf9", b"\x01", b"\xff"
_LOOPS = b"NETSCAPE2.0", b"ANIMEXTS1.0"
