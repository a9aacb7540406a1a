# A cancellation in each await: nothing is lost and nothing is broken by it.
import asyncio

from play import begun, cancelled, made, play, say, until


async def take(client):
    async for m in client.messages:
        return m.payload


async def main():
    async with made("cancels", clean=False) as client:
        plain = client.plain
        await client.subscribe("c/#")
        # publish, in flight: the message goes out all the same, and its acknowledgement does no harm
        for qos in (0, 1, 2):
            task = await begun(client.publish("c/%d" % qos, "cancelled", qos))
            say("publish", qos, await cancelled(task) or "was written")
        await until(lambda: not client.pending, "the acknowledgements")
        for _ in range(3):
            say("came", await take(client))
        # subscribe, unsubscribe: they happen
        say("subscribe", await cancelled(await begun(client.subscribe("d/#"))))
        await until(lambda: all(s.state == 1 for s in plain._session.inbox.subs), "the answer")
        await client.publish("d/1", "after a cancelled subscribe")
        say("came", await take(client))
        say("unsubscribe", await cancelled(await begun(client.unsubscribe("d/#"))))
        await until(lambda: len(plain._session.inbox.subs) == 1, "the answer")
        # an iterator that waits, and one that is cancelled in the moment the message comes
        say("iterator", await cancelled(await begun(take(client))))
        await client.publish("c/1", "after a cancelled iterator")
        say("came", await take(client))
        task = await begun(take(client))
        put = plain.on_message

        def strike(message):
            put(message)
            task.cancel()

        plain.on_message = strike
        await client.publish("c/1", "at the same moment")
        await until(task.done, "its end")
        plain.on_message = put
        say("came", await take(client))
        say("wait_connected", await cancelled(await begun(client.wait_connected(False))))
        say("connected", client.connected, client.last_error)
    # the end: cancelled, it is over at once, and what was not delivered is kept
    client = made("cancels-2")
    await client.connect()
    client.publish_nowait("e", "x" * 100)
    task = await begun(client.disconnect(60_000))
    if not task.done():
        task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
    say("disconnect", client.connected, plain.sock)
    await client.connect()
    say("again", client.connected, await client.publish("e", "y") > 0)
    await client.disconnect()


play(main)
