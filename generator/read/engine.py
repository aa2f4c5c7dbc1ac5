"""Python-Markdown, set up for a language."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from markdown import Markdown

from generator.read.quick import quick_markdown

_EXTENSIONS = ("tables", "footnotes", "def_list", "fenced_code", "attr_list")

# The double marks of each language's typesetters; English has “ and ”.
_QUOTES: dict[str, Sequence[str]] = {
    "cs": "„“",
    "da": "»«",
    "de": "„“",
    "es": "«»",
    "fi": "””",
    "fr": ("«\u202f", "\u202f»"),
    "it": "«»",
    "nb": "«»",
    "no": "«»",
    "pl": "„”",
    "ru": "«»",
    "sk": "„“",
    "sv": "””",
    "uk": "«»",
}


@lru_cache(maxsize=8)
def markdown(language: str, smart_quotes: bool) -> Markdown:
    """A converter; `reset` it before each text. Its pictures, links and headings are left plain."""
    configs: dict[str, dict[str, Any]] = {"footnotes": {"BACKLINK_TITLE": "{}"}}
    if not smart_quotes:
        return quick_markdown(_EXTENSIONS, configs)
    configs["smarty"] = {"substitutions": _substitutions(language)}
    return Markdown(
        extensions=[*_EXTENSIONS, "smarty"],
        extension_configs=configs,
        output_format="html",
    )


def _substitutions(language: str) -> dict[str, str]:
    """The double marks by Python-Markdown's names. Its single ones serve as apostrophes too."""
    opening, closing = _QUOTES.get(language.split("-")[0].lower(), "“”")
    return {
        "left-double-quote": opening,
        "right-double-quote": closing,
        "left-single-quote": "‘",
        "right-single-quote": "’",
    }
