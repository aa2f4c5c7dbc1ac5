"""Who deploys to S3: found as Amazon's own tools find it, in the environment or their usual files.

That is botocore's part: profiles, single sign-on, roles, the keys of a container or machine. It
takes longer to start than a small deploy takes in all, so what the environment says itself,
which counts before all of that for botocore too, is read without it.
"""

import os
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.errors import CredentialsError

if TYPE_CHECKING:
    from obstore.store import S3Credential

_LIFE = timedelta(minutes=5)
"""For so long keys are used before botocore is asked again, which renews those that end."""


class _Keys(NamedTuple):
    access_key: str
    secret_key: str
    token: str | None


class Amazon:
    """The account that the environment tells of, for messages about the target `name`."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def region(self) -> str:
        """Return the region that the environment or the profile names, if any."""
        if stated := os.environ.get("AWS_DEFAULT_REGION"):
            return stated
        from botocore.exceptions import BotoCoreError

        try:
            return str(self._session.get_config_variable("region") or "")
        except BotoCoreError as error:
            raise self._refused(error) from error

    def __call__(self) -> "S3Credential":
        """Return the keys as obstore wants them."""
        keys = _stated() or self._found()
        return {
            "access_key_id": keys.access_key,
            "secret_access_key": keys.secret_key,
            "token": keys.token,
            "expires_at": datetime.now(UTC) + _LIFE,
        }

    def client(self, region: str, endpoint: str) -> Any:
        """Return Amazon's own client, for what obstore cannot ask of S3."""
        return self._session.create_client("s3", region_name=region, endpoint_url=endpoint or None)

    @cached_property
    def _session(self) -> Any:
        from botocore.session import get_session

        return get_session()

    @cached_property
    def _credentials(self) -> Any:
        found = self._session.get_credentials()
        if found is None:
            remedy = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name an AWS_PROFILE"
            raise CredentialsError.at(self._name, "there are no credentials for it", remedy)
        return found

    def _found(self) -> _Keys:
        from botocore.exceptions import BotoCoreError

        try:
            return _Keys(*self._credentials.get_frozen_credentials()[:3])
        except BotoCoreError as error:
            raise self._refused(error) from error

    def _refused(self, error: Exception) -> CredentialsError:
        what = f"the credentials cannot be used: {error}"
        return CredentialsError.at(self._name, what, "mend the profile, or sign in again")


def _stated() -> _Keys | None:
    """Return the keys that the environment holds, if it holds both."""
    key, secret = (os.environ.get(f"AWS_{name}") for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"))
    if not key or not secret:
        return None
    token = os.environ.get("AWS_SESSION_TOKEN") or os.environ.get("AWS_SECURITY_TOKEN")
    return _Keys(key, secret, token)
