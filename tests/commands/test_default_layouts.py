"""`broadsheet layouts`: the default layouts, listed with their blocks and copied into a site."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from generator.templates.folders import default_folder, files_below
from support.sites import SmallSite, words

FOOTER = "partials/footer.html"


def layouts(site: SmallSite, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["layouts", "--root", str(site.root), *arguments])


def copied(site: SmallSite, *names: str) -> Result:
    return layouts(site, *(part for name in names for part in ("--copy", name)))


def listed(site: SmallSite) -> dict[str, Any]:
    """What `--json` says of each file, by name."""
    done = layouts(site, "--json")
    assert done.exit_code == 0 and done.stderr == ""
    return {file.pop("name"): file for file in json.loads(done.stdout)["files"]}


def own(site: SmallSite) -> dict[str, Path]:
    return files_below(site.root / "layouts")[0]


# ------------------------------------------------------------------------------- listed


def test_every_default_layout_is_listed(site: SmallSite) -> None:
    assert listed(site).keys() == files_below(default_folder())[0].keys()


def test_it_says_where_they_lie(site: SmallSite) -> None:
    assert layouts(site).stdout.splitlines()[0] == f"Default layouts: {default_folder()}"
    assert json.loads(layouts(site, "--json").stdout)["folder"] == str(default_folder())


def test_blocks_are_listed_from_top_to_bottom(site: SmallSite) -> None:
    blocks = ["main", "heading", "below", "listing"]
    tag = {"extends": "base.html", "blocks": blocks, "replaced": False}
    nothing = {"extends": "", "blocks": [], "replaced": False}
    files = listed(site)
    assert files["tag.html"] == tag
    assert files["base.html"]["blocks"][:3] == ["title", "metadata", "structure"]
    assert files["assets/site.css"] == files["labels/de.toml"] == files[FOOTER] == nothing
    row = r"^tag\.html +extends base\.html; blocks: main, heading, below, listing$"
    assert re.search(row, layouts(site).stdout, re.MULTILINE)


def test_what_the_site_has_replaced_is_told(site: SmallSite) -> None:
    site.write({f"layouts/{FOOTER}": "<p>Mine</p>", "layouts/assets/own.css": "a { top: 0 }"})
    replaced = [name for name, file in listed(site).items() if file["replaced"]]
    assert replaced == [FOOTER]
    row = f"^{re.escape(FOOTER)} +replaced by layouts/{re.escape(FOOTER)}$"
    assert re.search(row, layouts(site).stdout, re.MULTILINE)


def test_there_need_be_no_site(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["layouts", "--root", str(tmp_path)])
    assert done.exit_code == 0 and "replaced" not in done.stdout


def test_in_the_repository_nothing_is_replaced(repository: Path) -> None:
    done = CliRunner().invoke(main, ["layouts", "--root", str(repository)])
    assert done.exit_code == 0 and "replaced" not in done.stdout


@pytest.mark.parametrize("arguments", [(), ("--copy", FOOTER)])
def test_own_layouts_that_cannot_be_looked_at_are_the_site_s_fault(
    site: SmallSite, arguments: tuple[str, ...]
) -> None:
    site.write({"layouts": "no folder"})
    done = layouts(site, *arguments)
    assert done.exit_code == 1 and done.stdout == ""
    assert done.stderr == ("layouts: cannot be read: Not a directory; put a folder in its place\n")


# ------------------------------------------------------------------------------- copied


@pytest.mark.parametrize(
    "names",
    [(FOOTER,), ("article.html", "assets/site.css", "labels/de.toml"), (FOOTER, FOOTER)],
)
def test_a_copy_is_what_it_was_copied_from(site: SmallSite, names: tuple[str, ...]) -> None:
    done = copied(site, *names)
    assert done.exit_code == 0 and done.stdout == ""
    assert own(site).keys() == set(names)
    for name, file in own(site).items():
        assert file.read_bytes() == (default_folder() / name).read_bytes()
        assert done.stderr.count(f"Copied {file}.\n") == 1
        assert listed(site)[name]["replaced"]


def test_every_default_layout_can_be_copied_and_the_site_stays_as_it_is(site: SmallSite) -> None:
    site.article("story")
    site.build()
    before = site.outputs()
    assert copied(site, *listed(site)).exit_code == 0
    site.build(clean=True)
    assert site.outputs() == before


def test_a_changed_copy_is_on_the_page(site: SmallSite) -> None:
    copied(site, FOOTER)
    site.write({f"layouts/{FOOTER}": f"{own(site)[FOOTER].read_text('utf-8')}<p class=my>Hi</p>"})
    site.build()
    assert words(site.page("/"), ".footer + .my") == "Hi"


def test_it_says_how_to_go_on(site: SmallSite) -> None:
    said = copied(site, FOOTER, "labels/de.toml").stderr.splitlines()
    assert len(said) == 3
    assert said[2].endswith(f" on the site: broadsheet serve --root {site.root} shows it at once.")
    last = copied(site, "assets/site.css", "tag.html").stderr.splitlines()[-1]
    assert "one block of tag.html" in last and last.endswith('{% extends "default/tag.html" %}')


def test_of_a_copy_one_block_is_enough(site: SmallSite) -> None:
    site.article("story", "![P](p.svg)", tags="[AI]", author="Ann")
    site.write(
        {"content/articles/p.svg": "<svg/>", "content/pages/about.md": "---\ntitle: A\n---\n"}
    )
    site.build()
    before = site.outputs()
    names = [name for name, file in listed(site).items() if file["blocks"]]
    site.write({f"layouts/{name}": f'{{% extends "default/{name}" %}}\n' for name in names})
    site.build(clean=True)
    assert site.outputs() == before
    block = "{% block headline %}<h1>Mine</h1>{% endblock %}"
    site.write({"layouts/article.html": f'{{% extends "default/article.html" %}}\n{block}'})
    site.build()
    assert words(site.page("/2026/06/story/"), "h1") == "Mine"
    assert words(site.page("/2026/06/story/"), ".tags") == "AI"


def test_what_was_copied_is_told_as_json(site: SmallSite) -> None:
    done = layouts(site, "--copy", FOOTER, "--copy", "404.html", "--json")
    assert json.loads(done.stdout) == {"copied": [FOOTER, "404.html"]}


def test_nothing_is_overwritten(site: SmallSite) -> None:
    mine = site.root / "layouts" / FOOTER
    site.write({f"layouts/{FOOTER}": "mine"})
    done = copied(site, "article.html", FOOTER)
    assert done.exit_code == 2
    assert f"Error: {mine} is there already: edit it, or move it away\n" in done.stderr
    assert own(site) == {FOOTER: mine} and mine.read_text("utf-8") == "mine"


def test_a_link_that_leads_nowhere_is_not_written_through(site: SmallSite) -> None:
    (site.root / "layouts").mkdir()
    (site.root / "layouts/article.html").symlink_to(site.root / "elsewhere.html")
    assert copied(site, "article.html").exit_code != 0
    assert not (site.root / "elsewhere.html").exists()


def test_nothing_is_written_where_a_link_leads_out_of_the_site(
    site: SmallSite, tmp_path: Path
) -> None:
    (tmp_path / "others").mkdir()
    (site.root / "layouts").mkdir()
    (site.root / "layouts/partials").symlink_to(tmp_path / "others")
    done = copied(site, FOOTER)
    assert done.exit_code == 1
    assert done.stderr.startswith("layouts/partials: this link leads out of the site's folder")
    assert list((tmp_path / "others").iterdir()) == []


def test_all_are_copied_or_none(site: SmallSite) -> None:
    site.write({"layouts/partials": "a file in the way"})
    done = copied(site, "article.html", FOOTER)
    assert done.exit_code == 2
    assert f"{site.root / 'layouts' / FOOTER} cannot be written: " in done.stderr
    assert own(site).keys() == {"partials"}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("footer.html", FOOTER),
        ("partials/foter.html", FOOTER),
        ("partials/footer.htm", FOOTER),
        ("layouts/partials/footer.html", FOOTER),
        ("default/partials/footer.html", FOOTER),
        ("site.css", "assets/site.css"),
        ("autor.html", "author.html"),
        ("partials/autor.html", "partials/author.html"),
        ("feed", "feed.xml"),
    ],
)
def test_a_name_that_is_none_is_guessed(site: SmallSite, name: str, meant: str) -> None:
    done = copied(site, "404.html", name)
    assert done.exit_code == 2
    assert f'there is no default layout "{name}"; did you mean "{meant}"?\n' in done.stderr
    assert own(site) == {}


@pytest.mark.parametrize(
    "name", ["", ".", "partials", "..", "../../secret.key", "/etc/passwd", "ü" * 99]
)
def test_a_name_like_no_other_is_refused(site: SmallSite, name: str) -> None:
    done = copied(site, name)
    assert done.exit_code == 2
    assert "; `broadsheet layouts` lists them\n" in done.stderr
    assert own(site) == {}


def test_every_wrong_name_is_told_at_once(site: SmallSite) -> None:
    done = copied(site, "footer.html", "hedder.html", "article.html")
    assert done.stderr.count("there is no default layout") == 2
    assert own(site) == {}


def test_a_copy_needs_a_site(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["layouts", "--root", str(tmp_path), "--copy", FOOTER])
    assert done.exit_code == 1
    assert done.stderr.startswith("site.toml: there is no such file")
    assert list(tmp_path.iterdir()) == []
