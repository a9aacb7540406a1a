"""Programs as umqtt's documentation has them, written anew: `umqtt_programs.py LIB NAME PORT`, CPython or MicroPython.

What must not live here: anything but umqtt's call names.
"""

import sys

sys.path.insert(0, sys.argv[1])

import time

from leanmqtt.umqtt import MQTTClient, MQTTException

PORT = int(sys.argv[3])
HOST = "127.0.0.1"


def publish():
    """One message, and away."""
    c = MQTTClient("umqtt_client", HOST, PORT)
    c.connect()
    c.publish(b"foo_topic", b"hello")
    c.disconnect()


def subscribe():
    """A blocking loop, then a polling one."""
    seen = []
    c = MQTTClient("umqtt_client", HOST, PORT)
    c.set_callback(lambda topic, msg: seen.append((topic, msg)))
    assert not c.connect()
    c.subscribe(b"foo_topic")
    for i in range(3):
        c.publish(b"foo_topic", b"%d" % i)
    assert c.wait_msg() == 0x30 and len(seen) == 1, "one message for each wait_msg"
    while len(seen) < 3:
        c.check_msg()
        time.sleep(0.01)
    assert c.check_msg() is None
    c.disconnect()
    assert seen == [(b"foo_topic", b"0"), (b"foo_topic", b"1"), (b"foo_topic", b"2")]


def answer():
    """A switch whose callback publishes, waiting for the acknowledgement, and subscribes."""
    c = MQTTClient("switch", HOST, PORT, keepalive=30)
    seen = []

    def on(topic, msg):
        seen.append((topic, msg))
        if topic == b"led/set":
            c.subscribe("led")
            c.publish(b"led", msg, True, 2)

    c.set_callback(on)
    c.set_last_will("led/status", "gone", retain=True, qos=1)
    c.connect()
    c.subscribe(b"led/set", qos=1)
    c.publish(b"led/set", b"on", qos=1)
    while len(seen) < 2:
        c.wait_msg()
    c.ping()
    assert seen[:2] == [(b"led/set", b"on"), (b"led", b"on")], seen
    c.publish(b"led/large", b"x" * 3000, qos=1)
    c.disconnect()


def robust():
    """Publishes while the broker is restarted under it; the subscription comes back."""

    class Patient(MQTTClient):
        DELAY = 0.2
        delays = 0

        def delay(self, i):
            self.delays += 1
            super().delay(i)

    seen = []
    c = Patient("robust", HOST, PORT)
    c.set_callback(lambda topic, msg: seen.append(msg))
    if not c.connect(clean_session=False):
        print("a new session")
    c.subscribe(b"count", 1)
    for i in range(60):
        c.publish(b"count", b"%d" % i, qos=1)
        time.sleep(0.05)
    while b"59" not in seen:
        c.wait_msg()
    assert sorted({int(m) for m in seen}) == list(range(60)), seen
    print("delays", c.delays)
    c.disconnect()


def away():
    """check_msg goes on returning at once while the broker is away, and hears it when it is back."""
    seen = []
    c = MQTTClient("away", HOST, PORT)
    c.set_callback(lambda topic, msg: seen.append(msg))
    c.connect()
    c.subscribe(b"news")
    worst = 0
    while b"back" not in seen:
        t = time.time()
        c.check_msg()
        worst = max(worst, time.time() - t)
        time.sleep(0.02)
    assert worst < 0.5, worst
    c.disconnect()


def limits():
    """A program that gives up after a while, as umqtt.robust's documentation advises."""

    class Hasty(MQTTClient):
        def reconnect(self):
            raise OSError(-1, "given up")

    c = Hasty("hasty", HOST, PORT)
    c.connect()
    c.connect()
    assert c.sock is not None
    c.connect(False)
    c.connect(True)
    c.publish("a", "b", qos=1)
    c._client._broken = -30  # the link is lost at the next call
    try:
        c.publish("a", "b", qos=1)
        raise AssertionError("its reconnect gave up")
    except OSError as e:
        assert e.args[1] == "given up", e.args
    c.disconnect()
    try:
        c.publish("a", "b")
        raise AssertionError("not connected")
    except OSError as e:
        assert "connect() first" in e.args[1], e.args
    old = MQTTClient("a", HOST, ssl=True, ssl_params={"cert_reqs": 0, "server_hostname": "x"})
    assert old.tls == {"insecure": True, "hostname": "x"}


def faults():
    try:
        MQTTClient("a", HOST, 1).connect()
        raise AssertionError("nobody listens there")
    except OSError as e:
        assert e.args[0] == 111 and "refused" in e.args[1], e.args
    try:
        MQTTClient("a", HOST, PORT, "user", "wrong").connect()
        raise AssertionError("the password is wrong")
    except MQTTException as e:
        assert e.args[0] in (4, 5), e.args


globals()[sys.argv[2]]()
print("done")
