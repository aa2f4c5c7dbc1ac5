"""A content file by its name: a text and of what kind, clutter, or not for readers."""

import re
from collections.abc import Collection, Container, Mapping
from types import MappingProxyType

from generator.model import Kind
from generator.urls import is_text

UNDERLINED = 'its name, or that of a folder above it, begins with "_"'
HIDDEN = 'its name, or that of a folder above it, begins with "."'
COPY = "by its name it is a backup, or a copy that an editor or a merge has left"
UNFINISHED = "by its name it is a download that was cut off"
KEY = "by its name it holds a key or a password"
BARE_KEY = "it begins as a private key does"
MATTER = "it begins with front matter"
"""Why a file is not published. The last two its bytes tell: see `opening`."""
SECRETS = (KEY, BARE_KEY)

_KINDS: dict[str, tuple[Kind, bool]] = {
    # folder: (kind, whether its folders below count too)
    "articles": ("articles", True),
    "authors": ("authors", False),
    "tags": ("terms", False),
    "section": ("terms", False),
    "series": ("terms", False),
    "pages": ("pages", True),
    "promos": ("promos", False),
}
_DECLARED: dict[Kind, tuple[Kind, bool]] = {"terms": ("terms", False), "items": ("items", True)}
_NONE: tuple[None, bool] = None, False
FOLDERS = frozenset(_KINDS)
"""The folders of texts that every site has."""
_CLUTTER = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__pycache__", "__macosx"}
_HALF_WRITTEN = ("~", ".swn", ".swo", ".swp", ".swx", ".tmp", "___jb_tmp___", "___jb_old___")
_ASKED_FOR = (".well-known", ".nojekyll", ".htaccess")
"""What hosts look for, in any folder."""
_AT_TOP = ("_redirects", "_headers")
"""What hosts look for at the top."""
_RESERVED = ("_data", "_feeds.opml", "_words")
"""What Broadsheet is to look for at the top."""
_KEYS = re.compile(
    r"\.env(?:\..+)?|.*\.(?:env|jks|kdbx?|key|keystore|p12|p8|pem|pfx|ppk)"
    r"|id_(?:dsa|ecdsa|ed25519|rsa)(?:_sk)?"
    r"|[._]netrc|\.(?:dockercfg|git-credentials|htpasswd|npmrc|pgpass|pypirc|s3cfg)"
    r"|credentials\.json|client_secrets?(?:[._-].*)?\.json|service[-_]?account(?:[-_]?key)?\.json"
    r"|.*-firebase-adminsdk-.*\.json|(?:.*_)?accesskeys\.csv|rootkey\.csv"
    r"|secrets\.(?:json|toml|ya?ml)",
    re.IGNORECASE,
)
_COPIES = re.compile(
    r"\.(?:backup|bak|old|orig|rej)[-_.]?\d*$|\.\w+\.save(?:\.\d+)?$"  # the last is nano's
    r"|\(.*conflicted copy.*\)|\[conflicted\]|\(SFConflict "  # Dropbox, Nextcloud; pCloud; Seafile
    r"|\((?=[^()]*(?:confli|konfli|競合))(?=[^()]*(?:c[oó]p[iy]|kopi|exempl|コピー))"
    r"[^()]*\d{4}-\d\d-\d\d[^()]*\)"  # Dropbox, in the language of its user
    r"|[._-](?:sync-)?conflict-\d{8}-\d{6}"  # Syncthing, ownCloud
    r"|[._](?-i:BACKUP|BASE|LOCAL|REMOTE)[._]\d+\.(?:md|markdown)$",  # git mergetool
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"[A-Za-z0-9-]+(?:_[a-z0-9][A-Za-z0-9-]*)*"
    r"\.(?i:md|markdown|avif|css|gif|html|jpe?g|js|mp[34]|pdf|png|svg|txt|webp)"
)
"""Names that, but for a conflict, nothing else is to be seen in: most are such."""
_UNFINISHED = re.compile(r".*\.(?:crdownload|part|partial)", re.IGNORECASE)


