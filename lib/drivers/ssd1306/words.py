"""What an SSD1306 says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "the resistor on its back, or its D/C pin, chooses this address (0x3C or 0x3D)"

FAULTS = {
    "framebuf": "needs the module framebuf, which this MicroPython was built without: install a standard build",
}
