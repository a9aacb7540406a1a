# A consumer that stops: nothing more is read, while pings and messages still go out, and then nothing is missing.
from play import OPTIONS, Clock, begun, made, play, say, until

SIZE = 4
COUNT = OPTIONS.pop("count")


async def main():
    ends = []
    options = {"keepalive": 2, "messages": SIZE, "ack_timeout_ms": 1000, "on_disconnect": ends.append}
    clock = Clock()
    control = OPTIONS.pop("control", {})
    async with made("control", **control) as other, made("slow", **options) as client:
        await other.subscribe("go")
        say("granted", await client.subscribe("flood"))
        await until(lambda: len(client.messages) == SIZE, "a full queue")
        say("full")
        # Its acknowledgement lies behind what is not read: the deadline of it passes several times.
        waiting = await begun(client.publish("out", "while it does not read"))
        ticks = clock.ticks
        async for m in other.messages:
            say("went on", m.payload, len(client.messages), clock.ticks > ticks, waiting.done(), ends)
            break
        got = []
        async for m in client.messages:
            got.append(int(m.payload[:6]))
            if len(got) == COUNT:
                break
        say("got", got == list(range(COUNT)), await waiting > 0)
        say("alive", client.connected, ends, await client.publish("out", "at last") > 0)
    await clock.cancel()


play(main)
