"""What an AHT20 says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "no other part has this address"

FAULTS = {
    "calibration": 'has no calibration: if it is an AHT10, set its type to "aht10"; otherwise replace it',
    "unproven": 'sends no checksum, as an AHT10: if it is one, set its type to "aht10"; otherwise shorten the wires',
}
