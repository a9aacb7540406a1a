"""`girouette simulate`: a firmware folder in the terminal, its world on the keyboard."""

import subprocess
import sys
from pathlib import Path

import pytest
from girouette.cli import main
from girouette.commands import simulate
from girouette.commands.simulate import obey
from girouette.external import find
from girouette.simboard import parts

READER = """
import machine, network, sys, time
print("heap", sys.maxsize > 2**32)
wlan = network.WLAN(network.STA_IF)
wlan.active(True)
wlan.connect("any", "any")
i2c = machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21))
last = None
while True:
    now = wlan.isconnected(), bool(i2c.scan())
    if now != last:
        print("wifi %s sensor %s" % now)
        last = now
"""


@pytest.fixture
def terminal(tmp_path):
    """(arguments) -> the command, running, with its keyboard and screen as pipes."""
    (tmp_path / "main.py").write_text(READER)
    command = [sys.executable, "-m", "girouette.cli", "simulate", str(tmp_path)]
    started = []

    def run(*arguments) -> subprocess.Popen:
        pipe = subprocess.PIPE
        process = subprocess.Popen([*command, *arguments], text=True, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT)
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def until(process: subprocess.Popen, text: str) -> str:
    """Screen lines up to the one that holds `text`; the end of the screen fails."""
    for line in process.stdout:
        if text in line:
            return line
    raise AssertionError(f"the command ended before it printed {text!r}")


def test_what_is_typed_happens_to_the_board(terminal):
    process = terminal("--heap", "64k")

    def type_line(line):
        process.stdin.write(line + "\n")
        process.stdin.flush()

    until(process, "heap False")
    until(process, "wifi True sensor True")
    type_line("wifi off")
    until(process, "wifi False sensor True")
    type_line("sensor off")
    until(process, "wifi False sensor False")
    type_line("wifi on")
    until(process, "wifi True sensor False")
    type_line("weather temperature=-5.5")
    assert "-5.50 °C" in until(process, "°C")
    type_line("power cycle")
    until(process, "heap")
    type_line("dance")
    assert "'dance' is nothing I know; type help" in until(process, "dance")
    type_line("help")
    until(process, "the access point vanishes")
    type_line("quit")
    assert process.wait(20) == 0


def test_the_end_of_the_keyboard_leaves_the_board_running_until_ctrl_c(terminal):
    process = terminal("--bits", "64")
    process.stdin.close()
    until(process, "heap True")
    until(process, "wifi True")
    process.send_signal(2)
    assert process.wait(20) == 130


def test_a_folder_without_main_py_is_told_in_words(tmp_path, capsys):
    assert main(["simulate", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"girouette: {tmp_path} holds no main.py: nothing would run on the board\n"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("wifi sideways", "nothing I know"),
        ("net slow", "nothing I know"),
        ("net slow fast", "could not convert"),
        ("weather wind=3", "the weather has no wind"),
        ("sensor off", "no sensor is wired to this board"),
        ("sensor sideways", "nothing I know"),
    ],
)
def test_what_cannot_be_done_is_told(make_board, line, words):
    board = make_board("", sensors=[])
    with pytest.raises(ValueError, match=words):
        obey(board, line)


@pytest.mark.parametrize(
    "line", ["", "net freeze", "net thaw", "net cut", "net slow 100", "net fast", "reset", "ctrl-c"]
)
def test_what_the_help_lists_can_be_typed(make_board, line):
    obey(make_board(""), line)


def test_sensor_faults_can_be_typed(make_board):
    board = make_board("")
    sensor = board.sensor("bme280")
    obey(board, "sensor stick")
    assert sensor.stuck
    obey(board, "sensor hang")
    assert sensor.hung
    obey(board, "sensor ok")
    assert not sensor.stuck
    assert not sensor.hung
    obey(board, "sensor off")
    assert not sensor.present
    obey(board, "sensor on bme280")
    assert sensor.present
    with pytest.raises(ValueError, match="no sht3x on this board; it has bme280"):
        obey(board, "sensor off sht3x")


def test_the_sensors_of_the_configuration_are_wired_to_the_board():
    config = {"sensors": [
        {"type": "bmp280", "scl": 5, "sda": 4, "address": "0x77"},
        {"type": "bme280", "scl": 22, "sda": 21},
        {"type": "of_another_world"},
    ]}  # fmt: skip
    found = [(part.name, part.scl, part.sda, part.address) for part in parts.wired(config)]
    assert found == [("bmp280", 5, 4, 0x77), ("bme280", 22, 21, 0x76)]


@pytest.mark.parametrize("text", [None, "{", "[]", '{"sensors": 1}', '{"sensors": [{}]}', "{}"])
def test_without_a_sound_configuration_the_boards_usual_sensor_is_wired(tmp_path, text):
    if text is not None:
        (tmp_path / "config.json").write_text(text)
    assert simulate._wired(tmp_path) is None


def test_a_serial_port_for_the_tools_is_told(terminal, tmp_path):
    """mpremote works at it, and the cable can be pulled and plugged."""
    process = terminal("--serial", "--bits", "64")
    port = Path(until(process, "serial port is").split()[-1])
    until(process, "wifi True sensor True")
    done = subprocess.run([find("mpremote"), "connect", port, "exec", "print(6 * 7)"], capture_output=True, text=True)
    assert done.stdout.strip() == "42"
    process.stdin.write("cable off\npower off\n")
    process.stdin.write("cable on\npower cycle\n")
    process.stdin.flush()
    until(process, "wifi True sensor True")
    assert port.exists()


def test_with_a_serial_port_the_folder_may_be_empty(tmp_path):
    command = [sys.executable, "-m", "girouette.cli", "simulate", str(tmp_path / "new"), "--serial", "--bits", "64"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT) as process:
        until(process, "serial port is")
        until(process, ">>>")
        process.communicate("quit\n", timeout=20)
    assert process.returncode == 0
