"""Straight marks become those of the language, in one pass over the HTML of a text.

Quotation marks, apostrophes, primes, dashes and ellipses, everywhere but in code, in tags and
in addresses that are shown. Tags inside a line do not part what they stand between:
`"<em>So</em>"` is quoted. French gets its no-break spaces in a second pass.
"""

import html
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from string import ascii_letters
from typing import NamedTuple, TypeVar

from generator.content.html import ATTRIBUTES
from generator.markup import text as html_of

_T = TypeVar("_T")


class Marks(NamedTuple):
    """What `"` and `'` become where they open and where they close."""

    opening: str
    closing: str
    inner_opening: str
    inner_closing: str


class Spaces(NamedTuple):
    """The no-break spaces that a language has inside quotation marks and before signs."""

    quotes: str
    """Inside « and »."""
    signs: str
    """Before `;`, `!` and `?`."""
    colon: str


ESCAPED = {'"': "\x0e", "'": "\x0f", "-": "\x10", ".": "\x11"}
"""What an engine gives for a mark that the author escaped (`\\"`): it stays as it is."""

_MARK_TYPED = re.compile("[\"'.-]")

UNESCAPED = {escaped: mark for mark, escaped in ESCAPED.items()}


def typeset(markup: str, language: str) -> str:
    """Return the HTML with the marks of a language, a tag such as "de" or "de-CH"."""
    pieces, marks = _MARKUP.split(markup), marks_of(language)
    if "\x0e" in markup or "\x0f" in markup or "\x10" in markup or "\x11" in markup:
        pieces[1::2] = map(_restored, pieces[1::2])
        markup = _set("".join(pieces), pieces, marks)
    else:
        markup = _plainly_set(pieces, marks) or _set(markup, pieces, marks)
    spaces = _of_language(_SPACES, language)
    return _spaced(markup, spaces) if spaces else markup


def typeset_text(text: str, language: str) -> str:
    """Return a text without markup with the marks of a language.

    A mark after `\\` stays, without it.
    """
    if not _MAY_CHANGE.search(text):
        return text
    return html.unescape(typeset(html.escape(set_apart(text), quote=False), language))


def set_apart(text: str) -> str:
    """Return the text with each mark that stands after `\\` as `ESCAPED` has it."""
    return _BACKSLASHED.sub(lambda match: match[1] + ESCAPED[match[2]], text)


def verbatim(text: str) -> str:
    """Return the HTML of a text that is shown as it is typed, in which no mark is to be set."""
    return html_of(_MARK_TYPED.sub(lambda mark: ESCAPED[mark[0]], text))


def marks_of(language: str) -> Marks:
    """Return the marks of a language, or those of English."""
    return _of_language(_MARKS, language) or _ENGLISH


def _of_language(known: Mapping[str, _T], language: str) -> _T | None:
    tag = language.lower()
    return known.get(tag, known.get(tag.partition("-")[0]))


