"""A bucket on a real S3 server on loopback, which checks each request's signature and rights."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import botocore.session

from generator.deploy.targets.store.lock import Pace
from generator.deploy.targets.store.target import StoreTarget
from support.deploys import free_port, readable, wait_for
from support.sites import LONG

BUCKET, FOLDER = "bucket", "news/today"
REGION = "eu-central-1"
READ_ONLY = {"Effect": "Allow", "Action": ["s3:List*", "s3:Get*"], "Resource": "*"}
ALL = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}


_PACE = Pace()


class Key:
    """Credentials that the server knows."""

    def __init__(self, found: dict[str, Any]) -> None:
        self.id: str = found["AccessKeyId"]
        self.secret: str = found["SecretAccessKey"]

    @property
    def environment(self) -> dict[str, str]:
        return ALONE | {"AWS_ACCESS_KEY_ID": self.id, "AWS_SECRET_ACCESS_KEY": self.secret}


ALONE = {
    "AWS_ACCESS_KEY_ID": "",
    "AWS_SECRET_ACCESS_KEY": "",
    "AWS_SESSION_TOKEN": "",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""No credentials but those of the test."""


class S3Server:
    """The server: accounts with rights of their own, and buckets."""

    def __init__(self, port: int) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"
        self._iam = self._client("iam")
        self.owner = self.account("owner", ALL)
        self.reader = self.account("reader", READ_ONLY)
        self._client("s3").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        self._check_rights()
        self.s3 = self._client("s3", self.owner)

    def account(self, name: str, rights: dict[str, Any]) -> Key:
        self._iam.create_user(UserName=name)
        policy = json.dumps({"Version": "2012-10-17", "Statement": [rights]})
        self._iam.put_user_policy(UserName=name, PolicyName="rights", PolicyDocument=policy)
        return Key(self._iam.create_access_key(UserName=name)["AccessKey"])

    def _check_rights(self) -> None:
        """From now on no request is answered that is not signed by somebody who may make it."""
        url, plain = f"{self.endpoint}/moto-api/reset-auth", {"Content-Type": "text/plain"}
        request = urllib.request.Request(url, data=b"0", headers=plain)
        urllib.request.urlopen(request, timeout=LONG).close()

    def _client(self, service: str, key: Key | None = None) -> Any:
        return botocore.session.get_session().create_client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id=key.id if key else "nobody",
            aws_secret_access_key=key.secret if key else "nothing",
        )


class Bucketed(Protocol):
    """A server with a bucket: its owner, and a client of his."""

    endpoint: str
    owner: Key
    s3: Any


class S3Host:
    """A folder in a bucket."""

    def __init__(self, server: Bucketed, endpoint: str = "") -> None:
        self.server = server
        self.to = f"s3://{BUCKET}/{FOLDER}"
        self.endpoint = endpoint or server.endpoint
        self.settings = f'endpoint = "{self.endpoint}"\nregion = "{REGION}"\n'
        self.environment = server.owner.environment

    def make(self, pace: Pace = _PACE) -> StoreTarget:
        return StoreTarget(self.to, self.endpoint, REGION, pace)

    def files(self) -> dict[str, bytes]:
        return readable(self.everything(), FOLDER)

    def everything(self) -> dict[str, bytes]:
        pages = self.server.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        keys = [found["Key"] for page in pages for found in page.get("Contents", ())]
        return {key: self._get(key)["Body"].read() for key in keys}

    def head(self, path: str) -> dict[str, Any]:
        """What the server says of a file."""
        found: dict[str, Any] = self._get(f"{FOLDER}/{path}")
        return found

    def put(self, path: str, data: bytes) -> None:
        self.server.s3.put_object(Bucket=BUCKET, Key=f"{FOLDER}/{path}", Body=data)

    def remove(self, path: str) -> None:
        self.server.s3.delete_object(Bucket=BUCKET, Key=f"{FOLDER}/{path}")

    def clear(self) -> None:
        for key in self.everything():
            self.server.s3.delete_object(Bucket=BUCKET, Key=key)

    def _get(self, key: str) -> Any:
        return self.server.s3.get_object(Bucket=BUCKET, Key=key)


@contextmanager
def running_s3() -> Iterator[S3Server]:
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield S3Server(port)
    finally:
        process.kill()
        process.wait()
