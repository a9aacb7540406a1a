"""What parts on one wire have in common: those of 1-Wire answer resets and slots, the others a long low with pulses.

1-Wire as in Maxim's data sheets: a part hears a 1 where the master lets go within 15 us, and sends a 0 by holding the
wire. All here is the ROM layer, up to the command that is the part's own.
"""

import math

from . import Model

_HEARD_US = 15  # a part looks at the wire after 15 to 60 us
_HELD_US = 30
_PRESENCE_US = (30, 150)  # it waits 15 to 60 us, and pulls for 60 to 240 us
_SHORTEST_RESET_US = 480

READ_ROM, MATCH_ROM, SEARCH_ROM, SKIP_ROM = 0x33, 0x55, 0xF0, 0xCC


def crc8(data: bytes) -> int:
    """x^8 + x^5 + x^4 + 1, low bit first, as in Maxim's application note 27."""
    crc = 0
    for byte in data:
        for bit in range(8):
            mix = (crc ^ byte >> bit) & 1
            crc = crc >> 1 ^ (0x8C if mix else 0)
    return crc


class OneWirePart(Model):
    """A part with a ROM of 8 bytes on a 1-Wire bus. A subclass has `command(byte)`.

    Faults beside those of every part: `short` (its wire is at ground), `corrupt` (what it sends is damaged)."""

    wires = ("pin", "rom")
    family = 0
    serial = "000000000001"

    def __init__(self, pin=4, rom=None, **options):
        self.pin = pin
        told = bytes([self.family]) + bytes.fromhex(self.serial)
        self.rom = bytes.fromhex(rom) if rom else told + bytes([crc8(told)])
        self.shorted = self.corrupted = False
        super().__init__(**options)

    def short(self):
        """The wire is at ground."""
        self.shorted = True

    def corrupt(self):
        """One bit of each answer is wrong."""
        self.corrupted = True

    def release(self):
        super().release()
        self.shorted = self.corrupted = False

    def power_up(self):
        self._bits = None  # a generator that has the turn: it is sent what it hears, and yields what it sends

    # The wire

    def reset(self, low_us: float) -> tuple[float, float]:
        """From when to when after the master let go the part pulls the wire."""
        if self.shorted:
            return 0, math.inf
        if not self.present or low_us < _SHORTEST_RESET_US:
            return math.inf, math.inf
        self._bits = self._conversation()
        self._bit = next(self._bits)
        return _PRESENCE_US

    def slot(self, low_us: float) -> float:
        """How long the part holds the wire in a slot that the master begins by pulling it so long."""
        if self.shorted:
            return math.inf
        if not self.present or self._bits is None:
            return 0
        held = _HELD_US if self._sent() == 0 else 0
        try:
            self._bit = self._bits.send(int(max(low_us, held) < _HEARD_US))
        except StopIteration:
            self._bits = None
        return held

    def _sent(self) -> int | None:
        """0 or 1 where it is the part's turn; None while it listens."""
        return self._bit() if callable(self._bit) else self._bit

    def _conversation(self):
        """All slots from a reset on. Yields the bit it sends, or None to listen; gets what was on the wire."""
        rom = [byte >> bit & 1 for byte in self.rom for bit in range(8)]
        chosen = yield from self._hear(8)
        if chosen == MATCH_ROM:
            for bit in rom:
                if (yield None) != bit:
                    return
        elif chosen == SEARCH_ROM:
            for bit in rom:
                yield bit
                yield 1 - bit
                if (yield None) != bit:
                    return
        elif chosen == READ_ROM:
            for bit in rom:
                yield bit
        elif chosen != SKIP_ROM:
            return
        yield from self.command((yield from self._hear(8)))

    def _hear(self, bits: int):
        heard = 0
        for bit in range(bits):
            heard |= (yield None) << bit
        return heard

    def _send(self, data: bytes):
        data = bytes([data[0] ^ 0x20]) + data[1:] if self.corrupted else data
        for byte in data:
            for bit in range(8):
                yield byte >> bit & 1

    # The part itself

    def command(self, command: int):
        """A generator in the manner of `_conversation`: what follows a command, by `_hear` and `_send`."""
        raise NotImplementedError


class PulsePart(Model):
    """A part that answers a long low of the master with pulses."""

    wires = ("pin",)

    def __init__(self, pin=4, **options):
        self.pin = pin
        super().__init__(**options)

    def start(self, low_us: float) -> list[tuple[int, float]] | None:
        """(level, microseconds) from when the master lets go; None: no answer."""
        raise NotImplementedError


class BitsPart(Model):
    """A part that listens to bits of which the length of the high pulse says what they are."""

    wires = ("pin",)

    def __init__(self, pin=4, **options):
        self.pin = pin
        super().__init__(**options)

    def bits(self, pulses: list[tuple[int, int]]):
        """(high, low) of each bit, in nanoseconds."""
        raise NotImplementedError
