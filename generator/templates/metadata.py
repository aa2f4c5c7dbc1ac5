"""Structured data in a page's head, for machines: JSON-LD after schema.org.

Sources: https://schema.org/NewsArticle and Google's documentation of article and
breadcrumb structured data.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from markupsafe import Markup

from generator.durations import iso_duration
from generator.markup import json_in_script
from generator.templates.dates import iso
from generator.templates.views import Audio, AuthorCard, Head, Picture, SiteView, Story

Absolute = Callable[[str], str]


def article_jsonld(head: Head, story: Story, site: SiteView, absolute: Absolute) -> Markup:
    """Return a story as a `NewsArticle`. Dates carry their offset."""
    url = absolute(story.url)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "description": head.description,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": site.language,
        "datePublished": iso(story.date),
        "dateModified": iso(story.updated or story.date),
        "author": [_author(author, absolute) for author in story.authors]
        or [_publisher(site, absolute)],
        "publisher": _publisher(site, absolute),
        "wordCount": story.words,
        "isAccessibleForFree": True,
    }
    if story.tags:
        data["keywords"] = [tag.title for tag in story.tags]
    if section := story.section or next(iter(story.tags), None):
        data["articleSection"] = section.title
    if picture := story.picture or head.picture:
        data["image"] = [_image(picture, absolute)]
    if story.audio:
        data["audio"] = _recording(story.audio, story.title, absolute)
    if source := story.source:
        work: dict[str, Any] = {
            "@type": "CreativeWork",
            "name": source.name,
            "url": source.url,
        }
        if source.author:
            work["author"] = {"@type": "Person", "name": source.author}
        if source.published:
            work["datePublished"] = iso(source.published)
        data["isBasedOn"] = work
    if story.corrections:
        data["correction"] = [
            {
                "@type": "CorrectionComment",
                "datePublished": iso(correction.date),
                "text": correction.text,
            }
            for correction in story.corrections
        ]
    return script(data)


def breadcrumbs_jsonld(head: Head, absolute: Absolute) -> Markup:
    """Return the way from the front page to here, as a `BreadcrumbList`."""
    items = [
        {
            "@type": "ListItem",
            "position": position,
            "name": link.title,
            "item": absolute(link.url),
        }
        for position, link in enumerate(head.trail, 1)
    ]
    return script(
        {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}
    )


def site_jsonld(site: SiteView, absolute: Absolute) -> Markup:
    """Return the site as a `WebSite` with its publisher."""
    data = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": site.title,
        "url": site.url,
        "inLanguage": site.language,
        "publisher": _publisher(site, absolute),
    }
    if site.description:
        data["description"] = site.description
    return script(data)


def script(data: Any) -> Markup:
    """Return JSON that is safe inside a `<script>` element."""
    return Markup(json_in_script(msgspec.json.encode(data)))


def _author(author: AuthorCard, absolute: Absolute) -> dict[str, Any]:
    kind = "Organization" if author.kind == "organization" else "Person"
    data = {"@type": kind, "name": author.name, "url": absolute(author.url)}
    if author.role and kind == "Person":
        data["jobTitle"] = author.role
    if author.photo:
        data["image"] = absolute(author.photo.url)
    return data


def _publisher(site: SiteView, absolute: Absolute) -> dict[str, Any]:
    publisher = site.publisher
    data: dict[str, Any] = {
        "@type": "Organization",
        "name": publisher.name,
        "url": absolute(publisher.url),
    }
    if publisher.logo:
        data["logo"] = _image(publisher.logo, absolute)
    return data


def _recording(audio: Audio, headline: str, absolute: Absolute) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": "AudioObject",
        "name": audio.title or headline,
        "contentUrl": absolute(audio.url),
        "encodingFormat": audio.type,
        "contentSize": str(audio.size),
    }
    if audio.seconds:
        data["duration"] = iso_duration(audio.seconds)
    return data


def _image(picture: Picture, absolute: Absolute) -> dict[str, Any]:
    data: dict[str, Any] = {"@type": "ImageObject", "url": absolute(picture.url)}
    if picture.width and picture.height:
        data |= {"width": picture.width, "height": picture.height}
    if picture.caption:
        data["caption"] = picture.caption
    if picture.credit:
        data["creditText"] = picture.credit
    return data
