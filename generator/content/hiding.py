"""Fields by which other generators keep a text from readers, however they are spelled.

What hides must not fail open: a text whose front matter says that it is not for all, or not for
now, in words that mean nothing here, is an error.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from generator.content import tongues
from generator.mismatch import nearest
from generator.moments import moment, understood

Purpose = Literal["flag", "start", "end"]
"""A text is hidden; it is hidden until then; it is hidden from then on."""


class Hiding(NamedTuple):
    """A field that is there to hide a text, and whether its value may do so.

    `is_doubtful` says that the value is a word of which nobody knows whether it hides.
    """

    purpose: Purpose
    hides: bool
    is_doubtful: bool = False


def hiding(name: str, value: Any, date: Any = None) -> Hiding | None:
    """Return what a field of this name and value would do elsewhere.

    None if it is not there to hide.

    `date` is the story's own: what another field puts off no longer than that hides nothing more.
    """
    squeezed = squeeze(name)
    sense = _SENSES.get(squeezed) or _guessed(name, squeezed)
    return _weighed(sense, value, date) if sense else None


def is_known(name: str) -> bool:
    """Return whether a name is one of those that may hide, whatever its value.

    So it is no misspelling.
    """
    return squeeze(name) in _SENSES or squeeze(name) in _OTHERS


def is_plain(name: str) -> bool:
    """Return whether a name is given to nothing but what hides a text, wherever it stands."""
    return squeeze(name) in _PLAIN


def is_slip(name: str) -> bool:
    """Return whether a name can only have slipped below another table, as TOML makes easy."""
    return squeeze(name) in _SLIPPED


def squeeze(name: str) -> str:
    """Return a name without case, accents and signs: `publish_date` and `Publish-Date` are one."""
    return "".join(
        char for char in unicodedata.normalize("NFKD", name).casefold() if char.isalnum()
    )


# ----------------------------------------------------------------------------- names

_Sense = Literal["hidden", "shown", "state", "start", "end", "password"]
_Doubtful = Literal[
    "hidden if true",
    "shown if false",
    "state if shut",
    "kind if draft",
    "start if meant",
    "start if dated",
    "end if meant",
    "end if dated",
]
"""The sense of names that may well be there for something else, but for some values.

