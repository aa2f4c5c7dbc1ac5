"""A tab of the real Chromium that tells when something stands in the page it shows.

A script in every page, and anew in it after each reload, looks every 4 ms for words such as
`Mark17`: in the text of `main`, and as the values that the style sheets in force give to the
custom properties `--mark` and `--other` of the root. The moment at which it first sees one is
taken in the page, so what it takes to hear of it does not count; the clock is the machine's, as
is `time.time`.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page

sys.path.append(str(Path(__file__).resolve().parents[1]))
from support.chromium import launched

__all__ = ["Tab", "launched", "opened"]

_LONGEST = 300_000
"""Milliseconds to wait for anything; who takes longer has failed."""
_FOUND = "Front"
_SCRIPT = """
const told = new Set();
function tell(name) {
  if (name && !told.has(name)) {
    told.add(name);
    console.debug(`shown ${name} ${Date.now()}`);
  }
}
function look() {
  const root = document.documentElement;
  const main = document.querySelector("main");
  if (main) {
    for (const [name] of main.textContent.matchAll(/Mark\\d+/g)) tell(name);
    if (main.querySelector('a[href$="ADDRESS"]')) tell("FOUND");
  }
  const style = root ? getComputedStyle(root) : null;
  for (const name of ["--mark", "--other"]) tell(style?.getPropertyValue(name).trim());
}
look();
setInterval(look, 4);
"""


class Tab:
    """`base` is the address of the server, without a slash at its end."""

    def __init__(self, page: Page, base: str) -> None:
        self._page = page
        self._base = base
        self._marks = count(1)

    def open(self, address: str) -> None:
        """Open a page of the site, and wait until all of it is there."""
        self._page.goto(self._base + address, wait_until="load", timeout=_LONGEST)

    def front(self) -> float:
        """Open the front page; when did the link that `opened` was told of stand in it?"""
        return self._shown(
            _FOUND, lambda: self._page.goto(self._base, wait_until="commit", timeout=_LONGEST)
        )

    def mark(self) -> str:
        """A word that the tab has not shown yet and will tell of."""
        return f"Mark{next(self._marks)}"

    def after(self, save: Callable[[], float], mark: str) -> float:
        """Seconds between the moment that `save` returns and the mark's being seen."""
        moments: list[float] = []
        return self._shown(mark, lambda: moments.append(save())) - moments[0]

    def _shown(self, name: str, act: Callable[[], object]) -> float:
        """When, in seconds since 1970, a page told of a name that it shows once `act` was done."""

        def tells(message: ConsoleMessage) -> bool:
            return message.text.startswith(f"shown {name} ")

        with self._page.expect_console_message(tells, timeout=_LONGEST) as caught:
            act()
        return int(caught.value.text.split()[2]) / 1000


@contextmanager
def opened(browser: Browser, base: str, address: str) -> Iterator[Tab]:
    """An empty tab with nothing in its cache, to show a site whose front page links `address`."""
    context = browser.new_context()
    context.add_init_script(_SCRIPT.replace("ADDRESS", address).replace("FOUND", _FOUND))
    try:
        yield Tab(context.new_page(), base)
    finally:
        context.close()
