"""`girouette demo` as a person runs it: in a pipe, in a terminal, with a broker of one's own, ended in every way."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from girouette.paths import BUILD
from support import wait_for

TOPICS = ("ha/temperature", "ha/humidity", "ha/pressure")
PRESENCE = "received   ha/station/status online"


def command(*options) -> list[str]:
    return [sys.executable, "-m", "girouette.cli", "demo", *options]


def environment(broker: str | None = None) -> dict:
    clean = {key: value for key, value in os.environ.items() if key not in ("BROKER", "SECONDS")}
    return clean | ({"BROKER": broker} if broker else {}) | {"TERM": "xterm-256color"}


def demo(*options, broker=None) -> subprocess.CompletedProcess:
    """Run it in a pipe, to its end."""
    return subprocess.run(command(*options), env=environment(broker), text=True, capture_output=True, timeout=90)


def assert_received(output: str):
    for topic in TOPICS:
        assert re.search(rf"received   {topic} -?\d+\.\d\d (°C|%|hPa)$", output, re.MULTILINE), output
    assert PRESENCE in output


def processes_of(folder: Path) -> list[int]:
    """The processes whose command line names the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if str(folder).encode() in entry.read_bytes():
                found.append(int(entry.parent.name))
    return found


class Running:
    """A demo in a pipe that goes on until it is told to end."""

    def __init__(self, *options):
        before = set(BUILD.glob("demo-*")) if BUILD.exists() else set()
        self.process = subprocess.Popen(
            command(*options),
            env=environment(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.output = ""
        self._read_until("received   ha/pressure")
        pid = self.process.pid
        folders = set(BUILD.glob("demo-*")) - before
        self.folder = next(folder for folder in folders if any(is_child(p, pid) for p in processes_of(folder)))

    def _read_until(self, text: str):
        while text not in self.output:
            line = self.process.stdout.readline()
            assert line, f"the demo ended:\n{self.output}"
            self.output += line

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        self.output += self.process.stdout.read()
        return self.process.wait(timeout=20)


def is_child(pid: int, parent: int) -> bool:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]) == parent
    return False


def test_it_shows_what_a_subscriber_receives_and_ends_by_itself():
    begun = time.monotonic()
    result = demo("--seconds", "4")
    assert result.returncode == 0, result.stderr
    assert time.monotonic() - begun > 4
    assert_received(result.stdout)
    assert "station    " in result.stdout
    summary = result.stdout.splitlines()[-1]
    assert re.fullmatch(r"4 s: \d+ values on 3 topics received from mosquitto at 127.0.0.1:\d+; the last: .*", summary)
    assert result.stderr == ""


def test_no_value_is_a_failure_in_words():
    result = demo("--seconds", "0.01")
    assert result.returncode == 1
    assert "no value arrived in 0.01 s" in result.stderr
    assert "Traceback" not in result.stdout + result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_ends_everything_cleanly(number):
    running = Running()
    assert len(processes_of(running.folder)) >= 2, "a broker and a board"
    assert running.end(number) == 0
    assert "Traceback" not in running.output
    assert "values on 3 topics received from" in running.output.splitlines()[-1]
    assert processes_of(running.folder) == []
    assert not running.folder.exists()


def test_an_impatient_ctrl_c_leaves_nothing_behind():
    running = Running()
    running.process.send_signal(signal.SIGINT)
    wait_for(lambda: len(processes_of(running.folder)) < 2, "the ending to begin")
    assert running.end(signal.SIGINT) == 0
    assert "Traceback" not in running.output
    assert processes_of(running.folder) == []
    assert not running.folder.exists()


