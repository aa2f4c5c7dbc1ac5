"""What is asked of other hosts: nothing in one's own network, and no more than is bounded."""

import gzip
import os
import resource
import shutil
import ssl
import subprocess
import sys
import threading
import zlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from generator.codes import Code
from generator.collect.addresses import private
from generator.collect.fetch import MOST_REDIRECTS, Fetcher
from generator.errors import ElsewhereError
from support.sites import LONG, REPOSITORY
from support.web_servers import CUT, Answer, Asked, serving

HTML = {"Content-Type": "text/html; charset=utf-8"}
MOST = 100_000


def page(asked: Asked) -> Answer:
    return Answer(200, HTML, b"<title>Here</title>")


def refused(url: str, **options: bool) -> tuple[Code | None, str]:
    """The code of a refusal, and what is said."""
    with pytest.raises(ElsewhereError) as caught:
        Fetcher(**options).fetch(url, MOST)
    (problem,) = caught.value.problems
    return problem.code, problem.what


def mine(url: str) -> tuple[Code | None, str]:
    return refused(url, allow_private=True)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0",
        "localhost",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fc00::1]",
        "[fec0::1]",
        "[ff02::1]",
    ],
)
def test_nobody_in_ones_own_network_is_asked(host: str) -> None:
    code, what = refused(f"http://{host}/")
    assert code == Code.REFUSED_ADDRESS
    assert "is in a network of one's own" in what


def test_the_internet_is_nobodys_own() -> None:
    public = ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
    assert private(public) == ""
    assert private([*public, "10.0.0.1"]) == "10.0.0.1"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "javascript:alert(1)",
        "http://",
        "http:///x",
        "http://[::1",
        "http://host:port/",
        "http://user:pass@127.0.0.1/",
        "http://a b/",
        f"http://{'a' * 64}.example/",
    ],
)
def test_what_is_no_address_of_a_page_is_refused(url: str) -> None:
    assert mine(url)[0] in (Code.REFUSED_ADDRESS, Code.UNREACHABLE)


def test_a_page_is_asked_for_by_its_own_name() -> None:
    with serving(page) as server:
        place = f"http://localhost:{server.server_port}/über uns?q=ä&x=%20#there"
        found = Fetcher(allow_private=True).fetch(place, MOST)
        (asked,) = server.asked
    assert found.body == b"<title>Here</title>"
    assert (found.media_type, found.charset) == ("text/html", "utf-8")
    assert asked.path == "/%C3%BCber%20uns?q=%C3%A4&x=%20"
    assert asked.headers["host"] == f"localhost:{server.server_port}"
    assert asked.headers["user-agent"].startswith("Broadsheet/")
    assert "cookie" not in asked.headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(status: int) -> None:
    def leading(asked: Asked) -> Answer:
        return page(asked) if asked.path == "/end" else Answer(status, {"Location": "/end"})

    with serving(leading) as server:
        found = Fetcher(allow_private=True).fetch(f"{server.url}begin", MOST)
    assert found.url == f"{server.url}end"


def test_a_redirect_leads_to_no_file_and_to_nothing_unreadable() -> None:
    for location in (
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://[",
        "//user:x@127.0.0.1/",
    ):
        with serving(lambda _, to=location: Answer(302, {"Location": to})) as server:  # type: ignore[misc]
            assert mine(server.url)[0] == Code.REFUSED_ADDRESS, location


def test_redirects_end() -> None:
    with serving(lambda asked: Answer(302, {"Location": asked.path + "x"})) as server:
        assert mine(server.url) == (Code.NOT_FETCHED, "it leads on more than 5 times")
        assert len(server.asked) == MOST_REDIRECTS + 1


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_is_bounded_packed_or_not(packed: bool) -> None:
    data = b"x" * (MOST + 1)
    headers = HTML | ({"Content-Encoding": "gzip"} if packed else {})
    with serving(lambda _: Answer(200, headers, gzip.compress(data) if packed else data)) as server:
        assert mine(server.url) == (Code.NOT_FETCHED, "there is more than 0.1 MB at it")
        server.answering = lambda _: Answer(
            200, headers, gzip.compress(data[1:]) if packed else data[1:]
        )
        assert len(Fetcher(allow_private=True).fetch(server.url, MOST).body) == MOST


def test_a_bomb_takes_no_memory() -> None:
    """A gigabyte of blanks in a megabyte, packed twice over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(1 << 10)) + packer.flush()
    with serving(lambda _: Answer(200, HTML | {"Content-Encoding": "gzip"}, bomb)) as server:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert mine(server.url)[0] == Code.NOT_FETCHED
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KB


@pytest.mark.parametrize(
    "answer",
    [
        CUT,
        Answer(200, HTML | {"Content-Length": "1000"}, b"short"),
        Answer(200, HTML | {"Content-Encoding": "gzip"}, b"no gzip"),
    ],
)
def test_an_answer_that_is_not_what_it_says_is_none(answer: Answer) -> None:
    """Nothing more comes behind a body that is short: the server closes the connection."""
    with serving(lambda _: answer._replace(headers=answer.headers | {"Connection": "close"})) as s:
        assert mine(s.url)[0] == Code.UNREACHABLE


def test_a_host_that_says_no_is_told_of() -> None:
    with serving(lambda _: Answer(404)) as server:
        assert mine(server.url) == (Code.NOT_FETCHED, "the host answers 404 Not Found")


def test_time_ends_whatever_is_waited_for() -> None:
    ended = threading.Event()

    def late(asked: Asked) -> Answer:
        ended.wait(LONG)
        return page(asked)

    with serving(late) as server:
        with pytest.raises(ElsewhereError, match="there was no answer in time"):
            Fetcher(allow_private=True, seconds=0.3).fetch(server.url, MOST)
        ended.set()


def test_a_certificate_that_nobody_vouches_for_is_an_error(tmp_path: Path) -> None:
    with serving(page) as server:
        server.socket = _certified(tmp_path).wrap_socket(server.socket, server_side=True)
        code, what = mine(f"https://localhost:{server.server_port}/")
    assert (code, what) == (Code.UNREACHABLE, "the certificate is not to be trusted")


def _certified(folder: Path) -> ssl.SSLContext:
    """A context with a certificate of its own for localhost."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    begin = datetime(2026, 1, 1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(*pem, serialization.NoEncryption())
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


# ---------------------------------------------------------------------------- networks


@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("ip"), reason="needs root, and networks of its own"
)
@pytest.mark.parametrize(
    "told", ["a redirect to one's own network is refused", "a name that turns is asked once"]
)
def test_in_a_network_where_a_public_host_turns_inwards(told: str, tmp_path: Path) -> None:
    """A machine with an address of the internet, in a network where nothing else is."""
    resolver = tmp_path / "resolv.conf"
    resolver.write_text("nameserver 127.0.0.1\noptions attempts:1 timeout:2\n")
    begins = (
        f"mount --bind {resolver} /etc/resolv.conf && ip link set lo up"
        ' && ip address add 93.184.215.14/32 dev lo && exec "$@"'
    )
    script = Path(__file__).parents[1] / "support" / "turning_host.py"
    done = subprocess.run(
        ["unshare", "--net", "--mount", "sh", "-c", begins, "sh", sys.executable, script, told],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'tests'}"},
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, f"{told}\n"), done.stderr
