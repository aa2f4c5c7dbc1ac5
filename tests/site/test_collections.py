"""Collections: texts with fields that the site declares, their pages, lists and feeds."""

import re
from typing import Any

import feedparser
import pytest

from generator.commands.start import new_item
from generator.errors import UsageError
from generator.output.inventory import read_inventory
from support.images import png
from support.sites import SETTINGS, SmallSite, links, refused, words

EVENTS = """[collections.events]
sort = "start"
fields.start = { type = "moment", required = true, title = "Begins" }
fields.room = { type = "text", default = "Main hall" }
fields.price = "number"
fields.free = "boolean"
fields.tickets = "address"
fields.poster = "picture"
fields.report = "story"
fields.speakers = "list"
"""


def declared(site: SmallSite, tables: str = EVENTS, more: str = "") -> None:
    site.write({"site.toml": f"{SETTINGS}{more}{tables}"})


def item(site: SmallSite, path: str, body: str = "Text.", **fields: Any) -> None:
    name = path.rpartition("/")[2].replace("-", " ").title()
    matter = {"title": name} | fields
    lines = "".join(f"{key}: {value}\n" for key, value in matter.items() if value is not None)
    site.write({f"content/{path}.md": f"---\n{lines}---\n{body}\n"})


@pytest.fixture
def events(site: SmallSite) -> SmallSite:
    declared(site)
    site.article("report")
    item(site, "events/meetup", start="2026-12-05 19:30")
    return site


def said(site: SmallSite, path: str) -> dict[str, str]:
    """What the page of an item says in its fields, by their titles."""
    page = site.page(path)
    names = [words(one, "dt") for one in page.cssselect("dl dt")]
    return dict(zip(names, (words(one, "dd") for one in page.cssselect("dl dd")), strict=True))


# --------------------------------------------------------------------------- pages


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_an_item_has_a_page_that_says_what_its_fields_say(events: SmallSite, engine: str) -> None:
    declared(events, f'{EVENTS}[markdown]\nengine = "{engine}"\n')
    events.write({"content/events/poster.png": png(8, 6, 1)})
    item(
        events,
        "events/gala",
        "Come *all*, says [the report](../articles/report.md).\n\n## Why\n\n[Up](#why)",
        title='"The \\"Gala\\""',
        start="2026-11-30",
        room="\"The 'old' hall\"",
        price=12.5,
        free="false",
        tickets="https://www.tickets.example/gala/",
        poster="{src: poster.png, alt: A poster}",
        report="report",
        speakers="[Ann, Bo, Cy]",
    )
    assert events.warnings() == []
    page = events.page("/events/gala/index.html")
    assert words(page, "h1") == "The “Gala”"
    assert links(page, ".trail a") == ["/", "/events/"]
    assert '"name":"Events"' in events.text("events/gala/")
    assert said(events, "/events/gala/index.html") == {
        "Begins": "November 30, 2026",
        "Room": "The ‘old’ hall",
        "Price": "12.5",
        "Free": "No",
        "Tickets": "tickets.example/gala",
        "Poster": "",
        "Report": "Report",
        "Speakers": "Ann, Bo and Cy",
    }
    assert links(page, "dl a") == ["https://www.tickets.example/gala/", "/2026/06/report/"]
    assert page.xpath("//dl//img/@src") == ["/events/poster.png"]
    assert links(page, ".prose p a") == ["/2026/06/report/", "#why"]
    assert "events/poster.png" in events.outputs()
    assert "<loc>https://paper.example/events/gala/</loc>" in events.text("sitemap.xml")
    inventory = read_inventory(events.public)
    assert inventory
    assert inventory.files["events/gala/index.html"].kind == "item"
    assert inventory.files["events/index.html"].kind == "items"


