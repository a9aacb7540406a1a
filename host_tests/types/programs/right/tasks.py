"""A Client for asyncio."""

import asyncio

from leanmqtt.aio import Client, Message


def show(message: Message) -> None:
    topic: str = message.topic
    payload: bytes = message.payload
    print(topic, payload, message.qos, message.retain, message.properties)


async def take(client: Client) -> None:
    async for message in client.messages:
        show(message)


async def main() -> None:
    async with Client("me", "broker.local", version=5, messages=4, on_connect=print) as client:
        granted: int = await client.subscribe("a/#", 1)
        task = asyncio.create_task(take(client))
        pid: int = await client.publish("a", b"x", retain=True)
        later: int = client.publish_nowait("a", "y", qos=0)
        await client.unsubscribe("a/#")
        print(granted, pid, later, client.pending, client.plain.due_ms())
    await task


asyncio.run(main())
