# A broker that takes connections and never answers: who waits for it can be cancelled, and others run on.
import asyncio

from play import Clock, begun, cancelled, made, play, refusal, say


async def main():
    clock = Clock()
    client = made("silent")
    task = await begun(client.connect(60_000))
    await asyncio.sleep(0.3)
    say("connect", await cancelled(task), client.connected, client.sock, clock.ticks > 5)
    say("in time", await refusal(client.connect(300)), client.sock)
    async with made("silent", connect_ms=0, goodbye_ms=300) as client:
        say("not waited", client.connected)
        task = await begun(client.publish("a", "b"))
        say("publish", await cancelled(task), client.pending)
        say("wait", await cancelled(await begun(client.wait_connected())))
        task = await begun(client.subscribe("a"))
    say("subscribe", await refusal(task))
    say("left", client.pending, client.sock)
    await clock.cancel()


play(main)
