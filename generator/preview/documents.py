"""Make documents of responses: with the reload script, a feed made readable.

Out go the addresses of the pictures in a document, too.
"""

import re
from hashlib import blake2b
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from msgspec.structs import replace

from generator.config.policy import Policy
from generator.content.html import attributes, look_at
from generator.content.references import CANDIDATE
from generator.markup import start_tag
from generator.markup import text as html_of
from generator.preview.feeds import readable
from generator.preview.shell import page
from generator.preview.values import SiteResponse
from generator.urls import is_elsewhere

HTML = "text/html; charset=utf-8"
SCRIPT = "/@preview/preview.js"


_OWN: Policy = {
    "default-src": ("'none'",),
    "style-src": ("'unsafe-inline'",),
    "img-src": ("data:",),
}
"""The policy of the preview's own pages."""
_IN_PAGE = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')


def document(response: SiteResponse) -> SiteResponse:
    """Return a response as it is shown to a person; as it is where it can be shown already.

    Its policy is for the header alone, where it can let in the script.
    """
    if response.status == 302:
        return response
    if response.shown_as == "feed" and isinstance(response.body, bytes):
        shown = readable(response.body)
        if not shown:
            return response
        return replace(response, body=shown, type=HTML, shown_as="page", policy=_OWN)
    if response.shown_as != "page":
        return response
    try:
        body = response.body.read_bytes() if isinstance(response.body, Path) else response.body
    except OSError as error:
        text = f"<p>{html_of(error.strerror or str(error))}</p>\n"
        return SiteResponse(page("The file cannot be read", text), HTML, status=404)
    if not body:
        text = "There is nothing to show yet: mend what is wrong, and the page appears."
        body, response = page("Not yet", f"<p>{text}</p>\n"), replace(response, policy=_OWN)
    if response.policy:
        body = _IN_PAGE.sub(b"", body, count=1)
    if response.near:
        body = _below_heading(body, _list_of(response.near))
    return replace(response, body=body)


def addresses_of_pictures(body: bytes, page: str) -> list[str]:
    """Return the paths of URLs, decoded, of all pictures that a page shows or may show.

    `page` is its own. Those of other hosts are left out.
    """
    html = look_at(body.decode(errors="replace"))
    found: dict[str, None] = {}
    for _, tag in html.starts("img", "source", "video"):
        for known in attributes(tag):
            if known.name == "srcset":
                found |= dict.fromkeys(match[2] for match in CANDIDATE.finditer(known.value))
            elif known.name in ("src", "poster"):
                found[known.value] = None
    ours = (address for address in found if not is_elsewhere(address))
    return [unquote(urlsplit(urljoin(quote(page), address)).path) for address in ours]


def tag_of(response: SiteResponse) -> str:
    """Return a digest of a document, by which a tab knows what it shows."""
    assert isinstance(response.body, bytes)
    return blake2b(response.body, digest_size=12).hexdigest()


def with_script(body: bytes, tag: str) -> bytes:
    """Return a document with the script that keeps it up to date, before the end of its body."""
    script = start_tag("script", {"defer": None, "src": SCRIPT, "data-page": tag})
    return _before(body, b"</body>", f"{script}</script>".encode())


def _list_of(addresses: tuple[str, ...]) -> bytes:
    rows = "".join(
        f"<li>{start_tag('a', {'href': url})}{html_of(url)}</a></li>\n" for url in addresses
    )
    heading = '<nav aria-label="Near addresses">\n<h2>Near this address</h2>\n<ul>\n'
    return f"{heading}{rows}</ul>\n</nav>\n".encode()


def _below_heading(body: bytes, text: bytes) -> bytes:
    """Return the body with a text after its first heading, else at its end."""
    head, end, rest = body.partition(b"</h1>")
    return head + end + text + rest if end else _before(body, b"</body>", text)


def _before(body: bytes, end: bytes, text: bytes) -> bytes:
    """Return the body with a text before the last end tag of that name, else after it all."""
    place = body.lower().rfind(end)
    return body + text if place < 0 else body[:place] + text + body[place:]
