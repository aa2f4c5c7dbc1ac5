"""The sidebars of the repository's own digest, as a person read them and agreed with each."""

import re
from pathlib import Path

import pytest
from lxml import html

from support.sites import links

AGREED = """
parker-closest-approach: europa-clipper-launch osiris-rex-sample-return nobel-prizes-ai
    change-6-far-side slim-moon-landing
notre-dame-reopens: nobel-literature-han-kang
cop29-baku: cop28-dubai panama-canal-drought renewables-2023 un-ai-resolution vostochny-meeting
europa-clipper-launch: osiris-rex-sample-return parker-closest-approach total-solar-eclipse
    change-6-far-side chandrayaan-3-landing
nobel-literature-han-kang: notre-dame-reopens
nobel-prizes-ai: un-ai-resolution eu-ai-act-in-force europa-clipper-launch
    parker-closest-approach
paris-games-close: euro-2024-final
eu-ai-act-in-force: ecb-rate-cut nobel-prizes-ai crowdstrike-update-outage uk-election-result
crowdstrike-update-outage: key-bridge-collapse eu-ai-act-in-force odysseus-moon-landing
    un-ai-resolution panama-canal-drought
euro-2024-final: paris-games-close uk-election-result
uk-election-result: india-election-result euro-2024-final eu-ai-act-in-force ecb-rate-cut
change-6-far-side: osiris-rex-sample-return slim-moon-landing odysseus-moon-landing
    chandrayaan-3-landing europa-clipper-launch
lenacapavir-trial: r21-malaria-vaccine
pyongyang-treaty: vostochny-meeting un-ai-resolution
ecb-rate-cut: eu-ai-act-in-force uk-election-result key-bridge-collapse panama-canal-drought
    cop29-baku
india-election-result: uk-election-result chandrayaan-3-landing
total-solar-eclipse: parker-closest-approach slim-moon-landing odysseus-moon-landing
    europa-clipper-launch change-6-far-side
renewables-2023: cop29-baku
key-bridge-collapse: panama-canal-drought crowdstrike-update-outage ecb-rate-cut
un-ai-resolution: nobel-prizes-ai crowdstrike-update-outage odysseus-moon-landing cop29-baku
    pyongyang-treaty
odysseus-moon-landing: chandrayaan-3-landing change-6-far-side total-solar-eclipse
    europa-clipper-launch crowdstrike-update-outage
slim-moon-landing: odysseus-moon-landing total-solar-eclipse change-6-far-side
    osiris-rex-sample-return europa-clipper-launch
cop28-dubai: renewables-2023 un-ai-resolution panama-canal-drought
panama-canal-drought: key-bridge-collapse cop29-baku crowdstrike-update-outage cop28-dubai
r21-malaria-vaccine: lenacapavir-trial
osiris-rex-sample-return: europa-clipper-launch parker-closest-approach total-solar-eclipse
    chandrayaan-3-landing slim-moon-landing
vostochny-meeting: cop29-baku un-ai-resolution
chandrayaan-3-landing: slim-moon-landing odysseus-moon-landing change-6-far-side
    total-solar-eclipse europa-clipper-launch
"""
"""Each story's slug, and the slugs of what stands beside it, best first."""


def agreed() -> dict[str, list[str]]:
    lines = re.sub(r"\n +", " ", AGREED).strip().splitlines()
    return {slug: rest.split() for slug, _, rest in (line.partition(":") for line in lines)}


@pytest.fixture(scope="module")
def shown(demo: Path) -> dict[str, list[str]]:
    """What the built pages suggest: slugs by slug."""
    pages = {}
    for file in sorted(demo.glob("20*/*/*/index.html")):
        page = html.document_fromstring(file.read_text(encoding="utf-8"))
        if page.cssselect("article"):
            found = links(page, "aside.related li a")
            pages[file.parent.name] = [link.strip("/").split("/")[-1] for link in found]
    return pages


def test_every_sidebar_is_as_agreed(shown: dict[str, list[str]]) -> None:
    assert shown == agreed()


def test_every_sidebar_has_a_way_on(demo: Path, shown: dict[str, list[str]]) -> None:
    for slug in shown:
        (file,) = demo.glob(f"20*/*/{slug}/index.html")
        (aside,) = html.document_fromstring(file.read_text(encoding="utf-8")).cssselect(
            "aside.related"
        )
        (way_on,) = links(aside, "a.view-all")
        assert (demo / way_on.lstrip("/") / "index.html").is_file(), slug
        assert aside.cssselect("time") == []
