"""One question to one NTP server, without waiting: RFC 4330 (SNTP), in the terms of RFC 5905. Loaded while it is asked.

The question holds a random number where a client's clock would stand, and only an answer with that number counts: one
who cannot read the question cannot set the clock. Nothing here knows which servers there are, nor sets anything.
"""

import os
import socket

_ANSWER = 48  # bytes, RFC 5905 7.3
_ASK = 0x23  # no warning, version 4, mode 3: a client
_SERVER = 4
_EPOCH = 2208988800  # 1970 in NTP's seconds, since 1900
_ERA = 1 << 32  # those wrap in 2036
_FIRST = 1735689600  # 2025: before it this firmware was not
_AGAIN = (11, 35, 115, 119)  # EAGAIN on the ports and on macOS, EINPROGRESS: nothing has come yet
_WORST_S = 16  # MAXDISP: a server farther than that from the true time is none


class Refused(Exception):
    """The answer cannot be used; the text says why. final: the server asks not to be asked again."""

    def __init__(self, why, final=False):
        super().__init__(why)
        self.final = final


class Question:
    """Asks (name or address, port); clock is time's names. OSError comes through from the network."""

    def __init__(self, server, clock):  # cold: every few hours
        self._clock = clock
        where = socket.getaddrinfo(server[0], server[1])[0]  # lwIP refuses SOCK_DGRAM as a hint
        self._socket = socket.socket(where[0], socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._request = bytearray(_ANSWER)
            self._request[0] = _ASK
            self._request[40:48] = os.urandom(8)
            self._socket.sendto(self._request, where[-1])
        except OSError:
            self._socket.close()
            raise
        self._asked = clock.ticks_ms()

    def age(self):
        """Milliseconds since it was asked."""
        return self._clock.ticks_diff(self._clock.ticks_ms(), self._asked)

    def answer(self):  # cold: every few hours
        """Milliseconds since 1970, now; None as long as nothing has come. Raises Refused."""
        while True:
            try:
                answer = self._socket.recv(_ANSWER)
            except OSError as fault:
                if fault.errno in _AGAIN:
                    return None
                raise
            if not answer:
                return None
            if len(answer) == _ANSWER and answer[24:32] == self._request[40:48]:
                return time_of(answer, self.age())

    def close(self):
        """Give the socket back."""
        self._socket.close()


def time_of(answer, passed):  # cold: every few hours
    """The milliseconds since 1970 that it is when `answer` is in, `passed` ms after it was asked for."""
    if answer[0] & 7 != _SERVER:
        raise Refused("answers, but not as a time server")
    if answer[1] == 0:  # kiss-o'-death, RFC 5905 7.4
        _kissed(bytes(answer[12:16]))
    if answer[0] >> 6 == 3 or answer[1] > 15 or not any(answer[40:48]):
        raise Refused("does not know the time itself")
    if (_half(answer, 4) >> 1) + _half(answer, 8) >= _WORST_S:
        raise Refused("is too far from the true time")
    sent = _ms(answer, 40)
    if sent < _FIRST * 1000:
        raise Refused("tells a time that is long over")
    inside = min(max(sent - _ms(answer, 32), 0), passed)
    return sent + (passed - inside) // 2


def _kissed(code):
    if code in (b"DENY", b"RSTR"):
        raise Refused("does not want to be asked by this node", True)
    if code == b"RATE":
        raise Refused("wants to be asked less often")
    raise Refused("does not know the time itself")


def _half(answer, at):
    return answer[at] << 8 | answer[at + 1]


def _ms(answer, at):
    seconds = _half(answer, at) << 16 | _half(answer, at + 2)
    if seconds < _ERA >> 1:  # since 2036
        seconds += _ERA
    return (seconds - _EPOCH) * 1000 + (_half(answer, at + 4) * 1000 >> 16)
