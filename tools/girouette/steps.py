"""How a command tells what it does: steps with ticks and progress bars for a person, one JSON object for a program.

    with Steps("flash", as_json=args.json, dry_run=args.dry_run) as steps:
        with steps.step("erasing the flash"):
            steps.run(["esptool", "erase-flash"])          # a dry run prints this line and runs nothing
        with steps.step("writing", total=1_700_000) as step:
            step.advance(4096)
            step.note("1.7 MB")                            # beside the tick
        steps.facts["chip"] = "ESP32"                      # goes into the JSON

Nothing of any one command lives here.
"""

import contextlib
import json
import shlex
import sys
import time
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from . import external
from .errors import Failure


class Step:
    """One of the steps: what it is, how far it is, and how long it took."""

    def __init__(self, title: str, bar: Progress | None, total: float | None):
        self.title, self.seconds, self.words = title, 0.0, ""
        self._bar = bar
        self._task = bar.add_task(title, total=total) if bar else None

    def advance(self, count: float):
        """So many units further."""
        if self._bar:
            self._bar.advance(self._task, count)

    def at(self, completed: float, total: float | None = None):
        """So far now."""
        if self._bar:
            self._bar.update(self._task, completed=completed, total=total)

    def note(self, words: str):
        """What is worth telling beside the tick."""
        self.words = words


class Steps:
    """The steps of one command. `facts`: what the JSON says beside them; `secrets`: texts that are never shown;
    `aside`: they are told on stderr, since something else is printed."""

    def __init__(self, command: str, as_json: bool = False, dry_run: bool = False, aside: bool = False):
        self.facts: dict = {}
        self.secrets: list[str] = []
        self.dry_run, self._json, self._command = dry_run, as_json, command
        self._done: list[Step] = []
        self._begun = time.monotonic()
        self._console = Console(file=sys.stderr if as_json or aside else sys.stdout, highlight=False, soft_wrap=True)

    def __enter__(self) -> "Steps":
        return self

    def __exit__(self, kind, error, trace):
        if error is None or isinstance(error, Failure):
            self._end(error)

    @contextlib.contextmanager
    def step(self, title: str, total: float | None = None) -> Iterator[Step]:
        """A step; with a total, a progress bar (in bytes). It is ticked at the end, or crossed when it fails."""
        with self._bar(total) as bar:
            step = Step(title, bar, total)
            begun = time.monotonic()
            try:
                yield step
            except BaseException:
                step.seconds = time.monotonic() - begun
                self._line("[red]✗[/]", step)
                raise
        step.seconds = time.monotonic() - begun
        self._done.append(step)
        self._line("[green]✓[/]", step)

    def run(self, argv: list, on_line=None, **options) -> str:
        """What a tool prints; a dry run shows the command instead. Raises Failure in plain words."""
        words = [str(word) for word in argv]
        if self.dry_run:
            self.say("  " + shlex.join(words))
            return ""
        return external.run(words, on_line, **options)

    def _bar(self, total):
        if total is None or self.dry_run or not self._console.is_terminal:
            return contextlib.nullcontext()
        columns = (TextColumn("  {task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        return Progress(*columns, console=self._console, transient=True)

    def _line(self, sign: str, step: Step):
        if not self.dry_run:
            words = f"  [dim]{self.masked(step.words)}[/]" if step.words else ""
            self._console.print(f"{sign} {self.masked(step.title)}{words}  [dim]{step.seconds:.1f} s[/]")

    def say(self, text: str):
        """A line for a person; a program does not get it."""
        self._console.print(self.masked(text), markup=False)

    def masked(self, text: str) -> str:
        """The text without the secrets."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text

    def _end(self, error: Failure | None):
        seconds = round(time.monotonic() - self._begun, 2)
        if self._json:
            done = [{"step": step.title, "seconds": round(step.seconds, 2), "note": step.words} for step in self._done]
            about = {"command": self._command, "ok": error is None, "seconds": seconds, "steps": done} | self.facts
            if error:
                about["error"] = str(error)
            print(self.masked(json.dumps(about, indent=2)))
        elif error is None and not self.dry_run:
            self._console.print(f"[bold green]done[/] in {seconds:.1f} s")
