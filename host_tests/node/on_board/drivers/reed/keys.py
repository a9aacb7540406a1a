ROLE = "input"
BUS = "input"
PINS = ("pin",)
QUANTITIES = ()
OPTIONS = ()
KEYS = {"pin": ("pin", ...)}
