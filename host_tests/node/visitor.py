"""Somebody with a phone at a node's portal: HTTP and DNS as they are spoken, without a browser."""

import http.client
import json
import re
import socket
import struct
from html import unescape
from urllib.parse import urlencode

from support import wait_for

ADDRESS = "192.168.4.1"
OPEN = "nothing is set up"  # what the console says
HOME = {"home": "sesame-street"}
_ALERT = re.compile(r"<p class=e id=e-(\w+) role=alert>(.*?)</p>")
_VALUE = re.compile(r"<input[^>]*\bname=(\w+)(?: value=\"([^\"]*)\")?([^>]*)>")


class Answer:
    """status, headers, text."""

    def __init__(self, response: http.client.HTTPResponse):
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode()

    @property
    def alerts(self) -> dict[str, str]:
        """What the page says beside each field; "all": above them."""
        return {field: unescape(text) for field, text in _ALERT.findall(self.text)}

    @property
    def values(self) -> dict[str, str]:
        """What stands in the fields; of the networks, the one that is chosen."""
        found = {}
        for name, value, rest in _VALUE.findall(self.text):
            if name != "ssid" or " checked" in rest:
                found[name] = unescape(value)
        return found


class Visitor:
    """Has a cookie once the page was asked for, as a phone has."""

    def __init__(self, board):
        self._board = board
        self.cookie = None

    def ask(self, path="/", method="GET", body=None, host=ADDRESS) -> Answer:
        headers = {"Host": host, **({"Cookie": self.cookie} if self.cookie else {})}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        link = http.client.HTTPConnection(*self._board.reach(80), timeout=30)
        try:
            link.request(method, path, body, headers)
            answer = Answer(link.getresponse())
        finally:
            link.close()
        if given := answer.headers["Set-Cookie"]:
            self.cookie = given.split(";")[0]
        return answer

    def send(self, path="/save", **fields) -> Answer:
        """Fill the form in and send it; the page that follows."""
        if not self.cookie:
            self.ask()
        answer = self.ask(path, "POST", urlencode(fields))
        assert (answer.status, answer.headers["Location"]) == (303, f"http://{ADDRESS}/")
        return self.ask()

    def status(self) -> dict:
        """What the page asks for while the test runs; {} while the radio changes its channel."""
        try:
            return json.loads(self.ask("/status").text)
        except ConnectionError:
            return {}

    def tested(self, **fields) -> Answer:
        """The page once the test of these settings is over."""
        page = self.send(**fields)
        assert page.alerts == {}, page.alerts
        wait_for(lambda: self.status().get("phase", "testing") != "testing", "the test", timeout=60, step=0.1)
        return self.ask()


def settings(broker, **changes) -> dict:
    """Fields that a node can be set up with."""
    return {
        "ssid": "home",
        "password": HOME["home"],
        "host": broker.host,
        "port": broker.port,
        "name": "porch",
    } | changes


def looked_up(board, name: str, kind: int = 1) -> list[bytes]:
    """The data of all answers to a DNS query (RFC 1035) for that type of record."""
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"
    query = struct.pack("!6H", 4711, 0x0100, 1, 0, 0, 0) + labels + struct.pack("!2H", kind, 1)
    reply = datagram(board, query)
    number, flags, _, answers, _, _ = struct.unpack("!6H", reply[:12])
    assert (number, flags & 0x800F) == (4711, 0x8000)
    assert reply[12 : 12 + len(labels) + 4] == query[12:]
    at, found = 12 + len(labels) + 4, []
    for _ in range(answers):
        pointer, given, _, _, length = struct.unpack("!3HIH", reply[at : at + 12])
        assert (pointer, given) == (0xC00C, 1)
        found.append(reply[at + 12 : at + 12 + length])
        at += 12 + length
    assert at == len(reply)
    return found


def datagram(board, query: bytes, timeout: float = 10) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(timeout)
        sock.sendto(query, board.reach(53))
        return sock.recv(1024)
