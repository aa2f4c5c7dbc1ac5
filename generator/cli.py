"""What a person types: parse, call, print, exit code. No logic lives here."""

import sys
from contextlib import redirect_stdout
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
import msgspec

from generator import __version__
from generator.console import Commands, in_json, print_json, print_text, say, tell
from generator.errors import Problem, SiteError, UsageError, counted, is_error, sized

if TYPE_CHECKING:
    from generator.commands.related import Orphans, Ranking, RelatedStory
    from generator.deploy.plan import Plan
    from generator.model import KeptBack
    from generator.state.builds import PictureCount


class Moment(click.ParamType[datetime]):
    """A date or date-time; without a zone it is in the site's."""

    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from generator.moments import no_moment, read_moment

        try:
            return value if isinstance(value, datetime) else read_moment(value)
        except ValueError:
            self.fail("; ".join(no_moment(value)), param, ctx)


class SchedulerAddress(click.ParamType[str]):
    """The address of a cluster's scheduler."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from generator.cluster import is_scheduler

        if not is_scheduler(value):
            what = f'"{value}" is no scheduler; write tcp://HOST:8786 or tls://HOST:8786'
            self.fail(what, param, ctx)
        return str(value)


root_option = click.option(
    "--root",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The site's folder (default: the current one).",
)


MOST_JOBS = 1024
"""Processes: no machine has more cores, and each takes its share of the memory."""

drafts_option = click.option(
    "--drafts", is_flag=True, help="Show drafts and scheduled stories too."
)
safe_option = click.option(
    "--safe", is_flag=True, help="Refuse a site that has code run: a stranger's, perhaps."
)
at_option = click.option("--at", type=Moment(), help="The moment to build for: 2026-12-24T08:00.")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="broadsheet")
def main() -> None:
    """Broadsheet turns a folder of Markdown articles into a news site."""


@main.command()
@root_option
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder to write (default: public/ in the root).",
)
@drafts_option
@at_option
@safe_option
@click.option("--clean", is_flag=True, help="Forget what earlier builds know: do it all again.")
@click.option(
    "--jobs", metavar="N", type=click.IntRange(1, MOST_JOBS), help="Processes (default: all cores)."
)
@click.option(
    "--cluster", metavar="ADDRESS", type=SchedulerAddress(), help="Work with a cluster of Dask."
)
@click.option("--complete", is_flag=True, help="Make all of pictures, however long it takes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--verbose", is_flag=True, help="Say of each step what it did, and how long it took.")
def build(
    root: Path,
    output: Path | None,
    drafts: bool,
    at: datetime | None,
    safe: bool,
    clean: bool,
    jobs: int | None,
    cluster: str | None,
    complete: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Build the site."""
    from generator.commands.build import build as build_site
    from generator.commands.progress import Progress

    if cluster and jobs:
        raise click.UsageError("Give --jobs or --cluster, not both: a cluster has its own workers.")
    shown = StatusLine().show if sys.stderr.isatty() else None
    progress = Progress(say if verbose else None, shown)
    try:
        with redirect_stdout(sys.stderr):  # what a site's own code prints is no part of the report
            report = build_site(
                root,
                output,
                at=at,
                drafts=drafts,
                safe=safe,
                clean=clean,
                jobs=jobs,
                cluster=cluster,
                complete=complete,
                waiting=_waiting,
                progress=progress,
            )
    except KeyboardInterrupt:
        some = "some files are new and some are old; the next build ends it"
        _stopped(some if progress.has_begun_to_write else "the built site is as it was")
    except SiteError as error:
        _fail(error, as_json)
    tell(report.warnings)
    if as_json:
        names = (name for name in report.__struct_fields__ if name not in UNTOLD)
        told = {name: getattr(report, name) for name in names} | {"complete": report.complete}
        print_json(told | in_json(report.warnings))
    else:
        say(
            f"Built {counted(report.articles, 'story', 'stories')} into"
            f" {output or root / 'public'} in {report.seconds:.2f} s:"
            f" {counted(report.pages, 'file')}, {report.written} written,"
            f" {report.unchanged} unchanged, {report.deleted} deleted{_hidden(report.kept_back)}."
        )
        if report.written and report.pictures.number:
            say(_shrunk(report.pictures))
        if report.unfinished:
            left = counted(report.unfinished, "picture", "pictures")
            say(
                f"{left} had no time, and something else stands in for a while: the next build"
                " makes what is left, and broadsheet build --complete all of it"
            )


