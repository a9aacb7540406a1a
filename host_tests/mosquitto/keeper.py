"""A client with a journal in a process of its own, to be killed at any time: PORT FILE FIRST LAST QOS [offline|drain].

offline: publishes the numbers FIRST..LAST-1 with no broker, flushes, and says what is stored. drain: connects,
publishes the numbers it is given with what is in the file, and goes on until all are delivered. QOS: 1 or 2.
Runs on CPython and MicroPython.
"""

import sys

from leanmqtt.journal import Client, Journal


def say(*words):
    print(*words)
    if hasattr(sys.stdout, "flush"):
        sys.stdout.flush()


def main(port, path, first, last, qos, mode):
    journal = Journal(path, 400000, 1000)
    client = Client(
        "keeper", "127.0.0.1", int(port), clean=False, qos2=True, backoff_ms=(50, 400), overflow="refuse",
        journal=journal,
    )  # fmt: skip
    say("found", client.stored)
    for i in range(int(first), int(last)):
        client.publish(b"load", b"%d" % i, qos=int(qos))
    if mode == "offline":
        say("flushed", journal.flush(), client.stored)
        while True:
            client.poll(100)
    client.start()
    while client.pending:
        client.poll(20)
    client.disconnect()
    say("stored", client.stored)
    say("end")


main(*sys.argv[1:])
