"""config.json: read and checked; while it is broken the node waits here for a better one instead of rebooting.

MicroPython's json takes a file cut short for a whole one and drops keys in silence, so brackets are counted here and
check.py looks at every key.
"""

import json

from .check import check

_LOOK_MS = 1_000


def read(path):
    """The text of the file, or None when there is none."""
    try:
        with open(path) as file:
            return file.read()
    except (OSError, UnicodeError):
        return None


def parse(text):
    """(settings, faults): the settings with all defaults filled in, or None and a line for each fault."""
    if text is None:
        return None, ["the file is missing or not readable as text"]
    try:
        if is_whole(text):
            return check(json.loads(text))
    except ValueError:
        pass
    return None, ["not JSON: look for a missing quote, comma, brace or bracket, or a file cut short"]


def is_whole(text):
    """Every bracket that was opened is closed, and there is one at least."""
    depth = 0
    quoted = escaped = False
    for c in text:
        if escaped:
            escaped = False
        elif quoted:
            escaped = c == "\\"
            quoted = c != '"'
        elif c in "{[":
            depth += 1
        elif c in "}]":
            depth -= 1
        else:
            quoted = c == '"'
    return depth == 0 and not quoted and text != ""


def wait(path, log, clock, fault=None):
    """The settings of the file; tells its faults and waits until a person has repaired it.

    fault: one that only showed when the settings were used.
    """
    text = read(path)
    settings, faults = (None, [fault]) if fault else parse(text)
    while faults:
        for fault in faults:
            log.error(path, fault)
        log.info(path, "waiting for a repaired file")
        text = _changed(path, text, clock)
        settings, faults = parse(text)
    return settings


def _changed(path, old, clock):
    # A tool may still be writing: a new text counts when it was the same at two looks.
    last = old
    while True:
        clock.sleep_ms(_LOOK_MS)
        text = read(path)
        if text == last and text != old:
            return text
        last = text
