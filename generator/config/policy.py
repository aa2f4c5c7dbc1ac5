"""The content security policy of a site: what its pages may run, load and show.

Content Security Policy Level 3, https://www.w3.org/TR/CSP3/
"""

import re
from collections.abc import Mapping

from generator.config.settings import Comments, Settings

Policy = Mapping[str, tuple[str, ...]]
"""Directives, each with its sources. One that begins with `/` is an address of this site."""

SANDBOX = "sandbox"
"""The directive by which a document sees no other, and no other sees it."""
_NONE, _SELF = ("'none'",), ("'self'",)
_GISCUS = "https://giscus.app"


def policy_of(settings: Settings) -> Policy:
    """The policy of the site's pages; an empty one if `[security] csp` asks for none."""
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
        "connect-src": elsewhere,
        "base-uri": _NONE,
        "form-action": _NONE,
        "frame-ancestors": _NONE,
    }
    for name, sources in _asked_by(settings.comments).items():
        policy[name] += sources
    return {name: tuple(dict.fromkeys(sources)) for name, sources in policy.items() if sources}


def written(policy: Policy, *, in_page: bool = False) -> str:
    """A policy as a header says it, or an element of a page, which may not say all of it."""
    told = ((n, s) for n, s in policy.items() if not (in_page and n == "frame-ancestors"))
    return "; ".join(" ".join((name, *sources)) for name, sources in told)


def bad_source(source: str) -> str:
    """Why a text is no source of a policy; an empty string if it is one."""
    return "" if _SOURCE.fullmatch(source) else f'"{source}" is no address of a host'


_SOURCE = re.compile(r"https?://(\*\.)?[\w.-]+(:\d+)?(/[^\s;,'\"]*)?|https:", re.ASCII)


def _asked_by(comments: Comments) -> Policy:
    """What a discussion needs once a reader has asked for it."""
    if comments.provider == "giscus":
        return dict.fromkeys(("script-src", "style-src", "frame-src"), (_GISCUS,))
    if comments.provider == "isso" and comments.url:
        names = ("script-src", "style-src", "img-src", "connect-src")
        return {name: (comments.url.rstrip("/") + "/",) for name in names}
    return {}
