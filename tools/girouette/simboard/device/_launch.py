# What a chip does between power and main.py: bring up the hardware modules, mount the flash as "/", run boot.py and
# main.py, and stop at the prompt. Started by the host as `micropython -m _launch FD FD FLASH`.

import gc
import os
import sys

import micropython

try:
    import vfs
except ImportError:  # before MicroPython 1.23
    import os as vfs

import _board

_board.connect(sys.argv[1], sys.argv[2])
_modules = sys.path[-1]

import machine
import network
import socket
import time

causes, before_2000, memory, rate, steps = _board.ask("port")
for name in causes:
    setattr(machine, name, causes[name])
if not memory:
    del machine.RTC.memory
time.begin(before_2000)
if rate != 1:
    import _pace

    _pace.begin(rate, _board.ask("ticks"))
if steps:
    import _steps

    _steps.begin(_board.ask("ticks"))
del causes, before_2000, memory, rate, steps
sys.modules["utime"] = time
sys.modules["usocket"] = socket
sys.modules["umachine"] = machine
terminal = _board.ask("terminal")


def mount(flash):
    image = _board.ask("flash")
    if image:
        import _flash

        image[2] = open(image[2], "rb")
    vfs.umount("/")
    if image:
        _flash.mount(vfs, *image)
    else:
        vfs.mount(vfs.VfsPosix(flash), "/")
    vfs.mount(vfs.VfsPosix(_modules), "/.board")
    os.chdir("/")
    sys.path[:] = ["", "/.board", ".frozen", "/lib"]  # a chip's, but for asyncio.py, which has to be found first
    sys.argv[:] = []


_names = {"__name__": "__main__"}


def run(name):
    """True if the program asked for a soft reset. A program that ends, or fails, leaves the board at its prompt."""
    if name not in os.listdir("/"):
        return False
    try:
        execfile(name, _names)
    except SystemExit:
        return True
    except BaseException as e:
        sys.print_exception(e)
    return False


mounted = True
try:
    mount(sys.argv[3])
except OSError as e:
    print("The filesystem appears to be corrupted:", e)
    mounted = False
if terminal:
    import _serial

    _serial.begin(terminal)
micropython.kbd_intr(3)  # from here on Ctrl-C interrupts the program; before, the host ignores it
gc.collect()
_board.keep_room(_board.ask("later"))
try:
    if terminal:
        _serial.ready()
    if mounted and (run("boot.py") or not (terminal and terminal["raw"]) and run("main.py")):
        _board.ask("soft_reset")
except KeyboardInterrupt:  # between the two, or after
    pass
if terminal:
    _serial.serve(_names)
print(">>>")  # a chip would take commands now; here nothing is left to do but to wait for a reset
while True:
    try:
        _board.ask("prompt")
    except KeyboardInterrupt:  # nothing runs that it could end
        pass
