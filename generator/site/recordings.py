"""The recordings of stories: how long they are, their chapters, and what is wrong with them."""

import re
from collections.abc import Container, Iterator

from generator.codes import Code
from generator.config import CONTENT, SITE_TOML
from generator.config.podcasts import PIXELS
from generator.durations import clock, read_duration
from generator.errors import Problem, shortened
from generator.fields import Path, named
from generator.hosts.media_types import by_name
from generator.model import AudioMatter, Chapter, File, Site
from generator.schema import Severity
from generator.site.file_names import FileNames
from generator.site.links import content_file, file_named, missing, missing_file, page_of
from generator.urls import is_code, is_elsewhere, is_web_address


def media_type_of(name: str) -> str:
    """Return the media type of a recording of this name; "" if it is that of none."""
    told = by_name(name)
    return told if told.startswith(("audio/", "video/")) else ""


def written_chapter(line: str) -> Chapter | None:
    """Return the chapter that is written as "1:30 Title"; None if that is none."""
    found = _CHAPTER.fullmatch(line)
    start = read_duration(found[1]) if found else None
    return Chapter(start, found[2]) if found and start is not None else None


_CHAPTER = re.compile(r"\s*([0-9:.]+)(?:\s+[-–—])?\s+(\S.*?)\s*", re.DOTALL)


def file_of(site: Site, path: str, target: str) -> File | None:
    """Return the file that the text at a content path names, if it is one that is copied."""
    found = content_file(site, path, target)
    return site.files.get(found[0]) if found else None


def seconds_of(audio: AudioMatter, file: File | None) -> int:
    """Return how long a recording is, as it is written, else as its file says; 0 if unknown."""
    return read_duration(audio.duration) or (file.seconds if file else 0)


def chapters_of(audio: AudioMatter, path: str, site: Site) -> tuple[Chapter, ...]:
    """Return the chapters of a recording of the story at a content path, as far as they are."""
    if isinstance(audio.chapters, str):
        file = file_of(site, path, audio.chapters)
        return file.chapters if file else ()
    return tuple(filter(None, map(written_chapter, audio.chapters)))


def mistakes_of_audio(
    path: str, audio: AudioMatter, site: Site, unread: Container[str], there: FileNames
) -> Iterator[Problem]:
    """Yield what is wrong with the recording of the story at a content path.

    A transcript in a text that could not be read is not held against it.
    """
    yield from missing_file(site, path, audio.src, ("audio", "src"), there, "recording")
    yield from _mistakes_of_file(path, audio, site)
    yield from _mistakes_of_numbers(path, audio)
    if not file_named(path, audio.transcript, unread, site.decomposed):
        yield from _mistakes_of_transcript(path, audio, site, there)
    if isinstance(audio.chapters, str):
        yield from _mistakes_of_chapter_file(path, audio.chapters, site, there)
    else:
        yield from _mistakes_of_chapters(
            path, audio.chapters, seconds_of(audio, file_of(site, path, audio.src))
        )


def mistakes_of_artwork(image: str, site: Site, there: FileNames) -> Iterator[Problem]:
    """Yield what is wrong with the picture of the podcast."""
    field = ("podcast", "image")
    yield from missing_file(site, "", image, field, there)
    file = file_of(site, "", image)
    least, most = PIXELS
    if file and file.width and not (file.width == file.height and least <= file.width <= most):
        what = f'podcast.image: "{shortened(image)}" is {file.width} × {file.height} pixels'
        remedy = f"directories take a square of {least} to {most}"
        yield Problem(SITE_TOML, 0, what, remedy, "warning", field, code=Code.WRONG_VALUE)


