"""A machine with pins, a bus that only remembers its pins, and a watchdog with an RP2040's limit."""

made = []
longest_ms = 8388


class Pin:
    def __init__(self, id):
        self.id = id


class SoftI2C:
    def __init__(self, scl, sda, freq):
        self.pins = (scl.id, sda.id)
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
