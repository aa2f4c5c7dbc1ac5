"""`site.toml`: the settings of a site (`settings`), read (`loading`) and proved (`checks`).

What comes in is the file; what goes out are `Settings`, and a `Problem` for each mistake in it.
What the pages of a site may load follows from them (`policy`).
"""

from generator.config.loading import LENIENT, load_settings
from generator.config.settings import (
    CONTENT,
    EXTENSIONS,
    EXTENSIONS_ON,
    INVENTORY,
    LAYOUTS,
    SITE_TOML,
    UNSURE,
    USUAL,
    Comments,
    Content,
    Deploy,
    Engine,
    Extra,
    Front,
    Images,
    ListRules,
    Look,
    Markdown,
    MenuItem,
    RawHtml,
    Related,
    Security,
    Settings,
    families,
    publish_line,
)
from generator.config.syntax import broken_toml

__all__ = [
    "CONTENT",
    "EXTENSIONS",
    "EXTENSIONS_ON",
    "INVENTORY",
    "LAYOUTS",
    "LENIENT",
    "SITE_TOML",
    "UNSURE",
    "USUAL",
    "Comments",
    "Content",
    "Deploy",
    "Engine",
    "Extra",
    "Front",
    "Images",
    "ListRules",
    "Look",
    "Markdown",
    "MenuItem",
    "RawHtml",
    "Related",
    "Security",
    "Settings",
    "broken_toml",
    "families",
    "load_settings",
    "publish_line",
]
