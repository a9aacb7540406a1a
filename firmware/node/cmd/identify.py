"""identify: blinks the status LED for ten seconds, and says on the log topic who this is."""


def run(station, payload):
    if station.led:
        station.led.show("identify")
    settings = station.settings
    blinks = "its LED blinks" if station.led else "it has no led in config.json"
    station.log.answer("identify", "this is %s, %s" % (settings["name"], blinks))
