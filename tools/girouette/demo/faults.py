"""What can happen to the demo's node at the press of a key."""

import time

from girouette.simboard import Board

from .brokers import LocalBroker
from .node import Node

_OUTAGE = 8  # seconds; the Wi-Fi is back by itself after them
_A_WHILE = f"Wi-Fi gone for {_OUTAGE} s"


class Faults:
    """The keys of every node and those of this one; a second press undoes a fault.

    subscriber: who sends the node its commands.
    """

    def __init__(self, node: Node, board: Board, broker, subscriber):
        self._node = node
        self._board = board
        self._broker = broker
        self._until: float | None = None  # the end of an outage that mends itself
        self.changed = 0.0  # when a fault last began or ended: what arrived before proves nothing of the time after
        self._on = dict.fromkeys((_A_WHILE, "Wi-Fi gone", "sensor unplugged", "no power", "broker down"), False)
        self.keys = node.actions(board, subscriber)
        self.keys |= {"o": self.outage, "w": self.wifi, "s": self.sensor, "p": self.power}
        if isinstance(broker, LocalBroker):
            self.keys["b"] = self.broker

    @property
    def now(self) -> list[str]:
        """What is broken at the moment, in words."""
        return [what for what, broken in self._on.items() if broken]

    def _flip(self, what: str) -> bool:
        self._on[what] = not self._on[what]
        self.changed = time.monotonic()
        return self._on[what]

    def tick(self):
        """Ends an outage whose time is over."""
        if self._until and time.monotonic() > self._until:
            self.outage()

    def outage(self):
        """An outage and its recovery: the readings of these seconds arrive afterwards."""
        over = not self._flip(_A_WHILE)
        self._until = None if over else time.monotonic() + _OUTAGE
        self._board.wifi(over)

    def wifi(self):
        self._board.wifi(not self._flip("Wi-Fi gone"))

    def sensor(self):
        model = self._board.sensor(self._node.unplugged)
        model.unplug() if self._flip("sensor unplugged") else model.plug()

    def power(self):
        self._board.power_off() if self._flip("no power") else self._board.power_on()

    def broker(self):
        self._broker.stop() if self._flip("broker down") else self._broker.start()
