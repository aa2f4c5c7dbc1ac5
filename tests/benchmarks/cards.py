"""What share cards cost: a thousand of the default layout, each with another headline, on one core.

Owed are 60 seconds. Processor time counts, so that other work on the machine does not; what it took
by the clock is printed too.
"""

import argparse
import time
from random import Random

from generator.pictures.cards import OWN_FONT, drawn_card
from support.cards import STORY, faces_of, render_card

SEED, OWED = 1987, 60
WORDS = (
    "parliament",
    "votes",
    "budget",
    "river",
    "harbour",
    "talks",
    "after",
    "long",
    "night",
    "of",
)
"""Words of headlines."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=1000, help="draw so many")
    count = parser.parse_args().cards
    random, sizes = Random(SEED), list[int]()
    faces, layout = faces_of(), STORY.read_text(encoding="utf-8")
    headlines = [_headline(random, number) for number in range(count)]
    began, clock = time.process_time(), time.perf_counter()
    for headline in headlines:
        made = drawn_card(render_card(layout, faces, headline), OWN_FONT)
        assert isinstance(made, bytes), made
        sizes.append(len(made))
    spent, waited = time.process_time() - began, time.perf_counter() - clock
    size = sum(sizes) / count / 1000
    print(f"{count} cards: {spent:.1f} s of processor time, {waited:.1f} s by the clock")
    print(f"{spent / count * 1000:.0f} ms and {size:.1f} kB each; owed: {OWED} s for a thousand")


def _headline(random: Random, number: int) -> str:
    words = random.choices(WORDS, k=random.randint(3, 16))
    return " ".join([words[0].capitalize(), *words[1:], str(number)])


if __name__ == "__main__":
    main()
