# Runs on MicroPython for the PC, for flash.py: makes a file system in an image and copies a folder to it, or back.
#   micropython copier.py pack|unpack littlefs|fat IMAGE FOLDER
import os
import sys

try:
    import vfs
except ImportError:  # before MicroPython 1.23
    import os as vfs

BLOCK = 4096


class Image:
    def __init__(self, name):
        self.file = open(name, "r+b")
        self.blocks = self.file.seek(0, 2) // BLOCK

    def readblocks(self, block, buf, offset=0):
        self.file.seek(block * BLOCK + offset)
        self.file.readinto(buf)

    def writeblocks(self, block, buf, offset=0):
        self.file.seek(block * BLOCK + offset)
        self.file.write(buf)

    def ioctl(self, op, arg):
        if op == 3:
            self.file.flush()
        if op == 6:
            self.writeblocks(arg, b"\xff" * BLOCK)
        return {4: self.blocks, 5: BLOCK}.get(op, 0)


def copy(source, target):
    for entry in os.ilistdir(source):
        name, kind = entry[:2]
        if kind == 0x4000:
            os.mkdir(target + "/" + name)
            copy(source + "/" + name, target + "/" + name)
        else:
            with open(source + "/" + name, "rb") as f, open(target + "/" + name, "wb") as to:
                while data := f.read(4096):
                    to.write(data)


how, system, image, folder = sys.argv[1:]
image = Image(image)
make = vfs.VfsFat if system == "fat" else vfs.VfsLfs2
if how == "pack":
    make.mkfs(image)
vfs.umount("/")
vfs.mount(vfs.VfsPosix(folder), "/folder")
vfs.mount(make(image), "/flash")
copy(*(("/folder", "/flash") if how == "pack" else ("/flash", "/folder")))
vfs.umount("/flash")
image.ioctl(3, 0)
