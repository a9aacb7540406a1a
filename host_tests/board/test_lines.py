"""The C helpers for one wire, on a simulated board: a program sees what a chip shows it."""

import pytest
from girouette.simboard import Weather
from girouette.simboard.parts.dallas import Ds18b20
from girouette.simboard.parts.dht import Dht22

ROM = bytes.fromhex("28ac410e07000074")

READ_ROM = """
import _onewire, machine
pin = machine.Pin(4)
pin.init(pin.OPEN_DRAIN, pin.PULL_UP)
print("there", _onewire.reset(pin))
_onewire.writebyte(pin, 0x33)
rom = bytes([_onewire.readbyte(pin) for _ in range(8)])
print("rom", rom, _onewire.crc8(rom))
print("there", _onewire.reset(machine.Pin(5)), _onewire.readbit(machine.Pin(5)))
"""

CONVERT = """
import _onewire, machine, time
pin = machine.Pin(4)
pin.init(pin.OPEN_DRAIN, pin.PULL_UP)
_onewire.reset(pin)
_onewire.writebyte(pin, 0xCC)
_onewire.writebyte(pin, 0x44)
begun = time.ticks_ms()
while not _onewire.readbit(pin):
    time.sleep_ms(10)
print("took", 700 < time.ticks_diff(time.ticks_ms(), begun) < 1000)
"""

DHT = """
import machine, time
pin, buf = machine.Pin(14), bytearray(5)
time.sleep_ms(1100)
begun = time.ticks_ms()
machine.dht_readinto(pin, buf)
print("took", 250 <= time.ticks_diff(time.ticks_ms(), begun) < 600)
print("frame", buf.hex() if hasattr(buf, "hex") else buf)
for other in (pin, machine.Pin(15)):
    try:
        machine.dht_readinto(other, buf)
    except OSError as e:
        print("error", e.errno)
try:
    machine.dht_readinto(pin, bytearray(4))
except ValueError as e:
    print(e)
"""


def test_a_program_reads_a_rom_by_the_c_helper(make_board, bits):
    board = make_board(READ_ROM, bits=bits, sensors=[Ds18b20(4)])
    board.wait_line("there False 1")
    assert board.lines[:2] == ["there True", f"rom {ROM!r} 0"]


def test_a_conversion_takes_the_boards_time(make_board):
    make_board(CONVERT, sensors=[Ds18b20(4)]).wait_line("took True")


def test_a_frame_of_a_dht22_takes_the_time_of_the_c_helper_and_a_silent_pin_times_out(make_board):
    weather = Weather()
    weather.set(temperature=-10.1, humidity=65.2)
    board = make_board(DHT, weather=weather, sensors=[Dht22(14, noise=0)])
    board.wait_line("buffer too small")
    assert board.lines[0] == "took True"
    assert "028c806573" in board.lines[1]
    assert board.lines[2:4] == ["error 110"] * 2


@pytest.mark.parametrize("port", ["rp2", "stm32"])
def test_other_ports_have_them_too(make_board, port):
    make_board(READ_ROM, port=port, sensors=[Ds18b20(4)]).wait_line("there False 1")
