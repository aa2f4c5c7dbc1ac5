"""Columns give what was put into them, and which of their values are others than before."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from generator.state.columns import Column, others_in, values_of


@given(st.lists(st.binary(max_size=20)))
def test_a_column_holds_its_values(values: list[bytes]) -> None:
    column = Column.of(values)
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(column), type=Column)
    for one in (column, kept, Column.of(kept)):
        assert len(one) == len(values)
        assert [*one] == values
        assert [one[row] for row in range(len(values))] == values


@given(st.integers(0, 2000), st.sets(st.integers(0, 1999)))
def test_the_rows_are_found_that_hold_others(size: int, changed: set[int]) -> None:
    before = [row.to_bytes(4, "big") for row in range(size)]
    now = [b"else" if row in changed else value for row, value in enumerate(before)]
    wanted = [row for row in range(size) if row in changed]
    assert [*others_in(b"".join(now), b"".join(before), 4)] == wanted
    assert [*values_of(b"".join(now), 4)] == now
