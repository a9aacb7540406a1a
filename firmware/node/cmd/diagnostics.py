"""diagnostics: publishes them as soon as no reading waits."""


def run(station, payload):
    station.vitals.due = True
