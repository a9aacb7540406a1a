"""Bosch's integer compensation as printed (BST-BME280-DS002, 4.2.3), on Python's endless integers."""


def t_fine(cal, adc):
    t1, t2, t3 = cal[:3]
    var1 = (((adc >> 3) - (t1 << 1)) * t2) >> 11
    var2 = (((((adc >> 4) - t1) * ((adc >> 4) - t1)) >> 12) * t3) >> 14
    return var1 + var2


def temperature(fine):
    """0.01 °C."""
    return (fine * 5 + 128) >> 8


def pressure(cal, adc, fine):
    """1/256 Pa, by the 64-bit formula."""
    p1, p2, p3, p4, p5, p6, p7, p8, p9 = cal[3:12]
    var1 = fine - 128000
    var2 = var1 * var1 * p6 + ((var1 * p5) << 17) + (p4 << 35)
    var1 = ((var1 * var1 * p3) >> 8) + ((var1 * p2) << 12)
    var1 = (((1 << 47) + var1) * p1) >> 33
    p = 1048576 - adc
    p = (((p << 31) - var2) * 3125) // var1
    var1 = (p9 * (p >> 13) * (p >> 13)) >> 25
    var2 = (p8 * p) >> 19
    return ((p + var1 + var2) >> 8) + (p7 << 4)


def humidity(cal, adc, fine):
    """1/1024 %."""
    h1, h2, h3, h4, h5, h6 = cal[12:18]
    v = fine - 76800
    v = ((((adc << 14) - (h4 << 20) - (h5 * v)) + 16384) >> 15) * (
        ((((((v * h6) >> 10) * (((v * h3) >> 11) + 32768)) >> 10) + 2097152) * h2 + 8192) >> 14
    )
    v -= ((((v >> 15) * (v >> 15)) >> 7) * h1) >> 4
    return min(max(v, 0), 419430400) >> 12
