ROLE = "sensor"
BUS = "i2c"
QUANTITIES = ("temperature", "humidity")
OPTIONS = ("address", "samples")
KEYS = {
    "scl": ("pin", ...),
    "sda": ("pin", ...),
    "address": ("choice", "0x76", ("0x76", "0x77")),
    "samples": ("choice", 1, (1, 2, 4)),
    "interval": ("whole", 20, 2, 3600),
    "topics": ("topics", {}, {}, "temperature humidity"),
}
