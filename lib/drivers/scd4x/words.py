"""What an SCD4x says when something is wrong, beside what all parts say. Loaded while it is said."""

ADDRESS = "no other part has this address"

FAULTS = {
    "blind": "measures no carbon dioxide (0 ppm): give it a stronger supply, or replace it",
}
