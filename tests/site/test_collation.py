"""The order of names, language by language."""

import random
import string

import pytest
from pyuca import Collator

from generator.site.collation import collated


def in_order(names: list[str], language: str) -> list[str]:
    keys = collated(names, language)
    return sorted(names, key=lambda name: keys[name])


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", "Issue 1|Issue 2|Issue 10|Issue 100|Issue A"),
        ("en", "1st|2nd|10th|apple|Banana|cherry"),
        ("en", "part 9 of 10|part 10 of 10"),
        ("en", "007 films|8 Mile"),
        ("de", "Ägypten|Ahorn|Éire|Öl|Olive|Zypern"),
        ("fr", "cote|coté|côte|côté|coter"),
        ("sv", "Arne|Zorn|Ål|Ås|Ängel|Öl"),
        ("da", "Arne|Zebra|Ærø|Østerbro|Aarhus|Åse"),
        ("cs", "Cena|Cyril|Čas|Dub|Hora|Chleba|Ivan"),
        ("es", "nube|nz|ñandú|Ñu|oca"),
        ("tr", "hız|ırmak|Irmak|igloo|İzmir|jale"),
        ("pl", "lato|Łódź|mama|zebra|źrebak|żaba"),
        ("hu", "cukor|cs\u00f3k|dob|oboa|öröm|zab|zseb"),
        ("ru", "еда|ёж|ель|икра|йод|яма"),
        ("zh", "阿富汗|北京|李|王|张"),
        ("zh", "阿|安徽|北京|北京大学|经济|经济学|王|王安|王伟"),
        ("zh", "西安|西藏|先锋"),
        ("ja", "あい|うえ|カナ|漢字"),
    ],
)
def test_names_are_in_the_order_of_the_language(language: str, names: str) -> None:
    right = names.split("|")
    for seed in range(5):
        mixed = random.Random(seed).sample(right, len(right))
        assert in_order(mixed, language) == right


@pytest.mark.long
def test_ascii_alone_has_the_order_that_the_algorithm_gives_it() -> None:
    sort_key = Collator().sort_key
    names = random.Random(7)
    signs = [sign for sign in string.printable if not sign.isdigit()]
    for _ in range(300):
        some = list({"".join(names.choices(signs, k=names.randint(1, 5))) for _ in range(20)})
        assert in_order(some, "en") == sorted(some, key=sort_key)


def test_a_number_of_any_length_is_a_number() -> None:
    names = [f"n{10**power}" for power in range(40)]
    assert in_order(names[::-1], "en") == names
    assert len(collated([f"n{'9' * 10_000}", "é"], "en")) == 2
