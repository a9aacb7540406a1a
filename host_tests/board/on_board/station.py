# Runs on the simulated board: a driver's readings through the board's I2C, and what they cost.

import time

import machine
from drivers.bme280 import driver
from gate import verdict

sensor = driver(machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21)))
values = [0] * len(sensor.quantities)


def step():
    time.sleep_ms(sensor.start())
    return sensor.read(values)


while not step():
    pass
print("values", *values)
verdict(step, 50)
