"""maintenance: says offline and starts anew with neither watchdog nor node, so that tools can work on the board."""


def run(station, payload):
    from .. import upkeep

    station.log.answer("maintenance", "until the file %s is removed and the board reset" % upkeep.MARKER)
    upkeep.begin(station, station.log)
