# A file of records that only grows, each sealed with a checksum that goes on from the one before it: what
# was left by a power cut or a failed write never passes for a record. Part of the optional journal; it knows
# nothing of MQTT, nor what is in a record behind its size.
#
# File: "LMJ1" | owner (4) | seal, then records: size (3 bytes, of all but the seal) | ... | seal (4).
# cold file: a file is read or written
import os
from binascii import crc32
from struct import unpack_from

from . import MQTTError
from .port import const, pack_into

try:
    from os import fsync  # CPython: what flush() is on MicroPython
except ImportError:
    fsync = None

_SEAL = const(4)
_HEAD = const(8)
START = 12  # where the first record lies
_MAGIC = b"LMJ1"


class Log:
    """The file at `path`; `owner`: 4 bytes that say whose it is. OSError comes through from all that it does."""

    def __init__(self, path, owner):
        self.path = path
        self.owner = owner
        self.file = None
        self.tmp = bytearray(256)
        self.view = memoryview(self.tmp)
        self.head = bytearray(_SEAL + _HEAD)  # the seal before the record looked at, and the beginning of it
        self.end = 0  # of what is on flash
        self.at = 0  # of what is written
        self.crc = self.sealed = 0  # as the next record's checksum begins: at `at`, at `end`

    def open(self):
        """Open the file, made anew where there is none; False: it is somebody else's or damaged."""
        try:
            self.file = open(self.path, "r+b")
        except OSError as e:
            if e.errno != 2:
                raise
            return self.create()
        if self.file.readinto(self.head) < START:  # cut while it was made
            self.close()
            return self.create()
        seed = crc32(self.owner, crc32(_MAGIC))
        return bytes(self.head[:_HEAD]) == _MAGIC + self.owner and unpack_from(">I", self.head, 8)[0] == seed

    def create(self):
        """Begin an empty file."""
        self.file = open(self.path, "w+b")
        self.at = self.crc = 0
        self._out(_MAGIC)
        self._out(self.owner)
        self._seal()
        self.sync()
        return True

    def close(self):
        """Close the file, if it is open."""
        if self.file:
            self.file.close()
        self.file = None

    # -- writing

    def begin(self):
        """Go to the end of what is on flash; what was written behind it and not synced is gone."""
        if not self.file:  # after an error: only a new handle writes again
            self.file = open(self.path, "r+b")
        self.file.seek(self.end)
        self.at = self.end
        self.crc = self.sealed

    def append(self, record):
        """Write a record; it counts from `sync` on."""
        self._out(record)
        self._seal()

    def _out(self, data):
        if self.file.write(data) != len(data):
            raise OSError(28, "full")
        self.crc = crc32(data, self.crc)
        self.at += len(data)

    def _seal(self):
        pack_into(">I", self.tmp, 0, self.crc)
        if self.file.write(self.view[:_SEAL]) != _SEAL:
            raise OSError(28, "full")
        self.at += _SEAL

    def sync(self):
        """Make what was written last."""
        self.file.flush()
        if fsync:
            fsync(self.file.fileno())
        self.end = self.at
        self.sealed = self.crc

    def failed(self):
        """A write failed: what is not on flash is forgotten, the handle too."""
        try:
            self.close()
        except OSError:
            self.file = None

    # -- reading

    def look(self, at):
        """The size of the record at `at`, unchecked, its beginning in `head` behind 4 bytes; 0: there is none."""
        if not self.file:
            self.file = open(self.path, "r+b")
        self.file.seek(at - _SEAL)
        h = self.head
        if self.file.readinto(h) != _SEAL + _HEAD:
            return 0
        n = h[4] << 16 | h[5] << 8 | h[6]
        return n if n >= _HEAD else 0

    def check(self, at):
        """The size of the record at `at`, its beginning in `head`; 0: there is no sound one."""
        n = self.look(at)
        if not n:
            return 0
        crc = crc32(memoryview(self.head)[_SEAL:], unpack_from(">I", self.head)[0])
        left = n - _HEAD
        while left:
            part = self.view[: min(left, 256)]
            if self.file.readinto(part) != len(part):
                return 0
            crc = crc32(part, crc)
            left -= len(part)
        return n if self._is_seal(crc) else 0

    def read(self, at, into):
        """Read the record at `at` whole, which has len(into) bytes; False: it is not sound."""
        self.file.seek(at - _SEAL)
        self.file.readinto(self.view[:_SEAL])
        seed = unpack_from(">I", self.tmp)[0]
        return self.file.readinto(into) == len(into) and self._is_seal(crc32(into, seed))

    def _is_seal(self, crc):
        return self.file.readinto(self.view[:_SEAL]) == _SEAL and unpack_from(">I", self.tmp)[0] == crc

    def copy(self, at, n, to):
        """Append the record at `at`, of n bytes, to the Log `to`."""
        self.file.seek(at)
        while n:
            part = self.view[: min(n, 256)]
            if self.file.readinto(part) != len(part):
                raise OSError(5, "damaged")
            to._out(part)
            n -= len(part)
        to._seal()

    def cut(self, at):
        """What is sound ends at `at`: the next record goes there."""
        self.look(at)
        self.end = self.at = at
        self.crc = self.sealed = unpack_from(">I", self.head)[0]

    def take_place(self, old):
        """Become the file that `old` was, which is closed then."""
        path = old.path
        self.close()
        old.close()
        os.rename(self.path, path)
        self.path = path


def clear(path):
    """Finish, or undo, a replacement that was cut short."""
    try:
        os.stat(path)
    except OSError:
        try:
            os.rename(path + ".new", path)  # a file system that cannot replace in one step had removed the old one
        except OSError:
            pass
        return
    remove(path + ".new")


def remove(path):
    """Remove a file, if it is there."""
    try:
        os.remove(path)
    except OSError:
        pass


def words(path, e):
    """The MQTTError for an OSError."""
    n = e.errno
    why = {28: "the disk is full: free some room", 30: "the disk is read-only"}.get(n, "check path and disk")
    return MQTTError("journal: cannot write %s (errno %s): %s" % (path, n, why))
