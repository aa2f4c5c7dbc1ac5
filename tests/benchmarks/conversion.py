"""What it costs to convert a text, by each engine, beside stock Python-Markdown.

All run in turn in one process, several times over; the best time of each counts. On the
way it is checked that the quick Python-Markdown gives the stock one's HTML.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from markdown import Markdown

from generator.config import Engine
from generator.content.front_matter import Document, parse
from generator.content.markdown.commonmark import to_html as commonmark
from generator.content.markdown.fast import quick_markdown
from generator.content.markdown.python_markdown import to_html as default
from generator.content.prose import convert
from generator.content.scan import Shape
from generator.content.sources import Source
from generator.content.texts import read_text
from generator.content.typography import typeset

EXTENSIONS = ("tables", "footnotes", "def_list", "fenced_code", "attr_list")
DEMO = Path(__file__).parents[2] / "content" / "articles"
SEED, WORDS, LONG_TEXTS = 1987, 700, 60
Way = Callable[[str], object]


def main() -> None:
    arguments = _arguments()
    files = sorted(arguments.stories.rglob("*.md"))
    Random(SEED).shuffle(files)
    written = [file.read_text(encoding="utf-8") for file in files]
    documents = [parse(text, "") for text in written]
    bodies = [document.body for document in documents if isinstance(document, Document)]
    print(f"{len(bodies)} stories; the HTML of {_different(bodies)} of them differs from the stock")
    long_ones = _long(bodies)
    print(f"{len(long_ones)} long texts; the HTML of {_different(long_ones)} of them differs")
    few = bodies[: arguments.most]
    _table("stories", _conversions(), few, arguments.rounds)
    _table("long texts", _conversions(), long_ones, arguments.rounds)
    front = "---\ntitle: A headline\ndate: 2026-06-01\ntags: [One, Two]\n---\n\n"
    _table("stories", _readings(), [front + body for body in few], arguments.rounds)
    _table("long texts", _readings(), [front + body for body in long_ones], arguments.rounds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    about = "take the stories in this folder (default: the demo's)"
    parser.add_argument("--stories", type=Path, metavar="DIR", default=DEMO, help=about)
    parser.add_argument("--most", type=int, default=500, help="time so many of them")
    parser.add_argument("--rounds", type=int, default=5, help="the best of so many counts")
    return parser.parse_args()


def _conversions() -> dict[str, Way]:
    """From Markdown to HTML, the stock first; `marks` are those of `typography`."""
    stock = Markdown(extensions=EXTENSIONS, output_format="html")
    smart = Markdown(extensions=[*EXTENSIONS, "smarty", "toc"], output_format="html")
    quick = quick_markdown(EXTENSIONS, {})
    return {
        "stock": lambda body: stock.reset().convert(body),
        "stock, smarty and toc": lambda body: smart.reset().convert(body),
        "quick": lambda body: quick.reset().convert(body),
        "quick and marks": lambda body: typeset(default(body, True), "en"),
        "commonmark": lambda body: commonmark(body, False),
        "commonmark and marks": lambda body: typeset(commonmark(body, True), "en"),
    }


def _readings() -> dict[str, Way]:
    """All that is done with a body, and with a whole file."""

    def shape(engine: Engine) -> Shape:
        return Shape(engine, "en", smart_quotes=True, excerpt=200, promo_after=3)

    def read(written: str, engine: Engine) -> object:
        source = Source("articles/a.md", "articles")
        return read_text(source, written.encode(), shape(engine), "UTC")

    return {
        "prose, markdown": lambda written: convert(written, 1, shape("markdown")),
        "prose, commonmark": lambda written: convert(written, 1, shape("commonmark")),
        "file, markdown": lambda written: read(written, "markdown"),
        "file, commonmark": lambda written: read(written, "commonmark"),
    }


def _different(bodies: Sequence[str]) -> int:
    stock = Markdown(extensions=EXTENSIONS, output_format="html")
    quick = quick_markdown(EXTENSIONS, {})
    return sum(stock.reset().convert(body) != quick.reset().convert(body) for body in bodies)


def _long(bodies: Sequence[str]) -> list[str]:
    """Texts of about `WORDS` words made of the stories' paragraphs, with all constructs."""
    random = Random(SEED)
    paragraphs = [p for body in bodies for p in body.split("\n\n") if 12 < len(p.split()) < 200]
    return [_text(random, paragraphs) for _ in range(LONG_TEXTS)] if paragraphs else []


def _text(random: Random, paragraphs: Sequence[str]) -> str:
    blocks: list[str] = []
    count = 0
    while count < WORDS:
        words = random.choice(paragraphs).split()
        count += len(words)
        at = random.randrange(len(words) - 3)
        marked = random.choice(["[{}](https://example.org/x)", "*{}*", "**{}**", "{}", "{}"])
        words[at : at + 2] = [marked.format(" ".join(words[at : at + 2]))]
        if random.random() < 0.15:
            blocks.append("## " + " ".join(random.choice(paragraphs).split()[:4]))
        if random.random() < 0.1:
            blocks.append(
                "\n".join(f"- {' '.join(p.split()[:6])}" for p in paragraphs[at : at + 4])
            )
        quoted = "> " if random.random() < 0.1 else ""
        blocks.append(quoted + " ".join(words))
    blocks[0] += "[^1]"
    blocks.append("| Who | Votes |\n|-----|------:|\n| Ann | 12 |\n| Bob | 9 |")
    return "\n\n".join([*blocks, "[^1]: A note to the first paragraph."])


def _table(name: str, ways: dict[str, Way], texts: Sequence[str], rounds: int) -> None:
    """Milliseconds for each text, and how many times as fast as the first way."""
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):
        for way, do in ways.items():
            begun = time.perf_counter()
            for text in texts:
                do(text)
            best[way] = min(best[way], time.perf_counter() - begun)
    first = next(iter(best.values()))
    mean = sum(len(text.split()) for text in texts) // max(1, len(texts))
    print(f"\n{len(texts)} {name} of {mean} words")
    for way, seconds in best.items():
        print(f"  {way:24}{seconds / len(texts) * 1000:8.3f} ms {first / seconds:7.1f} x")


if __name__ == "__main__":
    main()