def test_a_signal_before_anything_runs_ends_it_cleanly_too():
    process = subprocess.Popen(
        command(), env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    process.stdout.readline()  # the broker is up, the station is not
    process.send_signal(signal.SIGINT)
    output = process.stdout.read()
    assert process.wait(timeout=20) == 0
    assert "Traceback" not in output


def test_a_broker_of_ones_own_is_used_and_its_password_never_shown(mosquitto_factory):
    broker = mosquitto_factory(accounts={"me": "hunter2"})
    result = demo("--seconds", "4", broker=f"mqtt://me:hunter2@{broker.host}:{broker.port}")
    assert result.returncode == 0, result.stderr
    assert_received(result.stdout)
    assert f"your broker at 127.0.0.1:{broker.port}" in result.stdout
    assert "hunter2" not in result.stdout + result.stderr


def test_a_refused_account_is_told_in_words_without_the_password(mosquitto_factory):
    broker = mosquitto_factory(accounts={"me": "right"})
    result = demo("--seconds", "4", broker=f"mqtt://me:hunter2@{broker.host}:{broker.port}")
    assert result.returncode == 1
    assert "refuses the demo" in result.stderr
    assert "hunter2" not in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_a_broker_that_is_not_there_is_told_in_words(free_port):
    result = demo("--seconds", "4", broker=f"127.0.0.1:{free_port}")
    assert result.returncode == 1
    assert f"no connection to the broker at 127.0.0.1:{free_port}" in result.stderr
    assert "Traceback" not in result.stderr


def test_it_runs_on_amqtt():
    result = demo("--seconds", "5", "--broker-kind", "amqtt")
    assert result.returncode == 0, result.stderr
    assert_received(result.stdout)
    assert "received from amqtt at" in result.stdout


def test_a_reader_that_goes_away_ends_it_cleanly():
    process = subprocess.Popen(command(), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for _ in range(3):
        process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=20) == 0


def test_two_demos_do_not_disturb_each_other():
    first, second = Running(), Running()
    assert first.folder != second.folder
    assert first.end(signal.SIGINT) == 0
    assert processes_of(second.folder)
    assert second.end(signal.SIGINT) == 0


class Terminal:
    """The demo in a terminal of 80 x 24; `text` is all it has drawn."""

    def __init__(self, *options):
        pid, self._fd = pty.fork()
        if pid == 0:
            os.execve(sys.executable, command(*options), environment())
        self._pid = pid
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.text = ""
        self._seen = 0

    def read(self, seconds: float = 0.1) -> bool:
        """Takes what has been drawn; False at the end."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError:  # the other side is gone
            return False
        self.text += data.decode(errors="replace")
        return bool(data)

    def until(self, pattern: str):
        """Until that is drawn, after what was waited for before."""
        found = wait_for(lambda: self.read() and re.search(pattern, self.text[self._seen :]), pattern, 60)
        self._seen += found.end()

    def press(self, key: str):
        os.write(self._fd, key.encode())

    def end(self) -> int:
        wait_for(lambda: not self.read(), "the demo to end", 20)
        _, status = os.waitpid(self._pid, 0)
        os.close(self._fd)
        return os.waitstatus_to_exitcode(status)


def test_in_a_terminal_keys_break_and_mend_things_and_q_ends_it():
    terminal = Terminal()
    terminal.until(r"ha/pressure.*\d+\.\d\d")
    terminal.press("w")
    terminal.until("Wi-Fi gone")
    terminal.until('"simulated" is lost')
    terminal.press("w")
    terminal.until("all is well")
    terminal.until('is lost(.|\n)*on "simulated"')
    terminal.press("s")
    terminal.until("sensor unplugged")
    terminal.until("bme280: no answer")
    terminal.press("s")
    terminal.until("works again")
    terminal.press("q")
    assert terminal.end() == 0
    assert "\x1b[?1049l" in terminal.text, "the screen is given back"
    assert "values on 3 topics received from" in terminal.text.rsplit("\x1b[?1049l")[-1]


def test_in_a_terminal_the_lamp_obeys_and_an_outage_ends_by_itself():
    terminal = Terminal()
    terminal.until(r"ha/station/lamp.*OFF")
    terminal.press("l")
    terminal.until(r"ha/station/lamp.*ON")
    terminal.press("o")
    terminal.until("Wi-Fi gone for 8 s")
    terminal.until("all is well")
    terminal.press("l")
    terminal.until(r"ha/station/lamp.*OFF")
    terminal.press("q")
    assert terminal.end() == 0


def test_in_a_terminal_ctrl_c_ends_it_cleanly():
    terminal = Terminal()
    terminal.until(r"ha/pressure.*\d+\.\d\d")
    terminal.press("\x03")
    assert terminal.end() == 0
    assert "Traceback" not in terminal.text
    assert "values on 3 topics received from" in terminal.text.rsplit("\x1b[?1049l")[-1]


def test_in_a_terminal_power_and_broker_can_fail_and_come_back():
    terminal = Terminal()
    terminal.until(r"ha/pressure.*\d+\.\d\d")
    terminal.press("p")
    terminal.until("no power")
    terminal.press("p")
    terminal.until("all is well")
    terminal.press("b")
    terminal.until("broker down")
    terminal.until("connection was lost")
    terminal.press("b")
    terminal.until("all is well")
    terminal.until("connection was lost(.|\n)*readings waiting")
    terminal.press("q")
    assert terminal.end() == 0
