"""What hosts with pipelines of their own read, and how much they take.

The figures are those of each host's documentation, of the plan that costs nothing where
plans differ. What is given there in GB is counted in 10⁹ bytes, the lesser of two readings.

- Cloudflare: "Limits", https://developers.cloudflare.com/pages/platform/limits/, and
  "Redirects", https://developers.cloudflare.com/pages/configuration/redirects/
- GitHub: "GitHub Pages limits",
  https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits;
  its repositories take no file of more than 100 MiB.
- GitLab: "GitLab Pages redirects", https://docs.gitlab.com/user/project/pages/redirects/ (an
  instance of one's own may have others); 1 GB, and 200,000 files and folders, at GitLab.com:
  https://gitlab.com/gitlab-org/gitlab/-/issues/405048
- Netlify: "Redirects and rewrites", https://docs.netlify.com/routing/redirects/ (with 10,000
  rules and more a deploy may fail); 54,000 files side by side in a folder:
  https://answers.netlify.com/t/is-there-a-storage-or-file-count-limit-for-business-plan-hosting/118172
"""

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from generator.codes import Code
from generator.config import SITE_TOML
from generator.errors import Problem
from generator.urls import folders_of

NEAR = 0.9
"""The part of a limit from which on one is warned."""
_MIB, _GB = 1 << 20, 10**9


class Host(msgspec.Struct, frozen=True):
    """A host by the name it goes by, what of a site it reads, and its limits: 0 for none known.

    `files` is how many a site may have, `entries` with the folders that hold them, `in_folder`
    side by side. Of `_redirects`: so many `redirect_rules`, each of `redirect_line` characters
    and with `redirect_depth` slashes, in `redirect_bytes`. Of `_headers`: likewise.
    """

    name: str
    redirects: bool = False
    headers: bool = False
    files_first: bool = False
    """A file wins over a rule for its address, always."""
    forced: str = ""
    """The mark of a rule that wins over a file for its address, if it needs one."""
    joins: bool = False
    """Values of one header that several rules set are joined, unless a rule drops the others."""
    leads_off: tuple[str, ...] = ()
    """What after the address of a page without an ending is led back to that address."""
    files: int = 0
    entries: int = 0
    in_folder: int = 0
    file_bytes: int = 0
    site_bytes: int = 0
    redirect_rules: int = 0
    redirect_line: int = 0
    redirect_bytes: int = 0
    redirect_depth: int = 0
    header_rules: int = 0
    header_line: int = 0


HOSTS: Mapping[str, Host] = {
    "cloudflare": Host(
        "Cloudflare Pages",
        redirects=True,
        headers=True,
        joins=True,
        leads_off=(".html", "/"),
        files=20_000,
        file_bytes=25 * _MIB,
        redirect_rules=2_000,
        redirect_line=1_000,
        header_rules=100,
        header_line=2_000,
    ),
    "github": Host("GitHub Pages", file_bytes=100 * _MIB, site_bytes=_GB),
    "gitlab": Host(
        "GitLab Pages",
        redirects=True,
        files_first=True,
        entries=200_000,
        site_bytes=_GB,
        redirect_rules=1_000,
        redirect_bytes=64 << 10,
        redirect_depth=25,
    ),
    "netlify": Host(
        "Netlify",
        redirects=True,
        headers=True,
        forced="!",
        leads_off=("/",),
        in_folder=54_000,
        redirect_rules=10_000,
    ),
}
"""By the value of the setting `host`."""


def warnings(host: str, files: Mapping[str, int]) -> list[Problem]:
    """Return what of a site is near a limit of a host, or over it.

    `host` is the setting of that name, "" for none; `files` are the bytes of each output, by
    path.
    """
    known = HOSTS.get(host)
    return list(_of_files(known, files)) if known else []


def crowded(host: Host, what: str, number: int, limit: int, remedy: str) -> Iterator[Problem]:
    """Yield the warning that a host takes no more than `limit` of something, if that is near."""
    if _is_near(number, limit):
        much = f"{host.name} takes {limit:,} {what} at most, and there are {number:,}"
        what = f"host: {much}"
        yield Problem(SITE_TOML, 0, what, remedy, "warning", ("host",), code=Code.HOST_LIMIT)


def mistyped(address: str, where: str) -> Problem:
    """Return the warning that a copy of a feed at an old address is called HTML there."""
    what = f"feeds.aliases: {address} holds the feed, but {where} calls it HTML"
    remedy = "most programs that read feeds see what it is; for all, have the server lead on"
    return Problem(SITE_TOML, 0, what, remedy, "warning", ("feeds", "aliases"))


def _of_files(host: Host, files: Mapping[str, int]) -> Iterator[Problem]:
    fewer = "take old stories or pictures out, or choose another host"
    yield from crowded(host, "files", len(files), host.files, fewer)
    if host.entries:
        folders = {folder for path in files for folder in folders_of(path)}
        number = len(files) + len(folders)
        yield from crowded(host, "files and folders", number, host.entries, fewer)
    counts = Counter(map(posixpath.dirname, files)) if host.in_folder else {}
    for folder in sorted(f for f, number in counts.items() if _is_near(number, host.in_folder)):
        what = f"files in one folder (/{folder})"
        remedy = "spread them over folders"
        yield from crowded(host, what, counts[folder], host.in_folder, remedy)
    for path in sorted(p for p, size in files.items() if _is_near(size, host.file_bytes)):
        what = f"bytes in one file (/{path})"
        remedy = "make it smaller, or keep it elsewhere and link it"
        yield from crowded(host, what, files[path], host.file_bytes, remedy)
    total = sum(files.values())
    yield from crowded(host, "bytes in a site", total, host.site_bytes, fewer)


def _is_near(number: int, limit: int) -> bool:
    return bool(limit) and number >= NEAR * limit
