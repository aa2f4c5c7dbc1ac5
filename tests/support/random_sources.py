"""What a site of random edits is made of: stories, fields, files, settings, and faults in them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from support.cards import svg_of
from support.fonts import font
from support.images import png
from support.published_pictures import QUICK, taken
from support.recordings import mp3, wav
from support.sites import NOW, SETTINGS, SmallSite

START = ("one", "two", "three", "four", "five", "six", "trip/seven", "trip/eight/index")
SPARE = ("nine", "trip/ten", "eleven/index", "2026-05-05-twelve")
names = st.sampled_from(START + SPARE)
places = st.integers(0, 40)
"""Which of the stories, pages and so on that are there: taken modulo their number."""

NAMES = (
    "_{stem}{ending}",
    "_drafts/{stem}{ending}",
    "{stem}.markdown",
    "{stem}.MD",
    "{stem}{ending}.bak",
    "{stem} (conflicted copy 2026-06-01){ending}",
    "{stem}.pem",
)
"""What a file is renamed to: it is then a text, or not for readers."""

SENTENCES = (
    "Farmers sowed less winter wheat in Kansas.",
    "The harvest of wheat in Kansas may fall.",
    "The bank lowered its rate for deposits.",
    "Lenders at the bank pay less for deposits.",
    'A tenor sang "twice" -- and the hall rose.',
    "## A heading",
    "See [below](#A-Heading).",
    "![Dot](/pictures/dot.png)",
    "![House](/pictures/house.jpg)",
    "A <b class='x'>word</b>, <blink>another</blink>.",
    "~~Ten~~ 10^2^ tons, says https://example.org/~wheat/_harvest_.",
    "- [ ] sow\n- [x] reap",
)
fragments = st.sampled_from(["", "", "#A-Heading", "#a-heading-2", "#none", "#top"])
linked = st.tuples(st.sampled_from(START), fragments).map(
    lambda to: f"See [it](/articles/{to[0]}.md{to[1]})."
)
blocks = st.one_of(
    st.sampled_from(
        (
            "::: note\nMind *this*.\n:::",
            ":::: box Facts\n::: tip\nA tip.\n:::\n::::",
            "> [!WARNING]\n> Mind that.",
            '::: figure /pictures/dot.png alt="Dot" :::',
            "::: stories count=2 :::",
            "::: promo :::",
            "::: spoiler\nNobody knows this one.\n:::",
            "::: note\nIt is never closed.",
        )
    ),
    st.sampled_from(START).map(lambda name: f"::: story /articles/{name}.md :::"),
)
bodies = st.lists(
    st.one_of(st.sampled_from(SENTENCES), st.sampled_from(SENTENCES), linked, blocks), max_size=5
).map("\n\n".join)
dates = st.integers(-60, 4).map(lambda days: (NOW + timedelta(days)).date().isoformat())
choices = st.sampled_from(START).map(lambda name: f"/articles/{name}.md")
fields = st.one_of(
    st.tuples(st.just("title"), st.sampled_from(["A headline", "Wheat", "Banks", "About"])),
    st.tuples(
        st.just("summary"),
        st.sampled_from(
            ["A dek.", "Another.", '"A *dek*, see [it](/articles/one.md#x)"', "'`A` dek.'", None]
        ),
    ),
    st.tuples(
        st.just("tags"),
        st.sampled_from(
            ["[AI]", '["A.I.", Space]', "[ai, Moon]", "[Moon]", "[Año, Ano]", "[ano]", None]
        ),
    ),
    st.tuples(st.just("date"), dates),
    st.tuples(st.just("updated"), st.sampled_from(["2026-06-14", None])),
    st.tuples(
        st.just("author"), st.sampled_from(["Ann Lee", "ann-lee", "Ann Lée", "[Bob, Ann]", None])
    ),
    st.tuples(st.just("section"), st.sampled_from(["World", "world", "Europe", None])),
    st.tuples(
        st.just("series"),
        st.sampled_from(["Water", "{name: Water, part: 1}", "{name: Water, part: 2}", None]),
    ),
    st.tuples(st.just("layout"), st.sampled_from(["long.html", "page.html", "post", None])),
    st.tuples(st.just("card"), st.sampled_from(["false", "other.svg", "story.svg", None])),
    st.tuples(st.just("places"), st.sampled_from(["Kyiv", "[Kyiv, Lviv]", None])),
    st.tuples(st.just("kicker"), st.sampled_from(["Exclusive", None])),
    st.tuples(st.just("featured"), st.sampled_from([1, 2, None])),
    st.tuples(st.just("draft"), st.sampled_from(["true", None])),
    st.tuples(st.just("expires"), st.sampled_from(["2026-06-14", "2026-06-16", None])),
    st.tuples(st.just("promo"), st.sampled_from(["letter", "false", None])),
    st.tuples(st.just("slug"), st.sampled_from(["fixed", "other", None])),
    st.tuples(st.just("aliases"), st.sampled_from(["[/old/1/]", "[/old/2/, /x.y]", None])),
    st.tuples(
        st.just("id"),
        st.sampled_from(["tag:paper.example,2026:1", "https://paper.example/2026/06/one/", None]),
    ),
    st.tuples(
        st.just("corrections"),
        st.sampled_from(
            ["[{date: 2026-06-10, text: X}]", "[{date: 2026-06-10, text: '[X](one.md)'}]", None]
        ),
    ),
    st.tuples(st.just("permalink"), st.sampled_from(["/own/1.html", "/own/2/", None])),
    st.tuples(
        st.just("image"),
        st.sampled_from(
            [
                "{src: /pictures/dot.png, alt: Dot}",
                "{src: /pictures/house.jpg, alt: House}",
                "{src: /pictures/house.jpg, alt: House, focus: 10% 90%}",
                None,
            ]
        ),
    ),
    st.tuples(
        st.just("audio"),
        st.sampled_from(
            [
                "{src: /pictures/talk.wav, transcript: /pages/about.md, episode: 2}",
                "{src: /pictures/talk.wav, chapters: ['0:00 \"Start\"', 0:01 End]}",
                "{src: /articles/trip/eight/talk.mp3, chapters: /pictures/marks.json}",
                "{src: 'https://cdn.example/a.m4a', bytes: 9, duration: '1:02'}",
                None,
            ]
        ),
    ),
    st.tuples(st.just("related"), choices.map(lambda name: f"{{pin: [{name}]}}")),
    st.tuples(st.just("related"), choices.map(lambda name: f"{{exclude: [{name}]}}")),
    st.tuples(st.just("related"), st.none()),
)
CARD = svg_of('<rect width="9" height="{}" fill="{{{{ accent }}}}"/>')
"""A share card that is drawn in an instant."""
CARDS: dict[str, str | bytes] = {
    "layouts/cards/story.svg": CARD.format(1),
    "layouts/cards/other.svg": CARD.format(2),
}
"""The layouts of share cards that sites have at first."""
CODE = "from generator.extend import Finding, check, filter\n\n"
OTHER_FILES: dict[str, tuple[str | bytes | None, ...]] = {
    "content/authors/ann-lee.md": (
        "---\nname: Ann Lee\n---\n",
        "---\nname: Ann Lee\n---\nA bio.",
        "---\nname: Ann\nphoto: /pictures/dot.png\n---\nA bio.",
        None,
    ),
    "content/authors/new.md": (
        "---\nname: New\n---\nNobody yet.",
        "---\nname: New\naliases: [/authors/old/, /imprint/]\n---\nNobody yet.",
        None,
    ),
    "content/tags/ai.md": (
        "---\nname: AI\n---\nText.",
        "---\nname: Machines\n---\n",
        "---\nname: AI\naliases: [/tags/robots/, /ai]\n---\nText.",
        "---\nname: Robots\naliases: [/tags/robots/]\n---\nText.",
        None,
    ),
    "content/section/europe.md": (
        "---\nname: Europe\n---\nText.",
        "---\nname: Europe\nparent: World\n---\nText.",
        "---\nname: The Continent\nparent: World\naliases: [/europe/]\n---\n",
        None,
    ),
    "content/section/world.md": (None, "---\nname: World\n---\n", "---\nname: Globe\n---\nAll."),
    "content/places/kyiv.md": ("---\nname: Kyiv\n---\nOld.", "---\nname: Kiew\n---\n", None),
    "content/events/gala.md": (
        "---\ntitle: Gala\nstart: 2026-07-01\nreport: one\n---\nCome.",
        "---\ntitle: Gala\nstart: 2026-07-03\nreport: /articles/two.md\nprice: 3\n---\nCome.",
        "---\ntitle: A gala\nstart: 2026-07-01\ndate: 2026-06-16\n---\n[It](/articles/one.md)",
        "---\ntitle: Gala\nstart: 2026-07-01\naliases: [/gala/]\nprice: 4\n---\n## More",
        None,
    ),
    "content/events/fair.md": (
        None,
        "---\ntitle: Fair\nstart: 2026-07-02\ndate: 2026-06-01\n---\nSee [it](gala.md#more).",
        "---\ntitle: Fair\nstart: 2026-07-02\nslug: gala\nexpires: 2026-06-18\n---\nCome.",
        "---\ntitle: About\nposter: /pictures/dot.png\n---\nCome.",
    ),
    "layouts/item.html": ("{{ item.title }} {{ item.report.title if item.report }}", None),
    "layouts/month.html": (
        "{% for name in collections %}{% for one in collections[name] %}{{ one.title }}"
        " {{ one.summary }}{% endfor %}{% endfor %}",
        "{{ collections | length }}",
        None,
    ),
    "content/tags/ano.md": (None, "---\nname: Año\n---\nA year.", "---\nname: ano\n---\n"),
    "content/pictures/talk.wav": (wav(3), wav(5), b"no sound", None),
    "content/pictures/marks.json": (
        '{"chapters": [{"startTime": 0, "title": "Start"}]}',
        '{"chapters": [{"startTime": 1, "title": "Later"}]}',
        "{}",
    ),
    "content/articles/trip/eight/talk.mp3": (mp3(2), mp3(4)),
    "content/promos/letter.md": (
        "---\ntitle: Letter\nurl: https://x.example/\nlabel: Go\n---\nDaily.",
        "---\ntitle: Letter\nurl: /about/\nlabel: Go\n---\nWeekly.",
    ),
    "content/pages/about.md": (
        "---\ntitle: About\n---\nUs.",
        "---\ntitle: About\naliases: [/imprint/]\n---\nWho? Us.",
        "---\ntitle: About\npermalink: /who/we/are.html\n---\nUs.",
        "---\ntitle: Us\ndraft: true\n---\n[One](/articles/one.md)",
        None,
    ),
    "content/articles/one.de.md": (
        "---\ntitle: Eins\ndate: 2026-06-02\ntags: [KI]\n---\n[Zwei](two.md)",
        '---\ntitle: Eins\ndate: 2026-06-02\ntags: [AI]\nauthor: ann-lee\n---\nEin "Wort".',
        "---\ntitle: Wheat\ndate: 2026-06-05\ndraft: true\n---\nEntwurf.",
        None,
    ),
    "content/articles/trip/eight/index.de.md": (
        "---\ntitle: Acht\ndate: 2026-06-03\nsection: World\n---\n![Karte](map.svg)",
        "---\ntitle: Acht\ndate: 2026-06-03\nslug: neun\n---\nEin Ort.",
        None,
    ),
    "content/articles/allein.de.md": (
        None,
        "---\ntitle: Allein\ndate: 2026-06-04\naliases: [/old/1/]\n---\nEin Ort.",
        "---\ntitle: Allein\ndate: 2026-06-04\nexpires: 2026-06-16\n---\n[1](one.md#a-heading)",
    ),
    "content/pages/about.de.md": (
        None,
        "---\ntitle: Wir\n---\nWir.",
        "---\ntitle: Über uns\n---\n",
    ),
    "content/tags/ai.de.md": (None, "---\nname: KI\n---\nMehr.", "---\nname: AI\n---\n"),
    "content/pictures/dot.png": (png(8, 6, 1), png(8, 6, 2), png(6, 8, 1)),
    "content/pictures/house.jpg": (taken(600, 450, 1), taken(600, 450, 2)),
    "content/notes.txt": ("Plain.", "---\ntitle: Notes\n---\nPlain.", None),
    "content/README.md": ("Plain.", "---\nname: Notes\n---\nPlain.", None),
    "content/_static/a.css": ("a{}", "b{}", None),
    "content/_static/key.pem": ("a", None),
    "layouts/blocks/note.html": ("<p>A note</p>{{ body }}", "{{ card.title }}{{ body }}", None),
    "layouts/blocks/spoiler.html": ("<details>{{ body }}</details>", None),
    "content/articles/one.md.bak": ("a", "b", None),
    "content/_data/team.csv": ("name,role\nAnn,Chair\n", "name;role\nBo;\n", "name\n", None),
    "content/_data/team.json": (None, '[{"name": "Cy"}]', "# none", None),
    "content/_data/shop/list.yaml": ("- {n: 1, on: 2026-03-01}\n", "[]\n", None),
    "content/_data/notes.txt": ("Plain.", None),
    "content/_redirects": ("/mine /about/\n/m/* /about/ 302\n", "/mine /\n", None),
    "content/articles/trip/eight/map.svg": ("<svg/>", "<svg />", None),
    "layouts/article.html": (
        '{% extends "default/article.html" %}{% block neighbours %}{% endblock %}',
        '{% extends "default/article.html" %}{% block neighbours %}{{ site.tags }}{% endblock %}',
        '{% extends "default/article.html" %}{% block neighbours %}'
        "{% for card in stories(tag=story.tags, without=story, most=2) %}"
        "{{ card.title }}{{ card.opening }}{% endfor %}{% endblock %}",
        None,
    ),
    "layouts/long.html": (
        '{% extends "article.html" %}',
        "{{ story.title }}",
        "{% for one in data.team %}{{ one.name }}{{ one.role | default('') }}{% endfor %}",
        None,
    ),
    "layouts/tag.html": (
        "{{ tag.name }} {{ site.latest | length }}",
        "{{ tag.count }}",
        "{{ tag.name }}{% for name in data %}{{ name }}{{ data[name] }}{% endfor %}",
        None,
    ),
    "layouts/partials/footer.html": ("<footer>1</footer>", "<footer>2</footer>", None),
    "layouts/partials/new.html": ("{{ site.year }}", "{{ data.shop.list | d([]) | length }}", None),
    "layouts/404.html": (
        "{{ site.title | shout if 'shout' is filter }}",
        "{% for card in stories(since='9d') %}{{ card.title }}{{ prose(card).html }}{% endfor %}",
        "{{ stories(tag='AI', author=['Ann Lee', 'Bob'], since='36h') }}",
        None,
    ),
    "layouts/page.html": (
        '{% extends "default/page.html" %}{% block main %}{{ stories(featured=true) }}'
        "{{ stories(section='World', most=1) if site.tags else '' }}{% endblock %}",
        None,
    ),
    "layouts/extensions.py": (
        f"{CODE}@filter\ndef shout(text):\n    return text.upper()\n",
        f"{CODE}@filter\ndef shout(text):\n    return text.lower()\n",
        f"{CODE}@filter(replaces=True)\ndef length(things):\n    return 'many'\n",
        f"{CODE}@check\ndef bank(story, text):\n    if 'bank' in text:\n"
        "        yield Finding('a bank', field='title', line=text.index('bank'))\n",
        None,
    ),
    "layouts/cards/story.svg": (
        CARD.format(1),
        CARD.format("{{ headline | length }}"),
        svg_of('<text y="99">{{ headline }}{{ section }}{{ site.title }}</text>'),
        None,
    ),
    "layouts/cards/other.svg": (
        CARD.format(2),
        CARD.format(3),
        svg_of('<text y="99">{{ kicker }} {{ date | date if date }}</text>'),
    ),
    "layouts/assets/site.css": ("a{}", "b{}", "c{}\n", None),
    "layouts/assets/new.js": ("1", "2", None),
    "layouts/assets/own.css": ("a{}", ":root { --paper: light-dark(#fff, #000) }", None),
    "layouts/assets/fonts/a.woff2": (font("Literata"), font("Literata", 700), b"none", None),
    "layouts/assets/look/links.css": ("p{}", None),
    "layouts/artcile.html": ("x", None),
    "layouts/labels/en.toml": ('related = "More"\n', 'by = "{authors}"\n', None),
}
others = st.sampled_from(sorted(OTHER_FILES)).flatmap(
    lambda path: st.tuples(st.just(path), st.sampled_from(OTHER_FILES[path]))
)
SNIPPETS = (  # of site.toml, what stands in tables last
    'tagline = "All of it"\n',
    'language = "de"\n',
    'timezone = "Asia/Tokyo"\n',
    'permalink = "/{year}/{slug}/"\n',
    'slugs = "language"\n',
    'slugs = "unicode"\n',
    'permalink = "/{folder}/{year}/{slug}.html"\n',
    'permalink = "/{year}/{slug}"\n',
    'host = "gitlab"\n',
    'host = "cloudflare"\n',
    'labels = {related = "See too"}\n',
    '[[menu]]\ntitle = "Home"\nurl = "/"\n',
    '[content]\npublish = ["_static/**"]\n',
    '[content]\npublish = ["articles/*.bak", "notes.txt", "_drafts/*", "**/_*"]\n',
    "[lists]\nper_page = 2\n",
    '[layouts]\n"articles/trip/*" = "long.html"\n"authors/*" = "page.html"\n',
    "[taxonomies.places]\nfeed = true\n",
    '[taxonomies.places]\nmany = false\npermalink = "/in/{slug}/"\n',
    '[collections.events]\nsort = "start"\nfeed = true\n'
    'fields = { start = "moment", report = "story", price = "number", poster = "picture" }\n',
    '[collections.events]\npermalink = "/e/{slug}/"\nsort = "-price"\nlist_layout = "long.html"\n'
    'fields = { start = { type = "moment", required = true }, price = "number" }\n',
    '[addresses]\ntags = "/topics/"\nfeed = "/index.xml"\n',
    '[front]\nsections = ["World", "Europe"]\nper_section = 1\n',
    'permalink = "/{section}/{slug}/"\n',
    "[front]\ntop = 1\nper_page = 3\n",
    '[front]\nstyle = "river"\nper_page = 3\n',
    '[front]\nstyle = "links"\nper_page = 2\n',
    '[look]\naccent = "#fc0"\nlogo = "/pictures/dot.png"\nicon = "/articles/trip/eight/map.svg"\n',
    '[look]\ntheme = "dark"\nserif = "Literata, serif"\nsize = 18\n',
    '[look]\nserif = "Literata"\nfooter = [{ title = "Home", url = "/" }]\n',
    "[feeds]\nsize = 2\n",
    '[feeds]\naliases = ["/atom.xml", "/feed/"]\n',
    '[feeds]\nid_url = "https://old.example/"\npromos = true\n',
    '[permalinks]\n"articles/**/o*" = "/o/{folder}/{slug}/"\n"articles/trip/**" = "/t/{slug}/"\n',
    "[languages.de]\n",
    '[languages.de]\ntitle = "Blatt"\nlabels = {related = "Dazu"}\nprefix = "/blatt/"\n',
    "[languages.fr]\n[languages.de]\nsections = ['World']\n",
    '[podcast]\ncategory = "News"\nimage = "/pictures/dot.png"\n',
    '[podcast]\ncategory = "Arts > Books"\nimage = "/pictures/dot.png"\ntype = "serial"\n',
    "[markdown]\nexcerpt = 30\n",
    '[markdown]\nlists = "common"\n',
    "[markdown]\nsmart_quotes = false\n",
    "[markdown]\nraw_html = false\n",
    '[markdown]\nextras = ["sup", "emoji"]\n',
    '[markdown]\nextensions = ["toc", "admonition"]\n',
    '[markdown]\nextensions = ["toc"]\n[markdown.options.toc]\npermalink = true\n',
    '[markdown]\nraw_html = "safe"\n',
    '[markdown]\nengine = "commonmark"\nraw_html = "safe"\n',
    "[related]\ncount = 2\n",
    "[related]\npictures = true\nleast = 0.0\n",
    "[related.weights]\ntags = 0\n",
    '[promos]\ndefault = "letter"\n',
    f'[images]\n{QUICK}formats = ["jpeg"]\ncrops = ["1:1"]\n',
    "[images]\nwidths = []\ncredit = false\n",
    '[images]\nkeep = ["pictures/*"]\n',
)
cards = st.sampled_from(["", "[cards]\n", '[cards]\nfor = "all"\n'])
"""What settings end with: in some sites pages have share cards."""
tables = st.sets(st.integers(0, len(SNIPPETS) - 1), max_size=3).map(
    lambda numbers: "".join(SNIPPETS[n] for n in _without_twice(sorted(numbers)))
)


def _without_twice(numbers: list[int]) -> list[int]:
    """The snippets' numbers, the first of each table, or of each setting outside of any."""
    heads = {n: SNIPPETS[n].partition("\n")[0].partition(" = ")[0] for n in numbers}
    return list({heads[n]: n for n in reversed(numbers)}.values())[::-1]


