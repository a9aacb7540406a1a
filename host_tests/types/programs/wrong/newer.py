"""Every line that ends in `wrong` is, and no other."""

from leanmqtt import Client, aio
from leanmqtt.message import Message
from leanmqtt.request import Requests
from leanmqtt.websocket import WebSocket


def judged(message: Message) -> None:
    message.acknowledge("quota")  # wrong: a number is wanted
    message.acknowledge(0x97, reason_string="full")  # wrong: it is a property
    message.acknowledge(0x97, {"reason": "full"})  # wrong: no such property


def answered(message: Message) -> None:
    print(message.properties["server_name"])  # wrong: no such property


client = Client("a", "b", version=(4, 5))  # wrong: the other way round
client = Client("a", "b", version=5, sesion_expiry=0)  # wrong: misspelt
client = Client("a", "b", version=5, auth="SCRAM")  # wrong: a method and a function
client = Client("a", "b", version=5)
client.publish("a/b", "x", properties={"message_expiry": 60})  # wrong: no such property
client.publish("a/b", "x", properties={"message_expiry_interval": "60"})  # wrong: a number is wanted
client.publish("a/b", "x", properties={"user_property": {"room": "kitchen"}})  # wrong: pairs are wanted
client.subscribe("a/+", nolocal=True)  # wrong: misspelt
client.v5.connect()  # wrong: no such method
client.v5.on_unsubscribed = lambda text: None  # wrong: it is called with two
Requests(client, "answers").ask("a", b"", answered)  # wrong: there may be no answer
WebSocket({"Authorization": b"x"})  # wrong: text is wanted


async def main() -> None:
    async with aio.Client("a", "b", message=4) as node:  # wrong: misspelt
        pid: int = node.publish("a/b", "x")  # wrong: not awaited
        await node.publish_nowait("a/b", "x")  # wrong: nothing to await
        for _ in node.messages:  # wrong: async for
            print(pid)
        async for message in node.messages:
            print(message.text)  # wrong: no such attribute
    with aio.Client("a", "b"):  # wrong: async with
        pass