def test_a_number_has_the_decimal_sign_of_the_language(events: SmallSite) -> None:
    declared(events, more='language = "de"\n')
    for price, shown in ((12.5, "12,5"), (2026, "2026"), ("1.0e+3", "1000"), (0, "0"), (-3, "-3")):
        item(events, "events/meetup", start="2026-12-05", price=price)
        events.build()
        assert said(events, "/events/meetup/index.html")["Price"] == shown


def test_what_an_item_does_not_say_is_its_default_or_left_out(events: SmallSite) -> None:
    item(events, "events/meetup", start="2026-12-05 19:30", room="", price="~")
    events.build()
    assert said(events, "/events/meetup/index.html") == {
        "Begins": "December 5, 2026, 7:30 PM",
        "Room": "Main hall",
    }


def test_the_list_is_in_the_order_that_the_collection_says(events: SmallSite) -> None:
    declared(events, f"{EVENTS}[lists]\nper_page = 2\n")
    item(events, "events/a", start="2026-12-07")
    item(events, "events/b", start="2026-12-06")
    events.build()
    first = events.page("/events/index.html")
    assert links(first, ".river h2 a") == ["/events/meetup/", "/events/b/"]
    assert words(first, "h1") == "Events"
    assert words(first, ".pager a") == "Next page"
    second = events.page("/events/page/2/index.html")
    assert links(second, ".river h2 a") == ["/events/a/"]
    assert "events/page/2/" not in events.text("sitemap.xml")
    falling = EVENTS.replace('"start"', '"-start"', 1)
    declared(events, f"{falling}[lists]\nper_page = 2\n")
    events.build()
    assert links(events.page("/events/index.html"), ".river h2 a") == ["/events/a/", "/events/b/"]


def test_items_are_sorted_by_numbers_and_texts_as_people_do(site: SmallSite) -> None:
    fields = 'fields.price = "number"\nfields.room = "text"\n'
    for name, price, room in (("a", 10, "Öl"), ("b", 9.5, "Zoo"), ("c", None, None), ("d", 0, "n")):
        item(site, f"events/{name}", price=price, room=room)
    for sort, wanted in (
        ("title", "abcd"),
        ("-title", "dcba"),
        ("price", "dbac"),
        ("-price", "abdc"),
        ("room", "dabc"),
        ("date", "abcd"),
    ):
        declared(site, f'[collections.events]\nsort = "{sort}"\n{fields}')
        site.build()
        found = links(site.page("/events/index.html"), ".river h2 a")
        assert found == [f"/events/{name}/" for name in wanted], sort


def test_a_list_shows_pictures_of_items_that_are_not_of_a_day(site: SmallSite) -> None:
    declared(site, '[collections.team]\nfields.role = "text"\nfields.portrait = "picture"\n')
    site.write({"content/team/ann.png": png(8, 8, 1), "content/team/bo.png": png(8, 8, 2)})
    item(site, "team/ann", "Ann edits.", role="Editor", portrait="{src: ann.png, alt: Ann}")
    item(site, "team/bo", "", image="{src: bo.png, alt: Bo}")
    item(site, "team/cy", "", role="Printer")
    assert site.warnings() == []
    page = site.page("/team/index.html")
    assert page.xpath("//ul[@class='people']//img/@src") == ["/team/ann.png", "/team/bo.png"]
    said = [words(one, "div") for one in page.cssselect(".people li")]
    assert said == ["Ann Editor Ann edits.", "Bo", "Cy Printer"]


def test_the_menu_s_entry_of_a_collection_is_marked_on_its_pages(events: SmallSite) -> None:
    declared(events, more='menu = [{ title = "Events", url = "/events/" }]\n')
    events.build()
    marked = "//nav[@class='menu']//a[@aria-current]/@aria-current"
    assert events.page("/events/index.html").xpath(marked) == ["page"]
    assert events.page("/events/meetup/index.html").xpath(marked) == ["true"]


def test_an_empty_collection_has_a_list_that_says_so(site: SmallSite) -> None:
    declared(site)
    assert site.warnings() == []
    assert "There is nothing here yet." in words(site.page("/events/index.html"))


