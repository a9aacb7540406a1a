"""`girouette setup`: the second half of `make setup`, after the Python packages."""

from girouette import toolchain

HELP = "find or install MicroPython (64 and 32 bit) and mosquitto"


def add_arguments(parser):
    pass


def run(args) -> int:
    toolchain.setup()
    return 0
