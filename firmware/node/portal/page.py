"""page.html, filled in piece by piece as it goes out, so that it never is in memory as a whole.

A line of the file that begins with % says when those after it are shown, until %end: while that is the phase, or, with
%each before it, for each network heard. {{word}} is a value, made harmless for HTML: what is in the air is not ours.
"""
# cold file: nothing of a node that is set up is here

from .desk import SHOWN
from .http import COOKIE, head

_FILE = __file__.rsplit("/", 1)[0] + "/page.html"
_ORDER = ("ssid", "password", "host", "port", "user", "secret", "name")  # of the fields on it
_PIECE = 512  # bytes, about a radio frame's third
_POLICY = (
    b"Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def page(desk, mine, token):
    """The pieces of the answer: the head, then the page as it is now.

    mine: whether what is hidden was entered by who asks; token: for their cookie, where they have none yet.
    """
    lines = [b"Content-Type: text/html; charset=utf-8", b"X-Content-Type-Options: nosniff", _POLICY]
    if token:
        lines.append(b"Set-Cookie: " + COOKIE + token + b"; HttpOnly; SameSite=Strict; Path=/")
    yield head(b"200 OK", *lines)
    piece = ""
    for text in _lines(View(desk, mine)):
        piece += text
        if len(piece) >= _PIECE:
            yield piece.encode()
            piece = ""
    yield piece.encode()


def _lines(view):
    shown = True
    with open(_FILE) as file:
        for line in file:
            line = line.lstrip(" ")  # it is for who reads the source
            if line[0] != "%":
                if shown:
                    yield _filled(line, view)
            elif line.startswith("%each "):
                if shown:
                    for network in view.desk.door.networks:
                        view.network = network
                        yield _filled(line[6:], view)
            else:
                shown = line.strip() in ("%end", "%" + view.desk.phase)


def _filled(line, view):
    pieces = line.split("{{")
    for i in range(1, len(pieces)):
        word, _, rest = pieces[i].partition("}}")
        pieces[i] = view.get(word) + rest
    return "".join(pieces)


def escaped(text):
    """Text as it may stand in HTML, also in an attribute's quotes."""
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        text = text.replace(sign, name)
    return text


class View:
    """What the words of the page mean. network: the one a line is for, (name, dBm, whether it has a password)."""

    def __init__(self, desk, mine):
        self.desk = desk
        self._mine = mine
        self.network = None
        self._first = next((field for field in _ORDER if field in desk.errors), "")

    def get(self, word):
        """The HTML of `word`: a field's value, or what it says of a field: `error name`."""
        what, _, field = word.partition(" ")
        if field:
            return getattr(self, "_" + what)(field)
        if what in SHOWN:
            return escaped(self.desk.values[what])
        return getattr(self, "_" + what)()

    # -- of the node

    def _node(self):
        return escaped(self.desk.door.name)

    def _phase(self):
        return self.desk.phase

    def _left(self):
        return str(max(self.desk.door.left(), 0))

    def _minutes(self):
        return str(max(self.desk.door.left() + 59, 60) // 60)

    def _step(self):
        return str(self.desk.step)

    def _stage(self, number):
        step = self.desk.step
        return "done" if step > int(number) else "now" if step == int(number) else ""

    # -- of a field

    def _error(self, field):
        told = self.desk.errors.get("" if field == "all" else field)
        return "<p class=e id=e-%s role=alert>%s</p>" % (field, escaped(told)) if told else ""

    def _bad(self, field):
        if field not in self.desk.errors:
            return ""
        return " aria-invalid=true aria-describedby=e-" + field + (" autofocus" if field == self._first else "")

    def _kept(self, field):
        return "entered; empty keeps it" if self._mine and self.desk.hidden.get(field) else ""

    # -- of a network

    def _heard(self):
        return escaped(self.network[0])

    def _bars(self):
        rssi = self.network[1]
        return "4" if rssi >= -55 else "3" if rssi >= -67 else "2" if rssi >= -78 else "1"

    def _signal(self):
        return ("weak", "fair", "good", "very good")[int(self._bars()) - 1]

    def _lock(self):
        return "" if self.network[2] else ", open"

    def _chosen(self):
        return " checked" if self.desk.values["ssid"] == self.network[0] else ""

    def _other(self):
        # One that is not heard.
        ssid = self.desk.values["ssid"]
        return "" if ssid in [one[0] for one in self.desk.door.networks] else escaped(ssid)

    def _unheard(self):
        return " checked" if self._other() or not self.desk.door.networks else ""
