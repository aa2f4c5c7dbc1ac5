"""New things from nothing: a site, an article, the file by which a host builds a site."""

import json
import re
import shutil
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from shlex import quote

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from generator.config import CONTENT, SITE_TOML, Settings, load_settings
from generator.config.checks import bad_site_url
from generator.config.collections import Collection, collections_of
from generator.config.settings import FieldType
from generator.deploy.targets.choose import extras_of
from generator.errors import SiteError, UsageError, shortened
from generator.installation import example, named, requirement
from generator.mismatch import near
from generator.regular import real, replacing
from generator.schema import BLANKS, CONTROL
from generator.toml_places import with_value
from generator.urls import is_text, stem_of_file

STARTER = Path(__file__).parent / "starter"
PIPELINES = Path(__file__).parent / "pipelines"

_WORKFLOW = ".github/workflows/broadsheet.yml"
_PIPELINE = ".gitlab-ci.yml"
_FILES = {
    "cloudflare": _WORKFLOW,
    "github": _WORKFLOW,
    "gitlab": _PIPELINE,
    "netlify": _WORKFLOW,
}
"""By host: where the file belongs by which it builds a site."""
_TO_DO = {
    "cloudflare": "At GitHub add the secrets CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID and"
    " CLOUDFLARE_PROJECT (Settings, Secrets and variables, Actions).",
    "github": "At GitHub choose the source GitHub Actions (Settings, Pages).",
    "gitlab": 'At GitLab add a schedule with the interval "7 * * * *" (Build, Pipeline schedules):'
    " without it scheduled stories go live only when you push.",
    "netlify": "At GitHub add the secrets NETLIFY_AUTH_TOKEN and NETLIFY_SITE_ID"
    " (Settings, Secrets and variables, Actions).",
}


PLACEHOLDER = "https://example.org/"
"""The address of a site that nobody has given one yet. None can be deployed under it."""


def make_site(
    folder: Path, language: str = "en", address: Callable[[], str] = lambda: PLACEHOLDER
) -> str:
    """Copy the starter into a folder that is empty or not there yet.

    `language` is the site's, a tag such as "de"; UsageError if it is none. `address` is asked
    for that of the site when all else is well; it is returned.
    """
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise UsageError(f'"{language}" is no language: write a tag such as de or pt-BR') from error
    if reason := _unfit(folder):
        raise UsageError(f"{shortened(str(folder))} {reason}: name a new folder")
    url = address()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"{shortened(str(folder))} cannot be made ({error.strerror})"
        raise UsageError(f"{what}: name a new folder, where you may write") from error
    shutil.copytree(STARTER, folder, dirs_exist_ok=True)
    # A packaged file whose name starts with a dot is easily lost on the way.
    (folder / "gitignore").rename(folder / ".gitignore")
    settings = folder / SITE_TOML
    rule = "language" if _script(locale) in _SPELLED else "unicode"
    text = settings.read_text(encoding="utf-8")
    text = text.replace('language = "en"', f'language = "{language}"')
    text = text.replace('slugs = "language"', f'slugs = "{rule}"')
    settings.write_text(text.replace(f'"{PLACEHOLDER}"', _quoted(url)), encoding="utf-8")
    return url


def first_steps(folder: Path, url: str) -> list[str]:
    """Return how to go on with a new site of that address, in commands that can be typed."""
    way = f"./{folder}" if str(folder).startswith("-") else str(folder)
    lines = [
        f"  cd {quote(way)}" if folder != Path() else "",
        "  broadsheet serve --open      # see it, and each change as you save it; Ctrl-C ends that",
        '  broadsheet new "A headline"  # start a story: a draft, until you take out its line'
        ' "draft: true"',
        "  broadsheet build             # make the pages for readers, in public/",
        "  broadsheet deploy            # carry them there, once"
        f" {SITE_TOML} says where: see its end",
    ]
    if url == PLACEHOLDER:
        lines.append(
            f"Before you deploy it, write its address into {SITE_TOML}: as url, and as id_url."
        )
    return [f"Made a site in {folder}. To go on, type:", *filter(None, lines)]


