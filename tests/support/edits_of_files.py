"""Files of a site as editors write them, and all as it was before."""

from pathlib import Path
from time import monotonic_ns, sleep

from generator.preview.burst import GONE
from generator.templates.assets import made_asset
from support.preview_process import Preview, eventually
from support.sites import SmallSite


def in_place(file: Path, text: str) -> None:
    """Empty the file and write it in two goes."""
    with file.open("r+") as stream:
        stream.truncate()
        stream.write(text[: len(text) // 2])
        stream.flush()
        stream.write(text[len(text) // 2 :])


def by_rename(file: Path, text: str) -> None:
    fresh = file.with_name(f".{file.name}.tmp")
    fresh.write_text(text)
    fresh.replace(file)


def by_deleting(file: Path, text: str) -> None:
    file.unlink()
    file.write_text(text)


def by_deleting_slowly(file: Path, text: str) -> None:
    """As a program does that is interrupted between the two."""
    file.unlink()
    sleep(GONE / 2)
    file.write_text(text)


def as_vim_does(file: Path, text: str) -> None:
    """With a swap file, a probe of the folder, and the old file kept beside the new one."""
    swap, probe = file.with_name(f".{file.name}.swp"), file.with_name("4913")
    swap.write_bytes(b"b0VIM")
    probe.touch()
    probe.unlink()
    backup = file.with_name(f"{file.name}~")
    file.rename(backup)
    file.write_text(text)
    backup.unlink()
    swap.unlink()


WAYS = (in_place, by_rename, by_deleting, by_deleting_slowly, as_vim_does)


def sources(root: Path) -> dict[str, bytes]:
    """All that a site is made from, by path."""
    files = (file for file in root.rglob("*") if file.is_file())
    named = {file.relative_to(root).as_posix(): file.read_bytes() for file in files}
    return {name: data for name, data in named.items() if not name.startswith((".", "public/"))}


def restore(root: Path, at_first: dict[str, bytes]) -> None:
    """Take back what was written since: other files, and folders that were made for them."""
    now = sources(root)
    for name in now.keys() - at_first.keys():
        (root / name).unlink()
        for folder in (root / name).parents:
            if folder in (root, root / "content") or any(folder.iterdir()):
                break
            folder.rmdir()
    for name, data in at_first.items():
        if now.get(name) != data:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)


def caught_up(site: SmallSite, preview: Preview) -> None:
    """Wait until all that was written so far is shown: what is written now is, too.

    Content and layouts are watched each for itself, so that what is new in one of them says
    nothing of the other.
    """
    name = f"mark-{monotonic_ns()}.txt"
    marks = {f"content/{name}": f"/{name}"}
    if (site.root / "layouts").is_dir():
        marks[f"layouts/assets/{name}"] = f"/{made_asset(name, _MARK).path}"
    site.write(dict.fromkeys(marks, f"{_MARK}\n"))
    eventually(lambda: all(preview.get(address).status == 200 for address in marks.values()))


_MARK = "now"
