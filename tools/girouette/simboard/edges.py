"""The edges at the pins that a firmware watches with interrupts, from when they happen until it is told of them.

Those of a part with a pulse train are worked out when somebody asks, so a thousand pulses a second cost nothing while
the firmware sleeps. What a handler does with them is the firmware's.
"""

from collections import deque
from collections.abc import Callable

from .pins import PinModel

RISING, FALLING = 1, 2
_LATEST_MS = (1 << 20) - 1


class Edges:
    """clock () -> seconds of the board."""

    def __init__(self, clock: Callable[[], float]):
        self._clock = clock
        self._watched: dict[int, tuple[PinModel, int]] = {}
        self._queue: deque[tuple[float, int, int]] = deque()  # when, pin, level
        self._since = 0.0
        self._told: tuple[int, int] | None = None  # pin and level of the edge whose handler runs

    def watch(self, number: int, pin: PinModel, trigger: int):
        """From now on; trigger is RISING, FALLING, both, or 0 for no more."""
        self._collect()
        if trigger:
            self._watched[number] = pin, trigger
            pin.seen = lambda level: self._happened(self._clock(), number, level)
        else:
            self._watched.pop(number, None)
            pin.seen = None

    def clear(self):
        """A chip in reset watches nothing."""
        for pin, _ in self._watched.values():
            pin.seen = None
        self._watched.clear()
        self._queue.clear()
        self._told = None

    def pending(self) -> bool:
        """Whether there is an edge to be told."""
        if self._watched:
            self._collect()
        return bool(self._queue)

    def next(self) -> int:
        """The next edge: its pin, its level << 8, how many ms ago << 9. 0: no more, though an edge of pin 0 a moment
        ago that fell is told as one of 1 ms ago."""
        self._told = None
        if not self.pending():
            return 0
        when, number, level = self._queue.popleft()
        self._told = number, level
        late = min(max(int((self._clock() - when) * 1000), 0), _LATEST_MS)  # a contact may still be bouncing
        return (number | level << 8 | late << 9) or 1 << 9

    def level(self, number: int, pin: PinModel) -> int:
        """What the pin reads: in the handler of an edge, what it was then."""
        if self._told and self._told[0] == number:
            return self._told[1]
        return pin.value

    def _collect(self):
        since, self._since = self._since, self._clock()
        trains = [
            (when, number, level)
            for number, (pin, _) in self._watched.items()
            if pin.train
            for when, level in pin.train(since, self._since)
        ]
        for edge in sorted(trains):
            self._happened(*edge)

    def _happened(self, when: float, number: int, level: int):
        if self._watched[number][1] & (RISING if level else FALLING):
            self._queue.append((when, number, level))
