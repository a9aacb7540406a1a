"""The file that holds the states of actuators across a loss of power. Loaded for the moment it takes; when it is
written is known in restored.py.

Its first line is a checksum of the others, each of which is a name, a space, and a state as its driver says it.
"""

import os
from binascii import crc32

_FILE = "states"


def read():
    """{name: state}, a state being bytes; empty where there is no file yet, None where it is damaged."""
    try:
        with open(_FILE, "rb") as file:
            head, _, body = file.read().partition(b"\n")
    except OSError:
        return {}
    if head != _sum(body):
        return None
    states = {}
    for line in body.split(b"\n")[:-1]:
        name, _, state = line.partition(b" ")
        states[str(name, "utf-8")] = state
    return states


def write(states):
    """Replaces the file. Raises OSError when the flash cannot be written."""
    body = b""
    for name in sorted(states):
        body += name.encode() + b" " + states[name] + b"\n"
    draft = _FILE + ".new"  # a power cut leaves the old ones or the new ones
    with open(draft, "wb") as file:
        file.write(_sum(body) + b"\n" + body)
    os.rename(draft, _FILE)


def _sum(body):
    return b"%08x" % (crc32(body) & 0xFFFFFFFF)
