"""Makes of `quantities` in a sensor's entry what refine.py does to its readings. Forgotten once the sensors run."""

from . import lazy, parts
from .line import Line
from .refine import Refined, Step

_HEARTBEAT = 3600  # s: with delta, so that a value that was lost does not stay away for ever


def wrapped(driver, entry):
    """The driver with what its entry asks for."""
    possible = parts.derived()
    asked = entry["quantities"]
    all_ = list(driver.quantities)
    for name in parts.quantities(entry)[len(all_) :]:
        all_.append((name,) + possible[name])
    refined = lazy.load("refined")
    steps, within = [], []  # and with how many decimals each is filtered
    for quantity in all_:
        step = Step(quantity, entry["interval"] * 500)  # the next reading would be later by more
        steps.append(step)
        within.append(_made(step, asked[quantity[0]], refined) if quantity[0] in asked else quantity[2])
    sources = ()
    if len(all_) > len(driver.quantities):
        sources = lazy.once("deriving", "sources", all_, len(driver.quantities), within, asked)
    lazy.forget("refined")
    return Refined(driver, steps, sources, entry["interval"])


def _made(step, wanted, refined):
    # Gives a step what is wanted; the decimals of what is filtered: not fewer than are published of it.
    name, unit, decimals = step.quantity
    told, digits, factor, offset = refined.form(wanted, unit, decimals)
    within = max(digits, decimals) if told == unit else decimals
    step.quantity = (name, told, digits)
    step.calibration = _line(*refined.calibration(wanted), decimals, within)
    step.form = _line(factor, offset, within, digits)
    if wanted["median"] or wanted["average"] or wanted["min"] or wanted["max"]:
        from . import windows

        step.windows = [kind(wanted[kind.KEY]) for kind in windows.KINDS if wanted[kind.KEY]]
    step.interval = (wanted["interval"] or 0) * 1000
    if wanted["delta"]:
        step.delta = max(round(wanted["delta"] * 10**digits), 1)
        step.heartbeat = (wanted["heartbeat"] or _HEARTBEAT) * 1000
    return within


def _line(scale, offset, decimals, digits):
    # From values with so many decimals to values with so many; None where nothing changes.
    scale = scale * 10 ** (digits - decimals)
    return None if scale == 1 and not offset else Line(scale, offset * 10**digits)
