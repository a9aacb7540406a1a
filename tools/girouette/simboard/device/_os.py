# `os` as on a chip, where MicroPython for the PC has less or shows more: sizes in listings, a flash of limited size
# where a folder plays it, and no sign of the folder that holds these modules.

from os import *
from os import ilistdir as _ilistdir
from os import statvfs as _statvfs

from _board import ask as _ask

OURS = ".board"
_BLOCK = const(4096)

_about = ()


def begin(about):
    global _about
    _about = about["uname"]


def uname():
    from collections import namedtuple

    return namedtuple("uname", ("sysname", "nodename", "release", "version", "machine"))(*_about)


def sync():
    pass


def _entries(entries, path):
    for entry in entries:
        if entry[0] != OURS:
            if len(entry) == 3 and entry[1] == 0x8000:
                entry += (stat(path + "/" + entry[0] if path else entry[0])[6],)
            yield entry


def ilistdir(path=""):
    return _entries(_ilistdir(path), path)


def listdir(path=""):
    return [entry[0] for entry in ilistdir(path)]


def statvfs(path):
    figures = _statvfs(path)
    space = _ask("space")
    if space is None:
        return figures
    return (_BLOCK, _BLOCK, space[0] // _BLOCK, space[1] // _BLOCK, space[1] // _BLOCK) + figures[5:]
