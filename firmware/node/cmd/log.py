"""log: the least that is told on the console and on the log topic, until the next start."""


def run(station, payload):
    from ..log import LEVELS, OFF
    from .choose import shown

    if payload not in LEVELS and payload != "off":
        raise ValueError("expected one of %s, off, found %s" % (", ".join(LEVELS), shown(payload)))
    log = station.log
    log.answer("log", payload)
    log.topic = OFF if payload == "off" else LEVELS.index(payload)
    if payload != "off":  # the console is for who is there
        log.level = log.topic