def test_addresses_and_layouts_are_the_collections_own(site: SmallSite) -> None:
    table = """[collections.our_team]
permalink = "/people/{folder}/{slug}.html"
list = "/who-we-are/"
layout = "person.html"
list_layout = "people.html"
"""
    declared(site, table)
    site.write(
        {
            "layouts/person.html": "{{ item.title }} of {{ collection.title }}",
            "layouts/people.html": "{{ title }}: {{ items | map(attribute='url') | join(' ') }}",
            "layouts/boss.html": "The boss",
        }
    )
    item(site, "our_team/desk/ann")
    item(site, "our_team/bo/index", layout="boss.html", aliases="[/bo/]")
    item(site, "our_team/cy", permalink="/cy/", slug="unused")
    assert site.warnings() == []
    assert site.text("people/desk/ann.html") == "Ann of Our team"
    assert site.text("people/bo.html") == "The boss"
    assert site.text("cy/") == "Cy of Our team"
    assert site.text("who-we-are/") == "Our team: /people/desk/ann.html /cy/ /people/bo.html"
    assert 'content="0; url=/people/bo.html"' in site.text("bo/").replace("URL", "url")


def test_a_pattern_of_layouts_is_for_items_too(events: SmallSite) -> None:
    declared(events, f'{EVENTS}[layouts]\n"events/**" = "event.html"\n')
    events.write({"layouts/event.html": "{{ item.start | date }} {{ item.room }}"})
    assert events.warnings() == []
    assert events.text("events/meetup/") == "December 5, 2026 Main hall"


def test_files_beside_an_item_are_published_beside_its_page(site: SmallSite) -> None:
    declared(site, "[collections.team]\n")
    item(site, "team/ann/index", "![Ann](ann.png)")
    site.write({"content/team/ann/ann.png": png(8, 6, 1)})
    assert site.warnings() == []
    assert site.page("/team/ann/index.html").xpath("//main//img/@src") == ["/team/ann/ann.png"]


# ---------------------------------------------------------------- in every layout


def test_a_collection_is_at_hand_in_every_layout(events: SmallSite) -> None:
    item(events, "events/early", start="2026-12-01", report="report", speakers="[Ann]")
    layout = (
        "{% for event in collections.events %}{{ event.title }}, {{ event.start | date('medium') }}"
        "{% if event.report %}, {{ event.report.title }}{% endif %}"
        "{% if event.tickets %}, {{ event.tickets.url }}{% endif %}; {% endfor %}"
    )
    events.write({"layouts/404.html": layout})
    assert events.warnings() == []
    assert events.text("404.html") == "Early, Dec 1, 2026, Report; Meetup, Dec 5, 2026; "


@pytest.mark.parametrize(
    "layout",
    [
        "{% for name in collections %}{{ collections[name] | length }}{% endfor %}",
        "{% with all = collections %}{{ all.events | length }}{% endwith %}",
        "{{ collections['events'] | length }}",
        "{% set collections = {'events': [1]} %}{{ collections.events | length }}",
    ],
)
def test_collections_can_be_gone_through(events: SmallSite, layout: str) -> None:
    events.write({"layouts/404.html": layout})
    assert events.warnings() == []
    assert events.text("404.html") == "1"


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        (
            "{{ collections.evnts }}",
            "`collections` has no `evnts`; did you mean `events`?",
        ),
        ("{{ collections.people }}", "`collections` has no `people`; known here: events"),
        (
            "{{ collections.events[0].spekers }}",
            "ItemCard has no `spekers`, did you mean `speakers`?, while rendering /404.html;"
            " mend the layout",
        ),
        (
            "{{ collections['ev' ~ 'nts'] | length }}",
            "Collections has no `evnts`, did you mean `events`?, while rendering /404.html;"
            " mend the layout",
        ),
    ],
)
def test_a_misspelt_name_in_a_layout_is_told(events: SmallSite, layout: str, message: str) -> None:
    events.write({"layouts/404.html": f"\n{layout}"})
    assert events.errors() == [f"layouts/404.html:2: {message}"]


