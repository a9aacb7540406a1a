"""What an analog input says when something is wrong. Loaded while it is said."""

FAULTS = {
    "over": "is at the end of what its pin can measure: the voltage is higher, so put a divider before it",
    "beyond": "is far beyond its points at_0 and at_100: check that its sensor is connected and powered",
    "busy": "cannot be read: an ESP32's pins of ADC2 cannot be while Wi-Fi is on, so use one of 32 to 39",
}
