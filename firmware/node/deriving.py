"""Makes what derives quantities of others, sources.py's. Forgotten once the sensors run."""

from .line import Line


def sources(all_, first, within, wanted):
    """What makes each quantity from place `first` on: of(values) is its value, with the decimals it has in `all_`.

    all_: (name, unit, decimals) of every quantity; within: the decimals in which each is filtered; wanted: the tables
    of config.json. The pressure at sea level is the standard atmosphere's: Bosch BMP180 data sheet 1.2, 3.7.
    """
    from .sources import Damp, Pressed

    names = [quantity[0] for quantity in all_]
    made = []
    for name, _, decimals in all_[first:]:
        if name == "sea_level_pressure":
            at = names.index("pressure")
            factor = (1 - wanted[name]["altitude"] / 44330) ** -5.255
            made.append(Pressed(at, Line(factor * 10 ** (decimals - within[at]), 0)))
        else:
            at = names.index("temperature"), names.index("humidity")
            made.append(Damp(name, at, [Line(10 ** (2 - within[i]), 0) for i in at]))
    return made
