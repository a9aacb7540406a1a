"""`girouette new`: asked in a terminal or told by options, it writes files that are sound, or nothing."""

import json
import os
import pty
import re
import select
import signal
import stat
import subprocess
import sys
import termios
import time

import pytest
from girouette import boards
from girouette.check import check
from girouette.new import Answers, files, parts
from support import wait_for

OPTIONS = {
    "--board": "RPI_PICO_W",
    "--name": "attic",
    "--ssid": "home",
    "--wifi-password": "hunter2",
    "--broker": "192.168.1.10:1884",
    "--user": "attic",
    "--password": "hunter3",
    "--sensors": "bme280,bmp280",
    "--discovery": "homeassistant",
}


def command(folder, options=OPTIONS, *more) -> list[str]:
    given = [word for pair in options.items() for word in pair]
    return [sys.executable, "-m", "girouette.cli", "new", str(folder), *given, *more]


def told(folder, options=OPTIONS, *more) -> subprocess.CompletedProcess:
    """Run where there is no terminal to ask in."""
    arguments = command(folder, options, *more)
    return subprocess.run(arguments, text=True, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)


class Terminal:
    """The command in a terminal of its own, which reads passwords from it too."""

    def __init__(self, folder, options):
        self.seen = ""
        self._status = None
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "dumb"
            os.execv(sys.executable, command(folder, options))

    def answer(self, question: str, text: str, timeout: float = 30):
        """Wait for the question, then type."""
        self._until(lambda: question in self.seen, timeout, question)
        self.seen = self.seen.split(question, 1)[1]
        os.write(self._fd, text.encode() + b"\n")

    def answer_unseen(self, question: str, text: str):
        """The same for a password: what is typed before the terminal stops showing it is thrown away."""
        self._until(lambda: question in self.seen, 30, question)
        wait_for(lambda: not termios.tcgetattr(self._fd)[3] & termios.ECHO, "the terminal to hide what is typed")
        self.answer(question, text)

    def end(self) -> int:
        """Everything it still says; its exit status."""
        self._until(lambda: False, 30, "its end")
        self._status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._status

    def close(self):
        if self._status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)

    def _until(self, done, timeout: float, what: str):
        deadline = time.monotonic() + timeout
        while not done():
            ready, _, _ = select.select([self._fd], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"waited for {what}; seen: {self.seen!r}"
            try:
                self.seen += os.read(self._fd, 4096).decode()
            except OSError:  # the other end is closed
                return


@pytest.fixture
def terminal(tmp_path):
    """Starts the command in a terminal with these options; it is gone afterwards."""
    started = []

    def start(options) -> Terminal:
        started.append(Terminal(tmp_path, options))
        return started[-1]

    yield start
    for one in started:
        one.close()


def written(folder, secrets: bool = True) -> tuple[dict, dict]:
    config = (folder / "config.json").read_text()
    assert (folder / "secrets.json").exists() == secrets
    secrets = (folder / "secrets.json").read_text() if secrets else "{}"
    assert check(config, secrets).faults == []
    return json.loads(config), json.loads(secrets)


def test_told_by_options_it_writes_two_sound_files(tmp_path):
    result = told(tmp_path / "new")
    assert result.returncode == 0, result.stderr
    config, secrets = written(tmp_path / "new")
    assert config == {
        "name": "attic",
        "board": "RPI_PICO_W",
        "network": [{"ssid": "home"}],
        "broker": {"host": "192.168.1.10", "port": 1884, "user": "attic"},
        "sensors": [
            {"type": "bme280", "scl": 5, "sda": 4},
            {"type": "bmp280", "scl": 5, "sda": 4, "address": "0x77"},
        ],
        "discovery": "homeassistant",
    }
    assert secrets == {"network": [{"password": "hunter2"}], "broker": {"password": "hunter3"}}


def test_passwords_are_shown_nowhere_and_readable_by_the_owner_alone(tmp_path):
    result = told(tmp_path)
    assert "hunter" not in result.stdout + result.stderr + (tmp_path / "config.json").read_text()
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_an_open_network_needs_no_secrets(tmp_path):
    options = {key: OPTIONS[key] for key in ("--board", "--name", "--ssid", "--broker", "--sensors")}
    assert told(tmp_path, options).returncode == 0
    assert not (tmp_path / "secrets.json").exists()
    assert check((tmp_path / "config.json").read_text()).faults == []


def test_files_that_are_there_are_not_replaced_unless_asked(tmp_path):
    (tmp_path / "config.json").write_text("mine")
    result = told(tmp_path)
    assert (result.returncode, (tmp_path / "config.json").read_text()) == (1, "mine")
    assert "--force" in result.stderr
    assert told(tmp_path, OPTIONS, "--force").returncode == 0
    written(tmp_path)


def test_without_a_terminal_what_is_missing_is_named(tmp_path):
    result = told(tmp_path, {"--name": "attic", "--board": "RPI_PICO_W"})
    assert result.returncode == 1
    assert "give --ssid, --broker, --sensors" in result.stderr


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("--name", "my attic", "name: expected 1 to 32 letters"),
        ("--broker", "mqtt://me:hunter2@h", "broker.host: expected a host name"),
        ("--broker", "h:99999", "broker.port: expected a whole number"),
        ("--sensors", "bme820", f"there is no driver for bme820; there are {', '.join(parts())}"),
        ("--sensors", "bme280,bme280,bme280", "all addresses of bme280 on its bus are taken"),
    ],
)
def test_a_wrong_answer_writes_nothing_and_says_why(tmp_path, option, value, why):
    result = told(tmp_path, OPTIONS | {option: value})
    assert result.returncode == 1
    assert why in result.stderr
    assert "hunter" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_asked_in_a_terminal_it_writes_the_same_files(terminal, tmp_path):
    run = terminal({})
    run.answer("Board", "RPI_PICO_W")
    run.answer("Name of the node", "my attic")
    run.answer("expected 1 to 32 letters, digits, - or _", "attic")
    run.answer("Wi-Fi network", "home")
    run.answer_unseen("its password", "hunter2")
    run.answer("MQTT broker", "192.168.1.10:1884")
    run.answer("user at the broker", "attic")
    run.answer_unseen("and password", "hunter3")
    run.answer("Sensors", "bme820")
    run.answer("there is no driver for bme820", "bme280, bmp280")
    run.answer("Introduce itself to", "homeassistant")
    assert run.end() == 0
    assert "hunter" not in run.seen
    asked = written(tmp_path)
    told(tmp_path / "told")
    assert asked == written(tmp_path / "told")


