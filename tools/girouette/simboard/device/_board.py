# The wire between the board's MicroPython and the host that plays its hardware: two pipes, one question and one answer
# at a time. `call`, `read_into` and `write_from` allocate nothing, which is why a node sees here the heap it has on a
# chip. Only the wire lives here; machine.py, network.py and the others say what travels on it.
# Ctrl-C may come at any point where a jump or a wait is; so there is none between the two writes of a question.
#
# Question: op, unit, a (2 bytes), b (2), n (2), then n bytes.
# Answer: errno or 0, 1 for Ctrl-C and 2 for edges at pins (more: _steps.py), n (2), value (4), then n bytes.
# All numbers have their low byte first. Op 0 is `ask`: JSON both ways, for what happens seldom.

import json

_head = bytearray(8)
_from_host = None
_to_host = None
_kept = {}
_left = 0  # of the question under way: -1 before its answer, then the bytes of it still to be read
_tell = None  # what asks for the edges at pins, once one is watched
_edges = False  # whether there are some


def connect(from_host, to_host):
    """Open the two inherited pipes, given by their file descriptor numbers."""
    global _from_host, _to_host
    _from_host = open("/dev/fd/" + from_host, "rb")
    _to_host = open("/dev/fd/" + to_host, "wb")


def keep_room(sizes):
    """Occupy the heap that was given for modules which may be loaded later: {module: bytes}."""
    for name in sizes:
        _kept[name] = bytearray(sizes[name])


def make_room(name):
    """Before that module is loaded: so it costs the firmware nothing, as on a chip, where it is in flash."""
    _kept.pop(name, None)


def on_edges(tell):
    """tell() is called before the next question when there have been edges at pins that are watched."""
    global _tell
    _tell = tell


def _interrupted():
    # Handlers ask the host too, and more edges come meanwhile: they are told in their turn, not in the middle.
    global _edges, _tell
    _edges = False
    tell, _tell = _tell, None
    try:
        tell()
    finally:
        _tell = tell


def _address(op, unit, a, b):
    if _left:
        _settle()
    if _edges and _tell:
        _interrupted()
    h = _head
    h[0] = op
    h[1] = unit
    h[2] = a
    h[3] = a >> 8
    h[4] = b
    h[5] = b >> 8


def _send(n):
    global _left
    _head[6] = n
    _head[7] = n >> 8
    _to_host.write(_head)
    _left = -1


def _answer():
    global _left, _edges
    h = _head
    n = _from_host.readinto(h)
    _left = h[2] | h[3] << 8
    if n != 8:
        raise SystemExit  # the host is gone: nothing is left to run on
    if h[1] & 2:
        _edges = True
    if h[1] & 1:
        raise KeyboardInterrupt
    if h[0]:
        raise OSError(h[0])
    return h[4] | h[5] << 8 | h[6] << 16 | h[7] << 24  # the host sends at most 30 bits


def _settle():
    # Ctrl-C came between a question and its answer: what is still to come of it must not answer the next one.
    global _left
    if _left < 0:
        _from_host.readinto(_head)
        _left = _head[2] | _head[3] << 8
    _rest(_left)


def _rest(n):
    global _left
    data = _from_host.read(n)
    _left = 0
    return data


def call(op, unit=0, a=0):
    """Ask for one number (0 to 2**30 - 1). Raises OSError as the chip would."""
    _address(op, unit, a, 0)
    _send(0)
    return _answer()


def read_into(op, unit, a, b, buf):
    """Fill `buf` from the host."""
    global _left
    _address(op, unit, a, b)
    _send(len(buf))
    _answer()
    _from_host.readinto(buf)
    _left = 0


def write_from(op, unit, a, b, buf):
    """Send `buf` to the host; its answer is a number."""
    _address(op, unit, a, b)
    _send(len(buf))
    _to_host.write(buf)
    return _answer()


def ask(what, *args):
    """Ask in JSON. Allocates; for what is done once."""
    text = json.dumps((what, args)).encode()
    write_from(0, 0, 0, 0, text)
    ok, result = json.loads(_rest(_left))
    if not ok:
        raise (ValueError if ok is None else OSError)(result)
    return result
