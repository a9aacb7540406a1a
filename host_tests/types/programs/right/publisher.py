"""A node as its author would annotate it: everything here is right."""

import io
import ssl
import sys

from leanmqtt import Client, MQTTError, OutboxFull, Will
from leanmqtt.message import Message


def lamp(message: Message) -> None:
    level: int = message.payload_int(0)
    maybe: int | None = message.payload_int()
    if maybe is not None and message.payload_is(b"ON"):
        client.publish(b"ha/lamp", message.payload, qos=1, retain=message.retain)
    buffer = bytearray(16)
    print(message.topic.upper(), level, buffer[: message.readinto(buffer)], message.offset < message.total)


def gone(error: MQTTError | None) -> None:
    print("goodbye" if error is None else str(error))


def granted(topic_filter: str, qos: int) -> None:
    print(topic_filter, qos == 0x80)


class Recorder:
    """A callback may be a method, and return what it likes."""

    def __init__(self) -> None:
        self.ended: list[int] = []

    def on_delivered(self, pid: int, reason: int) -> bool:
        self.ended.append(pid)
        return reason == 0


recorder = Recorder()
status = Will("ha/porch/status", "offline", 1, True)
hosts = ["one.local", "two.local:1884"]
client = Client(
    "porch", sys.argv[1] if len(sys.argv) > 1 else hosts, will=status, qos2=True, overflow="refuse", on_disconnect=gone
)
client.on_subscribed = granted
client.on_delivered = recorder.on_delivered
client.on_message = lambda message: print(message.topic, message.qos + 1)
client.on_connect = None
client.subscribe("ha/lamp/set", handler=lamp)
client.subscribe(b"ha/+/image", qos=2, handler=lamp, stream=True)
try:
    client.connect(5000)
    pid: int = client.publish("ha/temperature", memoryview(b"21.5"))
    client.publish_stream("ha/log", 3, io.BytesIO(b"abc"), qos=0, properties={"content_type": "text/plain"})
except OutboxFull as full:
    print(full)
except MQTTError as error:
    print(error, client.last_error, client.dropped, client.pending)
while client.poll(1000) or client.due_ms() < 100:
    if client.sock is not None:
        print(client.sock.fileno())
left: int = client.disconnect()

Client("a", ("one.local", 1884), tls=ssl.create_default_context())
Client("a", [("one.local", 1884), ("two.local", 1883)], tls={"ca": "ca.pem", "hostname": "broker.local"})
Client("a", ["one.local", ("two.local", 1883)], tls={"insecure": True, "log": print}, clock=lambda: 0)
