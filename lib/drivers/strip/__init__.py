"""A strip of WS2812B or compatible LEDs: one colour or an effect, with fades, by one output. strip_rgbw builds on it.

It talks as Home Assistant's MQTT light with the `json` schema does. A frame is painted a few LEDs at a step, so a step
takes a millisecond or two however long the strip is, and is sent at once at its end, which blocks: 30 us for each LED
(40 with white), 9 ms for 300. There is no other way, since the strip takes a pause for the end of a frame.
Data sheets: WorldSemi WS2812B, "Data transfer time"; OPSCO SK6812RGBW, the same.
"""

from drivers import const
from drivers.effects import BRIGHTNESS, EFFECTS, PAINTERS, RAINBOW
from drivers.painting import Command
from drivers.thing import LONG_MS, OFF, ON, known, put, put_number, ticks_diff, ticks_ms

try:
    from time import sleep_us

    from machine import bitstream
except ImportError:  # CPython, whose tests put theirs here

    def sleep_us(us):
        pass

    def bitstream(pin, encoding, times, buf):
        pass


# ns: high and low of a 0, high and low of a 1; within the limits of both data sheets
_TIMES = (350, 900, 700, 550)
_PAUSE_US = const(300)  # of the line, for the end of a frame; the newest parts want 280
_FRAME_MS = const(40)
_REST_MS = LONG_MS  # what stands still is sent again so often: a strip that lost its supply is dark
_STEP = const(16)  # LEDs that are painted in one step
_FULL = const(255)
_CHANNEL_MA = const(20)  # of one colour of one LED at its brightest,
_IDLE_MA = const(1)  # and of a dark LED


