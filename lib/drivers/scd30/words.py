"""What an SCD30 says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "its SEL pin is open or at GND (at VDD it talks Modbus)"

FAULTS = {
    "blind": "measures no carbon dioxide (0 ppm): check its supply, which needs 75 mA for moments, or replace it",
}
