"""A machine with pins, a bus and a PWM that only remember, and a watchdog with an RP2040's limit."""

made = []
longest_ms = 8388
pins = 1000  # how many there are


class Pin:
    IN = 0
    OUT = 3

    def __init__(self, id):
        if not isinstance(id, str) and id >= pins:
            raise ValueError("invalid pin")
        self.id = id


class PWM:
    def __init__(self, pin, freq, duty_u16):
        self.pin = pin
        self.freq = freq
        self.duty = duty_u16


class SoftI2C:
    def __init__(self, scl, sda, freq, timeout):
        self.pins = (scl.id, sda.id)
        made.append(self)


class SPI:
    def __init__(self, id, hz, sck, mosi, miso):
        self.told = (id, sck.id, mosi.id, miso.id)
        made.append(self)


class WDT:
    def __init__(self, timeout):
        if timeout > longest_ms:
            raise ValueError("too long")
        self.timeout = timeout
        self.fed = 0
        made.append(self)

    def feed(self):
        self.fed += 1
