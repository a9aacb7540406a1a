"""Pins, buses, clocks and Wi-Fi of the simulated board, as a firmware meets them."""

import pytest
from girouette.simboard import Bme280, Bmp280

TICKS_END = 1 << 30


def printed(board) -> list[str]:
    board.wait_prompt()
    return board.lines[:-1]


# Time


def test_ticks_wrap_at_2_to_the_30_and_differences_do_not_notice(make_board, bits):
    board = make_board(
        """
import time
start = last = time.ticks_ms()
while time.ticks_ms() >= start:
    last = time.ticks_ms() if time.ticks_ms() > last else last
now = time.ticks_ms()
print(start, last, now, time.ticks_diff(now, start), time.ticks_diff(start, now), time.ticks_add(start, 2000))
""",
        bits=bits,
        ticks_start=TICKS_END - 1500,
    )
    start, last, now, forth, back, later = map(int, printed(board)[0].split())
    assert TICKS_END - 1500 <= start <= last < TICKS_END
    assert now < 1500
    assert forth == -back == now - start + TICKS_END
    assert later == (start + 2000) % TICKS_END


def test_ticks_begin_at_power_on_and_go_on_through_a_soft_reset(make_board):
    board = make_board(
        """
import machine, time
print("ticks", time.ticks_ms())
if machine.reset_cause() == 1:
    time.sleep_ms(1000)
    machine.soft_reset()
if machine.reset_cause() == 5:
    machine.reset()
"""
    )
    board.wait_boot("hard")
    power, soft, hard = (int(line.split()[1]) for line in printed(board) if "ticks" in line)
    assert power < 1000 <= soft
    assert hard < 1000


def test_the_clock_counts_whole_seconds_from_2000_and_can_be_set(make_board, bits):
    board = make_board(
        """
import machine, time
print(time.time(), time.localtime()[:3], time.gmtime(0), time.gmtime(800000000))
print(time.mktime((2025, 5, 8, 6, 13, 20, 3, 128)), type(time.time()) is int)
machine.RTC().datetime((2026, 2, 3, 1, 4, 5, 6, 0))
print(time.localtime()[:6], machine.RTC().datetime()[:7])
""",
        bits=bits,
    )
    assert printed(board) == [
        "0 (2000, 1, 1) (2000, 1, 1, 0, 0, 0, 5, 1) (2025, 5, 8, 6, 13, 20, 3, 128)",
        "800000000 True",
        "(2026, 2, 3, 4, 5, 6) (2026, 2, 3, 1, 4, 5, 6)",
    ]


def test_the_clock_outlives_a_reset_but_no_loss_of_power(make_board):
    board = make_board(
        """
import machine, time
print("year", time.localtime()[0])
machine.RTC().datetime((2026, 1, 1, 0, 0, 0, 0, 0))
"""
    )
    board.wait_prompt()
    board.reset()
    board.wait_prompt()
    board.power_cycle()
    board.wait_prompt()
    assert [line for line in board.lines if "year" in line] == ["year 2000", "year 2026", "year 2000"]


# Pins and I2C


def test_pins_are_driven_from_both_sides(make_board):
    board = make_board(
        """
import machine
led = machine.Pin(2, machine.Pin.OUT, value=1)
button = machine.Pin(0, machine.Pin.IN, machine.Pin.PULL_UP)
floating = machine.Pin(5, machine.Pin.IN)
print(button.value(), floating(), led.value())
while button.value():
    pass
led.off()
led.toggle()
led.toggle()
print("pressed", button())
"""
    )
    board.wait_line("1 0 1")
    assert board.pin(2).value == 1
    board.pin(0).drive(0)
    board.wait_line("pressed 0")
    assert board.pin(2).value == 0
    board.pin(0).drive(None)
    assert board.pin(0).value == 1


I2C = """
import machine
def bus(scl, sda):
    return machine.I2C(0, scl=machine.Pin(scl), sda=machine.Pin(sda))
"""


def test_a_sensor_answers_on_the_pins_it_is_wired_to_and_nowhere_else(make_board, bits):
    board = make_board(
        I2C
        + """
print(bus(22, 21).scan(), bus(21, 22).scan(), bus(4, 5).scan())
print(machine.SoftI2C(machine.Pin(4), machine.Pin(5)).readfrom_mem(0x77, 0xD0, 1))
i2c = bus(22, 21)
i2c.writeto(0x76, b"\\xd0")
print(i2c.readfrom(0x76, 1))
""",
        bits=bits,
        sensors=[Bme280(scl=22, sda=21), Bmp280(scl=5, sda=4), Bmp280(scl=4, sda=5, address=0x77)],
    )
    assert printed(board) == ["[118] [] [119]", "b'X'", "b'`'"]


