"""What a browser is shown of an answer: with the reload script, a feed made readable."""

import re
from hashlib import blake2b
from pathlib import Path

from msgspec.structs import replace

from generator.config.policy import Policy
from generator.markup import start_tag
from generator.markup import text as html_of
from generator.preview.feeds import FEEDS, readable
from generator.preview.shell import page
from generator.preview.values import Answer

HTML = "text/html; charset=utf-8"
SCRIPT = "/@preview/preview.js"


_OWN: Policy = {
    "default-src": ("'none'",),
    "style-src": ("'unsafe-inline'",),
    "img-src": ("data:",),
}
"""The policy of the preview's own pages."""
_IN_PAGE = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')


def document(answer: Answer) -> Answer:
    """An answer as it is shown to a person; as it is where it can be shown already.

    Its policy is for the header alone, where it can let in the script.
    """
    if answer.status == 302:
        return answer
    if answer.type in FEEDS and isinstance(answer.body, bytes):
        shown = readable(answer.body)
        return replace(answer, body=shown, type=HTML, policy=_OWN) if shown else answer
    if not answer.type.startswith("text/html"):
        return answer
    try:
        body = answer.body.read_bytes() if isinstance(answer.body, Path) else answer.body
    except OSError as error:
        text = f"<p>{html_of(error.strerror or str(error))}</p>\n"
        return Answer(page("The file cannot be read", text), HTML, status=404)
    if not body:
        text = "There is nothing to show yet: mend what is wrong, and the page appears."
        body, answer = page("Not yet", f"<p>{text}</p>\n"), replace(answer, policy=_OWN)
    if answer.policy:
        body = _IN_PAGE.sub(b"", body, count=1)
    if answer.near:
        body = _below_heading(body, _list_of(answer.near))
    return replace(answer, body=body)


def tag_of(answer: Answer) -> str:
    """A digest of a document, by which a tab knows what it shows."""
    assert isinstance(answer.body, bytes)
    return blake2b(answer.body, digest_size=12).hexdigest()


def with_script(body: bytes, tag: str) -> bytes:
    """A document with the script that keeps it up to date, before the end of its body."""
    script = start_tag("script", {"defer": None, "src": SCRIPT, "data-page": tag})
    return _before(body, b"</body>", f"{script}</script>".encode())


def _list_of(addresses: tuple[str, ...]) -> bytes:
    rows = "".join(
        f"<li>{start_tag('a', {'href': url})}{html_of(url)}</a></li>\n" for url in addresses
    )
    heading = '<nav aria-label="Near addresses">\n<h2>Near this address</h2>\n<ul>\n'
    return f"{heading}{rows}</ul>\n</nav>\n".encode()


def _below_heading(body: bytes, text: bytes) -> bytes:
    """The body with a text after its first heading, else at its end."""
    head, end, rest = body.partition(b"</h1>")
    return head + end + text + rest if end else _before(body, b"</body>", text)


def _before(body: bytes, end: bytes, text: bytes) -> bytes:
    """The body with a text before the last end tag of that name, else after it all."""
    place = body.lower().rfind(end)
    return body + text if place < 0 else body[:place] + text + body[place:]