def test_without_collections_there_are_none_to_go_through(site: SmallSite) -> None:
    site.write({"layouts/404.html": "{{ collections | length }}"})
    assert site.warnings() == []
    assert site.text("404.html") == "0"


def test_a_collection_that_nobody_declared_is_told(site: SmallSite) -> None:
    site.write({"layouts/404.html": "{{ collections.events }}"})
    assert site.errors() == [
        "layouts/404.html:1: `collections` has no `events`;"
        " declare it as [collections.events] in site.toml"
    ]


# ---------------------------------------------------------------- what is not shown


@pytest.mark.parametrize(
    "field", ["draft: true", "date: 2026-06-20", "expires: 2026-06-10\ndate: 2026-06-01"]
)
def test_an_item_that_is_not_public_is_nowhere(events: SmallSite, field: str) -> None:
    text = f"---\ntitle: Secret\nstart: 2026-12-01\n{field}\n---\nHush."
    events.write({"content/events/secret.md": text})
    events.write({"layouts/404.html": "{{ collections.events | map(attribute='title') | join }}"})
    assert events.warnings() == []
    assert events.text("404.html") == "Meetup"
    assert not [path for path, data in events.outputs().items() if b"Secret" in data]
    shown = events.warnings(drafts=True) == [] and events.text("404.html")
    assert shown == ("SecretMeetup" if "expires" not in field else "Meetup")


def test_a_story_that_is_not_shown_leaves_its_field_empty(events: SmallSite) -> None:
    item(events, "events/meetup", start="2026-12-05", report="later")
    events.article("later", date="2026-07-01")
    events.article("hidden", draft="true")
    item(events, "events/other", start="2026-12-06", report="../articles/hidden.md")
    assert events.warnings() == []
    assert "Report" not in said(events, "/events/meetup/index.html")
    assert "Report" not in said(events, "/events/other/index.html")


@pytest.mark.parametrize(
    "name", ["report", "../articles/report.md", "/articles/report.md", "articles/report.md"]
)
def test_a_story_is_named_by_its_file_or_its_slug(events: SmallSite, name: str) -> None:
    item(events, "events/meetup", start="2026-12-05", report=name)
    assert events.warnings() == []
    assert said(events, "/events/meetup/index.html")["Report"] == "Report"


def test_a_story_with_a_mistake_is_not_held_against_who_names_it(events: SmallSite) -> None:
    item(events, "events/meetup", start="2026-12-05", report="report")
    events.article("report", date="soon")
    assert [line.partition(":")[0] for line in events.errors()] == ["content/articles/report.md"]


def test_mistakes_in_the_settings_are_not_held_against_items(events: SmallSite) -> None:
    declared(events, EVENTS.replace('"number"', '"nubmer"'))
    events.article("report", "See [it](../events/meetup.md).")
    assert len(events.errors()) == 1


def test_a_list_may_be_one_of_stories(site: SmallSite) -> None:
    table = '[collections.topics]\nfields.reading = { type = "list", of = "story" }\n'
    declared(site, table)
    site.article("report")
    site.article("hidden", draft="true")
    site.article("other", title='"A \\"quoted\\" headline"')
    item(site, "topics/one", reading="[other, ../articles/report.md, hidden, report]")
    item(site, "topics/two")
    layout = "{{ collections.topics[0].reading | map(attribute='url') | join(' ') }}"
    site.write({"layouts/404.html": layout})
    assert site.warnings() == []
    assert said(site, "/topics/one/index.html") == {"Reading": "A “quoted” headline, Report"}
    assert said(site, "/topics/two/index.html") == {}
    assert site.text("404.html") == "/2026/06/other/ /2026/06/report/"
    item(site, "topics/one", reading="[other, reprot]")
    assert site.errors() == [
        'content/topics/one.md:3: reading: there is no story "reprot"; did you mean "report"?'
    ]


