"""Runs a command that waits, and answers a bad one on the log topic. Loaded for the moment it takes."""

from . import lazy


def run(commands):
    """Run the first command that waits."""
    word, payload = commands.waiting.pop(0)
    try:
        lazy.load("cmd." + word).run(commands.station, str(payload, "utf-8").strip())
    except (ValueError, MemoryError, OSError) as fault:
        commands.station.log.warn(word, words(fault))
    lazy.forget("cmd." + word, "cmd.choose", "cmd", "trial", "keep", "upkeep", "topics", "parts")
    lazy.once("tidy", "up")


def words(fault):
    """Why a command was not obeyed."""
    if isinstance(fault, ValueError):
        return str(fault) or "the payload is not text"
    if isinstance(fault, MemoryError):
        return "not done: no room in memory"
    return "not done: the flash says %s" % fault
