"""What was made of a file that is no longer the one that was looked at is not kept as its own."""

import hashlib
from pathlib import Path

import pytest

from generator.pictures.kept import Store
from generator.pictures.publishing import (
    key_of_file,
    key_of_variant,
    published_file,
    published_variant,
)
from generator.pictures.wanted import Variant
from support.photographs import photograph, saved

VARIANT = Variant(40).to_json()


@pytest.mark.parametrize("is_replaced", [False, True])
def test_only_what_is_of_the_file_that_was_looked_at_is_kept(
    tmp_path: Path, is_replaced: bool
) -> None:
    source, store = tmp_path / "house.jpg", tmp_path / "store"
    source.write_bytes(saved(photograph()))
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    if is_replaced:
        source.write_bytes(saved(photograph(seed=2)))
    assert isinstance(published_variant(source, digest, VARIANT, store, "house.jpg"), bytes)
    assert isinstance(published_file(source, digest, 0, store, "house.jpg"), bytes)
    kept = [Store(store).get(key_of_variant(digest, VARIANT))]
    kept.append(Store(store).get(key_of_file(digest, 0)))
    assert [one is None for one in kept] == [is_replaced, is_replaced]
