"""The content security policy of a site: what its pages may run, load and show.

Content Security Policy Level 3, https://www.w3.org/TR/CSP3/
"""

import re
from collections.abc import Mapping

from generator.config.settings import SITE_TOML, Comments, Settings
from generator.errors import shortened

Policy = Mapping[str, tuple[str, ...]]
"""Directives, each with its sources. One that begins with `/` is an address of this site."""

SANDBOX = "sandbox"
"""The directive by which a document sees no other, and no other sees it."""
_NONE, _SELF = ("'none'",), ("'self'",)
_GISCUS = "https://giscus.app"


def policy_of(settings: Settings) -> Policy:
    """Return the policy of the site's pages; an empty one if `[security] csp` asks for none."""
    security = settings.security
    if not security.csp:
        return {}
    elsewhere = tuple(source for source in security.scripts if not source.startswith("/"))
    shown = _SELF + security.embeds
    policy = {
        "default-src": _NONE,
        "script-src": _SELF + elsewhere,
        "style-src": _SELF,
        "img-src": shown,
        "media-src": shown,
        "frame-src": shown,
        "font-src": _SELF,
        "manifest-src": _SELF,
        "connect-src": _SELF + elsewhere,
        "base-uri": _NONE,
        "form-action": _NONE,
        "frame-ancestors": _NONE,
    }
    for name, sources in _asked_by(settings.comments).items():
        policy[name] += sources
    return {name: tuple(dict.fromkeys(sources)) for name, sources in policy.items() if sources}


def policy_with_own(settings: Settings) -> Policy:
    """Return the policy with the site's own address in place of `'self'`: to judge addresses by."""
    own = f"{settings.home.origin}/"
    return {
        name: tuple(own if source == "'self'" else source for source in sources)
        for name, sources in policy_of(settings).items()
    }


def lets_in(policy: Policy, directive: str, address: str) -> bool:
    """Return whether a whole address may be loaded, by the sources of a directive."""
    sources = policy.get(directive, policy["default-src"])
    whole = f"https:{address}" if address.startswith("//") else address
    return any(_is_from(source, whole.strip().lower()) for source in sources)


FORBIDS = "the content security policy lets nothing in but what is the site's own"


def refusal(directive: str, address: str) -> tuple[str, str]:
    """Say what is wrong with an address that a directive does not let in, and what to do."""
    setting = "scripts" if directive == "script-src" else "embeds"
    effect = "does not run" if directive == "script-src" else "is not shown"
    what = f'"{shortened(address)}" {effect}: {FORBIDS}'
    host = _HOST.match(address)
    if directive == "object-src" or not host:
        return what, "use an `<iframe>`, or a link"
    whole = host[0] if host[0].startswith("http") else f"https:{host[0]}"
    return what, f'add "{whole}" to `{setting}` under [security] in {SITE_TOML}, or use a link'


_HOST = re.compile(r"(?:https?:)?//[^/?#]+", re.IGNORECASE)


def _is_from(source: str, address: str) -> bool:
    if source == "https:":
        return address.startswith(source)
    if not source.startswith(("http:", "https:")):
        return False
    pattern = re.escape(source.lower()).replace(r"\*", r"[\w.-]+")
    ends = "" if source.endswith("/") else r"(?=[/?#]|$)"
    return bool(re.match(pattern + ends, address))


def written(policy: Policy, *, in_page: bool = False) -> str:
    """Return a policy as a header says it, or an element of a page, which may not say all of it."""
    told = ((n, s) for n, s in policy.items() if not (in_page and n == "frame-ancestors"))
    return "; ".join(" ".join((name, *sources)) for name, sources in told)


def bad_source(source: str) -> str:
    """Say why a text is no source of a policy; an empty string if it is one."""
    return "" if _SOURCE.fullmatch(source) else f'"{source}" is no address of a host'


_SOURCE = re.compile(r"https?://(\*\.)?[\w.-]+(:\d+)?(/[^\s;,'\"]*)?|https:", re.ASCII)


def _asked_by(comments: Comments) -> Policy:
    """Return what a discussion needs once a reader has asked for it."""
    if comments.provider == "giscus":
        return dict.fromkeys(("script-src", "style-src", "frame-src"), (_GISCUS,))
    if comments.provider == "isso" and comments.url:
        names = ("script-src", "style-src", "img-src", "connect-src")
        return {name: (comments.url.rstrip("/") + "/",) for name in names}
    return {}
