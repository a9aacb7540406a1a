# A broker that does not close when told goodbye: it is waited for a moment, in which others run.
import asyncio
import sys

from play import Clock, cancelled, made, play, say


def broken(present):
    raise ValueError("in on_connect")


def registered():
    """How many sockets MicroPython's asyncio watches."""
    if sys.implementation.name != "micropython":
        return 0
    from asyncio import core

    return len(core._io_queue.map)


async def main():
    clock = Clock()
    client = made("lingers")
    await client.connect()
    ticks = clock.ticks
    await client.disconnect()
    say("over", client.connected, client.sock, clock.ticks > ticks + 2, registered())
    await client.connect()
    task = asyncio.create_task(client.disconnect())
    await asyncio.sleep(0.05)
    say("cancelled", await cancelled(task), client.connected, client.sock, registered())
    await asyncio.sleep(0.3)  # and nothing of it comes after
    try:
        await made("broken", on_connect=broken).connect()
    except ValueError as e:
        say("raised", e)
    await clock.cancel()


play(main)
