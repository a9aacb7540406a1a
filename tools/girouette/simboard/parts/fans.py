"""A fan with four wires: it turns as its PWM says, and its tacho pulls a line low twice a turn.

Intel, "4-Wire Pulse Width Modulation (PWM) Controlled Fans Specification", 1.3: the speed follows the duty cycle in
proportion up to the highest; the tacho is an open collector with two pulses a revolution. No driver code here.
"""

from .contacts import ContactPart


class Fan(ContactPart):
    """`most`: turns a minute at full speed. While it hangs, its blades are held."""

    name = "fan"
    wires = ("pin", "tacho", "pulses")
    pin = 25
    tacho = None
    pulses = 2
    least = 0.1  # of the duty cycle; below it stands still
    low_s = 1.0  # half of each period

    def __init__(self, **options):
        self.most = 1500.0
        self._pwm = None
        super().__init__(**options)

    def wire(self, pin):
        self._pwm = pin(self.pin)
        if self.tacho is not None:
            pin(self.tacho).train = self.train

    @property
    def rpm(self) -> float:
        duty = self._pwm.duty if self._pwm else 0.0
        return self.most * duty if duty >= self.least else 0.0

    @property
    def rate(self) -> float:
        return self.rpm / 60 * self.pulses


MODELS = {"fan": Fan}
