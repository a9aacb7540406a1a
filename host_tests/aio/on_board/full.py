# The end while the queue is full and more is on its way.
from play import OPTIONS, made, play, say, until

QOS = OPTIONS.pop("qos")


async def main():
    client = made("full", clean=False, messages=2)
    async with client:
        say("granted", await client.subscribe("in", QOS))
        await until(lambda: len(client.messages) == 2, "a full queue")
        client.publish_nowait("out", "at the end")
    say("left", client.pending, len(client.messages))
    got = []
    async with client:
        async for m in client.messages:
            got.append(int(m.payload))
            if len(got) == 8:
                break
    say("got", got)


play(main)
