"""Who deploys to S3: found as Amazon's own tools find it, in the environment or their usual files.

That is botocore's part: profiles, single sign-on, roles, the keys of a container or machine.
"""

from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import botocore.exceptions
import botocore.session

from generator.errors import Problem, SiteError

if TYPE_CHECKING:
    from obstore.store import S3Credential

_LIFE = timedelta(minutes=5)
"""For so long keys are used before botocore is asked again, which renews those that end."""


class Amazon:
    """The account that the environment tells of, for messages about the target `name`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._session = botocore.session.get_session()

    @property
    def region(self) -> str:
        """The region that the environment or the profile names, if any."""
        try:
            return str(self._session.get_config_variable("region") or "")
        except botocore.exceptions.BotoCoreError as error:
            raise self._refused(error) from error

    def __call__(self) -> "S3Credential":
        """The keys as obstore wants them."""
        try:
            keys = self._found.get_frozen_credentials()
        except botocore.exceptions.BotoCoreError as error:
            raise self._refused(error) from error
        return {
            "access_key_id": keys.access_key,
            "secret_access_key": keys.secret_key,
            "token": keys.token,
            "expires_at": datetime.now(UTC) + _LIFE,
        }

    def client(self, region: str, endpoint: str) -> Any:
        """Amazon's own client, for what obstore cannot ask of S3."""
        return self._session.create_client("s3", region_name=region, endpoint_url=endpoint or None)

    @cached_property
    def _found(self) -> Any:
        try:
            found = self._session.get_credentials()
        except botocore.exceptions.BotoCoreError as error:
            raise self._refused(error) from error
        if found is None:
            remedy = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name an AWS_PROFILE"
            raise SiteError([Problem(self._name, 0, "there are no credentials for it", remedy)])
        return found

    def _refused(self, error: Exception) -> SiteError:
        what = f"the credentials cannot be used: {error}"
        return SiteError([Problem(self._name, 0, what, "mend the profile, or sign in again")])
