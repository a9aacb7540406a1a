"""A new configuration on trial: it is kept once the broker has been reached with it, else the previous one comes back.

Three files: config.json is the new one, config.good (keep.py) the one before, and the marker says how many seconds of
the trial are used up: counted in advance, so that neither a reset nor a power cut gives it more time; or that the trial
is lost, until that could be told. Loaded only while there is something to try.
"""

import os

from micropython import const

from . import keep, lazy

MARKER = "config.trial"
DRAFT = "config.new"
_LIMIT_S = const(120)  # to reach the broker in
_STEP_S = const(30)
_LOST = "lost"
_PART = "config"


# -- in the life before the trial


def begin(station, path, part):
    """Check the files, `path` in the place of config.json, and restart to try them. Raises ValueError that names the
    first of the faults, after all are in the log; nothing is changed then."""
    if station.settings["trial"]:
        raise ValueError("one is on trial already: try again when the broker was reached")
    try:
        faults = _faults(path)
    except MemoryError:  # beside a running node there may be no room to look; the next start looks before it is used
        station.log.info(part, "no room in memory to check it now: it is checked by the restart")
        faults = ()
    if faults:
        for fault in faults[1:]:
            station.log.warn(part, fault)
        raise ValueError(faults[0])
    if path != DRAFT:
        _remove(DRAFT)  # of an upload that was broken off
    _write("0")
    station.log.answer(part, "restarts to try the new configuration")
    station.restart()


def _faults(path):
    try:
        return lazy.once("config", "parse", keep.read(path), keep.read(keep.FILES[1]))[1]
    finally:
        lazy.forget("config", "check", "keys", "kinds", "spelling", "texts")


# -- at a start, before config.json is read


def start(log):
    """What the files of config.json are to be. Returns whether there is something to try, or to tell."""
    if not running():
        return False
    used = _used()
    if used is not None and used < _LIMIT_S:
        if _there(DRAFT):  # the upload takes its place; a power cut before or after leaves one of both
            os.rename(DRAFT, keep.FILES[0])
        _write(str(used + _STEP_S))
        log.info(_PART, "the new configuration is tried: %d s left to reach the broker" % (_LIMIT_S - used))
    elif used is None:
        _tell(log)
    else:
        lose(log)
    return True


def running(log=None):
    """Whether there is a marker."""
    return _there(MARKER)


def lose(log):
    """Bring the previous files back; what was tried stays as config.rejected."""
    for path, good in zip(keep.FILES, keep.GOOD):
        text, before = keep.read(path), keep.read(good)
        if text != before and (before is not None or path != keep.FILES[0]):
            if text is not None:
                os.rename(path, path.split(".")[0] + ".rejected")
            if before is not None:
                keep.write(path, before)
    _write(_LOST)
    _tell(log)


def _tell(log):
    log.error(_PART, "the new configuration was of no use: the previous one is back, the new one is config.rejected")


# -- while it is tried


class Trial:
    """A part of the station: ends the trial when the broker is reached, or the time is up."""

    def __init__(self, station):
        self._station = station
        self._lost = _used() is None
        self._until = _STEP_S  # of this life's seconds, which of the trial's are written down
        self._over = False

    def poll(self):
        if not self._over and not self._lost and self._station.log.uptime.seconds >= self._until:
            self._count()
        return 1_000

    def online(self):
        """The broker was reached."""
        if self._over:
            return
        self._over = True
        if not self._lost:
            keep.keep()
            self._station.log.answer(_PART, "the new configuration works and is kept")
        _remove(MARKER)
        self._station.settings["trial"] = False

    def _count(self):  # cold: four times a trial
        used = _used()
        if used is None or used >= _LIMIT_S:
            self._station.log.warn(_PART, "the new configuration did not reach the broker in %d s" % _LIMIT_S)
            self._station.restart()
        self._until += _STEP_S
        _write(str(used + _STEP_S))


def make(station):
    return Trial(station)


# -- the files


def _used():
    # Seconds of the trial, counted in advance; None when it is lost, all of them when the marker is broken.
    text = keep.read(MARKER)
    if text == _LOST:
        return None
    return int(text) if text and text.isdigit() and len(text) < 5 else _LIMIT_S


def _there(path):
    try:
        os.stat(path)
    except OSError:
        return False
    return True


def _write(text):
    keep.write(MARKER, text)


def _remove(path):
    if _there(path):
        os.remove(path)
