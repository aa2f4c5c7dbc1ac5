"""The code that layouts are compiled to, kept between builds.

Each piece is sealed: to run what is damaged would be to run anything.
"""

from contextlib import suppress
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

from generator.state import blobs


class Bytecode(jinja2.BytecodeCache):
    """The compiled layouts of one `kind` of environment in a folder.

    What cannot be kept is compiled again the next time.
    """

    def __init__(self, folder: str, kind: str) -> None:
        self._folder = folder
        self._kind = kind

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := blobs.get(self._place(bucket)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            blobs.put(self._place(bucket), [bucket.bytecode_to_string()])

    def _place(self, bucket: Bucket) -> Path:
        return Path(self._folder, f"{self._kind}-{bucket.key}")
