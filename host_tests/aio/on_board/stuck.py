# A task that takes messages waits for an answer that lies behind more of them than there is room for.
from play import OPTIONS, begun, made, play, refusal, say, until

ANOTHER = OPTIONS.pop("another")


async def take(client, count):
    async for m in client.messages:
        say("came", m.payload)
        count -= 1
        if not count:
            break


async def main():
    async with made("stuck", messages=2) as client:
        await client.subscribe("in", qos=0)
        await take(client, 1)
        other = ANOTHER and await begun(take(client, 4))
        told = await refusal(client.publish("out", "x"))
        say("published", told if isinstance(told, str) else told > 0)
        if other:
            await other
        else:
            for call in (client.subscribe("in"), client.unsubscribe("in")):
                say("asked", await refusal(call))
            await take(client, 4)
            await until(lambda: not client.pending, "the acknowledgement")
            say("published", await client.publish("out", "x") > 0)


play(main)
