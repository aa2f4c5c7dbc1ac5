"""What a site that is kept open answers, beside what a build of it writes."""

from pathlib import Path

from generator.errors import is_error
from generator.preview.session.responses import respond
from generator.preview.session.site import Session


def shown(live: Session) -> tuple[dict[str, bytes], list[str]]:
    """What is answered for every address that is written, by output path, and what is wrong."""
    found: dict[str, bytes] = {}
    wrong = [str(problem) for problem in live.problems() if is_error(problem)]
    for path, output in live.planned.pages.items() if live.planned else ():
        if output.redirected_by_host:
            continue
        given = respond(live, f"/{path}")
        if not isinstance(given.body, Path):
            found[path] = given.body
        elif given.body.exists():  # while something else is broken, it may have been moved away
            found[path] = given.body.read_bytes()
        wrong += [problem.what for problem in given.problems]
    return found, wrong


def built(tree: dict[str, bytes]) -> dict[str, bytes]:
    """The files of a build, without its own list of them."""
    return {p: data for p, data in tree.items() if p != ".broadsheet" and not p.endswith("/")}
