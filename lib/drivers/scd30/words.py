"""What an SCD30 says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "its SEL pin is open or at GND (at VDD it talks Modbus)"

FAULTS = {
    "blind": "measures no carbon dioxide (0 ppm): give it a stronger supply, or replace it",
}
