# Two clients, several loops over one client's messages, another task.
import asyncio

from play import Clock, made, play, say, until

COUNT = 200


async def publish(client, topic):
    for i in range(COUNT):
        await client.publish(topic, b"%d" % i, 1)


async def take(client, into):
    async for m in client.messages:
        into.append(int(m.payload))
        await asyncio.sleep(0.001)  # what it does with it


async def main():
    clock = Clock()
    got = [[], [], []]
    async with made("one", messages=4) as one, made("two", messages=4) as two:
        await one.subscribe("one")
        await two.subscribe("two")
        ticks = clock.ticks
        tasks = [asyncio.create_task(take(one, got[0])), asyncio.create_task(take(two, got[1])),
                 asyncio.create_task(take(two, got[2]))]  # fmt: skip
        await asyncio.gather(publish(one, "two"), publish(two, "one"), publish(one, "other"))
        await until(lambda: len(got[0]) + len(got[1]) + len(got[2]) == 2 * COUNT, "all messages")
        say("ticks", clock.ticks > ticks)
    for task in tasks:
        await task  # the loops end with the client
    say("one", got[0] == list(range(COUNT)))
    say("shared", sorted(got[1] + got[2]) == list(range(COUNT)), bool(got[1] and got[2]))
    say("in order", got[1] == sorted(got[1]), got[2] == sorted(got[2]))
    await clock.cancel()


play(main)
