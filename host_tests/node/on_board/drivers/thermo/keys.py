ROLE = "sensor"
BUS = "i2c"
QUANTITIES = ("temperature",)
OPTIONS = ()
KEYS = {"scl": ("pin", ...), "sda": ("pin", ...), "topics": ("topics", {}, {}, "temperature")}
