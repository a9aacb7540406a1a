"""restart: says offline, and starts anew."""


def run(station, payload):
    station.log.answer("restart", "now")
    station.restart()
