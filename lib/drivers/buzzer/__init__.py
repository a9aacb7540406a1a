"""A passive buzzer, or a small loudspeaker behind a transistor: tones and a melody of one's own at a PWM output.

Home Assistant's MQTT siren. An alarm and a siren go on until they are told to stop; a beep, a chime and the melody are
played once, or again and again for the duration that the command names. A melody is notes with their milliseconds,
"c5:200 e5:200 -:100 g5:400"; notes are those of equal temperament with a' at 440 Hz.
"""

from array import array

from drivers.flat import NUMBER, TEXT, Flat
from drivers.thing import LONG_MS, OFF, ON, put, ticks_diff, ticks_ms, word

_MOST_MS = 86_400_000
_LONGEST_MS = 3_000  # of a note
_SEMITONES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}

# Hz (0: silence) and ms, in turn; the first two repeat
_TONES = (
    (b"alarm", (2700, 250, 0, 250)),
    (b"siren", (600, 150, 700, 150, 800, 150, 900, 150, 1000, 150, 900, 150, 800, 150, 700, 150)),
    (b"beep", (2000, 200, 0, 100)),
    (b"chime", (1319, 300, 1047, 600, 0, 100)),
)
_REPEAT = 2
_MELODY = b"melody"


def notes(melody):  # cold: once a buzzer
    """The frequencies and times of a melody; ValueError says which note is none."""
    made = []
    for note in melody.split():
        name, colon, ms = note.partition(":")
        if not colon or not ms.isdigit() or not 1 <= int(ms) <= _LONGEST_MS:
            _wrong(note)
        made += [0 if name == "-" else _frequency(name, note), int(ms)]
    return made


def _frequency(name, note):
    if len(name) not in (2, 3) or name[0] not in _SEMITONES or not "2" <= name[-1] <= "8":
        _wrong(note)
    if len(name) == 3 and name[1] not in "#b":
        _wrong(note)
    shift = {"#": 1, "b": -1}[name[1]] if len(name) == 3 else 0
    semitone = (int(name[-1]) + 1) * 12 + _SEMITONES[name[0]] + shift
    return round(440 * 2 ** ((semitone - 69) / 12))


def _wrong(note):
    raise ValueError('melody: "%s" is no note such as c5:200, at most %d ms' % (note, _LONGEST_MS))


class Buzzer:
    """A buzzer at a machine.PWM. tone: the one that ON plays; melody: its notes; volume: %."""

    def __init__(self, pwm, tone="alarm", melody="c5:200 e5:200 g5:400", volume=100):  # cold: once a buzzer
        if not 1 <= volume <= 100:
            raise ValueError("volume: expected 1 to 100, found %r" % (volume,))
        self._names = [name for name, _ in _TONES] + [_MELODY]
        if not isinstance(tone, str) or tone.encode() not in self._names:
            raise ValueError("tone: expected %s, found %r" % (", ".join([n.decode() for n in self._names]), tone))
        self._tones = [array("H", made) for _, made in _TONES] + [array("H", notes(melody))]
        self._pwm = pwm
        self._volume = self._usual = volume
        self._tone = self._names.index(tone.encode())
        self._flat = Flat()
        self._on = False
        self._at = self._span = 0
        self._begin = self._since = ticks_ms()
        self._hush()

    def set(self, payload):
        """ON, OFF, or a table of state, tone, duration (s) and volume_level (0 to 1); other keys mean nothing."""
        self._state = -1
        self._wish = self._tone
        self._time = 0
        self._loud = -1
        if payload and payload[0] == 123:  # {
            self._read(payload)
        else:
            self._state = word(payload)
        if self._state:
            self._play()
        else:
            self.safe()

    def _read(self, payload):
        flat = self._flat
        flat.open(payload)
        while flat.next():
            self._key(flat)
        if self._state < 0:
            self._bad("expected a state")

    def _key(self, flat):
        if flat.key_is(b"state"):
            self._state = 1 if flat.text_is(ON) else 0 if flat.text_is(OFF) else self._bad("state: expected ON or OFF")
        elif flat.key_is(b"tone"):
            self._wish = self._named(flat)
        elif flat.key_is(b"duration"):
            self._time = self._number(flat, _MOST_MS, "duration: expected seconds, at most a day")
        elif flat.key_is(b"volume_level"):
            self._loud = self._number(flat, 1000, "volume_level: expected a number from 0 to 1")

    def _named(self, flat):
        i = len(self._names)
        while i and flat.kind == TEXT:
            i -= 1
            if flat.text_is(self._names[i]):
                return i
        self._bad("tone: expected alarm, siren, beep, chime or melody")

    def _number(self, flat, most, expected):
        if flat.kind != NUMBER or not 0 <= flat.number <= most:
            self._bad(expected)
        return flat.number

    def _bad(self, expected):  # cold: only for a bad command
        raise ValueError(expected)

    def state(self, buf):
        at = put(buf, 0, b'{"state":"')
        at = put(buf, at, ON if self._on else OFF)
        at = put(buf, at, b'","tone":"')
        at = put(buf, at, self._names[self._tone])
        return put(buf, at, b'"}')

    def poll(self):
        """The next note when it is time for it; milliseconds until then."""
        if not self._on:
            return LONG_MS
        now = ticks_ms()
        if self._span and ticks_diff(now, self._begin) >= self._span:
            self.safe()
            return LONG_MS
        left = self._tones[self._tone][self._at + 1] - ticks_diff(now, self._since)
        return left if left > 0 else self._next()

    def safe(self):
        """Silent, at once."""
        self._on = False
        self._hush()

    def _play(self):
        self._tone = self._wish
        self._volume = self._usual if self._loud < 0 else self._loud // 10
        self._span = self._time
        self._begin = ticks_ms()
        self._on = True
        self._sound(0)

    def _next(self):
        at = self._at + 2
        if at >= len(self._tones[self._tone]):
            at = 0
            if not self._span and self._tone >= _REPEAT:
                self.safe()
                return LONG_MS
        return self._sound(at)

    def _sound(self, at):
        tone = self._tones[self._tone]
        self._at = at
        self._since = ticks_ms()
        if tone[at]:
            self._pwm.freq(tone[at])
            self._pwm.duty_u16(self._volume * 32767 // 100)
        else:
            self._hush()
        return tone[at + 1]

    def _hush(self):
        self._pwm.duty_u16(0)


driver = Buzzer
