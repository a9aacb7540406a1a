"""Two megabytes through a 64 KB heap of 32-bit MicroPython and a real mosquitto, both ways, also with the link cut."""

from pathlib import Path

import pytest
from peers import Process
from support import closing, wait_for
from support.mp import Mp

LENGTH = 2 * 1024 * 1024
PATTERN = bytes(i * 97 % 251 for i in range(251)) * (LENGTH // 251 + 1)
PAYLOAD = PATTERN[:LENGTH]


@pytest.fixture
def streamer(lib_mpy):
    """(send|take, port, length, qos) -> the Process, on 32-bit MicroPython with a heap of 64 KB."""

    def start(*args):
        return Process(Mp(32).popen(Path(__file__).parent / "streamer.py", args=args, path=(lib_mpy,), heap="64k"))

    yield from closing(start)


class Ear:
    """What a Watcher got, as bytes."""

    def __init__(self, watch):
        self.got = []
        watch.client.on_message = lambda client, data, m: self.got.append(m.payload)


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_two_megabytes_are_sent(streamer, watcher, mosquitto, qos):
    watch = watcher(mosquitto.port, "big/#")
    ear = Ear(watch)
    sender = streamer("send", mosquitto.port, LENGTH, qos)
    sender.finish()
    wait_for(lambda: ear.got, "the message", 30)
    assert ear.got == [PAYLOAD] and "delivered True 1" in sender.lines


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_two_megabytes_are_received(streamer, watcher, mosquitto, qos):
    taker = streamer("take", mosquitto.port, LENGTH, qos)
    taker.wait_line("subscribed")
    watch = watcher(mosquitto.port)
    watch.publish("big/in", PAYLOAD, qos)
    taker.finish()
    assert taker.starting("taken") == [f"taken {LENGTH} faults 0 at most 256"]
    assert taker.starting("begun") == [f"begun big/in {LENGTH}"]


CUTS = [1000, 900_000, 1_500_000]  # bytes that a connection carries before it breaks


@pytest.mark.parametrize("qos", [1, 2])
def test_a_stream_whose_link_is_cut_is_sent_again_and_arrives_once(streamer, watcher, cable, mosquitto, qos):
    ear = Ear(watcher(mosquitto.port, "big/#"))
    link = cable(mosquitto.port)
    link.fuses[:] = CUTS
    sender = streamer("send", link.port, LENGTH, qos)
    sender.finish()
    wait_for(lambda: ear.got, "the message", 30)
    assert ear.got == [PAYLOAD] and "delivered True 4" in sender.lines
    assert len(sender.starting("connect")) == 4


@pytest.mark.parametrize("qos", [1, 2])
def test_a_message_whose_link_is_cut_begins_again(streamer, watcher, cable, mosquitto, qos):
    link = cable(mosquitto.port)
    link.fuses[:] = CUTS
    taker = streamer("take", link.port, LENGTH, qos)
    taker.wait_line("subscribed")
    watcher(mosquitto.port).publish("big/in", PAYLOAD, qos)
    taker.finish()
    assert taker.starting("taken") == [f"taken {LENGTH} faults 0 at most 256"]
    assert len(taker.starting("connect")) == 4 and 3 <= len(taker.starting("begun")) <= 4
