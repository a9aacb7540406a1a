"""How many operations a second: the client, umqtt.simple, and the bare socket that writes the same bytes.

Each figure is the median of interleaved runs (every subject once, then every subject again), so that what else the
machine does falls on all of them.
"""

import socket
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from support.broker import Mosquitto

from . import sink
from .setting import HEAP, Setting
from .table import show, verdict

OPERATIONS = {
    "publish0": "publish QoS 0",
    "publish1": "publish QoS 1, one at a time",
    "window1": "publish QoS 1, 8 in flight",
    "receive0": "receive QoS 0",
}
SUBJECTS = ("lean", "simple", "bare")
IMPOSSIBLE = {("simple", "window1")}  # it waits for each acknowledgement

HEAPS = ("64k", "160k", "1m", "4m")

# (peer, operation, quantity): at least so much. `simple` and `bare` are ratios to them, `one` to one at a time.
TARGETS = {
    ("mosquitto", "publish0", "simple"): 5,
    ("sink", "publish0", "simple"): 2.5,
    ("sink", "publish0", "bare"): 0.2,
    ("mosquitto", "publish1", "simple"): 300,
    ("sink", "publish1", "simple"): 300,
    ("mosquitto", "publish1", "bare"): 0.4,
    ("sink", "publish1", "bare"): 0.4,
    ("mosquitto", "window1", "one"): 2.5,
    ("sink", "window1", "one"): 2.5,
    ("mosquitto", "receive0", "simple"): 3,
    ("sink", "receive0", "simple"): 3,
}


@contextmanager
def spinning_sink() -> Iterator[int]:
    """The port of a sink in a process of its own."""
    process = subprocess.Popen([sys.executable, sink.__file__], stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def broker() -> Iterator[int]:
    """The port of a mosquitto that logs no packets."""
    mosquitto = Mosquitto(packet_log=False)
    try:
        yield mosquitto.start().port
    finally:
        mosquitto.close()


@contextmanager
def flood(port: int) -> Iterator[None]:
    """A publisher that sends as fast as the broker reads."""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(b"\x10\x11\x00\x04MQTT\x04\x02\x00\x3c\x00\x05flood")
        sock.recv(4)

        def pour():
            try:
                while True:
                    sock.sendall(sink.MESSAGES)
            except OSError:
                return

        thread = threading.Thread(target=pour)
        thread.start()
        try:
            yield
        finally:
            sock.shutdown(socket.SHUT_RDWR)
            thread.join()


def measure(setting: Setting, peer: str, port: int, subject: str, operation: str, ms: int, heap=HEAP) -> int:
    """Operations a second of one run."""
    with ExitStack() as stack:
        if operation == "receive0" and peer == "mosquitto":
            stack.enter_context(flood(port))
        return int(setting.run("measure", subject, operation, "127.0.0.1", port, ms, 0, heap=heap))


def report(setting: Setting, ms: int, runs: int):
    """Measure everything and print the tables."""
    rates = {}
    with broker() as broker_port, spinning_sink() as sink_port:
        for peer, port in (("mosquitto", broker_port), ("sink", sink_port)):
            for operation in OPERATIONS:
                for subject, rate in _medians(setting, peer, port, operation, ms, runs).items():
                    rates[peer, operation, subject] = rate
        by_heap = {heap: _medians(setting, "sink", sink_port, "publish0", ms, runs, heap) for heap in HEAPS}
    for peer, title in (("mosquitto", "mosquitto on loopback"), ("sink", "a sink that never sleeps")):
        show(
            f"Speed against {title}: operations a second on 32-bit MicroPython",
            ["operation", "leanmqtt", "umqtt.simple", "bare socket", "/ umqtt.simple", "/ bare socket", "targets"],
            [_row(rates, peer, operation) for operation in OPERATIONS],
            notes=(f"Medians of {runs} interleaved runs of {ms} ms; topic of 14 bytes, payload of 4; heap of {HEAP}.",),
        )
    show(
        "QoS 0 publishes a second against the sink, by the size of the heap",
        ["heap", "leanmqtt", "umqtt.simple", "bare socket", "/ umqtt.simple"],
        [[heap, *(rates[s] for s in SUBJECTS), rates["lean"] / rates["simple"]] for heap, rates in by_heap.items()],
        notes=("A client that allocates searches the heap for room, and the larger the heap, the longer.",),
    )


def _medians(setting: Setting, peer: str, port: int, operation: str, ms: int, runs: int, heap=HEAP) -> dict:
    """The median rate of each subject that can do the operation."""
    subjects = [subject for subject in SUBJECTS if (subject, operation) not in IMPOSSIBLE]
    rounds = [[measure(setting, peer, port, s, operation, ms, heap) for s in subjects] for _ in range(runs)]
    return {s: statistics.median(values) for s, values in zip(subjects, zip(*rounds, strict=True), strict=True)}


def _row(rates: dict, peer: str, operation: str) -> list:
    lean, simple, bare = (rates.get((peer, operation, subject)) for subject in SUBJECTS)
    ratios = {
        "simple": lean / simple if simple else None,
        "bare": lean / bare,
        "one": lean / rates[peer, "publish1", "lean"],
    }
    names = {"simple": "umqtt.simple", "bare": "bare", "one": "one at a time"}
    judged = [
        f"{verdict(ratios[kind], TARGETS[peer, operation, kind], True)} (/ {names[kind]})"
        for kind in ratios
        if (peer, operation, kind) in TARGETS
    ]
    return [OPERATIONS[operation], lean, simple, bare, ratios["simple"], ratios["bare"], "; ".join(judged)]