Meant is a moment, or true; dated is a moment alone.
"""


def _words(*texts: str) -> frozenset[str]:
    return frozenset(squeeze(word) for text in texts for word in text.split())


def _by_name(names: Mapping[_Sense | _Doubtful, str]) -> dict[str, _Sense | _Doubtful]:
    return {name: sense for sense, all_names in names.items() for name in _words(all_names)}


_SENSES = _by_name(
    {
        "state if shut": f"state access workflow workflowstate display {tongues.STATE}",
        "shown if false": "live show enabled enable active online render rendered routable list"
        " build approved ready readytopublish readyforpublication final finalized finished"
        " reviewed available nodraft notdraft notadraft nothidden notprivate complete completed"
        f" {tongues.SHOWN}",
        "hidden if true": "hide secret internal wip headless skip ignore ignored exclude excluded"
        " disabled eleventyexcludefromcollections embargoed restricted protected membersonly"
        " subscribersonly locked trashed deleted unfinished hidefromsite hidefromreaders notpublic"
        " nonpublic confidential expired draught workinprogress notforpublication"
        " notforpublishing notforrelease offtherecord internalonly offline inactive suppressed"
        " suppress withheld withhold withdrawn retracted redacted removed hold onhold spiked spike"
        " killed kill trash delete remove needsreview needsediting unready notready"
        " pendingreview unapproved notpublished notyetpublished notlive"
        f" {tongues.UNFINISHED} {tongues.HIDDEN}",
        "hidden": "draft drafts isdraft draftstatus hidden ishidden private isprivate unlisted"
        " isunlisted unpublished isunpublished nopublish dontpublish donotpublish"
        f" {tongues.DRAFT}",
        "shown": "published publish public visible listed ispublished ispublic isvisible islisted",
        "state": "status visibility poststatus pagestatus articlestatus publishstatus"
        " publishingstatus publicationstatus",
        "kind if draft": "type audience",
        "start": "publishdate pubdate publishat publishon publishedat publishedon publisheddate"
        " publicationdate publishtime publicationtime publishingdate releasedate releaseat golive"
        " golivedate goliveat golivetime embargodate embargountil embargoeduntil scheduledfor"
        " scheduledat scheduleddate scheduledate availablefrom availableon validfrom visiblefrom"
        " showfrom postdate postdategmt livedate liveon liveat livefrom publishup hiddenuntil"
        f" hideuntil embargo {tongues.START}",
        "start if meant": "schedule scheduled",
        "start if dated": "notbefore startdate release starts",
        "end": "expires expirydate expiry expire expireson expiresat expiredate expiration"
        " expirationdate expirytime unpublish unpublishdate unpublishon unpublishat unpublishedat"
        " validuntil validto validthrough availableuntil visibleuntil showuntil hideafter hidefrom"
        " hideon removeon removeafter deleteon deleteafter archiveon archiveat takedown"
        " takedowndate offlinedate publishdown sunsetdate endofpublication publishuntil"
        " publisheduntil liveuntil",
        "end if dated": f"sunset enddate until notafter {tongues.END}",
        "password": "password postpassword",
    }
)
_PLAIN = _words(
    "draft drafts isdraft hidden private unlisted unpublished published expires expirydate"
    " publishdate status poststatus",
    tongues.DRAFT,
)
_SLIPPED = _words("draft drafts isdraft expires", tongues.DRAFT)
_FILLING = _words(
    "is post page article story entry item content site mark marked as flag mode ist est"
)
"""Words that say nothing more: `post_is_draft`."""
_VAGUE = frozenset(("list", "build", "available", "final", "complete", "completed", "display"))
"""Names that mean something else with those words: `list_page`."""
_NEAR = _by_name(
    {
        "hidden if true": "draft drafts hidden private unlisted unpublished",
        "shown if false": "published",
        "state if shut": "status visibility",
        "start if meant": "publishdate embargo",
        "end if meant": "expires expirydate expiration",
    }
)
"""Names that are often misspelled."""
_OTHERS = _words(
    "raft rafts drift drifts graft grafts craft crafts daft haft shaft republish republished"
    " privacy privatekey publisher states stats"
)
"""Words in their own right that are like those."""


def _guessed(name: str, squeezed: str) -> _Doubtful | _Sense | None:
    """Return the sense of a name that is a misspelling, or has more words than one."""
    if squeezed in _OTHERS:
        return None
    if known := nearest(squeezed, _NEAR, likeness=0.75):
        return _NEAR[known]
    words = re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    rest = squeeze("".join(word for word in words if word.casefold() not in _FILLING))
    return None if rest in _VAGUE and rest != squeezed else _SENSES.get(rest)


# ---------------------------------------------------------------------------- values

_TRUE = _words("true yes on y t 1", tongues.YES)
_FALSE = _words("false no off n f 0 never", tongues.NO)
_ALL = _words("all everywhere everyone everybody always")
_NOTHING = _words("none nothing nobody null nil na lifted over past ended")
"""What is said of an embargo, or by a field that is to hide nothing."""
_OPEN = _words(
    "published publish public live open featured active final done online approved "
    "visible listed everyone all released release normal updated confirmed breaking developing "
    "posted ok okay new complete completed finished corrected verified current default free "
    "ready accepted syndicated exclusive sent shown",
    tongues.SHOWN,
)
_PUBLISHED = _words("published public live final done released", tongues.SHOWN)
_DRAFT = _words("draft drafts draught hidden private unpublished trash unlisted", tongues.DRAFT)
_SHUT = _DRAFT | _words(
    "pending future scheduled protected notforpublication onhold hold spiked killed withdrawn "
    "retracted withheld suppressed deleted removed inactive embargo needsreview unready todo "
    "trash inherit internal members paid review inreview archived password secret skip "
    "expired embargoed none nobody wip workinprogress offline restricted",
    tongues.HIDDEN,
    tongues.UNFINISHED,
    tongues.PENDING,
)
_NOT_YET = re.compile(
    r"\b(?:not|never|no|until|till|soon|later|tomorrow|next|after|when|pending|tb[acd])\b",
    re.IGNORECASE,
)
"""What says of a text that is to be shown that it is not, or not now."""


def _weighed(sense: _Sense | _Doubtful, value: Any, date: Any) -> Hiding | None:
    """Return what a field of that sense is for, and whether its value may hide.

    None if for neither.
    """
    word = _word(value)
    if sense in ("shown", "shown if false") and moment_meant(value):
        sense = "start"
    match sense:
        case "start" | "end":
            return _weighed_moment(sense, value, word, date)
        case "start if meant" | "end if meant" | "start if dated" | "end if dated":
            purpose: Literal["start", "end"] = "start" if sense.startswith("start") else "end"
            is_meant = sense.endswith("meant") and word in _TRUE
            is_moment = is_meant or moment_meant(value)
            return _weighed_moment(purpose, value, word, date) if is_moment else None
    return _weighed_word(sense, value, word)


def _weighed_word(sense: _Sense | _Doubtful, value: Any, word: str) -> Hiding | None:
    match sense:
        case "hidden":
            is_empty = word == "" and value is not None
            return Hiding("flag", not is_empty and word not in _FALSE | _NOTHING | _PUBLISHED)
        case "shown":
            is_denied = word in _FALSE | _SHUT | {"", "…"} or bool(_NOT_YET.search(str(value)))
            is_dated = word not in _TRUE and any(map(str.isdecimal, word))
            return Hiding("flag", is_denied or is_dated, not is_denied)
        case "state":
            is_open = word in _TRUE | _OPEN | {""}
            return Hiding("flag", not is_open, word not in _SHUT | _FALSE | {"…"})
        case "password":
            return Hiding("flag", word not in _FALSE | {""})
        case "hidden if true":
            is_sure = word in _TRUE | _ALL
        case "shown if false":
            is_sure = word in _FALSE or _says_no(value)
        case "kind if draft":
            is_sure = word in _DRAFT
        case _:
            is_sure = word in _SHUT
    return Hiding("flag", True) if is_sure else None


def _weighed_moment(purpose: Literal["start", "end"], value: Any, word: str, date: Any) -> Hiding:
    if word in _TRUE:
        return Hiding("flag", True)
    is_over = purpose == "start" and _is_no_later(value, date)
    return Hiding(purpose, not is_over and word not in _FALSE | _NOTHING | {""})


def _is_no_later(value: Any, date: Any) -> bool:
    """Return whether a moment is no later than another one, of which only the day may be given."""
    until, since = _moment(moment_meant(value)), _moment(date)
    if until is None or since is None:
        return False
    return until <= since or (":" not in str(date) and until.date() <= since.date())


def _says_no(value: Any) -> bool:
    """Return whether a table says that a page is not to be made: `build: {render: never}`."""
    return isinstance(value, Mapping) and any(
        squeeze(str(name)) in ("render", "list", "publish") and _word(one) in _FALSE
        for name, one in value.items()
    )


def _word(value: Any) -> str:
    """Return a value as one word in small letters; no value is none, a table or list is a sign."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return squeeze(str(value)) if isinstance(value, str | int | float) else "…"


def moment_meant(value: Any) -> str:
    """Return the moment that a value is meant for, as it is to be typed; "" if for none."""
    return str(value) if _moment(value) else understood(str(value))


def _moment(value: Any) -> datetime | None:
    try:
        return moment(value, UTC)
    except (ValueError, OverflowError):
        return None
