"""A place for files: on MicroPython a real LittleFS on a flash chip in RAM, on CPython a folder that vanishes.

A MicroPython built without LittleFS (WebAssembly) has new folders in its own file system in RAM.

What lives here: the chip, which can lose power at any block write. What must not: anything of leanmqtt.
Runs on CPython and MicroPython.
"""

import os
import sys

BLOCK = 512
MICROPYTHON = sys.implementation.name == "micropython"


class PowerCut(Exception):
    """The power is gone: no code of the board sees this."""


class Flash:
    """A flash chip. `cut`: the write with this number fails, with a part of it done; None: none does."""

    def __init__(self, blocks=128, data=None):
        self.data = data or bytearray(b"\xff" * (blocks * BLOCK))
        self.writes = self.erases = 0
        self.cut = None
        self.part = 0  # eighths of the write that fails that are done
        self.gone = False  # nothing is there any more: what a board that was reset left open finds nothing

    def readblocks(self, n, buf, off=0):
        if self.gone:
            return 0
        a = n * BLOCK + off
        buf[:] = memoryview(self.data)[a : a + len(buf)]
        return 0

    def writeblocks(self, n, buf, off=0):
        if self.gone:
            return 0
        a = n * BLOCK + off
        if self.writes == self.cut:
            k = len(buf) * self.part // 8
            self.data[a : a + k] = memoryview(buf)[:k]
            raise PowerCut()
        self.writes += 1
        self.data[a : a + len(buf)] = buf
        return 0

    def ioctl(self, op, arg):
        if self.gone:
            return 0
        if op == 4:
            return len(self.data) // BLOCK
        if op == 5:
            return BLOCK
        if op == 6:
            self.erases += 1
            self.data[arg * BLOCK : (arg + 1) * BLOCK] = b"\xff" * BLOCK
        return 0


def reset(flash):
    """The chip after a reset, as it was, but for what was under way."""
    new = Flash(data=bytearray(flash.data))
    new.writes, new.cut, new.part, new.erases = flash.writes, flash.cut, flash.part, flash.erases
    flash.gone = True
    return new


def mount(flash, fresh=False):
    """The folder of the LittleFS on `flash` (MicroPython)."""
    import vfs

    if fresh:
        vfs.VfsLfs2.mkfs(flash)
    try:
        vfs.umount("/chip")
    except OSError:
        pass
    vfs.mount(vfs.VfsLfs2(flash), "/chip")
    return "/chip"


def has_littlefs():
    try:
        from vfs import VfsLfs2  # noqa: F401
    except ImportError:
        return False
    return True


def new_folder():
    name = "/chip%d" % len(FOLDERS)
    os.mkdir(name)
    FOLDERS.append(name)
    return name


def path():
    """The path of a file that is not there yet."""
    if MICROPYTHON:
        return (mount(Flash(), True) if has_littlefs() else new_folder()) + "/outbox.log"
    import tempfile

    folder = tempfile.TemporaryDirectory()
    FOLDERS.append(folder)
    return folder.name + "/outbox.log"


FOLDERS = []  # they are gone at the end of the process


def size(name):
    return os.stat(name)[6]
