"""config.json and secrets.json: read, joined and checked. While they are broken the node runs on the last good ones.

A node without any that are good waits here for better ones instead of rebooting. MicroPython's json drops keys in
silence, so check.py looks at every key.
"""

from .check import check
from .keep import FILES, GOOD, read
from .texts import loaded, merged

_LOOK_MS = 1_000


def parse(text, secrets=None):
    """(settings, faults): the settings with all defaults filled in, or None and a line for each fault."""
    if text is None:
        return None, ["the file is missing"]
    try:
        found = loaded(text)
    except ValueError:
        return None, ["not JSON: look for a missing quote, comma, brace or bracket, or a file cut short"]
    try:
        found = found if secrets is None else merged(found, loaded(secrets))
    except ValueError:
        return None, ["secrets.json is not JSON: look for a missing quote, comma, brace or bracket"]
    return check(found)


def load(log, clock, fault=None, last=True, patient=True):
    """The settings to run on, and under "faults" a line for each fault of a file that cannot be used.

    fault: one of config.json that only showed when its settings were used. last: whether the last good ones are tried.
    patient=False: None where there are none to run on; else those are waited for.
    """
    texts = [read(path) for path in FILES]
    settings, faults = (None, [fault]) if fault else parse(*texts)
    if faults and last:
        settings = parse(*[read(path) for path in GOOD])[0]
    if not patient and faults and not settings:
        return None
    if not faults or settings:
        _tell(faults, log, "the last good configuration is used")
    else:
        settings, faults = _wait(texts, faults, log, clock), []
    settings["faults"] = faults
    return settings


def _tell(faults, log, then):
    for fault in faults:
        log.error(FILES[0], fault)
    if faults:
        log.info(FILES[0], then)


def _wait(texts, faults, log, clock):
    # Until a person has repaired the files.
    settings = None
    while faults:
        _tell(faults, log, "waiting for a repaired file")
        texts = _changed(texts, clock)
        settings, faults = parse(*texts)
    return settings


def _changed(old, clock):
    # A tool may still be writing: new texts count when they were the same at two looks.
    last = old
    while True:
        clock.sleep_ms(_LOOK_MS)
        texts = [read(path) for path in FILES]
        if texts == last and texts != old:
            return texts
        last = texts
