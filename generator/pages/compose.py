"""The site's values become the parts of views: cards, stories, entries."""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial

from babel import Locale
from msgspec.structs import replace

from generator import __version__
from generator.config import Settings
from generator.config.collections import DeclaredField, collections_of
from generator.config.policy import policy_of, written
from generator.config.taxonomies import COME_ALONG
from generator.content.phrases import read_phrase, with_addresses, with_whole_addresses
from generator.content.scan import shape_of
from generator.content.typography import typeset_text
from generator.content.words import cut
from generator.hosts.limits import HOSTS
from generator.hosts.media_types import by_name
from generator.markup import attribute
from generator.markup import text as html_of
from generator.model import (
    Article,
    AudioMatter,
    BodyInfo,
    File,
    Item,
    Phrase,
    Phrased,
    PictureMatter,
    Promo,
    Reference,
    Site,
    SourceMatter,
    Term,
    term_key,
)
from generator.pages.blocks import KnownBlocks, shown_blocks
from generator.pages.ladders import (
    FOLDER,
    Ladder,
    crop_of,
    focus_of,
    ladder_of,
    published_size,
    thumbnail_of,
)
from generator.pages.site_feeds import SiteFeed, feeds_of
from generator.site.anchors import with_anchor
from generator.site.feed_entries import id_of
from generator.site.links import content_file, destination, page_of
from generator.site.recordings import chapters_of, media_type_of, seconds_of
from generator.site.taxonomies import terms_of
from generator.site.watch import Watch
from generator.templates import views
from generator.templates.assets import touch_icon_path
from generator.urls import Home, chapters_below, composed, is_elsewhere

_NO_BODY = BodyInfo("")
"""Where a fragment leads to no id of its own text."""


