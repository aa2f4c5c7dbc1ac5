"""A bucket on a second real S3 server: rclone's, which keeps it as a folder.

It checks signatures, it is quick, and like some hosts it heeds no conditions on what is written.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import botocore.session

from support.deploys import free_port, need, wait_for
from support.host_s3 import BUCKET, REGION, Key


class RcloneServer:
    """The server, with one account."""

    def __init__(self, port: int, owner: Key) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"
        self.owner = owner
        self.s3: Any = botocore.session.get_session().create_client(
            "s3",
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id=owner.id,
            aws_secret_access_key=owner.secret,
        )


@contextmanager
def rclone_server(folder: Path) -> Iterator[RcloneServer]:
    """The server of what is in `folder`, with an empty bucket."""
    (folder / BUCKET).mkdir(parents=True)
    port, owner = free_port(), Key({"AccessKeyId": "owner", "SecretAccessKey": "of the bucket"})
    (program,) = need(str(Path(sys.executable).with_name("rclone")))  # the system's may be older
    command = [program, "serve", "s3", "--config", os.devnull, "--addr", f"127.0.0.1:{port}"]
    command += ["--auth-key", f"{owner.id},{owner.secret}"]
    command += ["--dir-cache-time", "24h", str(folder)]  # nobody else writes there
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield RcloneServer(port, owner)
    finally:
        process.kill()
        process.wait()
