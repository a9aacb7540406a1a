# How `async with` ends: in order, by an exception, cancelled, by a handler, before it began.
import asyncio

from leanmqtt import Will
from play import OPTIONS, begun, cancelled, made, play, refusal, say, until


async def in_order():
    async with made("in-order", will=Will("will", "x")) as client:
        for i in range(5):
            client.publish_nowait("end", "in order %d" % i)
    say("in order", client.pending, client.connected)


async def raising():
    try:
        async with made("raising", will=Will("will", "x")) as client:
            client.publish_nowait("end", "raised")
            raise ValueError("mine")
    except ValueError as e:
        say("raised", e, client.pending, client.connected)


async def body(clients):
    async with made("cancelled", will=Will("will", "x")) as client:
        clients.append(client)
        client.publish_nowait("end", "cancelled")
        async for m in client.messages:
            say("never", m)


async def cancelling():
    clients = []
    task = asyncio.create_task(body(clients))
    await until(lambda: clients, "the body")
    say("cancelled", await cancelled(task), clients[0].pending, clients[0].connected)


def broken(message):
    raise ValueError("of the handler: %s" % message.topic)


async def handler(wait):
    other = None
    try:
        async with made("handler", will=Will("will", "x")) as client:
            await client.subscribe("bad", 1, broken)
            other = await begun(refused(client))
            client.publish_nowait("bad", "x")
            if wait:
                await asyncio.sleep(60)
            else:
                async for m in client.messages:
                    say("never", m)
            say("never")
    except ValueError as e:
        say("handler", e, client.connected)
    say("others", await other)


async def refused(client):
    """Another task at the same client: it is told, too."""
    try:
        await client.wait_connected(False)
    except ValueError as e:
        return e


async def outside():
    client = made("outside")
    for call in (client.publish("a", "b"), client.subscribe("a"), client.wait_connected()):
        say("outside", await refusal(call))


async def main():
    say("none", await refusal(made("none", host="127.0.0.1:%d" % OPTIONS_PORT).__aenter__()))
    for call in (in_order(), raising(), cancelling(), handler(True), handler(False), outside()):
        await call


OPTIONS_PORT = OPTIONS.pop("nobody")
play(main)
