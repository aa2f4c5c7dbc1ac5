"""Git hosts for tests: a bare repository, reached by file, by ssh and by https's plain sister,
each through the real programs that serve it.
"""

import base64
import getpass
import os
import shlex
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from generator.deploy.targets.git.address import GitAddress, parse_git
from generator.deploy.targets.git.target import NO_JEKYLL, GitTarget
from generator.deploy.targets.target import OWN, Upload
from generator.kinds import PageKind
from support.deploys import need
from support.host_ssh import Server, make_key
from support.loopback import Loopback, Request, at_work

BRANCH = "gh-pages"
USER, PASSWORD = "editor", "right-word"


class GitHost:
    """A branch of a bare repository in a folder, and how it is reached."""

    def __init__(self, tmp: Path, address: str, environment: dict[str, str]) -> None:
        self.tmp = tmp
        self.repository = tmp / "paper.git"
        self.to = f"{address}#{BRANCH}"
        self.environment = environment

    def make(self, scratch: str = "scratch.git", **options: object) -> GitTarget:
        parsed = parse_git(self.to)
        assert isinstance(parsed, GitAddress)
        scratch_folder = self.tmp / "cache" / scratch
        return GitTarget(parsed.url, parsed.branch, scratch_folder, **options)  # type: ignore[arg-type]

    def files(self) -> dict[str, bytes]:
        """What is published: not what Broadsheet has there for itself and for the host."""
        tree = self.tree()
        if tree.get(NO_JEKYLL) == b"":
            del tree[NO_JEKYLL]
        return {path: data for path, data in tree.items() if not path.startswith(f"{OWN}/")}

    def tree(self, commit: str = BRANCH) -> dict[str, bytes]:
        """All files of a commit; none if there is no such branch."""
        if not self.git("for-each-ref", "--count=1"):
            return {}
        entries = self.git("ls-tree", "-r", "-z", commit).split(b"\0")[:-1]
        found = [(entry.split(b"\t")[0].split(b" "), entry.split(b"\t", 1)[1]) for entry in entries]
        found = [(about, path) for about, path in found if about[1] == b"blob"]
        answers = self.git("cat-file", "--batch", data=b"\n".join(about[2] for about, _ in found))
        tree = {}
        for _, path in found:
            head, _, answers = answers.partition(b"\n")
            size = int(head.split(b" ")[2])
            tree[os.fsdecode(path)] = answers[:size]
            answers = answers[size + 1 :]
        return tree

    def everything(self) -> dict[str, bytes]:
        """Every file that the repository is kept in."""
        return {
            file.relative_to(self.repository).as_posix(): file.read_bytes()
            for file in self.repository.rglob("*")
            if file.is_file()
        }

    def put(self, path: str, data: bytes, mode: str = "100644") -> None:
        blob = self.git("hash-object", "-w", "--stdin", data=data).strip().decode()
        self._commit(b"%s %s\t%s\0" % (mode.encode(), blob.encode(), os.fsencode(path)))

    def remove(self, path: str) -> None:
        self._commit(b"0 %s\t%s\0" % (b"0" * 40, os.fsencode(path)))

    def _commit(self, entry: bytes) -> None:
        """Somebody else's commit on the branch, which changes one file."""
        index = self.tmp / "foreign-index"
        index.unlink(missing_ok=True)
        is_there = bool(self.git("for-each-ref", f"refs/heads/{BRANCH}"))
        if is_there:
            self.git("read-tree", BRANCH, index=index)
        self.git("update-index", "-z", "--index-info", data=entry, index=index)
        tree = self.git("write-tree", index=index).strip().decode()
        parent = ("-p", BRANCH) if is_there else ()
        author = ("-c", "user.name=Somebody", "-c", "user.email=somebody@paper.example")
        commit = self.git(*author, "commit-tree", tree, *parent, "-m", "By hand").strip().decode()
        self.git("update-ref", f"refs/heads/{BRANCH}", commit)

    def log(self) -> list[str]:
        """The first lines of the commits, the newest first."""
        return self.git("log", "--format=%s", BRANCH).decode().splitlines()

    def hook(self, name: str, script: str) -> None:
        hook = self.repository / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n{script}\n")
        hook.chmod(0o755)

    def git(self, *arguments: str, data: bytes = b"", index: Path | None = None) -> bytes:
        return subprocess.run(
            ["git", "--git-dir", self.repository, *arguments],
            input=data,
            stdout=subprocess.PIPE,
            env=os.environ | ({"GIT_INDEX_FILE": os.fspath(index)} if index else {}),
            check=True,
        ).stdout


@contextmanager
def git_host(tmp: Path) -> Iterator[GitHost]:
    """A repository in a folder."""
    with _variables(_repository(tmp)) as environment:
        yield GitHost(tmp, f"git+file://{tmp}/paper.git", environment)


@contextmanager
def git_ssh_host(tmp: Path) -> Iterator[GitHost]:
    """A repository behind OpenSSH's server, which takes one key."""
    need("sshd", "ssh", "ssh-keygen")
    environment = _repository(tmp)
    server = Server(tmp)
    make_key(tmp / "wrong")
    known = (tmp / "host.pub").read_text()
    (tmp / "known").write_text(f"[127.0.0.1]:{server.port} {known}")
    environment["GIT_SSH_COMMAND"] = ssh_with(tmp, "user", "known")
    address = f"git+ssh://{getpass.getuser()}@127.0.0.1:{server.port}{tmp}/paper.git"
    server.start()
    try:
        with _variables(environment):
            yield GitHost(tmp, address, environment)
    finally:
        server.stop()


