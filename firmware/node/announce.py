"""How an announcement is sent, and what is kept of it: a small file, so that what is gone can be withdrawn later.

The file has a line for the convention and its topic, and a line for each thing announced; it is written only when it
changes. A message is made of pieces, sent as a stream: it is never in memory as a whole.
"""

import os

from leanmqtt import Client, OutboxFull
from micropython import const

FILE = "announced"
_FEW = const(3)  # messages that wait: more are readings of an outage, and go first
_WAIT_MS = const(100)
_PATIENCE = const(600)
_SETTLE_MS = const(2_000)  # for Home Assistant to subscribe to what it has been told of


class Source:
    """What publish_stream reads from. make: () -> a generator of texts, the same ones each time. length is in bytes."""

    def __init__(self, make):
        self._make = make
        self.length = 0
        for piece in make():
            self.length += len(piece.encode())
        self.seek(0)

    def seek(self, at):
        """Begin again; at is 0."""
        self._pieces = self._make()
        self._piece = b""
        self._at = 0
        self._left = self.length

    @property
    def done(self):
        """Whether all of it has been read."""
        return self._left == 0

    def readinto(self, buf):
        """Fill buf; how many bytes there were."""
        n = 0
        while n < len(buf) and self._more():
            k = min(len(buf) - n, len(self._piece) - self._at)
            buf[n : n + k] = memoryview(self._piece)[self._at : self._at + k]
            self._at += k
            n += k
        self._left -= n
        return n

    def _more(self):
        if self._at == len(self._piece):
            self._at = 0
            self._piece = b""
            for piece in self._pieces:
                self._piece = piece.encode()
                break
        return self._piece


def room(client):
    """Steps until hardly anything waits for the broker."""
    while client.pending > _FEW:
        yield _WAIT_MS


def stream(client, topic, source):
    """Steps that publish a Source, retained, until it has been read and whoever it is for had time to act on it."""
    while not source.done:
        yield from room(client)
        try:
            client.publish_stream(topic, source.length, source, 1, True)
        except OutboxFull:  # the last one is still on its way
            yield _WAIT_MS
            continue
        for _ in range(_PATIENCE):
            if source.done:
                break
            yield _WAIT_MS
    yield _SETTLE_MS


def send(client, topic, payload):
    """Steps that publish a short retained message."""
    yield from room(client)
    while True:
        try:
            # Not client.publish: what clears a topic is empty, also where payloads are sealed.
            Client.publish(client, topic, payload, 1, True)
            return
        except OutboxFull:
            yield _WAIT_MS


def states(station):
    """Steps in which every part says once more how it is."""
    for part in station.parts:
        yield from room(station.client)
        if hasattr(part, "publish"):
            part.publish()
        elif hasattr(part, "read_now"):
            part.read_now()
    if station.settings["diagnostics"]:
        station.vitals.due = True


def read():
    """The lines of the file; none when nothing is announced."""
    try:
        with open(FILE) as file:
            return file.read().split("\n")
    except OSError:
        return []


def is_kept(lines):
    """Whether these are the lines of the file; the lines come from a generator and are not kept in memory."""
    try:
        with open(FILE) as file:
            for line in lines:
                if file.readline().rstrip("\n") != line:
                    return False
            return not file.readline()
    except OSError:
        return False


def keep(lines):
    """Write the file."""
    draft = FILE + ".new"  # a power cut leaves the old one or the new one
    with open(draft, "w") as file:
        sep = ""
        for line in lines:
            file.write(sep + line)
            sep = "\n"
    os.rename(draft, FILE)


def gone(lines):
    """The lines of the file, but for the first, that are not among these: what is to be withdrawn."""
    there = set(lines)
    return [line for line in read()[1:] if line not in there]


def withdraw(client, head=""):
    """Steps that clear all that the file says was announced, unless it begins with `head`, which remains."""
    lines = read()
    if not lines or head and lines[0].startswith(head):
        return
    kind, topic = lines[0].split(" ")[:2]
    if kind == "homie":  # $state first, so that no controller sees half a device
        for below in ["$state", "$description"] + lines[1:]:
            yield from send(client, topic + "/" + below, b"")
    else:
        yield from send(client, topic, b"")
    while client.pending:
        yield _WAIT_MS
    os.remove(FILE)


def steps(station, _):
    """The node has nothing to announce any more."""
    yield from withdraw(station.client)
