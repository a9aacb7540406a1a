# What idle turns allocate, on MicroPython: a line each of what was measured, turns, bytes live and bytes in all.
# The program before that: the bytes of a client.
import asyncio
import gc

import leanmqtt
import leanmqtt.inbox
from micropython import mem_total
from play import OPTIONS, made, play, say, until

TURNS = OPTIONS.pop("turns")
asyncio.Event()  # a part of asyncio that is loaded when it is asked for


def heap():
    gc.collect()
    gc.collect()
    return gc.mem_alloc()


def count(driver, turns):
    """Let it count its turns."""
    original = driver.before

    def counting():
        turns[0] += 1
        original()

    driver.before = counting


async def turn(driver, n):
    for _ in range(n):
        if driver:
            driver.wake()
        await asyncio.sleep_ms(0)
        await asyncio.sleep_ms(1)


async def measure(driver, n):
    """(bytes live, bytes in all) of n turns."""
    await turn(driver, 10)
    gc.collect()
    gc.disable()
    total = mem_total()
    live = gc.mem_alloc()
    await turn(driver, n)
    live = gc.mem_alloc() - live
    total = mem_total() - total
    gc.enable()
    return live, total


async def main():
    turns = [0]
    alone = await measure(None, TURNS)
    say("alone", *alone)
    leanmqtt.Client("first", "127.0.0.1")
    before = heap()
    plain = leanmqtt.Client("plain", "127.0.0.1")
    size = heap() - before
    before = heap()
    client = made("idle", keepalive=0)
    say("client", heap() - before - size)
    plain.disconnect()
    before = heap()
    await client.connect()
    say("connected", heap() - before)
    count(client._driver, turns)
    await client.subscribe("idle")
    live, total = await measure(client._driver, TURNS)
    say("idle", turns[0], live - alone[0], total - alone[1])
    for _ in range(20):
        client.publish_nowait("idle", "x")
    await until(lambda: len(client.messages) == 16, "a full queue")
    turns[0] = 0
    live, total = await measure(client._driver, TURNS)
    say("paused", turns[0], live - alone[0], total - alone[1], client._driver.paused())
    for _ in range(20):
        async for _ in client.messages:
            break
    for i in range(3):
        if i == 1:
            before = heap()
        for _ in range(100):
            await client.publish("idle", "x")
            async for _ in client.messages:
                break
    say("growth", heap() - before)
    await client.disconnect()


play(main)
