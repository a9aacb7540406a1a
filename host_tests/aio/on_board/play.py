"""What the scenes have in common: their one argument, a line of output at a time, a client, a clock that shows whether
other tasks run, waiting for a condition, cancelling. Runs on MicroPython and CPython, as the scenes do."""

import asyncio
import json
import sys

from leanmqtt import MQTTError
from leanmqtt.aio import Client

with open(sys.argv[1]) as file:
    OPTIONS = json.load(file)
PORT = OPTIONS.pop("port")


def say(*words):
    print(*words)
    if hasattr(sys.stdout, "flush"):
        sys.stdout.flush()


def made(name, **options):
    given = {"backoff_ms": (50, 300)}
    given.update(OPTIONS)
    given.update(options)
    return Client(name, given.pop("host", "127.0.0.1"), PORT, **given)


class Clock:
    """A task that counts while others wait."""

    def __init__(self):
        self.ticks = 0
        self.task = asyncio.create_task(self.run())

    async def run(self):
        while True:
            self.ticks += 1
            await asyncio.sleep(0.01)

    async def cancel(self):
        await cancelled(self.task)


async def until(condition, what, seconds=60):
    for _ in range(seconds * 50):
        if condition():
            return
        await asyncio.sleep(0.02)
    say("timeout", what)
    sys.exit(2)


async def cancelled(task):
    """Cancel it and see it go; what it was doing must let it."""
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return True
    return False


async def begun(coroutine):
    """A task that has run as far as it can without waiting."""
    task = asyncio.create_task(coroutine)
    await asyncio.sleep(0)
    return task


async def refusal(coroutine):
    """The words of the MQTTError that it ends with."""
    try:
        return await coroutine
    except MQTTError as e:
        return "%s: %s" % (type(e).__name__, e)


def play(main):
    asyncio.run(main())
    say("end")
