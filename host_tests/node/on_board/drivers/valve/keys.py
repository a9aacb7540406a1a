ROLE = "actuator"
BUS = "output"
PINS = ("up", "down")
QUANTITIES = ()
OPTIONS = ("speed",)
KEYS = {"up": ("pin", ...), "down": ("pin", ...), "speed": ("whole", 1, 1, 20)}
