"""A client in a process of its own that does what its one argument, a JSON file, says and prints what happens to it.

    {"port": 1883, "id": "actor", "options": {...of Client}, "will": [topic, payload, qos, retain],
     "do": [[step, argument, ...], ...]}

`headers` are those of a WebSocket. Among the options, `tls` may hold [path] for the bytes of a file, and `unset` for a
clock that was never set; what TLS has to say is printed with `tls` before it. `version` may be [5, 4]. The last
arguments of `publish` and `subscribe` are for MQTT 5; a message with properties is printed after a line of them.

What lives here: the steps, and one line of output per event. What must not: a judgement; the tests read the lines.
Runs on CPython and MicroPython.
"""

import json
import sys
from io import BytesIO

from leanmqtt import Client, MQTTError, OutboxFull, Will

try:
    from time import ticks_diff, ticks_ms
except ImportError:
    from time import monotonic

    def ticks_ms():
        return int(monotonic() * 1000)

    def ticks_diff(a, b):
        return a - b


def say(*words):
    print(*words)
    if hasattr(sys.stdout, "flush"):
        sys.stdout.flush()


def readable(properties):
    """For JSON, which has no bytes."""
    found = {}
    for name in properties:
        value = properties[name]
        found[name] = value.decode() if isinstance(value, bytes) else value
    return found


def unset_clock():
    """The date is that of a chip that was just switched on."""
    import time

    if not hasattr(time, "sleep_ms"):
        time.gmtime = lambda: (2000, 1, 1)
        return

    class Time:
        @staticmethod
        def gmtime():
            return (2000, 1, 1)

    sys.modules["time"] = Time


class Actor:
    """The steps: methods named do_<step>."""

    def __init__(self, script):
        options = script.get("options", {})
        for name in ("will", "birth"):
            if name in script:
                options[name] = Will(*script[name])
        if options.get("tls"):
            options["tls"] = self.tls(options["tls"])
        if isinstance(options.get("version"), list):
            options["version"] = tuple(options["version"])
        if script.get("headers"):
            from leanmqtt.websocket import WebSocket

            options["transport"] = WebSocket(script["headers"])
        self.heard = self.granted = 0
        try:
            self.client = Client(script["id"], script.get("host", "127.0.0.1"), script["port"], **options)
        except ValueError as e:
            say("bad", e)
            sys.exit(3)
        self.client.on_message = self.on_message
        self.client.on_connect = lambda session: say("connect", int(session))
        self.client.on_disconnect = lambda error: say("disconnect", error)
        self.client.on_subscribed = self.on_subscribed

    def tls(self, options):
        if options.pop("unset", None):
            unset_clock()
        for name in options:
            if isinstance(options[name], list):
                with open(options[name][0], "rb") as file:  # noqa: PTH123
                    options[name] = file.read()
        options["log"] = lambda text: say("tls", text)
        return options

    def on_message(self, m):
        self.heard += 1
        if m.dup:
            say("dup", m.topic)
        if getattr(m, "properties", None):
            say("properties", json.dumps(readable(m.properties)))
        say("message", m.topic, m.qos, int(m.retain), m.payload.decode())

    def on_chunk(self, m):
        if not m.offset:
            self.parts = bytearray()
        self.parts.extend(m.payload)
        if len(self.parts) == m.total:
            self.heard += 1
            say("message", m.topic, m.qos, int(m.retain), self.parts.decode())

    def on_subscribed(self, text, granted):
        self.granted += 1
        say("subscribed", text, granted)

    def until(self, condition, what, timeout_ms=60000):
        begin = ticks_ms()
        while not condition():
            self.client.poll(50)
            if ticks_diff(ticks_ms(), begin) > timeout_ms:
                say("timeout", what)
                sys.exit(2)

    def do_connect(self):
        try:
            self.client.connect()
        except MQTTError as e:
            say("refused", e)

    def do_nolocal(self, size):
        from leanmqtt.nolocal import NoLocal

        self.own = NoLocal(self.client, size)

    def do_hidden(self):
        say("hidden", self.own.hidden, self.own.forgotten)

    def do_start(self):
        self.client.start()

    def do_version(self):
        say("version", self.client.v5.version)

    def do_subscribe(self, text, qos, options=None):
        self.client.subscribe(text, qos=qos, **(options or {}))

    def do_take(self, text, qos):
        """Messages of any size."""
        self.client.subscribe(text, qos, self.on_chunk, stream=True)

    def do_unsubscribe(self, text):
        self.client.unsubscribe(text)

    def do_publish(self, topic, payload, qos, retain=False, properties=None):
        self.client.publish(topic, payload, qos=qos, retain=bool(retain), properties=properties)

    def do_load(self, topic, first, last, qos, gap_ms=0):
        """Numbers as payloads, as fast as the outbox takes them or with a gap between two."""
        for i in range(first, last):
            while True:
                try:
                    self.client.publish(topic, b"%d" % i, qos=qos)
                    break
                except OutboxFull:
                    self.client.poll(10)
            self.do_poll(gap_ms)

    def do_bulk(self, topic, first, last, qos, size):
        """Payloads of so many bytes that begin with their number and go on with its last digit."""
        self.bulk(first, last, size, lambda payload: self.client.publish(topic, payload, qos=qos))

    def do_streams(self, topic, first, last, qos, size):
        """The same as streams."""
        self.bulk(first, last, size, lambda data: self.client.publish_stream(topic, size, BytesIO(data), qos))

    def bulk(self, first, last, size, publish):
        for i in range(first, last):
            head = b"%d " % i
            payload = head + head[-2:-1] * (size - len(head))
            while True:
                try:
                    publish(payload)
                    break
                except OutboxFull:
                    self.client.poll(10)

    def do_narrow(self, size):
        """The socket's send buffer becomes that small."""
        self.client.sock.setsockopt(1, 7, size)  # SOL_SOCKET, SO_SNDBUF

    def do_drain(self):
        self.until(lambda: self.client.pending == 0, "drain")
        say("drained", self.client.dropped)

    def do_connected(self):
        self.until(lambda: self.client.connected, "connected")

    def do_down(self):
        self.until(lambda: not self.client.connected, "down")

    def do_subscribed(self, count):
        self.until(lambda: self.granted >= count, "subscribed")

    def do_heard(self, count):
        self.until(lambda: self.heard >= count, "heard")

    def do_poll(self, ms):
        begin = ticks_ms()
        while ticks_diff(ticks_ms(), begin) < ms:
            self.client.poll(min(ms, 20))

    def do_disconnect(self):
        say("left", self.client.disconnect())

    def do_say(self, word):
        say(word)

    def do_hang(self):
        while True:
            self.client.poll(100)


def main(script):
    actor = Actor(script)
    for step in script["do"]:
        getattr(actor, "do_" + step[0])(*step[1:])
    say("end")


with open(sys.argv[1]) as file:  # noqa: PTH123  (and MicroPython takes no argument above 255 bytes)
    SCRIPT = json.load(file)
main(SCRIPT)
