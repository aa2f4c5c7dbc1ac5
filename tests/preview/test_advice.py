"""What the preview's bar advises for a story."""

import pytest

from generator.model import Prose
from generator.preview.session.advice import advice
from generator.preview.session.site import Session
from support.recordings import mp3
from support.sites import SmallSite


@pytest.mark.parametrize(
    ("markup", "without"),
    [
        ("<img src=a>", 1),
        ('<p><img src="a" alt=" "> <img src="b" alt=""></p>', 2),
        ("<IMG SRC=a ALT=words>", 0),
        ("<img src=a alt='a > b'>", 0),
        ("<img src=a title=\"alt='no'\">", 1),
        ("<img src=a data-alt=no>", 1),
        ("<!-- <img src=a> -->", 0),
        ('<script>x = "<img src=a>"</script>', 0),
        ('<p title="<img src=a>">a</p>', 0),
    ],
)
def test_pictures_without_alt_text_are_counted(site: SmallSite, markup: str, without: int) -> None:
    site.article("a", summary="S", tags="[T]")
    said = advised(site, markup)
    assert [line[0] for line in said] == [str(without)] * bool(without)


@pytest.mark.parametrize("transcript", [True, False])
def test_a_recording_without_a_transcript_is_told(site: SmallSite, transcript: bool) -> None:
    site.write({"content/articles/a.mp3": mp3(3), "content/articles/a.vtt": "WEBVTT\n"})
    more = ", transcript: a.vtt" if transcript else ""
    site.article("a", summary="S", tags="[T]", audio=f"{{src: a.mp3{more}}}")
    told = ["The recording has no transcript"]
    assert advised(site, "<p>Text.</p>") == ([] if transcript else told)


def advised(site: SmallSite, markup: str) -> list[str]:
    """What is advised for the only story of a site, with such a body."""
    live = Session(site.root)
    live.update()
    assert live.planned is not None
    return list(advice(live.planned.site.articles[0], Prose(markup)))
