"""The pages of terms: of tags, sections, series and what a site declares; and their lists."""

from collections.abc import Iterator, Sequence

from generator.config.taxonomies import Taxonomy
from generator.kinds import PageKind
from generator.model import Term
from generator.pages.context import PageContext
from generator.pages.listing import index, listing
from generator.pages.output import Rendered
from generator.site.taxonomies import terms_of
from generator.templates import views
from generator.urls import numbered

_KINDS = {"tags": PageKind.TAG, "section": PageKind.SECTION, "series": PageKind.SERIES}


def term_pages(context: PageContext) -> Iterator[Rendered]:
    """Yield the pages of all terms but authors, and the list of each taxonomy that has some."""
    for taxonomy in context.taxonomies.values():
        if taxonomy.name != "authors":
            yield from _pages(context, taxonomy)


def _pages(context: PageContext, taxonomy: Taxonomy) -> Iterator[Rendered]:
    terms, name = terms_of(context.site, taxonomy.name), taxonomy.name
    if name == "tags":  # the one list that is there without any
        yield index(context, taxonomy.list, "tags.html", _tags)
    elif terms and taxonomy.list:
        yield index(context, taxonomy.list, "terms.html", _terms, name)
    per_page, kind = context.settings.lists.per_page, _KINDS.get(name, PageKind.TERM)
    view = _tag if name == "tags" else _term
    for term in terms:
        stories, layout = context.site.by_term[term.key], context.layout_of(term.path, term.layout)
        given = kind, term.url, stories, per_page, stories, view, term.key
        yield from listing(*given, layout=layout)


def _tags(context: PageContext) -> views.View:
    return views.TagsView(
        head=context.head(context.paths.tags, context.title(context.labels["topics"])),
        tags=_sorted(context, terms_of(context.site, "tags")),
    )


def _tag(context: PageContext, key: str, number: int) -> views.View:
    term = context.site.terms[key]
    pager, shown = _part(context, term, number)
    return views.TagView(
        head=_head(context, term, pager),
        pager=pager,
        tag=context.compose.term(term),
        description=_description(context, term),
        below=_below(context, key),
        stories=context.compose.cards(shown),
    )


def _terms(context: PageContext, taxonomy: str) -> views.View:
    title, path = context.heading(taxonomy), context.taxonomies[taxonomy].list
    terms = [term for term in terms_of(context.site, taxonomy) if not term.parent]
    return views.TermsView(
        head=context.head(path, context.title(title), name=title),
        taxonomy=_card(context, taxonomy),
        terms=_sorted(context, terms),
    )


def _term(context: PageContext, key: str, number: int) -> views.View:
    term = context.site.terms[key]
    pager, shown = _part(context, term, number)
    return views.TermView(
        head=_head(context, term, pager),
        pager=pager,
        taxonomy=_card(context, term.taxonomy),
        term=context.compose.term(term),
        description=_description(context, term),
        below=_below(context, key),
        stories=context.compose.cards(shown),
    )


def _below(context: PageContext, key: str) -> tuple[views.TermCard, ...]:
    """Return the terms that are parts of one."""
    return _sorted(context, [context.site.terms[part] for part in context.parts_of.get(key, ())])


def _part(context: PageContext, term: Term, number: int) -> tuple[views.Pager, Sequence[int]]:
    is_series = term.taxonomy == "series"
    stories = context.series[term.key] if is_series else context.site.by_term[term.key]
    return context.part(term.url, stories, context.settings.lists.per_page, number)


def _head(context: PageContext, term: Term, pager: views.Pager) -> views.Head:
    label, title = context.heading(term.taxonomy), context.term_titles[term.key]
    taxonomy, text = context.taxonomies[term.taxonomy], term.description
    above = (context.link(label, taxonomy.list),) if taxonomy.list else ()
    feed = None
    if taxonomy.feed:
        name = f"{term.name} | {context.settings.title}"
        feed = context.link(name, context.paths.feed_below(term.url))
    return context.head(
        numbered(term.url, pager.number),
        context.title(title, label, pager=pager),
        description=text.excerpt if text else "",
        trail=(*above, *context.compose.terms_above(term)),
        name=term.name,
        feed=feed,
        pager=pager,
    )


def _description(context: PageContext, term: Term) -> views.Body | None:
    text = term.description
    return context.compose.body(term.path, text) if text and (text.words or text.blocks) else None


def _card(context: PageContext, taxonomy: str) -> views.TaxonomyCard:
    path = context.taxonomies[taxonomy].list
    url = context.compose.href(path) if path else ""
    return views.TaxonomyCard(taxonomy, context.heading(taxonomy), url)


def _sorted(context: PageContext, terms: Sequence[Term]) -> tuple[views.TermCard, ...]:
    ordered = sorted(terms, key=lambda term: (term.order, term.slug))
    return tuple(map(context.compose.term, ordered))
