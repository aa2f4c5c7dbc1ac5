"""A public host that turns inwards, run where nothing else is: prints what came of it.

`turning.example` is at a public address first, and in one's own network when it is asked for again.
"""

import socket
import sys
import threading
from contextlib import ExitStack

from generator.codes import Code
from generator.collect.fetch import Fetcher
from generator.errors import ElsewhereError
from support.loopback import at_work
from support.web_servers import Answer, Asked, Server, _Handler

PUBLIC = "93.184.215.14"


class _Anywhere(Server):
    def __init__(self, answering: object) -> None:
        super(Server, self).__init__(("0.0.0.0", 80), _Handler)
        self.answering, self.asked, self.instead = answering, [], []  # type: ignore[assignment]


def answer_names(listening: socket.socket) -> None:
    """Answer each question for an address: the first with the public one, later ones with mine."""
    addresses = [PUBLIC]
    while True:
        question, sender = listening.recvfrom(512)
        wants_ipv4 = question[-4:-2] == b"\0\1" or b"\0\1\0\1" in question[12:]
        place = question.index(b"\0", 12) + 5
        head = question[:2] + b"\x81\x80\0\1" + (b"\0\1" if wants_ipv4 else b"\0\0") + b"\0" * 4
        address = socket.inet_aton(addresses.pop() if addresses else "127.0.0.1")
        told = b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + address if wants_ipv4 else b""
        if not wants_ipv4:
            addresses.extend([PUBLIC] * (address == socket.inet_aton(PUBLIC)))
        listening.sendto(head + question[12:place] + told, sender)


def leading_inwards(asked: Asked) -> Answer:
    return Answer(302, {"Location": "http://127.0.0.1/secret"})


def here(asked: Asked) -> Answer:
    return Answer(200, {"Content-Type": "text/html"}, b"public")


def main(told: str) -> None:
    with ExitStack() as stack:
        if told.startswith("a redirect"):
            server = stack.enter_context(at_work(_Anywhere(leading_inwards)))
            try:
                Fetcher().fetch(f"http://{PUBLIC}/", 1000)
            except ElsewhereError as error:
                assert error.problems[0].code == Code.REFUSED_ADDRESS, error.problems
                assert [asked.path for asked in server.asked] == ["/"]
                print(told)
        else:
            names = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            names.bind(("127.0.0.1", 53))
            threading.Thread(target=answer_names, args=[names], daemon=True).start()
            stack.enter_context(at_work(_Anywhere(here)))
            found = Fetcher().fetch("http://turning.example/", 1000)
            assert found.body == b"public"
            try:
                Fetcher().fetch("http://turning.example/", 1000)
            except ElsewhereError as error:
                assert error.problems[0].code == Code.REFUSED_ADDRESS, error.problems
                print(told)


if __name__ == "__main__":
    main(sys.argv[1])
