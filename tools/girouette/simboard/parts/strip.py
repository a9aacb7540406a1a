"""Strips of addressable LEDs at the level of their pulses: WS2812B (WorldSemi) and SK6812RGBW (OPSCO), from their data
sheets.

Each LED takes the first bits that come and passes on the rest; a pause shows what was taken. No driver code lives here.
"""

from .lines import BitsPart

_EINVAL = 22


class Mistimed(OSError):
    """A pulse that the data sheet does not allow; the chip's call fails with EINVAL, so that nobody overlooks it."""

    def __init__(self, bit: int, pulse: tuple[int, int], told: str):
        super().__init__(_EINVAL, f"bit {bit}: {pulse[0]} ns high, {pulse[1]} ns low; {told}")


class Ws2812b(BitsPart):
    """`colors` are the LEDs as they shine, (red, green, blue) of 255 each; `frames` counts what was sent."""

    name = "strip"
    wires = ("pin", "count")
    order = "GRB"
    # Nanoseconds, least and most: high and low of a 0 and of a 1; "data transfer time" of the data sheet, +-150 ns
    zero = ((250, 550), (700, 1000))
    one = ((650, 950), (300, 600))
    pause_s = 280e-6  # of the newer parts; 50 us of the older

    def __init__(self, pin=4, count=60, **options):
        self.count = count
        super().__init__(pin, **options)

    def power_up(self):
        self.colors = [(0,) * len(self.order)] * self.count
        self.frames = 0
        self._taken = 0  # LEDs that have theirs of this frame
        self._ended = None

    def bits(self, pulses):
        values = [self._bit(at, pulse) for at, pulse in enumerate(pulses)]
        if not self.present:
            return
        now = self.clock()
        took = sum(sum(pulse) for pulse in pulses) / 1e9
        if self._ended is None or now - took - self._ended >= self.pause_s:
            self._taken = 0
            self.frames += 1
        self._ended = now
        width = 8 * len(self.order)
        for at in range(0, len(values) - width + 1, width):
            self._take(values[at : at + width])

    def _bit(self, at: int, pulse: tuple[int, int]) -> int:
        for value, limits in ((0, self.zero), (1, self.one)):
            if all(least <= ns <= most for ns, (least, most) in zip(pulse, limits, strict=True)):
                return value
        raise Mistimed(at, pulse, f"a 0 is {self.zero}, a 1 is {self.one}")

    def _take(self, bits: list[int]):
        """The next LED in the line; behind the last nobody listens."""
        if self._taken < self.count and not self.stuck:
            sent = [int("".join(map(str, bits[at : at + 8])), 2) for at in range(0, len(bits), 8)]
            self.colors[self._taken] = tuple(sent[self.order.index(c)] for c in "RGBW"[: len(sent)])
        self._taken += 1


class Sk6812(Ws2812b):
    """With a white LED: (red, green, blue, white)."""

    name = "strip_rgbw"
    order = "GRBW"
    zero = ((150, 450), (750, 1050))
    one = ((450, 750), (450, 750))
    pause_s = 80e-6


MODELS = {"strip": Ws2812b, "strip_rgbw": Sk6812}
