"""What a build publishes as it is, and what it says of files that it does not publish."""

from generator.output.inventory import read_inventory
from support.sites import SETTINGS, SmallSite

DRAFT = "---\ntitle: Secret\ndate: 2026-06-01\ndraft: true\n---\nNot for readers.\n"
UNDERLINED = 'its name, or that of a folder above it, begins with "_"'
COPY = "by its name it is a backup, or a copy that an editor or a merge has left"
KEY = "by its name it holds a key or a password"
MATTER = "it begins with front matter"
NEW_KEY = "take it out of content/; if it was ever public, have a new one made"


def written(*patterns: str) -> str:
    listed = ", ".join(f'"{pattern}"' for pattern in patterns)
    return f"publish = [{listed}] under [content] in site.toml"


def publish(site: SmallSite, *patterns: str) -> None:
    listed = ", ".join(f"'{pattern}'" for pattern in patterns)
    site.write({"site.toml": f"{SETTINGS}[content]\npublish = [{listed}]\n"})


def copied(site: SmallSite) -> set[str]:
    """The outputs that are copies of content files."""
    inventory = read_inventory(site.public)
    return (
        {path for path, item in inventory.files.items() if item.kind in ("file", "host file")}
        if inventory
        else set()
    )
