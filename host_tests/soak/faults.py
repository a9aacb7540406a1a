"""What can happen to a node in an hour: each fault begins at one moment and is over at another."""

from collections.abc import Iterator


class Faults:
    """Does them to a `site` (scene.py), by name; `random` draws what is to vary. Each is a generator of the seconds it
    lasts; at its end all is as before."""

    def __init__(self, site, random):
        self._site, self._random = site, random
        self._board, self._broker = site.board, site.broker

    def wifi(self, seconds: int) -> Iterator[int]:
        self._board.wifi(False)
        yield seconds
        self._board.wifi(True)

    def broker_stopped(self, seconds: int) -> Iterator[int]:
        self._down(self._broker.stop)
        yield seconds
        self._up()

    def broker_killed(self, seconds: int) -> Iterator[int]:
        self._down(self._broker.kill)
        yield seconds
        self._up()

    def sensor_unplugged(self, seconds: int) -> Iterator[int]:
        self._site.counter.there = False
        yield seconds
        self._site.counter.there = True

    def network_frozen(self, seconds: int) -> Iterator[int]:
        self._board.net.freeze()
        yield seconds
        self._board.net.thaw()

    def clock_jumps(self, seconds: int) -> Iterator[int]:
        """Back again with the next jump."""
        ntp = self._site.ntp
        ntp.offset = 0 if ntp.offset else self._random.choice((-1, 1)) * self._random.randrange(60, 200_000)
        yield seconds

    def flash_full(self, seconds: int) -> Iterator[int]:
        """While the broker is away, and for longer than the outbox lasts: readings are dropped, and counted."""
        self._site.flash.full(True)
        self._down(self._broker.stop)
        yield 2 * seconds
        self._up()
        self._site.flash.full(False)

    def links_cut(self, seconds: int) -> Iterator[int]:
        self._board.net.cut()
        yield seconds

    def power_cut(self, seconds: int) -> Iterator[int]:
        self._site.cuts.append(self._board.now)
        self._board.power_off()
        yield seconds
        self._board.power_on()

    def power_cut_while_writing(self, seconds: int) -> Iterator[int]:
        """Readings wait on flash; in the middle of writing another one the power goes."""
        self._down(self._broker.stop)
        yield seconds // 4
        self._site.flash.cut_at(self._random.randrange(24))
        yield 3 * seconds // 4
        while self._site.flash.armed:  # few writes until now: the very next, then
            self._site.flash.cut_at(0)
            yield self._site.plan.interval
        self._site.flash.wait_cut(60)
        self._board.power_on()
        yield seconds // 4
        self._up()

    def _down(self, how):
        self._site.ledger.settle()
        how()
        self._site.ledger.left()

    def _up(self):
        self._broker.start()
        self._site.ledger.back()


POWER = ("power_cut", "power_cut_while_writing")
OTHERS = (
    "wifi", "broker_stopped", "sensor_unplugged", "network_frozen", "flash_full", "clock_jumps", "broker_killed",
    "links_cut",
)  # fmt: skip
