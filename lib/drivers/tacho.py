"""How fast something turns, by the pulses of a tacho: a fan's third wire. Loaded for a part whose tacho is wired.

To the node it is the `measure` of an actuator: what it says goes to a topic of its own, and what is wrong to the log.
Nothing of any one part lives here; the words of its faults are in words.py of the part's folder.
"""

from drivers import const
from drivers.clock import ticks_diff, ticks_ms
from drivers.pinned import within, words_of
from drivers.pulses import Pulses, thousandfold
from drivers.thing import put_number

_MASK = const(0x3FFFFFFF)
_WINDOW_MS = const(2_000)  # two pulses a turn are 15 turns a minute then
_STILL_MS = const(10_000)
_MOST = const(30_000)  # turns a minute that nothing makes


def rpm(n, ms, per_turn):
    """Turns a minute, of n pulses in ms; at most 10**6 of both, and 12 pulses a turn."""
    return thousandfold(n * 60, ms * per_turn)


class Tacho:
    """Pulses at a machine.Pin, per_turn for each turn. runs() -> whether it was told to turn; folder: of its words.

    name: of its topic; why: what is wrong, in words, or None.
    """

    name = "rpm"

    def __init__(self, pin, pull, per_turn, runs, folder):  # cold: once a part
        self._per_turn = within("pulses", per_turn, 1, 12)
        self._pulses = Pulses(pin, pull)
        self._runs = runs
        self._folder = folder
        self._since = ticks_ms()  # the window's beginning
        self._seen = 0  # pulses until then
        self._ran = False  # whether it was told to turn then
        self._still = 0  # ms
        self._said = 0
        self._fault = self.why = None

    def state(self, buf):
        """Turns a minute, as a number."""
        return put_number(buf, 0, self._said)

    def poll(self):
        """Looks every two seconds; milliseconds until then."""
        past = ticks_diff(ticks_ms(), self._since)
        if 0 <= past < _WINDOW_MS:
            return _WINDOW_MS - past
        self._look(min(max(past, 1), 1_000_000))
        return _WINDOW_MS

    def _look(self, ms):
        n = self._pulses.count - self._seen & _MASK
        self._seen = self._seen + n & _MASK
        self._since = ticks_ms()
        found = rpm(min(n, 1_000_000), ms, self._per_turn)
        # What is nearly the same is not said again: one pulse more or less, and a sixty-fourth.
        if found == 0 or found > _MOST or abs(found - self._said) > 31 + (self._said >> 6):
            self._said = min(found, _MOST)
        self._judge(n, ms, found)

    def _judge(self, n, ms, found):
        self._still = self._still + ms if n == 0 and self._ran else 0
        self._ran = self._runs()
        if not self._ran:
            self._still = 0
        why = "still" if self._still >= _STILL_MS else "rattles" if found > _MOST else None
        if why != self._fault:
            self._fault = why
            self.why = why and words_of(self._folder, why)
