"""The command line as a whole: whatever goes wrong in a command ends in words and an exit code.

Where in Broadsheet it went wrong is written into a file of the site, for a report.
"""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from generator.errors import BroadsheetError, Problem, said, trace_of

TRACES = ".broadsheet/faults.txt"
"""Where the traces of faults are kept, in the root of a site."""


class Command(click.Command):
    """A command that never ends in a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Carry the command out."""
        _refuse_lost_folder()
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BroadsheetError):
            raise
        except BrokenPipeError:  # nobody reads on: click ends without a word
            raise
        except Exception as error:
            _tell_of(error, ctx)
            sys.exit(1)


class UnprintedError(click.ClickException):
    """What a command has to say cannot be written where it belongs: on a full disk, say."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"The output could not be written: {error.strerror or error}.")


def printed(text: object) -> None:
    """Print a text on standard output; `UnprintedError` if that is not to be had."""
    try:
        click.echo(text)
    except BrokenPipeError:  # nobody reads on: click ends without a word
        raise
    except OSError as error:
        raise UnprintedError(error) from error


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