FAULTS: dict[str, str | bytes] = {
    "content/articles/one.md": "---\ntitle: [\n---\n",
    "content/articles/broken.md": "---\ntitle: Broken\ndate: soon\n---\n",
    "content/articles/broken-link.md": "---\ntitle: A\ndate: 2026-06-01\n---\n[x](nowhere.md)",
    "content/articles/latin.md": b"---\ntitle: \xe9\n---\n",
    "content/authors/two-names.md": "no front matter",
    "content/_data/team.csv": "name,role\nAnn\n",
    "layouts/tag.html": "{% if %}",
    "layouts/404.html": "{{ nothing }}",  # fails only while it is rendered
    "layouts/labels/en.toml": "=",
    "site.toml": SETTINGS + "[front]\nper_page = 0\n",
}
LOSSES = (
    ".broadsheet",
    ".broadsheet/blobs",
    ".broadsheet/blobs/readings-*",
    ".broadsheet/blobs/*.values",
    ".broadsheet/files.*",
    ".broadsheet/output-*.outputs",
    ".broadsheet/output-*.site",
    ".broadsheet/related.index",
    ".broadsheet/related.de.index",
    "public",
)


def first_draft(name: str) -> tuple[dict[str, Any], str]:
    """A story as it is at first: its front matter and its body."""
    number = len(name) + sum(map(ord, name))
    matter = {
        "title": name.rpartition("/")[2].title(),
        "date": (NOW - timedelta(days=number % 50)).date().isoformat(),
        "tags": ("[AI]", "[AI, Moon]", "[Space]")[number % 3],
        "author": ("Ann Lee", "Bob")[number % 2],
    }
    return matter, "\n\n".join((SENTENCES + SENTENCES)[number % 7 : number % 7 + 3])


def make_site(root: Path) -> SmallSite:
    site = SmallSite(root)
    for name in START:
        matter, body = first_draft(name)
        site.article(name, body, **matter)
    site.write({path: contents[0] for path, contents in OTHER_FILES.items() if contents[0]})
    for path in [path for path in OTHER_FILES if path.startswith("layouts/")]:
        (root / path).unlink()
    return site
