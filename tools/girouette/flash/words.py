"""What a person is told when a tool or a board does not do its part, beyond external.EXPLAINED."""

BOOTSEL = (
    "hold its BOOTSEL button (on some boards BOOT) while you plug in the cable, let go, and run the same command again"
)
BOOT0 = (
    "set it to start its boot loader: connect BOOT0 to 3.3 V (a Nucleo: the jumper between CN11 5 and 7; a Pyboard: P1"
    " to 3V3) and press reset, then run the same command again"
)
HALF_WRITTEN = "The board has no whole firmware now and will not start: cure this, and run the same command again."
