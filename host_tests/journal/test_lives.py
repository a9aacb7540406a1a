"""Random lives of a client with a journal: resets at any time, links that break, a broker that keeps the session."""

from pathlib import Path
from tempfile import TemporaryDirectory

from fakes import Dice
from harness import Rig
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from leanmqtt import OutboxFull
from leanmqtt.journal import Client, Journal
from model import Broker
from sources import Source, pattern

OUTBOX = 400
HELD = OUTBOX // 20  # messages it holds at most


class World:
    """A board that is reset now and then, and the ledger of what was promised."""

    def __init__(self, folder, seed, overflow, size):
        self.path = str(Path(folder) / "log")
        self.seed, self.overflow, self.size = seed, overflow, size
        self.broker = self.make_broker()
        self.asked = []  # payloads by order of publish()
        self.pid = {}
        self.promised = set()  # indexes of payloads once on flash and not dropped
        self.streams = []  # payloads of streams; their first byte is an s
        self.resets = -1
        self.count = 0
        self.boot()

    def make_broker(self):
        return Broker()

    def received(self):
        """All payloads."""
        return self.broker.received

    def options(self):
        """What the next message is published with, besides its QoS."""
        return {}

    def boot(self, rig=Rig):
        self.resets += 1
        self.fresh = set()  # published since the reset, not dropped, and without an expiry
        self.rig = rig(
            make=Client, clean=False, qos2=True, rand=Dice(self.seed + self.resets), outbox_size=OUTBOX, inflight=4,
            overflow=self.overflow, journal=Journal(self.path, self.size, 2000), on_delivered=self.end,
        )  # fmt: skip
        self.broker.plug(self.rig.link)

    def end(self, pid, reason):
        if reason:
            self.promised.discard(self.pid[pid])
            self.fresh.discard(self.pid[pid])

    def publish(self, count_and_qos):
        for _ in range(count_and_qos[0]):
            payload = b"%d:%d" % (count_and_qos[1], self.count)
            self.count += 1
            options = self.options()
            try:
                self.pid[self.rig.client.publish("topic", payload, count_and_qos[1], **options)] = payload
                self.asked.append(payload)
                if count_and_qos[1] and not options:
                    self.fresh.add(payload)
            except OutboxFull:
                assert self.overflow == "refuse" or self.rig.client._out.ranges

    def stream(self, qos_and_size):
        qos, size = qos_and_size
        payload = b"s%d:%d" % (qos, self.count) + pattern(size)
        self.count += 1
        try:
            self.pid[self.rig.client.publish_stream("topic", len(payload), Source(payload), qos)] = payload
        except OutboxFull:
            return
        self.streams.append(payload)
        if qos:
            self.fresh.add(payload)

    def flush(self, _):
        if self.rig.client.journal.flush():
            self.promised.update(self.fresh.difference(self.streams))
        self.hear_of_drops()

    def hear_of_drops(self):
        while self.rig.client._out.ranges:
            self.rig.client.poll(0)

    def reset(self, _):
        self.hear_of_drops()
        self.boot()

    def start(self, _):
        self.rig.client.start()

    def turn(self, n):
        for _ in range(n):
            self.rig.client.poll(0)

    def wait(self, ms):
        self.rig.run(ms, 500)

    def cut(self, room):
        self.rig.link.room = room
        self.turn(2)
        self.rig.link.end = -1
        self.turn(2)
        self.rig.link.room = None

    def grain(self, n):
        self.rig.link.grain = n

    def silent(self, _):
        if self.broker.silent and self.rig.link.is_open:  # what it took and forgot is told by a new connection alone
            self.rig.link.end = -1
            self.rig.until(lambda: not self.rig.link.is_open)
        self.broker.silent = not self.broker.silent

    def disconnect(self, ms):
        self.rig.client.disconnect(ms)

    def finish(self):
        self.broker.silent = False
        self.rig.link.grain, self.rig.link.room = 0, None
        if self.rig.link.is_open:
            self.cut(0)
        self.rig.client.start()
        self.rig.until(lambda: self.rig.client.pending == 0, 900000)
        self.rig.run(5000)
        assert self.rig.client.stored == 0


STEPS = st.one_of(
    st.tuples(st.just("publish"), st.tuples(st.integers(1, 40), st.integers(0, 2))),
    st.tuples(st.just("publish"), st.tuples(st.integers(1, 5), st.integers(1, 2))),
    st.tuples(st.just("stream"), st.tuples(st.integers(0, 2), st.integers(0, 900))),
    st.tuples(st.just("flush"), st.none()),
    st.tuples(st.just("reset"), st.none()),
    st.tuples(st.just("start"), st.none()),
    st.tuples(st.just("turn"), st.integers(1, 20)),
    st.tuples(st.just("wait"), st.sampled_from([100, 2100, 9000])),
    st.tuples(st.just("cut"), st.integers(0, 60)),
    st.tuples(st.just("grain"), st.sampled_from([0, 1, 7])),
    st.tuples(st.just("silent"), st.none()),
    st.tuples(st.just("disconnect"), st.sampled_from([0, 100])),
)


PHASES = (Phase.explicit, Phase.generate)  # shrinking would take minutes; the steps are printed as they are


def once(payloads):
    return list(dict.fromkeys(payloads))


def live(world, steps):
    for name, value in steps:
        getattr(world, name)(value)
        assert Path(world.path).stat().st_size <= world.size
    world.finish()
    received = world.received()
    for qos in (1, 2):
        got = [x for x in received if x[0] == 48 + qos]
        assert once(got) == [x for x in world.asked if x in set(got)], "in order"
        missing = [x for x in world.promised - set(got) if x[0] == 48 + qos]
        assert not missing, "promised and lost"
        if qos == 2:
            assert once(got) == got, "twice"
    streams = [x for x in received if x[0] == ord("s")]
    assert set(streams) <= set(world.streams), "a stream that was not meant so"
    assert world.fresh.intersection(world.streams) <= set(streams), "a stream lost without a reset"
    exact = [x for x in streams if x.startswith(b"s2")]
    assert once(exact) == exact, "a stream twice"
    got = [x for x in received if x[0] in b"12"]
    links = len(world.rig.link.opens)
    assert len(got) - len(once(got)) <= HELD * (world.resets + 1) + 4 * 50 * (links > 0)


@settings(max_examples=300, phases=PHASES)
@given(st.integers(1, 1 << 20), st.lists(STEPS, max_size=50), st.sampled_from(["oldest", "refuse"]), st.booleans())
@example(1, [("publish", (40, 1)), ("flush", None), ("start", None), ("turn", 6), ("reset", None)], "refuse", True)
def test_whatever_happens_nothing_promised_is_lost_and_qos_2_comes_once(seed, steps, overflow, small):
    with TemporaryDirectory() as folder:
        live(World(folder, seed, overflow, 8192 if small else 60000), steps)
