"""Which of the ranked stories are suggested: pins, exclusions, twins, sources and variety."""

import numpy as np
import pytest

from generator.related.index import RelatedIndex
from generator.related.neighbours import MOST, NOBODY, Neighbours
from generator.related.select import Chooser, Limits, Wishes
from generator.related.shared_neighbours import CHOICES
from generator.related.subjects import Voice
from generator.related.table import table
from generator.related.vectors import UNIT
from support.small_archives import RULES, WORDS_ONLY, Story, fillers, indexed, place, words

STORIES = 10
LIMITS = Limits(wanted=5, least=0, per_source=0, variety=0)
NOBODYS = Voice("", ())
NO_WISHES = Wishes()


def web_of(scores: dict[int, float], *pairs: tuple[int, int]) -> RelatedIndex:
    """A web in which these stories are ranked, best first, for story 0; `pairs` are twins."""
    index = indexed(fillers(STORIES), WORDS_ONLY)
    who = np.full((STORIES, MOST), NOBODY, np.int32)
    score = np.zeros((STORIES, MOST), np.int32)
    who[0, : len(scores)] = list(scores)
    score[0, : len(scores)] = np.rint(np.array(list(scores.values())) * UNIT * UNIT)
    return index._replace(
        nearest=Neighbours(table(who), table(score)),
        scored=table(score[:, :CHOICES]),
        pairs=np.array(pairs, np.int64).reshape(-1, 2),
    )


RANKED = {1: 0.9, 2: 0.8, 3: 0.7, 4: 0.6, 5: 0.5, 6: 0.4}


def chosen(
    index: RelatedIndex, wishes: Wishes = NO_WISHES, limits: Limits = LIMITS, **voices: Voice
) -> list[int]:
    """The suggestions for story 0. `voices`: s1 is that of story 1; others have none."""
    everybody = [voices.get(f"s{number}", NOBODYS) for number in range(STORIES)]
    return [s.position for s in Chooser(index, everybody.__getitem__, limits).choose(0, wishes)]


# ------------------------------------------------------------------------------- limits


def test_the_best_are_chosen_in_order() -> None:
    index = web_of(RANKED)
    assert chosen(index) == [1, 2, 3, 4, 5]
    suggestions = Chooser(index, lambda _: NOBODYS, LIMITS).choose(0, NO_WISHES)
    assert [s.score for s in suggestions] == pytest.approx([0.9, 0.8, 0.7, 0.6, 0.5], abs=1e-6)
    assert not any(s.pinned for s in suggestions)


@pytest.mark.parametrize("wanted", [0, 1, 3, 99])
def test_no_more_are_chosen_than_wanted(wanted: int) -> None:
    limits = LIMITS._replace(wanted=wanted)
    assert chosen(web_of(RANKED), limits=limits) == [1, 2, 3, 4, 5, 6][:wanted]
    assert chosen(web_of(RANKED), Wishes(pin=(9, 8)), limits) == [9, 8, 1, 2, 3, 4, 5, 6][:wanted]


def test_for_a_story_that_is_near_to_nobody_nobody_is_chosen() -> None:
    assert chosen(web_of({})) == []
    assert chosen(web_of({}), Wishes(pin=(3,))) == [3]


def test_none_is_chosen_that_scores_too_little_unless_it_is_pinned() -> None:
    limits = LIMITS._replace(least=0.65)
    assert chosen(web_of(RANKED), limits=limits) == [1, 2, 3]
    assert chosen(web_of(RANKED), Wishes(pin=(6, 9)), limits) == [6, 9, 1, 2, 3]
    assert chosen(web_of({1: 0.5, 2: 0.25}), limits=LIMITS._replace(least=0.5)) == [1]


# ----------------------------------------------------------------- what the editor settled


def test_pins_come_first_in_their_order_and_once() -> None:
    assert chosen(web_of(RANKED), Wishes(pin=(6, 8, 2, 6))) == [6, 8, 2, 1, 3]


