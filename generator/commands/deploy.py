"""A deploy: the built site is looked over, loaded, and carried to one of the site's targets."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from generator.codes import Code
from generator.commands.outdated import is_changed, known_build
from generator.config import INVENTORY, SITE_TOML, Deploy, Settings, load_settings
from generator.deploy.carry import Announce, Load, Progress, carry
from generator.deploy.plan import Limits, Plan
from generator.deploy.targets.choose import host_of, target_of
from generator.deploy.targets.target import Target, Upload
from generator.deploy.uploads import load
from generator.errors import (
    DeployRefusedError,
    Problem,
    SiteError,
    UsageError,
    counted,
    raise_errors,
    shortened,
)
from generator.hosts.headers import headers_of
from generator.hosts.limits import mistyped, warnings
from generator.hosts.media_types import is_mistyped
from generator.mismatch import near
from generator.output.inventory import Inventory, read_inventory
from generator.output.writer import STAGING
from generator.state.builds import digests, failure
from generator.state.lock import locked
from generator.urls import is_placeholder
from generator.workspace import CACHE

if TYPE_CHECKING:
    from generator.deploy.after.verify import Outcome

_ENCODINGS = {"none": "", "gzip": "gzip", "brotli": "br"}
_BUILD = "run broadsheet build"


class Deployed(msgspec.Struct, frozen=True):
    """What a deploy did, or would do. Each list holds addresses, from the site's root.

    `sent` counts files, of `bytes` bytes together; `deleted` counts those that went;
    `unchanged` those that were there as they should be. `announced` are stories; `verified`
    counts addresses that were fetched from the host and found right, of so many that were
    `looked_at`; `errors` are the others.
    """

    target: str
    dry_run: bool
    summary: str
    new: list[str]
    corrected: list[str]
    touched: list[str]
    listings: list[str]
    vanishing: list[str]
    mended: list[str]
    renewed: list[str]
    sent: int
    bytes: int
    deleted: int
    unchanged: int
    announced: list[str]
    verified: int
    looked_at: int
    seconds: float
    warnings: list[Problem]
    errors: list[Problem]


def deploy(
    root: Path,
    name: str | None = None,
    *,
    dry_run: bool = False,
    allow_vanish: bool = False,
    confirm: bool = False,
    verify: bool = False,
    at: datetime | None = None,
    planned: Callable[[Plan], None] = lambda _: None,
    progress: Progress = lambda _: None,
    waiting: Callable[[], None] = lambda: None,
) -> Deployed:
    """Carry the site built in `root` to its target of that name, or raise `SiteError`.

    A `DeployError` if anything but the settings is why.

    The name may be left out where there is only one. With `verify` a sample of what changed, or
    of the whole site if nothing did, is fetched from where readers find it. `at` is the present
    moment, unless it is given. `planned` is called before anything moves, `progress` for each
    file that has arrived, `waiting` while a build is under way, which is waited for.
    """
    started = time.perf_counter()
    now = at or datetime.now(UTC)
    job, problems = _job(root, name)
    limits = Limits(job.deploy.max_deletes, allow_vanish, confirm)
    problems += _outdated(root, waiting)
    with locked(root / CACHE / "lock", waiting):
        inventory = _looked_over(root, job.settings, now)
        raise_errors(_located(root, [*_unanswered(job, inventory)]))
        load = Load(_upload(job, inventory), inventory)
        problems += _crowded(job, load)
        problems += _located(root, [*_mistyped(job, inventory)])
        told: list[str] = []
        done = carry(
            job.target,
            load,
            limits,
            now,
            dry_run=dry_run,
            planned=planned,
            progress=progress,
            announce=_services(job, inventory, told.append, problems.append),
        )
        seen = _looked_at(done, load, job) if verify and not dry_run else None
    return Deployed(
        target=job.target.name,
        dry_run=dry_run,
        **_told_of(done),
        announced=done.addresses(dict.fromkeys(told)),
        verified=seen.right if seen else 0,
        looked_at=seen.of if seen else 0,
        seconds=round(time.perf_counter() - started, 3),
        warnings=[*problems, *done.warnings()],
        errors=[*seen.problems] if seen else [],
    )


class _Job(msgspec.Struct, frozen=True):
    """Where to carry which site: the one in `root`, to the target of that name."""

    root: Path
    settings: Settings
    name: str
    target: Target

    @property
    def deploy(self) -> Deploy:
        return self.settings.deploy[self.name]


def _job(root: Path, name: str | None) -> tuple[_Job, list[Problem]]:
    """Return what the settings say of the target of that name, and the warnings about them."""
    settings, problems = load_settings(root)
    if settings is None:
        raise SiteError(problems)
    name, deploy = _chosen(settings, name)
    raise_errors(_located(root, [*_placeholders(settings)]))
    target = target_of(name, deploy, root, root / CACHE / "deploy")
    if isinstance(target, Problem):
        raise SiteError(_located(root, [target]))
    return _Job(root, settings, name, target), problems


def _outdated(root: Path, waiting: Callable[[], None]) -> Iterator[Problem]:
    """Warn that what was built is not what is written now, or is not all that there will be."""
    if is_changed(root, root / "public", waiting):
        what = "something was changed since this site was built, and is not in it"
        yield msgspec.structs.replace(_not_built(what), severity="warning")
    last = known_build(root, root / "public")
    if last and not last.report.complete:
        left = counted(last.report.unfinished, "picture", "pictures")
        what = f"{left} had no time in the last build, and something else stands in for a while"
        remedy = "run broadsheet build --complete, then deploy again"
        yield Problem(SITE_TOML, 0, what, remedy, "warning", code=Code.NOT_BUILT)


def _placeholders(settings: Settings) -> Iterator[Problem]:
    """Yield the addresses in the settings that are nobody's, and of which readers would be told."""
    if is_placeholder(settings.url):
        what = f"url: {settings.url} stands for an address in examples, and is nobody's site"
        remedy = f"write the address where your readers find the site, then {_BUILD}"
        yield Problem(SITE_TOML, 0, what, remedy, field=("url",))
    elif settings.feeds.id_url and is_placeholder(settings.feeds.id_url):
        what = f"feeds.id_url: {settings.feeds.id_url} stands for an address in examples"
        remedy = f'readers keep ids for ever: write "{settings.url}", and {_BUILD}'
        yield Problem(SITE_TOML, 0, what, remedy, field=("feeds", "id_url"))


