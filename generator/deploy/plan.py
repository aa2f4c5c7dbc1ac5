"""What a deploy would do, worked out before anything moves. Nothing here reads or writes.

The order is such that what is online is complete at each moment: nothing is sent before what
it needs, and nothing goes before what leads to it has.
"""

import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from generator.codes import Code
from generator.deploy.feed_entries import Renewal, renewed, warning
from generator.deploy.manifest import Entry, Manifest
from generator.deploy.targets.target import Upload
from generator.errors import Problem, counted
from generator.kinds import Phase
from generator.output.inventory import FeedEntry, Inventory
from generator.urls import answered_by, folders_of, output_path

GRACE = timedelta(days=1)
"""For so long an asset stays that no page needs: pages in browsers and caches still do."""

_SMALL = 100
"""Files of a site of which more than a fifth may go unasked: a few samples are as many."""


class Plan(msgspec.Struct, frozen=True):
    """A deploy. All are paths, in order.

    `phases` are the files to send, one after the other. `new` and `corrected` are stories;
    `touched` are stories that change around their words. `listings`, `feeds` and `files` change
    or are new. `mended` are files that somebody changed at the target since the last deploy.
    `delete` goes in the end; of that `vanishing` are addresses that readers may know, and to
    which nothing leads on. `foreign` are files of others that would be overwritten. Of the files
    of the site `unchanged` stay, and `there` were at the target before. `ahead` is the manifest
    while the deploy is under way: what it will have put there is in it already. `entries` are
    the stories that its feeds will then hold, by their ids; `renewed` those of them that would be
    new to readers of the feeds and are not, by path. Those that are `bare` are
    linked without the endings of their files.
    """

    phases: Sequence[Sequence[Upload]]
    delete: Sequence[str]
    new: Sequence[str]
    corrected: Sequence[str]
    touched: Sequence[str]
    listings: Sequence[str]
    feeds: Sequence[str]
    files: Sequence[str]
    mended: Sequence[str]
    vanishing: Sequence[str]
    foreign: Sequence[str]
    unchanged: int
    there: int
    ahead: Manifest
    entries: Mapping[str, FeedEntry] = {}
    renewed: Mapping[str, Renewal] = {}
    bare: frozenset[str] = frozenset()

    def addresses(self, paths: Iterable[str]) -> list[str]:
        """Return the paths, from the site's root, that outputs answer for."""
        return [answered_by(path, bare=path in self.bare) for path in paths]

    @property
    def is_empty(self) -> bool:
        return not self.delete and not any(self.phases)

    @property
    def bytes(self) -> int:
        """Return how much is to be sent."""
        return sum(upload.size for phase in self.phases for upload in phase)

    def summary(self) -> str:
        """Return `3 new stories, 1 corrected, 12 listings`: what changes for readers."""
        parts = [
            _count(self.new, "new story", "new stories"),
            f"{len(self.corrected):,} corrected" if self.corrected else "",
            f"{len(self.touched):,} changed around their words" if self.touched else "",
            _count(self.listings, "listing", "listings"),
            _count(self.feeds, "feed or sitemap", "feeds and sitemaps"),
            _count(self.files, "file", "files"),
            _count(self.delete, "deletion", "deletions"),
            _count(self.vanishing, "address vanishes", "addresses vanish"),
        ]
        return ", ".join(filter(None, parts)) or "nothing to do"

    def headlines(self) -> list[tuple[str, list[str]]]:
        """Return the addresses that an editor looks for, by what becomes of them."""
        parts = (
            ("new", self.new),
            ("corrected", self.corrected),
            ("vanishes", self.vanishing),
            ("new to readers of the feeds", [*self.renewed]),
            ("changed there by others, sent again", self.mended),
        )
        return [(word, self.addresses(paths)) for word, paths in parts]

    def warnings(self) -> list[Problem]:
        """Return what an editor should know before anything moves, and may well mean."""
        if not self.renewed:
            return []
        stories = zip(self.addresses(self.renewed), self.renewed.values(), strict=True)
        return [warning(dict(stories))]


class Limits(msgspec.Struct, frozen=True):
    """How much a deploy may do unasked."""

    max_deletes: int = 256
    allow_vanish: bool = False
    confirm: bool = False


