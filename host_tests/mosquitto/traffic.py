"""What every way to a broker has to bear, over TCP, TLS or WebSocket: scenes, and what they are made of."""

import os
import signal
import time
from functools import partial

from support import wait_for


def bulk(count: int, size: int) -> list[str]:
    """What step `bulk` of actor.py publishes."""
    found = []
    for i in range(count):
        head = f"{i} "
        found.append(head + head[-2] * (size - len(head)))
    return found


def gone_and_back(broker, link, seen, end):
    """`end` ends the broker behind the cable `link`; `seen`, a Watcher, is at the next one before the client is."""
    link.plugged = False
    end()
    wait_for(lambda: not seen.client.is_connected(), "the watcher to notice")
    seen.drop()
    broker.start()
    seen.connect()
    link.plugged = True


# Scenes. start(*steps, **options of Client): an actor on its way to the broker. seen: a Watcher of what it publishes.


def large_both_ways(start, seen, qos):
    """Of "big/#": larger than any buffer on the way."""
    _both_ways(partial(start, qos2=True, rx_size=21_000, outbox_size=32_000), seen, qos, "subscribe", "bulk")


def streams_both_ways(start, seen, qos):
    """Of "big/#": larger than any buffer of the client."""
    _both_ways(partial(start, qos2=True, rx_size=256, outbox_size=256), seen, qos, "take", "streams")


def _both_ways(start, seen, qos, take, send):
    client = start(
        ["connect"], [take, "big/+", qos], ["subscribed", 1], [send, "big/a", 0, 5, qos, 20_000],
        ["drain"], ["heard", 5], ["disconnect"],
    )  # fmt: skip
    lines = client.finish()
    assert [m[1] for m in seen.wait(5)] == bulk(5, 20_000)
    assert client.starting("message") == [f"message big/a {qos} 0 {text}" for text in bulk(5, 20_000)]
    assert "drained 0" in lines


def a_broker_that_takes_nothing(start, broker, seen, count, qos):
    """Of "bulk": it is stopped, three times, while a client publishes more than all buffers between them hold."""
    client = start(
        ["connect"], ["narrow", 2048], ["say", "going"], ["poll", 300], ["bulk", "bulk", 0, count, qos, 1500],
        ["drain"], ["disconnect"],
        qos2=True, overflow="refuse", outbox_size=8192, inflight=200, ack_timeout_ms=0,
    )  # fmt: skip
    client.wait_line("going")
    for _ in range(3):
        os.kill(broker.pid, signal.SIGSTOP)
        time.sleep(0.7)
        os.kill(broker.pid, signal.SIGCONT)
        time.sleep(0.05)
    lines = client.finish()
    assert len(client.starting("connect")) == 1, lines
    seen.wait(count)
    assert seen.payloads() == bulk(count, 1500)


def a_broker_killed_under_load(start, broker, link, seen, qos):
    """Of "load", at QoS 0: nothing depends on the broker's memory of the watcher. Nothing is lost."""
    client = start(
        ["start"], ["load", "load", 0, 200, qos, 3], ["drain"], ["disconnect"],
        clean=False, qos2=True, backoff_ms=[50, 400], overflow="refuse",
    )  # fmt: skip
    wait_for(lambda: len(seen.payloads()) >= 60, "load")
    gone_and_back(broker, link, seen, broker.kill)
    assert "drained 0" in client.finish()
    assert len(client.starting("connect")) == 2
    wait_for(lambda: len(set(seen.payloads())) == 200, "all messages")