# The quotation marks of CLDR 47 (`delimiters` of each locale), but for these: da, de-CH,
# es, and the inner ones of fr, as their newspapers set them; fr with narrow no-break
# spaces; and hr, nl, sr, which keep double marks for the double ones that are typed.
_ENGLISH = Marks(*"“”‘’")
_MARKS = {
    "ar": Marks(*"”“’‘"),
    "be": Marks(*"«»„“"),
    "bg": Marks(*"„“„“"),
    "bs": Marks(*"„”‘’"),
    "ca": Marks(*"«»“”"),
    "cs": Marks(*"„“‚‘"),
    "da": Marks(*"»«›‹"),
    "de": Marks(*"„“‚‘"),
    "de-ch": Marks(*"«»‹›"),
    "el": Marks(*"«»“”"),
    "es": Marks(*"«»“”"),
    "et": Marks(*"„“‚‘"),
    "eu": Marks(*"«»“”"),
    "fa": Marks(*"«»‹›"),
    "fi": Marks(*"””’’"),
    "fr": Marks("«\u202f", "\u202f»", "“", "”"),
    "fr-ca": Marks("«\u00a0", "\u00a0»", "“", "”"),
    "fr-ch": Marks(*"«»‹›"),
    "he": Marks(*"””’’"),
    "hr": Marks(*"„“‚‘"),
    "hu": Marks(*"„”»«"),
    "hy": Marks(*"«»«»"),
    "is": Marks(*"„“‚‘"),
    "it": Marks(*"«»“”"),
    "ja": Marks(*"「」『』"),
    "ka": Marks(*"„“«»"),
    "lt": Marks(*"„“„“"),
    "mk": Marks(*"„“‚‘"),
    "nb": Marks(*"«»‘’"),
    "nn": Marks(*"«»‘’"),
    "no": Marks(*"«»‘’"),
    "pl": Marks(*"„”«»"),
    "pt-pt": Marks(*"«»“”"),
    "ro": Marks(*"„”«»"),
    "ru": Marks(*"«»„“"),
    "sk": Marks(*"„“‚‘"),
    "sl": Marks(*"„“‚‘"),
    "sq": Marks(*"«»“”"),
    "sr": Marks(*"„”’’"),
    "sv": Marks(*"””’’"),
    "uk": Marks(*"«»„“"),
    "zh-hant": Marks(*"「」『』"),
    "zh-hk": Marks(*"「」『』"),
    "zh-tw": Marks(*"「」『』"),
}

# Of France, after the `Lexique` of the Imprimerie nationale; of Canada, after the Office
# québécois de la langue française. Newspapers of Switzerland set none.
_SPACES: dict[str, Spaces | None] = {
    "fr": Spaces("\u202f", "\u202f", "\u00a0"),
    "fr-ca": Spaces("\u00a0", "", "\u00a0"),
    "fr-ch": None,
}

# ---------------------------------------------------------------- text, tags, shadows

_MARKUP = re.compile(
    r"(<(?:/?(?:p|em|strong|a|li|h[1-6]|blockquote|[uo]l)>"  # most are such: soonest found
    r"|!--.*?(?:-->|\Z)"
    r"|(?i:code\b.*?(?:</code\s*>|\Z)|pre\b.*?(?:</pre\s*>|\Z)|kbd\b.*?(?:</kbd\s*>|\Z)"
    r"|samp\b.*?(?:</samp\s*>|\Z)|math\b.*?(?:</math\s*>|\Z)|script\b.*?(?:</script\s*>|\Z)"
    r"|style\b.*?(?:</style\s*>|\Z)|textarea\b.*?(?:</textarea\s*>|\Z)"
    r"|svg\b.*?(?:</svg\s*>|\Z)|template\b.*?(?:</template\s*>|\Z))"
    r'|sup id="fnref.*?(?:</sup>|\Z)'
    rf"|/?[a-zA-Z][^\s/>]*+{ATTRIBUTES}(?:>|.*)|[!?][^>]*+>?))",
    re.DOTALL,
)
"""A tag, a comment, or an element whose text is left as it is. What never ends is all that
follows: nobody looks for its end twice.
"""
# Each alternative begins with a character, none with a set: so `re` skips what is none of them.
_MARK = re.compile(r"""\"|'|\x0e|\x0f|\x10|\x11|&(?:quot|apos|#34|#39);|--+|\.\.\.+""")
_MAY_CHANGE = re.compile(r"""["':;!?«»]|--|\.\.\.""")
_BACKSLASHED = re.compile(r"""(?<!\\)((?:\\\\)*)\\(["']|-(?=-)|\.(?=\.\.))""")
_NAME = re.compile(r"</?([a-zA-Z][\w-]*)")
_INLINE = re.compile(
    r"a|abbr|b|bdi|bdo|cite|data|del|dfn|em|font|i|ins|label|mark|q|rp|rt|ruby|s|small|span"
    r"|strike|strong|sub|sup|time|u|var|wbr|script|style"
)
_ATOMS = frozenset(("code", "img", "kbd", "math", "samp", "svg", "input", "button"))

# What stands for a tag, as often as it has characters, so that places stay the same.
_NOTHING, _END, _ATOM = "\x00", "\x02", "\ufffc"


