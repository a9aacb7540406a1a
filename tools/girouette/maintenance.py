"""Maintenance: a board on which neither watchdog nor node runs, for as long as tools work on it (docs/health.md).

    with maintenance(port, steps):
        steps.run(mpremote(port, "fs", "cp", ...))      # mpremote finds the prompt, and nothing bites

A watchdog that runs cannot be stopped, so the way there is a marker file and a reset; whatever is interrupted after it
leaves the marker, and so a board that waits instead of one that runs a half of something. What is done in between is
not known here.
"""

import contextlib
import time
from collections.abc import Iterator

from .console import CTRL_B, CTRL_C, PROMPT, Console, Lost
from .errors import Failure
from .steps import Steps

MARKER = "maintenance"  # as in firmware/main.py, which prints what it holds, and firmware/node/upkeep.py
BROKEN_OFF = "A copy to this board was broken off"  # then it holds this: it has a mixture of two firmwares
_TEXT = f"To leave: remove the file {MARKER} and reset\\n"
_WRITE = f"import os\nif '{MARKER}' not in os.listdir():\n with open('{MARKER}', 'w') as f: f.write('{_TEXT}')"
_VERIFY = f"print(open('{MARKER}').read())"
_BY_RESET = "node: Ctrl-C: into maintenance by a reset"
_SILENT = (
    "the board at {} does not come to its prompt. Press its reset button and try again at once; if that does not help,"
    " its MicroPython may be missing or broken: `girouette flash` writes it anew"
)

_AGAIN_S = 2.0  # a Ctrl-C that met a busy program is sent again
_ANSWER_S = 20.0
_START_S = 10.0  # from a reset to the prompt
_BACK_S = 10.0  # until a port that went with the reset is there again
_SETTLED_S = 0.3


def mpremote(port: str, *words) -> list[str]:
    """The command line of mpremote for a board at its prompt: without the soft reset it would begin with."""
    return ["mpremote", "connect", port, "resume", *map(str, words)]


@contextlib.contextmanager
def maintenance(port: str, steps: Steps, always_leave: bool = False) -> Iterator[None]:
    """What is inside finds the board at its prompt. Afterwards the node starts again; after a failure only with
    `always_leave`, for work that changes nothing until its last move."""
    enter(port, steps)
    try:
        yield
    except BaseException:  # Ctrl-C too
        if always_leave:
            with contextlib.suppress(Failure):
                leave(port, steps)
        raise
    leave(port, steps)


def enter(port: str, steps: Steps):
    """Interrupt whatever runs, leave the marker, reset, and see that the board is at its prompt."""
    with steps.step("stopping the node") as step:
        if steps.dry_run:
            steps.say(f"  # Ctrl-C at {port}, until its prompt appears")
            steps.run(mpremote(port, "exec", _WRITE, "+", "reset"))
            return
        if interrupt(port):
            step.note("it went into maintenance by itself")
        else:
            steps.run(mpremote(port, "exec", _WRITE, "+", "reset"))
            if not _comes_to_prompt(port):
                step.note("another program than the node starts on this board; it was stopped")
                interrupt(port)
        if BROKEN_OFF in steps.run(mpremote(port, "exec", _VERIFY)):
            raise Failure(f"{BROKEN_OFF}: `girouette deploy` completes it, and has to go first")


def leave(port: str, steps: Steps):
    """Remove the marker, the last thing that is done, and restart."""
    with steps.step("starting the node"):
        steps.run(mpremote(port, "fs", "rm", f":{MARKER}", "+", "reset"))


def interrupt(port: str) -> bool:
    """Bring the board to its prompt; whether that led into maintenance, through a reset of the node's own."""
    on_its_way = False  # the node resets by itself, and needs no other Ctrl-C
    sent, heard = 0.0, time.monotonic()
    end = heard + _ANSWER_S
    console = Console(port)
    with contextlib.closing(console):
        opened(console)
        while (now := time.monotonic()) < end:
            try:
                if now - sent > _AGAIN_S:
                    # Ctrl-B: if a tool has left it in its raw mode. Enter shows a prompt that nobody has seen come.
                    console.send(b"\r" if on_its_way else b"\r" + CTRL_C + CTRL_B)
                    sent = heard = now
                before = console.rest
                lines = list(console.lines())
                on_its_way = on_its_way or any(_BY_RESET in line for line in lines)
                if lines or console.rest != before:
                    heard = now
                if console.at_prompt() and now - heard > _SETTLED_S:
                    return on_its_way
            except Lost:  # with USB of its own the port goes with the reset
                opened(console)
                sent = 0.0
    raise Failure(_SILENT.format(port))


def _comes_to_prompt(port: str) -> bool:
    """After a reset, by itself: main.py has ended, as it does in maintenance."""
    end = time.monotonic() + _START_S
    console = Console(port)
    with contextlib.closing(console):
        opened(console)
        console.send(b"\r")  # the prompt may have been there before the port was open
        asked = time.monotonic()
        while time.monotonic() < end:
            try:
                for _ in console.lines():
                    pass
                if PROMPT in console.rest:
                    return True
                if time.monotonic() - asked > 1:
                    console.send(b"\r")
                    asked = time.monotonic()
            except Lost:
                opened(console)
    return False


def opened(console: Console):
    """Open its port; one that went with a reset comes back."""
    console.close()
    end = time.monotonic() + _BACK_S
    while True:
        try:
            console.open()
            return
        except Failure:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
