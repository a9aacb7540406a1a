"""The demo from beginning to end: broker, subscriber, station, a view of them, and everything gone afterwards."""

import contextlib
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.live import Live

from girouette.errors import Failure
from girouette.paths import BUILD

from .account import Account
from .brokers import broker
from .faults import Faults
from .keyboard import keyboard
from .node import Node, bits
from .nodes import NODES, VIEWS
from .plain import Plain
from .state import State
from .subscriber import Subscriber

_FRAME_S = 0.2
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def show(name: str, seconds: float | None = None, own: Account | None = None, kind: str = "auto") -> int:
    """Run the demo of the node of that name for so long, or until Ctrl-C or `q`. Returns 0. Raises Failure, also when
    no value arrived."""
    plain = None if sys.stdout.isatty() else Plain()
    state = None
    try:
        with _ended_by_signals(), _stage(NODES[name](), own, kind, plain) as state:
            _watch(state, seconds, plain)
    except KeyboardInterrupt:
        seconds = None  # asked to end: no value was due yet
    if state is None:
        return 0  # ended while it was being set up
    if seconds and not state.subscriber.count:
        raise Failure(f"no value arrived in {seconds:g} s. The {name}'s console:\n" + "\n".join(state.log))
    if state.subscriber.count:
        print("\n".join([*(state.node.ending(state.board) if plain else ()), state.summary()]))
    return 0


@contextlib.contextmanager
def _stage(node: Node, own: Account | None, kind: str, plain: Plain | None) -> Iterator[State]:
    """Everything of the demo, running."""
    BUILD.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="demo-", dir=BUILD)))
        server = stack.enter_context(broker(kind, own, folder))
        state = State(node, f"{server.name} at {server.account}", own is not None, bits())
        if plain:
            plain.line("broker", state.broker)
        listener = Subscriber(server.account, node.topics, node.words, plain and plain.value)
        state.subscriber = stack.enter_context(listener)
        state.board = node.board(node.flash(folder / "flash", server.account), _logger(state, plain))
        stack.enter_context(state.board)
        state.faults = Faults(node, state.board, server, listener)
        yield state


def _logger(state: State, plain: Plain | None):
    def log(line: str):
        state.log.append(line)
        if plain:
            plain.line(state.node.name, line.strip())

    return log


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM and a closed terminal end the demo as Ctrl-C does; impatience while it ends leaves nothing behind."""

    def interrupt(number, frame):
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = [signal.signal(number, interrupt) for number in _SIGNALS]
    try:
        yield
    finally:
        # Once asked to end, deaf until the process is gone: Python itself does not end cleanly when it is interrupted.
        if signal.getsignal(_SIGNALS[0]) is interrupt:
            for number, handler in zip(_SIGNALS, before, strict=True):
                signal.signal(number, handler)


def _watch(state: State, seconds: float | None, plain: Plain | None):
    with contextlib.ExitStack() as stack:
        key = stack.enter_context(keyboard())
        story, draw = list(state.node.story), VIEWS[state.node.name]
        screen = None if plain else stack.enter_context(Live(screen=True, auto_refresh=False, console=Console()))
        while not seconds or state.elapsed < seconds:
            if screen:
                screen.update(draw(state, *screen.console.size), refresh=True)
            state.node.tick(state.board)
            state.faults.tick()
            if plain and story and state.elapsed > story[0][0]:
                _obey(story.pop(0)[1], state)
            if _obey(key(_FRAME_S), state) or plain and plain.unread:
                return


def _obey(key: str, state: State) -> bool:
    """Does what a key asks for; True for quit."""
    if key in state.faults.keys:
        state.faults.keys[key]()
    return key == "q"
