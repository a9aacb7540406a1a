"""`deploy`: a build onto a board, so that the node runs the old one or the new one and never a mixture.

The order is what keeps that promise. First the marker of maintenance, with which main.py starts nothing; then main.py
itself; then all other files in any order, the configuration last; everything is read back by its hash; and the
marker's removal is the last of all. Wherever it is broken off, the marker is there, and the next run goes on from what
the hashes say. Before the marker nothing is changed, so that what does not fit is said in time.

plan.py decides what changes, fit.py whether it can be; via.py copies; life.py judges what the console says.
"""

import re
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from .. import maintenance
from ..boards import BoardInfo
from ..console import Console, Lost
from ..errors import Failure
from ..paths import BUILD
from ..steps import Steps
from . import fit, wanted
from .life import Life, Verdict
from .plan import CONFIG, LAST, STARTERS, TRIAL, File, Found, Plan, found, plan
from .via import TOOLS

AGAIN = "The board holds a mixture now, which it does not start. Run the same command again: it goes on from here."
_NAMES = [*STARTERS, *(f"{path}.new" for path in STARTERS), *LAST, *TRIAL]


@dataclass
class Wish:
    """What is to be deployed. `build(config or None, target)` makes it (girouette.build) in the folder `target`; where
    there is no `config` it is called with the board's own configuration.

    work: a folder of this deployment's own, for the build and for the scripts that the tools are given. wait: seconds
    to wait for the proof of life, 0: none. any_board: whether another board with the same chip will do.
    """

    board: BoardInfo
    port: str
    build: Callable
    config: Path | None
    work: Path
    via: str = "mpremote"
    wait: float = 60
    any_board: bool = False


def work_folder(name: str, port: str) -> Path:
    """Where the deployment of that name to that port works: two at once do not meet."""
    return BUILD / "deploy" / f"{name}-{re.sub('[^A-Za-z0-9]+', '-', port).strip('-')}"


class Unproven(Failure):
    """All is on the board, and the node is not connected."""

    status = 4

    def __init__(self, why: str):
        super().__init__(f"the node is on the board, and is not connected: {why}")


