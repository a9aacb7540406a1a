"""What a file system of FAT means for a node, and how LittleFS is made instead. The node's log says the same in short:
firmware/node/store.py.
"""

MEANS = (
    'a power cut while it is written may cost the file that is written (outbox.log with "store": true, config.json),'
    " or more; LittleFS lives through that"
)

# What makes LittleFS, by sys.platform. From MicroPython's reference/filesystem.
_MAKE = {
    "pyboard": "import os, pyb; os.umount('/flash'); os.VfsLfs2.mkfs(pyb.Flash(start=0))",
    "rp2": "import os, rp2; os.umount('/'); os.VfsLfs2.mkfs(rp2.Flash(), progsize=256)",
    "esp32": "import os; from flashbdev import bdev; os.umount('/'); os.VfsLfs2.mkfs(bdev)",
}


def reformat(platform: str, port: str) -> str:
    """The commands, and what they cost."""
    if platform not in _MAKE:
        return "see docs.micropython.org/en/latest/reference/filesystem.html: LittleFS"
    call = f"mpremote connect {port}"
    return (
        "make LittleFS; this ERASES every file on the board, so save yours first:\n"
        f"  {call} fs cp -r : saved/\n"
        f'  {call} exec "{_MAKE[platform]}" + reset\n'
        "then copy everything again"
    )
