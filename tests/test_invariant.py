"""An incremental build equals a clean build, byte for byte, after any sequence of edits."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import NOW, SETTINGS, SmallSite
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NAMES = ("one", "two", "three", "four", "five")
names = st.sampled_from(NAMES)
articles = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["A headline", "Another", "Third"]),
        "date": st.dates(
            min_value=(NOW - timedelta(days=40)).date(), max_value=(NOW + timedelta(days=3)).date()
        ),
    },
    optional={
        "tags": st.sampled_from(["[AI]", '["A.I.", Space]', "[ai, Moon]", "[Moon, Space]"]),
        "author": st.sampled_from(["Ann Lee", "ann-lee", "Bob"]),
        "kicker": st.sampled_from(["Exclusive", "Analysis"]),
        "summary": st.sampled_from(["A dek.", "Another dek."]),
        "featured": st.integers(1, 3),
        "draft": st.just("true"),
        "expires": st.just("2026-06-14"),
        "related": names.map(lambda name: f"{{pin: [{name}]}}"),
        "aliases": st.integers(1, 9).map(lambda number: f"[/old/{number}/]"),
        "image": st.just("{src: dot.png, alt: A dot}"),
    },
)
bodies = st.lists(
    st.one_of(names.map(lambda n: f"See [{n}]({n}.md)."), st.sampled_from(["Words.", "## Head"])),
    max_size=4,
).map("\n\n".join)


def rewritten(path: str, *contents: str) -> st.SearchStrategy[tuple[str, ...]]:
    """An edit that gives a file one of these contents."""
    return st.tuples(st.just("file"), st.just(path), st.sampled_from(contents))


SETTINGS_OF_SITES = ("", 'language = "de"\n', 'tagline = "T"\n', "[lists]\nper_page = 1\n")
edits = st.one_of(
    st.tuples(st.just("article"), names, articles, bodies),
    st.tuples(st.just("article"), names, articles, bodies),
    rewritten("content/articles/dot.png", "a", "b"),
    rewritten("content/authors/ann-lee.md", "---\nname: Ann\n---\nA", "---\nname: Ann Lee\n---\n"),
    rewritten("content/tags/ai.md", "---\nname: Machines\n---\n", "---\nname: AI\n---\nText."),
    rewritten("site.toml", *(SETTINGS + more for more in SETTINGS_OF_SITES)),
    rewritten("layouts/partials/byline.html", "{{ story.title }}", "{{ site.latest | length }}"),
    rewritten("layouts/assets/site.css", "a{}", "b{}"),
    st.tuples(st.just("forget"), st.sampled_from([".broadsheet", "layouts"])),
    st.tuples(st.just("later"), st.integers(1, 3).map(str)),
)


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(rounds=st.lists(st.lists(edits, min_size=1, max_size=3), min_size=2, max_size=4))
def test_an_incremental_build_equals_a_clean_one(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, ...]]]
) -> None:
    site = SmallSite(tmp_path_factory.mktemp("invariant") / "site")
    site.write({"content/articles/dot.png": "x"})
    for name in NAMES:
        site.article(name, tags="[AI]")
    at = NOW
    for edits_of_round in rounds:
        for edit in edits_of_round:
            at += timedelta(days=int(edit[1])) if edit[0] == "later" else timedelta()
            _carry_out(site, edit)
        before = site.outputs() if site.public.exists() else {}
        if site.errors(at=at):
            assert site.outputs() == before if before else not site.public.exists()
        else:
            assert site.outputs() == _clean(site, at)


def _carry_out(site: SmallSite, edit: tuple[str, ...]) -> None:
    match edit:
        case ("article", name, fields, body):
            site.article(name, body, **fields)  # type: ignore[arg-type]
        case ("file", path, content):
            site.write({path: content})
        case ("forget", folder):
            shutil.rmtree(site.root / folder, ignore_errors=True)


def _clean(site: SmallSite, at: object) -> dict[str, bytes]:
    """What a build of the same sources gives in a folder that has never seen one."""
    other = SmallSite(Path(f"{site.root}-clean"))
    shutil.rmtree(other.root)
    left = shutil.ignore_patterns(".broadsheet", "public")
    shutil.copytree(site.root, other.root, ignore=left)
    other.build(at=at)
    outputs = other.outputs()
    shutil.rmtree(other.root)
    return outputs
