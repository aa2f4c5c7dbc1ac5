"""The engines that turn Markdown into HTML; each is imported when it is first asked for."""

from functools import cache, partial
from typing import Protocol

from generator.config import Engine, Extra, ListRules
from generator.content.markdown.extensions import MarkdownExtension


class ToHtml(Protocol):
    """A body's HTML: pictures, links, headings and typed marks left plain for `prose`.

    With smart quotes, marks that the author escaped are those of `typography.ESCAPED`. If it
    `shows_html`, HTML in the body is text. `extras` are the marks beside those of all sites.
    """

    def __call__(
        self,
        body: str,
        smart_quotes: bool,
        shows_html: bool = False,
        extras: frozenset[Extra] = frozenset(),
    ) -> str: ...


def engine(
    name: Engine, extensions: tuple[MarkdownExtension, ...] = (), lists: ListRules = "classic"
) -> ToHtml:
    """Return the engine of that name. With extensions it is slower."""
    if not extensions:
        return _engine(name, lists)
    from generator.content.markdown.python_markdown import extended_html

    return partial(extended_html, extensions=extensions, lists=lists)


@cache
def _engine(name: Engine, lists: ListRules) -> ToHtml:
    if name == "commonmark":
        from generator.content.markdown.commonmark import to_html

        return to_html
    from generator.content.markdown.python_markdown import to_html as by_default

    return partial(by_default, lists=lists)


def folded(label: str) -> str:
    """Return the label of a reference or a note as it is compared, by every engine."""
    return " ".join(label.split()).casefold()
