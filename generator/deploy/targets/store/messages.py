"""Messages of object stores, and what they mean to an editor.

What comes in is an error of a library, what goes out a `Problem` with the code of a deploy. The
host's own words may hold what is secret: none of them is repeated.
"""

import re
from typing import NamedTuple

from generator.codes import Code
from generator.errors import Problem


class _Meaning(NamedTuple):
    """What an answer of a host means."""

    code: Code
    what: str
    remedy: str

    def at(self, name: str) -> Problem:
        """Return the problem at the target of that name."""
        return Problem(name, 0, self.what, self.remedy, code=self.code)


def problem_of(name: str, error: Exception, keys: str) -> Problem:
    """Return the problem of the target `name` that an error tells of.

    `keys` says how a host of its kind gets its keys.
    """
    if isinstance(error, OSError) and error.filename:
        what = f"{error.filename} cannot be read: {error.strerror}"
        return Problem(name, 0, what, "build the site again", code=Code.NOT_BUILT)
    text = str(error)
    code = re.search(r"<Code>(\w+)</Code>|An error occurred \((\w+)\)", text)
    known = code and _REFUSALS.get(code[1] or code[2])
    if known:
        return known.at(name)
    if any(sign in text for sign in _KEYLESS):
        what = "there are no credentials for it"
        return Problem(name, 0, what, keys, code=Code.CREDENTIALS)
    for sign, told in _SIGNS:
        if sign in text:
            return told.at(name)
    status = re.search(r"non-2xx status code: (\d+ [\w ]+)", text)
    said = " ".join(filter(None, [status and status[1], code and (code[1] or code[2])]))
    return (_answered(said) if said else _unanswered(error)).at(name)


def _answered(said: str) -> _Meaning:
    """Return what an answer means of which no more is known than its status, or its code."""
    passes = said.startswith(("429", "5"))
    code = Code.UNREACHABLE if passes else Code.DEPLOY_REFUSED
    return _Meaning(code, f"the host answered {said}", _AGAIN)


def _unanswered(error: Exception) -> _Meaning:
    """Return what an error means that no host has answered with."""
    text = str(error)
    if not text or isinstance(error, OSError) or _NETWORK.search(text):
        return _Meaning(Code.UNREACHABLE, "the host could not be reached", _AGAIN)
    what = f"what the host needs could not be done ({type(error).__name__})"
    return _Meaning(Code.DEPLOY_REFUSED, what, "look at what site.toml says of it, or report this")


_AGAIN = "try again: a deploy goes on from where it stood"
_NETWORK = re.compile(r"HTTP error|error sending request|connect|timeout|body", re.IGNORECASE)
"""Words of the library when a request or its answer has not come through."""


_KEYS = _Meaning(
    Code.CREDENTIALS, "the host does not know these credentials", "mend the key, or its secret"
)
_ODD = _Meaning(
    Code.CREDENTIALS,
    "the credentials cannot be used",
    "mend what the environment says of them, or the file",
)
_RIGHTS = _Meaning(
    Code.CREDENTIALS,
    "these credentials may not do that",
    "let them list, read, write and delete there",
)
_REGION = _Meaning(
    Code.DEPLOY_REFUSED, "the bucket is in another region", "set `region` in site.toml"
)
_FULL = _Meaning(Code.NO_ROOM, "there is no room left", "make room, then deploy again")
_LARGE = _Meaning(
    Code.NO_ROOM,
    "the host takes no file of this size",
    "make the largest files smaller, or carry them to another host",
)
_REFUSALS = {
    "NoSuchBucket": _Meaning(
        Code.DEPLOY_REFUSED, "there is no such bucket", "make it, or mend `to` in site.toml"
    ),
    "ContainerNotFound": _Meaning(
        Code.DEPLOY_REFUSED, "there is no such container", "make it, or mend `to` in site.toml"
    ),
    "InvalidBucketName": _Meaning(
        Code.DEPLOY_REFUSED, "that is no name of a bucket", "mend `to` in site.toml"
    ),
    "InvalidAccessKeyId": _KEYS,
    "SignatureDoesNotMatch": _KEYS,
    "InvalidToken": _KEYS,
    "AuthenticationFailed": _KEYS,
    "ExpiredToken": _Meaning(Code.CREDENTIALS, "the credentials have run out", "sign in again"),
    "AuthorizationFailure": _KEYS,
    "AccessDenied": _RIGHTS,
    "AuthorizationPermissionMismatch": _RIGHTS,
    "RequestTimeTooSkewed": _Meaning(Code.CREDENTIALS, "this machine's clock is wrong", "set it"),
    "PermanentRedirect": _REGION,
    "AuthorizationHeaderMalformed": _REGION,
    "QuotaExceeded": _FULL,
    "EntityTooLarge": _LARGE,
    "RequestBodyTooLarge": _LARGE,
}
_KEYLESS = ("Account must be specified", "169.254.169.254", "metadata.google.internal")
"""Signs of it. When nothing else is there, the machine that this runs on is asked for its keys."""
_SIGNS = (
    ("service account file", _ODD),
    ("Error reading pem", _ODD),
    ("Invalid Access Key", _ODD),
    ("in SAS query", _ODD),
    ("parsing an SAS key", _ODD),
    ("status code: 401", _KEYS),
    ("status code: 403", _RIGHTS),
    ("status code: 413", _LARGE),
    ("status code: 507", _FULL),
    (
        "dns error",
        _Meaning(
            Code.UNREACHABLE,
            "there is no such host",
            "mend `endpoint` in site.toml, or the connection",
        ),
    ),
    (
        "Connection refused",
        _Meaning(
            Code.UNREACHABLE, "the host refuses connections", "mend `endpoint`, or start the host"
        ),
    ),
    (
        "certificate",
        _Meaning(
            Code.CREDENTIALS, "the host's certificate is not to be trusted", "mend `endpoint`"
        ),
    ),
    (
        "timed out",
        _Meaning(
            Code.UNREACHABLE,
            "the host did not answer in time",
            "try again: it goes on from where it stood",
        ),
    ),
)
