"""What drivers of actuators and inputs share: their words, text written without allocating, and the clock.

Loaded with the first of them, so that a node with sensors only does without. Nothing of any one part lives here.
"""

try:
    from time import ticks_diff, ticks_ms
except ImportError:  # CPython
    from time import monotonic

    def ticks_ms():
        return int(monotonic() * 1000)

    def ticks_diff(later, earlier):
        return later - earlier


LONG_MS = 60_000  # what poll() returns when nothing is due

ON = b"ON"
OFF = b"OFF"


def known(boot, safe="off"):  # cold: once a part
    """Judges the options `boot` and `safe` of a part that is on or off; ValueError names the one that is wrong."""
    for name, state, third in (("boot", boot, "restored"), ("safe", safe, "keep")):
        if state not in ("off", "on", third):
            raise ValueError("%s: expected one of off, on, %s, found %r" % (name, third, state))


def put(buf, at, text):
    """Writes bytes into buf from `at` on; returns where they end."""
    for c in text:
        buf[at] = c
        at += 1
    return at


def put_number(buf, at, n):
    """The same for a whole number from 0 on."""
    if n > 9:
        at = put_number(buf, at, n // 10)
    buf[at] = 48 + n % 10
    return at + 1


def word(payload):
    """Whether a command is ON; ValueError when it is neither ON nor OFF.

    There is no TOGGLE: a message may come twice, and then must mean the same as once.
    """
    if payload == ON or payload == OFF:
        return payload == ON
    raise ValueError("expected ON or OFF")
