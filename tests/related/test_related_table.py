"""Arrays of which little changes: what is put in is found, and what was there is not touched."""

from random import Random

import numpy as np
import pytest

from generator.related.table import places_of, table


def test_a_table_is_what_was_put_into_it_through_many_changes() -> None:
    random = Random(0)
    expected = np.arange(3000, dtype=np.int32).reshape(1000, 3)
    rows = table(expected.copy())
    for _ in range(40):
        places = np.array(sorted(random.sample(range(1000), 7)))
        values = np.array([[random.randrange(1000)] * 3 for _ in places], np.int32)
        expected[places] = values
        rows = rows.put(places, values)
        assert np.array_equal(rows.whole(), expected)
        assert np.array_equal(rows.take(places[::-1]), expected[places[::-1]])
        assert np.array_equal(rows.take(np.arange(1000), 2), expected[:, :2])
        assert np.array_equal(rows.column(-1), expected[:, -1])


def test_a_table_that_is_changed_stays_as_it_was() -> None:
    before = table(np.zeros((100, 2), np.int32))
    once = before.put(np.array([3]), np.ones((1, 2), np.int32))
    twice = once.put(np.array([3]), np.full((1, 2), 2, np.int32))
    assert [rows.take(np.array([3])).tolist() for rows in (before, once, twice)] == [
        [[0, 0]],
        [[1, 1]],
        [[2, 2]],
    ]


@pytest.mark.parametrize("numbers", [[], [5], [-2, 7], [-1], [1, 2, 3, 4, 5, 6], [-2, 0, 9, 8, 7]])
def test_the_rows_that_hold_a_number_are_found(numbers: list[int]) -> None:
    random = Random(1)
    whole = np.array([[random.randrange(-2, 50) for _ in range(4)] for _ in range(50)], np.int32)
    rows = table(whole.copy())
    places, values = np.array([2, 40]), np.array([[5, -1, 0, 49], [1, -2, 11, 12]], np.int32)
    whole[places] = values
    found = rows.put(places, values).holding(np.array(numbers, np.intp))
    assert found.tolist() == [bool(set(numbers) & set(row)) for row in whole.tolist()]


@pytest.mark.parametrize("count", [1, 2, 9])
def test_what_is_looked_for_is_found_in_every_part_of_a_long_array(count: int) -> None:
    there = np.arange(200_000, dtype=np.int32)
    numbers = np.array([0, 65_535, 65_536, 131_072, 199_999, 7, 8, 9, 10])[-count:]
    assert np.sort(places_of(there, numbers, 200_000)).tolist() == np.sort(numbers).tolist()