def _upload(job: _Job, inventory: Inventory) -> list[Upload]:
    """Return the files of the built site. Those that nobody touched since are not read."""
    deploy, folder = job.deploy, job.root / "public"
    of = partial(
        headers_of,
        cache=deploy.cache,
        encoding=_ENCODINGS[deploy.compress],
        redirects=deploy.redirects,
    )
    headers = of if job.target.has_headers else None
    return load(folder, inventory, headers, digests(job.root / CACHE, folder))


# What few deploys need is imported by those alone: for a small one it would take half of the time.


def _services(
    job: _Job,
    inventory: Inventory,
    told: Callable[[str], None],
    warn: Callable[[Problem], None],
) -> dict[str, Announce]:
    """Return who announces new stories, if the target has anybody to do so."""
    deploy, settings = job.deploy, job.settings
    if not deploy.ping:
        return {}
    from generator.deploy.after.ping import Built, announcers, unready

    built = Built(job.root / "public", inventory, settings.home)
    raise_errors(_located(job.root, [*unready(job.name, deploy, built)]))
    return announcers(built, settings, deploy, told, warn)


def _looked_at(done: Plan, load: Load, job: _Job) -> "Outcome":
    """Look at addresses as readers find them.

    Those that the deploy changed; of the whole site if it changed nothing.
    """
    from generator.deploy.after.verify import checks, verified

    sent = load.upload if done.is_empty else [one for phase in done.phases for one in phase]
    url = job.deploy.url or load.inventory.url
    return verified(checks(sent, done.delete, load.inventory, url))


def _crowded(job: _Job, load: Load) -> list[Problem]:
    """Warn that the site is near a limit of its host."""
    host = job.settings.host or host_of(job.deploy.to)
    sizes = {one.path: one.size for one in load.upload}
    return _located(job.root, warnings(host, sizes))


