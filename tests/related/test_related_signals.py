"""What makes stories related: each signal for itself, through the web of a small archive."""

from random import Random

import numpy as np
import pytest

from generator.related.index import RelatedIndex, Rules
from generator.related.shares import reason
from generator.related.vectors import Archive, Weights, vectors, written
from generator.terms import KINDS, Kind, number_of, terms_of
from support.small_archives import (
    RULES,
    WORDS_ONLY,
    Story,
    fillers,
    indexed,
    place,
    scores,
    subjects,
    words,
)


def weighted(headline: float = 0, names: float = 0, tags: float = 0) -> Rules:
    return WORDS_ONLY._replace(weights=Weights(headline, names, tags))


def says(index: RelatedIndex, path: str, kind: Kind, spelling: str) -> bool:
    """Whether a term tells anything of a story."""
    return number_of(kind, spelling) in index.vector(place(index, path))[0].tolist()


def some(seed: int, count: int) -> list[Story]:
    """An archive of words, names and tags at random, with copies and equal dates among it."""
    random = Random(seed)
    made = []
    for number in range(count):
        text = " ".join(random.choices(words(0, 80).split(), k=random.randrange(12)))
        name = random.choice(["", ", said Ada Lovelace", ", said Alan Turing"])
        headline = " ".join(random.choices(words(0, 80).split(), k=random.randrange(4)))
        tags = tuple(random.sample(["ai", "law", "moon"], random.randrange(3)))
        made.append(Story(f"s{number:03}", text + name, headline, tags, random.randrange(30)))
    return made + [story._replace(path=f"{story.path}-copy") for story in made[: count // 5]]


# ---------------------------------------------------------------------- words, headlines


def test_the_more_words_two_stories_share_the_nearer_they_are() -> None:
    stories = [Story("story", words(0, 10)), Story("more", words(0, 8)), Story("less", words(0, 3))]
    found = scores(indexed([*stories, Story("none", words(20, 30))]), "story")
    assert list(found) == ["more", "less"]
    assert found["more"] > 1.5 * found["less"]


def test_a_rare_word_says_more_than_a_common_one() -> None:
    common = [Story(f"common{number}", "often") for number in range(8)]
    index = indexed([Story("story", "often seldom"), Story("rare", "seldom", day=-9), *common])
    assert next(iter(scores(index, "story"))) == "rare"


def test_a_word_of_the_headline_counts_beside_the_text() -> None:
    stories = [
        Story("story", words(0, 5), "moon landing"),
        Story("same", words(0, 5), "moon base"),
        Story("other", f"{words(0, 5)} moon", "base camp"),
        Story("third", "landing camp", "camp landing"),
    ]
    without, little, much = (
        scores(indexed(stories, weighted(headline=weight)), "story") for weight in (0, 0.15, 1)
    )
    gains = [found["same"] - found["other"] for found in (without, little, much)]
    assert gains[0] < gains[1] < gains[2]


# -------------------------------------------------------------------- names, tags, dates


def test_a_shared_name_counts_more_than_its_words() -> None:
    name, letters = "it was Ada Lovelace", "it was ada said lovelace"
    stories = [Story("story", name), Story("same", name), Story("other", letters)]
    found = scores(indexed([*stories, Story("said", "said")], weighted(names=0.5)), "story")
    assert found["same"] > found["other"] > 0


def test_a_rare_tag_beats_a_common_one() -> None:
    common = [Story(f"common{number}", tags=("news",), day=-1) for number in range(8)]
    rare = Story("rare", tags=("quarks",), day=-300)
    index = indexed([Story("story", tags=("news", "quarks")), rare, *common])
    assert list(scores(index, "story"))[:2] == ["rare", "common0"]


def test_tags_say_more_in_a_small_archive_than_in_a_large_one() -> None:
    stories = [Story("story", words(0, 9), tags=("ai",)), Story("word", words(0, 9))]
    stories += [Story("tag", words(20, 29), tags=("ai",)), Story("other", words(20, 29))]
    small, large = (scores(indexed(stories + fillers(n), RULES), "story") for n in (8, 1020))
    assert small["tag"] / small["word"] > 2 * large["tag"] / large["word"]


@pytest.mark.parametrize("half_life", [1, 60, 365])
def test_the_bonus_for_dates_halves_with_every_half_life(half_life: int) -> None:
    rules = WORDS_ONLY._replace(recency=0.5, half_life=half_life)
    days = [0, 0, -half_life, -2 * half_life, 99 * half_life]
    index = indexed(
        [Story(f"s{number}", "moon", day=day) for number, day in enumerate(days)], rules
    )
    found = scores(index, "s0")
    assert list(found) == ["s1", "s2", "s3", "s4"]
    bonus = [(found[path] - 1 / 1.5) * 1.5 for path in found]
    assert bonus == pytest.approx([0.5, 0.25, 0.125, 0], abs=1e-3)


def test_of_equals_the_newest_comes_first_and_then_the_path_decides() -> None:
    stories = [
        Story("c", "moon"),
        Story("b", "moon"),
        Story("a", "moon"),
        Story("d", "moon", day=1),
    ]
    assert list(scores(indexed(stories, WORDS_ONLY), "c")) == ["d", "a", "b"]


def test_no_newer_story_is_ranked_unless_it_may_be() -> None:
    stories = some(1, 120)
    index, listed = indexed(stories, RULES._replace(newer=False)), subjects(stories)
    found = 0
    for position, subject in enumerate(listed):
        ranked = [listed[other] for other, _ in index.scores(position)]
        assert all(other.moment <= subject.moment for other in ranked)
        found += len(ranked)
    assert found > 120
    assert list(index.scores(0))
    assert not list(index.scores(len(index.columns) - 1))


# ------------------------------------------------------------------ too common, too rare


@pytest.mark.parametrize(("having", "tells"), [(2, True), (15, True), (16, False), (20, False)])
def test_a_term_of_most_stories_says_nothing(having: int, tells: bool) -> None:
    stories = [Story(f"s{n:02}", "moon", "moon", ("ai",)) for n in range(having)]
    index = indexed([*stories, *fillers(20 - having)])
    kinds: tuple[tuple[Kind, str], ...] = (("word", "moon"), ("headline", "moon"), ("tag", "ai"))
    assert {says(index, "s00", kind, spelling) for kind, spelling in kinds} == {tells}


@pytest.mark.parametrize("size", [2, 3, 15])
def test_in_a_tiny_archive_even_a_term_of_all_stories_says_something(size: int) -> None:
    assert says(indexed([Story(f"s{n}", "moon") for n in range(size)]), "s0", "word", "moon")


def test_a_term_of_one_story_says_nothing() -> None:
    index = indexed([Story("one", "moon Ada Lovelace", "moon", ("ai",)), *fillers(9)])
    assert [len(index.vector(position)[0]) for position in range(10)] == [0] * 10


@pytest.mark.parametrize(("stories", "least"), [(1_000, 2), (10_000, 4), (100_000, 8)])
def test_the_larger_the_archive_the_more_stories_must_have_a_word(stories: int, least: int) -> None:
    story = terms_of("lune", "moon, by Ada Lovelace", "en")
    counts = written([(story, ["ai"])])
    for having in (least - 1, least):
        often = np.full(len(counts.ids), having, np.int32)
        told = vectors(
            counts, Archive(stories, np.sort(counts.ids), often), RULES.weights
        ).ids.tolist()
        assert (number_of("word", "moon") in told) is (having == least)
        named = {number_of("tag", "ai"), number_of("name", "ada lovelace")}
        assert named.issubset(told) is (having > 1)


@pytest.mark.parametrize(("size", "tells"), [(1023, False), (1024, True)])
def test_stop_words_say_something_only_in_a_large_archive(size: int, tells: bool) -> None:
    stories = [Story("one", "whereas moon"), Story("two", "whereas moon")]
    index = indexed([*stories, *fillers(size - 2)])
    assert says(index, "one", "stop", "wherea") is tells
    assert says(index, "one", "word", "moon")


# ------------------------------------------------------------------------------ company


def test_of_a_large_archive_the_story_in_the_same_company_comes_first() -> None:
    subject = [Story(f"a{number}", words(0, 8)) for number in range(20)]
    another = [Story(f"b{number}", words(10, 18)) for number in range(20)]
    story = Story("story", f"{words(0, 5)} {words(30, 36)}")
    stranger = Story("stranger", f"{words(10, 18)} {words(30, 36)}")
    stories = [story, stranger, *subject, *another, *fillers(300)]
    for company, first in ((0, "stranger"), (1.5, "a0")):
        found = scores(indexed(stories, RULES._replace(company=company)), "story")
        assert next(iter(found)) == first


# ---------------------------------------------------------------------- weights and scores


@pytest.mark.parametrize("kind", ["headline", "name", "tag"])
def test_a_weight_of_0_switches_a_signal_off(kind: Kind) -> None:
    field = {"headline": "headline", "name": "names", "tag": "tags"}[kind]
    index = indexed(some(2, 40), RULES._replace(weights=RULES.weights._replace(**{field: 0.0})))
    vectors = index.inverted.vectors(np.arange(len(index.columns)))
    told = vectors.ids[vectors.values > 0]
    assert {KINDS[number] for number in set((told & 7).tolist())} == {
        "word",
        "name",
        "tag",
        "headline",
    } - {kind}


def test_without_a_weight_for_dates_they_do_not_matter() -> None:
    stories = [story._replace(day=0) for story in some(3, 40)]
    dated = [story._replace(day=-number) for number, story in enumerate(stories)]
    same, apart = (indexed(s, RULES._replace(recency=0)) for s in (stories, dated))
    for path in (story.path for story in stories):
        assert scores(same, path) == scores(apart, path)


def test_with_all_weights_0_only_words_relate() -> None:
    stories = [Story(f"s{number}", "of Ada Lovelace", "Moon", ("ai",)) for number in range(5)]
    assert list(scores(indexed(stories, WORDS_ONLY), "s0")) == ["s1", "s2", "s3", "s4"]
    bare = [story._replace(text="", headline="") for story in stories]
    assert scores(indexed(bare, WORDS_ONLY), "s0") == {}


@pytest.mark.parametrize("count", [5, 60, 300])
def test_scores_are_between_0_and_1_and_descend(count: int) -> None:
    index = indexed(some(4, count))
    for position in range(len(index.columns)):
        found = [score for _, score in index.scores(position)]
        assert found == sorted(found, reverse=True)
        assert all(0 < score <= 1 for score in found)


def test_a_story_and_its_copy_score_1_in_a_small_archive() -> None:
    for size in range(1, 60):
        text, headline = words(0, size), words(0, 3)
        index = indexed(
            [Story("one", text, headline, ("ai",)), Story("two", text, headline, ("ai",))]
        )
        ((_, score),) = index.scores(0)
        assert 0.99 < score <= 1


def test_a_copy_scores_nearly_1_in_a_large_archive_that_has_more_of_the_subject() -> None:
    subject = [Story(f"s{number:02}", words(0, 20), "w1 w2", ("ai",)) for number in range(40)]
    assert min(scores(indexed(subject + fillers(260)), "s00").values()) > 0.9


def test_two_stories_are_equally_near_from_either_side() -> None:
    index = indexed(some(5, 150))
    near: dict[tuple[int, int], int] = {}
    for one in range(len(index.columns)):
        who, score = (part[0].tolist() for part in index.nearest.take(np.array([one])))
        near |= {(one, other): s for other, s in zip(who, score, strict=True)}
    both = [pair for pair in near if pair[::-1] in near]
    assert len(both) > 1000
    assert all(near[pair] == near[pair[::-1]] for pair in both)


@pytest.mark.parametrize("count", [30, 300])
def test_the_reasons_add_up_to_the_score(count: int) -> None:
    index = indexed(some(6, count))
    for position in range(0, len(index.columns), 9):
        for other, score in index.scores(position):
            why = reason(index, position, other, {})
            assert why.score == score
            assert sum(why.parts.values()) == pytest.approx(score, abs=1e-6)
