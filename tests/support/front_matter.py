"""Front matter alone, through the door that a build uses."""

from typing import Any

from generator.content.matter import open_text
from generator.content.scan import Shape
from generator.content.sources import Source
from generator.errors import Problem
from generator.model import Kind

PLAIN = Shape("markdown", "en", smart_quotes=False, excerpt=200, promo_after=3)
"""With it a field shows what is typed, mark for mark."""


def opened(text: str, kind: Kind = "articles") -> tuple[Any, list[Problem]]:
    """What a text's front matter says, None with errors in it, and all that is wrong with it."""
    data = text.encode("utf-8", "surrogatepass")
    found = open_text(Source(f"{kind}/a.md", kind), data, PLAIN, "UTC")
    return (None, [found]) if isinstance(found, Problem) else (found.matter, found.problems)


def yaml(fields: str, kind: Kind = "articles") -> str:
    """A text in YAML. Title and date are filled in, in lines 2 and 3, where a story needs them."""
    own = {
        "articles": "title: A\ndate: 2026-06-01",
        "authors": "name: A\nrole: B",
        "terms": "name: A\n",
        "pages": "title: A\n",
        "promos": "{title: A, url: /, label: B}",
    }[kind]
    names = {row.partition(":")[0] for row in fields.split("\n")}
    kept = [row for row in own.split("\n") if row.partition(":")[0] not in names]
    return "\n".join(["---", *kept, fields, "---", "", "Text.", ""])


def told(text: str, kind: Kind = "articles") -> list[str]:
    """All that is wrong with a text, each without its file."""
    return [
        f"{problem.severity} {problem.line}: {problem.what}; {problem.remedy}"
        for problem in opened(text, kind)[1]
    ]


NONE = "has no meaning here; take it out, or put it below `extra`"
