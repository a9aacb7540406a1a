# `micropython` as on a chip: which byte is Ctrl-C is decided where it comes in, and that is the host.

from micropython import *

from _board import ask as _ask


def kbd_intr(char):
    _ask("kbd_intr", char)
