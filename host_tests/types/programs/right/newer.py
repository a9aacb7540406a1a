"""MQTT 5, WebSocket and asyncio, used as their pages say."""

import asyncio

from leanmqtt import Client, Will, aio, journal
from leanmqtt.message import Message
from leanmqtt.request import Requests, reply
from leanmqtt.websocket import WebSocket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from leanmqtt.v5 import Properties


def prove(data: bytes | None) -> bytes:
    return b"" if data is None else data[::-1]


def asked(message: Message) -> None:
    topic: str | None = message.properties.get("response_topic")
    pairs: list[tuple[str, str]] = message.properties.get("user_property", [])
    if topic is not None and reply(client, message, b"21.5"):
        print([name.upper() for name, _ in pairs])


def judged(message: Message) -> None:
    told: bool = message.acknowledge(0x97, {"reason_string": "full", "user_property": [("room", "kitchen")]})
    print(told or message.acknowledge())


def delivered(pid: int, reason: int) -> None:
    said: list[tuple[str, str]] = client.v5.properties.get("user_property", [])
    print(pid, reason, client.v5.reason + 1, said)


def answered(message: Message | None) -> None:
    print("too late" if message is None else message.payload)


given: "Properties" = {"message_expiry_interval": 60, "user_property": [("room", "kitchen")], "content_type": "text"}
last = Will("a", "gone", properties={"will_delay_interval": 5})
client = Client("a", "broker.local", version=5, will=last, auth=("MIRROR", prove), properties={"receive_maximum": 8})
client.publish("a/b", "x", properties=given)
client.subscribe("a/+", handler=asked, no_local=True, retain_handling=2)
client.unsubscribe("a/+", properties={"user_property": [("why", "done")]})
client.v5.on_unsubscribed = lambda text, reason: print(text, client.v5.words(reason), client.v5.reason_string)
requests = Requests(client, "answers/a")
key: bytes = requests.ask("a/time", b"", answered, timeout_ms=1000)
requests.cancel(key)
most: int = client.v5.connack.get("maximum_packet_size", 0)
client.disconnect(will=True, session_expiry=0)
Client("a", "broker.local", version=(5, 4), on_delivered=delivered, on_message=judged, on_unsubscribed=delivered)
Client("a", "wss://broker.local/mqtt", tls={"ca": "ca.pem"}, transport=WebSocket({"Authorization": "Bearer x"}))


async def main() -> None:
    async with aio.Client("a", "broker.local", messages=4) as node:
        granted: int = await node.subscribe("a/+", no_local=True)
        pid: int = await node.publish("a/b", "x", properties=given)
        print(granted, pid, node.connected, node.plain.pending)
        async for message in node.messages:
            print(message.topic.upper(), message.payload + b"!", len(node.messages))
            break
    kept = aio.Client("a", "broker.local", clean=False, kind=journal.Client, journal=journal.Journal("a.log"))
    await kept.connect(0)
    left: int = await kept.disconnect(1000)
    print(left)


asyncio.run(main())
