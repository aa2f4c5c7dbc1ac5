"""The code that layouts are compiled to, kept between builds.

Each piece is sealed: to run what is damaged would be to run anything.
"""

from contextlib import suppress
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

from generator.errors import SiteError
from generator.state.journal import Journal


class Bytecode(jinja2.BytecodeCache):
    """The compiled layouts of one `kind` of environment in a folder.

    What cannot be kept is compiled again the next time.
    """

    def __init__(self, folder: str, kind: str) -> None:
        self._folder = folder
        self._kind = kind

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._journal(bucket).frames():
            bucket.bytecode_from_string(bytes(kept[0]))

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(SiteError):
            self._journal(bucket).replace([bucket.bytecode_to_string()])

    def _journal(self, bucket: Bucket) -> Journal:
        return Journal(Path(self._folder, f"{self._kind}-{bucket.key}"))
