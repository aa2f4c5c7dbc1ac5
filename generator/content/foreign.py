"""Fields that mean nothing here, but in other generators: what they are called here."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from generator.codes import Code
from generator.content.hiding import (
    Hiding,
    hiding,
    is_known,
    is_plain,
    is_slip,
    moment_meant,
    squeeze,
)
from generator.errors import Problem
from generator.fields import Path, fields_of, named
from generator.mismatch import listed, near
from generator.model import (
    ArticleMatter,
    AudioMatter,
    AuthorMatter,
    FollowMatter,
    ItemMatter,
    PageMatter,
    PictureMatter,
    PromoMatter,
    SourceMatter,
    TermMatter,
)
from generator.schema import Door, Severity
from generator.spelling import Scalar, field_spelled, plain, spelled, typed
from generator.urls import is_web_address

Kind = type[msgspec.Struct]


class MatterDoor(Door, frozen=True):
    """The door for front matter. A field that nobody knows is a warning, unless it is to hide."""

    def unknown(self, kind: Kind, raw: Mapping[str, Any], path: Path) -> Problem:
        name = str(path[-1])
        is_own = len(path) == 1
        value = plain(raw[name])
        found = hiding(name, value, _date(raw)) if is_own or is_plain(name) else None
        if (found and found.hides) and (is_own or not found.is_doubtful):
            return self._open(kind, found, path, raw[name])
        what, remedy = self._known_elsewhere(kind, raw, path, found)
        return self.problem(path, what, remedy, "warning", Code.UNKNOWN_FIELD)

    def advice(self, path: Path, raw: Any, remedy: str) -> str:
        if path[0] in ("author", "authors") and isinstance(raw, Mapping):
            rest = "what else is known of an author belongs into a file in content/authors/"
            name = raw.get("name") or raw.get("title")
            return f"write the name alone{f': {spelled(name, self.form)}' if name else ''}; {rest}"
        return remedy

    def empty(self, kind: Kind, raw: Mapping[str, Any]) -> Iterator[Problem]:
        """Yield the fields that are to hide the text, and say nothing."""
        known = fields_of(kind)
        if "expires" in raw and "expires" not in known and plain(raw["expires"]) is None:
            yield self._open(kind, Hiding("end", True), ("expires",), "")
        for name, remedy in (("draft", "write true or false"), ("expires", "fill in a date")):
            if name in raw and name in known and plain(raw[name]) is None:
                what = f"{name} is empty"
                remedy = f"{remedy}, or take the line out"
                yield self.problem((name,), what, remedy, code=Code.MISSING_FIELD)

    def astray(self, kind: Kind, raw: Mapping[str, Any]) -> Iterator[Problem]:
        """Yield the fields that hide nothing where they stand: in `extra`, or an unknown table."""
        known, date = fields_of(kind), _date(raw)
        for top, table in raw.items():
            is_extra = top == "extra" and top in known
            for path, value in _below((top,), table) if is_extra or top not in known else ():
                name = str(path[-1])
                found = hiding(name, plain(value), date) if is_plain(name) else None
                if found and found.hides and not found.is_doubtful:
                    is_sure = is_slip(name) or not (is_extra or squeeze(name) in _OF_PARTS)
                    yield self._astray(path, "error" if is_sure else "warning")

    def _astray(self, path: Path, severity: Severity) -> Problem:
        remedy = f"move it above `{path[0]}`, among the text's own fields"
        return self.problem(path, f"{named(path)} hides nothing", remedy, severity)

    def _open(self, kind: Kind, found: Hiding, path: Path, raw: Any) -> Problem:
        """Return the error of a field that would hide the text elsewhere."""
        what = f"`{named(path)}` hides nothing here: the text would be public"
        if found.is_doubtful:
            what = f"`{named(path)}` has no meaning here, and nobody knows whether it is to hide"
        remedy = self._instead(kind, found, path, raw)
        return self.problem(path, what, remedy, code=Code.UNKNOWN_FIELD)

    def _instead(self, kind: Kind, found: Hiding, path: Path, raw: Any) -> str:
        known = fields_of(kind)
        if found.is_doubtful and "draft" in known:
            hidden = field_spelled("draft", True, self.form)
            return f"write {hidden} if it is to be hidden, else take the line out"
        if len(path) > 1:
            return "take it out, or move it among the text's own fields"
        if "draft" not in known:
            remedy = "take it out, or move the file out of content/"
            return f"{_named_kind(kind)} cannot be hidden: {remedy}"
        field, hidden = _FIELDS[found.purpose], field_spelled("draft", True, self.form)
        if field == "draft":
            return f"write {hidden}, or take the line out"
        if field not in known:
            return f"{_named_kind(kind)} has no `{field}`: write {hidden} while it is hidden"
        if meant := moment_meant(typed(raw)):
            return f"write {field_spelled(field, meant, self.form)}"
        return f"write the moment as `{field}`"

    def _known_elsewhere(
        self, kind: Kind, raw: Mapping[str, Any], path: Path, found: Hiding | None
    ) -> tuple[str, str]:
        """Return what a field that hides nothing is here, and what to do about it."""
        name, known = squeeze(str(path[-1])), fields_of(kind)
        field = _meant(kind).get(name, "")
        if found:
            field = _FIELDS[found.purpose]
            if field not in known or (field == "draft" and "draft" not in name):
                field = ""
        if field in ("permalink", "aliases") and is_web_address(str(typed(raw[str(path[-1])]))):
            field = _ELSEWHERE.get(name, field)
        if field.partition(".")[0] in known:
            return f"`{named(path)}` is `{field}` here", self._renamed(raw, path, field)
        if field == _BELOW:
            return f"`{named(path)}` is {field} here", "move it there"
        if not found and not is_known(name) and (close := near(name, known)):
            return f"unknown field `{named(path)}`", f"did you mean `{close}`?"
        remedy = "take it out, or put it below `extra`" if "extra" in known else "take it out"
        at_once = ": a page is public at once" if (kind, name) == (PageMatter, "date") else ""
        return f"`{named(path)}` has no meaning here{at_once}", remedy

    def _renamed(self, raw: Mapping[str, Any], path: Path, field: str) -> str:
        """Return how a value is to be written for the field that it is meant for."""
        top, _, below = field.partition(".")
        if top in raw:
            return f"`{top}` is there too: make one of the two"
        value = typed(raw[str(path[-1])])
        if below and isinstance(value, str):
            others = {name: "…" for name, f in fields_of(_TABLES[top]).items() if f.required}
            return f"write {field_spelled(top, others | {below: value}, self.form)}"
        if top in _LISTS and (items := list(_texts(value))):
            return f"write {field_spelled(top, items, self.form)}"
        return f"write `{field}`"


_FIELDS = {"flag": "draft", "start": "date", "end": "expires"}
_OF_PARTS = ("hidden",)
"""Names that elsewhere hide a part of a page as well, such as its picture."""
_LISTS = ("tags", "aliases", "authors")
_ELSEWHERE = {"url": "source.url", "path": "", "redirect": "", "redirects": ""}
"""What fields for an address of this site are, if it is one elsewhere."""
_BELOW = "the text below the fields"
_TABLES: dict[str, Kind] = {
    "image": PictureMatter,
    "audio": AudioMatter,
    "source": SourceMatter,
    "follow": FollowMatter,
}
_NAMES: dict[Kind, str] = {
    AuthorMatter: "an author",
    TermMatter: "a term",
    PageMatter: "a page",
    PromoMatter: "a promo",
    ItemMatter: "an item",
}


def _named_kind(kind: Kind) -> str:
    return next(_NAMES[one] for one in kind.__mro__ if one in _NAMES)


def _date(raw: Mapping[str, Any]) -> Any:
    """Return the date of a text, or what was typed for it."""
    date = raw.get("date")
    return (
        date.value if isinstance(date, Scalar) and not isinstance(date.value, int) else typed(date)
    )


def _below(path: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    """Yield all fields in a table, and in the tables and lists that it holds."""
    table = dict(enumerate(value)) if isinstance(value, list) else value
    for step, held in table.items() if isinstance(table, Mapping) else ():
        yield (*path, step), held
        yield from _below((*path, step), held)


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts in a value, those in one text apart: `AI, Law`."""
    value = typed(value)
    if isinstance(value, str):
        yield from listed(value)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            if not is_plain(name) and not isinstance(plain(one), bool):
                yield from _texts(one)
    elif isinstance(value, list):
        yield from (str(typed(one)) for one in value if isinstance(one, str | Scalar))