def _mistakes_of_file(path: str, audio: AudioMatter, site: Site) -> Iterator[Problem]:
    src, field = audio.src, ("audio", "src")
    file = file_of(site, path, src)
    if file is None and (not is_elsewhere(src) or is_code(src, as_media=True)):
        return  # it is told of already
    if file is None and not is_web_address(src):
        what = f'"{shortened(src)}" is no address that a feed can name'
        yield _problem(path, field, what, "write it whole: https://…")
    elif not media_type_of(file.path if file else page_of(src)):
        what = f'"{shortened(src)}" is no recording, by its name'
        yield _problem(path, field, what, "name one that ends in .mp3, .m4a, .ogg or the like")
    elif file is None and not audio.bytes:
        what = "nobody knows how large a recording elsewhere is, and feeds have to say it"
        remedy = "add `bytes`, the size of the file"
        yield _problem(path, field, what, remedy, code=Code.MISSING_FIELD)
    elif file and not file.seconds and not audio.duration:
        what = f'how long "{shortened(src)}" is cannot be read: it may be broken'
        remedy = "listen to it, and write its `duration`"
        yield _problem(path, field, what, remedy, "warning")


def _mistakes_of_numbers(path: str, audio: AudioMatter) -> Iterator[Problem]:
    if audio.duration and not read_duration(audio.duration):
        what = f'"{shortened(audio.duration)}" is no length of a recording'
        remedy = "write hours, minutes and seconds as 1:02:03 or 62:03, or seconds alone"
        yield _problem(path, ("audio", "duration"), what, remedy)
    for name, number in (("episode", audio.episode), ("season", audio.season)):
        if number is not None and number < 1:
            what = f"{number} is too small"
            yield _problem(path, ("audio", name), what, "count from 1, or leave it out")
    if audio.bytes < 0:
        yield _problem(path, ("audio", "bytes"), f"{audio.bytes} is too small", "write the size")


def _mistakes_of_transcript(
    path: str, audio: AudioMatter, site: Site, there: FileNames
) -> Iterator[Problem]:
    target, field = audio.transcript, ("audio", "transcript")
    if not target or is_web_address(target):
        return
    found = content_file(site, path, target)
    if found is None:
        yield _problem(path, field, *missing(site, path, target, there), code=Code.DEAD_LINK)
    elif not site.addresses[found[0]]:
        yield _not_public(path, field, target, "its readers see no transcript")


def _mistakes_of_chapter_file(
    path: str, target: str, site: Site, there: FileNames
) -> Iterator[Problem]:
    field = ("audio", "chapters")
    found = content_file(site, path, target)
    if not target:
        return
    if found is None or found[0] not in site.files:
        yield _problem(path, field, *missing(site, path, target, there), code=Code.DEAD_LINK)
    elif not site.addresses[found[0]]:
        yield _not_public(path, field, target, "its readers see no chapters")
    elif not site.files[found[0]].chapters:
        what = f'"{shortened(target)}" is no file of chapters'
        remedy = "write it as Podcasting 2.0 has it, in JSON, or write a list of times and titles"
        yield _problem(path, field, what, remedy)


def _mistakes_of_chapters(path: str, lines: tuple[str, ...], seconds: int) -> Iterator[Problem]:
    last = -1
    for number, line in enumerate(lines):
        field, chapter = ("audio", "chapters", number), written_chapter(line)
        if chapter is None:
            what = f'"{shortened(line)}" is no chapter'
            yield _problem(path, field, what, 'write a time and a title, such as "1:30 The vote"')
            continue
        if chapter.start <= last:
            what = f"it begins at {clock(chapter.start)}, and so not after the one before it"
            yield _problem(path, field, what, "mend one of the two", "warning")
        elif seconds and chapter.start >= seconds:
            what = f"it begins at {clock(chapter.start)}, and the recording is over by then"
            yield _problem(path, field, what, "mend the time", "warning")
        last = max(last, chapter.start)


def _not_public(path: str, field: Path, target: str, effect: str) -> Problem:
    what = f'"{shortened(target)}" is not public now: {effect}'
    remedy = "publish it, or name another"
    return _problem(path, field, what, remedy, "warning", Code.NOT_PUBLIC)


def _problem(
    path: str,
    field: Path,
    what: str,
    remedy: str,
    severity: Severity = "error",
    code: Code | None = None,
) -> Problem:
    what = f"{named(field)}: {what}"
    return Problem(f"{CONTENT}/{path}", 0, what, remedy, severity, field, code=code)
