"""What a part on an I2C bus says when something is wrong. Loaded while it is said.

What all parts have in common stands here; a part's own words are in its words.py:
    FAULTS    {why: what follows "<name> at 0x..", with what to do about it}; they go before those here
    ADDRESS   what chooses its address
    foreign(part, found)   the whole text where `why` is a chip id that is not the part's own
"""

from drivers import release

_FAULTS = {
    "crc": "sends damaged data (its checksum is wrong): shorten the wires, check its supply and the pull-ups",
    "busy": "is not ready: it still measures long after it should have ended",
    "starting": "does not finish starting: check its supply voltage",
    "stuck": "is stuck: its last readings were equal to the last bit. Take its power away for a second",
    "range": "reads what it cannot measure: check its wiring and its supply voltage",
    "supply": "has measured nothing since it was started: it lost its supply for a moment",
}


def told(part, why):  # cold: on an error
    """The fault in words; why is one of those above or of the part's own, "lost", or the chip id that was found."""
    words = __import__("drivers.%s.words" % part._folder, None, None, ("FAULTS",))
    release(words)
    where = "at 0x%02x" % part._address
    if why in words.FAULTS:
        return "%s %s %s" % (part._name, where, words.FAULTS[why])
    if why == "lost":
        return "no answer %s: check that the %s is powered, its SDA and SCL are not swapped, and %s" % (
            where,
            part._name,
            words.ADDRESS,
        )
    if why in _FAULTS:
        return "%s %s %s" % (part._name, where, _FAULTS[why])
    if why in (0x00, 0xFF):
        return "no answer %s: the bus reads only 0x%02x, so check power, pull-ups and wiring" % (where, why)
    return words.foreign(part, why)
