"""The releases of a site beside the symbolic link that leads to one of them."""

import json
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Self

import msgspec

from generator.deploy.targets.folder.swap import flush_entries, swap_folder
from generator.deploy.targets.target import umask_of
from generator.regular import real
from generator.state.damaged import bytes_of, clear_away

Copies = dict[str, tuple[str, str]]
"""Files that could only be copied from one release to the next: how each looks, and its mark."""

_OURS = re.compile(r"\.(?P<name>.+)\.broadsheet(?:\.(?:\d+|next|old|link))?", re.DOTALL)
_MOST_LINKS = 40


class Releases:
    """What stands at `top` and beside it. A release is named by its number.

    `before` is the release that the last switch took the place of, 0 if there was none.
    """

    def __init__(self, top: Path) -> None:
        self.top = top
        self.before = 0
        self._stem = f".{top.name}.broadsheet"
        self.own = top.with_name(self._stem)
        self.next = top.with_name(f"{self._stem}.next")
        self.aside = top.with_name(f"{self._stem}.old")
        self.lock = self.own / "lock"
        self.sent = self.own / "sent"
        self.staged = self.own / "next.json"
        self.staged_copies = self.own / "next.copies"
        self.link = top.with_name(f"{self._stem}.link")
        self.late = self.own / "late"

    @classmethod
    def at(cls, path: Path) -> Self | None:
        """Return the releases at a path, or where others' links lead from it; None in a circle."""
        for _ in range(_MOST_LINKS):
            found = cls(real(path.parent) / path.name)
            if not found.top.is_symlink() or found.current() is not None:
                return found
            path = found.top.parent / found.top.readlink()
            if path.name == "..":
                path = real(path)
        return None

    @property
    def inside(self) -> str:
        """Return the name of the site that the path is a release of; "" if it is none."""
        ours = _OURS.fullmatch(self.top.name)
        return ours["name"] if ours else ""

    def release(self, number: int) -> Path:
        return self.top.with_name(f"{self._stem}.{number}")

    def current(self) -> int | None:
        """Return the release that the link leads to; None if none of ours stands there."""
        with suppress(OSError):  # it is no link
            stem, _, number = os.readlink(self.top).rpartition(".")  # noqa: PTH115 (unchanged)
            if stem == self._stem and number.isdecimal() and self.release(int(number)).is_dir():
                return int(number)
        return None

    def site(self) -> Path | None:
        """Return the folder that readers see, itself, not the link to it; None if there is none."""
        current = self.current()
        if current is not None:
            return self.release(current)
        return self.top if self.top.is_dir() and not self.top.is_symlink() else None

    def umask(self) -> int:
        """Return what new files must not have: as the site's folder tells, or as is usual."""
        site = self.site()
        return umask_of(site.stat().st_mode) if site else 0o022

    def numbers(self) -> list[int]:
        """Return all releases, the newest first."""
        start = f"{self._stem}."
        names = (n for n in os.listdir(self.top.parent) if n.startswith(start))  # noqa: PTH208
        found = (name.removeprefix(start) for name in names)
        return sorted((int(number) for number in found if number.isdecimal()), reverse=True)

    def manifest(self) -> Path | None:
        """Return where the manifest of the current release is; None without such a release."""
        return self._of_current("json")

    def copies(self) -> Copies:
        """Return the copies of the current release."""
        file = self._of_current("copies")
        data = bytes_of(file) if file else None
        try:
            return msgspec.convert(json.loads(data or b"{}"), Copies)
        except (ValueError, RecursionError, msgspec.MsgspecError):
            return {}

    def keep_copies(self, copies: Copies) -> None:
        """Keep those of the release that is being made. Their names need not be UTF-8."""
        if copies:
            self.staged_copies.write_text(json.dumps(copies))

    def publish_manifest(self) -> None:
        """Let the staged manifest be that of the current release."""
        file = self.manifest()
        if file and self.staged.exists():
            with self.staged.open("rb") as staged:
                os.fsync(staged)
            self.staged.replace(file)

    def take_spare(self) -> None:
        """Let the oldest release become the next one, unless one was begun already.

        The current one and the one before it are left alone.
        """
        current = self.current()
        others = [number for number in self.numbers() if number != current]
        older = [number for number in others if current is not None and number < current]
        spares = [number for number in others if number not in older[:1]]
        if spares and not self.next.exists():
            self._forget(spares[-1])
            self.release(spares[-1]).rename(self.next)

    def make_anew(self) -> None:
        clear_away(self.next)
        self.next.mkdir()

    def switch(self) -> None:
        """Give the next release its number, and let the link lead to it, from one moment on."""
        current, folder = self.current(), self.site()
        last = max(self.numbers(), default=0)
        self.before = current or (last + 1 if folder else 0)
        new = max(last, self.before) + 1
        manifest = self.manifest()
        if manifest and manifest.exists() and not self.staged.exists():
            shutil.copyfile(manifest, self.staged)
        for staged, kind in ((self.staged, "json"), (self.staged_copies, "copies")):
            if staged.exists():
                staged.replace(self._file(new, kind))
        self.next.rename(self.release(new))
        if folder == self.top:
            self.release(self.before).symlink_to(self.release(new).name)
            swap_folder(self.release(self.before), self.top, self.aside)
        else:
            self.link.symlink_to(self.release(new).name)
            self.link.replace(self.top)
        flush_entries(self.top.parent)

    def clear(self) -> None:
        """Remove releases that are older than the one to go back to and the one to be the next."""
        current, numbers = self.current(), self.numbers()
        others = [number for number in numbers if number not in (current, self.before)]
        for number in others[1:]:
            self._forget(number)
            shutil.rmtree(self.release(number), ignore_errors=True)

    def mend(self) -> None:
        """Finish, or take back, what a killed deploy had begun."""
        if self.aside.is_dir():
            self.aside.rename(self._back())
        for number in self.numbers():
            if self.release(number).is_symlink():
                self.release(number).unlink()
        numbers = {str(number) for number in self.numbers()}
        for file in self.own.glob("*.*"):
            if file.stem.isdecimal() and file.stem not in numbers:
                file.unlink()

    def _back(self) -> Path:
        """Return where a folder belongs that was moved aside to make room for a link."""
        current = self.current()
        if current is None:
            return self.top
        before = self.release(current - 1)
        return self.release(max(self.numbers()) + 1) if before.exists() else before

    def drop_staged(self) -> None:
        """Remove what was staged and is no release."""
        clear_away(self.next)
        clear_away(self.sent)
        for file in (self.staged, self.staged_copies, self.link, self.late):
            clear_away(file)

    def _forget(self, number: int) -> None:
        for kind in ("json", "copies"):
            self._file(number, kind).unlink(missing_ok=True)

    def _of_current(self, kind: str) -> Path | None:
        current = self.current()
        return None if current is None else self._file(current, kind)

    def _file(self, number: int, kind: str) -> Path:
        return self.own / f"{number}.{kind}"
