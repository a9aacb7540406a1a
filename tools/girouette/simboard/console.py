"""What the board prints, line by line, and waiting for it. Knows nothing of who prints."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator


class Waitable:
    """A list that grows from another thread, and a bookmark of how far a test has waited through it."""

    def __init__(self, what: str):
        self._what = what
        self._items: list[str] = []
        self._bookmark = 0
        self._closed = False
        self._grown = threading.Condition()

    def append(self, item: str):
        with self._grown:
            self._items.append(item)
            self._grown.notify_all()

    def close(self):
        """Nothing more will come."""
        with self._grown:
            self._closed = True
            self._grown.notify_all()

    def all(self) -> list[str]:
        with self._grown:
            return list(self._items)

    def wait(self, accept: Callable[[str], bool], wanted: str, timeout: float) -> str:
        """The next item after the last one waited for that is accepted. TimeoutError tells what came instead."""
        until = time.monotonic() + timeout
        with self._grown:
            looked_at = self._bookmark
            while True:
                for i in range(looked_at, len(self._items)):
                    if accept(self._items[i]):
                        self._bookmark = i + 1
                        return self._items[i]
                looked_at = len(self._items)
                if not self._grown.wait(until - time.monotonic()):
                    raise TimeoutError(self._failure(wanted, timeout))

    def _failure(self, wanted: str, timeout: float) -> str:
        last = "\n".join(self._items[-30:]) or "(nothing)"
        return f"no {self._what} with {wanted!r} within {timeout:g} s. The last ones:\n{last}"

    def follow(self) -> Iterator[str]:
        """Every item from the first on, waiting for the next; ends with `close`."""
        i = 0
        while True:
            with self._grown:
                while i >= len(self._items):
                    if self._closed:
                        return
                    self._grown.wait()
                item = self._items[i]
            yield item
            i += 1


class Watched:
    """What a board has said and done so far, for those who look on."""

    def __init__(self):
        self._console, self._starts = Waitable("console line"), Waitable("start of the board")

    @property
    def lines(self) -> list[str]:
        """The whole console so far."""
        return self._console.all()

    def follow(self) -> Iterator[str]:
        """Console lines from the first on, waiting for the next; ends when the board is closed."""
        return self._console.follow()

    def wait_line(self, text: str, timeout: float = 20) -> str:
        """The next console line, after the last one waited for, that holds `text`. TimeoutError shows what came."""
        return self._console.wait(lambda line: text in line, text, timeout)

    @property
    def boots(self) -> list[str]:
        """Why it started, each time: "power on", "hard", "watchdog", "deep sleep", "soft"; "bootloader": not at all."""
        return self._starts.all()

    def wait_boot(self, cause: str, timeout: float = 20) -> str:
        """The next start for that reason, after the last one waited for."""
        return self._starts.wait(lambda boot: boot == cause, cause, timeout)

    def wait_prompt(self, timeout: float = 20):
        """Until main.py has ended, by itself or by an exception: on a chip, the prompt of the REPL."""
        self._console.wait(lambda line: line.endswith(">>>"), ">>>", timeout)


class Lines:
    """Cuts a byte stream into lines of text; a line that never ends is cut at 4096 bytes."""

    def __init__(self, on_line: Callable[[str], None]):
        self._on_line = on_line
        self._rest = b""

    def feed(self, data: bytes):
        *whole, self._rest = (self._rest + data).split(b"\n")
        for line in whole:
            self._emit(line)
        if len(self._rest) > 4096:
            self.end()

    def end(self):
        """What has no newline yet is a line too: the board lost its power, or is at its prompt."""
        if self._rest:
            self._emit(self._rest)
        self._rest = b""

    def _emit(self, line: bytes):
        self._on_line(line.decode("utf-8", "replace").rstrip("\r"))


class Screen:
    """The console of a board that nobody has plugged in: its lines are shown, and nothing can be typed."""

    typed = False
    stdin = asyncio.subprocess.DEVNULL

    def __init__(self, on_line: Callable[[str], None]):
        self._lines = Lines(on_line)
        self.feed, self.end = self._lines.feed, self._lines.end

    def begin(self, cause: str):
        """The board starts anew."""

    def stopped(self):
        """The chip is held in reset, sleeps or has no power."""

    def close(self):
        """The board is gone for good."""

    def questions(self) -> dict:
        """What the board's side asks of its terminal."""
        return {"terminal": lambda: None, "prompt": lambda: asyncio.get_running_loop().create_future()}