def test_a_link_to_a_hidden_item_is_warned_of(events: SmallSite) -> None:
    item(events, "events/secret", start="2026-12-01", draft="true")
    events.article("report", "See [it](../events/secret.md).")
    assert [line.partition(";")[0] for line in events.warnings()] == [
        'content/articles/report.md:6: "../events/secret.md" is not public now:'
        " its readers see no link"
    ]
    assert "secret" not in events.text("2026/06/report/")


# --------------------------------------------------------------------------- feeds


def test_a_feed_holds_the_newest_items_in_full(events: SmallSite) -> None:
    feed = f"{EVENTS}".replace("sort", "feed = true\nsort", 1)
    declared(events, f"{feed}[feeds]\nsize = 2\n")
    for day in (1, 2, 3):
        item(events, f"events/e{day}", f"Day *{day}*.", start="2026-12-01", date=f"2026-06-0{day}")
    item(
        events, "events/e2", "Day *2*.", start="2026-12-01", date="2026-06-02", updated="2026-06-09"
    )
    assert events.warnings() == [
        'content/events/meetup.md:1: it has no `date`, so it is not in the feed of "Events";'
        " add the day on which it is published as `date`"
    ]
    found = feedparser.parse(events.outputs()["events/feed.xml"])
    assert found.feed.title == "Events | Test Paper"
    assert found.feed.updated == "2026-06-09T00:00:00+00:00"
    told = [(one.link, one.content[0].value.strip().rpartition("\n")) for one in found.entries]
    assert [(link, text) for link, (_, _, text) in told] == [
        ("https://paper.example/events/e3/", "<p>Day <em>3</em>.</p>"),
        ("https://paper.example/events/e2/", "<p>Day <em>2</em>.</p>"),
    ]
    assert ">December 1, 2026</time>" in told[0][1][0] and "<dd>Main hall</dd>" in told[0][1][0]
    page = events.page("/events/index.html")
    assert page.xpath("//link[@type='application/atom+xml']/@href")[0] == "/events/feed.xml"


def test_what_an_item_says_leads_somewhere_from_a_feed_too(events: SmallSite) -> None:
    declared(events, f"{EVENTS}".replace("sort", "feed = true\nsort", 1))
    events.write({"content/pages/tickets.md": "---\ntitle: Tickets\n---\n\nHere.\n"})
    says = {"tickets": "../pages/tickets.md", "report": "report"}
    item(events, "events/meetup", start="2026-12-05 19:30", date="2026-06-01", **says)
    events.build()
    (entry,) = feedparser.parse(events.outputs()["events/feed.xml"]).entries
    for path in ("tickets/", "2026/06/report/"):
        assert f'href="https://paper.example/{path}"' in entry.content[0].value


def test_a_collection_without_a_feed_has_none(events: SmallSite) -> None:
    events.build()
    assert "events/feed.xml" not in events.outputs()


# ------------------------------------------------------------------------- mistakes

