"""The codes of problems: the names by which programs tell one kind of mistake from another.

What comes in is a problem's file, what goes out its code, where nobody has named a finer one. A
code that was published keeps its name and its meaning; CHANGELOG tells of any that goes.
"""

from enum import StrEnum


class Code(StrEnum):
    """A code, and in a line what has happened when a problem has it."""

    meaning: str

    def __new__(cls, name: str, meaning: str = "") -> "Code":
        """Return the code of that name."""
        code = str.__new__(cls, name)
        code._value_ = name
        code.meaning = meaning
        return code

    CONTENT = "content", "something else in `content/` is at fault"
    SETTINGS = "settings", "something else in `site.toml` is at fault"
    LAYOUT = "layout", "something else in `layouts/` is at fault"
    OUTPUT = "output", "the output folder cannot be written, or something in it is in the way"
    STATE = "state", "a file of the cache in `.broadsheet/` cannot be used, or was made anew"
    EXTENSION = "extension", "code of the site's own fails, or an extension is not there"
    CLUSTER = "cluster", "a cluster's scheduler does not answer, or a worker does not fit"
    FAULT = "fault", "Broadsheet failed at this file in a way that nobody foresaw"

    UNREADABLE = "unreadable", "a file or folder cannot be read"
    NOT_UTF8 = "not-utf8", "a file's bytes are no UTF-8"
    BROKEN_SYNTAX = "broken-syntax", "front matter, settings, data or a layout break their format"
    TOO_LARGE = "too-large", "a text is too large, or would keep its engine busy for too long"
    UNKNOWN_FIELD = "unknown-field", "a field or setting has no meaning here"
    MISSING_FIELD = "missing-field", "a field or setting that is needed is missing, or empty"
    WRONG_VALUE = "wrong-value", "a field or setting has a value of a wrong type or out of bounds"
    DEAD_LINK = "dead-link", "a link leads to no file, page or heading"
    MISSING_PICTURE = (
        "missing-picture",
        "there is no file for a picture or recording, or it is none",
    )
    MISSING_GLYPH = "missing-glyph", "no font of a share card has a character that stands on it"
    UNKNOWN_NAME = "unknown-name", "there is no story, promo, layout, asset or data of that name"
    NOT_PUBLIC = "not-public", "what is named is there, and not public now"
    ADDRESS_TAKEN = "address-taken", "two outputs want the same place, or stand in each other's way"
    ID_TAKEN = "id-taken", "two stories want the same id in feeds"
    BROKEN_PICTURE = "broken-picture", "a picture is broken, or cannot be measured"
    MARKDOWN = "markdown", "Markdown makes of a text what was hardly meant"
    WRONG_BLOCK = "wrong-block", "a block has no such name or argument, or is never closed"
    BROKEN_HTML = "broken-html", "HTML in a text is not closed, or stands where it cannot"
    UNSAFE_HTML = "unsafe-html", "HTML in a text may do harm to readers"
    CHECK = "check", "a check of the site's own has found something"
    BLOCKED = "blocked", "the content security policy keeps out what a text shows"
    WITHHELD = "withheld", "a file of `content/` is not published, lest a secret be"
    HOST_LIMIT = "host-limit", "the site is near a limit of its host, or above it"

    DEPLOY_REFUSED = "deploy-refused", "a deploy stops for another reason: here, or at the host"
    NOT_BUILT = "not-built", "there is no built site, or it is not the one to be shown"
    WOULD_VANISH = "would-vanish", "addresses would vanish: needs `--allow-vanish`"
    MANY_DELETIONS = "many-deletions", "many files would be deleted: needs `--confirm`"
    FOREIGN_FILE = "foreign-file", "a file that no deploy put at the target is in the way"
    NO_ROOM = "no-room", "the host has no room left, or takes no file that large"
    UNREACHABLE = "unreachable", "the host does not answer, or the connection is cut"
    LOCKED = "locked", "another deploy is at work at the target, or came between"
    CREDENTIALS = "credentials", "the host does not let this user in or do that, or is not trusted"
    NOT_ANNOUNCED = "not-announced", "a service could not be told of new stories"
    NOT_VERIFIED = "not-verified", "readers do not get what was sent"
    REFUSED_ADDRESS = (
        "refused-address",
        "an address is of one's own network, or of nothing to fetch",
    )
    NOT_FETCHED = "not-fetched", "what is at an address elsewhere cannot be used"


def code_of_file(file: str) -> Code:
    """Return the code of a problem of which no more is known than its file."""
    return _BY_FOLDER.get(file.partition("/")[0], Code.OUTPUT)


_BY_FOLDER = {
    "content": Code.CONTENT,
    "layouts": Code.LAYOUT,
    "site.toml": Code.SETTINGS,
    ".broadsheet": Code.STATE,
}
"""By the first part of a path: `config` names these places, and a test holds the two together."""
