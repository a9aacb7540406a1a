# Every call once, over one connection.
import asyncio

from play import Clock, made, play, say, until


async def main():
    clock = Clock()
    calls = []
    handled = []
    async with made("everyday", qos2=True, keepalive=2, on_connect=lambda present: calls.append("connect"),
                    on_delivered=lambda pid, reason: calls.append(reason)) as client:  # fmt: skip
        say("connected", client.connected, client.last_error)
        say("granted", await client.subscribe("a/#", 2))
        say("granted", await client.subscribe("h/+", 1, lambda m: handled.append((m.topic, m.payload))))
        for qos in (0, 1, 2):
            pid = await client.publish("a/%d" % qos, "payload %d" % qos, qos)
            say("published", bool(pid), client.pending)
        await client.publish("h/1", b"to the handler")
        client.publish_nowait("a/3", b"\xc3\xa9", retain=True)
        seen = 0
        async for m in client.messages:
            say("message", type(m.topic) is str, m.topic, m.payload, m.qos, m.retain)
            seen += 1
            if seen == 4:
                break
        await until(lambda: handled, "the handler")
        say("handled", handled)
        await client.unsubscribe("a/#")
        await client.publish("a/4", "nobody takes it")
        await client.publish("h/2", "and behind it")
        await until(lambda: len(handled) == 2, "the second")
        say("left", len(client.messages))
        await client.subscribe("a/3")
        async for m in client.messages:
            say("kept", m.payload, m.retain)
            break
        await client.publish_stream("h/3", 5, Source())
        ticks = clock.ticks
        await asyncio.sleep(0.5)
        say("ticks", clock.ticks - ticks > 5)
        say("calls", calls[0], set(calls[1:]))
    say("closed", client.connected, client.pending)
    await clock.cancel()
    async for m in client.messages:  # it has ended
        say("too many", m)


class Source:
    def __init__(self):
        self.at = 0

    def seek(self, at):
        self.at = at

    def readinto(self, buf):
        n = min(len(buf), 5 - self.at)
        buf[:n] = b"abcde"[self.at : self.at + n]
        self.at += n
        return n


play(main)
