"""Which Broadsheet made a thing: its own code and the libraries that shape the output."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from generator import __version__

_SHAPING = (
    "Markdown",
    "Jinja2",
    "MarkupSafe",
    "python-frontmatter",
    "PyYAML",
    "babel",
    "nh3",
    "numpy",
    "pyromark",
    "python-slugify",
    "pyuca",
    "PyStemmer",
    "regex",
    "resvg-py",
    "stop-words",
)


@cache
def code_version() -> str:
    """A digest that changes when the same input might no longer give the same bytes."""
    digest = hashlib.blake2b(__version__.encode(), digest_size=16)
    for library in _SHAPING:
        digest.update(f"{library} {version(library)}\n".encode())
    package = Path(__file__).parents[1]
    for source in sorted(package.rglob("*.py")):
        digest.update(source.relative_to(package).as_posix().encode() + source.read_bytes())
    return digest.hexdigest()


def fingerprint(*parts: bytes | str) -> str:
    """A digest of the parts and of the edition; the parts' borders count."""
    digest = hashlib.blake2b(code_version().encode(), digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
