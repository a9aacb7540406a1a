"""Runs the programs of device/ on a board, each on a fresh heap, and reads what they print."""

import re
from dataclasses import dataclass, field

from girouette.doctor import board
from girouette.errors import Failure
from girouette.steps import Steps

from .setting import Setting

# The gate: program and its arguments behind the repetitions. The first ones have a broker made up in the program.
MADE_UP = (
    "publish 0",
    "publish 1",
    "publish 2",
    "receive 0",
    "receive 1",
    "receive 2",
    "outbox",
    "resend new",
    "alive",
)
_LONGEST = 900  # seconds for one program
_SPEED_MS = 5000


@dataclass
class Operation:
    """One operation of the gate: bytes that `times` repetitions kept, and whether it ran with the heap locked."""

    program: str
    name: str
    times: int
    done: int
    live: int
    total: int
    locked: str

    @property
    def well(self) -> bool:
        return self.done == self.times and not self.live and not self.total and self.locked == "locked"


@dataclass
class Results:
    """What the board gave; `faults`: programs that did not come to their end, and why."""

    about: dict = field(default_factory=dict)
    gate: list[Operation] = field(default_factory=list)
    reconnects: list[dict] = field(default_factory=list)
    sensors: list[dict] = field(default_factory=list)
    speed: dict[str, int] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    network: bool = False

    @property
    def well(self) -> bool:
        parts = [operation.well for operation in self.gate]
        parts += [entry["well"] for entry in (*self.reconnects, *self.sensors)]
        return bool(parts) and all(parts) and not self.faults


class Bench:
    """A board at its prompt."""

    def __init__(self, port: str, setting: Setting, steps: Steps, times: int):
        self._port, self._setting, self._steps, self._times = port, setting, steps, times
        self.results = Results()

    def run(self) -> Results:
        """Everything, one after the other; a program that fails does not keep the others from running."""
        self._look()
        for words in MADE_UP:
            program, *arguments = words.split()
            self._try(f"allocation: {words}", program, [self._times, *arguments], self._gate(words))
        self._try("reconnects, broker made up", "reconnect", ["new"], self._reconnect("made up"))
        if self._setting.sensors:
            self._try("sensors", "parts", [20], self._parts)
        if self._setting.broker:
            self._over_the_network()
        return self.results

    def _over_the_network(self):
        self.results.network = True
        port, few = self._setting.broker.port, max(10, self._times // 2)
        self._try("allocation: over TCP", "tcp", [few, port], self._gate("tcp"), joined=True)
        for session in ("new", "kept"):
            self._try(
                f"reconnects, session {session}", "reconnect", [session, port], self._reconnect(session), joined=True
            )
        self._try("speed", "speed", [port, _SPEED_MS], self._speed, joined=True)

    def _look(self):
        with self._steps.step("the board") as step:
            if about := board.told(self._steps.run(board.asking(self._port), silence=60)):
                self.results.about = about
                step.note(f"MicroPython {'.'.join(map(str, about['version']))} on {about['machine']}")

    def _try(self, title: str, program: str, arguments: list, read, joined: bool = False):
        first = "import join; " if joined else ""
        argv = ["", *map(str, arguments)]
        code = f"import sys; sys.argv[:] = {argv!r}; {first}import {program}"
        call = ["mpremote", "connect", self._port, "mount", self._setting.folder, "exec", code]
        try:
            with self._steps.step(title) as step:
                try:
                    step.note(read(self._steps.run(call, silence=_LONGEST)))
                except Failure as e:
                    step.note(_last(str(e)))
                    raise
        except Failure as e:
            self.results.faults[title] = _last(str(e))

    # What the programs print

    def _gate(self, program: str):
        def read(text: str) -> str:
            rows = [line.split("\t") for line in text.splitlines() if line.count("\t") == 5]
            found = [Operation(program, name, *map(int, numbers), locked) for name, *numbers, locked in rows]
            self._expect(found or self._steps.dry_run, text)
            self.results.gate += found
            bad = sum(not operation.well for operation in found)
            return f"{len(found)} operations, {f'{bad} allocate' if bad else 'none allocates'}"

        return read

    def _reconnect(self, name: str):
        def read(text: str) -> str:
            found = re.search(r"^(\d+) (\d+) (\d+) (\d+)\s*$", text, re.MULTILINE)
            self._expect(found or self._steps.dry_run, text)
            if not found:
                return ""
            count, _, tenth, last = map(int, found.groups())
            well = count == 100 and tenth == last
            self.results.reconnects.append({"session": name, "tenth": tenth, "hundredth": last, "well": well})
            return f"{tenth} bytes after the 10th, {last} after the 100th"

        return read

    def _parts(self, text: str) -> str:
        rows = [line.split("\t")[1:] for line in text.splitlines() if line.startswith("sensor\t")]
        self._expect(rows or self._steps.dry_run, text)
        for part, state, words, live, locked in rows:
            well = state == "ok" and live == "0" and locked == "locked"
            entry = {"part": part, "state": state, "words": words, "live": int(live), "locked": locked, "well": well}
            self.results.sensors.append(entry)
        return "; ".join(f"{part}: {words}" for part, _, words, *_ in rows)

    def _speed(self, text: str) -> str:
        rows = [line.split("\t")[1:] for line in text.splitlines() if line.startswith("speed\t")]
        self._expect(rows or self._steps.dry_run, text)
        self.results.speed = {name: int(rate) for name, rate in rows}
        return ", ".join(f"{rate}/s {name}" for name, rate in self.results.speed.items())

    def _expect(self, found, text: str):
        if not found:
            raise Failure(f"the board printed something else than was expected: {text[-200:]!r}")


def _last(text: str) -> str:
    """The last words of a traceback, in one line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else text