def _unfit(folder: Path) -> str:
    """Return why a folder may not become that of a new site, or an empty string."""
    try:
        if folder.is_symlink() and not folder.exists():
            return "is a link that leads nowhere"
        if folder.exists() and not folder.is_dir():
            return "is no folder"
        return "is not empty" if folder.is_dir() and any(folder.iterdir()) else ""
    except OSError as error:
        return f"cannot be looked at ({error.strerror})"


def site_address(typed: str) -> str:
    """Return an address that somebody gives a new site; UsageError if no site can have it."""
    url = _in_a_line("address", typed)
    if reason := bad_site_url(url):
        raise UsageError(f'{reason}: write it whole, such as "https://paper.example/"')
    return url


_SPELLED = ("Armn", "Cyrl", "Geor", "Grek", "Latn")
"""Scripts that Latin letters can spell so that their readers know the words again."""


def _script(locale: Locale) -> str:
    """Return the script that a language is mostly written in, as ISO 15924 has it."""
    likely = get_global("likely_subtags")
    names = (f"{locale.language}_{locale.territory}", locale.language)
    found = next((likely[name] for name in names if name in likely), "")
    return locale.script or next((part for part in found.split("_") if len(part) == 4), "Latn")


def add_pipeline(root: Path, host: str) -> tuple[Path, list[str]]:
    """Write the file by which a host builds the site in `root`, and the host into its settings.

    No file is overwritten. Returns its path, and what else was done or is still to be done,
    sentence by sentence.
    """
    settings, problems = load_settings(root)
    if settings is None:
        raise SiteError(problems)
    extras = extras_of(settings.deploy.values())
    installed = requirement(extras)
    text = (PIPELINES / f"{host}.yml").read_text(encoding="utf-8")
    path = root / _FILES[host]
    _write_new(path, text.replace(_quoted(example()), _quoted(installed or example(extras))))
    said = [] if settings.host == host else [_with_host(root / SITE_TOML, host)]
    if installed is None:
        said.append(_incomplete(_FILES[host], extras))
    return path, [*said, _TO_DO[host], *_misplaced(root)]


