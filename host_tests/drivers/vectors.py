"""Published conversions: calibration, raw values, results. Read by CPython and by MicroPython."""

# BMP280 data sheet, 3.12: adc_T 519888, adc_P 415148.
BMP280 = (27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000)
# A real BME280 (periph.io, bmxx80 tests): adc_T 524112, adc_P 309104, adc_H 30987.
BME280 = (28176, 26220, 350, 38237, -10824, 3024, 7799, -99, -7, 9900, -10230, 4285, 75, 366, 0, 309, 0, 30)

# (calibration, adc_T, adc_P, adc_H or None, t_fine, 0.01 °C, 64-bit pressure in 1/256 Pa, 1/1024 % or None)
PUBLISHED = (
    (BMP280, 519888, 415148, None, 128422, 2508, 25767233, None),
    (BME280, 524112, 309104, 30987, 117407, 2293, 25611063, 64686),
)

# Registers read out of another real BME280 (the same tests), and what they say.
LOW = "C96C6365320077 9398D5D00B6723BA00F9FFAC260AD8BD10004B"  # 0x88 to 0xA1
HIGH = "5C0100150F001E"  # 0xE1 to 0xE7
PARSED = (27849, 25955, 50, 37751, -10856, 3024, 9063, 186, -7, 9900, -10230, 4285, 75, 348, 0, 351, 0, 30)