def _unanswered(job: _Job, inventory: Inventory) -> Iterator[Problem]:
    """Yield the pages at addresses without an ending, where the host does not answer so."""
    bare = sorted(path for path, item in inventory.files.items() if item.bare)
    if bare and not job.deploy.to.startswith("git+"):
        first = inventory.address(bare[0])
        what = f"deploy.{job.name}.to: for {first}, without an ending, it does not answer"
        remedy = 'end its permalink with a slash, or with ".html"'
        yield Problem(SITE_TOML, 0, what, remedy, field=("deploy", job.name, "to"))


def _mistyped(job: _Job, inventory: Inventory) -> Iterator[Problem]:
    """Warn of old addresses of a feed for which a plain web server calls it HTML."""
    if job.target.has_headers:
        return
    for path, item in inventory.files.items():
        if is_mistyped(path, item.kind):
            yield mistyped(inventory.address(path), job.target.name)


def _told_of(done: Plan) -> dict[str, Any]:
    """Return what is reported of a plan, by the names of `Deployed`."""
    return {
        "summary": done.summary(),
        **{name: done.addresses(getattr(done, name)) for name in _ADDRESSES},
        "sent": sum(map(len, done.phases)),
        "bytes": done.bytes,
        "deleted": len(done.delete),
        "unchanged": done.unchanged,
    }


_ADDRESSES = "new", "corrected", "touched", "listings", "vanishing", "mended", "renewed"
"""Of a plan: what is told by address."""


def _located(root: Path, problems: list[Problem]) -> list[Problem]:
    """Return the problems, each with the line of the settings they are about."""
    if not problems:
        return []
    from generator.content.texts import locate

    return locate(root, problems)


def _chosen(settings: Settings, name: str | None) -> tuple[str, Deploy]:
    """Return the target of that name; the only one, if none is named."""
    targets = settings.deploy
    if not targets:
        what = "there is nowhere to deploy to"
        raise SiteError([Problem(SITE_TOML, 0, what, 'add [deploy.production] with `to = "…"`')])
    names = ", ".join(targets)
    if name is None and len(targets) > 1:
        raise UsageError(f"Name one of the targets in {SITE_TOML}: {names}")
    if name is not None and name not in targets:
        close = near(name, targets)
        hint = f'did you mean "{close}"?' if close else f"it has: {names}"
        raise UsageError(f"{SITE_TOML} has no [deploy.{shortened(name)}]; {hint}")
    name = name or next(iter(targets))
    return name, targets[name]


def _looked_over(root: Path, settings: Settings, now: datetime) -> Inventory:
    """Return the inventory of the built site, if that is fit to be seen."""
    inventory = read_inventory(root / "public")
    if inventory is None and os.path.lexists(root / "public" / INVENTORY):
        what = "the build's list of its files is damaged"
        raise DeployRefusedError([_not_built(what, file=f"public/{INVENTORY}")])
    if inventory is None or not inventory.url:
        raise DeployRefusedError([_not_built("there is no built site")])
    raise_errors(_located(root, [*_unfit(root, inventory, settings, now)]), DeployRefusedError)
    return inventory


def _unfit(
    root: Path, inventory: Inventory, settings: Settings, now: datetime
) -> Iterator[Problem]:
    if (root / "public" / STAGING).exists():
        yield _not_built("a build of it was cut off")
    if errors := failure(root / CACHE, root / "public"):
        what = f"the last build failed with {errors} error{'s' * (errors > 1)}: this is an old site"
        yield _not_built(what, f"mend them and {_BUILD}")
    if inventory.drafts:
        yield _not_built("drafts are in it", f"{_BUILD}, without --drafts")
    if inventory.url != settings.url:
        what = f"it was made for {inventory.url}, and the site's url is {settings.url}"
        yield _not_built(what)
    if inventory.newest and inventory.newest > now:
        what = f"it holds a story of {inventory.newest.isoformat()}, which is still to come"
        yield _not_built(what, f"{_BUILD}, without --at")


def _not_built(what: str, remedy: str = _BUILD, file: str = "public") -> Problem:
    """Return the problem of a built site that is not the one to be shown."""
    return Problem(file, 0, what, remedy, code=Code.NOT_BUILT)
