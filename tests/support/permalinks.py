"""Pages with addresses of their own."""

from support.sites import SmallSite

UNSURE = "only a host that the setting `host` knows is sure to answer for such an address"


def page(title: str, **fields: str) -> str:
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"---\ntitle: {title}\n{lines}---\nText.\n"


def links_of_pictures(site: SmallSite, path: str) -> list[str]:
    return [str(image.get("src")) for image in site.page(path).cssselect("article img")]