UNTOLD = ("kept_back", "pictures", "unfinished")
"""What of a report is told to people alone."""


def _shrunk(pictures: "PictureCount") -> str:
    """Say how much smaller the files of pictures are as they are published."""
    lying, published = sized(pictures.lying), sized(pictures.published)
    return f"{counted(pictures.number, 'picture')}: {lying} → {published}"


def _hidden(kept_back: "KeptBack") -> str:
    """Say what a site does not show, if there is anything."""
    said = (
        (kept_back.drafts, counted(kept_back.drafts, "draft")),
        (kept_back.scheduled, f"{kept_back.scheduled:,} scheduled"),
        (kept_back.expired, f"{kept_back.expired:,} expired"),
    )
    found = ", ".join(words for number, words in said if number)
    return f"; kept back: {found}" if found else ""


class StatusLine:
    """A line of the terminal that is written again and again, until it is cleared."""

    def __init__(self) -> None:
        self._width = 0

    def show(self, text: str) -> None:
        """Write a text in place of the last one; "" leaves nothing of it."""
        say(f"\r{text:{self._width}}" + ("" if text else "\r"), nl=False)
        self._width = len(text)


@main.command()
@root_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port; the next free one if it is taken. 0: any.",
)
@click.option(
    "--drafts/--no-drafts", default=True, help="Show drafts and scheduled stories too (default)."
)
@at_option
@safe_option
@click.option("--open", "open_browser", is_flag=True, help="Open the site in the browser.")
@click.option("--navigate", is_flag=True, help="Go to each article that is saved.")
@click.option("--poll", is_flag=True, help="Look for changes every second, whatever is told.")
def serve(
    root: Path,
    host: str,
    port: int,
    drafts: bool,
    at: datetime | None,
    safe: bool,
    open_browser: bool,
    navigate: bool,
    poll: bool,
) -> None:
    """Show the site as it is written: a live preview, for this machine alone."""
    from generator.commands.serve import Options
    from generator.commands.serve import serve as serve_site

    options = Options(host, port, at, drafts, navigate, open_browser, poll, safe)
    serve_site(root, options, click.echo)


@main.command()
@click.argument("target", required=False)
@root_option
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--allow-vanish", is_flag=True, help="Let addresses go to which nothing leads on.")
@click.option("--confirm", is_flag=True, help="Delete many files, or overwrite those of others.")
@click.option("--verify", is_flag=True, help="Look whether readers get what was sent.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def deploy(
    target: str | None,
    root: Path,
    dry_run: bool,
    allow_vanish: bool,
    confirm: bool,
    verify: bool,
    as_json: bool,
) -> None:
    """Carry the built site to TARGET, a [deploy.TARGET] of site.toml."""
    from generator.commands.deploy import deploy as deploy_site

    shown = Shown()
    try:
        done = deploy_site(
            root,
            target,
            dry_run=dry_run,
            allow_vanish=allow_vanish,
            confirm=confirm,
            verify=verify,
            planned=shown.plan,
            progress=shown.arrived,
            waiting=_waiting,
        )
    except KeyboardInterrupt:
        _stopped("nothing was changed" if dry_run else "the next deploy goes on from here")
    finally:
        shown.end()
    tell(shown.rest(done.warnings))
    if as_json:
        figures = {name: getattr(done, name) for name in done.__struct_fields__}
        print_json(figures | in_json([*done.warnings, *done.errors]))
    elif not dry_run:
        took = f"in {done.seconds:.2f} s"
        moved = (
            f"Deployed to {done.target} {took}: {counted(done.sent, 'file')} sent"
            f" ({done.bytes / 1e6:.1f} MB), {done.deleted} deleted, {done.unchanged} unchanged."
        )
        nothing = f"Looked at {done.target} {took}: all of {counted(done.unchanged, 'file')} there."
        say(
            (moved if done.sent or done.deleted else nothing)
            + f" {counted(len(done.announced), 'story', 'stories')} announced."
            * bool(done.announced)
            + f" Addresses: {done.verified} of {done.looked_at} verified." * bool(done.looked_at)
        )
    if done.errors:
        tell(done.errors)
        say("The deploy itself is done, but not all readers get it yet.")
        sys.exit(1)


