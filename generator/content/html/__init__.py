"""HTML as browsers read it: its tags, which element stands in which, and what is amiss.

In comes the HTML of a text, out go its tokens, each with the elements that it stands in, and edits
between them. It is the tokenizer of the HTML standard (13.2.5) in one expression; of its tree
construction (13.2.6) as much as tells where each element ends. All that looks at the HTML of a
text asks this package, so that no tag is found in a comment, in a script or in an attribute.
"""

from generator.content.html.elements import (
    HEADINGS,
    INSIDE_LINES,
    KNOWN,
    MEDIA,
    SWALLOWING,
    VOID,
    named,
)
from generator.content.html.reader import DEEPEST, is_hiding, look_at
from generator.content.html.tokens import (
    ATTRIBUTES,
    NOWHERE,
    Attribute,
    Edit,
    Flaw,
    Html,
    Token,
    attribute,
    attributes,
    edited,
    is_doubtful,
)

__all__ = [
    "ATTRIBUTES",
    "DEEPEST",
    "HEADINGS",
    "INSIDE_LINES",
    "KNOWN",
    "MEDIA",
    "NOWHERE",
    "SWALLOWING",
    "VOID",
    "Attribute",
    "Edit",
    "Flaw",
    "Html",
    "Token",
    "attribute",
    "attributes",
    "edited",
    "is_doubtful",
    "is_hiding",
    "look_at",
    "named",
]
