"""Fields that hide a text in other generators, and slips of those that hide it here."""

import pytest

from generator.model import Kind
from support.front_matter import NONE, opened, told, yaml
from support.sites import SmallSite, refused

OPEN = "hides nothing here: the text would be public"
DRAFT = "write draft: true, or take the line out"
FLAGS = [
    "Draft: true",
    "DRAFT: yes",
    "drafts: true",
    '"draft ": true',
    "is_draft: true",
    "isDraft: on",
    "post-is-draft: true",
    "drfat: true",
    "darft: true",
    "draf: true",
    "Ｄraft: true",
    "Draft:",
    "Draft: maybe",
    "published: false",
    "Published: no",
    "published:",
    "publised: false",
    "publish: 0",
    "public: false",
    "visible: false",
    "listed: false",
    "status: draft",
    "Status: hidden",
    "status: private",
    "status: pending",
    "status: in review",
    "post_status: future",
    "state: draft",
    "type: draft",
    "visibility: private",
    "visibility: members",
    "hidden: true",
    "isHidden: true",
    "hide: true",
    "private: true",
    "unlisted: true",
    "unpublished: true",
    "embargoed: true",
    "scheduled: true",
    "headless: true",
    "render: false",
    "_build: {list: never}",
    "eleventyExcludeFromCollections: true",
    "password: secret",
    "members_only: true",
]
STARTS = [
    *("publishDate", "publish_date", "pubDate", "PublishedAt", "publish on", "embargo"),
    *("embargo_until", "scheduled", "go-live", "postDate", "available_from", "published"),
    *("release_date", "visible-from", "publish_up", "publshDate"),
]
ENDS = [
    *("Expires", "expire", "expiry", "expiryDate", "expiration_date", "expires_at", "exipres"),
    *("unpublish", "unpublish_on", "unpublishDate", "valid-until", "remove_on", "takedown"),
]


@pytest.mark.parametrize("field", FLAGS)
@pytest.mark.parametrize("kind", ["articles", "pages"])
def test_what_hides_elsewhere_is_an_error(field: str, kind: Kind) -> None:
    name = field.partition(":")[0].strip('"')
    matter, problems = opened(yaml(field, kind), kind)
    assert matter is None
    assert [str(p) for p in problems] == [f"content/{kind}/a.md:4: `{name}` {OPEN}; {DRAFT}"]


@pytest.mark.parametrize("name", STARTS)
def test_what_puts_off_elsewhere_is_an_error(name: str) -> None:
    message = f"`{name}` {OPEN}; write date: 2030-01-01"
    assert told(yaml(f"{name}: 2030-01-01")) == [f"error 4: {message}"]
    assert told(yaml(f"{name}: 2030-01-01", "pages"), "pages") == [
        f"error 4: `{name}` {OPEN}; a page has no `date`: write draft: true while it is hidden"
    ]


@pytest.mark.parametrize("name", ENDS)
def test_what_ends_elsewhere_is_an_error(name: str) -> None:
    message = f"`{name}` {OPEN}; write expires: 2030-01-01T08:00"
    assert told(yaml(f"{name}: 2030-01-01T08:00")) == [f"error 4: {message}"]


def test_a_moment_that_cannot_be_read_hides_as_well() -> None:
    assert told(yaml("publishDate: soon")) == [
        f"error 4: `publishDate` {OPEN}; write the moment as `date`"
    ]


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("draft:", "draft is empty; write true or false, or take the line out"),
        ("draft: ~", "draft is empty; write true or false, or take the line out"),
        ("draft: null", "draft is empty; write true or false, or take the line out"),
        ("expires:", "expires is empty; fill in a date, or take the line out"),
        ("draft: 1", "draft: expected true or false, got a number; write true or false"),
        ('draft: "yes"', "draft: expected true or false, got text; write true or false"),
    ],
)
def test_a_field_that_is_to_hide_says_how(field: str, message: str) -> None:
    assert told(yaml(field)) == [f"error 4: {message}"]


@pytest.mark.parametrize("form", ["toml", "json"])
def test_the_remedy_is_in_the_formats_own_words(form: str) -> None:
    texts = {
        "toml": '+++\ntitle = "A"\ndate = 2026-06-01\nHidden = true\n+++\n',
        "json": '{"title": "A", "date": "2026-06-01",\n\n\n"Hidden": true}',
    }
    shown = {"toml": "draft = true", "json": '"draft": true'}
    assert told(texts[form]) == [
        f"error 4: `Hidden` {OPEN}; write {shown[form]}, or take the line out"
    ]


