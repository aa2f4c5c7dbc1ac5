"""The version of all that turns input into output: Broadsheet's own code, libraries, Python.

What a cache holds is good for the version that made it. Each distribution that Broadsheet requires
stands in one of two tables here, and so does whatever the shaping ones require themselves.
"""

import hashlib
import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from zoneinfo import TZPATH

from generator import __version__

SHAPING = (
    "babel",
    "brotli",
    "emoji",
    "fonttools",
    "imagesize",
    "jinja2",
    "markdown",
    "markupsafe",
    "math-core",
    "msgspec",
    "nh3",
    "numpy",
    "pillow",
    "pillow-heif",
    "pygments",
    "pyromark",
    "pystemmer",
    "python-bidi",
    "python-frontmatter",
    "python-slugify",
    "pyuca",
    "pyyaml",
    "regex",
    "resvg-py",
    "stop-words",
    "text-unidecode",
    "tinytag",
    "tzdata",
    "uharfbuzz",
)
"""Distributions of which another version may make other bytes of the same input."""
NOT_SHAPING: Mapping[str, str] = {
    "backports-zstd": "compresses what is kept, and gives back the same bytes",
    "botocore": "signs in to object stores",
    "click": "reads the command line",
    "distributed": "carries work to other machines",
    "filelock": "keeps two builds apart",
    "obstore": "sends files to object stores",
    "starlette": "serves the preview",
    "typing-extensions": "lends libraries the types of a later Python",
    "urllib3": "asks hosts over HTTP, which no build does",
    "uvicorn": "serves the preview",
    "watchdog": "notices edits for the preview",
}
"""Distributions whose version makes no difference to any output, and why."""


@cache
def code_version() -> str:
    """Return a digest that changes when the same input might no longer give the same bytes."""
    digest = hashlib.blake2b(f"{__version__}\n{sys.version}\n".encode(), digest_size=16)
    installed = _installed()
    for library in SHAPING:
        digest.update(f"{library} {installed.get(library, '')}\n".encode())
    digest.update(_zones())
    package = Path(__file__).parents[1]
    for source in sorted(package.rglob("*.py")):
        digest.update(source.relative_to(package).as_posix().encode() + source.read_bytes())
    return digest.hexdigest()


def fingerprint(*parts: bytes | str) -> str:
    """Return a digest of the parts and of the code version; the parts' borders count."""
    digest = hashlib.blake2b(code_version().encode(), digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _installed() -> dict[str, str]:
    """Return the version of each distribution that Python finds, by its normalized name.

    Names of folders tell (https://packaging.python.org/specifications/recording-installed-packages):
    `importlib.metadata` would read and parse a file for each, which takes longer than a build with
    nothing to do. It is asked where a system keeps its metadata in another way.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        with suppress(OSError), os.scandir(folder or ".") as entries:
            for match in filter(None, (_METADATA.fullmatch(entry.name) for entry in entries)):
                found.setdefault(_normalized(match[1]), match[2])
    if not found.keys() >= _ALWAYS_THERE:
        found |= _asked_for(_ALWAYS_THERE - found.keys())
    return found


def _asked_for(names: frozenset[str]) -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version  # slow to import

    found = {}
    for name in names:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _normalized(name: str) -> str:
    """Return a distribution's name as all ways of writing it are compared."""
    return re.sub("[-_.]+", "-", name).lower()


def _zones() -> bytes:
    """Return the version of the system's time zones, which go before those of `tzdata`."""
    for folder in TZPATH:
        with suppress(OSError), Path(folder, "tzdata.zi").open("rb") as file:
            return file.readline()
    return b""


_METADATA = re.compile(r"([^-]+)-([^-]+)\.dist-info")
_ALWAYS_THERE = frozenset(SHAPING) - {"pillow-heif", "tzdata"}
"""Shaping distributions that are installed on every system."""
