"""What a wind vane says when something is wrong. Loaded while it is said."""

FAULTS = {
    "open": "is not connected: all of the supply is at its pin, so check its two wires",
    "shorted": "has nothing at its pin: its wires touch each other, or the 10 kΩ from the pin to 3.3 V are missing",
    "between": "is at none of its positions: check that its resistor to 3.3 V has 10 kΩ, and its supply voltage",
    "busy": "cannot be read: an ESP32's pins of ADC2 cannot be while Wi-Fi is on, so use one of 32 to 39",
}