@pytest.mark.parametrize("kind", ["authors", "terms", "promos"])
@pytest.mark.parametrize(
    "field", ["draft: true", "draft:", "hidden: true", "published: false", "expires: 2030-01-01"]
)
def test_what_can_never_be_hidden_says_so(kind: Kind, field: str) -> None:
    text = f"---\n{field}\nname: A\ntitle: A\nurl: /\nlabel: B\n---\n"
    text = text.replace("name: A\n", "") if kind == "promos" else text
    text = text if kind == "promos" else text.replace("title: A\nurl: /\nlabel: B\n", "")
    name = field.partition(":")[0]
    one = {"authors": "an author", "terms": "a term", "promos": "a promo"}[kind]
    remedy = f"{one} cannot be hidden: take it out, or move the file out of content/"
    assert told(text, kind) == [f"error 2: `{name}` {OPEN}; {remedy}"]


@pytest.mark.parametrize(
    "field",
    ["image:\n  src: a.png\n  alt: b\n  draft: true", "related:\n  pin: [b]\n  a: b\n  Draft: yes"],
)
def test_a_field_that_slipped_into_a_table_hides_nothing(field: str) -> None:
    (message,) = (row for row in told(yaml(field)) if row.startswith("error"))
    assert f"raft` {OPEN}; take it out, or move it among the text's own fields" in message
    assert message.startswith("error 7: ")


def test_a_field_that_slipped_into_extra_hides_nothing() -> None:
    text = '+++\ntitle = "A"\ndate = 2026-06-01\n[extra]\nmood = "x"\ndraft = true\n+++\n'
    remedy = "move it above `extra`, among the text's own fields"
    assert told(text) == [f"error 6: extra.draft hides nothing; {remedy}"]
    assert told(text.replace("draft", "hidden")) == [
        f"warning 6: extra.hidden hides nothing; {remedy}"
    ]
    assert told(yaml("extra: {draft: false, hidden_by: x, expires: ''}")) == []


HARMLESS = {
    "Draft: false": "`Draft` is `draft` here; write `draft`",
    "published: true": f"`published` {NONE}",
    "public: yes": f"`public` {NONE}",
    "status: Published": f"`status` {NONE}",
    "status: publish": f"`status` {NONE}",
    "hidden: no": f"`hidden` {NONE}",
    "password: ''": f"`password` {NONE}",
    "visibility: public": f"`visibility` {NONE}",
    "hide: [toc]": f"`hide` {NONE}",
    "hideMeta: true": f"`hideMeta` {NONE}",
    "hide_title: true": f"`hide_title` {NONE}",
    "show_date: false": f"`show_date` {NONE}",
    "private_notes: call Bob": f"`private_notes` {NONE}",
    "state: Ohio": f"`state` {NONE}",
    "schedule: weekly": f"`schedule` {NONE}",
    "expiryDate:": "`expiryDate` is `expires` here; write `expires`",
    "publishDate: 2026-06-01": "`publishDate` is `date` here; `date` is there too:"
    " make one of the two",
    "published: 2020-01-01": "`published` is `date` here; `date` is there too: make one of the two",
}


@pytest.mark.parametrize("field", HARMLESS)
def test_what_hides_nothing_is_a_warning(field: str) -> None:
    assert told(yaml(field)) == [f"warning 4: {HARMLESS[field]}"]


@pytest.mark.parametrize("name", ["published", "pubDate", "Embargo"])
def test_a_moment_that_can_only_mean_one_is_weighed_as_that(name: str) -> None:
    assert told(yaml(f"{name}: August 30, 2030, 8 pm")) == [
        f"error 4: `{name}` {OPEN}; write date: 2030-08-30 20:00"
    ]
    (message,) = told(yaml(f"{name}: 2013/08/30 19:24:36"))
    assert message.startswith(f"warning 4: `{name}` is `date` here; ")


def test_a_date_elsewhere_is_the_date() -> None:
    problems = told("---\ntitle: A\npublished: 2020-01-01\n---\n")
    assert f"error 3: `published` {OPEN}; write date: 2020-01-01" in problems


def test_a_page_is_public_at_once() -> None:
    assert told(yaml("date: 2030-01-01", "pages"), "pages") == [
        "warning 4: `date` has no meaning here: a page is public at once;"
        " take it out, or put it below `extra`"
    ]


