"""What is seen of many boards at once: a live table for a person at a terminal, lines otherwise.

`Row` is a node's Steps, so that a deployment tells here what it would tell alone.
"""

import contextlib
import sys
import threading
import time

from rich.console import Console
from rich.live import Live
from rich.table import Table as Grid

from ..steps import Steps


class Overview:
    """The rows of all nodes. Used from several threads."""

    def __init__(self, nodes: list[tuple[str, str]], as_json: bool = False):
        self.console = Console(file=sys.stderr if as_json else sys.stdout, highlight=False, soft_wrap=True)
        self._lock = threading.Lock()
        self._rows = {name: [name, place, "waits", ""] for name, place in nodes}
        self._live = Live(get_renderable=self._grid, console=self.console, refresh_per_second=4)
        self.shown = self.console.is_terminal

    def __enter__(self) -> "Overview":
        if self.shown:
            self._live.start()
        return self

    def __exit__(self, *exc):
        if self.shown:
            self._live.stop()

    def tell(self, name: str, state: str, words: str = "", line: bool = True):
        """A node's state; beside a live table also a line of its own, where `line` says so."""
        with self._lock:
            self._rows[name][2:] = [state, words]
        if not self.shown and line:
            self.line(f"{name}: {state}" + (f"  {words}" if words else ""))

    def line(self, text: str):
        with self._lock:
            self.console.print(text, markup=False)

    def _grid(self) -> Grid:
        grid = Grid(box=None, pad_edge=False, header_style="bold")
        grid.add_column("node", no_wrap=True, min_width=max(map(len, self._rows)))
        for title in ("port", "state", ""):
            grid.add_column(title, overflow="ellipsis", no_wrap=True)
        with self._lock:
            for row in self._rows.values():
                grid.add_row(*row)
        return grid


class Row(Steps):
    """One node's steps, told on the overview of all."""

    def __init__(self, overview: Overview, name: str, dry_run: bool = False):
        super().__init__("deploy", as_json=True, dry_run=dry_run)
        self._overview, self._name = overview, name
        self.begun = time.monotonic()

    def __exit__(self, kind, error, trace):
        pass  # the fleet's own summary says it

    def _bar(self, total):
        @contextlib.contextmanager
        def bar():
            yield _Bar(self._overview, self._name, total)

        return bar()

    def _line(self, sign: str, step):
        done = "✓" if "green" in sign else "✗"
        self._overview.tell(self._name, f"{done} {self.masked(step.title)}", self.masked(step.words))

    def say(self, text: str):
        if self.dry_run or not self._overview.shown:
            self._overview.line(f"{self._name}: {self.masked(text).strip()}")


class _Bar:
    """Takes the place of rich's Progress: how far a step is, as a part of the row."""

    def __init__(self, overview: Overview, name: str, total: float | None):
        self._overview, self._name, self._total, self._done, self._title = overview, name, total, 0.0, ""

    def add_task(self, title: str, total: float | None):
        self._title = title
        self._show()

    def advance(self, _task, count: float):
        self._done += count
        self._show()

    def update(self, _task, completed: float, total: float | None):
        self._done, self._total = completed, total or self._total
        self._show()

    def _show(self):
        part = f"{self._done / self._total:.0%}" if self._total else ""
        self._overview.tell(self._name, f"… {self._title}", part, line=False)
