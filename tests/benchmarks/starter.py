"""The site that `broadsheet init` makes, with stories of about 500 words, each with a picture.

In come pictures; out go addresses of stories, a built site, and a server of it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corpus import Story, stories
from sites import FORMS, address, write

from generator.hosts.media_types import by_name, is_text

sys.path.append(str(Path(__file__).resolve().parents[1]))
from support.host_folder import nginx

_REPOSITORY = Path(__file__).resolve().parents[2]
_WORDS = 500
_ENDINGS = [
    "html",
    "css",
    "js",
    "json",
    "xml",
    "txt",
    "svg",
    "ico",
    "webmanifest",
    "avif",
    "jpg",
    "jpeg",
    "png",
    "webp",
    "gif",
]


def starter_site(root: Path, pictures: Sequence[Path]) -> list[str]:
    """Make a site in a folder that is not there yet, with a story for each picture.

    Return the addresses of these stories. Nothing is built.
    """
    generator(root.parent, "init", str(root), "--url", "https://paper.example/")
    images = root / "content" / "images"
    images.mkdir()
    for picture in pictures:
        (images / picture.name).write_bytes(picture.read_bytes())

    def fields(story: Story) -> str:
        image = {"src": f"/images/{pictures[story.number].name}", "alt": "What is seen there"}
        own = FORMS["broadsheet"].fields(story).removesuffix("---")
        return f"{own}image: {json.dumps(image)}\n---"

    archive = map(_shortened, stories(len(pictures)))
    write(FORMS["broadsheet"]._replace(fields=fields), root, archive)
    return [address(number) for number in range(len(pictures))]


def generator(folder: Path, *arguments: str) -> None:
    """Run Broadsheet's command in a folder."""
    command = [sys.executable, "-m", "generator", *arguments]
    environment = os.environ | {"PYTHONPATH": str(_REPOSITORY)}
    subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr, env=environment)


@contextmanager
def served(public: Path, place: Path) -> Iterator[str]:
    """The address, without a slash at its end, at which nginx serves a site with gzip.

    What nginx writes itself goes to `place`, a folder that is not there yet.
    """
    kinds = {ending: by_name(f"a.{ending}") for ending in _ENDINGS}
    texts = {kind for kind in kinds.values() if is_text(kind)} - {"text/html"}
    types = "".join(f"{kind} {ending}; " for ending, kind in kinds.items())
    lines = f"types {{ {types}}} gzip on; gzip_types {' '.join(sorted(texts))};"
    with nginx(public, place, lines) as found:
        yield found.removesuffix("/")


def _shortened(story: Story) -> Story:
    """A story up to the paragraph in which it has words enough."""
    paragraphs, words = [], 0
    for paragraph in story.body.split("\n\n"):
        if words < _WORDS:
            paragraphs.append(paragraph)
            words += len(paragraph.split())
    return story._replace(body="\n\n".join(paragraphs))
