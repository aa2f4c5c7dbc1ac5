"""The keys of texts in columns are read like a dict, and held against those of another time."""

from hypothesis import given
from hypothesis import strategies as st

from generator.content.scan import FoundTexts
from generator.content.text_keys import TextKeys

paths = st.sampled_from(["articles/a.md", "articles/a-b.md", "articles/a/b.md", "pages/é.md", "z"])
keys = st.sampled_from(["00" * 16, "0a" * 16, "ff" * 16])
known = st.dictionaries(paths, keys)


def in_columns(some: dict[str, str]) -> TextKeys:
    return TextKeys.of([*some], [*map(bytes.fromhex, some.values())])


@given(known)
def test_keys_are_found_by_path_in_the_order_of_the_paths(some: dict[str, str]) -> None:
    columns = in_columns(some)
    assert dict(columns) == some
    assert [*columns] == sorted(some)
    assert columns.get("articles/none.md") is None
    found = [(text.source.path, text.key) for text in FoundTexts(columns)]
    assert found == sorted(some.items())


@given(known, known)
def test_what_is_new_was_not_there_or_had_another_key(
    now: dict[str, str], before: dict[str, str]
) -> None:
    new = [path for path in sorted(now) if before.get(path) != now[path]]
    assert in_columns(now).new_since(in_columns(before)) == new
    assert in_columns(now).new_since(in_columns(now)) == []


@given(known, known)
def test_keys_that_are_put_take_the_place_of_others(
    some: dict[str, str], new: dict[str, str]
) -> None:
    new = {path: key for path, key in new.items() if path in some}
    before = in_columns(some)
    assert dict(before.put(new)) == some | new
    assert before.put(new).new_since(before) == sorted(p for p in new if new[p] != some[p])
    assert dict(before) == some
