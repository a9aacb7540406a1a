import os

from bench import Clock, Lines, equal
from node.log import Voice
from node.store import ASIDE, FILE, Keeper, is_fat

from leanmqtt.journal import Client as Kept

SETTINGS = {"store_size": 20_000, "broker": {"outbox": 512, "version": 4}}


class Disk:
    """A block device in RAM; full flash refuses to be written, as a broken one does."""

    def __init__(self, blocks=128, size=512):
        self.size = size
        self.data = bytearray(blocks * size)
        self.broken = False

    def readblocks(self, n, buf, off=0):
        at = n * self.size + off
        buf[:] = self.data[at : at + len(buf)]

    def writeblocks(self, n, buf, off=0):
        if self.broken:
            return -30
        at = n * self.size + off
        self.data[at : at + len(buf)] = buf

    def ioctl(self, op, arg):
        return {4: len(self.data) // self.size, 5: self.size}.get(op, 0)


def on(kind, test, **options):
    """Run a test in a new file system."""
    disk = Disk(**options)
    kind.mkfs(disk)
    os.mount(kind(disk), "/disk")
    os.chdir("/disk")
    try:
        return test(disk)
    finally:
        os.chdir("/")
        os.umount("/disk")


def kept(log=None):
    log = log or Lines(Clock())
    client = Keeper(SETTINGS, Voice(log, "broker"))("roof", "127.0.0.1", clean=False, outbox_size=512)
    return client, log


def test_littlefs_says_nothing():
    def test(disk):
        client, log = kept()
        equal((type(client), log.lines), (Kept, []))
        assert not is_fat(FILE)

    on(os.VfsLfs2, test)


def test_fat_is_told_with_the_cure():
    def test(disk):
        client, log = kept()
        equal((type(client), len(log.lines)), (Kept, 1))
        assert "os.VfsLfs2.mkfs" in log.lines[0], log.lines
        assert is_fat(FILE)

    on(os.VfsFat, test)


def test_what_waits_in_the_file_is_told():
    def test(disk):
        client, _ = kept()
        client.publish("a", b"1")
        client.publish("a", b"2")
        assert client.journal.flush()
        client.journal.log.close()
        client, log = kept()
        equal((client.stored, log.lines), (2, ["info  broker: 2 readings wait in outbox.log"]))

    on(os.VfsLfs2, test)


def test_any_damage_leaves_a_client_and_keeps_the_damaged_file_aside():
    def test(disk):
        client, _ = kept()
        client.publish("a", b"1")
        client.journal.flush()
        client.journal.log.close()
        with open(FILE, "rb") as file:
            whole = file.read()
        for damage in (b"", b"x", b"LMJ1", b"LMJ1" + bytes(8), bytes(4000), whole[4:], b"\xff" * 12 + whole[12:]):
            with open(FILE, "wb") as file:
                file.write(damage)
            client, log = kept()
            equal(type(client), Kept)
            aside = len(damage) >= 12
            equal(bool(log.lines), aside)
            if aside:
                with open(ASIDE, "rb") as file:
                    equal(file.read(), damage)
            client.publish("a", b"2")
            assert client.journal.flush()
            client.journal.log.close()
        found = []
        for cut in range(12, len(whole)):  # of a torn file, what is sound is used
            with open(FILE, "wb") as file:
                file.write(whole[:cut])
            client, log = kept()
            equal((type(client), log.lines[1:]), (Kept, []))
            found.append(client.stored)
            client.journal.log.close()
        equal((found[0], found[-1], sorted(found)), (0, 1, found))

    on(os.VfsLfs2, test)


def test_full_flash_is_told_and_readings_wait_in_ram():
    def test(disk):
        try:
            with open("big", "wb") as file:
                while True:
                    file.write(bytes(512))
        except OSError:
            pass
        client, log = kept()
        assert type(client) is not Kept, "there is no room"
        equal(log.lines[-1].split(": ")[-1], "free some room; readings wait in RAM only")
        client.publish("a", b"1")
        equal(client.pending, 1)

    on(os.VfsFat, test, blocks=64)


def test_flash_that_cannot_be_written_is_told_and_readings_wait_in_ram():
    def test(disk):
        disk.broken = True
        client, log = kept()
        assert type(client) is not Kept
        assert log.lines[-1].endswith("readings wait in RAM only"), log.lines

    on(os.VfsLfs2, test)
