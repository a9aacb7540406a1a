"""What an AHT10 says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "a bridge on its breakout chooses this address"

FAULTS = {
    "calibration": 'has no calibration: if it is an AHT20, set its type to "aht20"; otherwise replace it',
}
