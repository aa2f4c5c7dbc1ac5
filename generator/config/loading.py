"""`site.toml` becomes settings; every mistake in it is reported at once."""

import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

from generator.config.checks import mistakes
from generator.config.settings import FILE, Settings
from generator.errors import Problem, is_error
from generator.schema import Door, decode, toml_line


def load_settings(root: Path) -> tuple[Settings | None, list[Problem]]:
    """The settings of the site in `root`, or None, and every mistake in them."""
    try:
        text = (root / FILE).read_bytes().decode("utf-8-sig")
        raw = tomllib.loads(text)
    except FileNotFoundError:
        remedy = "run the command in a site's folder, name one with --root, or make one: init"
        return None, [Problem(FILE, 0, "there is no such file", remedy)]
    except OSError as error:
        return None, [Problem(FILE, 0, f"cannot be read: {error.strerror}", "mend its permissions")]
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return None, [Problem(FILE, line, "the bytes are no UTF-8", "save the file as UTF-8")]
    except tomllib.TOMLDecodeError as error:
        return None, [broken_toml(FILE, str(error), 0)]
    except (ValueError, RecursionError):  # what is TOML, and more than Python takes
        what = "a number in it is too long, or its tables stand too deep in each other"
        return None, [Problem(FILE, 0, what, "shorten it")]
    door = Door(FILE, lambda path: toml_line(text, path), ZoneInfo("UTC"))
    settings, problems = decode(Settings, raw, door)
    problems += mistakes(raw, door)
    return (None if any(map(is_error, problems)) else settings), problems


def broken_toml(file: str, message: str, offset: int) -> Problem:
    """A TOML syntax error as a problem; tomllib tells the line only in its message."""
    what, _, place = message.partition(" (at ")
    line = int("".join(c for c in place.partition(",")[0] if c.isdigit()) or 0)
    what = f"broken TOML: {what[:1].lower()}{what[1:]}"
    return Problem(file, line + offset, what, "mend the line")
