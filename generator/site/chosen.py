"""What front matter leads to: stories by their names, and addresses; and what leads nowhere."""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from generator.codes import Code
from generator.config import CONTENT
from generator.errors import Problem, visible
from generator.fields import Path as Field
from generator.model import Article
from generator.site.file_names import FileNames
from generator.site.links import file_named
from generator.urls import bad_path, is_text, is_web_address, stem_of_file

FindStory = Callable[[str, str], str]
"""Returns the content path of the story that the text at a path means by a name, or ""."""


def story_finder(stories: Iterable[Article], decomposed: Mapping[str, str]) -> FindStory:
    """Return what finds stories by what texts call them: a path, from there or whole, or a slug.

    Of several with one slug it is the newest that readers see. The stories come newest first.
    """
    by_path, by_slug = dict[str, str](), dict[str, str]()
    for story in sorted(stories, key=lambda story: story.state != "live"):
        by_path[story.path] = story.path
        by_slug.setdefault(story.slug, story.path)

    def find(path: str, name: str) -> str:
        if named := file_named(path, name, by_path, decomposed):
            return named[0]
        plain = name.strip("/")
        return by_slug.get(plain) or by_path.get(plain, "")

    return find


def unknown_story(
    path: str,
    field: Field,
    name: str,
    known: Container[str],
    decomposed: Mapping[str, str],
    there: FileNames,
) -> Iterator[Problem]:
    """Yield a name in the text at `path` that is that of no story: neither a path nor a slug.

    `known` are those of all stories.
    """
    if file_named(path, name, known, decomposed) or name.strip("/") in known:
        return
    told = ".".join(part for part in field if isinstance(part, str))
    what = f'{told}: there is no story "{visible(name)}"'
    close = _story_like(name, there)
    remedy = f'did you mean "{close}"?' if close else "name its file, seen from here, or its slug"
    yield Problem(f"{CONTENT}/{path}", 0, what, remedy, field=field, code=Code.UNKNOWN_NAME)


def no_address(path: str, url: str, field: Field, own: bool) -> Iterator[Problem]:
    """Yield an address in the text at `path` that no reader could follow.

    `own`: a path of the site will do.
    """
    place = re.split(r"[?#]", url)[0]
    in_site = place == "/" or (place.startswith("/") and not bad_path(place))
    if is_web_address(url) or (own and (in_site or url.startswith(("mailto:", "tel:")))):
        return
    what = f'{".".join(map(str, field))}: "{visible(url)}" is no address'
    remedy = "write it whole: https://…" + (", or as a path of this site: /about/" if own else "")
    yield Problem(f"{CONTENT}/{path}", 0, what, remedy, field=field)


def _story_like(name: str, there: FileNames) -> str:
    """Return the name of the story that a wrong one may be meant for, or an empty string."""
    path = there.like(name if is_text(name) else f"{name.strip('/')}.md")
    return stem_of_file(path) if path.startswith("articles/") else ""
