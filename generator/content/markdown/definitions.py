"""Addresses of links where one is defined, `[label]: address`: what is clearly meant as one."""

CLEAR_ADDRESS = (
    r"(?:<|[a-zA-Z][a-zA-Z0-9+.-]*://|(?:mailto|tel|sms|urn|data|geo|javascript):\S|\.{0,2}/|www\."
    r"|#(?:[a-z0-9]|\s|\Z)|\?\w"
    r"|\S*\w\.[a-zA-Z][a-zA-Z0-9]{1,7}(?::\d+)?(?:[/?#]\S*)?(?:\s|\Z))"
)
"""An expression for its beginning: a scheme, a path, a fragment, or what ends as files and hosts.

`3:2`, `yes/no`, `12.05.2024` and `#MeToo` are none.
"""
