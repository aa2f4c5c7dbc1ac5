"""What a build leaves on disk: only what changed, always whole, the same bytes everywhere."""

import shutil
import subprocess
import sys

import pytest

from support.builds import clean_outputs, copy_of
from support.damage import DAMAGES, Damage
from support.disks import disk, fill
from support.sites import LONG, NOW, SETTINGS, SmallSite, command, refused


@pytest.fixture
def news(site: SmallSite) -> SmallSite:
    for day in range(1, 7):
        tags = "[AI, Law]" if day % 2 else "[Law]"
        site.article(f"s{day}", f"Lead {day}.\n\nBody {day}.", date=f"2026-06-0{day}", tags=tags)
    return site


# ------------------------------------------------------------------ only what changed


def test_a_build_without_a_change_does_nothing(news: SmallSite) -> None:
    first = news.build()
    report = news.build()
    assert first.rendered == first.written == first.pages == report.unchanged
    assert (report.rendered, report.written, report.deleted, report.converted) == (0, 0, 0, 0)


def changed(site: SmallSite) -> set[str]:
    """The outputs that the next build changes, makes or removes."""
    before = site.outputs()
    site.build()
    after = site.outputs()
    return {p for p in before | after if before.get(p) != after.get(p)} - {".broadsheet"}


def test_a_changed_body_rewrites_only_what_shows_it(news: SmallSite) -> None:
    news.write({"site.toml": SETTINGS + "[feeds]\nsize = 3\n"})
    news.build()
    news.article("s1", "Lead 1.\n\nBody one.", date="2026-06-01", tags="[AI, Law]")
    assert changed(news) == {"2026/06/s1/index.html", "tags/ai/feed.xml"}
    assert news.outputs() == clean_outputs(news)


def test_a_file_that_is_saved_anew_with_the_same_text_changes_nothing(news: SmallSite) -> None:
    news.build()
    news.article("s1", "Lead 1.\n\nBody 1.", date="2026-06-01", tags="[AI, Law]")
    report = news.build()
    assert (report.rendered, report.written, report.converted) == (0, 0, 0)


def test_pages_and_folders_of_what_is_gone_vanish(news: SmallSite) -> None:
    news.article("gone", date="2025-01-01", tags="[Old]", author="Zoe")
    news.article("name", date="2025-01-02")
    news.build()
    (news.root / "content/articles/gone.md").unlink()
    news.root.joinpath("content/articles/name.md").rename(news.root / "content/articles/new.md")
    news.build()
    assert {p.name for p in news.public.joinpath("2025/01").iterdir()} == {"new"}
    assert not (news.public / "tags/old").exists()
    assert not (news.public / "authors/zoe").exists()
    assert news.outputs() == clean_outputs(news)


@pytest.mark.parametrize("damage", ["edited", "deleted", "emptied"])
def test_an_output_that_somebody_touched_is_restored(news: SmallSite, damage: str) -> None:
    news.build()
    wanted = news.outputs()
    page = news.public / "2026/06/s1/index.html"
    page.unlink() if damage == "deleted" else page.write_text("x" if damage == "edited" else "")
    report = news.build()
    assert (report.rendered, report.written) == (1, 1)
    assert news.outputs() == wanted


def test_the_cache_may_be_deleted(news: SmallSite) -> None:
    news.build()
    news.root.joinpath("content/articles/s6.md").unlink()
    shutil.rmtree(news.root / ".broadsheet")
    report = news.build()
    assert report.deleted == 1
    assert report.written < report.rendered == report.pages
    assert news.outputs() == clean_outputs(news)


@pytest.mark.long
@pytest.mark.parametrize("garbage", [b"", b"no database" * 500])
def test_a_damaged_cache_is_survived(news: SmallSite, garbage: bytes) -> None:
    assert command(news.root)[0] == 0
    kept = [file for file in news.root.glob(".broadsheet/**/*.*") if file.is_file()]
    assert {file.suffix for file in kept} >= {".values", ".records", ".outputs", ".site", ".texts"}
    for file in kept:
        file.write_bytes(garbage)
    news.article("s1", "New.")
    assert command(news.root)[0] == 0
    assert news.outputs() == clean_outputs(news)