def _write_new(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already: move it away, or edit it") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _with_host(file: Path, host: str) -> str:
    """Write the host into the settings, and change no other character; say so, or what to do."""
    line = f"host = {_quoted(host)}"
    try:
        data = file.read_bytes()
        mark = BOM_UTF8 if data.startswith(BOM_UTF8) else b""
        text = with_value(data.removeprefix(mark).decode(), "host", _quoted(host), after="url")
        _replace(real(file), mark + text.encode())
    except (OSError, LookupError):
        return f"In {SITE_TOML} write, above all tables: {line}"
    return f"Wrote {line} into {SITE_TOML}."


def _replace(file: Path, data: bytes) -> None:
    """Put other bytes into a file at once; if they cannot be written, it stays as it was."""
    with replacing(file, file.with_name(f".{file.name}.new")) as unfinished:
        unfinished.write_bytes(data)
        shutil.copymode(file, unfinished)


def _incomplete(file: str, extras: Sequence[str]) -> str:
    """Say what is to be filled in where no other machine has the Broadsheet of this one."""
    return (
        f"Fill in the line BROADSHEET of {file}, for this Broadsheet was installed from this"
        f" machine: a commit in its repository, {example(extras)}, or a release,"
        f" {named(extras)}==VERSION."
    )


def _misplaced(root: Path) -> Iterator[str]:
    """Say so where the site is no repository but lies in one."""
    above = (folder for folder in root.resolve().parents if (folder / ".git").exists())
    if not (root / ".git").exists() and (top := next(above, None)):
        yield f"The repository is {top}: the file is read only there, so move it and mend it."


def new_article(
    root: Path, headline: str, authors: Sequence[str] = (), tags: Sequence[str] = ()
) -> Path:
    """Write a draft with the headline, dated now, and return its path. Nothing is overwritten.

    UsageError if there is a text that no file could be named by, or that no page could show.
    """
    settings = _settings(root)
    headline = _in_a_line("headline", headline)
    authors = [_in_a_line("author", name) for name in authors]
    tags = [_in_a_line("tag", name) for name in tags]
    now = _now(settings)
    folder = root / CONTENT / "articles" / str(now.year)
    return _written(folder, headline, settings, _article(headline, now, authors, tags))


def new_item(root: Path, title: str, name: str) -> Path:
    """Write an item of the collection of that name, as a draft, and return its path.

    All its fields stand there, to be filled in. Nothing is overwritten. UsageError if there is no
    such collection, or a title that no file could be named by.
    """
    settings = _settings(root)
    collection = collections_of(settings).get(name)
    if collection is None:
        close = near(name, settings.collections)
        known = ", ".join(settings.collections) or "none"
        remedy = f'did you mean "{close}"?' if close else f"known here: {known}"
        raise UsageError(f'there is no collection "{shortened(name)}"; {remedy}')
    title = _in_a_line("title", title)
    text = _item(title, _now(settings), collection)
    return _written(root / CONTENT / name, title, settings, text)


def _settings(root: Path) -> Settings:
    settings, problems = load_settings(root)
    if settings is None:
        raise SiteError(problems)
    return settings


def _now(settings: Settings) -> datetime:
    return datetime.now(settings.zone).replace(second=0, microsecond=0)


def _written(folder: Path, headline: str, settings: Settings, text: str) -> Path:
    """Write a text into a file of the folder that is named by its headline, and was not there."""
    slug = _fitting(settings.slugging.of(headline))
    if not slug:
        raise UsageError(f'"{shortened(headline)}" has no letter or digit to name a file by')
    folder.mkdir(parents=True, exist_ok=True)
    taken = {stem_of_file(file.name).lower() for file in folder.iterdir() if is_text(file.name)}
    names = (slug if n == 1 else f"{slug}-{n}" for n in range(1, 1000))
    free = (name for name in names if name not in taken and not _RESERVED.fullmatch(name))
    path = folder / f"{next(free)}.md"
    path.write_text(text, encoding="utf-8")
    return path


_CONTROL = re.compile(f"[\x80-\x9f]|{CONTROL.pattern}")
_RESERVED = re.compile(r"index|con|prn|aux|nul|(?:com|lpt)[0-9¹²³]", re.IGNORECASE)
"""Names of files that mean something: the folder itself, and devices of Windows."""
_LONGEST = 100
"""Bytes of a name that is made from a headline."""


def _in_a_line(kind: str, text: str) -> str:
    """Return a text in one line;
    UsageError if it holds what nobody could see and no page could carry.
    """
    text = BLANKS.sub(" ", text).strip(" ")
    if control := _CONTROL.search(text):
        what = f'the {kind} "{shortened(text)}" holds the control character {control[0]!r}'
        raise UsageError(f"{what}: take it out")
    return text


def _fitting(slug: str) -> str:
    """Return a slug that is no longer than a name should be: cut where a word ends, if one does."""
    if len(slug.encode()) <= _LONGEST:
        return slug
    cut = slug.encode()[: _LONGEST + 1].decode(errors="ignore")
    words, _, _ = cut.rpartition("-")
    return words or cut.encode()[:_LONGEST].decode(errors="ignore")


def _article(headline: str, now: datetime, authors: Sequence[str], tags: Sequence[str]) -> str:
    fields = {
        "title": _quoted(headline),
        "date": now.isoformat(timespec="minutes"),
        "authors": f"[{', '.join(map(_quoted, authors))}]" if authors else "",
        "tags": f"[{', '.join(map(_quoted, tags))}]",
        "summary": '""',
        "draft": "true",
    }
    lines = [f"{name}: {value}" for name, value in fields.items() if value]
    return "\n".join(["---", *lines, "---", "", "The first paragraph says the news.", ""])


def _item(title: str, now: datetime, collection: Collection) -> str:
    samples: dict[FieldType, str] = {
        "moment": now.isoformat(timespec="minutes"),
        "number": "0",
        "boolean": "false",
        "list": "[]",
    }
    fields = {"title": _quoted(title)} | ({"date": samples["moment"]} if collection.feed else {})
    for field in collection.fields:
        fields[field.name] = samples.get(field.type, '"…"') if field.required else ""
    lines = [f"{name}: {value}".rstrip() for name, value in fields.items()]
    return "\n".join(["---", *lines, "draft: true", "---", "", "The text.", ""])


def _quoted(text: str) -> str:
    """Return a text as YAML reads it whatever it holds: JSON's quoted strings are YAML's too."""
    return json.dumps(text, ensure_ascii=False)