N = "[collections.events]\nfields.n = "
SETTINGS_WRONG = {
    "[collections.tags]": "collections.tags: tags is a taxonomy already; choose another name",
    "[collections.section]": "collections.section: section is a taxonomy already;"
    " choose another name",
    "[collections.pages]": "collections.pages: content/pages/ is for something else;"
    " choose another name",
    "[collections.Events]": "collections.Events: it is a folder, and a name in layouts;"
    ' name it as in "events" or "our_team"',
    '[collections.events]\npermalink = "/{year}/{slug}/"': "collections.events.permalink:"
    ' "/{year}/{slug}/": an item has no {year}; write a pattern such as "/events/{slug}/"',
    '[collections.events]\npermalink = "/events/{slug}"': "collections.events.permalink:"
    ' "/events/{slug}": it has no ending: not every host would answer;'
    ' write a pattern such as "/events/{slug}/"',
    '[collections.events]\nlist = "/events.html"': 'collections.events.list: "/events.html":'
    ' it is no folder; write a path such as "/events/"',
    '[collections.events]\nlist = "/"': 'collections.events.list: "/": that is the front page;'
    ' write a path such as "/events/"',
    '[collections.events]\nfields.start = "momnet"': 'collections.events.fields.start: "momnet" is'
    " none of text, number, boolean, moment, address, picture, story, list;"
    ' did you mean "moment"?',
    "[collections.events]\nfields.start = 3": 'collections.events.fields.start: "3" is none of'
    " text, number, boolean, moment, address, picture, story, list; write one of them",
    '[collections.events]\nfields.start = { type = "moment", requierd = true }': "unknown field"
    " `collections.events.fields.start.requierd`; did you mean `required`?",
    '[collections.events]\nfields.title = "text"': "collections.events.fields.title:"
    " items have that already; choose another name",
    '[collections.events]\nfields.url = "text"': "collections.events.fields.url:"
    " items have that already; choose another name",
    '[collections.events]\nfields.Start = "text"': "collections.events.fields.Start:"
    ' it is a name in front matter and in layouts; name it as in "start" or "job_title"',
    f'{N}{{ type = "number", default = "x" }}': "collections.events.fields.n.default:"
    " expected a number, got text;"
    " write one such as 3 or 0.5",
    f'{N}{{ type = "number", default = nan }}': "collections.events.fields.n.default:"
    " nan is no number; write one",
    f'{N}{{ type = "moment", default = "soon" }}': "collections.events.fields.n.default:"
    ' "soon" is not a date; write 2026-03-31'
    " or 2026-03-31T08:00",
    f'{N}{{ type = "picture", default = {{ src = "a" }} }}': "collections.events.fields.n.default:"
    " a table is no default;"
    " write a value alone: of a picture its file",
    f'{N}{{ type = "text", of = "story" }}': "collections.events.fields.n.of:"
    " only a list is one of something; take it out",
    f'{N}{{ type = "list", of = "sotry" }}': 'collections.events.fields.n.of: "sotry" is none of'
    ' text, story; did you mean "story"?',
    '[collections.events]\nsort = "-strat"\nfields.start = "moment"': "collections.events.sort:"
    ' items have no field "strat"; did you mean "start"?',
    '[collections.events]\nsort = "all"\nfields.all = "list"': "collections.events.sort:"
    " nothing can be sorted by a list; write one of title, date, updated",
    '[collections.events]\nsrot = "title"': "unknown field `collections.events.srot`;"
    " did you mean `sort`?",
    '[collections]\nevents = "yes"': "collections.events: expected a table of fields, got text;"
    ' write events = {title = "yes"}',
    '[collections.events]\nlayout = "evnt.html"': "collections.events.layout:"
    ' there is no layout "evnt.html"; add layouts/evnt.html, or mend the name',
}


@pytest.mark.parametrize("lines", SETTINGS_WRONG)
def test_what_cannot_be_declared_is_told_with_its_line(built: SmallSite, lines: str) -> None:
    declared(built, f"{lines}\n")
    number = 3 + lines.count("\n", 0, lines.find("sort") if "sort =" in lines else None)
    assert refused(built) == [f"site.toml:{number}: {SETTINGS_WRONG[lines]}"]


def test_a_declared_taxonomy_and_a_collection_cannot_share_a_name(built: SmallSite) -> None:
    declared(built, "[taxonomies.places]\n[collections.places]\n")
    assert refused(built) == [
        "site.toml:4: collections.places: places is a taxonomy already; choose another name"
    ]


