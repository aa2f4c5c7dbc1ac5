"""Work for the workers of a cluster of Dask Distributed, as an executor of a build.

What comes in is the address of a scheduler; what goes out is a `Cluster`. Each task goes to a Dask
worker as bytes (`executor`), which hands it to a process of its own for that build (`worker`), and
that does it as one of a local pool would (`process`). So a worker keeps nothing of one build for
the next, its threads share nothing, and what has to be stopped can be stopped.
"""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import UsageError

if TYPE_CHECKING:
    from generator.cluster.executor import Cluster

EXTRA = "cluster"
"""The extra of the distribution that this needs."""


def is_scheduler(address: str) -> bool:
    """Return whether a text has the form of a scheduler's address."""
    return _SCHEDULER.fullmatch(address) is not None


def cluster(address: str, scratch: Path) -> "Cluster":
    """Return the executor of the cluster whose scheduler is at an address.

    `scratch` is a folder for what is put down for the workers. Raises `UsageError` if what that
    takes is not installed.
    """
    if find_spec("distributed") is None:
        raise UsageError(
            "--cluster takes libraries that are not installed;"
            f' run pip install "broadsheet[{EXTRA}]"'
        )
    from generator.cluster.executor import Cluster

    return Cluster(address, scratch)


_SCHEDULER = re.compile(r"(tcp|tls)://([^\s/:@]+|\[[0-9A-Fa-f:.%]+\]):[0-9]{1,5}")
