"""The web brought up to date is the web made anew; and what is kept of it is what was put there."""

from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from generator.related.index import RelatedIndex, Rules, update_index
from generator.related.neighbours import MOST, NOBODY
from generator.related.packing import pack, unpack
from generator.related.subjects import subjects_of
from generator.related.vectors import UNIT, Weights
from generator.terms import Terms
from support.sites import SmallSite
from support.small_archives import (
    RULES,
    WORDS_ONLY,
    Story,
    fetch,
    fillers,
    indexed,
    subjects,
    words,
)

pytestmark = pytest.mark.long

EDITION = "this one"
NO_NEWER = RULES._replace(newer=False)
FEW_WORDS = words(0, 14).split()


def arrays(index: RelatedIndex) -> Iterator[tuple[str, NDArray[Any]]]:
    """Everything that a web says, with its name, however it is held."""
    everybody = np.arange(len(index.columns))
    for part in ("columns", "archive"):
        for field, array in getattr(index, part)._asdict().items():
            yield f"{part}.{field}", np.asarray(array)
    vectors = index.inverted.vectors(everybody)
    order = np.lexsort((vectors.ids, vectors.owners()))
    yield "vectors.start", vectors.start
    yield "vectors.ids", vectors.ids[order]
    yield "vectors.values", vectors.values[order]
    for field, array in index.nearest._asdict().items():
        yield f"nearest.{field}", array.whole()
    for field, array in index.ranked(everybody)._asdict().items():
        yield f"ranked.{field}", array
    yield "scored", index.scored.whole()
    yield "least", index.least
    yield "pairs", index.pairs
    yield "digests", index.digests


def assert_equal(one: RelatedIndex, other: RelatedIndex) -> None:
    assert one.rules == other.rules
    for (name, array), (_, another) in zip(arrays(one), arrays(other), strict=True):
        assert np.array_equal(array, another), name
        assert array.dtype == another.dtype, name
    for row in range(len(one.columns)):
        said = [np.sort(web.inverted.terms_of(np.array([row]))) for web in (one, other)]
        assert np.array_equal(said[0], said[1]), row
    for term in one.archive.terms[::7].tolist():
        holders = [web.inverted.holders(np.array([term], np.uint32)) for web in (one, other)]
        assert np.array_equal(holders[0], holders[1]), term


def kept(index: RelatedIndex) -> bytes:
    return b"".join(pack(index, EDITION))


def read(data: bytes) -> RelatedIndex:
    index = unpack(data, EDITION)
    assert index is not None
    return index


# ------------------------------------------------------- any archive, any sequence of edits


LONG_TEXT = words(20, 60)
texts = st.one_of(
    st.lists(st.sampled_from(FEW_WORDS), max_size=6).map(" ".join),
    st.sampled_from([LONG_TEXT, f"{LONG_TEXT} w0", "by Ada Lovelace w1", "with Ada Lovelace"]),
)
stories = st.builds(
    Story,
    path=st.integers(0, 70).map(lambda number: f"{number:02}"),
    text=texts,
    headline=st.sampled_from(["", "", "w0", "w1 w2"]),
    tags=st.sampled_from([(), ("ai",), ("law",), ("law", "ai")]),
    day=st.integers(0, 4),
)
changes = st.tuples(st.sampled_from(["write", "write", "delete", "rename"]), stories)
rounds = st.lists(st.lists(changes, min_size=1, max_size=3), min_size=1, max_size=4)
EXTREME = Rules(Weights(4, 0, 4), 4, half_life=1, company=4, newer=True)


def carry_out(change: tuple[str, Story], archive: dict[str, Story]) -> None:
    """Write a story, or delete or rename the one at its place in the archive."""
    what, story = change
    if what == "write":
        archive[story.path] = story
    elif archive:
        old = archive.pop(sorted(archive)[int(story.path) % len(archive)])
        if what == "rename":
            archive[story.path] = old._replace(path=story.path)


@settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(
    first=st.integers(5, 60).flatmap(lambda count: st.lists(stories, min_size=count, max_size=60)),
    rounds=rounds,
    rules=st.sampled_from([RULES, NO_NEWER, WORDS_ONLY, EXTREME]),
)
def test_a_web_brought_up_to_date_equals_one_made_anew(
    first: list[Story], rounds: list[list[tuple[str, Story]]], rules: Rules
) -> None:
    archive = {story.path: story for story in first}
    index = indexed(archive.values(), rules)
    for changes_of_round in rounds:
        for change in changes_of_round:
            carry_out(change, archive)
        index = indexed(archive.values(), rules, index)
        assert_equal(index, indexed(archive.values(), rules))


def many(count: int, random: Random) -> list[Story]:
    """Stories of some forty subjects, a few of them copies."""
    made: list[Story] = []
    for number in range(count):
        subject = random.randrange(40)
        own = random.choices(words(subject * 10, subject * 10 + 20).split(), k=9)
        text = f"{' '.join(own)} {' '.join(random.choices(words(0, 420).split(), k=9))}"
        if made and random.random() < 0.1:
            text = random.choice(made).text
        tags = tuple(random.sample(["ai", "law", "moon", "sun"], random.randrange(3)))
        headline = " ".join(own[:3])
        made.append(Story(f"s{number:04}", text, headline, tags, random.randrange(200)))
    return made


