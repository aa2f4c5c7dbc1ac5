"""Settings → target: `[deploy.NAME]` names a host and a place on it."""

import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlsplit

from generator.codes import Code
from generator.config import SITE_TOML, Deploy
from generator.deploy.targets.ssh.address import is_ssh, parse_ssh
from generator.deploy.targets.target import Target
from generator.errors import Problem
from generator.regular import real
from generator.system import IS_WINDOWS

STORES = ("s3://", "gs://", "az://")
CLOUD = "cloud"
"""The extra of the distribution that object stores need."""
_OF_CLOUD = ("botocore", "obstore")
_REMEDY = (
    "write s3://BUCKET/FOLDER, gs://…, az://…, user@host:/path, git+ssh://…#branch or file:///…"
)

_ELSEWHERE = "name a folder elsewhere, which a web server shows"


def target_of(name: str, deploy: Deploy, site: Path, scratch: Path) -> Target | Problem:
    """Return the target of the table `[deploy.NAME]`, or what is wrong with its `to`.

    `site` is the site's own folder; `scratch` one for what can be made again. What a kind of
    target needs is imported only where it is used.
    """
    to = deploy.to
    if _has_password(to):
        remedy = "take it out: credentials come from the environment or the host's usual files"
        return _wrong(name, "it holds a password", remedy)
    if to.startswith(STORES):
        if not urlsplit(to).netloc:
            return _wrong(name, f'"{to}" names no bucket', _REMEDY)
        return _store_target(name, deploy)
    if to.startswith("git+"):
        return _git_target(name, deploy, scratch)
    if IS_WINDOWS and (to.startswith("file:") or is_ssh(to)):
        what = "Windows has no means to deploy there (links; connections of ssh that are shared)"
        return _wrong(name, what, "deploy from Linux or macOS, such as the Linux inside Windows")
    if to.startswith("file:"):
        return _folder_target(name, to, site)
    if is_ssh(to):
        return _ssh_target(name, to)
    return _wrong(name, f'"{to}" is no place to deploy to', _REMEDY)


def extras_of(deploys: Iterable[Deploy]) -> list[str]:
    """Return the extras of the distribution that targets need."""
    return [CLOUD] if any(deploy.to.startswith(STORES) for deploy in deploys) else []


def host_of(to: str) -> str:
    """Return the host whose limits hold at a target, by its name in the setting `host`, or ""."""
    server = re.match(r"git\+\w+://(?:[^@/]*@)?([^/:]*)", to)
    return next((n for n in ("github", "gitlab") if server and server[1] == f"{n}.com"), "")


def _store_target(name: str, deploy: Deploy) -> Target | Problem:
    if any(find_spec(library) is None for library in _OF_CLOUD):
        what = "to deploy to an object store takes libraries that are not installed"
        return _wrong(name, what, f"run pip install 'broadsheet[{CLOUD}]'")
    from generator.deploy.targets.store.target import StoreTarget

    return StoreTarget(deploy.to, deploy.endpoint, deploy.region)


def _ssh_target(name: str, to: str) -> Target | Problem:
    from generator.deploy.targets.ssh.target import SshTarget

    address = parse_ssh(to)
    if isinstance(address, Problem):
        return _wrong(name, address.what, address.remedy)
    return SshTarget(address)


def _git_target(name: str, deploy: Deploy, scratch: Path) -> Target | Problem:
    from generator.deploy.targets.git.address import GitAddress, parse_git
    from generator.deploy.targets.git.target import GitTarget

    found = parse_git(deploy.to)
    if isinstance(found, GitAddress):
        return GitTarget(
            found.url, found.branch, scratch / f"{quote(name, safe='')}.git", deploy.history
        )
    return _wrong(name, *found)


def _folder_target(name: str, to: str, site: Path) -> Target | Problem:
    from generator.deploy.targets.folder.target import FolderTarget, folder_in

    path = folder_in(to)
    if isinstance(path, tuple):
        return _wrong(name, *path)
    here, there = real(site), real(path)
    if here == there or here in there.parents or there in here.parents:
        return _wrong(name, "it is the site's own folder, or above or inside it", _ELSEWHERE)
    return FolderTarget(path)


def _wrong(name: str, what: str, remedy: str) -> Problem:
    field = ("deploy", name, "to")
    what = f"deploy.{name}.to: {what}"
    return Problem(SITE_TOML, 0, what, remedy, field=field, code=Code.WRONG_VALUE)


def _has_password(to: str) -> bool:
    return bool(re.match(r"[\w+.-]+://[^/@\s]*:[^/@\s]*@", to))
