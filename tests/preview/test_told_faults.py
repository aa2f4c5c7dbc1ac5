"""What fails while the preview shows pages is told, and the pages are shown all the same."""

import pytest

from generator.errors import Problem
from generator.preview.session.responses import respond
from generator.preview.session.site import Session
from generator.preview.session.source import SessionSource
from support.preview_process import previewed
from support.sites import ENDLESS, NOW, SmallSite

FAST = "layouts/article.html: the fast way to render this layout failed"


def opened(site: SmallSite) -> Session:
    site.article("one")
    session = Session(site.root, NOW)
    session.update()
    session.settle()
    return session


def told(session: Session) -> list[str]:
    return [str(problem) for problem in session.problems()]


def test_a_fast_way_that_fails_is_told_until_the_layout_is_mended(site: SmallSite) -> None:
    layout = "layouts/article.html"
    site.write({layout: ENDLESS})
    session = opened(site)
    assert told(session) == []
    for _ in range(2):
        assert respond(session, "/2026/06/one/").body == b"2026"
        (message,) = told(session)
        assert message.startswith(FAST)
    session.update()
    assert told(session) == [message]  # nothing was saved
    site.write({"content/pages/about.md": "---\ntitle: About\n---\n"})
    session.update(["content/pages/about.md"])
    assert respond(session, "/2026/06/one/").body == b"2026"
    assert told(session) == [message]  # though the page was not made again
    site.write({layout: "{{ site.year }}"})
    session.update([layout])
    assert respond(session, "/2026/06/one/").body == b"2026"
    assert told(session) == []


@pytest.mark.long
def test_the_terminal_hears_of_a_fast_way_that_failed_for_a_page_that_was_asked_for(
    site: SmallSite,
) -> None:
    site.article("one")
    site.write({"layouts/article.html": ENDLESS})
    with previewed(site.root) as preview:
        assert preview.get("/2026/06/one/").status == 200
        preview.line(f"warning: {FAST}")
    assert not any("FastPathWarning" in line for line in preview.lines)


class Unable(Session):
    """A session that cannot say what is wrong."""

    def problems(self) -> list[Problem]:
        raise ValueError("a fault")


@pytest.fixture
def unable(site: SmallSite) -> Session:
    site.article("one")
    session = Unable(site.root, NOW)
    session.update()
    return session


def test_that_problems_cannot_be_told_is_a_problem_itself(unable: Session) -> None:
    (shown,) = SessionSource(unable).problems()
    message = "content: Broadsheet could not tell what is wrong (ValueError: a fault)"
    assert f"{shown.file}: {shown.what}" == message
    assert not shown.is_warning
    (told,) = Session.problems(unable)
    assert str(told).startswith(message)


def test_what_is_asked_beside_a_page_and_fails_is_a_warning(unable: Session) -> None:
    assert SessionSource(unable).page_info("/2026/06/one/") is None
    (told,) = Session.problems(unable)
    assert told.what == "Broadsheet could not tell about /2026/06/one/ (ValueError: a fault)"
    assert told.severity == "warning"
