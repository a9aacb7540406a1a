"""DTR and RTS of the port, as they are wired to a chip: RTS holds EN low (reset), DTR holds IO0 low. How the chip
starts is read from IO0 when EN rises.

The wiring is the plain one. The two-transistor circuit of most boards depends on both lines changing within
microseconds, which no network keeps; Espressif's own rfc2217 server makes the same of it. No byte is known here.
"""


class Lines:
    """`started(download)` is called when the chip leaves reset; `held()` when it enters it."""

    def __init__(self, started, held):
        self._started, self._held = started, held
        self.dtr = self.rts = False
        self.has_auto_reset = True  # False: a board that leads EN out, and leaves IO0 to its button
        self.button = False  # BOOT is held down

    def set_dtr(self, on: bool):
        self.dtr = on

    def set_rts(self, on: bool):
        """Assert: the chip is in reset. Release: it starts."""
        before, self.rts = self.rts, on
        if on and not before:
            self._held()
        elif before and not on:
            self._started(self.button or (self.dtr and self.has_auto_reset))

    def release(self):
        """The host let go of the port: both lines are no longer asserted."""
        self.set_dtr(False)
        self.set_rts(False)