@pytest.mark.parametrize(
    "call", ["i2c.readfrom_mem_into(0x76, 0xD0, buf)", "i2c.writeto_mem(0x76, 0xF4, buf)", "i2c.readfrom(0x10, 1)"]
)
def test_nobody_at_an_address_is_enodev(make_board, call):
    board = make_board(
        I2C
        + f"""
i2c, buf = bus(22, 21), bytearray(1)
while i2c.scan():
    pass
try:
    {call}
except OSError as e:
    print("errno", e.errno)
"""
    )
    board.sensor("bme280").unplug()
    board.wait_line("errno 19")


def test_an_unknown_sensor_is_named_with_those_there_are(make_board):
    with pytest.raises(KeyError, match="no bmp280 on this board; it has bme280"):
        make_board("").sensor("bmp280")


def test_the_board_has_its_own_id(make_board):
    board = make_board("import machine; print(machine.unique_id())", unique_id=b"\x01\x02\x03\x04\x05\x06")
    assert printed(board) == [r"b'\x01\x02\x03\x04\x05\x06'"]


# Wi-Fi

STATION = """
import network, time
wlan = network.WLAN(network.STA_IF)
def until(status):
    while wlan.status() != status:
        time.sleep_ms(1)
    print(status)
"""


def test_wifi_connects_as_an_esp32_does(make_board, bits):
    board = make_board(
        STATION
        + """
print(wlan.status(), wlan.isconnected(), wlan.active())
try:
    wlan.connect("home", "secret")
except OSError as e:
    print(e)
wlan.active(True)
wlan.connect("home", "secret")
print(wlan.status(), wlan.ifconfig()[0])
try:
    wlan.connect("home", "secret")
except OSError as e:
    print(e)
until(network.STAT_GOT_IP)
print(wlan.isconnected(), wlan.ifconfig()[0], wlan.config("ssid"), wlan.config("mac"), wlan.status("rssi"))
print([n[0] for n in wlan.scan()])
wlan.disconnect()
print(wlan.isconnected(), wlan.status())
""",
        bits=bits,
        wifi={"home": "secret"},
    )
    assert printed(board) == [
        "1000 False False",
        "Wifi Not Started",
        "1001 0.0.0.0",
        "Wifi Internal Error",
        "1010",
        r"True 192.168.4.17 home b'$o(\x00\x00\x01' -52",
        "[b'home']",
        "False 1000",
    ]


def test_wrong_names_and_passwords_have_their_status(make_board):
    board = make_board(
        STATION
        + """
wlan.active(True)
wlan.connect("home", "wrong")
until(network.STAT_WRONG_PASSWORD)
wlan.connect("elsewhere", "secret")
until(network.STAT_NO_AP_FOUND)
""",
        wifi={"home": "secret"},
    )
    assert printed(board) == ["202", "201"]


def test_wifi_comes_back_by_itself_with_the_access_point(make_board):
    board = make_board(
        STATION
        + """
wlan.active(True)
wlan.connect("any", "thing")
until(network.STAT_GOT_IP)
until(network.STAT_NO_AP_FOUND)
print(wlan.isconnected(), wlan.scan())
until(network.STAT_GOT_IP)
"""
    )
    board.wait_line("1010")
    board.wifi(False)
    board.wait_line("False []")
    board.wifi(True)
    board.wait_line("1010")


def test_wifi_stays_connected_through_a_soft_reset_and_no_other(make_board):
    board = make_board(
        STATION
        + """
import machine
print("at start", wlan.isconnected())
wlan.active(True)
if not wlan.isconnected():
    wlan.connect("any", "thing")
    until(network.STAT_GOT_IP)
if machine.reset_cause() == 1:
    machine.soft_reset()
if machine.reset_cause() == 5:
    machine.reset()
"""
    )
    board.wait_boot("hard")
    assert [line for line in printed(board) if "start" in line] == [f"at start {yes}" for yes in (False, True, False)]


def test_what_no_chip_can_do_is_an_error_in_words(make_board):
    board = make_board("import machine; machine.Pin('LED', machine.Pin.OUT).on()")
    board.wait_line("OSError: the simulated board cannot do pin('LED', 3, -1, None): its pins are numbers")