class Strip:
    """LEDs at a machine.Pin that is not configured.

    count: how many; order: of the colours on the wire; boot: "off", "on", or "restored", which is off until it is told
    what it was; brightness: % of what the LEDs can, at the most; max_current: mA, 0 for no limit; gamma: hundredths;
    fade: ms, where a command names no transition.
    """

    _mode = b"rgb"
    _orders = ("GRB", "RGB", "BRG", "BGR", "RBG", "GBR")

    def __init__(self, pin, count=60, order="GRB", boot="off", brightness=100, max_current=0, gamma=220, fade=500):
        # cold: once a strip
        if order not in self._orders:
            raise ValueError("order: expected one of %s, found %r" % (", ".join(self._orders), order))
        known(boot)
        _check("count", count, 1, 300)
        _check("brightness", brightness, 1, 100)
        _check("max_current", max_current, 0, 30_000)
        _check("gamma", gamma, 100, 300)
        _check("fade", fade, 0, 60_000)
        self._pin = pin
        self.count = count
        self._curve = _curve(gamma / 100)
        self._limit = brightness
        self._budget = max(max_current - count * _IDLE_MA, 1) * _FULL // _CHANNEL_MA if max_current else 0
        self._fade = fade
        self._command = Command(len(order) == 4)
        self._width = len(order)
        self._order = bytes(["RGBW".index(c) for c in order])
        self._buf = bytearray(count * self._width)
        # Red, green, blue, white and brightness: as commanded, as painted, where a fade begins and where it ends.
        self._color = bytearray(self._usual())
        self.tint = bytearray(5)
        self._from = bytearray(5)
        self._to = bytearray(5)
        self.led = bytearray(4)  # the LED being painted
        self.effect = 0
        self.phase = 0  # of an effect: 16 bits, one frame further is 256 at its usual speed
        self._on = boot == "on"
        self._at = -1  # where a frame is: LEDs painted, then those dimmed for the budget; -1 between frames
        self._sum = self._share = 0
        self._begun = self._start = ticks_ms()
        self._span = self._shift = 0
        pin.init(pin.OUT, value=0)
        self._go(0)
        while self._at >= 0:  # from the first moment on
            self._step()

    def _usual(self):  # cold: once a strip
        return (_FULL, _FULL, _FULL, 0, _FULL)

    # The shape of an actuator

    def set(self, payload):
        """ON, OFF, or a table of state, brightness, color {r, g, b}, white, effect and transition (s)."""
        command = self._command
        self._copy(command.wish, self._color)
        command.read(payload)
        if command.wish[BRIGHTNESS] == 0:
            command.on = False
            command.wish[BRIGHTNESS] = self._color[BRIGHTNESS]
        self._copy(self._color, command.wish)
        self._on = command.on
        self._change(command)
        self._go(self._fade if command.time < 0 else command.time)

    def state(self, buf):
        at = put(buf, 0, b'{"state":"')
        at = put(buf, at, ON if self._on else OFF)
        at = put(buf, at, b'","color_mode":"')
        at = put(buf, at, self._mode)
        at = put(buf, at, b'","brightness":')
        at = put_number(buf, at, self._color[BRIGHTNESS])
        at = self._put_color(buf, put(buf, at, b',"color":{"r":'))
        at = put(buf, at, b'},"effect":"')
        at = put(buf, at, EFFECTS[self.effect])
        return put(buf, at, b'"}')

    def poll(self):
        """One step of a frame; milliseconds until the next."""
        if self._at < 0:
            left = (_FRAME_MS if self._moves() else _REST_MS) - ticks_diff(ticks_ms(), self._begun)
            if 0 < left <= _REST_MS:
                return left
            self._frame()
        self._step()
        return 0 if self._at >= 0 else _FRAME_MS if self._moves() else _REST_MS

    def safe(self):
        """Dark, at once."""
        self._on = False
        self._go(0)
        for i in range(len(self._buf)):
            self._buf[i] = 0
        self._send()

    def _change(self, command):
        # A colour ends the rainbow, which has all of them; other effects take it.
        if command.effect >= 0:
            self.effect = command.effect
        elif command.fresh and self.effect == RAINBOW:
            self.effect = 0

    def _put_color(self, buf, at):
        color = self._color
        at = put_number(buf, at, color[0])
        at = put_number(buf, put(buf, at, b',"g":'), color[1])
        return put_number(buf, put(buf, at, b',"b":'), color[2])

    # Frames

    def _go(self, ms):
        # A fade from what is painted to what was commanded. Past and span are halved until their product with a channel
        # fits into a small integer.
        self._copy(self._from, self.tint)
        self._aim(self._color[BRIGHTNESS] * self._limit // 100 if self._on else 0)
        self._start = ticks_ms()
        self._shift = 0
        while ms >> self._shift > 1_000_000:
            self._shift += 1
        self._span = ms >> self._shift
        self._frame()

    def _aim(self, brightness):
        for i in range(4):
            self._to[i] = self._color[i] * brightness // _FULL
        self._to[BRIGHTNESS] = brightness

    def _copy(self, to, found):
        for i in range(5):
            to[i] = found[i]

    def _moves(self):
        return self._span or self.effect and self.tint[BRIGHTNESS]

    def _frame(self):
        # Begins a frame, as the time wants it.
        now = ticks_ms()
        past = ticks_diff(now, self._start) >> self._shift
        self.phase = self.phase + 256 & 0xFFFF
        self._begun = now
        if not 0 <= past < self._span:
            self._span = 0
        for i in range(5):
            self._fade_to(i, past)
        self._at = self._sum = 0

    def _fade_to(self, i, past):
        to = self._to[i]
        if self._span:
            to = self._from[i] + (to - self._from[i]) * past // self._span
        self.tint[i] = to

    def _step(self):
        if self._at < self.count:
            self._paint()
        elif self._at < 2 * self.count:
            self._dim()
        else:
            self._at = -1
            self._send()

    def _paint(self):
        end = min(self._at + _STEP, self.count)
        painter = PAINTERS[self.effect]
        while self._at < end:
            painter(self, self._at)
            self._put(self._at * self._width)
            self._at += 1
        if end == self.count and not self._exceeds():
            self._at = 2 * end

    def _put(self, at):
        for i in self._order:
            shown = self._curve[self.led[i]]
            self._buf[at] = shown
            self._sum += shown
            at += 1

    def _exceeds(self):
        if not self._budget or self._sum <= self._budget:
            return False
        self._share = (self._budget << 8) // self._sum
        return True

    def _dim(self):
        # 16 LEDs more, down to their share of the current.
        at = (self._at - self.count) * self._width
        end = min(at + _STEP * self._width, len(self._buf))
        while at < end:
            self._buf[at] = self._buf[at] * self._share >> 8
            at += 1
        self._at = self.count + at // self._width

    def _send(self):
        sleep_us(_PAUSE_US)
        bitstream(self._pin, 0, _TIMES, self._buf)


def _check(name, value, least, most):
    if not least <= value <= most:
        raise ValueError("%s: expected %d to %d, found %r" % (name, least, most, value))


def _curve(gamma):  # cold: once a strip
    made = bytearray(256)
    for i in range(256):
        made[i] = round(_FULL * (i / _FULL) ** gamma)
    return made


driver = Strip