def test_clean_forgets_what_earlier_builds_knew(news: SmallSite) -> None:
    news.build()
    report = news.build(clean=True)
    assert (report.rendered, report.written, report.converted) == (report.pages, 0, 6)


def test_two_output_folders_do_not_disturb_each_other(news: SmallSite) -> None:
    news.build()
    assert news.build(output=news.root / "other").written == news.build().pages
    assert news.build(output=news.root / "other").rendered == 0


def test_a_failing_build_leaves_no_trace(news: SmallSite) -> None:
    untouched = copy_of(news, "untouched")
    untouched.write({"layouts/tags.html": "{{ nothing }}"})
    assert untouched.errors()
    assert not untouched.public.exists()
    news.build()
    before = sorted(news.public.rglob("*"))
    news.write({"layouts/tags.html": "{{ nothing }}"})
    assert news.errors()
    assert sorted(news.public.rglob("*")) == before


def test_a_layout_that_changes_between_two_builds_of_one_process(site: SmallSite) -> None:
    site.write({"layouts/404.html": "one"})
    site.build()
    site.write({"layouts/404.html": "two"})
    site.build()
    assert site.text("404.html") == "two"


def test_a_site_that_lost_its_content_is_not_emptied(built: SmallSite) -> None:
    (built.root / "content").rename(built.root / "elsewhere")
    what = "there is no such folder; make it, and put stories into content/articles/"
    assert refused(built) == [f"content: {what}"]


@pytest.mark.parametrize(
    ("foreign", "what"),
    [
        (
            "tags",
            "public/tags: a file that Broadsheet did not write stands where a folder belongs",
        ),
        (
            "robots.txt/mine",
            "public/robots.txt: a folder stands where a page belongs, and holds other files",
        ),
    ],
)
def test_a_foreign_file_or_folder_in_the_way_is_kept(
    site: SmallSite, foreign: str, what: str
) -> None:
    site.article("a")
    site.write({f"public/{foreign}": "mine"})
    assert refused(site) == [f"{what}; move it away, or rename what belongs there"]


@pytest.mark.parametrize(
    ("place", "named", "reason"),
    [
        (".broadsheet", ".broadsheet/lock", "File exists"),
        (".broadsheet/lock/x", ".broadsheet/lock", "Is a directory"),
    ],
)
def test_a_cache_that_cannot_be_used(site: SmallSite, place: str, named: str, reason: str) -> None:
    site.write({place: "x"})
    remedy = "delete it: it is only a cache; or mend the permissions of its folder"
    assert refused(site) == [f"{named}: cannot be used: {reason}; {remedy}"]


# --------------------------------------------------------- full disks, read-only disks


FOOTER = "layouts/partials/footer.html"


@pytest.mark.parametrize("left", [0, 4096, 65536])
def test_a_full_disk_leaves_the_old_site(news: SmallSite, left: int) -> None:
    with disk(news.public):
        news.build()
        news.write({FOOTER: "<footer>New</footer>"})
        filler = fill(news.public, left)
        (message,) = refused(news)
        what = "cannot be written: No space left on device; the site there is as it was"
        assert message.startswith("public") and what in message
        assert not (news.public / ".broadsheet-staging").exists()
        filler.unlink()
        assert news.build().written > 0
        assert news.outputs() == clean_outputs(news)


