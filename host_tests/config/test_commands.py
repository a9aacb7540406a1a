"""`girouette check` and `girouette schema` as a person runs them."""

import json
import subprocess
import sys

import pytest
from girouette import boards, schema
from girouette.paths import ROOT

GOOD = (ROOT / "examples" / "station" / "config.json").read_text()


def girouette(*arguments, cwd=None) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "girouette.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, text=True, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)


@pytest.fixture
def config(tmp_path):
    """Writes a config.json and returns its path."""

    def write(text: str, name: str = "config.json"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def test_a_sound_file_is_status_0_with_topics_and_hours(config):
    result = girouette("check", config(GOOD), "--board", "ESP32_GENERIC")
    assert result.returncode == 0
    assert "ha/temperature every 10 s" in result.stdout
    assert "outbox: 2048 bytes hold 63 readings: an outage of 3 min 31 s (0.06 hours) loses none" in result.stdout
    assert result.stdout.splitlines()[-1].endswith("is sound for ESP32, any board with a WROOM or WROVER module")


def test_the_topics_of_actuators_and_inputs_are_told_too(config):
    things = '"actuators": [{"type": "relay", "pin": 26}], "inputs": [{"type": "button", "pin": 25}], "sensors"'
    result = girouette("check", config(GOOD.replace('"sensors"', things)), "--board", "ESP32_GENERIC")
    assert "  ha/roof/relay on every change, obeys ha/roof/relay/set\n" in result.stdout
    assert "  ha/roof/button on every change\n" in result.stdout


def test_faults_are_status_1_and_each_a_line_that_an_editor_can_jump_to(config):
    path = config(GOOD.replace('"host"', '"hots"').replace("22", "34"))
    result = girouette("check", path, "--board", "ESP32_GENERIC")
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert [line.split(" ")[0] for line in lines[:3]] == [f"{path}:4:13:", f"{path}:4:14:", f"{path}:5:41:"]
    assert lines[-1] == f"{path}: 3 faults"


def test_secrets_beside_the_file_are_found_and_others_named(config, tmp_path):
    path = config(GOOD.replace(', "password": "the broker\'s password"', ""))
    secrets = config('{"broker": {"password": 5}}', "secrets.json")
    assert f"{secrets}:1:25: broker.password" in girouette("check", path).stdout
    other = config('{"broker": {"password": "hunter2"}}', "other.json")
    result = girouette("check", path, "--secrets", other)
    assert result.returncode == 0
    assert "hunter2" not in result.stdout + result.stderr


def test_the_file_of_the_folder_is_checked_when_none_is_named(config, tmp_path):
    config(GOOD)
    assert girouette("check", cwd=tmp_path).returncode == 0


def test_a_file_that_cannot_be_read_is_told_in_a_line(tmp_path):
    for path, told in ((tmp_path / "none", "No such file"), (tmp_path, "Is a directory")):
        result = girouette("check", path)
        assert (result.returncode, result.stdout) == (1, "")
        assert told in result.stderr
        assert len(result.stderr.splitlines()) == 1
    (tmp_path / "latin").write_bytes(b'{"name": "caf\xe9"}')
    assert "is not UTF-8 text: byte 13 is 0xe9" in girouette("check", tmp_path / "latin").stderr


def test_wrong_usage_and_unknown_boards_have_their_own_ends(config):
    assert girouette("check", "--colour").returncode == 2
    result = girouette("check", config(GOOD), "--board", "ARDUINO")
    assert result.returncode == 1
    assert result.stderr == "girouette: there is no board ARDUINO; there are " + ", ".join(boards.ids()) + "\n"


def test_a_strapping_pin_can_be_allowed(config):
    path = config(GOOD.replace("22", "5"))
    assert girouette("check", path, "--board", "ESP32_GENERIC").returncode == 1
    assert girouette("check", path, "--board", "ESP32_GENERIC", "--allow-strapping").returncode == 0


def test_the_schema_is_printed_as_json():
    result = girouette("schema")
    assert result.returncode == 0
    assert json.loads(result.stdout) == schema.composed()
