"""The Rig for MQTT 5: a broker that answers with properties.

What lives here: Rig5 and what several test_v5_*.py share. What must not: knowledge of leanmqtt beyond its public names.
Runs on CPython and MicroPython.
"""

from harness import Rig
from leanmqtt import MQTTError
from packets import PUBLISH, SUBSCRIBE, only, split
from packets5 import connack5, fields5, filters5, reason, suback5


class Rig5(Rig):
    """A Rig whose client has version=5 unless told otherwise."""

    def __init__(self, client_id="rig", host="broker", **options):
        options.setdefault("version", 5)
        Rig.__init__(self, client_id, host, **options)

    def note(self, m, name="message"):
        """As Rig's, with the properties at the end."""
        self.events.append((name, m.topic, m.payload, m.qos, m.retain, m.dup, m.properties))

    def up(self, session=False, *properties):
        """As Rig's; properties of the CONNACK as pairs."""
        self.dial()
        self.link.feed(connack5(session, 0, *properties))
        self.settle()
        assert self.client.connected, "not connected after a good CONNACK: %s" % self.client.last_error
        return self.sent()

    def again(self, session=False, *properties):
        """The connection is lost and made anew."""
        self.lose()
        return self.up(session, *properties)

    def grant(self, raws=None):
        """Acknowledges every SUBSCRIBE among raws (default: the newest written), granting what was asked."""
        for raw in only(self.sent() if raws is None else raws, SUBSCRIBE):
            pid, _, options, _ = filters5(raw)
            self.link.feed(suback5(pid, options & 3))
        self.settle()

    def subscribe(self, *args, **kw):
        """subscribe(), granted; returns the SUBSCRIBE packet."""
        self.client.subscribe(*args, **kw)
        self.settle()
        (raw,) = only(self.sent(), SUBSCRIBE)
        self.grant([raw])
        return raw

    def out(self, *args, **kw):
        """publish(), at QoS 0 unless told otherwise; the packets it wrote."""
        self.publish(*args, **kw)
        return self.sent()

    def ends(self, *raws):
        """The broker sends these, which end the connection: (error, the packets written last)."""
        self.link.feed(*raws)
        closes, told = self.link.closes, len(self.told("disconnect"))
        stream = self.link.stream
        self.until(lambda: self.link.closes > closes, 1000)
        self.until(lambda: len(self.told("disconnect")) > told, 1000)
        ((error,),) = self.told("disconnect")[told:]
        assert isinstance(error, MQTTError) and len(str(error)) > 20, error
        raws, rest = split(bytes(stream[self.taken :]))
        assert rest == b""
        return str(error), raws

    def violates(self, code, *raws):
        """The broker sends these; the client must say DISCONNECT with `code` as its last packet, and close."""
        error, last = self.ends(*raws)
        assert last and last[-1][0] == 0xE0, (error, last)
        assert reason(last[-1])[0] == code, (error, hex(reason(last[-1])[0]))
        assert [raw[0] for raw in last].count(0xE0) == 1
        return error


def published5(raws):
    """(topic, payload, properties) of all PUBLISH packets among raws, in order."""
    found = [fields5(raw) for raw in only(raws, PUBLISH)]
    return [(f[0], f[1], f[6]) for f in found]


def payloads(raws):
    """The payloads of all PUBLISH packets among raws."""
    return [fields5(raw)[1] for raw in only(raws, PUBLISH)]
