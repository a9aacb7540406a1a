# `vfs` as on a chip: what is mounted, but for the folder that holds these modules.

from vfs import *
from vfs import mount as _mount


def mount(*args, **options):
    if args:
        return _mount(*args, **options)
    return [entry for entry in _mount() if entry[1] != "/.board"]
