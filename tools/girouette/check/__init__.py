"""The check of a configuration: every fault at once, each with its place in the file.

`check` is the whole of it. keys.py holds a configuration against the schema; between.py, pins.py, able.py,
outage.py, rules.py, tls.py and broker.py find what is wrong between keys or with the board; source.py and tree.py
know where everything stands.
"""

from dataclasses import dataclass, field
from pathlib import Path

from girouette import boards
from girouette.boards import BoardInfo

from . import able, between, broker, keys, outage, pins, rules, tls
from .config import Config
from .fault import Fault
from .source import Source
from .tree import Tree

__all__ = ["Fault", "Report", "check"]


@dataclass
class Report:
    """What was found.

    faults: in the order of the files; notes: what else there is to say; topics: (topic, sensor's interval in s) of the
    readings; things: (topic, whether it can be set) of the actuators and inputs; five: the node speaks MQTT 5.
    """

    faults: list[Fault]
    notes: list[str] = field(default_factory=list)
    topics: list[tuple[str, int]] = field(default_factory=list)
    things: list[tuple[str, bool]] = field(default_factory=list)
    reserve: outage.Reserve | None = None
    board: BoardInfo | None = None
    five: bool = False


def check(
    text: str,
    secrets: str | None = None,
    board: str | None = None,
    strapping: bool = False,
    names: tuple[str, str] = ("config.json", "secrets.json"),
) -> Report:
    """Check the text of a config.json, with that of a secrets.json laid over it.

    board: the board to check the pins for, where the configuration names none or another. strapping: whether pins
    that are read when the chip starts may be used. names: what the files are called. Raises Failure for a board that
    is not known.
    """
    tree = Tree(Source(names[0], text), None if secrets is None else Source(names[1], secrets))
    if not tree.readable:
        return Report(tree.faults)
    found = [fault for fault in keys.faults(tree.plain) if not tree.unknown(fault.path)]
    if not isinstance(tree.plain, dict):
        return Report([*tree.faults, *map(tree.located, found)])
    config = Config(tree.plain, {fault.path for fault in found} | {fault.path for fault in tree.faults})
    chosen = board or config.board
    five = config.broker["version"] != 4
    report = Report([], board=boards.load(chosen) if chosen else None, five=five)
    found += [*between.faults(config), *able.faults(config, report.board)]
    found += [*pins.faults(config, report.board, strapping), *outage.faults(config)]
    found += [*rules.faults(config), *tls.faults(config), *broker.faults(config)]
    report.faults = sorted(
        [*tree.faults, *map(tree.located, found)], key=lambda fault: (fault.file, fault.line, fault.column)
    )
    _tell(report, config)
    report.notes += tls.notes(config, Path(names[0]).parent)
    return report


def _tell(report: Report, config: Config):
    """What there is to say beside the faults."""
    if report.board:
        report.notes += [*pins.cautions(config, report.board), *able.notes(config, report.board)]
    else:
        report.notes.append("the pins were not checked: name the board, with the key `board` or --board")
    report.notes += rules.notes(config)
    report.topics = [(topic, entry.keys["interval"]) for entry, _, topic in config.readings()]
    report.things = [(topic, entry.section == "actuators") for entry, topic in config.things()]
    report.reserve = outage.reserve(config)
