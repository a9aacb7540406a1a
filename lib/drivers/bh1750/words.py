"""What a BH1750 says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "its ADDR pin chooses this address"

FAULTS = {
    "bright": "sees more light than it can measure (121000 lx): put it in the shade or behind a diffuser",
    "busy": "is not ready: no measurement was begun",
}