def _shadows(pieces: list[str]) -> str:
    """Return text and tags in turn as one text of the same length, with what counts of them."""
    shadow = pieces.copy()
    shadow[1::2] = [_shadow(piece) * len(piece) for piece in pieces[1::2]]
    return "".join(shadow)


@lru_cache(maxsize=1024)
def _shadow(tag: str) -> str:
    """Show a tag inside a line as nothing, code and pictures as a word; others end a block."""
    if tag.startswith(("<sup id=", "<!", "<?")):
        return _NOTHING
    found = _NAME.match(tag)
    name = found[1].lower() if found else ""
    if _INLINE.fullmatch(name):
        return _NOTHING
    if name == "br":
        return " "
    return _ATOM if name in _ATOMS else _END


# ----------------------------------------------------------- marks that are in no doubt

# Most marks of most texts are what they are whatever else stands in the block: the characters
# beside them tell, in a text in which one sign stands for each tag.
_SIGNS = {_NOTHING: "\x00", _ATOM: "\x01", _END: "\x02", " ": "\x03"}
_LETTER = "A-Za-zÀ-ÖØ-öø-ſ"
_NO_GAP = r"[^ \n\x02\x03]"
_OPENING = re.compile(
    rf"""\"(?:(?<!{_NO_GAP}")|(?<=\x00")(?<!{_NO_GAP}\x00"))"""
    r"""(?=\x00*(?:\x01|[^\s.,;:!?)\]}…\-–—/%"'&<\x00-\x1f]))"""
)
_CLOSING = re.compile(
    rf"""\"(?:(?<=[{_LETTER}.,!?]")|(?<=[{_LETTER}.,!?]\x00"))"""
    r"""(?=\x00*(?:[^\w"'&<\x00-\x1f\ufffc]|[\n\x02\x03]|\Z))"""
)
_APOSTROPHE = re.compile(rf"'(?:(?<=[{_LETTER}]')|(?<=[0-9]')(?=[A-Za-z]))")
_DASH, _LONG_DASH = (
    re.compile(rf"{hyphens}(?!-)(?:(?<![\w.-]{hyphens})|(?<!-{hyphens})(?![\w.-]))")
    for hyphens in ("--", "---")
)
_ELLIPSIS = re.compile(r"\.\.\.(?<!\.\.\.\.)(?!\.)")
_MAY_BE_ADDRESS = re.compile(r"\.(?:(?<=[wW]{3}\.)|[^\W\d_]{2,}/)")


def _plainly_set(pieces: list[str], marks: Marks) -> str | None:
    """Return text and tags in turn as HTML with its marks, None if one of them is in doubt."""
    text = _beside_signs(pieces)
    if _may_show_address(text):
        return None
    if "&" in text:
        text = text.replace("&quot;", '"')
    has_dashes, has_dots = "--" in text, "..." in text
    if '"' in text:
        text = _CLOSING.sub(marks.closing, _OPENING.sub(marks.opening, text))
    if "'" in text:
        text = _APOSTROPHE.sub("’", text)
    if has_dashes:
        text = _LONG_DASH.sub("—", _DASH.sub("–", text))
    if has_dots:
        text = _ELLIPSIS.sub("…", text)
    is_left = '"' in text or "'" in text or (has_dashes and "--" in text)
    if is_left or (has_dots and "..." in text) or ("&" in text and _MARK.search(text)):
        return None
    return _with_tags(text, pieces[1::2])


def _beside_signs(pieces: list[str]) -> str:
    signed = pieces.copy()
    signed[1::2] = map(_sign, pieces[1::2])
    return "".join(signed)


@lru_cache(maxsize=1024)
def _sign(tag: str) -> str:
    return _SIGNS[_shadow(tag)]


def _with_tags(text: str, tags: list[str]) -> str | None:
    """Return a text with these tags where their signs are; None if there are other signs in it."""
    for sign in "\x01\x02\x03":
        text = text.replace(sign, "\x00")
    texts = text.split("\x00")
    if len(texts) != len(tags) + 1:
        return None
    pieces = [""] * (len(tags) + len(texts))
    pieces[::2], pieces[1::2] = texts, tags
    return "".join(pieces)


