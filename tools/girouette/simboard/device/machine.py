# `machine`, played by the host: same names and habits as on an ESP32. Nothing is decided here; each call is handed to
# the host, and what a firmware does in its loop (pins, I2C transfers, feeding the watchdog) allocates nothing on the
# way. What few firmwares use is in _seldom.py and takes room only then.

import time

from _board import ask, call, make_room, read_into, write_from

# The constants of reset_cause() are put here by _launch.py: which there are depends on the port.


def _number(pin):
    return pin.id if isinstance(pin, Pin) else pin


class Pin:
    IN = 1
    OUT = 3
    OPEN_DRAIN = 7
    PULL_DOWN = 1
    PULL_UP = 2
    IRQ_RISING = 1
    IRQ_FALLING = 2

    def __init__(self, id, mode=-1, pull=-1, *, value=None):
        self.id = _number(id)
        self.init(mode, pull, value=value)

    def init(self, mode=-1, pull=-1, *, value=None):
        self.id = ask("pin", self.id, mode, pull or -1, value)  # of a name, its number

    def value(self, x=None):
        if x is None:
            return call(1, self.id)
        call(2, self.id, 1 if x else 0)

    __call__ = value

    def on(self):
        call(2, self.id, 1)

    def off(self):
        call(2, self.id, 0)

    def toggle(self):
        self.value(not self.value())

    def irq(self, handler=None, trigger=3, wake=None):
        make_room("_irq")
        import _irq

        _irq.watch(self, handler, trigger)


class I2C:
    def __init__(self, id=-1, *, scl=None, sda=None, freq=400000, timeout=50000):
        self._bus = ask("i2c", id, _number(scl), _number(sda), freq)

    def scan(self):
        return ask("scan", self._bus)

    def readfrom_into(self, addr, buf, stop=True):
        read_into(3, self._bus, addr, 0, buf)

    def readfrom(self, addr, nbytes, stop=True):
        buf = bytearray(nbytes)
        self.readfrom_into(addr, buf)
        return bytes(buf)

    def writeto(self, addr, buf, stop=True):
        write_from(4, self._bus, addr, 0, buf)
        return len(buf)

    def readfrom_mem_into(self, addr, memaddr, buf, *, addrsize=8):
        read_into(5, self._bus, addr, memaddr, buf)

    def readfrom_mem(self, addr, memaddr, nbytes, *, addrsize=8):
        buf = bytearray(nbytes)
        self.readfrom_mem_into(addr, memaddr, buf)
        return bytes(buf)

    def writeto_mem(self, addr, memaddr, buf, *, addrsize=8):
        write_from(6, self._bus, addr, memaddr, buf)


class SoftI2C(I2C):
    def __init__(self, scl, sda, *, freq=400000, timeout=50000):
        super().__init__(-1, scl=scl, sda=sda, freq=freq)


class WDT:
    def __init__(self, id=0, timeout=5000):
        ask("watchdog", timeout)

    def feed(self):
        call(9)


class RTC:
    def datetime(self, when=None):
        """(year, month, day, weekday, hour, minute, second, microsecond)."""
        answer = ask("datetime", when)
        return tuple(answer) if when is None else None

    def memory(self, data=None):
        """Up to 2048 bytes that outlive everything but a loss of power."""
        if data is not None:
            if len(data) > 2048:
                raise ValueError("buffer too long")
            write_from(19, 0, 0, 0, data)
            return
        held = bytearray(call(20))
        read_into(21, 0, 0, 0, held)
        return bytes(held)


def reset():
    ask("reset")


def soft_reset():
    raise SystemExit


def deepsleep(time_ms=0):
    ask("deepsleep", time_ms)


def lightsleep(time_ms=0):
    time.sleep_ms(time_ms)


def idle():
    time.sleep_ms(1)


def reset_cause():
    return ask("cause")


def unique_id():
    return bytes(ask("unique_id"))


def freq(hz=160000000):
    return hz


def disable_irq():
    return 0


def enable_irq(state=0):
    pass


def __getattr__(name):
    if name[0] == "_":
        raise AttributeError(name)
    if name == "UART":
        make_room("_uart")
        import _uart as found
    else:
        make_room("_seldom")
        import _seldom as found
    if not hasattr(found, name):
        raise AttributeError(name)
    return getattr(found, name)