def test_a_pin_has_the_score_that_it_would_have_had() -> None:
    chooser = Chooser(web_of(RANKED), lambda _: NOBODYS, LIMITS)
    first, second, third, *_ = chooser.choose(0, Wishes(pin=(6, 8)))
    assert (first.position, first.pinned) == (6, True)
    assert first.score == pytest.approx(0.4, abs=1e-6)
    assert second == (8, 0, True)
    assert (third.position, third.pinned) == (1, False)


def test_what_is_excluded_is_never_chosen_even_when_it_is_pinned() -> None:
    assert chosen(web_of(RANKED), Wishes(exclude={1, 3})) == [2, 4, 5, 6]
    assert chosen(web_of(RANKED), Wishes(pin=(3, 9), exclude=(3, 1))) == [9, 2, 4, 5, 6]


def test_an_excluded_pin_takes_nobodys_place() -> None:
    wishes = Wishes(pin=(1, 2), exclude=(1,))
    assert chosen(web_of(RANKED), wishes, LIMITS._replace(wanted=1)) == [2]


def test_what_the_text_links_to_is_not_chosen_unless_it_is_pinned() -> None:
    assert chosen(web_of(RANKED), Wishes(linked=[1, 2, 2])) == [3, 4, 5, 6]
    assert chosen(web_of(RANKED), Wishes(pin=(2,), linked=[1, 2])) == [2, 3, 4, 5, 6]
    assert chosen(web_of(RANKED), Wishes(exclude=(3,), linked=[1])) == [2, 4, 5, 6]


def test_a_story_is_never_its_own_suggestion() -> None:
    assert chosen(web_of(RANKED), Wishes(pin=(0, 2))) == [2, 1, 3, 4, 5]


# -------------------------------------------------------------------------------- twins


def test_a_near_duplicate_of_the_story_is_not_chosen_unless_it_is_pinned() -> None:
    index = web_of(RANKED, (0, 1), (0, 4))
    assert chosen(index) == [2, 3, 5, 6]
    assert chosen(index, Wishes(pin=(4,))) == [4, 2, 3, 5, 6]


def test_of_near_duplicates_only_the_best_is_chosen() -> None:
    assert chosen(web_of(RANKED, (1, 2), (3, 5), (4, 9))) == [1, 3, 4, 6]
    assert chosen(web_of(RANKED, (2, 3), (3, 4))) == [1, 2, 4, 5, 6]


def test_no_near_duplicate_stands_beside_a_pin_unless_both_are_pinned() -> None:
    index = web_of(RANKED, (1, 9), (2, 3))
    assert chosen(index, Wishes(pin=(9,))) == [9, 2, 4, 5, 6]
    assert chosen(index, Wishes(pin=(9, 1, 3))) == [9, 1, 3, 4, 5]


def test_the_twin_of_what_is_left_out_may_be_chosen() -> None:
    index = web_of(RANKED, (1, 2))
    assert chosen(index, Wishes(exclude=(1,))) == [2, 3, 4, 5, 6]
    assert chosen(index, limits=LIMITS._replace(per_source=1), s1=Voice("A", ())) == [1, 3, 4, 5, 6]


def twins(one: str, other: str, **others: tuple[str, ...]) -> bool:
    """Whether two texts are near-duplicates. `others`: tags of the first and of the second."""
    stories = [Story("one", one, "Rome", others.get("tags", ()))]
    stories.append(Story("two", other, "Oslo", others.get("others", ())))
    tagged = [Story(tag, tag, tags=(tag,)) for some in others.values() for tag in some]
    index = indexed([*stories, *tagged], RULES)
    return place(index, "two") in index.near_duplicates().get(place(index, "one"), set())


@pytest.mark.parametrize(("new", "alike"), [(0, True), (5, True), (11, True), (12, False)])
def test_texts_are_twins_that_share_more_than_four_fifths_of_their_shingles(
    new: int, alike: bool
) -> None:
    """With the last of 104 words new, 100 - `new` of 100 + `new` shingles are in both texts."""
    other = f"{words(0, 104 - new)} {words(200, 200 + new)}"
    assert twins(words(0, 104), other) is alike
    assert twins(other, words(0, 104)) is alike


