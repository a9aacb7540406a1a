"""A build as one ROMFS image: a device runs the code in place, from flash, and its heap keeps less than half of it.

The image is written by mpremote's own writer; what belongs into it is decided here. config.json stays out: a ROMFS is
read-only, and the node's configuration is not.
"""

from pathlib import Path

from mpremote.romfs import VfsRomWriter

from . import Built


def image(built: Built) -> bytes:
    """Everything the manifest names, in the order of the names."""
    tree: dict = {}
    for name in built.files:
        *folders, last = name.split("/")
        at = tree
        for folder in folders:
            at = at.setdefault(folder, {})
        at[last] = (built.folder / name).read_bytes()
    writer = VfsRomWriter()
    _write(writer, tree)
    return bytes(writer.finalise())


def write(built: Built) -> Path:
    """Write the image beside the folder, as <folder>.romfs."""
    target = built.folder.with_name(built.folder.name + ".romfs")
    target.write_bytes(image(built))
    return target


def _write(writer: VfsRomWriter, tree: dict):
    for name, what in sorted(tree.items()):
        if isinstance(what, dict):
            writer.opendir(name)
            _write(writer, what)
            writer.closedir()
        else:
            writer.mkfile(name, what)
