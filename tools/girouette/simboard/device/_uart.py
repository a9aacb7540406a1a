# Serial ports, loaded with the first; on a chip they are in flash like the rest. What a loop does allocates nothing.

from _board import ask, call, read_into, write_from


class UART:
    def __init__(self, id, baudrate=9600, *, tx=None, rx=None, timeout=0, timeout_char=0, rxbuf=256, txbuf=256):
        self._id = id
        self._pins = (getattr(tx, "id", tx), getattr(rx, "id", rx))
        self.init(baudrate)

    def init(self, baudrate=9600):
        ask("uart", self._id, baudrate, *self._pins)

    def any(self):
        return call(32, self._id)

    def readinto(self, buf):
        n = min(call(32, self._id), len(buf))
        if not n:
            return None
        read_into(33, self._id, 0, 0, buf if n == len(buf) else memoryview(buf)[:n])
        return n

    def read(self, nbytes=-1):
        n = call(32, self._id)
        buf = bytearray(n if nbytes < 0 else min(n, nbytes))
        return bytes(buf) if self.readinto(buf) else None

    def write(self, buf):
        write_from(34, self._id, 0, 0, buf)
        return len(buf)
