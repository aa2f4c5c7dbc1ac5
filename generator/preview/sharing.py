"""Show how a link to a page looks where somebody shares it: large, small, and in a chat.

In comes the HTML of a page, out goes a page of the preview's own. It goes by what the Open Graph
protocol has such pages say, https://ogp.me/; each network has its own ways beside that.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from generator.config.policy import Policy
from generator.content.html import attribute, look_at
from generator.markup import start_tag
from generator.markup import text as html_of
from generator.preview.shell import page

POLICY: Policy = {
    "default-src": ("'none'",),
    "style-src": ("'unsafe-inline'",),
    "img-src": ("'self'",),
}
"""What the page may load: pictures of this server, for nothing elsewhere is asked for."""


def as_shared(html: str) -> bytes:
    """Return a page that shows what others make of a link to the page with this HTML."""
    told = dict(_told(html))
    picture = _picture(told)
    words = (
        f"<p><small>{html_of(urlsplit(told.get('og:url', '')).netloc)}</small><br>"
        f"<strong>{html_of(told.get('og:title', ''))}</strong></p>\n"
    )
    more = f"<p>{html_of(told.get('og:description', ''))}</p>\n"
    looks = (
        ("Large", "large", picture + words + more),
        ("Small", "small", picture + f"<div>{words}</div>\n"),
        ("In a chat", "chat", words + more + picture),
    )
    shown = (
        f'<h2>{name}</h2>\n<div class="{look}">\n{inside}</div>\n' for name, look, inside in looks
    )
    notes = "".join(f"<p>{html_of(note)}</p>\n" for note in _notes(told))
    return page("How a link to this page looks", f"{_STYLE}{notes}{''.join(shown)}")


def _told(html: str) -> Iterator[tuple[str, str]]:
    """Yield what a page tells others of itself, the first of one name last."""
    for _, token in reversed(look_at(html).starts("meta")):
        name = attribute(token, "property") or attribute(token, "name")
        content = attribute(token, "content")
        if name and content:
            yield name.value, content.value


def _picture(told: dict[str, str]) -> str:
    """Return the picture as HTML, from this server; nothing if there is none here."""
    found, here = urlsplit(told.get("og:image", "")), urlsplit(told.get("og:url", ""))
    if not found.path or found.netloc != here.netloc:
        return ""
    alt = told.get("og:image:alt", "")
    return f"{start_tag('img', {'src': found.path, 'alt': alt})}\n"


def _notes(told: dict[str, str]) -> Iterator[str]:
    if "og:title" not in told:
        yield "This page tells others nothing of itself."
    elif "og:image" not in told:
        yield "It has no picture: [cards] in site.toml has one drawn."
    elif not _picture(told):
        yield f"Its picture is elsewhere: {told['og:image']}"
    if told.get("robots", "").startswith("noindex"):
        yield "Search engines are asked to leave it out."


_STYLE = """<style>
.large, .small, .chat { border: 1px solid; border-radius: .5rem; overflow: hidden }
.large img, .chat img { width: 100%; aspect-ratio: 1200 / 630; object-fit: cover; display: block }
.small { display: flex; align-items: center }
.small img { width: 8rem; height: 8rem; object-fit: cover }
.chat { max-width: 24rem; border-left-width: .4rem }
.large p, .small p, .chat p { margin: .5rem 1rem }
</style>
"""
