"""Symbolic links: followed within the site's folder, refused where they lead out of it."""

from pathlib import Path

import pytest

from generator.preview.session.site import Session
from support.answers import built as files_of
from support.answers import shown
from support.builds import clean_tree, differing, tree
from support.sites import NOW, SETTINGS, SmallSite, refused

OUT = "this link leads out of the site's folder, to"
SHARED = '[content]\nlinks = ["../shared"]\n'


@pytest.fixture
def shared(built: SmallSite) -> Path:
    """A folder beside a site that was built."""
    folder = built.root.parent / "shared"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep/secret.txt").write_text("Secret")
    (folder / "story.md").write_text("---\ntitle: Theirs\ndate: 2026-06-02\n---\nSecret.\n")
    (folder / "part.html").write_text("Secret")
    return folder


@pytest.mark.parametrize(
    ("link", "target", "way"),
    [
        ("content/a.txt", "../../shared/deep/secret.txt", "../shared/deep"),
        ("content/a", "../../shared/deep", "../shared/deep"),
        ("content/articles/a.md", "../../../shared/story.md", "../shared"),
        ("content/pages", "../../shared", "../shared"),
        ("content/_headers", "../../shared/deep/secret.txt", "../shared/deep"),
        ("content/gone.txt", "../../shared/none/x.txt", "../shared/none"),
        ("layouts/404.html", "../../shared/part.html", "../shared"),
        ("layouts/partials", "../../shared", "../shared"),
        ("layouts/assets/a.txt", "../../../shared/deep/secret.txt", "../shared/deep"),
        ("layouts/labels/en.toml", "../../../shared/part.html", "../shared"),
        ("layouts", "../shared", "../shared"),
        ("layouts/through", "../../shared/deep", "../shared/deep"),
    ],
)
@pytest.mark.parametrize("is_absolute", [False, True])
def test_a_link_that_leads_out_is_refused(
    built: SmallSite, shared: Path, link: str, target: str, way: str, is_absolute: bool
) -> None:
    place = built.root / link
    place.parent.mkdir(parents=True, exist_ok=True)
    real = (place.parent / target).resolve()
    place.symlink_to(real if is_absolute else target)
    remedy = f'take the link out, or write links = ["{way}"] under [content] in site.toml'
    assert f"{link}: {OUT} {real}; {remedy}" in refused(built)


def test_what_a_chain_leads_to_in_the_end_is_what_counts(built: SmallSite, shared: Path) -> None:
    (built.root / "shelf").mkdir()
    (built.root / "shelf/one").symlink_to(shared / "two")
    (shared / "two").symlink_to(shared / "deep")
    (shared / "back").symlink_to(built.root / "shelf/inside.txt")
    (built.root / "shelf/inside.txt").write_text("Ours")
    (built.root / "content/shelf").symlink_to("../shelf")
    (built.root / "content/b.txt").symlink_to("../../shared/back")
    (message,) = refused(built)
    assert message.startswith(f"content/shelf/one: {OUT} {(shared / 'deep').resolve()};")
    (built.root / "shelf/one").unlink()
    built.build()
    assert built.text("b.txt") == "Ours"


@pytest.mark.parametrize("target", ["/", "/proc", "/proc/self/environ", "/dev/zero", "../.."])
@pytest.mark.parametrize("settings", ["", '[content]\nlinks = ["/"]\n'])
def test_there_is_no_way_to_the_whole_machine(built: SmallSite, target: str, settings: str) -> None:
    built.write({"site.toml": SETTINGS + settings})
    (built.root / "content/all").symlink_to(target)
    messages = refused(built)
    assert any(m.startswith(f"content/all: {OUT} /") for m in messages)
    assert all(m.endswith("; take the link out") for m in messages if m.startswith("content"))


@pytest.mark.parametrize("folder", ["/", "/proc", "/sys/kernel", "../../../../../../../../../.."])
def test_a_folder_of_the_machine_cannot_be_allowed(built: SmallSite, folder: str) -> None:
    built.write({"site.toml": f'{SETTINGS}[content]\nlinks = ["{folder}"]\n'})
    what = f"content.links: what is in \"{folder}\" is the machine's, not the site's"
    assert refused(built) == [f"site.toml:4: {what}; name the very folder that is meant"]


