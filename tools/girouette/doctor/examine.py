"""All checks in order: this computer, the port, the board, the configuration, the broker."""

from collections.abc import Iterator
from pathlib import Path

from girouette import ports
from girouette.errors import Failure

from . import board, broker, machine
from .board import Board
from .settings import Settings
from .verdict import Verdict, bad, warn, well


def examine(port: str | None, config: Path | None, url: str | None) -> Iterator[Verdict]:
    """`port` None: the one that is plugged in; `config` None: no broker; `url`: another broker than the config's."""
    settings = Settings(config) if config else None
    chosen, verdicts = _port(port)
    about = None
    yield from machine.tools(stm32=bool(settings and (settings.board or "").startswith(("NUCLEO", "PYB"))))
    yield from verdicts
    if chosen:
        may = list(machine.port(chosen))
        yield from may
        if not any(verdict.level == "bad" for verdict in may):
            about = yield from _board(chosen, settings)
    if settings:
        yield settings.verdict
    yield from _brokers(settings, url)
    if about is None and not settings and not url:
        yield warn("broker", "not tried", "girouette doctor --config config.json")


def _port(port: str | None) -> tuple[str | None, list[Verdict]]:
    if port:
        return port, []
    boards = ports.found()
    if len(boards) == 1:
        return boards[0].port, [well("port", str(boards[0]))]
    if boards:
        listed = "\n".join(map(str, boards))
        return None, [warn("port", f"there are {len(boards)} boards", f"say which one: --port PORT\n{listed}")]
    return None, [
        warn("port", "no board is plugged in", "a cable that carries data? Many only charge; `dmesg | tail` tells"),
        *machine.greedy(),
    ]


def _board(port: str, settings: Settings | None):
    try:
        found = Board(port)
    except Failure as e:
        cure, _, said = str(e).partition("\n")
        yield bad("board", said or "it does not answer", cure)
        yield from machine.greedy()
        return None
    try:
        needed = settings.needed if settings else 0
        yield from board.examine(found.about, port, found.stopped, needed)
    finally:
        found.leave()
    return found.about


def _brokers(settings: Settings | None, url: str | None) -> Iterator[Verdict]:
    if url:
        yield from broker.examine(broker.target(url))
        return
    for target in settings.targets if settings else ():
        if len(settings.targets) > 1:
            yield well("broker", f"{target}, one of {len(settings.targets)}")
        yield from broker.examine(target)
