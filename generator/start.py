"""New things from nothing: a site, an article."""

import json
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from generator.config import CONTENT, load_settings
from generator.errors import SiteError, UsageError
from generator.urls import slugify

STARTER = Path(__file__).parent / "starter"


def make_site(folder: Path) -> None:
    """Copy the starter into a folder that is empty or not there yet."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty: name a new folder")
    shutil.copytree(STARTER, folder, dirs_exist_ok=True)
    # A packaged file whose name starts with a dot is easily lost on the way.
    (folder / "gitignore").rename(folder / ".gitignore")


def new_article(
    root: Path, headline: str, authors: Sequence[str] = (), tags: Sequence[str] = ()
) -> Path:
    """Write a draft with the headline, dated now, and return its path. Nothing is overwritten."""
    settings, problems = load_settings(root)
    if settings is None:
        raise SiteError(problems)
    headline = " ".join(headline.split())
    slug = slugify(headline)
    if not slug:
        raise UsageError(f'"{headline}" has no letter or digit to name a file by')
    now = datetime.now(settings.zone).replace(second=0, microsecond=0)
    folder = root / CONTENT / "articles" / str(now.year)
    names = (f"{slug}.md" if n == 1 else f"{slug}-{n}.md" for n in range(1, 1000))
    path = next(folder / name for name in names if not (folder / name).exists())
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(_article(headline, now, authors, tags), encoding="utf-8")
    return path


def _article(headline: str, now: datetime, authors: Sequence[str], tags: Sequence[str]) -> str:
    fields = {
        "title": _quoted(headline),
        "date": now.isoformat(timespec="minutes"),
        "authors": f"[{', '.join(map(_quoted, authors))}]" if authors else "",
        "tags": f"[{', '.join(map(_quoted, tags))}]",
        "summary": '""',
        "draft": "true",
    }
    lines = [f"{name}: {value}" for name, value in fields.items() if value]
    return "\n".join(["---", *lines, "---", "", "The first paragraph says the news.", ""])


def _quoted(text: str) -> str:
    """A text as YAML reads it whatever it holds: JSON's quoted strings are YAML's too."""
    return json.dumps(text, ensure_ascii=False)
