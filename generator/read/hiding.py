"""Fields by which other generators keep a text from readers, however they are spelled.

What hides must not fail open: a text whose front matter says that it is not for all, or not for
now, in words that mean nothing here, is an error.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from generator.mismatch import nearest
from generator.moments import moment, understood

Purpose = Literal["flag", "start", "end"]
"""A text is hidden; it is hidden until then; it is hidden from then on."""


class Hiding(NamedTuple):
    """A field that is there to hide a text, and whether its value may do so."""

    purpose: Purpose
    hides: bool


def hiding(name: str, value: Any, date: Any = None) -> Hiding | None:
    """What a field of this name and value would do elsewhere; None if it is not there to hide.

    `date` is the story's own: what another field puts off no longer than that hides nothing more.
    """
    squeezed = squeeze(name)
    sense = _SENSES.get(squeezed) or _guessed(name, squeezed)
    return _weighed(sense, value, date) if sense else None


def squeeze(name: str) -> str:
    """A name without case and signs: `publish_date`, `publishDate` and `Publish-Date` are one."""
    return "".join(
        char for char in unicodedata.normalize("NFKC", name).casefold() if char.isalnum()
    )


# ----------------------------------------------------------------------------- names

_Sense = Literal["hidden", "shown", "state", "start", "end", "password"]
_Doubtful = Literal[
    "hidden if true", "shown if false", "state if shut", "start if dated", "end if dated"
]
"""The sense of names that may well be there for something else, but for some values."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _by_name(names: Mapping[_Sense | _Doubtful, str]) -> dict[str, _Sense | _Doubtful]:
    return {name: sense for sense, all_names in names.items() for name in all_names.split()}


_SENSES = _by_name(
    {
        "hidden": "draft drafts isdraft hidden ishidden private isprivate unlisted isunlisted"
        " unpublished isunpublished nopublish dontpublish donotpublish",
        "hidden if true": "hide secret internal wip headless skip ignore ignored exclude excluded"
        " disabled eleventyexcludefromcollections embargoed restricted protected membersonly"
        " subscribersonly locked trashed deleted unfinished hidefromsite hidefromreaders notpublic"
        " nonpublic confidential expired",
        "shown": "published publish public visible listed ispublished ispublic isvisible islisted",
        "shown if false": "live show enabled enable active online render rendered routable list"
        " build approved ready",
        "state": "status visibility poststatus pagestatus articlestatus publishstatus"
        " publishingstatus publicationstatus",
        "state if shut": "state access audience workflow workflowstate type",
        "start": "publishdate pubdate publishat publishon publishedat publishedon publisheddate"
        " publicationdate publishtime publicationtime publishingdate releasedate releaseat golive"
        " golivedate goliveat golivetime embargodate embargountil embargoeduntil scheduledfor"
        " scheduledat scheduleddate scheduledate availablefrom availableon validfrom visiblefrom"
        " showfrom postdate postdategmt livedate liveon liveat livefrom publishup hiddenuntil"
        " hideuntil embargo",
        "start if dated": "schedule scheduled",
        "end": "expires expirydate expiry expire expireson expiresat expiredate expiration"
        " expirationdate expirytime unpublish unpublishdate unpublishon unpublishat unpublishedat"
        " validuntil validto validthrough availableuntil visibleuntil showuntil hideafter hidefrom"
        " hideon removeon removeafter deleteon deleteafter archiveon archiveat takedown"
        " takedowndate offlinedate publishdown sunset sunsetdate endofpublication publishuntil"
        " publisheduntil liveuntil",
        "password": "password postpassword",
    }
)
_FILLING = _words("is post page article story entry item content site mark marked as flag mode")
"""Words that say nothing more: `post_is_draft`."""
_NEAR = _by_name(
    {
        "hidden if true": "draft drafts hidden private unlisted unpublished",
        "shown if false": "published",
        "state if shut": "status visibility",
        "start if dated": "publishdate embargo",
        "end if dated": "expires expirydate expiration",
    }
)
"""Names that are often misspelled."""


def _guessed(name: str, squeezed: str) -> _Doubtful | _Sense | None:
    """The sense of a name that is a misspelling, or has more words than one."""
    if known := nearest(squeezed, _NEAR, likeness=0.75):
        return _NEAR[known]
    words = re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    return _SENSES.get(squeeze("".join(word for word in words if word.casefold() not in _FILLING)))


# ---------------------------------------------------------------------------- values

_TRUE, _FALSE = _words("true yes on y t 1"), _words("false no off n f 0 never")
_OPEN = _words(
    "published publish public live open featured active final done online approved "
    "visible listed everyone all released normal"
)
_SHUT = _words(
    "draft drafts private hidden pending future scheduled unlisted unpublished protected "
    "trash inherit internal members paid review inreview archived password secret skip "
    "expired embargoed none nobody wip offline restricted"
)


def _weighed(sense: _Sense | _Doubtful, value: Any, date: Any) -> Hiding | None:
    """What a field of that sense is for, and whether its value may hide; None if for neither."""
    word = _word(value)
    if sense == "shown" and moment_meant(value):
        sense = "start"
    match sense:
        case "start" | "end":
            return _weighed_moment(sense, value, word, date)
        case "start if dated" | "end if dated":
            purpose: Literal["start", "end"] = "start" if sense == "start if dated" else "end"
            is_dated = word in _TRUE or moment_meant(value)
            return _weighed_moment(purpose, value, word, date) if is_dated else None
    return _weighed_word(sense, value, word)


def _weighed_word(sense: _Sense | _Doubtful, value: Any, word: str) -> Hiding | None:
    match sense:
        case "hidden":
            return Hiding("flag", word not in _FALSE)
        case "shown":
            return Hiding("flag", word not in _TRUE | _OPEN)
        case "state":
            return Hiding("flag", word not in _TRUE | _OPEN | {""})
        case "password":
            return Hiding("flag", word not in _FALSE | {""})
        case "hidden if true":
            is_sure = word in _TRUE
        case "shown if false":
            is_sure = word in _FALSE or _says_no(value)
        case _:
            is_sure = word in _SHUT
    return Hiding("flag", True) if is_sure else None


def _weighed_moment(purpose: Literal["start", "end"], value: Any, word: str, date: Any) -> Hiding:
    if word in _TRUE:
        return Hiding("flag", True)
    until, since = _moment(moment_meant(value)), _moment(date)
    is_over = purpose == "start" and until is not None and since is not None and until <= since
    return Hiding(purpose, not is_over and word not in _FALSE | {""})


def _says_no(value: Any) -> bool:
    """Whether a table says it of anything: `build: {render: never}`."""
    return isinstance(value, Mapping) and any(_word(one) in _FALSE for one in value.values())


def _word(value: Any) -> str:
    """A value as one word in small letters; no value is none, a table or list is a sign."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return squeeze(str(value)) if isinstance(value, str | int | float) else "…"


def moment_meant(value: Any) -> str:
    """The moment that a value is meant for, as it is to be typed; "" if for none."""
    return str(value) if _moment(value) else understood(str(value))


def _moment(value: Any) -> datetime | None:
    try:
        return moment(value, UTC)
    except (ValueError, OverflowError):
        return None