def test_a_folder_that_is_not_there_is_a_warning(built: SmallSite) -> None:
    built.write({"site.toml": SETTINGS + SHARED})
    what = 'content.links: there is no folder "../shared"'
    remedy = "write its path as it is seen from the site's folder, or take it out"
    assert built.warnings() == [f"site.toml:4: {what}; {remedy}"]


def test_a_link_into_a_folder_that_is_allowed_is_followed(built: SmallSite, shared: Path) -> None:
    built.write({"site.toml": SETTINGS + SHARED, "layouts/assets/x.js": ""})
    (built.root / "content/articles/a.md").symlink_to(shared / "story.md")
    (built.root / "content/pictures").symlink_to("../../shared/deep")
    (built.root / "layouts/404.html").symlink_to(shared / "part.html")
    assert built.warnings() == []
    assert built.text("pictures/secret.txt") == built.text("404.html") == "Secret"
    assert "Theirs" in built.text("/2026/06/a/")
    (shared / "deep/secret.txt").write_text("Other")
    (shared / "part.html").write_text("Other")
    built.build()
    assert built.text("pictures/secret.txt") == built.text("404.html") == "Other"


def test_a_link_that_is_allowed_no_longer_is_refused(built: SmallSite, shared: Path) -> None:
    built.write({"site.toml": SETTINGS + SHARED, "layouts/assets/x.js": ""})
    (built.root / "layouts/404.html").symlink_to(shared / "part.html")
    built.build()
    built.write({"site.toml": SETTINGS})
    (message,) = refused(built)
    assert message.startswith("layouts/404.html: ")


def test_a_folder_whose_name_only_begins_alike_is_another(built: SmallSite, shared: Path) -> None:
    shared.with_name("shared-too").mkdir()
    shared.with_name("shared-too").joinpath("x.txt").write_text("x")
    built.write({"site.toml": SETTINGS + SHARED})
    (built.root / "content/x.txt").symlink_to("../../shared-too/x.txt")
    (message,) = refused(built)
    assert message.startswith(f"content/x.txt: {OUT} ")


@pytest.mark.parametrize(
    "place",
    [
        ".env",
        ".git/config",
        "api/.env",
        ".broadsheet/lock",
        "id_rsa",
        "deploy/secrets.toml",
        "content/.hidden/x.txt",
        "../shared/.netrc",
    ],
)
def test_what_is_hidden_or_a_key_is_not_for_readers(
    built: SmallSite, shared: Path, place: str
) -> None:
    built.write({"site.toml": SETTINGS + SHARED})
    target = built.root / place
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("Secret")
    (built.root / "content/plain.txt").symlink_to(target)
    (message,) = refused(built)
    assert message.startswith("content/plain.txt: this link leads to ")
    assert message.endswith(", which is not for readers; take the link out")


@pytest.mark.parametrize("place", ["src/content", "../shared/content"])
def test_the_content_may_itself_be_led_to(site: SmallSite, shared: Path, place: str) -> None:
    site.write({"site.toml": SETTINGS + SHARED})
    moved = site.root / place
    moved.parent.mkdir(parents=True, exist_ok=True)
    (site.root / "content").rename(moved)
    (site.root / "content").symlink_to(place)
    (moved / "again.md").symlink_to("articles/good.md")
    site.build()
    assert "Good" in site.text("/2026/06/good/")


def test_the_preview_refuses_what_a_build_refuses(built: SmallSite, shared: Path) -> None:
    live = Session(built.root, NOW, drafts=False)
    live.update()
    wanted = files_of(tree(built.public))
    (built.root / "content/articles/a.md").symlink_to(shared / "story.md")
    live.update(["content/articles/a.md"])
    live.settle()
    pages, wrong = shown(live)
    (message,) = wrong
    assert message.startswith(f"content/articles/a.md: {OUT} ")
    assert differing(pages, wanted) == []
    built.write({"site.toml": SETTINGS + SHARED})
    live.update()
    live.settle()
    assert shown(live) == (files_of(clean_tree(built)), [])


def test_the_preview_does_not_watch_what_is_refused(built: SmallSite, shared: Path) -> None:
    live = Session(built.root, NOW)
    live.update()
    (built.root / "content/all").symlink_to("/")
    assert live.files.bars(str(built.root / "content/all"))
    (built.root / "content/a.txt").symlink_to(shared / "deep/secret.txt")
    assert live.files.bars(str(built.root / "content/a.txt"))
    built.write({"site.toml": SETTINGS + SHARED})
    live.update()
    assert not live.files.bars(str(built.root / "content/a.txt"))