class Shown:
    """A deploy as it is shown: its plan, then how far it is."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._told: list[Problem] = []

    def plan(self, plan: "Plan") -> None:
        say(plan.summary())
        for word, paths in plan.headlines():
            for path in paths[:_SHOWN]:
                say(f"  {word} {path}")
            if len(paths) > _SHOWN:
                say(f"  … and {len(paths) - _SHOWN:,} more")
        self._told = plan.warnings()
        tell(self._told)
        files = sum(map(len, plan.phases))
        hidden = not sys.stderr.isatty()
        self._bar = click.progressbar(
            length=files, file=sys.stderr, hidden=hidden, update_min_steps=1 + files // 200
        )

    def rest(self, warnings: list[Problem]) -> list[Problem]:
        """Return those of the warnings that were not told with the plan."""
        return [problem for problem in warnings if problem not in self._told]

    def arrived(self, _: object) -> None:
        self._bar.update(1)

    def end(self) -> None:
        if self._bar:
            self._bar.render_finish()


@main.command()
@click.argument("article", required=False)
@root_option
@drafts_option
@at_option
@safe_option
@click.option("--orphans", is_flag=True, help="List the stories that stand alone instead.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def related(
    article: str | None,
    root: Path,
    drafts: bool,
    at: datetime | None,
    safe: bool,
    orphans: bool,
    as_json: bool,
) -> None:
    """Say which stories are related to ARTICLE (its file, slug or address), and why."""
    from generator.commands import related as related_stories

    if (article is None) is not orphans:
        raise click.UsageError("Name an ARTICLE, or give --orphans.")
    if article is None:
        alone = related_stories.orphans(root, at, drafts, _waiting, safe)
        print_json(msgspec.to_builtins(alone)) if as_json else _show_orphans(alone)
    else:
        ranking = related_stories.ranking(root, article, at, drafts, _waiting, safe)
        print_json(msgspec.to_builtins(ranking)) if as_json else _show_ranking(ranking)


@main.command()
@root_option
@at_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(root: Path, at: datetime | None, as_json: bool) -> None:
    """Say what is drafted, scheduled and expiring, and when the site next changes by itself."""
    from generator.commands.status import news_clock

    clock = news_clock(root, at, _waiting)
    if as_json:
        print_json(msgspec.to_builtins(clock))
    else:
        print_text("\n".join(clock.lines()))


@main.command()
@root_option
@safe_option
@click.option("--all", "everything", is_flag=True, help="Take all of it: the next build is slow.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def clean(root: Path, safe: bool, everything: bool, as_json: bool) -> None:
    """Free the room of what is kept in .broadsheet/ and no build needs any more."""
    from generator.commands.clean import clean as clean_state
    from generator.commands.clean import clean_all

    if everything and safe:
        raise click.UsageError("Give --all or --safe, not both: what takes all reads nothing.")
    with redirect_stdout(sys.stderr):  # what a site's own code prints is no part of the report
        freed = clean_all(root, _waiting) if everything else clean_state(root, safe, _waiting)
    say(freed.line())
    if everything and freed.files:
        say("The next build makes all anew.")
    if as_json:
        print_json(msgspec.to_builtins(freed) | in_json([]))


@main.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--ci",
    metavar="NAME",
    type=click.Choice(["cloudflare", "github", "gitlab", "netlify"]),
    help="Add the file by which a host builds the site: cloudflare, github, gitlab or netlify.",
)
@click.option("--language", metavar="TAG", default="en", help="The site's, such as de or pt-BR.")
@click.option("--url", metavar="URL", help="Its address; at a terminal it is asked for.")
def init(folder: Path | None, ci: str | None, language: str, url: str | None) -> None:
    """Make a new site in DIR; or, with --ci, add a host's pipeline to the site there, or here."""
    from generator.commands.start import add_pipeline, first_steps, make_site

    if ci:
        path, said = add_pipeline(folder or Path(), ci)
        say("\n".join([f"Wrote {path}.", *said]))
    elif folder is None:
        raise click.UsageError("Name the new site's folder, or give --ci in a site's.")
    else:
        address = make_site(folder, language, partial(_address, url))
        say("\n".join(first_steps(folder, address)))


def _address(url: str | None) -> str:
    """Return the address of a new site: what was given, or what somebody at the terminal says."""
    from generator.commands.start import PLACEHOLDER, site_address

    if url is not None:
        return site_address(url)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return PLACEHOLDER

    def understood(typed: str) -> str:
        try:
            return site_address(typed) if typed.strip() else PLACEHOLDER
        except UsageError as error:
            raise click.UsageError(str(error)) from error

    question = "Where will readers find the site, such as https://paper.example/ (empty: not known)"
    said: str = click.prompt(question, "", show_default=False, value_proc=understood, err=True)
    return said