class Deployment:
    """One board's. `run` returns the verdict on a node that lives, or None where it was not waited for."""

    def __init__(self, wish: Wish, steps: Steps):
        self._wish, self._steps = wish, steps
        self._tool = TOOLS[wish.via](wish.port, wish.work / "scripts", steps)
        self._told = False  # it has said that it goes into maintenance
        self._marked = False
        self._life = Life()

    def run(self) -> Verdict | None:
        """Raises Failure, or Unproven; what they say holds no secret."""
        with tempfile.TemporaryDirectory(prefix="girouette-") as private:
            try:
                self._deploy(Path(private))
            except BaseException as fault:
                self._leave()
                if not isinstance(fault, Failure):
                    self._steps.say(AGAIN if self._marked else "broken off")
                    raise
                raise Failure(self._steps.masked(f"{fault}\n{AGAIN}" if self._marked else str(fault))) from None
        return self._alive()

    def _deploy(self, private: Path):
        built = self._built(self._wish.config, self._wish.work / "flash") if self._wish.config else None
        built, there, what = self._prepared(built, private)
        if what.changes:
            self._copy(built, what, self._told and there.marked)
        self._end()

    # Before anything is changed

    def _built(self, config: Path | None, target: Path):
        with self._steps.step(f"building for {self._wish.board.id}") as step:
            built = self._wish.build(config, target)
            self._steps.secrets += wanted.secrets(built.folder)
            step.note(f"{len(built.files)} files, {_kb(sum(built.sizes.values()))}")
        return built

    def _prepared(self, built, private: Path):
        self._to_prompt()
        there = self._survey("looking at the board", fresh=True)
        if not self._steps.dry_run:
            fit.board(self._wish.board, there, self._wish.any_board)
        if built is None:
            built = self._built_for(there, private)
        files = self._files(built)
        speaks = wanted.speaks(built.folder)
        self._life.speaks = wanted.tells(there.about["level"]) if speaks is None else speaks
        self._life.configured = "config.json" in files or "config.json" in there.files
        what = plan(there, files, self._wish.config is not None)
        fit.space(there, what)
        self._tell(what, len(files))
        return built, there, what

    def _to_prompt(self):
        with self._steps.step("to the board's prompt") as step:
            if self._steps.dry_run:
                self._steps.say(f"  # Ctrl-C on {self._wish.port}: a running node goes into maintenance by a reset")
                return
            self._told = maintenance.interrupt(self._wish.port)
            step.note("the node went into maintenance" if self._told else "")

    def _survey(self, title: str, fresh: bool = False) -> Found:
        with self._steps.step(title) as step:
            text = self._tool.script("survey", fresh=fresh, NAMES=_NAMES)
            if self._steps.dry_run:
                self._steps.say("  # as for an empty board:")
                return Found({"block": 4096, "free": 1 << 30, "marker": False, "level": None, "version": []}, {}, [])
            there = found(text)
            step.note(f"{there.system}, {_kb(there.about['free'])} free")
        return there

    def _built_for(self, there: Found, private: Path):
        """The build for the configuration that the board has; checked, so that a new firmware does not find it faulty.
        It may hold secrets, so it is kept where nobody else can read it, and for this run only."""
        if "config.json" not in there.files:
            return self._built(None, self._wish.work / "flash")
        with self._steps.step("reading the board's configuration"):
            _save(self._tool.script("read", NAMES=list(CONFIG)), private)
        return self._built(private / "config.json", private / "flash")

    def _files(self, built) -> dict[str, File]:
        """What the board shall have. A configuration that it keeps is not written, not even as it was read."""
        files = wanted.files(built)
        return files if self._wish.config else {path: file for path, file in files.items() if path not in CONFIG}

    def _tell(self, what: Plan, count: int):
        words = f"{what.count} of {count} files change, {_kb(what.bytes)}"
        if what.stale:
            words += f"; {len(what.stale)} no longer belong"
        for path in what.aside:
            words += f"; the board's own {path} is kept as {path.replace('.py', '.before.py')}"
        self._steps.facts |= {"copied": what.count, "bytes": what.bytes, "removed": what.stale}
        self._steps.say(words if what.changes else "nothing changes: the board has it all")

    # The change

    def _copy(self, built, what: Plan, calm: bool):
        """calm: the board is known to run no watchdog."""
        with self._steps.step("into maintenance"):
            self._tool.script("mark", ASIDE=what.aside)
            self._marked = True
        with self._steps.step("copying", total=what.bytes) as step:
            self._swap(built, what, step, calm)
            self._put(built, what.copy, step)
            self._put(built, what.last, step)
            step.note(f"{what.count} files, {_kb(what.bytes)}")
        self._prove(built)

    def _swap(self, built, what: Plan, step, calm: bool):
        """main.py and boot.py in one step each; and a reset, where a watchdog may be running."""
        self._put(built, what.swap, step, ".new")
        self._tool.script("swap", SWAP=list(what.swap), STALE=what.stale, EMPTY=what.empty, FOLDERS=what.folders)
        if calm:
            return
        self._tool.reset()
        if not self._steps.dry_run:
            maintenance.interrupt(self._wish.port)

    def _put(self, built, files: dict[str, int], step, suffix: str = ""):
        if not files:
            return
        sizes = iter(files.values())
        before = [0]

        def begins(_path: str):
            step.advance(before[0])
            before[0] = next(sizes, 0)

        self._tool.put([(built.folder / path, path + suffix) for path in files], begins)
        step.advance(before[0])

    def _prove(self, built):
        """Read everything back by its hash."""
        there = self._survey("reading back")
        if self._steps.dry_run:
            return
        wrong = [path for path, file in self._files(built).items() if there.files.get(path) != file]
        if wrong:
            raise Failure(f"not on the board as they were sent: {', '.join(wrong)}. Is the cable sound?")

    def _end(self):
        with self._steps.step("restarting the node"):
            self._tool.script("end", follow=False)
            self._marked = False

    def _leave(self):
        """After a failure: a mixture stays in maintenance; a node that was only stopped starts again."""
        if self._marked or self._steps.dry_run:
            return
        with suppress(Failure):
            if self._told:
                self._tool.script("end", follow=False)
            else:  # no marker, or one that was there before
                self._tool.reset()

    # The proof

    def _alive(self) -> Verdict | None:
        if not self._wish.wait or self._steps.dry_run:
            return None
        with self._steps.step("waiting for the node") as step:
            verdict = self._watch()
            words = self._steps.masked(verdict.words)
            self._steps.facts |= {"connected": verdict.well, "words": words}
            if verdict.well is False:
                raise Unproven(words)
            step.note(words)
        return verdict

    def _watch(self) -> Verdict:
        begun = time.monotonic()
        port = Console(self._wish.port)
        maintenance.opened(port)
        with closing(port):
            while (seconds := time.monotonic() - begun) < self._wish.wait:
                for line in self._heard(port):
                    self._steps.say(f"  | {line}")
                    if verdict := self._life.line(line, seconds):
                        return verdict
                if verdict := self._life.silence(seconds, port.rest):
                    return verdict
        return self._life.over(self._wish.wait)

    def _heard(self, port: Console) -> list[str]:
        """The lines that have come; none from a port that goes with the reset, and comes back."""
        try:
            return list(port.lines())
        except Lost:
            self._life.away = True
            maintenance.opened(port)
            return []


def _kb(count: int) -> str:
    return f"{count / 1024:.1f} KB" if count < 1 << 20 else f"{count / (1 << 20):.1f} MB"


def _save(text: str, folder: Path):
    """What read.py printed, as files."""
    at = None
    for line in text.splitlines():
        sign, _, rest = line.strip().partition(" ")
        if sign == "@text":
            at = folder / rest
            at.touch(0o600)
        elif sign == "@hex" and at:
            with at.open("ab") as file, suppress(ValueError):  # a garbled line: the check of what is left finds it
                file.write(bytes.fromhex(rest))
