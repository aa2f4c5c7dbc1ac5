"""The podcast: the stories with a recording, for directories and the programs that play them.

What the tags are: https://podcasters.apple.com/support/823-podcast-requirements and
https://podcasting2.org/docs/podcast-namespace
"""

from collections.abc import Iterator
from uuid import UUID, uuid5

from generator.config import USUAL
from generator.config.podcasts import category_parts
from generator.kinds import PageKind
from generator.pages.context import PageContext
from generator.pages.output import Rendered
from generator.site.watch import Watched
from generator.templates import views
from generator.urls import chapters_below, named_file


def podcast_view(context: PageContext) -> views.View:
    """Return the view of the podcast of a site that has one."""
    settings, compose = context.settings, context.compose
    podcast = settings.podcast
    assert podcast
    entries = compose.entries(context.recorded["every"])
    heard = tuple(entry for entry in entries if entry.audio)
    general = settings.description or settings.tagline or settings.title
    owner = podcast.owner
    return views.PodcastView(
        guid=_guid(context),
        url=compose.href(context.paths.podcast),
        home=compose.href(context.paths.front),
        title=podcast.title or settings.title,
        description=podcast.description or general,
        author=podcast.author or settings.publisher.name or settings.title,
        category=category_parts(podcast.category),
        image=compose.address("", podcast.image),
        owner=views.PodcastOwner(owner.name, owner.email) if owner.email else None,
        explicit=podcast.explicit,
        locked=podcast.locked,
        serial=podcast.type == "serial",
        updated=max((entry.updated for entry in heard), default=None),
        entries=heard,
    )


def chapter_files(context: PageContext) -> Iterator[Rendered]:
    """Yield a file of the chapters of each recording that are written in its story."""
    if not context.settings.podcast:
        return
    for position in context.recorded["with chapters"]:
        story = context.outlines[""][position]
        path = named_file(chapters_below(story.url))
        yield Rendered(path, PageKind.CHAPTERS, Watched(_chapters, position), owner=story.path)


def _chapters(context: PageContext, position: int) -> views.View:
    audio = context.compose.audio(context.site.articles[position])
    return views.ChaptersView(audio.chapters if audio else ())


def _guid(context: PageContext) -> str:
    """Return what directories know the podcast by: made from its address, as it usually is.

    By `podcast:guid` of the namespace: without the scheme, and without slashes at the end.
    """
    ids, settings = context.settings.id_home, context.settings
    usual = USUAL.podcast if settings.is_main else context.paths.podcast
    whole = ids.absolute(ids.href(usual))
    return str(uuid5(_PODCASTS, whole.partition("://")[2].rstrip("/")))


_PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace of the ids of podcasts, as theirs has it."""
