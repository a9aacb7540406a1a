# Messages larger than memory, with properties and without.
from io import BytesIO

from scene import made, until

DATA = bytes(bytearray([i * 7 & 255 for i in range(20000)]))
got = bytearray()
whole = []


def take(m):
    global got
    if not m.offset:
        got = bytearray()
    got.extend(m.payload)
    if m.offset + m.payload_len == m.total:
        whole.append((m.topic, bytes(got), m.properties.get("content_type")))


c = made("streamer", qos2=True, rx_size=300, outbox_size=4096)
c.subscribe("st/#", 2, take, stream=True)
c.connect()
for qos in range(3):
    c.publish_stream("st/x", len(DATA), BytesIO(DATA), qos)
    until(lambda: len(whole) > qos and not c.pending, c)
    assert whole[-1] == ("st/x", DATA, None)
given = {"content_type": "a/b", "user_property": [("a", "b" * 60)]}
for qos in range(3):
    c.publish_stream("st/z", len(DATA), BytesIO(DATA), qos, properties=given)
    until(lambda: len(whole) > 3 + qos and not c.pending, c)
    assert whole[-1] == ("st/z", DATA, "a/b")
for size in (8, 800, 2000):
    c.publish("st/y", DATA[:size], qos=1, properties=given)
    until(lambda: whole[-1][0] == "st/y" and len(whole[-1][1]) == size and not c.pending, c)
    assert whole[-1] == ("st/y", DATA[:size], "a/b")
print("streams")
