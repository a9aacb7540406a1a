"""A TMP117 as the bus sees it, from its data sheet and not from the driver: a pointer, and registers of 16 bits."""

from girouette.simboard.parts import Nak


class Tmp117:
    """What the simulated board asks of a part: name, pins, address, write, read, power_up."""

    name = "tmp117"

    def __init__(self, scl=22, sda=21, address=0x48):
        self.scl, self.sda, self.address = scl, sda, address
        self.celsius, self.device_id, self.plugged = 21.5, 0x0117, True
        self.power_up()

    def power_up(self):
        self._pointer = 0

    def write(self, data: bytes):
        if not self.plugged:
            raise Nak
        self._pointer = data[0]

    def read(self, n: int) -> bytes:
        if not self.plugged:
            raise Nak
        registers = {0x00: round(self.celsius * 128) & 0xFFFF, 0x01: 0x0220, 0x0F: self.device_id}
        return registers.get(self._pointer, 0).to_bytes(2, "big")[:n]
