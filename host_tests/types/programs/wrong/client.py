"""Every line that ends in `wrong` is, and no other."""

import io

import leanmqtt
from leanmqtt import Client, MQTTError, Will
from leanmqtt.message import Message

print(leanmqtt.OutboxFul)  # wrong: an unknown name


def handler(message: Message) -> None:
    print(message.text)  # wrong: no such attribute
    message.payload = b"x"  # wrong: read only
    message.topic_is("a/b")  # wrong: bytes are wanted
    print(message.payload + "x")  # wrong: bytes and str
    level: int = message.payload_int()  # wrong: None is possible
    message.readinto(b"0123")  # wrong: cannot be written to
    print(level)


def two(message: Message, more: int) -> None:
    print(message, more)


def sure(error: MQTTError) -> None:
    print(error)


client = Client("a", 1883)  # wrong: no host
client = Client("a")  # wrong: a host is missing
client = Client("a", "b", kepalive=60)  # wrong: misspelt
client = Client("a", "b", keepalive="60")  # wrong: a number is wanted
client = Client("a", "b", overflow="newest")  # wrong: there are two
client = Client("a", "b", version=3)  # wrong: not spoken
client = Client("a", "b", will=("t", "p"))  # wrong: a Will is wanted
client = Client("a", "b", tls=True)  # wrong: a dict or a context
client = Client("a", "b", tls={"cafile": "ca.pem"})  # wrong: an unknown key
client = Client("a", "b", tls={"ca": 1})  # wrong: a file, PEM or DER
client = Client("a", "b", backoff_ms=1000)  # wrong: two bounds
client = Client("a", "b", on_connect=lambda: None)  # wrong: gets session_present
client = Client("a", "b")
client.publish("a/b", 21.5)  # wrong: a payload is text or bytes
client.publish("a/b")  # wrong: no payload
client.publish("a/b", "x", "1")  # wrong: QoS is a number
client.publish("a/b", "x", qos=1, retained=True)  # wrong: misspelt
client.publish_stream("a/b", 3, b"abc")  # wrong: no stream
client.publish_stream("a/b", io.BytesIO(b"abc"), 3)  # wrong: the other way round
client.subscribe("a/b", handler)  # wrong: QoS comes first
client.subscribe("a/b", handler=two)  # wrong: a handler gets one thing
client.subscribe(["a/b"])  # wrong: one at a time
client.on_disconnect = sure  # wrong: there may be no error
client.on_delivered = handler  # wrong: gets two numbers
client.pending = 0  # wrong: read only
client.connect(timeout="1")  # wrong: it is timeout_ms
client.loop_forever()  # wrong: another library's
print(client.sock.fileno())  # wrong: there may be none
Will("a/b", None)  # wrong: a payload is text or bytes
Will("a/b", "x", retain="no", qos="1")  # wrong: numbers and truth
