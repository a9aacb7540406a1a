"""`girouette demo greenhouse`: what is received, switched and shown, and that the example it runs is sound."""

import json
import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from girouette.check import check
from girouette.demo import brokers, oled
from girouette.demo.greenhouse import CONFIG, Greenhouse
from girouette.demo.house import House, saturation
from girouette.simboard.parts.display import Ssd1306, braille
from girouette.simboard.weather import Truth
from support import wait_for
from test_demo import Terminal, demo

sys.path.append(str(Path(__file__).parents[1] / "drivers"))
from display import drawn

TOPICS = {
    "air/temperature": "°C", "air/humidity": "%", "air/pressure": "hPa", "air/dew_point": "°C", "soil/voltage": "V",
    "soil/level": "%", "light/illuminance": "lx", "outside/temperature": "°C",
}  # fmt: skip


def test_the_example_is_sound_and_all_its_pins_good_for_its_board():
    report = check(CONFIG.read_text())
    assert report.faults == []
    assert report.board.id == "RPI_PICO2_W"
    assert report.board.heap > 176, "which it takes from files"
    assert report.reserve.seconds > 120, "a router that starts anew loses no reading"


def test_the_demo_runs_the_example_only_faster():
    example, run = json.loads(CONFIG.read_text()), Greenhouse().settings
    assert "password" not in json.dumps(run)
    for entry in (*example["sensors"], *run["sensors"]):
        entry.pop("interval")
    for section in ("sensors", "actuators", "inputs", "rules", "discovery"):
        assert run[section] == example[section]


def test_topics_units_and_states_follow_from_the_configuration():
    node = Greenhouse()
    assert node.topics == {f"ha/greenhouse/{name}": unit for name, unit in TOPICS.items()}
    assert node.words == tuple(f"ha/greenhouse/{name}" for name in ("status", "fan", "pump", "panel", "button"))


# The world


def house(temperature=16.0) -> House:
    return House(lambda: Truth(temperature, 60.0, 1013.0))


def test_the_sun_heats_the_house_and_the_fan_cools_it_below_the_rules_thresholds():
    world = house()
    world.go_on(15, 0, 0)
    assert world.now().temperature > 28.2
    world.go_on(15, 1, 0)
    assert world.now().temperature < 25.8
    assert abs(world.now().temperature - 16) > 3, "a fan is no cooling machine"


def test_the_soil_dries_and_the_pump_waters_it():
    world = house()
    world.go_on(25, 0, 0)
    assert world.soil < 30
    world.go_on(12, 0, 1)
    assert world.soil > 45
    world.go_on(600, 0, 1)
    assert world.soil == 100
    world.go_on(2000, 0, 0)
    assert world.soil == 5


def test_the_fan_dries_the_air_and_humidity_never_leaves_its_range():
    shut, aired = house(), house()
    shut.go_on(20, 0, 0)
    aired.go_on(20, 1, 0)
    assert aired.vapour < shut.vapour
    for celsius in (-10, 16, 40):
        world = house(celsius)
        for _ in range(50):
            world.go_on(10, 0, 0)
            assert 0 < world.now().humidity < 100
            assert world.lux > 0
    assert saturation(20) == pytest.approx(23.4, abs=0.1)


def test_time_in_one_piece_is_time_in_many():
    whole, parts = house(), house()
    whole.go_on(10, 0.5, 1)
    for _ in range(100):
        parts.go_on(0.1, 0.5, 1)
    assert whole.temperature == pytest.approx(parts.temperature, abs=0.05)
    assert whole.soil == pytest.approx(parts.soil, abs=0.1)


# The picture


def test_a_small_terminal_gets_every_second_row_of_dots():
    rows = drawn(["# 21.5", "soil"])
    assert oled.drawn(rows, 16) == braille(rows)
    assert oled.drawn(rows, 8) == braille(rows[::2]), "nothing is lost of letters whose dots are two high"
    assert [len(row) for row in oled.drawn(rows, 8)] == [oled.WIDTH] * 8


def shown_value(picture: list[str], values) -> str | None:
    """Which of the values stands in large digits on the first line."""
    return next((value for value in values if picture[:8] == braille(drawn([f"# {value} °C"]))[:8]), None)


