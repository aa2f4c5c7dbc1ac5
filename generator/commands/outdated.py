"""Whether a site was changed since it was built.

What comes in are a site that is open, what was found in it and its last build; what goes out is
whether that build was made from the same.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from generator.config import CONTENT, INVENTORY
from generator.content.scan import Scan
from generator.errors import SiteError, StateError
from generator.state.builds import LastBuild, last_build
from generator.state.stamp import stamp
from generator.workers import without_collector
from generator.workspace import CACHE, Workspace, open_site


def known_build(root: Path, folder: Path) -> LastBuild | None:
    """Return the build that left a folder as it is, if it is known."""
    last = last_build(root / CACHE, folder)
    return last if last and last.listed == stamp(folder / INVENTORY) else None


def with_drafts(workspace: Workspace, found: Scan, last: LastBuild) -> bool | None:
    """Return whether a build from what is there now, like this one, shows drafts.

    None if it was built from something else.
    """
    matching = (d for d in (False, True) if last.inputs == workspace.inputs(found, drafts=d))
    return next(matching, None)


def is_changed(root: Path, folder: Path, waiting: Callable[[], None] = lambda: None) -> bool:
    """Return whether a site was changed since it was built into a folder; not if nobody knows.

    That takes a scan of it. `waiting` is called when a build of the site is under way.
    """
    # Who only looks leaves a damaged cache to the next build, and is not stopped by it.
    with suppress(SiteError, StateError), without_collector():
        if not (root / CONTENT).is_dir() or known_build(root, folder) is None:
            return False
        with open_site(root, jobs=1, waiting=waiting) as workspace:
            last = known_build(root, folder)  # a build may have ended meanwhile
            return last is not None and with_drafts(workspace, workspace.scan(), last) is None
    return False
