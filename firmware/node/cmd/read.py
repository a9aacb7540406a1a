"""read: reads all sensors now, or the one the payload names."""


def run(station, payload):
    from . import choose

    for sensor in choose.sensors(station, payload):
        sensor.read_now()
