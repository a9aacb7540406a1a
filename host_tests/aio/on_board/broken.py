# A broker that dies and comes back; what the outbox has no room for; a client that is not to reconnect.

from play import begun, made, play, refusal, say


async def main():
    async with made("broken", clean=False, outbox_size=100) as client:
        await client.subscribe("b/#")
        loop = client.messages
        await client.publish("b/1", "before")
        async for m in loop:
            say("message", m.payload)
            break
        say("kill")
        await client.wait_connected(False)
        say("gone", client.connected)
        tasks = []
        for i in (2, 3, 4):
            tasks.append(await begun(client.publish("b/%d" % i, "x" * 30, 1)))
        zero = await begun(client.publish("b/5", "y" * 30, 0))
        say("dropped", await refusal(tasks[0]))
        say("dropped", await refusal(tasks[1]))
        say("waiting", tasks[2].done(), zero.done())
        say("start")
        await client.wait_connected()
        say("back", await tasks[2] > 0, await zero)
        for _ in range(2):
            async for m in loop:
                say("message", m.topic, m.payload[:1])
                break
    async with made("refuse", outbox_size=100, overflow="refuse") as client:
        client.publish_nowait("b/1", "x" * 60)
        say("refuse", (await refusal(client.publish("b/1", "x" * 60)))[:10])
    client = made("once", reconnect=False)
    await client.connect()
    task = await begun(take(client))
    say("kill again")
    say("lost", await refusal(task))
    say("lost", await refusal(client.publish("a", "b")))
    say("lost", await refusal(client.disconnect()))


async def take(client):
    async for m in client.messages:
        say("never", m)


play(main)
