"""What the portal knows and says: who asks for what, what was entered so far, where the test of it is.

A password that was entered stays here until it is saved or ten minutes are over; nothing that goes out holds it. Nor
may the next visitor try it on a network of their own: it is dropped as soon as somebody else sends a form. Who is who
a cookie tells.
"""
# cold file: nothing of a node that is set up is here

import os

from .. import lazy
from .http import head, refusal

# What a person enters and is shown again, by the name of its field. What never is: password, of the Wi-Fi, and secret,
# the broker's.
SHOWN = ("name", "ssid", "host", "port", "user")

_REST_MS = 1_500  # before a test: joining moves the radio to another channel, and the answer must be out


class Desk:
    """door: whose networks, address and seconds are told. found: what the files on the board hold already."""

    def __init__(self, door):
        self.door = door
        self.found = lazy.once("portal.fresh", "told") or {}
        lazy.forget("keep", "texts")
        self.forget()

    def forget(self):
        """As if nobody had entered anything."""
        self.phase = "form"  # then "testing", which leads back to it or to "saved"
        self.step = 0
        self.errors = {}  # by field; "" for what belongs to none
        self.hidden = {}
        self.owner = None  # of what is hidden: a visitor's token
        self.probe = self._begin = None
        broker = self.found.get("broker")
        broker = broker if isinstance(broker, dict) else {}
        self.values = {
            "name": _text(self.found.get("name")) or self.door.name,
            "ssid": "",
            "host": _text(broker.get("host")),
            "port": _text(broker.get("port")) or ("8883" if broker.get("tls") else "1883"),
            "user": _text(broker.get("user")),
        }

    def busy(self):
        """A test is under way, or its result not yet shown."""
        return self.phase != "form"

    def answer(self, visitor):
        """The pieces of the answer to a request."""
        self.door.visited()
        path = visitor.path.split(b"?")[0]
        if visitor.host != self.door.address.encode():  # any name leads here, and a phone asks some to find that out
            return self._elsewhere()
        if visitor.method == b"POST":
            return self._post(path, visitor)
        if path == b"/":
            return self._page(visitor.token)
        if path == b"/status":
            return self._status()
        return self._elsewhere()

    def turn(self):
        """One step of the test."""
        if self.phase != "testing":
            return
        if self.probe is None:
            if self.door.clock.ticks_diff(self.door.clock.ticks_ms(), self._begin) >= _REST_MS:
                lazy.forget("portal.page")  # it comes back when somebody looks
                self.probe = lazy.load("portal.probe").Probe(self)
            return
        try:
            errors = self.probe.poll()
        except MemoryError:
            errors = {"": "The node's memory is too small for the test just now: switch it off and on, and try again."}
        self.step = self.probe.step
        if errors is not None:
            self._tested(errors)

    def _tested(self, errors):
        self.probe.close()
        self.probe = None
        lazy.forget("portal.probe")
        self.errors = errors or lazy.once("portal.save", "save", self)
        self.phase = "form" if self.errors else "saved"
        if self.errors:
            self.door.voice.info("the test failed; the page says why")
        else:
            self.hidden.clear()
            self.door.saved()

    def _post(self, path, visitor):
        if self.busy():
            return self._elsewhere(b"303 See Other")
        if not visitor.token or visitor.token != self.owner:
            self.hidden.clear()
            self.owner = visitor.token
        body = visitor.body
        if path == b"/save":
            self.errors = lazy.once("portal.form", "take", self, body)
            if "port" not in self.errors:
                for field, fault in lazy.once("portal.save", "faults", self).items():
                    self.errors.setdefault(field, fault)
            if not self.errors:
                self.phase, self.step, self._begin = "testing", 0, self.door.clock.ticks_ms()
        elif path == b"/scan":
            lazy.once("portal.form", "take", self, body)
            self.errors = {}
            self.door.scan()
        elif path == b"/clear":
            self.forget()
        else:
            return refusal(b"404 Not Found")
        return self._elsewhere(b"303 See Other")

    def _elsewhere(self, status=b"302 Found"):
        where = b"Location: http://%s/" % self.door.address
        return (head(status, where, b"Content-Length: 0"),)

    def _page(self, token):
        if self.phase == "saved":
            self.door.shown()
        fresh_token = None if token else b"".join([b"%02x" % byte for byte in os.urandom(8)])
        return lazy.load("portal.page").page(self, token is not None and token == self.owner, fresh_token)

    def _status(self):
        body = b'{"phase":"%s","step":%d,"left":%d}' % (self.phase, self.step, max(self.door.left(), 0))
        return (head(b"200 OK", b"Content-Type: application/json", b"Content-Length: %d" % len(body)), body)


def _text(value):
    return str(value) if isinstance(value, (str, int)) else ""
