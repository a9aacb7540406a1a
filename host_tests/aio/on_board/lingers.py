# A broker that does not close when told goodbye: it is waited for a moment, in which others run.
import asyncio

from play import Clock, cancelled, made, play, say


def broken(present):
    raise ValueError("in on_connect")


async def main():
    clock = Clock()
    client = made("lingers")
    await client.connect()
    ticks = clock.ticks
    await client.disconnect()
    say("over", client.connected, client.sock, clock.ticks > ticks + 2)
    await client.connect()
    task = asyncio.create_task(client.disconnect())
    await asyncio.sleep(0.05)
    say("cancelled", await cancelled(task), client.connected, client.sock)
    await asyncio.sleep(0.3)  # and nothing of it comes after
    try:
        await made("broken", on_connect=broken).connect()
    except ValueError as e:
        say("raised", e)
    await clock.cancel()


play(main)
