"""Fields of other generators: known by name, with what is to be written here."""

import pytest

from generator.model import Kind
from support.front_matter import NONE, opened, told, yaml

FOREIGN = {
    "lastmod: 2026-06-02": "`lastmod` is `updated` here; write `updated`",
    "Modified: 2026-06-02": "`Modified` is `updated` here; write `updated`",
    "updated_at: 2026-06-02": "`updated_at` is `updated` here; write `updated`",
    "description: D": "`description` is `summary` here; write `summary`",
    "excerpt: D": "`excerpt` is `summary` here; write `summary`",
    "subtitle: D": "`subtitle` is `summary` here; write `summary`",
    "categories: [A, B c]": "`categories` is `tags` here; write tags: [A, B c]",
    "Category: A": "`Category` is `tags` here; write tags: [A]",
    "keywords: a, b": "`keywords` is `tags` here; write tags: [a, b]",
    "topics: [3.10, 'a: b']": '`topics` is `tags` here; write tags: ["3.10", "a: b"]',
    "taxonomies:\n  tags: [a]\n  categories: [b]": "`taxonomies` is `tags` here;"
    " write tags: [a, b]",
    "tags: [a]\ncategories: [b]": "`categories` is `tags` here;"
    " `tags` is there too: make one of the two",
    "redirect_from: /old/": "`redirect_from` is `aliases` here; write aliases: [/old/]",
    "redirects: [/a/, /b/]": "`redirects` is `aliases` here; write aliases: [/a/, /b/]",
    "featured_image: /a.png": "`featured_image` is `image.src` here;"
    ' write image: {src: /a.png, alt: "…"}',
    "cover: my pic.png": '`cover` is `image.src` here; write image: {src: my pic.png, alt: "…"}',
    "thumbnail: /a.png": '`thumbnail` is `image.src` here; write image: {src: /a.png, alt: "…"}',
    "hero: {url: a}": "`hero` is `image.src` here; write `image.src`",
    "byline: Jane Doe": "`byline` is `authors` here; write authors: [Jane Doe]",
    "params: {a: b}": "`params` is `extra` here; write `extra`",
    "sticky: true": "`sticky` is `featured` here; write `featured`",
    "external_url: https://a.example/": "`external_url` is `source.url` here;"
    ' write source: {name: "…", url: "https://a.example/"}',
    "eyebrow: E": "`eyebrow` is `kicker` here; write `kicker`",
    "math: true": f"`math` {NONE}",
    "toc: true": f"`toc` {NONE}",
    "weight: 3": f"`weight` {NONE}",
    "type: post": f"`type` {NONE}",
    "1: x": f"`1` {NONE}",
    "hidetitle: x": f"`hidetitle` {NONE}",
    "titel: x": "unknown field `titel`; did you mean `title`?",
    "Slug: a": "unknown field `Slug`; did you mean `slug`?",
    "autor: Jane": "unknown field `autor`; did you mean `author`?",
    '"kick\\u200ber": x': "unknown field `kick\\u200ber`; did you mean `kicker`?",
    "image: {src: a, alt: b, copyright: c}": "`image.copyright` is `credit` here; write `credit`",
    "source: {name: a, url: 'https://a.example', date: 2026-01-01}": "`source.date` is"
    " `published` here; write `published`",
}


@pytest.mark.parametrize("fields", FOREIGN)
def test_a_field_of_another_generator_is_known_by_name(fields: str) -> None:
    (message,) = told(yaml(fields))
    assert message.partition(": ")[2] == FOREIGN[fields]
    assert message.startswith("warning ")


@pytest.mark.parametrize(
    ("kind", "field", "message"),
    [
        ("authors", "avatar: a.png", "`avatar` is `photo` here; write `photo`"),
        ("authors", "bio: B", "`bio` is the text below the fields here; move it there"),
        ("authors", "math: 1", "`math` has no meaning here; take it out"),
        ("authors", "website: /a/", "`website` is `follow.url` here;"
         ' write follow: {url: /a/, label: "…"}'),
        ("terms", "description: D", "`description` is the text below the fields here;"
         " move it there"),
        ("pages", "lastmod: 2026-01-01", "`lastmod` is `updated` here; write `updated`"),
        ("pages", "tags: [a]", f"`tags` {NONE}"),
    ],
)  # fmt: skip
def test_each_kind_of_text_has_its_own_fields(kind: Kind, field: str, message: str) -> None:
    (told_of,) = told(yaml(field, kind), kind)
    assert told_of == f"warning 4: {message}"


WRONG = {
    "image: /a.png": "image: expected a table of fields, got text;"
    ' write image: {src: /a.png, alt: "…"}',
    "source: https://a.example/b": "source: expected a table of fields, got text;"
    ' write source: {name: "…", url: "https://a.example/b"}',
    "source: Reuters": "source: expected a table of fields, got text;"
    ' write source: {name: Reuters, url: "…"}',
    "related: b": "related: expected a table of fields, got text; write related: {pin: [b]}",
    "corrections: [sorry]": "corrections[1]: expected a table of fields, got text;"
    ' write {date: "…", text: sorry}',
    "tags: a, b": "tags: expected a list, got text; write [a, b]",
    "tags: single": "tags: expected a list, got text; write [single]",
    "tags: AI & Law, C++": 'tags: expected a list, got text; write ["AI & Law", "C++"]',
    "tags: 2026": 'tags: expected a list, got text; write ["2026"]',
    "aliases: /a/": "aliases: expected a list, got text; write [/a/]",
    "author: {name: Jane Doe}": "author: expected a name or a list of names, got a table of"
    " fields; write the name alone: Jane Doe; what else is known of an author belongs into a"
    " file in content/authors/",
    "authors: [Bo, {name: Jane, url: x}]": "authors[2]: expected text, got a table of fields;"
    " write the name alone: Jane; what else is known of an author belongs into a file in"
    " content/authors/",
    "tags: [{name: AI}]": "tags[1]: expected text, got a table of fields; write the name alone: AI",
    "tags: [a, ~]": "tags[2]: expected text, got nothing; write text in quotes",
}


@pytest.mark.parametrize("field", WRONG)
def test_a_value_of_another_shape_is_shown_as_it_is_to_be_written(field: str) -> None:
    assert told(yaml(field)) == [f"error 4: {WRONG[field]}"]


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ('+++\ntitle = "A"\ndate = 2026-06-01\nimage = "/a.png"\n+++\n',
         'write image = {src = "/a.png", alt = "…"}'),
        ('{"title": "A", "date": "2026-06-01", "image": "/a.png"}',
         'write "image": {"src": "/a.png", "alt": "…"}'),
        ('+++\ntitle = "A"\ndate = 2026-06-01\ntags = "a, b"\n+++\n', 'write ["a", "b"]'),
    ],
)  # fmt: skip
def test_what_is_to_be_written_is_in_the_texts_own_format(text: str, remedy: str) -> None:
    (problem,) = opened(text)[1]
    assert problem.remedy == remedy
