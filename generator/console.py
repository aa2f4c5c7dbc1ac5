"""The command line as a whole: whatever goes wrong in a command ends in words and an exit code.

What comes in is an error (`errors` draws them all), what goes out are lines on standard error, an
object on standard output with `--json`, and the exit code. Where in Broadsheet something went
wrong that nobody foresaw is written into a file of the site, for a report.
"""

import json
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from generator.errors import (
    BroadsheetError,
    Problem,
    SiteError,
    UsageError,
    is_error,
    said,
    told,
    trace_of,
)

TRACES = ".broadsheet/faults.txt"
"""Where the traces of faults are kept, in the root of a site."""


class Command(click.Command):
    """A command that never ends in a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Carry the command out."""
        _refuse_lost_folder()
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except UsageError as error:
            raise click.UsageError(str(error), ctx) from error
        except SiteError as error:
            tell(error.problems)
            if ctx.params.get("as_json"):
                print_json(in_json(error.problems))
            sys.exit(error.exit_code)
        except BrokenPipeError:  # nobody reads on: click ends without a word
            raise
        except Exception as error:
            _tell_of(error, ctx)
            sys.exit(1)


class UnprintedError(BroadsheetError, click.ClickException):
    """What a command has to say cannot be written where it belongs: on a full disk, say."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"The output could not be written: {error.strerror or error}.")


def print_text(text: object) -> None:
    """Print a text on standard output; `UnprintedError` if that is not to be had."""
    try:
        click.echo(text)
    except BrokenPipeError:  # nobody reads on: click ends without a word
        raise
    except OSError as error:
        raise UnprintedError(error) from error


def print_json(data: dict[str, Any]) -> None:
    """Print an object for programs; `UnprintedError` if that cannot be."""
    print_text(json.dumps(data, ensure_ascii=False, indent=2))


def in_json(problems: Iterable[Problem]) -> dict[str, list[dict[str, Any]]]:
    """Return the problems as programs get them: `warnings` and `errors`."""
    found: dict[str, list[dict[str, Any]]] = {"warnings": [], "errors": []}
    for problem in problems:
        found["errors" if is_error(problem) else "warnings"].append(problem.to_json())
    return found


def tell(problems: list[Problem]) -> None:
    """Say each on a line that starts with its place, as compilers and editors have it."""
    for line in told(problems):
        say(line)
    if where := keep_traces(problems):
        say(where)


def say(text: str, nl: bool = True) -> None:
    """Say a text on standard error; without `nl` the line goes on."""
    click.echo(text, err=True, nl=nl)


class Commands(click.Group):
    """The commands. What cannot be printed any more is dropped when they end."""

    command_class = Command

    def main(self, *args: Any, **named: Any) -> Any:
        """Carry out the command that was typed."""
        try:
            return super().main(*args, **named)
        except OSError as error:  # commands tell of their own: these are of help and messages
            with suppress(OSError):
                UnprintedError(error).show()
            sys.exit(1)
        finally:
            for stream in (sys.stdout, sys.stderr):
                _flush_or_drop(stream)


def keep_traces(problems: Iterable[Problem]) -> str:
    """Keep the traces of faults in the current command's site; return what is to be said of that.

    It is nothing if there are none, or no site.
    """
    traces = [f"{problem}\n{problem.trace}" for problem in problems if problem.trace]
    context = click.get_current_context(silent=True)
    return _kept(traces, context.params.get("root") if context else None)


def _refuse_lost_folder() -> None:
    try:
        Path.cwd()
    except OSError as error:
        what = f"The folder you are in cannot be used any more ({error.strerror})"
        raise click.UsageError(f"{what}; go to another one with cd.") from error


def _tell_of(error: Exception, ctx: click.Context) -> None:
    reason = said(error)
    if isinstance(error, OSError):
        reason = error.strerror or reason
        reason += f": {error.filename}" if error.filename else ""
    with suppress(OSError):  # where nothing can be printed, the exit code has to do
        click.echo(f"Broadsheet could not go on: {reason}.", err=True)
        click.echo(_kept([trace_of(error)], ctx.params.get("root")), err=True)


def _kept(traces: list[str], root: Path | None) -> str:
    if not traces or root is None:
        return ""
    file = root / TRACES
    try:
        if not file.parent.is_dir():
            return ""
        file.write_text("\n".join(traces), encoding="utf-8", errors="backslashreplace")
    except OSError:
        return ""
    return f"Please report it; {file} says where it happened."


def _flush_or_drop(stream: Any) -> None:
    try:
        stream.flush()
    except (AttributeError, ValueError):  # there is none, or it is closed
        return
    except OSError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
