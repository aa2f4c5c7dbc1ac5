"""The site's values become the parts of views: cards, stories, entries."""

from collections.abc import Iterable

import msgspec
from babel import Locale

from generator import __version__
from generator.arrange.links import destination
from generator.config import Settings
from generator.model import (
    Article,
    Author,
    Digest,
    PictureMatter,
    Promo,
    Site,
    SourceMatter,
    Tag,
)
from generator.read.words import cut
from generator.render import views
from generator.urls import Addresses, beside, is_elsewhere

_WORDS_A_MINUTE = 230
"""Silent reading of non-fiction: 238 words a minute on average (Brysbaert 2019)."""


class Composer:
    """Makes the parts of views from the values of one site. Holds no state of its own."""

    def __init__(self, site: Site, settings: Settings) -> None:
        self.site = site
        self.settings = settings
        self.addresses: Addresses = settings.addresses

    def href(self, url: str) -> str:
        """An address as pages link it: a path of this site gets the site's base."""
        return url if is_elsewhere(url) else self.addresses.href(url)

    # ------------------------------------------------------------------ small parts

    def body(self, path: str, body: Digest) -> views.Body:
        """A text by reference, each of its relative addresses resolved."""
        targets = []
        for reference in body.references:
            found = destination(self.site, path, reference.target) or ""
            url = found if not found or found.startswith("#") else self.href(found)
            file = self.site.files.get(beside(path, reference.target)) if reference.sized else None
            extra = ""
            if reference.sized:
                size = (
                    f'width="{file.width}" height="{file.height}" ' if file and file.width else ""
                )
                extra = f'{size}loading="lazy"'
            targets.append(views.Target(reference.attr, url, extra))
        return views.Body(body.key, tuple(targets))

    def picture(self, path: str, written: PictureMatter) -> views.Picture:
        file = self.site.files.get(beside(path, written.src))
        return views.Picture(
            url=self.file(path, written.src),
            alt=written.alt,
            title=written.title,
            credit=written.credit,
            caption=written.caption,
            width=file.width if file else 0,
            height=file.height if file else 0,
        )

    def lead_picture(self, article: Article) -> views.Picture | None:
        image = article.matter.image
        return self.picture(article.path, image) if image else None

    def plain_picture(self, path: str, src: str, alt: str) -> views.Picture | None:
        return self.picture(path, PictureMatter(src, alt)) if src else None

    def file(self, path: str, src: str) -> str:
        """The address of a file that the text at `path` names."""
        if is_elsewhere(src):
            return src
        return self.href(destination(self.site, path, src) or src)

    def author_link(self, slug: str) -> views.Link:
        author = self.site.authors[slug]
        return views.Link(author.matter.name, self.href(author.url))

    def author(self, author: Author) -> views.AuthorCard:
        matter = author.matter
        follow = None
        if matter.follow:
            follow = views.Follow(self.href(matter.follow.url), matter.follow.label)
        return views.AuthorCard(
            name=matter.name,
            url=self.href(author.url),
            kind=matter.kind,
            role=matter.role,
            photo=self.plain_picture(author.path, matter.photo, ""),
            follow=follow,
            bio=self.body(author.path, author.bio) if author.bio and author.bio.words else None,
        )

    def counted_author(self, author: Author) -> views.AuthorCard:
        count = len(self.site.by_author[author.slug])
        return msgspec.structs.replace(self.author(author), count=count)

    def tag(self, tag: Tag) -> views.TagCard:
        return views.TagCard(tag.name, self.href(tag.url), len(self.site.by_tag[tag.slug]))

    def _tag_link(self, slug: str) -> views.Link:
        """A tag without its count, which changes with every story."""
        return views.Link(self.site.tags[slug].name, self.href(self.site.tags[slug].url))

    def source(self, written: SourceMatter | None) -> views.SourceNote | None:
        if written is None:
            return None
        return views.SourceNote(written.name, written.url, written.author, written.published)

    # --------------------------------------------------------------------- stories

    def card(self, article: Article) -> views.Card:
        matter = article.matter
        return views.Card(
            title=matter.title,
            url=self.href(article.url),
            date=matter.date,
            summary=article.summary,
            kicker=matter.kicker,
            state=article.state,
            authors=tuple(map(self.author_link, article.authors)),
            picture=self.lead_picture(article),
            source=matter.source.name if matter.source else "",
        )

    def cards(self, positions: Iterable[int]) -> tuple[views.Card, ...]:
        return tuple(self.card(self.site.articles[position]) for position in positions)

    def line(self, article: Article) -> views.Card:
        """A card with no more than a headline needs."""
        matter = article.matter
        url = self.href(article.url)
        return views.Card(matter.title, url, matter.date, "", matter.kicker, article.state)

    def suggestion(self, article: Article) -> views.Suggestion:
        related, matter = self.settings.related, article.matter
        return views.Suggestion(
            title=matter.title,
            url=self.href(article.url),
            kicker=matter.kicker,
            excerpt=cut(article.summary, related.excerpt),
            picture=self.lead_picture(article) if related.pictures else None,
        )

    def story(self, article: Article) -> views.Story:
        matter = article.matter
        return views.Story(
            title=matter.title,
            url=self.href(article.url),
            date=matter.date,
            summary=article.summary,
            body=self.body(article.path, article.body),
            kicker=matter.kicker,
            dek=matter.summary,
            state=article.state,
            updated=article.changed if article.changed > matter.date else None,
            corrections=tuple(views.CorrectionNote(c.date, c.text) for c in matter.corrections),
            authors=tuple(self.author(self.site.authors[slug]) for slug in article.authors),
            tags=tuple(self._tag_link(slug) for slug in article.tags),
            picture=self.lead_picture(article),
            source=self.source(matter.source),
            words=article.body.words,
            minutes=max(1, round(article.body.words / _WORDS_A_MINUTE)),
            comments=matter.comments,
            extra=matter.extra,
        )

    def entry(self, article: Article) -> views.Entry:
        matter = article.matter
        return views.Entry(
            title=matter.title,
            url=self.href(article.url),
            date=matter.date,
            updated=article.changed,
            summary=article.summary,
            body=self.body(article.path, article.body),
            authors=tuple(map(self.author_link, article.authors)),
            tags=tuple(self.site.tags[slug].name for slug in article.tags),
            picture=self.lead_picture(article),
            source=self.source(matter.source),
        )

    def promo(self, article: Article) -> views.Promo | None:
        """The call to action inside a story: its own choice, else the site's."""
        chosen = article.matter.promo
        name = chosen if isinstance(chosen, str) else self.settings.promos.default
        promo: Promo | None = self.site.promos.get(name) if chosen else None
        if promo is None:
            return None
        matter, body = promo.matter, self.body(promo.path, promo.body)
        return views.Promo(matter.title, self.href(matter.url), matter.label, body)

    # ------------------------------------------------------------- the site's values

    def site_view(self) -> views.SiteView:
        """All that layouts can read as `site.…`."""
        settings, site = self.settings, self.site
        locale = Locale.parse(settings.language, sep="-")
        home = self.href("/")
        publisher = settings.publisher
        tags = sorted(site.tags.values(), key=lambda tag: (-len(site.by_tag[tag.slug]), tag.slug))
        cards = tuple(map(self.tag, tags))
        name = publisher.name or settings.title
        return views.SiteView(
            title=settings.title,
            tagline=settings.tagline,
            description=settings.description or settings.tagline,
            language=settings.language,
            og_locale=f"{locale.language}_{locale.territory}"
            if locale.territory
            else _likely(locale),
            direction="rtl" if locale.character_order == "right-to-left" else "ltr",
            url=self.addresses.absolute(home),
            home=home,
            menu=self._menu(cards),
            publisher=views.PublisherCard(
                name=name,
                url=self.href(publisher.url or "/"),
                logo=self.plain_picture("", publisher.logo, name),
            ),
            picture=self.plain_picture("", settings.image, settings.title),
            feeds=views.Feeds(
                atom=views.Link(f"{settings.title} (Atom)", self.href("/feed.xml")),
                rss=views.Link(f"{settings.title} (RSS)", self.href("/rss.xml")),
                json=views.Link(f"{settings.title} (JSON Feed)", self.href("/feed.json")),
            ),
            comments=settings.comments,
            tags=cards,
            latest=self.cards(range(min(5, len(site.articles)))),
            archive=self.href("/archive/"),
            tags_index=self.href("/tags/"),
            authors_index=self.href("/authors/"),
            generator=f"Broadsheet {__version__}",
            year=site.articles[0].matter.date.year if site.articles else site.at.year,
            news_name=name,
            news_language=_news_language(settings.language),
            extra=settings.extra,
        )

    def _menu(self, tags: tuple[views.TagCard, ...]) -> tuple[views.Link, ...]:
        """The site's own menu, else its biggest tags."""
        if self.settings.menu:
            return tuple(views.Link(m.title, self.href(m.url)) for m in self.settings.menu)
        return tuple(views.Link(tag.name, tag.url) for tag in tags[:6])


def _likely(locale: Locale) -> str:
    """A locale with the territory where its language is mostly at home: en → en_US."""
    from babel.core import get_global

    likely = str(get_global("likely_subtags").get(locale.language, "")).split("_")
    return f"{locale.language}_{likely[-1]}" if len(likely) > 1 else locale.language


def _news_language(language: str) -> str:
    """The language as news sitemaps want it: two or three letters, but zh-cn and zh-tw."""
    tag = language.lower().replace("_", "-")
    if tag.startswith("zh"):
        return "zh-tw" if any(part in tag for part in ("tw", "hk", "hant")) else "zh-cn"
    return tag.split("-")[0]