def _names(**fields: str) -> dict[str, str]:
    """Return names elsewhere, squeezed, and the field here, whose dots are spelled `__`."""
    return {
        name: field.replace("__", ".") for field, names in fields.items() for name in names.split()
    }


_IMAGE = _names(
    image__src="featuredimage featureimage featuredimg featureimg cover coverimage coverimg"
    " thumbnail thumb thumbnailurl hero heroimage banner bannerimage headerimage header teaserimage"
    " ogimage socialimage shareimage sharingimage photo picture images img postimage previewimage"
    " leadimage mainimage titleimage imageurl imagesrc preview",
    image__alt="imagealt imagealttext coveralt thumbnailalt featureimagealt featuredimagealt"
    " coverimagealt heroalt",
    image__caption="imagecaption featureimagecaption featuredimagecaption covercaption caption"
    " herocaption photocaption",
    image__credit="imagecredit photocredit photographer featuredimagecredit covercredit"
    " imagecopyright",
)
_UPDATED = _names(
    updated="lastmod modified lastmodified lastmodifiedat updatedat updatedon modifieddate"
    " lastupdated lastupdate updateddate updatedate modifiedat moddate dateupdated datemodified"
    " postmodified postmodifiedgmt revised revisiondate lastchanged changed update",
)
_SUMMARY = _names(
    summary="description excerpt subtitle abstract teaser lead lede dek deck intro introduction"
    " standfirst blurb snippet subhead subheading metadescription seodescription customexcerpt"
    " postexcerpt shortdescription desc synopsis ogdescription",
)
_FORMER = _names(
    aliases="redirectfrom redirectsfrom redirects redirect alias oldurl oldurls oldpath oldpaths"
    " formerurls",
)
_ADDRESS = _FORMER | _names(
    permalink="url path",
    slug="posturl urlslug basename postname posttitleslug",
    title="headline heading pagetitle posttitle name",
    extra="params extras custom customfields",
)


