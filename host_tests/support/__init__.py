"""What the tests stand on: a broker of their own, MicroPython as a process, free ports, waiting for a condition."""

import random
import socket
import time

# Below the range from which the system gives ports to outgoing connections: a client that keeps calling a broker
# that is down would sooner or later be given the very port it calls, and so connect to itself.
_PORTS = range(10_000, 32_000)


def free_port() -> int:
    """A port of 127.0.0.1 nobody listens on."""
    while True:
        port = random.SystemRandom().choice(_PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def closing(make):
    """For a fixture, `yield from closing(Watcher)`: makes things like that, and closes them at the end."""
    made = []

    def new(*args, **kwargs):
        made.append(make(*args, **kwargs))
        return made[-1]

    yield new
    for thing in made:
        thing.close()


def wait_for(condition, what: str, timeout: float = 30.0, step: float = 0.01):
    """Wait until `condition()` is true and return what it gave; fail after `timeout` seconds, naming `what`."""
    deadline = time.monotonic() + timeout
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"after {timeout} s still waiting for {what}")
        time.sleep(step)
    return result