# All of it, in a pipe and with the broker gone


@pytest.fixture(scope="module")
def output() -> str:
    result = demo("greenhouse", "--seconds", "27")
    assert result.returncode == 0, result.stderr + result.stdout
    assert result.stderr == ""
    return result.stdout


def values(output: str, topic: str) -> list[str]:
    return re.findall(rf"received +ha/greenhouse/{topic} (\S+)", output)


def test_every_reading_is_received_with_its_unit(output):
    for topic, unit in TOPICS.items():
        assert re.search(rf"received +ha/greenhouse/{topic} -?\d+(\.\d+)? {unit}$", output, re.MULTILINE), topic
    assert values(output, "status")[0] == "online"
    assert "Traceback" not in output
    assert "memory" not in output.lower()


def test_the_rule_switches_the_fan_on_and_off_and_the_air_follows(output):
    states = [json.loads(state)["state"] for state in values(output, "fan")]
    assert [state for state, after in pairwise([*states, None]) if state != after] == ["OFF", "ON", "OFF"], output
    assert "fan: ON, since air.temperature is above 28" in output
    assert "fan: OFF, since air.temperature is below 26" in output
    warmth = [float(value) for value in values(output, "air/temperature")]
    hottest = max(range(len(warmth)), key=warmth.__getitem__)
    assert warmth[0] < 27.5 < 28 < warmth[hottest]
    assert min(warmth[hottest:]) < 26


def test_dry_soil_is_watered_by_the_rule(output):
    assert "pump: ON, since soil.level is below 30" in output
    wetness = [float(value) for value in values(output, "soil/level")]
    assert min(wetness) < 30.5
    assert wetness[-1] > min(wetness) + 2


def test_the_display_is_printed_and_shows_a_temperature_that_was_received(output):
    lines = output.splitlines()
    at = lines.index("the display:") + 1
    picture = lines[at : at + 16]
    received = values(output, "air/temperature")[-4:] + values(output, "outside/temperature")[-4:]
    assert shown_value(picture, received), "\n".join(picture)
    assert at + 17 == len(lines)
    assert re.fullmatch(r"27 s: \d+ values on 8 topics received from mosquitto at 127.0.0.1:\d+; .*", lines[-1])


def test_without_a_broker_the_rules_go_on_and_the_button_obeys(tmp_path):
    node, lines = Greenhouse(), []
    with brokers.broker("auto", None, tmp_path) as server:
        account = server.account
    with node.board(node.flash(tmp_path / "flash", account), lines.append) as board:
        keys = node.actions(board, None)

        def until(condition, what):
            wait_for(lambda: node.tick(board) or condition(), what, 30, 0.1)

        until(lambda: any("cannot connect" in line for line in lines), "the broker to be missed")
        node.house.temperature = 31.0
        until(lambda: node.running(board, "fan") == 1, "the fan to turn")
        keys["t"]()
        until(lambda: node.running(board, "pump") == 1, "the pump to obey a click")
        keys["t"]()
        until(lambda: node.running(board, "pump") == 0, "the pump to obey a click")
        node.house.temperature = 20.0
        until(lambda: node.running(board, "fan") == 0, "the fan to stand")
        assert any(any(row) for row in board.sensor("ssd1306").pixels())
        assert board.sensor("ssd1306").faults == []
    assert isinstance(board.sensor("ssd1306"), Ssd1306)


def test_in_a_terminal_the_button_the_command_and_the_faults_work():
    terminal = Terminal("greenhouse")
    terminal.until(r"fan.*OFF")
    terminal.until("all is well")
    terminal.press("t")
    terminal.until("pump: ON, since there was a click of button")
    terminal.until(r"pump.*ON")
    terminal.press("f")
    terminal.until(r"fan.*ON")
    terminal.press("s")
    terminal.until("sensor unplugged")
    terminal.until("air: no answer at 0x76")
    terminal.press("b")
    terminal.until("broker down")
    terminal.until(r"fan.*ON\?")
    terminal.press("q")
    assert terminal.end() == 0
    assert "values on 8 topics received from" in terminal.text.rsplit("\x1b[?1049l")[-1]
