# Many messages in one read: the queue holds as many as it may all the same, and none is lost.
import asyncio

from play import made, play, say, until

COUNT = 60


async def main():
    async with made("tiny", messages=3, outbox_size=8192) as client:
        await client.subscribe("t")
        for i in range(COUNT):
            client.publish_nowait("t", "%d" % i, 1)
        await until(lambda: len(client.messages) == 3, "a full queue")
        got = []
        async for m in client.messages:
            got.append(int(m.payload))
            if len(got) == COUNT:
                break
            if len(got) % 7 == 0:
                await asyncio.sleep(0.01)
        say("got", got == list(range(COUNT)))


play(main)
