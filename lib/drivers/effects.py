"""The effects of a strip: each is a function that paints the colour of one LED into strip.led.

strip.tint has red, green, blue and white as commanded and dimmed, and the brightness; strip.phase is the time, 16 bits,
256 further with each frame. Nothing here knows the wire.
"""

from drivers import const

BRIGHTNESS = const(4)  # its place in strip.tint
RAINBOW = const(1)
EFFECTS = (b"off", b"rainbow", b"chase", b"twinkle", b"breathe")


def _shade(strip, level):
    # The strip's colour, level of 256.
    led = strip.led
    tint = strip.tint
    for i in range(4):
        led[i] = tint[i] * level >> 8


def _plain(strip, i):
    _shade(strip, 256)


def _rainbow(strip, i):
    # All hues over the strip, round in 10 s.
    hue = (i * 1536 // strip.count + (strip.phase >> 8) * 6) % 1536  # six ramps of 256
    led = strip.led
    top = strip.tint[BRIGHTNESS]
    led[0] = _ramp(hue + 512) * top // 255
    led[1] = _ramp(hue + 1536) * top // 255
    led[2] = _ramp(hue + 1024) * top // 255
    led[3] = 0


def _ramp(hue):
    # Up, full for two ramps, down, dark for two.
    hue %= 1536
    if hue < 256:
        return hue
    if hue < 768:
        return 255
    return 1023 - hue if hue < 1024 else 0


def _chase(strip, i):
    # Three lit of eight, one LED further in 120 ms.
    _shade(strip, 256 if (i - strip.phase // 768) % 8 < 3 else 0)


def _twinkle(strip, i):
    # Each LED flares up for an instant, at a time of its own.
    at = (i * 167 + i * i * 31 + (strip.phase >> 8) * 3) & 255
    level = 256 - (at << 3) if at < 32 else 0
    _shade(strip, 24 + (level * 232 >> 8))


def _breathe(strip, i):
    # Down to an eighth and up again in 5 s; a curve without corners.
    at = strip.phase >> 7 & 255
    at = at if at < 128 else 255 - at
    _shade(strip, 32 + (at * at * (384 - 2 * at) // 9363))


PAINTERS = (_plain, _rainbow, _chase, _twinkle, _breathe)
