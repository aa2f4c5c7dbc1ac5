"""Tasks that workers of a cluster find, to be sent to them."""

import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from generator.codes import Code
from generator.errors import Problem, SiteError, StateError
from generator.workers import limited


def endless() -> None:
    """Work that is given no time."""
    with limited(0.05):
        while True:
            pass


def is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def total(one: NDArray[np.int64], other: NDArray[np.int64]) -> tuple[int, bool]:
    """The sum of two arrays, and whether they are the worker's to change."""
    return int(one.sum() + other.sum()), one.flags.writeable


def mistaken() -> None:
    raise SiteError([Problem("content/a.md", 3, "wrong", "mend it", code=Code.MARKDOWN)])


def damaged() -> None:
    raise StateError(Path("cache.db"), "it is damaged")


class UnsendableError(Exception):
    """An error that cannot be sent."""

    def __init__(self) -> None:
        super().__init__("words")
        self.lock = threading.Lock()


def unsendable() -> None:
    raise UnsendableError


def unforeseen() -> None:
    raise ZeroDivisionError("nobody foresaw it")