def plan(
    upload: Sequence[Upload],
    inventory: Inventory,
    manifest: Manifest | None,
    listing: Mapping[str, str],
    at: datetime,
) -> Plan:
    """Return the deploy that makes a target, which holds `listing`, hold the files of the `upload`.

    `at` is the present moment, with a zone.
    """
    before = manifest or Manifest({})
    known = before.files
    send = [f for f in upload if not _is_there(f, known.get(f.path), listing.get(f.path))]
    left, delete = _left_over(upload, known, listing, at)
    new, corrected, touched = _stories(send, before, listing, inventory)
    return Plan(
        phases=_phases(send, listing),
        delete=delete,
        new=new,
        corrected=corrected,
        touched=touched,
        listings=_paths(send, Phase.PAGES, Phase.LISTINGS, Phase.FRONT),
        feeds=_paths(send, Phase.FEEDS, Phase.SITEMAPS),
        files=_paths(send, Phase.FILES),
        mended=[f.path for f in send if _is_meddled_with(f, known.get(f.path))],
        vanishing=_vanishing({path: known[path] for path in delete}, inventory),
        foreign=[f.path for f in send if f.path in listing and f.path not in known],
        unchanged=len(upload) - len(send),
        there=sum(path in listing for path in known),
        ahead=_ahead(upload, send, inventory, before, left),
        entries=inventory.entries,
        renewed=renewed(inventory.entries, before),
        bare=frozenset(path for path, item in inventory.files.items() if item.bare),
    )


def objections(plan: Plan, limits: Limits, name: str) -> list[Problem]:
    """Return why the deploy must not go on unless somebody says so; `name` is the target's."""
    problems = []
    if plan.vanishing and not limits.allow_vanish:
        what = f"{_these(plan, plan.vanishing)} would vanish, and nothing leads on"
        lines = [*_aliases(plan)]
        remedy = (
            "give --allow-vanish, or paste:" if lines else "put it back, or give --allow-vanish"
        )
        more = [f"… and {len(lines) - _LINES:,} more"] if len(lines) > _LINES else []
        shown = (*lines[:_LINES], *more)
        problems.append(Problem(name, 0, what, remedy, lines=shown, code=Code.WOULD_VANISH))
    if not limits.confirm:
        if plan.foreign:
            what = (
                f"{_these(plan, plan.foreign)}: not put there by a deploy, and would be overwritten"
            )
            remedy = "move it away, or give --confirm"
            problems.append(Problem(name, 0, what, remedy, code=Code.FOREIGN_FILE))
        if len(plan.delete) > limits.max_deletes:
            what = f"{len(plan.delete):,} files would be deleted, more than {limits.max_deletes:,}"
            remedy = "look at --dry-run, then give --confirm"
            problems.append(Problem(name, 0, what, remedy, code=Code.MANY_DELETIONS))
        elif plan.there >= _SMALL and 5 * len(plan.delete) > plan.there:
            what = f"{len(plan.delete):,} files would be deleted, more than a fifth of the site"
            remedy = "look at --dry-run, then give --confirm"
            problems.append(Problem(name, 0, what, remedy, code=Code.MANY_DELETIONS))
    return problems


def _is_there(upload: Upload, entry: Entry | None, mark: str | None) -> bool:
    """Return whether the target holds the file as it should be, and nobody has touched it since."""
    return entry is not None and entry.digest == upload.digest and entry.mark == mark


def _left_over(
    upload: Sequence[Upload], known: Mapping[str, Entry], listing: Container[str], at: datetime
) -> tuple[dict[str, Entry], list[str]]:
    """Return what earlier deploys put there and the site has no more; and what of it is to go.

    What was made of a picture goes with it: whoever takes one out may have to.
    """
    here = {f.path for f in upload}
    left = {path: entry for path, entry in known.items() if path not in here and path in listing}
    stay = {
        path: replace(entry, unused=entry.unused or at)
        for path, entry in left.items()
        if _stays(entry, at) and (not entry.of or entry.of in here)
    }
    return left | stay, sorted(left.keys() - stay.keys())


def _stays(entry: Entry, at: datetime) -> bool:
    """Return whether a file that is no part of the site any more is left where it is for now."""
    if entry.kind.traits.lifetime != "forever":
        return False
    return not entry.unused or at - entry.unused < GRACE


