"""Runs the commands of a page as they are written, at a desk. Only the port, the broker's address, the drive of a boot
loader and the folder are put in the place of those on the page."""

import contextlib
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pages
from girouette import toolchain
from support import wait_for

BROKER = "192.168.1.10"
HERE = "127.0.0.2"  # this computer, by an address that is not "the board itself" to a board
WATCHERS = ("mosquitto_sub", "girouette monitor")


class Watcher:
    """A command that goes on until Ctrl-C, in a terminal of its own."""

    def __init__(self, command: pages.Command, argv: list[str], env: dict, folder: Path):
        self.command, self._log = command, folder / f"watcher{len(list(folder.iterdir()))}"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, cwd=folder
            )

    def printed(self) -> list[str]:
        return self._log.read_text(errors="replace").splitlines()

    def has_open(self, port: Path) -> bool:
        with contextlib.suppress(OSError):  # a file that was just closed, a program that has ended
            return any(link.readlink() == port for link in Path(f"/proc/{self._process.pid}/fd").iterdir())
        return False

    def wait(self, said: dict[str, str]):
        """Until it has shown what the page shows."""
        try:
            wait_for(lambda: pages.missing(self.command.shown, self.printed(), said) is None, "its lines", 40)
        except AssertionError:
            showed = "\n".join(self.printed())
            raise AssertionError(f"$ {self.command.line}\n{showed}\nthe page shows more") from None
        finally:
            self.end()

    def end(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


class Walk:
    """Walks at `desk` in an empty folder."""

    def __init__(self, desk, folder: Path, broker_port: int):
        self.desk, self.folder, self._broker_port = desk, folder, broker_port
        self.ran: list[str] = []
        self._watchers: list[Watcher] = []
        tools = [Path(sys.executable).parent, Path(toolchain.mosquitto_client("mosquitto_sub")).parent]
        path = os.pathsep.join([*map(str, [*desk.tools, *tools]), os.environ["PATH"]])
        self._env = os.environ | {"PATH": path, "TERM": "dumb", "COLUMNS": "200", "PYTHONUNBUFFERED": "1"} | desk.env

    def run(self, command: pages.Command):
        name = next((name for name in WATCHERS if command.line.startswith(name)), None)
        if name:
            self._watch(command, name)
        else:
            self._whole(command)
        self.ran.append(command.line)

    def end(self):
        """Every command that went on has shown what the page says."""
        try:
            for watcher in self._watchers:
                watcher.wait(self._said())
        finally:
            self.close()

    def close(self):
        for watcher in self._watchers:
            watcher.end()

    def _watch(self, command: pages.Command, name: str):
        watcher = Watcher(command, self._argv(command.line), self._env, self.folder)
        self._watchers.append(watcher)
        if name == "girouette monitor":
            wait_for(lambda: watcher.has_open(Path(self.desk.port).resolve()), "the monitor to open the port", 20)
            self.desk.restart()
            watcher.wait(self._said())

    def _whole(self, command: pages.Command):
        argv = self._argv(command.line)
        self.desk.before(argv)
        if argv[:2] == ["girouette", "new"]:
            status, text = self._asked(argv, command.shown)
        else:
            done = subprocess.run(
                argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                env=self._env, cwd=self.folder, timeout=180,
            )  # fmt: skip
            status, text = done.returncode, done.stdout
        text = text.replace(f"{self.folder}/", "")
        print(f"$ {command.line}\n{text}")  # what pytest shows of a walk that fails
        assert (status != 0) == command.fails, f"$ {command.line}\n{text}\nstatus {status}"
        missed = pages.missing(command.shown, text.splitlines(), self._said())
        assert missed is None, f"$ {command.line}\n{text}\nthe page shows: {missed}"
        if not status:
            self.desk.after(argv)

    # What is put in place of what

    def _argv(self, line: str) -> list[str]:
        words = [self._here(word) for word in shlex.split(line)]
        if "-h" in words:  # mosquitto_sub: the port is an option of its own
            at = words.index("-h")
            words[at : at + 2] = ["-h", HERE, "-p", str(self._broker_port)]
        return words + self.desk.extra(words)

    def _here(self, text: str) -> str:
        return text.replace(self.desk.PORT, self.desk.port).replace(BROKER, f"{HERE}:{self._broker_port}")

    def _said(self) -> dict[str, str]:
        return {**self.desk.said(), self.desk.PORT: self.desk.port, BROKER: HERE, "anna": self.desk.user}

    # A command that asks

    def _asked(self, argv: list[str], shown: list[str]) -> tuple[int, str]:
        """Answers each question as the page does; a password, which the page does not show, as desk.passwords says."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execvpe(argv[0], argv, self._env)
        seen = ""
        for question, answer in self._questions(shown):
            seen += _until(terminal, question, seen)
            if (secret := self.desk.passwords.get(question)) is not None:
                wait_for(lambda: not termios.tcgetattr(terminal)[3] & termios.ECHO, "the password to be hidden")
            os.write(terminal, f"{self._here(secret or answer)}\n".encode())
        seen += _until(terminal, None, "")
        os.close(terminal)
        # What was typed is on the page too, and here only as an address of this desk.
        text = seen.replace("\r", "").replace(f"{HERE}:{self._broker_port}", HERE)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text

    @staticmethod
    def _questions(shown: list[str]) -> list[tuple[str, str]]:
        asked = shown[: next(at for at, line in enumerate(shown) if line.startswith("written:"))]
        return [re.fullmatch(r"(.*:) ?([^:]*)", line).groups() for line in asked if line != "..."]


def _until(terminal: int, text: str | None, seen: str, seconds: float = 30) -> str:
    """What a terminal shows up to that text, or its end."""
    end, more = time.monotonic() + seconds, ""
    while text is None or text not in more:
        assert time.monotonic() < end, f"waited for {text!r}; shown: {seen}{more}"
        try:
            data = os.read(terminal, 1024)
        except OSError:  # the program has ended
            assert text is None, f"it ended before {text!r}: {seen}{more}"
            break
        if not data:
            break
        more += data.decode(errors="replace")
    return more