def _may_show_address(text: str) -> bool:
    if "@" in text or ("&" in text and "&#64;" in text):
        return True
    return "/" in text and ("://" in text or bool(_MAY_BE_ADDRESS.search(text)))


_QUOTE_ENTITY = "&(?:quot|apos|lt|gt|#34|#39);"
_ADDRESS = re.compile(
    r"(?<![\w.@-])(?:[a-z][a-z0-9+.-]{1,20}://|www\.|(?:[\w-]+\.)+[a-z]{2,}(?=/))"
    r"""[^\s/?#'"<>&\x00\x02\ufffc]*"""
    rf"""(?:[/?#](?:[^\s<>"“”«»&\x00\x02\ufffc]|&(?!{_QUOTE_ENTITY[1:]}))*)?""",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?<![\w.-])[a-z0-9][a-z0-9.-]{0,250}(?<=[a-z0-9])\.[a-z]{2,24}(?![\w-])")
_PUNYCODE = re.compile(r"(?<!\w)xn--[a-z0-9-]+", re.IGNORECASE)
_SPACE = re.compile(r"\s")
_LONGEST_HOST = 256
_MAIL = re.compile(
    r"(?<![\w.+-])\w[\w.+'-]{0,63}@[\w-]+(?:\.[\w-]+)+|(?:&#?\w+;)+&#64;(?:&#?\w+;)+"
)
_AFTER_ADDRESS = re.compile(rf"""(?:["'.,:;!?…)\]]|{_QUOTE_ENTITY})+\Z""")
_OF_ADDRESS = re.compile(r"[^\x0e-\x11]")


def _without_addresses(shadow: str) -> str:
    """Return the text with a word that has no mark in the place of each address that it shows."""
    parts, done, slash = list[str](), 0, shadow.find("/")
    while slash >= 0:
        least = max(done, slash - _LONGEST_HOST)
        start = max(least, shadow.rfind(" ", least, slash))
        space = _SPACE.search(shadow, slash)
        end = space.start() if space else len(shadow)
        word = shadow[start:end]
        if "://" in word or "." in word:
            parts += shadow[done:start], _ADDRESS.sub(_as_atom, word)
            done = end
        slash = shadow.find("/", end)
    shadow = "".join([*parts, shadow[done:]])
    if "@" in shadow or ("&" in shadow and "&#64;" in shadow):
        shadow = _MAIL.sub(_as_atom, shadow)
    return _in_words(shadow, "--", _without_hosts)


def _in_words(text: str, sign: str, changed: Callable[[str], str]) -> str:
    """Return the text with each word `changed` that holds a sign; to look at all takes longer."""
    parts, done, place = list[str](), 0, text.find(sign)
    while place >= 0:
        start = text.rfind(" ", done, place) + 1 or done
        end = text.find(" ", place)
        end = len(text) if end < 0 else end
        parts += text[done:start], changed(text[start:end])
        done, place = end, text.find(sign, end)
    return "".join([*parts, text[done:]]) if parts else text


def _without_hosts(word: str) -> str:
    """Return a word with no mark in place of a host whose name has two hyphens in it."""
    return _PUNYCODE.sub(_as_atom, _HOST.sub(_as_host, word))


def _as_host(word: re.Match[str]) -> str:
    """Return a word that ends as hosts do as one, if two hyphens may be part of its name."""
    is_host = "--" in word[0] and "---" not in word[0] and ".." not in word[0]
    return _as_atom(word) if is_host else word[0]


def _as_atom(address: re.Match[str]) -> str:
    after = _AFTER_ADDRESS.search(address[0])
    end = after.start() if after and "&#64;" not in address[0] else len(address[0])
    return _OF_ADDRESS.sub(_ATOM, address[0][:end]) + address[0][end:]