def ssh_with(tmp: Path, key: str, known: str) -> str:
    options = {
        "BatchMode": "yes",
        "IdentitiesOnly": "yes",
        "IdentityAgent": "none",
        "StrictHostKeyChecking": "yes",
        "UserKnownHostsFile": tmp / known,
        "GlobalKnownHostsFile": "/dev/null",
    }
    words = ["ssh", "-F", "none", "-i", str(tmp / key)]
    return shlex.join([*words, *(w for k, v in options.items() for w in ("-o", f"{k}={v}"))])


@contextmanager
def git_http_host(tmp: Path) -> Iterator["GitHttpHost"]:
    """A repository behind git's own CGI program, which asks for a password."""
    environment = _repository(tmp)
    helper = tmp / "helper"
    helper.write_text(f"#!/bin/sh\necho username={USER}\ncat {shlex.quote(str(tmp / 'word'))}\n")
    helper.chmod(0o755)
    (tmp / "word").write_text(f"password={PASSWORD}\n")
    with (tmp / ".gitconfig").open("a") as config:
        config.write(f"[credential]\n\thelper = {helper}\n[http]\n\tpostBuffer = 65536\n")
    GitHost(tmp, "", {}).git("config", "http.receivepack", "true")
    with at_work(_HttpServer(tmp)) as server, _variables(environment):
        yield GitHttpHost(tmp, server, environment)


class GitHttpHost(GitHost):
    def __init__(self, tmp: Path, server: "_HttpServer", environment: dict[str, str]) -> None:
        address = f"git+http://127.0.0.1:{server.server_port}/paper.git"
        super().__init__(tmp, address, environment)
        self.server = server


class _HttpServer(Loopback):
    """`troubles`: what becomes of each of the next requests for a path that ends so: an HTTP
    status, "cut" in the middle of the answer, "unheard" when all is done but nothing said.
    """

    def __init__(self, top: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.top = top
        self.troubles: list[tuple[str, str]] = []
        self.requests: list[str] = []


class _Request(Request):
    server: _HttpServer

    def _answer(self) -> None:
        body = self.body()
        path, _, query = self.path.partition("?")
        self.server.requests.append(path)
        word = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {word}":
            self.say(401, {"WWW-Authenticate": 'Basic realm="paper"'}, b"")
            return
        trouble = self._trouble(path)
        if trouble.isdigit():
            self.say(int(trouble), {}, b"out of breath")
            return
        status, headers, answer = self._cgi(path, query, body)
        if trouble != "unheard":
            length = str(len(answer))
            sent = answer[: len(answer) // 2] if trouble == "cut" else answer
            self.say(status, headers | {"Content-Length": length}, sent)
        if trouble:
            self.close_connection = True

    do_GET = do_POST = _answer  # noqa: N815

    def _trouble(self, path: str) -> str:
        for number, (ending, trouble) in enumerate(self.server.troubles):
            if path.endswith(ending):
                del self.server.troubles[number]
                return trouble
        return ""

    def body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return super().body()
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _cgi(self, path: str, query: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        done = subprocess.run(
            ["git", "http-backend"],
            input=body,
            stdout=subprocess.PIPE,
            check=True,
            env=os.environ
            | {
                "GIT_PROJECT_ROOT": os.fspath(self.server.top),
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "REMOTE_USER": USER,
                "REMOTE_ADDR": "127.0.0.1",
            },
        )
        head, _, answer = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        return int(headers.pop("Status", "200 OK").split()[0]), headers, answer


# ------------------------------------------------------------------ carrying


def upload(folder: Path, files: Mapping[str, bytes]) -> list[Upload]:
    """Files on their way, written into a folder under names that any file system takes."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number, (path, data) in enumerate(files.items()):
        file = folder / str(number)
        file.write_bytes(data)
        made.append(Upload(path, file, len(data), PageKind.PAGE, ""))
    return made


def carry(
    target: GitTarget,
    files: Iterable[Upload],
    deleted: Iterable[str] = (),
    message: str = "A deploy",
    manifest: bytes = b"{}",
) -> dict[str, str]:
    """A deploy, as the command does it; the marks of what has arrived."""
    marks: dict[str, str] = {}
    with target.opened(), target.locked():
        target.keep(b'{"ahead":true}')
        target.send(list(files), marks.__setitem__)
        target.delete(deleted)
        target.keep(manifest)
        target.commit(message)
    return marks


# ------------------------------------------------------------------ what hosts need


def _repository(tmp: Path) -> dict[str, str]:
    """An empty repository, and variables that keep the tester's own settings of git out."""
    need("git")
    (tmp / ".gitconfig").write_text("[uploadpack]\n\tallowFilter = true\n")
    environment = {
        "GIT_CONFIG_GLOBAL": os.fspath(tmp / ".gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "HOME": os.fspath(tmp),
    }
    new = ["git", "init", "--quiet", "--bare", "--template=", f"{tmp}/paper.git"]
    subprocess.run(new, check=True, env=os.environ | environment)
    return environment


@contextmanager
def _variables(chosen: dict[str, str]) -> Iterator[dict[str, str]]:
    """Environment variables for the time of the block."""
    before = {name: os.environ.get(name) for name in chosen}
    os.environ.update(chosen)
    try:
        yield chosen
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
