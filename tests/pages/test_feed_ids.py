"""The ids of stories in feeds: they stay, and no two are one."""

import json

import pytest

from support.feeds import XML_FEEDS, read
from support.sites import SETTINGS, SmallSite, refused

FEEDS = (*XML_FEEDS, "/tags/ai/feed.xml")
URL_OF_IDS = '[feeds]\nid_url = "https://paper.example/"\n'


def ids(site: SmallSite) -> dict[str, list[str]]:
    """The ids of the stories in each of the feeds, newest first."""
    found = {path: [e.id for e in read(site, path).entries] for path in FEEDS}
    items = json.loads(site.text("/feed.json"))["items"]
    return found | {"/feed.json": [item["id"] for item in items]}


def links_of(site: SmallSite) -> dict[str, list[str]]:
    """Where the stories of each of the feeds lead, newest first."""
    found = {path: [e.link for e in read(site, path).entries] for path in FEEDS}
    items = json.loads(site.text("/feed.json"))["items"]
    return found | {"/feed.json": [item["url"] for item in items]}


def everywhere(*values: str) -> dict[str, list[str]]:
    return {path: [*values] for path in (*FEEDS, "/feed.json")}


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_ids_stay_through_a_new_slug_and_a_new_url(site: SmallSite, engine: str) -> None:
    settings = f'[markdown]\nengine = "{engine}"\n{URL_OF_IDS}'
    site.write({"site.toml": SETTINGS + settings})
    site.article("moving", date="2026-06-02", tags="[AI]")
    site.article("staying", tags="[AI]")
    site.build()
    first = ids(site)
    own = "https://paper.example/2026/06/moving/"
    assert first == everywhere(own, "https://paper.example/2026/06/staying/")
    feeds = [read(site, path).feed.get("id") for path in FEEDS]
    moved = SETTINGS.replace("paper.example/", "new.example/paper/")
    site.write({"site.toml": moved + 'permalink = "/{slug}.html"\n' + settings})
    site.article("moving", date="2026-06-02", tags="[AI]", slug="moved", id=own)
    site.article(
        "staying", tags="[AI]", permalink="/s/", id="https://paper.example/2026/06/staying/"
    )
    assert site.warnings() == []
    assert ids(site) == first
    assert links_of(site) == everywhere(
        "https://new.example/paper/moved.html", "https://new.example/paper/s/"
    )
    assert [read(site, path).feed.get("id") for path in FEEDS] == feeds
    assert feeds[0] == "https://paper.example/feed.xml"
    own_addresses = [link.href for link in read(site, "/feed.xml").feed.links if link.rel == "self"]
    assert own_addresses == ["https://new.example/paper/feed.xml"]


def test_without_settings_and_fields_for_them_ids_are_the_addresses(site: SmallSite) -> None:
    site.article("story", tags="[AI]", aliases="[/old/]", slug="größe")
    site.build()
    address = "https://paper.example/2026/06/gr%C3%B6%C3%9Fe/"
    assert ids(site) == links_of(site) == everywhere(address)
    assert f'<guid isPermaLink="true">{address}</guid>' in site.text("rss.xml")
    assert "<id>https://paper.example/tags/ai/feed.xml</id>" in site.text("tags/ai/feed.xml")


IDS = (
    "tag:blogger.com,1999:blog-123.post-456",
    "tag:paper.example,2020-05-06:/2020/06/größe",
    "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "https://old.example/?p=123&x=1",
    "http://old.example/2020/a%20b/",
    "doi:10.1000/182",
    "mid:20200601.A@paper.example",
)


@pytest.mark.parametrize("written", IDS)
def test_a_story_has_the_id_of_its_field_in_every_feed(site: SmallSite, written: str) -> None:
    site.article("story", tags="[AI]", id=f"'{written}'")
    assert site.warnings() == []
    assert ids(site) == everywhere(written)
    assert links_of(site) == everywhere("https://paper.example/2026/06/story/")
    assert '<guid isPermaLink="false">' in site.text("rss.xml")
    page = site.text("/2026/06/story/")
    assert "https://paper.example/2026/06/story/" in page and written not in page


def test_an_id_that_is_the_address_is_one_to_follow(site: SmallSite) -> None:
    site.article("story", id="https://paper.example/2026/06/story/")
    site.build()
    assert '<guid isPermaLink="true">' in site.text("rss.xml")


TAG = 'write a whole address, or one such as "tag:paper.example,2026:story"'


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("my-story", TAG),
        ("/2026/06/story/", TAG),
        ("tag:paper.example:story", TAG),
        ("tag:,2026:story", TAG),
        ("urn:x", TAG),
        ("https:///story", TAG),
        ("https://paper.example/a b", TAG),
        ("x:<b>", TAG),
        ("x:50%", TAG),
        ("x:", TAG),
        ("x:a\u200bb", TAG),
        ("6BA7B810-9dad-11d1-80b4-00c04fd430c8",
         'write a whole address, or one such as "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8"'),
    ],
)  # fmt: skip
def test_an_id_that_is_none_is_refused(built: SmallSite, written: str, remedy: str) -> None:
    built.article("story", id=json.dumps(written))
    shown = written.replace("\u200b", "\\u200b")
    (error,) = refused(built)
    assert error == f'content/articles/story.md:4: id: "{shown}" is no id of a feed; {remedy}'


def test_the_number_of_another_generator_is_passed_over(site: SmallSite) -> None:
    site.article("story", tags="[AI]", id="123")
    assert site.warnings() == [
        "content/articles/story.md:5: id: 123 is no id of a feed, and is passed over;"
        " take it out, or put it below `extra`"
    ]
    assert ids(site) == everywhere("https://paper.example/2026/06/story/")


def test_the_guid_of_another_generator_is_an_id_here(site: SmallSite) -> None:
    site.article("story", guid="https://old.example/?p=1")
    assert site.warnings() == ["content/articles/story.md:4: `guid` is `id` here; write `id`"]


@pytest.mark.parametrize("state", ["date: 2026-06-02", "draft: true", "expires: 2026-06-02"])
def test_two_stories_with_one_id_are_refused(built: SmallSite, state: str) -> None:
    field, _, value = state.partition(": ")
    built.article("one", id="tag:a,2026:x")
    built.article("two", **{field: value, "id": "tag:a,2026:x"})
    (error,) = refused(built)
    place = "content/articles/two.md:4" if field == "date" else "content/articles/two.md:5"
    wanted = "is also that of content/articles/one.md; give each its own"
    assert error == f'{place}: id: "tag:a,2026:x" {wanted}'


def test_the_id_that_another_story_has_by_its_address_is_refused(built: SmallSite) -> None:
    built.article("moved", id="https://paper.example/2026/06/good/")
    assert refused(built) == [
        'content/articles/moved.md:4: id: "https://paper.example/2026/06/good/" is also that of'
        " content/articles/good.md, by its address; give one of the two another"
    ]
    built.article("good", id="tag:paper.example,2026:good")
    assert built.errors() == []


@pytest.mark.parametrize("url", ["paper.example", "ftp://x.example/", "https://x.example/?a"])
def test_what_ids_are_made_from_is_an_address_of_a_site(built: SmallSite, url: str) -> None:
    built.write({"site.toml": f'{SETTINGS}[feeds]\nid_url = "{url}"\n'})
    (error,) = refused(built)
    assert error.startswith(f'site.toml:4: feeds.id_url: "{url}" is no address of a site; write it')