def test_every_mistake_of_an_item_is_told_at_once_and_with_its_line(events: SmallSite) -> None:
    events.build()
    events.write(
        {
            "content/events/wrong.md": "---\ntitle: Wrong\nprice: much\nfree: perhaps\n"
            "tickets: nowhere\nposter: none.png\nreport: reprot\nspeakers: Ann\nstrat: 1\n---\n"
            "[x](none.md)\n"
        }
    )
    assert refused(events) == [
        "content/events/wrong.md:1: start is missing; add `start`",
        "content/events/wrong.md:3: price: expected a number, got text; write one such as 3 or 0.5",
        "content/events/wrong.md:4: free: expected true or false, got text; write true or false",
        "content/events/wrong.md:8: speakers: expected a list, got text; write [Ann]",
        'content/events/wrong.md:11: there is no file "none.md";'
        " mend the path, or add content/events/none.md",
    ]
    events.write(
        {
            "content/events/wrong.md": "---\ntitle: Wrong\nstart: 2026-12-01\n"
            "tickets: nowhere\nposter: none.png\nreport: reprot\nimage: {src: x.png, alt: X}\n"
            "---\n"
        }
    )
    assert refused(events) == [
        'content/events/wrong.md:4: tickets: "nowhere" is no address;'
        " write it whole: https://…, or as a path of this site: /about/",
        'content/events/wrong.md:5: poster: there is no file "none.png";'
        " put it at content/events/none.png, or mend the path",
        'content/events/wrong.md:6: report: there is no story "reprot"; did you mean "report"?',
        'content/events/wrong.md:7: image.src: there is no file "x.png";'
        " put it at content/events/x.png, or mend the path",
    ]


def test_an_item_needs_a_title(events: SmallSite) -> None:
    item(events, "events/meetup", title=None, start="2026-12-05")
    assert events.errors() == ["content/events/meetup.md:1: title is missing; add `title`"]


def test_an_unknown_field_is_a_warning_that_knows_the_declared_ones(events: SmallSite) -> None:
    item(events, "events/meetup", start="2026-12-05", rom="Attic")
    assert events.warnings() == [
        "content/events/meetup.md:4: unknown field `rom`; did you mean `room`?"
    ]


def test_a_field_that_hides_elsewhere_is_no_way_to_be_public(events: SmallSite) -> None:
    item(events, "events/meetup", start="2026-12-05", published="false")
    assert events.errors() == [
        "content/events/meetup.md:4: `published` hides nothing here: the text would be public;"
        " write draft: true, or take the line out"
    ]


def test_a_dead_address_of_the_site_is_warned_of(events: SmallSite) -> None:
    item(events, "events/meetup", start="2026-12-05", tickets="/abuot/")
    events.write({"content/pages/about.md": "---\ntitle: About\n---\n"})
    assert events.warnings() == [
        'content/events/meetup.md:4: tickets: no page of this site answers for "/abuot/";'
        ' did you mean "/about/"?'
    ]
    item(events, "events/meetup", start="2026-12-05", tickets="../pages/about.md")
    assert events.warnings() == []
    assert links(events.page("/events/meetup/index.html"), "dl a") == ["/about/"]


def test_two_at_one_address_are_refused(events: SmallSite) -> None:
    events.build()
    item(events, "events/more/meetup", start="2026-12-05")
    assert refused(events) == [
        "content/events/more/meetup.md:1: its address /events/meetup/ is also that of"
        " content/events/meetup.md; change `slug` in one of the two"
    ]
    item(events, "events/more/meetup", start="2026-12-05", permalink="/tags/")
    assert refused(events) == [
        "content/events/more/meetup.md:4: its address /tags/ is also that of a page that"
        " Broadsheet makes; rename one of the two"
    ]


@pytest.mark.parametrize("hidden", [{"draft": "true"}, {"date": "2027-01-01"}])
def test_a_story_that_is_shown_goes_before_one_that_is_not(
    events: SmallSite, hidden: dict[str, str]
) -> None:
    events.article("2025/gala", date="2025-05-05")
    events.article("2026/gala", **({"date": "2026-06-02"} | hidden))
    item(events, "events/meetup", start="2026-12-05", report="gala")
    events.build()
    assert links(events.page("/events/meetup/index.html"), "dd a") == ["/2025/05/gala/"]