def test_nothing_is_published_that_was_to_hide(built: SmallSite) -> None:
    built.article("a", Draft="true")
    built.write({"content/pages/p.md": "---\ntitle: P\nstatus: draft\n---\nX"})
    assert refused(built) == [
        f"content/articles/a.md:4: `Draft` {OPEN}; {DRAFT}",
        f"content/pages/p.md:3: `status` {OPEN}; {DRAFT}",
    ]


# ---------------------------------------------------- fields that slipped below another one


TOML = '+++\ntitle = "A"\ndate = 2026-06-01\n{}\n+++\n'


@pytest.mark.parametrize(
    ("fields", "severity", "path"),
    [
        ("extra: {a: {draft: true}}", "error", "extra.a.draft"),
        ("extra: {a: [{b: {Draft: yes}}]}", "error", "extra.a[1].b.Draft"),
        ("extra: {status: draft}", "warning", "extra.status"),
        ("extra: {a: {published: false}}", "warning", "extra.a.published"),
        ("extra: {entwurf: true}", "error", "extra.entwurf"),
        ("meta: {draft: true}", "error", "meta.draft"),
        ("hugo: {published: false}", "error", "hugo.published"),
        ("page: {status: draft}", "error", "page.status"),
        ("cascade: {draft: true}", "error", "cascade.draft"),
        ("cascade: [{x: 1}, {draft: true}]", "error", "cascade[2].draft"),
        ("seo: {a: {expires: 2020-01-01}}", "error", "seo.a.expires"),
        ("blog: {publishDate: 2030-01-01}", "error", "blog.publishDate"),
        ("cover: {hidden: true}", "warning", "cover.hidden"),
    ],
)
def test_a_field_below_another_hides_nothing(fields: str, severity: str, path: str) -> None:
    remedy = f"move it above `{path.partition('.')[0].partition('[')[0]}`"
    message = f"{severity} 4: {path} hides nothing; {remedy}, among the text's own fields"
    assert message in told(yaml(fields))


@pytest.mark.parametrize("header", ["taxonomies", "params", "menu.main", "[extra.a]", "extra.b"])
def test_a_field_below_a_header_of_toml_hides_nothing(header: str) -> None:
    problems = told(TOML.format(f"[{header}]\ntags = ['a']\ndraft = true"))
    (error,) = (problem for problem in problems if problem.startswith("error"))
    assert error.startswith("error 6: ")
    assert "draft hides nothing; move it above" in error
    assert not any('"true"' in problem for problem in problems)


@pytest.mark.parametrize(
    "fields",
    [
        "extra: {status: done, a: {draft: false, hidden: no}}",
        "extra: {films: [{status: lost}, {published: 1999}]}",
        "extra: {a: {draft_of: x, published: The Times}}",
    ],
)
def test_what_hides_nothing_below_another_is_left_alone(fields: str) -> None:
    assert told(yaml(fields)) == []


# ------------------------------------------------------------------------ in other words


@pytest.mark.parametrize(
    "field",
    [
        *("entwurf: true", "Entwurf: ja", "brouillon: oui", "borrador: sí", "borrador: si"),
        *("bozza: sì", "concept: waar", "utkast: ja", "rascunho: sim", "szkic: tak"),
        *("черновик: да", "草稿: 是", "下書き: はい", "초안: 예", "پیش‌نویس: بله", "טיוטה: כן"),
        *("taslak: evet", "مسودة: نعم", "чернетка: так", "kladde: ja", "luonnos: kyllä"),
        *("koncept: ano", "ist_entwurf: true", "est-brouillon: vrai"),
        *("veröffentlicht: false", "veroeffentlicht: nein", "Veröffentlicht: falsch"),
        *("publié: false", "publie: non", "publicado: no", "pubblicato: falso"),
        *("公開: いいえ", "已发布: 否", "опубликовано: нет", "gepubliceerd: nee", "julkaistu: ei"),
        *("versteckt: ja", "gesperrt: true", "masqué: oui", "oculto: true", "nascosto: true"),
        *("ukryty: tak", "verborgen: true", "скрыто: да", "非公開: true", "비공개: true"),
        *("statut: brouillon", "estado: borrador", "stato: bozza", "статус: черновик"),
        *("status: Entwurf", "status: geplant", "status: 下書き", "状態: 草稿", "draft_status: ja"),
        *("draught: true", "draft_status: true", "draft_status: draft", "no_draft: false"),
        *("not_draft: false", "work_in_progress: true", "not for publication: true"),
        *("off_the_record: yes", "internal_only: true", "offline: true", "inactive: true"),
        *("suppressed: true", "withheld: true", "withdrawn: true", "retracted: true"),
        *("removed: true", "hold: true", "on_hold: yes", "onHold: true", "spiked: true"),
        *("killed: true", "trash: true", "delete: true", "needs_review: true"),
        *("display: none", "hide: all", "ready_to_publish: false", "final: false"),
        *("finished: no", "reviewed: false", "published: not yet", "published: entwurf"),
        *("published: nein", "published: soon", "public: draft", "hidden: ja"),
    ],
)
@pytest.mark.parametrize("kind", ["articles", "pages"])
def test_what_hides_in_other_words_is_an_error(field: str, kind: Kind) -> None:
    (message,) = told(yaml(field, kind), kind)
    assert message.startswith("error 4: ")
    assert message.endswith(f"{OPEN}; {DRAFT}")