@pytest.mark.parametrize("left", [0, 4096, 65536])
def test_a_full_disk_under_the_cache_leaves_the_old_site(news: SmallSite, left: int) -> None:
    with disk(news.root / ".broadsheet"):
        news.build()
        news.write({FOOTER: "<footer>New</footer>"})
        for day in range(1, 7):
            news.article(f"s{day}", f"{day} {' '.join(map(str, range(9999)))}", date="2026-06-01")
        filler = fill(news.root / ".broadsheet", left)
        (message,) = refused(news)
        assert message.startswith(".broadsheet/") and "cannot be used" in message
        assert "; make room on the disk" in message
        filler.unlink()
        assert news.build().written > 0
        assert news.outputs() == clean_outputs(news)


def test_a_read_only_disk_leaves_the_old_site(news: SmallSite) -> None:
    with disk(news.public):
        news.build()
        news.write({FOOTER: "<footer>New</footer>"})
        remount = ["mount", "-o", "remount,{}", str(news.public)]
        subprocess.run([part.format("ro") for part in remount], check=True)
        (message,) = refused(news)
        what = "public: cannot be written: Read-only file system; the site there is as it was"
        assert message.startswith(what)
        subprocess.run([part.format("rw") for part in remount], check=True)
        assert news.build().written > 0
        assert news.outputs() == clean_outputs(news)


_LIMITED = """
import resource, sys
from generator.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), -1))
main(["build", *sys.argv[2:]])
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="needs the limits of POSIX")
@pytest.mark.parametrize("limit", [1000, 9000, 30_000, 70_000, 150_000])
def test_a_file_that_cannot_grow_is_told_plainly(news: SmallSite, limit: int) -> None:
    """Which file is the first to meet the limit depends on it: a page, the cache, its log."""
    news.build()
    before = news.outputs()
    news.article("long", "So many words. " * 9999)
    limited = [sys.executable, "-c", _LIMITED, str(limit), "--at", NOW.isoformat()]
    result = subprocess.run(
        [*limited, "--root", str(news.root)], capture_output=True, text=True, timeout=LONG
    )
    assert result.returncode == 1, result.stderr
    assert "Traceback" not in result.stderr
    assert "cannot be used" in result.stderr or "cannot be written" in result.stderr
    assert news.outputs() == before
    assert command(news.root)[0] == 0
    assert news.outputs() == clean_outputs(news)


# ------------------------------------------------- the folder's own list, damaged or gone


@pytest.mark.long
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_folder_whose_list_is_damaged_is_known_by_the_records_of_the_builds(
    news: SmallSite, damage: Damage
) -> None:
    news.build()
    news.write({"public/theirs.txt": "theirs", "public/2026/06/s1/theirs.txt": "theirs"})
    damage(news.public / ".broadsheet")
    for gone in ("s1", "s2"):
        (news.root / f"content/articles/{gone}.md").unlink()
    news.article("s3", "Other words.", date="2026-06-03", tags="[AI]")
    report = news.build()
    assert report.deleted > 0
    theirs = {"theirs.txt": b"theirs", "2026/06/s1/theirs.txt": b"theirs"}
    assert news.outputs() == clean_outputs(news) | theirs


def test_a_list_that_is_older_than_its_folder_hides_no_page(news: SmallSite) -> None:
    news.build()
    older = (news.public / ".broadsheet").read_bytes()
    news.article("late", "New.", tags="[Late]")
    news.build()
    (news.public / ".broadsheet").write_bytes(older)
    (news.root / "content/articles/late.md").unlink()
    news.article("s3", "Other words.", date="2026-06-03", tags="[AI]")
    news.build()
    assert news.outputs() == clean_outputs(news)


def test_what_others_put_in_place_of_a_whole_folder_is_not_touched(news: SmallSite) -> None:
    news.build()
    shutil.rmtree(news.public)
    theirs = "a page put up by hand"
    news.write({"public/index.html": theirs, "public/2026/06/s1/index.html": theirs})
    (news.root / "content/articles/s1.md").unlink()
    messages = refused(news)
    assert [m for m in messages if "index.html: Broadsheet did not write this file" in m]
    (news.public / "index.html").unlink()
    news.build()
    assert news.text("/2026/06/s1/") == theirs