@pytest.mark.parametrize(
    "own",
    [
        '{% import "parts.html" as collections %}{{ collections.mark() }}',
        '{% from "parts.html" import collections %}{{ collections() }}',
        "{% set collections = {'mark': 'Mine'} %}{{ collections.mark }}",
    ],
)
def test_a_layout_may_call_something_of_its_own_so(events: SmallSite, own: str) -> None:
    macros = "{% macro mark() %}Mine{% endmacro %}{% macro collections() %}Mine{% endmacro %}"
    events.write({"layouts/parts.html": macros, "layouts/404.html": own})
    events.build()
    assert events.text("404.html").strip() == "Mine"


def test_a_mistake_in_a_collection_is_told_alone(built: SmallSite) -> None:
    declared(built, "[collections.events]\nsort = 'nix'\n[taxonomies.places]\n")
    layout = '{% extends "default/article.html" %}\n{% block dek %}'
    shown = "{{ collections.events | length }}{{ story.terms.places | length }}{% endblock %}"
    built.write({"layouts/article.html": layout + shown})
    (told,) = refused(built)
    assert told.startswith("site.toml:")


def test_two_collections_with_one_list_are_refused(built: SmallSite) -> None:
    declared(built, '[collections.a]\nlist = "/x/"\n[collections.b]\nlist = "/x/"\n')
    assert refused(built) == [
        "site.toml:1: /x/index.html would be two pages that Broadsheet makes, by"
        " layouts/items.html; move one of them in [addresses], [taxonomies] or [collections]"
    ]


def test_a_folder_of_the_name_is_only_a_folder_where_nothing_is_declared(site: SmallSite) -> None:
    item(site, "events/meetup")
    assert len(site.warnings()) == 1
    assert "events/meetup/index.html" not in site.outputs()


@pytest.mark.parametrize("name", ["Ärger-ß", "数", "a" * 120, "with space", "2026-05-05-dated"])
def test_odd_names_make_addresses_or_are_told(events: SmallSite, name: str) -> None:
    item(events, f"events/{name}", title="Odd", start="2026-12-05")
    assert not events.errors()
    assert len(links(events.page("/events/index.html"), ".river h2 a")) == 2


def test_an_empty_item_is_told_what_it_lacks(events: SmallSite) -> None:
    events.write({"content/events/empty.md": "", "content/events/bare.md": "---\n---\n"})
    assert all("content/events/" in line for line in events.errors())


# ------------------------------------------------------------------------ a new one


def test_a_new_item_has_all_fields_to_be_filled_in_and_can_be_built(events: SmallSite) -> None:
    declared(events, EVENTS.replace("sort", "feed = true\nsort", 1))
    path = new_item(events.root, "A party: again", "events")
    assert path == events.root / "content/events/a-party-again.md"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[1] == 'title: "A party: again"'
    names = [line.partition(":")[0] for line in lines[2 : lines.index("draft: true")]]
    assert names == ["date", *(name for name, _ in fields_of(EVENTS))]
    assert new_item(events.root, "A party: again", "events").name == "a-party-again-2.md"
    events.build(drafts=True)
    assert words(events.page("/events/a-party-again/index.html"), "h1") == "A party: again"
    with pytest.raises(UsageError, match='no collection "evnts"; did you mean "events"'):
        new_item(events.root, "A party", "evnts")


def fields_of(table: str) -> list[tuple[str, str]]:
    return re.findall(r"^fields\.(\w+) = (.*)$", table, re.MULTILINE)


def test_a_new_item_has_every_required_field_of_a_simple_type(site: SmallSite) -> None:
    types = ("text", "number", "boolean", "moment", "list")
    rows = (f'fields.{one} = {{ type = "{one}", required = true }}\n' for one in types)
    declared(site, f"[collections.things]\n{''.join(rows)}")
    new_item(site.root, "Thing", "things")
    assert site.warnings(drafts=True) == []
