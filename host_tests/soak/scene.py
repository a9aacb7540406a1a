"""Where the node of the soak lives: its board, its broker, its time server, the ledger; and the life it has there."""

import json
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

from counter import Counter
from faults import OTHERS, POWER, Faults
from girouette import firmware
from girouette.paths import LIB
from girouette.simboard import Board, Flash, NtpServer
from ledger import Ledger

_HERE = Path(__file__).parent
_SEED = 20261125
_TICKS = 2**30 - 5 * 3_600_000  # they wrap five hours after power on


def build(folder: Path) -> Path:
    """The compiled firmware with the part that counts, and a main.py that tells its heap."""
    lib = folder / "lib"
    shutil.copytree(LIB, lib)
    shutil.copytree(_HERE / "drivers" / "counter", lib / "drivers" / "counter")
    flash = firmware.build(folder / "flash", lib, ["counter"], five=False)  # all there is has no room on 1 MB
    shutil.copy(_HERE / "on_board" / "metering.py", flash / "main.py")
    return flash


def config(broker, plan: "Plan") -> dict:
    return {
        "name": "soak",
        "network": [{"ssid": "home", "password": "sesame"}],
        "broker": {"host": broker.host, "port": broker.port, "outbox": 768},
        "sensors": [{"type": "counter", "scl": 22, "sda": 21, "interval": plan.interval}],
        "time": {"servers": ["pool.ntp.org"]},
        "store": True,
        "diagnostics": plan.diagnostics,
    }


@dataclass
class Plan:
    """How long, and how often. All in seconds of the board but `faults`, which counts them."""

    faults: int
    period: int = 3600  # from one fault to the next
    interval: int = 60  # of the readings
    diagnostics: int = 3600
    power_until: int = 1 << 30  # the number of the fault from which on the power stays

    def schedule(self, random) -> list[tuple[str, int, int]]:
        """(fault, seconds before it, seconds it lasts) for each period."""
        found: list[tuple[str, int, int]] = []
        while len(found) < self.faults:
            turn = OTHERS + (POWER if len(found) < self.power_until else ())
            draw = random.randrange
            p = self.period
            found += [(name, draw(p // 20, p // 5), draw(p // 10, p // 3)) for name in turn]
        return found[: self.faults]


class Site:
    """`moments`: (fault, seconds since the start, bytes of heap in use) at the end of each period."""

    def __init__(self, folder: Path, broker, plan: Plan):
        self.plan, self.broker = plan, broker
        built = build(folder)
        (built / "config.json").write_text(json.dumps(config(broker, plan)))
        self.counter, self.ntp, self.flash = Counter(), NtpServer(), Flash("1m")
        self.cuts: list[float] = []  # when the power went
        self.moments: list[tuple[str, int, int]] = []
        self.ledger = Ledger(broker)
        self.board = Board(
            built, sensors=[self.counter], ntp=self.ntp, flash=self.flash, ticks_start=_TICKS, steps=True
        )

    def __enter__(self) -> "Site":
        self.board.start()
        halt = self.flash.on_cut
        self.flash.on_cut = lambda: (self.cuts.append(self.board.now), halt())
        return self

    def __exit__(self, *exc):
        self.board.close()
        self.ledger.close()

    def live(self):
        """The whole plan. Fails as soon as a period ends without the node being well again."""
        draw = random.Random(_SEED)
        faults = Faults(self, draw)
        for number, (name, before, lasts) in enumerate(self.plan.schedule(draw), 1):
            end = number * self.plan.period
            told = len(self.board.lines)
            self.board.advance(before)
            for seconds in getattr(faults, name)(lasts):
                self.board.advance(seconds)
            self.board.advance(end - self.board.now)
            self._well(name, told)
        self.board.advance(self.plan.diagnostics + 60)  # the last word on what was dropped
        self.ledger.settle()

    def _well(self, name: str, told: int):
        self.ledger.settle()
        said = self.board.lines[told:]
        last, heaps = len(self.counter.read_at) - 1, [line for line in said if line.startswith("heap ")]
        if last not in self.ledger.numbers[-5:] or not heaps:
            raise AssertionError(
                f"an hour after {name}, at {self.board.now:.0f} s: last read {last}, come {self.ledger.numbers[-5:]}\n"
                + "\n".join(said[-40:])
            )
        _, seconds, heap = heaps[-1].split()
        self.moments.append((name, int(seconds), int(heap)))
