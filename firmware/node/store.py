"""`"store": true`: the client whose messages wait in a file, and what becomes of the node when that file is no good.

Nothing about the file stops the node: one that is damaged, or another client's, is put aside; on flash that cannot be
written readings wait in RAM. How the file works is leanmqtt's journal.
"""

import os

from leanmqtt import Client, journal

from . import lazy
from .parts import Unfit

FILE = "outbox.log"
ASIDE = "outbox.bad"

_FAT = (
    "the flash is FAT: a power cut while it is written may cost %s, or more; LittleFS lives through that: "
    'save your files, then on the console: import os, pyb; os.umount("/flash"); '
    "os.VfsLfs2.mkfs(pyb.Flash(start=0)); reset, and copy them back" % FILE
)


class Keeper:
    """Called as Client is, once: makes the client that keeps what waits."""

    def __init__(self, settings, voice):  # cold: once
        self._size = settings["store_size"]
        self._account = settings["broker"]
        self._voice = voice
        least = 8 * self._account["outbox"] + 2048  # of which the journal makes sure
        if self._size < least:
            raise Unfit("store_size: expected at least %d for this broker.outbox, found %d" % (least, self._size))
        if self._account["version"] == [5, 4]:
            raise Unfit("broker.version: expected 4 or 5, since there is a store, found a list [ ]")

    def __call__(self, *place, **options):  # cold: once
        for _ in range(2):
            try:
                return self._made(place, options)
            except ValueError as fault:
                text = str(fault)
                if not text.endswith("remove it") or not self._put_aside():
                    break
        client = Client(*place, **self._fresh(options))  # raises what is wrong with anything else
        self._voice.trouble("%s; readings wait in RAM only" % text)
        return client

    def _made(self, place, options):
        made = journal.Client(*place, journal=journal.Journal(FILE, self._size), **self._fresh(options))
        if made.stored:
            self._voice.info("%d readings wait in %s" % (made.stored, FILE))
        if is_fat(FILE):
            self._voice.trouble(_FAT)
        return made

    def _fresh(self, options):
        # A WebSocket serves one client, made or not.
        if "transport" in options:
            options["transport"] = lazy.once("headers", "socket", self._account)
        return options

    def _put_aside(self):
        try:
            journal.records.remove(ASIDE)
            os.rename(FILE, ASIDE)
        except OSError:
            return False
        self._voice.trouble("%s was damaged or another client's: it is %s now, a new one begins" % (FILE, ASIDE))
        return True


def is_fat(path):
    """Whether the existing file is on FAT, which alone takes capital letters and small ones for the same."""
    try:
        os.stat(path.upper())
    except OSError:
        return False
    return True
