# The flash chip as a block device, loaded when the board has one. What is written goes to the host, which can cut it
# short; what is read comes out of the host's file, since a file system reads a thousand times for each write. It
# allocates nothing.

from _board import call, write_from

_BLOCK = const(4096)


class Flash:
    def __init__(self, blocks, file):
        self._blocks = blocks
        self._file = file

    def readblocks(self, block, buf, offset=0):
        self._file.seek(block * _BLOCK + offset)
        self._file.readinto(buf)

    def writeblocks(self, block, buf, offset=None):
        # Without an offset (FAT) the blocks are to be erased first.
        if offset is not None:
            return -write_from(17, 0, block, offset, buf)
        for i in range(len(buf) // _BLOCK):
            call(18, 0, block + i)
        for i in range(len(buf) // _BLOCK):
            write_from(17, 0, block + i, 0, buf[i * _BLOCK : (i + 1) * _BLOCK])

    def ioctl(self, op, arg):
        if op == 4:
            return self._blocks
        if op == 5:
            return _BLOCK
        if op == 6:
            return -call(18, 0, arg)
        return 0


def mount(vfs, blocks, system, file):
    """Mount it as "/", as the ports' _boot.py do; `file` has its content."""
    if system == "fat":
        vfs.mount(vfs.VfsFat(Flash(blocks, file)), "/")
    else:
        vfs.mount(vfs.VfsLfs2(Flash(blocks, file), progsize=32, readsize=32, lookahead=32), "/")
