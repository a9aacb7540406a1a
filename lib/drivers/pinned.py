"""What drivers of sensors with pins of their own share: the words of their faults. Nothing of any one part lives here.

Their words.py has FAULTS {why: what follows the name, with what to do about it} and is loaded while it is said.
"""

from drivers import SensorError, release


class Pinned:
    """A sensor that no bus leads to; `_name` is for a person, `_folder` where its words.py is."""

    def _fail(self, why):  # cold: on an error
        raise SensorError("%s %s" % (self._name, words_of(self._folder, why)))


def words_of(folder, why):  # cold: on an error
    """What a part's words.py says of a fault."""
    words = __import__("drivers.%s.words" % folder, None, None, ("FAULTS",))
    release(words)
    return words.FAULTS[why]


def within(name, value, least, most):  # cold: once a part
    """An option that is checked; ValueError names it."""
    if not least <= value <= most:
        raise ValueError("%s: expected %d to %d, found %r" % (name, least, most, value))
    return value


def one_of(name, value, known):  # cold: once a part
    if value not in known:
        raise ValueError("%s: expected one of %s, found %r" % (name, ", ".join([str(one) for one in known]), value))
    return value