_ESCAPED_MARK = re.compile("[\x0e-\x11]")
_CODE_TAG = re.compile(r"""<code\b(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")


def _restored(tag: str) -> str:
    """Return a tag or some code with the marks that were escaped: by the author, or in his HTML.

    A quotation mark ends no attribute. In the text of code it stands as it is.
    """
    code = _CODE_TAG.match(tag)
    end = code.end() if code else len(tag)
    text = _ESCAPED_MARK.sub(lambda mark: UNESCAPED[mark[0]], tag[end:])
    return _ESCAPED_MARK.sub(lambda mark: _IN_TAG[mark[0]], tag[:end]) + text


_IN_TAG = {escaped: "&quot;" if mark == '"' else mark for escaped, mark in UNESCAPED.items()}


# ------------------------------------------------------------------------------- marks

_QUOTES = {'"': '"', "'": "'", "&quot;": '"', "&#34;": '"', "&apos;": "'", "&#39;": "'"}
_DASHES = {"--": "–", "---": "—"}
_ENTITY = re.compile(r"&#?\w+;")
_ENTITY_BEFORE = re.compile(r"&#?\w+;\Z")
_AFTER = re.compile(r"""(?:[\x00"']|&(?:quot|apos|#34|#39);)*""")
_SPACELESS = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60"
    "\U00020000-\U0003ffff"
)
"""Letters and signs of scripts that part no words, from Thai to Han."""

_OF_SPACELESS = re.compile(f"[{_SPACELESS}]")
_LATER_END = re.compile(
    r"""[^\s(\[{\x02\-–—]\x00*(?:'|&apos;|&#39;)"""
    rf"(?!\x00*(?![{_SPACELESS}])\w)|\x02"
)
_ELISION = re.compile(
    r"\x00*(?:(?:\d\d(?:s|er[mns]?)?|n|em|til|tis|twas|twere|twill)(?!\w)|[kmrst](?![\w'&]))",
    re.IGNORECASE,
)
"""The '90s, '68er in German, 's avonds and 't in Dutch."""

_GROUP = re.compile(r"\x00*\d{3}(?!\d)")
_SOFT = frozenset("([{<-–—/=¿¡“„«‘‚‹*|")
"""Signs after which a quotation may begin without a space."""

_BRACKETS = frozenset("([{¿¡")

_STOPS = frozenset(".,;:!?)]}…-–—/%")
"""Signs before which a quotation ends rather than begins."""

_LEAD = re.compile(
    r"""(?:[\x00"']|&(?:quot|apos|#34|#39);)*(?:\.\.+|--+|[.…–—!?%/])+(\s?)[\x00"']*(?:&quot;)?\w"""
)
"""Signs that lead on to a word: before `...and then` a quotation begins."""


_PLAIN_ROLES = {(space, letter): "open" for space in " \n" for letter in ascii_letters} | {
    (sign, end): "close" for sign in f"{ascii_letters}.,!?" for end in f" \n{_END}"
}
"""What a double mark is between two characters, whatever stands around those."""


def _set(markup: str, pieces: list[str], marks: Marks) -> str:
    return _Setter(markup, _without_addresses(_shadows(pieces)), marks).set()


class _Setter:
    """Goes from mark to mark; knows which quotations are open in the block."""

    def __init__(self, markup: str, shadow: str, marks: Marks) -> None:
        self.markup, self.shadow, self.marks = markup, shadow, marks
        self.open: list[str] = []
        self.number_open = {'"': 0, "'": 0}
        self.marks_end = 0
        self.later: tuple[int, bool] = (0, False)
        self.was_left_open = False
        self.last_end, self.last = -1, ""

    def set(self) -> str:
        parts: list[str] = []
        done = 0
        for match in _MARK.finditer(self.shadow):
            start, end = match.span()
            if self.shadow.find(_END, done, start) >= 0:
                self.was_left_open = self.was_left_open or self._is_open('"')
                self.open.clear()
                self.number_open = dict.fromkeys(self.number_open, 0)
            parts += self.markup[done:start], self._mark(match[0], start, end)
            self.last_end = done = end
        parts.append(self.markup[done:])
        return "".join(parts)

    def _mark(self, typed: str, start: int, end: int) -> str:
        if quote := _QUOTES.get(typed):
            self.last = self._role(quote, start, end)
            return self._shown(quote, self.last)
        self.last = "sign"
        if typed[0] == ".":
            return "…" if len(typed) == 3 else typed
        return UNESCAPED.get(typed) or _DASHES.get(typed, typed)

    def _shown(self, quote: str, role: str) -> str:
        if role in ("apostrophe", "prime"):
            return ("″" if quote == '"' else "′") if role == "prime" else "’"
        first = 0 if quote == '"' else 2
        if role == "open":
            self.open.append(quote)
            self.number_open[quote] += 1
            return self.marks[first]
        if self._is_open(quote):
            last = ""
            while last != quote:
                last = self.open.pop()
                self.number_open[last] -= 1
        else:
            self.was_left_open = False
        return self.marks[first + 1]

    def _is_open(self, quote: str) -> bool:
        return self.number_open[quote] > 0

    def _role(self, quote: str, start: int, end: int) -> str:
        """Return whether a mark opens, closes, is an apostrophe, or a prime."""
        around = self.shadow[start - 1 : start], self.shadow[end : end + 1]
        if quote == '"' and around in _PLAIN_ROLES and start != self.last_end:
            return _PLAIN_ROLES[around]
        before, after = self._before(start), self._after(end)
        at_word = after.isalnum() or after == _ATOM
        if quote == "'":
            return self._single(before, after, at_word, end)
        is_open = self._is_open('"')
        if before.isspace() or not before:
            return "close" if is_open and self._is_ending(is_open, before, after, end) else "open"
        if before in _SOFT or before == "open":
            return "close" if self._is_ending(is_open, before, after, end) else "open"
        if before.isdigit() and not (is_open or self.was_left_open or at_word):
            return "prime"
        if before == "apostrophe" and not (at_word or is_open):  # l'"...altro"
            return "close" if self._is_ending(is_open, before, after, end) else "open"
        is_word = len(before) == 1 and before.isalnum() and not _OF_SPACELESS.match(before)
        return "open" if at_word and not (is_open or is_word or before == "close") else "close"

    def _single(self, before: str, after: str, at_word: bool, end: int) -> str:
        is_open = self._is_open("'")
        if before.isspace() or not before or before in _SOFT or before == "open":
            if self._is_ending(is_open, before, after, end):
                return "close" if is_open else "apostrophe"
            if after in _STOPS:
                return "open"
            if _ELISION.match(self.shadow, end):
                return "apostrophe"
            return "open" if self._is_closed_later(end) else "apostrophe"
        if _OF_SPACELESS.match(before) or (is_open and _OF_SPACELESS.match(after)):
            return "close" if is_open else "open" if self._is_closed_later(end) else "apostrophe"
        if before.isdigit() and not is_open and not after.isalpha():
            is_group = after.isdigit() and _GROUP.match(self.shadow, end)
            return "apostrophe" if is_group else "prime"
        if is_open and not at_word:
            return "close"
        return "apostrophe"

    def _is_closed_later(self, end: int) -> bool:
        """Return whether a mark that may close stands behind a place in its block."""
        if self.later[0] <= end:
            later = _LATER_END.search(self.shadow, end)
            after = later.start() + 1 if later else len(self.shadow) + 1
            self.later = (after, later is not None and later[0] != _END)
        return self.later[1]

    def _is_ending(self, is_open: bool, before: str, after: str, end: int) -> bool:
        """Return whether what stands after a mark that no word stands before
        speaks for a closing one.
        """
        if after not in _STOPS:
            return after.isspace() or not after
        if before in _BRACKETS and not is_open:
            return False
        lead = _LEAD.match(self.shadow, max(end, self.marks_end))
        return not lead or (is_open and (bool(lead[1]) or before in "-–—"))

    def _before(self, place: int) -> str:
        """Return the character before a place, or what a mark there has become.

        There is none where a block begins.
        """
        if place and self.shadow[place - 1].isalnum():  # it ends no mark
            return self.shadow[place - 1]
        while place and self.shadow[place - 1] == _NOTHING and place != self.last_end:
            place -= 1
        if place == self.last_end:
            return {"sign": self.markup[place - 1], "prime": "0"}.get(self.last, self.last)
        if not place or self.shadow[place - 1] == _END:
            return ""
        if self.shadow[place - 1] == ";":
            entity = _ENTITY_BEFORE.search(self.shadow, max(0, place - 10), place)
            return (html.unescape(entity[0]) or ";")[-1] if entity else ";"
        return self.shadow[place - 1]

    def _after(self, place: int) -> str:
        """Return the first character after a place that is no quotation mark.

        There is none where the block ends.
        """
        if self.shadow[place : place + 1].isalnum():
            return self.shadow[place]
        place = self._marks_end(place)
        if place == len(self.shadow) or self.shadow[place] == _END:
            return ""
        entity = _ENTITY.match(self.shadow, place)
        return (html.unescape(entity[0]) or "&")[0] if entity else self.shadow[place]

    def _marks_end(self, place: int) -> int:
        """Return where the quotation marks end that follow a place; found once for all of them."""
        if place > self.marks_end:
            skipped = _AFTER.match(self.shadow, place)
            self.marks_end = skipped.end() if skipped else place
        return self.marks_end


# ---------------------------------------------------------------------- no-break spaces

_SIGN = re.compile(
    r"«(?=[\s\x00]*[^\s\x00\x02»])|»|[!?]+(?=[\s\x00\x02)\]}»”’.,…&]|\Z)|;(?=[\s\x00\x02»]|\Z)"
    r"|:(?=[\s\x00\x02«“&]|\Z)|&(?:amp;(?=#|[a-z]{2,8};))?#?\w+;"
)
_TYPED_SPACE = r"(?:[ \n\u00a0\u2009\u202f]|&(?:nbsp|thinsp|#160|#8239|#xa0|#x202f);)*"
_SPACE_AFTER = re.compile(_TYPED_SPACE)
_SPACE_BEFORE = re.compile(rf"{_TYPED_SPACE}\Z")
_LONGEST_SPACE = 24
_BEFORE_SIGN = frozenset(")]}»”’\"'%°…*" + _ATOM)
"""Beside letters and digits, signs behind which a space is put where none was typed."""


def _spaced(markup: str, spaces: Spaces) -> str:
    """Return the HTML with no-break spaces, for those that were typed, and where none was."""
    shadow = _without_addresses(_shadows(_MARKUP.split(markup)))
    parts: list[str] = []
    done = 0
    for sign in _SIGN.finditer(shadow):
        start, end = _space_at(shadow, sign)
        space = _space_for(sign[0], spaces)
        if not space or start < done or "<" in markup[start:end]:
            continue
        by_any = sign[0] == "»" or start < end
        if sign[0] == "«" or _may_be_parted(shadow, start, by_any):
            parts += markup[done:start], space
            done = end
    parts.append(markup[done:])
    return "".join(parts)


def _space_for(sign: str, spaces: Spaces) -> str:
    if sign in "«»":
        return spaces.quotes
    if sign == ":":
        return spaces.colon
    return "" if sign[0] == "&" else spaces.signs


def _space_at(shadow: str, sign: re.Match[str]) -> tuple[int, int]:
    """Return where the space that belongs to a sign begins and ends: behind «, before any other."""
    if sign[0] == "«":
        after = _SPACE_AFTER.match(shadow, sign.end())
        return after.span() if after else (sign.end(), sign.end())
    end = _before_tags(shadow, sign.start())
    before = _SPACE_BEFORE.search(shadow, max(0, end - _LONGEST_SPACE), end)
    return before.span() if before and before[0] else (sign.start(), sign.start())


def _may_be_parted(shadow: str, place: int, by_any: bool) -> bool:
    """Return whether what ends at a place is parted from its sign: `by_any`, whatever it is."""
    place = _before_tags(shadow, place)
    before = shadow[place - 1] if place else _END
    if by_any:
        return before not in (_END, "«") and not before.isspace()
    return before.isalnum() or before in _BEFORE_SIGN or before == ";"


def _before_tags(shadow: str, place: int) -> int:
    while place and shadow[place - 1] == _NOTHING:
        place -= 1
    return place
