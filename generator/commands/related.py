"""What is related to a story and why, and which stories stand alone: for the editor to read."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from posixpath import splitext

import msgspec

from generator.config import CONTENT
from generator.content.texts import locate
from generator.errors import UsageError, raise_errors, shortened
from generator.model import Article
from generator.related import Relations, Suggestion
from generator.related.explain import Reader, Reasons
from generator.state.damaged import begins_again
from generator.urls import is_text
from generator.workspace import Workspace, open_site

RUNNERS_UP = 5


class RelatedStory(msgspec.Struct, frozen=True):
    """A story as it is related to another. `score` from 0 to 1.

    `passed_over` says why it is not suggested, "" if it is.
    """

    title: str
    path: str
    url: str
    score: float
    pinned: bool
    passed_over: str
    why: Reasons


class Ranking(msgspec.Struct, frozen=True):
    """A story with its suggestions, the best first, and those that came next."""

    title: str
    path: str
    suggestions: list[RelatedStory]
    runners_up: list[RelatedStory]


class Orphan(msgspec.Struct, frozen=True):
    """A story that stands alone."""

    title: str
    path: str


class Orphans(msgspec.Struct, frozen=True):
    """`unsuggested`: no story suggests them. `alone`: they have no suggestion themselves."""

    stories: int
    unsuggested: list[Orphan]
    alone: list[Orphan]


@begins_again
def ranking(
    root: Path,
    name: str,
    at: datetime | None = None,
    drafts: bool = False,
    waiting: Callable[[], None] = lambda: None,
    safe: bool = False,
) -> Ranking:
    """Return what is related to the story called `name`: its file, its slug or its address.

    `waiting` is called when a build of the site is under way. With `safe` a site that has code run
    is refused.
    """
    with _relations(root, at, drafts, waiting, safe) as (workspace, related):
        position = _position(related, name, root)
        article = related.site.articles[position]
        reader = Reader(related, workspace.blobs.prose, workspace.settings.language)
        chosen = related.of(position)
        others = related.runners_up(position)[:RUNNERS_UP]
        return Ranking(
            title=article.matter.title,
            path=f"{CONTENT}/{article.path}",
            suggestions=[_related_story(reader, related, position, s) for s in chosen],
            runners_up=[
                _related_story(
                    reader, related, position, s, _passed_over(related, position, s, chosen)
                )
                for s in others
            ],
        )


@begins_again
def orphans(
    root: Path,
    at: datetime | None = None,
    drafts: bool = False,
    waiting: Callable[[], None] = lambda: None,
    safe: bool = False,
) -> Orphans:
    """Return the stories that stand alone, newest first."""
    with _relations(root, at, drafts, waiting, safe) as (_, related):
        articles = related.site.articles
        suggestions = [related.of(position) for position in range(len(articles))]
        suggested = Counter(s.position for some in suggestions for s in some)
        every = [Orphan(a.matter.title, f"{CONTENT}/{a.path}") for a in articles]
        return Orphans(
            stories=len(articles),
            unsuggested=[story for place, story in enumerate(every) if not suggested[place]],
            alone=[story for place, story in enumerate(every) if not suggestions[place]],
        )


@contextmanager
def _relations(
    root: Path, at: datetime | None, drafts: bool, waiting: Callable[[], None], safe: bool
) -> Iterator[tuple[Workspace, Relations]]:
    with open_site(root, safe=safe, waiting=waiting) as workspace:
        read = workspace.read(workspace.scan())
        site, problems, *_ = workspace.assemble(read, workspace.moment(at), drafts)
        raise_errors(locate(root, problems))
        yield workspace, workspace.relate(site)


def _position(related: Relations, name: str, root: Path) -> int:
    """Return the position of the story that a person calls `name`."""
    site = related.site
    file = Path(name)
    if file.is_absolute() and file.is_relative_to(root.resolve()):
        name = file.relative_to(root.resolve()).as_posix()
    path = name.removeprefix("./").removeprefix(f"{CONTENT}/")
    slug = splitext(name)[0] if is_text(name) else name
    for is_it in (
        lambda article: path in (article.path, splitext(article.path)[0]),
        lambda article: article.url.strip("/") == name.strip("/"),
        lambda article: article.slug == slug,
    ):
        found = [place for place, article in enumerate(site.articles) if is_it(article)]
        if len(found) > 1:
            files = ", ".join(f"{CONTENT}/{site.articles[place].path}" for place in found)
            raise UsageError(f'several stories are called "{name}": {files}')
        if found:
            return found[0]
    if site.addresses.get(path) == "":
        raise UsageError(f"{CONTENT}/{path} is not public now; add --drafts, or --at a later date")
    near = _called_alike(slug.strip("/").rpartition("/")[2], site.articles)
    hint = f"did you mean {' or '.join(near)}?" if near else "name its file, slug or address"
    raise UsageError(f'there is no story "{shortened(name)}"; {hint}')


def _called_alike(name: str, articles: Sequence[Article]) -> list[str]:
    """Return the slugs of the stories that a name may be meant for: a slug much like it, else those
    in whose slug or headline it stands.
    """
    near = get_close_matches(name, [article.slug for article in articles], 3)
    if near or not name:
        return near
    word = name.casefold()
    within = (a.slug for a in articles if word in a.slug or word in a.matter.title.casefold())
    return [*islice(within, 3)]


def _passed_over(
    related: Relations, position: int, story: Suggestion, chosen: tuple[Suggestion, ...]
) -> str:
    """Say why a story that was ranked is not among those chosen."""
    articles, wishes = related.site.articles, related.wishes(position)
    place = story.position
    if place in wishes.exclude:
        return "excluded"
    if place in wishes.linked:
        return "the text links to it"
    for other in (position, *(s.position for s in chosen)):
        if place in related.near_duplicates(other):
            return f'nearly the same text as "{articles[other].matter.title}"'
    if story.score < related.limits.least:
        return "its score is too low"
    if len(chosen) < related.limits.wanted:
        return "enough of its source"
    return "others score more"


def _related_story(
    reader: Reader, related: Relations, position: int, story: Suggestion, passed_over: str = ""
) -> RelatedStory:
    article = related.site.articles[story.position]
    score, why = reader.why(position, story.position)
    return RelatedStory(
        title=article.matter.title,
        path=f"{CONTENT}/{article.path}",
        url=article.url,
        score=round(story.score or score, 4),
        pinned=story.pinned,
        passed_over=passed_over,
        why=why,
    )
