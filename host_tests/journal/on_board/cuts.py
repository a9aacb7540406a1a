"""Runs on MicroPython: the power is cut at every block write of a scenario, and what was promised is looked for.

    cuts SCENARIO PART FIRST STEP

SCENARIO: a function of this file. PART: eighths of the write that fails that are done. Cuts at the writes FIRST,
FIRST + STEP, ... until the scenario is through, each on a chip of its own with a real LittleFS; prints how many.
"""

import sys

from fakes import Dice
from flash import Flash, PowerCut, mount, reset
from harness import Rig
from leanmqtt.journal import Client, Journal
from model import Broker


SIZE = 512  # of the outbox
HELD = SIZE // 21  # messages it holds at most


class Life:
    """A board, its chip, its broker, and the ledger of what was promised: what no reset takes away."""

    def __init__(self, cut, part):
        self.flash = Flash(96)
        mount(self.flash, True)
        self.flash.writes = 0
        self.flash.cut, self.flash.part = cut, part
        self.broker = Broker()
        self.asked = []  # payloads in order of publish()
        self.safe = 0  # so many of them were on flash, or delivered, at some time
        self.told = []  # QoS 2 messages the broker had for the client
        self.heard = []  # payloads its handler saw
        self.rig = None
        self.count = self.resets = 0

    def boot(self):
        if self.rig:
            self.resets += 1
            self.flash = reset(self.flash)
            mount(self.flash)
        self.rig = rig = Rig(
            make=Client, clean=False, qos2=True, rand=Dice(7), outbox_size=SIZE, keepalive=0, inflight=4,
            overflow="refuse", now=5000, on_message=self.hear, journal=Journal("/chip/log", 14000, 2000),
        )  # fmt: skip
        rig.client.subscribe("in", qos=2)
        self.broker.plug(rig.link)

    def hear(self, m):
        self.heard.append(m.payload)

    def publish(self, n, qos=1):
        for _ in range(n):
            payload = b"%d:%d" % (qos, self.count)
            self.count += 1
            self.asked.append(payload)
            self.rig.client.publish("out", payload, qos=qos)

    def tell(self, payload):
        self.told.append(payload)
        self.broker.send(payload)

    def flush(self):
        assert self.rig.client.journal.flush()
        self.safe = len(self.asked)

    def run(self, ms):
        self.rig.run(ms, 100)

    def drain(self):
        if not self.rig.client.connected:
            self.rig.client.start()
        self.rig.until(lambda: self.rig.client.pending == 0, 300000)


def offline(life):
    """Readings offline, more than the outbox holds, written now and by themselves; then all leaves."""
    life.publish(5)
    life.flush()
    life.publish(30)
    life.flush()
    life.rig.link.refuse = OSError(111)
    life.rig.start()
    life.publish(3)
    life.run(4500)
    life.safe = len(life.asked)
    assert life.rig.client.stored == 38
    life.rig.link.refuse = None
    life.drain()
    life.run(5000)
    assert life.rig.client.stored == 0


def again(life):
    """Resets between, links that break, new readings while old ones leave."""
    life.publish(40)
    life.flush()
    for _ in range(3):
        life.boot()
        life.rig.start()
        life.rig.until(lambda: life.rig.client.connected)
        life.rig.client.poll(0)
        life.publish(6)
        life.rig.client.poll(0)
        life.flush()
        life.rig.link.end = -1
        life.rig.client.poll(0)
    life.drain()


def compacted(life):
    """The file fills, empties, and is compacted with messages in it."""
    for _ in range(2):
        life.rig.link.refuse = OSError(111)
        life.publish(150)
        life.flush()
        life.rig.link.refuse = None
        life.drain()
        life.publish(30)
        life.flush()
        while life.rig.client.journal.new:
            life.rig.client.poll(0)
        life.run(3000)
        life.rig.client.disconnect()


def twice(life):
    """QoS 2 both ways."""
    life.publish(3, 2)
    life.flush()
    life.rig.start()
    for i in range(4):
        life.rig.until(lambda: life.rig.client.connected)
        life.tell(b"in%d" % i)
        life.publish(2, 2)
        life.run(300)
        if i == 2:
            life.boot()
            life.rig.start()
    life.drain()
    life.run(3000)


def live(scenario, cut, part):
    """One life with a cut; True when there was one."""
    life = Life(cut, part)
    try:
        life.boot()
        scenario(life)
        return judge(life, False)
    except PowerCut:
        pass
    # The broker has what left before the cut; the board knows only its chip.
    before = len(life.broker.received)
    life.flash.cut = None
    life.rig = life.rig or life
    life.boot()
    waiting = life.rig.client.stored
    life.drain()
    life.run(3000)
    return judge(life, True, before, waiting)


def judge(life, cut, before=0, waiting=0):
    got = life.broker.received
    once = []
    for payload in got:
        if payload not in once:
            once.append(payload)
    for payload in life.asked[: life.safe]:
        assert payload in once, "promised and lost: %s of %s" % (payload, life.safe)
    assert once == [x for x in life.asked if x in once], "the order: %s" % once
    for payload in once:
        if payload[:1] == b"2":
            assert got.count(payload) == 1, "QoS 2 twice"
    assert len(got) - len(once) <= HELD * life.resets, "more again than the outbox holds: %d" % (len(got) - len(once))
    if cut:
        assert len(got) - before <= waiting, "more than was on flash"
        assert life.rig.client.pending == life.rig.client.stored == 0
    new = []
    for payload in life.heard:
        if payload not in new:
            new.append(payload)
    assert new == life.told, "heard %s of %s" % (new, life.told)
    # A message may be heard again only if the power failed before its PUBREC could leave: at most the one at hand.
    assert len(life.heard) - len(new) <= (1 if cut else 0), "QoS 2 heard again: %s" % life.heard
    return cut


def main(scenario, part, first, step):
    n = int(first)
    done = 0
    while live(globals()[scenario], n, int(part)):
        n += int(step)
        done += 1
    print("cuts", done)


main(*sys.argv[1:])
