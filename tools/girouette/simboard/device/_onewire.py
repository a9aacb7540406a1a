# The C helper beneath `onewire`, played by the host: each call is a reset pulse, or slots of bits, on a pin's wire.

from _board import call, make_room

make_room("_onewire")  # a firmware imports it by itself, so there is nobody to do it before


def reset(pin):
    return call(25, pin.id) != 0


def readbit(pin):
    return call(26, pin.id)


def writebit(pin, value):
    call(27, pin.id, value)


def readbyte(pin):
    return call(28, pin.id)


def writebyte(pin, value):
    call(29, pin.id, value)


def crc8(data):
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x8C if crc & 1 else crc >> 1
    return crc
