# Runs on MicroPython: readings of a driver over a bus that allocates nothing. Arguments: the part, and a deliberate
# allocation to be found by the gate ("slice", "frame") or "none".

import sys

from gate import verdict

part, fault = sys.argv[1:]
module = __import__("drivers." + part, None, None, ("driver",))
made = __import__("buses." + part, None, None, ("Bus",))
if hasattr(made, "patch"):
    made.patch(module)
sensor = module.driver(made.Bus())
values = [0] * len(sensor.quantities)


def read():
    sensor.start()
    sensor.read(values)


def slicing():
    read()
    bytearray(8)[0:4]


def deep():
    a = b = c = d = e = f = g = h = i = j = k = m = values[0]
    read()
    return a + b + c + d + e + f + g + h + i + j + k + m


for _ in range(100):
    if sensor.read(values):
        break
    sensor.start()
print(made.VALUES == " ".join(map(str, values)) or values)
verdict({"none": read, "slice": slicing, "frame": deep}[fault], 10000 if fault == "none" else 100)
