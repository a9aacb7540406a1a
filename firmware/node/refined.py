"""What may be asked of a quantity, which units it can have, and how it introduces itself then: the device and
`girouette check` ask the same lines. Loaded for the moment it takes; what is done to each reading is refine.py's.
"""

# In one text, since every short one would stay in memory as a name: a unit, one it can become, factor and offset.
# 1 in = 25.4 mm, 1 mi = 1609.344 m, 1 kn = 1852 m/h, 1 gal = 3.785411784 L by definition; inHg and mmHg are the
# conventional ones (NIST SP 811, appendix B).
_UNITS = """\
°C °F 1.8 32
°C K 1 273.15
hPa kPa 0.1 0
hPa Pa 100 0
hPa mbar 1 0
hPa bar 0.001 0
hPa inHg 0.0295299830714 0
hPa mmHg 0.750061682704 0
hPa psi 0.0145037737730 0
m/s km/h 3.6 0
m/s mph 2.23693629205 0
m/s kn 1.94384449244 0
m/s ft/s 3.28083989501 0
mm in 0.0393700787402 0
mm cm 0.1 0
mm/h in/h 0.0393700787402 0
L m³ 0.001 0
L gal 0.264172052358 0
L/min m³/h 0.06 0
L/min gal/min 0.264172052358 0
V mV 1000 0
A mA 1000 0
W kW 0.001 0
kWh Wh 1000 0
kWh MWh 0.001 0
"""
_OVER_TIME = "median average min max interval delta heartbeat"
_NOT_OF_A_CIRCLE = "offset scale points median average min max delta"


def become(unit):
    """{unit: (factor, offset)} of those that a unit can become."""
    made = {}
    for line in _UNITS.split("\n"):
        if line.startswith(unit + " "):
            _, other, factor, offset = line.split(" ")
            made[other] = (float(factor), float(offset))
    return made


def form(wanted, unit, decimals):
    """(unit, decimals, factor, offset) in which a quantity of this unit and these decimals is published.

    With another unit and no word on decimals, as many as show the steps of the part: a factor of 0.1 takes one more.
    """
    factor, offset = 1, 0
    if wanted["unit"] and wanted["unit"] != unit:
        unit, (factor, offset) = wanted["unit"], become(unit)[wanted["unit"]]
        step = factor
        while step < 0.5:
            step *= 10
            decimals += 1
        while step >= 10 and decimals:
            step /= 10
            decimals -= 1
    return unit, decimals if wanted["decimals"] is None else wanted["decimals"], factor, offset


def calibration(wanted):
    """(scale, offset) of the line from what is measured to what is true."""
    if not wanted["points"]:
        return 1 if wanted["scale"] is None else wanted["scale"], wanted["offset"] or 0
    (read, true), (other, truth) = wanted["points"]
    scale = (truth - true) / (other - read)
    return scale, true - read * scale


def faults(asked, units, sleeps):
    """A list of (quantity, key, expected, found) of what is asked of the quantities of a sensor.

    asked: {quantity: its table, None for the keys that are left out}. units: {quantity: as the part measures it}.
    sleeps: whether the node does, between two readings.
    """
    return [(name,) + fault for name in asked for fault in _faults(name, asked[name], units[name], sleeps)]


def _faults(name, wanted, unit, sleeps):
    judge = Judge(wanted)
    judge.calibration()
    judge.filters()
    if wanted["unit"] and wanted["unit"] != unit:
        units = become(unit)
        if wanted["unit"] not in units:
            judge.fault("unit", "one of " + ", ".join([unit] + sorted(units)) if units else "no unit", wanted["unit"])
    if unit == "°":
        judge.no(_NOT_OF_A_CIRCLE, "not for a direction")
    if sleeps:
        judge.no(_OVER_TIME, "not for a node that sleeps between its readings")
    if name == "sea_level_pressure":
        if wanted["altitude"] is None:
            judge.fault("altitude", "the place's height in m", None)
    else:
        judge.no("altitude", "only for sea_level_pressure")
    return judge.faults


class Judge:
    def __init__(self, wanted):
        self._wanted = wanted
        self.faults = []

    def fault(self, key, expected, found):
        self.faults.append((key, expected, "nothing" if found is None else _shown(found)))

    def calibration(self):
        wanted = self._wanted
        if wanted["scale"] == 0:
            self.fault("scale", "a number other than 0", 0)
        points = wanted["points"]
        if points is None:
            return
        if len(points) != 2 or any(len(point) != 2 for point in points):
            self.fault("points", "two points [measured, true]", points)
        elif points[0][0] == points[1][0]:
            self.fault("points", "two points that were measured differently", points)
        for key in ("scale", "offset"):
            if wanted[key] is not None:
                self.fault(key, "no such key beside points", wanted[key])

    def filters(self):
        wanted = self._wanted
        if wanted["min"] and wanted["max"]:
            self.fault("max", "min or max, not both", wanted["max"])
        delta, heartbeat = wanted["delta"], wanted["heartbeat"]
        if delta is not None and delta <= 0:
            self.fault("delta", "a number greater than 0", delta)
        if heartbeat is not None and delta is None:
            self.fault("heartbeat", "no such key without delta", heartbeat)
        elif heartbeat is not None and heartbeat < (wanted["interval"] or 0):
            self.fault("heartbeat", "at least the interval", heartbeat)

    def no(self, keys, why):
        for key in keys.split(" "):
            if self._wanted[key] is not None:
                self.fault(key, "no such key, which is " + why, self._wanted[key])


def _shown(found):
    if isinstance(found, list):
        return "a list [ ]"
    return '"%s"' % found if isinstance(found, str) else str(found)


def told(about, wanted):
    """(quantity, for Home Assistant, for Homie) as drivers/<part>/about has it, in the form it is published in."""
    name, entity, homie = about
    if wanted["unit"]:
        entity = _replaced(entity, '"unit_of_meas":"', wanted["unit"])
        homie = _replaced(homie, '"unit":"', wanted["unit"])
    if wanted["unit"] or wanted["decimals"] is not None:
        homie = homie.replace('"integer"', '"float"')
    # What it may be has moved with it, and Homie takes no value beyond what it was told.
    start = homie.find(',"format":')
    return name, entity, homie[:start] if start > 0 else homie


def _replaced(members, key, unit):
    start = members.find(key)
    if start < 0:
        return members
    start += len(key)
    return members[:start] + unit + members[members.find('"', start) :]
