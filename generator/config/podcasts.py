"""What `[podcast]` may say: the categories of Apple's directory, and what is wrong with others.

The list: https://podcasters.apple.com/support/1691-apple-podcasts-categories
"""

from collections.abc import Iterator
from typing import Any

from generator.errors import Problem, visible
from generator.fields import value_at
from generator.mismatch import nearest
from generator.schema import Door

CATEGORIES: dict[str, tuple[str, ...]] = {
    "Arts": ("Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"),
    "Business": (
        *("Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"),
    ),
    "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
    "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
    "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
    "Government": (),
    "Health & Fitness": (
        *("Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"),
    ),
    "History": (),
    "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
    "Leisure": (
        *("Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies"),
        *("Home & Garden", "Video Games"),
    ),
    "Music": ("Music Commentary", "Music History", "Music Interviews"),
    "News": (
        *("Business News", "Daily News", "Entertainment News", "News Commentary", "Politics"),
        *("Sports News", "Tech News"),
    ),
    "Religion & Spirituality": (
        *("Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"),
    ),
    "Science": (
        *("Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics"),
        *("Natural Sciences", "Nature", "Physics", "Social Sciences"),
    ),
    "Society & Culture": (
        *("Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"),
    ),
    "Sports": (
        *("Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey"),
        *("Rugby", "Running", "Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness"),
        "Wrestling",
    ),
    "TV & Film": (
        *("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
    ),
    "Technology": (),
    "True Crime": (),
}
"""The categories of podcasts, each with those within it."""
PIXELS = 1400, 3000
"""The least and the most that each side of a podcast's square picture may have:
https://podcasters.apple.com/support/896-artwork-requirements
"""


def category_parts(written: str) -> tuple[str, ...]:
    """Return a category and perhaps the one within it, of what is written as "News > Politics"."""
    return tuple(part.strip() for part in written.split(">"))


def mistakes_of_podcast(raw: dict[str, Any], door: Door) -> Iterator[Problem]:
    """Yield that a podcast is in none of the directory's categories."""
    written = value_at(raw, ("podcast", "category"))
    if not isinstance(written, str) or not written.strip():
        return  # the types say so
    parts = category_parts(written)
    if parts[0] in CATEGORIES and (not parts[1:] or parts[1:] in _within(parts[0])):
        return
    what = f'podcast.category: "{visible(written)}" is none of the categories of podcasts'
    meant = nearest(" > ".join(parts), _SPELLED, form=str.casefold)
    meant = meant or next((one for one in _SPELLED if one.endswith(f"> {parts[-1]}")), "")
    remedy = f'did you mean "{meant}"?' if meant else f"write one of {', '.join(CATEGORIES)}"
    yield door.problem(("podcast", "category"), what, remedy)


def _within(category: str) -> set[tuple[str, ...]]:
    return {(name,) for name in CATEGORIES[category]}


_SPELLED = [
    spelled
    for category, within in CATEGORIES.items()
    for spelled in (category, *(f"{category} > {name}" for name in within))
]