def _stories(
    send: Sequence[Upload], before: Manifest, listing: Mapping[str, str], inventory: Inventory
) -> tuple[list[str], list[str], list[str]]:
    """Return the stories to send: those that are new, those that are corrected, and the others."""
    known, stories = before.files, [f.path for f in send if f.kind.traits.is_story]
    new = [path for path in stories if _is_new(known.get(path), listing.get(path))]
    corrected = []
    if before.words_salt == inventory.words_salt:
        words = {path: inventory.files[path].words for path in stories}
        corrected = [path for path in stories if _is_corrected(known.get(path), words[path])]
    named = {*new, *corrected}
    return new, corrected, [path for path in stories if path not in named]


def _is_new(entry: Entry | None, mark: str | None) -> bool:
    return entry is None or (mark is None and not entry.mark)


def _is_corrected(entry: Entry | None, words: str) -> bool:
    return entry is not None and entry.words not in ("", words)


def _phases(send: Sequence[Upload], listing: Container[str]) -> list[list[Upload]]:
    """Return what to send, in turn: files, which lead nowhere; what is new, to which nothing leads
    yet; what changes.
    """

    def phase(upload: Upload) -> tuple[int, int]:
        usual = upload.kind.traits.phase
        if usual is Phase.FILES:
            return 0, 0
        if upload.path not in listing:
            return 1, int(not upload.kind.traits.is_story)
        return 2, usual

    found: dict[tuple[int, int], list[Upload]] = {}
    for upload in send:
        found.setdefault(phase(upload), []).append(upload)
    return [found[key] for key in sorted(found)]


def _paths(send: Sequence[Upload], *phases: Phase) -> list[str]:
    """Return the paths of those of some phases that are no stories."""
    others = (f for f in send if not f.kind.traits.is_story)
    return [f.path for f in others if f.kind.traits.phase in phases]


def _is_meddled_with(upload: Upload, entry: Entry | None) -> bool:
    return entry is not None and entry.digest == upload.digest and bool(entry.mark)


def _aliases(plan: Plan) -> Iterator[str]:
    """Yield the lines of front matter, or of settings, that would lead on from what vanishes."""
    for path, address in zip(plan.vanishing, plan.addresses(plan.vanishing), strict=True):
        if alias := plan.ahead.files[path].kind.traits.alias:
            yield f"aliases{alias.sign} [{json.dumps(address)}]  # {alias.where}"


def _vanishing(deleted: Mapping[str, Entry], inventory: Inventory) -> list[str]:
    """Return those files that readers may miss, unless the clock took them out of the site."""
    retired = {*map(output_path, inventory.retired)}
    return [
        path
        for path, entry in deleted.items()
        if _is_missed(path, entry, inventory)
        and path not in retired
        and not any(f"{folder}/index.html" in retired for folder in folders_of(path))
    ]


def _is_missed(path: str, entry: Entry, inventory: Inventory) -> bool:
    """Return whether readers may miss a file: what it is to the newsroom tells, wherever it is."""
    is_passing = entry.passing or entry.kind.traits.is_passing
    return not is_passing and path not in inventory.redirected_by_host


def _ahead(
    upload: Sequence[Upload],
    send: Sequence[Upload],
    inventory: Inventory,
    before: Manifest,
    left: Mapping[str, Entry],
) -> Manifest:
    """Return the manifest while the deploy is under way: all that is there before it, or after it.

    Files that are to be sent have no mark as yet.
    """
    known, sent = before.files, {f.path for f in send}
    files = {
        f.path: Entry(
            digest=f.digest,
            kind=f.kind,
            mark="" if f.path in sent else known[f.path].mark,
            words=inventory.files[f.path].words,
            passing=inventory.files[f.path].passing,
            of=inventory.files[f.path].of,
        )
        for f in upload
    }
    ahead = Manifest({**files, **left}, inventory.url, inventory.words_salt)
    return replace(ahead, entries=before.entries)


def _these(plan: Plan, paths: Sequence[str]) -> str:
    """Return the first few addresses of some paths."""
    shown = ", ".join(plan.addresses(paths[:_FEW]))
    return shown if len(paths) <= _FEW else f"{shown} and {len(paths) - _FEW:,} more"


def _count(paths: Sequence[str], one: str, more: str) -> str:
    return counted(len(paths), one, more) if paths else ""


_FEW = 5
_LINES = 20
"""Aliases that a message shows."""