def test_in_a_terminal_enter_takes_what_is_offered(terminal, tmp_path):
    run = terminal({"--ssid": "home", "--wifi-password": "x", "--broker": "h", "--user": ""})
    run.answer("Board", "")
    run.answer("Name of the node", "")
    run.answer("Sensors", "")
    run.answer("Introduce itself to", "none")
    assert run.end() == 0
    config, _ = written(tmp_path)
    assert (config["board"], config["name"]) == ("ESP32_GENERIC", "station")
    assert config["sensors"] == [{"type": "bme280", "scl": 22, "sda": 21}]
    assert "discovery" not in config


def test_a_board_with_a_cable_only_is_not_asked_for_wifi(terminal, tmp_path):
    run = terminal({"--board": "W5500_EVB_PICO", "--name": "attic", "--sensors": "bme280"})
    run.answer("MQTT broker", "h")
    run.answer("user at the broker", "")
    run.answer("Introduce itself to", "none")
    assert run.end() == 0 and "Wi-Fi" not in run.seen
    config, _ = written(tmp_path, secrets=False)
    assert config["network"] == {"wired": "w5500", "sck": 18, "mosi": 19, "miso": 16, "cs": 17, "reset": 20}


@pytest.mark.parametrize("board", boards.ids())
def test_every_board_gets_a_sound_configuration(board, tmp_path):
    config, secrets = files(Answers(board, "attic", "home", "hunter2", "h", "attic", "hunter3", ["bme280"]))
    assert check(json.dumps(config), json.dumps(secrets)).faults == []
    assert ("network" in secrets) == ("wifi" in boards.load(board).network)


def test_what_is_given_as_an_option_is_not_asked(terminal):
    run = terminal(OPTIONS)
    assert run.end() == 0
    assert not re.search("Board|Name|Wi-Fi|Introduce", run.seen)


def test_ctrl_c_in_the_middle_writes_nothing(terminal, tmp_path):
    run = terminal({"--board": "RPI_PICO_W"})
    run.answer("Name of the node", "\x03")
    assert run.end() == 130
    assert list(tmp_path.iterdir()) == []
