"""Reads hostile texts, each with a bound on its processor time that ends the process.

A program of its own: `python read_endless_texts.py ENGINE` takes pairs of name and body, and prints
for each its name, the megabytes that the process has needed so far, and its errors; all in JSON.
Needs Linux: `ru_maxrss` would count what the process held that started this one, too.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from generator.content.scan import Shape
from generator.content.sources import Source
from generator.content.texts import Read, known, read_text
from generator.errors import Problem, is_error

sys.path.insert(0, str(Path(__file__).parents[2]))

SECONDS = 20
"""Of processor time for one text: twenty times what any takes that is read in proportion."""


def main() -> None:
    shape = Shape(sys.argv[1], "fr", smart_quotes=True, excerpt=200, promo_after=2)  # type: ignore[arg-type]
    for line in sys.stdin:
        name, text = json.loads(line)
        print(json.dumps(read(name, text, shape)), flush=True)


def read(name: str, text: str, shape: Shape) -> tuple[str, int, list[str]]:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    most = int(usage.ru_utime + usage.ru_stime) + SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
    errors = [str(problem) for problem in problems(text, shape) if is_error(problem)]
    return name, needed(), errors


def needed() -> int:
    """The most megabytes that this program has held at once."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:"))


def problems(text: str, shape: Shape) -> list[Problem]:
    made: Any = read_text(Source("articles/a.md", "articles"), text.encode(), shape, "UTC")
    return known(made.kept, "articles/a.md")[1] if isinstance(made, Read) else made.problems


main()
