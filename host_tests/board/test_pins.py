"""Pulse width modulation and analogue inputs of the simulated board."""

import pytest
from girouette.simboard import Bme280
from girouette.simboard.pins import PinModel


def printed(board) -> list[str]:
    board.wait_prompt()
    return board.lines[:-1]


def test_a_pwm_pin_is_high_for_a_part_of_the_time(make_board, bits):
    board = make_board(
        """
import machine
lamp = machine.PWM(machine.Pin(4, machine.Pin.OUT), freq=1000, duty_u16=0)
print(lamp.freq(), lamp.duty_u16())
lamp.duty_u16(65535)
lamp.freq(40000)
print(lamp.freq(), lamp.duty_u16())
lamp.duty_u16(13107)
""",
        bits=bits,
    )
    assert printed(board) == ["1000 0", "40000 65535"]
    assert board.pin(4).duty == pytest.approx(0.2)
    assert board.pin(4).frequency == 40000
    board.reset()
    board.wait_boot("hard")
    assert board.pin(5).frequency is None


def test_a_pwm_begins_with_5_khz_and_a_half_as_on_an_esp32(make_board):
    board = make_board("import machine; lamp = machine.PWM(machine.Pin(4)); print(lamp.freq(), lamp.duty_u16())")
    assert printed(board) == ["5000 32768"]
    assert board.pin(4).value == 1


def test_a_pin_taken_from_the_pwm_is_at_its_level_again(make_board):
    board = make_board(
        """
import machine
lamp = machine.PWM(machine.Pin(4), duty_u16=65535)
lamp.deinit()
machine.PWM(machine.Pin(5), duty_u16=0)
machine.Pin(5, machine.Pin.OUT, value=1)
"""
    )
    board.wait_prompt()
    assert [(board.pin(n).duty, board.pin(n).frequency) for n in (4, 5)] == [(0.0, None), (1.0, None)]


@pytest.mark.parametrize(
    ("port", "name", "number"),
    [("stm32", "B8", 24), ("stm32", "K15", 175), ("rp2", "GP28", 28), ("rp2", "LED", 64), ("esp32", 4, 4)],
)
def test_a_pin_has_the_name_that_its_port_gives_it(make_board, port, name, number):
    board = make_board(f"import machine\nmachine.Pin({name!r}, machine.Pin.OUT, value=1)\nprint('high')", port=port)
    board.wait_line("high")
    assert board.pin(name).value == board.pin(number).value == 1


@pytest.mark.parametrize(("port", "name"), [("stm32", "B16"), ("rp2", "GP30"), ("esp32", "B8"), ("stm32", 256)])
def test_a_pin_that_no_such_chip_has_is_told(make_board, port, name):
    board = make_board(f"import machine\nmachine.Pin({name!r})", port=port)
    board.wait_line(f"cannot do pin({name!r}, -1, -1, None): its pins are numbers")


def test_a_part_is_on_the_pins_of_those_names(make_board):
    program = "from machine import Pin, I2C\nprint(I2C(1, scl=Pin('B8'), sda=Pin('B9')).scan())"
    board = make_board(program, port="stm32", sensors=[Bme280("B8", "B9")])
    board.wait_line("[118]")


@pytest.mark.parametrize("call", ["duty_u16(65536)", "duty_u16(-1)", "freq(0)"])
def test_what_no_pwm_can_do_is_a_value_error(make_board, call):
    board = make_board(f"import machine\nmachine.PWM(machine.Pin(4)).{call}")
    board.wait_line("ValueError")


def test_an_analogue_input_reads_the_volts_at_its_pin(make_board):
    board = make_board(
        """
import machine
adc = machine.ADC(machine.Pin(34), atten=machine.ADC.ATTN_11DB)
while not adc.read_u16():
    pass
print(adc.read_u16(), adc.read_uv())
"""
    )
    board.pin(34).volts = 1.65
    assert board.wait_line(" ") == "32768 1650000"


def test_an_esp32_reads_little_without_attenuation_and_other_ports_read_all(make_board):
    program = """
import machine
adc = machine.ADC(machine.Pin(34))
while not adc.read_u16():
    pass
print(adc.read_u16(), adc.read_uv())
"""
    boards = {port: make_board(program, port=port) for port in ("esp32", "stm32")}
    for board in boards.values():
        board.pin(34).volts = 3.0
    assert boards["esp32"].wait_line(" ") == "65535 1100000"
    assert boards["stm32"].wait_line(" ") == "59577 3000000"


def test_only_an_esp32_has_attenuations(make_board):
    program = "import machine; print(hasattr(machine.ADC, 'ATTN_11DB'), hasattr(machine.ADC, 'atten'))"
    found = {port: printed(make_board(program, port=port)) for port in ("esp32", "stm32", "rp2")}
    assert found == {"esp32": ["True True"], "stm32": ["False False"], "rp2": ["False False"]}


def test_volts_beyond_the_supply_read_as_its_ends():
    pin = PinModel()
    pin.volts = 5.0
    assert pin.converted(3.3) == 65535
    pin.volts = -1.0
    assert pin.converted(3.3) == 0


def test_what_the_chip_has_not_is_missing_in_the_firmware_too(make_board):
    board = make_board("import machine; print(hasattr(machine, 'CAN'), hasattr(machine, 'PWM'))")
    assert printed(board) == ["False True"]