@main.command()
@click.argument("headline")
@root_option
@click.option("--author", metavar="A", multiple=True, help="An author; may be repeated.")
@click.option("--tag", metavar="T", multiple=True, help="A tag; may be repeated.")
@click.option("--section", metavar="S", default="", help="The section that it belongs to.")
@click.option("--collection", metavar="NAME", help="Start an item of this collection instead.")
def new(
    headline: str,
    root: Path,
    author: tuple[str, ...],
    tag: tuple[str, ...],
    section: str,
    collection: str | None,
) -> None:
    """Start an article with HEADLINE, as a draft."""
    from generator.commands.start import new_article, new_item

    if collection and (author or tag or section):
        raise click.UsageError("an item of a collection has no --author, --tag or --section")
    if collection:
        print_text(new_item(root, headline, collection))
    else:
        print_text(new_article(root, headline, author, tag, section))


@main.command()
@click.argument("url")
@root_option
@click.option(
    "--into",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Add the block to the end of this text, and do not print it.",
)
@click.option("--allow-private", is_flag=True, help="Ask machines of your own network, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def embed(url: str, root: Path, into: Path | None, allow_private: bool, as_json: bool) -> None:
    """Look up once what is at URL, and write the block that shows it."""
    from generator.commands.embed import embed as look_up

    report, warnings = look_up(root, url, into, allow_private=allow_private)
    tell(warnings)
    if report.poster:
        say(f"Kept its picture in {report.poster}.")
    if report.into:
        say(f"Added the block to {report.into}.")
    if as_json:
        print_json(msgspec.to_builtins(report) | in_json(warnings))
    elif not into:
        print_text(report.block.rstrip("\n"))


@main.command()
@root_option
@click.option(
    "--copy", "names", metavar="NAME", multiple=True, help="Copy this one; may be repeated."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def layouts(root: Path, names: tuple[str, ...], as_json: bool) -> None:
    """List the default layouts with their blocks, or copy some into the site's own."""
    from generator.commands.layouts import copy_layouts, default_layouts, told_of_copies

    if names:
        copied = copy_layouts(root, names)
        say("\n".join(told_of_copies(root, copied)))
        if as_json:
            print_json({"copied": [layout.name for layout in copied]})
    else:
        listed = default_layouts(root)
        print_json(msgspec.to_builtins(listed)) if as_json else print_text(
            "\n".join(listed.lines())
        )


def _show_ranking(ranking: "Ranking") -> None:
    """Print the suggestions and the runners-up, each with what it shares with the story."""
    print_text(f"{ranking.title}\n{ranking.path}")
    if not ranking.suggestions:
        print_text("\nNo story is near enough to be suggested.")
    for story in ranking.suggestions:
        _show_story(story, "pinned" if story.pinned else "")
    if ranking.runners_up:
        print_text("\nRunners-up")
    for story in ranking.runners_up:
        _show_story(story, story.passed_over)


def _show_story(story: "RelatedStory", note: str) -> None:
    print_text(
        f"\n  {story.score:.2f}  {story.title}{f' ({note})' if note else ''}\n        {story.path}"
    )
    for line in story.why.lines():
        print_text(f"        {line}")


def _show_orphans(alone: "Orphans") -> None:
    for heading, stories in (
        ("No story suggests", alone.unsuggested),
        ("Without any suggestion", alone.alone),
    ):
        print_text(f"{heading}: {len(stories)} of {alone.stories}")
        for story in stories:
            print_text(f"  {story.path}: {story.title}")


def _fail(error: SiteError, as_json: bool) -> NoReturn:
    """Say that nothing was built, and why; end with the exit code of that."""
    tell(error.problems)
    if as_json:
        nothing = ("articles", "pages", "rendered", "written", "unchanged", "deleted", "converted")
        figures: dict[str, Any] = dict.fromkeys(nothing, 0)
        print_json(figures | {"seconds": 0.0, "complete": False} | in_json(error.problems))
    else:
        number = sum(map(is_error, error.problems))
        say(f"Nothing was built: {counted(number, 'error')}.")
    sys.exit(error.exit_code)


def _stopped(state: str) -> NoReturn:
    """Say how things stand after somebody stopped a command with Ctrl-C, and end."""
    say(f"\nStopped: {state}.")
    sys.exit(1)


def _waiting() -> None:
    say("Another build of this site is under way; waiting for it.")


_SHOWN = 10
"""Addresses of one sort that are named; the rest are counted."""
