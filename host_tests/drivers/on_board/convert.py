# Runs on MicroPython: the published vectors through the compiled drivers.

from drivers.bme280 import humidity
from drivers.bmp280 import pressure, t_fine, temperature
from vectors import PUBLISHED

for cal, adc_t, adc_p, adc_h, _, _, _, _ in PUBLISHED:
    fine = t_fine(cal, adc_t)
    print(temperature(fine), pressure(cal, adc_p, fine), None if adc_h is None else humidity(cal, adc_h, fine))