def _meant(kind: Kind) -> dict[str, str]:
    """Return what names elsewhere are here, be some of the fields declared by the site or not."""
    return next((_MEANT[one] for one in kind.__mro__ if one in _MEANT), {})


_MEANT: dict[Kind, dict[str, str]] = {
    ArticleMatter: _IMAGE
    | _UPDATED
    | _SUMMARY
    | _ADDRESS
    | _names(
        tags="categories category keywords keyword topics topic tag labels subjects subject"
        " taxonomies tagslist posttags",
        authors="by byline writer writers contributors contributor creator creators postauthor"
        " coauthors",
        date="created createdat createdon datecreated datepublished dateposted posted postedon"
        " dcdate issued",
        kicker="eyebrow overline supertitle label",
        featured="sticky pin pinned top highlight ispinned isfeatured issticky",
        comments="commentsenabled allowcomments allowcomment commentstatus comment enablecomments"
        " commentable",
        source__url="link externalurl externallink sourceurl sourcelink originalurl via canonical"
        " canonicalurl linkurl",
        source__name="sourcename publication publisher",
        audio__src="enclosure mp3 podcast audiofile audiourl audiosrc podcastfile podcasturl"
        " recording",
        audio__duration="audiolength audioduration",
        audio__episode="episodenumber episode",
        corrections="correction errata erratum corrigendum corrigenda",
        id="guid atomid feedid entryid",
    ),
    PageMatter: _UPDATED | _SUMMARY | _ADDRESS,
    ItemMatter: _IMAGE | _UPDATED | _SUMMARY | _ADDRESS,
    AuthorMatter: _names(
        name="title displayname fullname author",
        photo="avatar image picture portrait headshot photourl profileimage gravatar",
        role="jobtitle job position occupation",
        follow__url="url website homepage web link twitter mastodon bluesky linkedin github"
        " facebook instagram",
    )
    | _FORMER
    | dict.fromkeys(("bio", "biography", "description", "about"), _BELOW),
    TermMatter: _names(name="title tag label")
    | _FORMER
    | dict.fromkeys(("description", "summary", "about"), _BELOW),
    PromoMatter: _names(
        title="name heading headline",
        url="link href address target",
        label="button buttontext cta",
    )
    | dict.fromkeys(("description", "summary", "body", "text"), _BELOW),
    PictureMatter: _names(
        src="url path file filename image href source",
        alt="alttext description text",
        credit="author copyright photographer by attribution",
    ),
    AudioMatter: _names(
        src="url path file filename audio href source mp3",
        title="name caption",
        duration="length time seconds",
        bytes="size filesize sizeinbytes",
        transcript="text subtitles captions",
        chapters="marks",
        episode="number",
    ),
    SourceMatter: _names(
        name="title site publication publisher outlet",
        url="link href address",
        author="by byline writer",
        published="date pubdate publishdate",
    ),
    FollowMatter: _names(url="link href address", label="text title name"),
}