def test_texts_that_share_seven_tenths_are_not_twins() -> None:
    assert not twins(words(0, 104), f"{words(0, 86)} {words(200, 218)}")


@pytest.mark.parametrize(("new", "alike"), [(0, True), (50, True), (180, False), (500, False)])
def test_of_long_texts_the_share_is_estimated(new: int, alike: bool) -> None:
    """Of 1,004 words: 1,000 shingles, far more than a sketch holds."""
    assert twins(words(0, 1004), f"{words(0, 1004 - new)} {words(2000, 2000 + new)}") is alike


@pytest.mark.parametrize(("length", "alike"), [(20, True), (19, False), (5, False), (0, False)])
def test_texts_of_fewer_than_16_shingles_are_too_short_to_be_twins(
    length: int, alike: bool
) -> None:
    assert twins(words(0, length), words(0, length)) is alike


def test_the_same_words_in_another_order_are_no_twin() -> None:
    backwards = " ".join(reversed(words(0, 104).split()))
    assert not twins(words(0, 104), backwards)


def test_twins_may_have_other_tags() -> None:
    assert twins(words(0, 60), words(0, 60), tags=("x1", "x2", "x3"), others=("y1", "y2", "y3"))


# ------------------------------------------------------------------- sources and variety


A, B = Voice("A", ()), Voice("B", ())
ANN, BOB, BOTH = Voice("", ("ann",)), Voice("", ("bob",)), Voice("", ("ann", "bob"))


def test_no_source_has_more_stories_than_it_may() -> None:
    index = web_of(RANKED)
    for most, expected in ((0, [1, 2, 3, 4, 5]), (1, [1, 4, 5, 6]), (2, [1, 2, 4, 5, 6])):
        limits = LIMITS._replace(per_source=most)
        assert chosen(index, limits=limits, s1=A, s2=A, s3=A, s4=B) == expected


def test_a_pin_counts_as_one_of_its_source_and_is_never_too_many() -> None:
    limits = LIMITS._replace(per_source=1)
    assert chosen(web_of(RANKED), Wishes(pin=(2, 3)), limits, s1=A, s2=A, s3=A) == [2, 3, 4, 5, 6]


def test_stories_without_a_source_are_as_many_as_they_like() -> None:
    limits = LIMITS._replace(per_source=1)
    assert chosen(web_of(RANKED), limits=limits, s1=ANN, s2=ANN) == [1, 2, 3, 4, 5]


def test_who_was_heard_already_comes_later() -> None:
    limits = LIMITS._replace(variety=0.15)
    assert chosen(web_of(RANKED), limits=limits, s1=A, s2=A, s4=A) == [1, 3, 2, 5, 6]
    assert chosen(web_of(RANKED), limits=limits, s1=BOTH, s2=BOB, s3=ANN) == [1, 2, 4, 3, 5]
    assert chosen(web_of(RANKED), limits=limits, s1=ANN, s2=BOB) == [1, 2, 3, 4, 5]


def test_who_speaks_in_the_story_itself_comes_later() -> None:
    limits = LIMITS._replace(variety=0.15)
    assert chosen(web_of(RANKED), limits=limits, s0=A, s1=A) == [2, 1, 3, 4, 5]


def test_variety_changes_the_order_but_no_score() -> None:
    limits = LIMITS._replace(variety=0.15)
    suggestions = Chooser(web_of(RANKED), lambda _: A, limits).choose(0, NO_WISHES)
    assert [s.score for s in suggestions] == pytest.approx([0.9, 0.8, 0.7, 0.6, 0.5], abs=1e-6)


@pytest.mark.parametrize("variety", [0.3, 1])
def test_where_all_have_one_author_variety_leaves_as_many_suggestions(variety: float) -> None:
    everybody = {f"s{number}": ANN for number in range(STORIES)}
    limits = LIMITS._replace(variety=variety)
    assert chosen(web_of(RANKED), NO_WISHES, limits, **everybody) == [1, 2, 3, 4, 5]
