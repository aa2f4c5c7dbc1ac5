"""Object stores: Amazon S3 and what speaks its language, Google Cloud Storage, Azure Blob Storage.

obstore carries the files, and tries again what failed on the way, after pauses that grow and
are random in part.
"""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import brotli
import obstore
from obstore.exceptions import BaseError
from obstore.store import AzureStore, GCSStore, S3Store

from generator.deploy.targets.store.credentials import Amazon
from generator.deploy.targets.store.listing import listed
from generator.deploy.targets.store.lock import Lease, Pace, leased
from generator.deploy.targets.store.messages import problem_of
from generator.deploy.targets.target import OWN, Arrived, Upload
from generator.errors import Problem, deploy_error

if TYPE_CHECKING:
    from obstore import Attributes
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

MANIFEST, FLAG = f"{OWN}/manifest.json.gz", f"{OWN}/at-work-"
AT_ONCE = 32
"""Files on their way at one time: a host far away answers each only after a while."""
LARGE = 8 << 20
"""Files above so many bytes are sent in parts, and are never whole in memory."""
_LARGEST = 1 << 28
"""Bytes of a manifest."""
_RETRIES: "RetryConfig" = {
    "max_retries": 8,
    "backoff": {"init_backoff": timedelta(seconds=0.2), "max_backoff": timedelta(seconds=10)},
    "retry_timeout": timedelta(minutes=2),
}


class _Kind(NamedTuple):
    """obstore's class, how it names the address of a host that is not the usual one, how it gets
    its keys, and whether it can list objects from any path on, in order."""

    store: Any
    endpoint: str
    keys: str
    is_ordered: bool


_KINDS = {
    "s3": _Kind(
        S3Store,
        "endpoint",
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        is_ordered=True,
    ),
    "gs": _Kind(
        GCSStore,
        "base_url",
        "let GOOGLE_APPLICATION_CREDENTIALS name the file of a service account's key",
        is_ordered=True,
    ),
    "az": _Kind(
        AzureStore,
        "endpoint",
        "set AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
        is_ordered=False,
    ),
}
"""By scheme."""
_ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "br": lambda data: bytes(brotli.compress(data, quality=9)),
}


_PACE = Pace()


