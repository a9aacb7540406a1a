"""Parts at a serial port: PMS5003, from Plantower's data manual (PMS5003 series, V2.5). No driver code here."""

import math
import time
from collections import deque

from .pinned import PinPart

_WARM_S = 2.0  # after waking its frames are empty
_FIRST_S = 3.0  # and the next one is of the air before
_EVERY_S = 0.8  # in active mode
_COMMANDS = {0xE1: "mode", 0xE2: "read", 0xE4: "sleep"}


class SerialPart(PinPart):
    """What a part says waits, byte by byte, until the chip listens. Its `rx` and `tx` are the chip's."""

    wires = ("tx", "rx")
    tx, rx = 17, 16
    baud = 9600

    def __init__(self, *, clock=time.monotonic, **options):
        self._line: deque[tuple[float, int]] = deque()  # (when it has arrived, byte)
        super().__init__(clock=clock, **options)

    def wire(self, pin):
        """It is the serial port that it is wired to."""

    def hush(self, now: float):
        """Nobody listened until now."""
        self.live(now)
        self._line.clear()

    def said(self, now: float) -> bytes:
        """What has arrived by now, and was not asked for before."""
        self.live(now)
        came = bytearray()
        while self._line and self._line[0][0] <= now:
            came.append(self._line.popleft()[1])
        return bytes(came)

    def say(self, data: bytes, now: float):
        """Puts it on the line, behind what is there."""
        at = max(now, self._line[-1][0] if self._line else now)
        for byte in data:
            at += 10 / self.baud
            self._line.append((at, byte))

    def hear(self, data: bytes, now: float):
        """What the chip has sent."""
        raise NotImplementedError

    def live(self, now: float):
        """What it does by itself until now."""


def framed(words: list[int]) -> bytes:
    """A frame with its length and sum."""
    body = b"BM" + (2 * len(words) + 2).to_bytes(2, "big") + b"".join(word.to_bytes(2, "big") for word in words)
    return body + sum(body).to_bytes(2, "big")


class Pms5003(SerialPart):
    """`dust`: PM2.5 in µg/m³, or None for a day with traffic. Faults beside those of every part: `corrupt` (sums are
    wrong), `broken` (it reports an error of its own)."""

    name = "pms5003"

    def __init__(self, **options):
        self.dust: float | None = None
        self.corrupted = self.broken = False
        super().__init__(**options)

    def corrupt(self):
        self.corrupted = True

    def release(self):
        super().release()
        self.corrupted = self.broken = False

    def power_up(self):
        self.asleep, self.passive = False, False
        self._woken = self._told = self.clock()
        self._line.clear()
        self._heard = b""
        self._kept: bytes | None = None  # the frame of the air before it slept

    def hear(self, data: bytes, now: float):
        self.live(now)
        self._heard += data
        while len(self._heard) >= 7:
            command, self._heard = self._heard[:7], self._heard[7:]
            if not command.startswith(b"BM") or sum(command[:5]) != int.from_bytes(command[5:], "big"):
                self._heard = self._heard[command[1:].find(b"B") + 1 :] if b"B" in command[1:] else self._heard
                continue
            self._obey(_COMMANDS.get(command[2]), command[4], now)

    def _obey(self, what: str | None, value: int, now: float):
        if not self.present or self.hung:
            return
        if what == "sleep" and bool(value) == self.asleep:
            self.asleep = not value
            self._woken = self._told = now
        elif self.asleep:
            return  # it hears nothing else then
        elif what == "mode":
            self.passive = not value
            self.say(framed([0xE100 | value]), now + 0.01)
        elif what == "read" and self.passive:
            self.say(self._frame(now), now + 0.02)

    def live(self, now: float):
        while not self.asleep and not self.passive and self.present and self._told + _EVERY_S <= now:
            self._told += _EVERY_S
            if not self.hung:
                self.say(self._frame(self._told), self._told)

    def _frame(self, now: float) -> bytes:
        awake = now - self._woken
        if awake < _WARM_S:
            return framed([0] * 13)
        if awake < _FIRST_S and self._kept:
            return self._kept
        frame = self._kept = self._kept if self.stuck and self._kept else self._measured(now)
        return frame if not self.corrupted else frame[:8] + bytes([frame[8] ^ 1]) + frame[9:]

    def _measured(self, now: float) -> bytes:
        dust = 9 + 5 * math.sin(now / 3000) if self.dust is None else self.dust
        dust = max(0.0, dust + self.noise * self._random.gauss(0, 0.4))
        of_air = [round(dust * part) for part in (0.7, 1.0, 1.1)]
        of_factory = [round(value * 1.3) for value in of_air]
        counts = [round(dust * 60 / (1 + i) ** 3) for i in range(6)]
        return framed([*of_factory, *of_air, *counts, 0x9700 | self.broken])


MODELS = {"pms5003": Pms5003}
