"""What a site that was kept knows of its texts is read like the dicts that it was made from."""

from hypothesis import given
from hypothesis import strategies as st

from generator.model import Anchors
from generator.site.anchors import place_of
from generator.site.kept import KeptAddresses, KeptAnchors, encoded_anchors
from generator.site.overlay import Overlay, changes_of, overlaid
from generator.state.columns import Column

names = st.sampled_from("abcdefgh")
few = st.dictionaries(names, st.integers(0, 3))


@given(few, st.lists(few, max_size=3))
def test_a_mapping_with_changes_over_it_is_that_with_the_changes(
    below: dict[str, int], changes: list[dict[str, int]]
) -> None:
    model, overlay = dict(below), Overlay(below, {})
    for some in changes:
        model |= some
        overlay = overlaid(overlay, some)
    assert dict(overlay) == model
    assert [*overlay] == [*model]
    assert len(overlay) == len(model)
    assert all((name in overlay) == (name in model) for name in "abcdefgh")
    assert overlay.below is below
    assert changes_of(below) == {}


@given(st.sets(names), st.sets(st.sampled_from("ijk")))
def test_addresses_are_those_of_texts_and_after_them_of_others(
    texts: set[str], others: set[str]
) -> None:
    model = {path: f"/{path}/" for path in (*sorted(texts), *others)}
    kept = KeptAddresses(
        sorted(texts),
        [f"/{path}/" for path in sorted(texts)],
        {path: f"/{path}/" for path in others},
    )
    assert [*kept.items()] == [*model.items()]
    assert len(kept) == len(model)
    assert "none" not in kept


@given(st.lists(st.sampled_from(["/a/", "/b c/", "/ü.html", "/d/index.html"]), unique=True))
def test_ids_are_found_by_the_places_of_their_texts(urls: list[str]) -> None:
    model = {place_of(url): Anchors((url, "x"), own="") for url in urls[1:]}
    others = {"/about": Anchors(("y",), own="y")}
    kept = KeptAnchors(urls, Column.of(encoded_anchors(model, urls)), others)
    assert dict(kept) == model | others
    assert [*kept] == [*model, *others]
    assert len(kept) == len(model) + 1
    assert all(place_of(url) in kept for url in urls[1:])
    assert kept.get("/none") is None
