"""Files of rules and headers, read as the hosts that they are for read them."""

import re
from collections import defaultdict
from typing import NamedTuple
from urllib.parse import unquote

from support.sites import SmallSite

RULED = ("cloudflare", "gitlab", "netlify")


def at(site: SmallSite, host: str, url: str = "https://paper.example/") -> None:
    site.write({"site.toml": f'title = "Paper"\nurl = "{url}"\nhost = "{host}"\n'})


class Rule(NamedTuple):
    source: str
    target: str
    status: str


def rules(text: str) -> list[Rule]:
    """The rules of `_redirects`, each of three words."""
    lines = (line.strip() for line in text.splitlines())
    return [Rule(*line.split()) for line in lines if line and not line.startswith("#")]


def answered(site: SmallSite, host: str, address: str, base: str = "/") -> str:
    """Where a host leads from an address, percent-encoded; "" if nowhere.

    Cloudflare: a rule for the very address, whatever file is there. Netlify: one with or
    without the last slash; over a file only with "!". GitLab: a file, else a rule that is the
    address decoded, its last slash aside.
    """
    path = unquote(address).removeprefix(base)
    file = site.public / (f"{path}index.html" if path.endswith("/") or not path else path)
    found = rules(site.text("_redirects")) if (site.public / "_redirects").is_file() else []
    by_page = ""
    if file.is_file() and (page := re.search(r'content="0; url=([^"]*)"', file.read_text("utf-8"))):
        by_page = page[1]
    if host == "gitlab":
        if file.is_file():
            return by_page
        path = unquote(address).rstrip("/")
        return next((r.target for r in found if r.source.rstrip("/") == path), "")
    for rule in found:
        same = rule.source == address
        if host == "netlify":
            same = rule.source.rstrip("/") == address.rstrip("/")
            same = same and (rule.status.endswith("!") or not file.is_file())
        if same:
            return rule.target
    return by_page


def said(text: str, host: str, path: str) -> dict[str, list[str]]:
    """The headers that `_headers` gives the file at a path, each value by itself.

    Rules that match go in their order. At Netlify the last one that sets a header wins; at
    Cloudflare values add up, unless a rule has taken the others out.
    """
    found: dict[str, list[str]] = defaultdict(list)
    matches = False
    for line in text.splitlines():
        words = line.strip()
        if words.startswith("/"):
            pattern = re.sub(
                r"\\\*|:\w+", lambda m: ".*" if "*" in m[0] else "[^/]+", _exact(words)
            )
            matches = bool(re.fullmatch(pattern, path))
        elif matches and words.startswith("! "):
            assert host == "cloudflare"
            found.pop(words[2:].casefold(), None)
        elif matches and words and not words.startswith("#"):
            name, _, value = words.partition(": ")
            if host == "netlify":
                found.pop(name.casefold(), None)
            found[name.casefold()].append(value)
    return dict(found)


def _exact(path: str) -> str:
    return re.sub(r"[.+?()\[\]{}^$|\\*]", r"\\\g<0>", path)