def kind_of(path: str, declared: Mapping[str, Kind] = MappingProxyType({})) -> Kind | None:
    """Return the kind of a content file, by its place and ending.

    `declared` are the kinds of texts in the folders that the site declares.
    """
    folder, _, below = path.partition("/")
    found = _KINDS.get(folder) or (_DECLARED[declared[folder]] if folder in declared else None)
    kind, deep = found or _NONE
    return kind if kind and (deep or "/" not in below) and is_text(below) else None


def kind_of_text(path: str, collections: Container[str] = ()) -> Kind:
    """Return the kind of a content file that is a text: an item of one of the `collections`, or of
    a term, in a folder of no other kind.
    """
    if collections and path.partition("/")[0] in collections:
        return "items"
    return kind_of(path) or "terms"


def in_language(path: str, languages: Collection[str]) -> tuple[str, str]:
    """Return the path that a text would have without its language, and that.

    `summit.de.md` is `summit.md` in German, if "de" is among the languages, in whatever case. The
    language is "" where the name tells none: it is the main one.
    """
    stem, dot, ending = path.rpartition(".")
    plain, dotted, suffix = stem.rpartition(".")
    if not (dot and dotted and is_text(path)) or plain.endswith("/"):
        return path, ""
    found = next((one for one in languages if one.lower() == suffix.lower()), "")
    return (f"{plain}.{ending}", found) if found else (path, "")


def is_ignored(name: str) -> bool:
    """Return whether a file is hidden, clutter, or a half-written copy that an editor left."""
    return name not in _ASKED_FOR if name.startswith(".") else is_clutter(name)


def is_clutter(name: str) -> bool:
    """Return whether a name that is not hidden is that of clutter, or of a half-written copy."""
    lower = name.lower()
    is_locked = lower.startswith("~$") or (lower.startswith("#") and lower.endswith("#"))
    return is_locked or lower.endswith(_HALF_WRITTEN) or lower in _CLUTTER


def is_key(name: str) -> bool:
    """Return whether a file of this name holds a secret; see `may_be_public`."""
    return bool(_KEYS.fullmatch(name))


def may_be_public(name: str) -> bool:
    """Return whether a file with the name of a key may be none, as its first bytes tell."""
    return name.lower().endswith((".key", ".pem"))


def is_reserved(path: str) -> bool:
    """Return whether a content file is for Broadsheet itself to read."""
    return path.partition("/")[0] in _RESERVED


def why_withheld(path: str, is_public: bool = False) -> str:
    """Return why a content file of this name is not published; "" if nothing is against it.

    `is_public`: it is known to hold no key, whatever its name.
    """
    name, rooted = path.rpartition("/")[2], f"/{path}"
    reason = "" if _PLAIN.fullmatch(name) and "onflict" not in name else _why(name, is_public)
    if reason == KEY:
        return reason
    if "/_" in rooted and path not in _AT_TOP:
        return UNDERLINED
    is_hidden = "/." in rooted and any(map(is_ignored, path.split("/")))
    return HIDDEN if is_hidden else reason


def _why(name: str, is_public: bool) -> str:
    if not is_public and is_key(name):
        return KEY
    if _COPIES.search(name):
        return COPY
    return UNFINISHED if _UNFINISHED.fullmatch(name) else ""


def underlined_folder(path: str) -> str:
    """Return the highest folder above a content file whose name begins with "_", or ""."""
    found = _UNDERLINED.match(path)
    return found[1] if found else ""


def whereabouts(path: str) -> str:
    """Return what to do with a text that is none by its place or ending."""
    folder, _, below = path.partition("/")
    if kind_of(f"{path}.md"):
        return "give its name the ending .md"
    ending = "" if is_text(path) else ", with the ending .md"
    if folder in _KINDS and below:
        return f"move it right into content/{folder}/{ending}"
    return f"move it into content/articles/ or content/pages/{ending}"


_UNDERLINED = re.compile(r"((?:[^/]+/)*?_[^/]*)/")