class StoreTarget:
    """A bucket, or a folder in one."""

    has_headers = True

    def __init__(self, to: str, endpoint: str = "", region: str = "", pace: Pace = _PACE) -> None:
        self.name = to.rstrip("/")
        self._kind = _KINDS[self.name.partition("://")[0]]
        self._endpoint = endpoint
        self._region = region
        self._pace = pace
        self._lease: Lease | None = None

    @property
    def noted_in(self) -> str:
        return f"{self.name}/{MANIFEST}"

    @contextmanager
    def opened(self) -> Iterator[None]:
        amazon = Amazon(self.name) if self.name.startswith("s3://") else None
        if amazon:
            amazon()  # what is wrong with the keys is said better before obstore asks for them
        region = self._region or (amazon.region if amazon else "") or "us-east-1"
        self._store = self._connect(amazon, region)
        self._client = partial(amazon.client, region, self._endpoint) if amazon else None
        self._website: Any = None
        yield

    def _connect(self, amazon: Amazon | None, region: str) -> "ObjectStore":
        options: ClientConfig = {
            "timeout": timedelta(seconds=60),
            "connect_timeout": timedelta(seconds=10),
            "allow_http": self._endpoint.startswith("http://"),
        }
        config: dict[str, Any] = {self._kind.endpoint: self._endpoint} if self._endpoint else {}
        if amazon:
            config |= {"region": region, "credential_provider": amazon}
        with self._told():
            store: ObjectStore = self._kind.store.from_url(
                self.name, client_options=options, retry_config=_RETRIES, **config
            )
        return store

    @contextmanager
    def locked(self) -> Iterator[None]:
        with leased(_FlagObjects(self), self.name, self._pace) as self._lease:
            yield
        self._lease = None

    def listing(self, expected: Sequence[str] = (), /) -> dict[str, str]:
        with self._told():
            found = listed(self._store, expected if self._kind.is_ordered else ())
        return {
            one["path"]: _mark(one["e_tag"], one["size"])
            for one in found
            if not one["path"].startswith(f"{OWN}/")
        }

    def manifest(self) -> bytes | None:
        with self._told():
            found = self._get(MANIFEST)
        return None if found is None else _unpacked(found)

    def keep(self, manifest: bytes) -> None:
        self._check()
        with self._told():
            data = gzip.compress(manifest, compresslevel=1, mtime=0)  # digests: no level does more
            self._write(MANIFEST, data, "application/gzip")

    def send(self, upload: Sequence[Upload], arrived: Arrived) -> None:
        if self._client and not self._website and any(f.headers.location for f in upload):
            self._website = self._client()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            sent = {pool.submit(self._put, one): one.path for one in upload}
            try:
                for done in as_completed(sent):
                    with self._told():
                        arrived(sent[done], done.result())
                    self._check()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def delete(self, paths: Iterable[str]) -> None:
        self._check()
        with self._told():
            self._delete(list(paths))

    def commit(self, message: str) -> None:
        """Do nothing: all took effect as it arrived."""

    def _put(self, upload: Upload) -> str:
        """Send a file, and return what the host says of it. Raises what obstore does."""
        headers = upload.headers
        if headers.location and self._website:
            return self._put_redirect(upload)
        attributes: Attributes = {
            "Content-Type": headers.content_type,
            "Cache-Control": headers.cache_control,
        }
        if headers.encoding:
            attributes["Content-Encoding"] = headers.encoding
        wanted = "" if headers.is_stored else headers.encoding
        if upload.size > LARGE and not wanted:
            put = obstore.put(self._store, upload.path, upload.file, attributes=attributes)
            return _mark(put["e_tag"], upload.size)
        data = _ENCODERS[wanted](upload.file.read_bytes())
        put = obstore.put(
            self._store, upload.path, data, attributes=attributes, use_multipart=False
        )
        return _mark(put["e_tag"], len(data))

    def _put_redirect(self, upload: Upload) -> str:
        """Send a page that S3's website answers with a redirect.

        Whoever reads it otherwise follows it in the browser."""
        from botocore.exceptions import BotoCoreError, ClientError

        bucket, _, prefix = self.name.removeprefix("s3://").partition("/")
        try:
            put = self._website.put_object(
                Bucket=bucket,
                Key=f"{prefix}/{upload.path}" if prefix else upload.path,
                Body=upload.file.read_bytes(),
                ContentType=upload.headers.content_type,
                CacheControl=upload.headers.cache_control,
                WebsiteRedirectLocation=upload.headers.location,
            )
        except (BotoCoreError, ClientError) as error:
            raise deploy_error(self._problem(error)) from None
        return _mark(put["ETag"], upload.size)

    def _delete(self, paths: Sequence[str]) -> None:
        """Delete objects, if they are there: most hosts fail on one that is not, and then stop."""
        while paths:
            try:
                obstore.delete(self._store, paths)
                return
            except FileNotFoundError:
                there = self.listing()
                left = [path for path in paths if path in there]
                if len(left) == len(paths):
                    raise
                paths = left

    def _get(self, path: str) -> bytes | None:
        """Return an object's bytes, if it is there."""
        try:
            return bytes(obstore.get(self._store, path).bytes())
        except FileNotFoundError as error:
            if _lacks_bucket(error):
                raise
            return None

    def _write(self, path: str, data: bytes, kind: str) -> None:
        """Write an object of the deploy's own."""
        headers: Attributes = {"Content-Type": kind, "Cache-Control": "no-store"}
        obstore.put(self._store, path, data, attributes=headers, use_multipart=False)

    def _check(self) -> None:
        if self._lease:
            self._lease.check()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Raise what goes wrong as a `DeployError`. The host's words may hold what is secret."""
        try:
            yield
        except (BaseError, OSError) as error:
            raise deploy_error(self._problem(error)) from None

    def _problem(self, error: Exception) -> Problem:
        return problem_of(self.name, error, self._kind.keys)


class _FlagObjects:
    """The flags of deploys at work, as objects of the store."""

    def __init__(self, target: StoreTarget) -> None:
        self._target = target

    def up(self, but: str) -> dict[str, bytes]:
        with self._target._told():
            own = obstore.list(self._target._store, prefix=OWN).collect()
        flags = [meta["path"] for meta in own if meta["path"].startswith(FLAG)]
        tokens = (path.removeprefix(FLAG) for path in flags)
        found = ((token, self._get(token)) for token in tokens if token != but)
        return {token: data for token, data in found if data is not None}

    def is_up(self, token: str) -> bool:
        return self._get(token) is not None

    def put(self, token: str, data: bytes) -> None:
        with self._target._told():
            self._target._write(f"{FLAG}{token}", data, "application/json")

    def remove(self, token: str) -> None:
        with self._target._told(), suppress(FileNotFoundError):
            obstore.delete(self._target._store, f"{FLAG}{token}")

    def _get(self, token: str) -> bytes | None:
        with self._target._told():
            return self._target._get(f"{FLAG}{token}")


def _unpacked(data: bytes) -> bytes:
    """Return what is in a manifest; nothing if it is damaged, or unfolds to too much."""
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        found = unpacking.decompress(data, _LARGEST)
    except zlib.error:
        return b""
    return found if unpacking.eof else b""


def _lacks_bucket(error: Exception) -> bool:
    """Return whether it is not the object that is missing but what it would be in."""
    return any(code in str(error) for code in ("NoSuchBucket", "ContainerNotFound"))


def _mark(e_tag: str | None, size: int) -> str:
    """Return what tells one content from another: the host's own tag, else the size."""
    return e_tag.strip('"') if e_tag else f"{size} bytes"
