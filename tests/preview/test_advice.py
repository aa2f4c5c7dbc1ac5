"""What the preview's bar advises for a story."""

import pytest

from generator.model import Prose
from generator.preview.session.advice import advice
from generator.preview.session.site import Session
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
    live = Session(site.root)
    live.update()
    assert live.planned is not None
    said = list(advice(live.planned.site.articles[0], Prose(markup)))
    assert [line[0] for line in said] == [str(without)] * bool(without)
