"""The archive of `corpus` as files, in the form that each generator reads.

As a command it writes a site: `sites.py FORM DIR --stories N`.
"""

import argparse
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from corpus import Story, date_of, heading_of, stories

PEERS = Path(__file__).parent / "peers"
"""The settings and layouts of the others, a folder for each."""
_ASSETS = PEERS.parents[2] / "layouts" / "assets"
_LINK = re.compile(r"\(story:(\d+)\)")
_SETTINGS = """\
title = "The Daily Measure"
tagline = "All the news that nobody made"
description = "An invented archive, to measure with."
url = "https://measure.example/"
language = "en-GB"
"""


class Form(NamedTuple):
    """How a generator wants its stories: where, the fields above a body, and links between them.

    `assets` is the folder of what it copies; Broadsheet's own layouts have theirs.
    """

    folder: str
    fields: Callable[[Story], str]
    link: Callable[[int], str]
    assets: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("form", choices=FORMS)
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder that is not there yet")
    parser.add_argument("--stories", type=int, default=1_000, metavar="N")
    arguments = parser.parse_args()
    prepare(arguments.form, arguments.folder)
    write(FORMS[arguments.form], arguments.folder, stories(arguments.stories))


def write(form: Form, root: Path, archive: Iterable[Story]) -> None:
    """Write the stories, one at a time, into folders of a year each."""
    made: set[Path] = set()
    for story in archive:
        file = path(form, root, story.number)
        if file.parent not in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            made.add(file.parent)
        body = _LINK.sub(lambda match: f"({form.link(int(match[1]))})", story.body)
        file.write_text(f"{form.fields(story)}\n\n{body}\n", encoding="utf-8")


def path(form: Form, root: Path, number: int) -> Path:
    """The file of a story."""
    return root / form.folder / _year(number) / f"{heading_of(number).slug}.md"


def with_another_sentence(text: str, end: str = "after a second reading") -> str:
    return f"{text}\nThe desk has added this sentence {end}.\n"


def with_another_title(text: str, end: str = "once more") -> str:
    return re.sub(r'^(title: .*?)("?)$', rf"\1 {end}\2", text, count=1, flags=re.I | re.M)


def address(number: int) -> str:
    """Where a story stands, with every generator."""
    return f"/{date_of(number):%Y/%m}/{heading_of(number).slug}/"


# ------------------------------------------------------------------- each one's form


def prepare(name: str, root: Path, more: str = "") -> None:
    """A site's folder without its stories; `more` goes into Broadsheet's settings."""
    if name == "broadsheet":
        root.mkdir(parents=True)
        (root / "site.toml").write_text(_SETTINGS + more, encoding="utf-8")
    else:
        shutil.copytree(PEERS / name, root)
        (root / FORMS[name].assets).mkdir(parents=True)
        for asset in ("site.css", "icon.svg"):
            shutil.copy(_ASSETS / asset, root / FORMS[name].assets)


def _year(number: int) -> str:
    return str(date_of(number).year)


def _beside(number: int) -> str:
    return f"../{_year(number)}/{heading_of(number).slug}.md"


def _yaml(story: Story, **more: str | list[str]) -> str:
    """Front matter: strings and lists as JSON has them, which is YAML too."""
    fields: dict[str, object] = {"title": story.title, "author": story.author, "tags": story.tags}
    fields |= {"summary": story.summary, **more}
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    lines.insert(1, f"date: {story.date:%Y-%m-%dT%H:%M:%SZ}")
    return "\n".join(["---", *lines, "---"])


def _hugo(story: Story) -> str:
    """Authors, years and months are taxonomies, which is how Hugo gives each a page."""
    archive = [f"{story.date:%Y}", f"{story.date:%Y/%m}"]
    return _yaml(story, authors=[story.author], archive=archive)


def _pelican(story: Story) -> str:
    fields = (
        ("Title", story.title),
        ("Date", f"{story.date:%Y-%m-%d %H:%M:%S}"),
        ("Slug", story.slug),
        ("Author", story.author),
        ("Tags", ", ".join(story.tags)),
        ("Summary", story.summary),
    )
    return "\n".join(f"{name}: {value}" for name, value in fields)


FORMS = {
    "broadsheet": Form("content/articles", _yaml, _beside),
    "hugo": Form(
        "content/articles", _hugo, lambda n: f'{{{{< relref "{_beside(n)}" >}}}}', "static"
    ),
    "pelican": Form("content", _pelican, lambda n: f"{{filename}}{_beside(n)}", "theme/static"),
    "eleventy": Form("content/articles", _yaml, address, "static"),
}
"""By generator. Eleventy's links are addresses: what turns paths into them parses each page."""


def files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
