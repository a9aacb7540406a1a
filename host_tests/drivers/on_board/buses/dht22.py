# A DHT22's frame, for readings.py. The clock moves on by 3 s with each look at it: a DHT22 is asked
# once then, a DHT11 twice.

FRAME = b"\x02\x33\xff\xf7\x2b"  # 56.3 %, -0.9 °C


class Bus:
    frame = FRAME


now = 0


def ticks_ms():
    global now
    now = (now + 3000) & 0x3FFFFFFF
    return now


def readinto(pin, buf):
    for i in range(5):
        buf[i] = pin.frame[i]


def patch(module):
    from drivers import dht22

    for each in (module, dht22):
        each.ticks_ms = ticks_ms
        each.dht_readinto = readinto


VALUES = "-9 563"
