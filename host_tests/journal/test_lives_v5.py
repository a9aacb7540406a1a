"""Random lives of a client of MQTT 5 with a journal, some of whose messages expire."""

from tempfile import TemporaryDirectory

from fakes import Dice
from harness5 import Rig5
from hypothesis import given, settings
from hypothesis import strategies as st
from model5 import Broker5
from test_lives import PHASES, STEPS, World, live


class World5(World):
    """As World, at a broker that holds the client to every rule of MQTT 5, and is never silent."""

    def make_broker(self):
        broker = Broker5(Dice(self.seed))
        broker.wanted = {"topic_alias_maximum": 2, "receive_maximum": 3}
        return broker

    def received(self):
        return [payload for _, payload, _ in self.broker.received]

    def options(self):
        return {"properties": {"message_expiry_interval": 3 + self.count % 50}} if self.count % 3 == 0 else {}

    def boot(self, rig=Rig5):
        super().boot(rig)

    def silent(self, _):
        self.wait(30_000)


@settings(max_examples=1000, phases=PHASES)
@given(st.integers(1, 1 << 20), st.lists(STEPS, max_size=50), st.sampled_from(["oldest", "refuse"]), st.booleans())
def test_whatever_happens_nothing_promised_is_lost_and_qos_2_comes_once(seed, steps, overflow, small):
    with TemporaryDirectory() as folder:
        live(World5(folder, seed, overflow, 8192 if small else 60000), steps)
