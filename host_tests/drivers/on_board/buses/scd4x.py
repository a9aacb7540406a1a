# An SCD4x for readings.py: of three times it is asked it has a measurement twice, and the lowest bit of the temperature
# changes with each, as a real part's does.

FRAMES = (bytes.fromhex("01f4336667a25eb93c"), bytes.fromhex("01f4336666935eb93c"))  # 0x6667, 0x6666: 25 °C
ANSWERS = {
    b"\x36\x82": bytes.fromhex("f896319f07c23bbe89"),  # the data sheet's serial number, 3.9.2
    b"\xe4\xb8": bytes.fromhex("800604"),
}
NOT_READY = bytes.fromhex("8000a2")


class Bus:
    def __init__(self):
        self.n = 0
        self.refused = False
        self.answer = None

    def writeto(self, address, buf):
        if buf == b"\xec\x05":
            self.n = (self.n + 1) % 6
            self.answer = FRAMES[self.n & 1]
        elif buf == b"\xe4\xb8" and self.n % 3 == 2 and not self.refused:
            self.refused = True
            self.answer = NOT_READY
            return
        else:
            self.answer = ANSWERS.get(buf) if isinstance(buf, bytes) else None
        self.refused = False

    def readfrom_into(self, address, buf):
        for i in range(len(buf)):
            buf[i] = self.answer[i]


VALUES = "500 2500 3700"