class Composer:
    """Makes the parts of views from the values of one watched site.

    What many pages show is made once. `year` is that of a site without stories; `chosen` has the
    position of each story that items name, by its content path, and `named` that of any, by its
    path and its slug. `blocks` are those that texts may have.
    """

    def __init__(
        self,
        site: Site,
        settings: Settings,
        watch: Watch,
        year: int,
        chosen: Mapping[str, Sequence[int]],
        named: Mapping[str, Sequence[int]],
        blocks: KnownBlocks,
    ) -> None:
        self.site = site
        self.settings = settings
        self.home: Home = settings.home
        self.href = _hrefs(self.home)
        self._once = watch.once
        self._year = year
        self._chosen = chosen
        self._named, self._blocks = named, blocks
        self._collections = collections_of(settings)
        self._shape = shape_of(settings)

    # ------------------------------------------------------------------ small parts

    def body(
        self, path: str, body: BodyInfo, card: Callable[[], views.Card] | None = None
    ) -> views.Body:
        """Return a text by reference, each of its relative addresses resolved.

        If it has blocks, they may show the `card` of its story.
        """
        targets = []
        for reference in body.references:
            found = destination(self.site, path, reference.target) or ""
            found = with_anchor(self.site, found, body) if "#" in found else found
            url = found if not found or found.startswith("#") else self.href(found)
            file = self.file(path, reference.target) if reference.sized else None
            extra = ""
            if reference.sized:
                width, height = published_size(file, self.settings.images) if file else (0, 0)
                size = f'width="{width}" height="{height}" ' if width else ""
                extra = f'{size}loading="lazy"'
            steps = self._steps(path, reference) if url else (None, "")
            targets.append(views.Target(reference.attr, url, extra, *steps))
        if not body.blocks:
            return views.Body(body.key, tuple(targets))
        blocks = shown_blocks(path, body.blocks, self._blocks, self)
        return views.Body(body.key, tuple(targets), blocks, card() if card else None)

    def _steps(self, path: str, reference: Reference) -> tuple[views.Ladder | None, str]:
        """Return the variants of a picture in a text, and the class of its colour."""
        ladder, colour = self._variants(
            self.file(path, reference.target) if reference.shown else None
        )
        return ladder, views.tone_of(colour)

    def picture(self, path: str, written: PictureMatter) -> views.Picture | None:
        """Return a picture that the text at `path` names; none if its file is not public now."""
        url = self.address(path, written.src)
        if not url:
            return None
        file = self.file(path, written.src)
        ladder, colour = self._variants(file)
        width, height = published_size(file, self.settings.images) if file else (0, 0)
        return views.Picture(
            url=url,
            alt=written.alt,
            title=written.title,
            credit=written.credit or self._own_credit(file),
            caption=written.caption,
            width=width,
            height=height,
            credit_markup=self.markup(path, written, "credit"),
            caption_markup=self.markup(path, written, "caption"),
            color=colour,
            ladder=ladder,
        )

    def _own_credit(self, file: File | None) -> str:
        """Return whose a picture is by what its file says, if that is to be shown."""
        raster = file.raster if file else None
        return raster.credit if raster and self.settings.images.credit else ""

    def _variants(self, file: File | None) -> tuple[views.Ladder | None, str]:
        """Return a picture in several widths and formats, and its colour where nothing else would
        be seen through it.
        """
        ladder = ladder_of(file, self.settings.images) if file else None
        if file is None or ladder is None or file.raster is None:
            return None, ""
        return self._ladder(ladder), "" if file.raster.has_alpha else file.raster.colour

    def _ladder(self, ladder: Ladder) -> views.Ladder:
        across, down = ladder.ratio
        width = ladder.widths[-1]
        height = max(1, round(width * down / across))
        stem = self.href(f"/{FOLDER}/{ladder.stem}")
        return views.Ladder(stem, ladder.widths, ladder.formats, width, height)

    def markup(self, path: str, written: Phrased, field: str) -> str:
        """Return a field of front matter in the text at `path` as HTML, "" if it is plain text."""
        phrase = written.phrases.get(field)
        return self._with_links(path, phrase) if phrase else ""

    def _with_links(self, path: str, phrase: Phrase) -> str:
        links = (self._link_in(path, reference) for reference in phrase.references)
        return with_addresses(phrase.html, [*links])

    def _link_in(self, path: str, reference: Reference) -> str:
        """Return the attribute for an address in a line of front matter; "" if it is not public."""
        found = destination(self.site, path, reference.target) or ""
        if found.startswith("#"):  # of the text itself, and not of the pages that show this line
            found = self.site.addresses.get(path, "") + found
        found = with_anchor(self.site, found, _NO_BODY) if "#" in found else found
        return attribute(reference.attr, self.href(found)).lstrip() if found else ""

    def front_picture(self, path: str, written: PictureMatter | None) -> views.Picture | None:
        """Return a picture that the front matter of the text at `path` names, with its crops."""
        shown = self.picture(path, written) if written and written.src else None
        file = self.file(path, written.src) if written and shown and shown.ladder else None
        if shown is None or written is None or file is None:
            return shown
        images, focus = self.settings.images, focus_of(written, file)
        crops = (
            (ratio, crop_of(file, images, ratio, focus)) for ratio in (*images.ratios, views.SHARE)
        )
        shapes = {views.ratio_text(ratio): self._ladder(one) for ratio, one in crops if one}
        return replace(shown, crops=shapes)

    def thumbnail(self, path: str, written: PictureMatter | None) -> views.Picture | None:
        """Return a picture of front matter as feeds show it beside a headline; None if it is small,
        moves, or lies elsewhere.
        """
        file = self.file(path, written.src) if written and written.src else None
        if written is None or file is None or not self.address(path, written.src):
            return None
        made = thumbnail_of(file, self.settings.images, focus_of(written, file))
        if made is None:
            return None
        ladder = self._ladder(made)
        url = ladder.url(ladder.formats[-1], ladder.width)
        return views.Picture(url, written.alt, width=ladder.width, height=ladder.height)

    def lead_picture(self, article: Article) -> views.Picture | None:
        return self.front_picture(article.path, article.matter.image)

    def audio(self, article: Article) -> views.Audio | None:
        """Return a story as a recording; none if its file is not public now, or there is none."""
        written, path = article.matter.audio, article.path
        url = self.address(path, written.src) if written else ""
        if not written or not url:
            return None
        file = self.file(path, written.src)
        chapters = self._chapters(path, written, url)
        return views.Audio(
            url=url,
            type=media_type_of(file.path if file else page_of(written.src)),
            size=file.size if file else written.bytes,
            title=written.title,
            seconds=seconds_of(written, file),
            transcript=self._document(path, written.transcript),
            chapters=chapters,
            chapter_file=self._chapter_file(article, written) if chapters else None,
            explicit=written.explicit,
            episode=written.episode or 0,
            season=written.season or 0,
        )

    def _chapters(self, path: str, audio: AudioMatter, url: str) -> tuple[views.Chapter, ...]:
        """Return the chapters of a recording, which is at an address; the text is at `path`."""
        file = url.partition("#")[0]
        return tuple(
            views.Chapter(one.start, self.words(one.title), f"{file}#t={one.start}")
            for one in chapters_of(audio, path, self.site)
        )

    def _chapter_file(self, article: Article, audio: AudioMatter) -> views.Document | None:
        """Return where programs find the chapters: in a file that is named, or in one made."""
        if isinstance(audio.chapters, str):
            return self._document(article.path, audio.chapters)
        if not self.settings.podcast:
            return None
        return views.Document(self.href(chapters_below(article.url)), "application/json")

    def _document(self, path: str, written: str) -> views.Document | None:
        """Return a file or page that the text at `path` names; none if it is not public now."""
        url = self.address(path, written) if written else ""
        if not url:
            return None
        file = self.file(path, written)
        is_named = file or (is_elsewhere(written) and "." in posixpath.basename(page_of(written)))
        name = file.path if file else page_of(written)
        return views.Document(url, by_name(name) if is_named else "text/html")

    def words(self, text: str) -> str:
        """Return a text with the typographic marks of the language, if the site has them."""
        settings = self.settings
        has_marks = settings.markdown.smart_quotes
        return typeset_text(text, settings.language) if has_marks else text

    def line(self, path: str, text: str) -> str:
        """Return a line of the text at `path`, which may have Markdown in it, as HTML."""
        words, phrase, _ = read_phrase(text, self._shape)
        return self._with_links(path, phrase) if phrase else html_of(words)

    def plain_picture(self, path: str, src: str, alt: str) -> views.Picture | None:
        return self.picture(path, PictureMatter(src, alt)) if src else None

    def address(self, path: str, written: str) -> str:
        """Return the address as pages link it of what is written in the file at `path`.

        "" if that is not public now.
        """
        found = destination(self.site, path, written)
        return self.href(written if found is None else found) if found != "" else ""

    def linked(self, url: str) -> str:
        """Return the address as pages link it of what a setting or a field leads to."""
        return self.address("", url) or self.href(url)

    def file(self, path: str, target: str) -> File | None:
        """Return the file that the text at `path` names, if it is one that is copied."""
        found = content_file(self.site, path, target)
        return self.site.files.get(found[0]) if found else None

    def author_link(self, slug: str) -> views.Link:
        return self._once(("author", slug), partial(self._author_link, slug))

    def _author_link(self, slug: str) -> views.Link:
        author = self.site.authors[slug]
        return views.Link(author.matter.name, self.href(author.url))

    def author(self, slug: str) -> views.AuthorCard:
        return self._once(("author's card", slug), partial(self._author, slug))

    def _author(self, slug: str) -> views.AuthorCard:
        author = self.site.authors[slug]
        matter, bio = author.matter, author.bio
        follow = None
        if matter.follow:
            follow = views.Follow(self.linked(matter.follow.url), matter.follow.label)
        return views.AuthorCard(
            name=matter.name,
            url=self.href(author.url),
            kind=matter.kind,
            role=matter.role,
            photo=self.front_picture(author.path, PictureMatter(matter.photo, "")),
            follow=follow,
            bio=self.body(author.path, bio) if bio and (bio.words or bio.blocks) else None,
        )

    def counted_author(self, slug: str) -> views.AuthorCard:
        return replace(self.author(slug), count=len(self.site.by_author[slug]))

    def term(self, term: Term) -> views.TermCard:
        picture = self.front_picture(term.path, term.image)
        count = len(self.site.by_term[term.key])
        return views.TermCard(term.name, self.href(term.url), count, picture)

    def term_link(self, taxonomy: str, slug: str) -> views.Link:
        """Return a term without its count, which changes with every story."""
        key = term_key(taxonomy, slug)
        return self._once(("term", key), partial(self._term_link, key))

    def _term_link(self, key: str) -> views.Link:
        term = self.site.terms[key]
        return views.Link(term.name, self.href(term.url))

    def terms_above(self, term: Term) -> tuple[views.Link, ...]:
        """Return what a term is a part of, the widest first."""
        found: list[views.Link] = []
        while term.parent:
            term = self.site.terms[term_key(term.taxonomy, term.parent)]
            found.insert(0, views.Link(term.name, self.href(term.url)))
        return tuple(found)

    def section(self, article: Article) -> views.Link | None:
        """Return the section that a story belongs to, if to any."""
        slugs = article.terms.get("section")
        return self.term_link("section", slugs[0]) if slugs else None

    def declared_terms(self, article: Article) -> dict[str, tuple[views.Link, ...]]:
        """Return a story's terms in the taxonomies that the site declares, by their names."""
        return {
            name: tuple(self.term_link(name, slug) for slug in slugs)
            for name, slugs in article.terms.items()
            if name not in COME_ALONG
        }

    def source(self, written: SourceMatter | None) -> views.SourceNote | None:
        if written is None:
            return None
        return views.SourceNote(written.name, written.url, written.author, written.published)

    # --------------------------------------------------------------------- stories

    def cards(self, positions: Iterable[int]) -> tuple[views.Card, ...]:
        return tuple(self._once(("card", p), partial(self._card, p)) for p in positions)

    def _card(self, position: int) -> views.Card:
        return self._card_of(self.site.articles[position])

    def _card_of(self, article: Article) -> views.Card:
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
            source=self.source(matter.source) or views.NO_SOURCE,
            timed="date" in matter.timed,
            section=self.section(article),
            extra=matter.extra,
            summary_markup=self.markup(article.path, matter, "summary"),
        )

    def story_named(self, path: str, name: str) -> views.Card | None:
        """Return the story that the text at `path` calls so, by its path or its slug.

        None if readers see none of that name now.
        """
        found = content_file(self.site, path, name)
        places = self._named.get(found[0] if found else name.strip("/"), ())
        return next(iter(self.cards(places[:1])), None)

    def text_of(self, article: Article) -> views.Body:
        """Return the text of a story by reference."""
        return self.body(article.path, article.body, partial(self._card_of, article))

    def lines(self, positions: Iterable[int]) -> tuple[views.Card, ...]:
        """Return cards with no more than a headline needs."""
        return tuple(self._once(("line", p), partial(self._line, p)) for p in positions)

    def _line(self, position: int) -> views.Card:
        article = self.site.articles[position]
        matter = article.matter
        url = self.href(article.url)
        return views.Card(
            title=matter.title,
            url=url,
            date=matter.date,
            summary="",
            kicker=matter.kicker,
            state=article.state,
            timed="date" in matter.timed,
        )

    def link(self, position: int) -> views.Link:
        return self._once(("link", position), partial(self._link, position))

    def _link(self, position: int) -> views.Link:
        article = self.site.articles[position]
        return views.Link(article.matter.title, self.href(article.url))

    def suggestion(self, position: int) -> views.Suggestion:
        return self._once(("suggestion", position), partial(self._suggestion, position))

    def _suggestion(self, position: int) -> views.Suggestion:
        article = self.site.articles[position]
        related, matter = self.settings.related, article.matter
        return views.Suggestion(
            title=matter.title,
            url=self.href(article.url),
            kicker=matter.kicker,
            excerpt=cut(article.summary, related.excerpt),
            picture=self.lead_picture(article) if related.pictures else None,
        )

    def story(self, article: Article, series: views.Series | None = None) -> views.Story:
        matter = article.matter
        changed, timed = article.last_change
        return views.Story(
            title=matter.title,
            url=self.href(article.url),
            date=matter.date,
            summary=article.summary,
            body=self.text_of(article),
            kicker=matter.kicker,
            dek=matter.summary,
            state=article.state,
            updated=changed if changed > matter.date else None,
            corrections=self._corrections(article),
            authors=tuple(map(self.author, article.authors)),
            tags=tuple(self.term_link("tags", slug) for slug in article.tags),
            section=self.section(article),
            series=series,
            terms=self.declared_terms(article),
            picture=self.lead_picture(article),
            audio=self.audio(article) if matter.audio else None,
            source=self.source(matter.source),
            words=article.body.words,
            minutes=article.body.minutes,
            comments=matter.comments,
            extra=matter.extra,
            timed="date" in matter.timed,
            updated_timed=timed and changed > matter.date,
            summary_markup=self.markup(article.path, matter, "summary"),
        )

    def entries(self, positions: Iterable[int]) -> tuple[views.Entry, ...]:
        return tuple(self._once(("entry", p), partial(self._entry, p)) for p in positions)

    def _entry(self, position: int) -> views.Entry:
        article = self.site.articles[position]
        matter = article.matter
        return views.Entry(
            id=id_of(article, self.settings),
            title=matter.title,
            url=self.href(article.url),
            date=matter.date,
            updated=article.changed,
            summary=article.summary,
            body=self.text_of(article),
            authors=tuple(map(self.author_link, article.authors)),
            tags=tuple(self.term_link("tags", slug).title for slug in article.tags),
            picture=self.in_feed(self.lead_picture(article)),
            thumbnail=self.thumbnail(article.path, matter.image),
            audio=self.audio(article) if matter.audio else None,
            source=self.source(matter.source),
            corrections=tuple(map(self._note_in_feed, self._corrections(article))),
            promo=self.promo(article) if self.settings.feeds.promos else None,
        )

    def _corrections(self, article: Article) -> tuple[views.CorrectionNote, ...]:
        return tuple(
            views.CorrectionNote(
                correction.date,
                correction.text,
                "date" in correction.timed,
                self.markup(article.path, correction, "text"),
            )
            for correction in article.matter.corrections
        )

    def in_feed(self, picture: views.Picture | None) -> views.Picture | None:
        """Return a picture of which all that is said leads to the same places from anywhere."""
        if picture is None or not (picture.credit_markup or picture.caption_markup):
            return picture
        credit, caption = self._whole(picture.credit_markup), self._whole(picture.caption_markup)
        return replace(picture, credit_markup=credit, caption_markup=caption)

    def _note_in_feed(self, note: views.CorrectionNote) -> views.CorrectionNote:
        markup = note.text_markup
        return replace(note, text_markup=self._whole(markup)) if markup else note

    def _whole(self, markup: str) -> str:
        return with_whole_addresses(markup, self.home.absolute)

    def promo(self, article: Article) -> views.Promo | None:
        """Return the call to action inside a story: its own choice, else the site's."""
        chosen = article.matter.promo
        name = chosen if isinstance(chosen, str) else self.settings.promos.default
        return self._once(("promo", name), partial(self._promo, name)) if chosen else None

    def _promo(self, name: str) -> views.Promo | None:
        promo: Promo | None = self.site.promos.get(composed(name))
        if promo is None:
            return None
        matter, body = promo.matter, self.body(promo.path, promo.body)
        return views.Promo(matter.title, self.linked(matter.url), matter.label, body)

    # ----------------------------------------------------------------------- items

    def items(self, paths: Iterable[str]) -> tuple[views.ItemCard, ...]:
        """Return the cards of the items at these content paths."""
        return tuple(self._once(("item", path), partial(self._item, path)) for path in paths)

    def collections(self, names: Iterable[str]) -> dict[str, tuple[views.ItemCard, ...]]:
        """Return all items of the collections of these names, each in its order."""
        return {name: self.items(self.site.by_collection[name]) for name in sorted(names)}

    def _item(self, path: str) -> views.ItemCard:
        item = self.site.items[path]
        matter, fields = item.matter, self._collections[item.collection].fields
        return views.ItemCard(
            title=matter.title,
            url=self.href(item.url),
            summary=item.summary,
            date=matter.date,
            timed="date" in matter.timed,
            state=item.state,
            picture=self.front_picture(path, matter.image),
            fields=tuple(self._field(item, field) for field in fields),
            extra=matter.extra,
            summary_markup=self.markup(path, matter, "summary"),
        )

    def _field(self, item: Item, field: DeclaredField) -> views.Field:
        name, said = field.name, item.matter.declared
        shown = views.Field(name, field.title, field.type)
        if name in said.moments:
            moment, timed = said.moments[name], name in item.matter.timed
            return replace(shown, moment=moment, timed=timed)
        if name in said.pictures:
            picture = self.front_picture(item.path, said.pictures[name])
            return replace(shown, picture=picture)
        if name in item.addresses:
            return replace(shown, link=self._followed(item, name))
        if field.names_stories:
            stories = self._stories_of(item, name)
            if field.type == "list":
                return replace(shown, stories=stories)
            return replace(shown, story=stories[0] if stories else None)
        plain = said.texts.get(name) or said.plain.get(name)
        return replace(shown, plain=plain)

    def _followed(self, item: Item, name: str) -> views.Link | None:
        """Return where an item's field leads: "example.org" to what is elsewhere."""
        written = item.addresses[name]
        url = self.address(item.path, written)
        if not url:
            return None
        return views.Link(_in_short(written if is_elsewhere(written) else url), url)

    def _stories_of(self, item: Item, name: str) -> tuple[views.Card, ...]:
        """Return the stories that an item's field names, as far as they are shown now."""
        shown = (path for path in item.stories.get(name, ()) if path in self._chosen)
        return self.cards(place for path in shown for place in self._chosen[path])

    # ------------------------------------------------------------- the site's values

    def site_view(self) -> views.SiteView:
        """Return all that layouts can read as `site.…`."""
        settings, site, paths = self.settings, self.site, self.settings.paths
        locale = Locale.parse(settings.language, sep="-")
        home = self.href(paths.front)
        publisher = settings.publisher
        tags = sorted(
            terms_of(site, "tags"),
            key=lambda tag: (-len(site.by_term[tag.key]), tag.order, tag.slug),
        )
        cards = tuple(map(self.term, tags))
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
            url=self.home.absolute(home),
            home=home,
            root=self.home.base,
            menu=self._menu(cards),
            publisher=views.PublisherCard(
                name=name,
                url=self.linked(publisher.url or paths.front),
                logo=self.plain_picture("", publisher.logo, name),
            ),
            picture=self.plain_picture("", settings.image, settings.title),
            feeds=views.Feeds(*map(self._feed_link, feeds_of(settings))),
            hub=settings.feeds.hub,
            comments=settings.comments,
            tags=cards,
            latest=self.cards(range(min(5, len(site.articles)))),
            archive=self.href(paths.archive),
            tags_index=self.href(paths.tags) if cards else "",
            authors_index=self.href(paths.authors) if site.authors else "",
            sole_author=sum(map(bool, site.by_author.values())) == 1,
            generator=f"Broadsheet {__version__}",
            year=site.articles[0].matter.date.year if site.articles else self._year,
            news_name=name,
            news_language=_news_language(settings.language),
            policy=_policy_in_pages(settings),
            look=self._look(),
            extra=settings.extra,
        )

    def _look(self) -> views.Look:
        look = self.settings.look
        logo = self.plain_picture("", look.logo, self.settings.title)
        logo_dark = self.plain_picture("", look.logo_dark, self.settings.title)
        icon = self.plain_picture("", look.icon, "")
        return views.Look(
            theme=look.theme,
            logo=(logo_dark if look.theme == "dark" else None) or logo,
            logo_dark=logo_dark if look.theme == "auto" else None,
            icon=icon,
            touch_icon=self._touch_icon(icon),
            footer=tuple(views.Link(item.title, self.linked(item.url)) for item in look.footer),
        )

    def drawn_icon(self) -> File | None:
        """Return the icon that the settings name, if it is a drawing that is public."""
        file = self.file("", self.settings.look.icon) if self.settings.look.icon else None
        is_drawn = file and file.path.lower().endswith(".svg") and self.site.addresses[file.path]
        return file if is_drawn else None

    def _touch_icon(self, icon: views.Picture | None) -> str:
        """Return the address of the icon for telephones: those show pictures, and no drawings."""
        if drawing := self.drawn_icon():
            return self.href(f"/{touch_icon_path(drawing.digest)}")
        return icon.url if icon and icon.url.lower().endswith(".png") else ""

    def _feed_link(self, feed: SiteFeed) -> views.Link:
        title = f"{self.settings.title} ({feed.format})"
        return views.Link(title, self.href(feed.path(self.settings.paths)))

    def _menu(self, tags: tuple[views.TermCard, ...]) -> tuple[views.Link, ...]:
        """Return the site's own menu, else its biggest tags."""
        if self.settings.menu:
            return tuple(views.Link(m.title, self.linked(m.url)) for m in self.settings.menu)
        return tuple(views.Link(tag.name, tag.url) for tag in tags[:6])


