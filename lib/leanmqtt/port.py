# What MicroPython and CPython do differently, in MicroPython's favour: its own functions stand here
# bare, host.py imitates them on CPython. Nothing of MQTT belongs here.
# ruff: noqa: F401
import sys

if sys.implementation.name == "micropython":
    from io import BytesIO
    from random import getrandbits
    from select import poll as Poller
    from socket import getaddrinfo, socket
    from struct import pack_into
    from time import sleep_ms, ticks_ms

    from micropython import const

    def release(name):
        """Let go of a module of this package that is not needed any more; its code is garbage then."""
        package = __name__[:-5]
        del sys.modules[package + "." + name]
        delattr(sys.modules[package], name)

    class Mover:
        """Copies bytes at C speed without allocating; `str` counts as its UTF-8 bytes."""

        def __init__(self):
            self.io = BytesIO(64)
            self.tmp = bytearray(64)
            self.n = 0  # bytes loaded last

        def load(self, src, q):
            """Put up to 64 bytes of `src` from offset `q` into `tmp`; return their number."""
            self.io.seek(0)
            self.n = n = self.io.write(src, q, 64)
            self.io.seek(0)
            self.io.readinto(self.tmp, n)
            return n

        def move(self, dst, p, src, q, n):
            """Copy n bytes of `src` from q to `dst` at p, ascending: within one buffer only downwards."""
            while n > 0:
                self.load(src, q)
                if n < 64:
                    while n:
                        n -= 1
                        dst[p + n] = self.tmp[n]
                    return
                pack_into("64s", dst, p, self.tmp)
                p += 64
                q += 64
                n -= 64

else:
    from .host import *  # noqa: F403
