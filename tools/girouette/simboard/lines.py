"""What MicroPython's C helpers do on one wire, pulse by pulse: `_onewire`, `machine.dht_readinto`, `machine.bitstream`.

The microseconds are those of extmod/modonewire.c and drivers/dht/dht.c. The parts at the wire are models that see how
long it is pulled low, and say what they do with it; the wire is low while anybody pulls. Nothing here knows a part.
"""

RESET_US, PRESENCE_US = 480, 70  # the master lets go after the first, and looks after the second
READ_US, SAMPLE_US = 5, 10  # of a slot: low, and the look at the wire
ONE_US, ZERO_US = 10, 60
DHT_S = 0.273  # what dht_readinto takes: 250 ms of rest, 18 ms low, 5 ms of answer

_START_US = 18_000
_ANSWER_US, _PREPARE_US, _BIT_US, _THRESHOLD_US = 110, 150, 100, 48
_ETIMEDOUT = 110


class OneWire:
    """The master's end of a wire with these parts."""

    def __init__(self, parts: list):
        self._parts = parts

    def reset(self) -> bool:
        """Whether the wire is low when parts announce themselves."""
        pulses = [part.reset(RESET_US) for part in self._parts]
        return any(begin <= PRESENCE_US < end for begin, end in pulses)

    def read(self, bits: int) -> int:
        return sum(self._slot(READ_US) << bit for bit in range(bits))

    def write(self, value: int, bits: int):
        for bit in range(bits):
            self._slot(ONE_US if value >> bit & 1 else ZERO_US)

    def _slot(self, low_us: int) -> int:
        """The level when a read slot is looked at; all parts see the slot."""
        held = [part.slot(low_us) for part in self._parts]
        return int(all(us <= SAMPLE_US for us in held))


def dht(parts: list) -> bytes:
    """A frame of 40 bits; OSError(110) where the wire does not do what the helper waits for."""
    for part in parts:
        pulses = part.start(_START_US)
        if pulses:
            return _frame(iter(pulses))
    raise OSError(_ETIMEDOUT)


def _frame(pulses) -> bytes:
    """pulses: (level, microseconds) from when the master lets go."""
    waited = _until_low(pulses)
    if waited > _ANSWER_US:
        raise OSError(_ETIMEDOUT)
    _high(pulses, _PREPARE_US)
    bits = 0
    for _ in range(40):
        bits = bits << 1 | (_high(pulses, _BIT_US) > _THRESHOLD_US)
    return bits.to_bytes(5, "big")


def _until_low(pulses) -> float:
    waited = 0
    for level, us in pulses:
        if not level:
            return waited
        waited += us
    raise OSError(_ETIMEDOUT)


def _high(pulses, longest_us: float) -> float:
    """How long the next high pulse is."""
    for level, us in pulses:
        if us > longest_us:
            break
        if level:
            return us
    raise OSError(_ETIMEDOUT)


def bits(parts: list, times: tuple, data: bytes):
    """Bits as machine.bitstream() sends them, high bit first: times are (high, low) of a 0 and of a 1, in ns."""
    pulses = [times[2:] if byte >> bit & 1 else times[:2] for byte in data for bit in range(7, -1, -1)]
    for part in parts:
        part.bits(pulses)


def bits_s(times: tuple, data: bytes) -> float:
    """How long that takes."""
    ones = sum(byte.bit_count() for byte in data)
    return (ones * sum(times[2:]) + (8 * len(data) - ones) * sum(times[:2])) / 1e9