def _in_short(address: str) -> str:
    """Return an address as people say it: without what each has, and no other."""
    return _UNSAID.sub("", address).removesuffix("/") or address


_UNSAID = re.compile(r"^(?:https?://(?:www\.)?|mailto:|tel:)")


def _hrefs(home: Home) -> Callable[[str], str]:
    """Return addresses as pages link them: a path of this site gets the site's base."""

    @lru_cache(maxsize=65_536)
    def href(url: str) -> str:
        return url if is_elsewhere(url) else home.href(url)

    return href


def _policy_in_pages(settings: Settings) -> str:
    """Return the content security policy, unless the site's host is told of it in `_headers`."""
    host = HOSTS.get(settings.host)
    is_told = host is not None and host.headers
    return "" if is_told else written(policy_of(settings), in_page=True)


def _likely(locale: Locale) -> str:
    """Return a locale with the territory where its language is mostly at home: en → en_US."""
    from babel.core import get_global

    likely = str(get_global("likely_subtags").get(locale.language, "")).split("_")
    return f"{locale.language}_{likely[-1]}" if len(likely) > 1 else locale.language


def _news_language(language: str) -> str:
    """Return the language as news sitemaps want it: two or three letters, but zh-cn and zh-tw."""
    tag = language.lower().replace("_", "-")
    if tag.startswith("zh"):
        return "zh-tw" if any(part in tag for part in ("tw", "hk", "hant")) else "zh-cn"
    return tag.split("-")[0]
