"""A command to a light with colours and effects, as Home Assistant's `json` schema has it, read without allocating.

What it means is the driver's business; here it is only understood, or refused in words that say what was expected.
"""

from drivers import const
from drivers.effects import BRIGHTNESS, EFFECTS
from drivers.flat import NUMBER
from drivers.nested import TABLE, Nested
from drivers.thing import OFF, ON, word

_TOP_MS = const(86_400_000)
_FULL = const(255)


class Command:
    """What the last command said. white: there is a white LED beside red, green and blue.

    wish: red, green, blue, white and brightness, as whoever reads has filled it, with what the command names over it;
    on; time: ms of a transition, effect: its number, both -1 where none is named; fresh: a colour is named.
    """

    def __init__(self, white):  # cold: once a strip
        self._flat = Nested()
        self._has_white = white
        self.wish = bytearray(5)
        self.on = self.fresh = False
        self.time = self.effect = -1

    def read(self, payload):
        """ON, OFF, or a table; ValueError for others."""
        self.time = self.effect = -1
        self.on = True
        self.fresh = False
        if payload and payload[0] == TABLE:
            self._table(payload)
        else:
            self.on = word(payload)

    def _table(self, payload):
        flat = self._flat
        flat.open(payload)
        said = False
        while flat.next():
            said = self._key(flat) or said
        if not said:
            raise ValueError("expected a state, a brightness, a color or an effect")

    def _key(self, flat):
        # Whether the key says what the light is to be.
        if flat.key_is(b"state"):
            self.on = True if flat.text_is(ON) else False if flat.text_is(OFF) else _bad("state: expected ON or OFF")
        elif flat.key_is(b"brightness"):
            self.wish[BRIGHTNESS] = _byte(flat, "brightness: expected a number from 0 to 255")
        elif flat.key_is(b"color"):
            self._color(flat)
        elif flat.key_is(b"effect"):
            self.effect = _effect(flat)
        else:
            return self._other(flat)
        return True

    def _other(self, flat):
        if flat.key_is(b"white"):
            self._white(_byte(flat, "white: expected a number from 0 to 255"))
            return True
        if flat.key_is(b"transition"):
            if flat.kind != NUMBER or not 0 <= flat.number <= _TOP_MS:
                _bad("transition: expected seconds, at most a day")
            self.time = flat.number
        else:
            flat.skip()
        return False

    def _color(self, flat):
        if flat.kind != TABLE:
            _bad("color: expected a table of r, g and b")
        self._begin_color(0)
        found = 0
        while flat.next():
            i = self._channel(flat)
            self.wish[i] = _byte(flat, "color: expected numbers from 0 to 255")
            found |= 1 << i
        if found & 7 != 7:
            _bad("color: expected r, g and b")

    def _begin_color(self, level):
        self.fresh = True
        wish = self.wish
        wish[0] = wish[1] = wish[2] = level
        wish[3] = 0

    def _channel(self, flat):
        if flat.key_is(b"r"):
            return 0
        if flat.key_is(b"g"):
            return 1
        if flat.key_is(b"b"):
            return 2
        if self._has_white and flat.key_is(b"w"):
            return 3
        return _bad("color: expected r, g, b%s and nothing else" % (", w" if self._has_white else ""))

    def _white(self, brightness):
        # White alone, as bright as that: by its own LED where there is one.
        self._begin_color(0 if self._has_white else _FULL)
        if self._has_white:
            self.wish[3] = _FULL
        self.wish[BRIGHTNESS] = brightness


def _effect(flat):
    for i in range(len(EFFECTS)):
        if flat.text_is(EFFECTS[i]):
            return i
    return _bad("effect: expected off, rainbow, chase, twinkle or breathe")


def _byte(flat, expected):
    if flat.kind != NUMBER or not 0 <= flat.number <= 255_000:
        _bad(expected)
    return (flat.number + 500) // 1000


def _bad(expected):  # cold: only for a bad command
    raise ValueError(expected)
