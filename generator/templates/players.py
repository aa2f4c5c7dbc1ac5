"""Which addresses elsewhere are films that a page can show in a frame, and the address of that.

What comes in is an address, what goes out the one of its player, where one is known. None is asked.
"""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit


class Player(NamedTuple):
    """Where the player of a film is, and the service whose it is, as readers know that."""

    src: str
    service: str


class _Address(NamedTuple):
    """An address: its host, with its port and without `www.`; its path; what stands behind it."""

    host: str
    whole_host: str
    path: str
    asked: dict[str, str]
    place: dict[str, str]


def player_of(url: str) -> Player | None:
    """Return the player of the film at an address; None if that is none, or not known as one."""
    address = _read(url)
    if address is None:
        return None
    if address.host in _YOUTUBE:
        return _youtube(address)
    return _vimeo(address) if address.host in _VIMEO else _peertube(address)


def service_of(url: str) -> str:
    """Return what readers call the place of an address: a service that is known, or the host."""
    address = _read(url)
    if address is None:
        return ""
    return "YouTube" if address.host in _YOUTUBE else _VIMEO.get(address.host, address.host)


def _read(url: str) -> _Address | None:
    try:
        parts = urlsplit(url.strip())
        name, port = (parts.hostname or "").lower(), parts.port
        asked, place = _asked(parts.query), _asked(parts.fragment)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(name):
        return None
    host = f"{name}:{port}" if port not in (None, 80, 443) else name
    return _Address(host.removeprefix("www."), host, parts.path, asked, place)


def _asked(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, max_num_fields=100).items()}


# ------------------------------------------------------------------------ the services

_HOST = re.compile(r"[\w.-]+")
_YOUTUBE = frozenset(
    ("youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be", "youtube-nocookie.com")
)
_VIMEO = {"vimeo.com": "Vimeo", "player.vimeo.com": "Vimeo"}
_YOUTUBE_FILM = re.compile(r"/(?:shorts|embed|live|v)/([\w-]{11})/?", re.ASCII)
_YOUTUBE_ID = re.compile(r"[\w-]{11}", re.ASCII)
_YOUTUBE_LIST = re.compile(r"[\w-]{10,60}", re.ASCII)
_VIMEO_FILM = re.compile(
    r"/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/|album/\d+/video/)?(\d{1,20})(?:/(\w{1,40}))?/?",
    re.ASCII,
)
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[1-9A-HJ-NP-Za-km-z]{22}"
_PEERTUBE_FILM = re.compile(rf"/(?:w|videos/watch|videos/embed)/({_UUID})/?")
"""A film of PeerTube has one of two ids, of a length that nothing else has at such a place."""


def _youtube(address: _Address) -> Player | None:
    """Return the player that sets no cookies before the film is begun."""
    film = _YOUTUBE_FILM.fullmatch(address.path)
    named = address.path[1:] if address.host == "youtu.be" else address.asked.get("v", "")
    number = film[1] if film else named.rstrip("/")
    start = _seconds(address.asked.get("t") or address.asked.get("start") or "")
    if _YOUTUBE_ID.fullmatch(number) and number != "videoseries":
        return _on_youtube(number, {"start": start} if start else {})
    chosen = address.asked.get("list", "")
    if address.path in ("/playlist", "/embed/videoseries") and _YOUTUBE_LIST.fullmatch(chosen):
        return _on_youtube("videoseries", {"list": chosen})
    return None


def _on_youtube(name: str, asked: dict[str, str | int]) -> Player:
    query = f"?{urlencode(asked)}" if asked else ""
    return Player(f"https://www.youtube-nocookie.com/embed/{name}{query}", "YouTube")


def _vimeo(address: _Address) -> Player | None:
    """Return the player that is told not to track (`dnt`). A film that is not listed has a key."""
    film = _VIMEO_FILM.fullmatch(address.path)
    if film is None:
        return None
    key = film[2] or address.asked.get("h", "")
    asked = {"dnt": "1"} | ({"h": key} if re.fullmatch(r"\w{1,40}", key, re.ASCII) else {})
    start = _seconds(address.place.get("t", ""))
    place = f"#t={start}s" if start else ""
    return Player(f"https://player.vimeo.com/video/{film[1]}?{urlencode(asked)}{place}", "Vimeo")


def _peertube(address: _Address) -> Player | None:
    """Return the player of an instance, whose readers send nothing to one another (`p2p`)."""
    film = _PEERTUBE_FILM.fullmatch(address.path)
    if film is None:
        return None
    start = _seconds(address.asked.get("start", ""))
    query = urlencode({"p2p": "0"} | ({"start": f"{start}s"} if start else {}))
    src = f"https://{address.whole_host}/videos/embed/{film[1]}?{query}"
    return Player(src, address.host)


_TIME = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?")


def _seconds(written: str) -> int:
    """Return the seconds of a time such as "90", "90s" or "1h2m3s"; 0 if it is none."""
    found = _TIME.fullmatch(written)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds
