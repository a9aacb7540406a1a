# Runs on MicroPython: what publish and the acknowledgements of a live link allocate. Argument behind the repetitions:
# the QoS.

import sys

from meter import measure
from rig import TOPIC, Publishing, connected

TOPICS = {
    "bytes topic": TOPIC,
    "str topic": "ha/temperature",
    "non-ASCII str topic": "météo/é",
}
MORE_TOPICS = {
    "bytearray topic": bytearray(TOPIC),
    "memoryview topic": memoryview(TOPIC),
    "topic of 100 bytes": b"ha/" + b"t" * 97,
    "non-ASCII str topic of 100 characters": "météo/" + "t" * 94,
}
PAYLOADS = {
    "bytearray payload": bytearray(b"21.53"),
    "memoryview payload": memoryview(b"21.53"),
    "str payload": "21.53",
    "non-ASCII str payload": "21,53 °C",
    "empty payload": b"",
    "payload of 100 bytes": bytes(100),
    "payload of 300 bytes": bytes(300),
    "memoryview payload of 300 bytes": memoryview(bytes(300)),
}
MANY = [b"ha/%d/temperature" % i for i in range(20)] + ["ha/%d/é" % i for i in range(20)]
VALUE = [b"21.53"]
qos = int(sys.argv[2])


def single(name, topics, payloads=VALUE, grain=4096, retain=False):
    client, wire = connected(qos2=qos == 2)
    wire.grain = wire.chunk = grain
    p = Publishing(client, wire, qos, topics, payloads, retain)
    measure("publish QoS %d, %s" % (qos, name), p.singly, p.done, len(topics))


def several(name, turned=False, **options):
    client, wire = connected(qos2=qos == 2, **options)
    p = Publishing(client, wire, qos, [TOPIC], list(PAYLOADS.values()))
    p.turned = turned
    measure("publish QoS %d, %s" % (qos, name), p.together, p.done, len(PAYLOADS))


def with_callback():
    client, wire = connected(qos2=qos == 2)
    p = Publishing(client, wire, qos, [TOPIC], VALUE)
    client.on_delivered = p.on_delivered
    measure("publish QoS %d, on_delivered" % qos, p.singly, lambda: p.delivered)


for name, topic in TOPICS.items():
    single(name, [topic])
if qos == 1:  # the same code for all three; `several` has every payload with each
    for name, topic in MORE_TOPICS.items():
        single(name, [topic])
    for name, payload in PAYLOADS.items():
        single(name, [TOPIC], [payload])
single("many topics", MANY)
single("retained", [TOPIC], retain=True)
single("written and answered byte by byte", ["é"], [b"1"], grain=1)
single("300 bytes in pieces of 100", [TOPIC], [bytes(300)], 100)
several("several at once, every kind of payload")
if qos:
    several("more at once than inflight", inflight=3)
    several("acknowledged in reverse", turned=True)
    with_callback()