@pytest.mark.parametrize("rules", [RULES, NO_NEWER], ids=["newer", "older"])
def test_a_larger_web_stays_the_same_through_many_edits(rules: Rules) -> None:
    random = Random(0)
    archive = {story.path: story for story in many(400, random)}
    index = indexed(archive.values(), rules)
    for edit in range(20):
        (other,) = many(1, random)
        path = random.choice(list(archive))
        match edit % 5:
            case 0:
                archive[path] = archive[path]._replace(text=f"{archive[path].text} w7")
            case 1:
                archive[path] = archive[path]._replace(tags=("law",))
            case 2:
                archive[path] = archive[path]._replace(day=other.day)
            case 3:
                archive[f"new{edit}"] = other._replace(path=f"new{edit}")
            case 4:
                archive[f"moved{edit}"] = archive.pop(path)._replace(path=f"moved{edit}")
                del archive[random.choice(list(archive))]
        index = read(kept(indexed(archive.values(), rules, index)))
        assert_equal(index, indexed(archive.values(), rules))


def test_an_archive_may_lose_all_its_stories_and_get_some_again() -> None:
    some = [Story("one", "moon"), Story("two", "moon")]
    index = indexed([], RULES, indexed(some))
    assert_equal(index, indexed([]))
    assert_equal(read(kept(index)), index)
    assert_equal(indexed(some, RULES, index), indexed(some))


def test_files_in_any_order_make_the_same_web() -> None:
    some = [story._replace(day=story.day % 3) for story in many(60, Random(1))]
    assert_equal(indexed(Random(1).sample(some, 60)), indexed(some))


def test_stories_of_one_second_may_change_places(site: SmallSite) -> None:
    for number in range(12):
        site.article(f"s{number}", "Moon and sun.", date=f"2026-06-01T12:00:00.{number + 10}")
    site.build()
    site.article("s8", "Moon and sun.", date="2026-06-01T12:00:00.195")  # s9 was newer
    site.build()
    page = site.text("/2026/06/s11/")
    site.build(clean=True)
    assert site.text("/2026/06/s11/") == page


def test_an_archive_that_did_not_change_keeps_its_web() -> None:
    index = indexed(many(20, Random(2)))
    assert indexed(many(20, Random(2)), RULES, index) is index


def test_beside_those_of_changed_stories_few_terms_are_read() -> None:
    """Those of stories in which a term weighs otherwise now, and of what may be a copy."""
    archive = {story.path: story for story in many(100, Random(3)) + fillers(1000)}
    index = indexed(archive.values())
    alone = archive["s0050"] = archive["s0050"]._replace(text=words(900, 905), headline="")
    del archive["s0051"]
    asked: list[str] = []

    def noted(keys: Sequence[str]) -> Iterable[Terms]:
        asked.extend(keys)
        return fetch(keys)

    update_index(subjects_of(subjects(archive.values())), RULES, noted, index)
    assert asked[0] == subjects([alone])[0].terms
    assert len(asked) < 200
    asked.clear()
    archive["filler-0003"] = archive["filler-0003"]._replace(text="f1003")
    index = indexed(archive.values())
    archive["filler-0003"] = archive["filler-0003"]._replace(text="f1004")
    update_index(subjects_of(subjects(archive.values())), RULES, noted, index)
    assert asked == [subjects([archive["filler-0003"]])[0].terms]


# ------------------------------------------------------------------------- brute force


@pytest.mark.parametrize(
    ("count", "rules"), [(50, RULES), (50, WORDS_ONLY), (150, RULES), (2200, RULES)]
)
def test_the_nearest_stories_are_those_of_all_against_all(count: int, rules: Rules) -> None:
    """Beyond 2,080 stories those that cannot be among the nearest are not even looked at."""
    index = indexed(many(count, Random(4)), rules)
    vectors = index.inverted.vectors(np.arange(count))
    columns = np.unique(vectors.ids, return_inverse=True)[1]
    table = np.zeros((count, columns.max() + 1))
    table[vectors.owners(), columns] = vectors.values
    days = index.columns.days
    who, score = index.nearest.who.whole(), index.nearest.score.whole()
    for row in range(0, count, max(1, count // 200)):
        products = table @ table[row]
        products[row] = 0
        bonus = np.exp2(-np.abs(days - days[row]) / rules.half_life) * rules.recency * UNIT**2
        whole = (products + np.rint(bonus)).astype(int).tolist()
        order = sorted(np.flatnonzero(products).tolist(), key=lambda p: (-whole[p], p))[:MOST]
        rest = MOST - len(order)
        assert who[row].tolist() == order + [NOBODY] * rest
        assert score[row].tolist() == [whole[p] for p in order] + [0] * rest


# -------------------------------------------------------------------------------- kept


@pytest.mark.parametrize("count", [0, 1, 3, 70])
def test_a_web_that_was_kept_is_the_same(count: int) -> None:
    for index in (indexed(many(count, Random(6))), indexed(fillers(count))):
        assert_equal(read(kept(index)), index)
        assert kept(read(kept(index))) == kept(index)


def test_a_web_of_another_edition_is_not_read() -> None:
    assert unpack(kept(indexed(many(5, Random(7)))), "another") is None


def test_a_web_of_an_edition_with_other_settings_is_not_read() -> None:
    data = kept(indexed(many(5, Random(7))))
    size = int.from_bytes(data[:8], "big")
    longer = data[8 : 8 + size].replace(b"\xa5rules\x95", b"\xa5rules\x96\x00")
    assert unpack(len(longer).to_bytes(8, "big") + longer + data[8 + size :], "another") is None
