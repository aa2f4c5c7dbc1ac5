"""What is wrong, as the steps of a build find it."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Self

from generator.errors import Problem, SiteError, is_error


class Problems:
    """What was found so far; an error that ends the build in the block tells of all of it.

    Where only words are new, the next build takes over those `of_site`. It tells them and the
    other `lasting` ones as well if it finds nothing new; those to be told `once` it does not. Those
    that are `announced` are told only if this build is the first to make what they announce.
    """

    def __init__(self, once: Iterable[Problem]) -> None:
        self.of_site: list[Problem] = []
        self.lasting: list[Problem] = []
        self.once = [*once]
        self.announced: list[Problem] = []

    def __iter__(self) -> Iterator[Problem]:
        return chain(self.of_site, self.lasting, self.once)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, SiteError):
            raise SiteError([*self, *error.problems]) from error

    @property
    def has_errors(self) -> bool:
        """Return whether one of them is an error."""
        return any(map(is_error, self))