@pytest.mark.parametrize(
    "name",
    [
        *("sperrfrist", "Sperrfrist", "veröffentlichungsdatum", "公開日", "not_before"),
        *("start_date", "available", "release", "embargo", "live", "veröffentlicht"),
    ],
)
def test_a_start_in_other_words_is_an_error(name: str) -> None:
    assert told(yaml(f"{name}: 2030-01-01")) == [
        f"error 4: `{name}` {OPEN}; write date: 2030-01-01"
    ]
    (message,) = told(yaml(f"{name}: 2026-06-01"))
    assert message.startswith("warning 4: ")


@pytest.mark.parametrize(
    "name", ["ablaufdatum", "有効期限", "end_date", "until", "not_after", "sunset", "scadenza"]
)
def test_an_end_in_other_words_is_an_error(name: str) -> None:
    assert told(yaml(f"{name}: 2020-01-01")) == [
        f"error 4: `{name}` {OPEN}; write expires: 2020-01-01"
    ]


def test_an_empty_end_of_a_page_is_an_error() -> None:
    assert told(yaml("expires:", "pages"), "pages")[-1] == (
        f"error 4: `expires` {OPEN}; a page has no `expires`: write draft: true while it is hidden"
    )


@pytest.mark.parametrize("name", ["retracted", "redacted", "withdrawn", "raft", "drift"])
def test_a_word_in_its_own_right_is_no_misspelling(name: str) -> None:
    assert told(yaml(f"{name}: some")) == [f"warning 4: `{name}` {NONE}"]


@pytest.mark.parametrize("field", ["status: on the stone", "published: Q3 in 2030"])
def test_a_value_that_nobody_knows_is_an_error(field: str) -> None:
    what = (
        f"`{field.partition(':')[0]}` has no meaning here, and nobody knows whether it is to hide"
    )
    remedy = "write draft: true if it is to be hidden, else take the line out"
    assert told(yaml(field)) == [f"error 4: {what}; {remedy}"]


@pytest.mark.parametrize(
    "field",
    [
        *("published: Reuters", "public: Anyone can come", "published: ja", "published: oui"),
        *("published: sí", "embargo: none", "embargo: lifted", 'hidden: ""', "hidden: none"),
        *("type: review", "type: internal", "audience: members", "visibility: default"),
        *("visibility: free", "list_page: false", "enable: {toc: false}", "republish: false"),
        *("sunset: 20:15", "raft: true", "graft: true", "drift: true", "available: true"),
        *("status: updated", "status: confirmed", "status: Breaking", "status: developing"),
        *("status: posted", "status: ok", "status: new", "status: publié", "status: 公開"),
        *("status: veröffentlicht", "estado: Bahia", "entwurf: nein", "brouillon: non"),
        *("draft_status: published", "final: score", "release: 7.2", "hold: music"),
        *("intern: Jane", "concept: Jane Doe", "until: further notice", "display: grid"),
        *("publicado: El País", "start_date: 2026-05-01", "reviewed: Jane"),
    ],
)
def test_innocent_words_are_no_errors(field: str) -> None:
    (message,) = told(yaml(field))
    assert message.startswith("warning 4: ")
    assert "did you mean" not in message


@pytest.mark.parametrize(
    ("date", "start", "severity"),
    [
        ("2024-01-01", "2024-01-01T10:00:00+01:00", "warning"),
        ("2024-01-01", "2024-01-01T23:59", "warning"),
        ("2024-01-01T08:00", "2024-01-01T10:00", "error"),
        ("2024-01-01", "2024-01-02", "error"),
    ],
)
def test_the_same_day_is_no_later_date(date: str, start: str, severity: str) -> None:
    (message,) = told(yaml(f"publishDate: {start}\ndate: {date}"))
    assert message.startswith(f"{severity} 3: ")
